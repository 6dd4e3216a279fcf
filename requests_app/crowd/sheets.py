"""Rows for PostgreSQL's COPY: columns by field names, everything not named takes the field's default."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Final, TypeAlias

from django.db import connection, models
from django.db.models import Max, QuerySet

Value: TypeAlias = "str | int | bool | date | datetime | list[int] | dict[str, int] | None"

_ESCAPES: Final = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
_NULL: Final = r"\N"


def written(value: Value) -> str:
    """Return a value as COPY reads it; times are aware."""
    if value is None:
        return _NULL
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, list):
        return "{" + ",".join(map(str, value)) + "}"
    if isinstance(value, dict):
        return json.dumps(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value).translate(_ESCAPES)


def period(start: datetime, end: datetime) -> str:
    """Return a half-open period as PostgreSQL writes it."""
    return f'["{start.isoformat()}","{end.isoformat()}")'


class Sheet:
    """The rows of one table on their way in; `add` numbers them on from what the table holds."""

    def __init__(self, model: type[models.Model], *names: str) -> None:
        fields = {field.name: field for field in model._meta.concrete_fields}
        self.model = model
        key = model._meta.pk.name
        self.numbered = key not in names
        self.last: int = (QuerySet(model).aggregate(last=Max("pk"))["last"] or 0) if self.numbered else 0
        rest = [
            field
            for name, field in fields.items()
            if name not in names and not (self.numbered and name == key)
        ]
        columns = [*([key] if self.numbered else []), *names]
        self.columns = [str(fields[name].column) for name in columns] + [str(field.column) for field in rest]
        self.tail = "".join(f"\t{written(_preset(field))}" for field in rest) + "\n"
        self.lines: list[str] = []

    def add(self, *values: Value) -> int:
        """Note a row; returns its number."""
        self.last += 1
        number = f"{self.last}\t" if self.numbered else ""
        self.lines.append(number + "\t".join(map(written, values)) + self.tail)
        return self.last

    def write(self) -> None:
        """Copy the noted rows into the table and let the table's own numbering go on behind them."""
        table, quote = self.model._meta.db_table, connection.ops.quote_name
        columns = ", ".join(map(quote, self.columns))
        with connection.cursor() as cursor:
            with cursor.copy(f"copy {quote(table)} ({columns}) from stdin") as copy:
                copy.write("".join(self.lines))
            if self.numbered:
                cursor.execute(
                    "select setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, max(self.last, 1)]
                )
        self.lines.clear()


def write_all(sheets: Sequence[Sheet]) -> None:
    """Write several sheets, in an order in which rows find what they refer to."""
    for sheet in sheets:
        if sheet.lines:
            sheet.write()


def _preset(field: models.Field[object, object]) -> Value:
    value = field.get_default()
    return value if isinstance(value, str | int | bool | date | list | dict) else None
