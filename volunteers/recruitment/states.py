"""Where a volunteer stands, from the first interest to goodbye; matching sees every move at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Final

from django.utils.translation import gettext as _

from lotsen_portal import audit, clock, links, verbs
from lotsen_portal.audit import CLOCK, Actor
from lotsen_portal.models import Purpose
from lotsen_portal.verbs import verb
from volunteers import cards
from volunteers.models import Language, Speaks, Topic, Volunteer
from volunteers.states import VOLUNTEER_MOVES, VolunteerState, Who
from volunteers.trainings import release
from volunteers.trainings.needs import before_the_first_appointment

VOLUNTEER: Final = "volunteer"
RESUMED_AT_ONCE: Final = 200
# Behind these links stand a volunteer's questions, reports, appointments and trainings.
_THEIRS: Final = (Purpose.ANSWER, Purpose.REPORT, Purpose.CALENDAR, Purpose.INVITATION)


class NotPossible(verbs.NotPossible):
    """A verb about a volunteer that cannot be carried out now."""

    def sentence(self) -> str:
        """What to say when the verb gave no sentence of its own."""
        return _("Das geht bei diesem Stand nicht. Bitte laden Sie die Seite neu.")


def lock(volunteer: int) -> Volunteer:
    """Lock one volunteer by number and read the record as it is now."""
    return Volunteer.objects.select_for_update(of=("self",), no_key=True).get(pk=volunteer)


def may(record: Volunteer, move: str, by: Actor) -> bool:
    """Whether this actor may make this move from the person's present state."""
    froms, _to, who = VOLUNTEER_MOVES[move]
    return record.state in froms and by.kind.value in who


def make(record: Volunteer, move: str, *, by: Actor, now: datetime, **changes: object) -> None:
    """Make a legal move of a locked volunteer, write the named other fields with it, and log it.

    Raises NotPossible when MOVES does not allow it, or when somebody would act for another person.
    """
    stranger = by.kind.value == Who.VOLUNTEER and by.number != record.pk
    if stranger or not may(record, move, by):
        raise NotPossible
    before, record.state = record.state, VOLUNTEER_MOVES[move][1].value
    for name, value in changes.items():
        setattr(record, name, value)
    record.save(update_fields=["state", *changes])
    audit.record(by, move, kind=VOLUNTEER, number=record.pk, before=before, after=record.state, at=now)
    refresh(record)


def refresh(record: Volunteer) -> None:
    """Bring up to date what matching reads of a person."""
    cards.refresh([record.pk])
    cards.refresh_pools()


@verb
def take_in(
    record: Volunteer,
    *,
    languages: Mapping[Language, int] | None = None,
    topics: Collection[Topic] = (),
    by: Actor,
    now: datetime,
) -> Volunteer:
    """Keep a new person, whose record is filled in but not saved yet, as an applicant.

    `languages` come with their levels. Raises NotPossible for a record that is kept already.
    """
    if record.pk:
        raise NotPossible
    record.state = VolunteerState.APPLICANT.value
    record.joined_on = record.joined_on or clock.local(now).date()
    record.save()
    record.topics.set(topics)
    Speaks.objects.bulk_create(
        Speaks(volunteer=record, language=language, level=level)
        for language, level in (languages or {}).items()
    )
    audit.record(by, "take_in", kind=VOLUNTEER, number=record.pk, after=record.state, at=now)
    refresh(record)
    return record


@verb
def begin_training(volunteer: int, *, by: Actor, now: datetime) -> Volunteer:
    """The interview and the papers are done: the person is trained now. Raises NotPossible."""
    record = lock(volunteer)
    make(record, "begin_training", by=by, now=now)
    return record


@verb
def activate(volunteer: int, *, by: Actor, now: datetime) -> Volunteer:
    """From now on the person is proposed for appointments, as far as papers allow. Raises NotPossible."""
    record = lock(volunteer)
    if lacking := before_the_first_appointment(record, now=now):
        names = ", ".join(lacking)
        raise NotPossible(_("Vor dem ersten Einsatz fehlt noch: %(names)s.") % {"names": names})
    make(record, "activate", by=by, now=now)
    return record


@verb
def pause(volunteer: int, *, until: date | None, by: Actor, now: datetime) -> Volunteer:
    """Ask the person nothing until the end of a day, or until somebody ends the pause (None).

    Appointments that fall into it are the matter of `requests_app.farewells`. Raises NotPossible.
    """
    record = lock(volunteer)
    if until is not None and until < clock.local(now).date():
        raise NotPossible(_("Der letzte Tag der Pause liegt in der Vergangenheit."))
    make(record, "pause", by=by, now=now, paused_until=until)
    return record


@verb
def resume(volunteer: int, *, by: Actor, now: datetime) -> Volunteer:
    """End a pause: the person is proposed again. Raises NotPossible."""
    record = lock(volunteer)
    make(record, "resume", by=by, now=now, paused_until=None)
    return record


def resume_due(now: datetime) -> int:
    """End every pause whose last day is over; returns how many, at most 200 a call."""
    today = clock.local(now).date()
    due = Volunteer.objects.filter(state=VolunteerState.PAUSED.value, paused_until__lt=today).order_by("pk")
    return sum(_resume(number, now=now) for number in due.values_list("pk", flat=True)[:RESUMED_AT_ONCE])


@verb
def _resume(volunteer: int, *, now: datetime) -> int:
    record = lock(volunteer)
    over = record.paused_until is not None and record.paused_until < clock.local(now).date()
    if record.state != VolunteerState.PAUSED or not over:
        return 0
    make(record, "resume", by=CLOCK, now=now, paused_until=None)
    return 1


@verb
def leave(volunteer: int, *, by: Actor, now: datetime) -> Volunteer:
    """Say goodbye: nobody asks the person any more, and no mailed link or calendar opens anything.

    Appointments to come are the matter of `requests_app.farewells`. Raises NotPossible.
    """
    release(volunteer, by=by, now=now)  # sessions are locked before people
    record = lock(volunteer)
    make(record, "leave", by=by, now=now, paused_until=None, left_on=clock.local(now).date())
    for purpose in _THEIRS:
        links.revoke(purpose=purpose, holder=record.pk, now=now)
    return record


@verb
def readmit(volunteer: int, *, by: Actor, now: datetime) -> Volunteer:
    """Take somebody in again who had left. Raises NotPossible."""
    record = lock(volunteer)
    make(record, "readmit", by=by, now=now, left_on=None)
    return record
