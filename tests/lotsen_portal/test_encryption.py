import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import FieldError
from django.core.management import CommandError, call_command
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from lotsen_portal.encryption import DecryptionFailed, blind_index, decrypt, encrypt
from lotsen_portal.models import OutgoingMail

ADDRESS = "amina@example.org"


@pytest.fixture
def stored(db, make_mail):
    """A mail row, and what stands in its recipient column."""

    def raw(mail):
        with connection.cursor() as cursor:
            cursor.execute("SELECT recipient FROM lotsen_portal_outgoingmail WHERE id = %s", [mail.pk])
            return cursor.fetchone()[0]

    return raw


def write_raw(mail, value):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE lotsen_portal_outgoingmail SET recipient = %s WHERE id = %s", [value, mail.pk])


@given(st.text())
def test_every_text_comes_back(text):
    assert decrypt(encrypt(text)) == text


def test_the_database_holds_no_clear_text(make_mail, stored):
    mail = make_mail(recipient=ADDRESS)
    assert ADDRESS not in stored(mail)
    assert OutgoingMail.objects.get(pk=mail.pk).recipient == ADDRESS


def test_equal_texts_have_different_tokens(make_mail, stored):
    assert stored(make_mail(recipient=ADDRESS)) != stored(make_mail(recipient=ADDRESS))


def test_an_empty_text_stays_empty_and_can_be_asked_for(make_mail, stored):
    nobody, somebody = make_mail(recipient=""), make_mail(recipient=ADDRESS)
    assert stored(nobody) == ""
    assert list(OutgoingMail.objects.filter(recipient="")) == [nobody]
    assert list(OutgoingMail.objects.exclude(recipient="")) == [somebody]


@pytest.mark.parametrize("value", [ADDRESS, "gAAAAAB", "x", encrypt(ADDRESS)[:-6] + "AAAA=="])
def test_clear_or_tampered_text_is_never_returned(make_mail, stored, value):
    mail = make_mail(recipient=ADDRESS)
    write_raw(mail, value)
    with pytest.raises(DecryptionFailed) as failure:
        OutgoingMail.objects.get(pk=mail.pk)
    assert value not in str(failure.value)


def test_without_the_key_nothing_is_readable(make_mail, settings):
    mail = make_mail(recipient=ADDRESS)
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(DecryptionFailed):
        OutgoingMail.objects.get(pk=mail.pk)


@pytest.mark.parametrize("lookup", ["recipient__contains", "recipient__in", "recipient__gt", "recipient"])
def test_searching_an_encrypted_field_is_an_error_not_an_empty_answer(db, lookup):
    with pytest.raises(FieldError):
        list(OutgoingMail.objects.filter(**{lookup: [ADDRESS] if lookup.endswith("in") else ADDRESS}))


def test_a_blind_index_is_equal_for_equal_values_of_one_scope_only():
    index = blind_index("AZ 12/Ä", scope="reference:1")
    assert index == blind_index(" az12/ä ", scope="reference:1")
    assert index != blind_index("AZ 12/Ä", scope="reference:2")
    assert index != blind_index("AZ 12/A", scope="reference:1")
    assert len(index) == 64


def test_a_blind_index_of_nothing_is_nothing():
    assert blind_index("  ", scope="phone") == ""


def test_rotation_puts_every_value_under_the_first_key(make_mail, stored, settings, capsys):
    old, new = settings.FIELD_KEYS[0], Fernet.generate_key().decode()
    mails = [make_mail(recipient=f"person{n}@example.org") for n in range(3)] + [make_mail(recipient="")]
    settings.FIELD_KEYS = [new, old]
    fresh = make_mail(recipient="new@example.org")
    call_command("rotate_keys")
    assert capsys.readouterr().out == "3 Werte neu verschlüsselt.\n"
    settings.FIELD_KEYS = [new]
    texts = [OutgoingMail.objects.get(pk=mail.pk).recipient for mail in [*mails, fresh]]
    assert texts == [mail.recipient for mail in [*mails, fresh]]
    call_command("rotate_keys")
    assert capsys.readouterr().out == "0 Werte neu verschlüsselt.\n"


def test_rotation_goes_through_more_than_one_chunk(make_mail, settings, capsys, monkeypatch):
    monkeypatch.setattr("lotsen_portal.management.commands.rotate_keys.CHUNK", 2)
    for number in range(5):
        make_mail(recipient=f"person{number}@example.org")
    settings.FIELD_KEYS = [Fernet.generate_key().decode(), *settings.FIELD_KEYS]
    call_command("rotate_keys")
    assert capsys.readouterr().out == "5 Werte neu verschlüsselt.\n"


def test_rotation_names_what_it_cannot_read_and_leaves_it(make_mail, stored, settings, capsys):
    good, bad = make_mail(recipient=ADDRESS), make_mail(recipient=ADDRESS)
    write_raw(bad, "clear text")
    settings.FIELD_KEYS = [Fernet.generate_key().decode(), *settings.FIELD_KEYS]
    with pytest.raises(CommandError, match="1 Werte sind mit keinem Schlüssel lesbar"):
        call_command("rotate_keys")
    assert stored(bad) == "clear text"
    assert OutgoingMail.objects.get(pk=good.pk).recipient == ADDRESS
    assert f"OutgoingMail {bad.pk}, recipient" in capsys.readouterr().err
