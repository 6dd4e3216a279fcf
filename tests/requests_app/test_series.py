"""A series: its dates by the wall clock, the look before sending, one mail, and calling the rest off."""

from __future__ import annotations

import re
from datetime import date, datetime, time

import pytest
from dateutil.rrule import rrulestr
from django.core import mail as post
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from lotsen_portal import clock, outbox
from lotsen_portal.audit import Actor
from lotsen_portal.models import OutgoingMail, SchoolHoliday
from requests_app import mails, presets, recurrence, workflow
from requests_app.models import AssistanceRequest, RequestGroup
from requests_app.recurrence import Series
from tests import factories
from tests.factories import NOW, make_agreed, make_offer, make_volunteer, period

pytestmark = pytest.mark.django_db

FERIEN = [SchoolHoliday(name="Osterferien", first=date(2027, 3, 22), last=date(2027, 4, 3))]


@pytest.fixture(autouse=True)
def morning(at):
    at("2026-11-23 09:00")


@pytest.fixture
def member():
    return factories.make_member(factories.make_institution("Klinik Nord"), name="Martin Meier")


def series(first="2026-12-08", rhythm="weekly", begin="10:00", **more) -> Series:
    day, hour = date.fromisoformat(first), time.fromisoformat(begin)
    return Series(first=day, begin=hour, minutes=60, rhythm=rhythm, **more)


def days(pattern: Series, school=()) -> list[str]:
    return [str(one.day) for one in recurrence.occasions(pattern, school=school) if not one.obstacle]


# The dates


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (series(times=3), ["2026-12-08", "2026-12-15", "2026-12-22"]),
        (series(until=date(2026, 12, 22)), ["2026-12-08", "2026-12-15", "2026-12-22"]),
        (series(rhythm="fortnightly", times=3), ["2026-12-08", "2026-12-22", "2027-01-05"]),
        (series(rhythm="monthly", times=3), ["2026-12-08", "2027-01-12", "2027-02-09"]),
        (series("2026-12-29", "monthly", times=3), ["2026-12-29", "2027-01-26", "2027-02-23"]),
        (series("2027-03-30", "monthly", times=3), ["2027-03-30", "2027-04-27", "2027-05-25"]),
    ],
)
def test_dates_follow_the_rhythm(pattern, expected):
    assert days(pattern) == expected


def test_a_holiday_is_left_out_and_does_not_count():
    pattern = series("2026-12-18", times=3)
    found = recurrence.occasions(pattern, school=[])

    assert [(str(one.day), one.obstacle) for one in found] == [
        ("2026-12-18", ""),
        ("2026-12-25", "Feiertag: Erster Weihnachtstag"),
        ("2027-01-01", "Feiertag: Neujahr"),
        ("2027-01-08", ""),
        ("2027-01-15", ""),
    ]


def test_school_holidays_are_left_out_where_somebody_asks():
    asked, not_asked = (series("2027-03-16", times=3, skips_school=skips) for skips in (True, False))

    assert days(asked, FERIEN) == ["2027-03-16", "2027-04-06", "2027-04-13"]
    assert days(not_asked, FERIEN) == ["2027-03-16", "2027-03-23", "2027-03-30"]


def test_no_series_is_longer_than_26_dates_or_a_year():
    assert len(days(series())) == 26
    assert days(series(rhythm="monthly"))[-1] == "2027-11-09"


@pytest.mark.parametrize(
    ("first", "hours"),
    [("2027-03-16", [9, 9, 8, 8]), ("2027-10-19", [8, 8, 9, 9])],
)
def test_the_wall_time_stays_when_the_clocks_change(first, hours):
    periods = [one.period for one in recurrence.occasions(series(first, times=4), school=[]) if one.period]

    assert [period.lower.hour for period in periods] == hours
    assert {clock.local(period.lower).time() for period in periods} == {time(10)}


def test_a_time_that_the_night_of_the_change_lacks_is_left_out():
    found = recurrence.occasions(series("2027-03-14", begin="02:30", times=2), school=[])

    assert [(str(one.day), one.obstacle) for one in found if not one.obstacle or one.day.month == 3][:3] == [
        ("2027-03-14", ""),
        ("2027-03-21", ""),
    ]
    later = recurrence.occasions(series("2027-03-21", begin="02:30", times=2), school=[])
    assert later[1].obstacle in {"Feiertag: Ostersonntag", "In dieser Nacht wird die Uhr umgestellt"}


@pytest.mark.parametrize(
    "pattern",
    [series(times=8), series(rhythm="fortnightly", times=8), series(rhythm="monthly", times=8),
     series("2026-12-29", "monthly", times=8)],
)  # fmt: skip
def test_any_calendar_reads_the_rule_as_the_same_dates(pattern):
    found = recurrence.occasions(pattern, school=[])
    written = recurrence.rule(pattern, found)
    read = list(rrulestr(written.replace(";TZID=Europe/Berlin", "")))

    assert read == [datetime.combine(one.day, time(10)) for one in found]
    assert len(written) <= 255


def test_the_official_school_holidays_are_loaded_once_and_stay_edited():
    presets.load_school_holidays()
    SchoolHoliday.objects.filter(first=date(2026, 12, 23)).update(first=date(2026, 12, 22))
    presets.load_school_holidays()

    firsts = set(SchoolHoliday.objects.values_list("first", flat=True))
    assert (len(firsts), date(2026, 12, 22) in firsts, date(2026, 12, 23) in firsts) == (11, True, False)


# Filing


def filled_in(**more: str) -> dict[str, str]:
    return {
        "language": factories.make_language("ar").code,
        "topic": factories.make_topic().slug,
        "help": "accompaniment",
        "day": "2026-12-08",
        "begin": "10:00",
        "minutes": "60",
        "mode": "on_site",
        "district": str(factories.make_district().pk),
        "place": "Marktplatz 1",
        "client_name": "Amina Beispiel",
        "consent": "on",
        "repeat": "weekly",
        "repeat_times": "3",
        **more,
    }


def browser_of(member) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


def file(client: Client, *dates: str, **more: str):
    looked = client.post(reverse("new_request"), filled_in(**more))
    hidden = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', looked.content.decode())
    form = {name: value for name, value in hidden if name != "csrfmiddlewaretoken"}
    return looked, client.post(reverse("new_request"), {**form, "dates": list(dates)})


def test_a_look_at_all_dates_stores_nothing(member):
    looked = browser_of(member).post(reverse("new_request"), filled_in())

    assert [str(occasion.day) for occasion, _ticked in looked.context["rows"]] == [
        "2026-12-08",
        "2026-12-15",
        "2026-12-22",
    ]
    assert (AssistanceRequest.objects.count(), RequestGroup.objects.count()) == (0, 0)


def test_each_ticked_date_becomes_a_request_of_its_own_with_one_mail_for_all(member):
    client = browser_of(member)
    _looked, filed = file(client, "2026-12-08", "2026-12-22")
    requests = list(AssistanceRequest.objects.order_by("pk"))
    outbox.sweep()
    (mail,) = post.outbox
    page = client.get(filed.url).content.decode()

    group = RequestGroup.objects.get()
    assert [(one.group, clock.local(one.period.lower).isoformat()) for one in requests] == [
        (group, "2026-12-08T10:00:00+01:00"),
        (group, "2026-12-22T10:00:00+01:00"),
    ]
    assert len({one.reference for one in requests}) == 2
    assert {one.client_name for one in requests} == {"Amina Beispiel"}
    assert group.rule.splitlines() == [
        "DTSTART;TZID=Europe/Berlin:20261208T100000",
        "RRULE:FREQ=WEEKLY;INTERVAL=1;BYDAY=TU;COUNT=3",
    ]
    assert mail.subject == "Ihre 2 Anfragen sind da"
    assert all(day in mail.body for day in ("8. Dezember 2026", "22. Dezember 2026"))
    assert "Amina" not in mail.body
    assert all(one.reference in page for one in requests)
    assert "Terminreihe: jede Woche" in page


def test_sending_the_look_twice_files_once(member):
    client = browser_of(member)
    looked = client.post(reverse("new_request"), filled_in())
    hidden = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', looked.content.decode())
    form = {**dict(hidden), "dates": ["2026-12-08", "2026-12-15"]}
    first, second = (client.post(reverse("new_request"), form) for _twice in range(2))

    assert (AssistanceRequest.objects.count(), first.url) == (2, second.url)


def test_the_way_back_loses_nothing(member):
    client = browser_of(member)
    back = client.post(reverse("new_request"), {**filled_in(), "reviewed": "1", "back": "1"})

    assert back.status_code == 200
    assert back.context["form"]["client_name"].value() == "Amina Beispiel"
    assert '<details class="lp-fold" open><summary>Der Termin wiederholt sich' in back.content.decode()
    assert AssistanceRequest.objects.count() == 0


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"repeat_times": ""}, "repeat_until", "Bitte geben Sie an, wann die Reihe endet."),
        ({"repeat_times": "27"}, "repeat_times", "Eine Terminreihe hat 2 bis 26 Termine."),
        ({"repeat_times": "-1"}, "repeat_times", "Eine Terminreihe hat 2 bis 26 Termine."),
        ({"repeat_times": "viele"}, "repeat_times", "Bitte geben Sie eine Zahl an, zum Beispiel 8."),
        (
            {"repeat_until": "2026-12-22"},
            "repeat_times",
            "Bitte geben Sie nur eines an: den letzten Tag oder die Zahl.",
        ),
        (
            {"repeat_times": "", "repeat_until": "2028-12-22"},
            "repeat_until",
            "Bitte wählen Sie einen Tag in den nächsten zwölf Monaten.",
        ),
        (
            {"repeat_times": "", "repeat_until": "2026-12-10"},
            "repeat_until",
            "So ergibt sich nur ein einziger Termin.",
        ),
        (
            {"day_2": "2026-12-09", "begin_2": "10:00"},
            "repeat",
            "Eine Terminreihe hat eine feste Zeit, keine weiteren Vorschläge.",
        ),
    ],
)
def test_what_is_no_series_is_complained_about(member, typed, field, sentence):
    response = browser_of(member).post(reverse("new_request"), filled_in(**typed))

    assert response.status_code == 422
    assert response.context["form"].errors[field] == [sentence]


def test_no_date_ticked_asks_again(member):
    _looked, again = file(browser_of(member))

    assert again.status_code == 422
    assert "Bitte wählen Sie mindestens einen Termin." in again.content.decode()
    assert AssistanceRequest.objects.count() == 0


# Calling the rest off


@pytest.fixture
def requests(member):
    file(browser_of(member), "2026-12-08", "2026-12-15", "2026-12-22")
    return list(AssistanceRequest.objects.order_by("pk"))


def told(function: str) -> list[str]:
    rows = OutgoingMail.objects.filter(function__endswith=f".{function}")
    return sorted(rows.values_list("recipient", flat=True))


def test_calling_the_rest_off_tells_each_person_once(member, requests):
    lotse, asked = make_volunteer("Samira"), make_volunteer("Yusuf")
    make_agreed(requests[0], lotse)
    make_agreed(requests[1], lotse)
    make_offer(requests[2], asked)
    client = browser_of(member)
    address = reverse("cancel_own_group", args=[requests[0].reference])
    outbox.sweep()
    before = len(post.outbox)
    client.post(address, {"reason": "Der Kurs fällt aus"})
    outbox.sweep()
    rows = OutgoingMail.objects.filter(function__endswith="cancelled_volunteer")
    row = next(row for row in rows if row.recipient == lotse.email)
    back = mails.tell_dates_cancelled_volunteer(row, NOW)

    assert set(AssistanceRequest.objects.values_list("state", flat=True)) == {"cancelled"}
    assert told("tell_dates_cancelled_volunteer") == [lotse.email]
    assert told("tell_dates_cancelled") == [member.user.email]
    assert (told("tell_cancelled"), told("tell_withdrawn"), told("tell_cancelled_volunteer")) == (
        [],
        [asked.email],
        [],
    )
    assert len(post.outbox) - before == 3
    assert back is not None
    assert back.calendar is not None
    uids = {event["uid"].split("@")[0] for event in Calendar.from_ical(back.calendar.content).walk("VEVENT")}
    assert uids == {requests[0].reference, requests[1].reference}
    assert ("22. Dezember" in back.text, "8. Dezember" in back.text) == (False, True)


def test_moving_one_date_leaves_the_others_and_the_series(member, requests):
    change = workflow.Change(
        period=period("2026-12-16", "14:00"),
        mode=requests[1].mode,
        district=requests[1].district,
        place=requests[1].place,
        languages=tuple(row.language for row in requests[1].languages.all()),
    )
    workflow.change(requests[1].pk, change, version=1, by=Actor.member(member.user), now=NOW)
    page = browser_of(member).get(requests[0].get_absolute_url()).content.decode()

    rows = AssistanceRequest.objects.order_by("pk").values_list("period", "version", "group")
    group = requests[0].group_id
    assert list(rows) == [
        (period("2026-12-08"), 1, group),
        (period("2026-12-16", "14:00"), 2, group),
        (period("2026-12-22"), 1, group),
    ]
    assert "16. Dezember" in page


def test_a_date_that_was_held_or_ended_is_not_called_off(member, requests, at):
    make_agreed(requests[0])
    workflow.cancel(requests[1].pk, reason="", by=Actor.member(member.user), now=NOW)
    now = at("2026-12-09 09:00")
    count = workflow.cancel_rest(requests[0].group_id, reason="Ende", by=Actor.member(member.user), now=now)

    states = list(AssistanceRequest.objects.order_by("pk").values_list("state", flat=True))
    assert (count, states) == (1, ["confirmed", "cancelled", "cancelled"])
    with pytest.raises(workflow.NotPossible):
        workflow.cancel_rest(requests[0].group_id, reason="", by=Actor.member(member.user), now=now)
