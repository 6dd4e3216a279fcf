"""What a request says about a person goes in time; what was agreed stays."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lotsen_portal import privacy
from lotsen_portal.audit import Actor
from requests_app import workflow
from requests_app.models import AssistanceRequest, InternalNote, Place
from requests_app.privacy import CLIENT_KEPT, FREE_TEXT, forget_clients, forgettable
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def ended() -> AssistanceRequest:
    member, coordinator = factories.make_member(), factories.make_coordinator()
    office = Actor.office(coordinator)
    assistance = factories.make_assistance(by=member, client_reference="K-17", client_notes="Rollstuhl")
    offer = factories.make_offer(assistance)
    workflow.decline(offer.pk, reason="Krank", by=office, now=factories.NOW)
    workflow.note(assistance.pk, text="Ruft an", author=coordinator, by=office, now=factories.NOW)
    plan = workflow.Plan(kind="cascade", size=1, interval_hours=8, needs_choice=False)
    people = [offer.volunteer_id, factories.make_volunteer().pk]
    workflow.start_campaign(
        assistance.pk, plan, volunteers=people, by=office, user=coordinator, now=factories.NOW
    )
    Place.objects.update(override="Ihr Bruder ist krank")
    workflow.cancel(assistance.pk, reason="Entfällt", by=office, now=factories.NOW)
    return assistance


def test_the_person_is_forgotten_ninety_days_after_the_end(ended: AssistanceRequest) -> None:
    later = factories.NOW + CLIENT_KEPT

    assert forget_clients(later - timedelta(seconds=1)) == 0
    assert forget_clients(later) == 1

    ended.refresh_from_db()
    assert {name: getattr(ended, name) for name in FREE_TEXT} == dict.fromkeys(FREE_TEXT, "")
    assert (ended.state, ended.topic.slug, ended.period) == ("cancelled", "gesundheit", factories.period())
    assert list(ended.offers.values_list("reason", flat=True)) == ["", ""]
    assert set(Place.objects.values_list("override", flat=True)) == {""}
    assert not InternalNote.objects.exists()
    assert not forgettable(later).exists()


def test_what_has_not_ended_is_kept() -> None:
    assistance = factories.make_assistance()

    assert forget_clients(factories.NOW + 10 * CLIENT_KEPT) == 0
    assistance.refresh_from_db()
    assert assistance.client_name == "Amina Beispiel"


def test_the_rule_is_one_of_those_that_run_each_night_and_stand_on_the_privacy_page() -> None:
    assert forget_clients in [rule.erase for rule in privacy.rules()]
