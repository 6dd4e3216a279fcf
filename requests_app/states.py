"""States and legal moves of request, offer, assignment and registration; imports nothing of ours.

Models make CHECKs and triggers from these tables, pages draw buttons from them, workflow checks verbs
against them. A move is verb -> (states it may start from, state it leads to, who may).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Who(StrEnum):
    """Who may call a verb; the values are those of the log's actor kinds."""

    OFFICE = "office"
    MEMBER = "member"
    VOLUNTEER = "volunteer"
    CLIENT = "client"
    CLOCK = "clock"


class RequestState(StrEnum):
    """Where a request stands."""

    NEW = "new"
    OPEN = "open"
    OFFERED = "offered"
    CONFIRMED = "confirmed"
    DONE = "done"
    CANCELLED = "cancelled"
    UNFILLED = "unfilled"
    REJECTED = "rejected"


class OfferState(StrEnum):
    """Where the question to one volunteer stands."""

    PENDING = "pending"
    WILLING = "willing"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    NOT_CHOSEN = "not_chosen"


class AssignmentState(StrEnum):
    """Where an agreed appointment stands, outcomes included."""

    AGREED = "agreed"
    TOOK_PLACE = "took_place"
    CLIENT_ABSENT = "client_absent"
    LOTSE_ABSENT = "lotse_absent"
    CANCELLED_LATE = "cancelled_late"
    OTHER = "other"
    CANCELLED = "cancelled"
    STEPPED_DOWN = "stepped_down"
    CHANGED = "changed"


class RegistrationState(StrEnum):
    """Where an institution stands that asked to be taken in."""

    UNCONFIRMED = "unconfirmed"
    CONFIRMED = "confirmed"
    APPROVED = "approved"
    DECLINED = "declined"


class TakeoverState(StrEnum):
    """Where a spreadsheet stands whose rows are to be taken over."""

    MAPPING = "mapping"
    CHECKING = "checking"
    CHECKED = "checked"
    WRITING = "writing"
    WRITTEN = "written"
    UNDOING = "undoing"
    UNDONE = "undone"


class CampaignState(StrEnum):
    """Where a search that asks people by and by stands."""

    RUNNING = "running"
    PAUSED = "paused"
    EXHAUSTED = "exhausted"
    FINISHED = "finished"
    STOPPED = "stopped"


R = RequestState
O = OfferState  # noqa: E741
A = AssignmentState
G = RegistrationState
C = CampaignState
T = TakeoverState

FINAL: Final = frozenset({R.DONE, R.CANCELLED, R.UNFILLED, R.REJECTED})
LIVE: Final = frozenset({A.AGREED, A.TOOK_PLACE})
SETTLED: Final = frozenset({A.TOOK_PLACE, A.CLIENT_ABSENT, A.LOTSE_ABSENT, A.CANCELLED_LATE, A.OTHER})
UNANSWERED: Final = frozenset({O.PENDING, O.WILLING})
# A request has at most one search in one of these.
SEARCHING: Final = frozenset({C.RUNNING, C.PAUSED, C.EXHAUSTED})

_OFFICE: Final = frozenset({Who.OFFICE})
_ASKER: Final = frozenset({Who.OFFICE, Who.MEMBER, Who.CLIENT})
_ANSWER: Final = frozenset({Who.OFFICE, Who.VOLUNTEER})


REQUEST_MOVES: Final[dict[str, tuple[frozenset[R], R, frozenset[Who]]]] = {
    "approve": (frozenset({R.NEW}), R.OPEN, _OFFICE),
    # A change met a rule that wants the office's look.
    "look_again": (
        frozenset({R.OPEN, R.OFFERED, R.CONFIRMED}),
        R.NEW,
        frozenset({Who.MEMBER, Who.CLIENT, Who.VOLUNTEER}),
    ),
    "reject": (frozenset({R.NEW, R.OPEN}), R.REJECTED, _OFFICE),
    "ask": (frozenset({R.OPEN, R.OFFERED}), R.OFFERED, frozenset({Who.OFFICE, Who.CLOCK})),
    # The last unanswered offer ended without a yes: the request needs a decision again.
    "fall_back": (frozenset({R.OFFERED}), R.OPEN, frozenset(Who)),
    "agree": (frozenset({R.OFFERED}), R.CONFIRMED, _ANSWER),
    # Time, place or language changed: whoever had agreed is asked again.
    "change": (frozenset({R.CONFIRMED}), R.OFFERED, _ASKER),
    "step_down": (frozenset({R.CONFIRMED}), R.OPEN, _ANSWER),
    # The time is not known any more: whoever asked wants to be called.
    "want_call": (frozenset({R.OFFERED, R.CONFIRMED}), R.OPEN, _ASKER),
    # The office at any time; else by what both sides report, or by the clock after one report alone.
    "finish": (frozenset({R.CONFIRMED}), R.DONE, frozenset(Who)),
    "cancel": (frozenset({R.NEW, R.OPEN, R.OFFERED, R.CONFIRMED}), R.CANCELLED, _ASKER),
    # A call for somebody without an appointment: its Lotse ends it, and calls off what is not needed.
    "finish_call": (frozenset({R.CONFIRMED}), R.DONE, _ANSWER),
    "call_off": (frozenset({R.OPEN}), R.CANCELLED, _ANSWER),
    "give_up": (frozenset({R.OPEN, R.OFFERED}), R.UNFILLED, frozenset({Who.OFFICE, Who.CLOCK})),
    # Corrections of a wrong click, each with a reason.
    "undo_finish": (frozenset({R.DONE}), R.CONFIRMED, _OFFICE),
    "reopen_unfilled": (frozenset({R.UNFILLED}), R.OPEN, _OFFICE),
    "reopen_rejected": (frozenset({R.REJECTED}), R.OPEN, _OFFICE),
    "reopen_cancelled": (frozenset({R.CANCELLED}), R.OPEN, _OFFICE),
}

OFFER_MOVES: Final[dict[str, tuple[frozenset[O], O, frozenset[Who]]]] = {
    "accept": (frozenset({O.PENDING, O.WILLING}), O.ACCEPTED, _ANSWER),
    "be_willing": (frozenset({O.PENDING}), O.WILLING, _ANSWER),
    "decline": (frozenset({O.PENDING, O.WILLING}), O.DECLINED, _ANSWER),
    # The request changed: who was willing is asked about the new version.
    "renew": (frozenset({O.WILLING}), O.PENDING, _ASKER),
    "expire": (frozenset({O.PENDING}), O.EXPIRED, frozenset({Who.CLOCK})),
    "withdraw": (frozenset({O.PENDING, O.WILLING}), O.WITHDRAWN, frozenset(Who)),
    "thank": (frozenset({O.PENDING, O.WILLING}), O.NOT_CHOSEN, frozenset(Who)),
    # An agreed appointment ended: the offer behind it is no longer the accepted one.
    "release": (frozenset({O.ACCEPTED}), O.WITHDRAWN, frozenset(Who)),
    # The office noted the wrong answer from a telephone call.
    "correct_no": (frozenset({O.DECLINED}), O.PENDING, _OFFICE),
}

ASSIGNMENT_MOVES: Final[dict[str, tuple[frozenset[A], A, frozenset[Who]]]] = {
    "finish": (frozenset({A.AGREED}), A.TOOK_PLACE, frozenset(Who)),
    "client_absent": (frozenset({A.AGREED}), A.CLIENT_ABSENT, frozenset(Who)),
    "lotse_absent": (frozenset({A.AGREED}), A.LOTSE_ABSENT, frozenset(Who)),
    "cancelled_late": (frozenset({A.AGREED}), A.CANCELLED_LATE, frozenset(Who)),
    "other": (frozenset({A.AGREED}), A.OTHER, frozenset(Who)),
    "finish_call": (frozenset({A.AGREED}), A.TOOK_PLACE, _ANSWER),
    "call_unanswered": (frozenset({A.AGREED}), A.CLIENT_ABSENT, _ANSWER),
    "cancel": (frozenset({A.AGREED}), A.CANCELLED, frozenset(Who)),
    "step_down": (frozenset({A.AGREED}), A.STEPPED_DOWN, _ANSWER),
    "change": (frozenset({A.AGREED}), A.CHANGED, _ASKER),
    "undo_finish": (SETTLED, A.AGREED, _OFFICE),
}

REGISTRATION_MOVES: Final[dict[str, tuple[frozenset[G], G, frozenset[Who]]]] = {
    "confirm": (frozenset({G.UNCONFIRMED}), G.CONFIRMED, frozenset({Who.MEMBER})),
    "approve": (frozenset({G.CONFIRMED}), G.APPROVED, _OFFICE),
    "decline": (frozenset({G.CONFIRMED}), G.DECLINED, _OFFICE),
    # The office declined by mistake.
    "reconsider": (frozenset({G.DECLINED}), G.CONFIRMED, _OFFICE),
}

CAMPAIGN_MOVES: Final[dict[str, tuple[frozenset[C], C, frozenset[Who]]]] = {
    "pause": (frozenset({C.RUNNING}), C.PAUSED, _OFFICE),
    "resume": (frozenset({C.PAUSED}), C.RUNNING, _OFFICE),
    "stop": (SEARCHING, C.STOPPED, _OFFICE),
    # Everybody on the list was asked or passed over, and nobody is left who could say yes.
    "exhaust": (frozenset({C.RUNNING}), C.EXHAUSTED, frozenset(Who)),
    "refill": (frozenset({C.EXHAUSTED}), C.RUNNING, frozenset(Who)),
    # Somebody agreed, or the request ended.
    "finish": (SEARCHING, C.FINISHED, frozenset(Who)),
    # Whoever had agreed does not come: the rest of the list is asked.
    "revive": (frozenset({C.FINISHED}), C.RUNNING, frozenset(Who)),
}

# Between "...ing" and what follows a worker is at it; what it cannot do brings the rows back.
TAKEOVER_MOVES: Final[dict[str, tuple[frozenset[T], T, frozenset[Who]]]] = {
    "check": (frozenset({T.MAPPING, T.CHECKED}), T.CHECKING, _OFFICE),
    "show": (frozenset({T.CHECKING}), T.CHECKED, _OFFICE),
    "give_up_check": (frozenset({T.CHECKING}), T.MAPPING, _OFFICE),
    "confirm": (frozenset({T.CHECKED}), T.WRITING, _OFFICE),
    "write": (frozenset({T.WRITING}), T.WRITTEN, _OFFICE),
    "give_up_write": (frozenset({T.WRITING}), T.CHECKED, _OFFICE),
    "undo": (frozenset({T.WRITTEN}), T.UNDOING, _OFFICE),
    "take_back": (frozenset({T.UNDOING}), T.UNDONE, _OFFICE),
    "give_up_undo": (frozenset({T.UNDOING}), T.WRITTEN, _OFFICE),
}
