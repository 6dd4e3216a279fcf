"""The rules at intake and the funding sources that a fresh installation begins with.

The German texts are translated by the catalogues as long as the office leaves them as they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_noop as _

from lotsen_portal.models import FundingSource, SchoolHoliday
from requests_app.models import IntakeRule, IntakeText, RuleEffect, RuleKind

FUNDING: Final = ("Städtische Mittel", "KOMM-AN NRW")


@dataclass(frozen=True, kw_only=True)
class Preset:
    """A rule with its German words."""

    slug: str
    kind: RuleKind
    effect: RuleEffect
    because: str
    sentence: str
    number: int | None = None
    question: str = ""
    pointer: str = ""
    active: bool = True


RULES: Final = (
    Preset(
        slug="short-notice",
        kind=RuleKind.SHORT_NOTICE,
        effect=RuleEffect.WARN,
        number=5,
        because="bis zum Termin weniger als {n} bleiben",
        sentence=_("Bis zum Termin sind es weniger als {n}. Ihre Anfrage ist dringend."),
    ),
    Preset(
        slug="long",
        kind=RuleKind.TOO_LONG,
        effect=RuleEffect.APPROVE,
        number=180,
        because="der Termin länger als {n} dauert",
        sentence=_("Der Termin ist länger als {n}. Darum prüfen wir die Anfrage zuerst."),
    ),
    Preset(
        slug="no-house",
        kind=RuleKind.NO_HOUSE,
        effect=RuleEffect.APPROVE,
        because="die Anfrage nicht von einer Einrichtung kommt",
        sentence=_("Wir sehen uns Ihre Anfrage zuerst an."),
    ),
    Preset(
        slug="interpreting",
        kind=RuleKind.SCOPE,
        effect=RuleEffect.REFUSE,
        because="es um ein Gerichtsverfahren oder eine vereidigte Übersetzung geht",
        question=_("Es geht um ein Gerichtsverfahren oder eine vereidigte Übersetzung."),
        sentence=_("Lotsinnen und Lotsen dürfen nicht vereidigt dolmetschen oder übersetzen."),
        pointer=_("Vereidigte Fachleute finden Sie unter www.justiz-dolmetscher.de."),
    ),
    Preset(
        slug="therapy",
        kind=RuleKind.SCOPE,
        effect=RuleEffect.REFUSE,
        because="es um eine Therapie oder um Rechtsberatung geht",
        question=_("Es geht um eine Therapie oder um Rechtsberatung."),
        sentence=_("Therapie und Rechtsberatung gehören nicht zu den Aufgaben der Lotsinnen und Lotsen."),
        pointer=_(
            "Einen Platz für eine Therapie finden Sie über die Nummer 116 117. Bei Rechtsfragen hilft die "
            "Beratungshilfe des Amtsgerichts, bei Fragen zum Aufenthalt die Migrationsberatung."
        ),
    ),
    Preset(
        slug="outside",
        kind=RuleKind.SCOPE,
        effect=RuleEffect.APPROVE,
        because="der Termin außerhalb der Stadt ist",
        question=_("Der Termin ist außerhalb der Stadt."),
        sentence=_("Der Termin ist außerhalb der Stadt. Darum prüfen wir die Anfrage zuerst."),
    ),
    Preset(
        slug="transport",
        kind=RuleKind.SCOPE,
        effect=RuleEffect.REFUSE,
        because="ein Fahrdienst oder Pflege gesucht wird",
        question=_("Gesucht wird ein Fahrdienst oder Pflege."),
        sentence=_("Lotsinnen und Lotsen fahren und pflegen nicht."),
        pointer=_("Bitte fragen Sie Ihre Krankenkasse."),
        active=False,
    ),
    Preset(
        slug="off-hours",
        kind=RuleKind.OFF_HOURS,
        effect=RuleEffect.WARN,
        number=18,
        because="der Termin am Wochenende oder nach {n} ist",
        sentence=_(
            "Am Wochenende und nach {n} haben weniger Lotsinnen und Lotsen Zeit. Wir fragen trotzdem."
        ),
        active=False,
    ),
)


@transaction.atomic
def load_rules() -> None:
    """Add the rules that are not there yet; what the office changed or turned off stays."""
    known = set(IntakeRule.objects.values_list("slug", flat=True))
    fresh = [(place, preset) for place, preset in enumerate(RULES, 1) if preset.slug not in known]
    made = IntakeRule.objects.bulk_create(
        [
            IntakeRule(
                slug=preset.slug,
                kind=preset.kind,
                effect=preset.effect,
                number=preset.number,
                because=preset.because,
                active=preset.active,
                position=place,
            )
            for place, preset in fresh
        ]
    )
    IntakeText.objects.bulk_create(
        IntakeText(
            rule=rule,
            language="de",
            question=preset.question,
            sentence=preset.sentence,
            pointer=preset.pointer,
        )
        for rule, (_place, preset) in zip(made, fresh, strict=True)
    )


def load_funding() -> None:
    """Name the first funding sources of a programme that has none."""
    if not FundingSource.objects.exists():
        FundingSource.objects.bulk_create(FundingSource(name=name) for name in FUNDING)


# North Rhine-Westphalia's school holidays as its ministry of schools has decided them (none at Whitsun 2028).
SCHOOL_HOLIDAYS: Final = (
    ("Herbstferien", date(2026, 10, 17), date(2026, 10, 31)),
    ("Weihnachtsferien", date(2026, 12, 23), date(2027, 1, 6)),
    ("Osterferien", date(2027, 3, 22), date(2027, 4, 3)),
    ("Pfingstferien", date(2027, 5, 18), date(2027, 5, 18)),
    ("Sommerferien", date(2027, 7, 19), date(2027, 8, 31)),
    ("Herbstferien", date(2027, 10, 23), date(2027, 11, 6)),
    ("Weihnachtsferien", date(2027, 12, 24), date(2028, 1, 8)),
    ("Osterferien", date(2028, 4, 10), date(2028, 4, 22)),
    ("Sommerferien", date(2028, 7, 10), date(2028, 8, 22)),
    ("Herbstferien", date(2028, 10, 23), date(2028, 11, 4)),
    ("Weihnachtsferien", date(2028, 12, 21), date(2029, 1, 5)),
)


def load_school_holidays() -> None:
    """Add the school holidays after the last that is known; what the office entered or changed stays."""
    known = SchoolHoliday.objects.aggregate(last=Max("last"))["last"]
    SchoolHoliday.objects.bulk_create(
        SchoolHoliday(name=name, first=first, last=last)
        for name, first, last in SCHOOL_HOLIDAYS
        if known is None or first > known
    )
