"""From the bytes of a spreadsheet to rows of text; whatever is odd about a file is met by a sentence."""

from __future__ import annotations

import csv
import io
import math
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from python_calamine import CalamineWorkbook, SheetVisibleEnum

MOST_BYTES: Final = 5_000_000
MOST_UNPACKED: Final = 60_000_000
MOST_ROWS: Final = 10_000
MOST_COLUMNS: Final = 80
LONGEST_CELL: Final = 5_000
# Rows above the headings, such as a title.
ROWS_ABOVE: Final = 10
# The sheets of our own template that hold no data.
OURS: Final = frozenset({"Anleitung", "Listen"})

TOO_BIG: Final = f"Die Datei ist zu groß. Möglich sind {MOST_BYTES // 1_000_000} MB."
TOO_MANY: Final = (
    f"Die Tabelle hat zu viele Zeilen. Möglich sind {MOST_ROWS:,}. Bitte teilen Sie sie auf."
).replace(",", ".", 1)
TOO_WIDE: Final = f"Die Tabelle hat zu viele Spalten. Möglich sind {MOST_COLUMNS}."
EMPTY: Final = "In der Datei steht nichts. Bitte wählen Sie eine Tabelle mit Überschriften und Zeilen."
OLD: Final = (
    "Das ist das alte Excel-Format (.xls). Bitte speichern Sie die Tabelle in Excel als .xlsx "
    "und laden Sie sie noch einmal hoch."
)
BOMB: Final = "Die Datei wird beim Auspacken zu groß. Bitte löschen Sie Bilder und leere Blätter."
LOCKED: Final = (
    "Die Datei ist mit einem Kennwort geschützt. Bitte speichern Sie sie ohne Kennwort und laden Sie sie "
    "noch einmal hoch."
)
UNKNOWN: Final = (
    "Diese Datei können wir nicht lesen. "
    "Bitte speichern Sie die Tabelle als Excel-Datei (.xlsx) oder als CSV."
)

_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_OLE: Final = b"\xd0\xcf\x11\xe0"
_PLACE: Final = re.compile(rb"""\br\s*=\s*["'](?:([A-Za-z]{1,4}))?([0-9]{1,9})["']""")
_CELL: Final = re.compile(rb"<(?:\w+:)?c\b([^>]*)>")
_SHEET: Final = re.compile(r"xl/worksheets/.*\.xml", re.IGNORECASE)


class NotReadable(ValueError):
    """A file that is no spreadsheet we can take; the text is a sentence for whoever uploaded it."""


@dataclass(frozen=True)
class Line:
    """A row of the sheet with its number there and its cells as text."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """What stands in a spreadsheet: headings, and the rows below that are not empty."""

    headings: tuple[str, ...]
    lines: tuple[Line, ...]


def read(data: bytes, known: Iterable[str] = ()) -> Sheet:
    """Read the first sheet of an XLSX file, or a CSV file. Raises NotReadable.

    Of the first rows that is the row of headings which has most of the `known` ones (in lower case).
    """
    if len(data) > MOST_BYTES:
        raise NotReadable(TOO_BIG)
    if data.startswith(_OLE):
        raise NotReadable(LOCKED if _ENCRYPTED in data else OLD)
    rows = _read_xlsx(data) if data.startswith(b"PK") else _read_csv(data)
    return _sheet(_kept(rows), frozenset(known))


def _kept(rows: Iterable[tuple[int, list[str]]]) -> list[Line]:
    lines: list[Line] = []
    for number, cells in rows:
        text = [cell.strip() for cell in cells]
        while text and not text[-1]:
            text.pop()
        if not text:
            continue
        if len(text) > MOST_COLUMNS:
            raise NotReadable(TOO_WIDE)
        if len(lines) > MOST_ROWS + ROWS_ABOVE:
            raise NotReadable(TOO_MANY)
        _refuse_odd(number, text)
        lines.append(Line(number, tuple(text)))
    return lines


def _refuse_odd(number: int, cells: list[str]) -> None:
    for cell in cells:
        if len(cell) > LONGEST_CELL:
            raise NotReadable(f"In Zeile {number} steht eine Zelle mit mehr als {LONGEST_CELL} Zeichen.")
        if "\0" in cell or any("\ud800" <= sign <= "\udfff" for sign in cell):
            raise NotReadable(f"In Zeile {number} steht ein Zeichen, das wir nicht speichern können.")


def _sheet(lines: list[Line], known: frozenset[str]) -> Sheet:
    if not lines:
        raise NotReadable(EMPTY)
    above = lines[:ROWS_ABOVE]
    hits = [sum(cell.casefold() in known for cell in line.cells) for line in above]
    first = hits.index(max(hits))
    below = lines[first + 1 :]
    if not below:
        raise NotReadable("Unter den Überschriften steht keine Zeile.")
    if len(below) > MOST_ROWS:
        raise NotReadable(TOO_MANY)
    width = max(len(line.cells) for line in (lines[first], *below))
    return Sheet(
        _padded(lines[first].cells, width),
        tuple(Line(line.number, _padded(line.cells, width)) for line in below),
    )


def _padded(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    return cells + ("",) * (width - len(cells))


# CSV


def _read_csv(data: bytes) -> Iterator[tuple[int, list[str]]]:
    text = _decoded(data)
    if "\0" in text:
        raise NotReadable(UNKNOWN)
    first, _rest, below = text.partition("\n")
    separator = _separator(text)
    if first.strip().lower().startswith("sep="):  # a line that only Excel reads
        separator, text = first.strip()[4:5] or separator, below
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error:
        raise NotReadable(f"In Zeile {reader.line_num + 1} fehlt wohl ein Anführungszeichen.") from None


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NotReadable(UNKNOWN)


def _separator(text: str) -> str:
    """The sign that stands most often outside of quotes in the first lines."""
    bare = re.sub(r'"[^"]*"', "", "\n".join(text.splitlines()[:ROWS_ABOVE]))
    return max((";", "\t", ","), key=bare.count)


# XLSX


def _read_xlsx(data: bytes) -> Iterator[tuple[int, list[str]]]:
    package = _measured(data)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(package))
        rows = _rows_of(book)
    except BaseException as problem:
        if isinstance(problem, KeyboardInterrupt | SystemExit | GeneratorExit):
            raise
        raise NotReadable(UNKNOWN) from None
    yield from rows


def _rows_of(book: Any) -> list[tuple[int, list[str]]]:
    for meta in book.sheets_metadata:
        if meta.visible != SheetVisibleEnum.Visible or meta.name in OURS:
            continue
        sheet = book.get_sheet_by_name(meta.name)
        if sheet.start is None:
            continue
        top = sheet.start[0] + 1
        rows = sheet.to_python(nrows=MOST_ROWS + ROWS_ABOVE + 2)
        return [(top + place, [as_text(cell) for cell in row]) for place, row in enumerate(rows)]
    return []


def _measured(data: bytes) -> bytes:
    """The same package without compression, so that the reader unpacks nothing that was not counted.

    Raises NotReadable for a bomb, and for a sheet whose furthest cell would make a huge empty table.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as source:
            names = source.namelist()
            if "xl/workbook.xml" not in names:
                raise NotReadable(LOCKED if "EncryptedPackage" in names else UNKNOWN)
            target = io.BytesIO()
            with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as counted:
                left = MOST_UNPACKED
                for member in source.infolist()[:1000]:
                    content = _content(source, member, left)
                    left -= len(content)
                    if _SHEET.fullmatch(member.filename):
                        _refuse_far_cells(content)
                    counted.writestr(member.filename, content)
            return target.getvalue()
    except NotReadable:
        raise
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, ValueError):
        raise NotReadable(UNKNOWN) from None


def _content(source: zipfile.ZipFile, member: zipfile.ZipInfo, left: int) -> bytes:
    with source.open(member) as packed:
        content = packed.read(left + 1)
    if len(content) > left:
        raise NotReadable(BOMB)
    return content


def _refuse_far_cells(xml: bytes) -> None:
    """Raise NotReadable where a cell that holds something lies far out: the reader fills all before it."""
    cells = [attributes for attributes in _CELL.findall(xml) if not attributes.endswith(b"/")]
    places = [_PLACE.search(attributes) for attributes in cells]
    # A cell without a place stands where its row says.
    found = [place.groups() for place in places if place] if all(places) else _PLACE.findall(xml)
    if max((int(digits) for _letters, digits in found), default=0) > MOST_ROWS + ROWS_ABOVE:
        raise NotReadable(f"{TOO_MANY} Alle Blätter der Datei zählen mit.")
    if max((_column(letters or b"") for letters, _digits in found), default=0) > MOST_COLUMNS:
        raise NotReadable(f"{TOO_WIDE} Alle Blätter der Datei zählen mit.")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def as_text(cell: Any) -> str:
    """A cell's value as somebody would type it; dates as 2026-11-24, times as 14:30."""
    match cell:
        case bool():
            return "ja" if cell else "nein"
        case float() if not math.isfinite(cell):
            return str(cell)
        case float() | int():
            whole = abs(cell) < 1e15 and cell == int(cell)
            return str(int(cell)) if whole else f"{cell:.10g}".replace(".", ",")
        case datetime():
            return cell.isoformat(" ", "minutes") if cell.time() != time() else cell.date().isoformat()
        case date():
            return cell.isoformat()
        case time():
            return f"{cell:%H:%M}"
        case timedelta():
            minutes = round(cell.total_seconds() / 60)
            return f"{minutes // 60:02d}:{minutes % 60:02d}"
    return str(cell)
