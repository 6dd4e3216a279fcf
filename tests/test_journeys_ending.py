"""How requests end, through the pages: two phones, two links from mails, and the office where they differ."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from requests_app import tasks
from requests_app.models import Assignment
from tests import factories
from tests.factories import NOW, make_agreed, make_assistance, make_volunteer
from tests.roads import Desk, Post, state_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def phone(
    browser: Browser, live_server: LiveServer, browser_context_args: dict[str, Any]
) -> Iterator[Callable[[str], Page]]:
    """Open a link on the phone of a stranger, who is signed in nowhere."""
    contexts = []

    def pick_up(link: str) -> Page:
        size = {"width": 375, "height": 740}
        context = browser.new_context(**browser_context_args, viewport=size, base_url=live_server.url)
        contexts.append(context)
        page = context.new_page()
        page.goto(link)
        return page

    yield pick_up
    for context in contexts:
        context.close()


@pytest.fixture
def over(post: Post, at: Callable[[str], datetime]) -> Assignment:
    """An appointment that is over since half an hour; both sides have the mail that asks how it was."""
    at("2026-11-23 09:00")
    member = factories.make_member(factories.make_institution("Kita Sonnenschein"), name="Hanna Weber")
    lotse = make_volunteer("Samira Haddad", user=factories.make_user("Samira Haddad"))
    agreed = make_agreed(make_assistance(by=member), lotse, now=NOW)
    at("2026-12-08 11:30")
    tasks.follow_up()
    post.deliver()
    return agreed


def test_both_sides_tell_on_a_phone_and_the_request_is_done(
    post: Post, over: Assignment, phone: Callable[[str], Page], desk: Desk
) -> None:
    requester, lotse = over.assistance.filed_by, over.volunteer
    assert requester is not None
    assert post.subjects(lotse.email)[-1].startswith("Wie war Ihr Einsatz")
    hers = phone(post.last_link(lotse.email))
    expect(hers.get_by_text("Amina Beispiel")).to_have_count(0)
    hers.get_by_label("Dauer in Minuten").fill("75")
    hers.get_by_label("Bitte rufen Sie mich an").check()
    hers.get_by_role("button", name="Hat stattgefunden").click()
    expect(hers.get_by_role("heading", name="Vielen Dank!")).to_be_visible()
    expect(hers.get_by_text("Wir rufen Sie bald an.")).to_be_visible()
    assert state_of(over.assistance.reference) == "confirmed"

    theirs = phone(post.last_link(requester.email))
    theirs.get_by_text("Möchten Sie etwas dazu sagen?").click()
    theirs.get_by_label("Wie ist es gelaufen?").fill("Sehr hilfreich.")
    theirs.get_by_role("button", name="Hat stattgefunden").click()
    expect(theirs.get_by_role("heading", name="Alles erledigt. Vielen Dank!")).to_be_visible()
    assert state_of(over.assistance.reference) == "done"
    hers.reload()
    expect(hers.get_by_role("heading", name="Alles erledigt. Vielen Dank!")).to_be_visible()

    office = desk(factories.make_coordinator())
    office.goto("/koordination/")
    expect(office.get_by_role("heading", name="Bittet nach dem Einsatz um Anruf")).to_be_visible()
    office.get_by_role("button", name=re.compile("Angerufen")).click()
    expect(office.get_by_text("Notiert: Der Anruf ist erledigt.")).to_be_visible()
    expect(office.get_by_role("heading", name="Bittet nach dem Einsatz um Anruf")).to_have_count(0)


@pytest.mark.long
def test_two_different_answers_come_to_the_office_who_decides(
    post: Post, over: Assignment, phone: Callable[[str], Page], desk: Desk
) -> None:
    requester = over.assistance.filed_by
    assert requester is not None
    hers = phone(post.last_link(over.volunteer.email))
    hers.get_by_role("button", name="Die Klientin oder der Klient kam nicht").click()
    expect(hers.get_by_role("heading", name="Vielen Dank!")).to_be_visible()
    theirs = phone(post.last_link(requester.email))
    theirs.get_by_role("button", name="Hat stattgefunden").click()
    expect(theirs.get_by_role("heading", name="Vielen Dank!")).to_be_visible()

    office = desk(factories.make_coordinator())
    office.goto("/koordination/")
    expect(office.get_by_role("heading", name="Rückmeldungen widersprechen sich")).to_be_visible()
    office.get_by_role("button", name=re.compile("Es gilt: Klientin oder Klient kam nicht")).click()
    expect(office.get_by_text("Die Anfrage ist erledigt.")).to_be_visible()
    expect(office.get_by_role("heading", name="Rückmeldungen widersprechen sich")).to_have_count(0)
    over.refresh_from_db()
    assert (state_of(over.assistance.reference), over.state) == ("done", "client_absent")
    theirs.reload()
    expect(theirs.get_by_text("Das Integrationsamt hat die Anfrage schon abgeschlossen.")).to_be_visible()


@pytest.mark.long
def test_a_correction_from_the_own_pages_settles_what_differed(
    post: Post, over: Assignment, phone: Callable[[str], Page], desk: Desk
) -> None:
    requester, user = over.assistance.filed_by, over.volunteer.user
    assert requester is not None
    assert user is not None
    phone(post.last_link(over.volunteer.email)).get_by_role("button", name="Es war anders").click()
    caseworker = desk(requester)
    caseworker.goto(f"/einrichtung/anfragen/{over.assistance.reference}/")
    caseworker.get_by_role("button", name="Hat stattgefunden").click()
    expect(caseworker.get_by_role("heading", name="Vielen Dank!")).to_be_visible()

    lotse = desk(user)
    lotse.goto(f"/lotse/einsatz/{over.pk}/")
    lotse.get_by_role("link", name="Rückmeldung ändern").click()
    lotse.get_by_text("Rückmeldung ändern").click()
    lotse.get_by_role("button", name="Hat stattgefunden").click()
    expect(lotse.get_by_role("heading", name="Alles erledigt. Vielen Dank!")).to_be_visible()
    assert state_of(over.assistance.reference) == "done"


def test_a_lotse_shows_copies_and_renews_the_address_of_the_calendar(over: Assignment, desk: Desk) -> None:
    page = desk(over.volunteer.user)
    page.goto("/lotse/")
    page.get_by_role("link", name="Termine im eigenen Kalender sehen").click()
    page.get_by_role("button", name="Adresse anzeigen").click()
    first = page.get_by_label("Geheime Adresse").input_value()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Kopieren").click()
    expect(page.get_by_role("button", name="Kopiert")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == first
    assert page.request.get(first).headers["content-type"] == "text/calendar; charset=utf-8"
    page.get_by_role("button", name="Adresse erneuern").click()
    expect(page.get_by_label("Geheime Adresse")).not_to_have_value(first)
    assert page.request.get(first).status == 410
