"""Mails to whoever filed a request."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from lotsen_portal import outbox
from lotsen_portal.models import OutgoingMail
from lotsen_portal.outbox import Message
from requests_app import calendars
from requests_app.mails.ground import assistance_of, to_requester
from requests_app.states import RequestState


def acknowledge_request(mail: OutgoingMail, now: datetime) -> Message | None:
    """ "Ihre Anfrage ist da": the reference and until when the requester hears from the office."""
    return to_requester(
        "acknowledge_request",
        mail,
        now=now,
        only_in={RequestState.NEW, RequestState.OPEN, RequestState.OFFERED},
    )


def tell_confirmed(mail: OutgoingMail, now: datetime) -> Message | None:
    """Somebody will come, with the calendar entry."""
    return to_requester("tell_confirmed", mail, now=now, only_in={RequestState.CONFIRMED})


def tell_changed(mail: OutgoingMail, now: datetime) -> Message | None:
    """The office changed time, place or language."""
    return to_requester("tell_changed", mail, now=now)


def tell_reopened(mail: OutgoingMail, now: datetime) -> Message | None:
    """Nobody comes any more and the search goes on, or a change has to be looked at or talked about first."""
    only_in = {RequestState.NEW, RequestState.OPEN, RequestState.OFFERED}
    return to_requester("tell_reopened", mail, now=now, only_in=only_in)


def tell_cancelled(mail: OutgoingMail, now: datetime) -> Message | None:
    """The request was called off; takes the calendar entry back."""
    return to_requester("tell_cancelled", mail, now=now, only_in={RequestState.CANCELLED})


def tell_erased(mail: OutgoingMail, now: datetime) -> Message | None:
    """Everything about the person is erased; takes the calendar entry back and forgets the address."""
    assistance = assistance_of(mail)
    if assistance is None:
        return None
    calendar = calendars.cancellation(assistance, to=mail.recipient, for_volunteer=False, now=now)
    subject, text, html = outbox.render("tell_erased", {"assistance": assistance}, mail.language)
    return Message(subject, text, html, calendar, on_sent=partial(_forget, mail.key))


def _forget(key: str, _at: datetime) -> None:
    outbox.forget([key])


def tell_unfilled(mail: OutgoingMail, now: datetime) -> Message | None:
    """Nobody was found, with what else can be done."""
    return to_requester("tell_unfilled", mail, now=now, only_in={RequestState.UNFILLED})


def tell_rejected(mail: OutgoingMail, now: datetime) -> Message | None:
    """Out of scope; the reason stands behind the link, since it may hold names."""
    return to_requester("tell_rejected", mail, now=now, only_in={RequestState.REJECTED})
