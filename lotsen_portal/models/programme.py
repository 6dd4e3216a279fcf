"""Whose portal this is, its rules, its texts and its closing days."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import time
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q

WEIGHTS = (
    "weight_level",
    "weight_preference",
    "weight_topic",
    "weight_availability",
    "weight_distance",
    "weight_fairness",
    "weight_continuity",
)


def _weight(part: str, preset: int) -> models.PositiveSmallIntegerField[int, int]:
    """How much a part of the ranking counts, from 0 (not at all) to 10."""
    return models.PositiveSmallIntegerField(
        f"Gewicht: {part}", default=preset, validators=[MaxValueValidator(10)]
    )


class FundingSource(models.Model):
    """A budget that appointments are paid from; requests and figures keep its name."""

    name = models.CharField("Fördertopf", max_length=80, unique=True)
    active = models.BooleanField("Wird angeboten", default=True)

    class Meta:
        verbose_name = "Fördertopf"
        verbose_name_plural = "Fördertöpfe"
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Programme(models.Model):
    """The one programme this installation runs: whose it is, and the rules the office sets itself.

    The preset is Neuss: address and contact are those the city publishes for its Integrationslotsen.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)

    city = models.CharField("Stadt", max_length=100, default="Neuss")
    office_name = models.CharField(
        "Name des Amtes", max_length=150, default="Integrationsamt der Stadt Neuss"
    )
    contact_name = models.CharField("Ansprechperson", max_length=150, blank=True, default="Edona Tahiri")
    phone = models.CharField("Telefon", max_length=50, default="02131 90-5753")
    email = models.EmailField(
        "E-Mail",
        default="edona.tahiri@stadt.neuss.de",
        help_text="Antworten auf E-Mails des Portals gehen hierher.",
    )
    street = models.CharField("Straße und Hausnummer", max_length=150, default="Markt 2")
    postcode = models.CharField("Postleitzahl", max_length=10, default="41460")
    website = models.URLField("Internetseite", blank=True, default="https://www.neuss.de")
    reference_prefix = models.CharField(
        "Kürzel der Anfragen",
        max_length=5,
        default="NE",
        validators=[RegexValidator(r"^[A-Z]{1,5}\Z", "Bitte nur ein bis fünf Großbuchstaben.")],
        help_text="Damit beginnt jede Anfragenummer, zum Beispiel NE-2026-00042.",
    )

    day_begins = models.TimeField("Arbeitszeit von", default=time(8))
    day_ends = models.TimeField("Arbeitszeit bis", default=time(16))
    offer_deadline_hours = models.PositiveSmallIntegerField(
        "Antwortfrist in Arbeitsstunden",
        default=16,
        validators=[MinValueValidator(1)],
        help_text="So lange haben Lotsinnen und Lotsen Zeit zu antworten.",
    )
    answer_working_days = models.PositiveSmallIntegerField(
        "Nachricht nach Arbeitstagen",
        default=3,
        help_text="Bis dahin hört die anfragende Stelle von Ihnen.",
    )
    unfilled_working_days = models.PositiveSmallIntegerField(
        "Absage in Arbeitstagen vor dem Termin",
        default=2,
        help_text="Ist bis dahin niemand gefunden, erfährt es die anfragende Stelle.",
    )
    usual_minutes = models.PositiveSmallIntegerField(
        "Übliche Dauer in Minuten", default=60, validators=[MinValueValidator(15), MaxValueValidator(1440)]
    )
    late_cancel_hours = models.PositiveSmallIntegerField(
        "Absage gilt als spät ab Stunden vor dem Termin", default=24
    )
    reminder_hour = models.TimeField(
        "Erinnerung um", default=time(12), help_text="Am Arbeitstag vor dem Termin."
    )
    details_days = models.PositiveSmallIntegerField(
        "Angaben zur Person lesbar in Tagen nach dem Termin", default=7
    )
    report_pause_minutes = models.PositiveSmallIntegerField(
        "Frage nach dem Verlauf: Minuten nach dem Ende",
        default=30,
        validators=[MaxValueValidator(1440)],
        help_text="So lange nach dem Termin fragen wir beide Seiten, wie es war.",
    )
    report_until = models.TimeField(
        "Frage nach dem Verlauf nicht später als",
        default=time(20),
        help_text="Was später endet, wird am nächsten Morgen zu Beginn der Arbeitszeit gefragt.",
    )
    report_reminders = models.PositiveSmallIntegerField(
        "Erinnerungen an die Rückmeldung",
        default=2,
        validators=[MaxValueValidator(5)],
        help_text="Danach steht die Anfrage in Ihrer Arbeitsliste.",
    )
    report_reminder_days = models.PositiveSmallIntegerField(
        "Arbeitstage zwischen den Erinnerungen",
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
    )
    report_settle_days = models.PositiveSmallIntegerField(
        "Eine einzelne Rückmeldung gilt nach Arbeitstagen",
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
        help_text="So lange wartet das Portal auf die andere Seite.",
    )
    offers_per_day = models.PositiveSmallIntegerField(
        "Einsatzanfragen je Person und Tag",
        default=3,
        validators=[MinValueValidator(1)],
        help_text="Mehr bekommt niemand an einem Tag.",
    )

    campaign_interval_hours = models.PositiveSmallIntegerField(
        "Abstand bei der Suche in Arbeitsstunden",
        default=16,
        validators=[MinValueValidator(1), MaxValueValidator(80)],
        help_text="Hat bis dahin niemand zugesagt, werden die Nächsten gefragt.",
    )
    wave_size = models.PositiveSmallIntegerField(
        "Personen je Welle", default=3, validators=[MinValueValidator(1), MaxValueValidator(10)]
    )
    office_chooses = models.BooleanField(
        "Das Amt wählt unter den Zusagen",
        default=False,
        help_text="Sonst gilt die erste Zusage. Bei jeder Suche lässt es sich anders einstellen.",
    )
    gives_up_alone = models.BooleanField(
        "„Niemand gefunden“ geht von selbst hinaus",
        default=True,
        help_text="Rechtzeitig vor dem Termin. Sonst steht es in der Arbeitsliste, und Sie entscheiden.",
    )

    conduct_years = models.PositiveSmallIntegerField(
        "Führungszeugnis gilt Jahre",
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
        help_text="Vorschlag beim Eintragen, gerechnet vom Tag der Ausstellung.",
    )
    paper_reminder_days = models.PositiveSmallIntegerField(
        "Nachweise laufen ab: erste Erinnerung Tage vorher",
        default=60,
        validators=[MaxValueValidator(365)],
    )
    paper_second_reminder_days = models.PositiveSmallIntegerField(
        "Nachweise laufen ab: zweite Erinnerung Tage vorher",
        default=14,
        validators=[MaxValueValidator(365)],
    )

    weight_level = _weight("Sprachniveau", 5)
    weight_preference = _weight("gewünschte Sprache", 5)
    weight_topic = _weight("Thema", 5)
    weight_availability = _weight("Verfügbarkeit", 5)
    weight_distance = _weight("Entfernung", 4)
    weight_fairness = _weight("gerechte Verteilung", 6)
    weight_continuity = _weight("vertraute Person", 4)

    funding_default = models.ForeignKey(
        FundingSource,
        verbose_name="Üblicher Fördertopf",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    consent_version = models.PositiveSmallIntegerField("Fassung der Einwilligung", default=1, editable=False)

    class Meta:
        verbose_name = "Programm"
        verbose_name_plural = "Programm"
        constraints = (
            models.CheckConstraint(condition=Q(id=1), name="programme_is_one"),
            models.CheckConstraint(
                condition=Q(day_begins__lt=F("day_ends")),
                name="programme_day_has_hours",
                violation_error_message="Die Arbeitszeit muss vor ihrem Ende beginnen.",
            ),
            models.CheckConstraint(
                condition=Q(day_begins__lt=F("report_until")),
                name="programme_asks_by_day",
                violation_error_message="Die späteste Uhrzeit muss nach dem Beginn der Arbeitszeit liegen.",
            ),
            models.CheckConstraint(
                condition=Q(report_reminder_days__gte=1, report_settle_days__gte=1),
                name="programme_reports_have_time",
            ),
            models.CheckConstraint(
                condition=Q(usual_minutes__range=(15, 1440)),
                name="programme_usual_minutes",
            ),
            models.CheckConstraint(
                condition=Q(offer_deadline_hours__gte=1, offers_per_day__gte=1),
                name="programme_offers_are_possible",
            ),
            models.CheckConstraint(
                condition=Q(**{f"{weight}__lte": 10 for weight in WEIGHTS}), name="programme_weights_to_ten"
            ),
        )

    def __str__(self) -> str:
        return f"Programm {self.city}"

    @classmethod
    def current(cls) -> Programme:
        """Return the programme; made with the preset at the first call."""
        return _held.get() or cls.objects.get_or_create(pk=1)[0]

    @classmethod
    @contextmanager
    def held(cls) -> Iterator[None]:
        """Read the programme once for all that happens inside, where nobody edits it meanwhile."""
        token = _held.set(cls.current())
        try:
            yield
        finally:
            _held.reset(token)

    def text(self, kind: str, language: str) -> str:
        """Return the body of a text in this language, else in German, else ""."""
        rows = self.texts.filter(kind=kind, language__in={language, "de"}).values_list("language", "body")
        bodies = {found: body for found, body in rows if body.strip()}
        return bodies.get(language) or bodies.get("de", "")

    def text_in(self, kind: str, language: str) -> str:
        """Return the body of a text in this very language, else ""."""
        row = self.texts.filter(kind=kind, language=language).first()
        return row.body.strip() if row else ""


_held: ContextVar[Programme | None] = ContextVar("held_programme", default=None)

TEXT_IS_THERE: Final = "Diesen Text gibt es in dieser Sprache schon."


class TextKind(models.TextChoices):
    """What a text of the programme is for."""

    WELCOME = "welcome", "Begrüßung"
    IMPRINT = "imprint", "Impressum"
    PRIVACY = "privacy", "Datenschutz"
    ACCESSIBILITY = "accessibility", "Barrierefreiheit"
    CONSENT = "consent", "Einwilligung"
    ELSEWHERE = "elsewhere", "Wer sonst dolmetscht"
    SELF_CONSENT = "self_consent", "Einwilligung, wenn jemand selbst anfragt"


class ProgrammeText(models.Model):
    """A text the office writes itself, in one language."""

    programme = models.ForeignKey(
        Programme, on_delete=models.CASCADE, related_name="texts", default=1, editable=False
    )
    kind = models.CharField("Text", max_length=20, choices=TextKind.choices)
    language = models.CharField(
        "Sprache", max_length=10, default="de", help_text="Kürzel, zum Beispiel de oder ar."
    )
    body = models.TextField("Inhalt", help_text="Absätze trennt eine leere Zeile.")

    class Meta:
        verbose_name = "Text des Programms"
        verbose_name_plural = "Texte des Programms"
        ordering = ("kind", "language")
        constraints = (
            models.UniqueConstraint(
                fields=["programme", "kind", "language"],
                name="one_text_per_kind_and_language",
                violation_error_message=TEXT_IS_THERE,
            ),
            models.CheckConstraint(condition=Q(kind__in=sorted(TextKind.values)), name="text_kind_is_known"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.language})"

    def clean(self) -> None:
        """Refuse a second text; forms skip the constraint, since they do not show the programme."""
        same = ProgrammeText.objects.filter(
            programme=self.programme_id, kind=self.kind, language=self.language
        )
        if same.exclude(pk=self.pk).exists():
            raise ValidationError(TEXT_IS_THERE)


class ClosingDay(models.Model):
    """Days on which the office is closed beyond week ends and public holidays; first and last included."""

    first = models.DateField("erster Tag")
    last = models.DateField("letzter Tag")
    name = models.CharField("Anlass", max_length=100)

    class Meta:
        verbose_name = "Schließtag"
        verbose_name_plural = "Schließtage"
        ordering = ("first",)
        constraints = (
            models.CheckConstraint(
                condition=Q(first__lte=F("last")),
                name="closing_day_ends_after_it_begins",
                violation_error_message="Der letzte Tag darf nicht vor dem ersten liegen.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.first:%d.%m.%Y})"


class SchoolHoliday(models.Model):
    """School holidays; a series leaves them out where somebody asks for it. First and last day included."""

    first = models.DateField("erster Tag")
    last = models.DateField("letzter Tag")
    name = models.CharField("Ferien", max_length=100)

    class Meta:
        verbose_name = "Schulferien"
        verbose_name_plural = "Schulferien"
        ordering = ("first",)
        constraints = (
            models.CheckConstraint(
                condition=Q(first__lte=F("last")),
                name="school_holiday_ends_after_it_begins",
                violation_error_message="Der letzte Tag darf nicht vor dem ersten liegen.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.first:%d.%m.%Y})"
