"""Load languages, topics, districts, rules at intake and funding sources; can be repeated."""

from typing import Any

from django.core.management.base import BaseCommand

from requests_app import presets
from requests_app.models import IntakeRule
from volunteers import catalogue
from volunteers.models import District, Language, Topic


class Command(BaseCommand):
    """`manage.py load_catalogue`"""

    help = "Lädt die Kataloge, Regeln, Fördertöpfe und Schulferien. Was das Amt geändert hat, bleibt."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and say how many there are now."""
        catalogue.load()
        presets.load_rules()
        presets.load_funding()
        presets.load_school_holidays()
        self.stdout.write(
            f"{Language.objects.count()} Sprachen, {Topic.objects.count()} Themen, "
            f"{District.objects.count()} Stadtteile, {IntakeRule.objects.count()} Regeln."
        )
