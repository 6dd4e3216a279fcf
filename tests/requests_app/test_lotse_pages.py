"""A volunteer's own pages: what waits, what is agreed, and taking a yes back."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lotsen_portal.audit import Actor
from lotsen_portal.models import AccessLog, OutgoingMail
from requests_app import tasks, workflow
from requests_app.models import Assignment, Offer
from tests import factories
from tests.factories import NOW, make_agreed, make_assistance, make_offer, make_volunteer, period

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def morning(at):
    at("2026-11-23 10:00")


@pytest.fixture
def volunteer():
    return make_volunteer("Leyla Demir", weekly_maximum=20, user=factories.make_user("Leyla Demir"))


@pytest.fixture
def lotse(volunteer):
    browser = Client()
    browser.force_login(volunteer.user)
    return browser


@pytest.fixture
def other():
    stranger = make_volunteer("Omar Other", user=factories.make_user("Omar Other"))
    browser = Client()
    browser.force_login(stranger.user)
    return browser


@pytest.fixture
def member():
    return factories.make_member(factories.make_institution("Klinik Nord"))


def read(response) -> str:
    return response.content.decode()


def addresses(assignment: Assignment) -> list[str]:
    names = ("lotse_appointment", "lotse_step_down", "lotse_entry")
    return [reverse(name, args=[assignment.pk]) for name in names]


def test_home_lists_what_waits_then_what_comes_then_what_was(lotse, volunteer, member):
    make_offer(make_assistance(by=member, when=period("2026-12-10")), volunteer)
    make_agreed(make_assistance(by=member, when=period("2026-12-09")), volunteer)
    make_agreed(make_assistance(by=member, when=period("2026-12-01")), volunteer)
    make_agreed(make_assistance(by=member, when=period("2026-11-23", "09:30", 15)), volunteer)
    earlier = NOW - timedelta(days=10)
    held = make_agreed(
        make_assistance(by=member, when=period("2026-11-19"), now=earlier), volunteer, now=earlier
    )
    by = Actor.volunteer(volunteer.pk)
    workflow.report(held.pk, outcome="took_place", minutes=60, by=by, now=NOW)
    page = read(lotse.get("/lotse/"))
    order = ["10. Dezember 2026", "23. November 2026", "1. Dezember 2026", "9. Dezember 2026", "19. November"]
    headings = ["Bitte antworten", "Wie war es?", "Meine nächsten Termine", "Frühere Einsätze"]
    places = [page.index(f", {day}") for day in order]
    assert places == sorted(places)
    assert [page.index(heading) for heading in headings] == sorted(page.index(h) for h in headings)
    assert "Eine Anfrage wartet auf Ihre Antwort." in page
    assert "Guten Tag, Leyla Demir" in page


def test_home_of_somebody_new_says_what_will_come(lotse):
    assert "Zurzeit kein Termin" in read(lotse.get("/lotse/"))


def test_home_leaves_out_what_can_no_longer_be_answered(lotse, volunteer, member, at):
    make_offer(make_assistance(by=member), volunteer)
    at("2026-12-08 10:00")
    assert "Bitte antworten" not in read(lotse.get("/lotse/"))


def test_nobody_sees_the_questions_and_appointments_of_others(other, volunteer, member):
    make_offer(make_assistance(by=member, when=period("2026-12-10")), volunteer)
    make_agreed(make_assistance(by=member), volunteer)
    page = read(other.get("/lotse/"))
    assert "Zurzeit kein Termin" in page
    assert "Dezember" not in page


def test_home_takes_as_many_statements_with_three_rows_as_with_one(lotse, volunteer, member):
    counts = []
    days = iter(range(1, 28))
    for _one, more in ((1, 1), (2, 2)):
        for _row in range(more):
            make_offer(make_assistance(by=member, when=period(f"2026-12-{next(days):02}")), volunteer)
            make_agreed(make_assistance(by=member, when=period(f"2026-12-{next(days):02}")), volunteer)
        with CaptureQueriesContext(connection) as captured:
            lotse.get("/lotse/")
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_an_offer_is_answered_without_the_mail(lotse, volunteer, member):
    offer = make_offer(make_assistance(by=member), volunteer)
    page = reverse("lotse_offer", args=[offer.pk])
    assert "Zusagen" in read(lotse.get(page))
    response = lotse.post(page, {"answer": "yes", "offer": offer.pk, "version": 1})
    assert response.status_code == 302
    shown = read(lotse.get(page))
    assert "Amina Beispiel" in shown
    assert Offer.objects.get().state == "accepted"


def test_an_offer_of_somebody_else_is_not_found(other, volunteer, member):
    offer = make_offer(make_assistance(by=member), volunteer)
    page = reverse("lotse_offer", args=[offer.pk])
    assert other.get(page).status_code == 404
    assert other.post(page, {"answer": "yes", "offer": offer.pk, "version": 1}).status_code == 404
    assert Offer.objects.get().state == "pending"


def test_an_appointment_shows_all_that_is_needed_and_notes_the_reading(lotse, volunteer, member):
    agreed = make_agreed(make_assistance(by=member, client_notes="Bitte klingeln"), volunteer)
    page = read(lotse.get(reverse("lotse_appointment", args=[agreed.pk])))
    for shown in ("Marktplatz 1, Raum 12", "Amina Beispiel", "02131 555 77", "Bitte klingeln", "Klinik Nord"):
        assert shown in page
    rows = AccessLog.objects.values_list("actor_kind", "actor_number", "number", "what")
    assert list(rows) == [("volunteer", volunteer.pk, agreed.assistance_id, "client")]


def test_a_week_after_the_appointment_its_client_is_hidden(lotse, volunteer, member, at):
    agreed = make_agreed(make_assistance(by=member), volunteer)
    at("2026-12-16 10:00")
    page = read(lotse.get(reverse("lotse_appointment", args=[agreed.pk])))
    assert "Amina Beispiel" not in page
    assert "länger vorbei" in page
    assert AccessLog.objects.count() == 0


def test_an_ended_appointment_says_so_and_hides_its_client(lotse, volunteer, member):
    agreed = make_agreed(make_assistance(by=member), volunteer)
    workflow.cancel(agreed.assistance_id, reason="", by=Actor.member(member.user), now=NOW)
    page = read(lotse.get(reverse("lotse_appointment", args=[agreed.pk])))
    assert "Bitte gehen Sie nicht hin" in page
    assert "Amina Beispiel" not in page
    assert lotse.get(reverse("lotse_entry", args=[agreed.pk])).status_code == 404


@pytest.mark.parametrize("method", ["get", "post"])
def test_strangers_find_no_appointment(other, volunteer, member, method):
    agreed = make_agreed(make_assistance(by=member), volunteer)
    strangers = [other]
    for user in (factories.make_coordinator(), member.user):
        browser = Client()
        browser.force_login(user)
        strangers.append(browser)
    answers = {getattr(who, method)(page).status_code for who in strangers for page in addresses(agreed)}
    assert answers <= {404, 405}
    agreed.refresh_from_db()
    assert agreed.state == "agreed"


def test_whoever_is_not_signed_in_is_asked_to(client, volunteer, member):
    agreed = make_agreed(make_assistance(by=member), volunteer)
    for page in ["/lotse/", *addresses(agreed)]:
        assert client.get(page).url == f"/konto/login/?next={page}"


def test_the_calendar_file_names_no_client(lotse, volunteer, member):
    agreed = make_agreed(make_assistance(by=member), volunteer)
    response = lotse.get(reverse("lotse_entry", args=[agreed.pk]))
    assert response["Content-Type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    assert response["Content-Disposition"] == 'attachment; filename="termin.ics"'
    assert "Amina" not in read(response)


def test_stepping_down_asks_once_more_then_acts(lotse, volunteer, member):
    agreed = make_agreed(make_assistance(by=member), volunteer)
    page = reverse("lotse_step_down", args=[agreed.pk])
    assert "Einsatz absagen" in read(lotse.get(page))
    agreed.refresh_from_db()
    assert agreed.state == "agreed"
    response = lotse.post(page, follow=True)
    assert "Wir suchen jetzt jemand anderen" in read(response)
    agreed.refresh_from_db()
    assert (agreed.state, agreed.assistance.state) == ("stepped_down", "open")
    assert OutgoingMail.objects.filter(function__endswith=".tell_reopened").count() == 1


def test_stepping_down_twice_or_too_late_is_explained(lotse, volunteer, member, at):
    first = make_agreed(make_assistance(by=member), volunteer)
    late = make_agreed(make_assistance(by=member, when=period("2026-12-01")), volunteer)
    lotse.post(reverse("lotse_step_down", args=[first.pk]))
    again = lotse.post(reverse("lotse_step_down", args=[first.pk]), follow=True)
    assert "gerade nicht" in read(again)
    at("2026-12-01 10:30")
    answer = lotse.post(reverse("lotse_step_down", args=[late.pk]), follow=True)
    assert "hat schon begonnen" in read(answer)
    late.refresh_from_db()
    assert late.state == "agreed"


def test_a_changed_appointment_leads_to_the_new_question(lotse, volunteer, member):
    assistance = make_assistance(by=member)
    agreed = make_agreed(assistance, volunteer)
    new = workflow.Change(
        period=period("2026-12-09"),
        mode=assistance.mode,
        district=assistance.district,
        place=assistance.place,
        languages=tuple(row.language for row in assistance.languages.all()),
    )
    workflow.change(assistance.pk, new, version=1, by=Actor.member(member.user), now=NOW)
    page = read(lotse.get(reverse("lotse_appointment", args=[agreed.pk])))
    assert "Neuen Termin ansehen" in page
    assert "Amina Beispiel" not in page


def test_past_appointments_come_in_pages(lotse, volunteer, member, at):
    for hour in range(8, 19):
        make_agreed(make_assistance(by=member, when=period("2026-12-01", f"{hour:02}:00", 30)), volunteer)
    now = at("2026-12-02 09:00")
    for held in volunteer.assignments.all():
        workflow.report(held.pk, outcome="took_place", minutes=30, by=Actor.volunteer(volunteer.pk), now=now)
    first, second = read(lotse.get("/lotse/")), read(lotse.get("/lotse/?page=2"))
    assert (first.count("1. Dezember 2026"), second.count("1. Dezember 2026")) == (10, 1)


def test_the_clock_ends_what_nobody_answered(volunteer, member, at):
    offer = make_offer(make_assistance(by=member), volunteer)
    Offer.objects.filter(pk=offer.pk).update(deadline=NOW)
    tasks.expire_offers()
    offer.refresh_from_db()
    assert offer.state == "expired"


def test_two_clocks_at_once_are_harmless(volunteer, member):
    offer = make_offer(make_assistance(by=member), volunteer)
    Offer.objects.filter(pk=offer.pk).update(deadline=NOW)
    elsewhere, name = connection.copy(), "hashtextextended('requests_app.expire_offers', 0)"
    with closing(elsewhere), elsewhere.cursor() as cursor:
        cursor.execute(f"select pg_advisory_lock({name})")
        tasks.expire_offers()
        offer.refresh_from_db()
        assert offer.state == "pending"
        cursor.execute(f"select pg_advisory_unlock({name})")
        tasks.expire_offers()
    offer.refresh_from_db()
    assert offer.state == "expired"


def test_the_nightly_reckoning_lets_the_window_move_on(volunteer, member, at):
    agreed = make_agreed(make_assistance(by=member), volunteer)
    office = Actor.office(factories.make_coordinator())
    workflow.finish(
        agreed.assistance_id, outcome="took_place", minutes=60, by=office, now=agreed.period.upper
    )
    volunteer.refresh_from_db()
    assert volunteer.minutes_90d == 60
    at("2027-04-01 03:00")
    tasks.settle_loads()
    volunteer.refresh_from_db()
    assert volunteer.minutes_90d == 0
