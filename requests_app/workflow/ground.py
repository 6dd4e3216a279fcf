"""What all verbs share: one transaction, locks in a fixed order, legal moves, a line in the log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from lotsen_portal import audit, verbs
from lotsen_portal.audit import Actor, ActorKind
from requests_app.models import Assignment, AssistanceRequest, Campaign, Offer
from requests_app.states import (
    ASSIGNMENT_MOVES,
    CAMPAIGN_MOVES,
    FINAL,
    OFFER_MOVES,
    REQUEST_MOVES,
    UNANSWERED,
    RequestState,
    Who,
)
from requests_app.workflow.errors import Busy, NotPossible, Taken
from volunteers.models import Volunteer

ASSISTANCE: Final = "assistance"
OFFER: Final = "offer"
ASSIGNMENT: Final = "assignment"
CAMPAIGN: Final = "campaign"

Record = AssistanceRequest | Offer | Assignment | Campaign

# A constraint that two people run into at once, and what the slower one is told.
LOSERS: Final[Mapping[str, type[NotPossible]]] = {
    "one_place_at_a_time": Busy,
    "one_live_assignment_per_request": Taken,
    "one_accepted_offer_per_request": Taken,
}


@contextmanager
def settled_by_the_database() -> Iterator[None]:
    """Turn the violation of a constraint that decides races into the sentence for the slower one."""
    with verbs.settled_by_the_database(LOSERS):
        yield


def lock(assistance: int) -> AssistanceRequest:
    """Lock one request by number and read it as it is now; people are locked after it, by `lock_people`."""
    return AssistanceRequest.objects.select_for_update(of=("self",), no_key=True).get(pk=assistance)


def lock_all(assistances: Iterable[int]) -> list[AssistanceRequest]:
    """Lock several requests in the order of their numbers and read them as they are now."""
    rows = AssistanceRequest.objects.select_for_update(of=("self",), no_key=True)
    return list(rows.filter(pk__in=list(assistances)).order_by("pk"))


def lock_people(volunteers: Iterable[int]) -> dict[int, Volunteer]:
    """Lock volunteers in the order of their numbers, so that two verbs never wait for each other."""
    rows = Volunteer.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=set(volunteers))
    return {volunteer.pk: volunteer for volunteer in rows.order_by("pk")}


def _moves_of(record: Record) -> tuple[str, Mapping[str, Any]]:
    if isinstance(record, AssistanceRequest):
        return ASSISTANCE, REQUEST_MOVES
    if isinstance(record, Offer):
        return OFFER, OFFER_MOVES
    if isinstance(record, Campaign):
        return CAMPAIGN, CAMPAIGN_MOVES
    return ASSIGNMENT, ASSIGNMENT_MOVES


def may(record: Record, move: str, by: Actor) -> bool:
    """Whether this actor may make this move from the record's present state."""
    _kind, moves = _moves_of(record)
    froms, _to, who = moves[move]
    return record.state in froms and Who(by.kind.value) in who


def make(record: Record, move: str, *, by: Actor, now: datetime, **changes: object) -> None:
    """Make a legal move, write the named other fields with it, and log it.

    Raises NotPossible when MOVES does not allow it.
    """
    if not may(record, move, by):
        raise NotPossible
    kind, moves = _moves_of(record)
    before, record.state = record.state, moves[move][1].value
    if isinstance(record, AssistanceRequest):
        changes.setdefault("ended_at", now if record.state in FINAL else None)
    for name, value in changes.items():
        setattr(record, name, value)
    record.save(update_fields=["state", *changes])
    audit.record(by, move, kind=kind, number=record.pk, before=before, after=record.state, at=now)


def has_begun(assistance: AssistanceRequest, *, now: datetime) -> bool:
    """Whether the agreed appointment has begun, so that only the office still settles the request."""
    return (
        assistance.state == RequestState.CONFIRMED
        and assistance.starts is not None
        and assistance.starts <= now
    )


def refuse_if_begun(assistance: AssistanceRequest, *, by: Actor, now: datetime) -> None:
    """Raise NotPossible when anybody but the office would undo an appointment that has begun."""
    if by.kind != ActorKind.OFFICE and has_begun(assistance, now=now):
        raise NotPossible(_("Der Termin hat schon begonnen. Bitte rufen Sie das Integrationsamt an."))


def refuse_if_withdrawn(assistance: AssistanceRequest) -> None:
    """Raise NotPossible where nothing is known any more about whom a request was for."""
    if assistance.is_withdrawn:
        raise NotPossible(_("Die Einwilligung ist widerrufen und die Angaben sind gelöscht."))


def refuse_strangers(assistance: AssistanceRequest, *, by: Actor) -> None:
    """Raise NotPossible when somebody known by a request of their own would act on another one."""
    own = {assistance.pk, assistance.callback_for_id}  # a call that the office had made for a request
    if by.kind == ActorKind.CLIENT and by.number not in own:
        raise NotPossible


def fall_back_if_nobody_is_left(assistance: AssistanceRequest, *, by: Actor, now: datetime) -> None:
    """Bring a request whose last unanswered offer ended back to the office's desk."""
    if assistance.state != RequestState.OFFERED:
        return
    if not assistance.offers.filter(state__in=UNANSWERED).exists():
        make(assistance, "fall_back", by=by, now=now)
