"""Finding requests among a million: filters, a search by words, and pages by keyset.

The small tables (institutions, languages, topics, districts, coordinators) are read in one statement; words
are matched against them here, so that no page scans the requests for a piece of text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import OuterRef, Subquery

from lotsen_portal import clock
from lotsen_portal.models import Programme, User
from requests_app.models import Assignment, AssistanceRequest, Institution, RequestedLanguage
from requests_app.states import RequestState
from requests_app.workflow.intake import REFERENCE_DIGITS, phone_index, reference_index
from volunteers.models import Volunteer

ROWS: Final = 25
NAMES: Final = 20
SHORTEST_PHONE: Final = 6
RUNNING: Final = "laufend"

_OPTIONS: Final = """
select 'institution', id, name from requests_app_institution
union all select 'language', id, name from volunteers_language
union all select 'topic', id, name from volunteers_topic
union all select 'district', id, name from volunteers_district
union all select 'responsible', u.id, u.name from lotsen_portal_user u
 where exists (select from lotsen_portal_officerole o where o.user_id = u.id and o.role = 'coordinator')
order by 1, 3
"""

_CONDITIONS: Final = {
    "state": "r.state = %(state)s",
    "institution": "r.institution_id = %(institution)s",
    "topic": "r.topic_id = %(topic)s",
    "district": "r.district_id = %(district)s",
    "responsible": "r.responsible_id = %(responsible)s",
    "urgent": "r.urgent",
    "first": "lower(r.period) >= %(first)s",
    "last": "lower(r.period) < %(last)s",
    "before": "r.id < %(before)s",
}
_SPEAKS: Final = (
    "exists (select from requests_app_requestedlanguage l"
    " where l.assistance_id = r.id and l.language_id = %(language)s)"
)
# When a request begins; while several times are possible, the first of them.
_FIRST_PROPOSED: Final = (
    "(select min(lower(p.period)) from requests_app_proposedtime p where p.assistance_id = {row}.id)"
)
# Where a request's time is known, and where one of several is still to be chosen: what it begins with.
_CHOSEN: Final = ("lower(r.period)", "true")
_PROPOSED: Final = (_FIRST_PROPOSED.format(row="r"), "r.period is null and r.times_proposed")
_EARLIER: Final = (
    "({begins}, r.id) < (select coalesce(lower(b.period), " + _FIRST_PROPOSED.format(row="b") + "), b.id"
    " from requests_app_assistancerequest b where b.id = %(before)s)"
)
_IS_RUNNING: Final = "r.state in ('new', 'open', 'offered', 'confirmed')"
_NEWEST: Final = "order by r.id desc limit %(limit)s"

# One source of hits per kind of word; each ends early at its own index.
_SOURCES: Final = {
    "institutions": "select h.id from unnest(%(institutions)s::bigint[]) x cross join lateral (select r.id"
    " from requests_app_assistancerequest r where r.institution_id = x and {where} {newest}) h",
    "topics": "select h.id from unnest(%(topics)s::bigint[]) x cross join lateral (select r.id"
    " from requests_app_assistancerequest r where r.topic_id = x and {where} {newest}) h",
    "languages": "select h.id from unnest(%(languages)s::bigint[]) x cross join lateral (select r.id"
    " from requests_app_requestedlanguage w join requests_app_assistancerequest r on r.id = w.assistance_id"
    " where w.language_id = x and {where} order by w.assistance_id desc limit %(limit)s) h",
    "volunteers": "select r.id from requests_app_assistancerequest r where {where} and r.id in"
    " (select o.assistance_id from requests_app_offer o"
    " where o.volunteer_id = any(%(volunteers)s::bigint[]))",
    "references": "select r.id from requests_app_assistancerequest r"
    " where r.reference = any(%(references)s::text[]) and {where}",
    "client_reference": "select r.id from requests_app_assistancerequest r where r.client_reference_index"
    " = %(client_reference)s and r.client_reference_index <> '' and {where}",
    "phone": "select r.id from requests_app_assistancerequest r where r.client_phone_index = %(phone)s"
    " and r.client_phone_index <> '' and {where}",
}


@dataclass(frozen=True)
class Options:
    """What the filters offer: pairs of number and name, by kind."""

    institution: list[tuple[int, str]] = field(default_factory=list)
    language: list[tuple[int, str]] = field(default_factory=list)
    topic: list[tuple[int, str]] = field(default_factory=list)
    district: list[tuple[int, str]] = field(default_factory=list)
    responsible: list[tuple[int, str]] = field(default_factory=list)

    def containing(self, kind: str, words: str) -> list[int]:
        """Numbers of the entries whose name contains the words, at most NAMES."""
        pairs: list[tuple[int, str]] = getattr(self, kind)
        return [number for number, name in pairs if words in name.casefold()][:NAMES]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What to look for; None and "" do not narrow. Dates are Berlin's, both included, of the appointment."""

    words: str = ""
    state: str = ""
    institution: int | None = None
    language: int | None = None
    topic: int | None = None
    district: int | None = None
    responsible: int | None = None
    urgent: bool = False
    first: date | None = None
    last: date | None = None
    before: int | None = None


def options() -> Options:
    """Read what the filters offer, in one statement."""
    found = Options()
    with connection.cursor() as cursor:
        cursor.execute(_OPTIONS)
        for kind, number, name in cursor.fetchall():
            getattr(found, kind).append((number, name))
    return found


def references_in(words: str, *, prefix: str, now: datetime) -> list[str]:
    """The references that somebody may mean: in full, year and number, or the bare number of two years."""
    typed = words.strip().upper().replace(" ", "")
    if re.fullmatch(rf"{re.escape(prefix.upper())}-\d{{4}}-\d+", typed):
        return [prefix + typed[len(prefix) :]]
    if match := re.fullmatch(r"(\d{4})-(\d{1,9})", typed):
        return [f"{prefix}-{match[1]}-{int(match[2]):0{REFERENCE_DIGITS}d}"]
    if re.fullmatch(rf"\d{{1,{REFERENCE_DIGITS}}}", typed):
        year = clock.local(now).year
        return [f"{prefix}-{y}-{int(typed):0{REFERENCE_DIGITS}d}" for y in (year, year - 1)]
    return []


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), clock.TZ)


def _narrowing(wanted: Wanted) -> tuple[list[str], dict[str, Any]]:
    params = {name: getattr(wanted, name) for name in _CONDITIONS}
    conditions = [sql for name, sql in _CONDITIONS.items() if params[name]]
    if wanted.state == RUNNING:
        conditions[conditions.index(_CONDITIONS["state"])] = _IS_RUNNING
    if wanted.first:
        params["first"] = _midnight(wanted.first)
    if wanted.last:
        params["last"] = _midnight(wanted.last + timedelta(days=1))
    return conditions, params


def _by_appointment(conditions: list[str], *, language: bool) -> str:
    """Dates narrow by the beginning, so its index gives the order too; else an old span reads everything."""
    kept = [_EARLIER if sql == _CONDITIONS["before"] else sql for sql in conditions]
    kept += [_SPEAKS] if language else []
    parts = []
    for begins, where in (_CHOSEN, _PROPOSED):
        narrowed = " and ".join([where, *(_beginning(sql, begins) for sql in kept)])
        parts.append(
            f"(select r.id, {begins} as begins from requests_app_assistancerequest r where {narrowed}"
            " order by 2 desc, r.id desc limit %(limit)s)"
        )
    return f"select id from ({' union all '.join(parts)}) r order by begins desc, id desc limit %(limit)s"


def _beginning(condition: str, begins: str) -> str:
    """A condition about when a request begins, with what it begins with put in."""
    return condition.replace("lower(r.period)", begins).format(begins=begins)


def _newest_first(conditions: list[str], *, language: bool) -> str:
    where = " and ".join(conditions) or "true"
    if language:
        return (
            "select r.id from requests_app_requestedlanguage w"
            " join requests_app_assistancerequest r on r.id = w.assistance_id"
            f" where w.language_id = %(language)s and {where} order by w.assistance_id desc limit %(limit)s"
        )
    return f"select r.id from requests_app_assistancerequest r where {where} {_NEWEST}"


def _by_words(conditions: list[str], sources: list[str], *, language: bool) -> str:
    if language:
        conditions = [*conditions, _SPEAKS]
    begins = f"coalesce(lower(r.period), {_FIRST_PROPOSED.format(row='r')})"
    where = " and ".join(_beginning(sql, begins) for sql in conditions) or "true"
    hits = " union ".join(f"({_SOURCES[name].format(where=where, newest=_NEWEST)})" for name in sources)
    return f"select id from ({hits}) r {_NEWEST}"


def _meanings(wanted: Wanted, known: Options, programme: Programme, now: datetime) -> dict[str, Any]:
    """What the words may mean, by source; a source without a meaning is left out."""
    words = wanted.words.strip()
    folded = words.casefold()
    digits = sum(sign.isdigit() for sign in words)
    house = Institution(pk=wanted.institution) if wanted.institution else None
    people = Volunteer.objects.filter(name__icontains=words).order_by("name", "pk")
    meanings = {
        "references": references_in(words, prefix=programme.reference_prefix, now=now),
        "institutions": known.containing("institution", folded),
        "topics": known.containing("topic", folded),
        "languages": known.containing("language", folded),
        "volunteers": list(people.values_list("pk", flat=True)[:NAMES]),
        "client_reference": reference_index(words, house),
        "phone": phone_index(words) if digits >= SHORTEST_PHONE else "",
    }
    return {name: meaning for name, meaning in meanings.items() if meaning}


def find(wanted: Wanted, known: Options, *, programme: Programme, now: datetime) -> list[int]:
    """Numbers of the newest requests that fit; one more than ROWS when there are more.

    Newest first as they were filed, or by their appointment where dates narrow (but not with words).
    """
    conditions, params = _narrowing(wanted)
    language = wanted.language is not None
    order = _by_appointment if wanted.first or wanted.last else _newest_first
    sql = order(conditions, language=language)
    if wanted.words.strip():
        meanings = _meanings(wanted, known, programme, now)
        if not meanings:
            return []
        params |= meanings
        sql = _by_words(conditions, list(meanings), language=language)
    with connection.cursor() as cursor:
        cursor.execute(sql, {**params, "language": wanted.language, "limit": ROWS + 1})
        return [number for (number,) in cursor.fetchall()]


def rows(numbers: list[int], *, user: User) -> list[AssistanceRequest]:
    """The requests with these numbers, in their order, with what a row shows; only what the user may see."""
    wanted = RequestedLanguage.objects.filter(assistance=OuterRef("pk")).order_by("rank")
    agreed = Assignment.objects.filter(assistance=OuterRef("pk")).live().values("volunteer__name")
    found = (
        AssistanceRequest.objects.visible_to(user)
        .filter(pk__in=numbers)
        .select_related("topic", "district", "institution", "responsible")
        .only(
            "reference", "state", "period", "times_proposed", "urgent", "filed_at", "topic__name",
            "district__name", "institution__name", "responsible__name", "callback_for", "origin",
        )
        .prefetch_related("proposed_times")
        .annotate(
            language_names=ArraySubquery(wanted.values("language__name")),
            volunteer_name=Subquery(agreed[:1]),
        )
    )  # fmt: skip
    return sorted(found, key=lambda row: numbers.index(row.pk))


STATES: Final = [RUNNING, *(state.value for state in RequestState)]
