"""A request as the matching statement needs it: numbers, masks and distances instead of records."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from math import asin, cos, radians, sin, sqrt
from typing import Final

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from lotsen_portal import clock
from lotsen_portal.models import Programme
from requests_app.models import AssistanceRequest, Assignment, Mode
from volunteers.cards import WEEKDAYS
from volunteers.models import DAY_OPENS, HALF_HOURS, District, LanguagePool

EARTH_KM: Final = 6371.0
POINTS_LOST_PER_KM: Final = 12
SETTING_OUT_MINUTES: Final = 10
MINUTES_PER_KM: Final = 4
LONGEST_TRAVEL: Final = timedelta(minutes=90)


@dataclass(frozen=True, kw_only=True)
class Need:
    """What a request asks for; `params` feeds the statement, the rest explains its result."""

    assistance: AssistanceRequest
    params: dict[str, object]
    weekday: str
    slots: int
    kilometres: dict[int, float]
    languages: dict[int, str]
    weights: dict[str, int]
    median_minutes: int
    day: date
    remote: bool = field(default=False)


def kilometres_between(one: District, other: District) -> float:
    """The distance between two districts' centres as the crow flies (haversine formula)."""
    north, south = radians(one.latitude), radians(other.latitude)
    half = sin((south - north) / 2) ** 2
    half += cos(north) * cos(south) * sin(radians(other.longitude - one.longitude) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(half))


def slot_mask(period: DateTimeTZRange) -> int:
    """The half hours of the weekly availability that a period touches; 0 outside seven to ten in the evening."""
    start, end = clock.local(period.lower), clock.local(period.upper)
    opens = start.replace(hour=DAY_OPENS, minute=0, second=0, microsecond=0)
    first = int((start - opens).total_seconds() // 1800)
    last = -int(-(end - opens).total_seconds() // 1800)
    return sum(1 << slot for slot in range(max(first, 0), min(last, HALF_HOURS)))


def _week_of(day: date) -> DateTimeTZRange:
    monday = day - timedelta(days=day.weekday())
    midnight = datetime.min.time()
    begin, end = (datetime.combine(monday + timedelta(days=n), midnight, clock.TZ) for n in (0, 7))
    return DateTimeTZRange(begin, end)


def _distances(assistance: AssistanceRequest) -> dict[int, float]:
    return {
        district.pk: kilometres_between(assistance.district, district) for district in District.objects.all()
    }


def _near(kilometres: dict[int, float], *, remote: bool) -> list[int]:
    """Points for the distance, as an array that district numbers index."""
    near = [50] * max(kilometres, default=1)
    for district, far in kilometres.items():
        near[district - 1] = 100 if remote else max(0, round(100 - POINTS_LOST_PER_KM * far))
    return near


def _travel(kilometres: dict[int, float]) -> str:
    """Minutes on the way from each district, as JSON."""
    return json.dumps(
        {
            number: 0 if far == 0 else round(SETTING_OUT_MINUTES + MINUTES_PER_KM * far)
            for number, far in kilometres.items()
        }
    )


def _weights(programme: Programme) -> dict[str, int]:
    parts = ("level", "preference", "topic", "availability", "distance", "fairness", "continuity")
    return {part: getattr(programme, f"weight_{part}") for part in parts}


def _knows_client(assistance: AssistanceRequest) -> list[int]:
    """Volunteers who were with the same client of the same institution before."""
    if not assistance.client_reference_index:
        return []
    rows = Assignment.objects.filter(
        state="took_place",
        assistance__institution_id=assistance.institution_id,
        assistance__client_reference_index=assistance.client_reference_index,
    )
    return sorted(set(rows.values_list("volunteer_id", flat=True)))


def need_of(assistance: AssistanceRequest, *, now: datetime) -> Need:
    """Gather what the statement needs, in four queries and one more for a client reference.

    Without a chosen time (`period` null) the rules of time cannot speak against anybody, and `now` is the
    day on which papers are judged.
    """
    programme, kilometres = Programme.current(), _distances(assistance)
    languages = {row.language_id: row.language.name for row in assistance.languages.select_related("language")}
    period = assistance.period
    day = clock.local(period.lower if period else now).date()
    remote = assistance.mode != Mode.ON_SITE
    slots = slot_mask(period) if period else 0
    pool = LanguagePool.objects.filter(language_id__in=languages).order_by("-ready").first()
    median = pool.median_minutes if pool else 0
    params: dict[str, object] = {
        "assistance": assistance.pk,
        "version": assistance.version,
        "languages": list(languages),
        "level": assistance.minimum_level,
        "gender": assistance.gender_needed,
        "institution": assistance.institution_id or 0,
        "topic": assistance.topic_id,
        "needs_conduct": assistance.topic.needs_conduct_certificate,
        "needs_training": assistance.topic.needs_training,
        "day": day,
        "slots": slots,
        "slot_count": max(slots.bit_count(), 1),
        "span": period,
        "wide": DateTimeTZRange(period.lower - LONGEST_TRAVEL, period.upper + LONGEST_TRAVEL) if period else None,
        "week": _week_of(day),
        "remote": remote,
        "near": _near(kilometres, remote=remote),
        "travel": _travel(kilometres),
        "median": max(median, 60),
        "knows_client": _knows_client(assistance),
        **{f"w_{part}": weight for part, weight in _weights(programme).items()},
    }
    return Need(
        assistance=assistance,
        params=params,
        weekday=WEEKDAYS[day.weekday()],
        slots=slots.bit_count(),
        kilometres=kilometres,
        languages=languages,
        weights=_weights(programme),
        median_minutes=median,
        day=day,
        remote=remote,
    )
