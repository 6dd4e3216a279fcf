"""A broken dependency gets a kind page, any other fault a page that says so; neither needs what is broken."""

from __future__ import annotations

import pytest
from django.db import OperationalError
from django.test import Client
from redis.exceptions import ConnectionError as BrokerAway

from lotsen_portal import public

pytestmark = pytest.mark.django_db


def breaks(monkeypatch: pytest.MonkeyPatch, error: Exception) -> Client:
    """A landing page that meets this error."""

    def broken(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(public, "render", broken)
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("error", [OperationalError("gone"), BrokerAway("gone")])
def test_while_a_dependency_is_away_the_page_asks_to_come_back(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    response = breaks(monkeypatch, error).get("/")

    assert (response.status_code, response["Retry-After"]) == (503, "60")
    assert "Gleich wieder da" in response.content.decode()


def test_any_other_fault_is_a_500_without_details(monkeypatch: pytest.MonkeyPatch) -> None:
    response = breaks(monkeypatch, ValueError("Amina Beispiel")).get("/")

    assert response.status_code == 500
    assert "Amina" not in response.content.decode()
