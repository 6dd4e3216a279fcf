"""States and legal moves of training sessions and of who takes part; imports only who acts.

Models make CHECKs and triggers from these tables, pages draw buttons from them, `trainings` checks verbs
against them. A move is verb -> (states it may start from, state it leads to, who may).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from volunteers.states import Who


class SessionState(StrEnum):
    """Where a training session stands."""

    PLANNED = "planned"
    CANCELLED = "cancelled"
    HELD = "held"


class PlaceState(StrEnum):
    """Where somebody who was invited to a session stands."""

    INVITED = "invited"
    YES = "yes"
    NO = "no"
    WAITING = "waiting"
    CANCELLED = "cancelled"
    ATTENDED = "attended"
    ABSENT = "absent"


S = SessionState
P = PlaceState

_OFFICE: Final = frozenset({Who.OFFICE})
_ANSWER: Final = frozenset({Who.OFFICE, Who.VOLUNTEER})

# Who has not said what counts, or may still change it.
FREE_TO_COME: Final = frozenset({P.INVITED, P.NO, P.CANCELLED})
# After a session: whether somebody was there.
MARKED: Final = frozenset({P.ATTENDED, P.ABSENT})

SESSION_MOVES: Final[dict[str, tuple[frozenset[S], S, frozenset[Who]]]] = {
    "cancel": (frozenset({S.PLANNED}), S.CANCELLED, _OFFICE),
    "hold": (frozenset({S.PLANNED}), S.HELD, _OFFICE),
}

PLACE_MOVES: Final[dict[str, tuple[frozenset[P], P, frozenset[Who]]]] = {
    # Somebody who had said no, or who came off the list, is invited once more.
    "invite_again": (frozenset({P.NO, P.CANCELLED}), P.INVITED, _OFFICE),
    "take_place": (FREE_TO_COME | {P.WAITING}, P.YES, _ANSWER),
    "queue": (FREE_TO_COME, P.WAITING, _ANSWER),
    "move_up": (frozenset({P.WAITING}), P.YES, frozenset(Who)),
    "decline": (frozenset({P.INVITED, P.WAITING}), P.NO, frozenset(Who)),
    "give_back": (frozenset({P.YES}), P.CANCELLED, frozenset(Who)),
    # Whoever came without a yes was there all the same, and a wrong tick can be taken back.
    "attend": (frozenset(P) - {P.ATTENDED}, P.ATTENDED, _OFFICE),
    "miss": (frozenset({P.YES, P.ATTENDED}), P.ABSENT, _OFFICE),
}
