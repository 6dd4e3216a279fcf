"""Apply the retention rules now, or show what they would erase."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from lotsen_portal import clock, privacy


class Command(BaseCommand):
    """The nightly job by hand."""

    help = "Wendet die Löschfristen an; mit --dry-run zählt der Befehl nur."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add --dry-run."""
        parser.add_argument("--dry-run", action="store_true", help="nur zählen, nichts löschen")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line for each rule."""
        for rule, count in privacy.erase_expired(clock.now(), dry_run=options["dry_run"]):
            self.stdout.write(f"{count:6d}  {rule.what}")
