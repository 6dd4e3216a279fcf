"""The whole road through pages in Chromium, with mail by a real SMTP server or the demo's mailbox."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from lotsen_portal import outbox
from requests_app import tasks
from tests import factories
from tests.roads import Desk, Post, answer, ask, file_request, state_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def people(at: Callable[[str], datetime]) -> dict[str, Any]:
    """A Monday morning: an institution, the office, two volunteers who speak Arabic."""
    at("2026-11-23 09:00")
    house = factories.make_institution("Kita Sonnenschein", email="kita@example.org")
    member = factories.make_member(house, name="Hanna Weber")
    factories.make_topic("erziehung")
    return {
        "member": member.user,
        "coordinator": factories.make_coordinator(),
        "first": factories.make_volunteer("Samira Haddad", topics=[factories.make_topic("erziehung")]),
        "second": factories.make_volunteer("Yusuf Karim"),
    }


def test_from_filing_to_the_reminder(
    post: Post, people: dict[str, Any], desk: Desk, at: Callable[[str], datetime]
) -> None:
    reference = file_request(desk(people["member"]))
    ask(desk(people["coordinator"]), reference, people["first"])
    post.deliver()
    phone = desk(None)
    answer(phone, post.last_link(people["first"].email), "Zusagen")

    expect(phone.get_by_text("Amina Beispiel")).to_be_visible()
    expect(phone.get_by_text("Kita Sonnenschein").first).to_be_visible()
    post.deliver()
    caseworker = desk(people["member"])
    caseworker.goto(f"/einrichtung/anfragen/{reference}/")
    expect(caseworker.get_by_text("Samira Haddad").first).to_be_visible()
    assert state_of(reference) == "confirmed"
    assert any(
        part.get_content_type() == "text/calendar" for part in post.to(people["first"].email)[-1].walk()
    )

    before = len(post.to(people["first"].email))
    at("2026-12-07 12:01")
    post.deliver()
    reminder = post.to(people["first"].email)[before:]
    assert len(reminder) == 1
    assert "Amina" not in str(reminder[0].get_body(("plain",)))


@pytest.mark.long
def test_a_no_and_then_anothers_yes(post: Post, people: dict[str, Any], desk: Desk) -> None:
    reference = file_request(desk(people["member"]))
    office = desk(people["coordinator"])
    ask(office, reference, people["first"])
    post.deliver()
    first = desk(None)
    answer(first, post.last_link(people["first"].email), "Ablehnen")
    assert state_of(reference) == "open"

    ask(office, reference, people["second"])
    post.deliver()
    answer(desk(None), post.last_link(people["second"].email), "Zusagen")
    assert state_of(reference) == "confirmed"


@pytest.mark.long
def test_the_slower_of_two_is_thanked(post: Post, people: dict[str, Any], desk: Desk) -> None:
    reference = file_request(desk(people["member"]))
    office = desk(people["coordinator"])
    office.goto(f"/koordination/anfragen/{reference}/")
    for volunteer in (people["first"], people["second"]):
        office.get_by_label(volunteer.name).check()
    office.get_by_role("button", name="Ausgewählte anfragen").click()
    post.deliver()
    slow = desk(None)
    slow.goto(post.last_link(people["second"].email))
    answer(desk(None), post.last_link(people["first"].email), "Zusagen")
    slow.get_by_role("button", name="Zusagen", exact=True).click()

    expect(slow.get_by_role("heading", level=1)).to_be_visible()
    expect(slow.get_by_role("button", name="Zusagen", exact=True)).to_have_count(0)
    post.deliver()
    assert len(post.subjects(people["second"].email)) == 2


@pytest.mark.long
def test_a_cancellation_reaches_everybody(
    post: Post, people: dict[str, Any], desk: Desk, at: Callable[[str], datetime]
) -> None:
    caseworker = desk(people["member"])
    reference = file_request(caseworker)
    ask(desk(people["coordinator"]), reference, people["first"])
    post.deliver()
    link = post.last_link(people["first"].email)
    answer(desk(None), link, "Zusagen")
    post.deliver()
    caseworker.goto(f"/einrichtung/anfragen/{reference}/absagen/")
    caseworker.get_by_label("Grund").fill("Der Termin entfällt.")
    caseworker.get_by_role("button", name=re.compile("absagen", re.IGNORECASE)).last.click()
    post.deliver()

    assert state_of(reference) == "cancelled"
    last = post.to(people["first"].email)[-1]
    assert "METHOD:CANCEL" in "".join(
        str(part.get_content()) for part in last.walk() if part.get_content_type() == "text/calendar"
    )
    late = desk(None)
    late.goto(link)
    expect(late.get_by_role("button", name="Zusagen", exact=True)).to_have_count(0)
    count = len(post.sink.raw)
    at("2026-12-07 12:01")
    post.deliver()
    assert len(post.sink.raw) == count


@pytest.mark.long
def test_a_change_between_opening_the_link_and_saying_yes(
    post: Post, people: dict[str, Any], desk: Desk
) -> None:
    caseworker = desk(people["member"])
    reference = file_request(caseworker)
    ask(desk(people["coordinator"]), reference, people["first"])
    post.deliver()
    phone = desk(None)
    phone.goto(post.last_link(people["first"].email))
    caseworker.goto(f"/einrichtung/anfragen/{reference}/aendern/")
    caseworker.get_by_label("Beginn").fill("14:30")
    caseworker.get_by_role("button", name=re.compile("speichern|ändern", re.IGNORECASE)).last.click()

    phone.get_by_role("button", name="Zusagen", exact=True).click()
    expect(phone.get_by_text("14:30").first).to_be_visible()
    expect(phone.get_by_text("10:00").first).to_be_visible()
    assert state_of(reference) == "offered"
    phone.get_by_role("button", name="Zusagen", exact=True).click()
    expect(phone.get_by_text("Amina Beispiel")).to_be_visible()
    assert state_of(reference) == "confirmed"


def test_signing_in_with_a_mailed_code(post: Post, people: dict[str, Any], desk: Desk) -> None:
    page = desk(None)
    page.goto("/einrichtung/")
    page.goto("/konto/login/code/")
    page.get_by_label("E-Mail").fill(people["member"].email)
    page.get_by_role("button", name=re.compile("Code")).click()
    body = post.to(people["member"].email)[-1].get_body(("plain",))
    assert body is not None
    code = re.search(r"^\s*([A-Z0-9-]{6,12})\s*$", body.get_content(), re.MULTILINE)
    assert code is not None
    page.get_by_label("Code").fill(code.group(1))
    page.get_by_role("button", name="Weiter", exact=True).click()
    expect(page).to_have_url(re.compile("/einrichtung/$"))


@pytest.mark.long
def test_the_unanswered_offer_expires_and_comes_back_to_the_office(
    post: Post, people: dict[str, Any], desk: Desk, at: Callable[[str], datetime]
) -> None:
    reference = file_request(desk(people["member"]))
    office = desk(people["coordinator"])
    ask(office, reference, people["first"])
    post.deliver()
    at("2026-11-25 09:01")
    tasks.expire_offers()

    office.goto("/koordination/")
    expect(office.get_by_role("link", name=re.compile(reference)).first).to_be_visible()
    late = desk(None)
    late.goto(post.last_link(people["first"].email))
    expect(late.get_by_role("button", name="Zusagen", exact=True)).to_have_count(0)


@pytest.mark.long
@pytest.mark.urls("requests_app.demo.urls")
def test_the_road_by_the_demos_mailbox(
    people: dict[str, Any],
    desk: Desk,
    settings: Any,
    tmp_path: Path,
    live_server: LiveServer,
) -> None:
    settings.SITE_URL = live_server.url
    settings.EMAIL_BACKEND = "requests_app.demo.maildir.MailFolder"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    reference = file_request(desk(people["member"]))
    ask(desk(people["coordinator"]), reference, people["first"])
    outbox.deliver_due()
    phone = desk(None)
    phone.goto("/demo/postfach/")
    phone.locator(f'a[href*="{live_server.url}/lotse/antwort/"]').first.click()
    phone.get_by_role("button", name="Zusagen", exact=True).click()
    expect(phone.get_by_text("Amina Beispiel")).to_be_visible()
    outbox.deliver_due()
    phone.goto("/demo/postfach/")
    expect(phone.locator("article", has_text=people["member"].email).first).to_be_visible()
