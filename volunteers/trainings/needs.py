"""Who is missing which training: by the rules of the programme and by what the topics demand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import connection

from lotsen_portal import clock
from volunteers.models import Course, Need, TrainingRule, Volunteer

SHOWN: Final = 200

# A course counts when its whole or all its parts were attended; supervision in a group or alone.
_MISSING: Final = """
with attended as (
  select p.volunteer_id, s.course_id, s.module_id,
         case when s.kind in ('group', 'single') then 'supervision' else s.kind end as subject,
         extract(year from s.first_at at time zone 'Europe/Berlin') as year
    from volunteers_participation p join volunteers_session s on s.id = p.session_id
   where p.state = 'attended'
), done as (
  select volunteer_id, course_id from attended where course_id is not null and module_id is null
  union
  select volunteer_id, course_id from attended a where module_id is not null
   group by volunteer_id, course_id
  having count(distinct module_id) = (
         select count(*) from volunteers_module m where m.course_id = a.course_id)
), open as (
  select v.id as number, v.name, v.state, r.need, r.id as rule, r.times as wanted,
         case when r.course_id is not null then
              (select count(*) * r.times from done d
                where d.volunteer_id = v.id and d.course_id = r.course_id)
              else (select count(*) from attended a
                     where a.volunteer_id = v.id and a.subject = r.subject
                       and (r.need = 'start' or a.year = %(year)s)) end as had,
         coalesce(c.name, '') as course, r.subject
    from volunteers_volunteer v
    join volunteers_trainingrule r
      on r.active and (r.need = 'start' and v.state in ('applicant', 'in_training')
                       or r.need = 'yearly' and v.state = 'active')
    left join volunteers_course c on c.id = r.course_id
   where %(one)s::bigint is null or v.id = %(one)s
)
select number, name, need, course, subject, wanted, had from open
 where case when need = 'yearly' then had < wanted * %(month)s / 12 else had < wanted end
union all
select v.id, v.name, 'topic', t.name, '', 1, 0
  from volunteers_volunteer v
  join volunteers_volunteer_topics vt on vt.volunteer_id = v.id
  join volunteers_topic t on t.id = vt.topic_id and t.needs_training
 where v.state in ('in_training', 'active') and (%(one)s::bigint is null or v.id = %(one)s)
   and not exists (select from volunteers_topictraining x
                    where x.volunteer_id = v.id and x.topic_id = t.id and x.completed_on <= %(today)s
                      and (x.valid_until is null or x.valid_until >= %(today)s))
 order by name, number, need, course, subject
 limit %(limit)s
"""


@dataclass(frozen=True)
class Missing:
    """One thing that somebody has not attended yet, or not often enough this year."""

    volunteer: int
    name: str
    need: str
    what: str
    wanted: int
    had: int

    @property
    def is_yearly(self) -> bool:
        """Whether it is asked for again each year."""
        return self.need == Need.YEARLY


def missing(*, now: datetime, volunteer: int | None = None) -> list[Missing]:
    """What people are missing today, by name, at most 200 lines; of one volunteer if a number is given.

    Of what is asked for each year only what would be due by this month, so that nobody is late in January.
    """
    today = clock.local(now).date()
    with connection.cursor() as cursor:
        cursor.execute(_MISSING, _values(today, volunteer))
        rows = cursor.fetchall()
    subjects = dict(TrainingRule._meta.get_field("subject").flatchoices)
    return [
        Missing(number, name, need, course or str(subjects.get(subject, subject)), wanted, had)
        for number, name, need, course, subject, wanted, had in rows
    ]


def before_the_first_appointment(volunteer: Volunteer, *, now: datetime) -> list[str]:
    """The trainings that the programme wants before somebody becomes active and that are missing, by name."""
    return [row.what for row in missing(now=now, volunteer=volunteer.pk) if row.need == Need.START]


def courses_for_topics() -> dict[str, str]:
    """The course that makes fit for a topic, by the topic's name; the first where there are several."""
    rows = Course.objects.filter(active=True).exclude(topic=None).order_by("-name")
    return dict(rows.values_list("topic__name", "name"))


def _values(today: date, volunteer: int | None) -> dict[str, Any]:
    return {"today": today, "year": today.year, "month": today.month, "one": volunteer, "limit": SHOWN}
