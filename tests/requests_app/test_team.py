"""Who works for an institution, what its requests begin with, and what the office may decide about it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from lotsen_portal import outbox
from lotsen_portal.audit import Actor
from lotsen_portal.models import LogEntry, OutgoingMail, User
from requests_app import houses, mails, matching, team, workflow
from requests_app.models import AssistanceRequest, Institution, Member, Wish
from tests import factories
from tests.factories import NOW, make_agreed, make_assistance, make_member, make_volunteer, period

pytestmark = pytest.mark.django_db

TEAM = "/einrichtung/team/"
LAST = "Jemand muss das Team verwalten"


@pytest.fixture(autouse=True)
def monday(at: Callable[[str], datetime]) -> None:
    at("2026-11-23 09:00")


@pytest.fixture
def manager() -> Member:
    house = factories.make_institution("Klinik Nord", mail_domain="klinik.example")
    return make_member(house, manager=True, name="Hanna Weber")


@pytest.fixture
def colleague(manager: Member) -> Member:
    return make_member(manager.institution, name="Kai Kollege")


def signed_in(member: Member) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


def roles_in(house: Institution) -> dict[str, str]:
    """Who works here and as what, by first name."""
    words = {(True, None): "manager", (False, None): "member"}
    return {
        row.user.name.split()[0]: words.get((row.is_manager, row.left_on), "left")
        for row in house.members.select_related("user")
    }


def invited(member: Member, **changes: str) -> Any:
    data = {"name": "Nina Neu", "email": "Nina@Klinik.example", **changes}
    return signed_in(member).post(reverse("invite"), data, follow=True)


def change(member: Member, about: Member, slug: str) -> str:
    address = reverse("change_member", args=[about.pk, slug])
    return signed_in(member).post(address, follow=True).content.decode()


# Coming and leaving


def test_all_see_the_team_and_only_its_manager_has_buttons(manager: Member, colleague: Member) -> None:
    pages = {member: signed_in(member).get(TEAM).content.decode() for member in (manager, colleague)}
    assert ["Kai Kollege" in page for page in pages.values()] == [True, True]
    assert ["Entfernen" in page for page in pages.values()] == [True, False]
    assert ['action="/einrichtung/team/einladen/"' in page for page in pages.values()] == [True, False]


def test_a_colleague_is_invited_in_the_institutions_name_and_may_file(manager: Member) -> None:
    invited(manager, phone="02131 555 3")
    outbox.deliver_due()

    assert roles_in(manager.institution) == {"Hanna": "manager", "Nina": "member"}
    letter = mail.outbox[-1]
    assert (letter.to, "Klinik Nord" in letter.body) == (["nina@klinik.example"], True)
    newcomer = Member.objects.get(user__email="nina@klinik.example")
    assert (newcomer.phone, newcomer.user.has_usable_password()) == ("02131 555 3", False)
    assert signed_in(newcomer).get("/einrichtung/anfragen/neu/").status_code == 200


def test_another_domain_is_asked_about_and_then_allowed(manager: Member) -> None:
    asked = invited(manager, email="nina@gmx.de")
    assert (asked.status_code, "endet nicht auf @klinik.example" in asked.content.decode()) == (422, True)
    assert 'name="other_domain_ok"' in asked.content.decode()
    invited(manager, email="nina@gmx.de", other_domain_ok="on")
    assert roles_in(manager.institution)["Nina"] == "member"


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("name", "x" * 10_000), ("email", "nina"), ("email", "a\0@b.example"), ("phone", "ja")],
)
def test_a_wrong_invitation_loses_nothing(manager: Member, field: str, value: str) -> None:
    response = invited(manager, **{field: value})
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert list(roles_in(manager.institution)) == ["Hanna"]


def test_nobody_is_taken_from_another_institution(manager: Member, colleague: Member) -> None:
    other = make_member(name="Olga Anders")
    for email, sentence in (
        (other.user.email, "gehört schon zu einer Einrichtung"),
        (colleague.user.email, "gehört schon zum Team"),
    ):
        page = invited(manager, email=email, other_domain_ok="on").content.decode()
        assert sentence in page
    assert (roles_in(other.institution), OutgoingMail.objects.count()) == ({"Olga": "member"}, 0)


def test_a_closed_account_stays_closed(manager: Member) -> None:
    User.objects.create_user("zu@klinik.example", name="Zu").__class__.objects.update(is_active=False)
    User.objects.filter(pk=manager.user_id).update(is_active=True)
    assert "gesperrt" in invited(manager, email="zu@klinik.example").content.decode()


def test_managing_is_given_and_taken_back_but_never_by_all(manager: Member, colleague: Member) -> None:
    assert LAST in change(manager, manager, "ohne-leitung")
    change(manager, colleague, "leitung")
    assert roles_in(manager.institution) == {"Hanna": "manager", "Kai": "manager"}
    change(manager, manager, "ohne-leitung")
    assert LAST in change(colleague, colleague, "ohne-leitung")
    assert roles_in(manager.institution) == {"Hanna": "member", "Kai": "manager"}


def test_removing_is_asked_about_and_shuts_the_way_in_at_once(manager: Member, colleague: Member) -> None:
    assistance, there = make_assistance(by=colleague), signed_in(colleague)
    address = reverse("remove_member", args=[colleague.pk])
    assert signed_in(manager).get(address).status_code == 200
    assert roles_in(manager.institution)["Kai"] == "member"
    signed_in(manager).post(address)

    assert roles_in(manager.institution) == {"Hanna": "manager", "Kai": "left"}
    paths = [TEAM, "/einrichtung/", f"/einrichtung/anfragen/{assistance.reference}/"]
    assert [there.get(path).status_code for path in paths] == [404, 404, 404]
    assert signed_in(manager).get(paths[-1]).status_code == 200


def test_the_last_manager_does_not_walk_away(manager: Member, colleague: Member) -> None:
    page = signed_in(manager).post(reverse("remove_member", args=[manager.pk]), follow=True)
    assert LAST in page.content.decode()
    assert roles_in(manager.institution) == {"Hanna": "manager", "Kai": "member"}


def test_a_manager_has_no_say_in_another_house(manager: Member) -> None:
    other = make_member(name="Olga Anders")
    here = signed_in(manager)
    codes = [
        here.post(reverse("change_member", args=[other.pk, "leitung"])).status_code,
        here.post(reverse("remove_member", args=[other.pk])).status_code,
        here.post(reverse("change_member", args=[manager.pk, "unsinn"])).status_code,
    ]
    assert codes == [404, 404, 404]
    with pytest.raises(workflow.NotPossible, match="wer das Team verwaltet"):
        team.leave(other.pk, by=Actor.member(manager.user), now=NOW)


def test_who_was_just_set_back_decides_nothing_more(manager: Member, colleague: Member) -> None:
    by = Actor.member(manager.user)
    team.appoint(colleague.pk, by=by, now=NOW)
    team.step_back(manager.pk, by=by, now=NOW)
    with pytest.raises(workflow.NotPossible, match="wer das Team verwaltet"):
        team.invite(manager.institution_id, name="N", email="n@x.example", language="de", by=by, now=NOW)


def test_the_office_may_let_the_only_person_go_and_take_her_back(manager: Member) -> None:
    by = Actor.office(factories.make_coordinator())
    team.leave(manager.pk, by=by, now=NOW)
    assert roles_in(manager.institution) == {"Hanna": "left"}
    team.come_back(manager.pk, by=by, now=NOW)
    assert roles_in(manager.institution) == {"Hanna": "manager"}


# Requests change hands


def test_a_colleague_takes_over_and_the_mails_follow(manager: Member, colleague: Member) -> None:
    assistance = make_assistance(by=manager)
    page = f"/einrichtung/anfragen/{assistance.reference}/"
    there = signed_in(colleague)
    assert "Übernehmen" in there.get(page).content.decode()
    there.post(f"{page}uebernehmen/")
    outbox.deliver_due()
    make_agreed(assistance)
    outbox.deliver_due()

    assistance.refresh_from_db()
    assert assistance.filed_by == colleague.user
    to = {letter.subject: letter.to[0] for letter in mail.outbox}
    assert to[f"Übernommen: Anfrage {assistance.reference}"] == manager.user.email
    assert to[f"Es kommt jemand: Anfrage {assistance.reference}"] == colleague.user.email
    assert "übernommen" in there.get(page).content.decode()
    assert "uebernehmen/" not in there.get(page).content.decode()


def test_the_calendar_entry_changes_hands(
    manager: Member, colleague: Member, at: Callable[[str], datetime]
) -> None:
    assistance = make_assistance(by=manager)
    make_agreed(assistance)
    outbox.deliver_due()
    mail.outbox.clear()
    now = at("2026-11-23 10:00")
    workflow.take_over(assistance.pk, user=colleague.user, by=Actor.member(colleague.user), now=now)
    outbox.deliver_due()
    methods = {letter.to[0]: re.findall(r"METHOD:(\w+)", str(letter.message())) for letter in mail.outbox}
    assert {to: set(found) for to, found in methods.items()} == {
        manager.user.email: {"CANCEL"},
        colleague.user.email: {"REQUEST"},
    }


def test_only_colleagues_take_over_and_only_what_runs(manager: Member, colleague: Member) -> None:
    assistance, stranger = make_assistance(by=manager), make_member()
    with pytest.raises(workflow.NotPossible):
        workflow.take_over(assistance.pk, user=stranger.user, by=Actor.member(stranger.user), now=NOW)
    workflow.cancel(assistance.pk, reason="Aus", by=Actor.member(manager.user), now=NOW)
    with pytest.raises(workflow.NotPossible, match="beendet"):
        workflow.take_over(assistance.pk, user=colleague.user, by=Actor.member(colleague.user), now=NOW)


def test_mails_about_requests_of_who_left_reach_the_manager(manager: Member, colleague: Member) -> None:
    assistance = make_assistance(by=colleague)
    assert mails.requester_address(assistance) == colleague.user.email
    team.leave(colleague.pk, by=Actor.member(manager.user), now=NOW)
    assert mails.requester_address(assistance) == manager.user.email
    Member.objects.all().delete()
    assistance = AssistanceRequest.objects.get()
    assert mails.requester_address(assistance) == colleague.user.email


# Defaults, and the request that was like another


def test_defaults_stand_in_the_next_request(manager: Member) -> None:
    there = signed_in(manager)
    data = {"usual_place": "Haus B, Raum 3", "contact_name": "Empfang", "contact_phone": "02131 77 11"}
    wrong = there.post(reverse("own_defaults"), {**data, "usual_minutes": "5"})
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["usual_minutes"])
    there.post(reverse("own_defaults"), {**data, "usual_minutes": "90"})

    form = there.get(reverse("new_request")).context["form"]
    shown = {name: form[name].value() for name in ("place", "contact", "contact_phone", "minutes")}
    assert shown == {
        "place": "Haus B, Raum 3", "contact": "Empfang", "contact_phone": "02131 77 11", "minutes": 90,
    }  # fmt: skip
    entry = LogEntry.objects.get(kind="institution")
    assert (entry.action, entry.after) == (
        "change", "usual_place+contact_name+contact_phone+usual_minutes",
    )  # fmt: skip


def test_asking_once_more_repeats_all_but_the_time_and_the_person(manager: Member) -> None:
    earlier = make_assistance(
        by=manager, languages=("ar", "tr"), minutes=45, help="advice", mode="video", minimum_level=4,
        gender_needed="f", place="Raum 9", contact="Empfang", contact_phone="02131 77 11",
        concern="Anmeldung", client_reference="K-17", when=period(minutes=45),
    )  # fmt: skip
    there = signed_in(manager)
    page = there.get(f"{reverse('new_request')}?wie={earlier.reference}")
    form = page.context["form"]
    shown = {name: form[name].value() for name in form.fields}
    data = {name: value for name, value in shown.items() if value is not None}
    there.post(reverse("new_request"), {**data, "day": "2026-12-15", "begin": "10:00", "consent": "on"})

    again = AssistanceRequest.objects.exclude(pk=earlier.pk).get()
    same = (
        "topic", "minutes", "help", "mode", "minimum_level", "gender_needed", "district", "place", "contact",
        "contact_phone", "concern", "client_reference",
    )  # fmt: skip
    assert [getattr(again, name) for name in same] == [getattr(earlier, name) for name in same]
    assert [row.language.code for row in again.languages.all()] == ["ar", "tr"]
    assert (again.client_name, again.client_phone) == ("", "")


def test_the_contact_is_for_the_volunteers_eyes_after_the_yes_only(manager: Member) -> None:
    assistance = make_assistance(by=manager, contact="Empfang Rosenrot", contact_phone="02131 77 11")
    lotse = make_volunteer(user=factories.make_user())
    agreed = make_agreed(assistance, lotse)
    outbox.deliver_due()
    client = Client()
    client.force_login(lotse.user)  # type: ignore[arg-type]
    page = client.get(reverse("lotse_appointment", args=[agreed.pk])).content.decode()
    assert ("Empfang Rosenrot" in page, "02131 77 11" in page) == (True, True)
    assert [letter for letter in mail.outbox if "Rosenrot" in str(letter.message())] == []


# Wishes


def wish(member: Member, assistance: AssistanceRequest, kind: str) -> int:
    page = f"/einrichtung/anfragen/{assistance.reference}/wunsch/"
    return signed_in(member).post(page, {"wunsch": kind}).status_code


def test_a_wish_is_noted_changed_and_taken_back_in_silence(manager: Member, colleague: Member) -> None:
    lotse = make_volunteer("Samira Haddad", user=factories.make_user())
    past = make_assistance(by=manager, when=period("2026-12-08"))
    make_agreed(past, lotse)
    office = Actor.office(factories.make_coordinator())
    assert wish(manager, past, "exclude") == 404
    workflow.finish(past.pk, outcome="took_place", minutes=60, by=office, now=NOW)
    before = OutgoingMail.objects.count()

    assert wish(colleague, past, "exclude") == 302
    assert Wish.objects.values_list("side", "kind").get() == ("member", "exclude")
    next_one = make_assistance(by=manager, when=period("2026-12-15"))
    assert matching.candidates(next_one, now=NOW) == []
    home = Client()
    home.force_login(lotse.user)  # type: ignore[arg-type]
    assert "nicht mehr" not in home.get("/lotse/").content.decode()
    assert wish(manager, past, "prefer") == 302
    assert Wish.objects.values_list("kind", flat=True).get() == "prefer"
    page = signed_in(manager).get(f"/einrichtung/anfragen/{past.reference}/").content.decode()
    assert "Notiert: gern wieder." in page
    assert wish(manager, past, "") == 302
    assert wish(manager, past, "Unsinn\0") == 302
    assert Wish.objects.count() == 0
    assert OutgoingMail.objects.count() == before + 1  # the next request's acknowledgement
    assert not LogEntry.objects.filter(action="wish").exclude(kind="institution").exists()


# The office


def moved(client: Client, house: Institution, slug: str, **data: str) -> Any:
    return client.post(reverse("office:move_institution", args=[house.pk, slug]), data, follow=True)


def test_a_blocked_house_is_shut_and_its_requests_stay(client: Client, manager: Member) -> None:
    house, assistance = manager.institution, make_assistance(by=manager)
    client.force_login(factories.make_coordinator())
    assert moved(client, house, "sperren", reason=" ").status_code == 422
    page = moved(client, house, "sperren", reason="Missbrauch Wiedehopf").content.decode()

    assert ("ist gesperrt" in page, "Missbrauch Wiedehopf" in page) == (True, True)
    assert signed_in(manager).get("/einrichtung/").status_code == 404
    assert client.get(f"/koordination/anfragen/{assistance.reference}/").status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("select string_agg(t::text, ' ') from requests_app_institution t")
        assert "Wiedehopf" not in cursor.fetchone()[0]
    moved(client, house, "entsperren")
    assert signed_in(manager).get("/einrichtung/").status_code == 200
    house.refresh_from_db()
    assert (house.state, house.blocked_because) == ("approved", "")


def test_a_house_that_waited_is_let_in_and_no_click_falls_twice(client: Client) -> None:
    house = factories.make_institution(state="applied")
    client.force_login(factories.make_coordinator())
    moved(client, house, "entsperren")
    house.refresh_from_db()
    assert house.state == "applied"
    moved(client, house, "zulassen")
    house.refresh_from_db()
    assert house.state == "approved"
    assert moved(client, house, "unsinn").status_code == 404


def test_no_update_gets_past_the_moves_of_a_house() -> None:
    house = factories.make_institution(state="applied")
    with pytest.raises(Exception, match="transition"), transaction.atomic():
        Institution.objects.filter(pk=house.pk).update(state="blocked")


def test_the_office_appoints_managers_too(client: Client, manager: Member, colleague: Member) -> None:
    client.force_login(factories.make_coordinator())
    address = reverse("office:change_manager", args=[manager.institution_id, colleague.pk])
    client.post(address)
    assert roles_in(manager.institution) == {"Hanna": "manager", "Kai": "manager"}
    client.post(address)
    last = reverse("office:change_manager", args=[manager.institution_id, manager.pk])
    assert LAST in client.post(last, follow=True).content.decode()
    assert roles_in(manager.institution) == {"Hanna": "manager", "Kai": "member"}


def test_wishes_need_an_institution() -> None:
    assert houses.wish_about(make_agreed()) == ""
