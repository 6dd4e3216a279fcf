"""Outgoing mail, and the rows behind mailed links."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q

from lotsen_portal import clock
from lotsen_portal.encryption import EncryptedTextField


class MailState(models.TextChoices):
    """Where an outgoing mail stands; written by lotsen_portal.outbox only."""

    WAITING = "waiting", "wartet"
    SENT = "sent", "versendet"
    DROPPED = "dropped", "nicht mehr nötig"
    DEAD = "dead", "nicht zustellbar"
    PHONE = "phone", "bitte anrufen"
    PHONED = "phoned", "telefonisch erledigt"


MAIL_MOVES = [
    (MailState.DEAD, MailState.PHONED),
    (MailState.DEAD, MailState.WAITING),
    (MailState.PHONE, MailState.DROPPED),
    (MailState.PHONE, MailState.PHONED),
    (MailState.PHONE, MailState.WAITING),
    (MailState.SENT, MailState.DEAD),  # it came back
    (MailState.WAITING, MailState.DEAD),
    (MailState.WAITING, MailState.DROPPED),
    (MailState.WAITING, MailState.PHONE),  # the address died meanwhile
    (MailState.WAITING, MailState.SENT),
]


class OutgoingMail(models.Model):
    """One mail to one person: which function writes it and about which records; never its text."""

    key = models.CharField("Schlüssel", max_length=200, unique=True)
    function = models.CharField("Vorlage", max_length=200)
    ids = models.JSONField("Vorgänge", default=dict)
    recipient = EncryptedTextField("Empfänger", blank=True)
    language = models.CharField("Sprache", max_length=10, default="de")
    version = models.PositiveIntegerField("Fassung", default=0)
    state = models.CharField("Stand", max_length=10, choices=MailState.choices, default=MailState.WAITING)
    attempts = models.PositiveSmallIntegerField("Versuche", default=0)
    due_at = models.DateTimeField("fällig")
    try_at = models.DateTimeField("nächster Versuch")
    created_at = models.DateTimeField("angelegt", default=clock.now)
    sent_at = models.DateTimeField("versendet", null=True, blank=True)
    last_error = models.CharField("letzter Fehler", max_length=100, blank=True)

    class Meta:
        verbose_name = "Ausgehende E-Mail"
        verbose_name_plural = "Postausgang"
        ordering = ("-created_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=sorted(MailState.values)), name="mail_state_is_known"
            ),
            models.CheckConstraint(
                # Dead or phoned with a moment: it was sent and came back.
                condition=Q(state=MailState.SENT, sent_at__isnull=False)
                | Q(state__in=[MailState.DEAD, MailState.PHONED])
                | (~Q(state=MailState.SENT) & Q(sent_at__isnull=True)),
                name="mail_is_sent_at_a_time",
            ),
        )
        indexes = (
            models.Index(fields=["try_at", "id"], condition=Q(state="waiting"), name="mail_waiting"),
            models.Index(
                fields=["created_at"], condition=Q(state__in=["dead", "phone"]), name="mail_to_decide"
            ),
            models.Index(fields=["-created_at", "-id"], name="mail_newest"),
        )
        triggers: ClassVar = [
            pgtrigger.FSM(
                name="mail_moves",
                field="state",
                transitions=[(old.value, new.value) for old, new in MAIL_MOVES],
            )
        ]

    def __str__(self) -> str:
        return f"E-Mail {self.pk}"

    @property
    def name(self) -> str:
        """The bare name of the function that writes this mail."""
        return self.function.rpartition(".")[2]


class DeadAddress(models.Model):
    """An address from which mail came back for good, found by a blind index; `addresses` alone writes it."""

    index = models.CharField(max_length=64, unique=True, editable=False)
    address = EncryptedTextField("Adresse")
    code = models.CharField("Code", max_length=20)
    since = models.DateTimeField("seit")

    class Meta:
        verbose_name = "Unzustellbare Adresse"
        verbose_name_plural = "Unzustellbare Adressen"
        indexes = (models.Index(fields=["since"], name="dead_address_since"),)

    def __str__(self) -> str:
        return f"Adresse {self.pk}"


class Purpose(models.TextChoices):
    """What a mailed link is good for."""

    ANSWER = "answer", "Einsatzanfrage beantworten"
    STATUS = "status", "Stand der Anfrage"
    REPORT = "report", "Rückmeldung geben"
    FEEDBACK = "feedback", "Rückmeldung der anfragenden Seite"
    CALENDAR = "calendar", "Kalender abonnieren"
    OFFICE_CALENDAR = "office_calendar", "Kalender der Koordination abonnieren"
    CONFIRM = "confirm", "E-Mail-Adresse bestätigen"
    APPLICATION = "application", "Stand der Bewerbung"
    INVITATION = "invitation", "Einladung zu einer Schulung beantworten"


class Link(models.Model):
    """The row behind a mailed address, which lotsen_portal.links computes and nobody stores."""

    purpose = models.CharField("Zweck", max_length=20, choices=Purpose.choices)
    subject = models.BigIntegerField("Vorgang")
    holder = models.BigIntegerField("Person")
    expires_at = models.DateTimeField("gültig bis", null=True, blank=True)
    revoked_at = models.DateTimeField("zurückgezogen", null=True, blank=True)
    created_at = models.DateTimeField("angelegt", default=clock.now)

    class Meta:
        verbose_name = "Link"
        verbose_name_plural = "Links"
        constraints = (
            models.CheckConstraint(
                condition=Q(purpose__in=sorted(Purpose.values)), name="link_purpose_is_known"
            ),
        )
        indexes = (
            models.Index(fields=["purpose", "subject"], name="link_subject"),
            models.Index(fields=["purpose", "holder"], name="link_holder"),
        )

    def __str__(self) -> str:
        return f"Link {self.pk}"
