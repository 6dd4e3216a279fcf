"""What is done to the requests of a series or an event together."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from lotsen_portal.audit import Actor
from lotsen_portal.verbs import verb
from requests_app import figures, mails
from requests_app.models import Assignment, AssistanceRequest, Offer
from requests_app.states import FINAL, RequestState
from requests_app.workflow.endings import is_late_to_cancel, release, tell_of_the_end
from requests_app.workflow.errors import NotPossible
from requests_app.workflow.ground import has_begun, lock_all, lock_people, make, may
from requests_app.workflow.intake import approve


@verb
def approve_all(group: int, *, by: Actor, now: datetime) -> int:
    """Let every request of a group in that still needed the office's look; returns how many."""
    waiting = AssistanceRequest.objects.filter(group=group, state=RequestState.NEW.value)
    records = lock_all(waiting.values_list("pk", flat=True))
    let_in = [record for record in records if may(record, "approve", by)]
    for record in let_in:
        approve(record.pk, by=by, now=now)
    return len(let_in)


@verb
def cancel_rest(group: int, *, reason: str, by: Actor, now: datetime) -> int:
    """Call every request of a group off that has neither ended nor begun; returns how many.

    Whoever was asked or had agreed hears of all own dates in one mail, and so does whoever filed them.
    Raises NotPossible where nothing is left to call off.
    """
    running = AssistanceRequest.objects.filter(group=group).exclude(state__in=FINAL)
    records = lock_all(running.values_list("pk", flat=True))
    rest = [record for record in records if may(record, "cancel", by) and not has_begun(record, now=now)]
    if not rest:
        raise NotPossible(_("Es gibt nichts mehr, was man absagen könnte."))
    lock_people(Assignment.objects.live().filter(assistance__in=rest).values_list("volunteer_id", flat=True))
    told: dict[int, list[tuple[Offer, bool]]] = {}
    for record in rest:
        late = is_late_to_cancel(record, now=now)
        for offer, was_agreed in release(record, by=by, now=now):
            told.setdefault(offer.volunteer_id, []).append((offer, was_agreed))
        make(record, "cancel", by=by, now=now, ended_by=by.kind.value, ended_late=late, reason=reason)
        figures.write(record)
    for own in told.values():
        if len(own) > 1:
            mails.send_to_volunteer(mails.tell_dates_cancelled_volunteer, own[0][0], now=now)
        else:
            ((offer, was_agreed),) = own
            tell_of_the_end(offer, was_agreed=was_agreed, now=now)
    mails.send_to_requester(mails.tell_dates_cancelled, rest[0], now=now)
    return len(rest)
