"""The hard rules, each once: the SQL that says it is broken, and the sentence that says so to a person.

`c` is a speaker's card; `v`, the volunteer's row, is there in the explanations only. Fragments that end in
`offset 0` stay lazy: they run for the few rows that reach them and never become a join over the whole table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Rule:
    """One hard rule; `overridable` means that the office may ask all the same, with a reason."""

    name: str
    sql: str
    sentence: str
    overridable: bool = False


_TRAVEL_MINUTES = """make_interval(mins => case
  when %(remote)s or r.mode <> 'on_site' or r.institution_id = %(institution)s then 0
  else coalesce((%(travel)s::jsonb ->> r.district_id::text)::int, 30) end)"""

_LIVE = """a.volunteer_id = c.volunteer_id and a.state in ('agreed', 'took_place')
         and a.assistance_id <> %(assistance)s"""

INACTIVE: Final = Rule("inactive", "v.state <> 'active'", "Ist zurzeit nicht aktiv.")
UNDERTAKING: Final = Rule(
    "undertaking",
    "c.ready_until < %(day)s",
    "Hat am Tag des Termins keine gültige Verschwiegenheitserklärung.",
)
LEVEL: Final = Rule(
    "level", "c.level < %(level)s", "Spricht die Sprache nicht gut genug für diesen Termin.", overridable=True
)
GENDER: Final = Rule(
    "gender",
    "(%(gender)s <> '' and c.gender <> %(gender)s)",
    "Die Klientin oder der Klient braucht eine Person anderen Geschlechts.",
)
CONDUCT: Final = Rule(
    "conduct",
    "(%(needs_conduct)s and c.conduct_until < %(day)s)",
    "Für dieses Thema fehlt am Tag des Termins ein gültiges Führungszeugnis.",
)
TRAINING: Final = Rule(
    "training",
    """(%(needs_training)s and not exists (select from volunteers_topictraining t
         where t.volunteer_id = c.volunteer_id and t.topic_id = %(topic)s and t.completed_on <= %(day)s
           and (t.valid_until is null or t.valid_until >= %(day)s) offset 0))""",
    "Für dieses Thema fehlt eine gültige Schulung.",
)
EXCLUDED: Final = Rule(
    "excluded",
    """exists (select from requests_app_wish w where w.volunteer_id = c.volunteer_id
         and w.institution_id = %(institution)s and w.kind = 'exclude' offset 0)""",
    "Ein Ausschluss zwischen dieser Person und der Einrichtung ist vermerkt (vertraulich).",
)
ABSENT: Final = Rule(
    "absent",
    """not exists (select from unnest(%(days)s::date[]) d where not exists (select from volunteers_absence b
         where b.volunteer_id = c.volunteer_id and d between b.first and b.last) offset 0)""",
    "Ist an diesem Tag abwesend gemeldet.",
    overridable=True,
)
ASKED: Final = Rule(
    "asked",
    """exists (select from requests_app_offer o where o.assistance_id = %(assistance)s
         and o.volunteer_id = c.volunteer_id and o.state in ('pending', 'willing', 'accepted') offset 0)""",
    "Ist für diesen Termin schon angefragt.",
)
DECLINED: Final = Rule(
    "declined",
    """exists (select from requests_app_offer o where o.assistance_id = %(assistance)s
         and o.volunteer_id = c.volunteer_id and o.state = 'declined'
         and o.version = %(version)s offset 0)""",
    "Hat für diesen Termin schon abgesagt.",
)
SISTER: Final = Rule(
    "sister",
    """(%(event)s <> 0 and exists (select from requests_app_offer o
         join requests_app_assistancerequest r on r.id = o.assistance_id
         where o.volunteer_id = c.volunteer_id and o.state in ('willing', 'accepted')
           and r.group_id = %(event)s and r.id <> %(assistance)s offset 0))""",
    "Hat für eine andere Anfrage derselben Veranstaltung schon zugesagt.",
)
OVERLAP: Final = Rule(
    "overlap",
    # Of several proposed times one is enough; the constant in front lets the planner drop the other branch.
    f"""case when %(span)s::tstzrange is not null
       then exists (select from requests_app_assignment a where {_LIVE}
              and a.period && %(span)s::tstzrange offset 0)
       else cardinality(%(times)s::tstzrange[]) > 0
         and not exists (select from unnest(%(times)s::tstzrange[]) t where not exists (
              select from requests_app_assignment a where {_LIVE} and a.period && t) offset 0) end""",
    "Hat zu dieser Zeit schon einen anderen Einsatz.",
)
TRAVEL: Final = Rule(
    "travel",
    f"""exists (select from requests_app_assignment a
         join requests_app_assistancerequest r on r.id = a.assistance_id
         where {_LIVE} and a.period && %(wide)s::tstzrange
           and tstzrange(lower(a.period) - {_TRAVEL_MINUTES}, upper(a.period) + {_TRAVEL_MINUTES})
               && %(span)s::tstzrange offset 0)""",
    "Der Weg von oder zu einem anderen Einsatz am selben Tag ist zu knapp.",
    overridable=True,
)
WEEK: Final = Rule(
    "week",
    f"""%(span)s::tstzrange is not null
       and c.weekly_maximum <= (select count(*) from requests_app_assignment a where {_LIVE}
         and a.period && %(week)s::tstzrange offset 0)""",
    "Hat in dieser Woche schon so viele Einsätze, wie sie oder er höchstens möchte.",
    overridable=True,
)

# The order in which a single reason is named when several apply.
ALL: Final = (
    INACTIVE, UNDERTAKING, EXCLUDED, GENDER, LEVEL, CONDUCT, TRAINING, ASKED, DECLINED, ABSENT, SISTER,
    OVERLAP, WEEK, TRAVEL,
)  # fmt: skip
STATIC: Final = (UNDERTAKING, GENDER, LEVEL, CONDUCT)
LAZY: Final = (TRAINING, EXCLUDED, ABSENT, ASKED, DECLINED, SISTER, OVERLAP, WEEK, TRAVEL)
# What one day or one request does not change.
LASTING: Final = (TRAINING, EXCLUDED)
OF_SUSPECTS: Final = (EXCLUDED, ABSENT, ASKED, DECLINED, SISTER, OVERLAP, WEEK, TRAVEL)
BY_NAME: Final = {rule.name: rule for rule in ALL}
LANGUAGE: Final = Rule("language", "", "Spricht keine der gewünschten Sprachen.")
