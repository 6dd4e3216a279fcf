"""The office takes over lists that it kept in spreadsheets before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from django_htmx.middleware import HtmxDetails

from lotsen_portal import access, clock, office
from lotsen_portal.desk import UNPROCESSABLE, attempt, coordinators
from requests_app import workflow
from requests_app.forms.takeover import EXAMPLES, ColumnsForm, UploadForm
from requests_app.models import Takeover, TakeoverKind, TakeoverRow, Verdict
from requests_app.states import TakeoverState
from requests_app.takeover import desk, sheets
from requests_app.takeover.judging import WHOLE_ROW, Kind
from requests_app.takeover.kinds import KINDS
from requests_app.takeover.reading import NotReadable
from requests_app.views.office.deeds import reads_and_posts

ROWS: Final = 50
LATEST: Final = 20
TONES: Final = {
    Verdict.NEW: "success",
    Verdict.CHANGED: "info",
    Verdict.SAME: "neutral",
    Verdict.WRONG: "danger",
}
STATES: Final = {
    TakeoverState.MAPPING: ("Spalten zuordnen", "warning"),
    TakeoverState.CHECKING: ("wird geprüft", "info"),
    TakeoverState.CHECKED: ("Vorschau ansehen", "warning"),
    TakeoverState.WRITING: ("wird übernommen", "info"),
    TakeoverState.WRITTEN: ("übernommen", "success"),
    TakeoverState.UNDOING: ("wird zurückgenommen", "info"),
    TakeoverState.UNDONE: ("zurückgenommen", "neutral"),
}
AT_WORK: Final = {
    TakeoverState.CHECKING: "Die Zeilen werden geprüft",
    TakeoverState.WRITING: "Die Zeilen werden übernommen",
    TakeoverState.UNDOING: "Die Übernahme wird zurückgenommen",
}


@coordinators
@reads_and_posts
def takeovers(request: HttpRequest) -> HttpResponse:
    """List what was uploaded lately; a POST uploads a file."""
    form = UploadForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if form.is_valid():
        file, user = form.cleaned_data["file"], access.person(request)
        try:
            found = desk.receive(
                file.read(),
                kind=form.cleaned_data["kind"],
                name=str(file.name),
                user=user,
                now=clock.now(),
            )
        except NotReadable as problem:
            form.add_error("file", str(problem))
        else:
            return redirect("office:takeover_columns", found.pk)
    rows = Takeover.objects.visible_to(access.person(request)).select_related("uploaded_by")
    context = {
        "form": form,
        "rows": [(row, *STATES[TakeoverState(row.state)]) for row in rows[:LATEST]],
        "kinds": [(kind.value, KINDS[kind].title) for kind in KINDS],
    }
    status = UNPROCESSABLE if form.is_bound else 200
    return office.render(request, "requests_app/office/takeovers.html", context, status=status)


def _found(request: HttpRequest, pk: int) -> Takeover:
    rows = Takeover.objects.visible_to(access.person(request)).select_related("uploaded_by")
    return get_object_or_404(rows, pk=pk)


@coordinators
@reads_and_posts
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what each column is taken to mean; a POST lays it down and has the rows checked."""
    found = _found(request, pk)
    if found.state not in {TakeoverState.MAPPING, TakeoverState.CHECKED}:
        return redirect("office:takeover", pk)
    form = ColumnsForm(
        request.POST if request.method == "POST" else None,
        kind=KINDS[TakeoverKind(found.kind)],
        headings=found.heading_list,
        chosen=found.columns,
        examples=[row.cell_list for row in found.rows.all()[:EXAMPLES]],
    )
    if form.is_valid():
        user, now = access.person(request), clock.now()
        try:
            desk.check(pk, columns=form.columns, user=user, now=now)
        except workflow.NotPossible as problem:
            messages.error(request, str(problem))
        return redirect("office:takeover", pk)
    status = UNPROCESSABLE if form.is_bound else 200
    context = {"takeover": found, "form": form}
    return office.render(request, "requests_app/office/takeover_columns.html", context, status=status)


@dataclass(frozen=True)
class Shown:
    """A row of the preview: its verdict, the sentences about its cells, and what changes."""

    line: int
    title: str
    label: str
    tone: str
    problems: list[tuple[str, str, str]]
    changes: list[list[str]]


@coordinators
@require_safe
def takeover(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far it is, the preview row by row, or what was taken over."""
    found = _found(request, pk)
    state = TakeoverState(found.state)
    if state in AT_WORK:
        context = {"takeover": found, "title": AT_WORK[state], "percent": desk.percent(found)}
        return office.render(request, "requests_app/office/takeover_work.html", context)
    if state == TakeoverState.MAPPING:
        if found.problem:
            messages.error(request, found.problem)
        return _onward(request, reverse("office:takeover_columns", args=[pk]))
    htmx: HtmxDetails | None = getattr(request, "htmx", None)
    if htmx:
        return _onward(request, request.path)
    page = "preview" if state == TakeoverState.CHECKED else "done"
    return office.render(
        request, f"requests_app/office/takeover_{page}.html", _seen(request, found, state=state)
    )


def _onward(request: HttpRequest, address: str) -> HttpResponse:
    """Lead on; a page that looks again and again by script is loaded as a whole."""
    htmx: HtmxDetails | None = getattr(request, "htmx", None)
    return HttpResponse(headers={"HX-Redirect": address}) if htmx else redirect(address)


def _seen(request: HttpRequest, found: Takeover, *, state: TakeoverState) -> dict[str, Any]:
    wanted = request.GET.get("urteil", "")
    counts = found.rows.aggregate(**{v.value: Count("pk", filter=Q(verdict=v)) for v in Verdict})
    rows = found.rows.filter(verdict=wanted) if wanted in Verdict.values else found.rows.all()
    page = Paginator(rows.order_by("line"), ROWS).get_page(request.GET.get("page"))
    headings = found.heading_list
    label, tone = STATES[state]
    return {
        "takeover": found,
        "kind": KINDS[TakeoverKind(found.kind)].title,
        "tabs": [(v.value, v.label, counts[v.value]) for v in Verdict],
        "counts": counts,
        "wanted": wanted if wanted in Verdict.values else "",
        "query": f"urteil={wanted}&" if wanted in Verdict.values else "",
        "page": page,
        "rows": [_shown(row, headings) for row in page] if state == TakeoverState.CHECKED else [],
        "ready": not counts[Verdict.WRONG] and bool(counts[Verdict.NEW] + counts[Verdict.CHANGED]),
        "label": label,
        "tone": tone,
    }


def _shown(row: TakeoverRow, headings: list[str]) -> Shown:
    cells, found, verdict = row.cell_list, row.found, Verdict(row.verdict)
    problems = []
    for place, sentence in found.get("problems", []):
        heading = "" if place == WHOLE_ROW else headings[place] or f"Spalte {place + 1}"
        cell = "" if place == WHOLE_ROW else cells[place]
        problems.append((heading, cell, sentence))
    title = found.get("title") or " · ".join(filter(None, cells[:2]))
    return Shown(row.line, title, str(verdict.label), TONES[verdict], problems, found.get("changes", []))


XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _kind_or_404(slug: str) -> Kind:
    kind = KINDS.get(TakeoverKind(slug)) if slug in TakeoverKind.values else None
    if kind is None:
        raise Http404
    return kind


@coordinators
@require_safe
def template(request: HttpRequest, slug: str) -> HttpResponse:
    """An empty list to fill in."""
    kind = _kind_or_404(slug)
    return _file(sheets.template(kind, kind.open_book(clock.now())), f"Vorlage-{slug}.xlsx")


@coordinators
@require_POST
def give_out(request: HttpRequest, slug: str) -> HttpResponse:
    """All that the portal holds of a kind, in the template's form; the log says who took it."""
    kind, now = _kind_or_404(slug), clock.now()
    desk.note_export(slug, user=access.person(request), now=now)
    day = f"{clock.local(now):%Y-%m-%d}"
    return _file(sheets.everything(kind, kind.open_book(now)), f"{kind.title.replace(' ', '-')}-{day}.xlsx")


def _file(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=XLSX, headers=headers)


@coordinators
@require_POST
def move(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Have all rows written, take them back, or erase the file."""
    _found(request, pk)
    user, now = access.person(request), clock.now()
    if slug == "uebernehmen":
        attempt(request, lambda: desk.confirm(pk, user=user, now=now), done="Die Übernahme läuft.")
    elif slug == "zuruecknehmen":
        attempt(request, lambda: desk.undo(pk, user=user, now=now), done="Die Übernahme wird zurückgenommen.")
    elif slug == "verwerfen":
        done = "Die Datei ist gelöscht. Es wurde nichts übernommen."
        if attempt(request, lambda: desk.discard(pk, user=user, now=now), done=done):
            return redirect("office:takeovers")
    else:
        raise Http404
    return redirect("office:takeover", pk)
