from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command

from lotsen_portal import audit, links, privacy
from lotsen_portal.models import Link, LogEntry, OutgoingMail, Purpose

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=4 * 365)


@pytest.fixture
def old_and_young(make_mail, at):
    at("2026-11-23 09:00")
    for due in (LONG_AGO, NOW):
        make_mail(state="dropped", due_at=due)
        audit.record(audit.CLOCK, "expire", kind="offer", number=1, at=due)
        links.make(Purpose.ANSWER, subject=1, holder=1, expires_at=due, now=due)
    make_mail(state="waiting", due_at=LONG_AGO)
    links.make(Purpose.CALENDAR, subject=1, holder=1, expires_at=None, now=LONG_AGO)


def left():
    return OutgoingMail.objects.count(), Link.objects.count(), LogEntry.objects.count()


def own(results):
    return [count for _rule, count in results][:3]


def test_what_is_over_is_erased_and_the_rest_stays(old_and_young):
    assert own(privacy.erase_expired(NOW)) == [1, 1, 1]
    assert left() == (2, 2, 1)
    assert own(privacy.erase_expired(NOW)) == [0, 0, 0]


def test_a_dry_run_counts_the_same_and_erases_nothing(old_and_young, capsys):
    before = left()
    call_command("erase_expired", "--dry-run")
    assert [int(line.split()[0]) for line in capsys.readouterr().out.splitlines()][:3] == [1, 1, 1]
    assert left() == before
    call_command("erase_expired")
    assert left() == (2, 2, 1)


def test_every_rule_says_what_why_when_and_how():
    for rule in privacy.rules():
        assert all(str(text).strip() for text in (rule.what, rule.why, rule.when, rule.deed))


def test_an_app_adds_its_rules_once(monkeypatch):
    monkeypatch.setattr(privacy, "_rules", [])
    rule = privacy.Rule("Was", "Wozu", "Wann", "Danach", count=lambda now: 0, erase=lambda now: 0)
    privacy.add_rules(rule)
    privacy.add_rules(rule)
    assert privacy.rules() == (rule,)
