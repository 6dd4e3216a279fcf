"""Fill a database with a big invented city, to measure how the portal does at its size."""

from __future__ import annotations

from argparse import ArgumentParser
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from lotsen_portal import clock
from requests_app import crowd
from requests_app.crowd.load import TooFew
from volunteers.models import Volunteer


class Command(BaseCommand):
    """`manage.py load_city --volunteers 100000 --requests 1000000 --seed 1`"""

    help = "Füllt eine leere Datenbank mit einer großen erfundenen Stadt, zum Messen."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Sizes and chance."""
        parser.add_argument("--volunteers", type=int, default=1000, help="Freiwillige (1000)")
        parser.add_argument("--requests", type=int, default=10_000, help="Anfragen (10000)")
        parser.add_argument("--seed", type=int, default=1, help="Startwert des Zufalls")
        parser.add_argument("--yes", action="store_true", help="Auch dort, wo es schon Freiwillige gibt")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load; refuses a database with volunteers unless told otherwise."""
        if Volunteer.objects.exists() and not options["yes"]:
            raise CommandError("Hier gibt es schon Freiwillige. Mit --yes kommt die große Stadt dazu.")
        begin = monotonic()

        def say(what: str) -> None:
            self.stdout.write(f"{monotonic() - begin:7.1f} s  {what}")

        try:
            crowd.load(
                options["volunteers"],
                options["requests"],
                seed=options["seed"],
                now=clock.now(),
                said=say,
            )
        except TooFew as error:
            raise CommandError(str(error)) from None
