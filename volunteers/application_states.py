"""States and legal moves of an application; imports nothing of ours.

The model makes its CHECK and its trigger from this table, pages draw buttons from it, `recruitment` checks
verbs against it. A move is verb -> (states it may start from, state it leads to, who may).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Who(StrEnum):
    """Who may call a verb; the values are those of the log's actor kinds, CLIENT whoever applies."""

    OFFICE = "office"
    CLIENT = "client"


class ApplicationState(StrEnum):
    """Where somebody stands who would like to help."""

    UNCONFIRMED = "unconfirmed"
    RECEIVED = "received"
    INTERVIEW = "interview"
    PAPERS = "papers"
    TRAINING = "training"
    WAITING = "waiting"
    ACTIVE = "active"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


A = ApplicationState

# On the office's board, in the order of the road.
RUNNING: Final = (A.RECEIVED, A.INTERVIEW, A.PAPERS, A.TRAINING, A.WAITING)
ENDED: Final = (A.ACTIVE, A.DECLINED, A.WITHDRAWN)
# The person has a volunteer's record from here on.
KNOWN: Final = (A.PAPERS, A.TRAINING, A.ACTIVE)

_OFFICE: Final = frozenset({Who.OFFICE})
_BOTH: Final = frozenset(Who)

APPLICATION_MOVES: Final[dict[str, tuple[frozenset[A], A, frozenset[Who]]]] = {
    # By the mailed link, or the office heard it on the telephone.
    "confirm": (frozenset({A.UNCONFIRMED}), A.RECEIVED, _BOTH),
    "interview": (frozenset({A.RECEIVED, A.INTERVIEW, A.WAITING}), A.INTERVIEW, _OFFICE),
    "ask_papers": (frozenset({A.RECEIVED, A.INTERVIEW, A.WAITING}), A.PAPERS, _OFFICE),
    "train": (frozenset({A.PAPERS}), A.TRAINING, _OFFICE),
    "finish": (frozenset({A.PAPERS, A.TRAINING}), A.ACTIVE, _OFFICE),
    "wait": (frozenset({A.RECEIVED, A.INTERVIEW, A.PAPERS}), A.WAITING, _OFFICE),
    "decline": (frozenset(RUNNING), A.DECLINED, _OFFICE),
    "withdraw": (frozenset({A.UNCONFIRMED, *RUNNING}), A.WITHDRAWN, _BOTH),
    # A wrong click, or somebody thought again.
    "reconsider": (frozenset({A.DECLINED, A.WITHDRAWN}), A.RECEIVED, _OFFICE),
}
