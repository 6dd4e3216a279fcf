"""An institution through pages in Chromium: from the registration to the first request, and its team."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from playwright.sync_api import expect

from requests_app.models import AssistanceRequest, Member
from tests import factories
from tests.roads import NORA, Desk, Post, file_request, let_in, register, sign_in, state_of

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.django_db(transaction=True)]

KAI = "kai@praxis-hafen.example"


def test_from_registration_to_the_first_request(
    post: Post, desk: Desk, at: Callable[[str], datetime]
) -> None:
    at("2026-11-23 09:00")
    factories.make_district()
    factories.make_volunteer(topics=[factories.make_topic("erziehung")])
    nora, office = desk(None), desk(factories.make_coordinator())
    register(nora, post)
    let_in(office)
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
