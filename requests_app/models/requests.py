"""The request itself: what is needed, when, where, for whom, and where it stands."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lotsen_portal.access import Role, roles
from lotsen_portal.encryption import EncryptedTextField
from lotsen_portal.models.ground import begins, guarded, sound_period, values_of
from requests_app.models.groups import RequestGroup
from requests_app.models.institutions import Institution, InstitutionKind
from requests_app.models.kinds import Daytime, Help, Mode, Origin
from requests_app.states import FINAL, REQUEST_MOVES, RequestState, Who
from volunteers.models import District, Gender, Language, Level, Topic

if TYPE_CHECKING:
    from lotsen_portal.models import User


class ReferenceCounter(models.Model):
    """The last number given out in a year; its row lock makes references unique and gapless."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField()


class AssistanceQuerySet(models.QuerySet["AssistanceRequest"]):
    """Questions about requests."""

    def visible_to(self, user: User) -> AssistanceQuerySet:
        """The office sees all requests, a member those of the own institution, others none."""
        held = roles(user)
        if Role.COORDINATOR in held:
            return self
        if Role.MEMBER in held:
            # A call is the office's errand for a request that they see.
            own = self.filter(institution__members__user=user, institution__members__left_on=None)
            return own.filter(callback_for=None)
        return self.none()

    def running(self) -> AssistanceQuerySet:
        """Requests that have not ended."""
        return self.exclude(state__in=FINAL)


class AssistanceRequest(models.Model):
    """One appointment, one language, one Lotse asked for.

    Without an institution and somebody who filed it, a request is a person's own: that person hears by
    `client_email` in `client_language`. `filing_key` makes a form sent twice one request.

    `period` is null until a time is chosen; `version` grows with every change of time, place or language,
    and offers, answers, mail keys and calendar entries carry it. Free text is encrypted, since people
    write names where they should not.
    """

    reference = models.CharField(_("Aktenzeichen"), max_length=24, unique=True)
    state = models.CharField(
        _("Stand"),
        max_length=12,
        choices=[(s.value, s.value) for s in RequestState],
        default=RequestState.NEW,
    )
    version = models.PositiveIntegerField(_("Fassung"), default=1)
    origin = models.CharField(
        _("Herkunft"), max_length=12, choices=Origin.choices, default=Origin.INSTITUTION
    )
    filing_key = models.UUIDField(null=True, unique=True, editable=False)
    group = models.ForeignKey(
        RequestGroup, null=True, blank=True, on_delete=models.SET_NULL, related_name="requests"
    )
    callback_for = models.ForeignKey(
        "self",
        verbose_name=_("Rückruf zu"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="callbacks",
    )
    institution = models.ForeignKey(
        Institution,
        verbose_name=_("Einrichtung"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="requests",
    )
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("Gestellt von"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("Zuständig"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    topic = models.ForeignKey(Topic, verbose_name=_("Thema"), on_delete=models.PROTECT, related_name="+")
    help = models.CharField(
        _("Art der Hilfe"), max_length=16, choices=Help.choices, default=Help.ACCOMPANIMENT
    )
    mode = models.CharField(_("Wie"), max_length=8, choices=Mode.choices, default=Mode.ON_SITE)
    minimum_level = models.PositiveSmallIntegerField(
        _("Sprachniveau mindestens"), choices=Level.choices, default=Level.GOOD
    )
    gender_needed = models.CharField(
        _("Geschlecht der Lotsin oder des Lotsen"), max_length=1, choices=Gender.choices, blank=True
    )
    period = DateTimeRangeField(_("Zeitraum"), null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(_("Dauer in Minuten"), validators=[MinValueValidator(1)])
    times_proposed = models.BooleanField(_("Mehrere Termine möglich"), default=False)
    wants_call = models.BooleanField(_("Möchte angerufen werden"), default=False)
    call_times = ArrayField(
        models.CharField(max_length=9, choices=Daytime.choices),
        verbose_name=_("Anruf am liebsten"),
        default=list,
        blank=True,
    )
    # Whoever wants to be called says in the call where it will be.
    district = models.ForeignKey(
        District,
        verbose_name=_("Stadtteil"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    place = EncryptedTextField(_("Ort"), blank=True)
    contact = EncryptedTextField(_("Ansprechperson"), blank=True)
    contact_phone = EncryptedTextField(_("Telefon der Ansprechperson"), blank=True)
    concern = EncryptedTextField(_("Anliegen"), blank=True)
    client_reference = EncryptedTextField(_("Ihr Zeichen"), blank=True)
    client_reference_index = models.CharField(max_length=64, blank=True, editable=False)
    client_name = EncryptedTextField(_("Name"), blank=True)
    client_phone = EncryptedTextField(_("Telefon"), blank=True)
    client_phone_index = models.CharField(max_length=64, blank=True, editable=False)
    client_email = EncryptedTextField(_("E-Mail"), blank=True)
    client_language = models.CharField(_("Sprache der Seite"), max_length=10, blank=True)
    client_address = EncryptedTextField(_("Genaue Adresse"), blank=True)
    client_notes = EncryptedTextField(_("Hinweise für die Lotsin oder den Lotsen"), blank=True)
    consent_at = models.DateTimeField(_("Einverständnis am"), null=True, blank=True)
    consent_version = models.PositiveIntegerField(_("Fassung der Einwilligung"), null=True, blank=True)
    consent_language = models.CharField(_("Sprache der Einwilligung"), max_length=10, blank=True)
    urgent = models.BooleanField(_("Dringend"), default=False)
    funding_source = models.CharField(_("Fördertopf"), max_length=80, blank=True)
    consent_spoken = models.BooleanField(_("Einverständnis mündlich erteilt"), default=False)
    intake_hits = ArrayField(
        models.CharField(max_length=40), verbose_name=_("Regeln, die zutreffen"), default=list, blank=True
    )
    filed_at = models.DateTimeField(_("Eingegangen am"))
    answer_by = models.DateField(_("Nachricht zugesagt bis"))
    search_ends_at = models.DateTimeField(_("Absage spätestens am"), null=True, blank=True)
    ended_at = models.DateTimeField(_("Beendet am"), null=True, blank=True)
    ended_by = models.CharField(_("Beendet von"), max_length=12, blank=True)
    ended_late = models.BooleanField(_("Zu spät abgesagt"), null=True, blank=True)
    ended_rule = models.CharField(_("Regel"), max_length=40, blank=True)
    reason = EncryptedTextField(_("Grund"), blank=True)

    objects = AssistanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("Anfrage")
        verbose_name_plural = _("Anfragen")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=values_of(RequestState)), name="assistance_state"),
            models.CheckConstraint(condition=Q(origin__in=Origin.values), name="assistance_origin"),
            models.UniqueConstraint(
                fields=["callback_for"],
                condition=~Q(state__in=sorted(s.value for s in FINAL)),
                name="one_call_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(origin=Origin.SELF) | Q(institution=None, filed_by=None),
                name="self_request_is_nobody_elses",
            ),
            models.CheckConstraint(
                condition=~Q(wants_call=True) | Q(period=None), name="call_wanted_while_without_a_time"
            ),
            models.CheckConstraint(
                condition=Q(district__isnull=False) | Q(wants_call=True) | Q(callback_for__isnull=False),
                name="without_a_district_only_before_a_call",
            ),
            models.CheckConstraint(
                condition=Q(call_times__contained_by=Daytime.values), name="assistance_call_times"
            ),
            models.CheckConstraint(condition=Q(help__in=Help.values), name="assistance_help"),
            models.CheckConstraint(condition=Q(mode__in=Mode.values), name="assistance_mode"),
            models.CheckConstraint(condition=Q(minimum_level__in=Level.values), name="assistance_level"),
            models.CheckConstraint(
                condition=Q(gender_needed__in=["", *Gender.values]), name="assistance_gender"
            ),
            models.CheckConstraint(
                condition=Q(ended_by__in=["", *values_of(Who)]), name="assistance_ended_by"
            ),
            models.CheckConstraint(condition=Q(minutes__range=(1, 1440)), name="assistance_minutes"),
            models.CheckConstraint(condition=sound_period("period"), name="assistance_sound_period"),
            models.CheckConstraint(
                condition=~Q(state=RequestState.OFFERED.value)
                | Q(period__isnull=False)
                | Q(times_proposed=True),
                name="offered_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[RequestState.CONFIRMED.value, RequestState.DONE.value])
                | Q(period__isnull=False),
                name="confirmed_has_a_period",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in RequestState if s not in FINAL], ended_at=None)
                | Q(state__in=sorted(s.value for s in FINAL), ended_at__isnull=False),
                name="assistance_ended_when_final",
            ),
        ]
        indexes = [
            models.Index(fields=["institution", "-id"], name="assistance_of_institution"),
            models.Index(fields=["state", "-id"], name="assistance_by_state"),
            models.Index(begins("period"), name="assistance_begins"),
            models.Index(
                fields=["state", "id"],
                condition=~Q(state__in=sorted(s.value for s in FINAL)),
                name="assistance_running",
            ),
            models.Index(
                fields=["search_ends_at"],
                condition=Q(state__in=[RequestState.OPEN.value, RequestState.OFFERED.value]),
                name="assistance_search_ends",
            ),
            models.Index(
                begins("period"),
                condition=~Q(state__in=sorted(s.value for s in FINAL)),
                name="assistance_running_begins",
            ),
            models.Index(
                fields=["id"],
                condition=Q(period__isnull=True, times_proposed=True),
                name="assistance_times_open",
            ),
            models.Index(
                fields=["institution", "client_reference_index"],
                condition=~Q(client_reference_index=""),
                name="assistance_client_reference",
            ),
            models.Index(
                fields=["client_phone_index"],
                condition=~Q(client_phone_index=""),
                name="assistance_client_phone",
            ),
        ]
        triggers = [
            guarded("assistance_moves", REQUEST_MOVES),
            pgtrigger.Trigger(
                name="figure_lets_go",
                operation=pgtrigger.Delete,
                when=pgtrigger.After,
                func="update requests_app_figure set number = null where number = old.id; return null;",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("own_request", args=[self.reference])

    @property
    def starts(self) -> datetime | None:
        """When it begins (UTC), if a time was chosen."""
        return self.period.lower if self.period else None

    @property
    def finishes(self) -> datetime | None:
        """When it ends (UTC), if a time was chosen."""
        return self.period.upper if self.period else None

    @property
    def has_times(self) -> bool:
        """Whether somebody can be asked: a time is chosen, or there are some to choose from."""
        return self.period is not None or self.times_proposed

    @property
    def is_final(self) -> bool:
        return self.state in FINAL

    @property
    def is_withdrawn(self) -> bool:
        """Whether the consent was there and was taken back, so that everything personal is erased."""
        return self.consent_at is None and self.consent_version is not None

    @property
    def district_name(self) -> str:
        """In which part of the city it is; "" before the call that clears it."""
        return self.district.name if self.district else ""

    @property
    def is_a_persons(self) -> bool:
        """Whether the person in need hears about it, and no institution."""
        return self.institution_id is None and self.filed_by_id is None

    @property
    def kind_of_institution(self) -> str:
        return self.institution.kind if self.institution else InstitutionKind.OTHER

    def proposals(self) -> list[ProposedTime]:
        """The times to choose from, earliest first; none where a time is chosen or nobody proposed any."""
        if self.period is not None or not self.times_proposed:
            return []
        return list(self.proposed_times.all())

    def begins_at(self, *, now: datetime) -> datetime | None:
        """When it begins; of several possible times the first that is still to come, else the last."""
        begins = [proposal.starts for proposal in self.proposals()]
        return next((moment for moment in begins if moment > now), begins[-1] if begins else self.starts)

    def is_past(self, *, now: datetime) -> bool:
        """Whether it has begun, or every time that was possible has."""
        begins = self.begins_at(now=now)
        return begins is not None and begins <= now

    @property
    def ends_last(self) -> datetime | None:
        """When it is over at the latest (UTC), if there is any time at all."""
        return max((proposal.period.upper for proposal in self.proposals()), default=self.finishes)

    def details_readable_until(self, days: int) -> datetime | None:
        """Until when the agreed Lotse may read who the client is: `days` after the appointment."""
        return self.finishes + timedelta(days=days) if self.finishes else None


class RequestedLanguage(models.Model):
    """A language that would do, in order of preference (1 is best)."""

    assistance = models.ForeignKey(AssistanceRequest, on_delete=models.CASCADE, related_name="languages")
    language = models.ForeignKey(
        Language, verbose_name=_("Sprache"), on_delete=models.PROTECT, related_name="+"
    )
    rank = models.PositiveSmallIntegerField(_("Rang"), default=1)

    class Meta:
        verbose_name = _("Gewünschte Sprache")
        verbose_name_plural = _("Gewünschte Sprachen")
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(fields=["assistance", "language"], name="language_once_per_request"),
            models.UniqueConstraint(fields=["assistance", "rank"], name="one_language_per_rank"),
        ]
        indexes = [models.Index(fields=["language", "-assistance"], name="requested_language_newest")]

    def __str__(self) -> str:
        return str(self.language)


class ProposedTime(models.Model):
    """A time that the requester could make; the Lotse picks one."""

    assistance = models.ForeignKey(AssistanceRequest, on_delete=models.CASCADE, related_name="proposed_times")
    period = DateTimeRangeField(_("Zeitraum"))

    class Meta:
        verbose_name = _("Terminvorschlag")
        verbose_name_plural = _("Terminvorschläge")
        ordering = [begins("period")]
        constraints = [
            models.UniqueConstraint(fields=["assistance", "period"], name="time_proposed_once"),
            models.CheckConstraint(condition=sound_period("period"), name="proposed_sound_period"),
        ]
        indexes = [models.Index(begins("period"), name="proposed_begins")]

    @property
    def starts(self) -> datetime:
        """When it would begin (UTC)."""
        begin: datetime = self.period.lower
        return begin
