"""The office leads applications along a board, from the form to the first day."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lotsen_portal import access, audit, clock, office
from lotsen_portal.audit import ActorKind
from lotsen_portal.desk import UNPROCESSABLE, actor, attempt, coordinators
from lotsen_portal.models import AccessLog, LogEntry, User
from lotsen_portal.verbs import NotPossible
from volunteers import lacks, mails, matters, privacy
from volunteers.application_forms import NoteForm
from volunteers.application_states import ENDED, RUNNING, ApplicationState
from volunteers.application_words import DEEDS, STATES, STEPS, TONES, Step
from volunteers.availability import week
from volunteers.models import Application, ApplicationLanguage, ApplicationNote, Volunteer
from volunteers.recruitment import applications

A_COLUMN: Final = 20
ROWS: Final = 50

reads_and_posts = require_http_methods(["GET", "HEAD", "POST"])


@coordinators
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Show what runs by its stage, the longest untouched first; or all of one stage at length."""
    now, wanted = clock.now(), request.GET.get("stand", "")
    rows = _cards(Application.objects.visible_to(access.person(request)), now)
    totals = dict(Application.objects.values_list("state").annotate(Count("pk")).order_by())
    context: dict[str, Any] = {"now": now, "rest": _rest(totals)}
    if wanted in STATES:
        newest = rows.filter(state=wanted).order_by("-touched_at", "-pk")
        page = Paginator(newest, ROWS).get_page(request.GET.get("page"))
        return office.render(
            request, "volunteers/office/applications_of.html",
            {"page": page, "title": STATES[wanted], "stand": wanted, **context},
        )  # fmt: skip
    nth = Window(RowNumber(), partition_by=F("state"), order_by=["touched_at", "pk"])
    shown = list(rows.running().annotate(nth=nth).filter(nth__lte=A_COLUMN).order_by("touched_at", "pk"))
    context["columns"] = [
        (state.value, STATES[state.value], totals.get(state.value, 0), [r for r in shown if r.state == state])
        for state in RUNNING
    ]
    context["nothing"] = not totals
    return office.render(request, "volunteers/office/applications.html", context)


def _rest(totals: dict[str, int]) -> list[tuple[str, str, int]]:
    """The stages that stand beside the board, with their numbers."""
    beside = (ApplicationState.UNCONFIRMED, *ENDED)
    return [(state.value, STATES[state.value], totals[state.value]) for state in beside if state in totals]


def _cards(rows: QuerySet[Application], now: datetime) -> Any:
    looked = AccessLog.objects.filter(kind="application", number=OuterRef("pk"), actor_kind=ActorKind.OFFICE)
    spoken = ApplicationLanguage.objects.select_related("language").order_by("-level", "language__name")
    stale = Q(touched_at__lte=now - matters.UNTOUCHED)
    annotated = rows.annotate(looked=Exists(looked), stale=stale)
    return (
        annotated.select_related("responsible")
        .prefetch_related(Prefetch("languages", spoken))
        .defer("email", "phone", "why", "reason")
    )


@coordinators
@reads_and_posts
def application(request: HttpRequest, pk: int) -> HttpResponse:
    """Show all that is known of somebody who would like to help; a POST writes a note."""
    record = _found(request, pk)
    form = NoteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        text, author = form.cleaned_data["text"], access.person(request)
        attempt(
            request,
            lambda: applications.note(pk, text=text, author=author, by=actor(request), now=clock.now()),
            done="Notiert.",
        )
        return redirect("office:application", pk)
    audit.opened(actor(request), kind=applications.APPLICATION, number=pk, what="page", at=clock.now())
    status = UNPROCESSABLE if form.is_bound else 200
    context = _context(request, record) | {"form": form}
    return office.render(request, "volunteers/office/application.html", context, status=status)


def _context(request: HttpRequest, record: Application) -> dict[str, Any]:
    now, topics, by = clock.now(), list(record.topics.all()), actor(request)
    steps = [(slug, step) for slug, step in STEPS.items() if applications.may(record, step.move, by)]
    return {
        "application": record,
        "label": STATES[record.state],
        "tone": TONES.get(record.state, "neutral"),
        "topics": topics,
        "week": week(record.availability),
        "notes": list(ApplicationNote.objects.filter(application=record).select_related("author")),
        "missing": _missing(record, topics, now),
        "steps": [pair for pair in steps if not pair[1].danger],
        "endings": [pair for pair in steps if pair[1].danger],
        "likenesses": _likenesses(record),
        "history": _history(record),
        "is_mine": record.responsible_id == access.person(request).pk,
        "is_running": record.state in RUNNING,
        "is_over": record.state in {ApplicationState.DECLINED, ApplicationState.WITHDRAWN},
        "untouched": record.untouched_days(now=now),
    }


def _missing(record: Application, topics: list[Any], now: datetime) -> list[str]:
    """What the present stage still lacks, as sentences for the office."""
    said: list[str] = []
    if record.state in RUNNING and record.responsible_id is None:
        said.append("Niemand ist zuständig.")
    if record.state == ApplicationState.INTERVIEW and record.interview_at is None:
        said.append("Für das Gespräch ist noch keine Zeit eingetragen.")
    if record.state in {ApplicationState.PAPERS, ApplicationState.TRAINING}:
        said += [f"{paper} fehlt." for paper in lacks.papers(record.volunteer, topics, now=now)]
        said += [f"{training} fehlt." for training in lacks.trainings(record.volunteer, topics, now=now)]
    return said


def _likenesses(record: Application) -> list[Volunteer]:
    """Volunteers who may be the same person: the same name, address or number."""
    same = Q(name__iexact=record.name)
    same |= Q(email__iexact=record.email) if record.email else Q()
    same |= Q(phone=record.phone) if record.phone else Q()
    return [row for row in Volunteer.objects.filter(same)[:5] if row.pk != record.volunteer_id]


def _history(record: Application) -> list[tuple[datetime, str, str]]:
    """When, what and by whom, newest first."""
    entries = list(LogEntry.objects.filter(kind=applications.APPLICATION, number=record.pk))
    office_people = {entry.actor_number or 0 for entry in entries if entry.actor_kind == ActorKind.OFFICE}
    names = dict(User.objects.filter(pk__in=office_people).values_list("pk", "name"))
    return [
        (entry.at, DEEDS.get(entry.action, entry.action), names.get(entry.actor_number or 0, ""))
        for entry in entries
    ]


@coordinators
@reads_and_posts
def step(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Show what a step does and which mail goes out; the button takes it."""
    record, chosen = _found(request, pk), STEPS.get(slug)
    if chosen is None:
        raise Http404
    if not applications.may(record, chosen.move, actor(request)):
        messages.warning(request, "Dieser Schritt passt nicht mehr zum Stand der Bewerbung.")
        return redirect("office:application", pk)
    form = chosen.form(request.POST if request.method == "POST" else None)
    if form.is_valid():
        told = {name: form.cleaned_data[name] for name in ("at", "reason") if name in form.cleaned_data}
        try:
            chosen.deed(pk, **told, by=actor(request), now=clock.now())
        except NotPossible as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, chosen.done)
            return redirect("office:application", pk)
    return _ask(request, record, chosen, form)


def _ask(request: HttpRequest, record: Application, chosen: Step, form: Any) -> HttpResponse:
    now = clock.now()
    subject, text = mails.preview(chosen.move, record, now=now)
    context = {
        "application": record,
        "step": chosen,
        "form": form,
        "subject": subject,
        "letter": text,
        "missing": _missing(record, list(record.topics.all()), now),
    }
    status = UNPROCESSABLE if form.is_bound else 200
    return office.render(request, "volunteers/office/application_step.html", context, status=status)


@coordinators
@require_POST
def take_charge(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an application onto the own desk, or give it back."""
    _found(request, pk)
    user = access.person(request) if request.POST.get("wer") == "ich" else None
    attempt(
        request,
        lambda: applications.take_charge(pk, user=user, by=actor(request), now=clock.now()),
        done="Sie sind jetzt zuständig." if user else "Die Bewerbung hat jetzt keine Zuständige mehr.",
    )
    return redirect("office:application", pk)


@coordinators
@require_POST
def put_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Let an application come back to the work queue in a week."""
    _found(request, pk)
    attempt(
        request,
        lambda: applications.put_off(pk, by=actor(request), now=clock.now()),
        done="In einer Woche steht die Bewerbung wieder in der Arbeitsliste.",
    )
    return redirect("office:application", pk)


@coordinators
@require_POST
def erase(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete an application that is over, for whoever asks for it before the day of the rule."""
    record = _found(request, pk)
    if record.state not in {ApplicationState.DECLINED, ApplicationState.WITHDRAWN}:
        messages.error(request, "Löschen geht erst, wenn die Bewerbung abgelehnt oder zurückgezogen ist.")
        return redirect("office:application", pk)
    privacy.erase_application(pk, now=clock.now())
    audit.record(actor(request), "erase", kind=applications.APPLICATION, number=pk, at=clock.now())
    messages.success(request, "Die Bewerbung ist gelöscht.")
    return redirect("office:applications")


def _found(request: HttpRequest, pk: int) -> Application:
    rows = Application.objects.visible_to(access.person(request))
    joined = rows.select_related("responsible", "volunteer")
    return get_object_or_404(joined.prefetch_related("topics", "districts", "languages__language"), pk=pk)
