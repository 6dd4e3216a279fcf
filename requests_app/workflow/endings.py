"""How a request ends, and how the office corrects a wrong click."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from lotsen_portal.audit import CLOCK, Actor, ActorKind
from lotsen_portal.models import Programme
from lotsen_portal.verbs import verb
from requests_app import figures, loads, mails, offering
from requests_app.models import Assignment, AssistanceRequest, Offer, Outcome, Report, Side
from requests_app.states import UNANSWERED, AssignmentState, OfferState, RequestState
from requests_app.workflow.errors import NotPossible
from requests_app.workflow.ground import (
    lock,
    lock_people,
    make,
    may,
    refuse_if_begun,
    refuse_if_withdrawn,
    refuse_strangers,
    settled_by_the_database,
)
from requests_app.workflow.stepping import finish_search

OUTCOME_MOVES = {
    Outcome.TOOK_PLACE: "finish",
    Outcome.CLIENT_ABSENT: "client_absent",
    Outcome.LOTSE_ABSENT: "lotse_absent",
    Outcome.CANCELLED_LATE: "cancelled_late",
    Outcome.OTHER: "other",
}

GIVEN_UP_AT_ONCE = 200

REOPENING = {
    RequestState.UNFILLED: "reopen_unfilled",
    RequestState.REJECTED: "reopen_rejected",
    RequestState.CANCELLED: "reopen_cancelled",
}


def _agreed(assistance: AssistanceRequest) -> Assignment | None:
    rows = Assignment.objects.select_related("offer__volunteer").filter(
        assistance=assistance, state=AssignmentState.AGREED.value
    )
    return rows.first()


def release_everybody(record: AssistanceRequest, *, by: Actor, now: datetime) -> None:
    """Withdraw what is unanswered and cancel what was agreed; each of these people hears of it."""
    for offer, was_agreed in release(record, by=by, now=now):
        tell_of_the_end(offer, was_agreed=was_agreed, now=now)


def tell_of_the_end(offer: Offer, *, was_agreed: bool, now: datetime) -> None:
    """Tell one of those whom `release` returned."""
    told = mails.tell_cancelled_volunteer if was_agreed else mails.tell_withdrawn
    mails.send_to_volunteer(told, offer, now=now)


def release(record: AssistanceRequest, *, by: Actor, now: datetime) -> list[tuple[Offer, bool]]:
    """The same without a word: returns who is to be told, and whether that person had agreed."""
    released = []
    for offer in record.offers.filter(state__in=UNANSWERED).select_related("volunteer").order_by("pk"):
        make(offer, "withdraw", by=by, now=now)
        released.append((offer, False))
    finish_search(record, by=by, now=now)
    live = _agreed(record)
    if live:
        lock_people([live.volunteer_id])
        make(live, "cancel", by=by, now=now, ended_at=now)
        make(live.offer, "release", by=by, now=now)
        released.append((live.offer, True))
    return released


def end_calls(record: AssistanceRequest, *, by: Actor, now: datetime) -> None:
    """Call off the call that somebody was to make about a request that ends."""
    for number in record.callbacks.running().order_by("pk").values_list("pk", flat=True):
        call = lock(number)
        if may(call, "cancel", by):  # also when its hour has come and nobody entered anything yet
            _call_off(call, reason="", by=by, now=now)


def is_late_to_cancel(assistance: AssistanceRequest, *, now: datetime) -> bool:
    """Whether calling an agreed appointment off now leaves less notice than the programme's hours."""
    if assistance.state != RequestState.CONFIRMED or assistance.starts is None:
        return False
    return assistance.starts - now < timedelta(hours=Programme.current().late_cancel_hours)


@verb
def cancel(assistance: int, *, reason: str, by: Actor, now: datetime) -> None:
    """Call a request off; everybody asked or agreed hears at once, the reason stays encrypted.

    Raises NotPossible, also for an agreed appointment that has begun, unless the office calls it off.
    """
    record = lock(assistance)
    refuse_strangers(record, by=by)
    refuse_if_begun(record, by=by, now=now)
    _call_off(record, reason=reason, by=by, now=now)


def _call_off(record: AssistanceRequest, *, reason: str, by: Actor, now: datetime) -> None:
    late = is_late_to_cancel(record, now=now)
    release_everybody(record, by=by, now=now)
    make(record, "cancel", by=by, now=now, ended_by=by.kind.value, ended_late=late, reason=reason)
    end_calls(record, by=by, now=now)
    figures.write(record)
    mails.send_to_requester(mails.tell_cancelled, record, now=now)


@verb
def give_up(assistance: int, *, reason: str = "", by: Actor, now: datetime) -> None:
    """Say that nobody was found, while the requester can still act."""
    record = lock(assistance)
    release_everybody(record, by=by, now=now)
    make(record, "give_up", by=by, now=now, ended_by=by.kind.value, reason=reason)
    end_calls(record, by=by, now=now)
    figures.write(record)
    mails.send_to_requester(mails.tell_unfilled, record, now=now)


def give_up_searches(now: datetime) -> int:
    """Say "nobody found" for every search that has come to its end, if the programme wants the clock to.

    Returns how many, at most 200 a call. Whoever may still say yes keeps a search going; who was not reached
    until then does not.
    """
    if not Programme.current().gives_up_alone:
        return 0
    over = _hopeless(now).order_by("search_ends_at")
    numbers = list(over.values_list("pk", flat=True)[:GIVEN_UP_AT_ONCE])
    return sum(_give_up_search(number, now=now) for number in numbers)


def _hopeless(now: datetime) -> QuerySet[AssistanceRequest]:
    hope = Offer.objects.filter(
        Q(state=OfferState.WILLING.value)
        | Q(sent_at__isnull=False)
        | Q(asked_at__gte=OuterRef("search_ends_at")),
        assistance=OuterRef("pk"),
        state__in=UNANSWERED,
    )
    searched = [RequestState.OPEN.value, RequestState.OFFERED.value]
    return AssistanceRequest.objects.filter(state__in=searched, search_ends_at__lte=now).exclude(Exists(hope))


@verb
def _give_up_search(assistance: int, *, now: datetime) -> int:
    lock(assistance)
    if not _hopeless(now).filter(pk=assistance).exists():
        return 0
    give_up(assistance, by=CLOCK, now=now)
    return 1


@verb
def finish(assistance: int, *, outcome: str, minutes: int | None, by: Actor, now: datetime) -> None:
    """The office notes how an agreed appointment went; `minutes` is how long it took, if it took place."""
    record = lock(assistance)
    live = _agreed(record)
    if live is None or by.kind != ActorKind.OFFICE:
        raise NotPossible
    lock_people([live.volunteer_id])
    settle(record, live, outcome=outcome, minutes=minutes, by=by, now=now)
    Report.objects.update_or_create(
        assignment=live,
        side=Side.OFFICE,
        defaults={"outcome": outcome, "minutes": live.minutes, "reported_at": now},
    )


def settle(
    record: AssistanceRequest,
    live: Assignment,
    *,
    outcome: str,
    minutes: int | None,
    by: Actor,
    now: datetime,
) -> None:
    """End an agreed appointment whose request and volunteer are locked; figure and load follow."""
    took_place = outcome == Outcome.TOOK_PLACE
    make(
        live,
        OUTCOME_MOVES[Outcome(outcome)],
        by=by,
        now=now,
        ended_at=now,
        report_due=None,
        minutes=(minutes or record.minutes) if took_place else minutes,
    )
    make(record, "finish", by=by, now=now, ended_by=by.kind.value)
    figures.write(record)
    loads.settle(live.volunteer_id, now=now)


@verb
def undo_finish(assistance: int, *, reason: str, by: Actor, now: datetime) -> None:
    """Correct "Erledigt": the appointment counts as agreed again. Raises Busy if the time was given away.

    One that is over waits for the office now, since the reports so far have led to the wrong end.
    """
    record = lock(assistance)
    if not reason:
        raise NotPossible(_("Bitte nennen Sie den Grund der Korrektur."))
    refuse_if_withdrawn(record)
    live = record.assignments.filter(version=record.version).exclude(ended_at=None).order_by("-pk").first()
    if live is None:
        raise NotPossible
    lock_people([live.volunteer_id])
    with settled_by_the_database():
        asks = max(live.report_asks, 1) if live.finishes <= now else live.report_asks
        make(live, "undo_finish", by=by, now=now, ended_at=None, minutes=None, report_asks=asks)
    live.reports.filter(side=Side.OFFICE).delete()
    make(record, "undo_finish", by=by, now=now, ended_by="", reason=reason)
    figures.take_back(record)
    loads.settle(live.volunteer_id, now=now)


@verb
def reopen(assistance: int, *, reason: str, by: Actor, now: datetime) -> None:
    """Correct an ending other than "Erledigt": the request is on the office's desk again, with a reason."""
    record = lock(assistance)
    if not reason:
        raise NotPossible(_("Bitte nennen Sie den Grund der Korrektur."))
    refuse_if_withdrawn(record)
    move = REOPENING.get(RequestState(record.state))
    if move is None:
        raise NotPossible
    make(record, move, by=by, now=now, ended_by="", ended_late=None, ended_rule="", reason=reason)
    offering.search_anew(record, now=now)
    figures.take_back(record)
    mails.send_to_requester(mails.tell_reopened, record, now=now)
