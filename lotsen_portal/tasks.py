"""What the clock may call, and how clock tasks of all apps keep out of each other's way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from lotsen_portal.outbox import deliver, sweep
from lotsen_portal.privacy import erase_nightly

__all__ = ["alone", "deliver", "erase_nightly", "sweep"]


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
