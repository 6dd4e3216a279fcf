"""What every test may ask for."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import hypothesis
import pytest
from django.core.cache import cache
from django.utils import translation
from playwright.sync_api import Page

from lotsen_portal import clock
from tests.roads import desk, post

__all__ = ["desk", "post"]

# Four thousand short lives: looking for cycles seldom saves a tenth of the time.
gc.set_threshold(200_000, 50, 100)

# A busy machine is slow, not wrong.
hypothesis.settings.register_profile("suite", deadline=None)
hypothesis.settings.load_profile("suite")

NO_BROWSER = "No Chromium on this machine: NOTHING WAS TESTED IN A BROWSER (Debian: apt install chromium)."


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], datetime]:
    """Set the portal's clock to a Berlin time such as "2026-11-23 09:00"; returns the moment in UTC."""

    def move(text: str) -> datetime:
        moment = datetime.fromisoformat(text).replace(tzinfo=clock.TZ).astimezone(UTC)
        monkeypatch.setattr(clock, "_source", lambda: moment)
        return moment

    return move


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Leave the test database to end with its server: a page of the last browser may still read it."""
    return True


@pytest.fixture(autouse=True)
def german() -> Iterator[None]:
    """Speak German again: a request leaves its language behind in the thread."""
    with translation.override("de"):
        yield


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """Forget throttles and queued tasks of the test before."""
    cache.clear()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Drive the machine's own Chromium; Playwright's would have to be downloaded."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail(NO_BROWSER)
        pytest.skip(NO_BROWSER)
    flags = ["--disable-dev-shm-usage", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    return {**browser_type_launch_args, "executable_path": found, "args": flags}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Browse as somebody in Neuss."""
    return {**browser_context_args, "locale": "de-DE", "timezone_id": "Europe/Berlin"}


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """Collect what the browser's console holds against the page: errors, and breaches of the CSP above all.
    Read it before axe runs, which injects styles of its own."""
    heard: list[str] = []
    page.on("console", lambda said: heard.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard
