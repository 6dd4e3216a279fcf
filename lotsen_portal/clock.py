"""The only clock, and the office's calendar: working days, working hours, holidays, closing days."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
from django.apps import apps
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

TZ = ZoneInfo("Europe/Berlin")
ONE_DAY = timedelta(days=1)

# The names that the library gives the holidays of North Rhine-Westphalia, marked for translation.
HOLIDAYS = (
    gettext_noop("Neujahr"),
    gettext_noop("Karfreitag"),
    gettext_noop("Ostermontag"),
    gettext_noop("Erster Mai"),
    gettext_noop("Christi Himmelfahrt"),
    gettext_noop("Pfingstmontag"),
    gettext_noop("Fronleichnam"),
    gettext_noop("Tag der Deutschen Einheit"),
    gettext_noop("Allerheiligen"),
    gettext_noop("Erster Weihnachtstag"),
    gettext_noop("Zweiter Weihnachtstag"),
)


class NoSuchTime(ValueError):
    """A wall-clock time that the night of the clock change leaves out."""


class AmbiguousTime(ValueError):
    """A wall-clock time that the night of the clock change brings twice."""


def _system() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _system


def now() -> datetime:
    """Return this moment, aware, in UTC. Nothing else in the portal reads the time."""
    return _source()


def local(moment: datetime) -> datetime:
    """Return the same moment on Berlin's wall clock."""
    return moment.astimezone(TZ)


def wall_time(day: date, at: time) -> datetime:
    """Return the UTC moment of a Berlin date and time; raise NoSuchTime or AmbiguousTime, with a sentence."""
    wall = datetime.combine(day, at.replace(tzinfo=None, fold=0), TZ)
    first, second = wall.astimezone(UTC), wall.replace(fold=1).astimezone(UTC)
    if first == second:
        return first
    shown = {"time": f"{at:%H:%M}", "date": date_format(day, "SHORT_DATE_FORMAT")}
    # Read with the later offset, a time in the skipped hour comes out earlier; in the doubled hour, later.
    if second < first:
        raise NoSuchTime(
            _(
                "Die Uhrzeit %(time)s gibt es am %(date)s nicht: In dieser Nacht wird die Uhr vorgestellt. "
                "Bitte wählen Sie eine andere Uhrzeit."
            )
            % shown
        )
    raise AmbiguousTime(
        _(
            "Die Uhrzeit %(time)s gibt es am %(date)s zweimal: In dieser Nacht wird die Uhr zurückgestellt. "
            "Bitte wählen Sie eine andere Uhrzeit."
        )
        % shown
    )


@dataclass(frozen=True)
class WorkCalendar:
    """The office's working time: Monday to Friday, without the holidays of North Rhine-Westphalia
    and without the office's closing days, from `day_begins` to `day_ends` on Berlin's wall clock."""

    day_begins: time = time(8)
    day_ends: time = time(16)
    closed: tuple[tuple[date, date], ...] = ()

    def is_working_day(self, day: date) -> bool:
        """Say whether the office works on this Berlin date."""
        if day.weekday() >= 5 or holiday_name(day):
            return False
        return not any(first <= day <= last for first, last in self.closed)

    def next_working_day(self, day: date) -> date:
        """Return the first working day after this date."""
        return next(self._working_days(day, ONE_DAY))

    def working_days_before(self, day: date, count: int) -> date:
        """Return the date `count` working days before this date; the date itself for 0."""
        back = self._working_days(day, -ONE_DAY)
        for _step in range(count):
            day = next(back)
        return day

    def working_days_after(self, day: date, count: int) -> date:
        """Return the date `count` working days after this date; the date itself for 0."""
        onward = self._working_days(day, ONE_DAY)
        for _step in range(count):
            day = next(onward)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Count the working days after `start` up to and including `end`; 0 where end is not later."""
        span = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
        return sum(self.is_working_day(day) for day in span)

    def add_working_hours(self, moment: datetime, hours: float) -> datetime:
        """Return the moment (UTC) at which `hours` of working time have passed since `moment`.

        Outside working time the count begins with the next working day. Hours are real hours:
        a working day never holds a clock change, which is on a Sunday night.
        """
        left = timedelta(hours=hours)
        for day in self._working_days(local(moment).date() - ONE_DAY, ONE_DAY):
            start = max(moment.astimezone(UTC), _at(day, self.day_begins))
            end = _at(day, self.day_ends)
            if start <= end and left <= end - start:
                return start + left
            left -= max(end - start, timedelta())
        raise AssertionError("the days never end")

    def _working_days(self, day: date, step: timedelta) -> Iterator[date]:
        while True:
            day += step
            if self.is_working_day(day):
                yield day


def work_calendar() -> WorkCalendar:
    """Read the office's working time and closing days from the database (two queries)."""
    # Models stamp their rows by this clock, so it cannot import them.
    programme = apps.get_model("lotsen_portal.Programme").current()
    closing_days = apps.get_model("lotsen_portal.ClosingDay").objects
    closed = closing_days.values_list("first", "last").order_by("first")
    return WorkCalendar(programme.day_begins, programme.day_ends, tuple(closed))


def holiday_name(day: date) -> str:
    """Return a North Rhine-Westphalian holiday's name in the reader's language; "" on other dates."""
    name = _holidays(day.year).get(day, "")
    return _(name) if name else ""


def _at(day: date, wall: time) -> datetime:
    # In UTC, since Python subtracts two times of one zone by their wall clocks.
    return datetime.combine(day, wall, TZ).astimezone(UTC)


@lru_cache(maxsize=64)
def _holidays(year: int) -> dict[date, str]:
    return dict(holidays.country_holidays("DE", subdiv="NW", years=year, language="de"))
