"""Who can come to how many dates of a series, in a number of statements that no date and nobody adds to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from lotsen_portal import clock
from requests_app import matching
from requests_app.matching import Candidate
from requests_app.models import Assignment, AssistanceRequest, Offer
from requests_app.states import UNANSWERED, OfferState
from volunteers.models import Absence

_ASKED = {state.value for state in UNANSWERED}


@dataclass(frozen=True)
class Fit:
    """One candidate, the dates that go, and those that do not with the reason."""

    candidate: Candidate
    can: list[AssistanceRequest]
    cannot: list[tuple[AssistanceRequest, str]]


def fits(requests: Sequence[AssistanceRequest], *, now: datetime) -> list[Fit]:
    """Rank whoever fits the first of the open dates by how many of them go; six statements."""
    if not requests:
        return []
    found = matching.candidates(requests[0], now=now)
    people = [candidate.volunteer.pk for candidate in found]
    booked = Assignment.objects.live().filter(volunteer__in=people, period__endswith__gt=now)
    away = Absence.objects.filter(volunteer__in=people)
    offers = Offer.objects.filter(volunteer__in=people, assistance__in=requests)
    known = _Known(
        list(booked.values_list("volunteer_id", "period")),
        list(away.values_list("volunteer_id", "first", "last")),
        list(offers.values_list("volunteer_id", "assistance_id", "state", "version")),
    )
    rows = [_fit(candidate, requests, known) for candidate in found]
    return sorted(rows, key=lambda fit: -len(fit.can))


@dataclass(frozen=True)
class _Known:
    booked: list[tuple[int, DateTimeTZRange]]
    away: list[tuple[int, date, date]]
    offers: list[tuple[int, int, str, int]]


def _fit(candidate: Candidate, requests: Sequence[AssistanceRequest], known: _Known) -> Fit:
    reasons = [(one, _obstacle(candidate.volunteer.pk, one, known)) for one in requests]
    return Fit(
        candidate,
        [one for one, reason in reasons if not reason],
        [(one, reason) for one, reason in reasons if reason],
    )


def _obstacle(person: int, one: AssistanceRequest, known: _Known) -> str:
    day = clock.local(one.period.lower).date()
    for volunteer, number, state, version in known.offers:
        if (volunteer, number) == (person, one.pk):
            if state in _ASKED:
                return "schon angefragt"
            if state == OfferState.DECLINED and version == one.version:
                return "hat abgesagt"
    if any(who == person and first <= day <= last for who, first, last in known.away):
        return "abwesend"
    if any(
        who == person and one.period.lower < period.upper and period.lower < one.period.upper
        for who, period in known.booked
    ):
        return "hat einen anderen Einsatz"
    return ""
