"""What states, days and deeds are called."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from lotsen_portal import dates
from lotsen_portal.models import LogEntry
from requests_app import wording
from requests_app.states import (
    ASSIGNMENT_MOVES,
    OFFER_MOVES,
    REQUEST_MOVES,
    AssignmentState,
    OfferState,
    RequestState,
)

MONDAY = date(2026, 11, 23)


def test_every_state_has_a_word() -> None:
    assert set(wording.REQUEST_LABELS) == set(RequestState)
    assert set(wording.OFFER_LABELS) == set(OfferState)
    assert set(wording.ASSIGNMENT_LABELS) == set(AssignmentState)


@pytest.mark.parametrize(
    ("kind", "moves"),
    [("assistance", REQUEST_MOVES), ("offer", OFFER_MOVES), ("assignment", ASSIGNMENT_MOVES)],
)
def test_every_move_has_a_sentence_for_the_office(kind: str, moves: dict[str, object]) -> None:
    assert [move for move in moves if wording.deed(kind, move) == move] == []


def test_every_move_of_a_request_is_told_to_whoever_asked() -> None:
    assert set(REQUEST_MOVES) - set(wording.TOLD) == set()


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "heute"),
        (1, "morgen"),
        (2, "Mittwoch"),
        (6, "Sonntag"),
        (7, "Montag, 30. November"),
        (-1, "Sonntag, 22. November"),
    ],
)
def test_a_day_is_named_as_one_would_say_it(days: int, words: str) -> None:
    assert dates.near_day(MONDAY + timedelta(days), today=MONDAY) == words


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        (-1, "Sie haben länger gewartet als versprochen. Bitte rufen Sie uns an, wenn es eilt."),
        (0, "Heute hören Sie von uns."),
        (1, "Bis morgen hören Sie von uns."),
        (3, "Bis Donnerstag hören Sie von uns."),
    ],
)
def test_the_promise_names_the_day_and_admits_when_it_was_missed(days: int, sentence: str) -> None:
    assert wording.promise(MONDAY + timedelta(days), today=MONDAY) == sentence


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (60, "Donnerstag, 3. Dezember 2026, 22:00 bis 23:00 Uhr"),
        (180, "Donnerstag, 3. Dezember 2026, 22:00 Uhr bis 01:00 Uhr am nächsten Tag"),
    ],
)
def test_an_appointment_is_told_on_berlins_wall_clock(minutes: int, words: str) -> None:
    begin = datetime(2026, 12, 3, 21, tzinfo=UTC)
    assert dates.appointment(begin, begin + timedelta(minutes=minutes)) == words


def test_a_request_without_a_time_says_so() -> None:
    assert dates.appointment(None, None) == "Noch kein Termin"


@pytest.mark.parametrize(
    ("reader", "day", "near"),
    [
        ("en", "Thursday, 3 December 2026", "Thursday, 3 December"),
        ("tr", "3 Aralık 2026 Perşembe", "3 Aralık Perşembe"),  # noqa: RUF001
        ("uk", "четвер, 3 грудня 2026", "четвер, 3 грудня"),
        ("ar", "الخميس، 3 ديسمبر 2026", "الخميس، 3 ديسمبر"),
    ],
)
def test_days_follow_the_readers_language(reader: str, day: str, near: str) -> None:
    with translation.override(reader):
        assert dates.long_day(date(2026, 12, 3)) == day
        assert dates.near_day(date(2026, 12, 3), today=MONDAY) == near


@pytest.mark.parametrize(("reader", "words"), [("de", "Rot, Grün"), ("ar", "Rot، Grün")])
def test_a_list_has_the_comma_of_the_readers_script(reader: str, words: str) -> None:
    with translation.override(reader):
        assert (dates.listed(["Rot", "Grün"]), dates.listed([])) == (words, "")


def entry(action: str, kind: str = "office", number: int | None = 7) -> LogEntry:
    at = datetime(2026, 11, 23, 8, tzinfo=UTC)
    return LogEntry(at=at, action=action, kind="assistance", number=1, actor_kind=kind, actor_number=number)


def test_history_names_colleagues_and_the_office_and_tells_no_internal_matter() -> None:
    entries = [
        entry("cancel", "member", 7),
        entry("agree", "volunteer", 3),
        entry("ask"),
        entry("take_charge"),
        entry("ask"),
        entry("approve"),
        entry("submit", "member", 8),
    ]
    told = wording.history(entries, names={7: "Sabine Vogt"}, office="Integrationsamt")
    assert [(line.text, line.by) for line in told] == [
        ("Die Anfrage wurde abgesagt.", "Sabine Vogt"),
        ("Jemand hat zugesagt.", ""),
        ("Wir haben nachgefragt, wer kommen kann.", ""),
        ("Die Anfrage ist geprüft. Die Suche beginnt.", "Integrationsamt"),
        ("Die Anfrage ist eingegangen.", "Ihre Einrichtung"),
    ]
