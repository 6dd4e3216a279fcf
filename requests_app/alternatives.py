"""What else could help when nobody is left to ask: another language or time, the telephone, a pointer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection

from lotsen_portal import clock
from lotsen_portal.models import Programme, TextKind
from requests_app.models import AssistanceRequest, Mode
from volunteers.availability import WEEKDAYS as NAMES
from volunteers.cards import WEEKDAYS
from volunteers.kinship import RELATED
from volunteers.models import DAY_OPENS, Language

WORKDAYS: Final = 5
BEST: Final = 4
SWORN: Final = (
    "Vereidigte Dolmetscherinnen und Dolmetscher nennt die Datenbank der Justiz: www.justiz-dolmetscher.de"
)


@dataclass(frozen=True)
class Relative:
    """Another language that could do, how many could come with it, and what to know before asking."""

    code: str
    name: str
    speakers: int
    note: str


@dataclass(frozen=True)
class FreeTime:
    """A half day of the week, and how many who speak the language mostly have time then."""

    name: str
    people: int


@dataclass(frozen=True)
class WaysOut:
    """All of it together, for one request."""

    relatives: tuple[Relative, ...]
    times: tuple[FreeTime, ...]
    could_be_remote: bool
    elsewhere: str


def ways_out(assistance: AssistanceRequest, *, now: datetime) -> WaysOut:
    """What else could be tried for a request; people decide, and ask the client first."""
    wanted = [row.language for row in assistance.languages.select_related("language")]
    return WaysOut(
        relatives=_relatives(wanted),
        times=_times(assistance, wanted, now=now),
        could_be_remote=assistance.mode == Mode.ON_SITE,
        elsewhere=Programme.current().text(TextKind.ELSEWHERE, "de") or SWORN,
    )


def _relatives(wanted: Sequence[Language]) -> tuple[Relative, ...]:
    codes = {language.code for language in wanted}
    notes = {
        other: note
        for language in wanted
        for other, note in reversed(RELATED.get(language.code, ()))
        if other not in codes
    }
    rows = Language.objects.filter(code__in=notes, active=True, pool__ready__gt=0)
    known = {row.code: row for row in rows.select_related("pool")}
    order = [code for code in reversed(notes) if code in known]
    return tuple(Relative(code, known[code].label, known[code].pool.ready, notes[code]) for code in order)


def _half_days() -> list[tuple[str, str, int]]:
    """Each half day of the working week: its name, its column in the cards, its half hours."""
    noon = (12 - DAY_OPENS) * 2
    first, last = (8 - DAY_OPENS) * 2, (17 - DAY_OPENS) * 2
    halves = {
        "vormittags": sum(1 << slot for slot in range(first, noon)),
        "nachmittags": sum(1 << slot for slot in range(noon, last)),
    }
    return [
        (f"{NAMES[day]} {half}", WEEKDAYS[day], mask)
        for day in range(WORKDAYS)
        for half, mask in halves.items()
    ]


def _times(
    assistance: AssistanceRequest, wanted: Sequence[Language], *, now: datetime
) -> tuple[FreeTime, ...]:
    """The half days on which most of those have time who could come at all, in one statement."""
    halves = _half_days()
    counts = ", ".join(
        "count(distinct c.volunteer_id)"
        f" filter (where bit_count((c.{column} & {mask})::bit(32)) >= %(slots)s)"
        for _name, column, mask in halves
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {counts} from volunteers_speakercard c"
            " where c.language_id = any(%(languages)s::bigint[]) and c.level >= %(level)s"
            " and (%(gender)s = '' or c.gender = %(gender)s) and c.ready_until >= %(day)s",
            {
                "languages": [language.pk for language in wanted],
                "level": assistance.minimum_level,
                "gender": assistance.gender_needed,
                "day": clock.local(now).date(),
                "slots": min(-(-assistance.minutes // 30), 8),
            },
        )
        found = cursor.fetchone() or ()
    times = [FreeTime(half[0], people) for half, people in zip(halves, found, strict=True) if people]
    return tuple(sorted(times, key=lambda time: -time.people)[:BEST])
