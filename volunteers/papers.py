"""The papers of a volunteer: noted by the office, confirmed online, asked for anew, announced in time.

Each verb writes the row that proves it and the columns that matching reads, in one transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext as _

from lotsen_portal import audit, clock, verbs
from lotsen_portal.audit import Actor
from lotsen_portal.models import Programme, User
from lotsen_portal.verbs import verb
from volunteers import cards, mails
from volunteers.models import (
    ConductCertificate,
    Language,
    LanguageProof,
    PhoneConsent,
    Undertaking,
    UndertakingText,
    Volunteer,
    VolunteerNote,
    VolunteerState,
    Way,
)
from volunteers.recruitment.states import VOLUNTEER, lock, refresh

# After this long nobody is told any more that a paper has ended: the office's list says so.
TOLD_LATE: Final = timedelta(days=7)


class NotPossible(verbs.NotPossible):
    """A paper that cannot be noted or confirmed."""


@dataclass(frozen=True)
class Ending:
    """A paper that has an end: its name, its last day, and whether that is over."""

    name: str
    until: date
    is_over: bool


@verb
def note_undertaking(
    volunteer: int, *, signed_on: date, valid_until: date | None, user: User, by: Actor, now: datetime
) -> Undertaking:
    """Note that the newest version was signed on paper. Raises NotPossible."""
    return _undertake(
        lock(volunteer),
        UndertakingText.newest(),
        way=Way.PAPER,
        signed_on=signed_on,
        valid_until=valid_until,
        user=user,
        by=by,
        now=now,
    )


@verb
def confirm_undertaking(volunteer: int, *, version: int, name: str, by: Actor, now: datetime) -> Undertaking:
    """The volunteer confirms online the version that the page showed, by typing the own name.

    Raises NotPossible when there is a newer version, or nothing typed.
    """
    record, text = lock(volunteer), UndertakingText.newest()
    if by != Actor.volunteer(record.pk):
        raise NotPossible
    if version != text.version:
        raise NotPossible(_("Inzwischen gibt es eine neue Fassung. Bitte lesen Sie sie noch einmal."))
    if not name.strip():
        raise NotPossible(_("Bitte tippen Sie Ihren Namen."))
    return _undertake(
        record,
        text,
        way=Way.ONLINE,
        signed_on=clock.local(now).date(),
        valid_until=None,
        name=name.strip(),
        by=by,
        now=now,
    )


def _undertake(
    record: Volunteer,
    text: UndertakingText,
    *,
    way: Way,
    signed_on: date,
    valid_until: date | None,
    name: str = "",
    user: User | None = None,
    by: Actor,
    now: datetime,
) -> Undertaking:
    _refuse_disorder(signed_on, clock.local(now).date())
    _refuse_disorder(signed_on, valid_until)
    row = Undertaking.objects.create(
        volunteer=record,
        text=text,
        way=way,
        signed_on=signed_on,
        valid_until=valid_until,
        typed_name=name,
        noted_by=user,
        noted_at=now,
    )
    record.undertaking_on, record.undertaking_until = signed_on, valid_until
    _keep(record, "undertaking_on", "undertaking_until")
    _log(record, "undertake", f"{way}:{text.version}", by=by, now=now)
    return row


@verb
def see_conduct(
    volunteer: int,
    *,
    issued_on: date,
    seen_on: date,
    valid_until: date,
    user: User,
    by: Actor,
    now: datetime,
) -> ConductCertificate:
    """Note that a certificate of good conduct was seen, and until when that counts. Raises NotPossible."""
    record = lock(volunteer)
    _refuse_disorder(issued_on, seen_on)
    _refuse_disorder(seen_on, clock.local(now).date())
    _refuse_disorder(seen_on, valid_until)
    row = ConductCertificate.objects.create(
        volunteer=record, issued_on=issued_on, seen_on=seen_on, valid_until=valid_until, seen_by=user
    )
    record.conduct_seen_on, record.conduct_until = seen_on, valid_until
    _keep(record, "conduct_seen_on", "conduct_until")
    _log(record, "see_conduct", by=by, now=now)
    return row


@verb
def share_phone(volunteer: int, *, given: bool, user: User | None = None, by: Actor, now: datetime) -> None:
    """Note whether institutions see the number after an agreement; the same answer twice is one."""
    record = lock(volunteer)
    if record.shares_phone == given:
        return
    PhoneConsent.objects.create(volunteer=record, given=given, at=now, noted_by=user)
    record.shares_phone = given
    record.save(update_fields=["shares_phone"])
    _log(record, "share_phone" if given else "hide_phone", by=by, now=now)


@verb
def prove_language(
    volunteer: int, *, language: Language, kind: str, seen_on: date, user: User, by: Actor, now: datetime
) -> LanguageProof:
    """Note that a proof of a language was seen. Raises NotPossible."""
    record = lock(volunteer)
    _refuse_disorder(seen_on, clock.local(now).date())
    _log(record, "prove_language", language.code, by=by, now=now)
    return LanguageProof.objects.create(
        volunteer=record, language=language, kind=kind, seen_on=seen_on, seen_by=user
    )


@verb
def note(volunteer: int, *, text: str, user: User, now: datetime) -> VolunteerNote:
    """Keep a dated, signed note that only the office reads. Raises NotPossible when it is empty."""
    if not text.strip():
        raise NotPossible(_("Bitte schreiben Sie etwas in die Notiz."))
    return VolunteerNote.objects.create(
        volunteer=lock(volunteer), author=user, written_at=now, text=text.strip()
    )


@verb
def write_new_text(
    body: str, *, old_until: date, user: User, by: Actor, now: datetime
) -> tuple[UndertakingText, int]:
    """Make the next version of the undertaking; returns it, and how many people are asked to confirm it.

    Until the end of `old_until` what they signed before still counts; each is asked by mail. Raises
    NotPossible for the same words, or a day that is over.
    """
    today, last = clock.local(now).date(), UndertakingText.newest()
    if body.strip() == last.body.strip():
        raise NotPossible(_("Das ist der Text, der schon gilt."))
    if old_until < today:
        raise NotPossible(_("Dieser Tag ist schon vorbei."))
    text = UndertakingText.objects.create(
        version=last.version + 1, body=body.strip(), valid_from=today, old_until=old_until, made_by=user
    )
    audit.record(by, "write_undertaking", kind="undertaking", number=text.version, at=now)
    bound = Volunteer.objects.exclude(state=VolunteerState.LEFT).exclude(undertaking_on=None)
    people = list(bound.select_for_update(of=("self",), no_key=True).order_by("pk"))
    longer = Q(undertaking_until=None) | Q(undertaking_until__gt=old_until)
    numbers = [person.pk for person in people]
    Volunteer.objects.filter(longer, pk__in=numbers).update(undertaking_until=old_until)
    for person in people:
        mails.send_to_volunteer(
            mails.ask_undertaking, person, about=str(text.version), version=text.version, now=now
        )
    cards.refresh(numbers)
    cards.refresh_pools()
    return text, len(people)


def endings(person: Volunteer, *, today: date, days: int) -> list[Ending]:
    """The person's papers that have ended or end within so many days, the first on top."""
    undertaking, conduct = person.ending_papers(today, days)
    papers = ((_("Verschwiegenheitserklärung"), undertaking), (_("Führungszeugnis"), conduct))
    found = [Ending(name, until, until < today) for name, until in papers if until is not None]
    return sorted(found, key=lambda ending: ending.until)


def announce_endings(now: datetime) -> int:
    """Tell people in time that a paper ends, once more shortly before, and when it has; returns how many.

    A mail goes once for each paper's end and step, so that a second run on a day tells nobody twice.
    """
    today, programme = clock.local(now).date(), Programme.current()
    span = (today - TOLD_LATE, today + timedelta(days=programme.paper_reminder_days))
    near = Q(undertaking_until__range=span) | Q(conduct_until__range=span)
    helping = [VolunteerState.IN_TRAINING, VolunteerState.ACTIVE, VolunteerState.PAUSED]
    people = list(Volunteer.objects.filter(near, state__in=helping).order_by("pk"))
    for person in people:
        for ending in endings(person, today=today, days=programme.paper_reminder_days):
            if ending.until >= span[0]:
                left = (ending.until - today).days
                nth = 3 if left < 0 else 2 if left <= programme.paper_second_reminder_days else 1
                # Two papers with the same end are one mail.
                mails.send_to_volunteer(
                    mails.remind_papers, person, about=f"{ending.until:%Y%m%d}-{nth}", now=now
                )
    return len(people)


def _refuse_disorder(first: date, last: date | None) -> None:
    if last is not None and last < first:
        raise NotPossible(_("Diese Tage passen nicht zusammen. Bitte prüfen Sie die Reihenfolge."))


def _keep(record: Volunteer, *fields: str) -> None:
    record.save(update_fields=fields)
    refresh(record)


def _log(record: Volunteer, action: str, after: str = "", *, by: Actor, now: datetime) -> None:
    audit.record(by, action, kind=VOLUNTEER, number=record.pk, after=after, at=now)


@dataclass(frozen=True)
class Paper:
    """A paper as pages show it: its days, and whether it is there and holds today."""

    name: str
    first: date | None
    until: date | None
    holds: bool


def shown(person: Volunteer, *, today: date) -> list[Paper]:
    """The undertaking and the certificate, with their days."""
    papers = (
        (_("Verschwiegenheitserklärung"), person.undertaking_on, person.undertaking_until),
        (_("Führungszeugnis"), person.conduct_seen_on, person.conduct_until),
    )
    return [
        Paper(name, first, until, first is not None and (until is None or until >= today))
        for name, first, until in papers
    ]
