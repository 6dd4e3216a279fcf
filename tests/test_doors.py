"""Every URL x role x method: who gets in, who is sent to the sign-in page, who learns that nothing is there.

A URL that is not in `tests/doors.py` fails the suite, and so does a row whose URL is gone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import copy
from datetime import datetime
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from lotsen_portal import audit
from lotsen_portal.models import (
    ClosingDay,
    FundingSource,
    LogEntry,
    OfficeRole,
    OutgoingMail,
    Programme,
    ProgrammeText,
    Purpose,
    SchoolHoliday,
    User,
)
from requests_app import feeds, mails
from requests_app.models import (
    Assignment,
    AssistanceRequest,
    IntakeRule,
    IntakeText,
    Member,
    RequestGroup,
    Wish,
)
from tests import factories
from tests.doors import DOORS, ROLES, Door
from volunteers.mails import application_token, invitation_token
from volunteers.models import Absence, Module, TopicTraining, TrainingRule, Volunteer

pytestmark = pytest.mark.django_db


def routes(patterns: list[Any], before: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, before + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            yield before + str(pattern.pattern)


def test_every_url_has_its_row_and_every_row_its_url() -> None:
    assert set(routes(get_resolver().url_patterns)) == set(DOORS)


@pytest.fixture
def world(at: Callable[[str], datetime]) -> dict[str, Any]:
    """One of everything; the open offer is the first volunteer's, the appointment too."""
    at("2026-11-23 09:00")
    member, other_member = factories.make_member(manager=True), factories.make_member()
    lotse = factories.make_volunteer(user=factories.make_user())
    other_lotse = factories.make_volunteer(user=factories.make_user())
    agreed = factories.make_agreed(factories.make_assistance(by=member), lotse)
    assistance = factories.make_assistance(by=member, when=factories.period("2026-12-09"))
    offer = factories.make_offer(assistance, lotse)
    call = factories.make_call(lotse)
    head, administrator = factories.make_user(), factories.make_user()
    OfficeRole.objects.create(user=head, role="head")
    OfficeRole.objects.create(user=administrator, role="administrator")
    roles: dict[str, User | None] = {
        "anonymous": None,
        "member": member.user,
        "other_member": other_member.user,
        "volunteer": lotse.user,
        "other_volunteer": other_lotse.user,
        "coordinator": factories.make_coordinator(),
        "head": head,
        "administrator": administrator,
    }
    assert tuple(roles) == ROLES
    registration = factories.make_registration(state="unconfirmed")
    applicant = factories.make_applicant("interview")
    return {
        "roles": roles,
        "values": {
            "reference": assistance.reference,
            "token": mails.answer_token(offer),
            "status": mails.status_token(factories.make_own_request()),
            "registration": registration.pk,
            "registration_token": mails.registration_address(registration, language="de").split("/")[-2],
            "application": applicant.pk,
            "application_token": application_token(applicant),
            "offer": offer.pk,
            "agreed": agreed.pk,
            "agreed_reference": agreed.assistance.reference,
            **_report_tokens(agreed),
            **_calendar_tokens(lotse, roles["coordinator"]),
            **_training(lotse),
            "call": call.pk,
            "call_offer": call.offer_id,
            "call_token": mails.answer_token(call.offer),
            **_one_of_each(assistance, lotse, member, head),
        },
    }


def _report_tokens(agreed: Assignment) -> dict[str, str]:
    """The tokens behind which the two sides of an appointment tell how it went."""
    mails.send_report_request(agreed, {}, nth=1, now=factories.NOW)
    return {
        "report_token": mails.report_token(Purpose.REPORT, agreed),
        "feedback_token": mails.report_token(Purpose.FEEDBACK, agreed),
    }


def _calendar_tokens(lotse: Volunteer, coordinator: User | None) -> dict[str, str]:
    """The tokens of a volunteer's and a coordinator's calendar."""
    assert coordinator is not None
    by, now = audit.Actor.office(coordinator), factories.NOW
    feeds.renew(Purpose.CALENDAR, lotse, by=by, now=now)
    feeds.renew(Purpose.OFFICE_CALENDAR, coordinator, by=by, now=now)
    return {
        "calendar_token": feeds.token(Purpose.CALENDAR, lotse.pk),
        "office_token": feeds.token(Purpose.OFFICE_CALENDAR, coordinator.pk),
    }


def _training(lotse: Volunteer) -> dict[str, Any]:
    """A session in which the first volunteer has a place, and the token of the invitation."""
    place = factories.make_invitation(volunteer=lotse, state="yes")
    return {
        "session": place.session_id,
        "participation": place.pk,
        "invitation_token": invitation_token(place),
    }


def _one_of_each(
    assistance: AssistanceRequest, lotse: Volunteer, member: Member, head: User
) -> dict[str, int]:
    """The numbers of the rows that the stock pages show."""
    speaks, topic, institution = lotse.languages.get(), assistance.topic, member.institution
    course = factories.make_course()
    rows = {
        "course": course,
        "module": Module.objects.create(course=course, name="Recht"),
        "trainingrule": TrainingRule.objects.create(need="start", course=course),
        "closingday": ClosingDay.objects.create(name="Ausflug", first="2026-12-23", last="2026-12-23"),
        "group": RequestGroup.objects.create(kind="series", created_at=factories.NOW),
        "schoolholiday": SchoolHoliday.objects.create(name="Ferien", first="2026-12-23", last="2027-01-06"),
        "programmetext": ProgrammeText.objects.create(
            programme_id=1, kind="welcome", language="de", body="Willkommen"
        ),
        "fundingsource": FundingSource.objects.create(name="KIM NRW"),
        "intakerule": IntakeRule.objects.earliest("pk"),
        "intaketext": IntakeText.objects.earliest("pk"),
        "absence": Absence.objects.create(volunteer=lotse, first="2027-01-01", last="2027-01-02"),
        "topictraining": TopicTraining.objects.create(
            volunteer=lotse, topic=topic, completed_on="2026-01-01"
        ),
        "wish": Wish.objects.create(volunteer=lotse, institution=institution, side="member", kind="prefer"),
        "speaks": speaks,
        "language": speaks.language,
        "topic": topic,
        "district": assistance.district,
        "institution": institution,
        "member": member,
        "volunteer": lotse,
        "user": head,
        "officerole": OfficeRole.objects.get(user=head),
        "programme": Programme.current(),
        "outgoingmail": OutgoingMail.objects.earliest("pk"),
        "logentry": LogEntry.objects.earliest("pk"),
        "accesslog": audit.opened(
            audit.Actor.office(head), kind="assistance", number=assistance.pk, what="page", at=factories.NOW
        ),
    }
    numbers = {name: row.pk for name, row in rows.items()}
    return {**numbers, "takeover": factories.make_takeover().pk}


def address_of(door: Door, values: dict[str, Any]) -> str:
    return "/" + door.address.format(**values)


def knock(user: User | None, method: str, address: str, sessions: dict[int, SimpleCookie]) -> int:
    """The answer to one request; what it changes is rolled back."""
    client = Client(raise_request_exception=False)
    if user is not None:
        if user.pk not in sessions:
            client.force_login(user)
            sessions[user.pk] = client.cookies
        client.cookies = copy(sessions[user.pk])
    with transaction.atomic():
        status = int(getattr(client, method)(address).status_code)
        transaction.set_rollback(True)
    return status


@pytest.mark.parametrize("method", ["get", "post"])
def test_each_door_opens_to_whom_it_should(world: dict[str, Any], method: str) -> None:
    wanted = {route: getattr(door, method) for route, door in DOORS.items()}
    found: dict[str, str] = {}
    sessions: dict[int, SimpleCookie] = {}
    for route, door in DOORS.items():
        cache.clear()  # else a throttle would answer
        address = address_of(door, world["values"])
        codes = [str(knock(user, method, address, sessions)) for user in world["roles"].values()]
        found[route] = codes[0] if len(set(codes)) == 1 else " ".join(codes)

    assert found == wanted


@pytest.mark.long
@pytest.mark.parametrize("method", ["head", "put", "delete", "options"])
def test_no_other_method_breaks_a_page(world: dict[str, Any], method: str) -> None:
    sessions: dict[int, SimpleCookie] = {}
    broken = {
        f"{method} {route} as {role}"
        for route, door in DOORS.items()
        for role, user in world["roles"].items()
        if knock(user, method, address_of(door, world["values"]), sessions) >= 500
    }

    assert broken == set()
