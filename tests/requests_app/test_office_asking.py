"""Asking volunteers, noting their answers, and why somebody is not among the candidates."""

from datetime import date

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from lotsen_portal.audit import Actor
from lotsen_portal.models import OutgoingMail
from requests_app import workflow
from requests_app.models import Offer, Wish
from tests import factories
from tests.factories import NOW
from volunteers.models import Absence

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday(at):
    return at("2026-11-23 09:00")


@pytest.fixture
def office(client):
    client.force_login(factories.make_coordinator())
    return client


@pytest.fixture
def assistance(db):
    return factories.make_assistance()


def ask(office, assistance, **data):
    response = office.post(reverse("office:ask", args=[assistance.reference]), data)
    assistance.refresh_from_db()
    return response


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def answer(office, offer, slug, **data):
    response = office.post(reverse("office:answer", args=[offer.pk, slug]), data)
    offer.refresh_from_db()
    offer.assistance.refresh_from_db()
    return response


def absent(volunteer):
    Absence.objects.create(volunteer=volunteer, first=date(2026, 12, 8), last=date(2026, 12, 8))


def test_the_own_button_asks_one_person_whatever_is_ticked(office, assistance):
    one, other = factories.make_volunteer("Leyla"), factories.make_volunteer()
    response = ask(office, assistance, einzeln=one.pk, volunteer=[other.pk])
    assert (assistance.state, [offer.volunteer for offer in Offer.objects.all()]) == ("offered", [one])
    assert said(response) == ["Angefragt: Leyla."]
    assert OutgoingMail.objects.filter(function__endswith=".ask_volunteer").count() == 1


def test_all_who_are_ticked_are_asked_at_once(office, assistance):
    people = [factories.make_volunteer() for _ in range(3)]
    ask(office, assistance, volunteer=[person.pk for person in people])
    assert {offer.volunteer for offer in Offer.objects.all()} == set(people)


def test_who_has_no_address_is_named_for_the_phone(office, assistance):
    person = factories.make_volunteer("Olga", email="")
    assert "Ohne E-Mail-Adresse, bitte anrufen: Olga." in said(ask(office, assistance, einzeln=person.pk))[0]


@pytest.mark.parametrize("data", [{}, {"volunteer": "x"}, {"einzeln": "999999"}, {"volunteer": "9" * 40}])
def test_asking_nobody_gets_a_sentence(office, assistance, data):
    response = ask(office, assistance, **data)
    assert (response.status_code, assistance.state) == (302, "open")
    assert said(response) == ["Bitte wählen Sie mindestens eine Person aus."]


def test_asking_twice_or_for_an_ended_request_gets_a_sentence(office, assistance):
    person = factories.make_volunteer("Leyla")
    ask(office, assistance, einzeln=person.pk)
    assert said(ask(office, assistance, einzeln=person.pk))[-1] == "Leyla ist schon angefragt."
    workflow.give_up(assistance.pk, by=Actor.office(factories.make_coordinator()), now=NOW)
    ask(office, assistance, einzeln=person.pk)
    assert Offer.objects.count() == 1


def test_asking_by_a_link_does_nothing(office, assistance):
    assert office.get(reverse("office:ask", args=[assistance.reference])).status_code == 405


def test_a_rule_that_may_be_overridden_leads_to_the_question_why(office, assistance):
    person = factories.make_volunteer("Leyla")
    absent(person)
    address = reverse("office:ask_anyway", args=[assistance.reference, person.pk])
    assert ask(office, assistance, einzeln=person.pk).headers["Location"] == address
    assert "Ist an diesem Tag abwesend gemeldet." in office.get(address).content.decode()
    assert office.post(address, {"reason": ""}).status_code == 422
    office.post(address, {"reason": "Kommt früher zurück"})
    assert Offer.objects.get().override == "Kommt früher zurück"


def test_a_rule_for_good_cannot_be_overridden(office, assistance):
    person = factories.make_volunteer()
    Wish.objects.create(volunteer=person, institution=assistance.institution, side="member", kind="exclude")
    address = reverse("office:ask_anyway", args=[assistance.reference, person.pk])
    assert "können Sie nicht übergehen" in office.get(address).content.decode()
    assert office.post(address, {"reason": "doch"}).status_code == 422
    assert not Offer.objects.exists()


def test_a_yes_on_the_phone_is_noted_and_thanks_the_others(office, assistance):
    first, second = factories.make_offer(assistance), factories.make_offer(assistance)
    response = answer(office, first, "zusage", version="1")
    second.refresh_from_db()
    assert (first.state, second.state, first.assistance.state) == ("accepted", "not_chosen", "confirmed")
    assert response.headers["Location"].endswith("#gefragt")


def test_a_yes_to_an_old_version_or_to_none_is_refused(office, assistance):
    offer = factories.make_offer(assistance)
    for version in ("0", "x", ""):
        assert "hat sich geändert" in said(answer(office, offer, "zusage", version=version))[-1]
    assert offer.state == "pending"


def test_a_no_on_the_phone_is_noted_and_can_be_corrected(office, assistance):
    offer = factories.make_offer(assistance)
    answer(office, offer, "absage")
    assert (offer.state, offer.assistance.state) == ("declined", "open")
    answer(office, offer, "korrigieren")
    assert (offer.state, offer.assistance.state) == ("pending", "offered")


def test_an_offer_is_withdrawn_once(office, assistance):
    offer = factories.make_offer(assistance)
    answer(office, offer, "zurueckziehen")
    assert (offer.state, offer.assistance.state) == ("withdrawn", "open")
    response = answer(office, offer, "zurueckziehen")
    assert (response.status_code, offer.state) == (302, "withdrawn")
    assert len(said(response)) == 2


def test_unknown_offers_and_answers_are_not_found(office, assistance):
    offer = factories.make_offer(assistance)
    assert office.post(reverse("office:answer", args=[offer.pk, "egal"])).status_code == 404
    assert office.post(reverse("office:answer", args=[offer.pk + 1, "absage"])).status_code == 404
    assert office.get(reverse("office:answer", args=[offer.pk, "absage"])).status_code == 405


def why_not(office, assistance, **query):
    return office.get(reverse("office:why_not", args=[assistance.reference]), query)


def test_why_not_counts_each_reason_and_names_the_people_behind_it(office, assistance):
    person = factories.make_volunteer("Leyla")
    absent(person)
    counts = why_not(office, assistance)
    assert [(count.rule, count.count) for count in counts.context["counts"]] == [("absent", 1)]
    shown = why_not(office, assistance, regel="absent").content.decode()
    assert "Leyla" in shown
    assert reverse("office:ask_anyway", args=[assistance.reference, person.pk]) in shown


def test_one_person_is_looked_up_by_name(office, assistance):
    factories.make_volunteer("Mehmet Öztürk", languages=["tr"])
    factories.make_volunteer("Leyla")
    assert "Spricht keine der gewünschten" in why_not(office, assistance, name="Mehmet").content.decode()
    assert "Gegen diese Person spricht nichts" in why_not(office, assistance, name="Leyla").content.decode()
    assert "Niemand heißt so." in why_not(office, assistance, name="Gustav").content.decode()
    assert why_not(office, assistance, name="M").status_code == 200


def test_unfolding_fetches_the_part_alone(office, assistance):
    address = reverse("office:why_not", args=[assistance.reference])
    part = office.get(address, headers={"HX-Request": "true"}).content.decode()
    assert ("<html" in part, "Person suchen" in part) == (False, True)
    assert "<html" in office.get(address).content.decode()


@pytest.mark.parametrize("query", [{"regel": "quatsch"}, {"regel": "absent", "nach": "x"}])
def test_why_not_takes_any_question(office, assistance, query):
    assert why_not(office, assistance, **query).status_code == 200
