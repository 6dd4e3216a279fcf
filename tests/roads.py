"""What the journeys through a real browser share: the post, a desk for each person, and the common steps."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from typing import Any, Final

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from lotsen_portal import outbox
from lotsen_portal.models import User
from requests_app.models import AssistanceRequest
from tests.smtp_sink import Server, Sink
from volunteers.models import Volunteer

LINK = re.compile(r"https?://\S+")
Desk = Callable[[User | None], Page]

NORA: Final = "nora@praxis-hafen.example"


class Post:
    """What arrived at the SMTP server, as its readers would look for it."""

    def __init__(self, sink: Sink, server: str) -> None:
        self.sink, self.server = sink, server

    def deliver(self) -> None:
        """Let the worker's task run: everything due goes out over SMTP."""
        outbox.deliver_due()

    def to(self, address: str) -> list[EmailMessage]:
        """The letters to one address, oldest first."""
        return [
            letter
            for to, letter in zip(self.sink.recipients, self.sink.messages, strict=True)
            if to == address
        ]

    def last_link(self, address: str) -> str:
        """The link in the newest letter to this address."""
        body = self.to(address)[-1].get_body(("plain",))
        assert body is not None
        return LINK.findall(body.get_content())[0]

    def subjects(self, address: str) -> list[str]:
        """The subject lines to one address, oldest first."""
        return [str(letter["Subject"]) for letter in self.to(address)]


@pytest.fixture
def post(live_server: LiveServer, settings: Any) -> Iterator[Post]:
    settings.SITE_URL = live_server.url
    with Server() as sink:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        yield Post(sink, live_server.url)


@pytest.fixture
def desk(browser: Browser, live_server: LiveServer, browser_context_args: dict[str, Any]) -> Iterator[Desk]:
    """Open a browser of its own for one person, signed in; None is a stranger with a phone."""
    contexts = []

    def sit_down(user: User | None) -> Page:
        context = browser.new_context(**browser_context_args, base_url=live_server.url)
        contexts.append(context)
        if user is not None:
            client = Client()
            client.force_login(user)
            session = client.cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        return context.new_page()

    yield sit_down
    for context in contexts:
        context.close()


def register(page: Page, post: Post) -> None:
    """Nora registers her practice, from the landing page to the confirmed address."""
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
    post.deliver()
    page.goto(post.last_link(NORA))
    page.get_by_role("button", name="Anmeldung bestätigen").click()
    expect(page.get_by_role("heading", name="Danke, Ihre Anmeldung ist bestätigt")).to_be_visible()


def let_in(office: Page) -> None:
    """The coordinator lets Nora's practice in, from the work queue."""
    office.goto("/koordination/")
    office.get_by_role("link", name=re.compile("Prüfen.*Praxis am Hafen")).click()
    office.get_by_role("button", name="Als neue Einrichtung aufnehmen").click()
    expect(office.get_by_role("heading", name="Praxis am Hafen")).to_be_visible()


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


def fill_in_request(page: Page, day: str, begin: str) -> None:
    """Fill the form as a caseworker does, without sending it."""
    page.goto("/einrichtung/")
    page.get_by_role("link", name="Neue Anfrage").first.click()
    page.get_by_label("Sprache", exact=True).select_option("ar")
    page.get_by_label("Thema").select_option("erziehung")
    page.get_by_label("Datum").fill(day)
    page.get_by_label("Beginn").fill(begin)
    page.get_by_label("Dauer").fill("60")
    page.get_by_label("Anliegen").fill("Gespräch über den Kita-Platz")
    page.get_by_label("Ihr Zeichen").fill("K-17")
    page.get_by_label("Name", exact=True).fill("Amina Beispiel")
    page.get_by_label(re.compile("einverstanden")).check()


def file_request(page: Page, day: str = "2026-12-08", begin: str = "10:00") -> str:
    """Fill the form as a caseworker does and return the reference of the new request."""
    fill_in_request(page, day, begin)
    page.get_by_role("button", name="Anfrage absenden").click()
    expect(page.get_by_text("NE-2026-").first).to_be_visible()
    return AssistanceRequest.objects.latest("pk").reference


def ask(page: Page, reference: str, *volunteers: Volunteer) -> None:
    """The coordinator goes from the work queue to the request and asks."""
    page.goto("/koordination/")
    page.get_by_role("link", name=re.compile(reference)).first.click()
    for volunteer in volunteers:
        page.locator("li", has=page.get_by_role("heading", name=volunteer.name)).get_by_role(
            "button", name="Anfragen", exact=True
        ).click()


def answer(page: Page, link: str, button: str) -> None:
    page.goto(link)
    page.get_by_role("button", name=button, exact=True).click()


def state_of(reference: str) -> str:
    return AssistanceRequest.objects.get(reference=reference).state
