"""Who comes: invitations, answers by link or on the telephone, and the list that moves up by itself."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext as _

from lotsen_portal import audit
from lotsen_portal.audit import Actor
from lotsen_portal.verbs import NotPossible, settled_by_the_database, verb
from volunteers import mails
from volunteers.models import Participation, Session, Volunteer, VolunteerState
from volunteers.training_states import FREE_TO_COME, PlaceState, SessionState
from volunteers.trainings.errors import Full, NothingToChange
from volunteers.trainings.ground import (
    LAST_PLACE,
    MOVES_UP_UNTIL,
    PARTICIPATION,
    free_places,
    lock,
    lock_behind,
    make,
    refuse_unless_coming,
)


@verb
def invite(session: int, *, volunteers: Collection[int], by: Actor, now: datetime) -> int:
    """Invite these volunteers by number, each by a mail with one link; returns how many.

    Whoever said no or gave a place back is invited once more; whoever is invited already is passed over.
    """
    record = lock(session)
    refuse_unless_coming(record, by=by, now=now)
    if record.has_begun(now=now):
        raise NotPossible(_("Der Termin hat schon begonnen."))
    people = Volunteer.objects.filter(pk__in=volunteers).exclude(state=VolunteerState.LEFT).order_by("pk")
    known = {row.volunteer_id: row for row in record.participations.all()}
    asked = 0
    for person in people:
        row = known.get(person.pk)
        if row is None:
            row = Participation.objects.create(session=record, volunteer=person, invited_at=now)
            audit.record(by, "invite", kind=PARTICIPATION, number=row.pk, after=row.state, at=now)
        elif row.state in FREE_TO_COME - {PlaceState.INVITED}:
            make(row, "invite_again", by=by, now=now, invited_at=now, answered_at=None)
        else:
            continue
        row.session, row.volunteer = record, person
        mails.send_invitation(row, now=now)
        asked += 1
    if not asked:
        raise NotPossible(_("Bitte wählen Sie mindestens eine Person aus."))
    return asked


@verb
def take_place(participation: int, *, by: Actor, now: datetime) -> None:
    """Say yes and take a place. Raises Full when there is none left, so that nobody waits unasked."""
    session, record = lock_behind(participation)
    refuse_unless_coming(session, by=by, now=now)
    if record.state == PlaceState.YES:
        raise NothingToChange
    if free_places(session) <= 0:
        raise Full
    with settled_by_the_database(LAST_PLACE):
        make(record, "take_place", by=by, now=now, answered_at=now)
    mails.send_place(mails.confirm_place, record, now=now)


@verb
def queue(participation: int, *, by: Actor, now: datetime) -> None:
    """Go on the waiting list, behind whoever waits; with a free place it is a place at once."""
    session, record = lock_behind(participation)
    refuse_unless_coming(session, by=by, now=now)
    if record.state in {PlaceState.YES, PlaceState.WAITING}:
        raise NothingToChange
    if free_places(session) > 0:
        make(record, "take_place", by=by, now=now, answered_at=now)
        mails.send_place(mails.confirm_place, record, now=now)
        return
    make(record, "queue", by=by, now=now, answered_at=now, queued_at=now)
    mails.send_session_mail(mails.tell_waiting, record, now=now)


@verb
def decline(participation: int, *, by: Actor, now: datetime) -> None:
    """Say no, leave the waiting list, or give a place back; whoever waits longest moves up."""
    session, record = lock_behind(participation)
    refuse_unless_coming(session, by=by, now=now)
    if record.state in {PlaceState.NO, PlaceState.CANCELLED}:
        raise NothingToChange
    if record.state != PlaceState.YES:
        make(record, "decline", by=by, now=now, answered_at=now, queued_at=None)
        return
    make(record, "give_back", by=by, now=now, answered_at=now)
    mails.send_session_mail(mails.confirm_given_back, record, now=now)
    fill_from_the_list(session, by=by, now=now)


@verb
def release(volunteer: int, *, by: Actor, now: datetime) -> None:
    """Somebody leaves: give every place and every wait for one back, so that others move up."""
    states = [PlaceState.INVITED.value, PlaceState.WAITING.value, PlaceState.YES.value]
    rows = Participation.objects.filter(volunteer=volunteer, state__in=states, session__first_at__gt=now)
    planned = rows.filter(session__state=SessionState.PLANNED.value).order_by("session_id")
    for number in list(planned.values_list("pk", flat=True)):
        decline(number, by=by, now=now)


@verb
def move_up(participation: int, *, by: Actor, now: datetime) -> None:
    """Give somebody on the waiting list a free place by hand, out of turn or shortly before. Raises Full."""
    session, record = lock_behind(participation)
    refuse_unless_coming(session, by=by, now=now)
    if free_places(session) <= 0:
        raise Full(_("Es ist kein Platz frei."))
    _give_place(record, by=by, now=now)


def fill_from_the_list(session: Session, *, by: Actor, now: datetime) -> None:
    """Give free places of a locked session to whoever waits longest, while there is time to plan for it."""
    if session.state != SessionState.PLANNED or session.first_at - now < MOVES_UP_UNTIL:
        return
    free = free_places(session)
    if free <= 0:
        return
    for record in session.participations.waiting().select_related("volunteer")[:free]:
        record.session = session
        _give_place(record, by=by, now=now)


def _give_place(record: Participation, *, by: Actor, now: datetime) -> None:
    make(record, "move_up", by=by, now=now, queued_at=None)
    mails.send_place(mails.tell_moved_up, record, now=now)
