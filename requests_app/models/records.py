"""What is kept beside a request: what it said before, and what the office notes about it."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.utils.translation import gettext_lazy as _

from lotsen_portal.encryption import EncryptedTextField
from requests_app.models.kinds import Mode
from requests_app.models.requests import AssistanceRequest
from volunteers.models import District


class Edition(models.Model):
    """What a request said before its next version, so that whoever was asked sees old and new."""

    assistance = models.ForeignKey(AssistanceRequest, on_delete=models.CASCADE, related_name="editions")
    version = models.PositiveIntegerField(_("Fassung"))
    period = DateTimeRangeField(_("Zeitraum"), null=True, blank=True)
    mode = models.CharField(_("Wie"), max_length=8, choices=Mode.choices)
    district = models.ForeignKey(District, null=True, on_delete=models.PROTECT, related_name="+")
    place = EncryptedTextField(_("Ort"), blank=True)
    languages = models.CharField(_("Sprachen"), max_length=255)
    replaced_at = models.DateTimeField(_("Ersetzt am"))

    class Meta:
        verbose_name = _("Frühere Fassung")
        verbose_name_plural = _("Frühere Fassungen")
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["assistance", "version"], name="one_edition_per_version"),
        ]


class InternalNote(models.Model):
    """What the office notes about a request; nobody else reads it."""

    assistance = models.ForeignKey(AssistanceRequest, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    written_at = models.DateTimeField(_("Notiert am"))
    text = EncryptedTextField(_("Notiz"))

    class Meta:
        verbose_name = _("Interne Notiz")
        verbose_name_plural = _("Interne Notizen")
        ordering = ["-written_at", "-pk"]
