"""Rows about running appointments: which are here already, which are new, and how they are agreed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Prefetch

from lotsen_portal import audit, clock
from lotsen_portal.audit import Actor
from lotsen_portal.clock import AmbiguousTime, NoSuchTime
from lotsen_portal.models import User
from requests_app import workflow
from requests_app.models import Assignment, AssistanceRequest, Institution, Mode
from requests_app.takeover.dates_columns import COLUMNS, HEADINGS, HOUSES, PEOPLE, gather
from requests_app.takeover.judging import Book, Column, Judged, Kept, Kind, Progress, twice
from requests_app.takeover.shelves import catalogues
from requests_app.takeover.undoing import hindrances
from requests_app.takeover.values import Known
from requests_app.workflow.ground import ASSISTANCE
from requests_app.workflow.intake import Desk, Draft
from volunteers.models import Volunteer, VolunteerState

REPORTED: Final = 50


def open_book(now: datetime) -> Book:
    """The catalogues, the institutions, and the volunteers by name and e-mail."""
    houses = [(house.name, house) for house in Institution.objects.select_related("district")]
    people = list(Volunteer.objects.order_by("pk"))
    names = [(person.name, person) for person in people]
    names += [(person.email, person) for person in people if person.email]
    shelves = {HOUSES: Known("Die Einrichtung", houses), PEOPLE: Known("Die Person", names)}
    return Book(now, {**catalogues(), **shelves})


def _running(now: datetime) -> list[AssistanceRequest]:
    """The requests to come that institutions have here."""
    live = Prefetch("assignments", Assignment.objects.live().select_related("volunteer"), to_attr="held")
    rows = AssistanceRequest.objects.running().exclude(institution=None).filter(period__startswith__gt=now)
    joined = rows.select_related("institution", "topic", "district")
    return list(joined.prefetch_related("languages__language", live).order_by("pk"))


def languages_of(assistance: AssistanceRequest) -> list[Any]:
    """The languages asked for, the best liked first."""
    asked = sorted(assistance.languages.all(), key=lambda row: row.rank)
    return [row.language for row in asked]


def judge(rows: Sequence[Judged], book: Book) -> None:
    """Find out for each row whether the appointment is here already, and whether it can be."""
    for row in rows:
        _settle_period(row, book.now)
    sound = [row for row in rows if not row.problems]
    here: dict[Any, list[AssistanceRequest]] = defaultdict(list)
    for assistance in _running(book.now):
        here[_key_of(assistance)].append(assistance)
    for row in sound:
        found = here.get(_key(row))
        if found:
            _compare(row, found.pop(0))
    twice(
        [row for row in sound if row.target is None],
        lambda row: (_key(row), row.values.get("client_reference"), row.values.get("volunteer")),
        "Dieser Termin steht schon in Zeile {line}.",
    )
    _refuse_the_busy([row for row in sound if row.target is None and not row.problems])


def _settle_period(row: Judged, now: datetime) -> None:
    said = row.values
    row.title = f"{said['institution'].name}, {said['day']:%d.%m.%Y}"
    try:
        begin = clock.wall_time(said["day"], said["begin"])
    except (NoSuchTime, AmbiguousTime) as problem:
        row.object_to("begin", str(problem))
        return
    if begin <= now:
        row.object_to("day", "Dieser Termin ist schon vorbei. Übernommen wird, was noch kommt.")
    said.setdefault("minutes", said["institution"].usual_minutes)
    said["period"] = DateTimeTZRange(begin, begin + timedelta(minutes=said["minutes"]))


def _key(row: Judged) -> tuple[int, datetime, int]:
    said = row.values
    return said["institution"].pk, said["period"].lower, said["language"][0].pk


def _key_of(assistance: AssistanceRequest) -> tuple[int, datetime, int] | None:
    asked = languages_of(assistance)
    if assistance.institution_id is None or assistance.starts is None or not asked:
        return None
    return assistance.institution_id, assistance.starts, asked[0].pk


def _compare(row: Judged, assistance: AssistanceRequest) -> None:
    """A row about an appointment that is here says the same, or it is refused: a change must be told."""
    said = row.values
    row.target = assistance.pk
    held = assistance.held[0].volunteer if assistance.held else None  # type: ignore[attr-defined]
    there = {
        "minutes": assistance.minutes,
        "topic": assistance.topic,
        "place": assistance.place,
        "volunteer": held,
    }
    for name, old in there.items():
        if name in said and said[name] != old:
            row.object_to(
                name,
                f"Diesen Termin gibt es schon ({assistance.reference}), dort steht: {old or 'nichts'}. "
                "Bitte ändern Sie ihn auf seiner Seite, damit alle es erfahren.",
            )


def _refuse_the_busy(rows: Sequence[Judged]) -> None:
    """Nobody is in two places at a time, in the portal and in the list."""
    taken: dict[int, list[Any]] = defaultdict(list)
    people = {row.values["volunteer"].pk for row in rows if "volunteer" in row.values}
    for held in Assignment.objects.live().filter(volunteer__in=people):
        taken[held.volunteer_id].append(held.period)
    for row in rows:
        person, period = row.values.get("volunteer"), row.values["period"]
        if person is None:
            continue
        if person.state != VolunteerState.ACTIVE:
            row.object_to("volunteer", f"{person.name} ist nicht aktiv.")
        elif any(period.lower < other.upper and other.lower < period.upper for other in taken[person.pk]):
            row.object_to("volunteer", f"{person.name} hat zu dieser Zeit schon einen Einsatz.")
        taken[person.pk].append(period)


def _draft(row: Judged) -> Draft:
    said = row.values
    house = said["institution"]
    plain = ("contact", "contact_phone", "concern", "client_reference", "client_name", "client_phone",
             "client_address", "client_notes")  # fmt: skip
    return Draft(
        topic=said["topic"],
        languages=tuple(said["language"]),
        district=said.get("district", house.district),
        minutes=said["minutes"],
        period=said["period"],
        mode=said.get("mode", Mode.ON_SITE),
        place=said.get("place", house.usual_place or house.address),
        consent=said.get("consent", False),
        **{name: said.get(name, "") for name in plain},
    )


def write(rows: Sequence[Judged], by: Actor, now: datetime, progress: Progress) -> None:
    """File the new ones; who stands in the row has agreed."""
    desk, user = Desk.read(now), User.objects.filter(pk=by.number or 0).first()
    for count, row in enumerate(rows, start=1):
        if row.target is None:
            person = row.values.get("volunteer")
            row.target = workflow.bring_in(
                _draft(row),
                desk,
                institution=row.values["institution"],
                volunteer=person.pk if person else None,
                by=by,
                user=user,
                now=now,
            ).pk
        if count % REPORTED == 0:
            progress(count)


def take_back(made: Sequence[int], _changed: Kept, since: datetime, by: Actor, now: datetime) -> list[str]:
    """Remove what was new, unless something happened since."""
    own = ("requests_app.offer", "requests_app.assignment", "requests_app.requestedlanguage")
    speaks_against = hindrances(AssistanceRequest, ASSISTANCE, made, (), since, own=own)
    if not speaks_against:
        workflow.take_out(made, by=by, now=now)
    return speaks_against


def form(_most: int) -> list[tuple[str, Column]]:
    """The columns of the template."""
    return [(column.heading, column) for column in COLUMNS]


def rows(book: Book) -> Iterator[list[Any]]:
    """The appointments to come, as the template writes them."""
    yield [column.heading for column in COLUMNS]
    for assistance in _running(book.now):
        begin = clock.local(assistance.starts)  # type: ignore[arg-type]
        held = assistance.held[0].volunteer if assistance.held else None  # type: ignore[attr-defined]
        special = {
            "institution": assistance.institution.name if assistance.institution else "",
            "day": begin.date(),
            "begin": begin.time(),
            "language": "; ".join(language.name for language in languages_of(assistance)),
            "topic": assistance.topic.name,
            "district": assistance.district.name if assistance.district else "",
            "mode": assistance.get_mode_display(),
            "volunteer": (held.email or held.name) if held else "",
            "consent": "ja" if assistance.consent_at else "nein",
        }
        yield [special.get(column.field, getattr(assistance, column.field, "")) for column in COLUMNS]


def missing(chosen: set[str]) -> list[str]:
    """What every appointment needs."""
    return [HEADINGS[column.field] for column in COLUMNS if column.required and column.field not in chosen]


def opened(by: Actor, now: datetime) -> None:
    """Note for each appointment that goes out that its client's details were read."""
    numbers = [assistance.pk for assistance in _running(now)]
    audit.opened_all(by, kind=ASSISTANCE, numbers=numbers, what="client", at=now)


KIND: Final = Kind(
    title="Laufende Termine",
    columns=COLUMNS,
    open_book=open_book,
    gather=gather,
    judge=judge,
    write=write,
    take_back=take_back,
    rows=rows,
    form=form,
    missing=missing,
    opened=opened,
)
