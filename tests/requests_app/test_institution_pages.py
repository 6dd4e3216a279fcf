"""What an institution sees: its own requests and nobody else's, where each stands, who comes."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from typing import Any

import pgtrigger
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lotsen_portal.audit import Actor
from lotsen_portal.models import AccessLog
from requests_app import workflow
from requests_app.models import AssistanceRequest, Institution, InstitutionState, Member
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db

OWN = "/einrichtung/"
PAGES = ("", "aendern/", "absagen/", "vertraulich/")


@pytest.fixture
def member(at: Callable[[str], Any]) -> Member:
    at("2026-11-23 09:00")
    return factories.make_member(factories.make_institution("Jobcenter"), name="Sabine Vogt")


@pytest.fixture
def caseworker(client: Client, member: Member) -> Client:
    client.force_login(member.user)
    return client


@pytest.fixture
def office() -> Actor:
    return Actor.office(factories.make_coordinator())


def page_of(assistance: AssistanceRequest, tail: str = "") -> str:
    return f"/einrichtung/anfragen/{assistance.reference}/{tail}"


def words(response: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def listed(response: Any) -> list[str]:
    return [assistance.reference for assistance in response.context["page"]]


def counts(response: Any) -> dict[str, int]:
    return {str(tab["label"]): tab["count"] for tab in response.context["tabs"]}


# Doors


@pytest.mark.parametrize("tail", PAGES)
def test_a_stranger_to_the_institution_finds_nothing(client: Client, member: Member, tail: str) -> None:
    assistance = factories.make_assistance(by=member)
    for stranger in (
        factories.make_member().user,
        factories.make_coordinator(),
        factories.make_volunteer(user=factories.make_user()).user,
    ):
        client.force_login(stranger)
        assert client.get(page_of(assistance, tail)).status_code == 404
    assert not AccessLog.objects.exists()


@pytest.mark.parametrize("tail", PAGES)
def test_an_anonymous_visitor_is_asked_to_sign_in(client: Client, member: Member, tail: str) -> None:
    path = page_of(factories.make_assistance(by=member), tail)
    assert client.get(path).headers["Location"] == f"/konto/login/?next={path}"


def test_a_colleague_sees_and_may_do_the_same(client: Client, member: Member) -> None:
    assistance = factories.make_assistance(by=member)
    client.force_login(factories.make_member(member.institution).user)
    assert [client.get(page_of(assistance, tail)).status_code for tail in PAGES] == [200] * 4


@pytest.mark.parametrize("state", [state for state in InstitutionState if state != InstitutionState.APPROVED])
def test_a_blocked_institution_is_shut_out(caseworker: Client, member: Member, state: str) -> None:
    assistance = factories.make_assistance(by=member)
    with pgtrigger.ignore("requests_app.Institution:institution_moves"):
        Institution.objects.update(state=state)
    paths = [OWN, "/einrichtung/anfragen/neu/", *(page_of(assistance, tail) for tail in PAGES)]
    assert {path: caseworker.get(path).status_code for path in paths} == dict.fromkeys(paths, 404)


def test_a_member_who_left_is_shut_out(caseworker: Client, member: Member) -> None:
    assistance = factories.make_assistance(by=member)
    member.left_on = date(2026, 11, 20)
    member.save(update_fields=["left_on"])
    paths = [OWN, *(page_of(assistance, tail) for tail in PAGES)]
    assert {path: caseworker.get(path).status_code for path in paths} == dict.fromkeys(paths, 404)


def test_a_coordinator_who_is_also_a_member_sees_the_own_institution_only_here(
    client: Client, member: Member
) -> None:
    member.user.office_role_rows.create(role="coordinator")
    own, foreign = factories.make_assistance(by=member), factories.make_assistance()
    client.force_login(member.user)
    assert listed(client.get(OWN)) == [own.reference]
    assert client.get(page_of(foreign)).status_code == 404


@pytest.mark.parametrize("reference", ["NE-2026-99999", "x", "%00", "..%2F", "NE-2026-00001%0a"])
def test_an_unknown_reference_is_not_found(caseworker: Client, reference: str) -> None:
    assert caseworker.get(f"/einrichtung/anfragen/{reference}/").status_code == 404


# The list


def test_an_empty_list_invites_to_a_first_request(caseworker: Client) -> None:
    response = caseworker.get(OWN)
    assert "Noch keine Anfrage" in words(response)
    assert (
        '<a class="kern-btn kern-btn--primary" href="/einrichtung/anfragen/neu/">'
        in response.content.decode()
    )


def test_the_next_appointment_is_on_top_and_the_past_comes_last(caseworker: Client, member: Member) -> None:
    far = factories.make_assistance(by=member, when=factories.period("2026-12-20"))
    near = factories.make_assistance(by=member, when=factories.period("2026-11-30"))
    over = factories.make_assistance(by=member, when=factories.period("2026-11-20"), now=NOW - timedelta(9))
    ended = factories.make_assistance(by=member, when=factories.period("2026-12-01"))
    workflow.cancel(ended.pk, reason="Entfällt", by=Actor.member(member.user), now=NOW)
    expected = [row.reference for row in (near, far, ended, over)]
    assert listed(caseworker.get(OWN)) == expected
    assert listed(caseworker.get(OWN, {"ordnung": "neu"})) == [
        row.reference for row in (ended, over, near, far)
    ]


def test_tabs_count_and_narrow_by_state(caseworker: Client, member: Member) -> None:
    searching = factories.make_assistance(by=member)
    agreed = factories.make_assistance(by=member, when=factories.period("2026-12-09"))
    factories.make_agreed(agreed)
    ended = factories.make_assistance(by=member)
    workflow.cancel(ended.pk, reason="Entfällt", by=Actor.member(member.user), now=NOW)
    response = caseworker.get(OWN)
    assert counts(response) == {"Alle": 3, "Wir suchen": 1, "Zugesagt": 1, "Beendet": 1}
    by_tab = {name: listed(caseworker.get(OWN, {"stand": name})) for name in ("suche", "zugesagt", "beendet")}
    assert by_tab == {
        "suche": [searching.reference],
        "zugesagt": [agreed.reference],
        "beendet": [ended.reference],
    }


def test_filters_find_by_reference_sign_language_topic_and_colleague(
    caseworker: Client, member: Member
) -> None:
    colleague = factories.make_member(member.institution, name="Thomas Brandt")
    mine = factories.make_assistance(by=member, client_reference="JC 47/11", languages=("ar", "tr"))
    other = factories.make_assistance(by=colleague, topic=factories.make_topic("arbeit"))
    asked = {
        "sign": {"q": "jc47/11"},
        "half a sign": {"q": "JC 47"},
        "reference": {"q": other.reference.lower()},
        "number": {"q": str(int(other.reference[-5:]))},
        "language": {"sprache": "tr"},
        "topic": {"thema": "arbeit"},
        "mine": {"von": "ich"},
        "colleague": {"von": str(colleague.user.pk)},
    }
    assert {name: listed(caseworker.get(OWN, query)) for name, query in asked.items()} == {
        "sign": [mine.reference],
        "half a sign": [],
        "reference": [other.reference],
        "number": [other.reference],
        "language": [mine.reference],
        "topic": [other.reference],
        "mine": [mine.reference],
        "colleague": [other.reference],
    }


def test_another_institution_with_the_same_sign_stays_unseen(caseworker: Client, member: Member) -> None:
    factories.make_assistance(client_reference="A 1")
    own = factories.make_assistance(by=member, client_reference="A 1")
    assert listed(caseworker.get(OWN, {"q": "a1"})) == [own.reference]


@pytest.mark.parametrize("nonsense", ["\0", "x" * 500, "-1", "9" * 40, "<b>", "²", "\u202e"])
def test_nonsense_in_the_address_is_left_out(caseworker: Client, member: Member, nonsense: str) -> None:
    factories.make_assistance(by=member)
    names = ("sprache", "thema", "von", "ordnung", "stand", "page", "unknown")
    response = caseworker.get(OWN, dict.fromkeys(names, nonsense))
    assert counts(response)["Alle"] == 1
    assert caseworker.get(OWN, {"q": nonsense}).status_code == 200


def test_the_pager_keeps_the_filters(caseworker: Client, member: Member) -> None:
    for _number in range(26):
        factories.make_assistance(by=member)
    html = caseworker.get(OWN, {"thema": "gesundheit", "stand": "suche"}).content.decode()
    assert "Seite 1 von 2" in html
    assert 'rel="next" href="?thema=gesundheit&amp;stand=suche&amp;page=2"' in html
    assert len(listed(caseworker.get(OWN, {"page": "2"}))) == 1


def test_the_list_takes_the_same_number_of_statements_with_one_row_and_with_many(
    caseworker: Client, member: Member
) -> None:
    taken = []
    for more in (1, 11):
        for number in range(more):
            assistance = factories.make_assistance(
                by=member,
                when=factories.period("2026-12-09", f"{8 + number:02}:00", 30),
                languages=("ar", "tr"),
            )
            factories.make_agreed(assistance)
        with CaptureQueriesContext(connection) as statements:
            caseworker.get(OWN)
        taken.append(len(statements))
    assert taken[0] == taken[1]


def test_the_list_reads_no_client_data(caseworker: Client, member: Member) -> None:
    factories.make_assistance(by=member, client_reference="A 1")
    with CaptureQueriesContext(connection) as statements:
        caseworker.get(OWN)
    assert not [query for query in statements if "client_name" in query["sql"] or "concern" in query["sql"]]


# One request


def test_a_searching_request_says_until_when_one_hears(caseworker: Client, member: Member) -> None:
    response = caseworker.get(page_of(factories.make_assistance(by=member, client_reference="JC 1")))
    told = words(response)
    assert "Wir suchen Bis Donnerstag hören Sie von uns." in told
    for fact in ("Dienstag, 8. Dezember 2026, 10:00 bis 11:00 Uhr", "1 Stunde", "Untersuchung", "JC 1"):
        assert fact in told


def test_the_page_of_a_request_holds_nothing_about_the_client(caseworker: Client, member: Member) -> None:
    assistance = factories.make_assistance(by=member, client_notes="Rollstuhl", client_address="Weg 3")
    told = words(caseworker.get(page_of(assistance)))
    assert [secret for secret in ("Amina", "555 77", "Rollstuhl", "Weg 3") if secret in told] == []
    assert not AccessLog.objects.exists()


def test_the_confidential_page_shows_the_client_and_writes_down_who_read(
    caseworker: Client, member: Member
) -> None:
    assistance = factories.make_assistance(by=member, client_notes="Rollstuhl", client_address="Weg 3")
    response = caseworker.get(page_of(assistance, "vertraulich/"))
    assert [
        s for s in ("Amina Beispiel", "02131 555 77", "Rollstuhl", "Weg 3") if s not in words(response)
    ] == []
    assert "no-store" in response.headers["Cache-Control"]
    rows = AccessLog.objects.values_list("actor_kind", "actor_number", "kind", "number", "what")
    assert list(rows) == [("member", member.user.pk, "assistance", assistance.pk, "client")]


def test_after_the_yes_the_page_says_who_comes(caseworker: Client, member: Member) -> None:
    assistance = factories.make_assistance(by=member)
    before = words(caseworker.get(page_of(assistance)))
    factories.make_agreed(assistance, factories.make_volunteer("Rania Haddad", shares_phone=True))
    after = words(caseworker.get(page_of(assistance)))
    assert "Rania Haddad" not in before
    assert "Rania Haddad hat zugesagt: am Dienstag, 8. Dezember um 10:00 Uhr." in after
    assert "02131 555 01" in after


def test_a_volunteer_who_does_not_share_the_number_is_reached_through_the_office(
    caseworker: Client, member: Member
) -> None:
    assistance = factories.make_assistance(by=member)
    factories.make_agreed(assistance, factories.make_volunteer("Rania Haddad"))
    told = words(caseworker.get(page_of(assistance)))
    assert "02131 555 01" not in told
    assert "rufen Sie uns an: 02131 90-5753." in told


def test_nobody_learns_who_was_asked_or_said_no(caseworker: Client, member: Member) -> None:
    assistance = factories.make_assistance(by=member)
    offer = factories.make_offer(assistance, factories.make_volunteer("Nein Sagerin"))
    factories.make_offer(assistance, factories.make_volunteer("Noch Eine"))
    workflow.decline(offer.pk, reason="Urlaub", by=Actor.volunteer(offer.volunteer_id), now=NOW)
    response = caseworker.get(page_of(assistance))
    told = words(response)
    assert [secret for secret in ("Nein", "Noch Eine", "Urlaub") if secret in told] == []
    assert [entry.text for entry in response.context["history"]] == [
        "Wir haben nachgefragt, wer kommen kann.",
        "Die Anfrage ist eingegangen.",
    ]
    assert [entry.by for entry in response.context["history"]] == ["", "Sabine Vogt"]


@pytest.mark.parametrize(
    ("outcome", "sentence"),
    [
        ("took_place", "Der Termin hat stattgefunden. Vielen Dank!"),
        ("client_absent", "Die Klientin oder der Klient kam nicht zum Termin."),
        ("lotse_absent", "Die Lotsin oder der Lotse kam nicht zum Termin. Das tut uns leid."),
        ("other", "Die Anfrage ist abgeschlossen."),
    ],
)
def test_a_settled_request_says_how_it_went(
    caseworker: Client, member: Member, office: Actor, at: Callable[[str], Any], outcome: str, sentence: str
) -> None:
    assistance = factories.make_assistance(by=member)
    factories.make_agreed(assistance)
    later = at("2026-12-09 09:00")
    over = words(caseworker.get(page_of(assistance)))
    workflow.finish(assistance.pk, outcome=outcome, minutes=60, by=office, now=later)
    settled = words(caseworker.get(page_of(assistance)))
    assert "Der Termin ist vorbei Wir schließen die Anfrage in den nächsten Tagen ab." in over
    assert f"Erledigt {sentence}" in settled


def test_a_rejected_request_says_why(caseworker: Client, member: Member, office: Actor) -> None:
    assistance = factories.make_assistance(by=member)
    workflow.reject(assistance.pk, rule="scope", reason="Das ist ein Gerichtstermin.", by=office, now=NOW)
    assert "Grund: Das ist ein Gerichtstermin." in words(caseworker.get(page_of(assistance)))


def test_an_unfilled_request_says_what_else_helps_but_no_internal_reason(
    caseworker: Client, member: Member, office: Actor
) -> None:
    assistance = factories.make_assistance(by=member)
    workflow.give_up(assistance.pk, reason="Frau H. ist krank", by=office, now=NOW)
    told = words(caseworker.get(page_of(assistance)))
    assert "Oft hilft ein anderer Tag" in told
    assert "Frau H." not in told


def test_the_reason_of_a_correction_stays_in_the_office(
    caseworker: Client, member: Member, office: Actor
) -> None:
    assistance = factories.make_assistance(by=member)
    workflow.give_up(assistance.pk, by=office, now=NOW)
    workflow.reopen(assistance.pk, reason="Falsch geklickt", by=office, now=NOW)
    told = words(caseworker.get(page_of(assistance)))
    assert "Falsch geklickt" not in told
    assert "Wir suchen wieder." in told


def test_html_in_texts_stays_text(caseworker: Client, member: Member) -> None:
    assistance = factories.make_assistance(
        by=member, concern="<script>x</script>", place="<b>Ort</b>", client_reference="<i>1</i>"
    )
    for path in (OWN, page_of(assistance), page_of(assistance, "aendern/")):
        html = caseworker.get(path).content.decode()
        assert not re.search(r"<script>x|<b>Ort|<i>1", html)
