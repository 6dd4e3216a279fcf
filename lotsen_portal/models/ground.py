"""What the models of all apps have in common: periods and guarded states."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import TypeVar

import pgtrigger
from django.db.models import DurationField, ExpressionWrapper, F, Func, Q, Value
from django.db.models.fields import DateTimeField
from django.db.models.lookups import LessThanOrEqual

S = TypeVar("S", bound=StrEnum)

LONGEST_PERIOD = timedelta(hours=24)


class _Edge(Func):
    output_field = DateTimeField()


def begins(field: str) -> Func:
    """The beginning of a period column as an expression."""
    return _Edge(F(field), function="lower")


def ends(field: str) -> Func:
    """The end of a period column as an expression."""
    return _Edge(F(field), function="upper")


def sound_period(field: str) -> Q:
    """A period is null, or bounded, not empty, half open and at most 24 hours long."""
    length = ExpressionWrapper(ends(field) - begins(field), output_field=DurationField())
    sound = Q(
        **{
            f"{field}__isempty": False,
            f"{field}__lower_inf": False,
            f"{field}__upper_inf": False,
            f"{field}__lower_inc": True,
            f"{field}__upper_inc": False,
        }
    )
    return Q(**{f"{field}__isnull": True}) | (
        sound & Q(LessThanOrEqual(length, Value(LONGEST_PERIOD, output_field=DurationField())))
    )


def guarded(name: str, moves: Mapping[str, tuple[frozenset[S], S, frozenset[StrEnum]]]) -> pgtrigger.FSM:
    """A trigger that refuses every update of `state` that no verb knows, bulk ones too."""
    transitions = sorted(
        {(str(before), str(after)) for froms, after, _ in moves.values() for before in froms}
    )
    return pgtrigger.FSM(name=name, field="state", transitions=transitions)


def values_of(states: type[StrEnum]) -> list[str]:
    """The values of a state column, in a stable order for its CHECK."""
    return [state.value for state in states]
