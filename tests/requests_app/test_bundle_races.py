"""Races about several dates: a yes to all against another yes to one, and two bundles that overlap."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from lotsen_portal.audit import Actor
from requests_app import workflow
from requests_app.models import Assignment, AssistanceRequest, Offer
from requests_app.workflow import NotPossible
from tests import factories
from tests.factories import NOW, draft_of, make_offer, make_volunteer, period
from tests.racing import race

pytestmark = pytest.mark.django_db(transaction=True)

# A few rounds each time, many in the long suite.
rounds = pytest.mark.parametrize("times", [3, pytest.param(60, marks=pytest.mark.long)])


@pytest.fixture(autouse=True)
def no_broker(monkeypatch):
    """Mails stay in the outbox: what is raced for is the database."""
    monkeypatch.setattr("lotsen_portal.outbox.nudge", lambda: None)


def series() -> list[AssistanceRequest]:
    member = factories.make_member()
    return workflow.submit_several(
        [draft_of(period(f"2026-12-{day}")) for day in ("08", "15", "22")],
        kind="series",
        by=Actor.member(member.user),
        institution=member.institution,
        filed_by=member.user,
        now=NOW,
    )


def bundle_of(requests: list[AssistanceRequest]) -> list[Offer]:
    user, person = factories.make_coordinator(), make_volunteer()
    numbers = [one.pk for one in requests]
    return workflow.ask_several(numbers, volunteer=person.pk, by=Actor.office(user), user=user, now=NOW)


def yes_to_all(offers: list[Offer]) -> Callable[[], Any]:
    chosen = {offer.pk: offer.version for offer in offers}
    by = Actor.volunteer(offers[0].volunteer_id)
    return lambda: workflow.accept_several(offers[0].bundle_id, chosen=chosen, by=by, now=NOW)


def yes_to(offer: Offer) -> Callable[[], Any]:
    by = Actor.volunteer(offer.volunteer_id)
    return lambda: workflow.accept(offer.pk, version=1, by=by, now=NOW)


def the_refusal(results: list[Any]) -> str:
    """Exactly one of two was refused, by a sentence of the verbs."""
    raised = [result for result in results if isinstance(result, Exception)]
    assert [isinstance(error, NotPossible) for error in raised] == [True], raised
    return type(raised[0]).__name__


def who_comes(requests: list[AssistanceRequest]) -> list[int]:
    held = Assignment.objects.live().filter(assistance__in=requests).order_by("assistance")
    return list(held.values_list("volunteer_id", flat=True))


@rounds
def test_a_yes_to_all_dates_against_anothers_yes_to_one_takes_all_or_none(times):
    for _nth in range(times):
        requests = series()
        offers, other = bundle_of(requests), make_offer(requests[1], make_volunteer())
        lost = the_refusal(race(yes_to_all(offers), yes_to(other)))

        whole, one = [offers[0].volunteer_id] * 3, [other.volunteer_id]
        assert who_comes(requests) == {"Taken": whole, "SomeFailed": one}[lost]


@rounds
def test_of_two_bundles_that_overlap_one_is_agreed_whole_and_the_other_not_at_all(times):
    for _nth in range(times):
        requests = series()
        first, second = bundle_of(requests[:2]), bundle_of(requests[1:])
        lost = the_refusal(race(yes_to_all(second), yes_to_all(first)))

        assert lost == "SomeFailed"
        assert who_comes(requests) in ([first[0].volunteer_id] * 2, [second[0].volunteer_id] * 2)
