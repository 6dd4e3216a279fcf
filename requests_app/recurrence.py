"""When a series takes place: each date at the same time of Berlin's wall clock, without holidays.

The rule is kept as RFC 5545 writes it, with its beginning in Berlin time, so that any calendar could read it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db import models
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lotsen_portal import clock, dates
from lotsen_portal.clock import AmbiguousTime, NoSuchTime
from lotsen_portal.models import SchoolHoliday

MOST_DATES: Final = 26
LONGEST_DAYS: Final = 366
FIFTH: Final = 5
A_WEEK: Final = 7
_WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class Rhythm(models.TextChoices):
    """How often a series takes place."""

    WEEKLY = "weekly", gettext_lazy("jede Woche")
    FORTNIGHTLY = "fortnightly", gettext_lazy("alle zwei Wochen")
    MONTHLY = "monthly", gettext_lazy("jeden Monat am gleichen Wochentag")


@dataclass(frozen=True, kw_only=True)
class Series:
    """A first date and what follows it: until a day (included), or so many times."""

    first: date
    begin: time
    minutes: int
    rhythm: str
    until: date | None = None
    times: int | None = None
    skips_school: bool = False


@dataclass(frozen=True)
class Occasion:
    """One date of a series; `obstacle` says why it is left out, "" where it takes place."""

    day: date
    period: DateTimeTZRange | None
    obstacle: str

    @property
    def label(self) -> str:
        """The date with its weekday."""
        return dates.long_day(self.day)


def occasions(series: Series, *, school: Sequence[SchoolHoliday]) -> list[Occasion]:
    """Every date of a series, also those that are left out; at most 26 that take place, within twelve months.

    Somebody chose the first one, so it is never left out. So many "times" counts what takes place.
    """
    found: list[Occasion] = []
    left = min(series.times or MOST_DATES, MOST_DATES)
    end = series.first + timedelta(days=LONGEST_DAYS)
    for day in _days(series):
        if not left or day > min(series.until or end, end):
            break
        found.append(_occasion(series, day, school))
        left -= not found[-1].obstacle
    return found


def _occasion(series: Series, day: date, school: Sequence[SchoolHoliday]) -> Occasion:
    if day != series.first:
        if name := clock.holiday_name(day):
            return Occasion(day, None, _("Feiertag: %(name)s") % {"name": name})
        free = next((free.name for free in school if free.first <= day <= free.last), "")
        if free and series.skips_school:
            return Occasion(day, None, _("Schulferien: %(name)s") % {"name": free})
    try:
        start = clock.wall_time(day, series.begin)
    except (NoSuchTime, AmbiguousTime):
        return Occasion(day, None, _("In dieser Nacht wird die Uhr umgestellt"))
    return Occasion(day, DateTimeTZRange(start, start + timedelta(minutes=series.minutes)), "")


def _days(series: Series) -> Iterator[date]:
    if series.rhythm == Rhythm.MONTHLY:
        yield from _same_weekdays(series.first)
    step = timedelta(days=A_WEEK if series.rhythm == Rhythm.WEEKLY else 2 * A_WEEK)
    day = series.first
    while True:
        yield day
        day += step


def _same_weekdays(first: date) -> Iterator[date]:
    """The same weekday of each month: the second Tuesday, say; the last one instead of a fifth."""
    nth = _nth(first)
    year, month = first.year, first.month
    while True:
        opens = date(year, month, 1)
        day = opens + timedelta(days=(first.weekday() - opens.weekday()) % A_WEEK)
        if nth < FIFTH:
            yield day + timedelta(days=A_WEEK * (nth - 1))
        else:
            yield max(later for n in (3, 4) if (later := day + timedelta(days=A_WEEK * n)).month == month)
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def _nth(day: date) -> int:
    return (day.day - 1) // A_WEEK + 1


def rule(series: Series, found: Sequence[Occasion]) -> str:
    """The rule as RFC 5545 writes it; its COUNT counts what is left out, too."""
    weekday = _WEEKDAYS[series.first.weekday()]
    if series.rhythm == Rhythm.MONTHLY:
        nth = _nth(series.first)
        frequency = f"FREQ=MONTHLY;BYDAY={nth if nth < FIFTH else -1}{weekday}"
    else:
        interval = 1 if series.rhythm == Rhythm.WEEKLY else 2
        frequency = f"FREQ=WEEKLY;INTERVAL={interval};BYDAY={weekday}"
    begins = datetime.combine(series.first, series.begin)
    return f"DTSTART;TZID=Europe/Berlin:{begins:%Y%m%dT%H%M%S}\nRRULE:{frequency};COUNT={len(found)}"


def rhythm_of(written: str) -> str:
    """How often, in words, out of a rule; "" for none."""
    if "FREQ=MONTHLY" in written:
        return str(Rhythm.MONTHLY.label)
    if "FREQ=WEEKLY" not in written:
        return ""
    return str(Rhythm.FORTNIGHTLY.label if "INTERVAL=2" in written else Rhythm.WEEKLY.label)
