"""The office starts, watches, pauses, changes and stops a search; the clock carries it on."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import F, Max, Q

from lotsen_portal import audit, clock
from lotsen_portal.audit import Actor
from lotsen_portal.models import User
from lotsen_portal.verbs import verb
from requests_app import mails, matching
from requests_app.models import AssistanceRequest, Campaign, CampaignKind, Offer, Place
from requests_app.states import CampaignState, OfferState
from requests_app.workflow.asking import refuse_what_cannot_be_asked
from requests_app.workflow.errors import NeedsReason, NotPossible
from requests_app.workflow.ground import CAMPAIGN, lock, lock_people, make
from requests_app.workflow.stepping import carry_on, live_campaign, next_in_line, waiting
from volunteers.models import Volunteer

STEPS_AT_ONCE: Final = 200


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How a search asks: one after the other or in waves, how many, how fast, and whose yes counts."""

    kind: str
    size: int
    interval_hours: int
    needs_choice: bool
    enough: int = 1

    def values(self) -> dict[str, object]:
        """The columns of a search; a cascade asks one person at a time."""
        return {
            "kind": self.kind,
            "size": 1 if self.kind == CampaignKind.CASCADE else self.size,
            "interval_hours": self.interval_hours,
            "needs_choice": self.needs_choice,
            "enough": self.enough,
        }


@verb
def start_campaign(
    assistance: int,
    plan: Plan,
    *,
    volunteers: Sequence[int],
    by: Actor,
    user: User | None,
    now: datetime,
) -> Campaign:
    """Begin to ask these volunteers (by number, in this order) by and by; the first are asked at once.

    Takes the place of a search that has run out of people. Raises NotPossible while another one is going on.
    """
    record = lock(assistance)
    people = lock_people(volunteers)
    refuse_what_cannot_be_asked(record, by=by, now=now)
    before = live_campaign(record)
    if before is not None and before.state != CampaignState.EXHAUSTED:
        raise NotPossible("Für diese Anfrage läuft schon eine Suche.")
    order = [number for number in dict.fromkeys(volunteers) if number in people]
    if not order:
        raise NotPossible("Bitte wählen Sie mindestens eine Person aus.")
    if before is not None:
        make(before, "stop", by=by, now=now, ended_at=now)
    campaign = Campaign.objects.create(
        assistance=record, started_by=user, started_at=now, next_at=now, **plan.values()
    )
    Place.objects.bulk_create(
        Place(campaign=campaign, volunteer_id=number, rank=rank) for rank, number in enumerate(order, start=1)
    )
    audit.record(by, "start", kind=CAMPAIGN, number=campaign.pk, after=campaign.state, at=now)
    carry_on(record, people, now=now, patient=False)
    return campaign


def _locked(assistance: int, more: Collection[int] = ()) -> tuple[AssistanceRequest, dict[int, Volunteer]]:
    record = lock(assistance)
    return record, lock_people({*more, *next_in_line(record.pk)})


def _live(record: AssistanceRequest) -> Campaign:
    campaign = live_campaign(record)
    if campaign is None:
        raise NotPossible("Diese Suche ist beendet.")
    return campaign


@verb
def pause_campaign(assistance: int, *, by: Actor, now: datetime) -> None:
    """Ask nobody further until the search is resumed; who was asked can still answer."""
    make(_live(lock(assistance)), "pause", by=by, now=now, next_at=None)


@verb
def resume_campaign(assistance: int, *, by: Actor, now: datetime) -> None:
    """Go on with a paused search; while somebody may still answer, the interval begins anew."""
    record = lock(assistance)
    # A paused search has nobody in line before it runs again.
    campaign = _live(record)
    make(campaign, "resume", by=by, now=now)
    people = lock_people(next_in_line(record.pk))
    _plan_anew(record, campaign, now=now)
    carry_on(record, people, now=now)


@verb
def stop_campaign(assistance: int, *, by: Actor, now: datetime) -> None:
    """End a search; who was asked can still answer."""
    make(_live(lock(assistance)), "stop", by=by, now=now, next_at=None, ended_at=now)


@verb
def advance_campaign(assistance: int, *, by: Actor, now: datetime) -> list[Offer]:
    """Ask the next people now, without waiting for the interval. Raises NotPossible if nobody is left."""
    record, people = _locked(assistance)
    campaign = _live(record)
    if campaign.state != CampaignState.RUNNING or not waiting(campaign):
        raise NotPossible("Auf der Liste steht niemand mehr, den Sie jetzt anfragen können.")
    Campaign.objects.filter(pk=campaign.pk).update(next_at=now)
    audit.record(
        by, "advance", kind=CAMPAIGN, number=campaign.pk, before=campaign.state, after=campaign.state, at=now
    )
    return carry_on(record, people, now=now, patient=False)


@verb
def adjust_campaign(assistance: int, plan: Plan, *, by: Actor, now: datetime) -> None:
    """Change how the search goes on; what was asked already stays as it was asked."""
    record, people = _locked(assistance)
    campaign = _live(record)
    for name, value in plan.values().items():
        setattr(campaign, name, value)
    campaign.save(update_fields=[*plan.values()])
    audit.record(
        by, "adjust", kind=CAMPAIGN, number=campaign.pk, before=campaign.state, after=campaign.state, at=now
    )
    if campaign.state == CampaignState.RUNNING:
        _plan_anew(record, campaign, now=now)
        carry_on(record, people, now=now)


def _plan_anew(record: AssistanceRequest, campaign: Campaign, *, now: datetime) -> None:
    """Reckon the next step from the last hand-over, or from now where nothing has left yet."""
    pending = record.offers.filter(state=OfferState.PENDING.value)
    if not waiting(campaign):
        campaign.next_at = None
    elif pending.exists():
        since = pending.aggregate(last=Max("sent_at"))["last"] or now
        campaign.next_at = clock.work_calendar().add_working_hours(since, campaign.interval_hours)
    campaign.save(update_fields=["next_at"])


@verb
def add_to_campaign(
    assistance: int, *, volunteer: int, override: str = "", by: Actor, now: datetime
) -> Place:
    """Put somebody at the end of the list; a search that had run out of people goes on.

    Raises NotPossible for a rule that holds in any case, NeedsReason for one that the office may override.
    """
    record, people = _locked(assistance, [volunteer])
    campaign, person = _live(record), people[volunteer]
    if campaign.places.filter(volunteer=volunteer, offer=None, skipped="").exists():
        raise NotPossible(f"{person.name} steht schon auf der Liste.")
    obstacles = matching.obstacles(record, person, now=now)
    for obstacle in obstacles:
        if not obstacle.overridable:
            raise NotPossible(f"{person.name}: {obstacle.sentence}")
    if obstacles and not override:
        raise NeedsReason(f"{person.name}: {obstacles[0].sentence}")
    last = campaign.places.aggregate(last=Max("rank"))["last"] or 0
    campaign.places.filter(volunteer=volunteer).delete()
    place = Place.objects.create(
        campaign=campaign, volunteer=person, rank=last + 1, override=override if obstacles else ""
    )
    audit.record(
        by, "add", kind=CAMPAIGN, number=campaign.pk, before=campaign.state, after=campaign.state, at=now
    )
    if campaign.state == CampaignState.EXHAUSTED:
        make(campaign, "refill", by=by, now=now)
    elif campaign.state == CampaignState.RUNNING and campaign.next_at is None:
        _plan_anew(record, campaign, now=now)
    carry_on(record, people, now=now)
    return place


def _waiting_place(campaign: Campaign, number: int) -> Place:
    place = campaign.places.filter(pk=number).first()
    if place is None or not place.is_waiting:
        raise NotPossible("Diese Person ist schon gefragt oder steht nicht mehr auf der Liste.")
    return place


@verb
def remove_from_campaign(assistance: int, *, place: int, by: Actor, now: datetime) -> None:
    """Take somebody off the list whose turn has not come yet."""
    record, people = _locked(assistance)
    campaign = _live(record)
    _waiting_place(campaign, place).delete()
    audit.record(
        by, "remove", kind=CAMPAIGN, number=campaign.pk, before=campaign.state, after=campaign.state, at=now
    )
    if campaign.state == CampaignState.RUNNING and not waiting(campaign):
        campaign.next_at = None
        campaign.save(update_fields=["next_at"])
        carry_on(record, people, now=now)


@verb
def move_up(assistance: int, *, place: int, by: Actor, now: datetime) -> None:
    """Let somebody change places with whoever comes before; nothing happens to the first."""
    campaign = _live(lock(assistance))
    own = _waiting_place(campaign, place)
    before = [other for other in waiting(campaign) if (other.rank, other.pk) < (own.rank, own.pk)]
    if not before:
        return
    other = before[-1]
    Place.objects.filter(pk=own.pk).update(rank=other.rank)
    Place.objects.filter(pk=other.pk).update(rank=own.rank)
    audit.record(
        by, "move_up", kind=CAMPAIGN, number=campaign.pk, before=campaign.state, after=campaign.state, at=now
    )


def carry_on_campaigns(now: datetime) -> int:
    """Take the next step of every search whose moment has come, or whose last mail came to nothing.

    Returns how many requests were looked at, at most 200 a call.
    """
    running = Campaign.objects.filter(state=CampaignState.RUNNING.value)
    waits = Offer.objects.select_related("assistance").filter(
        place__campaign__state=CampaignState.RUNNING.value, place__skipped="", state=OfferState.PENDING.value
    )
    lost = mails.undelivered_offers(list(waits))
    due = running.filter(Q(next_at__lte=now) | Q(places__offer__in=lost))
    numbers = due.order_by(F("next_at").asc(nulls_first=True)).values_list("assistance_id", flat=True)
    chosen = list(dict.fromkeys(numbers[:STEPS_AT_ONCE]))
    for number in chosen:
        _continue(number, now=now)
    return len(chosen)


@verb
def _continue(assistance: int, *, now: datetime) -> None:
    record, people = _locked(assistance)
    carry_on(record, people, now=now)
