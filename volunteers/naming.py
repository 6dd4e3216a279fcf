"""What languages and topics are called in the reader's language; the database holds their German names."""

from __future__ import annotations

from typing import Final

from babel import Locale, UnknownLocaleError
from django.utils.translation import get_language, gettext

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
