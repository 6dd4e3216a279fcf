"""The page behind a migrant's secret link: where the own request stands. GET changes nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lotsen_portal import clock, links
from lotsen_portal.models import Purpose
from requests_app import overview, wording
from requests_app.mails.ground import LINK_LIVES
from requests_app.models import Assignment, AssistanceRequest
from requests_app.states import AssignmentState
from requests_app.views.secret import behind_a_token, closed

CLOSED_PAGE: Final = "requests_app/client/closed.html"
NOT_HELD: Final = [
    AssignmentState.CANCELLED.value,
    AssignmentState.STEPPED_DOWN.value,
    AssignmentState.CHANGED.value,
]


@login_not_required
@require_safe
@behind_a_token
def status(request: HttpRequest, token: str) -> HttpResponse:
    """Show where the request stands, who comes and what was asked."""
    now = clock.now()
    try:
        assistance = own(token, now=now)
    except links.LinkError as problem:
        return closed(request, problem, CLOSED_PAGE)
    return render(request, "requests_app/client/status.html", _about(assistance, now=now))


def own(token: str, *, now: datetime) -> AssistanceRequest:
    """The request behind a token. Raises LinkUnknown, LinkRevoked, or LinkExpired when it is long over."""
    link = links.read(token, Purpose.STATUS, now)
    rows = AssistanceRequest.objects.select_related("topic", "district", "institution", "filed_by")
    assistance = rows.filter(pk=link.subject).first()
    if assistance is None:
        raise links.LinkUnknown(link)
    if assistance.ended_at is not None and assistance.ended_at + LINK_LIVES <= now:
        raise links.LinkExpired(link)
    return assistance


def _about(assistance: AssistanceRequest, *, now: datetime) -> dict[str, Any]:
    rows = Assignment.objects.filter(assistance=assistance).exclude(state__in=NOT_HELD)
    held = rows.select_related("volunteer").order_by("-pk").first()
    return {
        "assistance": assistance,
        "held": held,
        "standing": wording.standing(assistance, held=held, now=now),
        "steps": overview.steps(assistance),
        "facts": overview.facts(assistance),
    }
