"""Spreadsheets on their way into the portal."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lotsen_portal.access import Role, roles
from lotsen_portal.encryption import EncryptedTextField
from lotsen_portal.models.ground import guarded, values_of
from requests_app.states import TAKEOVER_MOVES, TakeoverState

if TYPE_CHECKING:
    from lotsen_portal.models import User


UNCONFIRMED_KEPT = timedelta(days=1)
WRITTEN_KEPT = timedelta(days=30)
T = TakeoverState


class TakeoverKind(models.TextChoices):
    """What the rows of a spreadsheet are."""

    VOLUNTEERS = "freiwillige", _("Freiwillige")
    INSTITUTIONS = "einrichtungen", _("Einrichtungen")
    APPOINTMENTS = "termine", _("Laufende Termine")


class Verdict(models.TextChoices):
    """What becomes of a row."""

    NEW = "new", _("neu")
    CHANGED = "changed", _("geändert")
    SAME = "same", _("gleich")
    WRONG = "wrong", _("fehlerhaft")


class TakeoverQuerySet(models.QuerySet["Takeover"]):
    """Questions about spreadsheets that were uploaded."""

    def visible_to(self, user: User) -> TakeoverQuerySet:
        """Coordinators see them all."""
        return self if Role.COORDINATOR in roles(user) else self.none()

    def unconfirmed(self, now: datetime) -> TakeoverQuerySet:
        """Sheets that nobody confirmed within a day; one that is just being written is none."""
        states = [state.value for state in (T.MAPPING, T.CHECKING, T.CHECKED)]
        return self.filter(state__in=states, uploaded_at__lte=now - UNCONFIRMED_KEPT)

    def settled(self, now: datetime) -> TakeoverQuerySet:
        """Imports that were written 30 days ago or earlier, so that they cannot be taken back any more."""
        states = [T.WRITTEN.value, T.UNDONE.value]
        return self.filter(state__in=states, written_at__lte=now - WRITTEN_KEPT)


class Takeover(models.Model):
    """One uploaded spreadsheet; the package `takeover` alone writes it.

    `columns` names for each column of the sheet the field it is read into, "" for none. `attempts` counts
    the tries of the present step, so that a sheet that kills its worker ends.
    """

    kind = models.CharField(_("Art"), max_length=16, choices=TakeoverKind.choices)
    state = models.CharField(
        _("Stand"),
        max_length=12,
        choices=[(s.value, s.value) for s in TakeoverState],
        default=TakeoverState.MAPPING,
    )
    name = EncryptedTextField(_("Datei"), blank=True)
    headings = EncryptedTextField(_("Überschriften"), blank=True)
    columns = models.JSONField(_("Spalten"), default=list)
    total = models.PositiveIntegerField(_("Zeilen"), default=0)
    attempts = models.PositiveSmallIntegerField(_("Versuche"), default=0)
    problem = models.CharField(_("Hindernis"), max_length=300, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("Hochgeladen von"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    acted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("Zuletzt bedient von"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    uploaded_at = models.DateTimeField(_("Hochgeladen am"))
    written_at = models.DateTimeField(_("Übernommen am"), null=True, blank=True)
    undone_at = models.DateTimeField(_("Zurückgenommen am"), null=True, blank=True)

    objects = TakeoverQuerySet.as_manager()

    class Meta:
        verbose_name = _("Übernahme")
        verbose_name_plural = _("Übernahmen")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=TakeoverKind.values), name="takeover_kind"),
            models.CheckConstraint(condition=Q(state__in=values_of(TakeoverState)), name="takeover_state"),
        ]
        triggers = [guarded("takeover_moves", TAKEOVER_MOVES)]

    @property
    def heading_list(self) -> list[str]:
        """The sheet's headings, in its order; empty once they were erased."""
        return list(json.loads(self.headings or "[]"))


class TakeoverRow(models.Model):
    """One row of a sheet: its cells until they are taken over, what becomes of it, and whom it is about.

    `findings` says what is wrong or what changes; `before` is what a changed record said, for taking back.
    """

    takeover = models.ForeignKey(Takeover, on_delete=models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField(_("Zeile"))
    cells = EncryptedTextField(_("Zellen"), blank=True)
    verdict = models.CharField(_("Urteil"), max_length=8, choices=Verdict.choices, blank=True)
    findings = EncryptedTextField(_("Befund"), blank=True)
    target = models.PositiveBigIntegerField(_("Datensatz"), null=True, blank=True)
    before = EncryptedTextField(_("Vorher"), blank=True)

    class Meta:
        verbose_name = _("Zeile einer Übernahme")
        verbose_name_plural = _("Zeilen einer Übernahme")
        ordering = ["line"]
        constraints = [
            models.UniqueConstraint(fields=["takeover", "line"], name="takeover_line_once"),
            models.CheckConstraint(condition=Q(verdict__in=["", *Verdict.values]), name="takeover_verdict"),
        ]
        indexes = [models.Index(fields=["takeover", "verdict", "line"], name="takeover_by_verdict")]

    @property
    def cell_list(self) -> list[str]:
        """The cells as text; empty once they were erased."""
        return list(json.loads(self.cells or "[]"))

    @property
    def found(self) -> dict[str, Any]:
        """What was found out about the row."""
        return dict(json.loads(self.findings or "{}"))


class LearnedHeading(models.Model):
    """What a heading means here, as somebody of the office once said."""

    kind = models.CharField(_("Art"), max_length=16, choices=TakeoverKind.choices)
    heading = models.CharField(_("Überschrift"), max_length=40)
    field = models.CharField(_("Bedeutung"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("Gelernte Überschrift")
        verbose_name_plural = _("Gelernte Überschriften")
        constraints = [
            models.UniqueConstraint(fields=["kind", "heading"], name="heading_learned_once"),
            models.CheckConstraint(condition=Q(kind__in=TakeoverKind.values), name="learned_kind"),
        ]
