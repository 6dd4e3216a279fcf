"""A request as the matching statement needs it: numbers, masks and distances instead of records."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from math import asin, cos, radians, sin, sqrt
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Case, OuterRef, When
from django.db.models.functions import JSONObject

from lotsen_portal import clock
from lotsen_portal.models import Programme
from lotsen_portal.models.ground import begins
from requests_app.models import (
    Assignment,
    AssistanceRequest,
    GroupKind,
    Mode,
    ProposedTime,
    RequestedLanguage,
    Wish,
    WishKind,
)
from requests_app.states import Who
from volunteers.cards import WEEKDAYS
from volunteers.models import DAY_OPENS, HALF_HOURS, District

EARTH_KM: Final = 6371.0
POINTS_LOST_PER_KM: Final = 12
SETTING_OUT_MINUTES: Final = 10
MINUTES_PER_KM: Final = 4
LONGEST_TRAVEL: Final = timedelta(minutes=90)
# Minutes; with less, one appointment would already count as a heavy load.
SMALLEST_MEDIAN: Final = 60


_Facts = tuple[
    int, list[dict[str, Any]], list[dict[str, Any]], list[int], list[DateTimeTZRange], list[dict[str, Any]]
]


@dataclass(frozen=True, kw_only=True)
class Need:
    """What a request asks for; `params` feeds the statement, the rest explains its result."""

    assistance: AssistanceRequest
    params: dict[str, Any]
    weekday: str
    slots: int
    kilometres: dict[int, float]
    languages: dict[int, str]
    weights: dict[str, int]
    median_minutes: int
    day: date
    remote: bool = field(default=False)


def kilometres_between(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """The distance between two centres (latitude and longitude) as the crow flies (haversine formula)."""
    north, south = radians(one["latitude"]), radians(other["latitude"])
    half = sin((south - north) / 2) ** 2
    half += cos(north) * cos(south) * sin(radians(other["longitude"] - one["longitude"]) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(half))


def slot_mask(period: DateTimeTZRange) -> int:
    """The half hours of the weekly availability that a period touches; 0 outside seven to twenty-two."""
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


def _facts(assistances: Collection[int]) -> dict[int, _Facts]:
    """The event (0 for none), requested languages with their pools, all districts, who was with the same
    client of the same institution before, the times to choose from, and who wishes for whom, by request: one
    statement."""
    known = Assignment.objects.filter(
        state="took_place",
        assistance__institution_id=OuterRef("institution_id"),
        assistance__client_reference_index=OuterRef("client_reference_index"),
    ).exclude(assistance__client_reference_index="")
    liking = Wish.objects.filter(institution=OuterRef("institution_id"), kind=WishKind.PREFER.value)
    wish = JSONObject(pk="volunteer_id", side="side")
    wanted = RequestedLanguage.objects.filter(assistance=OuterRef("pk")).order_by("rank")
    proposed = ProposedTime.objects.filter(assistance=OuterRef("pk")).order_by(begins("period"))
    language = JSONObject(
        pk="language_id",
        name="language__name",
        ready="language__pool__ready",
        median="language__pool__median_minutes",
    )
    centre = JSONObject(pk="pk", latitude="latitude", longitude="longitude")
    rows = AssistanceRequest.objects.filter(pk__in=assistances).values_list(
        "pk",
        Case(When(group__kind=GroupKind.EVENT.value, then="group"), default=0),
        ArraySubquery(wanted.values_list(language)),
        ArraySubquery(District.objects.order_by("pk").values_list(centre)),
        ArraySubquery(known.order_by("volunteer_id").values_list("volunteer_id").distinct()),
        ArraySubquery(proposed.values_list("period")),
        ArraySubquery(liking.order_by("volunteer_id", "side").values_list(wish)),
    )
    return {number: tuple(facts) for number, *facts in rows}


def _kilometres(assistance: AssistanceRequest, centres: list[dict[str, Any]]) -> dict[int, float]:
    here = next((centre for centre in centres if centre["pk"] == assistance.district_id), None)
    if here is None:  # a call before anybody knows where it will be
        return {}
    return {centre["pk"]: kilometres_between(here, centre) for centre in centres}


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


def need_of(assistance: AssistanceRequest, *, now: datetime, programme: Programme | None = None) -> Need:
    """Gather what the statement needs in one query, and one more for the programme unless it is given.

    Without a chosen time (`period` null) the rules of time speak only against whoever can come at none of the
    proposed times. Papers are judged on the first day that is still to come; without any, on that of `now`.
    """
    (need,) = needs_of([assistance], now=now, programme=programme)
    return need


def needs_of(
    assistances: Sequence[AssistanceRequest], *, now: datetime, programme: Programme | None = None
) -> list[Need]:
    """The same for several requests, in as many statements as for one."""
    weights = _weights(programme or Programme.current())
    facts = _facts([one.pk for one in assistances])
    return [_need(one, facts[one.pk], weights, now=now) for one in assistances]


def _need(assistance: AssistanceRequest, facts: _Facts, weights: dict[str, int], *, now: datetime) -> Need:
    event, wanted, centres, knows_client, proposed, liking = facts
    kilometres = _kilometres(assistance, centres)
    languages = {language["pk"]: language["name"] for language in wanted}
    biggest = max(wanted, key=lambda language: language["ready"] or 0, default={"median": 0})
    median = biggest["median"] or 0
    times = [assistance.period] if assistance.period else [time for time in proposed if time.lower > now]
    day = clock.local(times[0].lower if times else now).date()
    slots = slot_mask(assistance.period) if assistance.period else 0
    remote = assistance.mode != Mode.ON_SITE
    params = {
        **_what(assistance),
        **_when(assistance.period, times, day, slots),
        "event": event,
        "languages": list(languages),
        "remote": remote,
        "near": _near(kilometres, remote=remote),
        "travel": _travel(kilometres),
        "median": max(median, SMALLEST_MEDIAN),
        "knows_client": knows_client,
        **_wishes(liking),
        **{f"w_{part}": weight for part, weight in weights.items()},
    }
    return Need(
        assistance=assistance,
        params=params,
        weekday=WEEKDAYS[day.weekday()],
        slots=slots.bit_count(),
        kilometres=kilometres,
        languages=languages,
        weights=weights,
        median_minutes=median,
        day=day,
        remote=remote,
    )


def _wishes(liking: list[dict[str, Any]]) -> dict[str, list[int]]:
    """Who likes to go to the institution, and whom it likes to see."""
    return {
        "likes": [wish["pk"] for wish in liking if wish["side"] == Who.VOLUNTEER],
        "liked": [wish["pk"] for wish in liking if wish["side"] != Who.VOLUNTEER],
    }


def _what(assistance: AssistanceRequest) -> dict[str, Any]:
    return {
        "assistance": assistance.pk,
        "version": assistance.version,
        "level": assistance.minimum_level,
        "gender": assistance.gender_needed,
        "institution": assistance.institution_id or 0,
        "topic": assistance.topic_id,
        "needs_conduct": assistance.topic.needs_conduct_certificate,
        "needs_training": assistance.topic.needs_training,
    }


def _when(
    period: DateTimeTZRange | None, times: list[DateTimeTZRange], day: date, slots: int
) -> dict[str, Any]:
    wide = DateTimeTZRange(period.lower - LONGEST_TRAVEL, period.upper + LONGEST_TRAVEL) if period else None
    return {
        "day": day,
        "slots": slots,
        "slot_count": max(slots.bit_count(), 1),
        "span": period,
        "times": times,
        "days": [clock.local(time.lower).date() for time in times] or [day],
        "wide": wide,
        "week": _week_of(day),
    }
