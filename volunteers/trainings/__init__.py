"""Every verb in the life of a training session; the only writer of the state of sessions and places.

Each verb is one transaction that locks the session, then checks, then writes rows, log and mails. Refusals
are sentences.
"""

from volunteers.trainings.answering import decline, invite, move_up, queue, release, take_place
from volunteers.trainings.attendance import take_attendance
from volunteers.trainings.errors import CalledOff, Full, NothingToChange, Over, TooFew
from volunteers.trainings.ground import MOVES_UP_UNTIL, may
from volunteers.trainings.planning import Plan, cancel, change, plan

__all__ = [
    "MOVES_UP_UNTIL",
    "CalledOff",
    "Full",
    "NothingToChange",
    "Over",
    "Plan",
    "TooFew",
    "cancel",
    "change",
    "decline",
    "invite",
    "may",
    "move_up",
    "plan",
    "queue",
    "release",
    "take_attendance",
    "take_place",
]
