"""Who is missing which training, what follows from it, and what leaving does to places."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from lotsen_portal.audit import Actor
from lotsen_portal.verbs import NotPossible
from tests import factories
from tests.factories import NOW, make_course, make_invitation, make_session, make_volunteer, period
from volunteers import trainings
from volunteers.models import Module, TopicTraining, TrainingRule, Volunteer
from volunteers.recruitment import states
from volunteers.trainings.needs import missing

pytestmark = pytest.mark.django_db

EARLIER = datetime.fromisoformat("2026-11-02T08:00+00:00")


@pytest.fixture(autouse=True)
def monday(at: Callable[[str], datetime]) -> None:
    at("2026-11-23 09:00")


@pytest.fixture
def office() -> Actor:
    return Actor.office(factories.make_coordinator())


def attended(person: Volunteer, by: Actor, day: str = "2026-11-05", **values: object) -> None:
    session = make_session(period(day, "17:00"), now=EARLIER, **values)
    row = make_invitation(session, person, state="yes", now=EARLIER)
    trainings.take_attendance(session.pk, present=[row.pk], by=by, now=NOW)


def lacking(person: Volunteer) -> list[str]:
    return [row.what for row in missing(now=NOW, volunteer=person.pk)]


def test_nobody_becomes_active_before_the_whole_course(office: Actor) -> None:
    course = make_course("Grundkurs")
    parts = [Module.objects.create(course=course, name=name) for name in ("Recht", "Rolle")]
    TrainingRule.objects.create(need="start", course=course)
    newcomer = make_volunteer(state="in_training")

    attended(newcomer, office, course=course, module=parts[0])
    with pytest.raises(NotPossible, match="Vor dem ersten Einsatz fehlt noch: Grundkurs"):
        states.activate(newcomer.pk, by=office, now=NOW)
    attended(newcomer, office, "2026-11-06", course=course, module=parts[1])
    states.activate(newcomer.pk, by=office, now=NOW)

    newcomer.refresh_from_db()
    assert newcomer.state == "active"


def test_supervision_is_missing_only_as_far_as_the_year_has_come(office: Actor) -> None:
    TrainingRule.objects.create(need="yearly", subject="supervision", times=2)
    person, newcomer = make_volunteer(), make_volunteer(state="in_training")
    in_june = datetime.fromisoformat("2026-05-31T10:00+00:00")

    early = missing(now=in_june, volunteer=person.pk)
    before = lacking(person)
    attended(person, office, kind="single")

    assert (early, before, lacking(person), lacking(newcomer)) == ([], ["Supervision"], [], [])


def test_a_topic_that_demands_a_training_is_missing_again_when_it_ends(office: Actor) -> None:
    topic = factories.make_topic(needs_training=True)
    person = make_volunteer(topics=[topic])
    before = lacking(person)
    row = TopicTraining.objects.create(volunteer=person, topic=topic, completed_on="2026-01-01")
    trained = lacking(person)
    TopicTraining.objects.filter(pk=row.pk).update(valid_until="2026-11-22")

    assert (before, trained, lacking(person)) == (["Gesundheit"], [], ["Gesundheit"])


def test_the_pages_say_who_is_missing_what(client: Client) -> None:
    topic = factories.make_topic(needs_training=True)
    make_course("Im Krankenhaus", topic=topic)
    person = make_volunteer("Samira Haddad", topics=[topic], user=factories.make_user())
    client.force_login(factories.make_coordinator())
    told = client.get(reverse("office:training_needs")).content.decode()
    client.force_login(person.user)  # type: ignore[arg-type]

    own = client.get(reverse("lotse_trainings")).content.decode()

    assert ("Samira Haddad" in told, "Im Krankenhaus" in told) == (True, True)
    assert "Eine Schulung zum Thema Gesundheit" in own


def test_who_leaves_gives_places_back_and_somebody_moves_up(office: Actor) -> None:
    session = make_session(places=1)
    leaving = make_invitation(session, state="yes")
    make_invitation(session, state="waiting")

    states.leave(leaving.volunteer_id, by=office, now=NOW)

    found = list(session.participations.order_by("pk").values_list("state", flat=True))
    assert found == ["cancelled", "yes"]
