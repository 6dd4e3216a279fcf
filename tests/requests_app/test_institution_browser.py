"""The institution's pages in a real browser: by keyboard, on a phone, in light and dark, for everybody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from requests_app.models import AssistanceRequest, Member
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 375, "height": 740}
DESKTOP = {"width": 1280, "height": 900}
SLOW = 20_000  # milliseconds, on a busy machine


@pytest.fixture
def member(at: Callable[[str], Any]) -> Member:
    at("2026-11-23 09:00")
    factories.make_topic("arbeit")
    factories.make_volunteer(languages=("ar",))
    return factories.make_member(factories.make_institution("Jobcenter"), name="Sabine Vogt")


@pytest.fixture
def desk(
    browser: Browser, live_server: LiveServer, browser_context_args: dict[str, Any], member: Member
) -> Iterator[Callable[..., Page]]:
    """Open the caseworker's browser, signed in, in a size and a colour scheme."""
    client = Client()
    client.force_login(member.user)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    contexts = []

    def sit_down(size: dict[str, int], scheme: str = "light") -> Page:
        context = browser.new_context(
            **browser_context_args, base_url=live_server.url, viewport=size, color_scheme=scheme
        )
        context.add_cookies([cookie])
        contexts.append(context)
        return context.new_page()

    yield sit_down
    for context in contexts:
        context.close()


def complaints(page: Page) -> list[str]:
    """What axe holds against the page, and whether it is wider than the window."""
    wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    found = [
        f"{rule['id']}: {rule['nodes'][0]['html'][:150]}" for rule in Axe().run(page).response["violations"]
    ]
    return [*found, *(["wider than the window"] if wide else [])]


@pytest.mark.long  # the tour sees these pages once in each run
@pytest.mark.parametrize(
    ("size", "scheme"), [(PHONE, "dark"), (DESKTOP, "light")], ids=["phone-dark", "desktop-light"]
)
def test_axe_finds_nothing_and_nothing_sticks_out(
    desk: Callable[..., Page], member: Member, size: dict[str, int], scheme: str
) -> None:
    page = desk(size, scheme)
    page.goto("/einrichtung/")
    found = {"empty": complaints(page)}
    agreed = factories.make_assistance(by=member, client_reference="A" * 60, place="W" * 90)
    factories.make_agreed(agreed)
    own = f"/einrichtung/anfragen/{agreed.reference}/"
    for path in (
        "/einrichtung/",
        "/einrichtung/anfragen/neu/",
        *(own + t for t in ("", "aendern/", "absagen/")),
    ):
        page.goto(path)
        found[path] = complaints(page)
    page.goto("/einrichtung/anfragen/neu/")
    page.get_by_label("Datum", exact=True).fill("2026-12-25")
    page.get_by_label("Beginn", exact=True).fill("10:00")
    page.get_by_role("button", name="Anfrage absenden").click()
    expect(page.get_by_label("Der Termin findet trotzdem statt")).to_be_visible()
    found["errors"] = complaints(page)
    assert {path: lines for path, lines in found.items() if lines} == {}


def test_a_request_is_filed_with_the_keyboard_alone(desk: Callable[..., Page]) -> None:
    page = desk(DESKTOP)
    page.goto("/einrichtung/anfragen/neu/")
    page.get_by_label("Sprache", exact=True).focus()
    keys = page.keyboard
    keys.type("Arab")
    for _tab in range(3):
        keys.press("Tab")
    keys.type("Arbeit")
    keys.press("Tab")
    keys.press("Tab")
    page.get_by_label("Datum", exact=True).fill("2026-12-08")
    page.get_by_label("Beginn", exact=True).fill("10:00")
    page.get_by_label("einverstanden").focus()
    keys.press("Space")
    keys.press("Tab")
    keys.press("Enter")
    expect(page.get_by_text("Ihre Anfrage ist da.")).to_be_visible(timeout=SLOW)
    filed = AssistanceRequest.objects.get()
    assert (filed.topic.slug, filed.languages.get().language.code) == ("arbeit", "ar")


def test_the_summary_leads_to_the_field(desk: Callable[..., Page]) -> None:
    page = desk(DESKTOP)
    page.goto("/einrichtung/anfragen/neu/")
    page.get_by_role("button", name="Anfrage absenden").click()
    expect(page.get_by_role("alert")).to_be_focused(timeout=SLOW)
    page.get_by_role("alert").get_by_role("link", name="Thema").click()
    expect(page.get_by_label("Thema", exact=True)).to_be_focused(timeout=SLOW)


def test_a_double_click_files_one_request(desk: Callable[..., Page]) -> None:
    page = desk(PHONE)
    page.goto("/einrichtung/anfragen/neu/")
    page.get_by_label("Sprache", exact=True).select_option("ar")
    page.get_by_label("Thema", exact=True).select_option("arbeit")
    page.get_by_label("Datum", exact=True).fill("2026-12-08")
    page.get_by_label("Beginn", exact=True).fill("10:00")
    page.get_by_label("einverstanden").check()
    page.get_by_role("button", name="Anfrage absenden").dblclick(no_wait_after=True)
    expect(page.get_by_text("Ihre Anfrage ist da.")).to_be_visible(timeout=SLOW)
    assert AssistanceRequest.objects.count() == 1
