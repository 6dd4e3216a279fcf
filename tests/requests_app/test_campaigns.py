"""A search: who is asked when, by whose answer it goes on, and what ends it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from lotsen_portal import outbox
from lotsen_portal.audit import CLOCK, Actor
from lotsen_portal.models import OutgoingMail, Programme
from requests_app import offering, workflow
from requests_app.models import AssistanceRequest, Campaign, Offer, Place, Wish
from requests_app.workflow import NeedsReason, NotPossible, Plan
from tests import factories
from tests.factories import NOW, make_agreed, make_assistance, make_offer, make_volunteer, period
from volunteers.models import Absence

pytestmark = pytest.mark.django_db

# Half past nine on the same Monday.
LATER = NOW + timedelta(minutes=30)


def berlin(text: str) -> datetime:
    """A moment of winter by Berlin's wall clock."""
    return datetime.fromisoformat(f"{text}+01:00").astimezone(UTC)


@pytest.fixture
def user():
    return factories.make_coordinator()


@pytest.fixture
def office(user):
    return Actor.office(user)


@pytest.fixture
def people():
    return [make_volunteer(name) for name in ("Anna", "Bilal", "Cem", "Dana", "Elif")]


@pytest.fixture
def assistance():
    return make_assistance()


CASCADE = Plan(kind="cascade", size=1, interval_hours=16, needs_choice=False)
WAVE = Plan(kind="wave", size=2, interval_hours=8, needs_choice=False)
CHOICE = Plan(kind="wave", size=3, interval_hours=8, needs_choice=True, enough=2)


def start(assistance, people, user, plan=CASCADE, now=NOW) -> Campaign:
    return workflow.start_campaign(
        assistance.pk,
        plan,
        volunteers=[person.pk for person in people],
        by=Actor.office(user),
        user=user,
        now=now,
    )


def hand_over(at: datetime = NOW) -> None:
    """All questions leave at this moment, as if SMTP had taken them."""
    for offer in Offer.objects.filter(state="pending", sent_at=None, waits_until=None):
        offering.handed_over(offer.pk, at)
    OutgoingMail.objects.filter(state="waiting", due_at__lte=at).update(state="sent", sent_at=at)


def asked() -> list[tuple[str, str]]:
    return list(Offer.objects.order_by("pk").values_list("volunteer__name", "state"))


def state(campaign: Campaign) -> str:
    return Campaign.objects.get(pk=campaign.pk).state


def skipped() -> dict[str, str]:
    return dict(Place.objects.exclude(skipped="").values_list("volunteer__name", "skipped"))


def no(name: str, now: datetime = LATER) -> None:
    offer = Offer.objects.get(volunteer__name=name, state__in=["pending", "willing"])
    workflow.decline(offer.pk, reason="", by=Actor.volunteer(offer.volunteer_id), now=now)


def yes(name: str, now: datetime = LATER) -> None:
    offer = Offer.objects.select_related("assistance").get(volunteer__name=name, state="pending")
    act = workflow.be_willing if offer.needs_choice else workflow.accept
    act(offer.pk, version=offer.assistance.version, by=Actor.volunteer(offer.volunteer_id), now=now)


# One after the other


def test_a_cascade_asks_the_first_at_once_and_the_next_with_the_no(assistance, people, user):
    campaign = start(assistance, people, user)
    assert asked() == [("Anna", "pending")]
    no("Anna")
    assert asked() == [("Anna", "declined"), ("Bilal", "pending")]
    yes("Bilal")
    assert (state(campaign), AssistanceRequest.objects.get().state) == ("finished", "confirmed")


def test_the_interval_counts_working_hours_from_the_hand_over(assistance, people, user):
    campaign = start(assistance, people, user)
    hand_over(berlin("2026-11-23T15:00"))
    campaign.refresh_from_db()
    assert campaign.next_at == berlin("2026-11-25T15:00")


def test_when_the_interval_passes_the_next_one_is_asked_and_the_first_may_still_answer(
    assistance, people, user
):
    start(assistance, people, user, Plan(kind="cascade", size=1, interval_hours=8, needs_choice=False))
    hand_over()
    assert workflow.carry_on_campaigns(berlin("2026-11-24T08:59")) == 0
    assert workflow.carry_on_campaigns(berlin("2026-11-24T09:00")) == 1
    assert asked() == [("Anna", "pending"), ("Bilal", "pending")]
    yes("Anna", berlin("2026-11-24T09:01"))
    assert asked() == [("Anna", "accepted"), ("Bilal", "not_chosen")]


def test_an_expiry_asks_the_next_in_the_same_moment(assistance, people, user):
    start(assistance, people, user)
    hand_over()
    deadline = Offer.objects.get().deadline
    workflow.expire_offers(deadline)
    assert asked() == [("Anna", "expired"), ("Bilal", "pending")]


def test_an_unsent_mail_holds_the_search_instead_of_asking_everybody(assistance, people, user):
    campaign = start(assistance, people, user)
    due = Campaign.objects.get().next_at
    workflow.carry_on_campaigns(due)
    campaign.refresh_from_db()
    assert asked() == [("Anna", "pending")]
    assert campaign.next_at > due


def test_a_mail_that_cannot_be_delivered_asks_the_next_at_once(assistance, people, user):
    start(assistance, people, user)
    OutgoingMail.objects.filter(function__endswith=".ask_volunteer").update(state="dead")
    workflow.carry_on_campaigns(LATER)
    assert asked() == [("Anna", "pending"), ("Bilal", "pending")]
    assert skipped() == {"Anna": "unreached"}
    workflow.carry_on_campaigns(LATER)
    assert len(asked()) == 2


@pytest.mark.parametrize(
    ("begins", "day", "following"),
    [
        ("2026-04-02T15:30", "2026-04-16", "2026-04-07T15:30"),  # the Thursday before Easter
        ("2026-12-23T15:30", "2027-01-14", "2026-12-28T15:30"),  # the day before Christmas Eve, a Wednesday
        ("2026-11-27T15:30", "2026-12-15", "2026-11-30T15:30"),  # a Friday afternoon
        ("2026-12-31T23:30", "2027-01-20", "2027-01-04T16:00"),  # the last night of a year
        ("2026-11-27T22:00", "2026-12-15", "2026-11-30T16:00"),  # a Friday night
    ],
)
def test_nobody_is_hurried_over_holidays(user, begins, day, following):
    offset = "+02:00" if begins.startswith("2026-04") else "+01:00"
    now = datetime.fromisoformat(f"{begins}{offset}").astimezone(UTC)
    assistance = make_assistance(when=period(day), now=now)
    people = [make_volunteer("Anna"), make_volunteer("Bilal")]
    hours = 16 if "12-23" in begins else 8
    start(
        assistance, people, user, Plan(kind="cascade", size=1, interval_hours=hours, needs_choice=False), now
    )
    hand_over(now)
    expected = datetime.fromisoformat(f"{following}{offset}").astimezone(UTC)
    assert Campaign.objects.get().next_at == expected


# Several at once


def test_a_wave_asks_some_then_the_next_when_all_said_no(assistance, people, user):
    start(assistance, people, user, WAVE)
    assert asked() == [("Anna", "pending"), ("Bilal", "pending")]
    no("Anna")
    assert len(asked()) == 2
    no("Bilal")
    assert asked()[2:] == [("Cem", "pending"), ("Dana", "pending")]


def test_the_first_yes_of_a_wave_wins_and_ends_the_search(assistance, people, user):
    campaign = start(assistance, people, user, WAVE)
    yes("Bilal")
    assert asked() == [("Anna", "not_chosen"), ("Bilal", "accepted")]
    assert state(campaign) == "finished"


def test_the_office_chooses_when_enough_would_come(assistance, people, user, office):
    campaign = start(assistance, people, user, CHOICE)
    hand_over()
    yes("Anna")
    yes("Cem")
    workflow.carry_on_campaigns(berlin("2026-11-24T09:00"))
    assert asked() == [("Anna", "willing"), ("Bilal", "pending"), ("Cem", "willing")]
    chosen = Offer.objects.get(volunteer__name="Cem")
    workflow.accept(chosen.pk, version=1, by=office, now=berlin("2026-11-24T09:30"))
    assert asked() == [("Anna", "not_chosen"), ("Bilal", "not_chosen"), ("Cem", "accepted")]
    assert state(campaign) == "finished"


def test_a_wave_goes_on_while_too_few_would_come(assistance, people, user):
    start(assistance, people, user, CHOICE)
    hand_over()
    yes("Anna")
    workflow.carry_on_campaigns(berlin("2026-11-24T09:00"))
    assert asked()[3:] == [("Dana", "pending"), ("Elif", "pending")]


def test_a_willing_who_takes_it_back_lets_the_search_go_on(assistance, people, user):
    start(assistance, people, user, Plan(kind="cascade", size=1, interval_hours=8, needs_choice=True))
    yes("Anna")
    no("Anna")
    assert asked() == [("Anna", "declined"), ("Bilal", "pending")]


# Judged anew


def test_who_does_not_fit_any_more_is_passed_over_with_the_reason(assistance, people, user):
    start(assistance, people, user)
    make_agreed(make_assistance(when=period("2026-12-08", "10:30")), people[1])
    Absence.objects.create(volunteer=people[2], first="2026-12-08", last="2026-12-08")
    Wish.objects.create(
        volunteer=people[3], institution=assistance.institution, side="volunteer", kind="exclude"
    )
    no("Anna")
    assert asked()[-1] == ("Elif", "pending")
    assert skipped() == {"Bilal": "overlap", "Cem": "absent", "Dana": "excluded"}


def test_a_search_that_finds_nobody_left_is_exhausted(assistance, people, user):
    campaign = start(assistance, people[:1], user)
    no("Anna")
    assert (state(campaign), AssistanceRequest.objects.get().state) == ("exhausted", "open")


def test_after_a_change_those_who_were_passed_over_get_another_chance(assistance, people, user, office):
    Absence.objects.create(volunteer=people[1], first="2026-12-08", last="2026-12-08")
    campaign = start(assistance, people[:2], user)
    no("Anna")
    assert (state(campaign), skipped()) == ("exhausted", {"Bilal": "absent"})
    change(assistance, office)
    assert (state(campaign), asked()[-1], skipped()) == ("running", ("Bilal", "pending"), {})


def change(assistance, by, now=LATER):
    workflow.change(
        assistance.pk,
        workflow.Change(
            period=period("2026-12-09"),
            mode=assistance.mode,
            district=assistance.district,
            place=assistance.place,
            languages=tuple(row.language for row in assistance.languages.all()),
        ),
        version=1,
        by=by,
        now=now,
    )


# What the office does with a running search


def test_a_paused_search_asks_nobody_until_it_is_resumed(assistance, people, user, office):
    campaign = start(assistance, people, user)
    workflow.pause_campaign(assistance.pk, by=office, now=LATER)
    no("Anna")
    workflow.carry_on_campaigns(LATER + timedelta(days=3))
    assert (asked(), state(campaign)) == ([("Anna", "declined")], "paused")
    workflow.resume_campaign(assistance.pk, by=office, now=LATER)
    assert asked()[-1] == ("Bilal", "pending")


def test_resuming_while_somebody_may_answer_waits_for_the_interval(assistance, people, user, office):
    start(assistance, people, user)
    hand_over()
    workflow.pause_campaign(assistance.pk, by=office, now=LATER)
    workflow.resume_campaign(assistance.pk, by=office, now=LATER)
    assert (len(asked()), Campaign.objects.get().next_at) == (1, berlin("2026-11-25T09:00"))


def test_a_stopped_search_leaves_those_asked_alone(assistance, people, user, office):
    campaign = start(assistance, people, user)
    workflow.stop_campaign(assistance.pk, by=office, now=LATER)
    no("Anna")
    assert (asked(), state(campaign)) == ([("Anna", "declined")], "stopped")
    with pytest.raises(NotPossible):
        workflow.resume_campaign(assistance.pk, by=office, now=LATER)


def test_the_office_does_not_have_to_wait(assistance, people, user, office):
    start(assistance, people, user)
    workflow.advance_campaign(assistance.pk, by=office, now=LATER)
    assert asked() == [("Anna", "pending"), ("Bilal", "pending")]


def test_the_list_can_be_edited_while_the_search_runs(assistance, people, user, office):
    start(assistance, people[:3], user)
    places = {place.volunteer.name: place for place in Place.objects.all()}
    workflow.move_up(assistance.pk, place=places["Cem"].pk, by=office, now=LATER)
    workflow.remove_from_campaign(assistance.pk, place=places["Bilal"].pk, by=office, now=LATER)
    workflow.add_to_campaign(assistance.pk, volunteer=people[4].pk, by=office, now=LATER)
    for name in ("Anna", "Cem"):
        no(name)
    assert asked() == [("Anna", "declined"), ("Cem", "declined"), ("Elif", "pending")]
    with pytest.raises(NotPossible):
        workflow.remove_from_campaign(assistance.pk, place=places["Anna"].pk, by=office, now=LATER)


def test_somebody_against_whom_a_rule_speaks_is_added_with_a_reason_only(assistance, people, user, office):
    start(assistance, people[:1], user)
    Absence.objects.create(volunteer=people[1], first="2026-12-08", last="2026-12-08")
    stranger = make_volunteer("Fritz", languages=("tr",))
    with pytest.raises(NeedsReason):
        workflow.add_to_campaign(assistance.pk, volunteer=people[1].pk, by=office, now=LATER)
    with pytest.raises(NotPossible, match="Spricht keine"):
        workflow.add_to_campaign(assistance.pk, volunteer=stranger.pk, override="Bitte", by=office, now=LATER)
    workflow.add_to_campaign(
        assistance.pk, volunteer=people[1].pk, override="Kommt früher zurück", by=office, now=LATER
    )
    no("Anna")
    assert Offer.objects.get(state="pending").override == "Kommt früher zurück"


def test_adding_people_wakes_an_exhausted_search(assistance, people, user, office):
    campaign = start(assistance, people[:1], user)
    no("Anna")
    workflow.add_to_campaign(assistance.pk, volunteer=people[1].pk, by=office, now=LATER)
    assert (state(campaign), asked()[-1]) == ("running", ("Bilal", "pending"))


def test_a_second_search_begins_only_where_the_first_ran_out_of_people(assistance, people, user):
    first = start(assistance, people[:1], user)
    with pytest.raises(NotPossible):
        start(assistance, people[1:], user)
    no("Anna")
    second = start(assistance, people[1:], user, now=LATER)
    assert (state(first), state(second)) == ("stopped", "running")


def test_a_changed_plan_holds_for_the_rest(assistance, people, user, office):
    start(assistance, people, user)
    workflow.adjust_campaign(assistance.pk, WAVE, by=office, now=LATER)
    no("Anna")
    assert asked()[1:] == [("Bilal", "pending"), ("Cem", "pending")]


def test_whoever_is_asked_by_hand_has_had_a_turn(assistance, people, user, office):
    start(assistance, people[:3], user)
    make_offer(assistance, people[1])
    no("Anna")
    no("Bilal")
    assert asked()[-1] == ("Cem", "pending")
    assert skipped() == {}


# What happens to the request


def test_a_step_down_starts_the_next_questions_at_once(assistance, people, user):
    campaign = start(assistance, people, user)
    yes("Anna")
    evening = berlin("2026-12-07T19:00")
    workflow.step_down(assistance.pk, by=Actor.volunteer(people[0].pk), now=evening)
    assert (state(campaign), asked()[-1]) == ("running", ("Bilal", "pending"))
    assert AssistanceRequest.objects.get().state == "offered"


@pytest.mark.parametrize("how", ["cancel", "give_up", "reject"])
def test_a_request_that_ends_ends_its_search(assistance, people, user, office, how):
    campaign = start(assistance, people[:1], user)
    if how == "reject":
        workflow.pause_campaign(assistance.pk, by=office, now=LATER)
        no("Anna")
        workflow.reject(assistance.pk, rule="other", reason="Passt nicht", by=office, now=LATER)
    else:
        getattr(workflow, how)(assistance.pk, reason="Krank", by=office, now=LATER)
    campaign.refresh_from_db()
    assert (campaign.state, campaign.next_at) == ("finished", None)


def test_a_refused_change_of_an_agreed_appointment_goes_on_with_the_list(assistance, people, user, office):
    campaign = start(assistance, people, user)
    yes("Anna")
    change(assistance, office)
    assert state(campaign) == "finished"
    offer = Offer.objects.get(state="pending")
    workflow.decline(offer.pk, reason="", by=Actor.volunteer(offer.volunteer_id), now=LATER)
    assert (state(campaign), asked()[-1]) == ("running", ("Bilal", "pending"))


def test_nobody_can_be_asked_by_a_search_after_its_end(assistance, people, user):
    campaign = start(assistance, people, user)
    no("Anna", AssistanceRequest.objects.get().search_ends_at)
    assert (asked(), state(campaign)) == ([("Anna", "declined")], "exhausted")


# The end of a search


def test_nobody_found_goes_out_while_there_is_time_to_act(assistance):
    ends = berlin("2026-12-04T08:00")
    assert AssistanceRequest.objects.get().search_ends_at == ends
    assert workflow.give_up_searches(ends - timedelta(minutes=1)) == 0
    assert workflow.give_up_searches(ends) == 1
    row = AssistanceRequest.objects.get()
    assert (row.state, row.ended_by) == ("unfilled", "clock")
    assert OutgoingMail.objects.filter(function__endswith=".tell_unfilled").count() == 1


def test_a_question_that_may_still_be_answered_keeps_the_search_going(assistance, people, user):
    make_offer(assistance, people[0])
    hand_over(berlin("2026-12-03T12:00"))
    assert workflow.give_up_searches(berlin("2026-12-04T08:00")) == 0
    no("Anna", berlin("2026-12-04T10:00"))
    assert workflow.give_up_searches(berlin("2026-12-04T10:01")) == 1


def test_a_question_that_reached_nobody_does_not(assistance):
    make_offer(assistance, make_volunteer(email=""))
    assert workflow.give_up_searches(berlin("2026-12-04T08:00")) == 1
    assert Offer.objects.get().state == "withdrawn"


def test_the_office_may_decide_by_hand_instead(assistance):
    programme = Programme.current()
    programme.gives_up_alone = False
    programme.save()
    assert workflow.give_up_searches(berlin("2026-12-08T09:00")) == 0


@pytest.mark.parametrize(
    ("filed", "day", "ends"),
    [
        ("2026-11-23T09:00", "2026-12-08", "2026-12-04T08:00"),
        ("2026-12-07T10:00", "2026-12-08", "2026-12-08T08:00"),  # the day before: the next morning
        ("2026-12-08T06:00", "2026-12-08", "2026-12-08T08:00"),  # the same morning
        ("2026-12-23T10:00", "2026-12-29", "2026-12-24T08:00"),  # Christmas between
        ("2026-12-22T10:00", "2026-12-28", "2026-12-23T08:00"),
    ],
)
def test_what_is_filed_late_is_searched_for_half_of_the_time_left(filed, day, ends):
    row = make_assistance(when=period(day), now=berlin(filed))
    assert row.search_ends_at == berlin(ends)


def test_a_late_step_down_gives_the_search_new_time(assistance, people):
    make_agreed(assistance, people[0])
    evening = berlin("2026-12-07T19:00")
    workflow.step_down(assistance.pk, by=Actor.volunteer(people[0].pk), now=evening)
    assert AssistanceRequest.objects.get().search_ends_at == berlin("2026-12-08T08:00")
    assert workflow.give_up_searches(evening) == 0


def test_a_request_without_a_time_is_not_given_up_by_the_clock():
    assert offering.search_ends(None, since=NOW, programme=Programme.current(), calendar=None) is None


def test_a_question_nobody_read_ends_when_the_appointment_begins(assistance):
    offer = make_offer(assistance, make_volunteer(email=""))
    workflow.expire_offers(offer.assistance.starts)
    assert asked() == [(offer.volunteer.name, "expired")]


# Not too many mails


@pytest.fixture
def one_a_day():
    programme = Programme.current()
    programme.offers_per_day = 1
    programme.save()


def test_more_than_a_day_bears_waits_for_the_digest(one_a_day, people):
    for day in ("2026-12-08", "2026-12-09", "2026-12-10"):
        make_offer(make_assistance(when=period(day)), people[0])
    assert [offer.waits_until for offer in Offer.objects.order_by("pk")] == [
        None,
        berlin("2026-11-24T08:00"),
        berlin("2026-11-24T08:00"),
    ]
    mails = OutgoingMail.objects.filter(function__contains=".ask_").order_by("pk")
    assert [(mail.name, mail.due_at) for mail in mails] == [
        ("ask_volunteer", NOW),
        ("ask_digest", berlin("2026-11-24T08:00")),
    ]


def test_the_digest_asks_all_that_is_open_with_a_link_each(one_a_day, people, mailoutbox, at):
    offers = [
        make_offer(make_assistance(when=period(f"2026-12-{day:02}")), people[0]) for day in (8, 9, 10, 11)
    ]
    workflow.withdraw_offer(offers[1].pk, by=CLOCK, now=LATER)
    morning = at("2026-11-24 08:00")
    outbox.deliver_due()
    digest = next(letter for letter in mailoutbox if "2 Anfragen" in letter.subject)
    assert digest.body.count("/lotse/antwort/") == 2
    assert [offer.sent_at is not None for offer in Offer.objects.order_by("pk")] == [True, False, True, True]
    assert Offer.objects.get(pk=offers[2].pk).deadline is not None
    assert Offer.objects.get(pk=offers[2].pk).deadline > morning


def test_a_digest_with_nothing_left_is_dropped(one_a_day, people, mailoutbox, at):
    offers = [make_offer(make_assistance(when=period(f"2026-12-{day:02}")), people[0]) for day in (8, 9)]
    workflow.withdraw_offer(offers[1].pk, by=CLOCK, now=LATER)
    at("2026-11-24 08:00")
    outbox.deliver_due()
    assert OutgoingMail.objects.get(function__endswith=".ask_digest").state == "dropped"


def test_what_is_urgent_goes_out_whatever_the_day_has_brought(one_a_day, people):
    make_offer(make_assistance(), people[0])
    urgent = make_offer(make_assistance(when=period("2026-11-25")), people[0])
    assert (urgent.assistance.urgent, urgent.waits_until) == (True, None)


def test_the_next_day_has_mails_of_its_own(one_a_day, people):
    make_offer(make_assistance(), people[0])
    later = make_offer(make_assistance(when=period("2026-12-09")), people[0], now=berlin("2026-11-24T00:01"))
    assert later.waits_until is None


def test_a_search_passes_over_whom_the_digest_would_reach_too_late(one_a_day, people, user):
    make_offer(make_assistance(), people[0])
    tight = make_assistance(when=period("2026-11-26", "09:00"))
    AssistanceRequest.objects.filter(pk=tight.pk).update(urgent=False)
    assert tight.search_ends_at == berlin("2026-11-24T08:00")
    start(tight, people[:2], user)
    assert skipped() == {"Anna": "too_late"}
    assert asked()[-1] == ("Bilal", "pending")


def test_a_search_waits_for_the_digest_before_it_goes_on(one_a_day, people, user):
    make_offer(make_assistance(), people[0])
    start(make_assistance(when=period("2026-12-15")), people[:2], user)
    campaign = Campaign.objects.get()
    assert campaign.next_at == berlin("2026-11-25T16:00")
    offer = Offer.objects.order_by("-pk")[0]
    assert (offer.volunteer, offer.deadline) == (people[0], None)


def test_a_change_that_makes_it_urgent_does_not_wait_for_the_digest(one_a_day, people, office):
    make_offer(make_assistance(), people[0])
    offer = make_offer(make_assistance(when=period("2026-12-09")), people[0])
    workflow.change(
        offer.assistance_id,
        workflow.Change(
            period=period("2026-11-25"),
            mode=offer.assistance.mode,
            district=offer.assistance.district,
            place=offer.assistance.place,
            languages=tuple(row.language for row in offer.assistance.languages.all()),
        ),
        version=1,
        by=office,
        now=LATER,
    )
    own = OutgoingMail.objects.filter(ids__offer=offer.pk).order_by("pk")
    assert [mail.name for mail in own] == ["ask_digest", "ask_volunteer"]


def test_the_office_does_not_ask_too_late_by_a_digest(one_a_day, people):
    make_offer(make_assistance(), people[0])
    tight = make_assistance(when=period("2026-11-26", "09:00"))
    AssistanceRequest.objects.filter(pk=tight.pk).update(urgent=False)
    assert make_offer(tight, people[0]).waits_until is None
