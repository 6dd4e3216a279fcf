"""What the kinds of rows have in common: columns, and rows as they are understood."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from lotsen_portal.audit import Actor
from requests_app.models import Verdict
from requests_app.takeover.reading import Line
from requests_app.takeover.values import Known, Wrong, plain

# A sentence about the row as a whole stands beside no cell.
WHOLE_ROW: Final = -1


@dataclass(frozen=True)
class Book:
    """What cells are looked up in: catalogues and records, by the names that people write."""

    now: datetime
    shelves: Mapping[str, Known]

    def __getitem__(self, shelf: str) -> Known:
        return self.shelves[shelf]


@dataclass(frozen=True, kw_only=True)
class Column:
    """A field that a column can be read into: heading of our template, other names, how a cell is read."""

    field: str
    heading: str
    names: tuple[str, ...] = ()
    read: Callable[[str, Book], Any]
    help: str = ""
    required: bool = False
    repeats: bool = False
    # The shelf whose names the template offers, or the words themselves.
    offers: str | tuple[str, ...] = ()
    width: int = 16


@dataclass(frozen=True)
class Cell:
    """One cell as it was read: where it stands, what it is for, and what it says."""

    place: int
    field: str
    value: Any


@dataclass
class Judged:
    """A row as it is understood: what it says, what is wrong, what it meets, and what would change."""

    line: int
    values: dict[str, Any] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    problems: list[tuple[int, str]] = field(default_factory=list)
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    title: str = ""
    target: int | None = None
    before: dict[str, Any] = field(default_factory=dict)

    def object_to(self, name: str, sentence: str) -> None:
        """Say what is wrong with the cell of a field, or with the row."""
        self.problems.append((self.places.get(name, WHOLE_ROW), sentence))

    @property
    def verdict(self) -> Verdict:
        """What becomes of the row."""
        if self.problems:
            return Verdict.WRONG
        if self.target is None:
            return Verdict.NEW
        return Verdict.CHANGED if self.changes else Verdict.SAME


Progress = Callable[[int], None]
# What changed records said before, by number.
Kept = Mapping[int, Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """How one kind of rows is read, judged, written, taken back and given out.

    `write` sets the `target` of each row, and what a changed record said `before`. `take_back` gets the
    numbers that were made and, by number, what changed records said; it returns sentences that speak
    against it, and then does nothing.
    """

    title: str
    columns: tuple[Column, ...]
    open_book: Callable[[datetime], Book]
    gather: Callable[[Sequence[Cell]], dict[str, Any]]
    judge: Callable[[Sequence[Judged], Book], None]
    write: Callable[[Sequence[Judged], Actor, datetime, Progress], None]
    take_back: Callable[[Sequence[int], Kept, datetime, Actor, datetime], list[str]]
    rows: Callable[[Book], Iterator[list[Any]]]
    # Headings of the template and of what is given out, with the column of each.
    form: Callable[[int], list[tuple[str, Column]]]

    # Sentences' ends about what the chosen columns lack.
    missing: Callable[[set[str]], list[str]]
    # Notes whose confidential data goes out with the list.
    opened: Callable[[Actor, datetime], None] | None = None

    def column(self, name: str) -> Column:
        """The column of a field."""
        return next(column for column in self.columns if column.field == name)


def understand(kind: Kind, lines: Sequence[Line], columns: Sequence[str], book: Book) -> list[Judged]:
    """Read all rows and judge them against each other and against what is there."""
    readers = {column.field: column for column in kind.columns}
    used = [(place, readers[name]) for place, name in enumerate(columns) if name in readers]
    rows = [_understood(kind, line, used, book) for line in lines]
    kind.judge([row for row in rows if not row.problems], book)
    return rows


def _understood(kind: Kind, line: Line, used: Sequence[tuple[int, Column]], book: Book) -> Judged:
    row, cells = Judged(line.number), []
    for place, column in used:
        row.places.setdefault(column.field, place)
        cell = line.cells[place] if place < len(line.cells) else ""
        if not cell:
            continue
        try:
            cells.append(Cell(place, column.field, column.read(cell, book)))
        except Wrong as problem:
            row.problems.append((place, str(problem)))
    try:
        row.values = kind.gather(cells)
    except Wrong as problem:
        row.object_to("", str(problem))
    wrong = {place for place, _sentence in row.problems}
    for column in kind.columns:
        if column.required and row.values.get(column.field) in (None, ""):
            place = row.places.get(column.field, WHOLE_ROW)
            if place not in wrong:
                row.problems.append((place, f"Hier fehlt etwas: {column.heading}."))
    return row


def as_dict(cells: Sequence[Cell]) -> dict[str, Any]:
    """The values by field; the usual way to gather a row."""
    return {cell.field: cell.value for cell in cells}


def twice(rows: Sequence[Judged], key: Callable[[Judged], Any], sentence: str) -> None:
    """Object to each row whose key an earlier row of the sheet has; a key of None is nobody's."""
    first: dict[Any, int] = {}
    for row in rows:
        own = key(row)
        if own is None:
            continue
        if own in first:
            row.object_to("", sentence.format(line=first[own]))
        else:
            first[own] = row.line


def guess(kind: Kind, headings: Sequence[str], learned: Mapping[str, str]) -> list[str]:
    """The field that each heading most likely means, "" for none; no field twice that does not repeat."""
    known = {plain(name): column for column in kind.columns for name in (column.heading, *column.names)}
    taken: set[str] = set()
    guessed = []
    for heading in headings:
        name = plain(heading)
        column = known.get(name) or known.get(name.rstrip("0123456789"))
        found = learned.get(name, column.field if column else "")
        repeats = bool(found) and kind.column(found).repeats
        guessed.append(found if found and (repeats or found not in taken) else "")
        taken.add(found)
    return guessed
