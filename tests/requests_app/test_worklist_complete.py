"""Nothing of the demo city is forgotten: each request is on the office's desk or goes on by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.test import Client
from django.urls import reverse

from lotsen_portal import outbox
from requests_app import undelivered, workflow, worklist
from requests_app.demo import city as town
from requests_app.demo import past, story
from requests_app.models import AssistanceRequest
from tests import plans
from tests.markup import Reader

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 11, 23)


def the_clock_works(now: datetime) -> None:
    """All that beat calls, until nothing is left to do."""
    for task in (
        outbox.drop_needless_calls,
        lambda _now: outbox.deliver_due(),
        workflow.expire_offers,
        workflow.carry_on_campaigns,
        workflow.give_up_searches,
        workflow.follow_up,
    ):
        for _again in range(20):
            if not task(now):
                break


def assert_each_row_says_what_to_do(office: Client, now: datetime) -> None:
    """Each row of each group has a button with words that leads to a page, or that acts."""
    queue = worklist.groups(me=0, whose=worklist.EVERYBODY, now=now)
    numbers = {slug: group.everybody for slug, group in queue.items() if group.everybody and slug != "soon"}
    without_step, dead_ends = [], []
    for slug, number in numbers.items():
        page = Reader(office.get(reverse("office:index"), {"gruppe": slug}).content.decode())
        groups = worklist.groups(me=0, whose=worklist.EVERYBODY, only=slug, now=now)
        assert groups[slug].shown == number
        for row in groups[slug].rows:
            to = f"/reihen/{row.group}/" if row.group else row.reference
            steps = [link for link in page.buttons if to in link.href]
            acts = any(form.method == "post" and row.reference in form.action for form in page.forms)
            if not acts and not any(link.words for link in steps):
                without_step.append((slug, row.reference))
            dead_ends += [link.href for link in steps if office.get(link.href).status_code != 200]
    assert (without_step, dead_ends) == ([], [])


def assert_each_call_says_what_to_say(now: datetime) -> None:
    for pile in undelivered.piles(now=now, limit=plans.ALL):
        silent = [mail.number for mail in pile.mails if mail.words == undelivered.OTHER_WORDS]
        # Who asked alone has no name in a list; the row leads to name and number, and notes who read them.
        unreachable = [
            mail.number for mail in pile.mails if not mail.phone and (mail.name or not mail.reference)
        ]
        assert (silent, unreachable) == ([], [])


def walk_through_the_weeks(count: int, at: Callable[[str], datetime]) -> None:
    story.tell(1, MONDAY, count=count)
    past.catch_up(at("2026-11-23 09:00"))
    office = Client()
    office.force_login(town.main_people()["office"])
    for moment in (
        "2026-11-23 09:00", "2026-11-23 18:00", "2026-11-25 11:00", "2026-11-30 09:00", "2026-12-23 15:00",
    ):  # fmt: skip
        now = at(moment)
        the_clock_works(now)

        assert plans.forgotten(now) == []
        assert_each_row_says_what_to_do(office, now)
        assert_each_call_says_what_to_say(now)
    assert AssistanceRequest.objects.running().exists()


def test_no_request_of_a_small_city_is_forgotten(at: Callable[[str], datetime]) -> None:
    walk_through_the_weeks(40, at)


@pytest.mark.long
def test_no_request_of_the_demo_city_is_forgotten(at: Callable[[str], datetime]) -> None:
    walk_through_the_weeks(story.REQUESTS, at)
