"""The office's pages of trainings: plan, invite, note answers, take attendance."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from lotsen_portal import clock
from tests import factories
from tests.factories import make_course, make_invitation, make_session, make_volunteer, period
from volunteers.models import Module, Participation, Session, TopicTraining

pytestmark = pytest.mark.django_db

TYPED = {
    "kind": "further", "title": "Recht im Alltag", "place": "Rathaus", "places": "8", "audience": "all",
    "day_1": "2026-12-10", "begin_1": "17:00", "end_1": "19:00",
}  # fmt: skip


@pytest.fixture(autouse=True)
def monday(at: Callable[[str], datetime]) -> None:
    at("2026-11-23 09:00")


@pytest.fixture
def office(client: Client) -> Client:
    client.force_login(factories.make_coordinator())
    return client


def test_a_training_on_two_days_is_planned_and_people_invited(office: Client) -> None:
    person = make_volunteer("Samira Haddad")
    more = {"day_2": "2026-12-11", "begin_2": "17:00", "end_2": "19:00"}

    office.post(reverse("office:new_session"), TYPED | more)
    session = Session.objects.get()
    page = office.get(reverse("office:session", args=[session.pk])).content.decode()
    office.post(reverse("office:invite_to_session", args=[session.pk]), {"volunteer": [person.pk]})

    begin, end = (clock.local(edge) for edge in (session.first_at, session.last_at))
    assert (f"{begin:%d.%m. %H:%M}", f"{end:%d.%m. %H:%M}") == ("10.12. 17:00", "11.12. 19:00")
    assert (session.name, "Samira Haddad" in page) == ("Recht im Alltag", True)
    assert list(session.participations.values_list("volunteer", "state")) == [(person.pk, "invited")]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"day_1": "2026-11-01"}, "Dieser Tag liegt in der Vergangenheit."),
        ({"end_1": "16:00"}, "Das Ende muss nach dem Beginn liegen."),
        ({"day_1": "2027-03-28", "begin_1": "02:30", "end_1": "04:00"}, "gibt es am 28.03.2027 nicht"),
        ({"day_2": "2026-12-10", "begin_2": "18:00", "end_2": "20:00"}, "überschneidet sich"),
        ({"day_2": "2026-12-11"}, "Bitte nennen Sie Datum, Beginn und Ende."),
        ({"place": ""}, "Bitte nennen Sie einen Ort oder einen Link"),
        ({"places": "0"}, "Mindestens ein Platz."),
        ({"audience": "languages"}, "Bitte wählen Sie mindestens eine Sprache."),
        ({"title": "x" * 10_000}, "Bitte schreiben Sie höchstens 120 Zeichen."),
        ({"hint": "a\0b"}, "ein Zeichen, das wir nicht speichern können"),
    ],
)
def test_a_mistake_gets_its_sentence_and_nothing_typed_is_lost(
    office: Client, typed: dict[str, str], sentence: str
) -> None:
    answer = office.post(reverse("office:new_session"), TYPED | {"leader": "Lea Leitung"} | typed)

    page = answer.content.decode()
    assert (answer.status_code, sentence in page, "Lea Leitung" in page) == (422, True, True)
    assert not Session.objects.exists()


def test_a_part_belongs_to_its_course(office: Client) -> None:
    part = Module.objects.create(course=make_course("A"), name="Teil")

    answer = office.post(
        reverse("office:new_session"), TYPED | {"course": make_course("B").pk, "module": part.pk}
    )

    assert "Dieser Baustein gehört zu einer anderen Schulung." in answer.content.decode()


def test_the_office_notes_answers_from_the_telephone(office: Client) -> None:
    session = make_session(places=1)
    first, second = make_invitation(session), make_invitation(session)

    for row, answer in ((first, "yes"), (second, "wait"), (first, "no")):
        office.post(reverse("office:session_answer", args=[session.pk, row.pk]), {"answer": answer})

    assert list(session.participations.order_by("pk").values_list("state", flat=True)) == ["cancelled", "yes"]


def test_who_needs_a_training_is_proposed_first_and_ticked(office: Client) -> None:
    topic = factories.make_topic(needs_training=True)
    session = make_session(course=make_course("Gesundheit", topic=topic))
    trained, missing = make_volunteer("Anna"), make_volunteer("Zoe")
    TopicTraining.objects.create(volunteer=trained, topic=topic, completed_on="2026-01-01")

    page = office.get(reverse("office:session", args=[session.pk])).content.decode()

    assert page.index("Zoe") < page.index("Anna")
    assert f'value="{missing.pk}" id="wahl-{missing.pk}" checked' in page
    assert f'value="{trained.pk}" id="wahl-{trained.pk}" checked' not in page


def test_attendance_is_ticked_and_printed(office: Client, at: Callable[[str], datetime]) -> None:
    session = make_session()
    there, missing = (make_invitation(session, state="yes") for _two in range(2))
    address = reverse("office:session_attendance", args=[session.pk])
    early = office.get(address).content.decode()
    paper = office.get(reverse("office:session_list", args=[session.pk])).content.decode()
    at("2026-12-10 17:10")

    office.post(address, {"da": [str(there.pk)]})

    assert ("hat noch nicht begonnen" in early, there.volunteer.name in paper) == (True, True)
    found = dict(Participation.objects.values_list("pk", "state"))
    assert found == {there.pk: "attended", missing.pk: "absent"}
    assert Session.objects.get().state == "held"


def test_another_time_typed_in_the_form_tells_everybody(office: Client) -> None:
    session = make_session(kind="further", places=8)
    make_invitation(session, state="yes")

    office.post(reverse("office:change_session", args=[session.pk]), TYPED | {"begin_1": "18:00"})

    session.refresh_from_db()
    assert (session.version, session.title) == (2, "Recht im Alltag")
    assert [row.period for row in session.coming_dates] == [period("2026-12-10", "18:00", 60)]
