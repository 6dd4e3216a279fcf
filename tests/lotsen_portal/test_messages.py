import gettext

import pytest

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


@pytest.mark.parametrize("language", messages.COMPLETE)
def test_a_language_declared_complete_lacks_no_text(language):
    assert messages.missing(language) == []
