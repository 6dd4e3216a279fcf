"""What joins requests: a series of appointments, or one event that needs several people."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class GroupKind(models.TextChoices):
    """What joins requests."""

    SERIES = "series", _("Terminreihe")
    EVENT = "event", _("Veranstaltung")


class RequestGroup(models.Model):
    """Joins the requests of a series or of one event; `rule` is an RFC 5545 RRULE in Berlin time."""

    kind = models.CharField(_("Art"), max_length=8, choices=GroupKind.choices)
    rule = models.CharField(_("Regel"), max_length=255, blank=True)
    created_at = models.DateTimeField(_("Angelegt am"))

    class Meta:
        verbose_name = _("Gruppe von Anfragen")
        verbose_name_plural = _("Gruppen von Anfragen")
        constraints = [models.CheckConstraint(condition=Q(kind__in=GroupKind.values), name="group_kind")]
