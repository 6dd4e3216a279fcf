"""An event: several languages and people at once with one form, one group, one mail, and nobody twice."""

from __future__ import annotations

import pytest
from django.core import mail as post
from django.test import Client
from django.urls import reverse

from lotsen_portal import outbox
from lotsen_portal.audit import Actor
from requests_app import matching, workflow
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

    assert str(refused.value) == "Samira: Hat für eine andere Anfrage derselben Veranstaltung schon zugesagt."


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


def test_calling_an_event_off_speaks_of_the_event_and_its_languages(member):
    first, second, third = event(member, "ar", "tr", "tr")
    make_agreed(first, make_volunteer("Samira"))
    client = browser_of(member.user)
    address = reverse("cancel_own_group", args=[first.reference])
    own = client.get(reverse("own_request", args=[first.reference])).content.decode()
    page = client.get(address).content.decode()
    outbox.sweep()
    post.outbox.clear()
    done = client.post(address, {"reason": "Die Heizung ist aus"}, follow=True).content.decode()
    outbox.sweep()
    mail = next(letter for letter in post.outbox if member.user.email in letter.to)
    (samiras,) = [letter for letter in post.outbox if member.user.email not in letter.to]

    assert f'<a href="/einrichtung/anfragen/{second.reference}/">Türkisch</a>' in own
    assert ("Ganze Veranstaltung absagen" in own, "Alle weiteren absagen" in own + page) == (True, False)
    assert f'Türkisch <span class="lp-muted">({third.reference}, ' in page
    assert "3 Anfragen der Veranstaltung sind abgesagt. Wir sagen allen Bescheid." in done
    assert mail.subject == "Abgesagt: Ihre Veranstaltung"
    assert "10:00 bis 11:00 Uhr, Arabisch\n" in mail.body
    assert "10:00 bis 11:00 Uhr, 2 × Türkisch\n" in mail.body
    assert "Termine" not in mail.body
    assert samiras.subject == "Abgesagt: Ihr Einsatz am Dienstag, 8. Dezember 2026"


def test_whoever_would_come_for_another_language_is_no_candidate_for_the_sister_request(member):
    first, second = event(member, "ar", "ar")
    lotse, other = make_volunteer("Samira"), make_volunteer("Yusuf")
    user = factories.make_coordinator()
    (offer,) = workflow.ask(
        first.pk, volunteers=[lotse.pk], by=Actor.office(user), user=user, needs_choice=True, now=NOW
    )
    workflow.be_willing(offer.pk, version=1, by=Actor.volunteer(lotse.pk), now=NOW)
    counts = [(count.rule, count.count) for count in matching.why_not(second, now=NOW)]

    assert [found.volunteer for found in matching.candidates(second, now=NOW)] == [other]
    assert counts == [("sister", 1)]


def test_a_double_click_files_an_event_once_and_another_event_after_it(member):
    client = browser_of(member.user)
    key = client.get(reverse("new_request")).context["form"]["key"].value()
    form = filled_in(key=str(key))
    first, second = (client.post(reverse("new_request"), form) for _twice in range(2))
    once = AssistanceRequest.objects.count()
    client.post(reverse("new_request"), {**form, "people": "1"})

    assert (once, first.url) == (6, second.url)
    assert (AssistanceRequest.objects.count(), RequestGroup.objects.count()) == (9, 2)


def test_a_double_click_files_a_single_request_once(member):
    client = browser_of(member.user)
    form = filled_in(
        key="0c1f6f3e-52a7-4c59-9a64-6ce8c2f4a001", event_language_2="", event_language_4="", people="1"
    )
    first, second = (client.post(reverse("new_request"), form) for _twice in range(2))

    assert (AssistanceRequest.objects.count(), first.url) == (1, second.url)
