"""The office's pages of trainings and supervision: the list, one session, planning, attendance."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lotsen_portal import access, clock, office
from lotsen_portal.audit import Actor
from lotsen_portal.desk import UNPROCESSABLE, actor, attempt, coordinators, number_in
from lotsen_portal.verbs import NotPossible
from volunteers import trainings
from volunteers.models import Participation, Session, SessionDate
from volunteers.models.courses import SessionQuerySet
from volunteers.session_forms import CancelForm, SessionForm
from volunteers.training_states import PlaceState, SessionState
from volunteers.trainings.needs import courses_for_topics, missing
from volunteers.trainings.proposals import proposals

PAST_A_PAGE: Final = 20
reads_and_posts = require_http_methods(["GET", "HEAD", "POST"])

# What the office notes from the telephone: the verb, and what to say when it is done.
ANSWERS: Final[dict[str, tuple[Callable[..., None], str]]] = {
    "yes": (trainings.take_place, "Der Platz ist eingetragen."),
    "wait": (trainings.queue, "Auf der Warteliste eingetragen."),
    "no": (trainings.decline, "Die Absage ist eingetragen."),
    "up": (trainings.move_up, "Der Platz ist vergeben."),
}
# The order of the groups on the page of a session.
GROUPS: Final = (
    ("Haben einen Platz", (PlaceState.YES,)),
    ("Waren da", (PlaceState.ATTENDED,)),
    ("Waren nicht da", (PlaceState.ABSENT,)),
    ("Warteliste", (PlaceState.WAITING,)),
    ("Antwort offen", (PlaceState.INVITED,)),
    ("Kommen nicht", (PlaceState.NO, PlaceState.CANCELLED)),
)


def _shown(request: HttpRequest) -> SessionQuerySet:
    dates = Prefetch("dates", SessionDate.objects.order_by("period"))
    rows = Session.objects.visible_to(access.person(request)).select_related("course", "module__course")
    return rows.prefetch_related(dates)


def _found(request: HttpRequest, pk: int) -> Session:
    return get_object_or_404(_shown(request).prefetch_related("languages", "topics"), pk=pk)


def _counted(rows: SessionQuerySet) -> SessionQuerySet:
    states = {
        "taken": [PlaceState.YES, PlaceState.ATTENDED],
        "queued": [PlaceState.WAITING],
        "unanswered": [PlaceState.INVITED],
    }
    return rows.annotate(
        **{
            name: Count("participations", filter=Q(participations__state__in=[one.value for one in found]))
            for name, found in states.items()
        }
    )


@coordinators
@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    """List what comes, what waits for its attendance, and what was."""
    now, rows = clock.now(), _counted(_shown(request))
    planned = Q(state=SessionState.PLANNED.value)
    past = rows.exclude(planned).order_by("-first_at", "-pk")
    page = Paginator(past, PAST_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "coming": list(rows.filter(planned, last_at__gt=now).order_by("first_at", "pk")),
        "unmarked": list(rows.filter(planned, last_at__lte=now).order_by("first_at", "pk")),
        "page": page,
    }
    return office.render(request, "volunteers/office/sessions.html", context)


@coordinators
@require_safe
def training_needs(request: HttpRequest) -> HttpResponse:
    """Who is missing which training by the rules, and what would help."""
    rows, courses = missing(now=clock.now()), courses_for_topics()
    context = {"rows": [(row, courses.get(row.what, "") if row.need == "topic" else "") for row in rows]}
    return office.render(request, "volunteers/office/training_needs.html", context)


@coordinators
@require_safe
def session(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one session: who comes, who waits, whom to invite."""
    record, now = _found(request, pk), clock.now()
    rows = list(record.participations.select_related("volunteer").order_by("queued_at", "volunteer__name"))
    groups = [(title, [row for row in rows if row.state in found]) for title, found in GROUPS]
    taken = sum(row.state in {PlaceState.YES, PlaceState.ATTENDED} for row in rows)
    is_open = record.state == SessionState.PLANNED and not record.has_begun(now=now)
    context = {
        "session": record,
        "groups": [group for group in groups if group[1]],
        "taken": taken,
        "free": max(record.places - taken, 0),
        "is_open": is_open,
        "can_mark": record.state != SessionState.CANCELLED and record.has_begun(now=now),
        "can_answer": record.state == SessionState.PLANNED,
        "proposals": proposals(record, today=clock.local(now).date()) if is_open else [],
    }
    return office.render(request, "volunteers/office/session.html", context)


@coordinators
@reads_and_posts
def plan_session(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Plan a new session, or change one that is to come."""
    record = _found(request, pk) if pk is not None else None
    form = SessionForm(request.POST if request.method == "POST" else None, session=record)
    if form.is_valid():
        by, now = actor(request), clock.now()
        try:
            saved = _write(record, form, by=by, now=now)
        except NotPossible as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, "Gespeichert." if record else "Angelegt. Wen möchten Sie einladen?")
            return redirect("office:session", saved.pk)
    context = {"form": form, "session": record}
    status = UNPROCESSABLE if form.is_bound else 200
    return office.render(request, "volunteers/office/session_edit.html", context, status=status)


def _write(record: Session | None, form: SessionForm, *, by: Actor, now: datetime) -> Session:
    if record is None:
        return trainings.plan(form.plan(), by=by, now=now)
    return trainings.change(record.pk, form.plan(), by=by, now=now)


@coordinators
@reads_and_posts
def cancel_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask once more, then call a session off."""
    record = _found(request, pk)
    form = CancelForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reason, by = form.cleaned_data["reason"], actor(request)
        attempt(
            request,
            lambda: trainings.cancel(pk, reason=reason, by=by, now=clock.now()),
            done="Abgesagt. Alle Eingeladenen hören davon.",
        )
        return redirect("office:session", pk)
    context = {"form": form, "session": record, "concerned": record.participations.count()}
    status = UNPROCESSABLE if form.is_bound else 200
    return office.render(request, "volunteers/office/session_cancel.html", context, status=status)


@coordinators
@require_POST
def invite_to(request: HttpRequest, pk: int) -> HttpResponse:
    """Invite whoever is ticked."""
    _found(request, pk)
    ticked = [number for text in request.POST.getlist("volunteer") if (number := number_in(text)) is not None]
    by = actor(request)
    attempt(
        request,
        lambda: trainings.invite(pk, volunteers=ticked, by=by, now=clock.now()),
        done="Die Einladungen sind unterwegs.",
    )
    return redirect("office:session", pk)


@coordinators
@require_POST
def answer_for(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """Note what an invited person said on the telephone."""
    record = get_object_or_404(Participation, pk=row, session=_found(request, pk))
    found = ANSWERS.get(request.POST.get("answer", ""))
    if found is None:
        raise Http404
    verb, done = found
    by = actor(request)
    attempt(request, lambda: verb(record.pk, by=by, now=clock.now()), done=done)
    return redirect("office:session", pk)


@coordinators
@reads_and_posts
def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """Tick who is there, on a phone in the room or later from the list."""
    record, now = _found(request, pk), clock.now()
    if request.method == "POST":
        ticked = {number_in(text) for text in request.POST.getlist("da")}
        present, by = [number for number in ticked if number is not None], actor(request)
        done = attempt(
            request,
            lambda: trainings.take_attendance(pk, present=present, by=by, now=now),
            done="Die Anwesenheit ist eingetragen.",
        )
        return redirect("office:session" if done else "office:session_attendance", pk)
    context = {"session": record, "rows": _expected(record), "has_begun": record.has_begun(now=now)}
    return office.render(request, "volunteers/office/session_attendance.html", context)


@coordinators
@require_safe
def attendance_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The list to print, with a line for each signature."""
    record = _found(request, pk)
    context = {
        "session": record,
        "rows": [row for row, comes in _expected(record) if comes],
        "blank": range(3),
    }
    return office.render(request, "volunteers/office/session_list.html", context)


def _expected(session: Session) -> list[tuple[Participation, bool]]:
    """Everybody invited, those who are expected or were there first; and whether they are."""
    comes = {PlaceState.YES, PlaceState.ATTENDED, PlaceState.ABSENT}
    rows = session.participations.select_related("volunteer").order_by("volunteer__name", "pk")
    return sorted(((row, row.state in comes) for row in rows), key=lambda pair: not pair[1])
