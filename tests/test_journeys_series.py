"""More than one date through pages, mail and the clock: a series answered by two, and a choice of times."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from playwright.sync_api import Page, expect

from lotsen_portal import clock
from requests_app.models import AssistanceRequest, Offer
from tests import factories
from tests.roads import NORA, Desk, Post, ask, fill_in_request, let_in, register, sign_in, state_of

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.django_db(transaction=True)]


def file_series(page: Page) -> None:
    """Four Fridays around Christmas and the New Year, which are left out."""
    fill_in_request(page, "2026-12-11", "10:00")
    page.locator("summary", has_text="Der Termin wiederholt sich").click()
    page.get_by_label("Wie oft?").select_option("weekly")
    page.get_by_label("oder: wie viele Termine?").fill("4")
    page.get_by_role("button", name="Anfrage absenden").click()
    expect(page.get_by_role("heading", name="Alle Termine der Reihe")).to_be_visible()
    expect(page.get_by_text("Feiertag: Erster Weihnachtstag")).to_be_visible()
    page.get_by_role("button", name="Anfragen absenden").click()
    expect(page.get_by_text("Ihre 4 Anfragen sind da.")).to_be_visible()


def move(page: Page, day: str, to: str) -> None:
    """Another day for one date of the series that the page shows."""
    page.get_by_role("link", name=day).first.click()
    page.get_by_role("link", name="Ändern", exact=True).click()
    page.get_by_label("Datum").fill(to)
    page.get_by_role("button", name="Änderung speichern").click()
    expect(page.get_by_text("Die Änderung ist gespeichert.")).to_be_visible()


def ask_for_the_series(office: Page, name: str, *, dates: int) -> None:
    """From the one row in the work queue to the page of all dates, and one click."""
    office.goto("/koordination/")
    office.get_by_role("link", name="Termine ab NE-").first.click()
    office.locator("li", has=office.get_by_role("heading", name=name)).get_by_role(
        "button", name="Anfragen"
    ).click()
    expect(office.get_by_text(f"{name} ist nach {dates} Terminen gefragt, mit einer E-Mail.")).to_be_visible()


def agreed() -> list[tuple[str, str, str]]:
    """Day, state and who comes, for every date."""
    rows = AssistanceRequest.objects.order_by("period")
    return [
        (
            f"{clock.local(one.starts):%d.%m. %H:%M}",
            one.state,
            "".join(one.assignments.live().values_list("volunteer__name", flat=True)),
        )
        for one in rows
    ]


def test_a_series_with_one_moved_date_is_shared_by_two(
    post: Post, desk: Desk, at: Callable[[str], datetime]
) -> None:
    at("2026-11-23 09:00")
    factories.make_district()
    topic = factories.make_topic("erziehung")
    anna, bilal = (factories.make_volunteer(name, topics=[topic]) for name in ("Anna Haddad", "Bilal Kaya"))
    nora, office = desk(None), desk(factories.make_coordinator())
    register(nora, post)
    let_in(office)
    post.deliver()
    sign_in(nora, post, NORA)
    file_series(nora)
    move(nora, "18. Dezember", "2026-12-17")
    post.deliver()
    # Whoever moves a date alone needs no mail about it; all four came in one.
    assert post.subjects(NORA)[-1].startswith("Ihre 4 Anfragen sind da")

    ask_for_the_series(office, "Anna Haddad", dates=4)
    post.deliver()
    assert post.subjects(anna.email) == ["Können Sie helfen? 4 Termine"]
    phone = desk(None)
    phone.goto(post.last_link(anna.email))
    phone.get_by_label("15. Januar").uncheck()
    phone.get_by_role("button", name="Zusagen", exact=True).click()
    expect(phone.get_by_text("Amina Beispiel").first).to_be_visible()
    post.deliver()
    assert post.subjects(NORA)[-1] == "Es kommt jemand: 3 Termine"

    ask(office, AssistanceRequest.objects.latest("period").reference, bilal)
    post.deliver()
    other = desk(None)
    other.goto(post.last_link(bilal.email))
    other.get_by_role("button", name="Zusagen", exact=True).click()
    expect(other.get_by_text("Amina Beispiel").first).to_be_visible()
    assert agreed() == [
        ("11.12. 10:00", "confirmed", "Anna Haddad"),
        ("17.12. 10:00", "confirmed", "Anna Haddad"),
        ("08.01. 10:00", "confirmed", "Anna Haddad"),
        ("15.01. 10:00", "confirmed", "Bilal Kaya"),
    ]
    nora.reload()
    expect(nora.get_by_text("Bilal Kaya")).to_be_visible()


def test_alternative_dates_from_the_form_to_the_yes(
    post: Post, desk: Desk, at: Callable[[str], datetime]
) -> None:
    at("2026-11-23 09:00")
    topic = factories.make_topic("erziehung")
    member = factories.make_member(name="Hanna Weber")
    lotse = factories.make_volunteer("Samira Haddad", topics=[topic])
    caseworker = desk(member.user)
    fill_in_request(caseworker, "2026-12-08", "10:00")
    caseworker.locator("summary", has_text="Weiteren Termin vorschlagen").click()
    caseworker.get_by_label("Zweiter Vorschlag: Tag").fill("2026-12-10")
    caseworker.get_by_label("Zweiter Vorschlag: Uhrzeit").fill("14:00")
    caseworker.get_by_role("button", name="Anfrage absenden").click()
    reference = AssistanceRequest.objects.get().reference
    ask(desk(factories.make_coordinator()), reference, lotse)
    post.deliver()

    phone = desk(None)
    phone.goto(post.last_link(lotse.email))
    phone.get_by_role("button", name="Zusagen", exact=True).click()
    expect(phone.get_by_text("Fehler").first).to_be_attached()
    assert Offer.objects.get().state == "pending"
    phone.get_by_label("10. Dezember").check()
    phone.get_by_role("button", name="Zusagen", exact=True).click()
    expect(phone.get_by_text("Amina Beispiel").first).to_be_visible()
    assert (state_of(reference), agreed()) == ("confirmed", [("10.12. 14:00", "confirmed", "Samira Haddad")])
    caseworker.reload()
    expect(caseworker.get_by_text("Donnerstag, 10. Dezember").first).to_be_visible()
