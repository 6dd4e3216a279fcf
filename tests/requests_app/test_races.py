"""Races on PostgreSQL: threads with connections of their own, let go at one moment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lotsen_portal.audit import Actor
from lotsen_portal.models import LogEntry, OutgoingMail
from requests_app import mails, workflow
from requests_app.models import Assignment, AssistanceRequest, Offer
from requests_app.workflow import NotPossible
from tests import factories
from tests.factories import NOW, make_assistance, make_offer, make_volunteer, period
from tests.racing import race

pytestmark = pytest.mark.django_db(transaction=True)

RUNNERS = 16
SOON = NOW + timedelta(hours=1)

# A few rounds each time, many in the long suite.
rounds = pytest.mark.parametrize("times", [4, pytest.param(60, marks=pytest.mark.long)])


@pytest.fixture(autouse=True)
def no_broker(monkeypatch):
    """Mails stay in the outbox: what is raced for is the database."""
    monkeypatch.setattr("lotsen_portal.outbox.nudge", lambda: None)


def yes(offer: Offer, version: int = 1) -> Callable[[], Assignment]:
    return lambda: workflow.accept(
        offer.pk, version=version, by=Actor.volunteer(offer.volunteer_id), now=SOON
    )


def kinds(results: Sequence[Any]) -> Counter[str]:
    return Counter(type(result).__name__ for result in results)


def refused_at_most(results: Sequence[Any]) -> bool:
    """Whether nothing but a verb's own refusals was raised."""
    return all(isinstance(result, NotPossible) for result in results if isinstance(result, Exception))


def sound(*assistances: AssistanceRequest) -> None:
    """Whatever happened: rows agree with each other, and the log tells of each state once."""
    for assistance in assistances:
        row = AssistanceRequest.objects.get(pk=assistance.pk)
        live = row.assignments.live().count()
        accepted = row.offers.filter(state="accepted").count()
        assert (live, accepted) == ((1, 1) if row.state == "confirmed" else (0, 0))
        if row.state == "offered":
            assert row.offers.unanswered().exists()
        else:
            assert not row.offers.unanswered().exists()
        last = LogEntry.objects.filter(kind="assistance", number=row.pk).order_by("-pk").first()
        assert last is not None
        assert last.after == row.state


@pytest.fixture
def office():
    return Actor.office(factories.make_coordinator())


@pytest.fixture
def member():
    return factories.make_member()


def asked(member, people, office, day: int) -> tuple[AssistanceRequest, list[Offer]]:
    """A request on a day of its own, with an offer to each of these people."""
    when = period(f"{2027 + day // 336}-{1 + day // 28 % 12:02}-{1 + day % 28:02}")
    assistance = make_assistance(by=member, when=when)
    user = member.user
    offers = workflow.ask(
        assistance.pk, volunteers=[p.pk for p in people], by=office, user=user, now=NOW, override="Probe"
    )
    return assistance, offers


@pytest.mark.parametrize("times", [10, pytest.param(60, marks=pytest.mark.long)])
def test_of_sixteen_yes_at_one_moment_exactly_one_wins(times, member, office):
    people = [make_volunteer(weekly_maximum=20) for _ in range(RUNNERS)]
    for number in range(times):
        assistance, offers = asked(member, people, office, number)
        assert kinds(race(*map(yes, offers))) == {"Assignment": 1, "Taken": RUNNERS - 1}
        sound(assistance)
        assert OutgoingMail.objects.filter(
            ids__assistance=assistance.pk, function__endswith=".thank_not_needed"
        ).count() == (RUNNERS - 1)


@rounds
def test_one_volunteer_agrees_to_one_of_two_overlapping_requests(times, member, office):
    for number in range(times):
        volunteer = make_volunteer()
        day = f"2027-{1 + number // 28:02}-{1 + number % 28:02}"
        first = make_assistance(by=member, when=period(day, "10:00"))
        second = make_assistance(by=member, when=period(day, "10:30"))
        offers = [make_offer(first, volunteer), make_offer(second, volunteer)]
        assert kinds(race(*map(yes, offers))) == {"Assignment": 1, "Busy": 1}
        sound(first, second)


@rounds
def test_one_volunteer_takes_one_of_two_requests_of_an_event(times, member, office):
    for number in range(times):
        volunteer = make_volunteer()
        draft = factories.draft_of(period(f"2027-{1 + number // 28:02}-{1 + number % 28:02}"))
        requests = workflow.submit_several(
            [draft, draft],
            kind="event",
            by=Actor.member(member.user),
            institution=member.institution,
            filed_by=member.user,
            now=NOW,
        )
        offers = [make_offer(one, volunteer) for one in requests]
        assert kinds(race(*map(yes, offers))) == {"Assignment": 1, "Busy": 1}
        sound(*requests)


@rounds
def test_cancelling_against_a_yes_ends_cleanly(times, member, office):
    people = [make_volunteer(weekly_maximum=20)]
    for number in range(times):
        assistance, (offer,) = asked(member, people, office, number)
        said, ended = race(
            yes(offer),
            lambda pk=assistance.pk: workflow.cancel(pk, reason="", by=office, now=SOON),
        )
        assert ended is None
        assert type(said) in {Assignment, workflow.Withdrawn}
        assert AssistanceRequest.objects.get(pk=assistance.pk).state == "cancelled"
        sound(assistance)


@rounds
def test_changing_against_a_yes_ends_cleanly(times, member, office):
    for number in range(times):
        assistance, (offer,) = asked(member, [make_volunteer()], office, number)
        later = assistance.period
        new = workflow.Change(
            period=type(later)(later.lower + timedelta(hours=3), later.upper + timedelta(hours=3)),
            mode=assistance.mode,
            district=assistance.district,
            place=assistance.place,
            languages=tuple(row.language for row in assistance.languages.select_related("language")),
        )
        said, changed = race(
            yes(offer),
            lambda pk=assistance.pk, new=new: workflow.change(
                pk, new, version=1, by=Actor.member(member.user), now=SOON
            ),
        )
        assert type(said) in {Assignment, workflow.Changed}
        assert changed.version == 2
        # Whoever was faster: the volunteer is asked about the new time.
        pending = assistance.offers.get(state="pending")
        assert (pending.volunteer_id, pending.version) == (offer.volunteer_id, 1)
        assert AssistanceRequest.objects.get(pk=assistance.pk).state == "offered"
        sound(assistance)


@rounds
def test_withdrawing_against_a_yes_ends_cleanly(times, member, office):
    for number in range(times):
        assistance, (offer,) = asked(member, [make_volunteer()], office, number)
        results = race(yes(offer), lambda pk=offer.pk: workflow.withdraw_offer(pk, by=office, now=SOON))
        agreed = isinstance(results[0], Assignment)
        assert kinds(results) == (
            {"Assignment": 1, "AlreadyAnswered": 1} if agreed else {"Withdrawn": 1, "NoneType": 1}
        )
        state = AssistanceRequest.objects.get(pk=assistance.pk).state
        assert state == ("confirmed" if agreed else "open")
        sound(assistance)


@rounds
def test_a_yes_a_no_and_an_expiry_of_one_offer_end_in_one_of_them(times, member, office):
    for number in range(times):
        assistance, (offer,) = asked(member, [make_volunteer()], office, number)
        Offer.objects.filter(pk=offer.pk).update(deadline=NOW, sent_at=NOW)
        by = Actor.volunteer(offer.volunteer_id)
        results = race(
            yes(offer),
            yes(offer),
            lambda pk=offer.pk, by=by: workflow.decline(pk, reason="", by=by, now=SOON),
            lambda: workflow.expire_offers(SOON),
        )
        assert refused_at_most(results)
        sound(assistance)


@rounds
def test_verbs_on_crossing_requests_and_people_never_stick(times, member, office):
    """Two people, two requests, asked crosswise: locks in key order leave no deadlock behind."""
    for number in range(times):
        people = [make_volunteer(), make_volunteer()]
        day = f"2027-{1 + number // 28:02}-{1 + number % 28:02}"
        pair = [make_assistance(by=member, when=period(day, start)) for start in ("10:00", "10:30")]
        offers = [make_offer(assistance, person) for assistance in pair for person in people]
        results = race(
            *map(yes, offers),
            lambda pk=pair[0].pk: workflow.cancel(pk, reason="", by=office, now=SOON),
        )
        assert refused_at_most(results)
        sound(*pair)


@pytest.mark.parametrize("times", [3, pytest.param(200, marks=pytest.mark.long)])
def test_sixteen_browsers_pressing_yes_get_one_agreement_and_fifteen_kind_pages(times, member, office, at):
    at("2026-11-23 10:00")
    people = [make_volunteer(weekly_maximum=20) for _ in range(RUNNERS)]
    for number in range(times):
        assistance, offers = asked(member, people, office, number)

        def press(offer: Offer) -> Callable[[], Any]:
            page = reverse("answer", args=[mails.answer_token(offer)])
            form = {"answer": "yes", "offer": offer.pk, "version": 1}
            return lambda: Client().post(page, form)

        answers = race(*map(press, offers))
        assert Counter(answer.status_code for answer in answers) == {302: 1, 409: RUNNERS - 1}
        kind = [answer.content.decode() for answer in answers if answer.status_code == 409]
        assert all("Der Termin ist schon vergeben" in page for page in kind)
        sound(assistance)


def test_a_finger_pressing_yes_twice_agrees_once(member, office, at):
    at("2026-11-23 10:00")
    assistance, (offer,) = asked(member, [make_volunteer()], office, 1)
    page = reverse("answer", args=[mails.answer_token(offer)])
    form = {"answer": "yes", "offer": offer.pk, "version": 1}
    answers = race(*[lambda: Client().post(page, form)] * 4)
    assert {(answer.status_code, answer.url) for answer in answers} == {(302, page)}
    assert assistance.assignments.count() == 1
    sound(assistance)


# A search against answers, the clock and the office


def searching(member, office, people, day: int) -> AssistanceRequest:
    """A request with a search over these people; the first was asked."""
    when = period((date(2027, 1, 1) + timedelta(days=day)).isoformat())
    assistance = make_assistance(by=member, when=when)
    plan = workflow.Plan(kind="cascade", size=1, interval_hours=1, needs_choice=False)
    workflow.start_campaign(
        assistance.pk, plan, volunteers=[p.pk for p in people], by=office, user=member.user, now=NOW
    )
    return assistance


def asked_once(assistance: AssistanceRequest) -> None:
    """Nobody was asked twice, and every offer stands on one place of the list."""
    offers = assistance.offers.values_list("volunteer_id", flat=True)
    assert len(offers) == len(set(offers))
    assert assistance.offers.filter(place=None).count() == 0


LONG_AFTER = NOW + timedelta(days=3)


@rounds
def test_two_beats_at_once_ask_each_person_once(times, member, office, monkeypatch):
    monkeypatch.setattr("requests_app.workflow.stepping._on_the_way", lambda *_args, **_more: False)
    people = [make_volunteer(weekly_maximum=20) for _ in range(6)]
    for number in range(times):
        assistance = searching(member, office, people, number)
        results = race(*[lambda: workflow.carry_on_campaigns(LONG_AFTER)] * 4)
        assert refused_at_most(results)
        assert kinds(results) == {"int": 4}
        assert assistance.offers.count() == 2
        asked_once(assistance)
        workflow.cancel(assistance.pk, reason="Probe", by=office, now=LONG_AFTER)


@rounds
def test_the_clock_against_a_yes(times, member, office, monkeypatch):
    monkeypatch.setattr("requests_app.workflow.stepping._on_the_way", lambda *_args, **_more: False)
    people = [make_volunteer(weekly_maximum=20) for _ in range(3)]
    for number in range(times):
        assistance = searching(member, office, people, number)
        offer = assistance.offers.get()
        results = race(yes(offer), lambda: workflow.carry_on_campaigns(LONG_AFTER))
        assert kinds(results) == {"Assignment": 1, "int": 1}
        sound(assistance)
        asked_once(assistance)
        assert assistance.campaigns.get().state == "finished"


@rounds
def test_a_pause_against_a_no(times, member, office):
    people = [make_volunteer(weekly_maximum=20) for _ in range(3)]
    for number in range(times):
        assistance = searching(member, office, people, number)
        offer = assistance.offers.get()
        results = race(
            lambda offer=offer: workflow.decline(
                offer.pk, reason="", by=Actor.volunteer(offer.volunteer_id), now=SOON
            ),
            lambda assistance=assistance: workflow.pause_campaign(assistance.pk, by=office, now=SOON),
        )
        assert kinds(results) == {"NoneType": 2}
        assert assistance.campaigns.get().state == "paused"
        assert assistance.offers.count() in {1, 2}
        asked_once(assistance)
        workflow.cancel(assistance.pk, reason="Probe", by=office, now=SOON)


@rounds
def test_searches_with_the_same_people_never_wait_for_each_other(times, member, office):
    people = [make_volunteer(weekly_maximum=20) for _ in range(6)]
    for number in range(times):
        orders = [people, people[::-1], people[3:] + people[:3], people[2:] + people[:2]]
        rows = [searching(member, office, order, 4 * number + nth) for nth, order in enumerate(orders)]
        offers = [row.offers.get() for row in rows]
        results = race(
            *[
                lambda offer=offer: workflow.decline(
                    offer.pk, reason="", by=Actor.volunteer(offer.volunteer_id), now=SOON
                )
                for offer in offers
            ]
        )
        assert kinds(results) == {"NoneType": 4}
        for row in rows:
            asked_once(row)
            assert row.offers.count() == 2
            workflow.cancel(row.pk, reason="Probe", by=office, now=SOON)
