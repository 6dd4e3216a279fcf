"""A mailbox that is read: IMAP, or a Maildir on this machine. Letters get flags; none is deleted."""

from __future__ import annotations

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

MOST_AT_ONCE: Final = 200
# A report says what it has to say in its first part.
LONGEST: Final = 500_000
SECONDS: Final = 20


class CannotRead(OSError):
    """The mailbox cannot be opened or answers with an error; the text names neither user nor password."""


class Mailbox(Protocol):
    """What the reader of reports needs."""

    def unseen(self) -> Iterator[tuple[str, bytes]]:
        """The letters that nobody has read, with a key each; cut off where they are very long."""

    def mark(self, key: str, *, flagged: bool) -> None:
        """Mark a letter as seen, and flag it for a person where that is wanted."""


@contextmanager
def opened(url: str) -> Iterator[Mailbox]:
    """Open imaps://user:password@host/INBOX, imap://... (by STARTTLS, or ?tls=none) or maildir:///folder."""
    parts = urlsplit(url)
    if parts.scheme == "maildir":
        yield Maildir(Path(unquote(parts.path)))
        return
    try:
        connection = _connected(parts)
        try:
            connection.login(unquote(parts.username or ""), unquote(parts.password or ""))
            folder = unquote(parts.path.strip("/")) or "INBOX"
            _sound(connection.select(f'"{folder}"'))
            yield Imap(connection)
        finally:
            with suppress(imaplib.IMAP4.error, OSError):
                connection.logout()
    except (imaplib.IMAP4.error, UnicodeError):
        raise CannotRead("IMAP") from None


class Imap:
    """An IMAP folder that was selected."""

    def __init__(self, connection: imaplib.IMAP4) -> None:
        self.connection = connection

    def unseen(self) -> Iterator[tuple[str, bytes]]:
        """The unseen letters by UID; looking at them does not mark them."""
        found = _sound(self.connection.uid("SEARCH", "UNSEEN"))
        uids = bytes(found[0] or b"").decode("ascii", "ignore").split() if found else []
        for uid in uids[:MOST_AT_ONCE]:
            parts = _sound(self.connection.uid("FETCH", uid, f"(BODY.PEEK[]<0.{LONGEST}>)"))
            raw = next((part[1] for part in parts if isinstance(part, tuple)), None)
            if isinstance(raw, bytes):
                yield uid, raw

    def mark(self, key: str, *, flagged: bool) -> None:
        """Set the flags."""
        flags = r"(\Seen \Flagged)" if flagged else r"(\Seen)"
        _sound(self.connection.uid("STORE", key, "+FLAGS.SILENT", flags))


class Maildir:
    """A Maildir; new letters move from new/ to cur/ with their flags, as its rules say."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def unseen(self) -> Iterator[tuple[str, bytes]]:
        """The letters in new/, the oldest names first."""
        if not (self.folder / "new").is_dir():
            raise CannotRead("Maildir")
        for path in sorted((self.folder / "new").iterdir())[:MOST_AT_ONCE]:
            with suppress(FileNotFoundError), path.open("rb") as file:
                yield path.name, file.read(LONGEST)

    def mark(self, key: str, *, flagged: bool) -> None:
        """Move the letter to cur/."""
        (self.folder / "cur").mkdir(exist_ok=True)
        target = self.folder / "cur" / f"{key.partition(':')[0]}:2,{'F' if flagged else ''}S"
        with suppress(FileNotFoundError):
            (self.folder / "new" / key).rename(target)


def _connected(parts: SplitResult) -> imaplib.IMAP4:
    host = parts.hostname or ""
    if parts.scheme == "imaps":
        context = ssl.create_default_context()
        return imaplib.IMAP4_SSL(host, parts.port or 993, ssl_context=context, timeout=SECONDS)
    connection = imaplib.IMAP4(host, parts.port or 143, timeout=SECONDS)
    if dict(parse_qsl(parts.query)).get("tls") != "none":
        connection.starttls(ssl.create_default_context())
    return connection


def _sound(answer: tuple[str, Any]) -> list[Any]:
    """The data of an answer, mostly bytes; raises CannotRead for anything but OK."""
    if answer[0] != "OK":
        raise CannotRead("IMAP")
    return list(answer[1])
