"""`manage.py take_bounces`: reads the delivery reports in the mailbox that BOUNCES_URL names."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from lotsen_portal import bounces, clock
from lotsen_portal.bounces import Kind

WORDS = {
    Kind.FAILED: "unzustellbar",
    Kind.PASSING: "vorläufig oder zugestellt",
    Kind.AUTOMATIC: "automatische Antworten",
    Kind.UNKNOWN: "nicht verstanden (markiert)",
}


class Command(BaseCommand):
    """Read what is new, once."""

    help = "Unzustellbare E-Mails aus dem Postfach BOUNCES_URL übernehmen"

    def handle(self, *args: Any, **options: Any) -> None:
        """Print how many letters there were of each kind."""
        if not settings.BOUNCES_URL:
            raise CommandError("Die Einstellung BOUNCES_URL fehlt: Sie nennt das Postfach.")
        try:
            counts = bounces.take(clock.now())
        except OSError as error:
            raise CommandError(f"Das Postfach ist nicht lesbar ({type(error).__name__}).") from None
        for kind, count in counts.items():
            self.stdout.write(f"{count:5} {WORDS[kind]}")
