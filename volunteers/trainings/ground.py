"""What the verbs of trainings share: locks in a fixed order, legal moves, a line in the log."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from lotsen_portal import audit
from lotsen_portal.audit import Actor
from lotsen_portal.verbs import NotPossible
from volunteers.models import Participation, Session
from volunteers.states import Who
from volunteers.training_states import PLACE_MOVES, SESSION_MOVES, SessionState
from volunteers.trainings.errors import CalledOff, Full, Over, TooFew

SESSION: Final = "session"
PARTICIPATION: Final = "participation"

# Later than this nobody moves up unasked: people have made other plans by then.
MOVES_UP_UNTIL: Final = timedelta(hours=24)

# The constraint that decides who gets the last place, and what the slower one is told.
LAST_PLACE: Final[Mapping[str, type[NotPossible]]] = {"no_more_yes_than_places": Full}
TOO_MANY_YES: Final[Mapping[str, type[NotPossible]]] = {"no_more_yes_than_places": TooFew}


def lock(session: int) -> Session:
    """Lock one session by number and read it as it is now; its invitations change under this lock only."""
    return Session.objects.select_for_update(of=("self",), no_key=True).get(pk=session)


def lock_behind(participation: int) -> tuple[Session, Participation]:
    """Lock the session behind an invitation, then read the invitation as it is now."""
    session = lock(Participation.objects.values_list("session_id", flat=True).get(pk=participation))
    record = Participation.objects.select_related("volunteer").get(pk=participation)
    record.session = session
    return session, record


def may(record: Session | Participation, move: str, by: Actor) -> bool:
    """Whether this actor may make this move from the record's present state."""
    froms, _to, who = _moves_of(record)[move]
    return record.state in froms and by.kind.value in {one.value for one in who}


def make(record: Session | Participation, move: str, *, by: Actor, now: datetime, **changes: object) -> None:
    """Make a legal move, write the named other fields with it, and log it; else raise NotPossible."""
    if not may(record, move, by):
        raise NotPossible
    before, record.state = record.state, _moves_of(record)[move][1].value
    for name, value in changes.items():
        setattr(record, name, value)
    record.save(update_fields=["state", *changes])
    kind = SESSION if isinstance(record, Session) else PARTICIPATION
    audit.record(by, move, kind=kind, number=record.pk, before=before, after=record.state, at=now)


def refuse_unless_coming(session: Session, *, by: Actor, now: datetime) -> None:
    """Raise the refusal that says why nobody can answer for this session any more.

    The office may still note an answer after the beginning, until attendance is taken.
    """
    if session.state == SessionState.CANCELLED:
        raise CalledOff
    begun = session.has_begun(now=now) and by.kind.value != Who.OFFICE
    if begun or session.state == SessionState.HELD:
        raise Over


def free_places(session: Session) -> int:
    """How many places nobody has yet; the session is locked."""
    return int(session.places) - session.participations.with_a_place().count()


def _moves_of(record: Session | Participation) -> Mapping[str, Any]:
    return SESSION_MOVES if isinstance(record, Session) else PLACE_MOVES
