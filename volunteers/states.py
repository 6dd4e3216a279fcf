"""States and legal moves of a volunteer; imports nothing of ours.

The model makes its CHECK and its trigger from this table, pages draw buttons from it, `recruitment` checks
verbs against it. A move is verb -> (states it may start from, state it leads to, who may).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class Who(StrEnum):
    """Who may call a verb; the values are those of the log's actor kinds."""

    OFFICE = "office"
    VOLUNTEER = "volunteer"
    CLIENT = "client"
    CLOCK = "clock"


class VolunteerState(models.TextChoices):
    """Where somebody stands between the first interest and goodbye."""

    APPLICANT = "applicant", _("in Bewerbung")
    IN_TRAINING = "in_training", _("in Schulung")
    ACTIVE = "active", _("aktiv")
    PAUSED = "paused", _("pausiert")
    LEFT = "left", _("ausgeschieden")


V = VolunteerState

_OFFICE: Final = frozenset({Who.OFFICE})
_SELF: Final = frozenset({Who.OFFICE, Who.VOLUNTEER})

VOLUNTEER_MOVES: Final[dict[str, tuple[frozenset[V], V, frozenset[Who]]]] = {
    "begin_training": (frozenset({V.APPLICANT}), V.IN_TRAINING, _OFFICE),
    "activate": (frozenset({V.APPLICANT, V.IN_TRAINING}), V.ACTIVE, _OFFICE),
    # Again while paused: until another day.
    "pause": (frozenset({V.ACTIVE, V.PAUSED}), V.PAUSED, _SELF),
    "resume": (frozenset({V.PAUSED}), V.ACTIVE, frozenset({Who.OFFICE, Who.VOLUNTEER, Who.CLOCK})),
    # Whoever takes an application back leaves by the link of the application.
    "leave": (
        frozenset({V.APPLICANT, V.IN_TRAINING, V.ACTIVE, V.PAUSED}),
        V.LEFT,
        frozenset({Who.OFFICE, Who.VOLUNTEER, Who.CLIENT}),
    ),
    # Somebody comes back, or the office clicked on the wrong person.
    "readmit": (frozenset({V.LEFT}), V.APPLICANT, _OFFICE),
}
