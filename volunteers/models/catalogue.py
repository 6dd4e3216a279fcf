"""The catalogues by which people are found: languages, topics, parts of the city."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from volunteers.naming import language_name, topic_name


class Direction(models.TextChoices):
    """Which way a script runs."""

    LTR = "ltr", _("von links nach rechts")
    RTL = "rtl", _("von rechts nach links")


class Language(models.Model):
    """A language or a variety that counts as one: Kurmancî is not Soranî."""

    code = models.SlugField(_("Kürzel"), max_length=16, unique=True)
    name = models.CharField(_("Name"), max_length=80, unique=True)
    own_name = models.CharField(_("Eigener Name"), max_length=80)
    direction = models.CharField(
        _("Schreibrichtung"), max_length=3, choices=Direction.choices, default=Direction.LTR
    )
    family = models.SlugField(
        _("Verwandt mit"),
        max_length=16,
        blank=True,
        help_text=_("Sprachen mit demselben Eintrag sind einander nah, zum Beispiel Dari und Farsi."),
    )
    active = models.BooleanField(_("Wird angeboten"), default=True)

    class Meta:
        verbose_name = _("Sprache")
        verbose_name_plural = _("Sprachen")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(direction__in=Direction.values), name="language_direction"),
        ]

    def __str__(self) -> str:
        return self.label if self.label == self.own_name else f"{self.label} ({self.own_name})"

    @property
    def label(self) -> str:
        """The name in the language of the page."""
        return language_name(self.name, self.code)


class Topic(models.Model):
    """What an appointment is about; the six topics are those of the city's page."""

    slug = models.SlugField(_("Kürzel"), max_length=32, unique=True)
    name = models.CharField(_("Name"), max_length=80, unique=True)
    position = models.PositiveSmallIntegerField(_("Reihenfolge"), default=0)
    needs_training = models.BooleanField(
        _("Verlangt eine Schulung"),
        default=False,
        help_text=_("Nur wer für dieses Thema geschult ist, wird vorgeschlagen."),
    )
    needs_conduct_certificate = models.BooleanField(
        _("Verlangt ein Führungszeugnis"),
        default=False,
        help_text=_("Zum Beispiel, weil Kinder allein anwesend sein können."),
    )
    active = models.BooleanField(_("Wird angeboten"), default=True)

    class Meta:
        verbose_name = _("Thema")
        verbose_name_plural = _("Themen")
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the language of the page."""
        return topic_name(self.name)


class District(models.Model):
    """A part of the city with its rough centre, for distances between districts."""

    name = models.CharField(_("Name"), max_length=80, unique=True)
    latitude = models.FloatField(_("Breite"), validators=[MinValueValidator(-90), MaxValueValidator(90)])
    longitude = models.FloatField(_("Länge"), validators=[MinValueValidator(-180), MaxValueValidator(180)])
    active = models.BooleanField(_("Wird angeboten"), default=True)

    class Meta:
        verbose_name = _("Stadtteil")
        verbose_name_plural = _("Stadtteile")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude__range=(-90, 90)) & Q(longitude__range=(-180, 180)),
                name="district_on_the_globe",
            ),
        ]

    def __str__(self) -> str:
        return self.name
