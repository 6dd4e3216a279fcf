"""The weekly availability between what people write and what matching reads."""

import pytest

from volunteers.availability import NotUnderstood, read_day, week, write_day
from volunteers.models import ALL_DAY


@pytest.mark.parametrize(
    ("line", "mask"),
    [
        ("", 0),
        ("–", 0),
        ("nie", 0),
        ("ganztags", ALL_DAY),
        ("07:00–22:00", ALL_DAY),
        ("07:00–08:00", 0b11),
        ("7-8", 0b11),
        ("7 bis 8 Uhr", 0b11),
        ("7.30–8.00", 0b10),
        ("07:00–07:30, 08:00–08:30", 0b101),
        ("7-8 und 9-10", 0b110011),
        ("21:30–22:00", 1 << 29),
    ],
)
def test_a_line_is_read_as_half_hours(line, mask):
    assert read_day(line) == mask


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("vormittags", "Bitte schreiben Sie die Zeiten so"),
        ("8", "Bitte schreiben Sie die Zeiten so"),
        ("08:15–10:00", "volle oder halbe Stunden"),
        ("12:00–08:00", "nach dem Beginn"),
        ("08:00–08:00", "nach dem Beginn"),
        ("06:00–08:00", "von 7:00 bis 22:00"),
        ("20:00–23:00", "von 7:00 bis 22:00"),
        ("08:00–12:00, abends", "Bitte schreiben Sie die Zeiten so"),
    ],
)
def test_what_cannot_be_read_gets_a_sentence(line, sentence):
    with pytest.raises(NotUnderstood, match=sentence):
        read_day(line)


@pytest.mark.parametrize("mask", [0, 1, 0b101, 0b111 << 10, 1 << 29, ALL_DAY, ALL_DAY & ~(1 << 12)])
def test_what_is_written_is_read_as_the_same(mask):
    assert read_day(write_day(mask)) == mask


def test_a_week_names_the_days_without_time():
    assert week([0b11, 0, ALL_DAY, 0, 0, 0, 0])[:3] == [
        ("Montag", "07:00–08:00"),
        ("Dienstag", "nicht verfügbar"),
        ("Mittwoch", "ganztags"),
    ]
