"""axe finds nothing on any page, the browser has nothing to complain about, and nothing sticks out.

`make test` sees every kind of page once; `make test-long` sees all pages in light and dark, on phone and
desktop, in every language they are written in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from itertools import cycle
from json import dumps
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, ConsoleMessage, Page, Response
from pytest_django.live_server_helper import LiveServer

from lotsen_portal import outbox
from lotsen_portal.models import User
from requests_app.demo import city as town
from requests_app.views.office import catalogues
from tests import factories
from tests.tour import AREAS, Area, Stop

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE: Final = {"width": 375, "height": 740}
DESKTOP: Final = {"width": 1280, "height": 900}
DIRECTION: Final = {"de": "ltr", "en": "ltr", "tr": "ltr", "uk": "ltr", "ar": "rtl"}
# What has its background's colour is "incomplete" to axe, which cannot know whether it is meant to hide.
AXE: Final = {"resultTypes": ["violations", "incomplete"]}
FRAME: Final = """() => {
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  return {
    lang: document.documentElement.lang, dir: document.documentElement.dir,
    headings: document.querySelectorAll("h1").length,
    twice: ids.filter((id, at) => ids.indexOf(id) !== at),
    title: document.title.trim() !== "",
  };
}"""
WIDER: Final = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return "";
  const out = [...document.body.querySelectorAll("*")].filter((element) => {
    const box = element.getBoundingClientRect();
    return box.width && (box.right > width + 1 || box.left < -1);
  });
  return out.length ? out[0].outerHTML.slice(0, 150) : "somewhere";
}"""


class Walk:
    """One browser that goes from stop to stop as whoever the stop says, and hears what its console says."""

    def __init__(self, page: Page, server: str) -> None:
        self.page, self.server = page, server
        self.heard: list[ConsoleMessage] = []
        self.thrown: list[str] = []
        self.answer: Response | None = None
        self.sessions: dict[int, str] = {}
        page.on("console", lambda said: self.heard.append(said) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.thrown.append(str(error)))
        page.on("response", self._keep_document)

    def _keep_document(self, response: Response) -> None:
        if response.request.is_navigation_request() and response.frame == self.page.main_frame:
            self.answer = response

    def be(self, user: User | None) -> None:
        """Sign in as somebody who has just given the password, or as nobody."""
        self.page.context.clear_cookies()
        if user is None:
            return
        if user.pk not in self.sessions:
            client = Client()
            client.force_login(user)
            client.post(reverse("account_reauthenticate"), {"password": "right-password"})
            self.sessions[user.pk] = client.cookies["sessionid"].value
        cookie = {"name": "sessionid", "value": self.sessions[user.pk], "url": self.server}
        self.page.context.add_cookies([cookie])  # type: ignore[list-item]

    def arrive(self, stop: Stop, language: str) -> list[str]:
        """Go to a stop and return what is wrong with its frame and what the console says."""
        self.be(stop.who)
        self.heard.clear()
        self.thrown.clear()
        self.page.goto(stop.path if language == "de" else f"/{language}{stop.path}")
        if stop.deed is not None:
            stop.deed(self.page)
            self.page.wait_for_load_state()
        frame = self.page.evaluate(FRAME)
        code = self.answer.status if self.answer else 0
        wanted = {"lang": language, "dir": DIRECTION[language], "headings": 1, "twice": [], "title": True}
        wrong = [f"{name}: {frame[name]}" for name, value in wanted.items() if frame[name] != value]
        return [
            *([f"answered {code}"] if code != stop.status else []),
            *wrong,
            *self.thrown,
            *(said.text for said in self.heard if not self._is_own_code(said, stop)),
        ]

    def _is_own_code(self, said: ConsoleMessage, stop: Stop) -> bool:
        """Chromium mentions a page's own code of 400 and more, which a stop may be meant to have."""
        return stop.status >= 400 and f"status of {stop.status}" in said.text

    def look(self, size: dict[str, int], scheme: str) -> list[str]:
        """What axe holds against the page in a size and a scheme, and what is wider than the window."""
        self.page.set_viewport_size(size)  # type: ignore[arg-type]
        self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        wide = self.page.evaluate(WIDER)
        found = Axe().run(self.page, options=AXE).response
        unseen = [
            node for rule in found["incomplete"] for node in rule["nodes"] if '"equalRatio"' in dumps(node)
        ]
        return [
            *(
                f"{rule['id']}: {node['html'][:150]}"
                for rule in found["violations"]
                for node in rule["nodes"][:2]
            ),
            *(f"invisible: {node['html'][:150]}" for node in unseen),
            *([f"wider than the window: {wide}"] if wide else []),
        ]


@pytest.fixture
def walk(
    browser: Browser,
    live_server: LiveServer,
    browser_context_args: dict[str, Any],
    at: Callable[[str], datetime],
    settings: Any,
) -> Iterator[Walk]:
    at("2026-11-23 09:00")
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 24 * 3600  # a long walk on a busy machine
    context = browser.new_context(
        **browser_context_args, base_url=live_server.url, viewport=DESKTOP, reduced_motion="reduce"
    )
    yield Walk(context.new_page(), live_server.url)
    context.close()


def stops_of(area: Area, monkeypatch: pytest.MonkeyPatch) -> list[Stop]:
    stops = area.stops()
    if any(stop.status == 500 for stop in stops):
        monkeypatch.setattr(catalogues.office, "render", broken)
    return stops


def broken(*_arguments: object) -> None:
    raise RuntimeError("made for the error page")


# The long tests see all of them.
RARE: Final = {"account", "coordination", "errors", "more in the office", "more than one", "reports", "stock"}


@pytest.mark.parametrize("name", sorted(AREAS.keys() - RARE))
def test_every_kind_of_page_is_in_order(walk: Walk, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes, found = cycle([DESKTOP, PHONE]), {}
    for stop in stops_of(AREAS[name], monkeypatch):
        if not stop.rare:
            found[stop.name] = walk.arrive(stop, "de") + walk.look(next(sizes), "light")
    assert {stop: lines for stop, lines in found.items() if lines} == {}


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "language"), [(name, language) for name, area in AREAS.items() for language in area.languages]
)
def test_every_page_is_in_order_in_every_look(
    walk: Walk, name: str, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = {}
    for stop in stops_of(AREAS[name], monkeypatch):
        found[stop.name] = walk.arrive(stop, language)
        for scheme in ("light", "dark"):
            for size, called in ((DESKTOP, "desktop"), (PHONE, "phone")):
                found[f"{stop.name}, {scheme}, {called}"] = walk.look(size, scheme)
    assert {stop: lines for stop, lines in found.items() if lines} == {}


def test_the_arabic_start_is_in_order_on_a_dark_phone(walk: Walk) -> None:
    stop = AREAS["public"].stops()[0]
    assert walk.arrive(stop, "ar") + walk.look(PHONE, "dark") == []


@pytest.mark.urls("requests_app.demo.urls")
def test_the_demos_own_pages_are_in_order(walk: Walk, settings: Any, tmp_path: Path) -> None:
    town.found(Random(1), date(2026, 11, 23))
    settings.EMAIL_BACKEND = "requests_app.demo.maildir.MailFolder"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    factories.make_assistance()
    outbox.deliver_due()
    found = {}
    for path, size, scheme in (("/demo/", PHONE, "light"), ("/demo/postfach/", DESKTOP, "dark")):
        found[path] = walk.arrive(Stop(path, path), "de") + walk.look(size, scheme)
    assert {path: lines for path, lines in found.items() if lines} == {}


def test_what_is_wrong_is_heard(walk: Walk) -> None:
    """Without this, an empty list would prove nothing."""
    spoil = """() => {
      document.querySelector("main").insertAdjacentHTML(
        "beforeend", "<p style='color: red'>!</p><input><h1 id='inhalt'>2</h1><p class='gone'>Weg</p>");
      document.adoptedStyleSheets = [new CSSStyleSheet()];
      document.adoptedStyleSheets[0].replaceSync(".gone { color: #fff; background: #fff; width: 3000px }");
    }"""
    stop = Stop("spoilt", "/", deed=lambda page: page.evaluate(spoil))
    heard = " ".join(walk.arrive(stop, "de") + walk.look(PHONE, "light"))
    for word in (
        "Content Security Policy",
        "headings: 2",
        "twice",
        "wider than the window",
        "label:",
        "invisible",
    ):
        assert word in heard
