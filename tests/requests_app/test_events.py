"""An event: several languages and people at once with one form, one group, one mail, and nobody twice."""

from __future__ import annotations

import pytest
from django.core import mail as post
from django.test import Client
from django.urls import reverse

from lotsen_portal import outbox
from lotsen_portal.audit import Actor
from requests_app import workflow
from requests_app.models import AssistanceRequest, Offer, RequestGroup
from tests import factories
from tests.factories import NOW, draft_of, make_agreed, make_offer, make_volunteer, period

pytestmark = pytest.mark.django_db

ALONE = (
    "Mehrere Lotsinnen oder Lotsen zugleich gehen nur bei einem einzelnen Termin, nicht bei einer "
    "Terminreihe oder mit weiteren Vorschlägen."
)


@pytest.fixture(autouse=True)
def morning(at):
    at("2026-11-23 09:00")


@pytest.fixture
def member():
    return factories.make_member(factories.make_institution("Schule Nord"), name="Martin Meier")


def browser_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def filled_in(**more: str) -> dict[str, str]:
    codes = [factories.make_language(code).code for code in ("ar", "tr", "uk", "fa")]
    return {
        "language": codes[0],
        "language_2": codes[3],
        "topic": factories.make_topic().slug,
        "help": "accompaniment",
        "day": "2026-12-08",
        "begin": "19:00",
        "minutes": "90",
        "mode": "on_site",
        "district": str(factories.make_district().pk),
        "place": "Aula",
        "consent": "on",
        "event_language_2": codes[1],
        "event_language_4": codes[2],
        "people": "2",
        **more,
    }


def event(member, *languages: str) -> list[AssistanceRequest]:
    return workflow.submit_several(
        [draft_of(period(), languages=(code,)) for code in languages],
        kind="event",
        by=Actor.member(member.user),
        institution=member.institution,
        filed_by=member.user,
        now=NOW,
    )


def test_each_language_and_person_becomes_a_request_of_one_group_with_one_mail(member):
    client = browser_of(member.user)
    filed = client.post(reverse("new_request"), filled_in())
    requests = AssistanceRequest.objects.order_by("pk")
    outbox.sweep()
    (mail,) = post.outbox
    page = client.get(filed.url).content.decode()

    asked = [
        list(one.languages.order_by("rank").values_list("language__code", flat=True)) for one in requests
    ]
    assert asked == [["ar", "fa"], ["ar", "fa"], ["tr"], ["tr"], ["uk"], ["uk"]]
    assert len({(one.period.lower, one.period.upper, one.place) for one in requests}) == 1
    assert {one.group for one in requests} == {RequestGroup.objects.get(kind="event", rule="")}
    assert mail.subject == "Ihre 6 Anfragen sind da"
    assert "Die Anfragen für Ihre Veranstaltung sind gut bei uns angekommen." in mail.body
    assert "Jede Anfrage hat ein eigenes Aktenzeichen." in mail.body
    assert "<h2>Veranstaltung</h2>" in page
    assert all(one.reference in page for one in requests)


def test_one_language_and_one_person_stays_a_request_of_its_own(member):
    alone = filled_in(event_language_2="", event_language_4="", people="")
    browser_of(member.user).post(reverse("new_request"), alone)

    assert list(AssistanceRequest.objects.values_list("group", flat=True)) == [None]


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"event_language_2": "ar"}, "event_language_2", "Diese Sprache haben Sie schon gewählt."),
        ({"event_language_4": "tr"}, "event_language_4", "Diese Sprache haben Sie schon gewählt."),
        ({"event_language_2": "\0"}, "event_language_2", "Bitte wählen Sie etwas aus der Liste."),
        ({"people": "4"}, "people", "Bitte wählen Sie 1, 2 oder 3."),
        ({"repeat": "weekly", "repeat_times": "3"}, "event_language_2", ALONE),
        ({"day_2": "2026-12-09", "begin_2": "19:00"}, "event_language_2", ALONE),
        (
            {"day_2": "2026-12-09", "begin_2": "19:00", "event_language_2": "", "event_language_4": ""},
            "people",
            ALONE,
        ),
    ],
)
def test_what_is_no_event_is_complained_about_beside_its_field(member, typed, field, sentence):
    response = browser_of(member.user).post(reverse("new_request"), filled_in(**typed))

    assert response.status_code == 422
    assert response.context["form"].errors[field] == [sentence]
    assert "<details" in response.content.decode()
    assert AssistanceRequest.objects.count() == 0


def test_the_fold_is_closed_until_somebody_needs_it(member):
    client = browser_of(member.user)
    fresh = client.get(reverse("new_request")).content.decode()
    typed = client.post(reverse("new_request"), filled_in(day="")).content.decode()

    summary = "<summary>Mehrere Lotsinnen oder Lotsen zugleich"
    assert f'<details class="lp-fold">{summary}' in fresh
    assert f'<details class="lp-fold" open>{summary}' in typed


def test_whoever_takes_one_cannot_be_asked_for_another(member):
    first, second = event(member, "ar", "ar")
    lotse, user = make_volunteer("Samira"), factories.make_coordinator()
    make_agreed(first, lotse)
    with pytest.raises(workflow.NotPossible) as refused:
        workflow.ask(second.pk, volunteers=[lotse.pk], by=Actor.office(user), user=user, now=NOW)

    assert str(refused.value) == "Samira: Hat zu dieser Zeit schon einen anderen Einsatz."


def test_a_second_yes_to_the_same_event_is_refused(member):
    lotse = make_volunteer()
    offers = [make_offer(one, lotse) for one in event(member, "ar", "ar")]
    by = Actor.volunteer(lotse.pk)
    workflow.accept(offers[0].pk, version=1, by=by, now=NOW)
    with pytest.raises(workflow.NotPossible):
        workflow.accept(offers[1].pk, version=1, by=by, now=NOW)

    assert lotse.assignments.live().count() == 1


def test_the_office_sees_the_event_and_asks_nobody_for_two_of_it(member):
    requests, lotse = event(member, "ar", "tr"), make_volunteer("Samira")
    client = browser_of(factories.make_coordinator())
    address = reverse("office:group", args=[requests[0].group_id])
    page = client.get(address).content.decode()
    again = client.post(address, {"volunteer": lotse.pk}, follow=True).content.decode()

    assert "2 von 2 Anfragen offen" in page
    assert "Jede Person kann nur eine dieser Anfragen übernehmen." in page
    assert "Samira" not in page
    assert "Bei einer Veranstaltung kann eine Person nur eine Anfrage übernehmen." in again
    assert Offer.objects.count() == 0
