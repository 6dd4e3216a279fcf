from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from lotsen_portal import environment
from lotsen_portal.environment import WrongSetting


@pytest.fixture
def put(monkeypatch):
    """Set one variable named X."""
    return lambda value: monkeypatch.setenv("X", value)


def sentence(read, *arguments, **keywords):
    with pytest.raises(WrongSetting) as stop:
        read(*arguments, **keywords)
    return str(stop.value)


def test_a_missing_value_is_named_in_one_sentence():
    assert sentence(environment.text, "X") == (
        "Die Einstellung X fehlt: Bitte setzen Sie die Umgebungsvariable X oder X_FILE."
    )


def test_an_empty_value_is_missing(put):
    put("")
    assert "X fehlt" in sentence(environment.text, "X")


def test_a_default_stands_in():
    assert environment.text("X", "here") == "here"


def test_a_value_may_stand_in_a_file(monkeypatch, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("from the file\n")
    monkeypatch.setenv("X_FILE", str(secret))
    assert environment.text("X") == "from the file"


def test_a_file_that_cannot_be_read_is_named_by_its_variable(monkeypatch, tmp_path):
    monkeypatch.setenv("X_FILE", str(tmp_path / "none"))
    assert sentence(environment.text, "X").startswith("Die Einstellung X ist nicht lesbar")


def test_value_and_file_together_are_refused(monkeypatch, put):
    put("one")
    monkeypatch.setenv("X_FILE", "/two")
    assert "doppelt" in sentence(environment.text, "X")


@pytest.mark.parametrize("weak", ["short", "a" * 60, "ab" * 30])
def test_a_weak_secret_is_refused_and_never_shown(put, weak):
    put(weak)
    said = sentence(environment.secret, "X")
    assert "X ist zu schwach" in said
    assert weak not in said


def test_a_strong_secret_is_taken(put):
    put("0123456789abcdefghijklmnopqrstuvwxyz")
    assert environment.secret("X") == "0123456789abcdefghijklmnopqrstuvwxyz"


def test_several_keys_are_taken_in_their_order(put):
    keys = [Fernet.generate_key().decode() for _ in range(2)]
    put(" , ".join(keys))
    assert environment.fernet_keys("X") == keys


@pytest.mark.parametrize("wrong", ["no-key", ",", "AAAA,BBBB"])
def test_a_wrong_key_is_refused(put, wrong):
    put(wrong)
    assert sentence(environment.fernet_keys, "X").startswith("Die Einstellung X ist")


@pytest.mark.parametrize("wrong", ["-1", "1.5", "many", "0"])
def test_a_number_is_whole_and_large_enough(put, wrong):
    put(wrong)
    assert "ganze Zahl ab 1" in sentence(environment.number, "X", 4, least=1)


@pytest.mark.parametrize(("value", "meant"), [("1", True), ("TRUE", True), ("off", False), ("0", False)])
def test_a_switch_is_on_or_off(put, value, meant):
    put(value)
    assert environment.switch("X", default=not meant) is meant


def test_a_switch_is_nothing_else(put):
    put("perhaps")
    assert "Erlaubt sind 1 und 0" in sentence(environment.switch, "X", default=True)


def test_a_database_url_says_all(put):
    put("postgresql://us%40er:pa%2Fss@db.example:6543/por%20tal?sslmode=require")
    assert environment.database("X") == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "por tal",
        "USER": "us@er",
        "PASSWORD": "pa/ss",
        "HOST": "db.example",
        "PORT": "6543",
        "OPTIONS": {"sslmode": "require"},
    }


@pytest.mark.parametrize(
    "wrong",
    ["mysql://db/portal", "postgresql://db", "postgresql:///portal", "postgresql://db:port/portal", "portal"],
)
def test_a_wrong_database_url_is_refused(put, wrong):
    put(wrong)
    assert sentence(environment.database, "X").startswith("Die Einstellung X ist falsch")


@pytest.mark.parametrize(
    ("url", "port", "starttls", "tls"),
    [
        ("smtp://mail.example", 587, True, False),
        ("smtp://mail.example:465", 465, False, True),
        ("smtp://mail.example:25?tls=none", 25, False, False),
        ("smtp://mail.example:2525?tls=ssl", 2525, False, True),
    ],
)
def test_mail_is_encrypted_unless_said_otherwise(put, url, port, starttls, tls):
    put(url)
    found = environment.email("X")
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"]) == ("mail.example", port)
    assert (found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (starttls, tls)


def test_mail_may_go_into_a_folder_with_a_space(put):
    put("file:///some/where%20else")
    assert environment.email("X") == {
        "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        "EMAIL_FILE_PATH": str(Path("/some/where else")),
    }


@pytest.mark.parametrize("wrong", ["imap://mail", "smtp://", "smtp://mail?tls=maybe", "mail.example:25"])
def test_a_wrong_mail_url_is_refused(put, wrong):
    put(wrong)
    assert sentence(environment.email, "X").startswith("Die Einstellung X ist falsch")
