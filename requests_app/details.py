"""Who may read in which browser whom an agreed appointment is for.

The browser that said yes keeps a signed cookie; any other one asks for a code by mail. The code is computed
from the mail's row and the portal's key and stored nowhere, like the tokens of links.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from lotsen_portal.models import OutgoingMail, Programme
from requests_app.models import Assignment, Offer
from requests_app.states import AssignmentState

CODE_LIVES: Final = timedelta(minutes=30)
CODES_AN_HOUR: Final = 5
DIGITS: Final = 8
_SALT: Final = "requests_app.details"


def readable_until(assignment: Assignment) -> datetime:
    """Until when (UTC) the agreed volunteer may read who the client is."""
    end: datetime = assignment.period.upper
    return end + timedelta(days=Programme.current().details_days)


def readable(assignment: Assignment, *, now: datetime) -> bool:
    """Whether the time for reading lasts: from the yes until some days after the appointment."""
    live = assignment.state in {AssignmentState.AGREED, AssignmentState.TOOK_PLACE}
    return live and now < readable_until(assignment)


def remember(response: HttpResponse, assignment: Assignment, *, now: datetime) -> None:
    """Let this browser read the details of this appointment from now on, as long as anybody may."""
    response.set_signed_cookie(
        _cookie(assignment),
        str(assignment.pk),
        salt=_SALT,
        max_age=max(readable_until(assignment) - now, timedelta()),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def remembered(request: HttpRequest, assignment: Assignment) -> bool:
    """Whether this browser said yes to this appointment, or gave the mailed code."""
    return request.get_signed_cookie(_cookie(assignment), default="", salt=_SALT) == str(assignment.pk)


def _cookie(assignment: Assignment) -> str:
    return f"einsatz_{assignment.pk}"


def code_key(offer: Offer, now: datetime) -> str:
    """The key of the mail that carries a code: at most one a minute for each offer."""
    return f"{_keys(offer)}{now:%Y%m%d%H%M}"


def code(mail: OutgoingMail) -> str:
    """The code that this mail carries."""
    said = f"details:{mail.pk}:{mail.created_at.timestamp():.6f}"
    digest = hmac.new(settings.LINK_KEY.encode(), said.encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(digest[:8]) % 10**DIGITS:0{DIGITS}d}"


def may_send_code(offer: Offer, *, now: datetime) -> bool:
    """Whether another code may be mailed: a few an hour, whoever asks from wherever."""
    return len(_mails(offer, since=now - timedelta(hours=1))) < CODES_AN_HOUR


def is_code(offer: Offer, given: str, *, now: datetime) -> bool:
    """Whether somebody gave a code that was mailed for this offer within the last half hour."""
    digits = "".join(sign for sign in given if sign.isdigit())
    found = [hmac.compare_digest(code(mail), digits) for mail in _mails(offer, since=now - CODE_LIVES)]
    return any(found)


def _keys(offer: Offer) -> str:
    return f"send_code:{offer.pk}:"


def _mails(offer: Offer, *, since: datetime) -> list[OutgoingMail]:
    return list(OutgoingMail.objects.filter(key__startswith=_keys(offer), created_at__gt=since))
