"""Calendars to subscribe to, read by another library (vobject) than the one that writes them (icalendar)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import vobject
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.http import http_date

from lotsen_portal import clock, links
from lotsen_portal.audit import Actor
from lotsen_portal.models import Link, LogEntry, OfficeRole, Purpose
from requests_app import feeds, workflow
from tests import factories
from tests.factories import NOW, make_agreed, make_assistance, make_volunteer, period

pytestmark = pytest.mark.django_db

SECRET = {
    "concern": "MARKANLIEGEN",
    "client_reference": "MARKZEICHEN",
    "client_name": "MARKNAME",
    "client_phone": "0211 666 777",
    "client_address": "MARKADRESSE",
    "client_notes": "MARKHINWEIS",
    "place": "MARKORT",
}


@pytest.fixture(autouse=True)
def monday(at):
    at("2026-11-23 09:00")


@pytest.fixture
def lotse():
    return make_volunteer("Samira Haddad", user=factories.make_user("Samira Haddad"))


@pytest.fixture
def coordinator():
    return factories.make_coordinator()


def address_of(purpose: Purpose, holder: Any) -> str:
    if not feeds.token(purpose, holder.pk):
        feeds.renew(purpose, holder, by=Actor.volunteer(0), now=NOW)
    folder = "/lotse/kalender/" if purpose == Purpose.CALENDAR else "/kalender/"
    return f"{folder}{feeds.token(purpose, holder.pk)}.ics"


def fetched(purpose: Purpose, holder: Any, **headers: str):
    return Client().get(address_of(purpose, holder), headers=headers)


def entries(response) -> list[Any]:
    """The entries as another library reads them; [] for a calendar without any."""
    calendar = vobject.readOne(response.content.decode())
    return list(getattr(calendar, "vevent_list", []))


def of_lotse(lotse) -> list[Any]:
    return entries(fetched(Purpose.CALENDAR, lotse))


# What stands in it


def test_an_appointment_reads_as_it_was_agreed(lotse):
    agreed = make_agreed(make_assistance(place=""), lotse)
    (entry,) = of_lotse(lotse)
    house = agreed.assistance.institution
    assert entry.dtstart.value == agreed.period.lower
    assert entry.dtend.value == agreed.period.upper
    assert entry.dtstart.value.utcoffset() == timedelta(hours=1)
    assert (entry.uid.value, entry.sequence.value, entry.status.value, entry.contents["class"][0].value) == (
        f"{agreed.assistance.reference}@testserver",
        "1",
        "CONFIRMED",
        "PRIVATE",
    )
    assert entry.summary.value == "Einsatz als Integrationslotsin oder -lotse: Gesundheit"
    assert entry.location.value == f"{house.name}, {house.address}"
    assert entry.url.value == f"http://testserver/lotse/einsatz/{agreed.pk}/"
    assert "Sprache: Arabisch" in entry.description.value


def test_the_office_reads_who_goes_where(lotse, coordinator):
    agreed = make_agreed(make_assistance(), lotse)
    make_agreed(make_assistance(), make_volunteer("Yusuf Karim"))
    found = entries(fetched(Purpose.OFFICE_CALENDAR, coordinator))
    assert sorted(entry.summary.value for entry in found) == [
        "Samira Haddad: Arabisch",
        "Yusuf Karim: Arabisch",
    ]
    addresses = {entry.url.value for entry in found}
    assert f"http://testserver/koordination/anfragen/{agreed.assistance.reference}/" in addresses


def test_a_lotse_reads_only_the_own_appointments(lotse):
    make_agreed()
    assert of_lotse(lotse) == []


@pytest.mark.parametrize("purpose", [Purpose.CALENDAR, Purpose.OFFICE_CALENDAR])
def test_nothing_of_the_client_and_no_token_stands_in_it(lotse, coordinator, purpose):
    make_agreed(make_assistance(**SECRET), lotse)
    holder = lotse if purpose == Purpose.CALENDAR else coordinator
    text = fetched(purpose, holder).content.decode().replace("\r\n ", "")
    assert "BEGIN:VEVENT" in text
    assert "MARK" not in text
    assert "666" not in text
    assert [links.token(link) for link in Link.objects.all() if links.token(link) in text] == []


def test_a_lotse_reads_it_in_the_language_of_the_mails(lotse):
    make_agreed(make_assistance(), lotse)
    type(lotse).objects.update(mail_language="en")
    assert "Einsatz als" not in of_lotse(lotse)[0].summary.value


@pytest.mark.parametrize(
    ("begins", "minutes", "wall"),
    [
        # Summer begins at two in the night of the 28th of March 2027: 02:00 is 03:00.
        ("2027-03-27T23:30+01:00", 60, ("27.03. 23:30", "28.03. 00:30")),
        ("2027-03-28T01:30+01:00", 60, ("28.03. 01:30", "28.03. 03:30")),
        ("2027-03-28T03:00+02:00", 60, ("28.03. 03:00", "28.03. 04:00")),
        ("2027-03-29T10:00+02:00", 60, ("29.03. 10:00", "29.03. 11:00")),
        # Winter begins at three in the night of the 31st of October 2027: 02:30 comes twice.
        ("2027-10-31T01:30+02:00", 30, ("31.10. 01:30", "31.10. 02:00")),
        ("2027-10-31T02:15+02:00", 30, ("31.10. 02:15", "31.10. 02:45")),
        ("2027-10-31T01:30+02:00", 120, ("31.10. 01:30", "31.10. 02:30")),
        ("2027-10-31T02:15+01:00", 30, ("31.10. 02:15", "31.10. 02:45")),
        ("2027-11-01T10:00+01:00", 60, ("01.11. 10:00", "01.11. 11:00")),
        ("2026-12-31T23:30+01:00", 60, ("31.12. 23:30", "01.01. 00:30")),
    ],
)
def test_every_moment_is_the_same_on_both_sides_of_a_clock_change(lotse, begins, minutes, wall):
    start = datetime.fromisoformat(begins).astimezone(UTC)
    make_agreed(make_assistance(when=DateTimeTZRange(start, start + timedelta(minutes=minutes))), lotse)
    (entry,) = of_lotse(lotse)
    read = (entry.dtstart.value, entry.dtend.value)
    assert tuple(moment.astimezone(UTC) for moment in read) == (start, start + timedelta(minutes=minutes))
    assert tuple(f"{clock.local(moment):%d.%m. %H:%M}" for moment in read) == wall


# What comes, moves and goes


def test_the_last_thirty_days_and_the_future_stand_in_it(lotse, at):
    for day in ("2026-12-08", "2027-06-01"):
        make_agreed(make_assistance(when=period(day)), lotse)
    at("2027-01-07 10:59")
    assert len(of_lotse(lotse)) == 2
    at("2027-01-07 11:00")
    (entry,) = of_lotse(lotse)
    assert f"{entry.dtstart.value:%d.%m.%Y}" == "01.06.2027"


def test_the_office_reads_a_year_ahead_and_the_next_day_from_midnight_on(lotse, coordinator, at):
    for day in ("2027-11-22", "2027-11-23"):
        make_agreed(make_assistance(when=period(day)), lotse)
    before = fetched(Purpose.OFFICE_CALENDAR, coordinator)
    assert [f"{entry.dtstart.value:%d.%m.%Y}" for entry in entries(before)] == ["22.11.2027"]
    assert len(of_lotse(lotse)) == 2
    at("2026-11-24 00:00")
    after = fetched(Purpose.OFFICE_CALENDAR, coordinator, **{"if-modified-since": before["Last-Modified"]})
    assert len(entries(after)) == 2


@pytest.mark.parametrize("end", ["cancel", "step_down", "client_absent"])
def test_what_does_not_bind_any_more_is_gone(lotse, coordinator, end):
    agreed = make_agreed(make_assistance(), lotse)
    by, number = Actor.office(coordinator), agreed.assistance_id
    before = fetched(Purpose.CALENDAR, lotse)
    if end == "cancel":
        workflow.cancel(number, reason="x", by=by, now=NOW)
    elif end == "step_down":
        workflow.step_down(number, by=by, now=NOW)
    else:
        workflow.finish(number, outcome=end, minutes=None, by=by, now=NOW)
    after = fetched(Purpose.CALENDAR, lotse)
    assert (len(entries(before)), entries(after)) == (1, [])
    assert before["ETag"] != after["ETag"]


def test_what_took_place_stays(lotse, coordinator):
    agreed = make_agreed(make_assistance(), lotse)
    by = Actor.office(coordinator)
    workflow.finish(agreed.assistance_id, outcome="took_place", minutes=60, by=by, now=NOW)
    assert len(of_lotse(lotse)) == 1


def test_a_moved_appointment_is_the_same_entry_with_a_higher_sequence(lotse):
    agreed = make_agreed(make_assistance(), lotse)
    assistance = agreed.assistance
    (before,) = of_lotse(lotse)
    new = workflow.Change(
        period=period("2026-12-09", "14:00"),
        mode=assistance.mode,
        district=assistance.district,
        place=assistance.place,
        languages=tuple(row.language for row in assistance.languages.all()),
    )
    by = Actor.member(assistance.filed_by)
    workflow.change(assistance.pk, new, version=1, by=by, now=NOW)
    assert of_lotse(lotse) == []
    again = assistance.offers.get(state="pending")
    workflow.accept(again.pk, version=2, by=Actor.volunteer(lotse.pk), now=NOW + timedelta(hours=1))
    (after,) = of_lotse(lotse)
    assert (before.uid.value, before.sequence.value) == (after.uid.value, "1")
    assert (after.sequence.value, f"{after.dtstart.value:%d.%m. %H:%M}") == ("2", "09.12. 14:00")


def test_an_empty_calendar_is_a_calendar(lotse):
    response = fetched(Purpose.CALENDAR, lotse)
    assert (response.status_code, response["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert entries(response) == []


# How it is fetched


def test_a_calendar_that_did_not_change_is_not_sent_again(lotse):
    make_agreed(make_assistance(), lotse)
    first = fetched(Purpose.CALENDAR, lotse)
    assert (first["Cache-Control"], first["X-Robots-Tag"]) == ("private, no-cache", "noindex, nofollow")
    for headers in ({"if-none-match": first["ETag"]}, {"if-modified-since": first["Last-Modified"]}):
        again = fetched(Purpose.CALENDAR, lotse, **headers)
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])


def test_every_deed_and_every_midnight_make_it_new(lotse, coordinator, at):
    agreed = make_agreed(make_assistance(), lotse)
    first = fetched(Purpose.CALENDAR, lotse)
    assert first["Last-Modified"] == http_date(NOW.timestamp())
    later = at("2026-11-23 15:00")
    workflow.cancel(agreed.assistance_id, reason="x", by=Actor.office(coordinator), now=later)
    second = fetched(Purpose.CALENDAR, lotse, **{"if-modified-since": first["Last-Modified"]})
    assert (second.status_code, second["Last-Modified"]) == (200, http_date(later.timestamp()))
    midnight = at("2026-11-24 00:00")
    third = fetched(Purpose.CALENDAR, lotse, **{"if-modified-since": second["Last-Modified"]})
    assert (third.status_code, third["Last-Modified"]) == (200, http_date(midnight.timestamp()))


def test_a_hundred_appointments_cost_the_statements_of_one(lotse, coordinator):
    def asked(purpose, holder):
        path = address_of(purpose, holder)
        with CaptureQueriesContext(connection) as captured:
            response = Client().get(path)
        assert len(entries(response)) == made
        # Who has it already makes nobody read the appointments.
        with CaptureQueriesContext(connection) as again:
            unchanged = Client().get(path, headers={"if-none-match": response["ETag"]})
        assert unchanged.status_code == 304
        return len(captured), len(again)

    made = 1
    make_agreed(make_assistance(), lotse)
    one = [asked(Purpose.CALENDAR, lotse), asked(Purpose.OFFICE_CALENDAR, coordinator)]
    first = lotse.assignments.get()
    for number in range(99):
        copy_of(first, days=number + 1)
    made = 100
    assert [asked(Purpose.CALENDAR, lotse), asked(Purpose.OFFICE_CALENDAR, coordinator)] == one
    assert one == [(7, 5), (8, 6)]


def copy_of(agreed, *, days: int) -> None:
    """The same appointment some days later, without the verbs that would take a minute for a hundred."""
    assistance, languages = agreed.assistance, list(agreed.assistance.languages.all())
    offer, later = agreed.offer, timedelta(days=days)
    when = DateTimeTZRange(agreed.period.lower + later, agreed.period.upper + later)
    asked = type(assistance).objects.get(pk=assistance.pk)
    asked.pk, asked.reference, asked.period, asked._state.adding = None, f"C-{days}", when, True
    asked.save()
    for row in languages:
        row.pk, row.assistance, row._state.adding = None, asked, True
        row.save()
    offer = type(offer).objects.get(pk=offer.pk)
    offer.pk, offer.assistance, offer._state.adding = None, asked, True
    offer.save()
    copied = type(agreed).objects.get(pk=agreed.pk)
    copied.pk, copied.assistance, copied.offer, copied.period = None, asked, offer, when
    copied._state.adding = True
    copied.save()


def test_who_coordinates_no_more_reads_no_more(coordinator):
    path = address_of(Purpose.OFFICE_CALENDAR, coordinator)
    assert Client().get(path).status_code == 200
    OfficeRole.objects.all().delete()
    assert Client().get(path).status_code == 410


def test_one_calendar_does_not_open_the_other(lotse, coordinator):
    mine, office = address_of(Purpose.CALENDAR, lotse), address_of(Purpose.OFFICE_CALENDAR, coordinator)
    assert Client().get(mine.replace("/lotse/kalender/", "/kalender/")).status_code == 404
    assert Client().get(office.replace("/kalender/", "/lotse/kalender/")).status_code == 404


def test_who_guesses_addresses_gets_a_pause():
    codes = {Client().get(f"/kalender/{number:032}.ics").status_code for number in range(31)}
    assert codes == {404, 429}


# The secret address


@pytest.mark.parametrize(
    ("who", "page", "purpose"),
    [
        ("lotse", "/lotse/kalender/", Purpose.CALENDAR),
        ("coordinator", "/koordination/kalender/adresse/", Purpose.OFFICE_CALENDAR),
    ],
)
def test_an_address_is_made_by_a_button_and_renewed_by_one(client, lotse, coordinator, who, page, purpose):
    holder = {"lotse": lotse, "coordinator": coordinator}[who]
    client.force_login(getattr(holder, "user", holder))
    assert (client.get(page).status_code, feeds.token(purpose, holder.pk)) == (200, "")
    client.post(page)
    first = feeds.token(purpose, holder.pk)
    shown = client.get(page).content.decode()
    assert re.findall(r'value="http://testserver(/\S+?\.ics)"', shown) == [address_of(purpose, holder)]
    assert "webcal://testserver" in shown
    client.post(page)
    second = feeds.token(purpose, holder.pk)
    folder = address_of(purpose, holder).rpartition("/")[0]
    assert first != second
    assert [Client().get(f"{folder}/{token}.ics").status_code for token in (first, second)] == [410, 200]
    assert LogEntry.objects.filter(action="renew_feed", number=holder.pk).count() == 2


def test_renewing_leaves_everybody_else_alone(lotse):
    other = make_volunteer()
    path = address_of(Purpose.CALENDAR, other)
    feeds.renew(Purpose.CALENDAR, lotse, by=Actor.volunteer(lotse.pk), now=NOW)
    assert Client().get(path).status_code == 200
