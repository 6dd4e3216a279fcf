from datetime import date, timedelta

import pytest
from django.utils import translation
from django.utils.formats import date_format

from lotsen_portal import clock, messages
from volunteers.catalogue import LANGUAGES, TOPICS, names_of
from volunteers.models import Language, Topic
from volunteers.naming import in_dictionary_order


def of_catalogue(code):
    tongue = next(tongue for tongue in LANGUAGES if tongue.code == code)
    name, own_name, direction = names_of(tongue)
    return Language(code=code, name=name, own_name=own_name, direction=direction)


@pytest.mark.parametrize(
    ("reader", "shown"),
    [
        ("de", "Ukrainisch (Українська)"),
        ("en", "Ukrainian (Українська)"),
        ("tr", "Ukraynaca (Українська)"),
        ("uk", "Українська"),
        ("ar", "الأوكرانية (Українська)"),
    ],
)
def test_a_language_is_named_in_the_language_of_the_page(reader, shown):
    with translation.override(reader):
        assert str(of_catalogue("uk")) == shown


def test_a_language_that_the_catalogue_names_itself_is_translated():
    with translation.override("en"):
        assert of_catalogue("kmr").label == "Kurdish, Kurmanji"


def test_what_the_office_renamed_keeps_its_name():
    with translation.override("en"):
        assert Language(code="ar", name="Arabisch (Damaskus)", own_name="").label == "Arabisch (Damaskus)"
        assert Language(code="platt", name="Platt", own_name="Platt").label == "Platt"
        assert Topic(slug="sport", name="Sport im Verein").label == "Sport im Verein"


@pytest.mark.parametrize("reader", messages.COMPLETE)
def test_every_topic_of_the_catalogue_is_translated(reader):
    with translation.override(reader):
        assert all(Topic(slug=slug, name=name).label != name for slug, name in TOPICS)


def test_languages_stand_in_the_order_of_the_names_that_are_read():
    rows = [of_catalogue(code) for code in ("hu", "el", "sq")]
    with translation.override("de"):
        assert [row.code for row in in_dictionary_order(rows)] == ["sq", "el", "hu"]
    with translation.override("en"):
        assert [row.label for row in in_dictionary_order(rows)] == ["Albanian", "Greek", "Hungarian"]


def test_english_dates_name_the_month_after_the_day():
    with translation.override("en"):
        assert date_format(date(2026, 12, 3), "DATE_FORMAT") == "3 December 2026"
        assert date_format(date(2026, 12, 3), "SHORT_DATE_FORMAT") == "3 Dec 2026"


@pytest.mark.parametrize(
    ("reader", "day", "month_and_day"),
    [
        ("tr", "3 Aralık 2026", "3 Aralık"),  # noqa: RUF001
        ("uk", "3 грудня 2026", "3 грудня"),
        ("ar", "3 ديسمبر 2026", "3 ديسمبر"),
    ],
)
def test_dates_read_well_inside_a_sentence(reader, day, month_and_day):
    with translation.override(reader):
        assert date_format(date(2026, 12, 3), "DATE_FORMAT") == day
        assert date_format(date(2026, 12, 3), "MONTH_DAY_FORMAT") == month_and_day


@pytest.mark.parametrize(
    ("reader", "name"),
    [
        ("de", "Fronleichnam"),
        ("en", "Corpus Christi"),
        ("tr", "Katolik yortusu (Fronleichnam)"),
        ("uk", "Свято Тіла і Крові Христових"),  # noqa: RUF001
    ],
)
def test_a_holiday_is_named_in_the_readers_language(reader, name):
    with translation.override(reader):
        assert clock.holiday_name(date(2026, 6, 4)) == name


@pytest.mark.parametrize("reader", messages.COMPLETE)
@pytest.mark.parametrize("year", [2026, 2027])
def test_every_holiday_is_translated(reader, year):
    days = [date(year, 1, 1) + timedelta(n) for n in range(365)]
    german = [name for name in map(clock.holiday_name, days) if name]
    with translation.override(reader):
        read = [name for name in map(clock.holiday_name, days) if name]
    assert len(german) == 11
    assert not set(german) & set(read)
