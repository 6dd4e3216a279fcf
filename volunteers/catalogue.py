"""The catalogues a fresh installation begins with: languages, topics, and Neuss's districts.

Names come from CLDR through Babel. Where it has none, or none that tells varieties apart, the table here
says them. Another city replaces the districts on its catalogue page; nothing here takes an edit back.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from babel import Locale
from django.db import transaction
from django.utils.translation import gettext_noop as _

from volunteers.models import Direction, District, Language, Topic


@dataclass(frozen=True)
class Tongue:
    """A language or variety; what stands empty is CLDR's. `family` joins those that are close."""

    code: str
    name: str = ""
    own_name: str = ""
    direction: str = ""
    family: str = field(default="", kw_only=True)


LANGUAGES: Final = (
    Tongue("sq"),
    Tongue("am"),
    Tongue("ar", family="arabic"),
    Tongue("ary", _("Arabisch, marokkanisch"), "الدارجة", "rtl", family="arabic"),
    Tongue("aii", _("Aramäisch, Suret"), "ܣܘܪܝܬ", "rtl", family="aramaic"),
    Tongue("tru", _("Aramäisch, Surayt"), "Surayt", "ltr", family="aramaic"),
    Tongue("hy"),
    Tongue("az", family="oghuz"),
    Tongue("bm", family="manding"),
    Tongue("bn"),
    Tongue("bs", family="bks"),
    Tongue("bg"),
    Tongue("zh", _("Chinesisch, Mandarin")),
    Tongue("prs", _("Dari"), "دری", "rtl", family="persian"),
    Tongue("gsg", _("Deutsche Gebärdensprache"), "Deutsche Gebärdensprache", "ltr"),
    Tongue("en"),
    Tongue("fa", _("Farsi"), family="persian"),
    Tongue("fr"),
    Tongue("ff"),
    Tongue("ka"),
    Tongue("el"),
    Tongue("ha"),
    Tongue("hi", family="hindustani"),
    Tongue("ig"),
    Tongue("it"),
    Tongue("hr", family="bks"),
    # Two languages to whoever speaks one of them, so they share no family.
    Tongue("kmr", _("Kurdisch, Kurmancî"), "Kurdî"),
    Tongue("ckb", _("Kurdisch, Soranî"), "کوردی"),
    Tongue("ln"),
    Tongue("mnk", _("Mandinka"), "Mandinka", "ltr", family="manding"),
    Tongue("mk"),
    Tongue("ps"),
    Tongue("pl"),
    Tongue("pt"),
    Tongue("pa"),
    Tongue("rom", _("Romani"), "Romani ćhib", "ltr"),
    Tongue("ro"),
    Tongue("ru"),
    Tongue("sr", family="bks"),
    Tongue("so"),
    Tongue("es"),
    Tongue("sw"),
    Tongue("ta"),
    Tongue("rif", family="tamazight"),
    Tongue("ti"),
    Tongue("cs"),
    Tongue("tr", family="oghuz"),
    Tongue("tw", _("Twi"), "Twi"),
    Tongue("uk"),
    Tongue("hu"),
    Tongue("ur", family="hindustani"),
    Tongue("vi"),
    Tongue("wo"),
    Tongue("zza", _("Zazakî"), "Zazakî", "ltr"),
)

# The six topics of the city's page. Nothing is demanded at first: a new office has trained nobody yet.
TOPICS: Final = (
    ("gesundheit", _("Gesundheit")),
    ("bildung", _("Bildung")),
    ("erziehung", _("Erziehung")),
    ("arbeit", _("Arbeit")),
    ("beruf", _("Beruf")),
    ("soziales", _("Soziales")),
)

# The 28 statistical districts of the city of Neuss with rough centres: degrees north and east.
DISTRICTS: Final = (
    ("Innenstadt", 51.199, 6.693),
    ("Dreikönigenviertel", 51.192, 6.690),
    ("Hafengebiet", 51.208, 6.706),
    ("Hammfeld", 51.202, 6.714),
    ("Augustinusviertel", 51.189, 6.703),
    ("Gnadental", 51.181, 6.715),
    ("Grimlinghausen", 51.173, 6.743),
    ("Uedesheim", 51.163, 6.788),
    ("Weckhoven", 51.157, 6.708),
    ("Erfttal", 51.166, 6.728),
    ("Selikum", 51.173, 6.702),
    ("Reuschenberg", 51.174, 6.685),
    ("Pomona", 51.183, 6.686),
    ("Stadionviertel", 51.187, 6.677),
    ("Westfeld", 51.195, 6.670),
    ("Morgensternsheide", 51.211, 6.657),
    ("Furth-Süd", 51.208, 6.687),
    ("Furth-Mitte", 51.214, 6.685),
    ("Furth-Nord", 51.221, 6.684),
    ("Weißenberg", 51.223, 6.671),
    ("Vogelsang", 51.212, 6.673),
    ("Barbaraviertel", 51.215, 6.700),
    ("Holzheim", 51.157, 6.661),
    ("Grefrath", 51.171, 6.638),
    ("Hoisten", 51.131, 6.696),
    ("Speck, Wehl, Helpenstein", 51.143, 6.668),
    ("Norf", 51.149, 6.725),
    ("Rosellen", 51.133, 6.738),
)


def names_of(tongue: Tongue) -> tuple[str, str, str]:
    """Return a language's German name, its name in its own script, and its direction ("ltr" or "rtl")."""
    name = tongue.name or Locale("de").languages[tongue.code]
    if tongue.own_name and tongue.direction:
        return name, tongue.own_name, tongue.direction
    locale = Locale.parse(tongue.code)
    own = tongue.own_name or locale.get_language_name(tongue.code) or name
    # Title case and not upper case, which would give Georgian another script.
    return name, own[0].title() + own[1:], Direction(locale.text_direction).value


@transaction.atomic
def load() -> None:
    """Load the catalogues; may be repeated after each update of the portal.

    Names and directions follow the table. What the office decides stays: whether something is offered, what
    a topic demands, rows of its own, and all districts once there is one.
    """
    _load_languages()
    for position, (slug, name) in enumerate(TOPICS, start=1):
        Topic.objects.update_or_create(slug=slug, defaults={"name": name, "position": position})
    if not District.objects.exists():
        District.objects.bulk_create(
            District(name=name, latitude=north, longitude=east) for name, north, east in DISTRICTS
        )


def _load_languages() -> None:
    owners = dict(Language.objects.values_list("name", "code"))
    rows = []
    for tongue in LANGUAGES:
        name, own_name, direction = names_of(tongue)
        # The office may have added the language under a code of its own.
        if owners.get(name, tongue.code) == tongue.code:
            rows.append(
                Language(
                    code=tongue.code, name=name, own_name=own_name, direction=direction, family=tongue.family
                )
            )
    Language.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "own_name", "direction", "family"],
    )
