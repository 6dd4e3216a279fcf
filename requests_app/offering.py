"""Until when somebody may answer."""

from __future__ import annotations

from datetime import datetime

from lotsen_portal import clock
from lotsen_portal.models import Programme
from requests_app.models import Offer
from requests_app.states import OfferState


def handed_over(offer: int, at: datetime) -> None:
    """Start the deadline of an offer (by number) at the moment its first mail was handed over to SMTP.

    The programme's hours are working hours; an appointment that begins sooner ends the deadline. A later
    mail about the same offer leaves the deadline alone.
    """
    record = Offer.objects.select_related("assistance").get(pk=offer)
    if record.state != OfferState.PENDING or record.sent_at is not None:
        return
    deadline = clock.work_calendar().add_working_hours(at, Programme.current().offer_deadline_hours)
    starts = record.assistance.starts
    record.sent_at, record.deadline = at, min(deadline, starts) if starts else deadline
    record.save(update_fields=["sent_at", "deadline"])
