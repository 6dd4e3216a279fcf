"""Spreadsheets to take away: an empty template for each kind, and what the portal holds, in the same form."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from typing import Any, Final

import xlsxwriter

from requests_app.takeover.judging import Book, Column, Kind
from requests_app.takeover.values import Known

# Text that a spreadsheet would take for a formula when somebody edits the cell.
TRIGGERS: Final = ("=", "+", "-", "@", "\t", "\r")
LAST_ROW: Final = 10_000
OPTIONS: Final = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def template(kind: Kind, book: Book) -> bytes:
    """An empty list with headings, drop-downs and a page of instructions."""
    return _written(kind, book, [[heading for heading, _column in kind.form(0)]])


def everything(kind: Kind, book: Book) -> bytes:
    """All that the portal holds of a kind, as the template would be filled in."""
    return _written(kind, book, kind.rows(book))


def _written(kind: Kind, book: Book, rows: Iterable[Sequence[Any]]) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, OPTIONS) as file:
        data, guide = file.add_worksheet(kind.title), file.add_worksheet("Anleitung")
        lists = file.add_worksheet("Listen")
        lists.hide()
        headings = _fill(file, data, rows)
        columns = _columns_of(kind, headings)
        ranges = _write_lists(lists, book, [column for _heading, column in columns])
        for place, (_heading, column) in enumerate(columns):
            data.set_column(place, place, column.width)
            if column.offers in ranges:
                data.data_validation(1, place, LAST_ROW, place, _drop_down(ranges[column.offers], column))
        _explain(file, guide, kind)
    return target.getvalue()


def _columns_of(kind: Kind, headings: Sequence[str]) -> list[tuple[str, Column]]:
    most = sum(heading.startswith("Sprache ") for heading in headings)
    return [pair for pair in kind.form(most) if pair[0] in headings]


def _fill(file: Any, data: Any, rows: Iterable[Sequence[Any]]) -> list[str]:
    bold = file.add_format({"bold": True, "bottom": 1})
    days, quoted = file.add_format({"num_format": "dd.mm.yyyy"}), file.add_format({"quote_prefix": True})
    lines = iter(rows)
    headings = [str(heading) for heading in next(lines)]
    data.write_row(0, 0, headings, bold)
    data.freeze_panes(1, 1)
    for line, row in enumerate(lines, start=1):
        for place, cell in enumerate(row):
            match cell:
                case None | "":
                    continue
                case datetime() | time():
                    data.write_string(line, place, f"{cell:%H:%M}")
                case date():
                    data.write_datetime(line, place, cell, days)
                case int():
                    data.write_number(line, place, cell)
                case _:
                    text = str(cell)
                    form = quoted if text.startswith(TRIGGERS) else None
                    data.write_string(line, place, text, form)
    return headings


def _write_lists(lists: Any, book: Book, columns: Sequence[Column]) -> dict[Any, str]:
    """The entries of the drop-downs, each list in a column; returns where each one stands."""
    ranges: dict[Any, str] = {}
    for place, offers in enumerate(dict.fromkeys(column.offers for column in columns if column.offers)):
        names = list(_names(book[offers])) if isinstance(offers, str) else list(offers)
        if not names:
            continue
        lists.write_column(0, place, names)
        letter = chr(ord("A") + place)
        ranges[offers] = f"=Listen!${letter}$1:${letter}${len(names)}"
    return ranges


def _names(shelf: Known) -> Iterator[str]:
    """The names of a shelf's records, each record once."""
    yield from sorted({str(getattr(record, "name", record)) for record in shelf.records.values()})


def _drop_down(source: str, column: Column) -> dict[str, Any]:
    # A list of several does not come from the drop-down, so it may not be refused.
    return {"validate": "list", "source": source, "show_error": False, "input_title": column.heading[:32]}


def _explain(file: Any, guide: Any, kind: Kind) -> None:
    bold, wrapped = file.add_format({"bold": True}), file.add_format({"text_wrap": True, "valign": "top"})
    guide.set_column(0, 0, 34)
    guide.set_column(1, 1, 14)
    guide.set_column(2, 2, 80, wrapped)
    guide.write(0, 0, f"{kind.title} ins Portal übernehmen", bold)
    sentences = (
        "Füllen Sie das erste Blatt aus: eine Zeile für jeden Eintrag. Die Überschriften bleiben stehen.",
        "Spalten, die Sie nicht brauchen, können Sie leer lassen oder löschen.",
        "Leere Zellen ändern nichts an dem, was schon im Portal steht.",
        "Ein Datum schreiben Sie so: 24.11.2026, eine Uhrzeit so: 09:30.",
        "Nach dem Hochladen zeigt das Portal jede Zeile, bevor etwas übernommen wird.",
    )
    for line, sentence in enumerate(sentences, start=2):
        guide.write(line, 0, sentence)
    guide.write_row(8, 0, ["Spalte", "Nötig", "Hinweis"], bold)
    for line, column in enumerate(kind.columns, start=9):
        guide.write_row(line, 0, [column.heading, "ja" if column.required else "", column.help])
