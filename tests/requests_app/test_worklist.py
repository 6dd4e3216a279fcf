"""What waits for the office, and in what order."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lotsen_portal.audit import CLOCK, Actor
from lotsen_portal.models import OutgoingMail
from requests_app import undelivered, workflow, worklist
from requests_app.models import Institution, Offer
from tests import factories
from tests.factories import NOW, draft_of, period

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


def joined(kind: str, *drafts, member=None, now=NOW):
    member = member or factories.make_member()
    return workflow.submit_several(
        list(drafts),
        kind=kind,
        by=Actor.member(member.user),
        institution=member.institution,
        filed_by=member.user,
        now=now,
    )


def test_the_dates_of_a_series_that_wait_for_the_same_are_one_row():
    days = [f"2026-12-{day:02}" for day in range(8, 18)]
    series = joined("series", *[draft_of(period(day)) for day in days])
    alone = factories.make_assistance(when=period("2026-12-20"))
    refused = factories.make_offer(series[4])
    workflow.decline(refused.pk, reason="", by=Actor.volunteer(refused.volunteer_id), now=NOW)
    fresh, again = groups()["fresh"], groups()["again"]

    (row, other), (left,) = fresh.rows, again.rows
    assert (row.group, row.is_event, row.starts) == (series[0].group_id, False, series[0].starts)
    assert row.members == [one.pk for one in series if one != series[4]]
    assert (other.group, other.members, left.group) == (None, [alone.pk], None)
    assert (fresh.everybody, fresh.shown) == (10, 10)


def test_an_event_is_one_row_with_all_its_languages_and_only_mine_where_i_look_for_mine():
    event = joined("event", *[draft_of(period(), languages=(code,)) for code in ("tr", "ar", "uk")])
    me = factories.make_coordinator()
    for one in event[:2]:
        workflow.take_charge(one.pk, responsible=me, by=Actor.office(me), now=NOW)
    (row,) = groups()["fresh"].rows
    mine = groups(me=me.pk, whose=worklist.MINE)["fresh"]

    assert (row.is_event, row.count, row.languages) == (True, 3, "Arabisch, Türkisch, Ukrainisch")
    assert (mine.rows[0].members, mine.total(worklist.MINE)) == ([one.pk for one in event[:2]], 2)


def test_of_a_series_each_report_that_differs_is_decided_by_itself(at):
    series = joined("series", draft_of(period("2026-12-01")), draft_of(period("2026-12-02")))
    for agreed in [factories.make_agreed(one) for one in series]:
        for by, outcome in (
            (Actor.volunteer(agreed.volunteer_id), "took_place"),
            (Actor.member(series[0].filed_by), "other"),
        ):
            workflow.report(agreed.pk, outcome=outcome, minutes=60, by=by, now=at("2026-12-03 12:00"))

    rows = groups(now=at("2026-12-03 12:30"))["differ"].rows
    assert [(row.reference, row.group) for row in rows] == [(one.reference, None) for one in series]


def test_the_page_leads_from_the_row_to_the_series_and_counts_requests(client):
    series = joined("series", *[draft_of(period(f"2026-12-{day:02}")) for day in range(8, 16)])
    client.force_login(factories.make_coordinator())
    page = client.get(reverse("office:index")).content.decode()

    assert "<strong>8 Termine</strong>, der nächste ist Di, 8. Dez., 10:00–11:00 Uhr" in page
    assert f'href="/koordination/reihen/{series[0].group_id}/#vorschlaege"' in page
    assert '<h2 id="fresh">Noch niemand gefragt <span class="lp-muted lp-number">8</span></h2>' in page
    assert "Alle anzeigen" not in page
