"""Mails to volunteers about an offer or an agreed appointment."""

from __future__ import annotations

from datetime import datetime

from lotsen_portal import outbox
from lotsen_portal.models import OutgoingMail
from lotsen_portal.outbox import Message
from requests_app import calendars, details, facts
from requests_app.mails.ground import comes, entry_taken_back, offer_of, to_volunteer
from requests_app.states import OfferState


def ask_volunteer(mail: OutgoingMail, now: datetime) -> Message | None:
    """ "Können Sie helfen?": also sent again, with old and new, when the request changes."""
    offer = offer_of(mail)
    if offer is None or offer.state != OfferState.PENDING or mail.version != offer.assistance.version:
        return None
    if offer.assistance.is_past(now=now):
        return None
    return to_volunteer("ask_volunteer", mail, offer, now=now, starts_deadline=True)


def confirm_volunteer(mail: OutgoingMail, now: datetime) -> Message | None:
    """Thanks for the yes, the institution's public address, the calendar entry."""
    offer = offer_of(mail)
    if offer is None or offer.state != OfferState.ACCEPTED or mail.version != offer.assistance.version:
        return None
    calendar = calendars.invitation(offer.assistance, to=mail.recipient, for_volunteer=True, now=now)
    return to_volunteer("confirm_volunteer", mail, offer, now=now, agreed=True, calendar=calendar)


def remind_volunteer(mail: OutgoingMail, now: datetime) -> Message | None:
    """The working day before; never for an appointment that was cancelled, changed or is over."""
    offer = offer_of(mail)
    if offer is None or offer.state != OfferState.ACCEPTED or mail.version != offer.assistance.version:
        return None
    if offer.assistance.starts is None or offer.assistance.starts <= now:
        return None
    return to_volunteer("remind_volunteer", mail, offer, now=now, agreed=True)


def thank_not_needed(mail: OutgoingMail, now: datetime) -> Message | None:
    """Somebody else said yes first: nothing to do any more, thank you."""
    offer = offer_of(mail)
    if offer is None or offer.state != OfferState.NOT_CHOSEN:
        return None
    return to_volunteer("thank_not_needed", mail, offer, now=now, calendar=entry_taken_back(offer, mail, now))


def tell_withdrawn(mail: OutgoingMail, now: datetime) -> Message | None:
    """The office or the requester took the question back."""
    offer = offer_of(mail)
    if offer is None or offer.state != OfferState.WITHDRAWN or comes(offer):
        return None
    return to_volunteer("tell_withdrawn", mail, offer, now=now, calendar=entry_taken_back(offer, mail, now))


def tell_cancelled_volunteer(mail: OutgoingMail, now: datetime) -> Message | None:
    """The agreed appointment does not take place; takes the calendar entry back."""
    offer = offer_of(mail)
    if offer is None or comes(offer):
        return None
    calendar = entry_taken_back(offer, mail, now)
    return to_volunteer("tell_cancelled_volunteer", mail, offer, now=now, calendar=calendar)


def tell_released(mail: OutgoingMail, now: datetime) -> Message | None:
    """The volunteer cannot come and is released from the appointment; takes the calendar entry back."""
    offer = offer_of(mail)
    if offer is None or comes(offer):
        return None
    return to_volunteer("tell_released", mail, offer, now=now, calendar=entry_taken_back(offer, mail, now))


def send_code(mail: OutgoingMail, now: datetime) -> Message | None:
    """The code with which a second browser may show whom the appointment is for."""
    offer = offer_of(mail)
    if offer is None or offer.state != OfferState.ACCEPTED or now - mail.created_at > details.CODE_LIVES:
        return None
    code = details.code(mail)
    context = {
        "reader": offer.volunteer.name,
        "code": f"{code[:4]} {code[4:]}",
        "minutes": int(details.CODE_LIVES.total_seconds() // 60),
        "day": facts.day(offer.assistance.starts),
    }
    return Message(*outbox.render("send_code", context, mail.language))
