"""The tokens behind mailed addresses: a row's number with a keyed hash, rebuilt when needed, never stored."""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from datetime import datetime

from django.conf import settings

from lotsen_portal.models import Link, Purpose

_NUMBER = 8
_HASH = 16
_LENGTH = (_NUMBER + _HASH) * 4 // 3


class LinkError(Exception):
    """A link that opens nothing; `link` is the row where there is one, so that a page can explain kindly."""

    def __init__(self, link: Link | None = None) -> None:
        super().__init__(type(self).__name__)
        self.link = link


class LinkUnknown(LinkError):
    """Nothing of ours, or made for another purpose."""


class LinkExpired(LinkError):
    """Its time is over."""


class LinkRevoked(LinkError):
    """It was withdrawn."""


def make(purpose: Purpose, *, subject: int, holder: int, expires_at: datetime | None, now: datetime) -> Link:
    """Make a link for a holder (volunteer, user or request number) about a record; None never ends."""
    return Link.objects.create(
        purpose=purpose, subject=subject, holder=holder, expires_at=expires_at, created_at=now
    )


def token(link: Link) -> str:
    """Return the 32 characters that go into the address; always the same for one row."""
    return urlsafe_b64encode(link.pk.to_bytes(_NUMBER) + _hash(link)).decode()


def read(token: str, purpose: Purpose, now: datetime) -> Link:
    """Return the link of a token; raise LinkUnknown, LinkRevoked or LinkExpired, in this order."""
    link = _find(token, purpose)
    if link.revoked_at is not None:
        raise LinkRevoked(link)
    if link.expires_at is not None and link.expires_at <= now:
        raise LinkExpired(link)
    return link


def revoke(
    *, now: datetime, purpose: Purpose | None = None, subject: int | None = None, holder: int | None = None
) -> int:
    """Withdraw all live links of a purpose and subject, or of a purpose and holder; return how many.

    Subjects and holders are numbers of different kinds for each purpose, so one without a purpose is refused.
    """
    if purpose is None or (subject is None and holder is None):
        raise ValueError("Which links? A purpose with a subject or a holder is needed.")
    links = Link.objects.filter(purpose=purpose, revoked_at=None)
    if subject is not None:
        links = links.filter(subject=subject)
    if holder is not None:
        links = links.filter(holder=holder)
    return links.update(revoked_at=now)


def prolong(purpose: Purpose, *, subject: int, until: datetime) -> None:
    """Let the live links about a record end at another moment, since the record's own time has moved."""
    Link.objects.filter(purpose=purpose, subject=subject, revoked_at=None).update(expires_at=until)


def _find(token: str, purpose: Purpose) -> Link:
    if len(token) != _LENGTH:
        raise LinkUnknown
    try:
        raw = urlsafe_b64decode(token.encode("ascii"))
    except (NotBase64, ValueError):
        raise LinkUnknown from None
    number = int.from_bytes(raw[:_NUMBER])
    link = Link.objects.filter(pk=number, purpose=purpose).first() if number < 2**63 else None
    if link is None or not hmac.compare_digest(raw[_NUMBER:], _hash(link)):
        raise LinkUnknown
    return link


def _hash(link: Link) -> bytes:
    # The moment of its making is in, so that a number used again after a restored backup opens nothing.
    said = f"{link.purpose}:{link.pk}:{link.created_at.timestamp():.6f}"
    return hmac.new(settings.LINK_KEY.encode(), said.encode(), hashlib.sha256).digest()[:_HASH]
