"""How an appointment went, by the mailed link of each side and from their own pages."""

from __future__ import annotations

from datetime import datetime
from typing import Final, cast

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from lotsen_portal import clock, links
from lotsen_portal.audit import Actor
from lotsen_portal.models import Purpose, User
from lotsen_portal.secret import behind_a_token, closed
from requests_app import mails
from requests_app.models import Assignment
from requests_app.models.agreements import AssignmentQuerySet
from requests_app.states import AssignmentState
from requests_app.views import institution, volunteer
from requests_app.views.telling import requester_of, tell

CLOSED_PAGE: Final = "requests_app/report/closed.html"

reads_and_posts = require_http_methods(["GET", "HEAD", "POST"])


def _appointments() -> AssignmentQuerySet:
    related = ("topic", "district", "institution", "filed_by")
    return Assignment.objects.select_related(
        "volunteer", "offer", *(f"assistance__{name}" for name in related)
    )


def _behind(token: str, purpose: Purpose, now: datetime) -> Assignment:
    """The appointment that a link is about; raises LinkError, also where its request was erased."""
    link = links.read(token, purpose, now)
    mine = {"volunteer": link.holder} if purpose == Purpose.REPORT else {"assistance": link.holder}
    assignment = _appointments().filter(pk=link.subject, **mine).first()
    if assignment is None:
        raise links.LinkRevoked(link)
    return assignment


@login_not_required
@reads_and_posts
@behind_a_token
def report(request: HttpRequest, token: str) -> HttpResponse:
    """The volunteer tells how it went, by the link from the mail."""
    now = clock.now()
    try:
        assignment = _behind(token, Purpose.REPORT, now)
    except links.LinkError as problem:
        return closed(request, problem, CLOSED_PAGE)
    token_of_call = mails.answer_token(assignment.offer) if _is_open_call(assignment) else ""
    if token_of_call and request.method != "POST":
        return redirect("answer", token_of_call)
    return tell(request, assignment, by=Actor.volunteer(assignment.volunteer_id), now=now)


def _is_open_call(assignment: Assignment) -> bool:
    """Whether its own form tells more than a report: what a call found out."""
    return assignment.assistance.callback_for_id is not None and assignment.state == AssignmentState.AGREED


@login_not_required
@reads_and_posts
@behind_a_token
def feedback(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever asked tells how it went, by the link from the mail."""
    now = clock.now()
    try:
        assignment = _behind(token, Purpose.FEEDBACK, now)
    except links.LinkError as problem:
        return closed(request, problem, CLOSED_PAGE)
    return tell(request, assignment, by=requester_of(assignment.assistance), now=now)


@volunteer.of_volunteers
@volunteer.unstored
@reads_and_posts
def lotse_report(request: HttpRequest, pk: int) -> HttpResponse:
    """The signed-in volunteer tells how one of the own appointments went."""
    user = cast(User, request.user)
    assignment = get_object_or_404(_appointments(), pk=pk, volunteer__user=user)
    if _is_open_call(assignment) and request.method != "POST":
        return redirect("lotse_call", assignment.pk)
    return tell(request, assignment, by=Actor.volunteer(assignment.volunteer_id), now=clock.now())


@institution.of_institutions
@institution.unstored
@reads_and_posts
def own_feedback(request: HttpRequest, reference: str) -> HttpResponse:
    """Somebody of the institution tells how an appointment went, whoever filed the request."""
    assistance = institution.own(request, reference)
    rows = _appointments().filter(assistance=assistance).order_by("-pk")[:1]
    assignment = get_object_or_404(rows)
    return tell(request, assignment, by=Actor.member(cast(User, request.user)), now=clock.now())
