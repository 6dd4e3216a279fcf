"""The last place of a training, fought for on PostgreSQL by several at one moment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from lotsen_portal.audit import Actor
from tests.factories import NOW, make_invitation, make_session
from tests.racing import race
from volunteers import trainings
from volunteers.models import Participation, Session

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mails stay in the outbox: what is raced for is the database."""
    monkeypatch.setattr("lotsen_portal.outbox.nudge", lambda: None)


def answer(verb: Callable[..., None], row: Participation) -> Callable[[], None]:
    return lambda: verb(row.pk, by=Actor.volunteer(row.volunteer_id), now=NOW)


def standing(session: Session) -> Counter[str]:
    return Counter(session.participations.values_list("state", flat=True))


def test_one_of_many_gets_the_last_place() -> None:
    session = make_session(places=1)
    rows = [make_invitation(session) for _many in range(8)]

    results = race(*(answer(trainings.take_place, row) for row in rows))

    assert Counter(type(result).__name__ for result in results) == {"NoneType": 1, "Full": 7}
    assert standing(session) == {"yes": 1, "invited": 7}


def test_two_who_give_back_at_once_let_two_move_up() -> None:
    session = make_session(places=2)
    leaving = [make_invitation(session, state="yes") for _two in range(2)]
    for _three in range(3):
        make_invitation(session, state="waiting")

    results = race(*(answer(trainings.decline, row) for row in leaving))

    assert results == [None, None]
    assert standing(session) == {"cancelled": 2, "yes": 2, "waiting": 1}


def test_the_database_alone_keeps_the_last_place_single() -> None:
    session = make_session(places=1)
    rows = [make_invitation(session) for _many in range(6)]

    def bare(row: Participation) -> Callable[[], int]:
        return lambda: Participation.objects.filter(pk=row.pk).update(state="yes")

    results = race(*(bare(row) for row in rows))

    assert Counter(type(result).__name__ for result in results) == {"int": 1, "IntegrityError": 5}
