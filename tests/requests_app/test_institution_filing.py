"""A caseworker files a request: what is accepted, what is refused beside which field, what is kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lotsen_portal.models import LogEntry, OutgoingMail, ProgrammeText
from requests_app.models import AssistanceRequest, Member
from tests import factories

pytestmark = pytest.mark.django_db

NEW = "/einrichtung/anfragen/neu/"
LABELS = ("Sprache", "Thema", "Datum", "Beginn", "Dauer", "Ort", "Stadtteil", "Anliegen", "Ihr Zeichen")


@pytest.fixture
def member(at: Callable[[str], datetime]) -> Member:
    at("2026-11-23 09:00")
    house = factories.make_institution(
        "Jobcenter", street="Allee 6", district=factories.make_district("Norf")
    )
    return factories.make_member(house, name="Sabine Vogt")


@pytest.fixture
def caseworker(client: Client, member: Member) -> Client:
    client.force_login(member.user)
    return client


@pytest.fixture
def typed(member: Member) -> dict[str, str]:
    """What a caseworker types; Arabic is spoken by somebody."""
    factories.make_volunteer(languages=("ar",))
    factories.make_topic("arbeit", name="Arbeit")
    return {
        "language": "ar",
        "language_2": "",
        "language_3": "",
        "topic": "arbeit",
        "help": "accompaniment",
        "day": "2026-12-08",
        "begin": "10:00",
        "minutes": "60",
        "mode": "on_site",
        "district": str(member.institution.district_id),
        "place": "Allee 6, Raum 12",
        "concern": "Antrag auf Wohngeld",
        "client_reference": "JC 4711",
        "gender_needed": "",
        "minimum_level": "2",
        "client_name": "Amina Beispiel",
        "client_phone": "02131 555 77",
        "client_address": "Weg 3",
        "client_notes": "Kommt mit Kinderwagen.",
        "consent": "on",
    }


def errors(response: Any) -> dict[str, list[str]]:
    return {name: [str(line) for line in lines] for name, lines in response.context["form"].errors.items()}


def said(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_the_form_carries_the_agreed_labels_and_the_institutions_own_place(caseworker: Client) -> None:
    html = caseworker.get(NEW).content.decode()
    labels = re.findall(r'<label class="kern-label" for="[^"]+">(.*?)</label>', html, re.DOTALL)
    words = [" ".join(re.sub(r"<[^>]+>", " ", label).split()) for label in labels]
    # Exactly once each, and no other label holds one of them, so that a label names one field.
    assert {label: [word for word in words if label.lower() in word.lower()] for label in LABELS} == {
        label: [label] for label in LABELS
    }
    assert 'value="Jobcenter, Allee 6, 41460 Neuss"' in html
    assert re.search(r'<option value="\d+" selected>Norf</option>', html)
    assert 'name="minutes" value="60"' in html
    assert "Anfrage absenden" in html


def test_a_filed_request_holds_what_was_typed_and_leads_to_its_page(
    caseworker: Client, member: Member, typed: dict[str, str]
) -> None:
    factories.make_language("tr")
    response = caseworker.post(NEW, typed | {"language_2": "tr", "gender_needed": "f"})
    filed = AssistanceRequest.objects.get()
    assert response.headers["Location"] == f"/einrichtung/anfragen/{filed.reference}/"
    assert said(response) == [
        f"Ihre Anfrage ist da. Sie hat das Aktenzeichen {filed.reference}. Bis Donnerstag hören Sie von uns."
    ]
    assert (filed.state, filed.institution, filed.filed_by) == ("open", member.institution, member.user)
    assert [row.language.code for row in filed.languages.all()] == ["ar", "tr"]
    assert (filed.starts, filed.minutes) == (datetime(2026, 12, 8, 9, tzinfo=UTC), 60)
    kept = ("place", "concern", "client_reference", "client_name", "client_phone", "client_address")
    assert {name: getattr(filed, name) for name in kept} == {name: typed[name] for name in kept}
    assert (filed.client_notes, filed.gender_needed, filed.urgent) == (typed["client_notes"], "f", False)
    assert filed.consent_at is not None
    assert LogEntry.objects.get().actor_number == member.user.pk
    assert OutgoingMail.objects.get().recipient == member.user.email


@pytest.mark.parametrize(
    ("name", "value", "field", "sentence"),
    [
        ("language", "", "language", "Bitte wählen Sie eine Sprache."),
        ("language", "xx", "language", "Bitte wählen Sie etwas aus der Liste."),
        ("language_2", "ar", "language_2", "Diese Sprache haben Sie schon gewählt."),
        ("topic", "", "topic", "Bitte wählen Sie ein Thema."),
        ("day", "", "day", "Bitte geben Sie den Tag an."),
        ("day", "31.02.2027", "day", "Bitte geben Sie den Tag an."),
        ("day", "2026-11-22", "day", "Dieser Tag ist schon vorbei. Bitte wählen Sie einen Tag ab heute."),
        ("day", "0001-01-01", "day", "Dieser Tag ist schon vorbei. Bitte wählen Sie einen Tag ab heute."),
        ("day", "9999-12-31", "day", "Bitte wählen Sie einen Tag in den nächsten zwölf Monaten."),
        ("begin", "", "begin", "Bitte geben Sie an, wann der Termin beginnt."),
        ("minutes", "eine Stunde", "minutes", "Bitte geben Sie die Dauer in Minuten an, zum Beispiel 60."),
        ("minutes", "5", "minutes", "Ein Termin dauert mindestens 15 Minuten."),
        ("place", " ", "place", "Bitte geben Sie an, wo der Termin ist."),
        ("district", "", "district", "Bitte wählen Sie einen Stadtteil."),
        (
            "client_phone",
            "unbekannt",
            "client_phone",
            "Das ist keine Telefonnummer. Richtig ist zum Beispiel: 02131 905753.",
        ),
        (
            "concern",
            "x" * 2001,
            "concern",
            "Bitte schreiben Sie höchstens 2000 Zeichen. Jetzt sind es 2001.",
        ),
        (
            "consent",
            "",
            "consent",
            "Bitte bestätigen Sie das Einverständnis. Sonst dürfen wir niemanden anfragen.",
        ),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(
    caseworker: Client, typed: dict[str, str], name: str, value: str, field: str, sentence: str
) -> None:
    response = caseworker.post(NEW, typed | {name: value})
    assert (response.status_code, errors(response)) == (422, {field: [sentence]})
    page = unescape(response.content.decode())
    kept = [text for key, text in (typed | {name: value}).items() if key in {"client_notes", "concern"}]
    assert [text for text in kept if text not in page] == []
    assert not AssistanceRequest.objects.exists()


def test_a_time_earlier_today_is_over(caseworker: Client, typed: dict[str, str]) -> None:
    response = caseworker.post(NEW, typed | {"day": "2026-11-23", "begin": "08:30"})
    assert errors(response) == {"begin": ["Diese Uhrzeit ist heute schon vorbei."]}


@pytest.mark.parametrize("minutes", ["0", "-60"])
def test_an_end_before_the_beginning_is_refused(
    caseworker: Client, typed: dict[str, str], minutes: str
) -> None:
    response = caseworker.post(NEW, typed | {"minutes": minutes})
    assert errors(response) == {
        "minutes": ["Das Ende liegt so nicht nach dem Beginn. Bitte geben Sie die Dauer in Minuten an."]
    }


@pytest.mark.parametrize(("minutes", "accepted"), [("1440", True), ("1441", False), ("9" * 5000, False)])
def test_an_appointment_lasts_at_most_a_day(
    caseworker: Client, typed: dict[str, str], minutes: str, accepted: bool
) -> None:
    caseworker.post(NEW, typed | {"minutes": minutes})
    assert AssistanceRequest.objects.exists() is accepted


def test_an_appointment_longer_than_usual_is_looked_at_first(
    caseworker: Client, typed: dict[str, str]
) -> None:
    response = caseworker.post(NEW, typed | {"minutes": "181"})
    assert AssistanceRequest.objects.get().state == "new"
    assert said(response)[1:] == ["Der Termin ist länger als 3 Stunden. Darum prüfen wir die Anfrage zuerst."]


@pytest.mark.parametrize(
    ("today", "day", "words"),
    [("2026-11-23", "2027-03-28", "gibt es am 28.03.2027 nicht"), ("2027-10-01", "2027-10-31", "zweimal")],
)
def test_a_time_in_the_night_of_the_clock_change_gets_a_sentence(
    caseworker: Client,
    typed: dict[str, str],
    at: Callable[[str], datetime],
    today: str,
    day: str,
    words: str,
) -> None:
    at(f"{today} 09:00")
    response = caseworker.post(NEW, typed | {"day": day, "begin": "02:30"})
    (sentence,) = errors(response)["begin"]
    assert words in sentence


def test_a_holiday_is_asked_about_once_and_taken_when_confirmed(
    caseworker: Client, typed: dict[str, str]
) -> None:
    christmas = typed | {"day": "2026-12-25"}
    response = caseworker.post(NEW, christmas)
    sentence = (
        "Der 25.12.2026 ist ein Feiertag (Erster Weihnachtstag). Bitte wählen Sie einen anderen Tag "
        "oder bestätigen Sie unten, dass der Termin trotzdem stattfindet."
    )
    assert errors(response) == {"day": [sentence]}
    assert 'name="holiday_ok"' in response.content.decode()
    assert caseworker.post(NEW, christmas | {"holiday_ok": "on"}).status_code == 302


def test_nobody_is_asked_about_a_holiday_on_an_ordinary_day(caseworker: Client) -> None:
    assert 'name="holiday_ok"' not in caseworker.get(NEW).content.decode()


def test_short_notice_is_accepted_marked_and_said(caseworker: Client, typed: dict[str, str]) -> None:
    response = caseworker.post(NEW, typed | {"day": "2026-11-25"})
    assert AssistanceRequest.objects.get().urgent
    assert said(response)[1:] == [
        "Bis zum Termin sind es weniger als 5 Arbeitstage. Ihre Anfrage ist dringend."
    ]


@pytest.mark.parametrize(
    ("now", "day", "promise"),
    [
        ("2026-11-23 15:59", "2026-11-25", "Heute hören Sie von uns."),
        ("2026-11-23 16:00", "2026-11-25", "Bis morgen hören Sie von uns."),
        ("2026-11-27 18:00", "2026-11-30", "Bis Montag hören Sie von uns."),
        ("2026-11-28 10:00", "2026-12-15", "Bis Mittwoch hören Sie von uns."),
    ],
)
def test_nothing_is_promised_for_hours_in_which_nobody_works(
    caseworker: Client, typed: dict[str, str], at: Callable[[str], datetime], now: str, day: str, promise: str
) -> None:
    at(now)
    response = caseworker.post(NEW, typed | {"day": day})
    assert said(response)[0].endswith(promise)


def test_a_language_nobody_speaks_is_taken_with_a_kind_sentence(
    caseworker: Client, typed: dict[str, str]
) -> None:
    factories.make_language("kmr", "Kurdisch, Kurmancî")
    response = caseworker.post(NEW, typed | {"language": "kmr"})
    sentence = (
        "Zurzeit haben wir niemanden für die Sprache Kurdisch, Kurmancî. Wir nehmen Ihre Anfrage trotzdem an "
        "und fragen weiter. Rufen Sie uns gern an, wenn auch eine andere Sprache geht."
    )
    assert said(response)[1:] == [sentence]


def test_the_prefilled_place_is_dropped_where_nobody_meets(caseworker: Client, typed: dict[str, str]) -> None:
    prefilled = {"place": "Jobcenter, Allee 6, 41460 Neuss"}
    caseworker.post(NEW, typed | prefilled | {"mode": "phone"})
    caseworker.post(NEW, typed | {"mode": "video", "place": "Raum 3, Bildschirm"})
    places = AssistanceRequest.objects.order_by("pk").values_list("place", flat=True)
    assert list(places) == ["", "Raum 3, Bildschirm"]


def test_languages_stand_in_the_order_of_a_dictionary_with_their_own_names(caseworker: Client) -> None:
    for code, name in (("so", "Somali"), ("et", "Ästnisch"), ("tr", "Türkisch")):
        factories.make_language(code, name)
    field = caseworker.get(NEW).context["form"].fields["language"]
    assert [label for _code, label in field.choices] == ["Bitte wählen", "Ästnisch", "Somali", "Türkisch"]


def test_copied_marks_do_not_hide_a_reference_or_a_number(caseworker: Client, typed: dict[str, str]) -> None:
    pasted = {
        "client_reference": " \u202aJC\u00a0 4711\u202c\u200e",
        "client_phone": "\u202a\u0660\u0662\u0661\u0663\u0661 555-77\u202c",
    }
    caseworker.post(NEW, typed | pasted)
    filed = AssistanceRequest.objects.get()
    assert (filed.client_reference, filed.client_phone) == ("JC 4711", "02131 555-77")


def test_the_programmes_own_declaration_stands_above_the_checkbox(caseworker: Client) -> None:
    ProgrammeText.objects.create(kind="consent", language="de", body="Erst fragen.\n\nDann anfragen.")
    html = caseworker.get(NEW).content.decode()
    assert html.index("<p>Dann anfragen.</p>") < html.index('name="consent"')


def test_asking_again_takes_everything_over_but_the_time_and_the_client(
    caseworker: Client, typed: dict[str, str]
) -> None:
    caseworker.post(NEW, typed)
    filed = AssistanceRequest.objects.get()
    again = caseworker.get(NEW, {"wie": filed.reference}).context["form"]
    same = ("language", "topic", "minutes", "place", "concern", "client_reference", "district", "mode")
    assert {name: str(again[name].value()) for name in same} == {name: typed[name] for name in same}
    new = ("day", "begin", "client_name", "client_phone", "client_address", "client_notes", "consent")
    assert [again[name].value() for name in new] == [None] * len(new)


@pytest.mark.parametrize("reference", ["NE-2026-99999", "\0", "<b>", "x" * 5000])
def test_asking_again_for_nothing_known_gives_the_empty_form(caseworker: Client, reference: str) -> None:
    assert caseworker.get(NEW, {"wie": reference}).context["form"]["concern"].value() is None


def test_another_institutions_request_lends_nothing(caseworker: Client) -> None:
    foreign = factories.make_assistance(concern="geheim")
    assert caseworker.get(NEW, {"wie": foreign.reference}).context["form"]["concern"].value() is None


NASTY = [
    "\0",
    "a\0b",
    "x" * 30_000,
    "\u202e\u2066gnirts\u2069",
    "🙂" * 50,
    "<script>alert(1)</script>",
    "{{ 7|add:7 }}{% now %}",
    "'; drop table x; --",
    "-1",
    "9" * 400,
    "1e400",
    "NaN",
    "\u0660",
    "2026-13-40",
    "25:99",
    "\r\n\r\n",
    "\ud7ff\uffff",
]


TEXTS = ("place", "concern", "client_reference", "client_name", "client_address", "client_notes")


def survives(caseworker: Client, data: dict[str, str]) -> None:
    response = caseworker.post(NEW, data)
    assert response.status_code == 422
    form = response.context["form"]
    assert {name: form[name].value() for name in TEXTS} == {name: data[name] for name in TEXTS}
    assert "<script>alert" not in response.content.decode()


@pytest.mark.parametrize("nasty", NASTY, ids=lambda value: repr(value)[:20])
def test_no_form_falls_over_whatever_is_typed_everywhere(
    caseworker: Client, typed: dict[str, str], nasty: str
) -> None:
    survives(caseworker, dict.fromkeys([*typed, "holiday_ok", "unknown"], nasty) | {"day": "2020-01-01"})


@pytest.mark.long
@pytest.mark.parametrize("nasty", NASTY, ids=lambda value: repr(value)[:20])
def test_no_field_falls_over_whatever_is_typed_and_all_else_is_kept(
    caseworker: Client, typed: dict[str, str], nasty: str
) -> None:
    for name in (*typed, "holiday_ok", "unknown"):
        # One field is certainly wrong, so that the form comes back.
        wrong = {"begin": ""} if name == "day" else {"day": "2020-01-01"}
        survives(caseworker, typed | wrong | {name: nasty})


def test_a_nasty_text_that_is_legal_is_kept_as_typed(caseworker: Client, typed: dict[str, str]) -> None:
    text = "🙂 <b>fett</b> {{ 1 }} \u202eumgekehrt\u202c سلام"
    response = caseworker.post(NEW, typed | {"concern": text, "client_name": "Ana 🙂"}, follow=True)
    assert AssistanceRequest.objects.get().concern == text
    assert "&lt;b&gt;fett&lt;/b&gt; {{ 1 }}" in response.content.decode()


def test_filing_takes_the_same_number_of_statements_however_many_requests_there_are(
    caseworker: Client, member: Member, typed: dict[str, str]
) -> None:
    counts = []
    for more in (1, 4):  # the very first request of a year makes the counter's row
        for _number in range(more):
            factories.make_assistance(by=member)
        with CaptureQueriesContext(connection) as statements:
            assert caseworker.post(NEW, typed).status_code == 302
        counts.append(len(statements))
    assert counts[0] == counts[1]
