"""What every calendar entry of the portal is made of: frame, time zone, people, and the part of a mail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vCalAddress

from lotsen_portal import clock
from lotsen_portal.letters import Attachment
from lotsen_portal.models import Programme

PRODUCT: Final = "-//Lotsenportal//Termine//DE"
ZONE: Final = "Europe/Berlin"


def event(name: str, *, sequence: int, period: DateTimeTZRange | None, now: datetime) -> Event:
    """The beginning of an entry whose UID is made of a name that stays the same for its whole life."""
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    entry = Event()
    entry.add("uid", f"{name}@{host}")
    entry.add("sequence", sequence)
    entry.add("dtstamp", now)
    if period is not None:
        edges = [clock.local(edge) for edge in (period.lower, period.upper)]
        if any(edge.fold for edge in edges):  # a zone's name cannot tell the second 02:30 from the first
            edges = [edge.astimezone(UTC) for edge in edges]
        entry.add("dtstart", edges[0])
        entry.add("dtend", edges[1])
    entry.add("class", "PRIVATE")
    return entry


def name_people(event: Event, *, to: str, answered: bool) -> None:
    """Name the office and the person with this address; `answered` where the yes has been said."""
    # A REQUEST or CANCEL without attendee is none (RFC 5546, 3.2.2 and 3.2.5), and mail programs ignore it.
    programme = Programme.current()
    organizer = vCalAddress(f"mailto:{programme.email}")
    organizer.params["CN"] = programme.office_name
    event.add("organizer", organizer, encode=False)
    attendee = vCalAddress(f"mailto:{to}")
    attendee.params["RSVP"] = "FALSE"
    if answered:
        attendee.params["PARTSTAT"] = "ACCEPTED"
    event.add("attendee", attendee, encode=False)


def berlin() -> Timezone:
    """Berlin's rule since 1996, written by hand: what icalendar makes of it begins summer an hour late."""
    zone = Timezone()
    zone.add("tzid", ZONE)
    for part, name, begins, month, before, after in (
        (TimezoneDaylight(), "CEST", "1996-03-31 02:00", 3, 1, 2),
        (TimezoneStandard(), "CET", "1996-10-27 03:00", 10, 2, 1),
    ):
        part.add("tzname", name)
        part.add("dtstart", datetime.fromisoformat(begins))
        part.add("rrule", {"freq": "yearly", "bymonth": month, "byday": "-1su"})
        part.add("tzoffsetfrom", timedelta(hours=before))
        part.add("tzoffsetto", timedelta(hours=after))
        zone.add_component(part)
    return zone


def frame() -> Calendar:
    """An empty calendar of ours."""
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    calendar.add("calscale", "GREGORIAN")
    return calendar


def attachment(events: Sequence[Event], method: str, *, filename: str = "termin.ics") -> Attachment:
    """The part of a mail with these events; the method says what the mail program does with them."""
    calendar = frame()
    calendar.add("method", method)
    calendar.add_component(berlin())
    for event in events:
        calendar.add_component(event)
    return Attachment(calendar.to_ical().decode(), method, filename)
