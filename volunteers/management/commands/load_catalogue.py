"""Load languages, topics and districts; can be repeated."""

from typing import Any

from django.core.management.base import BaseCommand

from volunteers import catalogue
from volunteers.models import District, Language, Topic


class Command(BaseCommand):
    """`manage.py load_catalogue`"""

    help = "Lädt Sprachen, Themen und Stadtteile. Was das Amt geändert hat, bleibt."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and say how many there are now."""
        catalogue.load()
        self.stdout.write(
            f"{Language.objects.count()} Sprachen, {Topic.objects.count()} Themen, "
            f"{District.objects.count()} Stadtteile."
        )
