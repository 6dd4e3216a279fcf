"""The catalogues as rows name them."""

from __future__ import annotations

from typing import Final

from requests_app.takeover.values import Known
from volunteers.models import District, Language, Topic

LANGUAGES: Final = "Sprachen"
TOPICS: Final = "Themen"
DISTRICTS: Final = "Stadtteile"


def catalogues() -> dict[str, Known]:
    """Languages (by German name, own name and code), topics and districts, those not offered any more too."""
    languages = list(Language.objects.order_by("-active", "name"))
    topics = list(Topic.objects.all())
    names = [(language.name, language) for language in languages]
    names += [(name, one) for one in languages for name in (one.own_name, one.code)]
    # "Kurdisch, Kurmancî" is also "Kurmancî".
    names += [(one.name.partition(",")[2], one) for one in languages if "," in one.name]
    return {
        LANGUAGES: Known("Die Sprache", names),
        TOPICS: Known("Das Thema", [*((t.name, t) for t in topics), *((t.slug, t) for t in topics)]),
        DISTRICTS: Known("Den Stadtteil", [(row.name, row) for row in District.objects.all()]),
    }
