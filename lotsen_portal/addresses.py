"""Addresses from which mail comes back, and the mark by which a report of it is known to be about ours."""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import datetime
from typing import Final

from django.conf import settings

from lotsen_portal import encryption
from lotsen_portal.models import DeadAddress, OutgoingMail

# What stands in a mail's last error, before the code of the report.
BOUNCED: Final = "Bounced"
MARK: Final = re.compile(r"\bmail-(\d{1,18})-\d{20}-([0-9a-f]{24})@")

# RFC 3463: 5.1 the address, 5.2 the mailbox, 5.4 no way there, 5.0 nothing said. Not the mail's size,
# content or what the receiver's rules say against it; and a full mailbox is emptied some day.
_ADDRESS: Final = re.compile(r"5\.[0124]\.\d{1,3}")
_FULL: Final = "5.2.2"


def mark(mail: OutgoingMail) -> str:
    """The left part of a mail's Message-ID: the same at every try, and nobody else can make one.

    The hash holds the recipient, so that a late report about a wrong address does not hit the corrected one.
    """
    return f"mail-{mail.pk}-{mail.created_at:%Y%m%d%H%M%S%f}-{_hash(mail)}"


def marked(text: str) -> OutgoingMail | None:
    """The mail whose mark stands in a Message-ID, or None where it is not ours or was made up."""
    for number, given in MARK.findall(text):
        mail = OutgoingMail.objects.filter(pk=int(number)).first()
        if mail is not None and hmac.compare_digest(given, _hash(mail)):
            return mail
    return None


def is_dead(address: str) -> bool:
    """Whether mail to this address comes back."""
    return DeadAddress.objects.filter(index=_index(address)).exists()


def is_to_blame(code: str) -> bool:
    """Whether a code says that the address is wrong, and not only that this mail was not wanted."""
    return bool(_ADDRESS.fullmatch(code)) and code != _FULL


def bury(address: str, *, code: str, now: datetime) -> None:
    """Remember that mail to this address comes back."""
    DeadAddress.objects.update_or_create(
        index=_index(address), defaults={"address": address, "code": code, "since": now}
    )


def free(address: str) -> None:
    """Forget it: the office says that the address is right."""
    DeadAddress.objects.filter(index=_index(address)).delete()


def _index(address: str) -> str:
    return encryption.blind_index(address, scope="dead_address")


def _hash(mail: OutgoingMail) -> str:
    said = f"bounce:{mail.pk}:{mail.created_at.timestamp():.6f}:{mail.recipient}"
    return hmac.new(settings.LINK_KEY.encode(), said.encode(), hashlib.sha256).hexdigest()[:24]
