"""Volunteers as a spreadsheet: the template, and everybody in the same form."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from django.db.models import Prefetch

from requests_app.takeover.judging import Book, Column
from requests_app.takeover.people_columns import COLUMNS, DAYS, shown
from volunteers.availability import write_day
from volunteers.models import Speaks, Volunteer

LANGUAGE_COLUMNS: Final = 4


def everybody() -> list[Volunteer]:
    """All volunteers with what a row can say about them."""
    spoken = Prefetch("languages", Speaks.objects.select_related("language"))
    return list(
        Volunteer.objects.select_related("district").prefetch_related(spoken, "topics").order_by("pk")
    )


def form(most_languages: int) -> list[tuple[str, Column]]:
    """The columns of the template, with as many languages as are wanted."""
    columns = {column.field: column for column in COLUMNS}
    pairs: list[tuple[str, Column]] = []
    for column in COLUMNS:
        if column.field in {"first_name", "last_name", "level"}:
            continue
        if column.field != "language":
            pairs.append((column.heading, column))
            continue
        for number in range(1, max(LANGUAGE_COLUMNS, most_languages) + 1):
            pairs += [(f"Sprache {number}", column), (f"Niveau {number}", columns["level"])]
    return pairs


def rows(_book: Book) -> Iterator[list[Any]]:
    """Everybody, as the template writes it; languages begin with the best."""
    people = everybody()
    count = max((len(person.languages.all()) for person in people), default=0)
    pairs = form(count)
    yield [heading for heading, _column in pairs]
    for person in people:
        spoken = sorted(person.languages.all(), key=lambda known: (-known.level, known.language.name))
        cells: list[Any] = []
        for heading, column in pairs:
            place = int(heading.rpartition(" ")[2]) - 1 if column.repeats and column.field != "topic" else 0
            cells.append(_cell(person, column.field, spoken[place] if place < len(spoken) else None))
        yield cells


def _cell(person: Volunteer, name: str, spoken: Speaks | None) -> Any:
    if name == "language":
        return spoken.language.name if spoken else ""
    if name == "level":
        return spoken.get_level_display() if spoken else ""
    if name == "topic":
        return "; ".join(topic.name for topic in person.topics.all())
    if name in DAYS:
        return write_day(person.availability[DAYS.index(name)]) or "nie"
    value = getattr(person, name)
    if value is None or value == "":
        return ""
    if isinstance(value, date) or name == "weekly_maximum":
        return value
    return shown(name, value)
