"""Prefer and exclude: what it does to the ranking, and that the institution never learns of it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from lotsen_portal.models import OutgoingMail
from requests_app import matching
from requests_app.models import Wish
from tests import factories
from tests.factories import NOW, make_agreed, make_assistance, make_volunteer, period

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday(at):
    return at("2026-11-23 09:00")


@pytest.fixture
def member():
    return factories.make_member()


def wish(volunteer, institution, side, kind="prefer"):
    Wish.objects.create(volunteer=volunteer, institution=institution, side=side, kind=kind)


@pytest.mark.parametrize(
    ("side", "points", "sentence"),
    [
        ("member", 90, "Die Einrichtung wünscht sich diese Person."),
        ("volunteer", 80, "Kommt gern wieder in diese Einrichtung."),
    ],
)
def test_who_is_preferred_comes_first_with_the_reason(member, side, points, sentence):
    make_volunteer("Anna")
    bilal = make_volunteer("Bilal")
    wish(bilal, member.institution, side)
    first = matching.candidates(make_assistance(by=member), now=NOW)[0]
    part = next(part for part in first.parts if part.name == "continuity")
    assert (first.volunteer, part.points, part.sentence) == (bilal, points, sentence)


def test_a_wish_about_another_institution_changes_nothing(member):
    anna = make_volunteer("Anna")
    wish(anna, factories.make_institution(), "member")
    (only,) = matching.candidates(make_assistance(by=member), now=NOW)
    assert next(part.points for part in only.parts if part.name == "continuity") == 0


@pytest.fixture
def held(member):
    """An appointment of last week, and its volunteer's own pages."""
    person = make_volunteer("Samira Haddad", user=factories.make_user())
    earlier = NOW.replace(day=9)
    return make_agreed(
        make_assistance(by=member, when=period("2026-11-19"), now=earlier), person, now=earlier
    )


def say(client, held, kind):
    client.force_login(held.volunteer.user)
    client.post(reverse("lotse_wish", args=[held.pk]), {"wish": kind})


def test_a_volunteer_may_not_want_to_go_there_again(client, held, member):
    before = OutgoingMail.objects.count()
    say(client, held, "exclude")
    row = Wish.objects.get()
    assert (row.volunteer, row.institution, row.side, row.kind) == (
        held.volunteer,
        member.institution,
        "volunteer",
        "exclude",
    )
    assert matching.candidates(make_assistance(by=member), now=NOW) == []
    assert OutgoingMail.objects.exclude(function__endswith=".acknowledge_request").count() == before - 1


def test_the_institution_never_learns_of_it(client, held, member):
    say(client, held, "exclude")
    client.force_login(member.user)
    page = client.get(reverse("own_request", args=[held.assistance.reference])).content.decode()
    assert "nicht mehr in" not in page


def test_a_wish_can_be_changed_and_taken_back(client, held):
    for kind in ("exclude", "prefer"):
        say(client, held, kind)
        assert [row.kind for row in Wish.objects.all()] == [kind]
    page = client.get(reverse("lotse_appointment", args=[held.pk])).content.decode()
    assert "Sie kommen gern wieder in diese Einrichtung." in page
    say(client, held, "")
    assert not Wish.objects.exists()


def test_nothing_else_can_be_wished(client, held):
    say(client, held, "x" * 200)
    assert not Wish.objects.exists()


def test_a_wish_waits_for_the_appointment(client, member):
    person = make_volunteer(user=factories.make_user())
    agreed = make_agreed(make_assistance(by=member), person)
    client.force_login(person.user)
    assert client.post(reverse("lotse_wish", args=[agreed.pk]), {"wish": "exclude"}).status_code == 404
