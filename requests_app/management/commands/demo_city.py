"""Make the demo city: people, houses and a year of requests, all invented."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from lotsen_portal import clock
from requests_app.demo import past, story
from requests_app.models import AssistanceRequest
from volunteers.models import Volunteer

DEMO_SETTINGS = "requests_app.demo.settings"


class Command(BaseCommand):
    """`manage.py demo_city --seed 1 --today 2026-11-23`, for the demo's own database only."""

    help = "Legt die erfundene Stadt der Vorführung an."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The same seed and the same day make the same city."""
        parser.add_argument("--seed", type=int, default=1, help="Startwert des Zufalls")
        parser.add_argument("--today", type=date.fromisoformat, default=None, help="Tag, als JJJJ-MM-TT")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the city unless it is there; refuses outside the demo and where volunteers are."""
        if settings.SETTINGS_MODULE != DEMO_SETTINGS:
            raise CommandError("Die erfundene Stadt gibt es nur in der Vorführung: make demo")
        if Volunteer.objects.exists():
            raise CommandError("Hier gibt es schon eine Stadt. Eine neue legt make demo FRESH=1 an.")
        now = clock.now()
        today = options["today"] or clock.local(now).date()
        story.tell(options["seed"], today)
        past.catch_up(now)
        self.stdout.write(
            f"{Volunteer.objects.count()} Freiwillige, {AssistanceRequest.objects.count()} Anfragen."
        )
