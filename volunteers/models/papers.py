"""The papers of a volunteer: that they were seen or signed, when and by whom; never the papers themselves.

What matching reads stands on the volunteer's record; these rows are its history and its proof.
"""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, Final

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lotsen_portal.encryption import EncryptedTextField
from volunteers.models.catalogue import Language
from volunteers.models.people import Volunteer

PRESET: Final = (
    "Ich verpflichte mich, über alles zu schweigen, was ich bei meinen Einsätzen über Menschen erfahre. "
    "Das gilt gegenüber allen, auch in meiner Familie und unter Freunden.\n\n"
    "Ich gebe keine Unterlagen, Fotos, Namen oder Telefonnummern weiter und bewahre sie nach dem Einsatz "
    "nicht auf.\n\n"
    "Diese Pflicht gilt auch dann weiter, wenn ich nicht mehr als Integrationslotsin oder "
    "Integrationslotse helfe."
)


def _by(label: str) -> models.ForeignKey[Any, Any]:
    """Who of the office noted a paper; None where it was the volunteer."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=label,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )


class UndertakingText(models.Model):
    """One version of the undertaking of secrecy; it never changes, a new wording is a new version."""

    version = models.PositiveSmallIntegerField("Fassung", unique=True)
    body = models.TextField("Text")
    valid_from = models.DateField("gilt ab")
    # Until the end of this day a signature below the version before still counts.
    old_until = models.DateField("alte Fassung gilt noch bis", null=True, blank=True)
    made_by = _by("Angelegt von")

    class Meta:
        verbose_name = "Fassung der Verschwiegenheitserklärung"
        verbose_name_plural = "Fassungen der Verschwiegenheitserklärung"
        ordering = ("-version",)
        triggers: ClassVar = [
            pgtrigger.ReadOnly(name="wording_stays", fields=["version", "body", "valid_from"]),
        ]

    def __str__(self) -> str:
        return f"Fassung {self.version}"

    @classmethod
    def newest(cls) -> UndertakingText:
        """The version that is signed now; made with the preset at the first call."""
        found = cls.objects.first()
        if found is not None:
            return found
        preset = {"body": PRESET, "valid_from": date(2026, 1, 1)}
        return cls.objects.get_or_create(version=1, defaults=preset)[0]


class Way(models.TextChoices):
    """How an undertaking was given."""

    PAPER = "paper", _("auf Papier unterschrieben")
    ONLINE = "online", _("online bestätigt")


class Undertaking(models.Model):
    """That somebody promised secrecy: which version, how, and when."""

    volunteer = models.ForeignKey(Volunteer, on_delete=models.CASCADE, related_name="undertakings")
    text = models.ForeignKey(UndertakingText, on_delete=models.PROTECT, related_name="+")
    way = models.CharField(_("Wie"), max_length=8, choices=Way.choices)
    signed_on = models.DateField(_("Unterschrieben am"))
    valid_until = models.DateField(_("Gültig bis"), null=True, blank=True)
    typed_name = EncryptedTextField(_("Getippter Name"), blank=True)
    noted_by = _by("Vermerkt von")
    noted_at = models.DateTimeField(_("Vermerkt am"))

    class Meta:
        verbose_name = _("Verschwiegenheitserklärung")
        verbose_name_plural = _("Verschwiegenheitserklärungen")
        ordering = ["-noted_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(way=Way.PAPER, typed_name="") | (Q(way=Way.ONLINE) & ~Q(typed_name="")),
                name="undertaking_online_has_a_name",
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("signed_on")),
                name="undertaking_ends_after_it_begins",
            ),
        ]


class ConductCertificate(models.Model):
    """That a certificate of good conduct was seen; no copy, and nothing of what it says."""

    volunteer = models.ForeignKey(Volunteer, on_delete=models.CASCADE, related_name="conduct_certificates")
    issued_on = models.DateField(_("Ausgestellt am"))
    seen_on = models.DateField(_("Eingesehen am"))
    valid_until = models.DateField(_("Gültig bis"))
    seen_by = _by("Eingesehen von")

    class Meta:
        verbose_name = _("Führungszeugnis")
        verbose_name_plural = _("Führungszeugnisse")
        ordering = ["-seen_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(seen_on__gte=F("issued_on"), valid_until__gte=F("seen_on")),
                name="conduct_in_order",
            ),
        ]


class PhoneConsent(models.Model):
    """That somebody lets institutions see the number after an agreement, or does not any more."""

    volunteer = models.ForeignKey(Volunteer, on_delete=models.CASCADE, related_name="phone_consents")
    given = models.BooleanField(_("Erlaubt"))
    at = models.DateTimeField(_("Wann"))
    noted_by = _by("Vermerkt von")

    class Meta:
        verbose_name = _("Weitergabe der Telefonnummer")
        verbose_name_plural = _("Weitergaben der Telefonnummer")
        ordering = ["-at", "-pk"]


class ProofKind(models.TextChoices):
    """What shows that somebody speaks a language."""

    EXAM = "exam", _("Prüfung oder Zertifikat")
    SCHOOL = "school", _("Schule oder Studium in der Sprache")
    INTERPRETER = "interpreter", _("Ausbildung im Dolmetschen")
    TALK = "talk", _("Gespräch mit jemandem, der die Sprache spricht")


class LanguageProof(models.Model):
    """That a proof of a language was seen."""

    volunteer = models.ForeignKey(Volunteer, on_delete=models.CASCADE, related_name="language_proofs")
    language = models.ForeignKey(
        Language, verbose_name=_("Sprache"), on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(_("Art"), max_length=12, choices=ProofKind.choices)
    seen_on = models.DateField(_("Eingesehen am"))
    seen_by = _by("Eingesehen von")

    class Meta:
        verbose_name = _("Sprachnachweis")
        verbose_name_plural = _("Sprachnachweise")
        ordering = ["-seen_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ProofKind.values), name="proof_kind"),
        ]


class VolunteerNote(models.Model):
    """What the office notes about a volunteer; nobody else reads it."""

    volunteer = models.ForeignKey(Volunteer, on_delete=models.CASCADE, related_name="notes")
    author = _by("Von")
    written_at = models.DateTimeField(_("Notiert am"))
    text = EncryptedTextField(_("Notiz"))

    class Meta:
        verbose_name = _("Notiz über eine Lotsin oder einen Lotsen")
        verbose_name_plural = _("Notizen über Lotsinnen und Lotsen")
        ordering = ["-written_at", "-pk"]
