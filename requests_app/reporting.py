"""When both sides are asked how an appointment went, when reminded, and when one report is enough."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from lotsen_portal import clock
from lotsen_portal.clock import WorkCalendar
from lotsen_portal.models import Programme
from requests_app.models import Assignment, Report, Side

# Nobody is asked any more about what was over so long ago, such as after a long standstill.
TOO_LONG_AGO: Final = timedelta(days=14)


@dataclass(frozen=True)
class Rules:
    """The programme's rules and working days, read once."""

    programme: Programme
    calendar: WorkCalendar

    @classmethod
    def current(cls) -> Rules:
        """The rules as they are now."""
        return cls(Programme.current(), clock.work_calendar())

    def asking(self, ends: datetime) -> datetime:
        """When both sides are first asked (UTC): a pause after the end, never at night, on any day."""
        due = ends + timedelta(minutes=self.programme.report_pause_minutes)
        wall = clock.local(due)
        if wall.time() < self.programme.day_begins:
            return _at(wall.date(), self.programme.day_begins)
        if wall.time() > self.programme.report_until:
            return _at(wall.date() + timedelta(days=1), self.programme.day_begins)
        return due

    def reminding(self, asked_at: datetime) -> datetime:
        """When whoever is silent is asked again (UTC), some working days after the last time."""
        day = clock.local(asked_at).date()
        later = self.calendar.working_days_after(day, self.programme.report_reminder_days)
        return _at(later, self.programme.reminder_hour)

    def settling(self, reported_at: datetime) -> datetime:
        """When one report alone is enough (UTC): at the end of a working day."""
        day = clock.local(reported_at).date()
        later = self.calendar.working_days_after(day, self.programme.report_settle_days)
        return _at(later, self.programme.day_ends)

    def next_look(self, assignment: Assignment, told: Mapping[str, Report]) -> datetime | None:
        """When the clock acts next on an appointment that both sides were asked about.

        None where the office decides: both reported and differ, or the last reminder was in vain.
        """
        if len(told) > 1:
            return None
        moments = [self.settling(report.reported_at) for report in told.values()]
        if not assignment.report_asks:
            moments.append(self.asking(assignment.finishes))
        elif assignment.report_asked_at and assignment.report_asks <= self.programme.report_reminders + 1:
            moments.append(self.reminding(assignment.report_asked_at))
        return min(moments, default=None)


def told(assignment: Assignment) -> dict[str, Report]:
    """What the two sides reported so far; the office's own entry is no report."""
    rows = assignment.reports.exclude(side=Side.OFFICE)
    return {report.side: report for report in rows}


def _at(day: date, wall: time) -> datetime:
    # Unlike clock.wall_time never refuses: a rule may name a time that one night of the year leaves out.
    return datetime.combine(day, wall, clock.TZ).astimezone(UTC)
