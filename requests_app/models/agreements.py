"""Who was asked, who agreed, and how it went."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lotsen_portal.access import Role, roles
from lotsen_portal.encryption import EncryptedTextField
from lotsen_portal.models.ground import begins, ends, guarded, sound_period, values_of
from requests_app.models.requests import AssistanceRequest, ProposedTime
from requests_app.states import (
    ASSIGNMENT_MOVES,
    LIVE,
    OFFER_MOVES,
    UNANSWERED,
    AssignmentState,
    OfferState,
)
from volunteers.models import Volunteer

if TYPE_CHECKING:
    from lotsen_portal.models import User

_LIVE = sorted(state.value for state in LIVE)
_UNANSWERED = sorted(state.value for state in UNANSWERED)


class Bundle(models.Model):
    """The offers of one mail and one link to one volunteer."""

    volunteer = models.ForeignKey(Volunteer, on_delete=models.CASCADE, related_name="bundles")
    created_at = models.DateTimeField(_("Angelegt am"))

    class Meta:
        verbose_name = _("Gebündelte Einsatzanfrage")
        verbose_name_plural = _("Gebündelte Einsatzanfragen")


class OfferQuerySet(models.QuerySet["Offer"]):
    """Questions about offers."""

    def visible_to(self, user: User) -> OfferQuerySet:
        """The office sees all offers, a volunteer the own ones."""
        if Role.COORDINATOR in roles(user):
            return self
        return self.filter(volunteer__user=user)

    def unanswered(self) -> OfferQuerySet:
        """Offers that still wait for a yes or a no, or for the office's choice."""
        return self.filter(state__in=_UNANSWERED)


class Offer(models.Model):
    """One volunteer asked about one request, in the version that the mail showed.

    `deadline` is null until the mail was handed over to SMTP, so that an unsent offer cannot expire. With
    `waits_until` the first mail is the digest of that moment, since the day's mails are used up.
    """

    assistance = models.ForeignKey(AssistanceRequest, on_delete=models.CASCADE, related_name="offers")
    volunteer = models.ForeignKey(Volunteer, on_delete=models.CASCADE, related_name="offers")
    bundle = models.ForeignKey(Bundle, on_delete=models.CASCADE, related_name="offers")
    version = models.PositiveIntegerField(_("Fassung"))
    state = models.CharField(
        _("Stand"),
        max_length=12,
        choices=[(s.value, s.value) for s in OfferState],
        default=OfferState.PENDING,
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_at = models.DateTimeField(_("Angefragt am"))
    waits_until = models.DateTimeField(_("Wartet auf die Sammelmail am"), null=True, blank=True)
    sent_at = models.DateTimeField(_("Mail übergeben am"), null=True, blank=True)
    deadline = models.DateTimeField(_("Antwort bis"), null=True, blank=True)
    answered_at = models.DateTimeField(_("Beantwortet am"), null=True, blank=True)
    time = models.ForeignKey(
        ProposedTime,
        verbose_name=_("Gewählter Terminvorschlag"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    needs_choice = models.BooleanField(_("Das Amt wählt unter den Zusagen"), default=False)
    override = EncryptedTextField(_("Trotzdem angefragt, weil"), blank=True)
    reason = EncryptedTextField(_("Grund der Ablehnung"), blank=True)

    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("Einsatzanfrage")
        verbose_name_plural = _("Einsatzanfragen")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=values_of(OfferState)), name="offer_state"),
            models.UniqueConstraint(
                fields=["assistance"],
                condition=Q(state=OfferState.ACCEPTED.value),
                name="one_accepted_offer_per_request",
            ),
            models.UniqueConstraint(
                fields=["assistance", "volunteer"],
                condition=Q(state__in=_UNANSWERED),
                name="one_pending_offer_per_volunteer",
            ),
        ]
        indexes = [
            models.Index(fields=["volunteer", "-asked_at"], name="offer_of_volunteer"),
            models.Index(
                fields=["deadline"], condition=Q(state=OfferState.PENDING.value), name="offer_deadline"
            ),
            models.Index(
                fields=["assistance"], condition=Q(state=OfferState.WILLING.value), name="offer_willing"
            ),
            models.Index(
                fields=["volunteer", "waits_until"],
                condition=Q(waits_until__isnull=False),
                name="offer_digest",
            ),
            models.Index(
                fields=["assistance", "volunteer"],
                condition=Q(state=OfferState.DECLINED.value),
                name="offer_declined",
            ),
        ]
        triggers = [guarded("offer_moves", OFFER_MOVES)]


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """Questions about agreed appointments."""

    def visible_to(self, user: User) -> AssignmentQuerySet:
        """The office sees all assignments, a volunteer the own ones."""
        if Role.COORDINATOR in roles(user):
            return self
        return self.filter(volunteer__user=user)

    def live(self) -> AssignmentQuerySet:
        """Appointments that bind a person: agreed, or held."""
        return self.filter(state__in=_LIVE)


class Assignment(models.Model):
    """The agreed appointment: one volunteer, one request, one period.

    `report_due` is when the clock asks, reminds or settles next; null once asked: the office decides.
    """

    assistance = models.ForeignKey(AssistanceRequest, on_delete=models.CASCADE, related_name="assignments")
    volunteer = models.ForeignKey(Volunteer, on_delete=models.PROTECT, related_name="assignments")
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="assignments")
    state = models.CharField(
        _("Stand"),
        max_length=16,
        choices=[(s.value, s.value) for s in AssignmentState],
        default=AssignmentState.AGREED,
    )
    period = DateTimeRangeField(_("Zeitraum"))
    version = models.PositiveIntegerField(_("Fassung"))
    agreed_at = models.DateTimeField(_("Zugesagt am"))
    ended_at = models.DateTimeField(_("Beendet am"), null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(_("Tatsächliche Minuten"), null=True, blank=True)
    report_asks = models.PositiveSmallIntegerField(_("Nach Rückmeldung gefragt"), default=0)
    report_asked_at = models.DateTimeField(_("Zuletzt gefragt am"), null=True, blank=True)
    report_due = models.DateTimeField(_("Nächster Schritt am"), null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("Einsatz")
        verbose_name_plural = _("Einsätze")
        ordering = [begins("period")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=values_of(AssignmentState)), name="assignment_state"
            ),
            models.CheckConstraint(condition=sound_period("period"), name="assignment_sound_period"),
            models.UniqueConstraint(
                fields=["assistance"], condition=Q(state__in=_LIVE), name="one_live_assignment_per_request"
            ),
            ExclusionConstraint(
                name="one_place_at_a_time",
                expressions=[
                    ("volunteer", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
                condition=Q(state__in=_LIVE),
            ),
        ]
        indexes = [
            models.Index(begins("period"), condition=Q(state__in=_LIVE), name="assignment_live_begins"),
            models.Index(
                fields=["report_due"],
                condition=Q(state=AssignmentState.AGREED.value),
                name="assignment_report_due",
            ),
            models.Index(
                ends("period"),
                condition=Q(state=AssignmentState.AGREED.value, report_asks=0, report_due=None),
                name="assignment_to_ask",
            ),
        ]
        triggers = [guarded("assignment_moves", ASSIGNMENT_MOVES)]

    @property
    def starts(self) -> datetime:
        """When it begins (UTC)."""
        begin: datetime = self.period.lower
        return begin

    @property
    def finishes(self) -> datetime:
        """When it ends (UTC)."""
        end: datetime = self.period.upper
        return end


class Side(models.TextChoices):
    """Who tells how it went."""

    VOLUNTEER = "volunteer", _("Lotsin oder Lotse")
    REQUESTER = "requester", _("anfragende Seite")
    OFFICE = "office", _("Integrationsamt")


class Outcome(models.TextChoices):
    """How an appointment went; the values are those of the assignment's states."""

    TOOK_PLACE = "took_place", _("hat stattgefunden")
    CLIENT_ABSENT = "client_absent", _("Klientin oder Klient kam nicht")
    LOTSE_ABSENT = "lotse_absent", _("Lotsin oder Lotse kam nicht")
    CANCELLED_LATE = "cancelled_late", _("kurzfristig abgesagt")
    OTHER = "other", _("anderes")


class Report(models.Model):
    """How it went, as one side tells it; one report per side.

    `wants_call` is open until the office marks the call as done. What was hard is for that call: there is no
    field to write it down.
    """

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="reports")
    side = models.CharField(_("Seite"), max_length=12, choices=Side.choices)
    outcome = models.CharField(_("Ausgang"), max_length=16, choices=Outcome.choices)
    minutes = models.PositiveSmallIntegerField(_("Minuten"), null=True, blank=True)
    note = EncryptedTextField(_("Anmerkung"), blank=True)
    wants_call = models.BooleanField(_("Bittet um Anruf"), default=False)
    called_at = models.DateTimeField(_("Angerufen am"), null=True, blank=True)
    reported_at = models.DateTimeField(_("Gemeldet am"))

    class Meta:
        verbose_name = _("Rückmeldung")
        verbose_name_plural = _("Rückmeldungen")
        constraints = [
            models.UniqueConstraint(fields=["assignment", "side"], name="one_report_per_side"),
            models.CheckConstraint(condition=Q(side__in=Side.values), name="report_side"),
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="report_outcome"),
            models.CheckConstraint(
                condition=Q(wants_call=False) | Q(side=Side.VOLUNTEER.value), name="report_call_by_volunteer"
            ),
        ]
        indexes = [
            models.Index(fields=["reported_at"], condition=Q(wants_call=True), name="report_call_wanted")
        ]
