"""Mail that comes back: delivery reports (RFC 3464) are read from a mailbox and told to the outbox.

A report counts only if it names one of our mails by its mark, which nobody can make up. Nothing is deleted:
what was understood is marked as seen, what was not is flagged, too, for whoever looks into the mailbox.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.errors import MessageError
from email.message import Message
from enum import StrEnum
from typing import Final, cast

import structlog
from django.conf import settings

from lotsen_portal import addresses, outbox
from lotsen_portal.mailboxes import opened
from lotsen_portal.models import OutgoingMail

log = structlog.get_logger(__name__)

STATUS: Final = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
SMTP_CODE: Final = re.compile(r"\b5\d\d\b")
NO_CODE: Final = "5.0.0"
RETURNED: Final = {"message/rfc822", "text/rfc822-headers", "message/rfc822-headers"}


class Kind(StrEnum):
    """What a letter in the mailbox is."""

    FAILED = "failed"  # one of our mails came back for good
    PASSING = "passing"  # it will be tried again, or it arrived
    AUTOMATIC = "automatic"  # an absence note and the like
    UNKNOWN = "unknown"  # no report, or not about a mail of ours


@dataclass(frozen=True)
class Finding:
    """What was read out of one letter."""

    kind: Kind
    mail: OutgoingMail | None = None
    code: str = ""


def take(now: datetime) -> dict[Kind, int]:
    """Read what is new in the mailbox of BOUNCES_URL; returns how many letters there were of each kind."""
    counts = dict.fromkeys(Kind, 0)
    with opened(settings.BOUNCES_URL) as box:
        for key, raw in box.unseen():
            finding = understood(raw)
            if finding.kind == Kind.FAILED and finding.mail is not None:
                outbox.come_back(finding.mail.pk, finding.code, now)
            box.mark(key, flagged=finding.kind == Kind.UNKNOWN)
            counts[finding.kind] += 1
    if any(counts.values()):
        log.info("bounces_taken", **{kind.value: count for kind, count in counts.items()})
    return counts


def understood(raw: bytes) -> Finding:
    """Say what a letter is, whatever nonsense stands in it."""
    try:
        letter = message_from_bytes(raw)
        if not _is_report(letter):
            return Finding(Kind.AUTOMATIC if _is_automatic(letter) else Kind.UNKNOWN)
        mail = _mail_of(letter)
        if mail is None:
            return Finding(Kind.UNKNOWN)
        code = next((code for code in map(_failure, _recipients(letter)) if code), "")
        return Finding(Kind.FAILED, mail, code) if code else Finding(Kind.PASSING, mail)
    except (MessageError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        # The parser of the standard library stumbles over some garbage; the letter is flagged.
        log.warning("bounce_not_read", error=type(error).__name__)
        return Finding(Kind.UNKNOWN)


def _is_report(letter: Message) -> bool:
    return letter.get_content_type() == "multipart/report" and any(
        part.get_content_type() == "message/delivery-status" for part in letter.walk()
    )


def _is_automatic(letter: Message) -> bool:
    said = str(letter.get("Auto-Submitted", "no")).split(";")[0].strip().lower()
    return said not in {"", "no"} or "X-Autoreply" in letter or "X-Autorespond" in letter


def _mail_of(letter: Message) -> OutgoingMail | None:
    """The mail of ours that came back, by the Message-ID among the returned headers."""
    for part in letter.walk():
        if part.get_content_type() not in RETURNED:
            continue
        inner = part.get_payload()
        returned = inner[0] if isinstance(inner, list) and inner else message_from_bytes(_bytes(part))
        if mail := addresses.marked(str(cast(Message, returned).get("Message-ID", ""))):
            return mail
    return None


def _bytes(part: Message) -> bytes:
    decoded = part.get_payload(decode=True)
    return decoded.lstrip() if isinstance(decoded, bytes) else b""


def _recipients(letter: Message) -> Iterator[Message]:
    """What the report says about each recipient."""
    for part in letter.walk():
        blocks = part.get_payload()
        if part.get_content_type() == "message/delivery-status" and isinstance(blocks, list):
            yield from (block for block in blocks if isinstance(block, Message))


def _failure(recipient: Message) -> str:
    """The code of a permanent failure, such as "5.1.1"; "" for everything else."""
    if str(recipient.get("Action", "")).strip().lower() != "failed":
        return ""
    found = STATUS.search(str(recipient.get("Status", "")))
    if found is None:
        return NO_CODE if SMTP_CODE.search(str(recipient.get("Diagnostic-Code", ""))) else ""
    return found.group() if found.group(1) == "5" else ""
