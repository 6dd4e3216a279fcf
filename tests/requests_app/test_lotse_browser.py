"""The volunteer's pages in a real browser: on a phone on a bus, in the dark, from right to left."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from lotsen_portal.audit import Actor
from requests_app import mails, workflow
from requests_app.models import Assignment, Offer
from tests import factories
from tests.factories import NOW, make_agreed, make_assistance, make_offer, make_volunteer, period

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 375, "height": 740}
DESKTOP = {"width": 1280, "height": 900}
SLOW = 20_000  # milliseconds, on a busy machine


@pytest.fixture
def lotse(at: Callable[[str], Any]) -> Any:
    at("2026-11-23 10:00")
    user = factories.make_user("Leyla Demir")
    return make_volunteer("Leyla Demir", user=user, languages=("ar", "kmr"))


@pytest.fixture
def offer(lotse: Any) -> Offer:
    return make_offer(make_assistance(languages=("ar", "kmr"), client_notes="Am Haupteingang."), lotse)


def page_of(offer: Offer) -> str:
    return reverse("answer", args=[mails.answer_token(offer)])


def found(page: Page) -> list[str]:
    """What axe holds against the page, and whether it is wider than the window."""
    wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    rules = Axe().run(page).response["violations"]
    return [f"{rule['id']}: {rule['nodes'][0]['html'][:150]}" for rule in rules] + ["too wide"] * wide


@pytest.mark.long  # the tour sees these pages once in each run
@pytest.mark.parametrize(
    ("size", "scheme", "prefix"),
    [(PHONE, "dark", "/ar"), (PHONE, "light", ""), (DESKTOP, "light", "/en")],
    ids=["phone-dark-arabic", "phone-light-german", "desktop-light-english"],
)
def test_axe_finds_nothing_on_any_page(
    browser: Browser, live_server: LiveServer, lotse: Any, offer: Offer, size: Any, scheme: Any, prefix: str
) -> None:
    changed = make_assistance(when=period("2026-12-10"))
    asked = make_offer(changed, lotse)
    new = workflow.Change(
        period=period("2026-12-11", "14:00"),
        mode="phone",
        district=changed.district,
        place=changed.place,
        languages=tuple(row.language for row in changed.languages.all()),
    )
    workflow.change(changed.pk, new, version=1, by=Actor.member(changed.filed_by), now=NOW)
    agreed = make_agreed(make_assistance(when=period("2026-12-15")), lotse)
    client = Client()
    client.force_login(lotse.user)
    context = browser.new_context(base_url=live_server.url, viewport=size, color_scheme=scheme)
    page = context.new_page()
    complaints: dict[str, list[str]] = {}

    def look(name: str, path: str) -> None:
        page.goto(prefix + path)
        complaints[name] = found(page)

    for name, one in {"open": offer, "changed": asked, "code": agreed.offer}.items():
        look(name, page_of(one))
    look("unknown", "/lotse/antwort/x/")
    context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    look("agreed", page_of(agreed.offer))
    look("home", "/lotse/")
    look("appointment", reverse("lotse_appointment", args=[agreed.pk]))
    look("step down", reverse("lotse_step_down", args=[agreed.pk]))
    context.close()
    assert complaints == {name: [] for name in complaints}


def test_a_phone_says_yes_in_one_press_and_shows_where_to_go(
    page: Page, live_server: LiveServer, offer: Offer, complaints: list[str]
) -> None:
    posted = []
    page.on("request", lambda sent: posted.append(sent.headers) if sent.method == "POST" else None)
    page.set_viewport_size(PHONE)
    page.goto(live_server.url + page_of(offer))
    page.get_by_role("button", name="Zusagen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Danke, Sie sind dabei", timeout=SLOW)
    expect(page.get_by_text("Am Haupteingang.")).to_be_visible()
    assert complaints == []
    # Neither our own logs nor anybody else's get the token; the origin must stay for the form to be taken.
    assert [(headers["origin"], headers["referer"]) for headers in posted] == [
        (live_server.url, live_server.url + "/")
    ]
    page.get_by_text("Sie können doch nicht kommen?").click()
    page.get_by_role("button", name="Ich kann doch nicht kommen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sie sind nicht mehr eingeplant", timeout=SLOW)
    assert Assignment.objects.get().state == "stepped_down"


def test_a_no_with_a_reason_needs_no_mouse(page: Page, live_server: LiveServer, offer: Offer) -> None:
    page.goto(live_server.url + page_of(offer))
    page.get_by_text("Sie möchten einen Grund").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Grund").fill("Ich arbeite an dem Tag.")
    page.get_by_role("button", name="Ablehnen").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Danke für Ihre Antwort", timeout=SLOW)
    offer.refresh_from_db()
    assert (offer.state, offer.reason) == ("declined", "Ich arbeite an dem Tag.")
    assert offer.answered_at == NOW + timedelta(hours=1)
