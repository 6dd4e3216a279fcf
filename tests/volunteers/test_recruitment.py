"""Where a volunteer stands: legal moves only, in code and in the database; a pause ends by itself."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from lotsen_portal.audit import CLOCK, Actor
from lotsen_portal.models import LogEntry
from tests import factories
from tests.factories import NOW
from volunteers import recruitment
from volunteers.models import SpeakerCard, Volunteer
from volunteers.states import VOLUNTEER_MOVES, VolunteerState

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(db):
    return Actor.office(factories.make_coordinator())


def test_somebody_new_walks_the_whole_way(office):
    arabic, topic = factories.make_language("ar"), factories.make_topic()
    person = recruitment.take_in(
        Volunteer(name="Omar Nasser"), languages={arabic: 4}, topics=[topic], by=office, now=NOW
    )
    recruitment.begin_training(person.pk, by=office, now=NOW)
    recruitment.activate(person.pk, by=office, now=NOW)
    person.refresh_from_db()
    assert (person.state, person.joined_on, list(person.topics.all())) == (
        "active",
        date(2026, 11, 23),
        [topic],
    )
    assert SpeakerCard.objects.get(volunteer=person).level == 4
    told = LogEntry.objects.filter(kind="volunteer", number=person.pk).order_by("pk")
    assert list(told.values_list("action", "before", "after")) == [
        ("take_in", "", "applicant"),
        ("begin_training", "applicant", "in_training"),
        ("activate", "in_training", "active"),
    ]


def test_nobody_acts_for_somebody_else_or_out_of_turn(office):
    person, other = factories.make_volunteer(), factories.make_volunteer()
    for deed in (
        lambda: recruitment.pause(person.pk, until=None, by=Actor.volunteer(other.pk), now=NOW),
        lambda: recruitment.leave(person.pk, by=CLOCK, now=NOW),
        lambda: recruitment.resume(person.pk, by=office, now=NOW),
        lambda: recruitment.pause(person.pk, until=date(2026, 11, 22), by=office, now=NOW),
    ):
        with pytest.raises(recruitment.NotPossible):
            deed()
    assert set(Volunteer.objects.values_list("state", flat=True)) == {"active"}


def test_the_database_knows_the_table_of_moves():
    legal = {(before, after) for froms, after, _who in VOLUNTEER_MOVES.values() for before in froms}
    person = factories.make_volunteer()
    for before in VolunteerState:
        for after in VolunteerState:
            if before == after:
                continue
            person = factories.make_volunteer(state=before)
            try:
                with transaction.atomic():
                    Volunteer.objects.filter(pk=person.pk).update(state=after)
                moved = True
            except DatabaseError:
                moved = False
            assert moved == ((before, after) in legal), (before, after)


def test_a_day_of_a_pause_or_a_goodbye_belongs_to_its_state():
    person = factories.make_volunteer()
    for values in ({"paused_until": date(2026, 12, 1)}, {"left_on": date(2026, 12, 1)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Volunteer.objects.filter(pk=person.pk).update(**values)


def test_a_pause_lasts_until_the_end_of_its_last_day(at, office):
    person, open_end = factories.make_volunteer(), factories.make_volunteer()
    recruitment.pause(person.pk, until=date(2026, 11, 30), by=office, now=NOW)
    recruitment.pause(open_end.pk, until=None, by=office, now=NOW)
    assert recruitment.resume_due(at("2026-11-30 23:59")) == 0
    assert recruitment.resume_due(at("2026-12-01 00:00")) == 1
    person.refresh_from_db()
    assert (person.state, person.paused_until, person.ready_until) == ("active", None, date.max)
    assert SpeakerCard.objects.get(volunteer=person).ready_until == date.max
    assert recruitment.resume_due(at("2030-01-01 00:00")) == 0
