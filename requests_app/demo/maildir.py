"""The demo's mail: each message is a file of its own, so that none leaves the machine and all can be read."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage as Parsed
from email.utils import getaddresses
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend

from lotsen_portal import clock

ENDING: Final = ".eml"


class MailFolder(BaseEmailBackend):
    """Writes each message into a file below EMAIL_FILE_PATH; names sort by the moment of sending."""

    def send_messages(self, email_messages: Sequence[Any]) -> int:
        """Write all messages; return how many. A reader never sees half a file. Raises OSError."""
        folder = _folder()
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            name = f"{clock.now():%Y%m%d-%H%M%S-%f}-{secrets.token_hex(4)}"
            draft = folder / f"{name}.part"
            draft.write_bytes(message.message().as_bytes())
            draft.rename(folder / f"{name}{ENDING}")
        return len(email_messages)


def _folder() -> Path:
    # The settings have it where EMAIL_URL is a file:// address, as it is in the demo.
    return Path(getattr(settings, "EMAIL_FILE_PATH", ""))


@dataclass(frozen=True)
class Attachment:
    """A file that came with a letter."""

    filename: str
    kind: str
    content: bytes


@dataclass(frozen=True)
class Letter:
    """A mail as its reader gets it. `name` is the file's without its ending; `at` is aware."""

    name: str
    subject: str
    to: tuple[str, ...]
    at: datetime | None
    text: str
    html: str
    attachments: tuple[Attachment, ...]


def letters() -> Iterator[Letter]:
    """Return all mails, the newest first; each is parsed when its turn comes."""
    for path in sorted(_folder().glob(f"*{ENDING}"), reverse=True):
        yield _read(path)


def letter(name: str) -> Letter | None:
    """Return one mail by the name of its file without ending; None where there is none."""
    path = _folder() / f"{name}{ENDING}"
    return _read(path) if path.is_file() else None


@lru_cache(maxsize=2000)  # a file never changes
def _read(path: Path) -> Letter:
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert isinstance(message, Parsed)  # noqa: S101 - what this policy makes
    return Letter(
        name=path.name.removesuffix(ENDING),
        subject=str(message["subject"] or ""),
        to=tuple(address for _name, address in getaddresses([str(message["to"] or "")])),
        at=_moment(message["date"].datetime) if message["date"] else None,
        text=_body(message, "plain"),
        html=_body(message, "html"),
        attachments=tuple(
            Attachment(part.get_filename() or "anhang", part.get_content_type(), _bytes(part))
            for part in message.iter_attachments()
            if part.get_filename()
        ),
    )


def _moment(sent: datetime) -> datetime:
    # Django writes UTC as -0000, which Python reads as a moment without a zone.
    return sent if sent.tzinfo else sent.replace(tzinfo=UTC)


def _body(message: Parsed, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part is not None else ""


def _bytes(part: Any) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""
