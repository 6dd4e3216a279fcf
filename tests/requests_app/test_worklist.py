"""What waits for the office, and in what order."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lotsen_portal.audit import CLOCK, Actor
from lotsen_portal.models import OutgoingMail
from requests_app import undelivered, workflow, worklist
from requests_app.models import Institution, Offer
from tests import factories
from tests.factories import NOW, period

pytestmark = pytest.mark.django_db


def groups(*, me=0, whose=worklist.EVERYBODY, only="", now=NOW):
    return worklist.groups(me=me, whose=whose, only=only, now=now)


def filled(**kwargs):
    return {
        slug: [row.reference for row in group.rows] for slug, group in groups(**kwargs).items() if group.rows
    }


def test_an_empty_city_leaves_nothing_to_decide():
    assert filled() == {}
    assert [group.everybody for group in groups().values()] == [0] * len(worklist.TITLES)


def test_a_request_that_needs_a_look_waits_for_it():
    member = factories.make_member(factories.make_institution(state="applied"))
    assistance = factories.make_assistance(by=member)
    assert filled() == {"new": [assistance.reference]}


def test_a_request_that_nobody_was_asked_about_is_fresh():
    assistance = factories.make_assistance()
    assert filled() == {"fresh": [assistance.reference]}


def test_while_an_answer_may_still_come_nothing_is_to_decide():
    factories.make_offer()
    assert filled() == {}


@pytest.mark.parametrize("ending", ["declined", "expired"])
def test_after_the_last_answer_the_next_person_is_to_be_asked(ending):
    offer = factories.make_offer()
    if ending == "declined":
        workflow.decline(offer.pk, reason="", by=Actor.volunteer(offer.volunteer_id), now=NOW)
    else:
        Offer.objects.filter(pk=offer.pk).update(deadline=NOW)
        workflow.expire_offers(NOW)
    assert filled() == {"again": [offer.assistance.reference]}
    (row,) = groups()["again"].rows
    expected = "1 gefragt: 1 abgesagt" if ending == "declined" else "1 gefragt: 1 ohne Antwort"
    assert row.tally == expected


@pytest.mark.parametrize(
    ("when", "deadline"),
    [(period("2026-11-25"), None), (period("2026-12-08"), NOW + timedelta(hours=3))],
)
def test_a_near_appointment_or_deadline_presses(when, deadline):
    assistance = factories.make_assistance(when=when)
    offer = factories.make_offer(assistance)
    Offer.objects.filter(pk=offer.pk).update(deadline=deadline)
    assert filled() == {"waiting": [assistance.reference]}


def test_a_promise_that_passed_comes_first():
    earlier = NOW - timedelta(days=10)
    assistance = factories.make_assistance(now=earlier)
    assert assistance.answer_by < NOW.date()
    assert filled() == {"promised": [assistance.reference]}


def test_what_is_over_waits_for_its_outcome_or_its_end():
    earlier = NOW - timedelta(days=6)
    agreed = factories.make_assistance(when=period("2026-11-20"), now=earlier)
    factories.make_agreed(agreed, now=earlier)
    lost = factories.make_assistance(when=period("2026-11-20"), now=earlier)
    assert filled() == {"over": [agreed.reference], "gone": [lost.reference]}


def test_agreed_appointments_of_today_and_tomorrow_are_named_without_a_decision():
    tomorrow = factories.make_assistance(when=period("2026-11-24", "23:00"))
    factories.make_agreed(tomorrow)
    factories.make_agreed(factories.make_assistance(when=period("2026-11-25", "00:00")))
    assert filled() == {"soon": [tomorrow.reference]}
    assert "soon" not in worklist.DECISIONS


def test_the_urgent_come_first_then_the_sooner():
    late = factories.make_assistance(when=period("2026-12-10"))
    soon = factories.make_assistance(when=period("2026-12-09"))
    urgent = factories.make_assistance(when=period("2026-12-11"))
    type(urgent).objects.filter(pk=urgent.pk).update(urgent=True)
    assert filled() == {"fresh": [urgent.reference, soon.reference, late.reference]}


def test_numbers_count_all_while_rows_are_few():
    for _ in range(worklist.SHOWN + 2):
        factories.make_assistance()
    group = groups()["fresh"]
    assert (group.everybody, len(group.rows)) == (worklist.SHOWN + 2, worklist.SHOWN)
    assert len(groups(only="fresh")["fresh"].rows) == worklist.SHOWN + 2


def test_mine_and_nobodys_are_told_apart():
    me = factories.make_coordinator()
    mine, nobodys = factories.make_assistance(), factories.make_assistance()
    workflow.take_charge(mine.pk, responsible=me, by=Actor.office(me), now=NOW)
    assert filled(me=me.pk, whose=worklist.MINE) == {"fresh": [mine.reference]}
    assert filled(me=me.pk, whose=worklist.NOBODY) == {"fresh": [nobodys.reference]}
    group = groups(me=me.pk)["fresh"]
    assert [group.total(whose) for whose in ("alle", "ich", "niemand")] == [2, 1, 1]


def test_what_ended_is_nobodys_work():
    assistance = factories.make_assistance()
    workflow.give_up(assistance.pk, by=CLOCK, now=NOW)
    assert filled() == {}


def test_a_row_says_what_it_is_about():
    member = factories.make_member(factories.make_institution("Jobcenter"))
    factories.make_assistance(by=member, languages=["tr", "ar"])
    (row,) = groups()["fresh"].rows
    assert (row.languages, row.topic, row.district, row.institution) == (
        "Türkisch, Arabisch",
        "Gesundheit",
        "Innenstadt",
        "Jobcenter",
    )


def test_who_has_no_address_is_to_be_phoned_with_what_to_say():
    volunteer = factories.make_volunteer("Olga Ohnemail", email="", phone="02131 555 42")
    offer = factories.make_offer(volunteer=volunteer)
    calls, dead = undelivered.piles(now=NOW)
    (call,) = calls.mails
    assert (calls.total, dead.total) == (1, 0)
    assert (call.name, call.phone, call.subject, call.reference) == (
        "Olga Ohnemail",
        "02131 555 42",
        "Einsatzanfrage",
        offer.assistance.reference,
    )
    assert call.words == undelivered.WORDS["ask_volunteer"]


def test_a_requester_without_address_is_named_with_the_direct_line():
    member = factories.make_member(name="Frau Kurz")
    type(member).objects.filter(pk=member.pk).update(phone="02131 90 1")
    factories.make_assistance(by=member)
    OutgoingMail.objects.update(state="dead", last_error="SMTPDataError 550")
    _, dead = undelivered.piles(now=NOW)
    (mail,) = dead.mails
    assert (mail.name, mail.phone, mail.error) == ("Frau Kurz", "02131 90 1", "SMTPDataError 550")


def test_a_call_that_is_not_due_yet_waits():
    volunteer = factories.make_volunteer(email="")
    factories.make_agreed(volunteer=volunteer)
    subjects = [call.subject for call in undelivered.piles(now=NOW)[0].mails]
    assert "Erinnerung an den Termin" not in subjects


def test_every_mail_has_words_for_the_phone():
    assert set(undelivered.WORDS) == set(undelivered.SUBJECTS)


def test_the_work_queue_costs_two_statements_at_any_size():
    def statements():
        with CaptureQueriesContext(connection) as captured:
            groups()
            undelivered.piles(now=NOW)
        return len(captured)

    assert statements() == 2
    volunteer = factories.make_volunteer(email="")
    for _ in range(3):
        factories.make_offer(volunteer=volunteer)
    assert (statements(), Institution.objects.count()) == (2, 3)
