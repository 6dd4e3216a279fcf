"""What matching reads, kept narrow so that it is fast in a city of any size."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from volunteers.models.catalogue import District, Language
from volunteers.models.people import Volunteer


class SpeakerCard(models.Model):
    """What matching reads: one narrow row per language and volunteer, written by `cards.refresh` alone.

    Dates of never and without end are the first and the last day that a date can hold.
    """

    language = models.ForeignKey(Language, on_delete=models.CASCADE, related_name="+", db_index=False)
    volunteer = models.ForeignKey(Volunteer, on_delete=models.CASCADE, related_name="+")
    level = models.PositiveSmallIntegerField()
    gender = models.CharField(max_length=1, blank=True)
    district = models.ForeignKey(
        District, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    topics = ArrayField(models.IntegerField())
    ready_until = models.DateField()
    conduct_until = models.DateField()
    weekly_maximum = models.PositiveSmallIntegerField()
    minutes_90d = models.PositiveIntegerField()
    last_on = models.DateField(null=True)
    monday = models.IntegerField()
    tuesday = models.IntegerField()
    wednesday = models.IntegerField()
    thursday = models.IntegerField()
    friday = models.IntegerField()
    saturday = models.IntegerField()
    sunday = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["language", "volunteer"], name="one_card_per_language"),
        ]


class LanguagePool(models.Model):
    """Of each language: how many could come at all, and the median of their load (minutes in 90 days)."""

    language = models.OneToOneField(Language, primary_key=True, on_delete=models.CASCADE, related_name="pool")
    ready = models.PositiveIntegerField()
    median_minutes = models.PositiveIntegerField()
