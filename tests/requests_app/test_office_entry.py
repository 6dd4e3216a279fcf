"""The office takes a request down for somebody on the telephone."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from lotsen_portal.models import OutgoingMail, User
from requests_app import intake, worklist
from requests_app.models import AssistanceRequest, Institution, Member
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db

NEW = "/koordination/anfragen/neu/"


@pytest.fixture
def karin(at: Callable[[str], datetime]) -> User:
    at("2026-11-23 09:00")
    return factories.make_coordinator()


@pytest.fixture
def office(karin: User) -> Client:
    client = Client()
    client.force_login(karin)
    return client


@pytest.fixture
def member() -> Member:
    house = factories.make_institution("Kita Sonnenschein", usual_minutes=45)
    return factories.make_member(house, name="Hanna Weber")


def typed(**values: str) -> dict[str, str]:
    factories.make_language()
    return {
        "language": "ar",
        "topic": factories.make_topic().slug,
        "help": "accompaniment",
        "minutes": "60",
        "mode": "on_site",
        "district": str(factories.make_district().pk),
        "client_phone": "02131 555 77",
        "client_language": "ar",
        "consent": "on",
        **values,
    }


def of(house: Institution) -> str:
    return f"{NEW}?einrichtung={house.pk}"


def test_the_work_queue_and_the_list_lead_here(office: Client) -> None:
    for page in ("/koordination/", "/koordination/anfragen/"):
        assert re.search(rf'href="{NEW}"[^>]*>.*?Neue Anfrage aufnehmen', office.get(page).content.decode())


def test_a_person_without_a_time_is_taken_down_with_little_and_waits_for_one(office: Client) -> None:
    response = office.post(NEW, typed())

    assistance = AssistanceRequest.objects.get()
    assert response.url == reverse("office:request", args=[assistance.reference])
    assert (assistance.origin, assistance.state, assistance.period, assistance.institution) == (
        "office", "open", None, None,
    )  # fmt: skip
    assert (assistance.consent_at, assistance.consent_spoken) == (NOW, True)
    groups = worklist.groups(me=0, whose="alle", now=NOW)
    assert {slug: group.everybody for slug, group in groups.items() if group.everybody} == {"timeless": 1}
    page = office.get(response.url).content.decode()
    assert "Zeit klären" in page
    assert "mündlich erteilt" in page
    assert "Anfragen</span>" not in page.split("<main")[1]


def test_whoever_has_no_address_is_not_phoned_about_the_call_just_made(office: Client) -> None:
    office.post(NEW, typed())
    assert OutgoingMail.objects.count() == 0

    office.post(NEW, typed(client_email="amina@example.org"))
    mail = OutgoingMail.objects.get()
    assert (mail.name, mail.recipient, mail.language) == ("acknowledge_request", "amina@example.org", "ar")


def test_an_institutions_defaults_and_people_are_there_and_mail_reaches_who_asked(
    office: Client, member: Member
) -> None:
    form = office.get(of(member.institution)).context["form"]
    assert (form.initial["minutes"], form.initial["district"]) == (45, str(member.institution.district_id))
    assert [str(label) for _key, label in form.fields["member"].choices] == [
        "Niemand Bestimmtes",
        f"Hanna Weber ({member.user.email})",
    ]

    office.post(
        of(member.institution), typed(day="2026-12-08", begin="10:00", place="Raum 3", member=str(member.pk))
    )

    assistance = AssistanceRequest.objects.get()
    assert (assistance.institution, assistance.filed_by, assistance.origin) == (
        member.institution,
        member.user,
        "office",
    )
    assert OutgoingMail.objects.get().recipient == member.user.email


def test_without_a_name_the_institution_hears(office: Client, member: Member) -> None:
    office.post(of(member.institution), typed())
    assert (AssistanceRequest.objects.get().filed_by, OutgoingMail.objects.get().recipient) == (
        None,
        "haus@example.org",
    )


def test_a_colleague_of_another_institution_cannot_be_picked(office: Client, member: Member) -> None:
    stranger = factories.make_member()
    response = office.post(of(member.institution), typed(member=str(stranger.pk)))
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["member"])


def test_rules_only_warn_here(office: Client) -> None:
    response = office.post(NEW, typed(minutes="240", regel_therapy="on"))

    told = [str(message) for message in get_messages(response.wsgi_request)]
    assert [line.split(":")[0] for line in told[1:]] == ["Hinweis"] * 3
    assert AssistanceRequest.objects.get().intake_hits == ["long", "no-house", "therapy"]
    assert AssistanceRequest.objects.get().state == "open"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"day": "2026-12-08"}, "begin"),
        ({"begin": "10:00"}, "day"),
        ({"wants_call": "on", "client_phone": ""}, "client_phone"),
        ({"wants_call": "on", "day": "2026-12-08", "begin": "10:00"}, "wants_call"),
        ({"consent": ""}, "consent"),
        ({"client_email": "amina"}, "client_email"),
        ({"concern": "x" * 10_000}, "concern"),
        ({"client_name": "a\0b"}, "client_name"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(office: Client, wrong: dict[str, str], field: str) -> None:
    response = office.post(NEW, typed(**wrong))
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert AssistanceRequest.objects.count() == 0


def test_a_call_is_wanted_at_the_times_that_suit(office: Client) -> None:
    office.post(NEW, {**typed(wants_call="on"), "call_times": ["morning", "evening"]})
    assistance = AssistanceRequest.objects.get()
    assert (assistance.wants_call, assistance.call_times) == (True, ["morning", "evening"])


def test_a_second_click_files_nothing_more(office: Client) -> None:
    form = typed(key=str(uuid4()))
    first, second = office.post(NEW, form), office.post(NEW, form)
    assert (first.url == second.url, AssistanceRequest.objects.count()) == (True, 1)


def test_a_key_that_is_none_files_all_the_same(office: Client) -> None:
    assert office.post(NEW, typed(key="kein\0Schlüssel")).status_code == 302


@pytest.mark.parametrize("chosen", ["", "0", "x", "9" * 30, "\0"])
def test_an_institution_that_is_none_means_a_person(office: Client, chosen: str) -> None:
    response = office.get(NEW, {"einrichtung": chosen})
    assert (response.status_code, response.context["house"]) == (200, None)


def test_the_statements_of_the_rules_are_asked_here_too(office: Client) -> None:
    fields = office.get(NEW).context["form"].fields
    assert [name for name in fields if name.startswith("regel_")] == [
        intake.question_field(question.slug) for question in intake.questions()
    ]


SERIES = {"day": "2026-12-08", "begin": "10:00", "repeat": "weekly", "repeat_times": "3"}
EVENT = {"day": "2026-12-08", "begin": "19:00", "event_language_2": "tr", "people": "2"}


def test_a_series_for_an_institution_is_looked_at_and_filed_together(office: Client, member: Member) -> None:
    address, key = of(member.institution), str(uuid4())
    look = office.post(address, typed(**SERIES, member=str(member.pk), place="Gruppenraum", key=key))
    hidden = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', look.content.decode())
    form = {**dict(hidden), "dates": ["2026-12-08", "2026-12-22"]}
    back = office.post(address, {**form, "back": "1"})
    first, second = office.post(address, form), office.post(address, form)
    requests = list(AssistanceRequest.objects.order_by("pk"))

    assert (look.status_code, back.status_code, back.context["form"]["place"].value()) == (
        200,
        200,
        "Gruppenraum",
    )
    assert [str(one.starts.date()) for one in requests] == ["2026-12-08", "2026-12-22"]
    assert {(one.origin, one.state, one.filed_by, one.consent_spoken) for one in requests} == {
        ("office", "open", member.user, True)
    }
    assert {first.url, second.url} == {reverse("office:group", args=[requests[0].group_id])}
    assert [mail.name for mail in OutgoingMail.objects.all()] == ["acknowledge_group"]


def test_an_event_for_an_institution_is_filed_as_one_request_each(office: Client, member: Member) -> None:
    factories.make_language("tr")
    filed = office.post(of(member.institution), typed(**EVENT))
    requests = AssistanceRequest.objects.order_by("pk")

    assert [one.languages.get().language.code for one in requests] == ["ar", "ar", "tr", "tr"]
    assert filed.url == reverse("office:group", args=[requests[0].group_id])


@pytest.mark.parametrize("more", [{**SERIES, "day": "", "begin": ""}, {**EVENT, "day": "", "begin": ""}])
def test_a_series_and_an_event_need_a_day(office: Client, member: Member, more: dict[str, str]) -> None:
    factories.make_language("tr")
    response = office.post(of(member.institution), typed(**more))

    assert response.status_code == 422
    assert response.context["form"].errors["day"] == [
        "Für eine Terminreihe oder eine Veranstaltung brauchen wir den Tag."
    ]


def test_without_an_institution_the_page_says_where_a_series_is_filed(office: Client) -> None:
    page = office.get(NEW).content.decode()

    assert "wählen Sie zuerst die Einrichtung" in page
    assert ('name="repeat"' in page, 'name="people"' in page) == (False, False)
