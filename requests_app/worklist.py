"""What needs a decision now: the office's requests by the decision they wait for, and mails nobody got.

Two statements, whatever the size of the city: one judges the running requests (the partial index on them
keeps the rest out), one reads the mails that could not be delivered or have to be told by phone. The dates of
a series and the requests of an event that wait for the same decision are one row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import connection

from lotsen_portal import clock
from requests_app.models import GroupKind, Outcome

SHOWN: Final = 6
ALL_SHOWN: Final = 200
NEAR: Final = timedelta(days=3)
# On a Friday Monday is near.
DAYS_TO_LIMIT: Final = {4: 3, 5: 2}
DEADLINE_NEAR: Final = timedelta(hours=4)
# A step of the clock that is so late does not come by itself any more.
CLOCK_STANDS: Final = timedelta(days=1)

# What a group waits for, in the order of the page: slug, title, what to do.
TITLES: Final[Mapping[str, tuple[str, str]]] = {
    "choose": ("Bitte auswählen", "Diese Freiwilligen würden kommen und warten auf Ihre Wahl."),
    "exhausted": (
        "Niemand mehr auf der Liste",
        "Sehen Sie nach, was sonst noch geht, oder setzen Sie weitere Personen auf die Liste.",
    ),
    "timeless": ("Zeit klären", "Rufen Sie an, oder lassen Sie jemanden anrufen, der die Sprache spricht."),
    "promised": (
        "Versprochene Nachricht überfällig",
        "Diese Menschen und Einrichtungen warten länger, als wir gesagt haben.",
    ),
    "new": ("Neu: bitte prüfen", "Diese Anfragen gehen erst weiter, wenn Sie sie freigeben."),
    "limit": (
        "Bald zu spät",
        "Kommt niemand, hört es die anfragende Seite jetzt, damit sie noch planen kann.",
    ),
    "fresh": ("Noch niemand gefragt", "Wählen Sie aus den Vorschlägen, wen Sie anfragen."),
    "again": ("Nächste Person anfragen", "Alle bisher Gefragten haben abgesagt oder nicht geantwortet."),
    "waiting": (
        "Antwort drängt",
        "Der Termin oder das Ende der Frist ist nah, und noch niemand hat zugesagt.",
    ),
    "differ": ("Rückmeldungen widersprechen sich", "Fragen Sie nach und entscheiden Sie, was gilt."),
    "silent": (
        "Keine Rückmeldung",
        "Auch nach den Erinnerungen hat niemand geantwortet. Fragen Sie nach und schließen Sie ab.",
    ),
    "over": ("Termin vorbei: bitte abschließen", "Tragen Sie ein, wie der Termin verlaufen ist."),
    "gone": ("Termin vorbei, niemand gefunden", "Beenden Sie diese Anfragen, damit die Zahlen stimmen."),
    "soon": ("Heute und morgen vereinbart", "Hier ist nichts zu entscheiden."),
}
# Of appointments that are over: nobody waits for these.
AFTERWARDS: Final = ("differ", "silent", "over", "gone")
DECISIONS: Final = tuple(slug for slug in TITLES if slug != "soon")

# Here each request is decided, or named, by itself.
ONE_BY_ONE: Final = ("differ", "soon")

EVERYBODY: Final = "alle"
MINE: Final = "ich"
NOBODY: Final = "niemand"

_GROUPS: Final = """
with running as (
  select r.id, r.group_id, r.state, r.urgent, coalesce(r.period, t.period) as period,
         coalesce(t.times, 0) as times, r.answer_by, r.responsible_id, r.search_ends_at,
         c.state as search, c.next_at, o.asked, o.unanswered, o.declined, o.willing, o.deadline, e.*,
         exists (select from requests_app_assistancerequest b where b.callback_for_id = r.id
                    and b.state in ('new', 'open', 'offered', 'confirmed')) as called
    from requests_app_assistancerequest r
    left join lateral (
      select p.period, count(*) over () as times
        from requests_app_proposedtime p
       where r.period is null and r.times_proposed and p.assistance_id = r.id
       order by lower(p.period) <= %(now)s, lower(p.period) limit 1) t on true
    left join lateral (
      select count(*) as asked,
             count(*) filter (where o.state in ('pending', 'willing')) as unanswered,
             count(*) filter (where o.state = 'declined') as declined,
             count(*) filter (where o.state = 'willing') as willing,
             min(o.deadline) filter (where o.state = 'pending') as deadline
        from requests_app_offer o
       where o.assistance_id = r.id and r.state in ('open', 'offered')) o on true
    left join requests_app_campaign c
      on c.assistance_id = r.id and c.state in ('running', 'paused', 'exhausted')
    left join lateral (
      select a.report_asks, a.report_asked_at, a.report_due,
             max(p.outcome) filter (where p.side = 'volunteer') as said_volunteer,
             max(p.outcome) filter (where p.side = 'requester') as said_requester,
             coalesce(max(p.minutes) filter (where p.side = 'volunteer'), max(p.minutes), r.minutes) as lasted
        from requests_app_assignment a left join requests_app_report p on p.assignment_id = a.id
       where a.assistance_id = r.id and a.state = 'agreed'
         and r.state = 'confirmed' and upper(r.period) <= %(now)s
       group by a.id) e on true
   where r.state in ('new', 'open', 'offered', 'confirmed')
), judged as materialized (
  select *, case
      when state = 'confirmed' and upper(period) <= %(now)s then case
        when said_volunteer <> said_requester then 'differ'
        when report_due is null and report_asks > 0 then
          case when report_asked_at is not null and said_volunteer is null and said_requester is null
               then 'silent' else 'over' end
        when report_asks is null or coalesce(report_due, upper(period)) < %(clock_stands)s then 'over' end
      when state = 'confirmed' and lower(period) < %(soon)s then 'soon'
      when state = 'confirmed' then null
      when lower(period) <= %(now)s then 'gone'
      when state = 'new' then 'new'
      when willing > 0 then 'choose'
      when state = 'open' and search = 'exhausted' then 'exhausted'
      -- The call that clears the time stands in the queue itself.
      when state = 'open' and period is null and called then null
      when state = 'open' and period is null then 'timeless'
      when answer_by < %(today)s then 'promised'
      when state = 'open' and search is distinct from 'running' and search_ends_at <= %(limit_near)s
        then 'limit'
      when state = 'open' and search = 'running' then null
      when state = 'open' and asked = 0 then 'fresh'
      when state = 'open' then 'again'
      -- A search with a next step goes on by itself.
      when deadline <= %(deadline_near)s and next_at is null or lower(period) <= %(near)s
        then 'waiting' end as slug
    from running
), numbers as (
  select slug, count(*) as everybody, count(*) filter (where responsible_id = %(me)s) as mine,
         count(*) filter (where responsible_id is null) as nobody
    from judged where slug is not null group by slug
), wanted as materialized (
  select * from judged j
   where slug is not null and (%(only)s = '' or %(only)s = slug)
     and (%(whose)s = 'alle' or (%(whose)s = 'ich' and responsible_id = %(me)s)
          or (%(whose)s = 'niemand' and responsible_id is null))
), joined as (
  select slug, group_id, array_agg(id order by lower(period), id) as members, bool_or(urgent) as presses,
         min(answer_by) as promised, min(deadline) as soonest
    from wanted where group_id is not null and slug <> all(%(one_by_one)s)
   group by slug, group_id having count(*) > 1
), shown as (
  select n.slug as of_slug, n.everybody, n.mine, n.nobody, q.*
    from numbers n left join lateral (
      select j.*, coalesce(g.presses, j.urgent) as presses, coalesce(g.promised, j.answer_by) as promised,
             coalesce(g.soonest, j.deadline) as soonest, g.group_id as together,
             coalesce(g.members, array[j.id]) as members
        from wanted j left join joined g on g.slug = j.slug and g.group_id = j.group_id
       where j.slug = n.slug and (g.members is null or j.id = g.members[1])
       order by presses desc, lower(j.period), j.id limit %(limit)s) q on true
)
select s.of_slug, s.everybody, s.mine, s.nobody,
       r.reference, s.state, s.presses, lower(s.period), upper(s.period), s.promised, s.asked, s.unanswered,
       s.declined, s.willing, s.soonest, s.search_ends_at,
       t.name, coalesce(d.name, ''), coalesce(i.name, ''),
       coalesce((select string_agg(distinct u.name, ', ') from requests_app_assistancerequest m
          join lotsen_portal_user u on u.id = m.responsible_id where m.id = any(s.members)), ''),
       coalesce((select string_agg(name, ', ' order by rank, name)
          from (select l.name, min(w.rank) as rank from requests_app_requestedlanguage w
             join volunteers_language l on l.id = w.language_id
            where w.assistance_id = any(s.members) group by l.name) spoken), ''),
       coalesce((select string_agg(distinct v.name, ', ') from requests_app_assignment a
          join volunteers_volunteer v on v.id = a.volunteer_id
          where a.assistance_id = any(s.members) and a.state = 'agreed'), ''), s.times,
       coalesce(s.said_volunteer, ''), coalesce(s.said_requester, ''), s.lasted,
       r.callback_for_id is not null, r.client_phone_index <> '' and r.callback_for_id is null,
       s.together, coalesce(p.kind, ''), s.members
  from shown s
  left join requests_app_assistancerequest r on r.id = s.id
  left join volunteers_topic t on t.id = r.topic_id
  left join volunteers_district d on d.id = r.district_id
  left join requests_app_institution i on i.id = r.institution_id
  left join requests_app_requestgroup p on p.id = s.together
 order by s.presses desc, lower(s.period), s.id
"""


@dataclass(frozen=True)
class Row:
    """One request that waits for the office; moments are aware, `volunteer` is who agreed.

    With a `group` it stands for all requests (`members`, by number) of that series or event in the same case:
    it is the first of them, and names, languages and deadlines are those of all.
    While one of several times is still to be chosen, it starts at the first to come and `times` counts them.
    `minutes` is how long an appointment that is over took, as far as anybody said.
    """

    reference: str
    state: str
    urgent: bool
    starts: datetime | None
    finishes: datetime | None
    answer_by: date
    asked: int
    unanswered: int
    declined: int
    willing: int
    deadline: datetime | None
    search_ends_at: datetime | None
    topic: str
    district: str
    institution: str
    responsible: str
    languages: str
    volunteer: str
    times: int
    said_volunteer: str
    said_requester: str
    minutes: int | None
    is_call: bool
    can_be_called: bool
    group: int | None
    kind: str
    members: list[int]

    @property
    def count(self) -> int:
        """For how many requests it stands."""
        return len(self.members)

    @property
    def is_event(self) -> bool:
        """Whether it stands for several requests of one event, not for the dates of a series."""
        return self.kind == GroupKind.EVENT

    @property
    def said(self) -> list[tuple[str, str]]:
        """Value and label of what both sides reported, the volunteer's first; [] where one is missing."""
        values = (self.said_volunteer, self.said_requester)
        return [(value, str(Outcome(value).label)) for value in values] if all(values) else []

    @property
    def silent(self) -> int:
        """How many of those asked neither answered nor are still asked: expired or withdrawn."""
        return max(0, self.asked - self.unanswered - self.declined)

    @property
    def tally(self) -> str:
        """What became of the questions so far, as a sentence; "" where nobody was asked, or for several."""
        if not self.asked or self.group:
            return ""
        parts = [
            (self.willing, "würden kommen" if self.willing > 1 else "würde kommen"),
            (self.unanswered - self.willing, "noch offen"),
            (self.declined, "abgesagt"),
            (self.silent, "ohne Antwort"),
        ]
        return f"{self.asked} gefragt: " + ", ".join(f"{n} {what}" for n, what in parts if n)


@dataclass(frozen=True)
class Group:
    """Requests that wait for the same decision; numbers count all of them, `rows` are the most urgent.

    A row of a series or an event stands for several of the requests that the numbers count.
    """

    slug: str
    title: str
    hint: str
    everybody: int
    mine: int
    nobody: int
    rows: tuple[Row, ...]

    def total(self, whose: str) -> int:
        """How many there are for everybody, for me, or on nobody's desk."""
        return {MINE: self.mine, NOBODY: self.nobody}.get(whose, self.everybody)

    @property
    def shown(self) -> int:
        """For how many requests the rows stand."""
        return sum(row.count for row in self.rows)


def groups(*, me: int, whose: str, now: datetime, only: str = "") -> dict[str, Group]:
    """Judge every running request; all groups by slug, the empty ones too.

    `me` is an account's number, `whose` one of EVERYBODY, MINE, NOBODY; `only` shows one group at length.
    """
    today = clock.local(now)
    params: dict[str, Any] = {
        "now": now,
        "today": today.date(),
        "soon": (today + timedelta(days=2)).replace(hour=0, minute=0, second=0, microsecond=0),
        "near": now + NEAR,
        "deadline_near": now + DEADLINE_NEAR,
        "limit_near": now + timedelta(days=DAYS_TO_LIMIT.get(today.weekday(), 1)),
        "clock_stands": now - CLOCK_STANDS,
        "me": me,
        "whose": whose,
        "only": only,
        "limit": ALL_SHOWN if only else SHOWN,
        "one_by_one": list(ONE_BY_ONE),
    }
    numbers: dict[str, tuple[int, int, int]] = {}
    rows: dict[str, list[Row]] = {slug: [] for slug in TITLES}
    with connection.cursor() as cursor:
        cursor.execute(_GROUPS, params)
        for slug, everybody, mine, nobody, *values in cursor.fetchall():
            numbers[slug] = (everybody, mine, nobody)
            if values[0] is not None:
                rows[slug].append(Row(*values))
    return {
        slug: Group(slug, title, hint, *numbers.get(slug, (0, 0, 0)), tuple(rows[slug]))
        for slug, (title, hint) in TITLES.items()
    }
