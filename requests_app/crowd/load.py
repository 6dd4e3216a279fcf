"""Fill the database with a big city."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from random import Random

from django.db import connection, transaction

from requests_app import loads
from requests_app.crowd.people import settle_people
from requests_app.crowd.requests import Office
from volunteers import cards


class TooFew(Exception):
    """So many requests would send somebody out twice on a day; `str()` says how many people it takes."""


def load(
    volunteers: int, requests: int, *, seed: int, now: datetime, said: Callable[[str], None] = lambda _: None
) -> None:
    """Write so many volunteers and requests with all that belongs to them, in one transaction.

    `now` is the moment at which the city stands; `said` hears of the progress. Raises TooFew.
    """
    needed = max(20, requests // 250)
    if volunteers < needed:
        raise TooFew(f"Für {requests} Anfragen braucht es mindestens {needed} Freiwillige.")
    rng = Random(seed)  # noqa: S311 - chance for a crowd, not for keys
    with transaction.atomic():
        people = settle_people(rng, now, volunteers, requests)
        said(f"{volunteers} Freiwillige")
        for count in Office(rng, now, people).run(requests):
            said(f"{count} Anfragen")
        loads.settle(None, now=now)
        cards.refresh_pools()
    said("Lasten und Karten")
    with connection.cursor() as cursor:
        cursor.execute("analyze")
