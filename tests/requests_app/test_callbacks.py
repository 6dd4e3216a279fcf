"""A volunteer calls somebody without an appointment and enters what was found out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lotsen_portal import clock
from lotsen_portal.audit import Actor
from lotsen_portal.models import LogEntry, OutgoingMail, Purpose
from requests_app import mails, workflow, worklist
from requests_app.models import Assignment, AssistanceRequest, Figure, InternalNote, Member
from requests_app.workflow import Called, CallResult, Change
from tests import factories
from tests.factories import NOW, make_call, make_own_request, period
from volunteers.models import Volunteer

pytestmark = pytest.mark.django_db


def call_for(parent: AssistanceRequest) -> AssistanceRequest:
    return workflow.call_back(parent.pk, by=Actor.office(factories.make_coordinator()), now=NOW)


def piles() -> dict[str, list[str]]:
    groups = worklist.groups(me=0, whose="alle", now=NOW)
    return {slug: [row.reference for row in group.rows] for slug, group in groups.items() if group.rows}


def change(parent: AssistanceRequest, day: str = "2026-12-10") -> Change:
    return Change(
        period=period(day, "14:00", 45),
        mode="on_site",
        district=parent.district,
        place="Rathaus, Zimmer 3",
        languages=tuple(row.language for row in parent.languages.all()),
    )


def settle(held: Assignment, called: Called, *, by: Actor | None = None, version: int = 1) -> None:
    who = by or Actor.volunteer(held.volunteer_id)
    workflow.settle_call(held.assistance_id, called, version=version, by=who, now=NOW)


def parent_of(held: Assignment) -> AssistanceRequest:
    return AssistanceRequest.objects.get(callbacks=held.assistance_id)


def deeds(assistance: AssistanceRequest) -> list[tuple[str, str]]:
    rows = LogEntry.objects.filter(kind="assistance", number=assistance.pk).order_by("pk")
    return list(rows.values_list("actor_kind", "action"))


def test_one_click_makes_a_quarter_hours_call_at_the_times_the_person_likes() -> None:
    parent = make_own_request(wants_call=True, call_times=("morning", "evening"), languages=("ar", "tr"))

    call = call_for(parent)

    call.refresh_from_db()
    parent.refresh_from_db()
    assert (call.mode, call.minutes, call.state, call.origin, call.client_name, call.client_phone) == (
        "phone", 15, "open", "office", "", "",
    )  # fmt: skip
    assert [row.language.code for row in call.languages.all()] == ["ar", "tr"]
    starts = [f"{clock.local(time.starts):%a %d. %H:%M}" for time in call.proposals()]
    assert starts == [
        "Tue 24. 10:00", "Tue 24. 18:00", "Wed 25. 10:00", "Wed 25. 18:00", "Thu 26. 10:00", "Thu 26. 18:00",
    ]  # fmt: skip
    assert parent.state == "open"
    assert deeds(parent) == [("client", "submit"), ("office", "approve"), ("office", "call_back")]


def test_the_queue_shows_the_next_step_once_at_each_stage() -> None:
    parent = make_own_request(wants_call=True)
    assert piles() == {"new": [parent.reference]}

    workflow.approve(parent.pk, by=Actor.office(factories.make_coordinator()), now=NOW)
    assert piles() == {"timeless": [parent.reference]}

    call = call_for(parent)
    assert piles() == {"fresh": [call.reference]}

    held = make_call_of(call)
    assert piles() == {"soon": [call.reference]}

    settle(held, Called(result=CallResult.FOUND, change=change(parent)))
    assert piles() == {"fresh": [parent.reference]}


def make_call_of(call: AssistanceRequest) -> Assignment:
    offer = factories.make_offer(call)
    return workflow.accept(
        offer.pk,
        version=1,
        by=Actor.volunteer(offer.volunteer_id),
        now=NOW,
        time=call.proposals()[0].pk,
    )


def test_nobody_hears_of_a_call_but_the_volunteer() -> None:
    held = make_call()

    about_it = OutgoingMail.objects.filter(ids__assistance=held.assistance_id)
    assert {mail.name for mail in about_it} == {"ask_volunteer", "confirm_volunteer", "remind_volunteer"}


def test_a_found_time_brings_the_request_onto_the_ordinary_road() -> None:
    held = make_call()
    parent = parent_of(held)

    settle(held, Called(result=CallResult.FOUND, change=change(parent), note="Spricht leise"))

    parent.refresh_from_db()
    held.refresh_from_db()
    assert (parent.state, parent.period, parent.minutes, parent.place, parent.wants_call, parent.version) == (
        "open",
        period("2026-12-10", "14:00", 45),
        45,
        "Rathaus, Zimmer 3",
        False,
        2,
    )
    assert (held.state, held.minutes, held.assistance.state) == ("took_place", 15, "done")
    assert ("volunteer", "reschedule") in deeds(parent)
    assert InternalNote.objects.get().text == "Spricht leise"
    assert Figure.objects.count() == 0


def test_nobody_reached_leaves_the_request_waiting_and_another_call_possible() -> None:
    held = make_call()
    parent = parent_of(held)

    settle(held, Called(result=CallResult.NOT_REACHED))

    held.refresh_from_db()
    assert (held.state, piles()) == ("client_absent", {"timeless": [parent.reference]})
    assert deeds(parent)[-1] == ("volunteer", "not_reached")
    assert workflow.can_be_called(parent_of(held))


def test_whoever_wants_no_help_any_more_is_called_off_and_counted_once() -> None:
    held = make_call()
    parent = parent_of(held)

    settle(held, Called(result=CallResult.NO_HELP))

    parent.refresh_from_db()
    assert (parent.state, parent.ended_by) == ("cancelled", "client")
    assert [row.number for row in Figure.objects.all()] == [parent.pk]
    assert piles() == {}


@pytest.mark.parametrize(
    "values",
    [
        {"when": period()},
        {"wants_call": True, "client_phone": ""},
    ],
)
def test_no_call_where_there_is_a_time_or_no_number(values: dict[str, Any]) -> None:
    with pytest.raises(workflow.NotPossible):
        call_for(make_own_request(**values))


def test_one_call_at_a_time_and_none_for_a_call() -> None:
    parent = make_own_request(wants_call=True)
    call = call_for(parent)
    for request in (parent, call):
        with pytest.raises(workflow.NotPossible):
            call_for(request)


def test_a_stranger_cannot_settle_a_call_nor_anybody_twice() -> None:
    held = make_call()
    stranger = Actor.volunteer(factories.make_volunteer().pk)
    with pytest.raises(workflow.NotPossible):
        settle(held, Called(result=CallResult.NO_HELP), by=stranger)
    settle(held, Called(result=CallResult.NOT_REACHED))
    with pytest.raises(workflow.NotPossible):
        settle(held, Called(result=CallResult.NO_HELP))


def test_an_older_version_of_the_request_is_not_overwritten() -> None:
    held = make_call()
    parent = parent_of(held)
    workflow.change(
        parent.pk, change(parent), version=1, by=Actor.office(factories.make_coordinator()), now=NOW
    )
    with pytest.raises(workflow.NotPossible):
        settle(held, Called(result=CallResult.FOUND, change=change(parent, "2026-12-11")))


def test_a_request_that_is_called_off_takes_its_call_along() -> None:
    held = make_call()
    parent = parent_of(held)

    workflow.cancel(parent.pk, reason="Erledigt", by=Actor.client(parent.pk), now=NOW)

    held.refresh_from_db()
    assert (held.state, held.assistance.state) == ("cancelled", "cancelled")


def test_an_institution_sees_its_request_and_not_the_call(member: Member) -> None:
    parent = factories.make_assistance(by=member)
    AssistanceRequest.objects.filter(pk=parent.pk).update(period=None)
    call_for(AssistanceRequest.objects.get(pk=parent.pk))

    own = AssistanceRequest.objects.visible_to(member.user)
    assert [row.pk for row in own] == [parent.pk]


@pytest.fixture
def member() -> Member:
    return factories.make_member()


# Pages


@pytest.fixture
def lotse(at: Callable[[str], datetime]) -> Volunteer:
    at("2026-11-23 09:00")
    return factories.make_volunteer("Samira Haddad", user=factories.make_user())


@pytest.fixture
def browser_of(lotse: Volunteer) -> Client:
    client = Client()
    assert lotse.user is not None
    client.force_login(lotse.user)
    return client


def form(parent: AssistanceRequest, **values: str) -> dict[str, str]:
    return {
        "result": "found",
        "version": str(parent.version),
        "language": "ar",
        "day": "2026-12-10",
        "begin": "14:00",
        "minutes": "45",
        "mode": "on_site",
        "district": str(parent.district_id),
        "place": "Rathaus",
        **values,
    }


def test_the_office_clicks_and_chooses_whom_to_ask(at: Callable[[str], datetime]) -> None:
    at("2026-11-23 09:00")
    parent, office = make_own_request(wants_call=True), Client()
    factories.make_volunteer("Samira Haddad")
    office.force_login(factories.make_coordinator())
    assert (
        "Rückruf mit Lotsin"
        in office.get(reverse("office:request", args=[parent.reference])).content.decode()
    )

    response = office.post(reverse("office:call_back", args=[parent.reference]), follow=True)

    call = AssistanceRequest.objects.get(callback_for=parent)
    page = response.content.decode()
    assert "Samira Haddad" in page
    assert parent.reference in page
    seen = office.get(reverse("office:request", args=[parent.reference])).content.decode()
    assert call.reference in seen
    assert "Rückruf läuft" in seen
    assert 'action="/koordination/anfragen/' + parent.reference + "/rueckruf/" not in seen


def test_the_volunteer_reads_whom_to_call_and_enters_the_time(browser_of: Client, lotse: Volunteer) -> None:
    held = make_call(lotse)
    parent = parent_of(held)
    page = browser_of.get(f"/lotse/einsatz/{held.pk}/").content.decode()
    assert "Amina Beispiel" in page
    assert "02131 555 77" in page

    response = browser_of.post(f"/lotse/einsatz/{held.pk}/rueckruf/", form(parent))

    assert response.status_code == 302
    parent.refresh_from_db()
    assert parent.period == period("2026-12-10", "14:00", 45)


def test_only_the_browser_that_said_yes_enters_behind_the_link(lotse: Volunteer) -> None:
    held = make_call(lotse)
    token = mails.answer_token(held.offer)
    response = Client().post(f"/lotse/antwort/{token}/rueckruf/{held.offer_id}/", form(parent_of(held)))
    assert (response.status_code, response.url) == (302, f"/lotse/antwort/{token}/")
    held.refresh_from_db()
    assert held.state == "agreed"


@pytest.mark.parametrize("result", ["not_reached", "no_help"])
def test_without_a_time_found_nothing_else_has_to_be_right(
    browser_of: Client, lotse: Volunteer, result: str
) -> None:
    held = make_call(lotse)
    typed = form(parent_of(held), result=result, day="", begin="x", minutes="-1", district="")
    assert browser_of.post(f"/lotse/einsatz/{held.pk}/rueckruf/", typed).status_code == 302


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"result": ""}, "result"),
        ({"day": ""}, "day"),
        ({"begin": "x"}, "begin"),
        ({"day": "2026-11-20"}, "day"),
        ({"place": "x" * 10_000}, "place"),
        ({"note": "a\0b"}, "note"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    browser_of: Client, lotse: Volunteer, wrong: dict[str, str], field: str
) -> None:
    held = make_call(lotse)
    response = browser_of.post(f"/lotse/einsatz/{held.pk}/rueckruf/", form(parent_of(held), **wrong))
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])


def test_an_ordinary_appointment_has_no_call_to_enter(browser_of: Client, lotse: Volunteer) -> None:
    held = factories.make_agreed(volunteer=lotse)
    assert browser_of.get(f"/lotse/einsatz/{held.pk}/rueckruf/").status_code == 404


def test_after_a_call_only_the_lotse_is_asked_how_it_went(at: Callable[[str], datetime]) -> None:
    child = call_for(make_own_request(wants_call=True, call_times=("morning",)))
    offer = factories.make_offer(child, factories.make_volunteer())
    time = child.proposed_times.earliest("pk")
    workflow.accept(
        offer.pk, version=child.version, time=time.pk, by=Actor.volunteer(offer.volunteer_id), now=NOW
    )
    workflow.follow_up(time.period.upper + timedelta(hours=3))

    asked = OutgoingMail.objects.filter(function__contains=".ask_", ids__assistance=child.pk)
    assert {mail.name for mail in asked} <= {"ask_volunteer", "ask_report"}


def test_a_refused_request_takes_its_call_along() -> None:
    held = make_call()
    parent, office = parent_of(held), Actor.office(factories.make_coordinator())
    workflow.reject(parent.pk, rule="", reason="Nicht unsere Aufgabe", by=office, now=NOW)

    held.refresh_from_db()
    assert (held.state, held.assistance.state) == ("cancelled", "cancelled")
    assert OutgoingMail.objects.filter(function__endswith=".tell_cancelled_volunteer").count() == 1


@pytest.mark.parametrize(
    ("outcome", "state", "deeds", "notes"),
    [
        ("took_place", "took_place", [], [workflow.callbacks.NOTHING_ENTERED]),
        ("client_absent", "client_absent", ["not_reached"], []),
    ],
)
def test_a_call_that_is_told_like_any_appointment_ends_and_its_request_waits_for_the_office(
    outcome: str, state: str, deeds: list[str], notes: list[str]
) -> None:
    held = make_call()
    parent = parent_of(held)
    later = held.finishes + timedelta(minutes=5)
    workflow.report(held.pk, outcome=outcome, minutes=10, by=Actor.volunteer(held.volunteer_id), now=later)
    told = LogEntry.objects.filter(kind="assistance", number=parent.pk, actor_kind="volunteer")

    held.refresh_from_db()
    assert (held.state, held.assistance.state) == (state, "done")
    assert [entry.action for entry in told] == deeds
    assert [note.text for note in parent.notes.all()] == notes
    queue = worklist.groups(me=0, whose=worklist.EVERYBODY, now=later)
    assert [row.reference for row in queue["timeless"].rows] == [parent.reference]


def test_the_report_of_a_call_leads_to_where_its_result_is_entered(
    browser_of: Client, lotse: Volunteer, at: Callable[[str], datetime]
) -> None:
    held = make_call(lotse)
    workflow.follow_up(held.finishes + timedelta(hours=3))
    token = mails.report_token(Purpose.REPORT, held)
    behind = Client().get(f"/lotse/bericht/{token}/")
    own = browser_of.get(f"/lotse/einsatz/{held.pk}/bericht/")

    assert behind.url == f"/lotse/antwort/{mails.answer_token(held.offer)}/"
    assert own.url == f"/lotse/einsatz/{held.pk}/rueckruf/"
