"""The two logs, which nobody changes."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q

# One word: a state, a time, a number. Sentences and names do not fit.
WORD = r"^[A-Za-z0-9_.:+/-]*$"


class ActorKind(models.TextChoices):
    """In which capacity somebody acted."""

    OFFICE = "office", "Koordination"
    MEMBER = "member", "Einrichtung"
    VOLUNTEER = "volunteer", "Lotsin oder Lotse"
    CLIENT = "client", "Ratsuchende Person"
    CLOCK = "clock", "Automatisch"


class LogEntry(models.Model):
    """Who did what to which record. Numbers and states only, so that it survives every erasure."""

    at = models.DateTimeField("Zeitpunkt")
    action = models.CharField("Vorgang", max_length=60)
    kind = models.CharField("Art", max_length=40)
    number = models.BigIntegerField("Nummer")
    actor_kind = models.CharField("Wer", max_length=10, choices=ActorKind.choices)
    actor_number = models.BigIntegerField("Nummer der Person", null=True, blank=True)
    before = models.CharField("vorher", max_length=60, blank=True)
    after = models.CharField("nachher", max_length=60, blank=True)

    class Meta:
        verbose_name = "Eintrag im Verlauf"
        verbose_name_plural = "Verlauf"
        ordering = ("-at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(actor_kind__in=sorted(ActorKind.values)), name="log_actor_is_known"
            ),
            models.CheckConstraint(
                condition=Q(action__regex=WORD, kind__regex=WORD, before__regex=WORD, after__regex=WORD),
                name="log_holds_no_sentences",
            ),
        )
        indexes = (
            models.Index(fields=["kind", "number", "at"], name="log_record"),
            models.Index(fields=["-at", "-id"], name="log_newest"),
        )
        triggers: ClassVar = [pgtrigger.Protect(name="stays", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.action} {self.kind} {self.number}"


class AccessLog(models.Model):
    """Who read which confidential data, and when."""

    at = models.DateTimeField("Zeitpunkt")
    actor_kind = models.CharField("Wer", max_length=10, choices=ActorKind.choices)
    actor_number = models.BigIntegerField("Nummer der Person", null=True, blank=True)
    kind = models.CharField("Art", max_length=40)
    number = models.BigIntegerField("Nummer")
    what = models.CharField("Was", max_length=20)

    class Meta:
        verbose_name = "Eintrag im Einsichtsprotokoll"
        verbose_name_plural = "Einsichtsprotokoll"
        ordering = ("-at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(actor_kind__in=sorted(ActorKind.values)), name="access_actor_is_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__regex=WORD, what__regex=WORD), name="access_holds_no_sentences"
            ),
        )
        indexes = (
            models.Index(fields=["kind", "number", "at"], name="access_record"),
            models.Index(fields=["-at", "-id"], name="access_newest"),
        )
        triggers: ClassVar = [pgtrigger.Protect(name="stays", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.what} {self.kind} {self.number}"
