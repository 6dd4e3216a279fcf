"""What a migrant asks without an institution: filed once, the office looks first, mails by secret link."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import translation

from lotsen_portal import outbox
from lotsen_portal.audit import NEWCOMER, Actor
from lotsen_portal.models import AccessLog, Link, LogEntry, OutgoingMail, Purpose
from requests_app import mails, workflow
from requests_app.models import AssistanceRequest, Origin
from requests_app.workflow import Draft
from tests import factories
from tests.factories import NOW, make_own_request, make_volunteer

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=3)


@pytest.fixture
def office() -> Actor:
    return Actor.office(factories.make_coordinator())


def written(name: str) -> outbox.Message:
    """The latest mail of this name, as it would leave now."""
    row = OutgoingMail.objects.filter(function__endswith=f".{name}").latest("pk")
    message = outbox.written(row, LATER)
    assert message is not None
    return message


def agreed(assistance: AssistanceRequest, office: Actor) -> None:
    workflow.approve(assistance.pk, by=office, now=NOW)
    factories.make_agreed(assistance, make_volunteer("Samira Haddad"))


def test_the_office_looks_first_and_then_it_takes_the_ordinary_road(office: Actor) -> None:
    assistance = make_own_request()
    entry = LogEntry.objects.get(kind="assistance", action="submit")

    assert (assistance.state, assistance.origin, assistance.consent_language) == ("new", Origin.SELF, "ar")
    assert (entry.actor_kind, entry.actor_number) == ("client", assistance.pk)
    agreed(assistance, office)
    assert assistance.state == "confirmed"


def test_who_files_is_written_as_the_origin() -> None:
    coordinator = factories.make_coordinator()
    draft = Draft(
        topic=factories.make_topic(),
        languages=(factories.make_language(),),
        district=factories.make_district(),
        minutes=60,
        client_email="amina@example.org",
    )
    noted = workflow.submit(draft, by=Actor.office(coordinator), institution=None, filed_by=None, now=NOW)

    assert noted.origin == Origin.OFFICE
    assert factories.make_assistance().origin == Origin.INSTITUTION
    assert mails.requester_address(noted) == "amina@example.org"
    assert mails.requester_language(noted) == "de"
    assert mails.status_token(noted)


def test_the_same_form_sent_twice_files_one_request() -> None:
    key = uuid4()
    draft = Draft(
        topic=factories.make_topic(),
        languages=(factories.make_language(),),
        district=factories.make_district(),
        minutes=60,
        wants_call=True,
    )
    first, second = (
        workflow.submit(draft, by=NEWCOMER, institution=None, filed_by=None, now=NOW, key=key)
        for _time in range(2)
    )

    assert first == second
    assert AssistanceRequest.objects.count() == 1


def test_a_call_is_wanted_only_without_a_time() -> None:
    assistance = make_own_request()
    with pytest.raises(IntegrityError, match="call_wanted_while_without_a_time"), transaction.atomic():
        AssistanceRequest.objects.filter(pk=assistance.pk).update(wants_call=True)


def test_a_self_request_belongs_to_no_institution() -> None:
    assistance = make_own_request()
    house = factories.make_institution()
    with pytest.raises(IntegrityError, match="self_request_is_nobody_elses"), transaction.atomic():
        AssistanceRequest.objects.filter(pk=assistance.pk).update(institution=house)


def test_mails_go_to_the_person_in_the_language_asked_in_with_the_secret_link() -> None:
    assistance = make_own_request(client_language="en")
    row = OutgoingMail.objects.get()

    assert (row.recipient, row.language, row.state) == ("amina@example.org", "en", "waiting")
    token = mails.status_token(assistance)
    assert f"/en/anfragen/{token}/" in written("acknowledge_request").text


def test_without_an_address_the_office_phones() -> None:
    make_own_request(client_email="")
    assert OutgoingMail.objects.get().state == "phone"


def test_the_mail_about_a_wanted_call_says_that_the_office_phones() -> None:
    make_own_request(wants_call=True, call_times=("morning", "evening"), client_language="de")
    text = written("acknowledge_request").text

    assert "Wir rufen Sie an." in text
    assert "vormittags, abends" in text
    assert "Dauer" not in text


def test_the_mail_that_somebody_comes_names_no_client_and_no_place(office: Actor) -> None:
    assistance = make_own_request(client_language="de")
    agreed(assistance, office)
    message = written("tell_confirmed")

    assert "Samira Haddad hat zugesagt" in message.text
    assert message.calendar is not None
    everything = f"{message.text} {message.html} {message.calendar.content}"
    assert [word for word in ("Amina", "Nebenweg", "555 77", "Einrichtung") if word in everything] == []


def test_the_volunteers_mail_names_neither_place_nor_person(office: Actor) -> None:
    assistance = make_own_request()
    agreed(assistance, office)
    message = written("confirm_volunteer")
    everything = f"{message.text} {message.html} {message.calendar and message.calendar.content}"

    assert "Einsatz" in everything
    assert [word for word in ("Amina", "Nebenweg", "555 77") if word in everything] == []


@pytest.mark.parametrize("deed", ["cancel", "give_up", "reject"])
def test_each_ending_is_told_in_plain_words(office: Actor, deed: str) -> None:
    assistance = make_own_request(client_language="de")
    if deed == "reject":
        workflow.reject(assistance.pk, rule="therapy", reason="Zu viel", by=office, now=NOW)
    else:
        workflow.approve(assistance.pk, by=office, now=NOW)
        getattr(workflow, deed)(assistance.pk, reason="Zu viel", by=office, now=NOW)
    names = {"cancel": "tell_cancelled", "give_up": "tell_unfilled", "reject": "tell_rejected"}
    message = written(names[deed])

    assert f"/anfragen/{mails.status_token(assistance)}/" in message.text
    assert "Einrichtung" not in message.text
    assert "Zu viel" not in message.text


def test_the_link_is_made_once() -> None:
    assistance = make_own_request()
    mails.make_status_link(assistance, now=LATER)
    link = Link.objects.get(purpose=Purpose.STATUS)

    assert (link.subject, link.holder) == (assistance.pk, assistance.pk)


def test_a_new_time_ends_the_wish_to_be_called(office: Actor) -> None:
    assistance = make_own_request(wants_call=True, call_times=("morning",), client_language="de")
    new = workflow.Change(
        period=factories.period(),
        mode="on_site",
        district=assistance.district,
        place="Rathaus",
        languages=(factories.make_language(),),
    )
    changed = workflow.change(assistance.pk, new, version=1, by=office, now=NOW)

    assert (changed.wants_call, changed.period) == (False, new.period)
    with translation.override("de"):
        assert "Termin" in written("tell_changed").text


# What the office reads


@pytest.fixture
def desk(client: Client, at: Callable[[str], datetime]) -> Client:
    at("2026-11-23 10:00")
    client.force_login(factories.make_coordinator())
    return client


def test_the_offices_page_says_who_asked_and_how_the_person_hears(desk: Client) -> None:
    assistance = make_own_request()
    page = desk.get(f"/koordination/anfragen/{assistance.reference}/").content.decode()
    wanted = ("Die Person hat selbst angefragt", "per E-Mail, Sprache: العربية", "Fassung 1, gelesen in der")

    assert [words for words in wanted if words not in page] == []
    assert [words for words in ("Amina", "amina@") if words in page] == []
    details = desk.get(f"/koordination/anfragen/{assistance.reference}/vertraulich/").content.decode()
    assert "amina@example.org" in details


def test_the_offices_page_says_that_somebody_wants_a_call(desk: Client, office: Actor) -> None:
    assistance = make_own_request(wants_call=True, call_times=("evening",))
    workflow.approve(assistance.pk, by=office, now=NOW)
    page = desk.get(f"/koordination/anfragen/{assistance.reference}/").content.decode()

    assert "Bittet um einen Anruf" in page
    assert "Am liebsten: abends." in page


def test_the_list_says_who_asked_alone(desk: Client) -> None:
    make_own_request()
    assert "selbst angefragt" in desk.get("/koordination/anfragen/").content.decode()


def test_whom_to_phone_leads_to_the_number_and_does_not_name_the_person(desk: Client) -> None:
    assistance = make_own_request(client_email="")
    page = desk.get("/koordination/").content.decode()

    assert "Die Person, die Hilfe braucht" in page
    assert assistance.client_phone in page
    assert list(AccessLog.objects.values_list("number", "what")) == [(assistance.pk, "phone")]
    assert f"/koordination/anfragen/{assistance.reference}/vertraulich/" in page
    assert "Amina" not in page


# Who acts by the link of one request


@pytest.mark.parametrize("verb", ["cancel", "withdraw_consent", "want_call", "change"])
def test_the_link_of_one_request_does_nothing_to_another(verb: str) -> None:
    own, other = make_own_request(), make_own_request()
    stranger = Actor.client(own.pk)
    new = workflow.Change(
        period=factories.period("2026-12-10"),
        mode="on_site",
        district=other.district,
        place="Rathaus",
        languages=(factories.make_language(),),
    )
    deeds: dict[str, Callable[[], object]] = {
        "cancel": lambda: workflow.cancel(other.pk, reason="Nein", by=stranger, now=LATER),
        "withdraw_consent": lambda: workflow.withdraw_consent(other.pk, by=stranger, now=LATER),
        "want_call": lambda: workflow.want_call(other.pk, call_times=["morning"], by=stranger, now=LATER),
        "change": lambda: workflow.change(other.pk, new, version=other.version, by=stranger, now=LATER),
    }
    with pytest.raises(workflow.NotPossible):
        deeds[verb]()

    assert AssistanceRequest.objects.get(pk=other.pk).state == other.state
