"""A migrant with a phone, from the first question to the page that says who comes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from lotsen_portal.models import User
from requests_app.models import AssistanceRequest
from tests import factories
from tests.roads import Desk, Post, answer, ask, state_of
from volunteers.models import Volunteer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SMALL = {"width": 375, "height": 667}


@dataclass(frozen=True)
class City:
    """A Monday morning: the office, and somebody who speaks Arabic."""

    coordinator: User
    lotse: Volunteer


@pytest.fixture
def city(at: Callable[[str], datetime]) -> City:
    at("2026-11-23 09:00")
    topic = factories.make_topic("gesundheit")
    factories.make_district()
    return City(factories.make_coordinator(), factories.make_volunteer("Samira Haddad", topics=[topic]))


@pytest.fixture(
    params=[True, pytest.param(False, marks=pytest.mark.long)], ids=["with script", "without script"]
)
def phone(
    request: pytest.FixtureRequest,
    browser: Browser,
    live_server: LiveServer,
    browser_context_args: dict[str, Any],
) -> Iterator[Page]:
    """A small phone, with JavaScript and without."""
    context = browser.new_context(
        **browser_context_args, base_url=live_server.url, viewport=SMALL, java_script_enabled=request.param
    )
    yield context.new_page()
    context.close()


def onward(page: Page) -> None:
    """Press the one large button."""
    page.locator("main button[value=weiter]").click()


def answer_everything(page: Page, *, email: str) -> None:
    """Choose by tapping; only place and contact are typed."""
    page.goto("/ar/")
    page.locator("main a[href='/ar/anfragen/']").first.click()
    page.locator("[name=tongues][value=ar]").check()
    onward(page)
    page.locator("[name=topic][value=gesundheit]").check()
    onward(page)
    onward(page)
    page.locator("[name=know][value=date]").check()
    onward(page)
    page.locator("[name=day]").fill("2026-12-08")
    page.locator("[name=begin]").fill("10:00")
    onward(page)
    page.locator("[name=place]").fill("Rathaus, Zimmer 3")
    page.locator("[name=district]").select_option(index=1)
    onward(page)
    page.locator("[name=client_email]").fill(email)
    page.locator("[name=client_email]").press("Enter")
    page.locator("[name=consent]").check()
    onward(page)
    expect(page.get_by_text("Rathaus, Zimmer 3")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    page.locator("button[value=absenden]").click()


def test_from_the_first_question_to_who_comes(phone: Page, city: City, post: Post, desk: Desk) -> None:
    answer_everything(phone, email="amina@example.org")
    expect(phone).to_have_url(re.compile(r"/ar/anfragen/[\w-]{32}/$"))
    expect(phone.locator("svg[role=img]")).to_be_visible()
    post.deliver()
    reference = AssistanceRequest.objects.get().reference

    office = desk(city.coordinator)
    office.goto(f"/koordination/anfragen/{reference}/")
    office.get_by_role("button", name="Freigeben").click()
    ask(office, reference, city.lotse)
    post.deliver()
    lotse = desk(None)
    answer(lotse, post.last_link(city.lotse.email), "Zusagen")
    expect(lotse.get_by_text("Rathaus, Zimmer 3")).to_be_visible()
    post.deliver()

    link = post.last_link("amina@example.org")
    assert re.search(r"/ar/anfragen/[\w-]{32}/$", link)
    assert state_of(reference) == "confirmed"
    assert "text/calendar" in {part.get_content_type() for part in post.to("amina@example.org")[-1].walk()}
    phone.goto(link)
    expect(phone.get_by_text("Samira Haddad").first).to_be_visible()
    expect(phone.locator("html")).to_have_attribute("lang", "ar")


def test_another_language_in_the_middle_keeps_every_answer(phone: Page, city: City) -> None:
    phone.goto("/anfragen/")
    phone.locator("[name=tongues][value=ar]").check()
    onward(phone)
    phone.locator("[name=topic][value=gesundheit]").check()
    phone.locator("[name=concern]").fill("رسالة من الطبيب")
    phone.locator("header summary").click()
    phone.locator("header button[lang=ar]").click()

    expect(phone.locator("html")).to_have_attribute("dir", "rtl")
    expect(phone.locator("[name=topic][value=gesundheit]")).to_be_checked()
    expect(phone.locator("[name=concern]")).to_have_value("رسالة من الطبيب")
    phone.locator("button[value=zurueck]").click()
    expect(phone.locator("[name=tongues][value=ar]")).to_be_checked()


def test_calling_off_and_taking_the_consent_back(phone: Page, city: City, post: Post) -> None:
    answer_everything(phone, email="amina@example.org")
    page = phone.url
    phone.locator("a[href$='/einwilligung/']").click()
    phone.locator("main button[type=submit]").click()

    expect(phone.locator("h1")).to_be_visible()
    assert phone.goto(page).status == 410  # type: ignore[union-attr]
    filed = AssistanceRequest.objects.get()
    assert (filed.state, filed.client_email, filed.place) == ("cancelled", "", "")
    post.deliver()
    assert post.to("amina@example.org") == []
