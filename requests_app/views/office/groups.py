"""The office's page of a series or an event: dates and states, and whom to ask about several at once."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from lotsen_portal import access, clock, office
from lotsen_portal.desk import actor, coordinators, number_in
from requests_app import bundling, recurrence, workflow
from requests_app.models import Assignment, AssistanceRequest, GroupKind, RequestedLanguage, RequestGroup
from requests_app.views.office.deeds import reads_and_posts
from requests_app.workflow.ground import may


@coordinators
@reads_and_posts
def group(request: HttpRequest, pk: int) -> HttpResponse:
    """Show every date with its state and who can come to how many; a POST asks one person about those."""
    known, now, user = get_object_or_404(RequestGroup, pk=pk), clock.now(), access.person(request)
    rows = AssistanceRequest.objects.visible_to(user).filter(group=known).order_by("period", "pk")
    requests = list(
        rows.select_related("topic", "institution", "district").prefetch_related(
            Prefetch("languages", RequestedLanguage.objects.select_related("language")),
            Prefetch("assignments", Assignment.objects.live().select_related("volunteer"), to_attr="held"),
        )
    )
    waiting = [one for one in requests if may(one, "ask", actor(request)) and one.starts and one.starts > now]
    if request.method == "POST":
        return _ask(request, known, [one.pk for one in waiting])
    # Nobody can be at one event twice: there one is asked on the page of each request.
    is_event = known.kind == GroupKind.EVENT
    context = {
        "group": known,
        "rhythm": recurrence.rhythm_of(known.rule),
        "requests": requests,
        "waiting": waiting,
        "is_event": is_event,
        "fits": [] if is_event else bundling.fits(waiting, now=now),
    }
    return office.render(request, "requests_app/office/group.html", context)


def _ask(request: HttpRequest, known: RequestGroup, waiting: list[int]) -> HttpResponse:
    volunteer = number_in(request.POST.get("volunteer")) or 0
    user, by = access.person(request), actor(request)
    try:
        offers = workflow.ask_several(waiting, volunteer=volunteer, by=by, user=user, now=clock.now())
    except workflow.NotPossible as problem:
        messages.error(request, str(problem))
    else:
        name = offers[0].volunteer.name
        left = len(waiting) - len(offers)
        said = f"{name} ist nach {len(offers)} Terminen gefragt, mit einer E-Mail."
        messages.success(request, said + (f" {left} sind ausgelassen." if left else ""))
    return redirect("office:group", known.pk)
