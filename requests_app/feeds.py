"""Private calendars to subscribe to: one for each Lotse and each coordinator, behind secret addresses."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Count, Max, Prefetch
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from lotsen_portal import audit, clock, links
from lotsen_portal.audit import Actor
from lotsen_portal.encryption import EncryptedTextField
from lotsen_portal.models import Link, Programme, Purpose, User
from requests_app import calendars
from requests_app.models import Assignment, AssistanceRequest, RequestedLanguage
from requests_app.models.agreements import AssignmentQuerySet
from volunteers.models import Volunteer

# How long an appointment stays after its end; what was called off goes at once.
KEPT: Final = timedelta(days=30)
# How far ahead the office's calendar reaches: it holds everybody's appointments, and is fetched every hour.
AHEAD: Final = timedelta(days=365)
# What stands in no entry is not decrypted: all but the place, which is compared.
_UNREAD: Final = [
    f"assistance__{field.name}"
    for field in AssistanceRequest._meta.fields
    if isinstance(field, EncryptedTextField) and field.name != "place"
]
# The longest appointment, for the index over the beginnings.
_A_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Feed:
    """A calendar: what tells one state of it from the next, and `write`, which is asked for only if needed.

    A year of a large city takes seconds to write, and most programs ask for what they have already.
    """

    etag: str
    changed_at: datetime
    write: Callable[[], str]


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
    since, programme = now - KEPT, Programme.current()
    shown = rows.live().filter(period__startswith__gt=since - _A_DAY, period__endswith__gt=since)
    changed_at = _changed_at(rows, since=since, now=now)

    def write() -> str:
        languages = Prefetch("assistance__languages", RequestedLanguage.objects.select_related("language"))
        related = ("volunteer", "assistance__topic", "assistance__institution")
        entries = shown.select_related(*related).defer(*_UNREAD).prefetch_related(languages)
        return calendars.feed(
            entries.order_by("period", "pk"), name=name, programme=programme, for_volunteer=for_volunteer
        )

    state = [name, programme.office_name, programme.phone, changed_at, *_measured(shown)]
    etag = hashlib.sha256(repr(state).encode()).hexdigest()[:32]
    return Feed(f'"{etag}"', changed_at, write)


def _measured(shown: AssignmentQuerySet) -> list[int | None]:
    """How many appointments there are and which is the youngest: what goes with time, not by a deed."""
    numbers = shown.aggregate(many=Count("pk"), youngest=Max("pk"))
    return [numbers["many"], numbers["youngest"]]


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
