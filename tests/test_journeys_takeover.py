"""A coordinator moves in with an Excel list: ten kinds of wrong rows, then the list as it should be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from requests_app.takeover import desk as desks
from tests import factories
from tests.factories import NOW
from tests.requests_app.test_takeover import workbook
from tests.roads import Desk
from volunteers import catalogue
from volunteers.models import Volunteer

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.django_db(transaction=True)]

HEADINGS = [
    "Wer",
    "E-Mail",
    "Telefon",
    "Sprachen",
    "Stadtteil",
    "Führungszeugnis",
    "Stand",
    "Montag",
    "Wochenmaximum",
]
WRONG = [
    ["", "ohne@example.org", "", "", "", "", "", "", ""],
    ["Ada Adresse", "keine", "", "", "", "", "", "", ""],
    ["Tom Telefon", "", "1", "", "", "", "", "", ""],
    ["Kim Klingon", "", "", "Klingonisch", "", "", "", "", ""],
    ["Nele Niveau", "", "", "Arabisch (prima)", "", "", "", "", ""],
    ["Ari Atlantis", "", "", "", "Atlantis", "", "", "", ""],
    ["Fritz Februar", "", "", "", "", "31.02.2026", "", "", ""],
    ["Stefan Stand", "", "", "", "", "", "verreist", "", ""],
    ["Momo Montag", "", "", "", "", "", "", "früh", ""],
    ["Vera Viel", "", "", "", "", "", "", "", "99"],
]
RIGHT = [["Samira Haddad", "samira@example.org", "", "Arabisch", "Norf", "24.11.26", "aktiv", "8-12", "3"]]


def test_a_list_is_put_right_and_taken_over(desk: Desk, at: Callable[[str], datetime]) -> None:
    at("2026-11-23 09:00")
    catalogue.load()
    page = desk(factories.make_coordinator())

    def upload(rows: list[list[str]]) -> None:
        page.goto("/koordination/uebernahme/")
        file = {"name": "Liste.xlsx", "mimeType": "application/xlsx", "buffer": workbook([HEADINGS, *rows])}
        page.get_by_label("Datei", exact=True).set_input_files(file)  # type: ignore[arg-type]
        page.get_by_role("button", name="Hochladen").click()
        page.get_by_label("Wer").select_option("Name")
        page.get_by_role("button", name="Vorschau").click()
        page.get_by_role("heading", name="Die Zeilen werden geprüft").wait_for()
        desks.carry_on(NOW)
        page.get_by_role("link", name="Stand aktualisieren").click()
        page.get_by_role("heading", name="Vorschau: Freiwillige").wait_for()

    upload([*WRONG, *RIGHT])
    page.get_by_role("link", name="fehlerhaft").click()
    assert page.locator(".office-row").count() == len(WRONG)
    assert page.get_by_role("button", name="Alles übernehmen").count() == 0

    upload(RIGHT)
    page.get_by_role("button", name="Alles übernehmen").click()
    desks.carry_on(NOW)
    # The page looks by itself again and leads on.
    page.get_by_role("heading", name="Übernahme: Freiwillige").wait_for()
    assert Volunteer.objects.get().name == "Samira Haddad"

    page.get_by_role("button", name="Übernahme zurücknehmen").click()
    desks.carry_on(NOW)
    page.get_by_text("Alles ist wieder wie vorher.").wait_for()
    assert Volunteer.objects.count() == 0
