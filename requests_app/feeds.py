"""Private calendars to subscribe to: one for each Lotse and each coordinator, behind secret addresses."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Max, Prefetch
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from lotsen_portal import audit, clock, links
from lotsen_portal.audit import Actor
from lotsen_portal.models import Link, Programme, Purpose, User
from requests_app import calendars
from requests_app.models import Assignment, RequestedLanguage
from requests_app.models.agreements import AssignmentQuerySet
from volunteers.models import Volunteer

# How long an appointment stays after its end; what was called off goes at once.
KEPT: Final = timedelta(days=30)
# How far ahead the office's calendar reaches: it holds everybody's appointments, and is fetched every hour.
AHEAD: Final = timedelta(days=365)
# The longest appointment, for the index over the beginnings.
_A_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Feed:
    """A calendar as it goes over the wire, with what tells one state of it from the next."""

    content: str
    etag: str
    changed_at: datetime


def of_volunteer(volunteer: Volunteer, *, now: datetime) -> Feed:
    """The agreed appointments of one volunteer, of the last 30 days and to come."""
    own = Assignment.objects.filter(volunteer=volunteer)
    name = _("Meine Einsätze als Integrationslotsin oder -lotse")
    return _feed(own, name=name, for_volunteer=True, now=now)


def of_office(*, now: datetime) -> Feed:
    """All agreed appointments of the city, of the last 30 days and of the next 365.

    What comes nearer enters at midnight, when the feed counts as changed.
    """
    near = Assignment.objects.filter(period__startswith__lt=_midnight(now) + AHEAD)
    return _feed(near, name="Einsätze der Lotsen", for_volunteer=False, now=now)


def _feed(rows: AssignmentQuerySet, *, name: str, for_volunteer: bool, now: datetime) -> Feed:
    since = now - KEPT
    languages = Prefetch("assistance__languages", RequestedLanguage.objects.select_related("language"))
    shown = rows.live().filter(period__startswith__gt=since - _A_DAY, period__endswith__gt=since)
    related = ("volunteer", "assistance__topic", "assistance__institution")
    content = calendars.feed(
        shown.select_related(*related).prefetch_related(languages).order_by("period", "pk"),
        name=name,
        programme=Programme.current(),
        for_volunteer=for_volunteer,
    )
    etag = hashlib.sha256(content.encode()).hexdigest()[:32]
    return Feed(content, f'"{etag}"', _changed_at(rows, since=since, now=now))


def _changed_at(rows: AssignmentQuerySet, *, since: datetime, now: datetime) -> datetime:
    """When the feed last changed: by a deed, or at midnight, when old appointments leave it."""
    near = rows.filter(assistance__period__startswith__gt=since - _A_DAY)
    latest = near.aggregate(at=Max(Greatest("agreed_at", "ended_at")))["at"]
    midnight = _midnight(now)
    return max(latest or midnight, midnight).astimezone(now.tzinfo)


def _midnight(now: datetime) -> datetime:
    return clock.local(now).replace(hour=0, minute=0, second=0, microsecond=0)


def token(purpose: Purpose, holder: int) -> str:
    """The token of somebody's own calendar; "" where none was asked for yet."""
    link = Link.objects.filter(purpose=purpose, holder=holder, revoked_at=None).first()
    return links.token(link) if link else ""


@transaction.atomic
def renew(purpose: Purpose, holder: Volunteer | User, *, by: Actor, now: datetime) -> None:
    """Give somebody a new secret address; the one before opens nothing any more."""
    # Two clicks at once must not leave two addresses.
    rows = Volunteer.objects.all() if isinstance(holder, Volunteer) else User.objects.all()
    rows.select_for_update(of=("self",), no_key=True).get(pk=holder.pk)
    links.revoke(purpose=purpose, holder=holder.pk, now=now)
    links.make(purpose, subject=holder.pk, holder=holder.pk, expires_at=None, now=now)
    kind = "volunteer" if isinstance(holder, Volunteer) else "user"
    audit.record(by, "renew_feed", kind=kind, number=holder.pk, at=now)
