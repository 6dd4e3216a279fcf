"""Coming on board: the public form, the confirmed address, the office's board, the first day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from lotsen_portal import outbox, privacy
from lotsen_portal.audit import Actor
from lotsen_portal.models import LogEntry, OutgoingMail, User
from lotsen_portal.verbs import NotPossible
from requests_app import undelivered
from tests import factories
from tests.factories import NOW, make_applicant
from volunteers import mails, matters
from volunteers.application_states import APPLICATION_MOVES, ApplicationState
from volunteers.models import Application, ApplicationNote, SpeakerCard, Volunteer
from volunteers.recruitment import applications

pytestmark = pytest.mark.django_db

FORM = reverse("become_volunteer")
BOARD = "/koordination/bewerbungen/"


@pytest.fixture(autouse=True)
def monday(at: Callable[[str], datetime]) -> None:
    at("2026-11-23 09:00")


@pytest.fixture
def office(client: Client) -> User:
    """A coordinator, signed in."""
    user = factories.make_coordinator()
    client.force_login(user)
    return user


def filled(**changes: Any) -> dict[str, Any]:
    """A form that is valid, with changes."""
    factories.make_language("ar")
    factories.make_language("tr")
    topic = factories.make_topic("gesundheit")
    return {
        "name": "Mina Muster", "email": "Mina@Example.org", "phone": "", "german": "c1",
        "tongue_1": "ar", "level_1": "4", "tongue_2": "tr", "level_2": "2",
        "topics": [topic.slug], "times": ["0v", "0n", "2a"], "why": "Mir hat auch jemand geholfen.",
        **changes,
    }  # fmt: skip


def page_of(row: Application) -> str:
    return reverse("application", args=[mails.application_token(row)])


def test_somebody_walks_the_whole_road_from_the_form_to_the_first_day(client: Client, office: User) -> None:
    assert Client().post(FORM, filled()).url == reverse("application_sent")  # type: ignore[attr-defined]
    row = Application.objects.get()
    assert (row.state, row.email, row.availability[:3]) == (
        "unconfirmed",
        "mina@example.org",
        [2**20 - 1, 0, 1023 << 20],
    )
    outbox.deliver_due()
    page = page_of(row)
    assert page in mail.outbox[0].body
    assert "Mina" not in mail.outbox[0].body
    assert "Stimmt das so?" in Client().get(page).content.decode()
    assert Application.objects.get().state == "unconfirmed"
    Client().post(page)
    assert "Danke, Ihre Bewerbung ist da" in Client().get(page).content.decode()

    address = f"{BOARD}{row.pk}/"
    assert "Mina Muster" in client.get(BOARD).content.decode()
    client.post(address, {"text": "Freundlich am Telefon."})
    client.post(f"{address}zustaendig/", {"wer": "ich"})
    preview = client.get(f"{address}gespraech/").content.decode()
    assert "Wir möchten Sie gern kennenlernen" in preview
    for day, begin in (
        ("9999-12-31", "23:59"),
        ("0001-01-01", "00:00"),
        ("2026-11-26", ""),
        ("2026-11-20", "9:00"),
    ):
        assert client.post(f"{address}gespraech/", {"day": day, "begin": begin}).status_code == 422
    assert mails.application_token(row) not in preview
    client.post(f"{address}gespraech/", {"day": "2026-11-26", "begin": "10:30"})
    assert "Donnerstag, 26. November 2026, 10:30" in Client().get(page).content.decode()
    client.post(f"{address}unterlagen/")
    person = Volunteer.objects.get()
    assert (person.state, person.name, person.email) == ("applicant", "Mina Muster", "mina@example.org")
    assert dict(person.languages.values_list("language__code", "level")) == {"ar": 4, "tr": 2}
    assert "Verschwiegenheitserklärung" in Client().get(page).content.decode()
    client.post(f"{address}schulung/")
    refused = client.post(f"{address}aktiv/")
    assert (refused.status_code, "Verschwiegenheitserklärung" in refused.content.decode()) == (422, True)
    Volunteer.objects.update(undertaking_on="2026-11-20")
    client.post(f"{address}aktiv/")

    row.refresh_from_db()
    person.refresh_from_db()
    assert (row.state, person.state, row.responsible) == ("active", "active", office)
    assert (person.user.email, person.user.name) == ("mina@example.org", "Mina Muster")  # type: ignore[union-attr]
    assert SpeakerCard.objects.filter(volunteer=person, language__code="ar", level=4).exists()
    outbox.deliver_due()
    assert [letter.subject for letter in mail.outbox] == [
        "Bitte bestätigen Sie Ihre Bewerbung", "Willkommen bei den Integrationslotsen",
    ]  # fmt: skip
    assert [*LogEntry.objects.filter(kind="application").order_by("pk").values_list("action", flat=True)] == [
        "submit", "confirm", "note", "take_charge", "interview", "ask_papers", "train", "finish",
    ]  # fmt: skip


def test_the_form_says_beside_each_field_what_is_wrong_and_keeps_what_was_typed(client: Client) -> None:
    wrong = filled(email="", phone="", german="less", tongue_2="ar", why="x" * 3000, times=["9z"])
    answer = client.post(FORM, wrong)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"email", "german", "tongue_2", "why", "times"}
    assert 'value="Mina Muster"' in text
    assert client.post(FORM, filled(name="a\0b", district="x")).status_code == 422
    assert Application.objects.count() == 0


def test_a_machine_files_nothing_and_sees_the_same(client: Client) -> None:
    assert client.post(FORM, filled(homepage="x")).url == reverse("application_sent")  # type: ignore[attr-defined]
    assert Application.objects.count() == 0


def test_a_stranger_cannot_flood_an_address_or_learn_that_it_is_known() -> None:
    for _five in range(5):
        applications.submit(factories.make_interest(email="opfer@example.org"), now=NOW)
    assert Application.objects.count() == applications.MAILS_A_DAY
    make_applicant(email="mina@example.org")
    for _twice in range(2):
        applications.submit(factories.make_interest(email="mina@example.org"), now=NOW)
    assert Application.objects.count() == applications.MAILS_A_DAY + 1
    assert OutgoingMail.objects.filter(key__startswith="tell_known_applicant:").count() == 1


def test_whoever_has_no_address_is_phoned_by_the_office(client: Client, office: User) -> None:
    answer = Client().post(FORM, filled(email="", phone="02131 12345"))
    row = Application.objects.get()
    assert (answer.url, row.state) == (reverse("application_noted"), "received")  # type: ignore[attr-defined]
    assert "Das sagen Sie am Telefon" in client.get(f"{BOARD}{row.pk}/unterlagen/").content.decode()
    client.post(f"{BOARD}{row.pk}/gespraech/")
    calls, _dead = undelivered.piles(now=NOW)
    assert [(call.name, call.phone, call.subject) for call in calls.mails] == [
        ("Mina Muster", "02131 12345", "Einladung zum Gespräch")
    ]
    assert "Zur Bewerbung" in client.get("/koordination/").content.decode()


def test_a_decline_names_its_reason_behind_the_link_only_and_can_be_taken_back(
    client: Client, office: User
) -> None:
    row = make_applicant("papers", email="mina@example.org")
    address, page = f"{BOARD}{row.pk}/", page_of(row)
    assert client.post(f"{address}ablehnen/", {"reason": ""}).status_code == 422
    client.post(f"{address}ablehnen/", {"reason": "Zu wenig Zeit für Schulungen."})
    outbox.deliver_due()
    assert "Zu wenig Zeit" not in mail.outbox[-1].body
    assert "Zu wenig Zeit für Schulungen." in Client().get(page).content.decode()
    assert Volunteer.objects.get().state == "left"
    client.post(f"{address}doch/")
    client.post(f"{address}unterlagen/")
    row.refresh_from_db()
    assert (row.state, Volunteer.objects.get().state) == ("papers", "applicant")


def test_somebody_takes_the_application_back_by_the_link_and_not_by_looking(client: Client) -> None:
    row = make_applicant("training")
    page = page_of(row)
    assert "wirklich zurückziehen" in client.get(f"{page}zurueckziehen/").content.decode()
    assert Application.objects.get().state == "training"
    client.post(f"{page}zurueckziehen/")
    assert (Application.objects.get().state, Volunteer.objects.get().state) == ("withdrawn", "left")
    assert client.post(f"{page}zurueckziehen/").url == page  # type: ignore[attr-defined]
    assert client.get("/lotse-werden/unsinn/").status_code == 404


def test_what_nobody_touched_for_a_week_stands_in_the_work_queue(client: Client, office: User) -> None:
    fresh, old = make_applicant(name="Frieda Frisch"), make_applicant("interview", name="Otto Alt")
    make_applicant("waiting")
    by = Actor.office(office)
    assert [(row.who, row.step) for row in matters.heaps(now=NOW)[0].rows] == [
        ("Frieda Frisch", "Neu: bitte ansehen.")
    ]
    client.get(f"{BOARD}{fresh.pk}/")
    assert matters.heaps(now=NOW) == []
    week = NOW + matters.UNTOUCHED
    assert {row.who for row in matters.heaps(now=week)[0].rows} == {"Frieda Frisch", "Otto Alt"}
    applications.put_off(old.pk, by=by, now=week)
    applications.note(fresh.pk, text="Ruft zurück", author=office, by=by, now=week)
    assert matters.heaps(now=week) == []
    assert matters.heaps(now=NOW + matters.WAITING_LOOKED_AT)[0].total == 3


def test_the_rule_erases_what_is_over_with_links_notes_and_a_person_who_never_helped() -> None:
    kept = make_applicant("papers")
    for state in ("unconfirmed", "declined", "withdrawn"):
        row = make_applicant(state)
        ApplicationNote.objects.create(application=row, text="Geheim", written_at=NOW)
    gone = make_applicant("training")
    applications.withdraw(gone.pk, by=Actor.client(gone.pk), now=NOW)
    privacy.erase_expired(NOW + timedelta(days=89))
    assert Application.objects.count() == 4
    privacy.erase_expired(NOW + timedelta(days=90))
    assert [*Application.objects.all()] == [kept]
    assert ([*Volunteer.objects.all()], ApplicationNote.objects.count()) == ([kept.volunteer], 0)
    assert mails.application_token(gone) == ""
    assert set(
        OutgoingMail.objects.exclude(ids__application=kept.pk).values_list("recipient", flat=True)
    ) <= {""}


def test_the_database_refuses_what_no_verb_does() -> None:
    row = make_applicant()
    allowed = {(str(a), str(to)) for froms, to, _who in APPLICATION_MOVES.values() for a in froms}
    assert ("received", "active") not in allowed
    with pytest.raises(Exception, match=r"(?i)transition"), transaction.atomic():
        Application.objects.filter(pk=row.pk).update(state="active")
    for wrong in ({"email": "", "phone": ""}, {"ended_at": NOW}, {"confirmed_at": None}, {"german": "a1"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Application.objects.filter(pk=row.pk).update(**wrong)
    with pytest.raises(NotPossible):
        applications.activate(row.pk, by=Actor.office(factories.make_coordinator()), now=NOW)
    with pytest.raises(NotPossible):
        applications.withdraw(row.pk, by=Actor.client(row.pk + 1), now=NOW)


def test_every_stage_has_words_for_both_sides(client: Client, office: User) -> None:
    for state in ApplicationState:
        row = make_applicant(state.value)
        assert client.get(f"{BOARD}{row.pk}/").status_code == 200
        assert "lp-state" in Client().get(page_of(row)).content.decode()
        assert client.get(f"{BOARD}?stand={state.value}").status_code == 200
    outbox.deliver_due()
    assert OutgoingMail.objects.filter(state="dead").count() == 0


def test_nothing_that_names_an_applicant_is_stored_in_clear(client: Client, office: User) -> None:
    secrets = [
        "Quendolin",
        "quendolin@",
        "0157 33445",
        "Grund Nachtigall",
        "Notiz Wiedehopf",
        "Papageientaucher",
    ]
    row = make_applicant(
        "interview",
        name="Quendolin",
        email="quendolin@zapfen.example",
        phone="0157 33445",
        why="Papageientaucher",
    )
    client.post(f"{BOARD}{row.pk}/", {"text": "Notiz Wiedehopf"})
    client.post(f"{BOARD}{row.pk}/ablehnen/", {"reason": "Grund Nachtigall"})
    with connection.cursor() as cursor:
        dumps = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'select coalesce(string_agg(t::text, chr(10)), $$$$) from "{table}" t')
            dumps.append(cursor.fetchone()[0])
    assert [secret for secret in secrets if secret in "".join(dumps)] == []
