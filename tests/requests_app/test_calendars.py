"""Calendar entries, read back by other eyes: line by line, and the zone by dateutil."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pytest
from dateutil.tz import tzical

from requests_app import calendars
from requests_app.models import AssistanceRequest
from tests import factories
from tests.factories import NOW, make_agreed, make_assistance

pytestmark = pytest.mark.django_db

TO = "lotsin@example.org"


def unfolded(text: str) -> list[str]:
    """The content lines of an entry (RFC 5545, 3.1)."""
    assert text.endswith("\r\n")
    return text.replace("\r\n ", "").split("\r\n")[:-1]


def properties(text: str, component: str = "VEVENT") -> dict[str, str]:
    """Name (with parameters) and value of each line of one component."""
    lines = unfolded(text)
    inside = lines[lines.index(f"BEGIN:{component}") + 1 : lines.index(f"END:{component}")]
    found = {}
    for line in inside:
        name = line.split(";")[0].split(":")[0]
        found[name] = line[len(name) + 1 :]
    return found


def moment(text: str, name: str) -> datetime:
    """When a property is (UTC), by the rules of the zone that the entry itself brings along."""
    parameter, _colon, wall = properties(text)[name].rpartition(":")
    if wall.endswith("Z"):
        return datetime.strptime(wall, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    assert parameter == "TZID=Europe/Berlin"
    zone = tzical(io.StringIO(text.replace("\r\n ", ""))).get("Europe/Berlin")
    return datetime.strptime(wall, "%Y%m%dT%H%M%S").replace(tzinfo=zone).astimezone(UTC)


@pytest.fixture
def assistance():
    agreed = make_agreed()
    return AssistanceRequest.objects.get(pk=agreed.assistance_id)


def invitation(assistance, **values):
    return calendars.invitation(assistance, **{"to": TO, "for_volunteer": True, "now": NOW, **values})


def test_an_invitation_is_a_request_that_asks_for_no_answer(assistance):
    entry = invitation(assistance)
    event = properties(entry.content)
    assert (entry.method, properties(entry.content, "VCALENDAR")["METHOD"]) == ("REQUEST", "REQUEST")
    assert event["UID"] == "NE-2026-00001@testserver"
    assert (event["SEQUENCE"], event["STATUS"], event["DTSTAMP"]) == ("1", "CONFIRMED", "20261123T080000Z")
    assert set(event["ATTENDEE"].split(":", 1)[0].split(";")) == {"RSVP=FALSE", "PARTSTAT=ACCEPTED"}
    assert event["ATTENDEE"].endswith("mailto:lotsin@example.org")
    assert "ORGANIZER" in event


@pytest.mark.parametrize(
    "begin",
    [
        datetime(2026, 12, 8, 9, 0, tzinfo=UTC),
        datetime(2026, 3, 28, 12, 0, tzinfo=UTC),
        datetime(2026, 3, 29, 1, 30, tzinfo=UTC),  # 03:30, half an hour after the clock went forward
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),  # 02:30 for the second time
        datetime(2026, 10, 25, 3, 0, tzinfo=UTC),
        datetime(2027, 7, 1, 6, 15, tzinfo=UTC),
    ],
)
def test_the_time_survives_both_clock_changes(assistance, begin):
    assistance.period = type(assistance.period)(begin, begin + timedelta(minutes=90))
    content = invitation(assistance).content
    shown = [moment(content, "DTSTART"), moment(content, "DTEND")]
    assert shown == [begin, begin + timedelta(minutes=90)]


def test_a_change_keeps_the_uid_and_raises_the_sequence(assistance):
    before = properties(invitation(assistance).content)
    assistance.version = 2
    after = properties(invitation(assistance).content)
    assert (before["UID"], before["SEQUENCE"], after["SEQUENCE"]) == (after["UID"], "1", "2")


def test_a_cancellation_takes_the_same_entry_back(assistance):
    entry = calendars.cancellation(assistance, to=TO, for_volunteer=True, now=NOW + timedelta(hours=1))
    event, invited = properties(entry.content), properties(invitation(assistance).content)
    assert entry.method == properties(entry.content, "VCALENDAR")["METHOD"] == "CANCEL"
    assert (event["STATUS"], event["UID"], event["DTSTART"]) == (
        "CANCELLED",
        invited["UID"],
        invited["DTSTART"],
    )
    assert (int(event["SEQUENCE"]), event["DTSTAMP"]) >= (int(invited["SEQUENCE"]), invited["DTSTAMP"])


def test_the_file_to_download_is_published_to_nobody(assistance):
    entry = calendars.download(assistance, now=NOW)
    assert entry.method == properties(entry.content, "VCALENDAR")["METHOD"] == "PUBLISH"
    assert "ATTENDEE" not in properties(entry.content)


def test_the_institution_is_the_location_where_the_appointment_is_there(assistance):
    place = properties(invitation(assistance).content)["LOCATION"].replace("\\,", ",")
    assert place == f"{assistance.institution.name}, Marktplatz 1, 41460 Neuss"


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        ("", True),
        ("Marktplatz 1", True),
        ("Zimmer 12, MARKTPLATZ 1, 41460 Neuss", True),
        ("Marktplatz 12", False),
        ("Marktplatz 1, 50667 Köln", False),
        ("Am Marktplatz", False),
    ],
)
def test_only_the_institutions_own_address_counts_as_there(assistance, place, shown):
    assistance.place = place
    assert bool(calendars.public_place(assistance)) is shown


@pytest.mark.parametrize("values", [{"place": "Bei Familie Beispiel, Nebenweg 3"}, {"mode": "phone"}])
def test_no_other_place_leaves_in_an_entry(assistance, values):
    for name, value in values.items():
        setattr(assistance, name, value)
    content = invitation(assistance).content
    assert "LOCATION" not in properties(content)
    assert "Nebenweg" not in content.replace("\r\n ", "")


def test_an_entry_holds_neither_client_nor_token():
    secret = {
        "concern": "MARKANLIEGEN",
        "client_reference": "MARKZEICHEN",
        "client_name": "MARKNAME",
        "client_phone": "0211 666",
        "client_address": "MARKADRESSE",
        "client_notes": "MARKHINWEIS",
        "place": "MARKORT",
    }
    assistance = make_assistance(**secret)
    make_agreed(assistance)
    entries = [
        invitation(assistance),
        invitation(assistance, for_volunteer=False),
        calendars.cancellation(assistance, to=TO, for_volunteer=False, now=NOW),
        calendars.download(assistance, now=NOW),
    ]
    for entry in entries:
        text = entry.content.replace("\r\n ", "")
        assert "MARK" not in text
        assert "0211" not in text
        assert "/antwort/" not in text


def test_lines_are_folded_and_texts_escaped():
    house = factories.make_institution("Ämter; Haus, Süd und Nord mit einem sehr langen Namen, der umbricht")
    assistance = make_assistance(by=factories.make_member(house), place="")
    make_agreed(assistance)
    content = invitation(assistance).content
    assert max(len(line.encode()) for line in content.split("\r\n")) <= 75
    assert properties(content)["LOCATION"].startswith("Ämter\\; Haus\\, Süd")
