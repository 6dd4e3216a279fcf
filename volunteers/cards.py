"""The narrow table that matching reads; `refresh` is its only writer."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import connection, transaction

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_GONE = """
delete from volunteers_speakercard c
 where (%(all)s or c.volunteer_id = any(%(ids)s))
   and not exists (select from volunteers_speaks s
                    where s.language_id = c.language_id and s.volunteer_id = c.volunteer_id)
"""

_UPSERT = """
insert into volunteers_speakercard as c
  (language_id, volunteer_id, level, gender, district_id, topics, ready_until, conduct_until,
   weekly_maximum, minutes_90d, last_on,
   monday, tuesday, wednesday, thursday, friday, saturday, sunday)
select s.language_id, v.id, s.level, v.gender, v.district_id,
       coalesce((select array_agg(t.topic_id::int order by t.topic_id)
                   from volunteers_volunteer_topics t where t.volunteer_id = v.id), '{}'),
       case when v.state = 'active' and v.undertaking_on is not null
            then coalesce(v.undertaking_until, date '9999-12-31') else date '0001-01-01' end,
       case when v.conduct_seen_on is not null
            then coalesce(v.conduct_until, date '9999-12-31') else date '0001-01-01' end,
       v.weekly_maximum, v.minutes_90d, v.last_deployed_on,
       v.availability[1], v.availability[2], v.availability[3], v.availability[4],
       v.availability[5], v.availability[6], v.availability[7]
  from volunteers_speaks s join volunteers_volunteer v on v.id = s.volunteer_id
 where %(all)s or v.id = any(%(ids)s)
 order by s.language_id, v.id
on conflict (language_id, volunteer_id) do update
   set (level, gender, district_id, topics, ready_until, conduct_until, weekly_maximum, minutes_90d,
        last_on, monday, tuesday, wednesday, thursday, friday, saturday, sunday)
     = (excluded.level, excluded.gender, excluded.district_id, excluded.topics, excluded.ready_until,
        excluded.conduct_until, excluded.weekly_maximum, excluded.minutes_90d, excluded.last_on,
        excluded.monday, excluded.tuesday, excluded.wednesday, excluded.thursday, excluded.friday,
        excluded.saturday, excluded.sunday)
 where c is distinct from excluded
"""

_POOLS = """
insert into volunteers_languagepool as p (language_id, ready, median_minutes)
select l.id, count(c.volunteer_id) filter (where c.ready_until > date '0001-01-01'),
       coalesce(percentile_disc(0.5) within group (order by c.minutes_90d)
                filter (where c.ready_until > date '0001-01-01'), 0)
  from volunteers_language l left join volunteers_speakercard c on c.language_id = l.id
 group by l.id
 order by l.id
on conflict (language_id) do update
   set ready = excluded.ready, median_minutes = excluded.median_minutes
 where (p.ready, p.median_minutes) is distinct from (excluded.ready, excluded.median_minutes)
"""


def refresh(volunteers: Collection[int] | None = None) -> None:
    """Write the cards of these volunteers anew (by number; None means all) from what their records say.

    Papers are kept as dates, so that a card stays right when one runs out overnight.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        which: dict[str, Any] = {"all": volunteers is None, "ids": sorted(volunteers or ())}
        cursor.execute(_GONE, which)
        cursor.execute(_UPSERT, which)


def refresh_pools() -> None:
    """Count of each language who could come, and the median load, for fairness and for kind warnings."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_POOLS)
