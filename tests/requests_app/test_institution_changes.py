"""An institution changes a request or calls it off: what holds then, who is faster, what is too late."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from lotsen_portal.audit import Actor
from lotsen_portal.models import LogEntry, OutgoingMail
from requests_app import workflow
from requests_app.models import AssistanceRequest, Member
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(at: Callable[[str], Any]) -> Member:
    at("2026-11-23 09:00")
    return factories.make_member(factories.make_institution("Jobcenter"), name="Sabine Vogt")


@pytest.fixture
def caseworker(client: Client, member: Member) -> Client:
    client.force_login(member.user)
    return client


@pytest.fixture
def assistance(member: Member) -> AssistanceRequest:
    return factories.make_assistance(by=member)


@pytest.fixture
def typed(assistance: AssistanceRequest) -> dict[str, str]:
    """The same as before, as the form shows it."""
    return {
        "version": "1",
        "language": "ar",
        "language_2": "",
        "language_3": "",
        "day": "2026-12-08",
        "begin": "10:00",
        "minutes": "60",
        "mode": "on_site",
        "district": str(assistance.district_id),
        "place": "Marktplatz 1, Raum 12",
    }


def page_of(assistance: AssistanceRequest, tail: str = "") -> str:
    return f"/einrichtung/anfragen/{assistance.reference}/{tail}"


def words(response: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def said(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def as_it_is(assistance: AssistanceRequest) -> AssistanceRequest:
    return AssistanceRequest.objects.get(pk=assistance.pk)


# Changing


def test_the_form_shows_what_holds_now_and_its_version(
    caseworker: Client, assistance: AssistanceRequest, typed: dict[str, str]
) -> None:
    html = caseworker.get(page_of(assistance, "aendern/")).content.decode()
    shown = dict(re.findall(r'<input type="\w+" name="(\w+)" value="([^"]*)"', html))
    wanted = {name: typed[name] for name in ("version", "day", "begin", "minutes", "place")}
    assert {name: shown.get(name) for name in wanted} == wanted
    assert '<option value="ar" selected>' in html


def test_a_change_of_time_place_and_language_is_kept(
    caseworker: Client, assistance: AssistanceRequest, typed: dict[str, str]
) -> None:
    factories.make_language("tr")
    change = {"day": "2026-12-09", "begin": "14:30", "minutes": "90", "place": "Raum 3", "language_2": "tr"}
    response = caseworker.post(page_of(assistance, "aendern/"), typed | change)
    assert response.headers["Location"] == page_of(assistance)
    now = as_it_is(assistance)
    assert (now.version, now.starts, now.minutes, now.place) == (
        2,
        datetime(2026, 12, 9, 13, 30, tzinfo=UTC),
        90,
        "Raum 3",
    )
    assert [row.language.code for row in now.languages.all()] == ["ar", "tr"]


def test_saving_without_a_change_changes_nothing(
    caseworker: Client, assistance: AssistanceRequest, typed: dict[str, str]
) -> None:
    response = caseworker.post(page_of(assistance, "aendern/"), typed)
    assert said(response) == ["Sie haben nichts geändert. Alles bleibt, wie es war."]
    assert as_it_is(assistance).version == 1


def test_after_the_yes_a_change_asks_the_volunteer_again_and_says_so(
    caseworker: Client, assistance: AssistanceRequest, typed: dict[str, str]
) -> None:
    factories.make_agreed(assistance)
    warned = words(caseworker.get(page_of(assistance, "aendern/")))
    response = caseworker.post(page_of(assistance, "aendern/"), typed | {"begin": "11:00"})
    assert "Wenn Sie etwas ändern, fragen wir noch einmal nach." in warned
    assert said(response) == ["Die Änderung ist gespeichert. Wir fragen, ob die Zusage auch jetzt noch gilt."]
    assert as_it_is(assistance).state == "offered"


def test_whoever_is_slower_sees_what_holds_now_and_may_send_again(
    caseworker: Client, member: Member, assistance: AssistanceRequest, typed: dict[str, str]
) -> None:
    path = page_of(assistance, "aendern/")
    caseworker.post(path, typed | {"begin": "11:00"})
    slower = typed | {"begin": "15:00", "place": "Raum 99"}
    response = caseworker.post(path, slower)
    assert response.status_code == 409
    told = words(response)
    assert "Jemand anderes hat die Anfrage gerade geändert." in told
    assert "Das gilt jetzt Termin Dienstag, 8. Dezember 2026, 11:00 bis 12:00 Uhr" in told
    form = response.context["form"]
    assert (form["version"].value(), form["begin"].value(), form["place"].value()) == (
        "2",
        "15:00",
        "Raum 99",
    )
    assert as_it_is(assistance).version == 2
    caseworker.post(path, slower | {"version": "2"})
    assert (as_it_is(assistance).version, as_it_is(assistance).place) == (3, "Raum 99")


@pytest.mark.parametrize("version", ["", "0", "x", "-1", "9" * 50, "\0", "\u0662", "1.5"])
def test_a_version_that_is_none_meets_the_conflict_page(
    caseworker: Client, assistance: AssistanceRequest, typed: dict[str, str], version: str
) -> None:
    response = caseworker.post(
        page_of(assistance, "aendern/"), typed | {"version": version, "begin": "12:00"}
    )
    assert response.status_code in {409, 422}
    assert as_it_is(assistance).version == 1


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("day", "2026-11-22", "Dieser Tag ist schon vorbei. Bitte wählen Sie einen Tag ab heute."),
        ("minutes", "0", "Das Ende liegt so nicht nach dem Beginn. Bitte geben Sie die Dauer in Minuten an."),
        ("place", "", "Bitte geben Sie an, wo der Termin ist."),
        ("language", "", "Bitte wählen Sie eine Sprache."),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    caseworker: Client,
    assistance: AssistanceRequest,
    typed: dict[str, str],
    name: str,
    value: str,
    sentence: str,
) -> None:
    response = caseworker.post(page_of(assistance, "aendern/"), typed | {name: value})
    assert response.status_code == 422
    assert dict(response.context["form"].errors) == {name: [sentence]}


def test_a_holiday_that_was_confirmed_once_is_not_asked_about_again(
    caseworker: Client, member: Member, typed: dict[str, str]
) -> None:
    christmas = factories.make_assistance(by=member, when=factories.period("2026-12-25"))
    same_day = caseworker.post(
        page_of(christmas, "aendern/"), typed | {"day": "2026-12-25", "begin": "12:00"}
    )
    next_day = caseworker.post(
        page_of(christmas, "aendern/"), typed | {"version": "2", "day": "2026-12-26", "begin": "12:00"}
    )
    assert (same_day.status_code, next_day.status_code) == (302, 422)
    assert list(next_day.context["form"].errors) == ["day"]


def test_what_the_catalogue_no_longer_offers_can_stay(
    caseworker: Client, assistance: AssistanceRequest, typed: dict[str, str]
) -> None:
    language = assistance.languages.get().language
    for record in (language, assistance.district):
        record.active = False
        record.save(update_fields=["active"])
    response = caseworker.post(page_of(assistance, "aendern/"), typed | {"begin": "12:00"})
    assert response.status_code == 302


# Calling off


def test_calling_off_shows_a_page_first_and_changes_nothing_by_looking(
    caseworker: Client, assistance: AssistanceRequest
) -> None:
    log, mails = LogEntry.objects.count(), OutgoingMail.objects.count()
    caseworker.get(page_of(assistance, "absagen/"))
    caseworker.head(page_of(assistance, "absagen/"))
    assert (as_it_is(assistance).state, LogEntry.objects.count(), OutgoingMail.objects.count()) == (
        "open",
        log,
        mails,
    )


def test_calling_off_needs_a_reason(caseworker: Client, assistance: AssistanceRequest) -> None:
    response = caseworker.post(page_of(assistance, "absagen/"), {"reason": "  "})
    assert dict(response.context["form"].errors) == {"reason": ["Bitte nennen Sie kurz den Grund."]}
    assert as_it_is(assistance).state == "open"


def test_a_request_that_is_called_off_says_so_with_the_reason(
    caseworker: Client, assistance: AssistanceRequest
) -> None:
    response = caseworker.post(page_of(assistance, "absagen/"), {"reason": "Termin entfällt"}, follow=True)
    now = as_it_is(assistance)
    assert (now.state, now.ended_by, now.reason, now.ended_late) == (
        "cancelled",
        "member",
        "Termin entfällt",
        False,
    )
    told = words(response)
    assert "Die Anfrage ist abgesagt. Wir sagen allen Bescheid." in told
    assert "Grund: Termin entfällt" in told


def test_calling_off_late_is_said_before_and_after(
    caseworker: Client, assistance: AssistanceRequest, at: Callable[[str], Any]
) -> None:
    factories.make_agreed(assistance)
    early = words(caseworker.get(page_of(assistance, "absagen/")))
    at("2026-12-07 15:00")
    late = words(caseworker.get(page_of(assistance, "absagen/")))
    after = words(caseworker.post(page_of(assistance, "absagen/"), {"reason": "Krank"}, follow=True))
    assert "Diese Absage ist kurzfristig." not in early
    assert "Diese Absage ist kurzfristig. Der Termin ist in weniger als 24 Stunden." in late
    assert "Die Absage kam kurzfristig." in after


@pytest.mark.parametrize("tail", ["absagen/", "aendern/"])
def test_what_has_ended_can_be_neither_changed_nor_called_off(
    caseworker: Client, member: Member, assistance: AssistanceRequest, typed: dict[str, str], tail: str
) -> None:
    workflow.cancel(assistance.pk, reason="Entfällt", by=Actor.member(member.user), now=NOW)
    before = as_it_is(assistance)
    for response in (
        caseworker.get(page_of(assistance, tail)),
        caseworker.post(page_of(assistance, tail), typed | {"reason": "Noch einmal", "begin": "12:00"}),
    ):
        assert response.headers["Location"] == page_of(assistance)
        assert said(response)[-1] == "Diese Anfrage ist schon beendet."
    assert (as_it_is(assistance).version, as_it_is(assistance).reason) == (before.version, "Entfällt")


@pytest.mark.parametrize("tail", ["absagen/", "aendern/"])
def test_an_appointment_that_has_begun_is_the_offices_to_settle(
    caseworker: Client,
    assistance: AssistanceRequest,
    typed: dict[str, str],
    at: Callable[[str], Any],
    tail: str,
) -> None:
    factories.make_agreed(assistance)
    at("2026-12-08 10:00")
    response = caseworker.post(
        page_of(assistance, tail), typed | {"reason": "Zu spät", "day": "2026-12-15"}, follow=True
    )
    assert "Der Termin hat schon begonnen. Bitte rufen Sie das Integrationsamt an." in words(response)
    assert as_it_is(assistance).state == "confirmed"
    assert page_of(assistance, tail) not in response.content.decode()


def test_the_verbs_refuse_an_institution_once_the_appointment_has_begun_but_not_the_office(
    member: Member, assistance: AssistanceRequest
) -> None:
    factories.make_agreed(assistance)
    begun = datetime(2026, 12, 8, 9, tzinfo=UTC)
    new = workflow.Change(
        period=factories.period("2026-12-15"),
        mode="on_site",
        district=assistance.district,
        place="Raum 3",
        languages=(factories.make_language("ar"),),
    )
    with pytest.raises(workflow.NotPossible, match="hat schon begonnen"):
        workflow.cancel(assistance.pk, reason="Zu spät", by=Actor.member(member.user), now=begun)
    with pytest.raises(workflow.NotPossible, match="hat schon begonnen"):
        workflow.change(assistance.pk, new, version=1, by=Actor.member(member.user), now=begun)
    office = Actor.office(factories.make_coordinator())
    workflow.cancel(assistance.pk, reason="Klientin im Krankenhaus", by=office, now=begun)
    assert as_it_is(assistance).state == "cancelled"


def test_a_refusal_of_the_verb_is_shown_as_its_sentence(
    caseworker: Client, assistance: AssistanceRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_kwargs: object) -> None:
        raise workflow.NotPossible("Das geht gerade nicht.")

    # Only a race between reading and locking leads here.
    monkeypatch.setattr(workflow, "cancel", refuse)
    response = caseworker.post(page_of(assistance, "absagen/"), {"reason": "Entfällt"})
    assert (response.headers["Location"], said(response)) == (page_of(assistance), ["Das geht gerade nicht."])


@pytest.mark.parametrize("tail", ["", "vertraulich/"])
def test_pages_that_only_show_refuse_a_post(
    caseworker: Client, assistance: AssistanceRequest, tail: str
) -> None:
    assert caseworker.post(page_of(assistance, tail)).status_code == 405
