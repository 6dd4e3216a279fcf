"""The road of somebody without a date and without German: the office has a Lotse call, in Chromium."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from playwright.sync_api import expect

from requests_app.models import AssistanceRequest
from tests import factories
from tests.factories import period
from tests.roads import Desk, Post, answer, ask, state_of

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.django_db(transaction=True)]


def test_a_call_back_with_a_lotse(at: Callable[[str], datetime], desk: Desk, post: Post) -> None:
    now = at("2026-11-23 09:00")
    parent = factories.make_own_request(
        wants_call=True, client_email="", call_times=("afternoon",), now=now
    ).reference
    caller = factories.make_volunteer("Samira Haddad")
    office = desk(factories.make_coordinator())

    # One click makes the call, another asks the best candidate.
    office.goto("/koordination/")
    office.get_by_role("link", name=re.compile(parent)).first.click()
    office.get_by_role("button", name="Rückruf mit Lotsin").click()
    call = AssistanceRequest.objects.get(callback_for__reference=parent).reference
    expect(office.get_by_text(f"Rückruf {call} ist angelegt")).to_be_visible()
    ask(office, call, caller)
    expect(office.get_by_text("Angefragt: Samira Haddad.")).to_be_visible()
    assert (state_of(parent), state_of(call)) == ("open", "offered")

    # The Lotse picks a time and reads whom to call.
    post.deliver()
    phone = desk(None)
    phone.goto(post.last_link(caller.email))
    expect(phone.get_by_text("02131 555 77")).to_have_count(0)
    phone.get_by_role("radio").first.check()
    phone.get_by_role("button", name="Zusagen", exact=True).click()
    expect(phone.get_by_text("02131 555 77")).to_be_visible()
    expect(phone.get_by_text("Amina Beispiel")).to_be_visible()

    # After the call the Lotse enters what was found out.
    at("2026-11-24 15:20")
    phone.reload()
    phone.get_by_role("link", name="Rückruf eintragen").click()
    phone.get_by_label("Wir haben einen Termin gefunden.").check()
    phone.get_by_label("Datum").fill("2026-12-10")
    phone.get_by_label("Beginn").fill("14:00")
    phone.get_by_label("Dauer").fill("45")
    phone.get_by_label("Ort", exact=True).fill("Rathaus, Zimmer 3")
    phone.get_by_role("button", name="Eintragen").click()
    expect(phone.get_by_text("Vielen Dank! Wir kümmern uns um alles Weitere.")).to_be_visible()

    # The request is on the ordinary road, and the office sees who to ask.
    found = AssistanceRequest.objects.get(reference=parent)
    assert (found.state, found.period, state_of(call)) == (
        "open",
        period("2026-12-10", "14:00", 45),
        "done",
    )
    office.goto("/koordination/")
    expect(office.get_by_role("link", name=re.compile(call))).to_have_count(0)
    ask(office, parent, factories.make_volunteer("Yusuf Karim"))
    assert state_of(parent) == "offered"
    expect(office.get_by_role("link", name=call)).to_be_visible()


def test_the_office_enters_a_request_for_a_caller(
    at: Callable[[str], datetime], desk: Desk, post: Post
) -> None:
    at("2026-11-23 09:00")
    member = factories.make_member(factories.make_institution("Kita Sonnenschein"), name="Hanna Weber")
    factories.make_topic("erziehung")
    lotse = factories.make_volunteer("Samira Haddad")
    office = desk(factories.make_coordinator())

    office.goto("/koordination/")
    office.get_by_role("link", name="Neue Anfrage aufnehmen").click()
    office.get_by_label("Für wen?").select_option(label="Kita Sonnenschein")
    office.get_by_role("button", name="Übernehmen").click()
    office.get_by_label("Wer fragt?").select_option(str(member.pk))
    office.get_by_label("Sprache", exact=True).select_option("ar")
    office.get_by_label("Thema").select_option("erziehung")
    office.get_by_label("Datum").first.fill("2026-12-08")
    office.get_by_label("Beginn").first.fill("10:00")
    office.get_by_label("mündlich erteilt").check()
    office.keyboard.press("Enter")
    expect(office.get_by_text("ist aufgenommen")).to_be_visible()

    reference = AssistanceRequest.objects.get().reference
    ask(office, reference, lotse)
    post.deliver()
    answer(desk(None), post.last_link(lotse.email), "Zusagen")
    post.deliver()
    assert state_of(reference) == "confirmed"
    assert len(post.to(member.user.email)) == 2
