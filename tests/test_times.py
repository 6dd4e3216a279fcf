"""Whole lives of requests at awkward hours: the turn of the year, both nights on which the clocks change, and
the Thursday before Easter."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final

import pytest
from django.core import mail
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.test import Client
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from lotsen_portal import clock, outbox
from lotsen_portal.audit import Actor
from lotsen_portal.models import LogEntry, OutgoingMail
from requests_app import mails, workflow
from requests_app.models import Assignment, AssistanceRequest, CampaignKind, Offer
from requests_app.workflow import Change, Plan
from tests import factories, plans
from tests.life import Life

pytestmark = pytest.mark.django_db

# Berlin's wall clock, and which of two equal hours it is.
MOMENTS: Final = {
    "turn of the year": ("2026-12-31 23:30", 0),
    "clocks go forward": ("2027-03-28 01:59", 0),
    "clocks go back, first time": ("2027-10-31 02:30", 0),
    "clocks go back, second time": ("2027-10-31 02:30", 1),
    "Thursday before Easter": ("2027-03-25 16:30", 0),
}

STEP: Final = timedelta(hours=6)


def moment_of(name: str) -> datetime:
    text, fold = MOMENTS[name]
    return datetime.fromisoformat(text).replace(tzinfo=clock.TZ, fold=fold).astimezone(UTC)


class Town:
    """One institution, three volunteers and the office, with a clock that a test moves."""

    def __init__(self, start: datetime, patch: pytest.MonkeyPatch) -> None:
        self.now = start
        patch.setattr(clock, "_source", lambda: self.now)
        self.calendar = clock.work_calendar()
        self.member = factories.make_member()
        self.karin = factories.make_coordinator()
        self.office, self.by = Actor.office(self.karin), Actor.member(self.member.user)
        self.lotsen = [
            factories.make_volunteer(f"Lotse {letter}", undertaking_on=start.date() - timedelta(days=90))
            for letter in "ABC"
        ]

    def at_ten(self, working_days: int, minutes: int = 60) -> DateTimeTZRange:
        """Ten o'clock so many working days from today."""
        day = self.calendar.working_days_after(clock.local(self.now).date(), working_days)
        begin = clock.wall_time(day, time(10))
        return DateTimeTZRange(begin, begin + timedelta(minutes=minutes))

    def file(self, working_days: int = 8) -> AssistanceRequest:
        period = self.at_ten(working_days)
        return factories.make_assistance(by=self.member, when=period, now=self.now)

    def ask(self, assistance: AssistanceRequest, *people: int) -> list[Offer]:
        chosen = [self.lotsen[number].pk for number in people]
        offers = workflow.ask(assistance.pk, volunteers=chosen, by=self.office, user=self.karin, now=self.now)
        self.work()
        return list(Offer.objects.filter(pk__in=[offer.pk for offer in offers]).order_by("pk"))

    def agree(self, offer: Offer) -> Assignment:
        offer.refresh_from_db()
        version = AssistanceRequest.objects.get(pk=offer.assistance_id).version
        by = Actor.volunteer(offer.volunteer_id)
        agreed = workflow.accept(offer.pk, version=version, by=by, now=self.now)
        self.work()
        return agreed

    def move_to(self, moment: datetime) -> None:
        """Let the clock run there in steps of some hours, working as beat does; nobody is forgotten then."""
        while self.now < moment:
            self.now = min(moment, self.now + STEP)
            self.work()
        assert plans.forgotten(self.now, STEP) == []

    def work(self) -> None:
        """What the clock does; no mail fails."""
        for task in (
            workflow.expire_offers,
            workflow.carry_on_campaigns,
            workflow.give_up_searches,
            workflow.follow_up,
            lambda _now: outbox.deliver_due(),
        ):
            task(self.now)
        assert not OutgoingMail.objects.filter(state="dead").exists()

    def is_office_time(self, moment: datetime) -> bool:
        """Whether somebody works then; the end of the day still counts."""
        wall = clock.local(moment)
        day = self.calendar.is_working_day(wall.date())
        return day and self.calendar.day_begins <= wall.time() <= self.calendar.day_ends


# The long tests see all of them.
DAILY: Final = "turn of the year"
EACH: Final = [pytest.param(name, marks=() if name == DAILY else pytest.mark.long) for name in MOMENTS]


@pytest.fixture(params=EACH)
def town(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Town:
    return Town(moment_of(request.param), monkeypatch)


def sent(name: str) -> list[OutgoingMail]:
    return list(OutgoingMail.objects.filter(function__endswith=f".{name}", state="sent").order_by("pk"))


def test_a_request_is_promised_an_answer_on_a_day_on_which_somebody_works(town: Town) -> None:
    assistance = town.file()

    today = clock.local(town.now).date()
    assert assistance.reference == f"NE-{today.year}-00001"
    assert town.calendar.is_working_day(assistance.answer_by)
    assert today <= assistance.answer_by < clock.local(assistance.period.lower).date()


def test_an_answer_is_awaited_in_working_hours_only(town: Town) -> None:
    assistance = town.file()

    (offer,) = town.ask(assistance, 0)

    assert offer.sent_at == town.now
    assert offer.deadline is not None
    assert town.is_office_time(offer.deadline)
    assert town.now < offer.deadline < assistance.period.lower


def test_a_yes_is_confirmed_reminded_of_and_reported(town: Town) -> None:
    assistance = town.file()
    (offer,) = town.ask(assistance, 0)
    agreed = town.agree(offer)
    ten = clock.local(assistance.period.lower)

    assert ten.time() == time(10)
    entry = next(str(part[0]) for part in mail.outbox[-1].attachments if "ics" in str(part[0]))
    assert entry.endswith(".ics")
    town.move_to(assistance.period.lower - timedelta(minutes=5))
    (reminder,) = sent("remind_volunteer")
    due = clock.local(reminder.due_at)
    assert (due.date(), due.time()) == (town.calendar.working_days_before(ten.date(), 1), time(12))

    town.move_to(assistance.period.upper + timedelta(days=1))
    took = {"outcome": "took_place", "minutes": 60}
    workflow.report(agreed.pk, **took, by=Actor.volunteer(offer.volunteer_id), now=town.now)
    workflow.report(agreed.pk, **took, by=town.by, now=town.now)
    assistance.refresh_from_db()
    assert assistance.state == "done"


def test_the_calendar_entry_says_ten_o_clock_in_neuss(town: Town) -> None:
    assistance = town.file()
    town.agree(town.ask(assistance, 0)[0])

    parts = [str(part.content) for message in mail.outbox for part in message.alternatives]
    entries = [text for text in parts if text.startswith("BEGIN:VCALENDAR")]

    wanted = f"{clock.local(assistance.period.lower):%Y%m%d}T100000"
    assert len(entries) == 2
    assert {re.search(r"DTSTART;TZID=Europe/Berlin:(\w+)", text).group(1) for text in entries} == {wanted}  # type: ignore[union-attr]


def test_silence_brings_the_request_back_and_then_to_its_end(town: Town) -> None:
    assistance = town.file()
    (offer,) = town.ask(assistance, 0)
    assert offer.deadline is not None

    town.move_to(offer.deadline - timedelta(minutes=1))
    offer.refresh_from_db()
    assert offer.state == "pending"
    town.move_to(offer.deadline)
    offer.refresh_from_db()
    assistance.refresh_from_db()
    assert (offer.state, assistance.state) == ("expired", "open")

    town.move_to(assistance.period.lower)
    assistance.refresh_from_db()
    assert assistance.state in {"open", "unfilled"}
    if assistance.state == "unfilled":
        (told,) = sent("tell_unfilled")
        assert told.sent_at is not None
        assert told.sent_at < assistance.period.lower - timedelta(hours=12)


def test_a_cascade_asks_in_working_hours_until_somebody_comes(town: Town) -> None:
    assistance = town.file(12)
    plan = Plan(kind=CampaignKind.CASCADE, size=1, interval_hours=6, needs_choice=False)
    chosen = [lotse.pk for lotse in town.lotsen]
    workflow.start_campaign(
        assistance.pk, plan, volunteers=chosen, by=town.office, user=town.karin, now=town.now
    )
    town.work()

    for _step in range(40):
        if assistance.offers.count() < len(chosen):
            town.move_to(town.now + STEP)

    offers = list(assistance.offers.order_by("asked_at", "pk"))
    assert [offer.volunteer_id for offer in offers] == chosen
    asked = [offer.asked_at for offer in offers]
    between = [town.calendar.add_working_hours(before, 6) for before in asked[:-1]]
    late = [after - earliest for earliest, after in zip(between, asked[1:], strict=True)]
    assert all(timedelta() <= span < STEP for span in late)
    town.agree(next(offer for offer in reversed(offers) if offer.state == "pending"))
    assistance.refresh_from_db()
    assert assistance.state == "confirmed"


def test_a_change_asks_again_and_a_cancellation_ends_it(town: Town) -> None:
    assistance = town.file()
    (offer,) = town.ask(assistance, 0)
    town.agree(offer)
    later = town.at_ten(10, minutes=90)
    change = Change(
        period=later, mode=assistance.mode, district=assistance.district, place=assistance.place,
        languages=(factories.make_language(),),
    )  # fmt: skip

    workflow.change(assistance.pk, change, version=1, by=town.by, now=town.now)
    town.work()
    again = assistance.offers.get(state="pending")
    town.agree(again)
    workflow.cancel(assistance.pk, reason="Krank", by=town.by, now=town.now)
    town.work()
    town.move_to(later.upper + timedelta(hours=1))

    assistance.refresh_from_db()
    assert (assistance.state, assistance.ended_late, assistance.period) == ("cancelled", False, later)
    assert sent("remind_volunteer") == []
    assert len(sent("tell_cancelled_volunteer")) == 1


def test_every_page_opens(town: Town) -> None:
    assistance = town.file()
    offers = town.ask(assistance, 0, 1)
    pages = {
        None: ["/", "/datenschutz/", f"/lotse/antwort/{mails.answer_token(offers[0])}/"],
        town.member.user: ["/einrichtung/", "/einrichtung/anfragen/neu/", assistance.get_absolute_url()],
        town.karin: ["/koordination/", f"/koordination/anfragen/{assistance.reference}/"],
    }  # fmt: skip

    codes: dict[str, int] = {}
    for user, addresses in pages.items():
        client = Client()
        if user is not None:
            client.force_login(user)
        codes |= {address: client.get(address).status_code for address in addresses}

    assert set(codes.values()) == {200}
    assert not LogEntry.objects.filter(at__gt=town.now).exists()


def test_the_new_year_begins_at_neusss_midnight(monkeypatch: pytest.MonkeyPatch) -> None:
    town = Town(moment_of("turn of the year"), monkeypatch)

    references = []
    for minutes in (0, 29, 30, 31):
        town.now = moment_of("turn of the year") + timedelta(minutes=minutes)
        references.append(town.file().reference)

    assert references == ["NE-2026-00001", "NE-2026-00002", "NE-2027-00001", "NE-2027-00002"]


@pytest.mark.long
@pytest.mark.parametrize("name", MOMENTS)
def test_whatever_anybody_does_then_nothing_is_lost_or_doubled(name: str) -> None:
    class Then(Life):
        start = moment_of(name)

    calm: dict[str, Any] = {"deadline": None, "suppress_health_check": list(HealthCheck), "print_blob": True}

    run_state_machine_as_test(
        Then,
        settings=settings(max_examples=8, stateful_step_count=25, derandomize=True, database=None, **calm),
    )
