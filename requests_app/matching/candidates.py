"""The ranked candidates of a request: one statement over the narrow cards, each with its reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, NamedTuple

from django.db import connection

from lotsen_portal.models import Programme
from requests_app.matching.need import Need, need_of
from requests_app.matching.rules import LASTING, LAZY, STATIC, Rule
from requests_app.models import AssistanceRequest
from volunteers.models import Level, Volunteer

BEST: Final = 20

LABELS: Final = {
    "level": "Sprachniveau",
    "preference": "Wunschsprache",
    "topic": "Thema",
    "availability": "Verfügbarkeit",
    "distance": "Entfernung",
    "fairness": "Faire Verteilung",
    "continuity": "Kontinuität",
}

# Points from 0 to 100 for each part; integers, since numeric arithmetic takes twice the time.
_POINTS: Final = {
    "level": "(array[10, 45, 80, 100])[c.level]",
    "preference": "(array[100, 60, 30, 15, 10])"
    "[least(array_position(%(languages)s::bigint[], c.language_id), 5)]",
    "topic": "case when %(topic)s = any(c.topics) then 100 else 0 end",
    "availability": "bit_count((c.{weekday} & %(slots)s)::bit(32))::int * 100 / %(slot_count)s",
    "distance": "coalesce((%(near)s::int[])[c.district_id], 50)",
    "fairness": "(least(coalesce(%(day)s::date - c.last_on, 60), 60) * 5 / 6"
    " + greatest(0, 50 - c.minutes_90d * 25 / %(median)s))",
    "continuity": "case when c.volunteer_id = any(%(knows_client)s::bigint[]) then 100"
    " when c.volunteer_id = any(%(liked)s::bigint[]) then 90"
    " when c.volunteer_id = any(%(likes)s::bigint[]) then 80"
    " else least(coalesce(b.times, 0) * 20, 80) end",
}

_RANKED: Final = """
select c.volunteer_id, c.language_id, c.level, c.minutes_90d, c.last_on, c.times, c.district_id,
       {points_out}, c.score
  from (select {distinct} c.volunteer_id, c.language_id, c.level, c.minutes_90d, c.last_on, b.times,
               c.district_id, c.weekly_maximum, p.*, {score} as score
          from volunteers_speakercard c
          left join requests_app_bond b
            on b.institution_id = %(institution)s and b.volunteer_id = c.volunteer_id
          cross join lateral (select {points}) p
         where c.language_id = any(%(languages)s::bigint[]) and {static}
         order by {order}) c
 where {lazy}
 {outer_order} limit %(limit)s
"""


@dataclass(frozen=True)
class Part:
    """One part of the ranking: 0 to 100 points, its weight (0 to 10), and the reason as a sentence."""

    name: str
    label: str
    points: int
    weight: int
    sentence: str


@dataclass(frozen=True)
class Candidate:
    """A volunteer who may be asked; `score` is the weighted mean of the parts, 0 to 100."""

    volunteer: Volunteer
    language: str
    level: str
    score: int
    parts: tuple[Part, ...]

    @property
    def sentence(self) -> str:
        """The reasons in one line, those that speak for this person first."""
        best = sorted(
            (part for part in self.parts if part.points >= 50), key=lambda part: -part.points * part.weight
        )
        return " ".join(part.sentence for part in best[:3])


class _Row(NamedTuple):
    volunteer: int
    language: int
    level: int
    minutes_90d: int
    last_on: date | None
    times: int | None
    district: int | None
    points: tuple[int, ...]
    score: int


def _statement(need: Need, lazy: Sequence[Rule]) -> str:
    several = len(need.languages) > 1
    score = " + ".join(f"%(w_{part})s * p.{part}_points" for part in _POINTS)
    return _RANKED.format(
        distinct="distinct on (c.volunteer_id)" if several else "",
        points=", ".join(
            f"{sql.format(weekday=need.weekday)} as {part}_points" for part, sql in _POINTS.items()
        ),
        points_out=", ".join(f"c.{part}_points" for part in _POINTS),
        score=score,
        static=" and ".join(f"not {rule.sql}" for rule in STATIC),
        lazy=" and ".join(f"not ({rule.sql})" for rule in lazy),
        order="c.volunteer_id, score desc" if several else "score desc, c.volunteer_id",
        outer_order="order by score desc, c.volunteer_id" if several else "",
    )


def candidates(
    assistance: AssistanceRequest,
    *,
    now: datetime,
    limit: int = BEST,
    programme: Programme | None = None,
    of_any_day: bool = False,
) -> list[Candidate]:
    """Find and rank the volunteers who may be asked about a request, best first; at most `limit`.

    `of_any_day` leaves out the rules that speak against the day of this request only. Three statements, and
    one more for the programme unless it is given.
    """
    need = need_of(assistance, now=now, programme=programme)
    if not need.languages:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_statement(need, LASTING if of_any_day else LAZY), {**need.params, "limit": limit})
        rows = [_Row._make((*row[:7], row[7:-1], row[-1])) for row in cursor.fetchall()]
    people = Volunteer.objects.select_related("district").in_bulk([row.volunteer for row in rows])
    # The statement's outer order is PostgreSQL's habit and no promise.
    rows.sort(key=lambda row: (-row.score, row.volunteer))
    return [_explained(row, people[row.volunteer], need) for row in rows]


def _explained(row: _Row, volunteer: Volunteer, need: Need) -> Candidate:
    points = dict(zip(_POINTS, row.points, strict=True))
    sentences = _sentences(row, volunteer, need, points)
    parts = tuple(
        Part(name, LABELS[name], points[name], need.weights[name], sentences[name]) for name in _POINTS
    )
    total = sum(need.weights.values()) or 1
    return Candidate(
        volunteer, need.languages[row.language], str(Level(row.level).label), row.score // total, parts
    )


def _sentences(row: _Row, volunteer: Volunteer, need: Need, points: dict[str, int]) -> dict[str, str]:
    language, topic = need.languages[row.language], need.assistance.topic.name
    first = next(iter(need.languages.values()))
    return {
        "level": f"Spricht {language}: {Level(row.level).label}.",
        "preference": "Spricht die Wunschsprache."
        if language == first
        else f"Spricht {language} statt {first}.",
        "topic": f"Kennt das Thema {topic}." if points["topic"] else f"Hat {topic} nicht als Thema gewählt.",
        "availability": _availability(points["availability"], need),
        "distance": _distance(row, volunteer, need),
        "fairness": _fairness(row, need),
        "continuity": _continuity(row, need),
    }


def _availability(points: int, need: Need) -> str:
    if not need.slots:
        return "Die Zeit steht noch nicht fest oder liegt außerhalb der üblichen Stunden."
    if points == 100:
        return "Hat zu dieser Zeit meistens Zeit."
    return "Hat zu dieser Zeit nur teilweise Zeit." if points else "Hat zu dieser Zeit sonst keine Zeit."


def _distance(row: _Row, volunteer: Volunteer, need: Need) -> str:
    if need.remote:
        return "Der Termin braucht keinen Weg."
    if row.district is None or volunteer.district is None or not need.kilometres:
        return "Stadtteil ist nicht bekannt."
    far = need.kilometres.get(row.district, 0.0)
    if far == 0:
        return f"Wohnt im selben Stadtteil ({volunteer.district.name})."
    return f"Wohnt etwa {max(1, round(far))} km entfernt ({volunteer.district.name})."


def _fairness(row: _Row, need: Need) -> str:
    if row.last_on is None:
        return "War noch nie im Einsatz."
    hours = f"{row.minutes_90d / 60:.1f}".replace(".", ",").removesuffix(",0")
    median = f"{need.median_minutes / 60:.1f}".replace(".", ",").removesuffix(",0")
    last = f"Letzter Einsatz am {row.last_on:%d.%m.%Y}"
    return f"{last}; {hours} Std. in 90 Tagen (Mitte der Gruppe: {median} Std.)."


def _continuity(row: _Row, need: Need) -> str:
    known = need.params["knows_client"]
    if isinstance(known, list) and row.volunteer in known:
        return "Hat diese Klientin oder diesen Klienten schon begleitet."
    if row.volunteer in need.params["liked"]:
        return "Die Einrichtung wünscht sich diese Person."
    if row.volunteer in need.params["likes"]:
        return "Kommt gern wieder in diese Einrichtung."
    if row.times:
        return f"War schon {row.times}-mal in dieser Einrichtung."
    return "War noch nicht in dieser Einrichtung."
