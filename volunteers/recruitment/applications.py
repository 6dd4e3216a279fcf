"""From the form of somebody who would like to help to the first day: the only writer of applications.

Each verb is one transaction that locks the application, then the person behind it, checks, writes rows, a
line in the log and the mail. A page answers the same whatever is known of an address.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _

from lotsen_portal import audit, encryption
from lotsen_portal.audit import Actor, ActorKind
from lotsen_portal.models import User
from lotsen_portal.verbs import NotPossible, verb
from volunteers import lacks, mails
from volunteers.application_states import APPLICATION_MOVES, ENDED, ApplicationState
from volunteers.models import (
    Application,
    ApplicationLanguage,
    ApplicationNote,
    District,
    Language,
    Topic,
    Volunteer,
    VolunteerState,
)
from volunteers.recruitment import states

APPLICATION: Final = "application"
A_DAY: Final = timedelta(days=1)
A_YEAR: Final = timedelta(days=366)
# So many mails a day go to one address that others type into the form.
MAILS_A_DAY: Final = 3


@dataclass(frozen=True, kw_only=True)
class Interest:
    """What the form says; languages come with their levels, `availability` is as a volunteer's."""

    name: str = field(repr=False)
    email: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    german: str
    languages: Mapping[Language, int]
    topics: Sequence[Topic] = ()
    districts: Sequence[District] = ()
    availability: Sequence[int]
    why: str = field(default="", repr=False)
    language: str = "de"


def email_index(email: str) -> str:
    """The blind index by which applications of one address are found."""
    return encryption.blind_index(email, scope="application_email")


@verb
def submit(interest: Interest, *, now: datetime) -> None:
    """Keep an application and mail the link that confirms it; without an address the office phones.

    Whoever has an application running gets its link again. Where enough mails went to the address today,
    nothing happens: the page says the same in each case.
    """
    email = interest.email.strip().lower()
    index = email_index(email)
    if index:
        same = Application.objects.filter(email_index=index)
        known = same.running().order_by("pk").last()
        if known is not None:
            mails.send_known_applicant(known, now=now)
            return
        if same.filter(asked_at__gt=now - A_DAY).count() >= MAILS_A_DAY:
            return
    record = Application.objects.create(
        name=interest.name, email=email, email_index=index, phone=interest.phone, german=interest.german,
        availability=list(interest.availability), why=interest.why, language=interest.language,
        asked_at=now, touched_at=now, confirmed_at=None if email else now,
        state=(ApplicationState.UNCONFIRMED if email else ApplicationState.RECEIVED).value,
    )  # fmt: skip
    record.topics.set(interest.topics)
    record.districts.set(interest.districts)
    ApplicationLanguage.objects.bulk_create(
        ApplicationLanguage(application=record, language=language, level=level)
        for language, level in interest.languages.items()
    )
    applicant = Actor.client(record.pk)
    audit.record(applicant, "submit", kind=APPLICATION, number=record.pk, after=record.state, at=now)
    if email:
        mails.send_confirmation(record, now=now)


@verb
def confirm(application: int, *, by: Actor, now: datetime) -> Application:
    """The holder of the address pressed the button, or said so on the telephone; twice changes nothing.

    Raises NotPossible.
    """
    record = _locked(application)
    if record.state == ApplicationState.UNCONFIRMED:
        _make(record, "confirm", by=by, now=now, confirmed_at=now)
    return record


@verb
def invite_to_interview(application: int, *, at: datetime | None, by: Actor, now: datetime) -> Application:
    """Ask somebody to come and talk, at a time that was agreed or is still to be agreed (None).

    May be said again with another time. Raises NotPossible.
    """
    record = _locked(application)
    if at is not None and at <= now:
        raise NotPossible(_("Das Gespräch muss in der Zukunft liegen."))
    if at is not None and at > now + A_YEAR:
        raise NotPossible(_("Dieser Tag ist mehr als ein Jahr entfernt. Bitte prüfen Sie ihn."))
    _make(record, "interview", by=by, now=now, interview_at=at)
    mails.send_to_applicant(mails.invite_to_interview, record, now=now)
    return record


@verb
def ask_for_papers(application: int, *, by: Actor, now: datetime) -> Application:
    """The talk went well: the person gets a volunteer's record and hears which papers are needed.

    Raises NotPossible.
    """
    record = _locked(application)
    if record.volunteer_id is None:
        record.volunteer = states.take_in(
            Volunteer(
                name=record.name, email=record.email, phone=record.phone, mail_language=record.language,
                availability=record.availability, district=record.districts.first(),
            ),
            languages={row.language: row.level for row in record.languages.select_related("language")},
            topics=list(record.topics.all()), by=by, now=now,
        )  # fmt: skip
    elif states.lock(record.volunteer_id).state == VolunteerState.LEFT:
        states.readmit(record.volunteer_id, by=by, now=now)
    _make(record, "ask_papers", by=by, now=now, volunteer=record.volunteer)
    mails.send_to_applicant(mails.ask_for_papers, record, now=now)
    return record


@verb
def begin_training(application: int, *, by: Actor, now: datetime) -> Application:
    """The papers are on their way: the person is trained now. Raises NotPossible."""
    record = _locked(application)
    _make(record, "train", by=by, now=now)
    if record.volunteer_id is not None:
        states.begin_training(record.volunteer_id, by=by, now=now)
    mails.send_to_applicant(mails.tell_training_begins, record, now=now)
    return record


@verb
def activate(application: int, *, by: Actor, now: datetime) -> Application:
    """From now on the person is proposed for appointments, and may sign in.

    Nobody starts without having promised secrecy. Raises NotPossible with what is missing.
    """
    record = _locked(application)
    person = states.lock(record.volunteer_id) if record.volunteer_id else None
    if person is None or not lacks.has_undertaken(person, now=now):
        raise NotPossible(_("Es fehlt noch die Verschwiegenheitserklärung. Ohne sie darf niemand beginnen."))
    _make(record, "finish", by=by, now=now)
    states.activate(person.pk, by=by, now=now)
    _give_account(person, by=by, now=now)
    mails.send_to_applicant(mails.welcome_volunteer, record, now=now)
    return record


@verb
def put_on_waiting_list(application: int, *, by: Actor, now: datetime) -> Application:
    """Not now, but maybe later: tell the person so. Raises NotPossible."""
    record = _locked(application)
    _make(record, "wait", by=by, now=now)
    mails.send_to_applicant(mails.tell_waiting_list, record, now=now)
    return record


@verb
def decline(application: int, *, reason: str, by: Actor, now: datetime) -> Application:
    """Turn somebody down; the mail leads to the reason, which it does not carry. Raises NotPossible."""
    record = _locked(application)
    if not reason.strip():
        raise NotPossible(_("Bitte nennen Sie den Grund."))
    _make(record, "decline", by=by, now=now, reason=reason.strip())
    _say_goodbye(record, by=by, now=now)
    mails.send_to_applicant(mails.tell_application_declined, record, now=now)
    return record


@verb
def withdraw(application: int, *, by: Actor, now: datetime) -> Application:
    """Take an application back, by the person or on the person's behalf. Raises NotPossible."""
    record = _locked(application)
    confirmed = record.confirmed_at is not None
    _make(record, "withdraw", by=by, now=now)
    _say_goodbye(record, by=by, now=now)
    if confirmed:
        mails.send_to_applicant(mails.tell_application_withdrawn, record, now=now)
    return record


@verb
def reconsider(application: int, *, by: Actor, now: datetime) -> Application:
    """Put a declined or withdrawn application back on the board; nobody is written to. Raises NotPossible."""
    record = _locked(application)
    confirmed_at = record.confirmed_at or now
    _make(record, "reconsider", by=by, now=now, confirmed_at=confirmed_at, reason="")
    return record


@verb
def note(application: int, *, text: str, author: User, by: Actor, now: datetime) -> None:
    """Write a dated, signed note that only the office reads. Raises NotPossible."""
    record = _locked(application)
    if not text.strip():
        raise NotPossible(_("Die Notiz ist leer."))
    ApplicationNote.objects.create(application=record, author=author, text=text.strip(), written_at=now)
    _touch(record, "note", by=by, now=now)


@verb
def take_charge(application: int, *, user: User | None, by: Actor, now: datetime) -> None:
    """Say who leads an application on; None for nobody. Raises NotPossible."""
    record = _locked(application)
    record.responsible = user
    _touch(record, "take_charge", "responsible", by=by, now=now)


@verb
def put_off(application: int, *, by: Actor, now: datetime) -> None:
    """Nothing is to be done yet: it comes back to the work queue after another week. Raises NotPossible."""
    _touch(_locked(application), "put_off", by=by, now=now)


def may(record: Application, move: str, by: Actor) -> bool:
    """Whether this actor may make this move from the application's present state."""
    froms, _to, who = APPLICATION_MOVES[move]
    return record.state in froms and by.kind.value in who


def _locked(application: int) -> Application:
    row = Application.objects.select_for_update(of=("self",), no_key=True).filter(pk=application).first()
    if row is None:
        raise NotPossible(_("Diese Bewerbung gibt es nicht mehr."))
    return row


def _make(record: Application, move: str, *, by: Actor, now: datetime, **changes: object) -> None:
    stranger = by.kind == ActorKind.CLIENT and by.number != record.pk
    if stranger or not may(record, move, by):
        raise NotPossible(_("Das geht bei diesem Stand der Bewerbung nicht. Bitte laden Sie die Seite neu."))
    before, record.state = record.state, APPLICATION_MOVES[move][1].value
    changes |= {"touched_at": now, "ended_at": now if record.state in ENDED else None}
    for name, value in changes.items():
        setattr(record, name, value)
    record.save(update_fields=["state", *changes])
    audit.record(by, move, kind=APPLICATION, number=record.pk, before=before, after=record.state, at=now)


def _touch(record: Application, deed: str, *fields: str, by: Actor, now: datetime) -> None:
    record.touched_at = now
    record.save(update_fields=["touched_at", *fields])
    audit.record(by, deed, kind=APPLICATION, number=record.pk, at=now)


def _say_goodbye(record: Application, *, by: Actor, now: datetime) -> None:
    if record.volunteer_id is not None and states.lock(record.volunteer_id).state != VolunteerState.LEFT:
        states.leave(record.volunteer_id, by=by, now=now)


def _give_account(person: Volunteer, *, by: Actor, now: datetime) -> None:
    """Let a volunteer with an address sign in by code; another volunteer's account stays theirs."""
    if person.user_id is not None or not person.email:
        return
    user = User.objects.filter(email=person.email).first()
    if user is not None and Volunteer.objects.filter(user=user).exists():
        return
    person.user = user or User.objects.create_user(
        person.email, name=person.name, language=person.mail_language
    )
    person.save(update_fields=["user"])
    audit.record(by, "account", kind=states.VOLUNTEER, number=person.pk, at=now)
