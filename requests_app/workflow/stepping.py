"""The steps of a search: who is asked next, and what becomes of the search when something happens.

Every function here is called by a verb that has locked the request, and the people of `next_in_line` with
the others, in the same transaction as the no, the expiry or the withdrawal that makes room.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from lotsen_portal import clock
from lotsen_portal.audit import CLOCK, Actor
from lotsen_portal.models import Programme
from requests_app import mails, matching, offering
from requests_app.models import AssistanceRequest, Campaign, Offer, Place
from requests_app.states import SEARCHING, CampaignState, OfferState, RequestState
from requests_app.workflow.asking import put_question
from requests_app.workflow.ground import make, may
from volunteers.models import Volunteer

LOOK_AHEAD: Final = 20
TOO_LATE: Final = "too_late"
UNREACHED: Final = "unreached"
RETRY_HOURS: Final = 1


def live_campaign(assistance: AssistanceRequest) -> Campaign | None:
    """The search of a request that is running, paused or exhausted."""
    return assistance.campaigns.filter(state__in=SEARCHING).first()


def waiting(campaign: Campaign) -> list[Place]:
    """The places whose turn is still to come, in their order."""
    return list(campaign.places.filter(offer=None, skipped="").order_by("rank", "pk"))


def next_in_line(assistance: int) -> list[int]:
    """Whom the latest search of a request would ask next (volunteers by number), so that a verb can lock
    them together with the others."""
    campaign = Campaign.objects.filter(assistance=assistance).order_by("-pk").first()
    if campaign is None or campaign.state not in {
        CampaignState.RUNNING,
        CampaignState.EXHAUSTED,
        CampaignState.FINISHED,
    }:
        return []
    places = campaign.places.filter(offer=None)
    # A change of the request puts those who were passed over back on the list.
    return list(places.order_by("rank", "pk").values_list("volunteer_id", flat=True)[: 2 * LOOK_AHEAD])


def carry_on(
    record: AssistanceRequest, people: Mapping[int, Volunteer], *, now: datetime, patient: bool = True
) -> list[Offer]:
    """Ask the next people of the running search if it is their turn; returns the new offers.

    It is, when nobody is left who could say yes, or when the interval has passed. A `patient` search waits
    for a mail that is still on its way.
    """
    campaign = record.campaigns.filter(state=CampaignState.RUNNING.value).first()
    if campaign is None or record.state not in {RequestState.OPEN, RequestState.OFFERED}:
        return []
    unanswered = list(record.offers.unanswered().select_related("volunteer"))
    willing = sum(offer.state == OfferState.WILLING for offer in unanswered)
    if campaign.needs_choice and willing >= campaign.enough:
        _plan(campaign, None)
        return []
    pending = _reached([offer for offer in unanswered if offer.state == OfferState.PENDING])
    due = campaign.next_at is not None and campaign.next_at <= now
    if pending and not due:
        return []
    if due and patient and _on_the_way(pending, now=now):
        _plan(campaign, clock.work_calendar().add_working_hours(now, RETRY_HOURS))
        return []
    asked = _ask_next(campaign, record, people, now=now)
    if not (asked or pending or willing) and campaign.next_at is None:
        make(campaign, "exhaust", by=CLOCK, now=now)
    return asked


def _reached(pending: list[Offer]) -> list[Offer]:
    """Leave out whom no mail reached, and note it on the list; such an offer can still be answered."""
    lost = mails.undelivered_offers(pending)
    Place.objects.filter(offer__in=lost, skipped="").update(skipped=UNREACHED)
    return [offer for offer in pending if offer.pk not in lost]


def _on_the_way(pending: list[Offer], *, now: datetime) -> bool:
    """Whether a mail is still on its way, so that asking more people would not be faster."""
    return any(
        offer.sent_at is None and offer.volunteer.email and (offer.waits_until or now) <= now
        for offer in pending
    )


def _plan(campaign: Campaign, next_at: datetime | None) -> None:
    campaign.next_at = next_at
    campaign.save(update_fields=["next_at"])


def _ask_next(
    campaign: Campaign, record: AssistanceRequest, people: Mapping[int, Volunteer], *, now: datetime
) -> list[Offer]:
    """Ask as many of the next people as the search asks at once, pass over whom a rule speaks against."""
    asked: list[Offer] = []
    if _may_still_ask(record, now=now):
        for place in waiting(campaign):
            if len(asked) == campaign.size:
                break
            if place.volunteer_id not in people:  # not locked, so the clock goes on with them
                _plan(campaign, now)
                return asked
            offer = _take_turn(campaign, record, place, people[place.volunteer_id], now=now)
            asked += [offer] if offer else []
    if asked:
        make(record, "ask", by=CLOCK, now=now)
    leaves = max((offer.waits_until or now for offer in asked), default=now)
    following = clock.work_calendar().add_working_hours(leaves, campaign.interval_hours)
    _plan(campaign, following if asked and waiting(campaign) else None)
    return asked


def _may_still_ask(record: AssistanceRequest, *, now: datetime) -> bool:
    if record.is_past(now=now):
        return False
    over = record.search_ends_at is not None and record.search_ends_at <= now
    return not (over and Programme.current().gives_up_alone)


def _take_turn(
    campaign: Campaign, record: AssistanceRequest, place: Place, volunteer: Volunteer, *, now: datetime
) -> Offer | None:
    """Ask one person whose turn has come, judged anew; None where a rule speaks against it by now."""
    leaves = offering.waits_until(record, volunteer.pk, now=now)
    against = [
        obstacle.rule
        for obstacle in matching.obstacles(record, volunteer, now=now)
        if not (obstacle.overridable and place.override)
    ]
    if offering.too_late(record, leaves):
        against.append(TOO_LATE)
    if against:
        place.skipped = against[0]
        place.save(update_fields=["skipped"])
        return None
    place.offer = put_question(
        record,
        volunteer,
        by=CLOCK,
        user=campaign.started_by,
        override=place.override,
        needs_choice=campaign.needs_choice,
        leaves=leaves,
        now=now,
    )
    place.save(update_fields=["offer"])
    return place.offer


def go_on_after_a_loss(
    record: AssistanceRequest, people: Mapping[int, Volunteer], *, by: Actor, now: datetime
) -> None:
    """Whoever had agreed does not come: a search that had ended with the yes asks the rest of its list."""
    latest = record.campaigns.order_by("-pk").first()
    if latest is not None and may(latest, "revive", by) and waiting(latest):
        make(latest, "revive", by=by, now=now, next_at=None, ended_at=None)
    carry_on(record, people, now=now)


def go_on_after_a_change(
    record: AssistanceRequest, people: Mapping[int, Volunteer], *, by: Actor, now: datetime
) -> None:
    """Time, place or language changed: who was passed over may fit now, and the search goes on."""
    campaign = live_campaign(record)
    if campaign is None:
        return
    campaign.places.filter(offer=None).update(skipped="")
    if may(campaign, "refill", by) and waiting(campaign):
        make(campaign, "refill", by=by, now=now)
    carry_on(record, people, now=now)


def finish_search(record: AssistanceRequest, *, by: Actor, now: datetime) -> None:
    """End the search of a request that was agreed or has ended; nobody of it is asked any more."""
    campaign = live_campaign(record)
    if campaign is not None:
        make(campaign, "finish", by=by, now=now, next_at=None, ended_at=now)
