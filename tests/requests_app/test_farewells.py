"""Pausing and leaving: what was agreed is shown, opened again and told; what was asked is taken back."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from lotsen_portal import links
from lotsen_portal.audit import Actor
from lotsen_portal.models import Link, OutgoingMail, Purpose
from lotsen_portal.verbs import NotPossible
from requests_app import farewells, feeds, matching, workflow
from requests_app.workflow import Plan
from tests import factories
from tests.factories import NOW
from volunteers.models import LanguagePool, Volunteer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday(at):
    return at("2026-11-23 09:00")


@pytest.fixture
def volunteer(db):
    return factories.make_volunteer("Leyla Haddad", user=factories.make_user())


@pytest.fixture
def office(client):
    client.force_login(factories.make_coordinator())
    return client


def step(office, volunteer, slug, **data):
    return office.post(reverse("office:take_step", args=[volunteer.pk, slug]), data, follow=True)


def test_a_pause_opens_what_falls_into_it_and_takes_questions_back(office, volunteer):
    inside = factories.make_agreed(factories.make_assistance(when=factories.period("2026-12-08")), volunteer)
    last = factories.make_agreed(
        factories.make_assistance(when=factories.period("2026-12-10", "23:00")), volunteer
    )
    after = factories.make_agreed(
        factories.make_assistance(when=factories.period("2026-12-11", "00:00")), volunteer
    )
    asked = factories.make_offer(factories.make_assistance(when=factories.period("2026-12-20")), volunteer)
    page = office.get(reverse("office:take_step", args=[volunteer.pk, "pause"])).content.decode()
    rows = (inside, last, after)
    assert all(row.assistance.reference in page for row in (*rows, asked))

    shown = [row.pk for row in rows]
    step(office, volunteer, "pause", until="2026-12-10", shown=shown)

    for row in (*rows, asked):
        row.refresh_from_db()
    volunteer.refresh_from_db()
    assert (volunteer.state, volunteer.paused_until) == ("paused", date(2026, 12, 10))
    assert [row.state for row in rows] == ["stepped_down", "stepped_down", "agreed"]
    assert (asked.state, inside.assistance.__class__.objects.get(pk=inside.assistance_id).state) == (
        "withdrawn",
        "open",
    )
    told = OutgoingMail.objects.filter(function__endswith=".tell_reopened")
    assert told.count() == 2
    assert LanguagePool.objects.get(language__code="ar").ready == 0
    assert "nicht aktiv" in matching.obstacles(inside.assistance, volunteer, now=NOW)[0].sentence


def test_nothing_is_undone_that_nobody_saw(volunteer):
    agreed = factories.make_agreed(volunteer=volunteer)
    by = Actor.volunteer(volunteer.pk)
    with pytest.raises(NotPossible, match="Inzwischen"):
        farewells.leave(volunteer.pk, shown=[], by=by, now=NOW)
    volunteer.refresh_from_db()
    agreed.refresh_from_db()
    assert (volunteer.state, agreed.state) == ("active", "agreed")


def test_what_has_begun_stays_with_whoever_is_there(volunteer):
    agreed = factories.make_agreed(volunteer=volunteer)
    farewells.leave(
        volunteer.pk, shown=[], by=Actor.volunteer(volunteer.pk), now=agreed.starts + timedelta(minutes=1)
    )
    agreed.refresh_from_db()
    assert agreed.state == "agreed"


def test_whoever_leaves_has_no_link_no_calendar_and_no_pages(office, client, volunteer):
    agreed = factories.make_agreed(volunteer=volunteer)
    feeds.renew(Purpose.CALENDAR, volunteer, by=Actor.volunteer(volunteer.pk), now=NOW)
    feed = reverse("lotse_feed", args=[feeds.token(Purpose.CALENDAR, volunteer.pk)])
    answer = reverse("answer", args=[links.token(Link.objects.get(purpose=Purpose.ANSWER))])
    links.make(Purpose.INVITATION, subject=1, holder=volunteer.pk, expires_at=None, now=NOW)
    step(office, volunteer, "ausscheiden", shown=[agreed.pk])
    volunteer.refresh_from_db()
    assert (volunteer.state, volunteer.left_on) == ("left", date(2026, 11, 23))
    theirs = [Purpose.ANSWER, Purpose.CALENDAR, Purpose.INVITATION]
    assert not Link.objects.filter(holder=volunteer.pk, revoked_at=None, purpose__in=theirs).exists()
    assert [office.get(address).status_code for address in (feed, answer)] == [410, 410]
    client.force_login(volunteer.user)
    assert client.get(reverse("lotse_home")).status_code == 404


def test_a_search_that_goes_on_does_not_ask_whoever_leaves(volunteer):
    assistance = factories.make_assistance()
    factories.make_agreed(assistance, volunteer)
    other, user = factories.make_volunteer(), factories.make_coordinator()
    second = factories.make_assistance(when=factories.period("2026-12-09"))
    plan, people = (
        Plan(kind="cascade", size=1, interval_hours=16, needs_choice=False),
        [other.pk, volunteer.pk],
    )
    workflow.start_campaign(second.pk, plan, volunteers=people, by=Actor.office(user), user=user, now=NOW)
    numbers = [row.pk for row in farewells.undone(volunteer.pk, now=NOW).appointments]
    farewells.leave(volunteer.pk, shown=numbers, by=Actor.office(user), now=NOW)
    workflow.decline(second.offers.get().pk, reason="", by=Actor.volunteer(other.pk), now=NOW)
    assert list(second.offers.values_list("volunteer", flat=True)) == [other.pk]


def test_a_wrong_day_stands_beside_its_field(office, volunteer):
    address = reverse("office:take_step", args=[volunteer.pk, "pause"])
    for wrong in ("2026-11-22", "2099-01-01", "morgen", "9999-12-31", "\0"):
        response = office.post(address, {"until": wrong})
        assert (response.status_code, list(response.context["form"].errors)) == (422, ["until"])
    assert office.get(reverse("office:take_step", args=[volunteer.pk, "quatsch"])).status_code == 404


def test_the_page_offers_the_steps_that_are_legal(office, volunteer):
    def buttons():
        page = office.get(reverse("office:volunteer", args=[volunteer.pk]))
        return [row.slug for row in page.context["steps"]]

    assert buttons() == ["pause", "ausscheiden"]
    assert "geht beim jetzigen Stand nicht" in step(office, volunteer, "zurueck").content.decode()
    step(office, volunteer, "pause", until="")
    assert buttons() == ["zurueck", "pause", "ausscheiden"]
    step(office, volunteer, "zurueck")
    step(office, volunteer, "ausscheiden")
    assert buttons() == ["wieder-aufnehmen"]
    step(office, volunteer, "wieder-aufnehmen")
    step(office, volunteer, "schulung")
    step(office, volunteer, "aktiv")
    assert Volunteer.objects.get().state == "active"
