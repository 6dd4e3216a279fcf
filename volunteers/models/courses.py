"""Trainings and supervision: what is taught, when it takes place, who comes, and who needs what."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Final

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lotsen_portal.access import Role, roles
from lotsen_portal.encryption import EncryptedTextField
from lotsen_portal.models.ground import guarded, sound_period, values_of
from volunteers.models.catalogue import Language, Topic
from volunteers.models.people import Volunteer
from volunteers.training_states import PLACE_MOVES, SESSION_MOVES, PlaceState, SessionState

if TYPE_CHECKING:
    from lotsen_portal.models import User

MOST_PLACES: Final = 300

# The trigger locks the session, so that two who say yes at once are counted one after the other.
_COUNT_PLACES: Final = """
    SELECT places INTO allowed FROM volunteers_session WHERE id = NEW.session_id FOR NO KEY UPDATE;
    IF (SELECT count(*) FROM volunteers_participation
         WHERE session_id = NEW.session_id AND state = 'yes' AND id <> NEW.id) >= allowed THEN
        RAISE EXCEPTION 'all places are taken'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'no_more_yes_than_places';
    END IF;
    RETURN NEW;
"""
_KEEP_PLACES: Final = """
    IF (SELECT count(*) FROM volunteers_participation
         WHERE session_id = NEW.id AND state = 'yes') > NEW.places THEN
        RAISE EXCEPTION 'more places are taken'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'no_more_yes_than_places';
    END IF;
    RETURN NEW;
"""


class SessionKind(models.TextChoices):
    """What people come together for."""

    BASIC = "basic", _("Grundschulung")
    FURTHER = "further", _("Fortbildung")
    GROUP = "group", _("Supervision in der Gruppe")
    SINGLE = "single", _("Einzelsupervision")
    EXCHANGE = "exchange", _("Austauschtreffen")


class Audience(models.TextChoices):
    """For whom a session is."""

    ALL = "all", _("alle")
    LANGUAGES = "languages", _("wer bestimmte Sprachen spricht")
    TOPICS = "topics", _("wer bestimmte Themen übernimmt")
    NEWCOMERS = "newcomers", _("wer neu dazukommt")


class Course(models.Model):
    """What is taught, whole or in modules; a course for a topic makes fit for appointments about it."""

    name = models.CharField(_("Name"), max_length=120, unique=True)
    topic = models.ForeignKey(
        Topic,
        verbose_name=_("Für das Thema"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="courses",
        help_text=_("Wer teilgenommen hat, gilt für dieses Thema als geschult."),
    )
    months_valid = models.PositiveSmallIntegerField(
        _("Gültig für Monate"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(240)],
        help_text=_("Leer: ohne Ende."),
    )
    active = models.BooleanField(_("Wird angeboten"), default=True)

    class Meta:
        verbose_name = _("Schulung")
        verbose_name_plural = _("Schulungen")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(months_valid__isnull=True) | Q(months_valid__range=(1, 240)),
                name="course_months_valid",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Module(models.Model):
    """A part of a course with sessions of its own; whoever attended all parts has attended the course."""

    course = models.ForeignKey(
        Course, verbose_name=_("Schulung"), on_delete=models.PROTECT, related_name="modules"
    )
    name = models.CharField(_("Name"), max_length=120)
    position = models.PositiveSmallIntegerField(_("Reihenfolge"), default=0)

    class Meta:
        verbose_name = _("Baustein einer Schulung")
        verbose_name_plural = _("Bausteine der Schulungen")
        ordering = ["course__name", "position", "name"]
        constraints = [models.UniqueConstraint(fields=["course", "name"], name="module_once_per_course")]

    def __str__(self) -> str:
        return f"{self.course.name}: {self.name}"


class SessionQuerySet(models.QuerySet["Session"]):
    """Questions about sessions."""

    def visible_to(self, user: User) -> SessionQuerySet:
        """The office sees all sessions, a volunteer those with an invitation, everybody else none."""
        if Role.COORDINATOR in roles(user):
            return self
        return self.filter(participations__volunteer__user=user)


class Session(models.Model):
    """One meeting on one or several dates, to which people are invited.

    Nothing is kept about what was said there: of supervision the portal knows that it took place.
    `version` is raised by every change of dates or place; mails and calendar entries carry it. `first_at` and
    `last_at` are the edges of its dates, kept beside them by `trainings` so that lists need no look-up.
    """

    kind = models.CharField(_("Art"), max_length=10, choices=SessionKind.choices)
    course = models.ForeignKey(
        Course, verbose_name=_("Schulung"), null=True, on_delete=models.PROTECT, related_name="sessions"
    )
    module = models.ForeignKey(
        Module, verbose_name=_("Baustein"), null=True, on_delete=models.PROTECT, related_name="sessions"
    )
    title = models.CharField(_("Titel"), max_length=120, blank=True)
    place = models.CharField(_("Ort"), max_length=200, blank=True)
    video_url = models.URLField(_("Link zur Videokonferenz"), blank=True)
    places = models.PositiveSmallIntegerField(_("Plätze"))
    leader = models.CharField(_("Leitung"), max_length=120, blank=True)
    hint = EncryptedTextField(_("Hinweis für alle Eingeladenen"), blank=True)
    audience = models.CharField(_("Für wen"), max_length=10, choices=Audience.choices, default=Audience.ALL)
    languages = models.ManyToManyField(Language, verbose_name=_("Sprachen"), related_name="+")
    topics = models.ManyToManyField(Topic, verbose_name=_("Themen"), related_name="+")
    state = models.CharField(
        _("Stand"),
        max_length=10,
        choices=[(s.value, s.value) for s in SessionState],
        default=SessionState.PLANNED,
    )
    version = models.PositiveIntegerField(_("Fassung"), default=1)
    first_at = models.DateTimeField(_("Beginn"))
    last_at = models.DateTimeField(_("Ende"))
    reason = EncryptedTextField(_("Grund der Absage"), blank=True)
    created_at = models.DateTimeField(_("Angelegt am"))

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("Termin einer Schulung")
        verbose_name_plural = _("Termine von Schulungen")
        ordering = ["first_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=values_of(SessionState)), name="session_state"),
            models.CheckConstraint(condition=Q(kind__in=SessionKind.values), name="session_kind"),
            models.CheckConstraint(condition=Q(audience__in=Audience.values), name="session_audience"),
            models.CheckConstraint(condition=Q(places__range=(1, MOST_PLACES)), name="session_has_places"),
            models.CheckConstraint(
                condition=Q(module__isnull=True) | Q(course__isnull=False), name="session_module_of_a_course"
            ),
            models.CheckConstraint(condition=Q(last_at__gt=F("first_at")), name="session_ends_after_begin"),
            models.CheckConstraint(condition=~Q(place="", video_url=""), name="session_is_somewhere"),
        ]
        indexes = [
            models.Index(fields=["-first_at", "-id"], name="session_newest"),
            models.Index(fields=["course"], condition=Q(state="held"), name="session_held_of_course"),
        ]
        triggers: ClassVar = [
            guarded("session_moves", SESSION_MOVES),
            pgtrigger.Trigger(
                name="keeps_places",
                operation=pgtrigger.UpdateOf("places"),  # type: ignore[no-untyped-call]
                when=pgtrigger.Before,
                func=_KEEP_PLACES,
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """What it is called: the own title, else the course or its part, else the kind."""
        return self.title or str(self.module or self.course or self.get_kind_display())

    @property
    def is_supervision(self) -> bool:
        """Whether it counts as supervision."""
        return self.kind in {SessionKind.GROUP, SessionKind.SINGLE}

    @property
    def coming_dates(self) -> list[SessionDate]:
        """The dates in their order, without those that were struck out."""
        return [row for row in self.dates.all() if not row.struck_out]

    def has_begun(self, *, now: datetime) -> bool:
        """Whether the first date has begun."""
        return self.first_at <= now


class SessionDate(models.Model):
    """One date of a session; one that a change struck out stays, so that calendars hear of it."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="dates")
    period = DateTimeRangeField(_("Zeit"))
    struck_out = models.BooleanField(_("Gestrichen"), default=False)

    class Meta:
        verbose_name = _("Tag eines Termins")
        verbose_name_plural = _("Tage der Termine")
        ordering = ["period", "pk"]
        constraints = [
            models.CheckConstraint(condition=sound_period("period"), name="session_date_sound_period"),
            ExclusionConstraint(
                name="dates_of_a_session_apart",
                expressions=[("session", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                condition=Q(struck_out=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts:%d.%m.%Y}"

    @property
    def starts(self) -> datetime:
        """When it begins."""
        begin: datetime = self.period.lower
        return begin

    @property
    def finishes(self) -> datetime:
        """When it ends."""
        end: datetime = self.period.upper
        return end


class ParticipationQuerySet(models.QuerySet["Participation"]):
    """Questions about who takes part."""

    def visible_to(self, user: User) -> ParticipationQuerySet:
        """The office sees all invitations, a volunteer the own ones."""
        if Role.COORDINATOR in roles(user):
            return self
        return self.filter(volunteer__user=user)

    def with_a_place(self) -> ParticipationQuerySet:
        """Everybody who said yes and has a place."""
        return self.filter(state=PlaceState.YES.value)

    def waiting(self) -> ParticipationQuerySet:
        """The waiting list in its order."""
        return self.filter(state=PlaceState.WAITING.value).order_by("queued_at", "pk")


class Participation(models.Model):
    """One volunteer and one session: invited, what the answer was, and whether she or he was there."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="participations")
    volunteer = models.ForeignKey(Volunteer, on_delete=models.CASCADE, related_name="participations")
    state = models.CharField(
        _("Stand"),
        max_length=10,
        choices=[(s.value, s.value) for s in PlaceState],
        default=PlaceState.INVITED,
    )
    invited_at = models.DateTimeField(_("Eingeladen am"))
    answered_at = models.DateTimeField(_("Beantwortet am"), null=True)
    queued_at = models.DateTimeField(_("Auf der Warteliste seit"), null=True)

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        verbose_name = _("Teilnahme")
        verbose_name_plural = _("Teilnahmen")
        ordering = ["session", "volunteer__name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["session", "volunteer"], name="invited_once_per_session"),
            models.CheckConstraint(condition=Q(state__in=values_of(PlaceState)), name="participation_state"),
            models.CheckConstraint(
                condition=~Q(state=PlaceState.WAITING.value) | Q(queued_at__isnull=False),
                name="waiting_has_an_order",
            ),
        ]
        indexes = [models.Index(fields=["volunteer", "state"], name="participation_of_volunteer")]
        triggers: ClassVar = [
            guarded("participation_moves", PLACE_MOVES),
            pgtrigger.Trigger(
                name="counts_places",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("state"),  # type: ignore[no-untyped-call]
                when=pgtrigger.Before,
                condition=pgtrigger.Q(new__state=PlaceState.YES.value),
                declare=[("allowed", "integer")],
                func=_COUNT_PLACES,
            ),
        ]

    def __str__(self) -> str:
        return f"Teilnahme {self.pk}"


class Need(models.TextChoices):
    """When a rule asks for a training."""

    START = "start", _("vor dem ersten Einsatz")
    YEARLY = "yearly", _("in jedem Jahr")


class Subject(models.TextChoices):
    """What a rule asks for, where it is no certain course."""

    BASIC = "basic", _("Grundschulung")
    FURTHER = "further", _("Fortbildung")
    SUPERVISION = "supervision", _("Supervision")
    EXCHANGE = "exchange", _("Austauschtreffen")


class TrainingRule(models.Model):
    """What somebody has to have attended: before the first appointment, or so often in each year.

    Which topic demands which training stands at the topic and at the course for it.
    """

    need = models.CharField(_("Wann"), max_length=10, choices=Need.choices)
    course = models.ForeignKey(
        Course,
        verbose_name=_("Diese Schulung"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="rules",
    )
    subject = models.CharField(
        _("oder allgemein"),
        max_length=12,
        choices=Subject.choices,
        blank=True,
        help_text=_("Nur eines von beiden."),
    )
    times = models.PositiveSmallIntegerField(
        _("Wie oft"), default=1, validators=[MinValueValidator(1), MaxValueValidator(50)]
    )
    active = models.BooleanField(_("Gilt"), default=True)

    class Meta:
        verbose_name = _("Regel für Schulungen und Supervision")
        verbose_name_plural = _("Regeln für Schulungen und Supervision")
        ordering = ["need", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(need__in=Need.values), name="training_rule_need"),
            models.CheckConstraint(condition=Q(times__range=(1, 50)), name="training_rule_times"),
            models.CheckConstraint(
                condition=Q(course__isnull=True, subject__in=Subject.values)
                | Q(course__isnull=False, subject=""),
                name="training_rule_course_or_subject",
                violation_error_message=_(
                    "Bitte wählen Sie eine Schulung oder etwas Allgemeines, nicht beides."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} ({self.get_need_display()})"

    @property
    def what(self) -> str:
        """What it asks for: "Grundschulung", "3 × Supervision"."""
        name = str(self.course) if self.course else self.get_subject_display()
        return f"{self.times} × {name}" if self.times > 1 else str(name)
