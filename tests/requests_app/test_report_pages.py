"""The page on which each side tells how it went: by the mailed link and from their own pages."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from lotsen_portal import links
from lotsen_portal.audit import Actor
from lotsen_portal.models import Purpose
from requests_app import mails, privacy, tasks, workflow
from requests_app.models import AssistanceRequest, Report
from tests import factories
from tests.factories import make_agreed, make_assistance, make_volunteer

pytestmark = pytest.mark.django_db

SECRET = {
    "concern": "MARKANLIEGEN",
    "client_reference": "MARKZEICHEN",
    "client_name": "MARKNAME",
    "client_phone": "0211 666 777",
    "client_address": "MARKADRESSE",
    "client_notes": "MARKHINWEIS",
    "place": "MARKORT",
}


@pytest.fixture
def member():
    return factories.make_member(factories.make_institution("Klinik Nord"), name="Martin Meier")


@pytest.fixture
def agreed(member, at):
    """Over since half an hour, and both sides were asked."""
    volunteer = make_volunteer("Samira Haddad", user=factories.make_user("Samira Haddad"))
    agreed = make_agreed(make_assistance(by=member, **SECRET), volunteer)
    at("2026-12-08 11:30")
    tasks.follow_up()
    return agreed


@pytest.fixture
def pages(agreed):
    return {
        "volunteer": f"/lotse/bericht/{mails.report_token(Purpose.REPORT, agreed)}/",
        "requester": f"/rueckmeldung/{mails.report_token(Purpose.FEEDBACK, agreed)}/",
    }


def text_of(response) -> str:
    body = re.sub(r"<(script|style).*?</\1>", "", response.content.decode(), flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def state() -> str:
    return AssistanceRequest.objects.get().state


both = pytest.mark.parametrize("side", ["volunteer", "requester"])


@both
def test_looking_changes_nothing_and_tells_nothing_of_the_client(client, pages, side):
    for method in (client.get, client.head):
        response = method(pages[side])
        assert response.status_code == 200
    page = client.get(pages[side])
    assert "Wie war der Termin?" in text_of(page)
    assert "MARK" not in page.content.decode()
    assert "0211" not in page.content.decode()
    assert (page["Cache-Control"], page["Referrer-Policy"]) == ("no-store, private", "strict-origin")
    assert Report.objects.count() == 0


@both
def test_one_button_for_each_outcome_and_the_planned_minutes(client, pages, side):
    page = client.get(pages[side]).content.decode()
    assert re.findall(r'name="outcome" value="(\w+)"', page) == [
        "took_place",
        "client_absent",
        "lotse_absent",
        "cancelled_late",
        "other",
    ]
    assert re.search(r'name="minutes" value="60"', page)
    assert ('name="note"' in page, 'name="wants_call"' in page) == (side == "requester", side == "volunteer")


def test_a_migrant_reads_other_words_and_is_asked_for_no_text(client, pages, agreed):
    AssistanceRequest.objects.update(institution=None, filed_by=None)
    page = client.get(pages["requester"])
    assert "Ich war nicht da" in text_of(page)
    assert 'name="note"' not in page.content.decode()
    client.post(pages["requester"], {"outcome": "client_absent", "minutes": "60"})
    assert list(Report.objects.values_list("side", "outcome")) == [("requester", "client_absent")]


def test_both_sides_by_mail_and_the_request_is_done(client, pages):
    first = client.post(
        pages["volunteer"], {"outcome": "took_place", "minutes": "75", "wants_call": "on"}, follow=True
    )
    assert "Ihre Rückmeldung ist da: Hat stattgefunden , 75 Minuten." in text_of(first)
    assert "Wir rufen Sie bald an." in text_of(first)
    second = client.post(
        pages["requester"], {"outcome": "took_place", "minutes": "60", "note": "Sehr gut"}, follow=True
    )
    assert "Alles erledigt. Vielen Dank!" in text_of(second)
    assert state() == "done"
    assert list(Report.objects.order_by("pk").values_list("side", "minutes", "note", "wants_call")) == [
        ("volunteer", 75, "", True),
        ("requester", 60, "Sehr gut", False),
    ]
    assert "Alles erledigt" in text_of(client.get(pages["volunteer"]))


def test_a_report_can_be_corrected_until_it_is_settled(client, pages):
    client.post(pages["requester"], {"outcome": "took_place", "minutes": "60", "note": "Sehr gut"})
    page = client.get(pages["requester"])
    assert "Rückmeldung ändern" in text_of(page)
    assert "Sehr gut" in page.content.decode()
    client.post(pages["requester"], {"outcome": "lotse_absent", "minutes": "", "note": ""})
    assert list(Report.objects.values_list("outcome", "minutes", "note")) == [("lotse_absent", None, "")]
    client.post(pages["volunteer"], {"outcome": "lotse_absent", "minutes": "60"})
    assert state() == "done"
    late = client.post(pages["requester"], {"outcome": "other", "minutes": "60"})
    assert (late.status_code, "Alles erledigt" in text_of(late)) == (409, True)
    assert Report.objects.get(side="requester").outcome == "lotse_absent"


def test_pressing_twice_is_pressing_once(client, pages):
    client.post(pages["requester"], {"outcome": "took_place", "minutes": "60"})
    for _twice in range(2):
        response = client.post(pages["volunteer"], {"outcome": "took_place", "minutes": "60"})
        assert response.status_code == 302
    assert state() == "done"


@pytest.mark.parametrize("minutes", ["", "0", "-5", "1441", "eine Stunde", "6\0", "9" * 40, "1e3", "<b>"])
def test_a_wrong_duration_stands_beside_its_field_and_nothing_is_lost(client, pages, minutes):
    page = client.post(pages["requester"], {"outcome": "took_place", "minutes": minutes, "note": "Sehr gut"})
    assert page.status_code == 422
    assert "Bitte geben Sie die Dauer in Minuten an, zum Beispiel 60." in text_of(page)
    assert "Sehr gut" in page.content.decode()
    assert Report.objects.count() == 0


def test_digits_of_other_scripts_are_digits(client, pages):
    client.post(pages["volunteer"], {"outcome": "took_place", "minutes": "\u0667\u0665"})
    assert Report.objects.get().minutes == 75


def test_without_an_appointment_the_duration_does_not_matter(client, pages):
    response = client.post(pages["volunteer"], {"outcome": "client_absent", "minutes": "keine"})
    assert response.status_code == 302
    assert Report.objects.get().minutes is None


@pytest.mark.parametrize("outcome", ["", "done", "took_place\0", "x" * 10_000])
def test_a_button_that_is_none_of_ours_is_asked_again(client, pages, outcome):
    page = client.post(pages["requester"], {"outcome": outcome, "minutes": "60"})
    assert page.status_code == 422
    assert "Bitte wählen Sie, wie der Termin war." in text_of(page)


@pytest.mark.parametrize("note", ["x" * 10_000, "Nul\0", "<script>alert(1)</script>" * 60])
def test_a_note_that_cannot_be_kept_is_not_lost(client, pages, note):
    page = client.post(pages["requester"], {"outcome": "took_place", "minutes": "60", "note": note})
    assert page.status_code == 422
    assert "<script>alert" not in page.content.decode()
    assert Report.objects.count() == 0


@pytest.mark.parametrize("note", ["😀 gut", "\u05e9\u05dc\u05d5\u05dd \u200f", "<b>fett</b>", "a\r\nb"])
def test_a_note_of_any_script_is_kept_encrypted(client, pages, note):
    client.post(pages["requester"], {"outcome": "took_place", "minutes": "60", "note": note})
    assert Report.objects.get().note == note.replace("\r\n", "\n").strip()
    with connection.cursor() as cursor:
        cursor.execute("select note from requests_app_report")
        assert note not in cursor.fetchone()[0]


# Kind pages


def test_a_link_that_is_none_of_ours_says_so(client):
    for path in (f"/lotse/bericht/{'A' * 32}/", f"/rueckmeldung/{'A' * 32}/"):
        page = client.get(path)
        assert (page.status_code, "Diesen Link kennen wir nicht" in text_of(page)) == (404, True)


def test_a_link_opens_nothing_of_the_other_side(client, pages):
    token = pages["volunteer"].split("/")[3]
    assert client.get(f"/rueckmeldung/{token}/").status_code == 404
    token = pages["requester"].split("/")[2]
    assert client.get(f"/lotse/bericht/{token}/").status_code == 404


@both
def test_an_old_link_says_that_it_is_over(client, pages, side, at):
    at("2027-01-07 11:00")
    page = client.get(pages[side])
    assert (page.status_code, "Dieser Link ist abgelaufen" in text_of(page)) == (410, True)


@both
def test_the_link_of_an_erased_request_explains_itself(client, pages, agreed, side):
    for model in (Report, type(agreed)):
        model.objects.all().delete()
    page = client.get(pages[side])
    assert (page.status_code, "Dieser Link gilt nicht mehr" in text_of(page)) == (410, True)


@both
@pytest.mark.parametrize(
    ("end", "status", "words"),
    [
        ("cancel", 410, "Dieser Termin gilt nicht mehr"),
        ("finish", 200, "Das Integrationsamt hat die Anfrage schon abgeschlossen."),
    ],
)
def test_what_the_office_ended_says_so_and_takes_no_report(
    client, pages, agreed, side, end, status, words, at
):
    by, now = Actor.office(factories.make_coordinator()), at("2026-12-08 12:00")
    more = {"cancel": {"reason": "x"}, "finish": {"outcome": "took_place", "minutes": 60}}[end]
    getattr(workflow, end)(agreed.assistance_id, by=by, now=now, **more)
    page = client.get(pages[side])
    assert (page.status_code, words in text_of(page)) == (status, True)
    refused = client.post(pages[side], {"outcome": "other", "minutes": "60"})
    assert (refused.status_code, words in text_of(refused)) == (409, True)


@both
def test_too_early_is_no_error(client, pages, side, at):
    at("2026-12-08 09:59")
    assert "Der Termin hat noch nicht begonnen" in text_of(client.get(pages[side]))
    assert client.post(pages[side], {"outcome": "took_place", "minutes": "60"}).status_code == 409


def test_whoever_guesses_gets_a_pause(client):
    codes = {client.get(f"/rueckmeldung/{number:032}/").status_code for number in range(31)}
    assert codes == {404, 429}


# From the own pages


def test_a_lotse_tells_from_the_own_pages(client, agreed):
    client.force_login(agreed.volunteer.user)
    home = client.get("/lotse/")
    assert f"/lotse/einsatz/{agreed.pk}/bericht/" in home.content.decode()
    appointment = client.get(f"/lotse/einsatz/{agreed.pk}/")
    assert 'name="outcome"' in appointment.content.decode()
    client.post(f"/lotse/einsatz/{agreed.pk}/bericht/", {"outcome": "took_place", "minutes": "50"})
    assert list(Report.objects.values_list("side", "minutes")) == [("volunteer", 50)]
    assert "Wie war es?" not in text_of(client.get("/lotse/"))


def test_a_colleague_tells_from_the_page_of_the_request(client, member, agreed):
    colleague = factories.make_member(member.institution)
    client.force_login(colleague.user)
    page = f"/einrichtung/anfragen/{agreed.assistance.reference}/"
    assert 'name="outcome"' in client.get(page).content.decode()
    client.post(f"{page}rueckmeldung/", {"outcome": "took_place", "minutes": "60", "note": "Gut"})
    assert list(Report.objects.values_list("side", "note")) == [("requester", "Gut")]
    assert "Ihre Rückmeldung ist da: Hat stattgefunden" in text_of(client.get(page))


def test_strangers_tell_nothing(client, agreed):
    client.force_login(factories.make_member().user)
    path = f"/einrichtung/anfragen/{agreed.assistance.reference}/rueckmeldung/"
    assert client.post(path, {"outcome": "other", "minutes": "1"}).status_code == 404
    client.force_login(make_volunteer(user=factories.make_user()).user)
    path = f"/lotse/einsatz/{agreed.pk}/bericht/"
    assert client.post(path, {"outcome": "other", "minutes": "1"}).status_code == 404


# What the office sees


def test_the_office_sees_both_and_decides_with_one_click(pages, agreed):
    stranger, desk = Client(), Client()
    stranger.post(pages["volunteer"], {"outcome": "client_absent", "minutes": "60"})
    stranger.post(pages["requester"], {"outcome": "took_place", "minutes": "45", "note": "War gut"})
    desk.force_login(factories.make_coordinator())
    queue = desk.get("/koordination/")
    assert "Rückmeldungen widersprechen sich" in text_of(queue)
    reference = agreed.assistance.reference
    page = text_of(desk.get(f"/koordination/anfragen/{reference}/"))
    assert "Anfragende Seite: hat stattgefunden , 45 Minuten" in page
    assert "War gut" in page
    decided = desk.post(
        f"/koordination/anfragen/{reference}/erledigt/",
        {"outcome": "client_absent", "minutes": "45", "next": "/koordination/"},
    )
    assert (decided.status_code, decided["Location"], state()) == (302, "/koordination/", "done")
    assert "Das Integrationsamt hat die Anfrage schon abgeschlossen." in text_of(
        stranger.get(pages["requester"])
    )


def test_a_wish_for_a_call_waits_in_the_queue(pages, agreed):
    Client().post(pages["volunteer"], {"outcome": "took_place", "minutes": "60", "wants_call": "on"})
    desk = Client()
    desk.force_login(factories.make_coordinator())
    assert "Bittet nach dem Einsatz um Anruf" in text_of(desk.get("/koordination/"))
    desk.post(f"/koordination/einsaetze/{agreed.pk}/angerufen/")
    assert "Bittet nach dem Einsatz um Anruf" not in text_of(desk.get("/koordination/"))


def test_words_of_the_institution_are_forgotten_with_the_rest(pages, agreed, at):
    stranger = Client()
    for side, note in (("volunteer", ""), ("requester", "MARKTEXT")):
        stranger.post(pages[side], {"outcome": "took_place", "minutes": "60", "note": note})
    privacy.forget_clients(at("2026-12-08 11:30") + timedelta(days=91))
    assert list(Report.objects.exclude(note="")) == []
    assert not privacy.forgettable(at("2027-12-08 11:30")).exists()
    assert links.read(pages["requester"].split("/")[2], Purpose.FEEDBACK, at("2026-12-08 12:00"))
