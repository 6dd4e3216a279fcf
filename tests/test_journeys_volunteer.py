"""From the first interest to the first accepted appointment, through the pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from playwright.sync_api import Page, expect

from tests import factories
from tests.roads import Desk, Post, answer, ask, file_request, state_of
from volunteers.models import Application, Volunteer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.long]

MINA = "mina@example.org"


def apply(page: Page) -> None:
    """Mina fills in the form, from the landing page on."""
    page.goto("/")
    page.get_by_role("link", name="Lotsin oder Lotse werden").first.click()
    page.get_by_role("link", name=re.compile("Jetzt bewerben")).click()
    page.get_by_label("Ihr Name").fill("Mina Muster")
    page.get_by_label("E-Mail", exact=True).fill(MINA)
    page.get_by_label(re.compile("sehr gut")).check()
    page.get_by_label("Sprache", exact=True).select_option("ar")
    page.get_by_label("Dienstag vormittags").check()
    page.get_by_label("Dienstag nachmittags").check()
    page.get_by_label("Erziehung").check()
    page.get_by_label("Warum möchten Sie mitmachen?").fill("Mir hat auch jemand geholfen.")
    page.get_by_role("button", name="Bewerbung absenden").click()
    expect(page.get_by_role("heading", name="Bitte sehen Sie in Ihre E-Mails")).to_be_visible()


def lead_on(office: Page, button: str) -> None:
    """The coordinator opens the application, looks at the mail and takes the step."""
    office.goto("/koordination/bewerbungen/")
    office.get_by_role("link", name="Mina Muster").click()
    office.get_by_role("link", name=button).click()
    expect(office.get_by_role("heading", name="Diese E-Mail geht hinaus")).to_be_visible()
    office.get_by_role("button", name=button).click()
    expect(office.get_by_role("heading", name="Mina Muster")).to_be_visible()


def test_from_the_first_interest_to_the_first_accepted_appointment(
    post: Post, desk: Desk, at: Callable[[str], datetime]
) -> None:
    at("2026-11-23 09:00")
    factories.make_language("ar")
    factories.make_topic("erziehung")
    mina = desk(None)
    apply(mina)
    post.deliver()
    page = post.last_link(MINA)
    mina.goto(page)
    mina.get_by_role("button", name="Bewerbung bestätigen").click()
    expect(mina.get_by_role("heading", name="Danke, Ihre Bewerbung ist da")).to_be_visible()

    office = desk(factories.make_coordinator())
    office.goto("/koordination/")
    expect(office.get_by_text("Neu: bitte ansehen.")).to_be_visible()
    for button in ("Zum Gespräch einladen", "Unterlagen anfordern", "In die Schulung"):
        lead_on(office, button)
    mina.reload()
    expect(mina.get_by_role("heading", name="Als Nächstes kommt die Schulung")).to_be_visible()
    Volunteer.objects.update(undertaking_on="2026-11-20")
    lead_on(office, "Aktiv setzen")
    post.deliver()
    assert post.subjects(MINA)[-1] == "Willkommen bei den Integrationslotsen"
    mina.reload()
    expect(mina.get_by_role("heading", name="Sie sind dabei")).to_be_visible()

    member = factories.make_member(factories.make_institution("Kita Sonnenschein"), name="Hanna Weber")
    reference = file_request(desk(member.user))
    ask(office, reference, Application.objects.get().volunteer)  # type: ignore[arg-type]
    post.deliver()
    answer(mina, post.last_link(MINA), "Zusagen")
    expect(mina.get_by_text("Amina Beispiel")).to_be_visible()
    assert state_of(reference) == "confirmed"
