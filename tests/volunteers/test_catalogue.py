"""The catalogues that a fresh installation begins with."""

from __future__ import annotations

import pytest

from volunteers import catalogue
from volunteers.models import District, Language, Topic

pytestmark = pytest.mark.django_db


def shown(code: str) -> tuple[str, str, str]:
    row = Language.objects.get(code=code)
    return row.name, row.own_name, row.direction


def test_a_language_has_the_name_and_script_of_cldr() -> None:
    catalogue.load()

    assert shown("ar") == ("Arabisch", "العربية", "rtl")
    assert shown("tr") == ("Türkisch", "Türkçe", "ltr")
    assert shown("uk") == ("Ukrainisch", "Українська", "ltr")
    assert shown("ka") == ("Georgisch", "ქართული", "ltr")


def test_varieties_are_languages_of_their_own() -> None:
    catalogue.load()

    assert shown("kmr") == ("Kurdisch, Kurmancî", "Kurdî", "ltr")
    assert shown("ckb") == ("Kurdisch, Soranî", "کوردی", "rtl")
    assert shown("prs") == ("Dari", "دری", "rtl")
    assert shown("fa") == ("Farsi", "فارسی", "rtl")
    assert shown("gsg") == ("Deutsche Gebärdensprache",) * 2 + ("ltr",)


def test_close_varieties_share_a_family_and_distant_ones_do_not() -> None:
    catalogue.load()

    family = dict(Language.objects.values_list("code", "family"))
    assert family["fa"] == family["prs"] != ""
    assert family["bs"] == family["hr"] == family["sr"] != ""
    assert family["kmr"] == family["ckb"] == ""


def test_the_six_topics_stand_in_the_order_of_the_citys_page_and_demand_nothing() -> None:
    catalogue.load()

    rows = Topic.objects.values_list("name", "needs_training", "needs_conduct_certificate")
    names = ["Gesundheit", "Bildung", "Erziehung", "Arbeit", "Beruf", "Soziales"]
    assert list(rows) == [(name, False, False) for name in names]


def test_neuss_has_its_28_districts() -> None:
    catalogue.load()

    assert District.objects.count() == 28
    assert District.objects.filter(latitude__range=(51.1, 51.25), longitude__range=(6.6, 6.85)).count() == 28
    assert {"Innenstadt", "Furth-Mitte", "Erfttal", "Norf"} <= set(
        District.objects.values_list("name", flat=True)
    )


def test_loading_again_changes_nothing() -> None:
    catalogue.load()
    before = [list(model.objects.order_by("pk").values()) for model in (Language, Topic, District)]

    catalogue.load()

    assert [list(model.objects.order_by("pk").values()) for model in (Language, Topic, District)] == before


def test_loading_again_keeps_what_the_office_decided() -> None:
    catalogue.load()
    Language.objects.filter(code="sq").update(active=False, name="Alt")
    Topic.objects.filter(slug="gesundheit").update(needs_training=True, active=False)
    District.objects.exclude(name="Norf").delete()

    catalogue.load()

    language, topic = Language.objects.get(code="sq"), Topic.objects.get(slug="gesundheit")
    assert (language.name, language.active) == ("Albanisch", False)
    assert (topic.needs_training, topic.active) == (True, False)
    assert list(District.objects.values_list("name", flat=True)) == ["Norf"]


def test_a_language_that_the_office_added_itself_stays_as_it_is() -> None:
    Language.objects.create(code="wol", name="Wolof", own_name="Wolof")

    catalogue.load()

    assert list(Language.objects.filter(name="Wolof").values_list("code", flat=True)) == ["wol"]


def test_every_own_name_is_there_and_no_name_twice() -> None:
    names = [catalogue.names_of(tongue) for tongue in catalogue.LANGUAGES]

    assert all(own_name.strip() for _, own_name, _ in names)
    assert len({name for name, _, _ in names}) == len(names) == len({t.code for t in catalogue.LANGUAGES})
