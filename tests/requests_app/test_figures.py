"""What each ending leaves for the report, and what corrections and erasure do to it."""

from __future__ import annotations

import pytest

from lotsen_portal.audit import CLOCK, Actor, ActorKind
from requests_app import workflow
from requests_app.models import AssistanceRequest, Figure
from tests import factories
from tests.factories import NOW, make_agreed, make_assistance

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return Actor.office(factories.make_coordinator())


def row() -> dict[str, object]:
    (values,) = Figure.objects.values()
    return {name: value for name, value in values.items() if name != "id"}


def tell_both(agreed, outcome, now):
    for kind, number in (
        (ActorKind.VOLUNTEER, agreed.volunteer_id),
        (ActorKind.MEMBER, agreed.assistance.filed_by_id),
    ):
        workflow.report(agreed.pk, outcome=outcome, minutes=45, by=Actor(kind, number), now=now)


def test_reports_leave_the_whole_row(at):
    agreed = make_agreed(make_assistance())
    AssistanceRequest.objects.update(funding_source="KIM")
    tell_both(agreed, "took_place", at("2026-12-08 11:30"))
    month = row().pop("month")
    assert f"{month}" == "2026-12-01"
    assert {name: value for name, value in row().items() if name != "month"} == {
        "number": agreed.assistance_id,
        "language": "ar",
        "topic": "gesundheit",
        "district": "Innenstadt",
        "origin": "institution",
        "institution_kind": "health",
        "mode": "on_site",
        "lead_days": 15,
        "hours_to_yes": 0,
        "offers_made": 1,
        "outcome": "took_place",
        "minutes": 45,
        "funding_source": "KIM",
    }


@pytest.mark.parametrize("outcome", ["client_absent", "lotse_absent", "cancelled_late", "other"])
def test_what_both_report_is_the_outcome(at, outcome):
    tell_both(make_agreed(make_assistance()), outcome, at("2026-12-08 11:30"))
    assert (row()["outcome"], row()["minutes"]) == (outcome, None)


def test_what_the_clock_settles_is_counted_too(at):
    agreed = make_agreed(make_assistance())
    by = Actor.volunteer(agreed.volunteer_id)
    workflow.report(agreed.pk, outcome="took_place", minutes=30, by=by, now=at("2026-12-08 11:30"))
    assert Figure.objects.count() == 0
    workflow.follow_up(at("2026-12-11 16:00"))
    assert (row()["outcome"], row()["minutes"]) == ("took_place", 30)


@pytest.mark.parametrize(
    ("end", "outcome"), [("cancel", "cancelled"), ("give_up", "unfilled"), ("reject", "rejected")]
)
def test_every_other_ending_leaves_its_row_once_and_a_correction_takes_it_back(office, end, outcome):
    assistance = make_assistance()
    deeds = {
        "cancel": lambda: workflow.cancel(assistance.pk, reason="x", by=office, now=NOW),
        "give_up": lambda: workflow.give_up(assistance.pk, by=CLOCK, now=NOW),
        "reject": lambda: workflow.reject(assistance.pk, rule="r", reason="x", by=office, now=NOW),
    }
    deeds[end]()
    assert (row()["outcome"], row()["minutes"], row()["hours_to_yes"]) == (outcome, None, None)
    workflow.reopen(assistance.pk, reason="Irrtum", by=office, now=NOW)
    assert Figure.objects.count() == 0
    deeds[end]()
    assert row()["outcome"] == outcome


def test_a_corrected_settlement_counts_as_corrected(office, at):
    agreed = make_agreed(make_assistance())
    now = at("2026-12-08 11:30")
    tell_both(agreed, "took_place", now)
    workflow.undo_finish(agreed.assistance_id, reason="Irrtum", by=office, now=now)
    assert Figure.objects.count() == 0
    workflow.finish(agreed.assistance_id, outcome="lotse_absent", minutes=None, by=office, now=now)
    assert (row()["outcome"], row()["minutes"]) == ("lotse_absent", None)


def test_a_figure_says_who_asked(office):
    assistance = factories.make_own_request()
    workflow.reject(assistance.pk, rule="r", reason="x", by=office, now=NOW)
    assert row()["origin"] == "self"


def test_when_a_request_is_erased_its_row_stays_without_the_number():
    assistance = make_assistance()
    workflow.give_up(assistance.pk, by=CLOCK, now=NOW)
    before = row()
    assistance.delete()
    assert row() == {**before, "number": None}
