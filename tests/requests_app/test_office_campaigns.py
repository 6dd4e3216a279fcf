"""The office's pages about a search: begin, watch, steer, edit the list, and the ways out."""

from __future__ import annotations

import re

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from lotsen_portal.audit import Actor
from lotsen_portal.models import ProgrammeText
from requests_app import workflow, worklist
from requests_app.models import Campaign, Offer, Place
from tests import factories
from tests.factories import NOW, make_assistance, make_language, make_volunteer
from volunteers.models import Absence

pytestmark = pytest.mark.django_db

PLAN = {"kind": "cascade", "interval_hours": "16", "choice": "first_yes"}


@pytest.fixture(autouse=True)
def monday(at):
    return at("2026-11-23 09:00")


@pytest.fixture
def user():
    return factories.make_coordinator()


@pytest.fixture
def office(client, user):
    client.force_login(user)
    return client


@pytest.fixture
def assistance():
    return make_assistance()


def to(name, assistance, *more):
    return reverse(f"office:{name}", args=[assistance.reference, *more])


def page(office, assistance) -> str:
    return office.get(to("request", assistance)).content.decode()


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def begin(office, assistance, *people, **data):
    ranks = {f"platz-{person.pk}": rank for rank, person in enumerate(people, start=1)}
    return office.post(
        to("campaign", assistance), {**PLAN, "volunteer": [p.pk for p in people], **ranks, **data}
    )


def no(name: str) -> None:
    offer = Offer.objects.get(volunteer__name=name, state="pending")
    workflow.decline(offer.pk, reason="", by=Actor.volunteer(offer.volunteer_id), now=NOW)


def test_the_proposed_list_is_ranked_and_can_be_changed_before_the_start(office, assistance):
    anna, bilal, cem = (make_volunteer(name) for name in ("Anna", "Bilal", "Cem"))
    assert "Anna" in office.get(to("campaign", assistance)).content.decode()
    begin(office, assistance, anna, bilal, **{f"platz-{anna.pk}": "7"})
    assert list(Place.objects.values_list("volunteer__name", flat=True)) == ["Bilal", "Anna"]
    assert [offer.volunteer for offer in Offer.objects.all()] == [bilal]
    assert cem.name in page(office, assistance)


def test_what_was_typed_stays_when_something_is_missing(office, assistance):
    anna = make_volunteer("Anna")
    response = office.post(
        to("campaign", assistance),
        {**PLAN, "interval_hours": "0", "volunteer": anna.pk, f"platz-{anna.pk}": "4"},
    )
    text = response.content.decode()
    assert (response.status_code, Campaign.objects.exists()) == (422, False)
    assert "Bitte geben Sie eine Zahl von 1 bis 80 an." in text
    assert f'id="platz-{anna.pk}" value="4"' in text
    assert f'id="wahl-{anna.pk}" checked' in text


@pytest.mark.parametrize("junk", ["\x00", "x" * 10_000, "-1", "1e9", "٣"])
def test_no_input_breaks_the_page(office, assistance, junk):
    anna = make_volunteer("Anna")
    for field in ("kind", "size", "interval_hours", "choice", "enough", "volunteer", f"platz-{anna.pk}"):
        response = begin(office, assistance, anna, **{field: junk})
        assert response.status_code in {302, 422}


def test_an_empty_list_starts_nothing(office, assistance):
    response = begin(office, assistance)
    assert said(response) == ["Bitte wählen Sie mindestens eine Person aus."]


def test_the_page_says_who_comes_next_and_when(office, assistance):
    begin(office, assistance, *(make_volunteer(name) for name in ("Anna", "Bilal")))
    text = page(office, assistance)
    assert "Als Nächste: Bilal am Mittwoch um 09:00 Uhr, wenn bis dahin niemand zusagt." in text
    assert "Nacheinander, nach 16 Arbeitsstunden ist die nächste Person dran. Die erste Zusage gilt." in text


def test_a_search_is_paused_resumed_changed_and_ended_on_the_page(office, assistance):
    begin(office, assistance, *(make_volunteer(name) for name in ("Anna", "Bilal", "Cem")))
    office.post(to("campaign_steer", assistance, "anhalten"))
    assert "Als Nächste: Bilal, sobald Sie fortsetzen." in page(office, assistance)
    office.post(to("campaign_steer", assistance, "fortsetzen"))
    office.post(
        to("campaign", assistance), {"kind": "wave", "size": "2", "interval_hours": "4", "choice": "office"}
    )
    assert "In Wellen zu 2, nach 4 Arbeitsstunden folgt die nächste Welle." in page(office, assistance)
    office.post(to("campaign_steer", assistance, "weiter"))
    assert Offer.objects.count() == 3
    office.post(to("campaign_steer", assistance, "beenden"))
    assert Campaign.objects.get().state == "stopped"
    response = office.post(to("campaign_steer", assistance, "anhalten"))
    assert said(response)[-1] == "Diese Suche ist beendet."


def test_the_list_is_edited_on_the_page(office, assistance):
    people = [make_volunteer(name) for name in ("Anna", "Bilal", "Cem", "Dana")]
    begin(office, assistance, *people)
    places = {place.volunteer.name: place.pk for place in Place.objects.all()}
    office.post(to("campaign_place", assistance, places["Cem"], "hoch"))
    office.post(to("campaign_place", assistance, places["Dana"], "weg"))
    names = list(Place.objects.order_by("rank").values_list("volunteer__name", flat=True))
    assert names == ["Anna", "Cem", "Bilal"]


def test_somebody_is_found_by_name_with_what_speaks_against(office, assistance):
    anna, bilal = make_volunteer("Anna"), make_volunteer("Bilal Kaya")
    stranger = make_volunteer("Bilal Fremd", languages=("tr",))
    Absence.objects.create(volunteer=bilal, first="2026-12-08", last="2026-12-08")
    begin(office, assistance, anna)
    text = office.get(to("campaign_add", assistance), {"name": "bilal"}).content.decode()
    assert "Ist an diesem Tag abwesend gemeldet." in text
    assert "Diese Regel können Sie nicht übergehen." in text
    refused = office.post(to("campaign_add", assistance), {"volunteer": stranger.pk, "reason": "Bitte"})
    assert said(refused)[-1] == "Bilal Fremd: Spricht keine der gewünschten Sprachen."
    office.post(to("campaign_add", assistance), {"volunteer": bilal.pk, "reason": "Ist schon zurück"})
    assert Place.objects.get(volunteer=bilal).override == "Ist schon zurück"


def test_an_exhausted_search_stands_in_the_work_queue_with_its_ways_out(office, user, assistance):
    begin(office, assistance, make_volunteer("Anna"))
    no("Anna")
    groups = worklist.groups(me=user.pk, whose=worklist.EVERYBODY, now=NOW)
    assert [row.reference for row in groups["exhausted"].rows] == [assistance.reference]
    assert "Auswege ansehen" in office.get(reverse("office:index")).content.decode()
    assert "Niemand mehr auf der Liste" in page(office, assistance)


def test_a_running_search_needs_no_decision(office, user, assistance):
    begin(office, assistance, make_volunteer("Anna"), make_volunteer("Bilal"))
    groups = worklist.groups(me=user.pk, whose=worklist.EVERYBODY, now=NOW)
    assert [slug for slug, group in groups.items() if group.everybody] == []


def test_the_work_queue_says_in_time_that_a_search_ends(user, assistance, at):
    groups = worklist.groups(me=user.pk, whose=worklist.EVERYBODY, now=at("2026-11-26 09:00"))
    assert groups["limit"].everybody == 0
    groups = worklist.groups(me=user.pk, whose=worklist.EVERYBODY, now=at("2026-12-03 09:00"))
    assert [row.search_ends_at for row in groups["limit"].rows + groups["promised"].rows] == [
        assistance.search_ends_at
    ]


def test_the_ways_out_name_a_related_language_times_the_telephone_and_a_pointer(office):
    assistance = make_assistance(languages=("prs",))
    make_language("fa", "Farsi")
    make_volunteer("Shirin", languages=("fa",))
    make_volunteer("Omid", languages=("prs",), availability=[0, 0b1111 << 2, 0, 0, 0, 0, 0])
    text = office.get(to("ways_out", assistance)).content.decode()
    assert "Farsi könnte gehen, bitte fragen" in text
    assert "1 Person spricht die Sprache." in text
    assert "Dienstag vormittags (1)" in text
    assert "Auf Telefon umstellen" in text
    assert "justiz-dolmetscher.de" in text


def test_the_office_writes_its_own_pointer(office, assistance):
    ProgrammeText.objects.create(programme_id=1, kind="elsewhere", language="de", body="Sprachmittlung Neuss")
    assert "Sprachmittlung Neuss" in office.get(to("ways_out", assistance)).content.decode()


def test_a_way_out_leads_to_a_prepared_change(office, assistance):
    make_language("ary", "Marokkanisch")
    text = office.get(to("change", assistance), {"dazu": "ary", "wie": "phone"}).content.decode()
    assert '<option value="ary" selected>' in text
    assert re.search(r'value="phone"[^>]*(checked|selected)', text)
