"""Put every encrypted value under the first of FIELD_KEYS, so that the old keys can go."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, models, transaction
from django.db.models.functions import Cast

from lotsen_portal.encryption import DecryptionFailed, EncryptedTextField, rotated

CHUNK = 500


class Command(BaseCommand):
    """Go through all tables in short transactions; may be stopped and started again at any time."""

    help = "Verschlüsselt alle Werte mit dem ersten der FIELD_KEYS neu."

    def handle(self, *args: Any, **options: Any) -> None:
        """Rotate all fields of all models; fail at the end if a value was not readable."""
        changed = unreadable = 0
        for model, field in _encrypted_fields():
            for good, bad in _rotate(model, field):
                changed += good
                unreadable += len(bad)
                for key in bad:
                    self.stderr.write(f"Nicht lesbar: {model._meta.label} {key}, {field.name}")
        self.stdout.write(f"{changed} Werte neu verschlüsselt.")
        if unreadable:
            raise CommandError(
                f"{unreadable} Werte sind mit keinem Schlüssel lesbar und blieben, wie sie waren."
            )


def _encrypted_fields() -> Iterator[tuple[type[models.Model], EncryptedTextField]]:
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, EncryptedTextField):
                yield model, field


def _rotate(model: type[models.Model], field: EncryptedTextField) -> Iterator[tuple[int, list[Any]]]:
    """Yield for each chunk how many values changed, and the keys of rows that cannot be read."""
    last: Any = None
    quote = connection.ops.quote_name
    column, key = str(field.column), str(model._meta.pk.column)
    update = f"UPDATE {quote(model._meta.db_table)} SET {quote(column)} = %s WHERE {quote(key)} = %s"
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            # Locked, so that nobody's edit between reading and writing is lost.
            rows = list(_after(model, field, last).select_for_update(no_key=True)[:CHUNK])
            if not rows:
                return
            fresh, bad = [], []
            for number, token in rows:
                try:
                    fresh.append((rotated(token), number))
                except DecryptionFailed:
                    bad.append(number)
            cursor.executemany(update, [row for row in fresh if row[0] is not None])
        last = rows[-1][0]
        yield sum(row[0] is not None for row in fresh), bad


def _after(
    model: type[models.Model], field: EncryptedTextField, last: Any
) -> models.QuerySet[Any, tuple[Any, str]]:
    """Return key and raw token of the rows behind a key that hold anything in this field."""
    filled = model._meta.base_manager.exclude(**{f"{field.name}__isnull": True}).exclude(**{field.name: ""})
    if last is not None:
        filled = filled.filter(pk__gt=last)
    return filled.order_by("pk").values_list("pk", Cast(field.name, models.TextField()))
