"""The big city for measuring: whatever its size, it is one that the verbs could have left behind."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Count, Q

from lotsen_portal.audit import Actor
from lotsen_portal.models import Link, User
from requests_app import crowd, matching, workflow
from requests_app.crowd.load import TooFew
from requests_app.models import Assignment, AssistanceRequest, Figure, Institution, Offer
from requests_app.states import FINAL, RequestState
from requests_app.workflow import Draft
from volunteers.models import District, Language, LanguagePool, Topic, Volunteer

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


@pytest.fixture
def city() -> None:
    crowd.load(120, 1500, seed=5, now=NOW)


def test_the_city_is_as_large_as_asked(city: None) -> None:
    assert (Volunteer.objects.count(), AssistanceRequest.objects.count()) == (120, 1500)
    assert set(AssistanceRequest.objects.values_list("state", flat=True)) == set(RequestState)
    assert AssistanceRequest.objects.running().count() == 40


def test_who_is_agreed_has_an_appointment_and_an_offer_behind_it(city: None) -> None:
    agreed = Q(state__in=[RequestState.CONFIRMED.value, RequestState.DONE.value])
    requests = AssistanceRequest.objects.annotate(
        appointments=Count("assignments", distinct=True),
        yeses=Count("offers", filter=Q(offers__state="accepted"), distinct=True),
    )

    assert not requests.filter(agreed).exclude(appointments=1, yeses=1).exists()
    assert not requests.exclude(agreed).exclude(appointments=0, yeses=0).exists()
    assert not Assignment.objects.exclude(offer__state="accepted").exists()
    assert not requests.filter(state="offered").exclude(offers__state="pending").exists()


def test_everything_that_ended_counts(city: None) -> None:
    ended = AssistanceRequest.objects.filter(state__in=[state.value for state in FINAL])

    assert set(Figure.objects.values_list("number", flat=True)) == set(ended.values_list("pk", flat=True))
    assert Volunteer.objects.filter(minutes_90d__gt=0).exists()
    assert LanguagePool.objects.filter(ready__gt=0).exists()


def test_every_pending_offer_can_be_answered_by_its_link(city: None) -> None:
    pending = Offer.objects.filter(state="pending")

    links = set(Link.objects.values_list("subject", "holder"))
    assert links == set(pending.values_list("bundle_id", "volunteer_id")) != set()


def test_life_goes_on_behind_the_rows_that_were_copied_in(city: None) -> None:
    office = Actor.office(User.objects.filter(office_role_rows__role="coordinator")[0])
    offer = Offer.objects.filter(state="pending", assistance__period__startswith__gt=NOW).first()
    assert offer is not None
    draft = Draft(
        topic=Topic.objects.get(slug="bildung"),
        languages=(Language.objects.get(code="ar"),),
        district=District.objects.all()[0],
        minutes=60,
        period=offer.assistance.period,
    )

    workflow.accept(offer.pk, version=1, by=Actor.volunteer(offer.volunteer_id), now=NOW)
    new = workflow.submit(draft, by=office, institution=Institution.objects.all()[0], filed_by=None, now=NOW)

    assert offer.assistance.assignments.live().count() == 1
    assert AssistanceRequest.objects.filter(reference=new.reference).count() == 1
    assert matching.candidates(new, now=NOW) != []


def test_the_same_seed_makes_the_same_city() -> None:
    cities = []
    for _ in range(2):
        with transaction.atomic():
            crowd.load(30, 200, seed=6, now=NOW)
            rows = AssistanceRequest.objects.order_by("reference")
            cities.append(list(rows.values_list("reference", "state", "period", "district__name", "minutes")))
            transaction.set_rollback(True)

    assert cities[0] == cities[1] != []


def test_so_many_requests_need_enough_people() -> None:
    with pytest.raises(TooFew, match="mindestens 40 Freiwillige"):
        crowd.load(39, 10_000, seed=1, now=NOW)


def test_a_city_with_people_is_not_overrun_by_mistake() -> None:
    Volunteer.objects.create(name="Schon da")

    with pytest.raises(CommandError, match="--yes"):
        call_command("load_city", "--volunteers", "50", "--requests", "100")

    assert not AssistanceRequest.objects.exists()
