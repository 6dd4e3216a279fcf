"""Personal data at rest: an encrypted text field, and a blind index to find a value without reading it."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import FieldError
from django.db import models
from django.db.models.lookups import Exact, IsNull

if TYPE_CHECKING:
    _TextField = models.TextField[str, str]
else:
    _TextField = models.TextField  # generic for the type checker only


class DecryptionFailed(Exception):
    """A stored value cannot be read with the keys at hand: tampered with, clear text, or a key is missing."""


def encrypt(text: str) -> str:
    """Return the token to store for this text; an empty text stays empty."""
    return _fernet(tuple(settings.FIELD_KEYS)).encrypt(text.encode()).decode() if text else ""


def decrypt(token: str) -> str:
    """Return the text of a stored token; raise DecryptionFailed, never return what was given."""
    if not token:
        return ""
    try:
        return _fernet(tuple(settings.FIELD_KEYS)).decrypt(token.encode()).decode()
    except InvalidToken:
        raise DecryptionFailed("Ein verschlüsselter Wert ist nicht lesbar.") from None


def rotated(token: str) -> str | None:
    """Return the same text under the first key, or None where it already is; raise DecryptionFailed."""
    keys = tuple(settings.FIELD_KEYS)
    try:
        _fernet(keys[:1]).decrypt(token.encode())
    except InvalidToken:
        try:
            return _fernet(keys).rotate(token.encode()).decode()
        except InvalidToken:
            raise DecryptionFailed("Ein verschlüsselter Wert ist nicht lesbar.") from None
    return None


def blind_index(value: str, *, scope: str) -> str:
    """Return 64 hex digits that are equal for equal values of one scope and say nothing else.

    Case, blanks and Unicode forms do not count. Empty stays empty, so that unset values never meet.
    The scope (such as "reference:17") keeps values of different owners apart.
    """
    normal = "".join(unicodedata.normalize("NFKC", value).casefold().split())
    if not normal:
        return ""
    return hmac.new(settings.INDEX_KEY.encode(), f"{scope}\0{normal}".encode(), hashlib.sha256).hexdigest()


class EncryptedTextField(_TextField):
    """A text that is clear in Python and a Fernet token in the database.

    It can be asked for as null or empty only: equal texts have different tokens.
    """

    def get_prep_value(self, value: Any) -> Any:
        """Return the token to store."""
        value = super().get_prep_value(value)
        return value if value is None else encrypt(value)

    def from_db_value(self, value: str | None, *_: object) -> str | None:
        """Return the clear text; raise DecryptionFailed."""
        return value if value is None else decrypt(value)

    def get_lookup(self, lookup_name: str) -> Any:
        """Return the two lookups that can work; None (an error in Django) for every other."""
        return {"exact": _EmptyOnly, "isnull": IsNull}.get(lookup_name)


class _EmptyOnly(Exact):
    def get_prep_lookup(self) -> Any:
        if self.rhs != "":
            raise FieldError("An encrypted field can only be compared with the empty text.")
        return self.rhs


@lru_cache(maxsize=8)
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])
