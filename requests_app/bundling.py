"""Who can come to how many dates of a series, in a number of statements that no date and nobody adds to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from lotsen_portal.models import Programme
from requests_app import matching
from requests_app.matching import Candidate, Obstacle
from requests_app.matching.candidates import BEST
from requests_app.models import AssistanceRequest, Campaign
from requests_app.states import CampaignState
from volunteers.models import Volunteer

LOOKED_AT: Final = 3 * BEST


@dataclass(frozen=True)
class Days:
    """The dates that somebody can take, those that go with a reason of the office (`could`), and what speaks
    against these and the others: a sentence with its dates."""

    can: list[AssistanceRequest]
    could: list[AssistanceRequest]
    against: list[tuple[str, list[AssistanceRequest]]]


@dataclass(frozen=True)
class Fit:
    """One candidate and the dates that go."""

    candidate: Candidate
    days: Days


def searched(requests: Sequence[AssistanceRequest]) -> set[int]:
    """The numbers of those about which a running search asks people already."""
    running = Campaign.objects.filter(assistance__in=requests, state=CampaignState.RUNNING.value)
    return set(running.values_list("assistance_id", flat=True))


def fits(requests: Sequence[AssistanceRequest], *, now: datetime) -> list[Fit]:
    """Rank whoever could come to some of the dates by how many they are, as matching judges each of them.

    Six statements; the order among equals is that of the first date.
    """
    if not requests:
        return []
    programme = Programme.current()
    found = matching.candidates(requests[0], now=now, limit=LOOKED_AT, programme=programme, of_any_day=True)
    people = [candidate.volunteer.pk for candidate in found]
    against = matching.obstacles_each(requests, people, now=now, programme=programme)
    rows = [
        Fit(candidate, _days([(one, against[one.pk, candidate.volunteer.pk]) for one in requests]))
        for candidate in found
    ]
    rows = [fit for fit in rows if fit.days.can or fit.days.could]
    return sorted(rows, key=lambda fit: (-len(fit.days.can), -len(fit.days.could)))[:BEST]


def days_of(person: Volunteer, requests: Sequence[AssistanceRequest], *, now: datetime) -> Days:
    """The dates that one person can take, and what speaks against the others."""
    against = matching.obstacles_each(requests, [person.pk], now=now)
    return _days([(one, against[one.pk, person.pk]) for one in requests])


def _days(judged: Sequence[tuple[AssistanceRequest, list[Obstacle]]]) -> Days:
    sentences: dict[str, list[AssistanceRequest]] = {}
    for one, obstacles in judged:
        for obstacle in obstacles[:1]:
            sentences.setdefault(obstacle.sentence, []).append(one)
    return Days(
        [one for one, obstacles in judged if not obstacles],
        [one for one, obstacles in judged if obstacles and all(found.overridable for found in obstacles)],
        list(sentences.items()),
    )
