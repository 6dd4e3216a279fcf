import gettext
import re

import pytest
from babel.messages.pofile import read_po
from django.conf import settings

from lotsen_portal import messages

PO = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Guten Tag"
msgstr "Good day"

#, fuzzy
msgid "Anfrage"
msgstr "Perhaps"

msgid "%(n)s Anfrage"
msgid_plural "%(n)s Anfragen"
msgstr[0] ""
msgstr[1] ""
"""


# Names of languages, words that are the same, and texts without words.
SAME_AS_IN_GERMAN = {
    *("Dari", "Farsi", "Mandinka", "Romani", "Twi"),
    *("Code", "Name", "Supervision", "Team", "Telefon"),
    "%(weekday)s, %(date)s",
    ", ",
}


def catalogue(language):
    """The catalogue of a language as it stands."""
    with (messages.LOCALE / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file, locale=language)


@pytest.fixture
def house(tmp_path, monkeypatch):
    """A small project with one page, one module and an English catalogue."""
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setattr(messages, "LOCALE", tmp_path / "locale")
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(
        '{% load i18n %}<p>\n  {% translate "Guten Tag" %}\n  {% translate "Mai" context "Monat" %}\n'
        "  {% blocktranslate trimmed count n=2 %}\n {{ n }} Anfrage\n{% plural %}{{ n }} Anfragen\n"
        "  {% endblocktranslate %}</p>"
    )
    (tmp_path / "lotsen_portal").mkdir()
    (tmp_path / "lotsen_portal" / "words.py").write_text(
        'from django.utils.translation import gettext as _, ngettext_lazy\nA = _("Anfrage")\nB = _(A)\n'
    )
    catalogue = tmp_path / "locale" / "en" / "LC_MESSAGES" / "django.po"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_text(PO)
    return tmp_path


def test_texts_of_templates_and_code_are_found(house):
    found = {(message.id, message.context) for message in messages.texts() if message.id}
    assert found == {
        ("Guten Tag", None),
        ("Mai", "Monat"),
        (("%(n)s Anfrage", "%(n)s Anfragen"), None),
        ("Anfrage", None),
    }


def test_what_is_empty_fuzzy_or_absent_is_missing(house):
    assert messages.missing("en") == ["%(n)s Anfrage", "Anfrage", "Mai"]


def test_a_compiled_catalogue_holds_what_is_translated_and_nothing_guessed(house):
    messages.compile_catalogues()
    with (house / "locale" / "en" / "LC_MESSAGES" / "django.mo").open("rb") as file:
        english = gettext.GNUTranslations(file)
    assert english.gettext("Guten Tag") == "Good day"
    assert english.gettext("Anfrage") == "Anfrage"
    assert english.ngettext("%(n)s Anfrage", "%(n)s Anfragen", 2) == "%(n)s Anfragen"


def test_updating_keeps_translations_and_adds_new_texts_empty(house):
    messages.update("en")
    text = (house / "locale" / "en" / "LC_MESSAGES" / "django.po").read_text("utf-8")
    assert 'msgid "Guten Tag"\nmsgstr "Good day"' in text
    assert 'msgctxt "Monat"\nmsgid "Mai"\nmsgstr ""' in text


def test_updating_twice_changes_nothing(house):
    path = house / "locale" / "en" / "LC_MESSAGES" / "django.po"
    messages.update("en")
    once = path.read_text("utf-8")
    messages.update("en")
    assert path.read_text("utf-8") == once


def test_every_language_of_the_portal_but_the_sources_is_complete():
    assert list(messages.COMPLETE) == [code for code, _name in settings.LANGUAGES if code != "de"]


@pytest.mark.parametrize("language", messages.COMPLETE)
def test_no_language_lacks_a_text(language):
    assert messages.missing(language) == []


@pytest.mark.parametrize("language", messages.COMPLETE)
def test_a_translation_has_the_same_placeholders_and_tags(language):
    def marks(text):
        return sorted(re.findall(r"%\(\w+\)[sd]|{\w+}|</?\w+", text))

    wrong = []
    for message in filter(lambda message: message.id, catalogue(language)):
        if isinstance(message.id, str):
            wrong += [message.id] if marks(message.string) != marks(message.id) else []
        else:
            # One and two are words of their own in some languages.
            allowed = set(marks(message.id[1]))
            wrong += [form for form in message.string if not set(marks(form)) <= allowed]
    assert wrong == []


@pytest.mark.parametrize("language", messages.COMPLETE)
def test_no_text_stays_german(language):
    same = {message.id for message in catalogue(language) if message.id and message.string == message.id}
    assert same <= SAME_AS_IN_GERMAN


@pytest.mark.parametrize("language", messages.COMPLETE)
def test_plurals_have_the_languages_own_number_of_forms(language):
    read = catalogue(language)
    forms = {len(message.string) for message in read if isinstance(message.id, tuple)}
    assert forms == {read.num_plurals} == {{"en": 2, "tr": 1, "uk": 3, "ar": 6}[language]}
