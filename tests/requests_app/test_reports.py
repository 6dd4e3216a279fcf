"""Both sides tell how it went: who is asked when, what settles, what comes to the office."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lotsen_portal.audit import CLOCK, Actor, ActorKind
from lotsen_portal.models import ClosingDay, Link, LogEntry, OutgoingMail, Programme
from requests_app import reporting, tasks, workflow, worklist
from requests_app.models import Assignment, Bond, Figure, Report
from requests_app.reporting import Rules
from tests import factories
from tests.factories import NOW, make_agreed, make_assistance, make_volunteer, period

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreed():
    """A Tuesday from ten to eleven, agreed."""
    return make_agreed(make_assistance(place=""))


@pytest.fixture
def office():
    return Actor.office(factories.make_coordinator())


def lotse(agreed: Assignment) -> Actor:
    return Actor.volunteer(agreed.volunteer_id)


def member(agreed: Assignment) -> Actor:
    return Actor(ActorKind.MEMBER, agreed.assistance.filed_by_id)


def tell(agreed, by, now, outcome="took_place", minutes=60, **more):
    workflow.report(agreed.pk, outcome=outcome, minutes=minutes, by=by, now=now, **more)


def states(agreed):
    agreed.refresh_from_db()
    agreed.assistance.refresh_from_db()
    return agreed.assistance.state, agreed.state


def asked() -> list[tuple[str, str]]:
    """Function and Berlin's due time of every mail that asks for a report, in their order."""
    names = {"ask_report", "ask_feedback", "remind_report", "remind_feedback"}
    rows = [mail for mail in OutgoingMail.objects.order_by("pk") if mail.name in names]
    return [(mail.name, f"{reporting.clock.local(mail.due_at):%d.%m. %H:%M}") for mail in rows]


def in_queue(now) -> list[str]:
    found = worklist.groups(me=0, whose=worklist.EVERYBODY, now=now)
    return [slug for slug, group in found.items() if group.everybody and slug in worklist.DECISIONS]


def run(at, moment):
    now = at(moment)
    tasks.follow_up()
    return now


# Who is asked, and when


def test_both_sides_are_asked_half_an_hour_after_the_end(agreed, at):
    run(at, "2026-12-08 11:29")
    assert asked() == []
    run(at, "2026-12-08 11:30")
    assert asked() == [("ask_report", "08.12. 11:30"), ("ask_feedback", "08.12. 11:30")]
    assert list(
        Link.objects.filter(purpose__in=["report", "feedback"]).values_list("purpose", "subject", "holder")
    ) == [
        ("report", agreed.pk, agreed.volunteer_id),
        ("feedback", agreed.pk, agreed.assistance_id),
    ]


@pytest.mark.parametrize(
    ("day", "start", "minutes", "due"),
    [
        ("2026-12-08", "10:00", 60, "2026-12-08 11:30"),
        ("2026-12-08", "19:00", 30, "2026-12-08 20:00"),  # the last moment of the day
        ("2026-12-08", "19:00", 31, "2026-12-09 08:00"),
        ("2026-12-12", "10:00", 60, "2026-12-12 11:30"),  # a Saturday is no night
        ("2026-12-31", "22:30", 60, "2027-01-01 08:00"),  # to be asked at midnight of New Year's Eve
        ("2026-12-31", "23:00", 240, "2027-01-01 08:00"),
        ("2027-03-27", "23:00", 60, "2027-03-28 08:00"),  # the clock goes forward that night
        ("2026-10-24", "23:30", 60, "2026-10-25 08:00"),  # and back
    ],
)
def test_nobody_is_asked_at_night(at, day, start, minutes, due):
    ends = at(f"{day} {start}") + timedelta(minutes=minutes)
    assert Rules.current().asking(ends) == at(due)


@pytest.mark.parametrize(
    ("asked_at", "reminded", "settled"),
    [
        ("2026-12-08 11:30", "2026-12-10 12:00", "2026-12-11 16:00"),
        # The Thursday before Easter: Good Friday, week end and Easter Monday do not count.
        ("2027-03-25 16:30", "2027-03-31 12:00", "2027-04-01 16:00"),
        # Christmas Eve is a working day in the calendar, the two days after it are not.
        ("2026-12-23 11:30", "2026-12-28 12:00", "2026-12-29 16:00"),
        ("2026-12-31 23:30", "2027-01-05 12:00", "2027-01-06 16:00"),
        # Through the nights in which the clocks change.
        ("2026-10-23 15:00", "2026-10-27 12:00", "2026-10-28 16:00"),
        ("2027-03-26 10:00", "2027-03-31 12:00", "2027-04-01 16:00"),
    ],
)
def test_reminders_and_deadlines_count_working_days(at, asked_at, reminded, settled):
    rules, since = Rules.current(), at(asked_at)
    assert (rules.reminding(since), rules.settling(since)) == (at(reminded), at(settled))


def test_closing_days_of_the_office_do_not_count(at):
    ClosingDay.objects.create(name="Betriebsausflug", first="2026-12-09", last="2026-12-09")
    assert Rules.current().reminding(at("2026-12-08 11:30")) == at("2026-12-11 12:00")


def test_silence_is_reminded_of_twice_and_then_comes_to_the_office(agreed, at):
    now = run(at, "2026-12-08 11:30")
    assert in_queue(now) == []
    for moment in ("2026-12-10 11:59", "2026-12-10 12:00", "2026-12-14 12:00", "2026-12-16 11:59"):
        now = run(at, moment)
        assert in_queue(now) == []
    assert asked() == [
        ("ask_report", "08.12. 11:30"),
        ("ask_feedback", "08.12. 11:30"),
        ("remind_report", "10.12. 12:00"),
        ("remind_feedback", "10.12. 12:00"),
        ("remind_report", "14.12. 12:00"),
        ("remind_feedback", "14.12. 12:00"),
    ]
    now = run(at, "2026-12-16 12:00")
    assert in_queue(now) == ["silent"]
    run(at, "2026-12-30 12:00")
    assert (len(asked()), states(agreed)) == (6, ("confirmed", "agreed"))


def test_the_programme_may_do_without_reminders(agreed, at):
    Programme.current()
    Programme.objects.update(report_reminders=0, report_pause_minutes=0, report_reminder_days=1)
    run(at, "2026-12-08 11:00")
    now = run(at, "2026-12-09 12:00")
    assert (len(asked()), in_queue(now)) == (2, ["silent"])


def test_running_twice_asks_once(agreed, at):
    for _twice in range(2):
        run(at, "2026-12-08 11:30")
    assert len(asked()) == 2


def test_a_clock_that_stood_still_catches_up_one_step_at_a_time(agreed, at):
    now = at("2026-12-10 09:00")
    assert in_queue(now) == ["over"]
    run(at, "2026-12-10 09:00")
    run(at, "2026-12-15 09:00")
    assert [name for name, _due in asked()] == [
        "ask_report",
        "ask_feedback",
        "remind_report",
        "remind_feedback",
    ]


def test_nobody_is_asked_about_what_was_over_long_ago(agreed, at):
    now = run(at, "2027-01-08 09:00")
    assert (asked(), in_queue(now)) == ([], ["over"])


def test_who_has_no_address_is_phoned_once_and_not_reminded(at):
    make_agreed(make_assistance(), make_volunteer(email=""))
    run(at, "2026-12-08 11:30")
    run(at, "2026-12-10 12:00")
    calls = [mail.name for mail in OutgoingMail.objects.filter(state="phone") if "report" in mail.name]
    assert calls == ["ask_report"]


def test_whoever_has_told_is_not_asked_again(agreed, at):
    now = run(at, "2026-12-08 11:30")
    tell(agreed, lotse(agreed), now)
    run(at, "2026-12-10 12:00")
    assert [name for name, _due in asked()] == ["ask_report", "ask_feedback", "remind_feedback"]


def test_who_told_before_being_asked_is_not_asked(agreed, at):
    tell(agreed, lotse(agreed), at("2026-12-08 11:05"))
    run(at, "2026-12-08 11:30")
    run(at, "2026-12-10 12:00")
    assert [name for name, _due in asked()] == ["ask_feedback", "remind_feedback"]


@pytest.mark.parametrize("end", ["cancel", "finish", "step_down"])
def test_nobody_is_asked_after_the_office_has_ended_it(agreed, office, at, end):
    now = at("2026-12-08 11:10")
    more = {
        "cancel": {"reason": "x"},
        "finish": {"outcome": "took_place", "minutes": 60},
        "step_down": {},
    }
    getattr(workflow, end)(agreed.assistance_id, by=office, now=now, **more[end])
    run(at, "2026-12-08 11:30")
    assert asked() == []


# What settles


def test_two_equal_reports_settle_with_the_minutes_of_the_volunteer(agreed, at):
    now = run(at, "2026-12-08 11:30")
    tell(agreed, member(agreed), now, minutes=45)
    tell(agreed, lotse(agreed), now, minutes=75)
    assert states(agreed) == ("done", "took_place")
    assert (agreed.minutes, agreed.ended_at, agreed.report_due) == (75, now, None)
    assert (agreed.assistance.ended_by, agreed.assistance.ended_at) == ("volunteer", now)
    assert list(Figure.objects.values_list("number", "outcome", "minutes")) == [
        (agreed.assistance_id, "took_place", 75)
    ]
    agreed.volunteer.refresh_from_db()
    assert (agreed.volunteer.minutes_90d, str(agreed.volunteer.last_deployed_on)) == (75, "2026-12-08")
    assert list(Bond.objects.values_list("volunteer", "times")) == [(agreed.volunteer_id, 1)]
    last = LogEntry.objects.order_by("-pk")[:3]
    assert {(row.kind, row.action, row.actor_kind) for row in last} == {
        ("assistance", "report", "volunteer"),
        ("assignment", "finish", "volunteer"),
        ("assistance", "finish", "volunteer"),
    }


def test_a_client_who_asked_settles_too(at):
    assistance = make_assistance()
    type(assistance).objects.filter(pk=assistance.pk).update(institution=None, filed_by=None)
    assistance.refresh_from_db()
    agreed = make_agreed(assistance)
    now = at("2026-12-08 11:30")
    tell(agreed, lotse(agreed), now)
    tell(agreed, Actor.client(assistance.pk), now, minutes=90)
    assert states(agreed) == ("done", "took_place")
    assert (agreed.minutes, agreed.assistance.ended_by) == (60, "client")


@pytest.mark.parametrize("outcome", ["client_absent", "lotse_absent", "cancelled_late", "other"])
def test_what_did_not_take_place_has_no_minutes_and_no_load(agreed, at, outcome):
    now = at("2026-12-08 11:30")
    for by in (lotse(agreed), member(agreed)):
        tell(agreed, by, now, outcome=outcome)
    assert (*states(agreed), agreed.minutes) == ("done", outcome, None)
    agreed.volunteer.refresh_from_db()
    assert (agreed.volunteer.minutes_90d, agreed.volunteer.last_deployed_on) == (0, None)
    assert (Bond.objects.count(), Figure.objects.get().minutes) == (0, None)


@pytest.mark.parametrize("who", [lotse, member])
def test_one_report_alone_settles_after_three_working_days(agreed, at, who):
    tell(agreed, who(agreed), run(at, "2026-12-08 11:30"), minutes=50)
    now = run(at, "2026-12-11 15:59")
    assert (states(agreed), in_queue(now)) == (("confirmed", "agreed"), [])
    run(at, "2026-12-11 16:00")
    assert (*states(agreed), agreed.minutes, agreed.assistance.ended_by) == (
        "done",
        "took_place",
        50,
        "clock",
    )
    run(at, "2026-12-16 12:00")
    assert [name for name, _due in asked() if name.startswith("remind")] == [
        "remind_feedback" if who is lotse else "remind_report"
    ]


def test_a_late_single_report_after_the_last_reminder_settles_too(agreed, at):
    for moment in ("2026-12-08 11:30", "2026-12-10 12:00", "2026-12-14 12:00", "2026-12-16 12:00"):
        run(at, moment)
    tell(agreed, lotse(agreed), at("2026-12-17 10:00"))
    assert in_queue(at("2026-12-18 10:00")) == []
    run(at, "2026-12-22 16:00")
    assert states(agreed) == ("done", "took_place")


def test_two_different_reports_come_to_the_office_at_once(agreed, office, at):
    now = run(at, "2026-12-08 11:30")
    tell(agreed, lotse(agreed), now, outcome="client_absent")
    tell(agreed, member(agreed), now, outcome="took_place", minutes=40)
    assert (states(agreed), in_queue(now)) == (("confirmed", "agreed"), ["differ"])
    (row,) = worklist.groups(me=0, whose=worklist.EVERYBODY, now=now)["differ"].rows
    assert row.said == [
        ("client_absent", "Klientin oder Klient kam nicht"),
        ("took_place", "hat stattgefunden"),
    ]
    assert row.minutes == 40
    later = run(at, "2027-01-15 12:00")
    assert (states(agreed), len(asked())) == (("confirmed", "agreed"), 2)
    workflow.finish(agreed.assistance_id, outcome="took_place", minutes=40, by=office, now=later)
    assert (states(agreed), in_queue(later)) == (("done", "took_place"), [])


def test_a_correction_that_agrees_settles(agreed, at):
    now = at("2026-12-08 11:30")
    tell(agreed, lotse(agreed), now, outcome="client_absent")
    tell(agreed, member(agreed), now, outcome="took_place")
    tell(agreed, lotse(agreed), now, outcome="took_place", minutes=70)
    assert (*states(agreed), agreed.minutes) == ("done", "took_place", 70)
    assert Report.objects.count() == 2


def test_a_correction_counts_the_deadline_anew(agreed, at):
    tell(agreed, lotse(agreed), at("2026-12-08 11:30"), outcome="other")
    run(at, "2026-12-08 11:30")
    tell(agreed, lotse(agreed), at("2026-12-09 09:00"), outcome="took_place")
    run(at, "2026-12-11 16:00")
    assert states(agreed) == ("confirmed", "agreed")
    run(at, "2026-12-14 16:00")
    assert states(agreed) == ("done", "took_place")


def test_after_settlement_nothing_can_be_told(agreed, at):
    now = at("2026-12-08 11:30")
    for by in (lotse(agreed), member(agreed)):
        tell(agreed, by, now)
    with pytest.raises(workflow.Settled):
        tell(agreed, lotse(agreed), now, outcome="other")


def test_before_it_begins_nothing_can_be_told(agreed, at):
    with pytest.raises(workflow.NotPossible, match="noch nicht begonnen"):
        tell(agreed, lotse(agreed), at("2026-12-08 09:59"))
    tell(agreed, lotse(agreed), at("2026-12-08 10:00"), outcome="client_absent")


def test_a_cancelled_appointment_is_not_reported(agreed, office, at):
    workflow.cancel(agreed.assistance_id, reason="x", by=office, now=NOW)
    with pytest.raises(workflow.NotPossible, match="gilt nicht mehr"):
        tell(agreed, lotse(agreed), at("2026-12-08 11:30"))


def test_only_the_two_sides_tell(agreed, office, at):
    now = at("2026-12-08 11:30")
    strangers = (office, CLOCK, Actor.volunteer(make_volunteer().pk), Actor.client(agreed.assistance_id + 1))
    for by in strangers:
        with pytest.raises(workflow.NotPossible):
            tell(agreed, by, now)
    assert Report.objects.count() == 0


def test_only_the_office_finishes_without_a_report(agreed, at):
    now = at("2026-12-08 11:30")
    for by in (lotse(agreed), member(agreed), CLOCK):
        with pytest.raises(workflow.NotPossible):
            workflow.finish(agreed.assistance_id, outcome="took_place", minutes=60, by=by, now=now)


# What the office corrects


def test_a_wrong_settlement_comes_back_to_the_office_and_stays_there(agreed, office, at):
    now = run(at, "2026-12-08 11:30")
    for by in (lotse(agreed), member(agreed)):
        tell(agreed, by, now)
    workflow.undo_finish(agreed.assistance_id, reason="Verklickt", by=office, now=now)
    later = run(at, "2026-12-21 12:00")
    assert (states(agreed), in_queue(later)) == (("confirmed", "agreed"), ["over"])
    assert (len(asked()), Figure.objects.count()) == (2, 0)
    workflow.finish(agreed.assistance_id, outcome="client_absent", minutes=None, by=office, now=later)
    assert (*states(agreed), Figure.objects.get().outcome) == ("done", "client_absent", "client_absent")


def test_after_the_correction_of_a_lonely_report_the_clock_does_not_settle_it_again(agreed, office, at):
    tell(agreed, lotse(agreed), run(at, "2026-12-08 11:30"), outcome="other")
    run(at, "2026-12-11 16:00")
    workflow.undo_finish(agreed.assistance_id, reason="Rückruf", by=office, now=at("2026-12-14 09:00"))
    now = run(at, "2026-12-30 12:00")
    assert (states(agreed), in_queue(now)) == (("confirmed", "agreed"), ["over"])


def test_done_before_its_time_and_undone_is_asked_about_as_ever(agreed, office, at):
    workflow.finish(agreed.assistance_id, outcome="took_place", minutes=60, by=office, now=NOW)
    workflow.undo_finish(agreed.assistance_id, reason="Verklickt", by=office, now=NOW)
    run(at, "2026-12-08 11:30")
    assert len(asked()) == 2


# Calls after a hard appointment


def test_a_call_waits_for_the_office_until_it_is_done_even_after_settlement(agreed, office, at):
    now = at("2026-12-08 11:30")
    tell(agreed, lotse(agreed), now, wants_call=True)
    tell(agreed, member(agreed), now, wants_call=True)  # a tick that the page does not have
    (report,) = Report.objects.filter(wants_call=True)
    assert (report.side, states(agreed)) == ("volunteer", ("done", "took_place"))
    workflow.note_call(agreed.pk, by=office, now=now)
    report.refresh_from_db()
    assert (report.wants_call, report.called_at) == (False, now)
    with pytest.raises(workflow.NotPossible, match="schon erledigt"):
        workflow.note_call(agreed.pk, by=office, now=now)


def test_only_the_requester_leaves_words(agreed, at):
    now = at("2026-12-08 11:30")
    tell(agreed, member(agreed), now, note="Sehr hilfreich")
    tell(agreed, lotse(agreed), now, outcome="other", note="Nicht gefragt")
    assert dict(Report.objects.values_list("side", "note")) == {
        "requester": "Sehr hilfreich",
        "volunteer": "",
    }


# Nothing falls between two stools


def test_whatever_is_over_is_in_the_queue_or_in_the_plan_of_the_clock(agreed, at):
    """Minute by minute through the weeks after an appointment that nobody reports."""
    now = at("2026-12-08 11:00")
    for _step in range(24 * 14):
        now += timedelta(hours=1)
        workflow.follow_up(now)
        agreed.refresh_from_db()
        planned = agreed.report_due is not None and agreed.report_due > now
        assert planned != bool(in_queue(now))


def test_a_look_costs_the_same_for_one_and_for_many(agreed, at):
    def statements(moment):
        now = at(moment)
        with CaptureQueriesContext(connection) as captured:
            assert workflow.follow_up(now) == 0
        return len(captured)

    few = statements("2026-12-01 12:00")
    for number in range(5):
        make_agreed(make_assistance(when=period(f"2026-12-1{number}")))
    assert statements("2026-12-01 12:00") == few
