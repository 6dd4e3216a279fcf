"""Institutions come on board: they register, confirm their address, and the office decides.

The only writer of registrations and their state. A page answers the same whatever is known of an address or
a name; what the address's holder reads stands in a mail.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, cast

from django.db import IntegrityError, transaction
from django.db.models import Count, Q, Window
from django.utils.translation import gettext as _

from lotsen_portal import audit, encryption, links
from lotsen_portal.audit import Actor, ActorKind
from lotsen_portal.models import Purpose, User
from lotsen_portal.verbs import verb
from requests_app import mails, team
from requests_app.models import Institution, InstitutionState, Member, Registration
from requests_app.states import REGISTRATION_MOVES, RegistrationState, Who
from requests_app.workflow.errors import NotPossible
from volunteers.models import District

REGISTRATION: Final = "registration"
UNCONFIRMED_KEPT: Final = timedelta(days=7)
DECIDED_KEPT: Final = timedelta(days=90)
A_DAY: Final = timedelta(days=1)
# So many mails a day go to one address that others type into the form.
MAILS_A_DAY: Final = 3

# Addresses behind these say nothing about where somebody works.
EVERYBODYS_DOMAINS: Final = frozenset(
    {
        "aol.com", "arcor.de", "freenet.de", "gmail.com", "gmx.de", "gmx.net", "googlemail.com",
        "hotmail.com", "hotmail.de", "icloud.com", "mail.de", "outlook.com", "outlook.de", "posteo.de",
        "proton.me", "t-online.de", "unitybox.de", "web.de", "yahoo.com", "yahoo.de",
    }
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Application:
    """What the form says: the institution, and who asks for it."""

    name: str
    kind: str
    street: str
    postcode: str
    city: str
    district: District
    phone: str = ""
    contact_name: str = field(repr=False)
    email: str = field(repr=False)
    message: str = field(default="", repr=False)
    language: str = "de"


@dataclass(frozen=True)
class Likeness:
    """An institution that may be the one that registers, and what they have in common."""

    institution: Institution
    reasons: tuple[str, ...]


def email_index(email: str) -> str:
    """The blind index by which registrations of one address are counted."""
    return encryption.blind_index(email, scope="registration_email")


@verb
def register(application: Application, *, now: datetime) -> None:
    """Keep a registration and mail the link that confirms it.

    Somebody who is in already gets a mail that says so. Where enough mails went to the address today, nothing
    happens: the page says the same in each case.
    """
    email = application.email.strip().lower()
    known = Member.objects.current().filter(user__email=email).select_related("user").first()
    if known is not None:
        mails.send_known_member(known, now=now)
        return
    index = email_index(email)
    today = Registration.objects.filter(email_index=index, asked_at__gt=now - A_DAY)
    if today.count() >= MAILS_A_DAY:
        return
    values = {name: getattr(application, name) for name in application.__dataclass_fields__}
    registration = Registration.objects.create(**{**values, "email": email}, email_index=index, asked_at=now)
    mails.send_registration(registration, now=now)


@verb
def confirm(registration: int, *, now: datetime) -> Registration:
    """The holder of the address pressed the button; a second press changes nothing. Raises NotPossible."""
    record = _locked(registration)
    if record.state == RegistrationState.UNCONFIRMED:
        _make(record, "confirm", by=Actor(ActorKind.MEMBER), now=now, confirmed_at=now)
    return record


@verb
def approve(registration: int, *, join: int | None, by: Actor, user: User, now: datetime) -> Member:
    """Let an institution in, or its person into one that is here already (`join`, by number).

    Makes the account and the membership; the first person of an institution manages its team. Raises
    NotPossible with what the office has to settle first.
    """
    record = _locked(registration)
    if not _may(record, "approve", by):
        raise NotPossible(_("Über diese Anmeldung ist schon entschieden."))
    institution = _joined(join) if join is not None else _founded(record, by=by, now=now)
    member = team.enrol(institution, name=record.contact_name, email=record.email, language=record.language)
    audit.record(by, "add", kind="member", number=member.pk, at=now)
    _make(record, "approve", by=by, now=now, decided_at=now, decided_by=user, institution=institution)
    mails.send_to_member(mails.welcome_member, member, now=now)
    return member


@verb
def decline(registration: int, *, reason: str, by: Actor, user: User, now: datetime) -> None:
    """Turn an institution down; the mail leads to the reason, which it does not carry. Raises NotPossible."""
    record = _locked(registration)
    if not reason.strip():
        raise NotPossible(_("Bitte nennen Sie den Grund."))
    if not _may(record, "decline", by):
        raise NotPossible(_("Über diese Anmeldung ist schon entschieden."))
    _make(record, "decline", by=by, now=now, decided_at=now, decided_by=user, reason=reason.strip())
    mails.send_declined_registration(record, now=now)


@verb
def reconsider(registration: int, *, by: Actor, now: datetime) -> None:
    """Take a decline back, which puts the registration on the office's desk again. Raises NotPossible."""
    record = _locked(registration)
    if not _may(record, "reconsider", by):
        raise NotPossible(_("Diese Anmeldung ist nicht abgelehnt."))
    _make(record, "reconsider", by=by, now=now, decided_at=None, decided_by=None, reason="")


def likenesses(registration: Registration) -> list[Likeness]:
    """Institutions that share the name, the address or the mail domain, the most alike first."""
    domain = registration.mail_domain
    near = Q(name__iexact=registration.name) | Q(postcode=registration.postcode)
    if domain not in EVERYBODYS_DOMAINS:
        near |= Q(mail_domain__iexact=domain) | Q(members__user__email__iendswith=f"@{domain}")
    rows = Institution.objects.filter(near).select_related("district").distinct().order_by("name")
    people = Member.objects.filter(user__email__iendswith=f"@{domain}", left_on=None)
    theirs = frozenset(people.values_list("institution_id", flat=True))
    found = [Likeness(row, tuple(_in_common(registration, row, theirs))) for row in rows]
    return sorted((like for like in found if like.reasons), key=lambda like: -len(like.reasons))


def sisters(registration: Registration) -> list[Registration]:
    """Other registrations that wait for the office and come from the same address or under the same name."""
    same = Q(email_index=registration.email_index) | Q(name__iexact=registration.name)
    return list(Registration.objects.to_decide().filter(same).exclude(pk=registration.pk))


def waiting(limit: int) -> tuple[int, list[Registration]]:
    """How many registrations wait for the office, and the first of them, in one statement."""
    rows = Registration.objects.to_decide().select_related("district").annotate(total=Window(Count("pk")))
    shown = list(rows.defer("contact_name", "email", "phone", "message", "reason")[:limit])
    return (int(cast(Any, shown[0]).total) if shown else 0), shown


def forgettable(now: datetime) -> Q:
    """Which registrations are not kept: never confirmed for a week, or decided 90 days ago."""
    return Q(state=RegistrationState.UNCONFIRMED.value, asked_at__lte=now - UNCONFIRMED_KEPT) | Q(
        decided_at__lte=now - DECIDED_KEPT
    )


@transaction.atomic
def forget(now: datetime) -> int:
    """Delete what is not kept, with its links; returns how many registrations."""
    numbers = list(Registration.objects.filter(forgettable(now)).values_list("pk", flat=True))
    for number in numbers:
        links.revoke(purpose=Purpose.CONFIRM, subject=number, now=now)
    return Registration.objects.filter(pk__in=numbers).delete()[0]


def _locked(registration: int) -> Registration:
    row = Registration.objects.select_for_update(of=("self",), no_key=True).filter(pk=registration).first()
    if row is None:
        raise NotPossible(_("Diese Anmeldung gibt es nicht mehr."))
    return row


def _may(record: Registration, move: str, by: Actor) -> bool:
    froms, _to, who = REGISTRATION_MOVES[move]
    return record.state in froms and Who(by.kind.value) in who


def _make(record: Registration, move: str, *, by: Actor, now: datetime, **changes: object) -> None:
    before, record.state = record.state, REGISTRATION_MOVES[move][1].value
    for name, value in changes.items():
        setattr(record, name, value)
    record.save(update_fields=["state", *changes])
    audit.record(by, move, kind=REGISTRATION, number=record.pk, before=before, after=record.state, at=now)


def _joined(number: int) -> Institution:
    institution = team.lock_house(number)
    if institution.state != InstitutionState.APPROVED:
        raise NotPossible(_("Diese Einrichtung ist nicht zugelassen."))
    return institution


def _founded(record: Registration, *, by: Actor, now: datetime) -> Institution:
    domain = record.mail_domain
    same = ("name", "kind", "street", "postcode", "city", "district", "phone", "email")
    try:
        with transaction.atomic():
            institution = Institution.objects.create(
                **{name: getattr(record, name) for name in same},
                state=InstitutionState.APPROVED,
                mail_domain="" if domain in EVERYBODYS_DOMAINS else domain,
            )
    except IntegrityError:
        sentence = _("Eine Einrichtung mit diesem Namen gibt es schon. Nehmen Sie die Person dort auf.")
        raise NotPossible(sentence) from None
    audit.record(by, "add", kind="institution", number=institution.pk, after=institution.state, at=now)
    return institution


def _in_common(registration: Registration, row: Institution, same_domain: frozenset[int]) -> Iterable[str]:
    if _plain(row.name) == _plain(registration.name):
        yield "gleicher Name"
    if (row.postcode, _plain(row.street)) == (registration.postcode, _plain(registration.street)):
        yield "gleiche Adresse"
    domain = registration.mail_domain
    if domain not in EVERYBODYS_DOMAINS and (row.mail_domain.casefold() == domain or row.pk in same_domain):
        yield "gleiche Mail-Domain"


def _plain(text: str) -> str:
    """Without what people write in different ways: case, blanks, dots, "Straße" and "Str."."""
    short = text.casefold().replace("strasse", "str").replace("straße", "str")
    return "".join(sign for sign in short if sign.isalnum())
