"""Typed reading of the environment: what is missing or malformed stops the start with one sentence.

Each value may also stand in a file: NAME_FILE names it. Sentences never show a value, which may be secret.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final, NoReturn
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from cryptography.fernet import Fernet

YES: Final = {"1", "true", "yes", "on"}
NO: Final = {"0", "false", "no", "off", ""}


class WrongSetting(SystemExit):
    """Ends the process with a sentence and status 1, without a traceback."""


def text(name: str, default: str | None = None) -> str:
    """Return the value of NAME, or what is in the file that NAME_FILE names; stop where neither is set."""
    value, path = os.environ.get(name), os.environ.get(f"{name}_FILE")
    if value and path:
        _stop(name, f"ist doppelt angegeben: {name} und {name}_FILE schließen sich aus")
    if path:
        try:
            value = Path(path).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            _stop(
                name,
                f"ist nicht lesbar: Die Datei aus {name}_FILE ist nicht zu öffnen ({type(error).__name__})",
            )
    if value:
        return value.strip()
    if default is None:
        _stop(name, f"fehlt: Bitte setzen Sie die Umgebungsvariable {name} oder {name}_FILE")
    return default


def secret(name: str, *, shortest: int = 32) -> str:
    """Return a secret of at least `shortest` characters, not made of a few repeated ones."""
    value = text(name)
    if len(value) < shortest or len(set(value)) < 8:
        _stop(name, f"ist zu schwach: Es braucht mindestens {shortest} zufällige Zeichen")
    return value


def fernet_keys(name: str) -> list[str]:
    """Return the keys of encrypted fields, the first of which encrypts."""
    keys = words(name)
    for key in keys:
        try:
            Fernet(key)
        except ValueError:
            _stop(name, "ist falsch: Es muss eine Liste von Fernet-Schlüsseln sein, durch Komma getrennt")
    return keys


def words(name: str, default: list[str] | None = None) -> list[str]:
    """Return the parts of a comma-separated list, at least one unless there is a default."""
    value = text(name, None if default is None else ",".join(default))
    found = [part.strip() for part in value.split(",") if part.strip()]
    if not found and default is None:
        _stop(name, "ist leer: Es muss mindestens einen Eintrag geben")
    return found


def number(name: str, default: int, *, least: int = 0) -> int:
    """Return a whole number that is not smaller than `least`."""
    value = text(name, str(default))
    if not value.isdecimal() or int(value) < least:
        _stop(name, f"ist falsch: Es muss eine ganze Zahl ab {least} sein")
    return int(value)


def switch(name: str, *, default: bool) -> bool:
    """Return whether something is switched on (1, true, yes, on) or off (0, false, no, off)."""
    value = text(name, "1" if default else "0").lower()
    if value not in YES | NO:
        _stop(name, "ist falsch: Erlaubt sind 1 und 0")
    return value in YES


def address(name: str, schemes: set[str], default: str | None = None) -> SplitResult:
    """Return a URL of one of these schemes, with a host."""
    url = _url(name, schemes, text(name, default))
    if not url.hostname:
        _stop(name, "ist falsch: In der Adresse fehlt der Rechnername")
    return url


def database(name: str) -> dict[str, Any]:
    """Return Django's settings of a PostgreSQL database from postgresql://user:password@host:port/name?sslmode=..."""
    url = address(name, {"postgresql", "postgres"})
    base = url.path.strip("/")
    if not base:
        _stop(name, "ist falsch: In der Adresse fehlt der Name der Datenbank")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(base),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": url.hostname,
        "PORT": str(url.port or 5432),
        "OPTIONS": dict(parse_qsl(url.query)),
    }


def email(name: str) -> dict[str, Any]:
    """Return Django's EMAIL_ settings from smtp://user:password@host:port?tls=starttls|ssl|none or file:///folder.

    Without `tls` the connection is upgraded by STARTTLS, except to port 465 (TLS from the start).
    """
    url = _url(name, {"smtp", "file"}, text(name))
    if url.scheme == "file":
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": unquote(url.path),
        }
    if not url.hostname:
        _stop(name, "ist falsch: In der Adresse fehlt der Rechnername")
    port = url.port or 587
    tls = dict(parse_qsl(url.query)).get("tls", "ssl" if port == 465 else "starttls")
    if tls not in {"starttls", "ssl", "none"}:
        _stop(name, "ist falsch: tls muss starttls, ssl oder none sein")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": url.hostname,
        "EMAIL_PORT": port,
        "EMAIL_HOST_USER": unquote(url.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(url.password or ""),
        "EMAIL_USE_TLS": tls == "starttls",
        "EMAIL_USE_SSL": tls == "ssl",
        "EMAIL_TIMEOUT": 10,
    }


def mailbox(name: str) -> str:
    """Return the address of a mailbox, imaps://, imap:// or maildir://; "" where there is none."""
    value = text(name, "")
    if not value:
        return ""
    url = _url(name, {"imap", "imaps", "maildir"}, value)
    if url.scheme == "maildir" and not url.path.strip("/"):
        _stop(name, "ist falsch: In der Adresse fehlt der Ordner")
    if url.scheme != "maildir" and not (url.hostname and url.username and url.password):
        _stop(name, "ist falsch: In der Adresse fehlen Rechner, Name oder Passwort")
    return value


def _url(name: str, schemes: set[str], value: str) -> SplitResult:
    try:
        url = urlsplit(value)
        _ = url.port  # read here, since a wrong one raises only when asked for
    except ValueError:
        _stop(name, "ist falsch: Es ist keine gültige Adresse")
    if url.scheme not in schemes:
        _stop(
            name,
            f"ist falsch: Die Adresse muss mit {' oder '.join(f'{s}://' for s in sorted(schemes))} beginnen",
        )
    return url


def _stop(name: str, what: str) -> NoReturn:
    raise WrongSetting(f"Die Einstellung {name} {what}.")
