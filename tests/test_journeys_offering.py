"""How a request is offered, through pages, mail and the clock: a cascade, a wave, a withdrawal at night."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from requests_app import tasks
from requests_app.models import AssistanceRequest, Offer
from tests import factories
from tests.roads import Desk, Post, answer, file_request, state_of

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.django_db(transaction=True)]

NAMES = ("Anna Haddad", "Bilal Kaya", "Cem Demir", "Dana Omari")


@pytest.fixture
def people(at: Callable[[str], datetime]) -> dict[str, Any]:
    """A Monday morning: an institution, the office, four who speak Arabic."""
    at("2026-11-23 09:00")
    house = factories.make_institution("Kita Sonnenschein", email="kita@example.org")
    member = factories.make_member(house, name="Hanna Weber")
    factories.make_topic("erziehung")
    return {
        "member": member.user,
        "coordinator": factories.make_coordinator(),
        **{name: factories.make_volunteer(name) for name in NAMES},
    }


def begin(office: Page, reference: str, *names: str, wave: bool = False) -> None:
    """The coordinator opens the request and begins a search with these people, in this order."""
    office.goto(f"/koordination/anfragen/{reference}/")
    office.get_by_role("link", name="Nacheinander oder in Wellen anfragen").click()
    for box in office.get_by_role("checkbox").all():
        box.set_checked(checked=False)
    for rank, name in enumerate(names, start=1):
        office.get_by_label(name, exact=True).check()
        office.get_by_label(f"Platz: {name}", exact=True).fill(str(rank))
    if wave:
        office.get_by_label("In Wellen, mehrere zugleich").check()
        office.get_by_label("Ich wähle unter den Zusagen aus").check()
        office.get_by_label(re.compile("So viele Zusagen genügen")).fill("2")
    office.get_by_role("button", name="Suche beginnen").click()
    expect(office.get_by_role("heading", name="Suche", exact=True)).to_be_visible()


def beat() -> None:
    """What the clock does each minute."""
    tasks.expire_offers()
    tasks.carry_on_campaigns()
    tasks.give_up_searches()


def answers(reference: str) -> list[tuple[str, str]]:
    rows = Offer.objects.filter(assistance__reference=reference).order_by("pk")
    return list(rows.values_list("volunteer__name", "state"))


def test_a_cascade_whose_first_declines_whose_second_is_silent_and_whose_third_comes(
    post: Post, people: dict[str, Any], desk: Desk, at: Callable[[str], datetime]
) -> None:
    reference = file_request(desk(people["member"]))
    office = desk(people["coordinator"])
    begin(office, reference, *NAMES[:3])
    post.deliver()
    office.reload()
    expect(office.get_by_text("Als Nächste: Bilal Kaya am Mittwoch um 09:00 Uhr")).to_be_visible()

    at("2026-11-23 11:00")
    answer(desk(None), post.last_link(people["Anna Haddad"].email), "Ablehnen")
    post.deliver()
    assert answers(reference) == [("Anna Haddad", "declined"), ("Bilal Kaya", "pending")]

    at("2026-11-25 11:01")
    beat()
    post.deliver()
    assert answers(reference)[1:] == [("Bilal Kaya", "expired"), ("Cem Demir", "pending")]
    answer(desk(None), post.last_link(people["Cem Demir"].email), "Zusagen")
    assert state_of(reference) == "confirmed"
    office.reload()
    expect(office.get_by_text("Abgeschlossen").or_(office.get_by_text("Vereinbart")).first).to_be_visible()


def test_a_wave_with_two_willing_of_whom_the_office_chooses(
    post: Post, people: dict[str, Any], desk: Desk
) -> None:
    reference = file_request(desk(people["member"]))
    office = desk(people["coordinator"])
    begin(office, reference, *NAMES[:3], wave=True)
    post.deliver()
    for name in ("Anna Haddad", "Cem Demir"):
        phone = desk(None)
        answer(phone, post.last_link(people[name].email), "Zusagen")
        expect(phone.get_by_text("Der Termin ist noch nicht fest.")).to_be_visible()
        expect(phone.get_by_text("Amina Beispiel")).to_have_count(0)

    office.goto("/koordination/")
    office.get_by_role("link", name=re.compile("Auswählen")).first.click()
    expect(office.get_by_text("Genug würden kommen.")).to_be_visible()
    row = office.locator("section", has=office.get_by_role("heading", name="Gefragt")).locator(
        "li", has=office.get_by_text("Cem Demir")
    )
    row.get_by_role("button", name="Auswählen").click()
    post.deliver()

    assert state_of(reference) == "confirmed"
    assert sorted(answers(reference)) == [
        ("Anna Haddad", "not_chosen"),
        ("Bilal Kaya", "not_chosen"),
        ("Cem Demir", "accepted"),
    ]
    assert post.subjects(people["Anna Haddad"].email)[-1].startswith("Danke")
    assert len(post.to(people["Cem Demir"].email)) == 2


def test_a_withdrawal_the_evening_before_starts_the_next_questions(
    post: Post, people: dict[str, Any], desk: Desk, at: Callable[[str], datetime]
) -> None:
    reference = file_request(desk(people["member"]))
    office = desk(people["coordinator"])
    begin(office, reference, *NAMES[:2])
    post.deliver()
    phone = desk(None)
    answer(phone, post.last_link(people["Anna Haddad"].email), "Zusagen")
    post.deliver()

    at("2026-12-07 19:00")
    phone.reload()
    phone.get_by_text("Sie können doch nicht kommen?").click()
    phone.get_by_role("button", name="Ich kann doch nicht kommen").click()
    beat()
    post.deliver()
    assert answers(reference)[-1] == ("Bilal Kaya", "pending")
    assert state_of(reference) == "offered"
    answer(desk(None), post.last_link(people["Bilal Kaya"].email), "Zusagen")
    assert state_of(reference) == "confirmed"


def test_a_search_that_runs_out_shows_what_else_could_be_tried_and_says_so_in_time(
    post: Post, people: dict[str, Any], desk: Desk, at: Callable[[str], datetime]
) -> None:
    caseworker = desk(people["member"])
    reference = file_request(caseworker)
    office = desk(people["coordinator"])
    begin(office, reference, NAMES[0])
    post.deliver()
    answer(desk(None), post.last_link(people["Anna Haddad"].email), "Ablehnen")

    office.goto("/koordination/")
    office.get_by_role("link", name=re.compile("Auswege ansehen")).click()
    expect(office.get_by_text("Telefon oder Video")).to_be_visible()
    at(f"{AssistanceRequest.objects.get().search_ends_at:%Y-%m-%d} 08:00")
    beat()
    post.deliver()
    assert state_of(reference) == "unfilled"
    assert post.subjects(people["member"].email)[-1].startswith("Niemand gefunden")
    caseworker.goto(f"/einrichtung/anfragen/{reference}/")
    expect(caseworker.get_by_text("Niemand gefunden").first).to_be_visible()
