"""What the database itself refuses, and what the programme says."""

from datetime import date, time

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from lotsen_portal.access import Role
from lotsen_portal.models import ClosingDay, Link, OfficeRole, Programme, ProgrammeText, User

pytestmark = pytest.mark.django_db


def refused(act):
    with pytest.raises(IntegrityError), transaction.atomic():
        act()
    return True


def test_an_address_has_one_account_in_whatever_case_it_is_written(coordinator):
    assert refused(lambda: User.objects.create_user("KOORDINATION@Example.org", name="Zweite"))
    assert User.objects.get_by_natural_key("Koordination@EXAMPLE.org") == coordinator
    assert User.objects.get(email="KOORDINATION@example.org") == coordinator


def test_no_road_around_django_brings_an_address_in_capitals(coordinator):
    def by_hand():
        with connection.cursor() as cursor:
            cursor.execute("UPDATE lotsen_portal_user SET email = 'Koordination@example.org'")

    assert refused(by_hand)


def test_an_account_needs_an_address():
    with pytest.raises(ValueError, match="braucht eine E-Mail-Adresse"):
        User.objects.create_user(" ", name="Niemand")


def test_an_account_without_password_cannot_sign_in_by_one():
    assert User.objects.create_user("a@example.org", name="A").has_usable_password() is False


def test_the_first_account_of_an_installation_administers_and_coordinates(monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "a long password")
    call_command("createsuperuser", interactive=False, email="Erste@example.org", name="Erste", verbosity=0)
    user = User.objects.get(email="erste@example.org")
    assert user.office_roles == {Role.ADMINISTRATOR, Role.COORDINATOR}
    assert (user.is_staff, user.check_password("a long password")) == (True, True)
    assert user.has_module_perms("lotsen_portal") is True


def test_an_office_role_is_given_once_and_only_a_known_one(coordinator):
    assert refused(lambda: OfficeRole.objects.create(user=coordinator, role="coordinator"))
    assert refused(lambda: OfficeRole.objects.create(user=coordinator, role="member"))


def test_there_is_one_programme():
    assert Programme.current() == Programme.current()
    assert refused(lambda: Programme.objects.create(id=2))


@pytest.mark.parametrize(
    "rule",
    [
        {"day_begins": time(16), "day_ends": time(8)},
        {"usual_minutes": 10},
        {"weight_topic": 11},
        {"offer_deadline_hours": 0},
    ],
)
def test_the_programme_cannot_hold_rules_that_make_no_sense(rule):
    Programme.current()
    assert refused(lambda: Programme.objects.update(**rule))


def test_a_text_is_given_in_the_readers_language_else_in_german_else_not_at_all():
    programme = Programme.current()
    for language, body in (("de", "Willkommen"), ("en", "Welcome"), ("ar", "  ")):
        ProgrammeText.objects.create(kind="welcome", language=language, body=body)
    texts = [programme.text("welcome", language) for language in ("de", "en", "ar", "tr")]
    assert texts == ["Willkommen", "Welcome", "Willkommen", "Willkommen"]
    assert programme.text("imprint", "en") == ""


def test_a_closing_day_ends_after_it_begins():
    assert refused(lambda: ClosingDay.objects.create(first=date(2026, 12, 2), last=date(2026, 12, 1)))


def test_a_link_has_a_known_purpose():
    assert refused(lambda: Link.objects.create(purpose="anything", subject=1, holder=1))


def test_a_mail_is_in_a_known_state_and_sent_at_a_time(make_mail):
    assert refused(lambda: make_mail(state="lost"))
    assert refused(lambda: make_mail(state="sent"))


@pytest.mark.parametrize(
    ("before", "after"), [("dropped", "waiting"), ("phoned", "phone"), ("phone", "dead")]
)
def test_a_mail_moves_along_known_ways_only(make_mail, before, after):
    mail = make_mail(state=before)
    mail.state = after
    with pytest.raises(DatabaseError, match="Invalid transition"), transaction.atomic():
        mail.save()
