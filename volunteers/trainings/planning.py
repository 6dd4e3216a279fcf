"""What the office decides about a session: plan it, change it, cancel it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _

from lotsen_portal import audit
from lotsen_portal.audit import Actor
from lotsen_portal.verbs import NotPossible, settled_by_the_database, verb
from volunteers import mails
from volunteers.models import Course, Language, Module, Participation, Session, SessionDate, Topic
from volunteers.training_states import PlaceState
from volunteers.trainings.answering import fill_from_the_list
from volunteers.trainings.ground import SESSION, TOO_MANY_YES, lock, make, may

# Whoever might come hears of every change.
CONCERNED = (PlaceState.INVITED.value, PlaceState.YES.value, PlaceState.WAITING.value)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What the office typed about a session; `periods` are its dates."""

    kind: str
    periods: Sequence[DateTimeTZRange]
    places: int
    course: Course | None = None
    module: Module | None = None
    title: str = ""
    place: str = ""
    video_url: str = ""
    leader: str = ""
    hint: str = ""
    audience: str = "all"
    languages: Sequence[Language] = field(default_factory=tuple)
    topics: Sequence[Topic] = field(default_factory=tuple)

    def fields(self) -> dict[str, object]:
        """The columns of a session, without its dates and whom it is for by name."""
        periods = sorted(self.periods, key=lambda period: period.lower)
        names = ("kind", "places", "course", "module", "title", "place", "video_url", "leader", "hint")
        return {
            **{name: getattr(self, name) for name in (*names, "audience")},
            "first_at": periods[0].lower,
            "last_at": max(period.upper for period in periods),
        }


def _refuse_what_cannot_be(plan: Plan, *, now: datetime) -> None:
    periods = sorted(plan.periods, key=lambda period: period.lower)
    if not periods:
        raise NotPossible(_("Bitte nennen Sie mindestens einen Tag."))
    if periods[0].lower <= now:
        raise NotPossible(_("Der Termin liegt in der Vergangenheit."))
    if any(first.upper > then.lower for first, then in pairwise(periods)):
        raise NotPossible(_("Zwei der Zeiten überschneiden sich."))


@verb
def plan(plan: Plan, *, by: Actor, now: datetime) -> Session:
    """Write a new session, to which nobody is invited yet. Raises NotPossible for dates that cannot be."""
    _refuse_what_cannot_be(plan, now=now)
    session = Session.objects.create(**plan.fields(), created_at=now)
    session.languages.set(plan.languages)
    session.topics.set(plan.topics)
    for period in plan.periods:
        SessionDate.objects.create(session=session, period=period)
    audit.record(by, "plan", kind=SESSION, number=session.pk, after=session.state, at=now)
    return session


@verb
def change(session: int, plan: Plan, *, by: Actor, now: datetime) -> Session:
    """Write what changed; everybody concerned hears of another time or place, and more places are filled.

    Raises NotPossible when it is over or cancelled, TooFew when more people have a place already.
    """
    record = lock(session)
    if not may(record, "cancel", by) or record.has_begun(now=now):
        raise NotPossible(_("Dieser Termin lässt sich nicht mehr ändern."))
    _refuse_what_cannot_be(plan, now=now)
    is_moved = _move_dates(record, plan.periods)
    is_elsewhere = (record.place, record.video_url) != (plan.place, plan.video_url)
    for name, value in plan.fields().items():
        setattr(record, name, value)
    record.version += is_moved or is_elsewhere
    with settled_by_the_database(TOO_MANY_YES):
        record.save(update_fields=[*plan.fields(), "version"])
    record.languages.set(plan.languages)
    record.topics.set(plan.topics)
    audit.record(by, "change", kind=SESSION, number=record.pk, after=f"v{record.version}", at=now)
    if is_moved or is_elsewhere:
        for one in _concerned(record):
            mails.send_session_change(one, now=now)
    fill_from_the_list(record, by=by, now=now)
    return record


def _move_dates(session: Session, periods: Sequence[DateTimeTZRange]) -> bool:
    """Bring the rows of the dates in line, each keeping its calendar entry; whether anything moved."""
    wanted = sorted(periods, key=lambda period: period.lower)
    rows = list(session.dates.filter(struck_out=False).order_by("period"))
    if [row.period for row in rows] == wanted:
        return False
    # All are struck out first, so that no two overlap while they move one after the other.
    session.dates.filter(pk__in=[row.pk for row in rows]).update(struck_out=True)
    for row, period in zip(rows, wanted, strict=False):
        row.period, row.struck_out = period, False
        row.save(update_fields=["period", "struck_out"])
    for period in wanted[len(rows) :]:
        SessionDate.objects.create(session=session, period=period)
    return True


@verb
def cancel(session: int, *, reason: str, by: Actor, now: datetime) -> None:
    """Call a session off; everybody concerned hears why, and calendar entries are taken back."""
    record = lock(session)
    if record.has_begun(now=now) and record.last_at <= now:
        raise NotPossible(_("Dieser Termin ist schon vorbei."))
    make(record, "cancel", by=by, now=now, reason=reason)
    for one in _concerned(record):
        mails.send_session_mail(mails.tell_session_cancelled, one, now=now)


def _concerned(session: Session) -> list[Participation]:
    rows = session.participations.filter(state__in=CONCERNED).select_related("volunteer").order_by("pk")
    found = list(rows)
    for row in found:
        row.session = session
    return found
