"""What becomes of the city's appointments when they are over: both sides tell, or the office notes it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Final

from lotsen_portal.audit import Actor, ActorKind
from lotsen_portal.models import User
from requests_app import mails, workflow
from requests_app.models import Assignment, AssistanceRequest, Outcome, Report, Side
from requests_app.reporting import Rules
from requests_app.states import RequestState

Deed = Callable[[datetime], None]

OUTCOMES: Final = {
    Outcome.TOOK_PLACE: 88,
    Outcome.CLIENT_ABSENT: 6,
    Outcome.CANCELLED_LATE: 3,
    Outcome.LOTSE_ABSENT: 1,
    Outcome.OTHER: 2,
}
# How many of a hundred tell at all, by the side they are on.
TELLS: Final = {ActorKind.VOLUNTEER: 60, ActorKind.MEMBER: 45}
# Whom the portal asks for a report without having an address: called only if nobody has told by then.
ASKED: Final = frozenset({mails.ask_report.__name__, mails.ask_feedback.__name__})
CALLED_AFTER: Final = timedelta(days=3)
NOTES: Final = ("Sehr hilfreich, vielen Dank!", "Ohne Übersetzung wäre es nicht gegangen.", "", "", "")


class Endings:
    """The last chapter of a story; `plan` puts a deed on its agenda, `officer` names who is at the desk.

    Who tells what has dice of its own, so that it changes nothing else in the city.
    """

    def __init__(
        self, rng: Random, plan: Callable[[datetime, Deed], None], officer: Callable[[], User]
    ) -> None:
        self.rng, self.plan, self.officer = rng, plan, officer
        self.dice = Random("endings")  # noqa: S311 - chance for a story, not for keys
        self.rules = Rules.current()
        self.corrected = False

    def expect(self, assistance: AssistanceRequest, *, noted: datetime) -> None:
        """Plan how an agreed appointment is told of; whatever nobody told is noted by the office."""
        asked = self.rules.asking(assistance.period.upper)
        outcome = self._outcome(self.dice)
        self.plan(asked, self.follow_up)
        for side, chance in TELLS.items():
            if self.dice.random() * 100 < chance:
                when = asked + timedelta(hours=self.dice.uniform(0.1, 6))
                self.plan(when, partial(self.tell, assistance.pk, side, outcome))
        self.plan(noted, partial(self.finish, assistance.pk))

    def differ(self, assistance: AssistanceRequest) -> None:
        """Plan two different answers, and a wish to be called: the office's first work in the morning."""
        asked = self.rules.asking(assistance.period.upper)
        self.plan(asked, self.follow_up)
        first = partial(self.tell, assistance.pk, ActorKind.VOLUNTEER, Outcome.CLIENT_ABSENT, wants_call=True)
        second = partial(self.tell, assistance.pk, ActorKind.MEMBER, Outcome.TOOK_PLACE)
        self.plan(asked + timedelta(minutes=20), first)
        self.plan(asked + timedelta(hours=2), second)

    def follow_up(self, now: datetime) -> None:
        """The clock asks, reminds and settles."""
        workflow.follow_up(now)

    def tell(
        self, number: int, side: ActorKind, outcome: Outcome, now: datetime, *, wants_call: bool = False
    ) -> None:
        """One side tells how it went."""
        live = Assignment.objects.live().select_related("assistance").filter(assistance=number).first()
        if live is None or live.starts > now:
            return
        who = live.volunteer_id if side == ActorKind.VOLUNTEER else live.assistance.filed_by_id
        workflow.report(
            live.pk,
            outcome=outcome,
            minutes=_lasted(live.assistance, self.dice),
            note=self.dice.choice(NOTES) if side == ActorKind.MEMBER else "",
            wants_call=wants_call,
            by=Actor(side, who),
            now=now,
        )

    def finish(self, number: int, now: datetime) -> None:
        """The office notes how it went where both sides did not; once it takes an ending back."""
        assistance = AssistanceRequest.objects.get(pk=number)
        reports = Report.objects.filter(assignment__assistance=number, side=Side.OFFICE)
        settled = assistance.state == RequestState.DONE and not reports.exists()
        if assistance.period.upper > now or not (settled or assistance.state == RequestState.CONFIRMED):
            return
        by, outcome = Actor.office(self.officer()), self._outcome(self.rng)
        lasted = _lasted(assistance, self.rng)
        minutes = lasted if outcome == Outcome.TOOK_PLACE else None
        if not settled:
            workflow.finish(number, outcome=outcome, minutes=minutes, by=by, now=now)
        if outcome == Outcome.CLIENT_ABSENT and not self.corrected:
            self.corrected = True
            reason = "Verwechselt: Es war der Termin am Tag davor."
            workflow.undo_finish(number, reason=reason, by=by, now=now + timedelta(minutes=4))
            self.plan(now + timedelta(minutes=6), partial(self.finish, number))

    def _outcome(self, dice: Random) -> Outcome:
        return dice.choices(list(OUTCOMES), weights=list(OUTCOMES.values()))[0]


def _lasted(assistance: AssistanceRequest, dice: Random) -> int:
    return max(15, assistance.minutes + dice.choice([-15, 0, 0, 0, 15, 30]))
