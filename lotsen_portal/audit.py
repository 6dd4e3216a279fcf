"""What is written down about deeds and about reading, and the one door through which it ages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import pgtrigger

from lotsen_portal.models import AccessLog, ActorKind, LogEntry, User

__all__ = [
    "CLOCK",
    "NEWCOMER",
    "Actor",
    "ActorKind",
    "forget",
    "last_deed",
    "opened",
    "opened_all",
    "record",
    "record_all",
]


@dataclass(frozen=True)
class Actor:
    """Who acts, in which capacity; the number of the account, or of the volunteer or request by link."""

    kind: ActorKind
    number: int | None = None

    @classmethod
    def office(cls, user: User) -> Actor:
        """Somebody of the office."""
        return cls(ActorKind.OFFICE, user.pk)

    @classmethod
    def member(cls, user: User) -> Actor:
        """Somebody of an institution."""
        return cls(ActorKind.MEMBER, user.pk)

    @classmethod
    def volunteer(cls, volunteer_id: int) -> Actor:
        """A volunteer, signed in or by link."""
        return cls(ActorKind.VOLUNTEER, volunteer_id)

    @classmethod
    def client(cls, request_id: int) -> Actor:
        """The migrant who asked, known by the request only."""
        return cls(ActorKind.CLIENT, request_id)


CLOCK = Actor(ActorKind.CLOCK)
# A migrant who asks: known by the request's number, which there is only once the request is filed.
NEWCOMER = Actor(ActorKind.CLIENT)


def record(
    actor: Actor, action: str, *, kind: str, number: int, before: str = "", after: str = "", at: datetime
) -> LogEntry:
    """Write down a deed; all words are single words (state, time, field name), which the database checks."""
    return LogEntry.objects.create(
        at=at,
        action=action,
        kind=kind,
        number=number,
        actor_kind=actor.kind,
        actor_number=actor.number,
        before=before,
        after=after,
    )


def record_all(actor: Actor, action: str, *, kind: str, numbers: Iterable[int], at: datetime) -> None:
    """Write down the same deed for many records at once, one entry for each."""
    LogEntry.objects.bulk_create(
        LogEntry(
            at=at, action=action, kind=kind, number=number, actor_kind=actor.kind, actor_number=actor.number
        )
        for number in numbers
    )


def last_deed(kind: str, number: int) -> int:
    """The number of the last deed to a record, which tells it from every other one; 0 for none."""
    rows = LogEntry.objects.filter(kind=kind, number=number).order_by("-pk")
    return rows.values_list("pk", flat=True).first() or 0


def opened(actor: Actor, *, kind: str, number: int, what: str, at: datetime) -> AccessLog:
    """Write down that somebody read confidential data ("page", "client") of a record."""
    return AccessLog.objects.create(
        at=at, actor_kind=actor.kind, actor_number=actor.number, kind=kind, number=number, what=what
    )


def opened_all(actor: Actor, *, kind: str, numbers: Iterable[int], what: str, at: datetime) -> None:
    """Write down that somebody read confidential data of many records at once, one entry for each."""
    AccessLog.objects.bulk_create(
        AccessLog(
            at=at, actor_kind=actor.kind, actor_number=actor.number, kind=kind, number=number, what=what
        )
        for number in numbers
    )


def forget(before: datetime) -> dict[str, int]:
    """Delete entries of both logs older than a moment, for retention only; return how many of each.

    No other code may get past the triggers that protect the logs.
    """
    with pgtrigger.ignore("lotsen_portal.LogEntry:stays", "lotsen_portal.AccessLog:stays"):
        return {
            "log": LogEntry.objects.filter(at__lt=before).delete()[0],
            "access": AccessLog.objects.filter(at__lt=before).delete()[0],
        }
