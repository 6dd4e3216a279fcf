"""Both sides tell how an appointment went, and the clock that asks, reminds and settles."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from lotsen_portal import audit
from lotsen_portal.audit import CLOCK, Actor, ActorKind
from lotsen_portal.verbs import verb
from requests_app import mails, reporting
from requests_app.models import Assignment, AssistanceRequest, Outcome, Report, Side
from requests_app.reporting import TOO_LONG_AGO, Rules
from requests_app.states import SETTLED, AssignmentState
from requests_app.workflow.callbacks import leave_to_the_office
from requests_app.workflow.endings import settle
from requests_app.workflow.errors import NotPossible, Settled
from requests_app.workflow.ground import ASSISTANCE, lock, lock_people

LOOKED_AT_ONCE: Final = 200

SIDES: Final[Mapping[ActorKind, Side]] = {
    ActorKind.VOLUNTEER: Side.VOLUNTEER,
    ActorKind.MEMBER: Side.REQUESTER,
    ActorKind.CLIENT: Side.REQUESTER,
}


def _locked(assignment: int) -> tuple[AssistanceRequest, Assignment]:
    """Lock the request and the volunteer of an appointment, then read it as it is now."""
    numbers = Assignment.objects.values_list("assistance_id", "volunteer_id").get(pk=assignment)
    assistance = lock(numbers[0])
    lock_people([numbers[1]])
    return assistance, Assignment.objects.select_related("offer__volunteer").get(pk=assignment)


@verb
def report(
    assignment: int,
    *,
    outcome: str,
    minutes: int | None,
    note: str = "",
    wants_call: bool = False,
    by: Actor,
    now: datetime,
) -> None:
    """Tell how an appointment went, or correct what was told; two equal outcomes settle the request.

    `minutes` counts where it took place; `note` is the requester's, `wants_call` the volunteer's. Of a call
    for somebody without an appointment nobody else tells: it ends at once, and the office goes on. Raises
    Settled once the request is settled, NotPossible before the appointment begins or after it was called off.
    """
    record, live = _locked(assignment)
    side = _side(record, live, by=by)
    if live.state != AssignmentState.AGREED:
        raise Settled if live.state in SETTLED else NotPossible(_("Dieser Termin gilt nicht mehr."))
    if live.starts > now:
        raise NotPossible(_("Der Termin hat noch nicht begonnen. Bitte melden Sie sich danach noch einmal."))
    took_place = outcome == Outcome.TOOK_PLACE
    said: dict[str, object] = {
        "outcome": outcome,
        "minutes": (minutes or record.minutes) if took_place else None,
        "reported_at": now,
    }
    said |= {"note": note} if side == Side.REQUESTER else {"wants_call": wants_call}
    Report.objects.update_or_create(assignment=live, side=side, defaults=said)
    state = record.state
    audit.record(by, "report", kind=ASSISTANCE, number=record.pk, before=state, after=state, at=now)
    _settle_or_wait(record, live, by=by, now=now)


def _side(record: AssistanceRequest, live: Assignment, *, by: Actor) -> Side:
    own = {ActorKind.VOLUNTEER: live.volunteer_id, ActorKind.CLIENT: record.pk}
    if by.kind not in SIDES or own.get(by.kind, by.number) != by.number:
        raise NotPossible
    return SIDES[by.kind]


def _settle_or_wait(record: AssistanceRequest, live: Assignment, *, by: Actor, now: datetime) -> None:
    told = reporting.told(live)
    if record.callback_for_id is not None:
        _settle(record, live, told, by=by, now=now)
        leave_to_the_office(record.callback_for_id, told[Side.VOLUNTEER].outcome, by=by, now=now)
    elif len(told) > 1 and len({row.outcome for row in told.values()}) == 1:
        _settle(record, live, told, by=by, now=now)
    else:
        _plan(live, Rules.current().next_look(live, told))


def _settle(
    record: AssistanceRequest, live: Assignment, told: Mapping[str, Report], *, by: Actor, now: datetime
) -> None:
    """The volunteer's minutes count, else the requester's."""
    said = told.get(Side.VOLUNTEER) or told[Side.REQUESTER]
    settle(record, live, outcome=said.outcome, minutes=said.minutes, by=by, now=now)


def _plan(live: Assignment, due: datetime | None) -> None:
    live.report_due = due
    live.save(update_fields=["report_asks", "report_asked_at", "report_due"])


def follow_up(now: datetime) -> int:
    """Ask, remind or settle wherever that is due; returns how many were looked at, at most 400 a call."""
    agreed = Assignment.objects.filter(state=AssignmentState.AGREED.value)
    over = agreed.filter(report_asks=0, report_due=None, period__endswith__lte=now).order_by("pk")
    due = agreed.filter(report_due__lte=now).order_by("report_due", "pk")
    numbers = [
        number for rows in (over, due) for number in rows.values_list("pk", flat=True)[:LOOKED_AT_ONCE]
    ]
    rules = Rules.current()
    return sum(_look(number, rules=rules, now=now) for number in numbers)


@verb
def _look(assignment: int, *, rules: Rules, now: datetime) -> int:
    """Do what is due for one appointment; every look moves its next one into the future, or ends them."""
    record, live = _locked(assignment)
    if live.state != AssignmentState.AGREED or live.finishes > now or (live.report_due or now) > now:
        return 0
    told = reporting.told(live)
    if len(told) == 1 and all(rules.settling(row.reported_at) <= now for row in told.values()):
        _settle(record, live, told, by=CLOCK, now=now)
    elif not live.report_asks and rules.asking(live.finishes) > now:
        _plan(live, rules.asking(live.finishes))
    else:
        _ask(live, told, rules=rules, now=now)
    return 1


def _ask(live: Assignment, told: Mapping[str, Report], *, rules: Rules, now: datetime) -> None:
    """Ask whoever has not reported yet; some days after the last time the office decides."""
    last = rules.programme.report_reminders + 1
    since = live.report_asked_at
    if now - live.finishes > TOO_LONG_AGO and not live.report_asks:
        live.report_asks = last + 1
    elif len(told) < len(set(SIDES.values())) and (since is None or rules.reminding(since) <= now):
        live.report_asks += 1
        live.report_asked_at = now
        if live.report_asks <= last:
            mails.send_report_request(live, told, nth=live.report_asks, now=now)
    _plan(live, rules.next_look(live, told))


@verb
def note_call(assignment: int, *, by: Actor, now: datetime) -> None:
    """The office has called the volunteer who asked for it after an appointment."""
    record, live = _locked(assignment)
    if by.kind != ActorKind.OFFICE:
        raise NotPossible
    if not live.reports.filter(wants_call=True).update(wants_call=False, called_at=now):
        raise NotPossible(_("Dieser Anruf war schon erledigt."))
    state = record.state
    audit.record(by, "called", kind=ASSISTANCE, number=record.pk, before=state, after=state, at=now)
