"""Calendar entries for agreed appointments: what a mail program files by itself, and a file to download.

An entry names no client and holds no token. Its UID stays the same for the life of a request and its
SEQUENCE is the request's version, so that a change moves the entry instead of adding a second one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Event

from lotsen_portal import calendar_parts, dates
from lotsen_portal.models import Programme
from lotsen_portal.outbox import Attachment
from requests_app.models import Assignment, AssistanceRequest, Institution, Mode, RequestedLanguage


def invitation(assistance: AssistanceRequest, *, to: str, for_volunteer: bool, now: datetime) -> Attachment:
    """The entry of an agreed appointment for the person with this address; `now` is when it is written (UTC).

    The request needs a period. Answering is not asked for, since the yes has been said already.
    """
    event = _agreed_event(assistance, for_volunteer=for_volunteer, now=now)
    calendar_parts.name_people(event, to=to, answered=True)
    return calendar_parts.attachment([event], "REQUEST")


def cancellation(assistance: AssistanceRequest, *, to: str, for_volunteer: bool, now: datetime) -> Attachment:
    """Take the entry of an appointment back from the calendar of the person with this address.

    Its SEQUENCE equals the entry's; being written later decides (RFC 5546, 2.1.5), and an entry of the same
    version can come back after it.
    """
    event = _cancelled_event(assistance, to=to, for_volunteer=for_volunteer, now=now)
    return calendar_parts.attachment([event], "CANCEL")


def entries(assistances: Sequence[AssistanceRequest], *, for_volunteer: bool, now: datetime) -> Attachment:
    """The entries of several agreed appointments in one file, each with its own UID.

    Published, since a REQUEST is about one appointment only (RFC 5546, 3.2.2).
    """
    events = [_agreed_event(one, for_volunteer=for_volunteer, now=now) for one in assistances]
    return calendar_parts.attachment(events, "PUBLISH", filename="termine.ics")


def cancellations(
    assistances: Sequence[AssistanceRequest], *, to: str, for_volunteer: bool, now: datetime
) -> Attachment:
    """Take the entries of several appointments back with one file."""
    events = [_cancelled_event(one, to=to, for_volunteer=for_volunteer, now=now) for one in assistances]
    return calendar_parts.attachment(events, "CANCEL", filename="termine.ics")


def download(assistance: AssistanceRequest, *, now: datetime) -> Attachment:
    """The volunteer's entry as a file to open: published to nobody in particular."""
    return calendar_parts.attachment([_agreed_event(assistance, for_volunteer=True, now=now)], "PUBLISH")


def feed(appointments: Iterable[Assignment], *, name: str, programme: Programme, for_volunteer: bool) -> str:
    """A calendar to subscribe to, of appointments read with their languages, topics, houses and people.

    The same appointments give the same text: DTSTAMP is the moment of the agreement (RFC 5545, 3.8.7.2).
    """
    calendar = calendar_parts.frame()
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", timedelta(hours=1))
    calendar.add_component(calendar_parts.berlin())
    for agreed in appointments:
        assistance = agreed.assistance
        event = _event(assistance, now=agreed.agreed_at)
        event.add("last-modified", agreed.agreed_at)
        event.add("status", "CONFIRMED")
        rows = list(assistance.languages.all())
        text = _description(assistance, for_volunteer=for_volunteer, programme=programme, rows=rows)
        summary = _summary(assistance, for_volunteer=True) if for_volunteer else _who(agreed, rows)
        event.add("summary", summary)
        event.add("description", text)
        if place := public_place(assistance):
            event.add("location", place)
        page = "lotse_appointment" if for_volunteer else "office:request"
        number = agreed.pk if for_volunteer else assistance.reference
        event.add("url", settings.SITE_URL.rstrip("/") + reverse(page, args=[number]))
        calendar.add_component(event)
    content: str = calendar.to_ical().decode()
    return content


def _who(agreed: Assignment, rows: Iterable[RequestedLanguage]) -> str:
    """What the office reads first: who goes, with which language."""
    return f"{agreed.volunteer.name}: {', '.join(row.language.name for row in rows)}"


def public_place(assistance: AssistanceRequest) -> str:
    """The institution with its public address, where the appointment is there; "" for any other place.

    What somebody typed as the place may be a client's home, so it is compared and never passed on.
    """
    institution = assistance.institution
    if institution is None or assistance.mode != Mode.ON_SITE:
        return ""
    if assistance.place and not _is_there(assistance.place, institution):
        return ""
    return f"{institution.name}, {institution.address}"


def _is_there(place: str, institution: Institution) -> bool:
    """Whether somebody typed the institution's own address, with or without a room and a postcode."""
    typed, street = (re.findall(r"\w+", text.casefold()) for text in (place, institution.street))
    postcodes = {word for word in typed if re.fullmatch(r"\d{5}", word)}
    begins = range(len(typed) - len(street) + 1)
    return postcodes <= {institution.postcode} and any(
        typed[at : at + len(street)] == street for at in begins
    )


def _agreed_event(assistance: AssistanceRequest, *, for_volunteer: bool, now: datetime) -> Event:
    event = _event(assistance, now=now)
    event.add("status", "CONFIRMED")
    event.add("summary", _summary(assistance, for_volunteer=for_volunteer))
    event.add("description", _description(assistance, for_volunteer=for_volunteer))
    if place := public_place(assistance):
        event.add("location", place)
    return event


def _cancelled_event(assistance: AssistanceRequest, *, to: str, for_volunteer: bool, now: datetime) -> Event:
    event = _event(assistance, now=now)
    event.add("status", "CANCELLED")
    event.add("summary", _summary(assistance, for_volunteer=for_volunteer))
    calendar_parts.name_people(event, to=to, answered=False)
    return event


def _event(assistance: AssistanceRequest, *, now: datetime) -> Event:
    return calendar_parts.event(
        assistance.reference, sequence=assistance.version, period=assistance.period, now=now
    )


def _summary(assistance: AssistanceRequest, *, for_volunteer: bool) -> str:
    topic = assistance.topic.label
    if for_volunteer:
        return _("Einsatz als Integrationslotsin oder -lotse: %(topic)s") % {"topic": topic}
    return _("Termin mit Integrationslotsin oder -lotse: %(topic)s") % {"topic": topic}


def _description(
    assistance: AssistanceRequest,
    *,
    for_volunteer: bool,
    programme: Programme | None = None,
    rows: Iterable[RequestedLanguage] | None = None,
) -> str:
    """`programme` and `rows` spare the look-ups of an appointment that is one of many."""
    rows = assistance.languages.select_related("language") if rows is None else rows
    languages = dates.listed(row.language for row in rows)
    programme = programme or Programme.current()
    lines = [
        f"{_('Aktenzeichen')}: {assistance.reference}",
        f"{_('Sprache')}: {languages}",
        f"{_('Wie')}: {assistance.get_mode_display()}",
        f"{programme.office_name}, {_('Telefon')}: {programme.phone}",
    ]
    if for_volunteer:
        lines.append(_("Ort und Ansprechpartner sehen Sie auf Ihrer Seite im Portal."))
    return "\n".join(lines)
