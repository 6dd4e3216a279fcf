"""The self-request on one page of paper."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext

from requests_app import printout
from tests import factories, paper

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def catalogue() -> None:
    factories.make_language("ar")
    factories.make_language("uk")
    factories.make_topic()


@pytest.mark.parametrize("language", ["de", "en", "tr", "uk", "ar"])
def test_each_language_has_one_page_that_says_what_it_is(client: Client, language: str) -> None:
    with translation.override(language):
        title, direction = gettext("Ich brauche Begleitung"), "/R2L" if language == "ar" else "/L2R"
    prefix = "" if language == "de" else f"/{language}"

    response = client.get(f"{prefix}/anfragen/formular.pdf")

    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    page = paper.read(response.content)
    root = page.trailer["/Root"]
    assert (len(page.pages), root["/Lang"], page.metadata["/Title"]) == (1, language, title)
    assert (root["/MarkInfo"]["/Marked"], root["/MarkInfo"]["/Suspects"]) == (True, False)
    assert root["/ViewerPreferences"] == {"/DisplayDocTitle": True, "/Direction": direction}
    assert b"<pdfuaid:part>1<" in root["/Metadata"].get_data()
    # Of Arabic the letters come out, and not their order: see docs/decisions.md.
    tag, words = paper.spoken(response.content)[0]
    assert (tag, words == title) == ("H1", language != "ar")


def test_a_screen_reader_reads_it_from_top_to_bottom(client: Client) -> None:
    said = paper.spoken(client.get("/anfragen/formular.pdf").content)

    assert [words for tag, words in said if tag in {"H1", "H2", "Figure"}] == [
        "Ich brauche Begleitung",
        "QR-Code zum Formular im Internet",
        "Welche Sprache sprechen Sie?",
        "Worum geht es?",
        "Wann und wo?",
        "Wie erreichen wir Sie?",
        "Einverständnis",
    ]
    words = [words for _tag, words in said]
    begin = words.index("Welche Sprache sprechen Sie?")
    assert words[begin + 1 : begin + 6] == [
        "Arabisch",
        "Ukrainisch",
        "Andere Sprache",
        "Worum geht es?",
        "Gesundheit",
    ]
    office = "Integrationsamt der Stadt Neuss, Markt 2, 41460 Neuss"
    assert any(office in text and "Telefon: 02131 90-5753" in text for text in words)
    assert words[-2:] == [
        "Das Amt darf meine Angaben für diese Hilfe verwenden. Das kann ich jederzeit zurücknehmen.",
        "Datum und Unterschrift",
    ]


def test_the_arabic_page_has_the_same_parts_in_arabic_letters(client: Client) -> None:
    german, arabic = (
        paper.spoken(client.get(f"{prefix}/anfragen/formular.pdf").content) for prefix in ("", "/ar")
    )

    assert [tag for tag, _words in arabic] == [tag for tag, _words in german]
    assert set(arabic[0][1]) <= {*"أحتاج إلى مرافقة"}
    assert arabic[3] == ("Figure", "رمز QR إلى النموذج على الإنترنت")


def test_a_second_reader_gets_the_kept_page(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    first = client.get("/anfragen/formular.pdf").content
    monkeypatch.setattr(printout, "typst", None)
    assert client.get("/anfragen/formular.pdf").content == first


def test_another_telephone_makes_another_page(client: Client) -> None:
    first = client.get("/anfragen/formular.pdf").content
    printout.Programme.objects.update(phone="02131 1")
    assert client.get("/anfragen/formular.pdf").content != first


class Broken:
    """A typst that cannot set the page."""

    def compile(self, *_args: Any, **_options: Any) -> bytes:
        raise RuntimeError("no font")


@pytest.mark.parametrize("typst", [None, Broken()])
def test_without_typst_a_kind_page_says_how_to_ask(
    client: Client, monkeypatch: pytest.MonkeyPatch, typst: Any
) -> None:
    monkeypatch.setattr(printout, "typst", typst)
    response = client.get("/anfragen/formular.pdf")
    assert (response.status_code, response["Cache-Control"]) == (503, "no-store")
    assert "Bitte fragen Sie online" in response.content.decode()
