"""Why somebody does not fit: counts, the speakers of the language, one person by name."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import Final

from django.db import connection

from lotsen_portal.models import Programme
from requests_app.matching.need import Need, need_of, needs_of
from requests_app.matching.rules import ALL, BY_NAME, LANGUAGE, OF_SUSPECTS, Rule
from requests_app.models import AssistanceRequest
from volunteers.models import Volunteer

PAGE: Final = 25

# Only these people can break a rule about absences, wishes, offers or appointments: a small set, gathered
# once, instead of five look-ups for each of ten thousands of speakers.
_SUSPECTS: Final = """
select b.volunteer_id from volunteers_absence b where %(day)s between b.first and b.last
union all select w.volunteer_id from requests_app_wish w where w.institution_id = %(institution)s
union all select o.volunteer_id from requests_app_offer o where o.assistance_id = %(assistance)s
union all select o.volunteer_id from requests_app_offer o
  join requests_app_assistancerequest r on r.id = o.assistance_id
  where r.group_id = nullif(%(event)s, 0) and o.state in ('willing', 'accepted')
union all select a.volunteer_id from requests_app_assignment a
  where a.state in ('agreed', 'took_place')
    and lower(a.period) >= lower(%(week)s::tstzrange) - interval '2 days'
    and lower(a.period) < upper(%(week)s::tstzrange) + interval '2 days'
"""


def _asked_of_all(rule: Rule) -> str:
    suspected = "c.volunteer_id in (select volunteer_id from suspects) and "
    return (suspected if rule in OF_SUSPECTS else "") + f"({rule.sql})"


_FIRST_RULE: Final = (
    "case " + " ".join(f"when {_asked_of_all(rule)} then '{rule.name}'" for rule in ALL) + " end"
)

_WITH_SUSPECTS: Final = f"with suspects as materialized ({_SUSPECTS}) "

# The rules' parameters as columns, so that one statement judges people for several requests.
_COLUMNS: Final = {
    "assistance": "bigint",
    "version": "int",
    "event": "bigint",
    "languages": "bigint[]",
    "level": "int",
    "gender": "text",
    "institution": "bigint",
    "topic": "bigint",
    "needs_conduct": "boolean",
    "needs_training": "boolean",
    "remote": "boolean",
    "travel": "jsonb",
    "day": "date",
    "days": "date[]",
    "span": "tstzrange",
    "times": "tstzrange[]",
    "wide": "tstzrange",
    "week": "tstzrange",
}
_FROM_COLUMNS: Final = {name: f"n.{name}" for name in _COLUMNS}
_JUDGED: Final = f"""
select distinct on (c.volunteer_id) c.volunteer_id as volunteer_id, v.name as name, {_FIRST_RULE} as rule
  from volunteers_speakercard c join volunteers_volunteer v on v.id = c.volunteer_id
 where c.language_id = any(%(languages)s::bigint[])
"""


@dataclass(frozen=True)
class Obstacle:
    """A hard rule that speaks against one person, as a sentence."""

    rule: str
    sentence: str
    overridable: bool


@dataclass(frozen=True)
class RuleCount:
    """How many speakers of the language one rule keeps out (each counted once, by its first rule)."""

    rule: str
    sentence: str
    count: int


@dataclass(frozen=True)
class Refused:
    """A speaker of the language who may not be asked, and the first reason why."""

    volunteer: int
    name: str
    rule: str
    sentence: str
    overridable: bool


def _refused(number: int, name: str, rule: str) -> Refused:
    known = BY_NAME[rule]
    return Refused(number, name, rule, known.sentence, known.overridable)


def why_not(assistance: AssistanceRequest, *, now: datetime) -> list[RuleCount]:
    """Count the speakers of the requested languages by the first rule that keeps them out, most first."""
    need = need_of(assistance, now=now)
    with connection.cursor() as cursor:
        cursor.execute(
            _WITH_SUSPECTS
            + f"select rule, count(*) from ({_JUDGED} order by c.volunteer_id, rule nulls first) judged"
            " where rule is not null group by rule order by count(*) desc, rule",
            need.params,
        )
        return [RuleCount(rule, BY_NAME[rule].sentence, count) for rule, count in cursor.fetchall()]


def refused_by_rule(
    assistance: AssistanceRequest, rule: str, *, now: datetime, after: int = 0
) -> list[Refused]:
    """A page of speakers whom this rule keeps out, by number, beginning after the number `after`."""
    need = need_of(assistance, now=now)
    with connection.cursor() as cursor:
        cursor.execute(
            _WITH_SUSPECTS + f"select volunteer_id, name, rule from ({_JUDGED} and c.volunteer_id > %(after)s"
            " order by c.volunteer_id, rule nulls first) judged where rule = %(rule)s"
            " order by volunteer_id limit %(page)s",
            {**need.params, "rule": rule, "after": after, "page": PAGE},
        )
        return [_refused(*row) for row in cursor.fetchall()]


def refused_named(assistance: AssistanceRequest, name: str, *, now: datetime) -> list[Refused]:
    """People whose name contains `name` and who may not be asked, whatever they speak; at most 25."""
    people = Volunteer.objects.filter(name__icontains=name).order_by("name", "pk")[:PAGE]
    need = need_of(assistance, now=now)
    found = []
    for volunteer in people:
        first = next(iter(_obstacles(need, volunteer)), None)
        if first:
            found.append(Refused(volunteer.pk, volunteer.name, first.rule, first.sentence, first.overridable))
    return found


def obstacles(assistance: AssistanceRequest, volunteer: Volunteer, *, now: datetime) -> list[Obstacle]:
    """Every hard rule that speaks against this volunteer, in the language that suits best."""
    return _obstacles(need_of(assistance, now=now), volunteer)


def obstacles_each(
    assistances: Sequence[AssistanceRequest],
    volunteers: Collection[int],
    *,
    now: datetime,
    programme: Programme | None = None,
) -> dict[tuple[int, int], list[Obstacle]]:
    """The same for several requests and people, by the numbers of both: as few statements as for one."""
    needs = needs_of(assistances, now=now, programme=programme)
    if not needs or not volunteers:
        return {}
    rows = ", ".join(
        "(" + ", ".join(f"%({name}_{nth})s::{kind}" for name, kind in _COLUMNS.items()) + ")"
        for nth in range(len(needs))
    )
    params = {f"{name}_{nth}": need.params[name] for nth, need in enumerate(needs) for name in _COLUMNS}
    with connection.cursor() as cursor:
        cursor.execute(
            f"select n.assistance, c.volunteer_id, {', '.join(rule.sql % _FROM_COLUMNS for rule in ALL)}"
            f" from (values {rows}) n ({', '.join(_COLUMNS)})"
            " join volunteers_speakercard c"
            " on c.volunteer_id = any(%(people)s) and c.language_id = any(n.languages)"
            " join volunteers_volunteer v on v.id = c.volunteer_id",
            {**params, "people": list(volunteers)},
        )
        judged: dict[tuple[int, int], list[list[bool]]] = {}
        for assistance, volunteer, *broken in cursor.fetchall():
            judged.setdefault((assistance, volunteer), []).append(broken)
    pairs = product([one.pk for one in assistances], volunteers)
    return {pair: _best_of(judged.get(pair, [])) for pair in pairs}


def _obstacles(need: Need, volunteer: Volunteer) -> list[Obstacle]:
    columns = ", ".join(rule.sql for rule in ALL)
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {columns} from volunteers_speakercard c"
            " join volunteers_volunteer v on v.id = c.volunteer_id"
            " where c.volunteer_id = %(volunteer)s and c.language_id = any(%(languages)s::bigint[])",
            {**need.params, "volunteer": volunteer.pk},
        )
        return _best_of(cursor.fetchall())


def _best_of(judged: Sequence[Sequence[bool]]) -> list[Obstacle]:
    """What is broken in the language that suits best; each row holds a judgement per rule."""
    if not judged:
        return [Obstacle(LANGUAGE.name, LANGUAGE.sentence, LANGUAGE.overridable)]
    best = min(judged, key=sum)
    return [
        Obstacle(rule.name, rule.sentence, rule.overridable)
        for rule, broken in zip(ALL, best, strict=True)
        if broken
    ]
