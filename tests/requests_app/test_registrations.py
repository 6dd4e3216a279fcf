"""Institutions come on board: the public form, the confirmed address, the office's decision."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from lotsen_portal import outbox, privacy
from lotsen_portal.audit import Actor
from lotsen_portal.models import LogEntry, OutgoingMail, User
from requests_app import mails, registrations, workflow
from requests_app.models import Institution, Member, Registration
from tests import factories
from tests.factories import NOW, make_registration

pytestmark = pytest.mark.django_db

FORM = reverse("register_institution")
ARABIC = "/ar/einrichtung-anmelden/"


@pytest.fixture(autouse=True)
def monday(at: Callable[[str], datetime]) -> None:
    at("2026-11-23 09:00")


@pytest.fixture
def office(client: Client) -> Client:
    client.force_login(factories.make_coordinator())
    return client


def typed(**changes: str) -> dict[str, str]:
    """What a person types into the form."""
    return {
        "name": "Praxis am Hafen",
        "kind": "health",
        "street": "Hafenstraße 5",
        "postcode": "41460",
        "city": "Neuss",
        "district": str(factories.make_district().pk),
        "contact_name": "Nora Neu",
        "email": "Nora.Neu@praxis-hafen.example",
        **changes,
    }


def page_of(registration: Registration) -> str:
    return "/" + mails.registration_address(registration, language="de").split("/", 3)[3]


def states() -> list[str]:
    return list(Registration.objects.order_by("pk").values_list("state", flat=True))


# The public form


def test_a_registration_is_kept_and_its_link_mailed(client: Client) -> None:
    response = client.post(FORM, typed(message="Wir brauchen oft Arabisch."))
    outbox.deliver_due()

    row = Registration.objects.get()
    assert (response.status_code, response["Location"]) == (302, reverse("registration_sent"))
    assert (row.state, row.name, row.email) == (
        "unconfirmed",
        "Praxis am Hafen",
        "nora.neu@praxis-hafen.example",
    )
    assert [letter.to for letter in mail.outbox] == [["nora.neu@praxis-hafen.example"]]
    assert page_of(row) in mail.outbox[0].body


def test_the_first_mail_carries_nothing_that_a_stranger_typed(client: Client) -> None:
    client.post(FORM, typed(name="Gewinnspiel", contact_name="Hier klicken"))
    outbox.deliver_due()

    written = str(mail.outbox[0].message())
    assert [word for word in ("Gewinnspiel", "klicken") if word in written] == []


def test_the_mail_is_in_the_language_of_the_form(client: Client) -> None:
    client.post(ARABIC, typed())
    assert Registration.objects.get().language == "ar"
    assert OutgoingMail.objects.get().language == "ar"


@pytest.mark.parametrize("who", ["nobody", "member", "coordinator", "trap"])
def test_the_page_answers_the_same_whoever_the_address_belongs_to(client: Client, who: str) -> None:
    member, coordinator = factories.make_member(), factories.make_coordinator()
    people = {"member": member.user.email, "coordinator": coordinator.email}
    data = typed(email=people.get(who, "neu@praxis.example"), name=member.institution.name)
    if who == "trap":
        data["homepage"] = "https://spam.example"
    response = client.post(FORM, data, follow=True)

    assert response.redirect_chain == [(reverse("registration_sent"), 302)]
    assert b"neu@praxis" not in response.content
    functions = [row.name for row in OutgoingMail.objects.all()]
    expected = {"member": ["tell_known_member"], "trap": []}.get(who, ["confirm_registration"])
    assert functions == expected


def test_nobody_is_flooded_with_mail_that_others_ask_for(client: Client) -> None:
    for _time in range(5):
        client.post(FORM, typed())
    assert OutgoingMail.objects.count() == registrations.MAILS_A_DAY


def test_one_sender_registers_five_houses_an_hour_at_most(client: Client) -> None:
    codes = [client.post(FORM, typed(email=f"a{n}@b.example")).status_code for n in range(6)]
    assert codes == [302] * 5 + [429]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 161),
        ("name", "a\0b"),
        ("kind", "circus"),
        ("street", " \u200f "),
        ("postcode", "1" * 10_000),
        ("city", ""),
        ("district", "999999"),
        ("district", "a\0"),
        ("contact_name", "y" * 151),
        ("email", "nora"),
        ("email", f"{'n' * 10_000}@x.example"),
        ("email", "a\0@b.example"),
        ("phone", "ruf mich an"),
        ("message", "z" * 10_000),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(
    client: Client, field: str, value: str
) -> None:
    response = client.post(FORM, typed(**{field: value}))
    form = response.context["form"]
    assert (response.status_code, list(form.errors)) == (422, [field])
    assert len(form.errors[field]) == 1
    assert "Hafenstraße 5" in response.content.decode() or field == "street"
    assert states() == []


# The link


def test_looking_at_the_link_confirms_nothing_and_the_button_does(client: Client) -> None:
    row = make_registration(state="unconfirmed")
    for _time in range(2):
        assert client.get(page_of(row)).status_code == 200
    assert states() == ["unconfirmed"]
    assert client.post(page_of(row)).status_code == 302
    assert client.post(page_of(row)).status_code == 302

    row.refresh_from_db()
    assert (row.state, row.confirmed_at) == ("confirmed", NOW)
    assert LogEntry.objects.filter(kind="registration", action="confirm").count() == 1


@pytest.mark.parametrize("language", ["", "/en", "/ar"])
def test_the_page_behind_the_link_tells_where_it_stands(client: Client, language: str) -> None:
    row = make_registration()
    by, user = Actor.office(factories.make_coordinator()), factories.make_coordinator()
    registrations.decline(row.pk, reason="Wir helfen nur in Neuss.", by=by, user=user, now=NOW)
    page = client.get(f"{language}{page_of(row)}").content.decode()
    assert "Wir helfen nur in Neuss." in page


@pytest.mark.parametrize("token", ["A" * 32, "kurz", "ä" * 32])
def test_a_wrong_link_is_explained(client: Client, token: str) -> None:
    assert client.get(reverse("registration", args=[token])).status_code == 404


def test_a_link_whose_registration_is_gone_is_explained(client: Client) -> None:
    row = make_registration(state="unconfirmed")
    page = page_of(row)
    registrations.forget(NOW + registrations.UNCONFIRMED_KEPT)
    assert [client.get(page).status_code, client.post(page).status_code] == [410, 410]


# The office


def test_the_confirmed_stand_in_the_work_queue_the_oldest_first(office: Client) -> None:
    make_registration("Jünger", now=NOW - timedelta(hours=1))
    make_registration("Älter", now=NOW - timedelta(hours=2))
    make_registration("Noch nicht", state="unconfirmed")
    page = office.get("/koordination/").content.decode()
    listed = office.get(reverse("office:registrations")).content.decode()

    assert "Neue Einrichtung prüfen" in page
    assert page.index("Älter") < page.index("Jünger")
    assert ("Noch nicht" in page, "Noch nicht" in listed) == (False, True)


def test_approving_makes_house_account_and_manager(office: Client) -> None:
    row = make_registration("Praxis am Hafen", email="nora@praxis-hafen.example", language="en")
    office.post(reverse("office:approve_registration", args=[row.pk]))
    outbox.deliver_due()

    member = Member.objects.select_related("user", "institution").get()
    house, row = member.institution, Registration.objects.get()
    assert (house.name, house.state, house.mail_domain) == (
        "Praxis am Hafen",
        "approved",
        "praxis-hafen.example",
    )
    assert (member.is_manager, member.user.email, member.user.name) == (
        True,
        "nora@praxis-hafen.example",
        "Nora Neu",
    )
    assert (row.state, row.institution, row.decided_at) == ("approved", house, NOW)
    assert mail.outbox[-1].to == ["nora@praxis-hafen.example"]
    assert "/en/konto/login/code/" in mail.outbox[-1].body


def test_a_freemail_address_says_nothing_about_the_house(office: Client) -> None:
    row = make_registration(email="nora@gmx.de")
    office.post(reverse("office:approve_registration", args=[row.pk]))
    assert Institution.objects.get().mail_domain == ""


def test_joining_a_house_that_is_here_makes_a_plain_member(office: Client) -> None:
    manager = factories.make_member(manager=True)
    row = make_registration()
    address = reverse("office:approve_registration", args=[row.pk])
    office.post(address, {"institution": str(manager.institution_id)})

    newcomer = Member.objects.exclude(pk=manager.pk).get()
    assert (newcomer.institution, newcomer.is_manager) == (manager.institution, False)
    assert Institution.objects.count() == 1


@pytest.mark.parametrize("wrong", ["", "0", "x", "a\0b"])
def test_joining_nowhere_is_refused_with_a_sentence(office: Client, wrong: str) -> None:
    row = make_registration()
    response = office.post(reverse("office:approve_registration", args=[row.pk]), {"institution": wrong})
    assert (response.status_code, states()) == (422, ["confirmed"])


def test_a_house_of_the_same_name_is_not_made_twice(office: Client) -> None:
    house = factories.make_institution("Praxis am Hafen")
    row = make_registration("Praxis am Hafen")
    address = reverse("office:approve_registration", args=[row.pk])
    page = office.post(address, follow=True).content.decode()
    assert "gibt es schon" in page
    assert (states(), list(Institution.objects.all())) == (["confirmed"], [house])


def test_nobody_belongs_to_two_houses(office: Client) -> None:
    row = make_registration(email="nora@haus.example")
    factories.make_member(name="Nora")
    User.objects.filter(member__isnull=False).update(email="nora@haus.example")
    page = office.post(reverse("office:approve_registration", args=[row.pk]), follow=True).content.decode()
    assert "gehört schon zu einer Einrichtung" in page
    assert (states(), Institution.objects.count()) == (["confirmed"], 1)


def test_somebody_who_left_one_house_may_come_with_another(office: Client) -> None:
    former = factories.make_member(manager=True)
    former.left_on = NOW.date()
    former.save()
    row = make_registration(email=former.user.email)
    office.post(reverse("office:approve_registration", args=[row.pk]))

    former.refresh_from_db()
    assert (former.left_on, former.institution.name, former.is_manager) == (None, row.name, True)


def test_declining_needs_a_reason_that_no_mail_carries(office: Client) -> None:
    row = make_registration()
    address = reverse("office:decline_registration", args=[row.pk])
    assert office.post(address, {"reason": " "}).status_code == 422
    assert office.post(address, {"reason": "Wir helfen nur in Neuss."}).status_code == 302
    outbox.deliver_due()

    row.refresh_from_db()
    assert (row.state, row.reason) == ("declined", "Wir helfen nur in Neuss.")
    assert "nur in Neuss" not in str(mail.outbox[-1].message())
    assert page_of(row) in mail.outbox[-1].body


def test_a_decision_falls_once_and_a_wrong_click_is_not_for_ever(office: Client) -> None:
    row = make_registration()
    urls = {
        name: reverse(f"office:{name}_registration", args=[row.pk])
        for name in ("approve", "decline", "reconsider")
    }
    office.post(urls["decline"], {"reason": "Nein"})
    office.post(urls["approve"])
    assert (states(), Institution.objects.count()) == (["declined"], 0)
    office.post(urls["reconsider"])
    row.refresh_from_db()
    assert (row.state, row.reason, row.decided_at) == ("confirmed", "", None)
    office.post(urls["approve"])
    office.post(urls["decline"], {"reason": "Nein"})
    office.post(urls["reconsider"])
    assert states() == ["approved"]


def test_the_page_shows_what_may_be_the_same_house(office: Client) -> None:
    factories.make_institution("Klinik Nord", street="Andere Str. 1", mail_domain="klinik.example")
    factories.make_institution("KLINIK-NORD", street="Hafenstr. 5", postcode="41460")
    factories.make_institution("Etwas anderes", street="Weit weg 3")
    row = make_registration("Klinik Nord", email="neu@klinik.example")
    twin = make_registration("Klinik Nord", email="auch@anders.example")

    found = {like.institution.name: like.reasons for like in registrations.likenesses(row)}
    assert found == {
        "KLINIK-NORD": ("gleicher Name", "gleiche Adresse"),
        "Klinik Nord": ("gleicher Name", "gleiche Mail-Domain"),
    }
    assert registrations.sisters(row) == [twin]
    page = office.get(reverse("office:registration", args=[row.pk])).content.decode()
    assert page.count("Person dort aufnehmen") == 2


# The database, and what is not kept


@pytest.mark.parametrize("state", ["approved", "declined", "unconfirmed", "nonsense"])
def test_no_update_gets_past_the_moves(state: str) -> None:
    row = make_registration(state="confirmed" if state == "unconfirmed" else "unconfirmed")
    values: dict[str, Any] = {"state": state, "confirmed_at": NOW, "decided_at": NOW}
    with pytest.raises(Exception, match=r"transition|registration_state|Invalid"), transaction.atomic():
        Registration.objects.filter(pk=row.pk).update(**values)


def test_a_decision_without_its_moment_is_no_decision() -> None:
    row = make_registration()
    with pytest.raises(IntegrityError, match="registration_decided_at_a_time"), transaction.atomic():
        Registration.objects.filter(pk=row.pk).update(state="declined")


def test_what_is_not_confirmed_or_long_decided_is_forgotten() -> None:
    coordinator = factories.make_coordinator()
    make_registration("Nie bestätigt", state="unconfirmed")
    make_registration("Wartet")
    declined = make_registration("Abgelehnt")
    registrations.decline(declined.pk, reason="Nein", by=Actor.office(coordinator), user=coordinator, now=NOW)
    assert registrations.forget(NOW + timedelta(days=6, hours=23)) == 0
    assert registrations.forget(NOW + timedelta(days=7)) == 1
    assert registrations.forget(NOW + timedelta(days=90)) == 1
    assert [row.name for row in Registration.objects.all()] == ["Wartet"]
    assert registrations.forget in [rule.erase for rule in privacy.rules()]


def test_a_mail_that_nobody_needs_any_more_is_dropped() -> None:
    row = make_registration(state="unconfirmed")
    registrations.confirm(row.pk, now=NOW)
    outbox.deliver_due()
    assert [(m.name, m.state) for m in OutgoingMail.objects.all()] == [("confirm_registration", "dropped")]


def test_contact_data_are_not_stored_in_clear() -> None:
    make_registration(contact_name="Quendolin Zapf", email="quendolin@zapf.example", message="Wiedehopf")
    row = Registration.objects.raw("select id, t::text as dump from requests_app_registration t")[0]
    dump = row.dump  # type: ignore[attr-defined]
    assert [word for word in ("Quendolin", "quendolin", "Wiedehopf", "555 88") if word in dump] == []


def test_refusals_are_sentences() -> None:
    with pytest.raises(workflow.NotPossible, match="gibt es nicht mehr"):
        registrations.confirm(10**9, now=NOW)
