from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lotsen_portal import clock
from lotsen_portal.clock import AmbiguousTime, NoSuchTime, WorkCalendar
from lotsen_portal.models import ClosingDay, Programme

CALENDAR = WorkCalendar()
DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))
MOMENTS = st.integers(0, 6 * 365 * 24 * 60).map(
    lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=clock.TZ).astimezone(UTC)


def test_now_is_aware_and_in_utc():
    assert clock.now().utcoffset() == timedelta(0)


def test_a_test_can_move_the_clock(at):
    at("2026-11-23 09:00")
    assert clock.now() == datetime(2026, 11, 23, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "wall", "moment"),
    [
        (date(2026, 11, 23), time(9), "2026-11-23T08:00+00:00"),
        (date(2026, 7, 1), time(9), "2026-07-01T07:00+00:00"),
        (date(2026, 3, 29), time(1, 59), "2026-03-29T00:59+00:00"),
        (date(2026, 3, 29), time(3), "2026-03-29T01:00+00:00"),
        (date(2026, 10, 25), time(3), "2026-10-25T02:00+00:00"),
    ],
)
def test_wall_time_is_berlin_time(day, wall, moment):
    assert clock.wall_time(day, wall) == datetime.fromisoformat(moment)


@pytest.mark.parametrize("wall", [time(2), time(2, 30), time(2, 59, 59), time(2, 30, fold=1)])
def test_a_time_the_spring_night_leaves_out_is_refused_with_a_sentence(wall):
    with pytest.raises(NoSuchTime, match=r"gibt es am 29\.03\.2026 nicht: .* vorgestellt"):
        clock.wall_time(date(2026, 3, 29), wall)


@pytest.mark.parametrize("wall", [time(2), time(2, 30), time(2, 59, 59), time(2, 30, fold=1)])
def test_a_time_the_autumn_night_brings_twice_is_refused_with_a_sentence(wall):
    with pytest.raises(AmbiguousTime, match=r"gibt es am 25\.10\.2026 zweimal: .* zurückgestellt"):
        clock.wall_time(date(2026, 10, 25), wall)


@given(day=DAYS, wall=st.times())
def test_wall_time_comes_back_as_it_went_in_or_is_refused(day, wall):
    try:
        moment = clock.wall_time(day, wall)
    except (NoSuchTime, AmbiguousTime):
        assert (day.weekday(), wall.hour) == (6, 2)
        return
    assert clock.local(moment).replace(tzinfo=None) == datetime.combine(day, wall)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 23), True),
        (date(2026, 11, 21), False),  # Saturday
        (date(2026, 6, 4), False),  # Corpus Christi, in North Rhine-Westphalia
        (date(2027, 11, 1), False),  # All Saints, a Monday
        (date(2026, 12, 24), True),  # no public holiday
        (date(2026, 12, 25), False),
    ],
)
def test_working_days_follow_the_holidays_of_north_rhine_westphalia(day, works):
    assert CALENDAR.is_working_day(day) is works


def test_holidays_have_german_names():
    assert clock.holiday_name(date(2026, 6, 4)) == "Fronleichnam"
    assert clock.holiday_name(date(2026, 6, 5)) == ""


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-23 09:00", 2, "2026-11-23 11:00"),
        ("2026-11-23 15:00", 2, "2026-11-24 09:00"),
        ("2026-11-23 08:00", 8, "2026-11-23 16:00"),
        ("2026-11-23 08:00", 8.5, "2026-11-24 08:30"),
        ("2026-11-23 08:00", 16, "2026-11-24 16:00"),
        ("2026-11-20 15:30", 1, "2026-11-23 08:30"),  # over a week end
        ("2026-11-20 23:30", 1, "2026-11-23 09:00"),  # asked at night
        ("2026-11-21 12:00", 0, "2026-11-23 08:00"),  # nothing begins on a Saturday
        ("2026-03-27 15:00", 2, "2026-03-30 09:00"),  # over the clock change of spring
        ("2026-10-23 15:00", 2, "2026-10-26 09:00"),  # and of autumn
        ("2026-12-24 12:00", 8, "2026-12-28 12:00"),  # over Christmas
        ("2027-05-05 12:00", 8, "2027-05-07 12:00"),  # over Ascension Day
    ],
)
def test_working_hours_pass_only_while_the_office_works(start, hours, end):
    assert CALENDAR.add_working_hours(berlin(start), hours) == berlin(end)


@given(moment=MOMENTS, first=st.integers(0, 60), second=st.integers(0, 60))
def test_working_hours_add_up(moment, first, second):
    later = CALENDAR.add_working_hours(moment, first)
    assert CALENDAR.add_working_hours(later, second) == CALENDAR.add_working_hours(moment, first + second)


@given(moment=MOMENTS, hours=st.integers(1, 60))
def test_working_hours_end_in_working_time(moment, hours):
    end = clock.local(CALENDAR.add_working_hours(moment, hours))
    assert CALENDAR.is_working_day(end.date())
    assert time(8) <= end.time() <= time(16)
    assert end >= moment + timedelta(hours=hours)


@given(day=DAYS, count=st.integers(1, 30))
def test_counting_working_days_forth_and_back_agrees(day, count):
    later = CALENDAR.working_days_after(day, count)
    assert CALENDAR.working_days_between(day, later) == count
    if CALENDAR.is_working_day(day):
        assert CALENDAR.working_days_before(later, count) == day


def test_the_working_day_before_a_monday_is_friday():
    assert CALENDAR.working_days_before(date(2026, 11, 23), 1) == date(2026, 11, 20)
    assert CALENDAR.next_working_day(date(2026, 11, 20)) == date(2026, 11, 23)
    assert CALENDAR.working_days_between(date(2026, 11, 23), date(2026, 11, 20)) == 0


@pytest.mark.django_db
def test_the_office_sets_its_hours_and_closing_days(django_assert_num_queries):
    programme = Programme.current()
    programme.day_begins, programme.day_ends = time(9), time(12)
    programme.save()
    ClosingDay.objects.create(first=date(2026, 11, 24), last=date(2026, 11, 25), name="Betriebsausflug")
    with django_assert_num_queries(2):
        calendar = clock.work_calendar()
    assert calendar.add_working_hours(berlin("2026-11-23 11:00"), 2) == berlin("2026-11-26 10:00")
