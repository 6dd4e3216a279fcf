"""Who was there, and what follows from it: somebody is trained for a topic on that very day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from lotsen_portal import clock
from lotsen_portal.audit import Actor
from lotsen_portal.verbs import NotPossible, verb
from volunteers.models import Course, Module, Participation, Session, Topic, TopicTraining, Volunteer
from volunteers.training_states import PlaceState, SessionState
from volunteers.trainings.ground import lock, make


@verb
def take_attendance(session: int, *, present: Collection[int], by: Actor, now: datetime) -> None:
    """Note who of the invited was there (numbers of the invitations); may be corrected later.

    Whoever had a place and is not named was absent. Who attended a course for a topic is trained for it.
    """
    record = lock(session)
    if record.state == SessionState.CANCELLED or not record.has_begun(now=now):
        raise NotPossible(_("Die Anwesenheit lässt sich erst eintragen, wenn der Termin begonnen hat."))
    rows = list(record.participations.select_related("volunteer").order_by("volunteer_id"))
    changed: list[int] = []
    for row in rows:
        was_there = row.pk in present
        if was_there and row.state != PlaceState.ATTENDED:
            make(row, "attend", by=by, now=now)
        elif not was_there and row.state in {PlaceState.YES, PlaceState.ATTENDED}:
            make(row, "miss", by=by, now=now)
        else:
            continue
        changed.append(row.volunteer_id)
    if record.state == SessionState.PLANNED:
        make(record, "hold", by=by, now=now)
    if record.course_id is not None and changed:
        _settle_topic(Course.objects.get(pk=record.course_id), record, changed)


def _settle_topic(course: Course, session: Session, volunteers: Collection[int]) -> None:
    """Bring what these volunteers are trained for in line with what they attended."""
    topic = course.topic
    if topic is None:
        return
    people = Volunteer.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=volunteers)
    for person in people.order_by("pk"):
        last = _completed(course, person)
        if last is None:
            TopicTraining.objects.filter(volunteer=person, topic=topic, session__course=course).delete()
            continue
        on = _day_of(last)
        _write(person, topic, last, _valid_until(on, course.months_valid))


def _day_of(session: Session) -> date:
    return clock.local(session.last_at).date()


def _write(person: Volunteer, topic: Topic, session: Session, until: date | None) -> None:
    on = _day_of(session)
    known = TopicTraining.objects.filter(volunteer=person, topic=topic).first()
    if known is not None and known.session_id is None and known.completed_on > on:
        return  # the office noted a later training by hand
    values = {"completed_on": on, "valid_until": until, "session": session}
    TopicTraining.objects.update_or_create(volunteer=person, topic=topic, defaults=values)


def _completed(course: Course, person: Volunteer) -> Session | None:
    """The session by which somebody has attended the whole course, the latest if several; else None."""
    attended = _attended(course, person)
    whole = attended.filter(module=None).first()
    modules = set(Module.objects.filter(course=course).values_list("pk", flat=True))
    latest: dict[int, Session] = {}
    for session in attended.exclude(module=None):
        latest.setdefault(session.module_id or 0, session)
    parts = max(latest.values(), key=lambda one: one.last_at) if modules and modules <= set(latest) else None
    found = [session for session in (whole, parts) if session is not None]
    return max(found, key=lambda one: one.last_at, default=None)


def _attended(course: Course, person: Volunteer) -> QuerySet[Session]:
    there = Participation.objects.filter(volunteer=person, state=PlaceState.ATTENDED.value)
    return Session.objects.filter(course=course, participations__in=there).order_by("-last_at")


def _valid_until(completed_on: date, months: int | None) -> date | None:
    """The last day on which a training of so many months counts; None where it has no end."""
    if months is None:
        return None
    total = completed_on.year * 12 + completed_on.month - 1 + months
    year, month = divmod(total, 12)
    last_of_month = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - date.resolution).day
    return date(year, month + 1, min(completed_on.day, last_of_month))
