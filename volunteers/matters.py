"""What waits for the office among volunteers: applications nobody looked at or led on, papers that run out.

One statement for all of them, whatever the size of the city: each kind of matter is a SELECT of the same
columns, and what is found stands in the work queue with what to do next.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection
from django.urls import reverse

from lotsen_portal import clock
from lotsen_portal.encryption import decrypt

SHOWN: Final = 6
ALL_SHOWN: Final = 200
UNTOUCHED: Final = timedelta(days=7)
# Whoever waits for a place is not led on week by week, and not forgotten either.
WAITING_LOOKED_AT: Final = timedelta(days=90)


@dataclass(frozen=True)
class Kind:
    """One kind of matter: its heading and hint, its SELECT, the page of one, and the next step by word.

    The SELECT gives: the record's number, whose it is (a token where `is_secret`), since when (a moment), the
    word for the next step, and more about it ("" for nothing).
    """

    title: str
    hint: str
    select: str
    page: str
    steps: Mapping[str, str]
    is_secret: bool = False


@dataclass(frozen=True)
class Matter:
    """One line of the work queue: who it is about, since when, what to do next, and where."""

    who: str
    since: datetime
    step: str
    more: str
    url: str


@dataclass(frozen=True)
class Heap:
    """The matters of one kind: how many there are, and the first of them, the oldest on top."""

    slug: str
    title: str
    hint: str
    total: int
    rows: tuple[Matter, ...]


_APPLICATIONS: Final = """
select a.id, a.name, case when a.state = 'received' then a.confirmed_at else a.touched_at end,
       case when a.touched_at <= %(untouched)s then a.state else 'fresh' end,
       coalesce((select string_agg(l.name, ', ' order by s.level desc, l.name)
                   from volunteers_applicationlanguage s join volunteers_language l on l.id = s.language_id
                  where s.application_id = a.id), '')
  from volunteers_application a
 where a.state in ('received', 'interview', 'papers', 'training') and a.touched_at <= %(untouched)s
    or a.state = 'waiting' and a.touched_at <= %(waiting)s
    or a.state = 'received' and not exists (
         select from lotsen_portal_accesslog x
          where x.kind = 'application' and x.number = a.id and x.actor_kind = 'office')
"""

# The day after the last one; without any undertaking it is missing since the first day.
_PAPERS: Final = """
select v.id, v.name, p.since, p.word, p.paper
  from volunteers_volunteer v
  cross join lateral (values
    ('Verschwiegenheitserklärung', v.undertaking_on, v.undertaking_until),
    ('Führungszeugnis', v.conduct_seen_on, v.conduct_until)) f (paper, first, until)
  cross join lateral (select f.paper,
      case when f.first is null then v.joined_on else f.until + 1 end::timestamp at time zone 'Europe/Berlin',
      case when f.first is null then 'missing' when f.until < %(today)s then 'over' else 'ending' end)
    p (paper, since, word)
 where v.state in ('active', 'paused')
   and (f.until <= %(today)s + coalesce(
          (select paper_reminder_days from lotsen_portal_programme where id = 1), 60)::int
        or f.first is null and f.paper = 'Verschwiegenheitserklärung' and v.joined_on is not null)
"""

_SESSIONS: Final = """
select s.id, coalesce(nullif(s.title, ''), c.name, 'Supervision oder Treffen'), s.last_at, 'over', ''
  from volunteers_session s left join volunteers_course c on c.id = s.course_id
 where s.state = 'planned' and s.last_at <= %(now)s
"""

KINDS: Final[dict[str, Kind]] = {
    "bewerbungen": Kind(
        title="Bewerbungen",
        hint="Diese Menschen möchten helfen und warten auf den nächsten Schritt.",
        select=_APPLICATIONS,
        page="office:application",
        steps={
            "fresh": "Neu: bitte ansehen.",
            "received": "Seit einer Woche nichts geschehen: zum Gespräch einladen.",
            "interview": "Seit einer Woche nichts geschehen: Wie war das Gespräch?",
            "papers": "Seit einer Woche nichts geschehen: nach den Unterlagen fragen.",
            "training": "Seit einer Woche nichts geschehen: Wie steht es mit der Schulung?",
            "waiting": "Seit drei Monaten auf der Warteliste: Gibt es jetzt einen Platz?",
        },
        is_secret=True,
    ),
    "nachweise": Kind(
        title="Nachweise",
        hint="Wer keinen gültigen Nachweis hat, steht nicht in den Vorschlägen.",
        select=_PAPERS,
        page="office:volunteer",
        steps={
            "missing": "Fehlt: bitte um die Unterschrift kümmern.",
            "over": "Abgelaufen: bitte erneuern lassen.",
            "ending": "Läuft bald ab: bitte erneuern lassen.",
        },
    ),
    "schulungen": Kind(
        title="Schulungen",
        hint="Hier fehlt noch, wer da war. Erst dann zählt die Schulung.",
        select=_SESSIONS,
        page="office:session_attendance",
        steps={"over": "Vorbei: bitte die Anwesenheit eintragen."},
    ),
}


def heaps(*, now: datetime, limit: int = SHOWN) -> list[Heap]:
    """What waits, by kind; kinds without anything are left out."""
    with connection.cursor() as cursor:
        cursor.execute(_statement(), _times(now) | {"limit": limit})
        rows = cursor.fetchall()
    found: dict[str, list[Matter]] = {slug: [] for slug in KINDS}
    totals = dict.fromkeys(KINDS, 0)
    for slug, number, who, since, word, more, total, _nth in rows:
        kind, totals[slug] = KINDS[slug], total
        name = decrypt(who) if kind.is_secret else who
        url = reverse(kind.page, args=[number])
        found[slug].append(Matter(name, since, kind.steps.get(word, word), more, url))
    return [
        Heap(slug, kind.title, kind.hint, totals[slug], tuple(found[slug]))
        for slug, kind in KINDS.items()
        if totals[slug]
    ]


def _statement() -> str:
    parts = [
        f"select '{slug}' as slug, m.* from ({kind.select}) m (number, who, since, word, more)"
        for slug, kind in KINDS.items()
    ]
    return f"""
select * from (
  select u.*, count(*) over (partition by slug) as total,
         row_number() over (partition by slug order by since, number) as nth
    from ({" union all ".join(parts)}) u) numbered
 where nth <= %(limit)s
 order by slug, nth
"""


def _times(now: datetime) -> dict[str, Any]:
    return {
        "now": now,
        "today": clock.local(now).date(),
        "untouched": now - UNTOUCHED,
        "waiting": now - WAITING_LOOKED_AT,
    }
