"""Who works for an institution: coming, leaving, and who looks after the team.

Every verb locks the institution first, so that two managers who step back at once leave one behind.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from lotsen_portal import audit, clock
from lotsen_portal.audit import Actor, ActorKind
from lotsen_portal.models import User
from lotsen_portal.verbs import verb
from requests_app import mails
from requests_app.models import Institution, InstitutionState, Member
from requests_app.workflow.errors import NotPossible

MEMBER: Final = "member"


def lock_house(institution: int) -> Institution:
    """Lock an institution by number and read it as it is now. Raises NotPossible where it is gone."""
    row = Institution.objects.select_for_update(of=("self",), no_key=True).filter(pk=institution).first()
    if row is None:
        raise NotPossible(_("Diese Einrichtung gibt es nicht mehr."))
    return row


def enrol(institution: Institution, *, name: str, email: str, language: str) -> Member:
    """Make somebody a member of a locked institution, with an account by which they sign in by mailed code.

    The first person manages the team. Raises NotPossible for somebody who belongs to an institution already,
    and for an account that the office closed.
    """
    user = User.objects.select_for_update(of=("self",)).filter(email=email.strip().lower()).first()
    if user is None:
        user = User.objects.create_user(email, name=name, language=language)
    elif not user.is_active:
        raise NotPossible(_("Das Konto mit dieser Adresse ist gesperrt."))
    before = Member.objects.filter(user=user).first()
    if before is not None and before.left_on is None:
        if before.institution_id == institution.pk:
            raise NotPossible(_("Diese Person gehört schon zum Team."))
        raise NotPossible(_("Diese Adresse gehört schon zu einer Einrichtung."))
    manager = not managers(institution)
    values = {"institution": institution, "left_on": None, "is_manager": manager}
    return Member.objects.update_or_create(user=user, defaults=values)[0]


def managers(institution: Institution) -> list[Member]:
    """Who looks after the team now."""
    return list(institution.members.filter(left_on=None, is_manager=True).select_related("user"))


@verb
def invite(
    institution: int, *, name: str, email: str, language: str, by: Actor, now: datetime, phone: str = ""
) -> Member:
    """Take a colleague into the team, who hears of it by a mail in the institution's name."""
    house = _in_charge(institution, by)
    if house.state != InstitutionState.APPROVED:
        raise NotPossible(_("Die Einrichtung ist zurzeit nicht zugelassen."))
    member = enrol(house, name=name, email=email, language=language)
    if phone:
        member.phone = phone
        member.save(update_fields=["phone"])
    audit.record(by, "add", kind=MEMBER, number=member.pk, at=now)
    mails.send_to_member(mails.invite_member, member, now=now)
    return member


@verb
def appoint(member: int, *, by: Actor, now: datetime) -> None:
    """Let a member look after the team, too."""
    record = _locked(member, by)
    if record.left_on is not None:
        raise NotPossible(_("Diese Person gehört nicht mehr zum Team."))
    if not record.is_manager:
        record.is_manager = True
        record.save(update_fields=["is_manager"])
        audit.record(by, "appoint", kind=MEMBER, number=record.pk, at=now)


@verb
def step_back(member: int, *, by: Actor, now: datetime) -> None:
    """Take the care of the team from a member. Raises NotPossible for the last one who has it."""
    record = _locked(member, by)
    if record.is_manager:
        _keep_one_manager(record)
        record.is_manager = False
        record.save(update_fields=["is_manager"])
        audit.record(by, "step_back", kind=MEMBER, number=record.pk, at=now)


@verb
def leave(member: int, *, by: Actor, now: datetime) -> None:
    """Note that somebody works here no more: the way in is shut at once, the requests stay.

    Raises NotPossible for the last manager of people who stay.
    """
    record = _locked(member, by)
    if record.left_on is not None:
        return
    if record.is_manager and not _is_alone(record, by):
        _keep_one_manager(record)
    record.left_on, record.is_manager = clock.local(now).date(), False
    record.save(update_fields=["left_on", "is_manager"])
    audit.record(by, "leave", kind=MEMBER, number=record.pk, at=now)


@verb
def come_back(member: int, *, by: Actor, now: datetime) -> None:
    """Take somebody in again who had left; the only one manages the team."""
    record = _locked(member, by)
    if record.left_on is None:
        return
    record.left_on, record.is_manager = None, not managers(record.institution)
    record.save(update_fields=["left_on", "is_manager"])
    audit.record(by, "return", kind=MEMBER, number=record.pk, at=now)


def _in_charge(institution: int, by: Actor) -> Institution:
    """The locked institution, for the office and for who manages the team at this moment."""
    house = lock_house(institution)
    if by.kind != ActorKind.OFFICE and by.number not in {member.user_id for member in managers(house)}:
        raise NotPossible(_("Das darf nur, wer das Team verwaltet."))
    return house


def _locked(member: int, by: Actor) -> Member:
    number = Member.objects.filter(pk=member).values_list("institution_id", flat=True).first()
    house = _in_charge(number or 0, by)
    record = Member.objects.select_related("user").filter(pk=member, institution=house).first()
    if record is None:
        raise NotPossible(_("Diese Person gehört nicht mehr zum Team."))
    record.institution = house
    return record


def _keep_one_manager(record: Member) -> None:
    if not [other for other in managers(record.institution) if other.pk != record.pk]:
        raise NotPossible(_("Jemand muss das Team verwalten. Bitte bestimmen Sie zuerst eine andere Person."))


def _is_alone(record: Member, by: Actor) -> bool:
    """Whether the office lets the only person go."""
    others = record.institution.members.filter(left_on=None).exclude(pk=record.pk)
    return by.kind == ActorKind.OFFICE and not others.exists()
