"""What becomes of links and waiting mails when a volunteer's address changes."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db.models import Q

from lotsen_portal import links, outbox
from lotsen_portal.models import Purpose
from requests_app.mails.digests import ask_digest, make_answer_link
from requests_app.mails.volunteers import ask_volunteer
from requests_app.models import Offer
from requests_app.states import LIVE, OfferState
from volunteers.mails import follow_address_to_sessions
from volunteers.models import Volunteer

# What was mailed to a volunteer; a feed's address is copied from a mailbox, too.
_MAILED: Final = (Purpose.ANSWER, Purpose.REPORT, Purpose.CALENDAR)
_FUNCTIONS: Final = ("ask_volunteer", "remind_volunteer", "confirm_volunteer", "ask_report", "remind_report")


def follow_address(volunteer: Volunteer, *, now: datetime) -> None:
    """No link that went to the old address opens anything from now on, and nothing more goes there.

    Open questions are asked again at the new address; appointments keep a link for the mails to come.
    Without a new address the office is told to phone, as for everybody who has none.
    """
    for purpose in _MAILED:
        links.revoke(purpose=purpose, holder=volunteer.pk, now=now)
    follow_address_to_sessions(volunteer, now=now)
    outbox.readdress([f"{ask_digest.__name__}:{volunteer.pk}:"], volunteer.email)
    waiting = Q(state__in=[OfferState.PENDING.value, OfferState.WILLING.value])
    live = Q(assignments__state__in=sorted(state.value for state in LIVE))
    for offer in volunteer.offers.filter(waiting | live).select_related("assistance", "bundle").distinct():
        make_answer_link(offer, now=now)
        outbox.readdress((f"{function}:{offer.pk}:" for function in _FUNCTIONS), volunteer.email)
        if offer.state == OfferState.PENDING and offer.sent_at is not None:
            _ask_again(offer, volunteer, now=now)


def _ask_again(offer: Offer, volunteer: Volunteer, *, now: datetime) -> None:
    version = offer.assistance.version
    outbox.enqueue(
        ask_volunteer,
        key=f"{ask_volunteer.__name__}:{offer.pk}:{version}:{now:%Y%m%d%H%M%S}",
        to=volunteer.email,
        language=volunteer.mail_language,
        ids={"offer": offer.pk, "assistance": offer.assistance_id},
        version=version,
        now=now,
    )
