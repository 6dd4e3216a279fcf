"""Races after an appointment: both sides, the office and the clock at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from lotsen_portal.audit import Actor, ActorKind
from lotsen_portal.models import Link, LogEntry, OutgoingMail, Purpose
from requests_app import feeds, workflow
from requests_app.models import Assignment, AssistanceRequest, Figure, Report
from requests_app.workflow import NotPossible
from tests import factories
from tests.factories import NOW, make_agreed, make_assistance, make_volunteer, period
from tests.racing import race

pytestmark = pytest.mark.django_db(transaction=True)

# A few rounds each time, many in the long suite.
rounds = pytest.mark.parametrize("times", [3, pytest.param(60, marks=pytest.mark.long)])


@pytest.fixture(autouse=True)
def no_broker(monkeypatch):
    """Mails stay in the outbox: what is raced for is the database."""
    monkeypatch.setattr("lotsen_portal.outbox.nudge", lambda: None)


@pytest.fixture
def office():
    return Actor.office(factories.make_coordinator())


def held(nth: int) -> Assignment:
    """An appointment on a day of its own."""
    day = f"2027-{1 + nth // 28:02}-{1 + nth % 28:02}"
    return make_agreed(make_assistance(when=period(day)), make_volunteer(weekly_maximum=20))


def telling(agreed: Assignment, kind: ActorKind, outcome: str = "took_place") -> Callable[[], Any]:
    number = agreed.volunteer_id if kind == ActorKind.VOLUNTEER else agreed.assistance.filed_by_id
    return lambda: workflow.report(
        agreed.pk, outcome=outcome, minutes=60, by=Actor(kind, number), now=agreed.finishes
    )


def refusals(results: list[Any]) -> list[str]:
    """The verbs' own refusals; anything else that was raised fails the test."""
    raised = [result for result in results if isinstance(result, Exception)]
    assert all(isinstance(error, NotPossible) for error in raised), raised
    return sorted(type(error).__name__ for error in raised)


def sound(agreed: Assignment) -> tuple[str, str]:
    """Whatever happened: request, appointment, figure and log agree with each other; returns the states."""
    request = AssistanceRequest.objects.get(pk=agreed.assistance_id)
    row = Assignment.objects.get(pk=agreed.pk)
    figures = list(Figure.objects.filter(number=request.pk).values_list("outcome", flat=True))
    assert figures == ([row.state] if request.state == "done" else [])
    assert (request.state == "done") is (row.state != "agreed")
    last = LogEntry.objects.filter(kind="assistance", number=request.pk).order_by("-pk").first()
    assert last is not None
    assert last.after == request.state
    return request.state, row.state


@rounds
def test_both_sides_at_the_same_moment_settle_once(times):
    for nth in range(times):
        agreed = held(nth)
        results = race(telling(agreed, ActorKind.VOLUNTEER), telling(agreed, ActorKind.MEMBER))
        assert (refusals(results), sound(agreed)) == ([], ("done", "took_place"))
        assert LogEntry.objects.filter(action="finish", number=agreed.pk, kind="assignment").count() == 1
        assert Report.objects.filter(assignment=agreed).count() == 2


@rounds
def test_both_sides_with_different_answers_settle_nothing(times):
    for nth in range(times):
        agreed = held(nth)
        results = race(
            telling(agreed, ActorKind.VOLUNTEER, "client_absent"), telling(agreed, ActorKind.MEMBER, "other")
        )
        assert (refusals(results), sound(agreed)) == ([], ("confirmed", "agreed"))
        assert Assignment.objects.get(pk=agreed.pk).report_due is None


@rounds
def test_a_double_click_is_one_report(times):
    for nth in range(times):
        agreed = held(nth)
        race(*[telling(agreed, ActorKind.VOLUNTEER)] * 4)
        assert Report.objects.filter(assignment=agreed).count() == 1


@rounds
def test_a_report_against_the_offices_end_leaves_one_ending(times, office):
    for nth in range(times):
        agreed = held(nth)
        telling(agreed, ActorKind.MEMBER)()
        results = race(
            telling(agreed, ActorKind.VOLUNTEER),
            lambda agreed=agreed: workflow.finish(
                agreed.assistance_id, outcome="client_absent", minutes=None, by=office, now=agreed.finishes
            ),
        )
        assert len(refusals(results)) == 1
        assert sound(agreed) in {("done", "took_place"), ("done", "client_absent")}


@rounds
def test_a_report_against_the_offices_correction_ends_cleanly(times, office):
    for nth in range(times):
        agreed = held(nth)
        for side in (ActorKind.MEMBER, ActorKind.VOLUNTEER):
            telling(agreed, side)()
        results = race(
            telling(agreed, ActorKind.VOLUNTEER, "other"),
            lambda agreed=agreed: workflow.undo_finish(
                agreed.assistance_id, reason="Irrtum", by=office, now=agreed.finishes
            ),
        )
        assert refusals(results) in ([], ["Settled"])
        assert sound(agreed) == ("confirmed", "agreed")


@rounds
def test_a_report_against_the_clock_that_settles_the_other_one(times):
    for nth in range(times):
        agreed = held(nth)
        telling(agreed, ActorKind.MEMBER)()
        late = agreed.finishes + timedelta(days=10)
        results = race(
            telling(agreed, ActorKind.VOLUNTEER, "other"), lambda late=late: workflow.follow_up(late)
        )
        assert refusals(results) in ([], ["Settled"])
        assert sound(agreed) in {("done", "took_place"), ("confirmed", "agreed")}


@rounds
def test_two_clocks_ask_once(times):
    agreed = [held(nth) for nth in range(times)]
    moment = agreed[-1].finishes + timedelta(hours=2)
    race(*[lambda: workflow.follow_up(moment)] * 3)
    asked = OutgoingMail.objects.filter(function__endswith="ask_report").count()
    assert asked == Link.objects.filter(purpose=Purpose.REPORT).count()
    assert all(row.report_asks >= 1 for row in Assignment.objects.all())


def test_two_renewals_leave_one_address():
    lotse = make_volunteer()
    by = Actor.volunteer(lotse.pk)
    race(*[lambda: feeds.renew(Purpose.CALENDAR, lotse, by=by, now=NOW)] * 4)
    assert Link.objects.filter(purpose=Purpose.CALENDAR, revoked_at=None).count() == 1
