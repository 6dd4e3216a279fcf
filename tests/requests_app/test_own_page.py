"""The page behind a migrant's secret link: what it shows in each state, and what can be done there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from lotsen_portal import clock, links, outbox, qr
from lotsen_portal.audit import Actor
from lotsen_portal.models import LogEntry, OutgoingMail, ProgrammeText, Purpose
from requests_app import mails, privacy, workflow
from requests_app.models import AssistanceRequest, Figure, Report
from tests import factories
from tests.factories import NOW, make_own_request, make_volunteer

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=3)


@pytest.fixture(autouse=True)
def monday(at: Callable[[str], datetime]) -> None:
    at("2026-11-23 10:00")


@pytest.fixture
def office() -> Actor:
    return Actor.office(factories.make_coordinator())


@pytest.fixture
def assistance() -> AssistanceRequest:
    return make_own_request(client_language="de", concern="Brief vom Amt")


def page(assistance: AssistanceRequest, part: str = "") -> str:
    return f"/anfragen/{mails.status_token(assistance)}/{part}"


def agreed(assistance: AssistanceRequest, office: Actor, **values: Any) -> None:
    workflow.approve(assistance.pk, by=office, now=NOW)
    assistance.refresh_from_db()
    factories.make_agreed(assistance, make_volunteer("Samira Haddad", **values))


def text_of(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def test_it_shows_what_was_asked_and_the_link_to_keep_but_not_the_person(
    client: Client, assistance: AssistanceRequest
) -> None:
    html = text_of(client, page(assistance))

    assert [word for word in ("Brief vom Amt", "Nebenweg 3", "So geht es weiter") if word not in html] == []
    assert [word for word in ("Amina", "555 77", "Sprachniveau") if word in html] == []
    assert qr.picture(mails.status_address(assistance, language="de")).path in html
    assert mails.status_address(assistance, language="de") in html


def test_it_stays_out_of_caches_and_search_engines(client: Client, assistance: AssistanceRequest) -> None:
    response = client.get(page(assistance))

    assert (
        response["Cache-Control"], response["Referrer-Policy"], response["X-Robots-Tag"]
    ) == ("no-store, private", "strict-origin", "noindex, nofollow")  # fmt: skip


@pytest.mark.parametrize(("shares", "shown"), [(True, True), (False, False)])
def test_who_comes_is_named_after_the_yes_with_the_number_only_if_shared(
    client: Client, assistance: AssistanceRequest, office: Actor, *, shares: bool, shown: bool
) -> None:
    before = text_of(client, page(assistance))
    agreed(assistance, office, shares_phone=shares, phone="0157 999")
    html = text_of(client, page(assistance))

    assert ("Samira Haddad" in before, "Samira Haddad" in html, "0157 999" in html) == (False, True, shown)


def test_looking_changes_nothing(client: Client, assistance: AssistanceRequest) -> None:
    before = AssistanceRequest.objects.values().get()
    for part in ("", "aendern/", "anruf/", "absagen/", "einwilligung/"):
        client.get(page(assistance, part))

    assert AssistanceRequest.objects.values().get() == before
    assert not LogEntry.objects.exclude(action="submit").exists()


def test_another_time_asks_whoever_agreed_again(
    client: Client, assistance: AssistanceRequest, office: Actor
) -> None:
    agreed(assistance, office)
    form = {
        "tongues": ["ar"], "day": "2026-12-09", "begin": "11:00", "minutes": "60", "mode": "on_site",
        "district": str(assistance.district_id), "place": "Rathaus", "version": "1",
    }  # fmt: skip
    response = client.post(page(assistance, "aendern/"), form)
    assistance.refresh_from_db()

    assert response.headers["Location"] == page(assistance)
    assert (assistance.state, assistance.version, assistance.place) == ("offered", 2, "Rathaus")
    assert LogEntry.objects.filter(action="reschedule", actor_kind="client").exists()


def test_a_wrong_change_says_so_beside_the_field(client: Client, assistance: AssistanceRequest) -> None:
    response = client.post(page(assistance, "aendern/"), {"day": "2020-01-01"})

    assert response.status_code == 422
    assert "Dieser Tag ist schon vorbei." in response.content.decode()


def test_an_old_version_is_shown_what_holds_now(client: Client, assistance: AssistanceRequest) -> None:
    form = {
        "tongues": ["ar"], "day": "2026-12-09", "begin": "11:00", "minutes": "60", "mode": "on_site",
        "district": str(assistance.district_id), "place": "Rathaus", "version": "7",
    }  # fmt: skip
    response = client.post(page(assistance, "aendern/"), form)

    assert response.status_code == 409
    assert "Das gilt jetzt" in response.content.decode()


CHANGED = {
    "tongues": ["ar"], "day": "2026-12-09", "begin": "11:00", "minutes": "60", "mode": "on_site",
    "place": "Rathaus", "version": "1",
}  # fmt: skip


def test_what_a_rule_refuses_stays_typed_and_points_elsewhere(
    client: Client, assistance: AssistanceRequest
) -> None:
    ProgrammeText.objects.create(programme_id=1, kind="elsewhere", language="de", body="Fragen Sie die 115.")
    form = {**CHANGED, "district": str(assistance.district_id), "regel_therapy": "on"}
    response = client.post(page(assistance, "aendern/"), form)
    html = response.content.decode()
    assistance.refresh_from_db()

    assert (response.status_code, assistance.version) == (422, 1)
    assert "Therapie und Rechtsberatung gehören nicht zu den Aufgaben" in html
    assert "Fragen Sie die 115." in html
    assert 'value="Rathaus"' in html


def test_what_needs_the_offices_look_waits_for_it_and_frees_whoever_agreed(
    client: Client, assistance: AssistanceRequest, office: Actor
) -> None:
    agreed(assistance, office)
    form = {**CHANGED, "district": str(assistance.district_id), "regel_outside": "on"}
    told = client.post(page(assistance, "aendern/"), form, follow=True).content.decode()
    assistance.refresh_from_db()
    mailed = set(OutgoingMail.objects.filter(version=2).values_list("function", flat=True))
    again = {**form, "version": "2", "begin": "12:00"}
    workflow.approve(assistance.pk, by=office, now=NOW)
    client.post(page(assistance, "aendern/"), again)

    assert (assistance.state, assistance.intake_hits) == ("new", ["no-house", "outside"])
    assert "Der Termin ist außerhalb der Stadt. Darum prüfen wir die Anfrage zuerst." in told
    assert {name.rpartition(".")[2] for name in mailed} == {"tell_cancelled_volunteer", "tell_reopened"}
    assistance.refresh_from_db()
    assert (assistance.state, assistance.version) == ("open", 3)


@pytest.mark.parametrize("begun", [False, True])
def test_who_knows_the_time_now_needs_no_call(
    client: Client, at: Callable[[str], datetime], begun: bool
) -> None:
    held = factories.make_call()
    parent = held.assistance.callback_for
    assert parent is not None
    at(f"{held.starts.astimezone(clock.TZ):%Y-%m-%d} 23:00" if begun else "2026-11-23 10:00")
    form = {**CHANGED, "district": str(parent.district_id), "version": str(parent.version)}
    client.post(page(parent, "aendern/"), form)
    held.refresh_from_db()
    parent.refresh_from_db()

    assert (parent.wants_call, parent.period) == (False, factories.period("2026-12-09", "11:00"))
    assert (held.state, AssistanceRequest.objects.get(pk=held.assistance_id).state) == ("cancelled",) * 2
    assert OutgoingMail.objects.filter(function__endswith=".tell_cancelled_volunteer").count() == 1


def test_the_person_says_on_the_page_how_it_went(
    client: Client, assistance: AssistanceRequest, office: Actor, at: Callable[[str], datetime]
) -> None:
    agreed(assistance, office)
    before = text_of(client, page(assistance))
    at("2026-12-08 12:00")
    shown = text_of(client, page(assistance))
    client.post(page(assistance, "rueckmeldung/"), {"outcome": "took_place", "minutes": "50"})
    after = text_of(client, page(assistance))

    assert "Wie war der Termin?" not in before
    assert page(assistance, "rueckmeldung/") in shown
    assert list(Report.objects.values_list("side", "outcome", "minutes")) == [("requester", "took_place", 50)]
    assert "Ihre Rückmeldung ist da:" in after


def test_please_call_me_gives_up_the_time_and_tells_whoever_agreed(
    client: Client, assistance: AssistanceRequest, office: Actor
) -> None:
    agreed(assistance, office)
    client.post(page(assistance, "anruf/"), {"call_times": ["evening"]})
    assistance.refresh_from_db()

    assert (assistance.state, assistance.period, assistance.wants_call) == ("open", None, True)
    assert (assistance.version, assistance.call_times) == (2, ["evening"])
    assert assistance.editions.get().period == factories.period()
    assert OutgoingMail.objects.filter(function__endswith=".tell_cancelled_volunteer").count() == 1
    assert "Wir rufen Sie an" in text_of(client, page(assistance))


def test_without_a_number_nobody_can_be_called(client: Client) -> None:
    assistance = make_own_request(client_phone="")
    client.post(page(assistance, "anruf/"), {})
    assistance.refresh_from_db()

    assert assistance.wants_call is False


def test_calling_off_needs_no_reason_and_tells_everybody(
    client: Client, assistance: AssistanceRequest, office: Actor
) -> None:
    agreed(assistance, office)
    client.post(page(assistance, "absagen/"), {})
    assistance.refresh_from_db()

    assert (assistance.state, assistance.ended_by) == ("cancelled", "client")
    assert OutgoingMail.objects.filter(function__endswith=".tell_cancelled_volunteer").count() == 1
    assert "Abgesagt" in text_of(client, page(assistance))


def test_what_has_ended_cannot_be_changed(client: Client, assistance: AssistanceRequest) -> None:
    workflow.cancel(assistance.pk, reason="", by=Actor.client(assistance.pk), now=NOW)
    for part in ("aendern/", "anruf/", "absagen/"):
        assert client.post(page(assistance, part), {}).headers["Location"] == page(assistance)


def test_an_appointment_that_has_begun_is_the_offices_matter(
    client: Client, assistance: AssistanceRequest, office: Actor, at: Callable[[str], datetime]
) -> None:
    agreed(assistance, office)
    at("2026-12-08 10:10")
    response = client.post(page(assistance, "absagen/"), {}, follow=True)

    assert "Der Termin hat schon begonnen." in response.content.decode()


# Taking the consent back


def test_taking_the_consent_back_calls_off_and_erases_at_once(
    client: Client, assistance: AssistanceRequest, office: Actor
) -> None:
    agreed(assistance, office)
    coordinator = factories.make_coordinator()
    workflow.note(assistance.pk, text="Notiz", author=coordinator, by=office, now=NOW)
    address = page(assistance)
    response = client.post(page(assistance, "einwilligung/"), follow=True)
    assistance.refresh_from_db()

    assert response.status_code == 410
    assert "Ihre Angaben sind gelöscht" in response.content.decode()
    assert text_of(client, address, 410)
    assert (assistance.state, assistance.ended_by, assistance.consent_at) == ("cancelled", "client", None)
    assert {getattr(assistance, name) for name in privacy.FREE_TEXT} == {""}
    assert assistance.filing_key is None
    assert not assistance.notes.exists()
    assert Figure.objects.get(number=None).outcome == "cancelled"


def test_whoever_agreed_hears_and_no_mail_waits_for_the_person(
    client: Client, assistance: AssistanceRequest, office: Actor
) -> None:
    agreed(assistance, office)
    client.post(page(assistance, "einwilligung/"))
    to_person = OutgoingMail.objects.filter(function__contains=".requesters.")
    to_lotse = OutgoingMail.objects.get(function__endswith=".tell_cancelled_volunteer")

    assert {(mail.state, mail.recipient) for mail in to_person} == {("dropped", "")}
    assert outbox.written(to_lotse, LATER) is not None


def test_a_call_that_somebody_was_to_make_is_called_off_too(client: Client, office: Actor) -> None:
    assistance = make_own_request(wants_call=True, call_times=("morning",))
    call = workflow.call_back(assistance.pk, by=office, now=NOW)
    factories.make_offer(call, make_volunteer("Samira Haddad"))
    client.post(page(assistance, "einwilligung/"))
    call.refresh_from_db()

    assert call.state == "cancelled"
    assert OutgoingMail.objects.filter(function__endswith=".tell_withdrawn").count() == 1


def test_after_the_end_the_consent_is_still_taken_back(client: Client, assistance: AssistanceRequest) -> None:
    workflow.cancel(assistance.pk, reason="", by=Actor.client(assistance.pk), now=NOW)
    client.post(page(assistance, "einwilligung/"))
    assistance.refresh_from_db()

    assert (assistance.state, assistance.client_name) == ("cancelled", "")


def test_the_office_cannot_open_again_what_was_erased(assistance: AssistanceRequest, office: Actor) -> None:
    workflow.withdraw_consent(assistance.pk, by=Actor.client(assistance.pk), now=NOW)

    with pytest.raises(workflow.NotPossible, match="Einwilligung ist widerrufen"):
        workflow.reopen(assistance.pk, reason="Irrtum", by=office, now=NOW)


# Links that open nothing


def test_unknown_expired_and_tried_too_often(client: Client, assistance: AssistanceRequest) -> None:
    workflow.cancel(assistance.pk, reason="", by=Actor.client(assistance.pk), now=NOW - timedelta(days=31))
    assert "schon länger beendet" in text_of(client, page(assistance), 410)
    assert "kennen wir nicht" in text_of(client, "/anfragen/unsinn/", 404)

    codes = {client.get(f"/anfragen/{number:032}/").status_code for number in range(31)}
    assert codes == {404, 429}


def test_a_link_of_another_purpose_opens_nothing(client: Client, assistance: AssistanceRequest) -> None:
    link = links.make(Purpose.REPORT, subject=assistance.pk, holder=assistance.pk, expires_at=None, now=NOW)
    assert text_of(client, f"/anfragen/{links.token(link)}/", 404)


# Taking the consent back


def test_nothing_personal_stays_and_the_figure_forgets_whose_it_was(
    client: Client, assistance: AssistanceRequest, office: Actor
) -> None:
    agreed(assistance, office)
    outbox.deliver_due()
    mail.outbox.clear()  # type: ignore[attr-defined]
    client.post(page(assistance, "einwilligung/"))
    outbox.deliver_due()
    gone = AssistanceRequest.objects.get()
    to_the_person = [letter for letter in mail.outbox if letter.to == ["amina@example.org"]]  # type: ignore[attr-defined]

    assert [letter.subject for letter in to_the_person] == ["Ihre Angaben sind gelöscht"]
    assert "METHOD:CANCEL" in str(to_the_person[0].message())
    assert OutgoingMail.objects.filter(key__startswith="tell_erased:").get().recipient == ""
    assert [getattr(gone, name) for name in privacy.FREE_TEXT if getattr(gone, name)] == []
    assert (gone.is_withdrawn, gone.call_times) == (True, [])
    assert list(Figure.objects.values_list("number", "outcome")) == [(None, "cancelled")]
    workflow.fund(gone.pk, source="Anderer Topf", by=office, now=NOW)
    assert Figure.objects.count() == 1
    with pytest.raises(workflow.NotPossible):
        workflow.reopen(gone.pk, reason="Doch nicht", by=office, now=NOW)


def test_who_is_called_may_take_the_consent_back_in_the_hour_of_the_call(
    client: Client, at: Callable[[str], datetime]
) -> None:
    held = factories.make_call()
    parent = held.assistance.callback_for
    assert parent is not None
    at(f"{held.starts.astimezone(clock.TZ):%Y-%m-%d} 23:00")
    response = client.post(page(parent, "einwilligung/"))

    assert response.status_code == 302
    assert set(AssistanceRequest.objects.values_list("state", flat=True)) == {"cancelled"}
