"""Volunteers and institutions as the office keeps them: matching sees every change at once."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lotsen_portal.models import LogEntry, User
from requests_app import matching
from requests_app.models import Institution, Member, Wish
from tests import factories
from tests.factories import NOW
from volunteers.models import ALL_DAY, Language, LanguagePool, SpeakerCard, TopicTraining, Volunteer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday(at):
    return at("2026-11-23 09:00")


@pytest.fixture
def office(client):
    client.force_login(factories.make_coordinator())
    return client


@pytest.fixture
def volunteer(db):
    return factories.make_volunteer("Leyla Haddad")


@pytest.fixture
def assistance(db):
    return factories.make_assistance()


def candidates(assistance):
    return [candidate.volunteer.name for candidate in matching.candidates(assistance, now=NOW)]


def edited(office, volunteer, **changes):
    address = reverse("office:edit_volunteer", args=[volunteer.pk])
    form = office.get(address).context["form"]
    values = {name: form[name].value() for name in form.fields}
    data = {name: value for name, value in values.items() if value not in (None, False)}
    return office.post(address, {**data, **changes})


def add(office, volunteer, slug, **data):
    address = reverse("office:add_part", args=[volunteer.pk, slug])
    return office.post(address, {f"neu-{name}": value for name, value in data.items()}, follow=True)


def test_saving_without_a_change_changes_nothing(office, volunteer):
    before = Volunteer.objects.values().get(pk=volunteer.pk)
    assert edited(office, volunteer).status_code == 302
    assert Volunteer.objects.values().get(pk=volunteer.pk) == before


def test_the_seven_lines_become_the_week(office, volunteer):
    edited(office, volunteer, day_0="08:00–12:00", day_1="", day_2="ganztags")
    card = SpeakerCard.objects.get(volunteer=volunteer)
    assert (card.monday, card.tuesday, card.wednesday) == (0b11111111 << 2, 0, ALL_DAY)


def test_a_line_that_cannot_be_read_stands_beside_its_day_and_loses_nothing(office, volunteer):
    response = edited(office, volunteer, day_3="abends", name="Neuer Name")
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["day_3"])
    assert "Neuer Name" in response.content.decode()
    volunteer.refresh_from_db()
    assert volunteer.name == "Leyla Haddad"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"weekly_maximum": "0"}, "weekly_maximum"),
    ],
)
def test_what_contradicts_itself_is_not_saved(office, volunteer, changes, field):
    assert list(edited(office, volunteer, **changes).context["form"].errors) == [field]


def test_somebody_new_is_taken_in(office):
    address = reverse("office:new_volunteer")
    assert office.get(address).status_code == 200
    data = {"name": "Omar Nasser", "mail_language": "de", "weekly_maximum": "2"}
    response = office.post(address, data)
    person = Volunteer.objects.get()
    assert response.headers["Location"] == reverse("office:volunteer", args=[person.pk])
    assert (person.name, person.email, person.state) == ("Omar Nasser", "", "applicant")
    assert LogEntry.objects.get(kind="volunteer", number=person.pk).action == "take_in"


def test_a_language_is_added_once_and_removed_again(office, volunteer, assistance):
    turkish = factories.make_language("tr")
    add(office, volunteer, "sprachen", language=turkish.pk, level=4)
    again = add(office, volunteer, "sprachen", language=turkish.pk, level=1)
    assert "steht schon da" in again.content.decode()
    cards = SpeakerCard.objects.filter(volunteer=volunteer, language=turkish)
    assert cards.values_list("level", flat=True).get() == 4
    row = volunteer.languages.get(language__code="ar")
    office.post(reverse("office:remove_part", args=[volunteer.pk, "sprachen", row.pk]))
    assert candidates(assistance) == []


def test_an_absence_keeps_somebody_from_being_asked(office, volunteer, assistance):
    backwards = add(office, volunteer, "abwesenheiten", first="2026-12-09", last="2026-12-08")
    assert "darf nicht vor dem ersten liegen" in backwards.content.decode()
    add(office, volunteer, "abwesenheiten", first="2026-12-08", last="2026-12-08")
    assert candidates(assistance) == []
    row = volunteer.absences.get()
    office.post(reverse("office:remove_part", args=[volunteer.pk, "abwesenheiten", row.pk]))
    assert candidates(assistance) == ["Leyla Haddad"]


def test_a_training_opens_a_topic_that_demands_it(office, volunteer):
    topic = factories.make_topic("arbeit", needs_training=True)
    assistance = factories.make_assistance(topic=topic)
    add(office, volunteer, "schulungen", topic=topic.pk, completed_on="2026-01-01")
    assert candidates(assistance) == ["Leyla Haddad"]
    assert TopicTraining.objects.get().valid_until is None


def test_an_exclusion_counts_at_once(office, volunteer, assistance):
    add(
        office, volunteer, "wuensche", institution=assistance.institution_id, side="volunteer", kind="exclude"
    )
    assert (Wish.objects.count(), candidates(assistance)) == (1, [])


def test_a_part_of_somebody_else_cannot_be_removed(office, volunteer):
    other = factories.make_volunteer()
    address = reverse("office:remove_part", args=[other.pk, "sprachen", volunteer.languages.get().pk])
    assert office.post(address).status_code == 404
    assert office.post(reverse("office:add_part", args=[other.pk, "quatsch"])).status_code == 404
    assert volunteer.languages.count() == 1


def test_an_account_is_made_once_and_has_no_password(office, volunteer):
    address = reverse("office:make_account", args=[volunteer.pk])
    assert office.get(address).status_code == 405
    office.post(address)
    volunteer.refresh_from_db()
    assert (volunteer.user.email, volunteer.user.has_usable_password()) == (volunteer.email, False)
    assert "noch kein Konto" in office.post(address, follow=True).content.decode()


def test_an_account_belongs_to_one_person(office, volunteer):
    office.post(reverse("office:make_account", args=[volunteer.pk]))
    spouse = factories.make_volunteer(email=volunteer.email)
    office.post(reverse("office:make_account", args=[spouse.pk]))
    nobody = factories.make_volunteer(email="")
    office.post(reverse("office:make_account", args=[nobody.pk]))
    assert Volunteer.objects.exclude(user=None).count() == 1


def test_an_account_that_exists_is_taken(office, volunteer):
    user = factories.make_user(email=volunteer.email)
    office.post(reverse("office:make_account", args=[volunteer.pk]))
    volunteer.refresh_from_db()
    assert volunteer.user == user


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Amal", "Berta", "Cem"]),
        ("?q=ER", ["Berta"]),
        ("?language={turkish}", ["Cem"]),
        ("?district={norf}", ["Berta"]),
        ("?state=paused", ["Amal"]),
        ("?nach=Amal&nummer=0", ["Amal", "Berta", "Cem"]),
        ("?nach=Berta&nummer=999999", ["Cem"]),
        ("?q=nirgends", []),
        ("?language=quatsch", ["Amal", "Berta", "Cem"]),
    ],
)
def test_volunteers_are_listed_by_name_and_narrowed(office, query, found):
    factories.make_volunteer("Berta", district=factories.make_district("Norf"))
    factories.make_volunteer("Cem", languages=["tr"])
    factories.make_volunteer("Amal", state="paused")
    query = query.format(turkish=factories.make_language("tr").pk, norf=factories.make_district("Norf").pk)
    response = office.get(reverse("office:volunteers") + query)
    assert [person.name for person in response.context["rows"]] == found


def test_pages_cost_the_same_with_one_row_and_with_many(office, volunteer):
    member = factories.make_member()
    addresses = [
        reverse("office:volunteers"),
        reverse("office:volunteer", args=[volunteer.pk]),
        reverse("office:institutions"),
        reverse("office:institution", args=[member.institution_id]),
    ]

    def statements(address):
        with CaptureQueriesContext(connection) as captured:
            assert office.get(address).status_code == 200
        return len(captured)

    factories.make_agreed(factories.make_assistance(by=member), volunteer)
    few = [statements(address) for address in addresses]
    for number in range(3):
        factories.make_volunteer(languages=["ar", "tr"])
        factories.make_member(member.institution)
        factories.make_institution()
        add(office, volunteer, "abwesenheiten", first=f"2027-01-0{number + 1}", last="2027-02-01")
        when = factories.period(f"2026-12-{number + 14}")
        factories.make_agreed(factories.make_assistance(by=member, when=when), volunteer)
    assert [statements(address) for address in addresses] == few


def test_a_volunteers_page_shows_papers_hours_and_appointments(office, volunteer):
    Volunteer.objects.filter(pk=volunteer.pk).update(
        conduct_seen_on=date(2020, 1, 1), conduct_until=date(2021, 1, 1)
    )
    agreed = factories.make_agreed(volunteer=volunteer)
    shown = office.get(reverse("office:volunteer", args=[volunteer.pk])).content.decode()
    assert all(words in shown for words in ("gültig", "abgelaufen", "ganztags", agreed.assistance.reference))


def test_somebody_of_an_institution_gets_an_account_with_the_membership(office):
    house = factories.make_institution()
    address = reverse("office:institution", args=[house.pk])
    assert office.post(address, {"name": "Eva", "email": "kein"}).status_code == 422
    office.post(address, {"name": "Eva Ernst", "email": "Eva@Example.org", "is_manager": "on"})
    member = Member.objects.get()
    assert (member.user.email, member.institution, member.is_manager) == ("eva@example.org", house, True)
    assert member.user.has_usable_password() is False
    twice = office.post(address, {"name": "Eva", "email": "eva@example.org"})
    assert "gehört schon zum Team" in twice.content.decode()
    assert User.objects.filter(email="eva@example.org").count() == 1


def test_somebody_leaves_an_institution_and_comes_back(office):
    member = factories.make_member()
    address = reverse("office:end_membership", args=[member.institution_id, member.pk])
    office.post(address)
    member.refresh_from_db()
    assert member.left_on == date(2026, 11, 23)
    office.post(address)
    member.refresh_from_db()
    assert member.left_on is None
    elsewhere = reverse("office:end_membership", args=[factories.make_institution().pk, member.pk])
    assert office.post(elsewhere).status_code == 404


def test_an_institution_is_taken_in_and_let_in(office):
    district = factories.make_district()
    data = {
        "name": "Jobcenter", "kind": "authority", "street": "Weg 1", "postcode": "41460",
        "city": "Neuss", "district": district.pk, "usual_minutes": "60",
    }  # fmt: skip
    assert office.post(reverse("office:new_institution"), {**data, "name": ""}).status_code == 422
    office.post(reverse("office:new_institution"), data)
    house = Institution.objects.get()
    office.post(reverse("office:edit_institution", args=[house.pk]), {**data, "street": "Weg 2"})
    house.refresh_from_db()
    assert (house.state, house.street) == ("approved", "Weg 2")
    listed = office.get(reverse("office:institutions"), {"q": "job", "state": "approved"}).content.decode()
    assert "Jobcenter" in listed


def test_strangers_find_none_of_it(client, volunteer):
    member = factories.make_member()
    client.force_login(member.user)
    for name, arguments in {
        "volunteers": [], "volunteer": [volunteer.pk], "edit_volunteer": [volunteer.pk],
        "make_account": [volunteer.pk], "add_part": [volunteer.pk, "sprachen"],
        "institutions": [], "institution": [member.institution_id], "new_institution": [],
    }.items():  # fmt: skip
        assert client.get(reverse(f"office:{name}", args=arguments)).status_code == 404
        assert client.post(reverse(f"office:{name}", args=arguments)).status_code == 404


def test_a_new_language_gets_its_pool_on_the_stock_page(office):
    address = reverse("office:volunteers_language_add")
    data = {"code": "so", "name": "Somali", "own_name": "Soomaali", "direction": "ltr", "active": "on"}
    assert office.post(address, data).status_code == 302
    assert LanguagePool.objects.get(language=Language.objects.get(code="so")).ready == 0
