"""What languages and topics are called in the reader's language; the database holds their German names."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from babel import Locale, UnknownLocaleError
from django.utils.translation import get_language, gettext

if TYPE_CHECKING:
    from volunteers.models import Language

GERMAN: Final = "de"


def topic_name(name: str) -> str:
    """Return a topic's name in the page's language; one that the office made up itself stays as it is."""
    return gettext(name)


def language_name(name: str, code: str) -> str:
    """Return a language's name in the page's language: the catalogue's, else CLDR's, else the German one.

    CLDR is asked only where the German name is CLDR's as well, for what the office renamed means more.
    """
    reader = get_language() or GERMAN
    if reader == GERMAN:
        return name
    translated = gettext(name)
    if translated != name or Locale(GERMAN).languages.get(code) != name:
        return translated
    try:
        known = str(Locale.parse(reader, sep="-").languages.get(code, name))
    except (ValueError, UnknownLocaleError):
        return name
    # CLDR writes names as inside a sentence, where Ukrainian has small letters; here they stand alone.
    return known[:1].title() + known[1:]


def in_dictionary_order(languages: Iterable[Language]) -> list[Language]:
    """Sort by the name on the page, with Ä among A; the database's collation puts umlauts last."""

    def key(language: Language) -> str:
        letters = unicodedata.normalize("NFD", language.label)
        return "".join(sign for sign in letters if not unicodedata.combining(sign)).casefold()

    return sorted(languages, key=key)
