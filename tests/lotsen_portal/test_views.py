from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.urls import reverse

from lotsen_portal import clock, outbox
from lotsen_portal.models import OfficeRole

pytestmark = pytest.mark.django_db


@pytest.fixture
def broker(settings, monkeypatch):
    """Say whether the broker answers."""

    def answers(yes):
        monkeypatch.setattr("lotsen_portal.views.Redis.ping", lambda self: yes)
        if not yes:
            monkeypatch.undo()
            settings.REDIS_URL = "redis://127.0.0.1:9/0"

    return answers


def test_onward_leads_the_office_to_its_queue(client, coordinator):
    client.force_login(coordinator)
    assert client.get(reverse("onward")).url == reverse("office:index")


def test_onward_tells_somebody_without_role_what_is_missing(client, outsider):
    client.force_login(outsider)
    answer = client.get(reverse("onward"), follow=True)
    assert answer.redirect_chain[-1][0] == reverse("landing")
    assert "Ihr Konto ist noch nicht freigeschaltet." in answer.content.decode()


def test_onward_and_switching_ask_for_sign_in(client):
    for answer in (client.get(reverse("onward")), client.post(reverse("switch_role"), {"role": "head"})):
        assert answer.status_code == 302
        assert answer.url.startswith(reverse("account_login"))


def test_switching_acts_in_another_of_ones_own_roles(client, coordinator):
    OfficeRole.objects.create(user=coordinator, role="administrator")
    client.force_login(coordinator)
    assert client.post(reverse("switch_role"), {"role": "administrator"}).url == reverse("onward")
    assert client.session["role"] == "administrator"


@pytest.mark.parametrize("role", ["administrator", "volunteer", "", "nonsense", "\0"])
def test_nobody_switches_to_a_role_of_others(client, coordinator, role):
    client.force_login(coordinator)
    assert client.post(reverse("switch_role"), {"role": role}).status_code == 404
    assert "role" not in client.session


def test_switching_is_never_a_link(client, coordinator):
    client.force_login(coordinator)
    assert client.get(reverse("switch_role"), {"role": "coordinator"}).status_code == 405


def test_healthz_answers_without_asking_anybody(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_readyz_says_that_all_parts_work(client, broker):
    broker(True)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (
        200,
        {"ready": True, "database": True, "broker": True, "mail": True, "oldest_unsent_mail_seconds": 0},
    )


def test_readyz_says_that_the_broker_is_away(client, broker):
    broker(False)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["broker"], answer.json()["database"]) == (503, False, True)


def test_readyz_says_that_the_database_is_away(client, broker, monkeypatch):
    def away(now):
        raise DatabaseError("secret words of the server")

    broker(True)
    monkeypatch.setattr(outbox, "oldest_waiting", away)
    monkeypatch.setattr("lotsen_portal.views.connection.close", lambda: None)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["database"], answer.json()["broker"]) == (503, False, True)
    assert "secret" not in answer.content.decode()


@pytest.mark.parametrize(("minutes", "status"), [(14, 200), (16, 503)])
def test_readyz_says_that_mail_lies_about(client, broker, make_mail, minutes, status):
    broker(True)
    make_mail(due_at=clock.now() - timedelta(minutes=minutes))
    answer = client.get("/readyz")
    assert answer.status_code == status
    assert answer.json()["oldest_unsent_mail_seconds"] // 60 == minutes


def test_metrics_count_mails_by_state(client, broker, make_mail, settings):
    settings.METRICS_TOKEN = "let me see"
    broker(True)
    make_mail(state="dead")
    make_mail(state="dead")
    answer = client.get("/metrics", headers={"Authorization": "Bearer let me see"})
    lines = answer.content.decode().splitlines()
    assert 'lotsenportal_mails{state="dead"} 2' in lines
    assert 'lotsenportal_mails{state="sent"} 0' in lines
    assert "lotsenportal_broker_up 1" in lines


@pytest.mark.parametrize(
    ("token", "given"),
    [
        ("let me see", "Bearer let me in"),
        ("let me see", ""),
        ("", "Bearer "),
        ("", ""),
        ("let me see", "Bearer ä"),
    ],
)
def test_metrics_are_for_the_token_only(client, settings, token, given):
    settings.METRICS_TOKEN = token
    assert client.get("/metrics", headers={"Authorization": given}).status_code == 404
