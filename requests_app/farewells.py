"""Somebody pauses or leaves: what was agreed with them is opened again, what they were asked is taken back.

A volunteer's state belongs to `volunteers.recruitment`, which knows no requests; here both meet in one
transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from lotsen_portal import clock
from lotsen_portal.audit import Actor
from lotsen_portal.desk import number_in
from lotsen_portal.models.ground import begins
from lotsen_portal.verbs import verb
from requests_app import workflow
from requests_app.models import Assignment, Offer, RequestedLanguage
from requests_app.states import UNANSWERED, AssignmentState
from requests_app.workflow.errors import NotPossible
from requests_app.workflow.ground import lock_all, lock_people
from requests_app.workflow.stepping import next_in_line
from volunteers import recruitment
from volunteers.models import Volunteer


@dataclass(frozen=True)
class Farewell:
    """What a pause or a goodbye undoes: appointments by their time, and questions without an answer."""

    appointments: tuple[Assignment, ...]
    questions: tuple[Offer, ...]

    @property
    def requests(self) -> frozenset[int]:
        """The numbers of the requests behind them."""
        agreed = {assignment.assistance_id for assignment in self.appointments}
        return frozenset(agreed | {offer.assistance_id for offer in self.questions})


def undone(volunteer: int, *, now: datetime, until: date | None = None) -> Farewell:
    """What somebody who is away until the end of a day (None: for good) cannot keep or answer."""
    languages = Prefetch("assistance__languages", RequestedLanguage.objects.select_related("language"))
    related = ("assistance__topic", "assistance__district", "assistance__institution")
    agreed = Assignment.objects.filter(
        volunteer=volunteer, state=AssignmentState.AGREED.value, period__startswith__gt=now
    )
    if until is not None:
        agreed = agreed.filter(period__startswith__lt=clock.wall_time(until + clock.ONE_DAY, time.min))
    asked = Offer.objects.filter(volunteer=volunteer, state__in=UNANSWERED).select_related(*related)
    coming = agreed.select_related(*related).prefetch_related(languages).order_by(begins("period"), "pk")
    return Farewell(tuple(coming), tuple(asked.order_by("pk")))


def numbers_shown(posted: Iterable[str]) -> set[int]:
    """The numbers of the agreements that a page showed before somebody pressed its button."""
    numbers = (number_in(text) for text in posted)
    return {number for number in numbers if number is not None}


@verb
def pause(
    volunteer: int, *, until: date | None, shown: Collection[int], by: Actor, now: datetime
) -> Volunteer:
    """Pause somebody until the end of a day, or for an open time (None).

    Every agreed appointment of that time is opened again, every open question is taken back; all sides hear
    of it as workflow tells them. `shown` are the numbers of the agreements that the page showed. Raises
    NotPossible.
    """
    return _say(
        volunteer,
        lambda: recruitment.pause(volunteer, until=until, by=by, now=now),
        until=until,
        shown=shown,
        by=by,
        now=now,
    )


@verb
def leave(volunteer: int, *, shown: Collection[int], by: Actor, now: datetime) -> Volunteer:
    """Say goodbye to somebody, who keeps no appointment to come and answers no question any more.

    Takes and raises what `pause` does.
    """
    return _say(
        volunteer,
        lambda: recruitment.leave(volunteer, by=by, now=now),
        until=None,
        shown=shown,
        by=by,
        now=now,
    )


def _say(
    volunteer: int,
    deed: Callable[[], Volunteer],
    *,
    until: date | None,
    shown: Collection[int],
    by: Actor,
    now: datetime,
) -> Volunteer:
    locked = _lock(volunteer, now=now, until=until)
    found = undone(volunteer, now=now, until=until)
    if not found.requests <= locked or not {row.pk for row in found.appointments} <= set(shown):
        raise NotPossible(_("Inzwischen gibt es andere Termine. Bitte sehen Sie sie sich noch einmal an."))
    # First, so that no search that goes on asks the same person again.
    record = deed()
    for assignment in found.appointments:
        workflow.step_down(assignment.assistance_id, by=by, now=now)
    for offer in found.questions:
        workflow.withdraw_offer(offer.pk, by=by, now=now)
    return record


def _lock(volunteer: int, *, now: datetime, until: date | None) -> frozenset[int]:
    """Lock all that will be undone, requests first; returns the numbers of the locked requests."""
    numbers = undone(volunteer, now=now, until=until).requests
    lock_all(numbers)
    lock_people([volunteer, *(person for number in sorted(numbers) for person in next_in_line(number))])
    return numbers
