"""Rows about institutions: which one is meant, what is new, and how it is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from lotsen_portal.audit import Actor
from requests_app import houses
from requests_app.models import Institution, InstitutionKind
from requests_app.takeover import values
from requests_app.takeover.judging import Book, Column, Judged, Kept, Kind, Progress, as_dict, twice
from requests_app.takeover.shelves import DISTRICTS, catalogues
from requests_app.takeover.undoing import hindrances
from requests_app.takeover.values import plain

KINDS: Final = {
    **{plain(str(kind.label)): kind for kind in InstitutionKind},
    **{plain(name): kind for name, kind in (
        ("Amt", InstitutionKind.AUTHORITY),
        ("Beratung", InstitutionKind.COUNSELLING),
        ("Gesundheit", InstitutionKind.HEALTH),
        ("Arztpraxis", InstitutionKind.HEALTH),
        ("Praxis", InstitutionKind.HEALTH),
        ("Krankenhaus", InstitutionKind.HEALTH),
        ("Bildung", InstitutionKind.EDUCATION),
        ("Schule", InstitutionKind.EDUCATION),
        ("Kita", InstitutionKind.EDUCATION),
        ("Sonstige", InstitutionKind.OTHER),
        ("Andere", InstitutionKind.OTHER),
    )},
}  # fmt: skip


def _words(read: Callable[[str], Any]) -> Callable[[str, Book], Any]:
    """A reader that needs no book."""
    return lambda cell, _book: read(cell)


COLUMNS: Final = (
    Column(
        field="name", heading="Name", required=True, width=32, read=_words(values.text(160)),
        names=("Einrichtung", "Name der Einrichtung", "Institution", "Organisation", "Träger", "Haus"),
    ),
    Column(
        field="kind", heading="Art", required=True, width=24, names=("Typ", "Kategorie", "Einrichtungsart"),
        read=_words(values.one_of(KINDS)), offers=tuple(str(kind.label) for kind in InstitutionKind),
    ),
    Column(
        field="street", heading="Straße und Hausnummer", required=True, width=26,
        names=("Straße", "Strasse", "Anschrift", "Adresse", "Straße, Hausnummer"),
        read=_words(values.text(160)),
    ),
    Column(
        field="postcode", heading="Postleitzahl", required=True, names=("PLZ",), read=_words(values.text(10))
    ),
    Column(field="city", heading="Ort", required=True, names=("Stadt",), read=_words(values.text(80))),
    Column(
        field="district", heading="Stadtteil", required=True, names=("Ortsteil", "Bezirk", "Viertel"),
        width=20, read=lambda cell, book: book[DISTRICTS].one(cell), offers=DISTRICTS,
    ),
    Column(
        field="phone", heading="Telefon", names=("Telefonnummer", "Tel", "Rufnummer"),
        read=_words(values.phone),
    ),
    Column(
        field="email", heading="E-Mail", width=28, names=("Mail", "E-Mail-Adresse", "Email"),
        read=_words(values.email),
        help="Hierhin gehen Nachrichten, wenn niemand Bestimmtes gefragt hat.",
    ),
    Column(
        field="mail_domain", heading="Mail-Domain", names=("Domain",),
        read=_words(values.text(120)), help="Was in den Adressen nach dem @ steht",
    ),
    Column(
        field="usual_minutes", heading="Übliche Dauer in Minuten", names=("Übliche Dauer", "Dauer"),
        read=_words(values.minutes),
    ),
    Column(
        field="usual_place", heading="Üblicher Treffpunkt", names=("Treffpunkt",), width=28,
        read=_words(values.text(300)),
    ),
    Column(
        field="contact_name", heading="Ansprechperson", width=24, read=_words(values.text(150)),
        names=("Ansprechpartner", "Ansprechpartnerin", "Kontakt", "Kontaktperson"),
    ),
    Column(
        field="contact_phone", heading="Telefon der Ansprechperson", names=("Durchwahl",),
        read=_words(values.phone),
    ),
)  # fmt: skip
HEADINGS: Final = {column.field: column.heading for column in COLUMNS}


def open_book(now: datetime) -> Book:
    """The catalogues."""
    return Book(now, catalogues())


def _known() -> list[Institution]:
    return list(Institution.objects.select_related("district").order_by("pk"))


def judge(rows: Sequence[Judged], _book: Book) -> None:
    """Find out for each row whether the institution is new, the same, or changed; its name tells which."""
    here = {plain(house.name): house for house in _known()}
    for row in rows:
        row.title = row.values["name"]
        house = here.get(plain(row.title))
        if house is None:
            continue
        row.target = house.pk
        for column in COLUMNS:
            old, new = getattr(house, column.field), row.values.get(column.field)
            if new is not None and new != old:
                row.changes.append((column.heading, _shown(old), _shown(new)))
    twice(rows, lambda row: plain(row.title), "Diese Einrichtung steht schon in Zeile {line}.")


def _shown(value: Any) -> str:
    return str(getattr(value, "label", value) or "–")


def _fields(row: Judged) -> dict[str, Any]:
    fields = {name: value for name, value in row.values.items() if name != "district"}
    if "district" in row.values:
        fields["district_id"] = row.values["district"].pk
    return fields


def write(rows: Sequence[Judged], by: Actor, now: datetime, progress: Progress) -> None:
    """Write down what is new, and what changed about what is here."""
    new = [row for row in rows if row.target is None]
    numbers = houses.take_over([_fields(row) for row in new], by=by, now=now)
    for row, number in zip(new, numbers, strict=True):
        row.target = number
    progress(len(new))
    changed = {row.target: row for row in rows if row.changes and row.target is not None}
    before = houses.amend({number: _fields(row) for number, row in changed.items()}, by=by, now=now)
    for number, said in before.items():
        changed[number].before = said
    progress(len(rows))


def take_back(made: Sequence[int], changed: Kept, since: datetime, by: Actor, now: datetime) -> list[str]:
    """Remove what was new and restore what was changed, unless something happened since."""
    speaks_against = hindrances(Institution, houses.INSTITUTION, made, changed, since, own=())
    if not speaks_against:
        houses.amend(changed, by=by, now=now)
        houses.take_back(made, by=by, now=now)
    return speaks_against


def form(_most: int) -> list[tuple[str, Column]]:
    """The columns of the template."""
    return [(column.heading, column) for column in COLUMNS]


def rows(_book: Book) -> Iterator[list[Any]]:
    """All institutions, as the template writes them."""
    yield [column.heading for column in COLUMNS]
    for house in _known():
        values_of = {column.field: getattr(house, column.field) for column in COLUMNS}
        values_of |= {"kind": house.get_kind_display(), "district": house.district.name}
        yield [values_of[column.field] for column in COLUMNS]


def missing(chosen: set[str]) -> list[str]:
    """What every institution needs; for changes of known ones the name would do, but a list is a list."""
    return [column.heading for column in COLUMNS if column.required and column.field not in chosen]


KIND: Final = Kind(
    title="Einrichtungen",
    columns=COLUMNS,
    open_book=open_book,
    gather=as_dict,
    judge=judge,
    write=write,
    take_back=take_back,
    rows=rows,
    form=form,
    missing=missing,
)
