"""The self-request on one page of paper."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from requests_app import printout
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def catalogue() -> None:
    factories.make_language("ar")
    factories.make_language("uk")
    factories.make_topic()


def text_of(pdf: bytes, folder: Path) -> str:
    if shutil.which("pdftotext") is None:
        pytest.skip("No poppler-utils on this machine: THE TEXT OF THE PRINT-OUT WAS NOT READ.")
    (folder / "page.pdf").write_bytes(pdf)
    read = ["pdftotext", "-layout", str(folder / "page.pdf"), "-"]
    return subprocess.run(read, check=True, capture_output=True).stdout.decode()


@pytest.mark.parametrize("language", ["de", "en", "ar", "tr", "uk"])
def test_each_language_has_one_tagged_page(language: str, client: Client) -> None:
    prefix = "" if language == "de" else f"/{language}"

    response = client.get(f"{prefix}/anfragen/formular.pdf")

    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    pages = re.search(rb"/Type\s*/Pages[^>]*?/Count (\d+)", response.content, re.DOTALL)
    assert b"/MarkInfo" in response.content
    assert b"pdfuaid" in response.content
    assert pages is None or pages.group(1) == b"1"


def test_the_page_names_the_office_and_asks_the_few_questions(client: Client, tmp_path: Path) -> None:
    text = text_of(client.get("/anfragen/formular.pdf").content, tmp_path)
    for words in (
        "Ich brauche Begleitung",
        "02131 90-5753",
        "Markt 2, 41460 Neuss",
        "Arabisch",
        "Gesundheit",
    ):
        assert words in text


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
