"""Invitations to trainings: the page behind the mailed link, and a volunteer's own pages about them.

Mail scanners follow links, so GET and HEAD change nothing; a button answers.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from django.contrib.auth.decorators import login_not_required
from django.db.models import Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from lotsen_portal import access, clock, links
from lotsen_portal.access import Role, only
from lotsen_portal.audit import Actor
from lotsen_portal.models import Purpose
from lotsen_portal.secret import behind_a_token, closed
from lotsen_portal.verbs import NotPossible
from volunteers import session_entries, session_words, trainings
from volunteers.models import Participation, SessionDate, TopicTraining, Volunteer
from volunteers.models.courses import ParticipationQuerySet
from volunteers.training_states import PlaceState, SessionState
from volunteers.trainings.needs import missing

OK, CONFLICT, GONE = 200, 409, 410
CLOSED_PAGE: Final = "volunteers/lotse/invitation_closed.html"
PAST_SHOWN: Final = 30
_THERE: Final = {PlaceState.ATTENDED, PlaceState.YES}

of_volunteers = only(Role.VOLUNTEER)
unstored = cache_control(no_store=True, private=True)
Verb = Callable[..., None]

ANSWERS: Final[dict[str, Verb]] = {
    "yes": trainings.take_place,
    "wait": trainings.queue,
    "no": trainings.decline,
}


def to_show() -> ParticipationQuerySet:
    """Invitations with all that their page shows."""
    dates = Prefetch("session__dates", SessionDate.objects.order_by("period"))
    rows = Participation.objects.select_related("volunteer", "session__course", "session__module__course")
    return rows.prefetch_related(dates)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@behind_a_token
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show an invitation to its volunteer, and take the answer."""
    now = clock.now()
    try:
        link = links.read(token, Purpose.INVITATION, now)
    except links.LinkError as problem:
        return closed(request, problem, CLOSED_PAGE)
    row = to_show().filter(pk=link.subject, volunteer=link.holder).first()
    if row is None:
        return closed(request, links.LinkUnknown(link), CLOSED_PAGE)
    return _answer(request, row, now=now)


@of_volunteers
@unstored
@require_http_methods(["GET", "HEAD", "POST"])
def lotse_training(request: HttpRequest, pk: int) -> HttpResponse:
    """The same page without the mail, after signing in."""
    return _answer(request, get_object_or_404(_own(request), pk=pk), now=clock.now())


@of_volunteers
@unstored
@require_safe
def lotse_training_entry(request: HttpRequest, pk: int) -> HttpResponse:
    """The dates of a session that one has a place in, as a calendar file."""
    row = get_object_or_404(_own(request).with_a_place(), pk=pk)
    entry = session_entries.download(row.session, now=clock.now())
    return HttpResponse(
        entry.content,
        content_type=f"text/calendar; charset=utf-8; method={entry.method}",
        headers={"Content-Disposition": f'attachment; filename="{entry.filename}"'},
    )


@of_volunteers
@unstored
@require_safe
def lotse_trainings(request: HttpRequest) -> HttpResponse:
    """Show invitations to answer, the next sessions, what one is trained for, and what was before."""
    volunteer, now = Volunteer.objects.get(user=access.person(request)), clock.now()
    running = Q(session__state=SessionState.PLANNED.value, session__last_at__gt=now)
    rows = list(_own(request).filter(running).order_by("session__first_at", "pk"))
    past = _own(request).filter(state=PlaceState.ATTENDED.value).order_by("-session__first_at", "-pk")
    topics = TopicTraining.objects.filter(volunteer=volunteer).select_related("topic")
    context = {
        "unanswered": [
            row for row in rows if row.state == PlaceState.INVITED and not row.session.has_begun(now=now)
        ],
        "coming": [row for row in rows if row.state in {PlaceState.YES, PlaceState.WAITING}],
        "past": list(past[:PAST_SHOWN]),
        "topics": list(topics.order_by("topic__position", "topic__name")),
        "needs": missing(now=now, volunteer=volunteer.pk),
        "today": clock.local(now).date(),
    }
    return render(request, "volunteers/lotse/trainings.html", context)


def _own(request: HttpRequest) -> ParticipationQuerySet:
    return to_show().filter(volunteer__user=access.person(request))


def _answer(request: HttpRequest, row: Participation, *, now: datetime) -> HttpResponse:
    if request.method != "POST":
        return _show(request, row, now=now)
    verb = ANSWERS.get(request.POST.get("answer", ""))
    if verb is None:
        raise Http404
    try:
        verb(row.pk, by=Actor.volunteer(row.volunteer_id), now=now)
    except trainings.NothingToChange:
        return redirect(request.path)
    except NotPossible as problem:
        return _show(request, to_show().get(pk=row.pk), now=now, status=CONFLICT, alert=str(problem))
    return redirect(request.path)


def _show(
    request: HttpRequest, row: Participation, *, now: datetime, status: int | None = None, alert: str = ""
) -> HttpResponse:
    session, situation = row.session, _situation(row, now=now)
    waiting = [one.pk for one in session.participations.waiting()]
    told_by_page = situation in {"cancelled", "over"}
    context = {
        "row": row,
        "session": session,
        "situation": situation,
        "alert": "" if told_by_page else alert,
        "facts": session_words.facts(session, with_link=row.state == PlaceState.YES, with_name=False),
        "free": session.places - session.participations.with_a_place().count(),
        "turn": waiting.index(row.pk) + 1 if row.pk in waiting else 0,
        "waiting": len(waiting),
        "is_token_page": True,
    }
    status = status or (GONE if told_by_page and row.state not in _THERE else OK)
    return render(request, "volunteers/lotse/invitation.html", context, status=status)


def _situation(row: Participation, *, now: datetime) -> str:
    """Which of its texts the page shows: cancelled, over, or where the answer stands."""
    if row.session.state == SessionState.CANCELLED:
        return "cancelled"
    if row.session.state == SessionState.HELD or row.session.has_begun(now=now):
        return "over"
    # The word "cancelled" is the session's on this page.
    return "given_back" if row.state == PlaceState.CANCELLED else str(row.state)
