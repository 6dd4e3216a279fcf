"""Until when somebody may answer."""

from __future__ import annotations

from datetime import datetime

from lotsen_portal import clock
from lotsen_portal.models import Programme
from requests_app.models import Offer
from requests_app.states import OfferState


def deadline(offer: Offer, *, at: datetime) -> datetime:
    """Until when this offer can be answered (UTC): the running deadline, or the one that a hand-over at this
    moment would start.

    The programme's hours are working hours; an appointment that begins sooner ends the deadline.
    """
    if offer.deadline is not None:
        return offer.deadline
    latest = clock.work_calendar().add_working_hours(at, Programme.current().offer_deadline_hours)
    starts = offer.assistance.begins_at(now=at)
    return min(latest, starts) if starts else latest


def handed_over(offer: int, at: datetime) -> None:
    """Start the deadline of an offer (by number) at the moment its first mail was handed over to SMTP.

    A later mail about the same offer leaves the deadline alone.
    """
    record = Offer.objects.select_related("assistance").get(pk=offer)
    if record.state != OfferState.PENDING or record.sent_at is not None:
        return
    record.sent_at, record.deadline = at, deadline(record, at=at)
    record.save(update_fields=["sent_at", "deadline"])
