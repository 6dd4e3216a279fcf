"""What stays of a request when persons are forgotten."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Figure(models.Model):
    """One anonymous row per settled or ended request; values are copied, nothing points at a person.

    `number` is the request's until it is erased, so that a correction finds the row; then null.
    """

    number = models.BigIntegerField(_("Nummer der Anfrage"), null=True, unique=True)
    month = models.DateField(_("Monat"), help_text=_("Erster Tag des Monats"))
    language = models.CharField(_("Sprache"), max_length=16)
    topic = models.CharField(_("Thema"), max_length=32)
    district = models.CharField(_("Stadtteil"), max_length=80)
    origin = models.CharField(_("Woher"), max_length=12, blank=True)
    institution_kind = models.CharField(_("Art der Einrichtung"), max_length=16)
    mode = models.CharField(_("Wie"), max_length=8)
    lead_days = models.IntegerField(_("Vorlauf in Tagen"), null=True)
    hours_to_yes = models.PositiveIntegerField(_("Stunden bis zur Zusage"), null=True)
    offers_made = models.PositiveSmallIntegerField(_("Einsatzanfragen"))
    outcome = models.CharField(_("Ausgang"), max_length=16)
    minutes = models.PositiveSmallIntegerField(_("Minuten"), null=True)
    funding_source = models.CharField(_("Fördertopf"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("Zeile der Statistik")
        verbose_name_plural = _("Zeilen der Statistik")
        indexes = [models.Index(fields=["month"], name="figure_month")]
