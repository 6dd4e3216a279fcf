"""A migrant asks for help: one question a screen, nothing stored before sending, nothing lost on the way."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from lotsen_portal.audit import Actor
from lotsen_portal.models import OutgoingMail, Programme, ProgrammeText
from requests_app import mails, matching, workflow
from requests_app.models import AssistanceRequest, IntakeRule
from tests import factories

pytestmark = pytest.mark.django_db

PAGE = "/anfragen/"
WITH_DATE = [
    ("sprache", {"tongues": ["ar", "tr"]}),
    ("thema", {"topic": "gesundheit", "concern": "Ich verstehe den Arzt nicht."}),
    ("grenzen", {}),
    ("termin", {"know": "date"}),
    ("wann", {"day": "2026-12-08", "begin": "10:00", "minutes": "60"}),
    ("wo", {"mode": "on_site", "place": "Rathaus, Markt 2"}),
    ("kontakt", {"client_name": "Amina", "client_phone": "02131 1234", "client_email": "Amina@Example.org"}),
    ("einwilligung", {"consent": "on"}),
]
WITH_CALL = [
    *WITH_DATE[:3],
    ("termin", {"know": "call"}),
    ("anruf", {"call_times": ["morning", "evening"]}),
    *WITH_DATE[-2:],
]
INPUT = re.compile(r"<input ([^>]*)>")
ATTRIBUTE = re.compile(r'([\w-]+)(?:="([^"]*)")?')


@pytest.fixture(autouse=True)
def monday(at: Callable[[str], datetime]) -> None:
    at("2026-11-23 09:00")
    factories.make_volunteer(languages=("ar", "tr"))
    factories.make_topic()


@pytest.fixture
def district() -> str:
    return str(factories.make_district().pk)


def carried(html: str) -> dict[str, list[str]]:
    """What a browser would send again from a screen: hidden inputs and the boxes that are ticked."""
    found: dict[str, list[str]] = {}
    for tag in INPUT.findall(html.split("<main", 1)[1]):
        attributes = dict(ATTRIBUTE.findall(tag))
        chosen = attributes.get("type") == "hidden" or "checked" in attributes
        if chosen and "name" in attributes and attributes["name"] != "csrfmiddlewaretoken":
            value = attributes.get("value", "on" if "checked" in attributes else "")
            found.setdefault(attributes["name"], []).append(value)
    return found


def press(client: Client, html: str, answers: dict[str, Any], go: str = "weiter", page: str = PAGE) -> Any:
    """Fill in a screen and press a button; what the screen carries along is sent again."""
    return client.post(page, {**carried(html), **answers, "go": go})


def walk(client: Client, road: list[tuple[str, dict[str, Any]]], district: str) -> Any:
    """Answer screen after screen; returns the answer to the last one."""
    response = client.get(PAGE)
    for step, answers in road:
        html = response.content.decode()
        assert carried(html)["step"] == [step]
        more = {"district": district} if step in {"wo", "anruf"} and district else {}
        response = press(client, html, {**answers, **more})
        assert response.status_code == 200
    return response


def test_from_the_first_question_to_the_page_of_the_request(client: Client, district: str) -> None:
    summary = walk(client, WITH_DATE, district).content.decode()
    nothing_yet = AssistanceRequest.objects.exists()
    response = press(client, summary, {}, "absenden")
    filed = AssistanceRequest.objects.get()

    assert not nothing_yet
    assert response.headers["Location"] == f"/anfragen/{mails.status_token(filed)}/"
    assert [row.language.code for row in filed.languages.all()] == ["ar", "tr"]
    assert (filed.state, filed.origin, filed.period, filed.minutes) == (
        "new", "self", factories.period("2026-12-08"), 60,
    )  # fmt: skip
    assert (filed.place, filed.concern, filed.client_name) == (
        "Rathaus, Markt 2", "Ich verstehe den Arzt nicht.", "Amina",
    )  # fmt: skip
    assert (filed.client_phone, filed.client_email) == ("02131 1234", "amina@example.org")
    assert (filed.client_language, filed.consent_language) == ("de", "de")
    assert (filed.consent_version, filed.consent_at) == (Programme.current().consent_version, filed.filed_at)


def test_without_a_date_the_office_calls(client: Client, district: str) -> None:
    summary = walk(client, WITH_CALL, district).content.decode()
    press(client, summary, {}, "absenden")
    filed = AssistanceRequest.objects.get()

    assert "vormittags, abends" in summary
    assert (filed.wants_call, filed.call_times, filed.period) == (True, ["morning", "evening"], None)


def test_who_wants_a_call_may_leave_the_district_to_the_call(client: Client, district: str) -> None:
    summary = walk(client, WITH_CALL, "").content.decode()
    page = client.post(PAGE, {**carried(summary), "go": "absenden"}, follow=True)
    filed = AssistanceRequest.objects.get()

    assert page.status_code == 200
    assert (filed.district, filed.district_name) == (None, "")
    call = workflow.call_back(filed.pk, by=Actor.office(factories.make_coordinator()), now=filed.filed_at)
    found = matching.candidates(call, programme=Programme.current(), now=filed.filed_at)
    assert call.district is None
    assert len(found) == 1


def test_each_language_keeps_its_own_words(client: Client, district: str) -> None:
    html = walk(client, WITH_DATE, district).content.decode()
    arabic = press(client, html, {}, "hier", "/ar/anfragen/").content.decode()
    press(client, arabic, {}, "absenden", "/ar/anfragen/")
    filed = AssistanceRequest.objects.get()

    assert (filed.client_language, filed.consent_language) == ("ar", "ar")
    assert OutgoingMail.objects.get().language == "ar"
    assert {**carried(arabic), "step": []} == {**carried(html), "step": []}


def test_going_back_and_forth_loses_nothing(client: Client, district: str) -> None:
    html = walk(client, WITH_DATE, district).content.decode()
    before = carried(html)
    for _screen in range(len(WITH_DATE)):
        html = press(client, html, shown(html), "zurueck").content.decode()
    first = carried(html)
    again = walk_on(client, html, len(WITH_DATE))

    assert first["step"] == ["sprache"]
    assert carried(again) == before


def walk_on(client: Client, html: str, screens: int) -> str:
    """Press "Weiter" and change nothing; what a screen shows is sent as the browser would."""
    for _screen in range(screens):
        html = press(client, html, shown(html)).content.decode()
    return html


def shown(html: str) -> dict[str, str]:
    """Texts and choices that are visible on a screen."""
    main = html.split("<main", 1)[1]
    found = {}
    for tag in INPUT.findall(main):
        attributes = dict(ATTRIBUTE.findall(tag))
        if attributes.get("type") in {"text", "tel", "email", "date", "time"} and attributes.get("value"):
            found[attributes["name"]] = attributes["value"]
    found |= dict(re.findall(r'<textarea name="(\w+)"[^>]*>\s*(.*?)</textarea>', main, re.DOTALL))
    for name, body in re.findall(r'<select name="(\w+)".*?>(.*?)</select>', main, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', body)
        found[name] = chosen.group(1) if chosen else ""
    return found


def test_one_answer_is_changed_from_the_summary(client: Client, district: str) -> None:
    summary = walk(client, WITH_DATE, district).content.decode()
    where = press(client, summary, {}, "wo").content.decode()
    back = press(client, where, {"mode": "phone", "place": "", "district": district}).content.decode()

    assert carried(where)["step"] == ["wo"]
    assert (carried(back)["step"], carried(back)["mode"]) == (["pruefen"], ["phone"])


def test_who_turns_to_a_call_is_asked_only_what_is_missing(client: Client, district: str) -> None:
    summary = walk(client, WITH_DATE, district).content.decode()
    when = press(client, summary, {}, "termin").content.decode()
    back = press(client, when, {"know": "call"}).content.decode()

    assert carried(back)["step"] == ["pruefen"]
    assert "Wir rufen Sie an" in back


@pytest.mark.parametrize(
    ("at_step", "answers", "sentence"),
    [
        (0, {"tongues": []}, "Bitte wählen Sie mindestens eine Sprache."),
        (0, {"tongues": ["xx"]}, "Bitte wählen Sie etwas aus der Liste."),
        (1, {"topic": ""}, "Bitte wählen Sie ein Thema."),
        (3, {"know": ""}, "Bitte wählen Sie eine Antwort."),
        (4, {"day": "2026-11-20"}, "Dieser Tag ist schon vorbei."),
        (4, {"day": "2026-12-25"}, "ist ein Feiertag"),
        (4, {"day": "2027-03-28", "begin": "02:30"}, "Uhr"),
        (5, {"place": ""}, "Bitte geben Sie an, wo der Termin ist."),
        (6, {"client_phone": "", "client_email": ""}, "Bitte geben Sie eine Telefonnummer oder eine E-Mail"),
        (6, {"client_email": "amina"}, "Das ist keine E-Mail-Adresse."),
        (7, {"consent": ""}, "Ohne Ihre Einwilligung"),
    ],
)
def test_what_is_missing_is_said_beside_its_question(
    client: Client, district: str, at_step: int, answers: dict[str, Any], sentence: str
) -> None:
    before = walk(client, WITH_DATE[:at_step], district).content.decode()
    step, good = WITH_DATE[at_step]
    response = press(client, before, {**good, "district": district, **answers})
    html = response.content.decode()

    assert response.status_code == 422
    assert carried(html)["step"] == [step]
    assert sentence in html
    assert html.count('class="lp-error"') == 1


def test_a_call_needs_a_number(client: Client, district: str) -> None:
    html = walk(client, WITH_CALL[:-2], district).content.decode()
    response = press(client, html, {"client_email": "amina@example.org"})

    assert response.status_code == 422
    assert "brauchen wir Ihre Nummer" in response.content.decode()


def test_a_holiday_counts_once_it_is_confirmed(client: Client, district: str) -> None:
    html = walk(client, WITH_DATE[:4], district).content.decode()
    christmas = {"day": "2026-12-25", "begin": "10:00", "minutes": "60"}
    asked = press(client, html, christmas).content.decode()
    response = press(client, asked, {**christmas, "holiday_ok": "on"})

    assert 'name="holiday_ok"' in asked
    assert carried(response.content.decode())["step"] == ["wo"]


def test_a_near_date_and_a_language_that_nobody_speaks_are_said_kindly(client: Client, district: str) -> None:
    factories.make_language("ti", "Tigrinya")
    road = [("sprache", {"tongues": ["ti"]}), *WITH_DATE[1:4]]
    road += [("wann", {"day": "2026-11-24", "begin": "10:00", "minutes": "60"}), *WITH_DATE[5:]]
    html = walk(client, road, district).content.decode()

    assert html.count("Gut zu wissen") == 2
    assert "Für Ihre Sprache haben wir zurzeit niemanden." in html


def test_a_double_click_files_one_request(client: Client, district: str) -> None:
    summary = walk(client, WITH_DATE, district).content.decode()
    first, second = (press(client, summary, {}, "absenden") for _click in range(2))

    assert first.headers["Location"] == second.headers["Location"]
    assert AssistanceRequest.objects.count() == 1


def test_a_machine_that_fills_in_everything_files_nothing(client: Client, district: str) -> None:
    summary = walk(client, WITH_DATE, district).content.decode()
    response = press(client, summary, {"website": "http://example.org"}, "absenden")

    assert response.status_code == 422
    assert "Bitte rufen Sie uns an." in response.content.decode()
    assert not AssistanceRequest.objects.exists()


def test_many_requests_from_one_line_have_to_wait(client: Client, district: str) -> None:
    summary = walk(client, WITH_DATE, district).content.decode()
    codes = [press(client, summary, {"key": str(uuid4())}, "absenden").status_code for _request in range(21)]

    assert codes == [302] * 20 + [429]


def test_sending_with_an_answer_missing_leads_to_its_question(client: Client, district: str) -> None:
    summary = walk(client, WITH_DATE, district).content.decode()
    response = press(client, summary, {"place": ""}, "absenden")

    assert response.status_code == 422
    assert carried(response.content.decode())["step"] == ["wo"]


def test_what_the_office_refuses_is_said_before_sending(client: Client, district: str) -> None:
    IntakeRule.objects.all().delete()
    rule = IntakeRule.objects.create(
        slug="no-health", kind="topic", effect="refuse", topic=factories.make_topic(), because="x", position=1
    )
    rule.texts.create(
        language="de", sentence="Dafür gibt es den Gesundheitsdienst.", pointer="Rufen Sie dort an."
    )
    ProgrammeText.objects.create(programme_id=1, kind="elsewhere", language="de", body="Fragen Sie die 115.")
    html = walk(client, WITH_DATE[:1], district).content.decode()
    response = press(client, html, dict(WITH_DATE[1][1]))

    assert carried(response.content.decode())["step"] == ["thema"]
    assert "Dafür gibt es den Gesundheitsdienst. Rufen Sie dort an." in response.content.decode()
    assert "Fragen Sie die 115." in response.content.decode()


def test_what_the_portal_does_not_do_is_said_at_once_and_nothing_is_lost(
    client: Client, district: str
) -> None:
    ProgrammeText.objects.create(programme_id=1, kind="elsewhere", language="de", body="Fragen Sie die 115.")
    html = walk(client, WITH_DATE[:2], district).content.decode()
    response = press(client, html, {"regel_therapy": "on", "regel_outside": "on"})
    refused = response.content.decode()
    summary = walk_on(client, press(client, refused.replace(" checked", ""), {}).content.decode(), 0)

    assert response.status_code == 422
    assert carried(refused)["step"] == ["grenzen"]
    assert "Therapie und Rechtsberatung gehören nicht zu den Aufgaben" in refused
    assert "Fragen Sie die 115." in refused
    assert carried(refused)["concern"] == ["Ich verstehe den Arzt nicht."]
    assert carried(summary)["step"] == ["termin"]


def test_what_the_office_looks_at_first_is_said_before_sending(client: Client, district: str) -> None:
    road = [*WITH_DATE[:2], ("grenzen", {"regel_outside": "on"}), *WITH_DATE[3:]]
    summary = walk(client, road, district).content.decode()
    press(client, summary, {}, "absenden")

    assert "So geht es weiter" in summary
    assert summary.count("Der Termin ist außerhalb der Stadt.") == 2
    assert AssistanceRequest.objects.get().intake_hits == ["no-house", "outside"]


def test_a_rule_about_the_request_itself_is_said_on_the_first_screen(client: Client, district: str) -> None:
    client.get(PAGE)
    IntakeRule.objects.filter(slug="no-house").update(effect="refuse")
    first = client.get(PAGE).content.decode()
    summary = walk(client, WITH_DATE, district).content.decode()
    response = press(client, summary, {}, "absenden")

    assert "Wir sehen uns Ihre Anfrage zuerst an." in first
    assert response.status_code == 422
    assert not AssistanceRequest.objects.exists()


def test_without_statements_the_screen_is_left_out(client: Client, district: str) -> None:
    client.get(PAGE)
    IntakeRule.objects.filter(kind="scope").update(active=False)
    road = [screen for screen in WITH_DATE if screen[0] != "grenzen"]
    summary = walk(client, road, district).content.decode()

    assert carried(summary)["step"] == ["pruefen"]


def test_the_offices_own_consent_in_the_readers_language_is_shown(client: Client, district: str) -> None:
    ProgrammeText.objects.create(programme_id=1, kind="self_consent", language="ar", body="نص المدينة")
    html = walk(client, WITH_DATE[:-1], district).content.decode()
    arabic = press(client, html, {}, "hier", "/ar/anfragen/").content.decode()

    assert "نص المدينة" not in html
    assert "90 Tage nach dem Ende" in html
    assert "نص المدينة" in arabic


def test_the_language_of_the_page_comes_first_then_those_most_people_speak(client: Client) -> None:
    factories.make_language("ti", "Tigrinya")
    factories.make_volunteer(languages=("tr",))
    html = client.get("/ar/anfragen/").content.decode()

    assert re.findall(r'name="tongues" value="(\w+)"', html) == ["ar", "tr", "ti"]


@pytest.mark.parametrize("text", ["\0", "x" * 10_000, "<script>alert(1)</script>", "\u202e", "😀", "[]"])
@pytest.mark.parametrize("go", ["weiter", "zurueck", "hier", "absenden", "wo", "gibt-es-nicht"])
def test_nothing_that_is_sent_breaks_a_screen(client: Client, text: str, go: str) -> None:
    names = [
        "tongues", "topic", "concern", "know", "day", "begin", "minutes", "holiday_ok", "mode", "place",
        "district", "call_times", "gender_needed", "client_name", "client_phone", "client_email", "consent",
        "website", "key", "checking",
    ]  # fmt: skip
    for step in ("", "sprache", "wann", "kontakt", "pruefen", text):
        response = client.post(PAGE, {**dict.fromkeys(names, text), "step": step, "go": go})
        assert response.status_code in {200, 422}
        assert "<script>alert" not in response.content.decode()


def test_the_way_in_stands_on_the_landing_page_and_in_the_footer(client: Client) -> None:
    html = client.get("/ar/").content.decode()
    assert html.count('href="/ar/anfragen/"') == 3
