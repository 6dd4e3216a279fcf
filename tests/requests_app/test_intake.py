"""The rules at intake: what they say, what they hold back, what they refuse, and who may pass them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.utils import translation

from lotsen_portal.audit import Actor
from lotsen_portal.models import FundingSource, Programme
from requests_app import intake, presets, workflow
from requests_app.models import AssistanceRequest, IntakeRule, IntakeText
from requests_app.workflow import Draft
from tests import factories
from tests.factories import NOW, period

pytestmark = pytest.mark.django_db


def draft(**values: Any) -> Draft:
    return Draft(
        **{
            "topic": factories.make_topic(),
            "languages": (factories.make_language(),),
            "district": factories.make_district(),
            "minutes": 60,
            "period": period(),
            **values,
        }
    )


def hits(asked: Draft, **values: Any) -> list[tuple[str, str]]:
    house = values.pop("institution", None) or factories.make_institution()
    return [(found.rule, found.effect) for found in intake.judge(asked, institution=house, now=NOW)]


def test_an_ordinary_request_meets_no_rule() -> None:
    assert hits(draft()) == []


def test_short_notice_and_length_are_found_with_their_sentences() -> None:
    asked = draft(minutes=240, period=period("2026-11-25", minutes=240))

    found = intake.judge(asked, institution=factories.make_institution(), now=NOW)

    assert [(row.rule, row.effect, row.field, row.text) for row in found] == [
        (
            "short-notice",
            "warn",
            "day",
            "Bis zum Termin sind es weniger als 5 Arbeitstage. Ihre Anfrage ist dringend.",
        ),
        (
            "long",
            "approve",
            "minutes",
            "Der Termin ist länger als 3 Stunden. Darum prüfen wir die Anfrage zuerst.",
        ),
    ]


def test_of_proposed_times_the_last_decides_about_short_notice() -> None:
    soon, later = period("2026-11-24"), period("2026-12-08")
    assert hits(draft(period=None, proposed=(soon, later))) == []
    assert hits(draft(period=None, proposed=(soon,))) == [("short-notice", "warn")]


def test_whoever_asks_without_an_institution_needs_the_offices_look() -> None:
    found = intake.judge(draft(), institution=None, now=NOW)
    assert [(row.rule, row.effect, row.field) for row in found] == [("no-house", "approve", "")]


def test_a_rule_about_a_topic_or_the_evening_holds_once_the_office_makes_it() -> None:
    presets.load_rules()
    topic = factories.make_topic("arbeit")
    rule = IntakeRule.objects.create(
        slug="arbeit", kind="topic", effect="refuse", topic=topic, because="es um Arbeit geht", position=20
    )
    IntakeText.objects.create(rule=rule, sentence="Dafür gibt es eine andere Stelle.", pointer="Telefon 110.")
    IntakeRule.objects.filter(slug="off-hours").update(active=True)

    assert hits(draft(topic=topic, period=period("2026-12-08", "18:00"))) == [
        ("off-hours", "warn"),
        ("arbeit", "refuse"),
    ]
    assert hits(draft(period=period("2026-12-12", "10:00"))) == [("off-hours", "warn")]


def test_a_rule_that_was_turned_off_says_nothing_and_asks_nothing() -> None:
    presets.load_rules()
    IntakeRule.objects.update(active=False)

    assert hits(draft(minutes=300, confirmed=("therapy",))) == []
    assert intake.questions() == []


def test_a_text_in_the_readers_language_wins_and_german_is_the_fallback() -> None:
    presets.load_rules()
    rule = IntakeRule.objects.get(slug="interpreting")
    IntakeText.objects.create(rule=rule, language="pl", question="Chodzi o sąd.", sentence="Niestety nie.")

    with translation.override("pl"):
        assert [question.text for question in intake.questions()][:2] == [
            "Chodzi o sąd.",
            "Es geht um eine Therapie oder um Rechtsberatung.",
        ]


def test_a_request_keeps_the_rules_it_met_and_waits_where_one_wants_a_look() -> None:
    member = factories.make_member()
    short = factories.make_assistance(by=member, when=period("2026-11-25"))
    outside = factories.make_assistance(by=member, confirmed=("outside",))

    assert (short.state, short.urgent, short.intake_hits) == ("open", True, ["short-notice"])
    assert (outside.state, outside.urgent, outside.intake_hits) == ("new", False, ["outside"])


def test_what_a_rule_refuses_is_not_stored_whatever_form_it_came_by() -> None:
    with pytest.raises(workflow.NotPossible, match="vereidigt") as refused:
        factories.make_assistance(confirmed=("interpreting",))

    assert "www.justiz-dolmetscher.de" in str(refused.value)
    assert AssistanceRequest.objects.count() == 0


def test_the_office_may_take_what_a_rule_refuses() -> None:
    karin = factories.make_coordinator()
    taken = workflow.submit(
        draft(confirmed=("therapy",), minutes=240),
        by=Actor.office(karin),
        institution=None,
        filed_by=None,
        now=NOW,
    )
    assert (taken.state, taken.intake_hits) == ("open", ["long", "no-house", "therapy"])


def test_no_rules_at_all_means_the_presets_and_loading_again_keeps_the_offices_changes() -> None:
    assert [rule.slug for rule in intake.rules()] == [
        "short-notice", "long", "no-house", "interpreting", "therapy", "outside",
    ]  # fmt: skip
    IntakeRule.objects.filter(slug="long").update(number=90, active=False)

    presets.load_rules()

    assert IntakeRule.objects.get(slug="long").number == 90
    assert IntakeRule.objects.count() == len(presets.RULES) == IntakeText.objects.count()


def test_the_usual_funding_source_is_noted_with_each_request() -> None:
    source = FundingSource.objects.create(name="KIM NRW")
    Programme.current()
    Programme.objects.update(funding_default=source)

    assert factories.make_assistance().funding_source == "KIM NRW"


@pytest.fixture
def office() -> Client:
    client = Client()
    client.force_login(factories.make_coordinator())
    return client


def test_the_office_reads_why_a_request_needs_its_look(office: Client) -> None:
    assistance = factories.make_assistance(minutes=240, when=period(minutes=240), confirmed=("outside",))

    page = office.get(f"/koordination/anfragen/{assistance.reference}/").content.decode()

    assert (
        "Braucht Ihren Blick, weil der Termin länger als 3 Stunden dauert und weil "
        "der Termin außerhalb der Stadt ist." in page
    )


def test_a_rules_slug_stays_when_the_office_edits_it(office: Client) -> None:
    presets.load_rules()
    rule = IntakeRule.objects.get(slug="long")
    typed = {
        "slug": "anders",
        "kind": "too_long",
        "effect": "refuse",
        "number": "240",
        "because": "er lang ist",
        "active": "on",
        "position": "2",
    }

    office.post(f"/koordination/requests_app/intakerule/{rule.pk}/change/", typed)

    rule.refresh_from_db()
    assert (rule.slug, rule.effect, rule.number) == ("long", "refuse", 240)


def test_a_rule_that_compares_without_a_number_is_sent_back(office: Client) -> None:
    typed = {"slug": "neu", "kind": "too_long", "effect": "warn", "because": "x", "position": "9"}

    page = office.post("/koordination/requests_app/intakerule/add/", typed)

    assert "Diese Regel braucht eine Zahl, oder sie braucht keine." in page.content.decode()


@pytest.fixture
def caseworker(at: Callable[[str], datetime]) -> Client:
    at("2026-11-23 09:00")
    client = Client()
    client.force_login(factories.make_member().user)
    return client


def typed(**values: str) -> dict[str, str]:
    factories.make_language()
    return {
        "language": "ar",
        "topic": factories.make_topic().slug,
        "help": "accompaniment",
        "day": "2026-12-08",
        "begin": "10:00",
        "minutes": "60",
        "mode": "on_site",
        "district": str(factories.make_district().pk),
        "place": "Markt 1",
        "consent": "on",
        **values,
    }


def test_a_refusal_stands_beside_its_statement_with_who_can_help(caseworker: Client) -> None:
    response = caseworker.post("/einrichtung/anfragen/neu/", typed(regel_interpreting="on"))

    sentence = (
        "Lotsinnen und Lotsen dürfen nicht vereidigt dolmetschen oder übersetzen. "
        "Vereidigte Fachleute finden Sie unter www.justiz-dolmetscher.de."
    )
    assert (response.status_code, response.context["form"].errors) == (
        422,
        {"regel_interpreting": [sentence]},
    )
    assert AssistanceRequest.objects.count() == 0


def test_a_length_that_the_office_refuses_stands_beside_the_length(caseworker: Client) -> None:
    presets.load_rules()
    IntakeRule.objects.filter(slug="long").update(effect="refuse")

    response = caseworker.post("/einrichtung/anfragen/neu/", typed(minutes="200"))

    assert list(response.context["form"].errors) == ["minutes"]


def test_a_statement_that_needs_a_look_is_taken_and_said(caseworker: Client) -> None:
    response = caseworker.post("/einrichtung/anfragen/neu/", typed(regel_outside="on"))

    told = [str(message) for message in get_messages(response.wsgi_request)]
    assert "Der Termin ist außerhalb der Stadt. Darum prüfen wir die Anfrage zuerst." in told
    assert AssistanceRequest.objects.get().intake_hits == ["outside"]


def test_the_form_asks_the_statements_of_the_rules_in_force(caseworker: Client) -> None:
    presets.load_rules()
    IntakeRule.objects.filter(slug="therapy").update(active=False)

    form = caseworker.get("/einrichtung/anfragen/neu/").context["form"]

    assert [name for name in form.fields if name.startswith("regel_")] == [
        "regel_interpreting",
        "regel_outside",
    ]
