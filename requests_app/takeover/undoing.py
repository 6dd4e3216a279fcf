"""What speaks against taking an import back: whatever happened to its records since."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db.models import ForeignKey

from lotsen_portal.models import LogEntry

SHOWN = 3


def hindrances(
    model: Any,
    kind: str,
    made: Sequence[int],
    changed: Collection[int],
    since: datetime,
    *,
    own: tuple[str, ...],
) -> list[str]:
    """Sentences about records that were changed since or that something refers to; none means it is safe.

    `own` are the tables (by label) that were written with the record and go with it.
    """
    later = LogEntry.objects.filter(kind=kind, number__in=[*made, *changed], at__gt=since)
    touched = set(later.values_list("number", flat=True))
    found = [*_named(model, touched, "wurde seither geändert")]
    held: set[int] = set()
    for relation in model._meta.related_objects:
        other: Any = relation.related_model
        if other._meta.label_lower in own:
            continue
        if isinstance(relation.field, ForeignKey):
            rows = other.objects.filter(**{f"{relation.field.name}__in": made})
            held |= set(rows.values_list(relation.field.attname, flat=True))
    found += _named(model, held - touched, "wird schon gebraucht")
    return found


def _named(model: Any, numbers: Collection[int], why: str) -> list[str]:
    names = [str(row) for row in model.objects.filter(pk__in=numbers).order_by("pk")[:SHOWN]]
    found = [f"{name} {why}." for name in names]
    if len(numbers) > len(names) and names:
        found.append(f"Dasselbe gilt für {len(numbers) - len(names)} weitere.")
    return found
