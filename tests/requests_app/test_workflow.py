"""Every verb: what it writes, whom it tells, what it logs, and where it refuses."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from lotsen_portal.audit import CLOCK, Actor
from lotsen_portal.models import LogEntry, OutgoingMail
from requests_app import workflow
from requests_app.models import AssistanceRequest, Edition, Figure, Offer, Report
from tests import factories
from tests.factories import NOW, make_agreed, make_assistance, make_offer, make_volunteer, period
from volunteers.models import Absence

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=3)


@pytest.fixture
def user():
    return factories.make_coordinator()


@pytest.fixture
def office(user):
    return Actor.office(user)


@pytest.fixture
def member():
    return factories.make_member()


@pytest.fixture
def assistance(member):
    return make_assistance(by=member)


def told(since: int = 0) -> list[str]:
    """The names of the mails noted since the row with this number, in alphabetical order."""
    return sorted(mail.name for mail in OutgoingMail.objects.filter(pk__gt=since))


def last_mail() -> int:
    return OutgoingMail.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def logged(since: int = 0) -> list[tuple[str, str, str, str, str]]:
    rows = LogEntry.objects.filter(pk__gt=since).order_by("pk")
    return list(rows.values_list("actor_kind", "action", "kind", "before", "after"))


def last_entry() -> int:
    return LogEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def state(assistance: AssistanceRequest) -> str:
    return AssistanceRequest.objects.get(pk=assistance.pk).state


def own(offer: Offer) -> Actor:
    return Actor.volunteer(offer.volunteer_id)


def new_time(assistance: AssistanceRequest, **values):
    return workflow.Change(
        **{
            "period": period("2026-12-09", "14:00"),
            "mode": assistance.mode,
            "district": assistance.district,
            "place": assistance.place,
            "languages": tuple(row.language for row in assistance.languages.all()),
            **values,
        }
    )


# Filing


def test_a_request_of_an_approved_institution_is_open_and_acknowledged(assistance):
    assert (assistance.reference, assistance.state, assistance.version) == ("NE-2026-00001", "open", 1)
    assert (assistance.urgent, assistance.answer_by, assistance.consent_at) == (
        False,
        date(2026, 11, 26),
        NOW,
    )
    assert told() == ["acknowledge_request"]
    assert logged() == [("member", "submit", "assistance", "", "open")]


def test_references_count_up_within_a_year_and_begin_anew_after_it(member):
    in_january = NOW + timedelta(days=60)
    filed = [
        make_assistance(by=member),
        make_assistance(by=member, when=period("2026-12-09")),
        make_assistance(by=member, when=period("2027-02-09"), now=in_january),
    ]
    assert [row.reference for row in filed] == ["NE-2026-00001", "NE-2026-00002", "NE-2027-00001"]


@pytest.mark.parametrize(("institution", "minutes"), [("applied", 60), ("blocked", 60), ("approved", 240)])
def test_what_breaks_an_intake_rule_needs_the_offices_look(institution, minutes):
    house = factories.make_institution(state=institution)
    row = make_assistance(by=factories.make_member(house), minutes=minutes, when=period(minutes=minutes))
    assert row.state == "new"


def test_short_notice_is_taken_and_marked_urgent(member):
    assert make_assistance(by=member, when=period("2026-11-26")).urgent is True


def test_the_office_lets_a_request_in(office):
    row = make_assistance(by=factories.make_member(factories.make_institution(state="applied")))
    since = last_entry()
    workflow.approve(row.pk, by=office, now=LATER)
    assert state(row) == "open"
    assert logged(since) == [("office", "approve", "assistance", "new", "open")]


def test_a_rejected_request_keeps_rule_and_reason_and_is_told(assistance, office):
    since = last_mail()
    workflow.reject(
        assistance.pk, rule="out_of_scope", reason="Das ist eine Rechtsberatung.", by=office, now=LATER
    )
    assistance.refresh_from_db()
    assert (assistance.state, assistance.ended_rule, assistance.ended_at) == (
        "rejected",
        "out_of_scope",
        LATER,
    )
    assert assistance.reason == "Das ist eine Rechtsberatung."
    assert told(since) == ["tell_rejected"]


@pytest.mark.parametrize("verb", ["approve", "reject"])
def test_a_member_neither_approves_nor_rejects(assistance, member, verb):
    more = {"rule": "x", "reason": "y"} if verb == "reject" else {}
    with pytest.raises(workflow.NotPossible):
        getattr(workflow, verb)(assistance.pk, by=Actor.member(member.user), now=LATER, **more)


# Asking


def test_several_people_are_asked_at_once_each_by_an_own_mail_and_link(assistance, office, user):
    people = [make_volunteer(), make_volunteer(email="")]
    since, entries = last_mail(), last_entry()
    offers = workflow.ask(assistance.pk, volunteers=[p.pk for p in people], by=office, user=user, now=NOW)
    assert state(assistance) == "offered"
    assert [(offer.state, offer.version, offer.deadline) for offer in offers] == [("pending", 1, None)] * 2
    assert len({offer.bundle_id for offer in offers}) == 2
    assert list(OutgoingMail.objects.filter(pk__gt=since).order_by("pk").values_list("state", flat=True)) == [
        "waiting",
        "phone",
    ]
    assert logged(entries) == [
        ("office", "ask", "offer", "", "pending"),
        ("office", "ask", "offer", "", "pending"),
        ("office", "ask", "assistance", "open", "offered"),
    ]


def test_nobody_is_asked_twice_about_the_same_request(assistance, office, user):
    offer = make_offer(assistance)
    with pytest.raises(workflow.NotPossible, match="schon angefragt"):
        workflow.ask(assistance.pk, volunteers=[offer.volunteer_id], by=office, user=user, now=NOW)
    assert assistance.offers.count() == 1


def test_asking_nobody_is_refused(assistance, office, user):
    with pytest.raises(workflow.NotPossible, match="mindestens eine Person"):
        workflow.ask(assistance.pk, volunteers=[], by=office, user=user, now=NOW)


def test_a_past_appointment_is_asked_about_no_more(assistance, office, user):
    after = assistance.starts + timedelta(minutes=1)
    with pytest.raises(workflow.NotPossible, match="Vergangenheit"):
        workflow.ask(assistance.pk, volunteers=[make_volunteer().pk], by=office, user=user, now=after)


def test_a_hard_rule_stops_the_question_and_names_itself(assistance, office, user):
    paused = make_volunteer("Amira", state="paused")
    with pytest.raises(workflow.NotPossible, match="Amira: Ist zurzeit nicht aktiv"):
        workflow.ask(
            assistance.pk, volunteers=[paused.pk], by=office, user=user, now=NOW, override="trotzdem"
        )
    assert Offer.objects.count() == 0


def test_a_softer_rule_needs_a_reason_and_keeps_it(assistance, office, user):
    volunteer = make_volunteer()
    Absence.objects.create(volunteer=volunteer, first=date(2026, 12, 8), last=date(2026, 12, 8))
    ask = {"volunteers": [volunteer.pk], "by": office, "user": user, "now": NOW}
    with pytest.raises(workflow.NeedsReason):
        workflow.ask(assistance.pk, **ask)
    (offer,) = workflow.ask(assistance.pk, **ask, override="Sie kommt früher zurück.")
    assert offer.override == "Sie kommt früher zurück."


# Answers


def test_a_yes_agrees_thanks_the_others_and_tells_everybody(assistance, office, user):
    first, second = make_volunteer(), make_volunteer()
    offers = workflow.ask(assistance.pk, volunteers=[first.pk, second.pk], by=office, user=user, now=NOW)
    since, entries = last_mail(), last_entry()
    agreed = workflow.accept(offers[1].pk, version=1, by=own(offers[1]), now=LATER)
    assert (agreed.volunteer, agreed.state, agreed.period) == (second, "agreed", assistance.period)
    assert state(assistance) == "confirmed"
    assert dict(assistance.offers.values_list("pk", "state")) == {
        offers[0].pk: "not_chosen",
        offers[1].pk: "accepted",
    }
    assert told(since) == ["confirm_volunteer", "remind_volunteer", "tell_confirmed", "thank_not_needed"]
    assert logged(entries) == [
        ("volunteer", "accept", "offer", "pending", "accepted"),
        ("volunteer", "agree", "assignment", "", "agreed"),
        ("volunteer", "thank", "offer", "pending", "not_chosen"),
        ("volunteer", "agree", "assistance", "offered", "confirmed"),
    ]


def test_the_reminder_is_due_at_noon_of_the_working_day_before():
    make_agreed(make_assistance(when=period("2026-12-14")))  # a Monday
    reminder = OutgoingMail.objects.get(function__endswith=".remind_volunteer")
    assert f"{reminder.due_at:%d.%m. %H:%M}" == "11.12. 11:00"


def test_no_reminder_is_laid_down_when_its_time_has_passed(member):
    make_agreed(make_assistance(by=member, when=period("2026-11-24")), now=NOW + timedelta(hours=5))
    assert "remind_volunteer" not in told()


def test_the_second_of_two_hears_that_somebody_was_faster(assistance, office, user):
    people = [make_volunteer(), make_volunteer()]
    offers = workflow.ask(assistance.pk, volunteers=[p.pk for p in people], by=office, user=user, now=NOW)
    workflow.accept(offers[0].pk, version=1, by=own(offers[0]), now=LATER)
    with pytest.raises(workflow.Taken):
        workflow.accept(offers[1].pk, version=1, by=own(offers[1]), now=LATER)


def test_a_second_yes_of_the_same_person_is_already_answered():
    agreed = make_agreed()
    with pytest.raises(workflow.AlreadyAnswered):
        workflow.accept(agreed.offer_id, version=1, by=Actor.volunteer(agreed.volunteer_id), now=LATER)


def test_a_yes_to_an_older_version_changes_nothing(assistance, member):
    offer = make_offer(assistance)
    workflow.change(assistance.pk, new_time(assistance), version=1, by=Actor.member(member.user), now=LATER)
    with pytest.raises(workflow.Changed):
        workflow.accept(offer.pk, version=1, by=own(offer), now=LATER)
    offer.refresh_from_db()
    assert (state(assistance), offer.state) == ("offered", "pending")


def test_nobody_agrees_to_two_overlapping_appointments():
    volunteer = make_volunteer()
    offers = [
        make_offer(make_assistance(), volunteer),
        make_offer(make_assistance(when=period(start="10:30")), volunteer),
    ]
    workflow.accept(offers[0].pk, version=1, by=own(offers[0]), now=LATER)
    with pytest.raises(workflow.Busy):
        workflow.accept(offers[1].pk, version=1, by=own(offers[1]), now=LATER)
    offers[1].refresh_from_db()
    assert offers[1].state == "pending"


def test_a_yes_after_the_beginning_is_too_late(assistance):
    offer = make_offer(assistance)
    with pytest.raises(workflow.TooLate):
        workflow.accept(offer.pk, version=1, by=own(offer), now=assistance.starts)


def test_the_last_no_brings_the_request_back_to_the_office(assistance, office, user):
    people = [make_volunteer(), make_volunteer()]
    first, last = workflow.ask(
        assistance.pk, volunteers=[p.pk for p in people], by=office, user=user, now=NOW
    )
    workflow.decline(first.pk, reason="", by=own(first), now=LATER)
    assert state(assistance) == "offered"
    workflow.decline(last.pk, reason="Urlaub", by=own(last), now=LATER)
    last.refresh_from_db()
    assert (state(assistance), last.state, last.reason, last.answered_at) == (
        "open",
        "declined",
        "Urlaub",
        LATER,
    )


def test_a_no_cannot_be_said_twice_nor_after_a_yes(assistance):
    agreed = make_agreed(assistance)
    with pytest.raises(workflow.AlreadyAnswered):
        workflow.decline(agreed.offer_id, reason="", by=Actor.volunteer(agreed.volunteer_id), now=LATER)


def test_the_office_notes_an_answer_from_a_telephone_call(assistance, office):
    offer = make_offer(assistance, make_volunteer(email=""))
    workflow.accept(offer.pk, version=1, by=office, now=LATER)
    assert state(assistance) == "confirmed"


def test_a_wrong_no_is_corrected(assistance, office):
    offer = make_offer(assistance)
    workflow.decline(offer.pk, reason="Nein", by=office, now=LATER)
    workflow.correct_no(offer.pk, by=office, now=LATER)
    offer.refresh_from_db()
    assert (state(assistance), offer.state, offer.reason, offer.answered_at) == (
        "offered",
        "pending",
        "",
        None,
    )
    # Sixteen working hours from noon on.
    assert f"{offer.deadline:%d.%m. %H:%M}" == "25.11. 11:00"


def test_a_withdrawn_offer_is_told_and_leaves_the_request_open(assistance, office):
    offer = make_offer(assistance)
    since = last_mail()
    workflow.withdraw_offer(offer.pk, by=office, now=LATER)
    assert state(assistance) == "open"
    assert told(since) == ["tell_withdrawn"]
    with pytest.raises(workflow.Withdrawn):
        workflow.accept(offer.pk, version=1, by=own(offer), now=LATER)


def test_an_agreed_offer_is_not_withdrawn(assistance, office):
    agreed = make_agreed(assistance)
    with pytest.raises(workflow.AlreadyAnswered):
        workflow.withdraw_offer(agreed.offer_id, by=office, now=LATER)


def test_only_offers_past_their_deadline_expire(assistance, office, user):
    people = [make_volunteer(), make_volunteer(), make_volunteer()]
    past, running, unsent = workflow.ask(
        assistance.pk, volunteers=[p.pk for p in people], by=office, user=user, now=NOW
    )
    Offer.objects.filter(pk=past.pk).update(deadline=LATER)
    Offer.objects.filter(pk=running.pk).update(deadline=LATER + timedelta(seconds=1))
    assert workflow.expire_offers(LATER) == 1
    assert workflow.expire_offers(LATER) == 0
    states = dict(assistance.offers.values_list("pk", "state"))
    assert states == {past.pk: "expired", running.pk: "pending", unsent.pk: "pending"}
    with pytest.raises(workflow.TooLate):
        workflow.accept(past.pk, version=1, by=own(past), now=LATER)


def test_the_last_expiry_brings_the_request_back_to_the_office(assistance):
    offer = make_offer(assistance)
    Offer.objects.filter(pk=offer.pk).update(deadline=LATER)
    workflow.expire_offers(LATER)
    assert state(assistance) == "open"
    assert logged()[-1] == ("clock", "fall_back", "assistance", "offered", "open")


# Changes


def test_a_change_raises_the_version_keeps_the_edition_and_asks_pending_people_again(assistance, member):
    make_offer(assistance)
    old, since = assistance.period, last_mail()
    changed = workflow.change(
        assistance.pk, new_time(assistance), version=1, by=Actor.member(member.user), now=LATER
    )
    assert (changed.version, changed.period, changed.state) == (2, period("2026-12-09", "14:00"), "offered")
    kept = Edition.objects.get(assistance=assistance)
    assert (kept.version, kept.period, kept.languages) == (1, old, "Arabisch")
    assert told(since) == ["ask_volunteer"]


def test_a_change_of_an_agreed_appointment_asks_the_same_volunteer_again(assistance, member):
    agreed = make_agreed(assistance)
    since = last_mail()
    workflow.change(assistance.pk, new_time(assistance), version=1, by=Actor.member(member.user), now=LATER)
    agreed.refresh_from_db()
    again = assistance.offers.get(state="pending")
    assert (state(assistance), agreed.state, again.volunteer_id) == (
        "offered",
        "changed",
        agreed.volunteer_id,
    )
    assert again.version == 1
    assert told(since) == ["ask_volunteer"]
    workflow.accept(again.pk, version=2, by=own(again), now=LATER)
    assert state(assistance) == "confirmed"


@pytest.mark.parametrize("answer", ["decline", "expire", "withdraw"])
def test_who_had_agreed_and_does_not_come_to_the_new_time_is_released_and_missed(
    assistance, member, office, answer
):
    make_agreed(assistance)
    workflow.change(assistance.pk, new_time(assistance), version=1, by=Actor.member(member.user), now=LATER)
    again, since = assistance.offers.get(state="pending"), last_mail()
    if answer == "decline":
        workflow.decline(again.pk, reason="", by=own(again), now=LATER)
    elif answer == "withdraw":
        workflow.withdraw_offer(again.pk, by=office, now=LATER)
    else:
        Offer.objects.filter(pk=again.pk).update(deadline=NOW)
        workflow.expire_offers(LATER)
    assert state(assistance) == "open"
    told_volunteer = "tell_withdrawn" if answer == "withdraw" else "tell_released"
    assert told(since) == sorted([told_volunteer, "tell_reopened"])


def test_a_no_of_somebody_who_had_not_agreed_worries_nobody(assistance):
    offer = make_offer(assistance)
    since = last_mail()
    workflow.decline(offer.pk, reason="", by=own(offer), now=LATER)
    assert told(since) == []


def test_the_offices_change_is_told_to_the_requester(assistance, office):
    since = last_mail()
    workflow.change(assistance.pk, new_time(assistance), version=1, by=office, now=LATER)
    assert told(since) == ["tell_changed"]


def test_changing_nothing_writes_nothing(assistance, office):
    entries = last_entry()
    same = new_time(assistance, period=assistance.period)
    assert workflow.change(assistance.pk, same, version=1, by=office, now=LATER).version == 1
    assert logged(entries) == []


@pytest.mark.parametrize(("version", "day"), [(7, "2026-12-09"), (1, "2026-11-20")])
def test_a_change_of_another_version_or_into_the_past_is_refused(assistance, office, version, day):
    with pytest.raises(workflow.NotPossible):
        workflow.change(
            assistance.pk, new_time(assistance, period=period(day)), version=version, by=office, now=LATER
        )
    assistance.refresh_from_db()
    assert assistance.version == 1


def test_who_cannot_come_is_released_and_the_search_begins_anew(assistance):
    agreed = make_agreed(assistance)
    since = last_mail()
    workflow.step_down(assistance.pk, by=Actor.volunteer(agreed.volunteer_id), now=LATER)
    agreed.refresh_from_db()
    agreed.offer.refresh_from_db()
    assert (state(assistance), agreed.state, agreed.offer.state) == ("open", "stepped_down", "withdrawn")
    assert told(since) == ["tell_released", "tell_reopened"]


def test_nobody_takes_back_the_yes_of_somebody_else(assistance):
    make_agreed(assistance)
    with pytest.raises(workflow.NotPossible):
        workflow.step_down(assistance.pk, by=Actor.volunteer(make_volunteer().pk), now=LATER)
    assert state(assistance) == "confirmed"


def test_a_volunteer_does_not_step_down_once_it_has_begun(assistance):
    agreed = make_agreed(assistance)
    with pytest.raises(workflow.TooLate):
        workflow.step_down(assistance.pk, by=Actor.volunteer(agreed.volunteer_id), now=assistance.starts)


def test_stepping_down_from_what_was_never_agreed_is_refused(assistance, office):
    with pytest.raises(workflow.NotPossible):
        workflow.step_down(assistance.pk, by=office, now=LATER)


# Endings and corrections


def test_a_cancellation_reaches_everybody_who_was_asked(assistance, member):
    make_offer(assistance)
    since = last_mail()
    workflow.cancel(assistance.pk, reason="Termin entfällt", by=Actor.member(member.user), now=LATER)
    assistance.refresh_from_db()
    assert (assistance.state, assistance.reason, assistance.ended_by) == (
        "cancelled",
        "Termin entfällt",
        "member",
    )
    assert assistance.ended_late is False
    assert told(since) == ["tell_cancelled", "tell_withdrawn"]


@pytest.mark.parametrize(("hours", "late"), [(25, False), (23, True)])
def test_a_cancellation_shortly_before_an_agreed_appointment_is_late(assistance, member, hours, late):
    agreed = make_agreed(assistance)
    since = last_mail()
    workflow.cancel(
        assistance.pk,
        reason="",
        by=Actor.member(member.user),
        now=assistance.starts - timedelta(hours=hours),
    )
    assistance.refresh_from_db()
    agreed.refresh_from_db()
    assert (assistance.ended_late, agreed.state) == (late, "cancelled")
    assert told(since) == ["tell_cancelled", "tell_cancelled_volunteer"]


def test_what_has_ended_is_not_cancelled_again(assistance, office):
    workflow.cancel(assistance.pk, reason="", by=office, now=LATER)
    with pytest.raises(workflow.NotPossible):
        workflow.cancel(assistance.pk, reason="", by=office, now=LATER)


@pytest.mark.parametrize("by", ["office", "clock"])
def test_giving_up_is_told_while_there_is_time(assistance, office, by):
    make_offer(assistance)
    since = last_mail()
    workflow.give_up(assistance.pk, by=office if by == "office" else CLOCK, now=LATER)
    assert state(assistance) == "unfilled"
    assert told(since) == ["tell_unfilled", "tell_withdrawn"]


@pytest.mark.parametrize(
    ("outcome", "minutes", "after", "counted"),
    [
        ("took_place", 75, "took_place", 75),
        ("took_place", None, "took_place", 60),
        ("client_absent", None, "client_absent", None),
        ("lotse_absent", None, "lotse_absent", None),
        ("cancelled_late", None, "cancelled_late", None),
        ("other", None, "other", None),
    ],
)
def test_an_outcome_is_noted_reported_and_counted(assistance, office, outcome, minutes, after, counted):
    agreed = make_agreed(assistance)
    over = assistance.finishes + timedelta(hours=1)
    workflow.finish(assistance.pk, outcome=outcome, minutes=minutes, by=office, now=over)
    agreed.refresh_from_db()
    assert (state(assistance), agreed.state, agreed.minutes, agreed.ended_at) == (
        "done",
        after,
        counted,
        over,
    )
    assert list(Report.objects.values_list("side", "outcome", "minutes")) == [("office", outcome, counted)]
    assert list(Figure.objects.values_list("number", "outcome", "minutes")) == [
        (assistance.pk, after, counted)
    ]
    agreed.volunteer.refresh_from_db()
    assert agreed.volunteer.minutes_90d == (counted if after == "took_place" else 0)


def test_only_an_agreed_appointment_is_finished(assistance, office):
    with pytest.raises(workflow.NotPossible):
        workflow.finish(assistance.pk, outcome="took_place", minutes=60, by=office, now=LATER)


def test_a_wrong_done_is_taken_back_with_its_figure_and_load(assistance, office):
    agreed = make_agreed(assistance)
    workflow.finish(assistance.pk, outcome="took_place", minutes=60, by=office, now=LATER)
    workflow.undo_finish(assistance.pk, reason="Verklickt", by=office, now=LATER)
    agreed.refresh_from_db()
    agreed.volunteer.refresh_from_db()
    assert (state(assistance), agreed.state, agreed.minutes) == ("confirmed", "agreed", None)
    assert (Figure.objects.count(), Report.objects.count(), agreed.volunteer.minutes_90d) == (0, 0, 0)


def test_a_done_whose_time_was_given_away_is_not_taken_back(assistance, office):
    agreed = make_agreed(assistance)
    workflow.finish(assistance.pk, outcome="client_absent", minutes=None, by=office, now=LATER)
    make_agreed(make_assistance(), agreed.volunteer)
    with pytest.raises(workflow.Busy):
        workflow.undo_finish(assistance.pk, reason="Verklickt", by=office, now=LATER)
    assert state(assistance) == "done"


@pytest.mark.parametrize("ending", ["cancelled", "unfilled", "rejected"])
def test_each_wrong_ending_is_reopened_with_a_reason_and_told(assistance, office, ending):
    end = {
        "cancelled": lambda: workflow.cancel(assistance.pk, reason="", by=office, now=LATER),
        "unfilled": lambda: workflow.give_up(assistance.pk, by=office, now=LATER),
        "rejected": lambda: workflow.reject(assistance.pk, rule="r", reason="", by=office, now=LATER),
    }
    end[ending]()
    assert state(assistance) == ending
    since, entries = last_mail(), last_entry()
    workflow.reopen(assistance.pk, reason="Verklickt", by=office, now=LATER)
    assistance.refresh_from_db()
    assert (assistance.state, assistance.ended_at, assistance.ended_by) == ("open", None, "")
    assert told(since) == ["tell_reopened"]
    assert logged(entries) == [("office", f"reopen_{ending}", "assistance", ending, "open")]
    assert Figure.objects.count() == 0


@pytest.mark.parametrize("verb", ["reopen", "undo_finish"])
def test_a_correction_needs_a_reason(assistance, office, verb):
    make_agreed(assistance)
    workflow.finish(assistance.pk, outcome="took_place", minutes=60, by=office, now=LATER)
    with pytest.raises(workflow.NotPossible, match="Grund"):
        getattr(workflow, verb)(assistance.pk, reason="", by=office, now=LATER)


def test_a_running_request_is_not_reopened(assistance, office):
    with pytest.raises(workflow.NotPossible):
        workflow.reopen(assistance.pk, reason="x", by=office, now=LATER)


# Upkeep


def test_a_coordinator_takes_charge_and_gives_it_back(assistance, office, user):
    workflow.take_charge(assistance.pk, responsible=user, by=office, now=LATER)
    assistance.refresh_from_db()
    assert assistance.responsible == user
    workflow.take_charge(assistance.pk, responsible=None, by=office, now=LATER)
    assistance.refresh_from_db()
    assert assistance.responsible is None


def test_a_note_is_dated_signed_and_never_empty(assistance, office, user):
    kept = workflow.note(assistance.pk, text="  Ruft zurück.  ", author=user, by=office, now=LATER)
    assert (kept.text, kept.author, kept.written_at) == ("Ruft zurück.", user, LATER)
    with pytest.raises(workflow.NotPossible):
        workflow.note(assistance.pk, text="  ", author=user, by=office, now=LATER)
