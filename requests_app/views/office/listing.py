"""The list of all requests, narrowed and searched."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from lotsen_portal import access, clock, office
from lotsen_portal.desk import coordinators, number_in
from lotsen_portal.models import Programme
from requests_app import search
from requests_app.models import AssistanceRequest
from requests_app.office_forms import RequestsFilter
from requests_app.states import RequestState


@coordinators
@require_safe
def requests_list(request: HttpRequest) -> HttpResponse:
    """List requests, newest first, in pages that cost the same at any depth."""
    now, programme = clock.now(), Programme.current()
    known = search.options()
    form = RequestsFilter(request.GET or None, options=known)
    before = number_in(request.GET.get("vor"))
    form.is_valid()
    wanted = form.wanted(before=before) if form.is_bound else search.Wanted()
    numbers = search.find(wanted, known, programme=programme, now=now)
    page = search.rows(numbers[: search.ROWS], user=access.person(request))
    if hit := _only_hit(page, wanted):
        return redirect("office:request", hit)
    rest = _without(request.GET, "vor")
    context = {
        "form": form,
        "rows": page,
        "older": numbers[search.ROWS - 1] if len(numbers) > search.ROWS else None,
        "deeper": before is not None,
        "query": f"{rest}&" if rest else "",
        "narrowed": bool(rest),
        "searching": [RequestState.NEW, RequestState.OPEN, RequestState.OFFERED],
        "needs_house": bool(wanted.words) and wanted.institution is None,
        "programme": programme,
    }
    return office.render(request, "requests_app/office/requests.html", context)


def _only_hit(page: list[AssistanceRequest], wanted: search.Wanted) -> str:
    """The reference of the request that was typed in full; then the list would only be one click more."""
    typed = wanted.words.strip().upper()
    if len(page) == 1 and typed == page[0].reference.upper():
        return page[0].reference
    return ""


def _without(query: QueryDict, name: str) -> str:
    kept = query.copy()
    kept.pop(name, None)
    for key in [key for key, value in kept.items() if not value]:
        kept.pop(key)
    return kept.urlencode()
