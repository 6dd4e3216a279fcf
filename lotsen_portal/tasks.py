"""What the clock may call, and how clock tasks of all apps keep out of each other's way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from celery import shared_task
from django.conf import settings
from django.db import connection

from lotsen_portal import bounces, clock
from lotsen_portal.outbox import deliver, sweep
from lotsen_portal.privacy import erase_nightly

__all__ = ["alone", "deliver", "erase_nightly", "sweep", "take_bounces"]

log = structlog.get_logger(__name__)


@contextmanager
def alone(name: str) -> Iterator[bool]:
    """Tell whether no other process is inside this name, by a PostgreSQL lock that dies with the process.

    The lock belongs to the connection, not to a transaction, so the task may use many short ones.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name])
        (free,) = cursor.fetchone() or (False,)
    try:
        yield bool(free)
    finally:
        if free:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def take_bounces() -> None:
    """Read the mailbox of delivery reports, where there is one; what cannot be reached is read next time."""
    if not settings.BOUNCES_URL:
        return
    with alone("lotsen_portal.take_bounces") as free:
        try:
            if free:
                bounces.take(clock.now())
        except OSError as error:
            log.warning("bounces_unavailable", error=type(error).__name__)
