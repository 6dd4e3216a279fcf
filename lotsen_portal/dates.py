"""Days, times and lists in words, as the reader's language writes them; times are Berlin's."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from babel.dates import format_date
from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from lotsen_portal import clock

DAYS_NAMED_BY_WEEKDAY: Final = 6


def listed(items: Iterable[object]) -> str:
    """The items one after the other, with the comma of the reader's script; "" for none."""
    return pgettext("between the items of a list", ", ").join(map(str, items))


def long_day(day: date) -> str:
    """A date with its weekday, such as "Donnerstag, 3. Dezember 2026", in the reader's language."""
    return _with_weekday(day, date_format(day, "DATE_FORMAT"))


def near_day(day: date, *, today: date) -> str:
    """A date as one would say it: "heute", "morgen", the weekday within six days, else with the date."""
    distance = (day - today).days
    if distance == 0:
        return _("heute")
    if distance == 1:
        return _("morgen")
    if 0 < distance <= DAYS_NAMED_BY_WEEKDAY:
        return _weekday(day)
    return _with_weekday(day, date_format(day, "MONTH_DAY_FORMAT"))


def _weekday(day: date) -> str:
    # CLDR's, since Django's Ukrainian has capitals, which are wrong inside a sentence.
    return str(format_date(day, "EEEE", locale=get_language() or "de"))


def _with_weekday(day: date, written: str) -> str:
    # Turkish names the weekday after the date, and Arabic has a comma of its own.
    return _("%(weekday)s, %(date)s") % {"weekday": _weekday(day), "date": written}


def clock_time(moment: datetime) -> str:
    """A time of day on Berlin's wall clock, such as "09:30"."""
    return f"{clock.local(moment):%H:%M}"


def moment(at: datetime) -> str:
    """A moment in words: "Donnerstag, 3. Dezember 2026, 10:00 Uhr"; the moment is aware."""
    return _("%(day)s, %(time)s Uhr") % {"day": long_day(clock.local(at).date()), "time": clock_time(at)}


def appointment(starts: datetime | None, finishes: datetime | None) -> str:
    """A period in words: "Donnerstag, 3. Dezember 2026, 10:00 bis 11:00 Uhr"; both moments aware."""
    if starts is None or finishes is None:
        return _("Noch kein Termin")
    begin, end = clock.local(starts), clock.local(finishes)
    shown = {"day": long_day(begin.date()), "from": clock_time(begin), "to": clock_time(end)}
    if begin.date() == end.date():
        return _("%(day)s, %(from)s bis %(to)s Uhr") % shown
    return _("%(day)s, %(from)s Uhr bis %(to)s Uhr am nächsten Tag") % shown
