"""The pages that everybody may read, in every language."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from model_bakery import baker

from lotsen_portal import privacy
from lotsen_portal.models import Programme, ProgrammeText
from lotsen_portal.templatetags.portal import tel, tone

pytestmark = pytest.mark.django_db

PAGES = {"/": "Wir bauen Brücken", "/impressum/": "Impressum", "/datenschutz/": "Datenschutz"}
PAGES["/barrierefreiheit/"] = "Erklärung zur Barrierefreiheit"


def text(response: Any) -> str:
    """Return the page's words without tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.mark.parametrize(("path", "heading"), PAGES.items())
def test_a_stranger_reads_the_page_under_one_heading(client: Client, path: str, heading: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    headings = re.findall(r"<h1[^>]*>(.*?)</h1>", response.content.decode(), re.DOTALL)
    assert headings == [heading]


@pytest.mark.parametrize("path", PAGES)
def test_the_page_answers_get_only(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405


@pytest.mark.parametrize(
    ("prefix", "language", "direction"),
    [
        ("", "de", "ltr"),
        ("/en", "en", "ltr"),
        ("/tr", "tr", "ltr"),
        ("/uk", "uk", "ltr"),
        ("/ar", "ar", "rtl"),
    ],
)
@pytest.mark.parametrize("path", PAGES)
def test_the_page_says_its_language_and_direction(
    client: Client, path: str, prefix: str, language: str, direction: str
) -> None:
    html = client.get(prefix + path).content.decode()
    assert f'<html lang="{language}" dir="{direction}">' in html


def test_the_language_switch_leads_to_the_same_page(client: Client) -> None:
    html = client.get("/en/impressum/?seite=2").content.decode()
    links = re.findall(r'<li><a href="([^"]+)" lang="(\w+)" hreflang', html)
    assert links == [
        ("/impressum/?seite=2", "de"),
        ("/en/impressum/?seite=2", "en"),
        ("/tr/impressum/?seite=2", "tr"),
        ("/uk/impressum/?seite=2", "uk"),
        ("/ar/impressum/?seite=2", "ar"),
    ]


def test_a_browser_in_another_language_is_offered_that_language_and_not_sent_there(client: Client) -> None:
    response = client.get("/", headers={"Accept-Language": "ar-SY,en;q=0.5"})
    assert response.status_code == 200
    assert (
        '<p class="lp-offer" lang="ar" dir="rtl"><a href="/ar/" hreflang="ar">' in response.content.decode()
    )
    assert "Accept-Language" in response["Vary"]


@pytest.mark.parametrize("wanted", ["de-DE", "ka", ""])
def test_nothing_is_offered_to_who_reads_german_or_what_we_lack(client: Client, wanted: str) -> None:
    assert "lp-offer" not in client.get("/", headers={"Accept-Language": wanted}).content.decode()


def test_the_landing_page_names_the_office_and_can_be_called(client: Client) -> None:
    Programme.objects.update_or_create(
        pk=1, defaults={"city": "Musterstadt", "office_name": "Amt für Integration", "phone": "02131 90-5753"}
    )
    html = client.get("/").content.decode()
    assert 'href="tel:+492131905753"' in html
    assert "Amt für Integration" in html
    assert "begleiten Menschen in Musterstadt" in html


def test_the_landing_page_shows_each_offered_language_in_its_own_script(client: Client) -> None:
    baker.make(
        "volunteers.Language", code="ckb", name="Soranî", own_name="سۆرانی", direction="rtl", active=True
    )
    baker.make("volunteers.Language", code="xx", name="Fremd", own_name="Fremdisch", active=False)
    html = client.get("/").content.decode()
    assert '<li lang="ckb" dir="rtl">سۆرانی</li>' in html
    assert "Fremdisch" not in html


@pytest.mark.parametrize(
    ("kind", "path", "ours"),
    [
        ("imprint", "/impressum/", "Körperschaft des öffentlichen Rechts"),
        ("privacy", "/datenschutz/", "Was wir speichern"),
        ("accessibility", "/barrierefreiheit/", "Selbstbewertung"),
    ],
)
def test_what_the_office_writes_takes_the_place_of_our_text(
    client: Client, kind: str, path: str, ours: str
) -> None:
    assert ours in text(client.get(path))
    ProgrammeText.objects.create(
        programme=Programme.current(),
        kind=kind,
        language="de",
        body="Unser <Text>.\n\nSiehe https://example.org",
    )
    own = client.get(path)
    assert ours not in text(own)
    assert "Unser &lt;Text&gt;." in own.content.decode()
    assert '<a href="https://example.org"' in own.content.decode()


def test_the_privacy_page_lists_every_retention_rule_in_force(client: Client) -> None:
    shown = re.findall(r'scope="row"[^>]*>([^<]+)<', client.get("/datenschutz/").content.decode())
    assert [unescape(what) for what in shown] == [str(rule.what) for rule in privacy.rules()]


def test_an_unknown_page_says_so_kindly(client: Client) -> None:
    response = client.get("/gibt-es-nicht/")
    assert response.status_code == 404
    assert "Diese Seite gibt es nicht" in text(response)


def test_pages_ask_the_database_a_fixed_number_of_questions(
    client: Client, django_assert_max_num_queries: object
) -> None:
    client.get("/")
    with django_assert_max_num_queries(4):  # type: ignore[operator]
        client.get("/")


@pytest.mark.parametrize(
    ("written", "called"),
    [
        ("02131 90-5753", "+492131905753"),
        ("+49 2131 905753", "+492131905753"),
        ("0049 2131 1", "+4921311"),
        ("", ""),
    ],
)
def test_a_written_number_becomes_one_that_can_be_called(written: str, called: str) -> None:
    assert tel(written) == called


def test_each_state_has_a_tone_and_the_unknown_ones_none() -> None:
    assert [tone(state) for state in ("confirmed", "new", "open", "unfilled", "done", "")] == [
        "success",
        "info",
        "warning",
        "danger",
        "neutral",
        "neutral",
    ]
