"""Calendar entries of training sessions: one for each date, with a UID that stays for its whole life."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from icalendar import Event

from lotsen_portal import calendar_parts
from lotsen_portal.letters import Attachment
from lotsen_portal.models import Programme
from volunteers.models import Session, SessionDate


def invitation(session: Session, *, to: str, now: datetime) -> Attachment:
    """The entries of a session for somebody who has a place; a date that was struck out is taken back.

    Several dates are published, since a REQUEST is about one appointment only (RFC 5546, 3.2.2).
    """
    rows = list(session.dates.all())
    events = [_event(session, row, to=to, answered=True, now=now) for row in rows]
    return calendar_parts.attachment(events, "REQUEST" if len(rows) == 1 else "PUBLISH")


def cancellation(session: Session, *, to: str, now: datetime) -> Attachment:
    """Take all entries of a session back from the calendar of the person with this address."""
    events = [
        _event(session, row, to=to, answered=False, now=now, is_off=True) for row in session.dates.all()
    ]
    return calendar_parts.attachment(events, "CANCEL")


def download(session: Session, *, now: datetime) -> Attachment:
    """The entries as a file to open: published to nobody in particular."""
    rows = session.coming_dates
    return calendar_parts.attachment([_facts(session, row, now=now) for row in rows], "PUBLISH")


def _event(
    session: Session, row: SessionDate, *, to: str, answered: bool, now: datetime, is_off: bool = False
) -> Event:
    event = _facts(session, row, now=now, is_off=is_off or row.struck_out)
    calendar_parts.name_people(event, to=to, answered=answered)
    return event


def _facts(session: Session, row: SessionDate, *, now: datetime, is_off: bool = False) -> Event:
    programme = Programme.current()
    name = f"schulung-{session.pk}-{row.pk}"
    event = calendar_parts.event(name, sequence=session.version, period=row.period, now=now)
    event.add("status", "CANCELLED" if is_off else "CONFIRMED")
    event.add("summary", session.name)
    lines = [
        str(session.get_kind_display()),
        _("Leitung: %(name)s") % {"name": session.leader} if session.leader else "",
        _("Videokonferenz: %(url)s") % {"url": session.video_url} if session.video_url else "",
        f"{programme.office_name}, {_('Telefon')}: {programme.phone}",
    ]
    event.add("description", "\n".join(line for line in lines if line))
    event.add("location", session.place or _("Videokonferenz"))
    return event
