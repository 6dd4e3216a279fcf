"""People who would like to help, from the form to their first day as a volunteer."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lotsen_portal.access import Role, roles
from lotsen_portal.encryption import EncryptedTextField
from lotsen_portal.models.ground import guarded, values_of
from volunteers.application_states import APPLICATION_MOVES, ENDED, KNOWN, RUNNING, ApplicationState
from volunteers.models.catalogue import District, Language, Topic
from volunteers.models.people import DAYS_A_WEEK, Level, Volunteer

if TYPE_CHECKING:
    from lotsen_portal.models import User

_NEVER_CONFIRMED = [ApplicationState.UNCONFIRMED.value, ApplicationState.WITHDRAWN.value]
_ENDED = [state.value for state in ENDED]


class German(models.TextChoices):
    """How well somebody speaks German by own judgement; less than B2 is not enough for an appointment."""

    B2 = "b2", _("gut (B2): Ich verstehe fast alles und kann frei sprechen.")
    C1 = "c1", _("sehr gut (C1): Ich spreche sicher, auch über Schwieriges.")
    NATIVE = "native", _("wie eine Erstsprache")


class ApplicationQuerySet(models.QuerySet["Application"]):
    """Questions about applications."""

    def visible_to(self, user: User) -> ApplicationQuerySet:
        """The office sees them all; whoever applied comes by a link."""
        return self if Role.COORDINATOR in roles(user) else self.none()

    def running(self) -> ApplicationQuerySet:
        """Those that somebody has to lead on."""
        return self.filter(state__in=[state.value for state in RUNNING])


class Application(models.Model):
    """What somebody says who would like to help; `recruitment.applications` alone writes it.

    Contact and reasons are encrypted. `availability` is as a volunteer's. From the papers on the person has
    a volunteer's record, and the two go together.
    """

    name = EncryptedTextField(_("Name"))
    email = EncryptedTextField(_("E-Mail"), blank=True)
    email_index = models.CharField(max_length=64, blank=True, editable=False)
    phone = EncryptedTextField(_("Telefon"), blank=True)
    language = models.CharField(_("Sprache der E-Mails"), max_length=10, default="de")
    german = models.CharField(_("Deutsch"), max_length=8, choices=German.choices)
    topics = models.ManyToManyField(Topic, verbose_name=_("Themen"), blank=True, related_name="+")
    districts = models.ManyToManyField(District, verbose_name=_("Stadtteile"), blank=True, related_name="+")
    availability = ArrayField(models.IntegerField(), size=DAYS_A_WEEK, verbose_name=_("Wann haben Sie Zeit?"))
    why = EncryptedTextField(_("Warum"), blank=True)
    state = models.CharField(
        _("Stand"),
        max_length=12,
        choices=[(state.value, state.value) for state in ApplicationState],
        default=ApplicationState.UNCONFIRMED,
    )
    asked_at = models.DateTimeField(_("Beworben am"))
    confirmed_at = models.DateTimeField(_("Bestätigt am"), null=True, blank=True)
    # When somebody last did something about it: a step, a note, a promise to come back to it.
    touched_at = models.DateTimeField(_("Zuletzt bearbeitet am"))
    ended_at = models.DateTimeField(_("Abgeschlossen am"), null=True, blank=True)
    interview_at = models.DateTimeField(_("Gespräch am"), null=True, blank=True)
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("Zuständig"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    volunteer = models.OneToOneField(
        Volunteer, null=True, blank=True, on_delete=models.CASCADE, related_name="application"
    )
    reason = EncryptedTextField(_("Grund der Ablehnung"), blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("Bewerbung")
        verbose_name_plural = _("Bewerbungen")
        ordering = ["touched_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=values_of(ApplicationState)), name="application_state"
            ),
            models.CheckConstraint(condition=Q(german__in=German.values), name="application_german"),
            models.CheckConstraint(condition=Q(availability__len=DAYS_A_WEEK), name="application_seven_days"),
            # An empty text is stored empty, a written one as a token.
            models.CheckConstraint(condition=~Q(email="", phone=""), name="application_can_be_answered"),
            models.CheckConstraint(
                condition=Q(state=ApplicationState.UNCONFIRMED.value, confirmed_at=None)
                | Q(state=ApplicationState.WITHDRAWN.value)
                | (~Q(state__in=_NEVER_CONFIRMED) & Q(confirmed_at__isnull=False)),
                name="application_confirmed_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_ENDED, ended_at__isnull=False)
                | (~Q(state__in=_ENDED) & Q(ended_at=None)),
                name="application_ended_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[state.value for state in KNOWN]) | Q(volunteer__isnull=False),
                name="application_of_a_known_person",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "touched_at", "id"], name="application_board"),
            models.Index(fields=["email_index", "asked_at"], name="application_of_address"),
        ]
        triggers = [guarded("application_moves", APPLICATION_MOVES)]

    def __str__(self) -> str:
        return f"Bewerbung {self.pk}"

    def untouched_days(self, *, now: datetime) -> int:
        """For how many whole days nobody has done anything about it."""
        return (now - self.touched_at).days


class ApplicationLanguage(models.Model):
    """A language besides German that somebody who applies speaks, with the level by own judgement."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="languages")
    language = models.ForeignKey(
        Language, verbose_name=_("Sprache"), on_delete=models.PROTECT, related_name="+"
    )
    level = models.PositiveSmallIntegerField(_("Niveau"), choices=Level.choices, default=Level.FLUENT)

    class Meta:
        verbose_name = _("Sprache einer Bewerbung")
        verbose_name_plural = _("Sprachen einer Bewerbung")
        ordering = ["-level", "language__name"]
        constraints = [
            models.UniqueConstraint(fields=["application", "language"], name="language_once_per_application"),
            models.CheckConstraint(condition=Q(level__in=Level.values), name="application_language_level"),
        ]

    def __str__(self) -> str:
        return f"{self.language} – {self.get_level_display()}"


class ApplicationNote(models.Model):
    """A dated, signed note about an application that only the office reads."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    text = EncryptedTextField(_("Notiz"))
    written_at = models.DateTimeField(_("Geschrieben am"))

    class Meta:
        verbose_name = _("Notiz zu einer Bewerbung")
        verbose_name_plural = _("Notizen zu Bewerbungen")
        ordering = ["-written_at", "-pk"]

    def __str__(self) -> str:
        return f"Notiz {self.pk}"
