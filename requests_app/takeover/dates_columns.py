"""What a row about an appointment can say, and how its cells are read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from requests_app.models import Mode
from requests_app.takeover import values
from requests_app.takeover.judging import Book, Cell, Column, as_dict
from requests_app.takeover.shelves import DISTRICTS, LANGUAGES, TOPICS
from requests_app.takeover.values import Wrong, plain

HOUSES: Final = "Einrichtungen"
PEOPLE: Final = "Freiwillige"
MODES: Final = {
    **{plain(str(mode.label)): mode for mode in Mode},
    "telefon": Mode.PHONE,
    "video": Mode.VIDEO,
    "vorort": Mode.ON_SITE,
    "personlich": Mode.ON_SITE,
}


def _words(read: Callable[[str], Any]) -> Callable[[str, Book], Any]:
    """A reader that needs no book."""
    return lambda cell, _book: read(cell)


COLUMNS: Final = (
    Column(
        field="institution", heading="Einrichtung", required=True, width=30, offers=HOUSES,
        names=("Institution", "Träger", "Auftraggeber", "Haus"),
        read=lambda cell, book: book[HOUSES].one(cell),
        help="So, wie sie im Portal heißt",
    ),
    Column(
        field="day", heading="Datum", required=True, names=("Tag", "Termin", "Am"), read=_words(values.day),
        help="24.11.2026",
    ),
    Column(
        field="begin", heading="Beginn", required=True, names=("Uhrzeit", "Von", "Zeit", "Beginn um"),
        read=_words(values.clock_time), help="09:30",
    ),
    Column(field="end", heading="Ende", names=("Bis", "Ende um"), read=_words(values.clock_time)),
    Column(
        field="minutes", heading="Dauer", names=("Dauer in Minuten", "Minuten"), read=_words(values.minutes),
        help="In Minuten; ohne Ende und Dauer gilt, was bei der Einrichtung üblich ist.",
    ),
    Column(
        field="language", heading="Sprache", required=True, width=20, names=("Sprachen",), offers=LANGUAGES,
        read=lambda cell, book: book[LANGUAGES].several(cell),
    ),
    Column(
        field="topic", heading="Thema", required=True, names=("Themen", "Bereich", "Einsatzbereich"),
        read=lambda cell, book: book[TOPICS].one(cell), offers=TOPICS,
    ),
    Column(
        field="volunteer", heading="Lotsin oder Lotse", width=26,
        names=("Lotse", "Lotsin", "Integrationslotse", "Dolmetscher", "Sprachmittler", "Freiwillige"),
        read=lambda cell, book: book[PEOPLE].one(cell),
        help="Name oder E-Mail, wenn der Termin schon vereinbart ist; sonst leer.",
    ),
    Column(
        field="place", heading="Treffpunkt", names=("Ort", "Adresse", "Raum"), width=28,
        read=_words(values.text(300)),
    ),
    Column(
        field="district", heading="Stadtteil", names=("Ortsteil", "Bezirk"), width=20, offers=DISTRICTS,
        read=lambda cell, book: book[DISTRICTS].one(cell),
    ),
    Column(
        field="mode", heading="Wie", names=("Art des Termins", "Form"), read=_words(values.one_of(MODES)),
        offers=tuple(str(mode.label) for mode in Mode),
    ),
    Column(
        field="contact", heading="Ansprechperson", names=("Ansprechpartner", "Kontakt"), width=22,
        read=_words(values.text(150)),
    ),
    Column(
        field="contact_phone", heading="Telefon der Ansprechperson", names=("Durchwahl",),
        read=_words(values.phone),
    ),
    Column(
        field="concern", heading="Anliegen", names=("Anlass", "Grund", "Worum geht es"), width=28,
        read=_words(values.lines(2000)),
    ),
    Column(
        field="client_reference", heading="Ihr Zeichen", names=("Aktenzeichen", "Zeichen", "Fallnummer"),
        read=_words(values.text(40)),
    ),
    Column(
        field="client_name", heading="Name", names=("Klient", "Klientin", "Ratsuchende", "Kunde"), width=24,
        read=_words(values.text(150)),
    ),
    Column(
        field="client_phone", heading="Telefon", names=("Telefon Klient",), read=_words(values.phone),
    ),
    Column(field="client_address", heading="Genaue Adresse", width=28, read=_words(values.text(300))),
    Column(field="client_notes", heading="Hinweise", width=28, read=_words(values.lines(2000))),
    Column(
        field="consent", heading="Einverständnis", names=("Einwilligung",), offers=("ja", "nein"),
        read=_words(values.yes_or_no), help="Ob die Person einverstanden ist",
    ),
)  # fmt: skip
HEADINGS: Final = {column.field: column.heading for column in COLUMNS}


def gather(cells: Sequence[Cell]) -> dict[str, Any]:
    """The row's values; an end tells how long it lasts."""
    said = as_dict(cells)
    end = said.pop("end", None)
    if end is not None and "minutes" not in said and "begin" in said:
        begin = said["begin"]
        said["minutes"] = (end.hour - begin.hour) * 60 + end.minute - begin.minute
        if said["minutes"] <= 0:
            raise Wrong("Das Ende muss nach dem Beginn liegen.")
    return said
