"""An institution through pages in Chromium: from the registration to the first request, and its team."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from playwright.sync_api import Page, expect

from requests_app.models import AssistanceRequest, Member
from tests import factories
from tests.roads import Desk, Post, file_request, state_of

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.django_db(transaction=True)]

NORA = "nora@praxis-hafen.example"
KAI = "kai@praxis-hafen.example"


def sign_in(page: Page, post: Post, email: str) -> None:
    """By the link of the last mail, with the mailed code."""
    page.goto(post.last_link(email))
    page.get_by_label("E-Mail").fill(email)
    page.get_by_role("button", name=re.compile("Code")).click()
    body = post.to(email)[-1].get_body(("plain",))
    assert body is not None
    code = re.search(r"^\s*([A-Z0-9-]{6,12})\s*$", body.get_content(), re.MULTILINE)
    assert code is not None
    page.get_by_label("Code").fill(code.group(1))
    page.get_by_role("button", name="Weiter", exact=True).click()
    expect(page).to_have_url(re.compile("/einrichtung/$"))


def register(page: Page) -> None:
    """From the landing page through the form."""
    page.goto("/")
    page.get_by_role("link", name="Einrichtung anmelden").first.click()
    page.get_by_label("Name der Einrichtung").fill("Praxis am Hafen")
    page.get_by_label("Art der Einrichtung").select_option("health")
    page.get_by_label("Straße und Hausnummer").fill("Hafenstraße 5")
    page.get_by_label("Postleitzahl").fill("41460")
    page.get_by_label("Stadtteil").select_option(label="Innenstadt")
    page.get_by_label("Ihr Name").fill("Nora Neu")
    page.get_by_label("Ihre dienstliche E-Mail-Adresse").fill(NORA)
    page.get_by_role("button", name="Einrichtung anmelden").click()
    expect(page.get_by_role("heading", name="Bitte sehen Sie in Ihre E-Mails")).to_be_visible()


def test_from_registration_to_the_first_request(
    post: Post, desk: Desk, at: Callable[[str], datetime]
) -> None:
    at("2026-11-23 09:00")
    factories.make_district()
    factories.make_volunteer(topics=[factories.make_topic("erziehung")])
    nora = desk(None)
    register(nora)
    post.deliver()
    nora.goto(post.last_link(NORA))
    nora.get_by_role("button", name="Anmeldung bestätigen").click()
    expect(nora.get_by_role("heading", name="Danke, Ihre Anmeldung ist bestätigt")).to_be_visible()

    office = desk(factories.make_coordinator())
    office.goto("/koordination/")
    office.get_by_role("link", name=re.compile("Prüfen.*Praxis am Hafen")).click()
    office.get_by_role("button", name="Als neue Einrichtung aufnehmen").click()
    expect(office.get_by_role("heading", name="Praxis am Hafen")).to_be_visible()
    post.deliver()
    sign_in(nora, post, NORA)
    reference = file_request(nora)

    assert state_of(reference) == "open"
    assert AssistanceRequest.objects.get().institution == Member.objects.get().institution
    post.deliver()
    assert reference in post.subjects(NORA)[-1]


def test_the_team_grows_a_request_changes_hands_and_somebody_leaves(
    post: Post, desk: Desk, at: Callable[[str], datetime]
) -> None:
    at("2026-11-23 09:00")
    house = factories.make_institution("Praxis am Hafen", mail_domain="praxis-hafen.example")
    boss = factories.make_member(house, manager=True, name="Nora Neu")
    factories.make_volunteer(topics=[factories.make_topic("erziehung")])
    nora = desk(boss.user)
    reference = file_request(nora)
    nora.get_by_role("link", name="Team", exact=True).click()
    nora.get_by_label("Name", exact=True).fill("Kai Kollege")
    nora.get_by_label("Dienstliche E-Mail-Adresse").fill(KAI)
    nora.get_by_role("button", name="Einladen").click()
    expect(nora.get_by_text("Kai Kollege bekommt eine E-Mail.")).to_be_visible()
    post.deliver()

    kai = desk(None)
    sign_in(kai, post, KAI)
    kai.get_by_role("link", name=reference).click()
    kai.get_by_role("button", name="Übernehmen").click()
    expect(kai.get_by_text("Alle E-Mails dazu gehen an Sie.")).to_be_visible()
    post.deliver()
    assert post.subjects(boss.user.email)[-1] == f"Übernommen: Anfrage {reference}"

    nora.goto("/einrichtung/team/")
    nora.get_by_role("link", name=re.compile("Entfernen.*Kai")).click()
    nora.get_by_role("button", name="Entfernen").click()
    expect(nora.get_by_text("Kai Kollege gehört nicht mehr zum Team.")).to_be_visible()
    gone = kai.goto(f"/einrichtung/anfragen/{reference}/")
    assert gone is not None
    assert (gone.status, state_of(reference)) == (404, "open")
