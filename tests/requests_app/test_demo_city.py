"""The demo city: an invented year of an office, the same for the same seed and day."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings

from lotsen_portal import clock, outbox
from lotsen_portal.models import AccessLog, LogEntry, MailState, OutgoingMail, Programme, User
from requests_app.demo import city as town
from requests_app.demo import past, story
from requests_app.demo.filing import Desk
from requests_app.models import (
    Assignment,
    AssistanceRequest,
    Campaign,
    Institution,
    InternalNote,
    Offer,
    Origin,
    Registration,
    Report,
)
from requests_app.states import OfferState, RequestState
from requests_app.worklist import AFTERWARDS, groups
from volunteers.application_states import ApplicationState
from volunteers.models import Application, Speaks, Volunteer

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 11, 23)
MIDNIGHT = datetime(2026, 11, 23, tzinfo=clock.TZ)


def told() -> list[Any]:
    """What a person could read of the city, without the numbers that the database gives out."""
    requests = AssistanceRequest.objects.order_by("reference")
    return [
        [
            (
                r.reference,
                r.state,
                r.version,
                r.period,
                r.concern,
                r.client_name,
                r.place,
                r.filed_at,
                r.reason,
            )
            for r in requests
        ],
        list(
            Offer.objects.order_by("assistance__reference", "volunteer__name", "asked_at").values_list(
                "assistance__reference", "volunteer__name", "state", "asked_at", "sent_at", "deadline"
            )
        ),
        list(LogEntry.objects.order_by("pk").values_list("at", "action", "kind", "before", "after")),
        [(m.name, m.recipient, m.state, m.due_at, m.sent_at) for m in OutgoingMail.objects.order_by("pk")],
        list(
            Volunteer.objects.order_by("name").values_list("name", "email", "minutes_90d", "undertaking_on")
        ),
    ]


@pytest.mark.long
def test_the_same_seed_and_day_make_the_same_city_and_wake_no_worker(
    django_capture_on_commit_callbacks: Any, at: Callable[[str], datetime]
) -> None:
    cities = []
    for _ in range(2):
        with django_capture_on_commit_callbacks() as wishes, transaction.atomic():
            story.tell(7, MONDAY, count=30)
            cities.append(told())
            assert_nothing_is_real()
            assert_load_is_what_was_done()
            past.catch_up(at("2026-11-23 09:00"))
            assert outbox.deliver_due() == 0
            transaction.set_rollback(True)
        assert wishes == []

    assert cities[0][0] != []
    assert cities[0] == cities[1]
    assert mail.outbox == []


@pytest.mark.long
def test_a_monday_shows_all_there_is_to_see(at: Callable[[str], datetime]) -> None:
    story.tell(1, MONDAY)
    now = at("2026-11-23 09:00")
    past.catch_up(now)

    assert_everything_is_there(now)
    assert_it_is_one_offices_monday(now)
    assert_each_scene_is_set()
    assert_nothing_that_is_over_is_forgotten(now)
    assert_nothing_is_real()


def assert_load_is_what_was_done() -> None:
    settled = Assignment.objects.filter(state="took_place", period__startswith__gt=MIDNIGHT - timedelta(90))
    by_hand = sum(minutes or 0 for minutes in settled.values_list("minutes", flat=True))
    assert by_hand == sum(Volunteer.objects.values_list("minutes_90d", flat=True)) > 0


def assert_everything_is_there(now: datetime) -> None:
    assert AssistanceRequest.objects.count() == 150
    assert set(AssistanceRequest.objects.values_list("state", flat=True)) == set(RequestState)
    assert set(Offer.objects.values_list("state", flat=True)) == set(OfferState)
    assert Offer.objects.filter(state=OfferState.DECLINED.value).exclude(reason="").exists()
    states = set(OutgoingMail.objects.values_list("state", flat=True))
    assert states == set(MailState)
    assert not OutgoingMail.objects.filter(state=MailState.WAITING, due_at__lte=now).exists()
    assert not OutgoingMail.objects.filter(sent_at__gt=now).exists()
    assert (Volunteer.objects.count(), Institution.objects.count()) == (69, 25)
    assert Speaks.objects.values("language").distinct().count() >= 30
    assert InternalNote.objects.exists()
    assert AccessLog.objects.filter(what="client").exists()
    assert LogEntry.objects.filter(action="undo_finish").exists()


def assert_each_scene_is_set() -> None:
    alone = AssistanceRequest.objects.filter(origin=Origin.SELF.value)
    assert sorted(alone.values_list("client_language", "state", "wants_call")) == [
        ("ar", "new", False),
        ("ar", "open", True),
        ("de", "done", False),
        ("tr", "open", True),
        ("uk", "confirmed", False),
    ]
    assert AssistanceRequest.objects.filter(consent_spoken=True, state="open").count() == 1
    assert AssistanceRequest.objects.get(callback_for__isnull=False).state == "confirmed"
    groups_of = AssistanceRequest.objects.exclude(group=None).values_list("group__kind", "state")
    assert sorted(groups_of) == [
        ("event", "confirmed"),
        ("event", "open"),
        ("series", "confirmed"),
        ("series", "confirmed"),
        ("series", "offered"),
        ("series", "open"),
    ]
    assert AssistanceRequest.objects.get(times_proposed=True, period=None).state == "offered"
    searches = Campaign.objects.values_list("kind", "state", "needs_choice", "assistance__state")
    assert sorted(searches) == [
        ("cascade", "exhausted", False, "open"),
        ("cascade", "running", False, "offered"),
        ("wave", "running", True, "offered"),
    ]
    assert Registration.objects.to_decide().count() == 1
    assert set(Application.objects.values_list("state", flat=True)) == {*ApplicationState}
    assert Report.objects.filter(wants_call=True).count() == 2
    assert OutgoingMail.objects.filter(last_error="Bounced 5.1.1", state=MailState.DEAD).count() == 1


def assert_nothing_that_is_over_is_forgotten(now: datetime) -> None:
    """What is over and not settled waits for the office, or for the clock's next step."""
    queue = groups(me=0, whose="alle", now=now)
    desk = {row.reference for slug in AFTERWARDS for row in queue[slug].rows}
    over = Assignment.objects.filter(state="agreed", period__endswith__lte=now).select_related("assistance")
    planned = {
        row.assistance.reference for row in over if row.report_due is not None and row.report_due > now
    }
    confirmed = {row.assistance.reference for row in over if row.assistance.state == "confirmed"}
    assert planned
    assert confirmed - planned == confirmed & desk


def assert_it_is_one_offices_monday(now: datetime) -> None:
    queue = groups(me=0, whose="alle", now=now)
    size = {slug: group.everybody for slug, group in queue.items()}
    assert all(size[slug] for slug in ("promised", "new", "fresh", "again", "differ"))
    assert 8 <= sum(size.values()) <= 45
    calendar = clock.work_calendar()
    begin, end = now - timedelta(days=375), now + timedelta(days=45)
    timed = AssistanceRequest.objects.exclude(period=None)
    for period in timed.values_list("period", flat=True):
        start, stop = clock.local(period.lower), clock.local(period.upper)
        assert begin < start < end
        assert calendar.is_working_day(start.date())
        assert (start.hour >= 8, stop.hour <= 17) == (True, True)
    assert AssistanceRequest.objects.filter(period__startswith__gt=now).count() >= 15
    assert not AssistanceRequest.objects.filter(filed_at__gte=MIDNIGHT).exists()
    star = Volunteer.objects.get(user=town.main_people()["volunteer"])
    assert star.offers.filter(state=OfferState.PENDING.value, deadline__gt=now).exists()
    assert star.assignments.exists()


def assert_nothing_is_real() -> None:
    addresses = [
        *User.objects.values_list("email", flat=True),
        *Volunteer.objects.exclude(email="").values_list("email", flat=True),
        *Institution.objects.values_list("email", flat=True),
        *(row.recipient for row in OutgoingMail.objects.exclude(recipient="")),
        Programme.current().email,
    ]
    assert [address for address in addresses if not address.endswith(".example")] == []
    phones = [
        *Volunteer.objects.values_list("phone", flat=True),
        *Institution.objects.values_list("phone", flat=True),
        *(row.client_phone for row in AssistanceRequest.objects.all() if row.client_phone),
    ]
    assert [phone for phone in phones if not re.fullmatch(r"0171 39200\d\d|0221 4710\d{3}", phone)] == []
    assert not User.objects.exclude(password=town.NO_PASSWORD).exists()


@pytest.mark.parametrize("today", [date(2027, 1, 2), date(2026, 2, 28), date(2026, 9, 1)])
def test_any_day_can_be_today(today: date) -> None:
    city = town.found(Random(1), today)
    filings = Desk(city, Random(1), clock.work_calendar(), today).filings(150)

    assert len(filings) == 150
    assert [filing.at for filing in filings] == sorted(filing.at for filing in filings)
    assert all(clock.local(filing.at).date() < today for filing in filings)
    assert sum(clock.local(filing.ends).date() >= today for filing in filings) >= 12


def test_the_city_is_made_in_the_demo_only() -> None:
    with pytest.raises(CommandError, match="make demo"):
        call_command("demo_city")

    assert not Volunteer.objects.exists()


@override_settings(SETTINGS_MODULE="requests_app.demo.settings")
def test_a_city_is_not_built_into_another() -> None:
    Volunteer.objects.create(name="Schon da")

    with pytest.raises(CommandError, match="schon eine Stadt"):
        call_command("demo_city")

    assert not AssistanceRequest.objects.exists()
