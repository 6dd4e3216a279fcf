"""Rules at intake: what is said to whoever asks, what needs the office's look, what is refused."""

from __future__ import annotations

from django.contrib.postgres.expressions import ArraySubquery
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import OuterRef, Q
from django.db.models.functions import JSONObject
from django.utils.translation import gettext

from volunteers.models import Topic


class RuleKind(models.TextChoices):
    """What a rule looks at."""

    SHORT_NOTICE = "short_notice", "Weniger Arbeitstage bis zum Termin als …"
    TOO_LONG = "too_long", "Termin länger als … Minuten"
    SCOPE = "scope", "Aussage, die beim Fragen angekreuzt wird"
    TOPIC = "topic", "Ein Thema"
    NO_HOUSE = "no_house", "Anfrage ohne Einrichtung"
    OFF_HOURS = "off_hours", "Am Wochenende oder nach … Uhr"


class RuleEffect(models.TextChoices):
    """What happens when a rule applies."""

    WARN = "warn", "Hinweis geben und annehmen"
    APPROVE = "approve", "Annehmen, aber zuerst prüfen"
    REFUSE = "refuse", "Nicht annehmen"


COUNTING = (RuleKind.SHORT_NOTICE, RuleKind.TOO_LONG, RuleKind.OFF_HOURS)


class IntakeRuleQuerySet(models.QuerySet["IntakeRule"]):
    """Questions about rules."""

    def with_words(self) -> IntakeRuleQuerySet:
        """Rules with their texts, in one statement."""
        row = JSONObject(**{name: name for name in ("language", "question", "sentence", "pointer")})
        rows = IntakeText.objects.filter(rule=OuterRef("pk")).order_by("pk")
        return self.annotate(words=ArraySubquery(rows.values_list(row)))


class IntakeRule(models.Model):
    """One rule; the office turns it off rather than deleting it, since requests name the rules they met.

    "{n}" in a text stands for the number with its unit.
    """

    slug = models.SlugField("Kürzel", max_length=40, unique=True, help_text="Steht in der Statistik.")
    kind = models.CharField("Wann die Regel gilt", max_length=16, choices=RuleKind.choices)
    effect = models.CharField("Was dann geschieht", max_length=8, choices=RuleEffect.choices)
    number = models.PositiveSmallIntegerField(
        "Zahl",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(1440)],
        help_text="Arbeitstage, Minuten oder volle Stunde, je nach Regel.",
    )
    topic = models.ForeignKey(
        Topic, verbose_name="Thema", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    because = models.CharField(
        "Grund für die Koordination",
        max_length=200,
        help_text="Ergänzt „Braucht Ihren Blick, weil …“. {n} steht für die Zahl.",
    )
    active = models.BooleanField("Gilt", default=True)
    position = models.PositiveSmallIntegerField("Reihenfolge", default=0)

    objects = IntakeRuleQuerySet.as_manager()

    class Meta:
        verbose_name = "Regel für Anfragen"
        verbose_name_plural = "Regeln für Anfragen"
        ordering = ("position", "pk")
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=RuleKind.values), name="rule_kind"),
            models.CheckConstraint(condition=Q(effect__in=RuleEffect.values), name="rule_effect"),
            models.CheckConstraint(
                condition=Q(kind__in=sorted(COUNTING), number__isnull=False, number__gte=1)
                | (~Q(kind__in=sorted(COUNTING)) & Q(number=None)),
                name="rule_counts_what_it_compares",
                violation_error_message="Diese Regel braucht eine Zahl, oder sie braucht keine.",
            ),
            models.CheckConstraint(
                condition=Q(kind=RuleKind.TOPIC, topic__isnull=False)
                | (~Q(kind=RuleKind.TOPIC) & Q(topic=None)),
                name="rule_about_a_topic_names_it",
                violation_error_message="Ein Thema gehört nur zu einer Regel über ein Thema, und dort immer.",
            ),
        )

    def __str__(self) -> str:
        return self.slug

    def text(self, part: str, language: str) -> str:
        """Return "sentence", "question" or "pointer" of a rule `with_words` in a language, else in German,
        else "".

        German words that a fresh installation begins with are translated by the catalogues.
        """
        rows: list[dict[str, str]] = getattr(self, "words")  # noqa: B009 - the annotation is not known to mypy
        found = {row["language"]: row[part] for row in rows}
        own, german = found.get(language, ""), found.get("de", "")
        return own or (gettext(german) if german else "")


class IntakeText(models.Model):
    """What a rule says, in one language."""

    rule = models.ForeignKey(IntakeRule, verbose_name="Regel", on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(
        "Sprache", max_length=10, default="de", help_text="Kürzel, zum Beispiel de oder ar."
    )
    question = models.CharField(
        "Aussage zum Ankreuzen", max_length=200, blank=True, help_text="Nur für Regeln mit einer Aussage."
    )
    sentence = models.TextField("Was wir sagen", help_text="{n} steht für die Zahl.")
    pointer = models.TextField("Wer sonst helfen kann", blank=True)

    class Meta:
        verbose_name = "Text einer Regel"
        verbose_name_plural = "Texte der Regeln"
        ordering = ("rule__position", "language")
        constraints = (
            models.UniqueConstraint(
                fields=["rule", "language"],
                name="one_text_per_rule_and_language",
                violation_error_message="Diesen Text gibt es in dieser Sprache schon.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.rule} ({self.language})"
