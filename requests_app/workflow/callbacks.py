"""A volunteer calls somebody who has no appointment yet, and enters what was found out for the person.

The call is a request of its own (phone, a quarter of an hour) that belongs to the other one; it holds
nothing about the person, which is read from the request it belongs to.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from itertools import product
from typing import Final

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _

from lotsen_portal import audit, clock
from lotsen_portal.audit import Actor
from lotsen_portal.models import Programme
from lotsen_portal.outbox import MailFunction
from lotsen_portal.verbs import verb
from requests_app import figures, loads, mails, offering
from requests_app.models import (
    Assignment,
    AssistanceRequest,
    Daytime,
    Help,
    InternalNote,
    Mode,
    Origin,
    Outcome,
    ProposedTime,
    RequestedLanguage,
)
from requests_app.states import AssignmentState, RequestState, Who
from requests_app.workflow.changes import Change, look_again, rewrite, wants_a_look
from requests_app.workflow.errors import NotPossible
from requests_app.workflow.ground import ASSISTANCE, lock, lock_people, make
from requests_app.workflow.intake import next_reference

NOTHING_ENTERED: Final = (
    "Der Rückruf ist gemeldet, aber ohne einen Termin. Bitte fragen Sie nach, was herauskam."
)
CALL_MINUTES: Final = 15
DAYS_AHEAD: Final = 3
CALLED_AT: Final = {Daytime.MORNING: time(10), Daytime.AFTERNOON: time(15), Daytime.EVENING: time(18)}
WHEN_NOBODY_SAID: Final = (Daytime.MORNING, Daytime.AFTERNOON)


class CallResult(StrEnum):
    """What came of a call."""

    FOUND = "found"
    NOT_REACHED = "not_reached"
    NO_HELP = "no_help"


@dataclass(frozen=True, kw_only=True)
class Called:
    """What the volunteer enters after the call; `change` is there when a time was found."""

    result: CallResult
    change: Change | None = None
    note: str = ""


def can_be_called(assistance: AssistanceRequest) -> bool:
    """Whether somebody could clear the time by telephone, and nobody is about to."""
    waits = assistance.state in {RequestState.NEW, RequestState.OPEN} and not assistance.has_times
    reachable = bool(assistance.client_phone_index) and assistance.callback_for_id is None
    return waits and reachable and not assistance.callbacks.running().exists()


@verb
def call_back(assistance: int, *, by: Actor, now: datetime) -> AssistanceRequest:
    """Make the call for a request without a time; it is then asked for like any other.

    Raises NotPossible where there is a time, no number, or a call under way.
    """
    record = lock(assistance)
    if by.kind.value != Who.OFFICE or not can_be_called(record):
        raise NotPossible(_("Für diese Anfrage geht jetzt kein Rückruf."))
    if record.state == RequestState.NEW:  # whoever has somebody called has looked at it
        make(record, "approve", by=by, now=now)
    call = _make_call(record, now=now)
    languages = record.languages.values_list("language_id", "rank")
    RequestedLanguage.objects.bulk_create(
        RequestedLanguage(assistance=call, language_id=language, rank=rank) for language, rank in languages
    )
    ProposedTime.objects.bulk_create(
        ProposedTime(assistance=call, period=period) for period in _times(record, now=now)
    )
    offering.search_anew(call, now=now)
    audit.record(by, "submit", kind=ASSISTANCE, number=call.pk, after=call.state, at=now)
    _note_down(record, "call_back", by=by, now=now)
    return call


def _make_call(record: AssistanceRequest, *, now: datetime) -> AssistanceRequest:
    return AssistanceRequest.objects.create(
        reference=next_reference(Programme.current().reference_prefix, clock.local(now).year),
        state=RequestState.OPEN.value,
        callback_for=record,
        origin=Origin.OFFICE,
        institution_id=record.institution_id,
        responsible_id=record.responsible_id,
        topic_id=record.topic_id,
        help=Help.ADVICE,
        mode=Mode.PHONE,
        minimum_level=record.minimum_level,
        gender_needed=record.gender_needed,
        minutes=CALL_MINUTES,
        times_proposed=True,
        district_id=record.district_id,
        consent_at=record.consent_at,
        consent_version=record.consent_version,
        funding_source=record.funding_source,
        urgent=record.urgent,
        filed_at=now,
        answer_by=record.answer_by,
    )


def _times(record: AssistanceRequest, *, now: datetime) -> list[DateTimeTZRange]:
    """The hours at which the person likes to be called, on the next working days."""
    calendar, day = clock.work_calendar(), clock.local(now).date()
    liked = [Daytime(name) for name in Daytime.values if name in record.call_times] or WHEN_NOBODY_SAID
    days = [day := calendar.next_working_day(day) for _nth in range(DAYS_AHEAD)]
    starts = [clock.wall_time(on, CALLED_AT[name]) for on, name in product(days, liked)]
    return [DateTimeTZRange(start, start + timedelta(minutes=CALL_MINUTES)) for start in starts]


@verb
def settle_call(call: int, called: Called, *, version: int, by: Actor, now: datetime) -> None:
    """Note what came of the call: the request it belongs to gets its time, waits on, or ends.

    The volunteer stands in for the person here; the log says so. `version` is that of the other request as
    the form showed it. Raises NotPossible.
    """
    parent = AssistanceRequest.objects.values_list("callback_for_id", flat=True).get(pk=call)
    record, child = lock(parent or 0), lock(call)
    live = Assignment.objects.filter(assistance=child, state=AssignmentState.AGREED.value).first()
    if live is None or not _is_own(live, by) or record.is_final:
        raise NotPossible(_("Dieser Rückruf ist schon erledigt."))
    if version != record.version or record.state != RequestState.OPEN:
        raise NotPossible(_("Die Anfrage hat sich geändert. Bitte rufen Sie uns an."))
    lock_people([live.volunteer_id])
    match called.result:
        case CallResult.FOUND:
            _enter_the_time(record, called, by=by, now=now)
        case CallResult.NOT_REACHED:
            _note_down(record, "not_reached", by=by, now=now)
        case CallResult.NO_HELP:
            make(record, "call_off", by=by, now=now, ended_by=Who.CLIENT.value, ended_late=False)
            figures.write(record)
            _tell(record, now=now, what=mails.tell_cancelled)
    if called.note:
        InternalNote.objects.create(assistance=record, author=None, written_at=now, text=called.note)
    _finish(child, live, called.result, by=by, now=now)


def leave_to_the_office(assistance: int, outcome: str, *, by: Actor, now: datetime) -> None:
    """A call was reported like any appointment, without what it found out: the log or a note says so where
    its request waits in the work queue again."""
    record = AssistanceRequest.objects.get(pk=assistance)
    if outcome != Outcome.TOOK_PLACE:
        _note_down(record, "not_reached", by=by, now=now)
    elif not record.is_final and not record.has_times:
        InternalNote.objects.create(assistance=record, author=None, written_at=now, text=NOTHING_ENTERED)


def _is_own(live: Assignment, by: Actor) -> bool:
    return by.kind.value == Who.OFFICE or (by.kind.value == Who.VOLUNTEER and by.number == live.volunteer_id)


def _enter_the_time(record: AssistanceRequest, called: Called, *, by: Actor, now: datetime) -> None:
    if called.change is None or called.change.period.lower <= now:
        raise NotPossible(_("Der neue Termin liegt in der Vergangenheit."))
    verdicts = rewrite(record, called.change, by=by, now=now)
    if wants_a_look(record, verdicts, by=by):
        look_again(record, by=by, now=now)
    _tell(record, now=now, what=mails.tell_changed)


def _tell(record: AssistanceRequest, *, now: datetime, what: MailFunction) -> None:
    # Whoever has no address heard it in the call.
    if mails.requester_address(record):
        mails.send_to_requester(what, record, now=now)


def _finish(
    child: AssistanceRequest, live: Assignment, result: CallResult, *, by: Actor, now: datetime
) -> None:
    reached = result != CallResult.NOT_REACHED
    move = "finish_call" if reached else "call_unanswered"
    make(live, move, by=by, now=now, ended_at=now, minutes=CALL_MINUTES if reached else 0)
    make(child, "finish_call", by=by, now=now)
    loads.settle(live.volunteer_id, now=now)


def _note_down(record: AssistanceRequest, action: str, *, by: Actor, now: datetime) -> None:
    audit.record(
        by, action, kind=ASSISTANCE, number=record.pk, before=record.state, after=record.state, at=now
    )
