"""Random verbs by random actors with a moving clock, on the real database: see `tests/life.py`."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.life import Life

pytestmark = pytest.mark.django_db

CALM = {"deadline": None, "suppress_health_check": list(HealthCheck), "print_blob": True}


def test_whatever_anybody_does_nothing_is_lost_or_doubled() -> None:
    short = settings(max_examples=4, stateful_step_count=25, derandomize=True, database=None, **CALM)

    run_state_machine_as_test(Life, settings=short)


@pytest.mark.long
def test_whatever_anybody_does_for_long_nothing_is_lost_or_doubled() -> None:
    without_explaining = [phase for phase in Phase if phase != Phase.explain]

    long = settings(
        max_examples=40,
        stateful_step_count=40,
        derandomize=True,
        database=None,
        phases=without_explaining,
        **CALM,
    )

    run_state_machine_as_test(Life, settings=long)
