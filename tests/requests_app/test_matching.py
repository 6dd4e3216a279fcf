"""Matching on a real PostgreSQL: each hard rule, each part of the ranking, and the explanations."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lotsen_portal.audit import Actor
from lotsen_portal.models import Programme
from requests_app import matching, workflow
from requests_app.models import Bond, Wish
from tests import factories
from tests.factories import NOW, period
from volunteers.models import Absence, TopicTraining, Volunteer

pytestmark = pytest.mark.django_db

WEEKDAY = 1  # the appointment of the factory, 2026-12-08, is a Tuesday


def names(assistance):
    return [candidate.volunteer.name for candidate in matching.candidates(assistance, now=NOW)]


def rules(assistance, volunteer):
    return [obstacle.rule for obstacle in matching.obstacles(assistance, volunteer, now=NOW)]


def points(assistance, volunteer, part):
    for candidate in matching.candidates(assistance, now=NOW):
        if candidate.volunteer == volunteer:
            return next((p.points, p.sentence) for p in candidate.parts if p.name == part)
    raise AssertionError(f"{volunteer} is no candidate")


def change(volunteer, **values):
    Volunteer.objects.filter(pk=volunteer.pk).update(**values)
    factories.refresh(volunteer)


@pytest.fixture
def assistance(db):
    return factories.make_assistance()


@pytest.fixture
def volunteer(db):
    return factories.make_volunteer("Leyla")


def test_an_active_speaker_with_papers_is_a_candidate_without_obstacles(assistance, volunteer):
    assert (names(assistance), rules(assistance, volunteer)) == (["Leyla"], [])
    assert matching.why_not(assistance, now=NOW) == []


def test_who_speaks_none_of_the_languages_is_no_candidate(assistance):
    other = factories.make_volunteer(languages=["tr"])
    assert (names(assistance), rules(assistance, other)) == ([], ["language"])


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ({"state": "paused"}, "inactive"),
        ({"state": "left", "left_on": date(2026, 11, 2)}, "inactive"),
        ({"undertaking_on": None}, "undertaking"),
        ({"undertaking_until": date(2026, 12, 7)}, "undertaking"),
    ],
)
def test_state_and_undertaking_must_hold_on_the_day(assistance, volunteer, values, rule):
    change(volunteer, **values)
    assert names(assistance) == []
    assert rules(assistance, volunteer)[0] == rule
    (count,) = matching.why_not(assistance, now=NOW)
    assert (count.rule, count.count) == (rule, 1)


def test_an_undertaking_that_ends_on_the_day_still_holds(assistance, volunteer):
    change(volunteer, undertaking_until=date(2026, 12, 8))
    assert names(assistance) == ["Leyla"]


def test_the_level_asked_for_is_needed_and_may_be_overridden(volunteer):
    assistance = factories.make_assistance(minimum_level=4)
    assert names(assistance) == []
    (obstacle,) = matching.obstacles(assistance, volunteer, now=NOW)
    assert (obstacle.rule, obstacle.overridable) == ("level", True)


@pytest.mark.parametrize(("gender", "expected"), [("f", ["Leyla"]), ("m", []), ("", [])])
def test_the_gender_that_the_client_needs_is_needed(volunteer, gender, expected):
    change(volunteer, gender=gender)
    assistance = factories.make_assistance(gender_needed="f")
    assert names(assistance) == expected
    assert rules(assistance, volunteer) == ([] if expected else ["gender"])


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, []),
        ({"conduct_seen_on": date(2026, 1, 1)}, ["Leyla"]),
        ({"conduct_seen_on": date(2026, 1, 1), "conduct_until": date(2026, 12, 7)}, []),
        ({"conduct_seen_on": date(2026, 1, 1), "conduct_until": date(2026, 12, 8)}, ["Leyla"]),
    ],
)
def test_a_topic_may_demand_a_conduct_certificate(volunteer, values, expected):
    change(volunteer, **values)
    topic = factories.make_topic("erziehung", needs_conduct_certificate=True)
    assistance = factories.make_assistance(topic=topic)
    assert names(assistance) == expected
    assert rules(assistance, volunteer) == ([] if expected else ["conduct"])


@pytest.mark.parametrize(
    ("completed", "until", "expected"),
    [
        (None, None, []),
        (date(2026, 1, 1), None, ["Leyla"]),
        (date(2026, 1, 1), date(2026, 12, 8), ["Leyla"]),
        (date(2026, 1, 1), date(2026, 12, 7), []),
        (date(2026, 12, 9), None, []),
    ],
)
def test_a_topic_may_demand_a_training(volunteer, completed, until, expected):
    topic = factories.make_topic("arbeit", needs_training=True)
    if completed:
        TopicTraining.objects.create(
            volunteer=volunteer, topic=topic, completed_on=completed, valid_until=until
        )
    assistance = factories.make_assistance(topic=topic)
    assert names(assistance) == expected
    assert rules(assistance, volunteer) == ([] if expected else ["training"])


@pytest.mark.parametrize("side", ["volunteer", "member"])
def test_either_side_may_exclude_the_other_for_good(assistance, volunteer, side):
    Wish.objects.create(volunteer=volunteer, institution=assistance.institution, side=side, kind="exclude")
    assert names(assistance) == []
    (obstacle,) = matching.obstacles(assistance, volunteer, now=NOW)
    assert (obstacle.rule, obstacle.overridable) == ("excluded", False)


def test_an_exclusion_elsewhere_and_a_kind_wish_do_not_count(assistance, volunteer):
    other = factories.make_institution()
    Wish.objects.create(volunteer=volunteer, institution=other, side="member", kind="exclude")
    Wish.objects.create(
        volunteer=volunteer, institution=assistance.institution, side="volunteer", kind="prefer"
    )
    assert names(assistance) == ["Leyla"]


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2026, 12, 8), date(2026, 12, 8), []),
        (date(2026, 12, 1), date(2026, 12, 8), []),
        (date(2026, 12, 9), date(2026, 12, 20), ["Leyla"]),
        (date(2026, 11, 1), date(2026, 12, 7), ["Leyla"]),
    ],
)
def test_nobody_is_asked_about_a_day_of_absence(assistance, volunteer, first, last, expected):
    Absence.objects.create(volunteer=volunteer, first=first, last=last)
    assert names(assistance) == expected
    assert rules(assistance, volunteer) == ([] if expected else ["absent"])


def test_who_is_asked_already_is_no_candidate_again(assistance, volunteer):
    factories.make_offer(assistance, volunteer)
    assert (names(assistance), rules(assistance, volunteer)) == ([], ["asked"])


def test_a_no_counts_until_the_request_changes(assistance, volunteer):
    offer = factories.make_offer(assistance, volunteer)
    workflow.decline(offer.pk, reason="", by=Actor.volunteer(volunteer.pk), now=NOW)
    assert (names(assistance), rules(assistance, volunteer)) == ([], ["declined"])
    new = workflow.Change(
        period=period("2026-12-09"),
        mode="on_site",
        district=assistance.district,
        place="",
        languages=(factories.make_language(),),
    )
    changed = workflow.change(
        assistance.pk, new, version=1, by=Actor.office(factories.make_coordinator()), now=NOW
    )
    assert names(changed) == ["Leyla"]


def test_an_expired_or_withdrawn_offer_does_not_count_against_anybody(assistance, volunteer):
    offer = factories.make_offer(assistance, volunteer)
    workflow.withdraw_offer(offer.pk, by=Actor.office(factories.make_coordinator()), now=NOW)
    assert names(assistance) == ["Leyla"]


def test_nobody_is_in_two_places_at_once(assistance, volunteer):
    factories.make_agreed(factories.make_assistance(when=period(start="10:30")), volunteer)
    assert names(assistance) == []
    obstacles = matching.obstacles(assistance, volunteer, now=NOW)
    assert (obstacles[0].rule, obstacles[0].overridable) == ("overlap", False)


def test_the_way_between_two_places_needs_time_and_may_be_overridden(volunteer):
    far = factories.make_district("Norf")
    factories.make_agreed(factories.make_assistance(when=period(start="10:00"), district=far), volunteer)
    next_door = factories.make_assistance(when=period(start="11:00"), district=far)
    across = factories.make_assistance(when=period(start="11:15"))
    later = factories.make_assistance(when=period(start="12:00"))
    assert [rules(a, volunteer) for a in (next_door, across, later)] == [[], ["travel"], []]
    assert [names(a) for a in (next_door, across, later)] == [["Leyla"], [], ["Leyla"]]


def test_by_phone_or_in_the_same_institution_no_way_is_needed(volunteer):
    member = factories.make_member()
    far = factories.make_district("Norf")
    factories.make_agreed(
        factories.make_assistance(by=member, when=period(start="10:00"), district=far), volunteer
    )
    same_house = factories.make_assistance(by=member, when=period(start="11:00"))
    by_phone = factories.make_assistance(when=period(start="11:00"), mode="phone")
    assert [rules(a, volunteer) for a in (same_house, by_phone)] == [[], []]


def test_the_weekly_maximum_is_kept_in_the_calendar_week_of_the_appointment(volunteer):
    change(volunteer, weekly_maximum=1)
    factories.make_agreed(factories.make_assistance(when=period("2026-12-10")), volunteer)
    same_week = factories.make_assistance(when=period("2026-12-08"))
    next_week = factories.make_assistance(when=period("2026-12-15"))
    assert [rules(a, volunteer) for a in (same_week, next_week)] == [["week"], []]
    assert [names(a) for a in (same_week, next_week)] == [[], ["Leyla"]]


def test_every_obstacle_is_named_and_each_person_is_counted_once(assistance, volunteer):
    change(volunteer, state="paused", undertaking_on=None)
    Absence.objects.create(volunteer=volunteer, first=date(2026, 12, 8), last=date(2026, 12, 8))
    away = factories.make_volunteer("Zeynep")
    Absence.objects.create(volunteer=away, first=date(2026, 12, 8), last=date(2026, 12, 8))
    assert rules(assistance, volunteer) == ["inactive", "undertaking", "absent"]
    counts = {count.rule: count.count for count in matching.why_not(assistance, now=NOW)}
    assert counts == {"inactive": 1, "absent": 1}
    (refused,) = matching.refused_by_rule(assistance, "absent", now=NOW)
    assert (refused.name, refused.overridable) == ("Zeynep", True)


def test_refused_people_come_in_pages_without_gaps(assistance, monkeypatch):
    monkeypatch.setattr(matching.refusals, "PAGE", 2)
    people = [factories.make_volunteer(f"L{n}", undertaking_on=None) for n in range(3)]
    first = matching.refused_by_rule(assistance, "undertaking", now=NOW)
    rest = matching.refused_by_rule(assistance, "undertaking", now=NOW, after=first[-1].volunteer)
    assert [row.volunteer for row in [*first, *rest]] == [person.pk for person in people]


def test_one_person_can_be_looked_up_by_name(assistance, volunteer):
    factories.make_volunteer("Mehmet Öztürk", languages=["tr"])
    found = matching.refused_named(assistance, "öztürk", now=NOW)
    assert [(row.name, row.rule) for row in found] == [("Mehmet Öztürk", "language")]
    assert matching.refused_named(assistance, "Leyla", now=NOW) == []


def test_two_languages_list_nobody_twice_and_prefer_the_first(volunteer):
    both = factories.make_volunteer("Beide", languages=["tr", "ar"])
    second = factories.make_volunteer("Zweite", languages=["tr"])
    assistance = factories.make_assistance(languages=["ar", "tr"])
    assert sorted(names(assistance)) == ["Beide", "Leyla", "Zweite"]
    assert [points(assistance, v, "preference")[0] for v in (volunteer, both, second)] == [100, 100, 60]
    assert points(assistance, second, "preference")[1] == "Spricht Türkisch statt Arabisch."


def test_who_speaks_one_of_two_languages_well_enough_is_not_refused(volunteer):
    person = factories.make_volunteer("Mina", languages={"ar": 1, "tr": 4})
    assistance = factories.make_assistance(languages=["ar", "tr"])
    assert "Mina" in names(assistance)
    assert rules(assistance, person) == []
    assert matching.why_not(assistance, now=NOW) == []


def test_a_better_level_ranks_higher(assistance):
    people = [factories.make_volunteer(f"N{n}", languages={"ar": n}) for n in (2, 4, 3)]
    assert names(assistance) == ["N4", "N3", "N2"]
    assert [points(assistance, person, "level")[0] for person in people] == [45, 100, 80]


def test_knowing_the_topic_counts(assistance, volunteer):
    expert = factories.make_volunteer("Expertin", topics=[assistance.topic])
    assert names(assistance) == ["Expertin", "Leyla"]
    assert points(assistance, expert, "topic") == (100, "Kennt das Thema Gesundheit.")
    assert points(assistance, volunteer, "topic")[0] == 0


@pytest.mark.parametrize(
    ("mask", "expected"),
    [(0b11 << 6, 100), (0b01 << 6, 50), (0, 0)],  # 10:00 is the seventh half hour after seven
)
def test_the_weekly_availability_is_measured_in_half_hours(assistance, volunteer, mask, expected):
    week = [0] * 7
    week[WEEKDAY] = mask
    change(volunteer, availability=week)
    assert points(assistance, volunteer, "availability")[0] == expected


def test_living_near_counts_and_is_told_in_kilometres(assistance, volunteer):
    far = factories.make_volunteer("Fern", district=factories.make_district("Norf"))
    unknown = factories.make_volunteer("Unbekannt", district=None)
    assert points(assistance, volunteer, "distance") == (100, "Wohnt im selben Stadtteil (Innenstadt).")
    assert points(assistance, far, "distance") == (34, "Wohnt etwa 5 km entfernt (Norf).")
    assert points(assistance, unknown, "distance") == (50, "Stadtteil ist nicht bekannt.")


def test_a_call_needs_no_way(volunteer):
    change(volunteer, district=factories.make_district("Norf"))
    assistance = factories.make_assistance(mode="video")
    assert points(assistance, volunteer, "distance") == (100, "Der Termin braucht keinen Weg.")


def test_who_did_much_lately_waits_for_the_others(assistance, volunteer):
    rested = factories.make_volunteer("Ausgeruht", last_deployed_on=date(2026, 9, 1), minutes_90d=0)
    change(volunteer, last_deployed_on=date(2026, 12, 1), minutes_90d=600)
    assert names(assistance) == ["Ausgeruht", "Leyla"]
    assert points(assistance, rested, "fairness")[0] == 100
    few, sentence = points(assistance, volunteer, "fairness")
    assert (few, sentence) == (
        5,
        "Letzter Einsatz am 01.12.2026; 10 Std. in 90 Tagen (Mitte der Gruppe: 0 Std.).",
    )


def test_knowing_house_or_client_counts(volunteer):
    member = factories.make_member()
    stranger = factories.make_volunteer("Fremd")
    Bond.objects.create(
        institution=member.institution, volunteer=volunteer, times=2, last_on=date(2026, 11, 1)
    )
    assistance = factories.make_assistance(by=member, client_reference="A-77")
    assert points(assistance, volunteer, "continuity") == (40, "War schon 2-mal in dieser Einrichtung.")
    assert points(assistance, stranger, "continuity")[0] == 0


def test_who_was_with_the_same_client_before_knows_the_client(volunteer):
    member = factories.make_member()
    before = factories.make_assistance(by=member, when=period("2026-12-01"), client_reference="A-77")
    factories.make_agreed(before, volunteer)
    workflow.finish(
        before.pk,
        outcome="took_place",
        minutes=60,
        by=Actor.office(factories.make_coordinator()),
        now=period("2026-12-01").upper,
    )
    other = factories.make_assistance(by=member, client_reference="B-12")
    assert points(other, volunteer, "continuity") == (20, "War schon 1-mal in dieser Einrichtung.")
    same = factories.make_assistance(by=member, client_reference="A-77")
    assert points(same, volunteer, "continuity") == (
        100,
        "Hat diese Klientin oder diesen Klienten schon begleitet.",
    )


def test_a_weight_of_zero_takes_a_part_out_and_scores_stay_within_a_hundred(assistance, volunteer):
    factories.make_volunteer("Erstsprache", languages={"ar": 4})
    programme = Programme.current()
    programme.weight_level = 0
    programme.save()
    found = matching.candidates(assistance, now=NOW)
    assert found[0].score == found[1].score
    assert all(0 <= candidate.score <= 100 for candidate in found)
    assert all(0 <= part.points <= 100 for candidate in found for part in candidate.parts)


def test_a_request_without_a_time_still_finds_people():
    factories.make_volunteer("Leyla")
    assistance = factories.make_assistance(when=period(), proposed=(period("2026-12-10"),))
    type(assistance).objects.filter(pk=assistance.pk).update(period=None)
    assistance.refresh_from_db()
    assert names(assistance) == ["Leyla"]
    assert matching.why_not(assistance, now=NOW) == []


def test_an_override_needs_a_reason_and_a_rule_for_good_cannot_be_overridden(assistance, volunteer):
    Absence.objects.create(volunteer=volunteer, first=date(2026, 12, 8), last=date(2026, 12, 8))
    user = factories.make_coordinator()
    ask = {"volunteers": [volunteer.pk], "by": Actor.office(user), "user": user, "now": NOW}
    with pytest.raises(workflow.NeedsReason, match="Leyla: Ist an diesem Tag abwesend"):
        workflow.ask(assistance.pk, **ask)
    (offer,) = workflow.ask(assistance.pk, **ask, override="Kommt früher zurück")
    assert offer.override == "Kommt früher zurück"
    change(volunteer, state="left")
    other = factories.make_assistance()
    with pytest.raises(workflow.NotPossible, match="nicht aktiv"):
        workflow.ask(other.pk, **ask, override="egal")


def test_one_more_candidate_costs_no_more_statements(assistance):
    def statements():
        with CaptureQueriesContext(connection) as captured:
            matching.candidates(assistance, now=NOW)
        return len(captured)

    factories.make_volunteer()
    few = statements()
    for _ in range(5):
        factories.make_volunteer()
    assert statements() == few
