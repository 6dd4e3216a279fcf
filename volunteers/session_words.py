"""What pages and mails say about a training session: when, where, and how one stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lotsen_portal import dates
from volunteers.models import Audience, Session
from volunteers.training_states import PlaceState, SessionState

Facts = list[tuple[str, str]]

PLACE_LABELS: Final[Mapping[str, Promise]] = {
    PlaceState.INVITED: gettext_lazy("Antwort offen"),
    PlaceState.YES: gettext_lazy("Platz zugesagt"),
    PlaceState.NO: gettext_lazy("Kommt nicht"),
    PlaceState.WAITING: gettext_lazy("Auf der Warteliste"),
    PlaceState.CANCELLED: gettext_lazy("Platz zurückgegeben"),
    PlaceState.ATTENDED: gettext_lazy("War da"),
    PlaceState.ABSENT: gettext_lazy("War nicht da"),
}
PLACE_TONES: Final[Mapping[str, str]] = {
    PlaceState.INVITED: "info",
    PlaceState.YES: "success",
    PlaceState.WAITING: "warning",
    PlaceState.ATTENDED: "success",
    PlaceState.ABSENT: "danger",
}
SESSION_LABELS: Final[Mapping[str, Promise]] = {
    SessionState.PLANNED: gettext_lazy("Geplant"),
    SessionState.CANCELLED: gettext_lazy("Abgesagt"),
    SessionState.HELD: gettext_lazy("Hat stattgefunden"),
}


def place_label(state: str) -> str:
    """The word on the badge of an invitation."""
    return str(PLACE_LABELS.get(state, state))


def place_tone(state: str) -> str:
    """The colour of that badge."""
    return PLACE_TONES.get(state, "neutral")


def session_label(state: str) -> str:
    """The word on the badge of a session."""
    return str(SESSION_LABELS.get(state, state))


def times(session: Session) -> list[str]:
    """Each date in words, such as "Donnerstag, 3. Dezember 2026, 10:00 bis 11:00 Uhr"."""
    return [dates.appointment(row.starts, row.finishes) for row in session.coming_dates]


def where(session: Session) -> str:
    """The place, or that it is a video conference; its link stands apart."""
    if session.place and session.video_url:
        return _("%(place)s, oder als Videokonferenz") % {"place": session.place}
    return str(session.place) or _("Videokonferenz")


def for_whom(session: Session) -> str:
    """Whom a session is for, with the languages or topics."""
    if session.audience == Audience.LANGUAGES:
        return dates.listed(language.label for language in session.languages.all())
    if session.audience == Audience.TOPICS:
        return dates.listed(topic.label for topic in session.topics.all())
    return str(session.get_audience_display())


def facts(session: Session, *, with_link: bool = False, with_name: bool = True) -> Facts:
    """What whoever is invited needs to know; the link to a video conference only for those who come.

    Without the name for a page that has it as its heading.
    """
    shown = times(session)
    several = len(shown) > 1
    return [
        (_("Was"), session.name if with_name else ""),
        (_("Art"), str(session.get_kind_display()) if session.name != session.get_kind_display() else ""),
        *(
            (_("%(number)s. Tag") % {"number": number} if several else _("Wann"), time)
            for number, time in enumerate(shown, start=1)
        ),
        (_("Wo"), where(session)),
        (_("Link zur Videokonferenz"), session.video_url if with_link else ""),
        (_("Leitung"), session.leader),
        (_("Hinweis"), session.hint),
    ]
