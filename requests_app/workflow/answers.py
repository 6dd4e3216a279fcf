"""What volunteers answer, and what becomes of an offer that nobody answers."""

from __future__ import annotations

from datetime import datetime

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q, QuerySet

from lotsen_portal import audit
from lotsen_portal.audit import CLOCK, Actor
from lotsen_portal.verbs import verb
from requests_app import mails, offering
from requests_app.models import Assignment, AssistanceRequest, Offer
from requests_app.states import UNANSWERED, AssignmentState, OfferState, RequestState, Who
from requests_app.workflow.errors import (
    AlreadyAnswered,
    Busy,
    Changed,
    NeedsTime,
    NotPossible,
    Taken,
    TooLate,
    Withdrawn,
)
from requests_app.workflow.ground import (
    ASSIGNMENT,
    fall_back_if_nobody_is_left,
    lock,
    lock_people,
    make,
    may,
    settled_by_the_database,
)
from requests_app.workflow.stepping import carry_on, finish_search, go_on_after_a_loss, next_in_line
from volunteers.models import Volunteer

EXPIRED_AT_ONCE = 200


def _locked(offer: int) -> tuple[AssistanceRequest, Offer]:
    """Lock the request behind an offer and the volunteer, then read the offer as it is now."""
    numbers = Offer.objects.values_list("assistance_id", "volunteer_id").get(pk=offer)
    assistance = lock(numbers[0])
    lock_people([numbers[1]])
    return assistance, Offer.objects.select_related("volunteer").get(pk=offer)


def _locked_with_the_next(offer: int) -> tuple[AssistanceRequest, Offer, dict[int, Volunteer]]:
    """The same for an answer after which a search may ask the next people at once."""
    numbers = Offer.objects.values_list("assistance_id", "volunteer_id").get(pk=offer)
    assistance = lock(numbers[0])
    people = lock_people([numbers[1], *next_in_line(assistance.pk)])
    return assistance, Offer.objects.select_related("volunteer").get(pk=offer), people


def refusal(assistance: AssistanceRequest, offer: Offer, *, now: datetime) -> NotPossible | None:
    """Why this offer can no longer be answered, or None while it can."""
    if offer.state in {OfferState.ACCEPTED, OfferState.DECLINED}:
        return AlreadyAnswered()
    if offer.state == OfferState.NOT_CHOSEN or assistance.state == RequestState.CONFIRMED:
        return Taken()
    if offer.state == OfferState.WITHDRAWN or assistance.is_final:
        return Withdrawn()
    if offer.state == OfferState.EXPIRED or assistance.is_past(now=now):
        return TooLate()
    return None


def _chosen_period(assistance: AssistanceRequest, time: int | None, *, now: datetime) -> DateTimeTZRange:
    """The period that a yes is about: the request's own, or the proposed time with this number."""
    if assistance.period is not None:
        period: DateTimeTZRange = assistance.period
        return period
    proposals = assistance.proposals()
    if not proposals:
        raise NotPossible
    chosen = next((proposal for proposal in proposals if proposal.pk == time), None)
    if chosen is None or chosen.starts <= now:
        raise NeedsTime
    return chosen.period


@verb
def accept(offer: int, *, version: int, by: Actor, now: datetime, time: int | None = None) -> Assignment:
    """Say yes to the version of the request that the page showed; everybody who waits hears of it.

    `time` is the number of the ProposedTime that suits, where several were proposed; without one it is that
    which the willing volunteer picked.
    Raises Taken, Busy, AlreadyAnswered, Withdrawn, TooLate, Changed or NeedsTime; exactly one of many wins.
    """
    assistance, record = _locked(offer)
    if problem := refusal(assistance, record, now=now):
        raise problem
    if version != assistance.version:
        raise Changed
    if not may(record, "accept", by) or _waits_for_the_choice(record, by):
        raise NotPossible
    period = _chosen_period(assistance, time or record.time_id, now=now)
    assignment, thanked = settle(assistance, record, period, by=by, now=now)
    for other in thanked:
        mails.send_to_volunteer(mails.thank_not_needed, other, now=now)
    mails.send_agreement(assistance, assignment, now=now)
    return assignment


def settle(
    assistance: AssistanceRequest, record: Offer, period: DateTimeTZRange, *, by: Actor, now: datetime
) -> tuple[Assignment, list[Offer]]:
    """Write a yes that nothing speaks against, without its mails; returns also whom to thank."""
    with settled_by_the_database():
        make(record, "accept", by=by, now=now, answered_at=now, version=assistance.version)
        assignment = Assignment.objects.create(
            assistance=assistance,
            volunteer=record.volunteer,
            offer=record,
            period=period,
            version=assistance.version,
            agreed_at=now,
        )
    audit.record(by, "agree", kind=ASSIGNMENT, number=assignment.pk, after=assignment.state, at=now)
    others = assistance.offers.filter(state__in=UNANSWERED).select_related("volunteer").order_by("pk")
    thanked = list(others)
    for other in thanked:
        make(other, "thank", by=by, now=now)
    make(assistance, "agree", by=by, now=now, period=period, times_proposed=False, wants_call=False)
    finish_search(assistance, by=by, now=now)
    return assignment, thanked


def _waits_for_the_choice(offer: Offer, by: Actor) -> bool:
    return offer.needs_choice and by.kind.value == Who.VOLUNTEER


@verb
def be_willing(offer: int, *, version: int, by: Actor, now: datetime, time: int | None = None) -> None:
    """Say yes to an offer whose yes the office still decides; `accept` by the office then chooses.

    Takes and raises what `accept` does; the time that was picked is kept until then.
    """
    assistance, record = _locked(offer)
    if record.state == OfferState.WILLING:
        raise AlreadyAnswered
    if problem := refusal(assistance, record, now=now):
        raise problem
    if version != assistance.version:
        raise Changed
    if not record.needs_choice:
        raise NotPossible
    period = _chosen_period(assistance, time, now=now)
    if Assignment.objects.live().filter(volunteer=record.volunteer, period__overlap=period).exists():
        raise Busy
    picked = None if assistance.period else time
    make(record, "be_willing", by=by, now=now, answered_at=now, version=assistance.version, time_id=picked)


@verb
def decline(offer: int, *, reason: str, by: Actor, now: datetime, version: int | None = None) -> None:
    """Say no, with or without a reason; it counts for the present version of the request only.

    `version` is the one that the page showed: who says no to Tuesday may be free on Wednesday. Without one
    (the office on the telephone) it is the present one.
    """
    assistance, record, people = _locked_with_the_next(offer)
    if problem := refusal(assistance, record, now=now):
        raise problem
    if version not in {None, assistance.version}:
        raise Changed
    make(record, "decline", by=by, now=now, answered_at=now, reason=reason, version=assistance.version)
    search_on(assistance, record, people, by=by, now=now)


def search_on(
    assistance: AssistanceRequest, offer: Offer, people: dict[int, Volunteer], *, by: Actor, now: datetime
) -> None:
    """An offer ended without a yes: who waits for one hears of it, and the search asks the next people.

    `people` are the locked ones of `next_in_line`.
    """
    lost = _tell_of_the_lost_yes(assistance, offer, now=now)
    fall_back_if_nobody_is_left(assistance, by=by, now=now)
    if lost:
        offering.search_anew(assistance, now=now)
        go_on_after_a_loss(assistance, people, by=by, now=now)
    else:
        carry_on(assistance, people, now=now)


def _tell_of_the_lost_yes(assistance: AssistanceRequest, offer: Offer, *, now: datetime) -> bool:
    """Whoever agreed to an earlier version will not come to this one: take both calendar entries back.

    The requester had a yes until the change, and hears that the search goes on. Whether it was so.
    """
    latest = assistance.assignments.order_by("-pk").first()
    if latest is None or (latest.volunteer_id, latest.state) != (offer.volunteer_id, AssignmentState.CHANGED):
        return False
    if offer.state != OfferState.WITHDRAWN:  # that mail takes the entry back by itself
        mails.send_to_volunteer(mails.tell_released, offer, now=now)
    mails.send_to_requester(mails.tell_reopened, assistance, now=now)
    return True


@verb
def withdraw_offer(offer: int, *, by: Actor, now: datetime) -> None:
    """Take an unanswered offer back; the volunteer hears that nothing is to be done any more."""
    assistance, record, people = _locked_with_the_next(offer)
    if record.state in {OfferState.ACCEPTED, OfferState.DECLINED}:
        raise AlreadyAnswered
    make(record, "withdraw", by=by, now=now)
    mails.send_to_volunteer(mails.tell_withdrawn, record, now=now)
    search_on(assistance, record, people, by=by, now=now)


@verb
def correct_no(offer: int, *, by: Actor, now: datetime) -> None:
    """Undo a "no" that the office noted by mistake: the volunteer is asked again, with a new deadline."""
    assistance, record = _locked(offer)
    if assistance.state not in {RequestState.OPEN, RequestState.OFFERED}:
        raise NotPossible
    record.assistance, record.deadline = assistance, None
    until = offering.deadline(record, at=now)
    make(record, "correct_no", by=by, now=now, answered_at=None, reason="", deadline=until)
    make(assistance, "ask", by=by, now=now)


def expire_offers(now: datetime) -> int:
    """End every pending offer whose deadline has passed, and every question that nobody read and every yes
    that nobody chose until the appointment began; returns how many, at most 200 of each a call.
    """
    pending = Offer.objects.filter(state=OfferState.PENDING.value)
    _stop_deadlines(pending.filter(deadline__isnull=False))
    due = pending.filter(deadline__lte=now).order_by("deadline")
    unsent = pending.filter(deadline=None, assistance__period__startswith__lte=now).order_by("pk")
    begun = Q(assistance__period__startswith__lte=now) | Q(
        ~Q(assistance__proposed_times__period__startswith__gt=now), assistance__times_proposed=True
    )
    unchosen = Offer.objects.filter(begun, state=OfferState.WILLING.value)
    numbers = [
        number for rows in (due, unsent) for number in rows.values_list("pk", flat=True)[:EXPIRED_AT_ONCE]
    ]
    willing = list(unchosen.order_by("pk").values_list("pk", flat=True)[:EXPIRED_AT_ONCE])
    return sum(_expire(number, now=now) for number in numbers) + sum(
        _let_go(number, now=now) for number in willing
    )


def _stop_deadlines(pending: QuerySet[Offer]) -> None:
    """Let no time run for those whose question came back after all; the work queue says to phone them."""
    unreached = mails.undelivered_offers(list(pending.select_related("assistance")))
    pending.filter(pk__in=unreached).update(sent_at=None, deadline=None)


@verb
def _let_go(offer: int, *, now: datetime) -> int:
    """Tell somebody who would have come that nobody chose, so that a yes never ends in silence."""
    assistance, record = _locked(offer)
    if record.state != OfferState.WILLING or not assistance.is_past(now=now):
        return 0
    make(record, "withdraw", by=CLOCK, now=now)
    mails.send_to_volunteer(mails.tell_withdrawn, record, now=now)
    fall_back_if_nobody_is_left(assistance, by=CLOCK, now=now)
    carry_on(assistance, {}, now=now)
    return 1


@verb
def _expire(offer: int, *, now: datetime) -> int:
    assistance, record, people = _locked_with_the_next(offer)
    over = record.deadline or assistance.starts
    if record.state != OfferState.PENDING or over is None or over > now:
        return 0
    make(record, "expire", by=CLOCK, now=now)
    search_on(assistance, record, people, by=CLOCK, now=now)
    return 1
