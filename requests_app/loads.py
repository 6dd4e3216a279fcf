"""What volunteers did lately, carried to where matching reads it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction

from lotsen_portal import clock
from volunteers import cards

WINDOW = timedelta(days=90)

_LOAD = """
update volunteers_volunteer v
   set minutes_90d = coalesce(sums.minutes, 0), last_deployed_on = sums.last_on
  from (select v.id,
               sum(a.minutes) filter (where lower(a.period) > %(since)s) as minutes,
               max((lower(a.period) at time zone 'Europe/Berlin')::date) as last_on
          from volunteers_volunteer v
          left join requests_app_assignment a on a.volunteer_id = v.id and a.state = 'took_place'
         where %(all)s or v.id = %(volunteer)s
         group by v.id) sums
 where sums.id = v.id
   and (v.minutes_90d, v.last_deployed_on) is distinct from (coalesce(sums.minutes, 0), sums.last_on)
"""

_BONDS = """
insert into requests_app_bond as b (institution_id, volunteer_id, times, last_on)
select r.institution_id, a.volunteer_id, count(*),
       max((lower(a.period) at time zone 'Europe/Berlin')::date)
  from requests_app_assignment a join requests_app_assistancerequest r on r.id = a.assistance_id
 where a.state = 'took_place' and r.institution_id is not null
   and (%(all)s or a.volunteer_id = %(volunteer)s)
 group by r.institution_id, a.volunteer_id
 order by r.institution_id, a.volunteer_id
on conflict (institution_id, volunteer_id) do update
   set times = excluded.times, last_on = excluded.last_on
 where (b.times, b.last_on) is distinct from (excluded.times, excluded.last_on)
"""

_LOST_BONDS = """
delete from requests_app_bond b
 where (%(all)s or b.volunteer_id = %(volunteer)s)
   and not exists (select from requests_app_assignment a
                     join requests_app_assistancerequest r on r.id = a.assistance_id
                    where a.volunteer_id = b.volunteer_id and a.state = 'took_place'
                      and r.institution_id = b.institution_id)
"""


@transaction.atomic
def settle(volunteer: int | None, *, now: datetime) -> None:
    """Reckon load, last deployment and bonds of a volunteer (by number; None: all) and write the cards.

    The load is the sum of settled minutes of the last 90 days before `now`; days are Berlin's.
    """
    which = {"all": volunteer is None, "volunteer": volunteer, "since": now - WINDOW}
    with connection.cursor() as cursor:
        for statement in (_LOAD, _LOST_BONDS, _BONDS):
            cursor.execute(statement, which)
    cards.refresh(None if volunteer is None else [volunteer])


def settle_all() -> None:
    """Let the rolling window move on for everybody, and count the pools anew; runs each night."""
    settle(None, now=clock.now())
    cards.refresh_pools()
