"""What a row about a volunteer can say, and how its cells are read and shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final

from django.conf import settings

from requests_app.takeover import values
from requests_app.takeover.judging import Book, Cell, Column
from requests_app.takeover.shelves import DISTRICTS, LANGUAGES, TOPICS
from requests_app.takeover.values import Wrong, plain
from volunteers.availability import WEEKDAYS
from volunteers.models import Gender, Level, VolunteerState

STATES: Final = {plain(str(state.label)): state for state in VolunteerState}
GENDERS: Final = {
    **{plain(str(gender.label)): gender for gender in Gender},
    "f": Gender.FEMALE,
    "w": Gender.FEMALE,
    "frau": Gender.FEMALE,
    "m": Gender.MALE,
    "herr": Gender.MALE,
    "mann": Gender.MALE,
    "d": Gender.DIVERSE,
}
MAIL_LANGUAGES: Final = {
    **{code: code for code, _name in settings.LANGUAGES},
    **{plain(name): code for code, name in settings.LANGUAGES},
    "deutsch": "de",
    "englisch": "en",
    "turkisch": "tr",
    "ukrainisch": "uk",
    "arabisch": "ar",
}
MAIL_LANGUAGE_NAMES: Final = dict(settings.LANGUAGES)
DAYS: Final = tuple(f"day_{number}" for number in range(len(WEEKDAYS)))


def _words(read: Callable[[str], Any]) -> Callable[[str, Book], Any]:
    """A reader that needs no book."""
    return lambda cell, _book: read(cell)


def _dates(name: str, heading: str, *names: str) -> Column:
    return Column(field=name, heading=heading, names=names, read=_words(values.day), help="24.11.2026")


COLUMNS: Final = (
    Column(
        field="name", heading="Name", width=26, required=True, read=_words(values.text(120)),
        names=("Vor- und Nachname", "Vorname Nachname", "Lotse", "Lotsin", "Lotsin/Lotse", "Freiwillige",
               "Ehrenamtliche", "Vollständiger Name", "Person"),
        help="Vor- und Nachname. Sie können auch zwei Spalten „Vorname“ und „Nachname“ haben.",
    ),
    Column(field="first_name", heading="Vorname", names=("Rufname",), read=_words(values.text(60))),
    Column(
        field="last_name", heading="Nachname", names=("Familienname", "Zuname"), read=_words(values.text(60))
    ),
    Column(
        field="email", heading="E-Mail", width=28, read=_words(values.email),
        names=("Mail", "E-Mail-Adresse", "Mailadresse", "Email", "Mailanschrift"),
    ),
    Column(
        field="phone", heading="Telefon", width=18, read=_words(values.phone),
        names=("Telefonnummer", "Tel", "Handy", "Mobil", "Mobilnummer", "Handynummer", "Rufnummer"),
    ),
    Column(
        field="gender", heading="Geschlecht", names=("Anrede",), read=_words(values.one_of(GENDERS)),
        offers=tuple(str(gender.label) for gender in Gender),
    ),
    Column(
        field="district", heading="Stadtteil", names=("Ortsteil", "Bezirk", "Wohnort", "Viertel"),
        read=lambda cell, book: book[DISTRICTS].one(cell), offers=DISTRICTS, width=20,
    ),
    Column(
        field="language", heading="Sprache", repeats=True, width=20, offers=LANGUAGES,
        names=("Sprachen", "Sprachkenntnisse", "Weitere Sprachen", "Muttersprache", "Erstsprache",
               "Fremdsprachen"),
        read=lambda cell, book: values.spoken(cell, book[LANGUAGES]),
        help="Eine oder mehrere, mit Semikolon getrennt: Arabisch (Erstsprache); Türkisch (B2)",
    ),
    Column(
        field="level", heading="Niveau", repeats=True, names=("Sprachniveau", "Level", "Stufe"),
        read=_words(values.level), offers=tuple(str(level.label) for level in Level), width=20,
        help="Gilt für die Sprache links daneben. Ohne Angabe: sehr gut.",
    ),
    Column(
        field="topic", heading="Themen", repeats=True, width=24, offers=TOPICS,
        names=("Thema", "Themengebiete", "Einsatzbereiche", "Schwerpunkte"),
        read=lambda cell, book: book[TOPICS].several(cell), help="Mit Semikolon getrennt",
    ),
    Column(
        field="state", heading="Stand", names=("Status", "Zustand"), read=_words(values.one_of(STATES)),
        offers=tuple(str(state.label) for state in VolunteerState),
        help="Ohne Angabe: aktiv. Später ändern Sie ihn auf der Seite der Person.",
    ),
    _dates("paused_until", "Pause bis"),
    _dates("joined_on", "Dabei seit", "Seit", "Beginn", "Eintritt", "Eintrittsdatum"),
    _dates("undertaking_on", "Verschwiegenheit vom", "Verschwiegenheitserklärung", "Schweigepflicht",
           "Verschwiegenheitserklärung vom", "Datenschutzerklärung"),
    _dates("undertaking_until", "Verschwiegenheit gültig bis"),
    _dates("conduct_seen_on", "Führungszeugnis vom", "Führungszeugnis", "Führungszeugnis eingesehen am",
           "Polizeiliches Führungszeugnis", "EFZ"),
    _dates("conduct_until", "Führungszeugnis gültig bis", "EFZ gültig bis"),
    Column(
        field="weekly_maximum", heading="Höchstens je Woche", names=("Einsätze je Woche", "Wochenmaximum"),
        read=_words(values.number(1, 20)),
    ),
    Column(
        field="shares_phone", heading="Telefon darf weitergegeben werden", names=("Telefonweitergabe",),
        read=_words(values.yes_or_no), offers=("ja", "nein"),
    ),
    Column(
        field="mail_language", heading="Sprache der Mails", names=("Korrespondenzsprache",),
        read=_words(values.one_of(MAIL_LANGUAGES)), offers=tuple(MAIL_LANGUAGE_NAMES.values()),
    ),
    *(
        Column(
            field=name, heading=WEEKDAYS[number], names=(WEEKDAYS[number][:2],), width=18,
            read=_words(values.half_hours), help="08:00–12:00, 14:00–18:00 oder ganztags",
        )
        for number, name in enumerate(DAYS)
    ),
)  # fmt: skip
SINGLE: Final = (
    "name", "email", "phone", "gender", "district", "state", "paused_until", "joined_on", "undertaking_on",
    "undertaking_until", "conduct_seen_on", "conduct_until", "weekly_maximum", "shares_phone",
    "mail_language",
)  # fmt: skip
HEADINGS: Final = {column.field: column.heading for column in COLUMNS}


def gather(cells: Sequence[Cell]) -> dict[str, Any]:
    """The row's values: names joined, languages with the levels beside them, all topics."""
    said: dict[str, Any] = {}
    languages: dict[Any, Level | None] = {}
    last: list[Any] = []
    for cell in cells:
        if cell.field == "language":
            languages |= dict(cell.value)
            last = [language for language, _level in cell.value]
        elif cell.field == "level":
            languages |= dict.fromkeys(last, cell.value)
        elif cell.field == "topic":
            said["topics"] = [*said.get("topics", []), *cell.value]
        else:
            said[cell.field] = cell.value
    names = [said.pop(name, "") for name in ("first_name", "last_name")]
    if "name" not in said and any(names):
        said["name"] = " ".join(filter(None, names))
    elif said.get("name", "").count(",") == 1:  # "Haddad, Samira"
        said["written"] = said["name"]
        said["name"] = " ".join(part.strip() for part in reversed(said["name"].split(",")))
    if languages:
        said["languages"] = languages
    for first, last_day in (("undertaking_on", "undertaking_until"), ("conduct_seen_on", "conduct_until")):
        if last_day in said and said.get(first, date.min) > said[last_day]:
            raise Wrong(f"„{HEADINGS[last_day]}“ liegt vor „{HEADINGS[first]}“.")
    return said


def shown(name: str, value: Any) -> str:
    """A value as our own list writes it."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    if name in {"state", "gender"}:
        return str((VolunteerState if name == "state" else Gender)(value).label)
    return MAIL_LANGUAGE_NAMES.get(value, value) if name == "mail_language" else str(value)
