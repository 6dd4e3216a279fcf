"""A search that asks the people of a ranked list by and by, until somebody comes."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lotsen_portal.encryption import EncryptedTextField
from lotsen_portal.models.ground import guarded, values_of
from requests_app.models.agreements import Offer
from requests_app.models.requests import AssistanceRequest
from requests_app.states import CAMPAIGN_MOVES, SEARCHING, CampaignState
from volunteers.models import Volunteer

MOST_AT_ONCE = 10
LONGEST_INTERVAL = 80


class CampaignKind(models.TextChoices):
    """Whether people are asked one after the other or several at once."""

    CASCADE = "cascade", _("nacheinander")
    WAVE = "wave", _("in Wellen")


class Campaign(models.Model):
    """One search for one request; `workflow` alone writes it.

    `next_at` is when the next people are asked if nobody has said yes by then; null while nothing but an
    answer or the office is waited for. `enough` is how many willing suffice where the office chooses.
    """

    assistance = models.ForeignKey(AssistanceRequest, on_delete=models.CASCADE, related_name="campaigns")
    kind = models.CharField(_("Art"), max_length=8, choices=CampaignKind.choices)
    size = models.PositiveSmallIntegerField(
        _("Personen zugleich"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_AT_ONCE)],
    )
    interval_hours = models.PositiveSmallIntegerField(
        _("Abstand in Arbeitsstunden"),
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_INTERVAL)],
    )
    needs_choice = models.BooleanField(_("Das Amt wählt unter den Zusagen"), default=False)
    enough = models.PositiveSmallIntegerField(
        _("So viele Zusagen genügen"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_AT_ONCE)],
    )
    state = models.CharField(
        _("Stand"),
        max_length=12,
        choices=[(s.value, s.value) for s in CampaignState],
        default=CampaignState.RUNNING,
    )
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    started_at = models.DateTimeField(_("Begonnen am"))
    next_at = models.DateTimeField(_("Die Nächsten am"), null=True, blank=True)
    ended_at = models.DateTimeField(_("Beendet am"), null=True, blank=True)

    class Meta:
        verbose_name = _("Suche")
        verbose_name_plural = _("Suchen")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=values_of(CampaignState)), name="campaign_state"),
            models.CheckConstraint(condition=Q(kind__in=CampaignKind.values), name="campaign_kind"),
            models.CheckConstraint(
                condition=Q(size__range=(1, MOST_AT_ONCE)) & (Q(kind=CampaignKind.WAVE.value) | Q(size=1)),
                name="campaign_size",
            ),
            models.CheckConstraint(
                condition=Q(interval_hours__range=(1, LONGEST_INTERVAL), enough__range=(1, MOST_AT_ONCE)),
                name="campaign_numbers",
            ),
            # Only a running search has a next step.
            models.CheckConstraint(
                condition=Q(next_at__isnull=True) | Q(state=CampaignState.RUNNING.value),
                name="campaign_next_step_while_running",
            ),
            models.UniqueConstraint(
                fields=["assistance"],
                condition=Q(state__in=sorted(s.value for s in SEARCHING)),
                name="one_live_campaign_per_request",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_at"], condition=Q(state=CampaignState.RUNNING.value), name="campaign_next"
            ),
        ]
        triggers = [guarded("campaign_moves", CAMPAIGN_MOVES)]

    @property
    def is_live(self) -> bool:
        return self.state in SEARCHING


class Place(models.Model):
    """One person on the list of a search: still to come, asked (`offer`), or passed over (`skipped`).

    `skipped` is a single word: the name of the rule that spoke against asking. A person who was asked and
    could not be reached has both.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="places")
    volunteer = models.ForeignKey(Volunteer, on_delete=models.CASCADE, related_name="places")
    rank = models.PositiveSmallIntegerField(_("Platz"))
    offer = models.OneToOneField(
        Offer, null=True, blank=True, on_delete=models.SET_NULL, related_name="place"
    )
    skipped = models.CharField(_("Übergangen, weil"), max_length=20, blank=True)
    override = EncryptedTextField(_("Trotzdem auf der Liste, weil"), blank=True)

    class Meta:
        verbose_name = _("Platz auf der Liste")
        verbose_name_plural = _("Plätze auf der Liste")
        ordering = ["rank", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "volunteer"], name="one_place_per_volunteer"),
        ]

    @property
    def is_waiting(self) -> bool:
        """Whether this person's turn is still to come."""
        return self.offer_id is None and not self.skipped
