"""The people who help: who they are, what they speak, when they can."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, OuterRef, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from lotsen_portal.access import ROLE_SOURCES, Role, roles
from lotsen_portal.models.ground import guarded
from volunteers.models.catalogue import District, Language, Topic
from volunteers.states import VOLUNTEER_MOVES, VolunteerState

if TYPE_CHECKING:
    from lotsen_portal.models import User

DAYS_A_WEEK = 7
HALF_HOURS = 30
DAY_OPENS = 7  # o'clock: the first of the half hours that the weekly availability knows
ALL_DAY = (1 << HALF_HOURS) - 1


class Gender(models.TextChoices):
    """As far as a client needs to know it."""

    FEMALE = "f", _("weiblich")
    MALE = "m", _("männlich")
    DIVERSE = "d", _("divers")


class Level(models.IntegerChoices):
    """How well somebody speaks a language, roughly after the European framework of reference."""

    BASIC = 1, _("Grundkenntnisse (A2)")
    GOOD = 2, _("gut (B1 bis B2)")
    FLUENT = 3, _("sehr gut (C1 bis C2)")
    NATIVE = 4, _("Erstsprache")


class VolunteerQuerySet(models.QuerySet["Volunteer"]):
    """Questions about volunteers."""

    def active(self) -> VolunteerQuerySet:
        """Everybody who may be asked in principle, whatever the papers say."""
        return self.filter(state=VolunteerState.ACTIVE)

    def speaking(self, code: str) -> VolunteerQuerySet:
        """Everybody who speaks the language with this code, at any level."""
        return self.filter(languages__language__code=code)

    def visible_to(self, user: User) -> VolunteerQuerySet:
        """The office sees all volunteers, a volunteer the own record, everybody else none."""
        if roles(user) & {Role.COORDINATOR, Role.ADMINISTRATOR}:
            return self
        return self.filter(user=user)

    def of_account(self, user: User | OuterRef) -> VolunteerQuerySet:
        """The record under which this user signs in as a volunteer who has not left."""
        return self.filter(user=user).exclude(state=VolunteerState.LEFT)


def always_available() -> list[int]:
    """The availability of somebody who named no hours: every half hour of the week."""
    return [ALL_DAY] * DAYS_A_WEEK


class Volunteer(models.Model):
    """An Integrationslotsin or Integrationslotse: contact, papers, when and where one helps.

    E-mail is optional and not unique: couples share one, some have none and are phoned by the office.
    `availability` holds seven bit masks, Monday first; bit n is the half hour that begins n * 30 minutes
    after seven o'clock, Berlin wall-clock time.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("Konto"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="volunteer",
    )
    name = models.CharField(_("Name"), max_length=120)
    email = models.EmailField(_("E-Mail"), blank=True)
    phone = models.CharField(_("Telefon"), max_length=40, blank=True)
    gender = models.CharField(_("Geschlecht"), max_length=1, choices=Gender.choices, blank=True)
    mail_language = models.CharField(_("Sprache der Mails"), max_length=10, default="de")
    district = models.ForeignKey(
        District,
        verbose_name=_("Stadtteil"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="volunteers",
    )
    topics = models.ManyToManyField(Topic, verbose_name=_("Themen"), blank=True, related_name="volunteers")
    state = models.CharField(
        _("Stand"), max_length=16, choices=VolunteerState.choices, default=VolunteerState.APPLICANT
    )
    paused_until = models.DateField(_("Pause bis"), null=True, blank=True)
    undertaking_on = models.DateField(_("Verschwiegenheitserklärung vom"), null=True, blank=True)
    undertaking_until = models.DateField(_("Erklärung gültig bis"), null=True, blank=True)
    conduct_seen_on = models.DateField(_("Führungszeugnis eingesehen am"), null=True, blank=True)
    conduct_until = models.DateField(_("Führungszeugnis gültig bis"), null=True, blank=True)
    weekly_maximum = models.PositiveSmallIntegerField(
        _("Höchstens Einsätze je Woche"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
    )
    availability = ArrayField(
        models.IntegerField(), size=DAYS_A_WEEK, default=always_available, verbose_name=_("Verfügbar")
    )
    shares_phone = models.BooleanField(
        _("Telefonnummer darf weitergegeben werden"),
        default=False,
        help_text=_("Die Einrichtung sieht die Nummer erst nach einer Zusage."),
    )
    joined_on = models.DateField(_("Dabei seit"), null=True, blank=True)
    left_on = models.DateField(_("Ausgeschieden am"), null=True, blank=True, editable=False)
    # The load is written by requests_app.loads alone: what somebody did is known there.
    minutes_90d = models.PositiveIntegerField(_("Minuten in 90 Tagen"), default=0, editable=False)
    last_deployed_on = models.DateField(_("Letzter Einsatz"), null=True, editable=False)

    objects = VolunteerQuerySet.as_manager()

    class Meta:
        verbose_name = _("Integrationslotsin oder -lotse")
        verbose_name_plural = _("Integrationslotsinnen und -lotsen")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=VolunteerState.values), name="volunteer_state"),
            models.CheckConstraint(
                condition=Q(paused_until=None) | Q(state=VolunteerState.PAUSED),
                name="volunteer_pause_has_end",
            ),
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(state=VolunteerState.LEFT), name="volunteer_left_only_gone"
            ),
            models.CheckConstraint(condition=Q(gender__in=["", *Gender.values]), name="volunteer_gender"),
            models.CheckConstraint(
                condition=Q(weekly_maximum__range=(1, 20)), name="volunteer_weekly_maximum"
            ),
            models.CheckConstraint(condition=Q(availability__len=DAYS_A_WEEK), name="volunteer_seven_days"),
        ]
        indexes = [
            models.Index(fields=["name", "id"], name="volunteer_by_name"),
            # As "name__icontains" asks.
            GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="volunteer_name_parts"),
        ]
        triggers = [guarded("volunteer_moves", VOLUNTEER_MOVES)]

    def __str__(self) -> str:
        return self.name

    @property
    def ready_until(self) -> date | None:
        """The last day on which state and undertaking allow a deployment; None means never."""
        if self.state != VolunteerState.ACTIVE or self.undertaking_on is None:
            return None
        return self.undertaking_until or date.max

    def ending_papers(self, today: date, days: int) -> tuple[date | None, date | None]:
        """Last days of undertaking and certificate that end within so many days; None where one holds."""
        limit = today + timedelta(days=days)
        papers = (
            (self.undertaking_on, self.undertaking_until),
            (self.conduct_seen_on, self.conduct_until),
        )
        first, second = (until if seen and until and until <= limit else None for seen, until in papers)
        return first, second


ROLE_SOURCES[Role.VOLUNTEER] = Volunteer.objects.of_account


class Speaks(models.Model):
    """One language of one volunteer, with the level."""

    volunteer = models.ForeignKey(Volunteer, on_delete=models.CASCADE, related_name="languages")
    language = models.ForeignKey(
        Language, verbose_name=_("Sprache"), on_delete=models.PROTECT, related_name="speakers"
    )
    level = models.PositiveSmallIntegerField(_("Niveau"), choices=Level.choices, default=Level.FLUENT)

    class Meta:
        verbose_name = _("Sprache einer Lotsin oder eines Lotsen")
        verbose_name_plural = _("Sprachen der Lotsinnen und Lotsen")
        ordering = ["-level", "language__name"]
        constraints = [
            models.UniqueConstraint(fields=["volunteer", "language"], name="language_once_per_volunteer"),
            models.CheckConstraint(condition=Q(level__in=Level.values), name="speaks_level"),
        ]

    def __str__(self) -> str:
        return f"{self.language} – {self.get_level_display()}"


class TopicTraining(models.Model):
    """That somebody was trained for a topic, and until when it counts (empty: without end)."""

    volunteer = models.ForeignKey(Volunteer, on_delete=models.CASCADE, related_name="topic_trainings")
    topic = models.ForeignKey(
        Topic, verbose_name=_("Thema"), on_delete=models.PROTECT, related_name="trainings"
    )
    completed_on = models.DateField(_("Abgeschlossen am"))
    valid_until = models.DateField(_("Gültig bis"), null=True, blank=True)
    session = models.ForeignKey(
        "volunteers.Session",
        verbose_name=_("Aus dem Termin"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="topic_trainings",
    )

    class Meta:
        verbose_name = _("Themenschulung")
        verbose_name_plural = _("Themenschulungen")
        ordering = ["-completed_on"]
        constraints = [
            models.UniqueConstraint(fields=["volunteer", "topic"], name="training_once_per_topic"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("completed_on")),
                name="training_valid_after_completion",
            ),
        ]

    def __str__(self) -> str:
        return str(self.topic)


class Absence(models.Model):
    """Whole days, both ends included, on which somebody is away."""

    volunteer = models.ForeignKey(Volunteer, on_delete=models.CASCADE, related_name="absences")
    first = models.DateField(_("Erster Tag"))
    last = models.DateField(_("Letzter Tag"))

    class Meta:
        verbose_name = _("Abwesenheit")
        verbose_name_plural = _("Abwesenheiten")
        ordering = ["first"]
        constraints = [
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="absence_ends_after_beginning"),
        ]
        indexes = [models.Index(fields=["volunteer", "last"], name="absence_of_volunteer")]

    def __str__(self) -> str:
        return f"{self.first:%d.%m.%Y} – {self.last:%d.%m.%Y}"
