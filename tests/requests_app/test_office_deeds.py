"""What the office does with a request: each deed where it is legal, a sentence where it is not."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from lotsen_portal.audit import Actor
from lotsen_portal.models import FundingSource, LogEntry
from requests_app import workflow
from requests_app.models import AssistanceRequest, Figure
from requests_app.views.office.deeds import DEEDS
from tests import factories
from tests.factories import NOW, period

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday(at):
    return at("2026-11-23 09:00")


@pytest.fixture
def coordinator(db):
    return factories.make_coordinator()


@pytest.fixture
def office(client, coordinator):
    client.force_login(coordinator)
    return client


def do(office, assistance, slug, **data):
    response = office.post(reverse("office:do", args=[assistance.reference, slug]), data)
    assistance.refresh_from_db()
    return response


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def buttons(office, assistance):
    context = office.get(reverse("office:request", args=[assistance.reference])).context
    deeds = [deed.button for deed in [*context["deeds"], *context["corrections"]]]
    return ["Freigeben", *deeds] if context["may_approve"] else deeds


def past(days=6):
    return NOW - timedelta(days=days)


def new():
    return factories.make_assistance(by=factories.make_member(factories.make_institution(state="applied")))


def confirmed(day="2026-12-08"):
    assistance = factories.make_assistance(when=period(day), now=past())
    factories.make_agreed(assistance, now=past())
    return assistance


def done(coordinator):
    assistance = confirmed("2026-11-20")
    workflow.finish(assistance.pk, outcome="took_place", minutes=50, by=Actor.office(coordinator), now=NOW)
    assistance.refresh_from_db()
    return assistance


def test_the_buttons_follow_the_table_of_moves(office, coordinator):
    offered = factories.make_assistance()
    factories.make_offer(offered)
    ended = factories.make_assistance()
    workflow.give_up(ended.pk, by=Actor.office(coordinator), now=NOW)
    assert [
        buttons(office, assistance)
        for assistance in (new(), factories.make_assistance(), offered, confirmed(), done(coordinator), ended)
    ] == [
        ["Freigeben", "Ablehnen", "Absagen"],
        ["Niemand gefunden", "Ablehnen", "Absagen"],
        ["Niemand gefunden", "Absagen"],
        ["Erledigt", "Lotse fällt aus", "Absagen"],
        ["„Erledigt“ zurücknehmen"],
        ["Wieder öffnen"],
    ]


def test_a_new_request_is_let_in(office):
    assistance = new()
    address = reverse("office:approve", args=[assistance.reference])
    assert office.get(address).status_code == 405
    response = office.post(address)
    assistance.refresh_from_db()
    assert (assistance.state, said(response)) == ("open", ["Die Anfrage ist freigegeben."])
    assert "gerade nicht" in said(office.post(address))[-1]


def test_a_request_out_of_scope_is_rejected_with_rule_and_reason(office):
    assistance = factories.make_assistance()
    assert do(office, assistance, "ablehnen", rule="transport").status_code == 422
    do(office, assistance, "ablehnen", rule="transport", reason="Bitte fragen Sie den Fahrdienst.")
    assert (assistance.state, assistance.ended_rule, assistance.reason) == (
        "rejected",
        "transport",
        "Bitte fragen Sie den Fahrdienst.",
    )
    assert Figure.objects.get(number=assistance.pk).outcome == "rejected"


def test_a_request_is_called_off_with_a_reason_only(office):
    assistance = confirmed()
    response = do(office, assistance, "absagen", reason=" ")
    assert (response.status_code, assistance.state) == (422, "confirmed")
    assert "Bitte nennen Sie den Grund." in response.content.decode()
    do(office, assistance, "absagen", reason="Termin verlegt")
    assert (assistance.state, assistance.ended_by, assistance.ended_late) == ("cancelled", "office", False)


def test_an_appointment_that_is_over_is_finished_with_outcome_and_minutes(office):
    assistance = confirmed("2026-11-20")
    response = office.get(reverse("office:do", args=[assistance.reference, "erledigt"]))
    form = response.context["form"]
    assert (form["minutes"].value(), "early" in form.fields) == (60, False)
    do(office, assistance, "erledigt", outcome="took_place", minutes="75")
    assert (assistance.state, assistance.assignments.get().minutes) == ("done", 75)
    assert Figure.objects.get(number=assistance.pk).minutes == 75


def test_an_appointment_still_to_come_is_asked_about(office):
    assistance = confirmed("2026-12-08")
    response = do(office, assistance, "erledigt", outcome="took_place", minutes="60")
    assert (response.status_code, assistance.state) == (422, "confirmed")
    do(office, assistance, "erledigt", outcome="client_absent", minutes="0", early="on")
    assert (assistance.state, assistance.assignments.get().state) == ("done", "client_absent")


def test_a_wrong_click_on_finished_is_undone_with_a_reason(office, coordinator):
    assistance = done(coordinator)
    assert do(office, assistance, "doch-nicht-erledigt").status_code == 422
    do(office, assistance, "doch-nicht-erledigt", reason="Falscher Termin")
    assert (assistance.state, assistance.assignments.get().state) == ("confirmed", "agreed")


@pytest.mark.parametrize("slug", ["niemand", "ablehnen", "absagen"])
def test_each_other_ending_is_undone_with_a_reason(office, slug):
    assistance = factories.make_assistance()
    do(office, assistance, slug, reason="Erst so", rule="other")
    assert assistance.is_final
    do(office, assistance, "wieder-oeffnen", reason="Versehen")
    assert (assistance.state, assistance.ended_at) == ("open", None)


def test_who_agreed_may_fall_out_and_the_search_goes_on(office):
    assistance = confirmed()
    do(office, assistance, "faellt-aus")
    assert (assistance.state, assistance.assignments.get().state) == ("open", "stepped_down")


@pytest.mark.parametrize("slug", sorted(DEEDS))
def test_what_is_not_legal_now_gets_a_sentence(office, coordinator, slug):
    assistance = done(coordinator)
    assistance_open = factories.make_assistance()
    wrong = assistance_open if slug in {"erledigt", "faellt-aus", "doch-nicht-erledigt"} else assistance
    wrong = assistance_open if slug == "wieder-oeffnen" else wrong
    before = wrong.state
    response = do(office, wrong, slug, reason="x", rule="other", outcome="took_place", minutes="1")
    assert (response.status_code, wrong.state) == (302, before)
    assert said(response) == [f"„{DEEDS[slug].button}“ ist bei dieser Anfrage gerade nicht möglich."]


def test_a_deed_nobody_knows_is_not_found(office):
    assistance = factories.make_assistance()
    assert do(office, assistance, "loeschen").status_code == 404


def test_the_office_changes_the_time_and_who_agreed_is_asked_again(office):
    assistance = confirmed()
    address = reverse("office:change", args=[assistance.reference])
    shown = office.get(address).context["form"]
    values = {name: shown[name].value() for name in shown.fields}
    data = {name: value for name, value in values.items() if value not in (None, False)}
    response = office.post(address, {**data, "begin": "14:00"})
    assistance.refresh_from_db()
    assert (response.status_code, assistance.state, assistance.version) == (302, "offered", 2)
    stale = office.post(address, {**data, "begin": "15:00"})
    assert "gerade geändert" in said(stale)[-1]


def test_an_ended_request_cannot_be_changed(office, coordinator):
    response = office.get(reverse("office:change", args=[done(coordinator).reference]))
    assert (response.status_code, "zuerst wieder" in said(response)[0]) == (302, True)


def test_somebody_takes_charge_and_gives_it_back(office, coordinator):
    assistance = factories.make_assistance()
    address = reverse("office:take_charge", args=[assistance.reference])
    office.post(address, {"wer": "ich"})
    assistance.refresh_from_db()
    assert assistance.responsible == coordinator
    office.post(address, {"wer": "niemand"})
    assistance.refresh_from_db()
    assert assistance.responsible is None
    assert LogEntry.objects.filter(action="take_charge", number=assistance.pk).count() == 2


def test_a_note_is_kept_dated_and_signed(office, coordinator):
    assistance = factories.make_assistance()
    address = reverse("office:add_note", args=[assistance.reference])
    assert "etwas in die Notiz" in said(office.post(address, {"text": "  "}))[0]
    office.post(address, {"text": "Ruft zurück"})
    note = assistance.notes.get()
    assert (note.text, note.author, note.written_at) == ("Ruft zurück", coordinator, NOW)


def test_the_budget_of_an_ended_request_reaches_its_figure(office, coordinator):
    assistance = done(coordinator)
    FundingSource.objects.create(name="KIM NRW")
    office.post(reverse("office:fund", args=[assistance.reference]), {"source": "KIM NRW"})
    assert Figure.objects.get(number=assistance.pk).funding_source == "KIM NRW"
    office.post(reverse("office:fund", args=[assistance.reference]), {"source": "Erfunden"})
    assert AssistanceRequest.objects.get(pk=assistance.pk).funding_source == "KIM NRW"
