"""Spreadsheets as people make them, and files that are none: a sentence for each, never an error."""

from __future__ import annotations

import io
import zipfile
from datetime import date, time
from typing import Any

import pytest
import xlsxwriter

from requests_app.takeover import reading, values
from requests_app.takeover.reading import NotReadable, read
from requests_app.takeover.values import Wrong


def workbook(rows: list[list[Any]], far: str = "") -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for line, row in enumerate(rows):
            page.write_row(line, 0, row)
        if far:
            page.write(far, "weit weg")
    return target.getvalue()


def replaced(data: bytes, name: str, content: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            new.writestr(member, content if member == name else old.read(member))
    return target.getvalue()


SOUND = workbook([["Name", "Ort"], ["Jürgen", "Neuss"]])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_csv_is_read_in_every_dress(encoding: str, separator: str) -> None:
    text = 'Liste\r\n\r\nName;Notiz\r\nJürgen;"a\nb, ""c"""\r\n;\r\nÄnne;=1+1\r\n'.replace(";", separator)
    text = text.replace("Notiz", "Notiz" + separator * 3)  # of all signs the separator is there most often

    sheet = read(text.encode(encoding), {"name"})

    assert [line.cells[:2] for line in sheet.lines] == [("Jürgen", 'a\nb, "c"'), ("Änne", "=1+1")]
    assert sheet.headings[:2] == ("Name", "Notiz")


def test_the_separator_that_excel_notes_counts() -> None:
    assert read(b"sep=|\nName|Ort\nA;B,C|D\n").lines[0].cells == ("A;B,C", "D")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", reading.EMPTY),
        (b"\n\n;;\n", reading.EMPTY),
        (b"Name\n", "Unter den Überschriften steht keine Zeile."),
        (b"Name\nA\0B\n", reading.UNKNOWN),
        (b"PK\x03\x04 kein Archiv", reading.UNKNOWN),
        (bytes(range(256)) * 40, reading.UNKNOWN),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, reading.OLD),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), reading.LOCKED),
        (b"x" * (reading.MOST_BYTES + 1), reading.TOO_BIG),
        (b"Name\n" + b"A\n" * 60_000, reading.TOO_MANY),
        (b"Name\n" + b";" * 90 + b"x\n", reading.TOO_WIDE),
        (b"Name\n" + b"x" * 6000 + b"\n", "In Zeile 2 steht eine Zelle mit mehr als 5000 Zeichen."),
        (b'Name\n"offen\n' + b"x;y\n" * 40_000, "In Zeile"),
        (workbook([["Name"], ["A"]], far="XFD7"), f"{reading.TOO_WIDE} Alle Blätter"),
        (workbook([["Name"], ["A"]], far="A1048576"), f"{reading.TOO_MANY} Alle Blätter"),
        (workbook([]), reading.EMPTY),
        (replaced(SOUND, "xl/worksheets/sheet1.xml", b"<worksheet"), reading.UNKNOWN),
        (replaced(SOUND, "xl/workbook.xml", b"\xff\xfe"), reading.UNKNOWN),
        (replaced(SOUND, "xl/sharedStrings.xml", b" " * 61_000_000), reading.BOMB),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else None,
)
def test_an_odd_file_gets_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(NotReadable) as problem:
        read(data, {"name"})
    assert str(problem.value).startswith(sentence)


def test_merged_and_hidden_cells_do_no_harm() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        hidden, page = book.add_worksheet("Versteckt"), book.add_worksheet("Lotsen")
        page.activate()
        page.set_first_sheet()
        hidden.hide()
        page.merge_range("A1:C1", "Unsere Lotsinnen und Lotsen")
        page.write_row("A2", ["Name", "Telefon", "Ort"])
        page.merge_range("A3:A4", "Samira")
        page.write_row("B3", [2131.0, "Neuss"])
        page.write("B4", True)

    sheet = read(target.getvalue(), {"name", "telefon"})

    assert [(line.number, line.cells) for line in sheet.lines] == [
        (3, ("Samira", "2131", "Neuss")),
        (4, ("", "ja", "")),
    ]


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("24.11.2026", date(2026, 11, 24)),
        ("24.11.26", date(2026, 11, 24)),
        ("4. 1. 1999", date(1999, 1, 4)),
        ("2026-11-24", date(2026, 11, 24)),
        ("2026-11-24 00:00:00", date(2026, 11, 24)),
        ("24/11/2026", date(2026, 11, 24)),
        ("1.1.75", date(1975, 1, 1)),
    ],
)
def test_dates_are_read_as_they_are_written_here(cell: str, day: date) -> None:
    assert values.day(cell) == day


@pytest.mark.parametrize("cell", ["31.2.2026", "24.11", "gestern", "24.11.0026", "46350"])
def test_what_is_no_date_is_said_to_be_none(cell: str) -> None:
    with pytest.raises(Wrong):
        values.day(cell)


def test_times_and_lengths_are_read_as_they_are_written_here() -> None:
    assert [values.clock_time(cell) for cell in ("9:30", "09.30 Uhr", "14", "8:05:00")] == [
        time(9, 30),
        time(9, 30),
        time(14),
        time(8, 5),
    ]
    cells = ("90", "90 Min.", "1,5 Std.", "1:30", "90,0", "1 Stunde", "02:00")
    assert [values.minutes(cell) for cell in cells] == [90, 90, 90, 90, 90, 60, 120]
