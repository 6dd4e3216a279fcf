"""The page on which one side tells how an appointment went, wherever it is opened from.

GET shows, POST acts. What was told can be corrected until the request is settled; then the page says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from lotsen_portal.audit import Actor, ActorKind
from requests_app import facts, workflow
from requests_app.facts import Facts
from requests_app.forms.reporting import BUTTONS, ReportForm
from requests_app.models import Assignment, AssistanceRequest, Report, Side
from requests_app.states import SETTLED, AssignmentState

OK, CONFLICT, GONE, UNPROCESSABLE = 200, 409, 410, 422


class Situation(StrEnum):
    """What the page is about."""

    OPEN = "open"
    TOLD = "told"
    EARLY = "early"
    SETTLED = "settled"
    BY_OFFICE = "by_office"
    CANCELLED = "cancelled"


TELLABLE: Final = frozenset({Situation.OPEN, Situation.TOLD})


@dataclass(frozen=True)
class Panel:
    """What one side told so far, and the form to tell or correct it."""

    situation: Situation
    form: ReportForm
    said: Report | None
    action: str

    @property
    def said_label(self) -> str:
        """What was told, in the words of the button."""
        return str(BUTTONS[self.form.voice].get(self.said.outcome, "")) if self.said else ""

    @property
    def tellable(self) -> bool:
        """Whether something can be told or corrected now."""
        return self.situation in TELLABLE


def requester_of(assistance: AssistanceRequest) -> Actor:
    """Whoever asked, as the log names them: the client, or whoever filed it in an institution."""
    if assistance.is_a_persons:
        return Actor.client(assistance.pk)
    return Actor(ActorKind.MEMBER, assistance.filed_by_id)


def panel(
    assignment: Assignment,
    *,
    voice: ActorKind,
    action: str,
    now: datetime,
    form: ReportForm | None = None,
) -> Panel:
    """What stands on the page for this side; `action` is where its form posts to."""
    reports = {report.side: report for report in assignment.reports.all()}
    said = reports.get(Side.VOLUNTEER if voice == ActorKind.VOLUNTEER else Side.REQUESTER)
    blank = form or ReportForm(voice=voice, minutes=assignment.assistance.minutes, said=said)
    return Panel(_situation(assignment, reports, said, now=now), blank, said, action)


def _situation(
    assignment: Assignment, reports: dict[str, Report], said: Report | None, *, now: datetime
) -> Situation:
    if assignment.state in SETTLED:
        return Situation.BY_OFFICE if Side.OFFICE in reports else Situation.SETTLED
    if assignment.state != AssignmentState.AGREED:
        return Situation.CANCELLED
    if assignment.starts > now:
        return Situation.EARLY
    return Situation.TOLD if said else Situation.OPEN


def tell(request: HttpRequest, assignment: Assignment, *, by: Actor, now: datetime) -> HttpResponse:
    """Show the page of one side, and take what it tells."""
    if request.method != "POST":
        return _show(request, assignment, by=by, now=now)
    before = panel(assignment, voice=by.kind, action=request.path, now=now)
    minutes = assignment.assistance.minutes
    form = ReportForm(request.POST, voice=by.kind, minutes=minutes, said=before.said)
    if not form.is_valid():
        return _show(request, assignment, by=by, now=now, form=form, status=UNPROCESSABLE)
    data = form.cleaned_data
    try:
        workflow.report(
            assignment.pk,
            outcome=data["outcome"],
            minutes=data["minutes"],
            note=data.get("note", ""),
            wants_call=data.get("wants_call", False),
            by=by,
            now=now,
        )
    except workflow.NotPossible as problem:
        if before.said and before.said.outcome == data["outcome"]:
            return redirect(request.path)  # the same finger pressing twice
        assignment.refresh_from_db(fields=["state"])
        return _show(request, assignment, by=by, now=now, status=CONFLICT, alert=str(problem))
    return redirect(request.path)


def _show(
    request: HttpRequest,
    assignment: Assignment,
    *,
    by: Actor,
    now: datetime,
    form: ReportForm | None = None,
    status: int | None = None,
    alert: str = "",
) -> HttpResponse:
    shown = panel(assignment, voice=by.kind, action=request.path, now=now, form=form)
    if status is None:
        status = GONE if shown.situation == Situation.CANCELLED else OK
    context = {
        "assignment": assignment,
        "panel": shown,
        "voice": by.kind.value,
        "facts": _facts(assignment, by),
        "alert": alert,
    }
    return render(request, "requests_app/report/page.html", context, status=status)


def _facts(assignment: Assignment, by: Actor) -> Facts:
    if by.kind == ActorKind.VOLUNTEER:
        return facts.of_agreement(assignment.assistance)
    return facts.of_request(assignment.assistance)
