"""No page that lists something asks the database once per row."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lotsen_portal import audit, office
from lotsen_portal.audit import Actor
from lotsen_portal.models import (
    ClosingDay,
    FundingSource,
    OfficeRole,
    OutgoingMail,
    ProgrammeText,
    SchoolHoliday,
    User,
)
from requests_app import registrations, workflow
from requests_app.models import IntakeRule, IntakeText, Member
from tests import factories
from tests.factories import NOW, make_agreed, make_assistance, make_offer, make_volunteer, period
from volunteers.models import Absence, Module, Session, TrainingRule, Volunteer

pytestmark = pytest.mark.django_db

MOST_IN_THE_OFFICE: Final = 10
MORE: Final = 3

LANGUAGE_CODES = iter(f"x{number:02}" for number in range(1000))


@pytest.fixture(autouse=True)
def monday(at: Callable[[str], datetime]) -> None:
    at("2026-11-23 09:00")


@pytest.fixture
def people() -> dict[str, User]:
    """Somebody of each kind; the caseworker's and the volunteer's records grow with the town."""
    chief = User.objects.create_superuser("chefin@example.org", "right-password", name="Chefin Beispiel")
    member = factories.make_member(manager=True)
    lotse = make_volunteer("Samira Haddad", user=factories.make_user())
    return {"office": chief, "member": member.user, "lotse": lotse.user}  # type: ignore[dict-item]


def grow(people: dict[str, User]) -> None:
    """Add one of everything to the town, so that each list has a row more."""
    member, lotse = Member.objects.get(user=people["member"]), Volunteer.objects.get(user=people["lotse"])
    by, nth = Actor.office(people["office"]), ClosingDay.objects.count()
    ahead, past = (f"{NOW + timedelta(weeks=weeks):%Y-%m-%d}" for weeks in (nth + 3, -nth - 1))
    for languages in (("ar",), ("ar", "tr"), (next(LANGUAGE_CODES),)):
        make_assistance(by=member, languages=languages)
    asked = make_assistance(by=member, when=period(ahead), client_reference=f"K-{nth}")
    make_offer(asked, lotse)
    for _two in range(2):
        make_offer(asked)
    workflow.note(asked.pk, text="Bitte leise", author=people["office"], by=by, now=NOW)
    make_offer(volunteer=make_volunteer(email=""))
    make_volunteer(languages={"ar": 1})
    make_agreed(make_assistance(by=member, when=period(ahead, "15:00")), lotse)
    make_agreed(make_assistance(by=member, when=period("2026-11-24")))
    earlier = NOW - timedelta(weeks=nth + 2)
    make_agreed(make_assistance(by=member, when=period(past), now=earlier), lotse, now=earlier)
    _grow_catalogues(people, lotse)


def _grow_catalogues(people: dict[str, User], lotse: Volunteer) -> None:
    count = ClosingDay.objects.count()
    factories.make_member(factories.make_institution())
    factories.make_member(Member.objects.get(user=people["member"]).institution)
    factories.make_takeover()
    factories.make_registration()
    for stage in ("received", "papers"):
        factories.make_applicant(stage)
    registrations.decline(
        factories.make_registration().pk, reason="Nein", by=Actor.office(people["office"]),
        user=people["office"], now=NOW,
    )  # fmt: skip
    factories.make_topic(f"thema-{count}")
    factories.make_district(f"Stadtteil {count}")
    FundingSource.objects.create(name=f"Topf {count}")
    rule = IntakeRule.objects.create(slug=f"regel-{count}", kind="scope", effect="warn", because="es so ist")
    IntakeText.objects.create(rule=rule, question=f"Es ist so {count}.", sentence="Gut.")
    ClosingDay.objects.create(name=f"Tag {count}", first="2026-12-23", last="2026-12-23")
    SchoolHoliday.objects.create(name=f"Ferien {count}", first="2026-12-23", last="2026-12-23")
    Absence.objects.create(volunteer=lotse, first=f"2028-01-{count + 1:02}", last=f"2028-01-{count + 1:02}")
    _grow_trainings(lotse, count)
    kinds = [kind for kind, _label in ProgrammeText._meta.get_field("kind").flatchoices]
    ProgrammeText.objects.create(programme_id=1, kind=kinds[count], language="de", body="Text")
    OfficeRole.objects.create(user=factories.make_user(), role="coordinator")
    latest = OutgoingMail.objects.filter(state="waiting").latest("pk")
    OutgoingMail.objects.filter(pk=latest.pk).update(state="dead")
    audit.opened(Actor.office(people["office"]), kind="assistance", number=1, what="client", at=NOW)


def _grow_trainings(lotse: Volunteer, count: int) -> None:
    course = factories.make_course(f"Schulung {count}")
    Module.objects.create(course=course, name="Recht")
    TrainingRule.objects.create(need="start", course=course)
    when = period(f"2027-01-{count + 10:02}", "17:00")
    coming = Session.objects.order_by("pk").first() or factories.make_session(places=50, course=course)
    for row in (coming, factories.make_session(when, course=course)):
        factories.make_invitation(row, None if row == coming else lotse, state="yes")
    make_volunteer()


class Opened(NamedTuple):
    """A page as it came, and what was asked of the database for it."""

    text: str
    asked: list[str]

    @property
    def repeated(self) -> set[str]:
        """What was asked more than once."""
        return {sql[:200] for sql in self.asked if self.asked.count(sql) > 1}


def opened(user: User, path: str) -> Opened:
    client = Client()
    client.force_login(user)
    path = path.format(session=Session.objects.earliest("pk").pk)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(path)
    assert response.status_code == 200, path
    return Opened(response.content.decode(), [re.sub(r"\s+", " ", query["sql"]) for query in captured])


def stock_pages() -> dict[str, str]:
    models = [model._meta for model in office.site._registry if model._meta.model_name != "programme"]
    return {f"/koordination/{meta.app_label}/{meta.model_name}/": "office" for meta in models}


# Pages that list something, and whose they are.
LISTS: Final = {
    "/koordination/": "office",
    "/koordination/?gruppe=anrufe": "office",
    "/koordination/anfragen/": "office",
    "/koordination/anfragen/neu/": "office",
    "/koordination/anfragen/?state=laufend&q=lotse": "office",
    "/koordination/anfragen/NE-2026-00001/": "office",
    "/koordination/anfragen/NE-2026-00004/": "office",
    "/koordination/anfragen/NE-2026-00001/warum-nicht/?regel=level": "office",
    "/koordination/freiwillige/": "office",
    "/koordination/schulungen/": "office",
    "/koordination/schulungen/{session}/": "office",
    "/koordination/einrichtungen/": "office",
    "/koordination/anmeldungen/": "office",
    "/koordination/bewerbungen/": "office",
    "/koordination/bewerbungen/?stand=received": "office",
    "/koordination/uebernahme/": "office",
    "/einrichtung/": "member",
    "/einrichtung/?stand=suche": "member",
    "/einrichtung/anfragen/neu/": "member",
    "/einrichtung/team/": "member",
    "/lotse/": "lotse",
    "/lotse/schulungen/": "lotse",
}


def test_a_list_of_many_costs_what_a_list_of_one_costs(people: dict[str, User]) -> None:
    pages = {**LISTS, **stock_pages()}
    grow(people)
    audit.opened(Actor.office(people["office"]), kind="assistance", number=1, what="page", at=NOW)
    few = {path: opened(people[who], path) for path, who in pages.items()}
    for _more in range(MORE):
        grow(people)
    many = {path: opened(people[who], path) for path, who in pages.items()}

    assert {path for path in pages if len(many[path].text) <= len(few[path].text)} == set()
    costly = {
        path: (len(few[path].asked), len(many[path].asked), many[path].repeated)
        for path in pages
        if len(few[path].asked) != len(many[path].asked)
    }
    assert costly == {}


def test_the_office_waits_for_few_statements(people: dict[str, User]) -> None:
    grow(people)
    asked = {path: opened(people[who], path).asked for path, who in LISTS.items() if who == "office"}
    assert {path: sql for path, sql in asked.items() if len(sql) > MOST_IN_THE_OFFICE} == {}
