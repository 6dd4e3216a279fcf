"""How people come on board, stay and go; the only writer of a volunteer's state.

Each verb is one transaction that locks the person, then checks, then writes rows and log. It raises a
`NotPossible` whose text is a sentence for the person who acted.
"""

from volunteers.recruitment.states import (
    NotPossible,
    activate,
    begin_training,
    leave,
    lock,
    make,
    may,
    pause,
    readmit,
    resume,
    resume_due,
    take_in,
)

__all__ = [
    "NotPossible",
    "activate",
    "begin_training",
    "leave",
    "lock",
    "make",
    "may",
    "pause",
    "readmit",
    "resume",
    "resume_due",
    "take_in",
]
