"""The office's pages about a search: begin it, change it, edit its list, and what else could be tried."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from django_htmx.middleware import HtmxDetails

from lotsen_portal import access, clock, office
from lotsen_portal.audit import Actor
from lotsen_portal.desk import UNPROCESSABLE, actor, attempt, coordinators, number_in
from lotsen_portal.models import Programme
from requests_app import alternatives, matching, workflow
from requests_app.campaign_forms import CampaignForm
from requests_app.matching import Candidate, Obstacle
from requests_app.models import AssistanceRequest, Campaign
from requests_app.office_forms import LONGEST_TEXT, PersonForm
from requests_app.states import SEARCHING, CampaignState
from requests_app.views.office.deeds import reads_and_posts
from requests_app.views.office.ground import found
from volunteers.models import Volunteer

PEOPLE: Final = 10
FIRST: Final = 5


def _back(reference: str) -> HttpResponse:
    return redirect(f"{reverse('office:request', args=[reference])}#suche")


def _live(assistance: AssistanceRequest) -> Campaign | None:
    going_on = SEARCHING - {CampaignState.EXHAUSTED}
    return Campaign.objects.filter(assistance=assistance, state__in=going_on).first()


@coordinators
@reads_and_posts
def campaign(request: HttpRequest, reference: str) -> HttpResponse:
    """Begin a search with a list proposed by matching, or change how a running one goes on."""
    assistance, now, programme = found(request, reference), clock.now(), Programme.current()
    live = _live(assistance)
    posted = request.POST if request.method == "POST" else None
    form = CampaignForm(posted, programme=programme, campaign=live)
    if form.is_valid():
        if live is not None:
            done = attempt(
                request,
                lambda: workflow.adjust_campaign(assistance.pk, form.plan(), by=actor(request), now=now),
                done="Die Suche geht so weiter.",
            )
        else:
            done = _start(request, assistance, form, now)
        if done:
            return _back(reference)
    people = [] if live else matching.candidates(assistance, now=now, programme=programme)
    context = {
        "assistance": assistance,
        "form": form,
        "live": live,
        "people": _listed(people, request),
    }
    status = UNPROCESSABLE if form.is_bound else 200
    return office.render(request, "requests_app/office/campaign.html", context, status=status)


def _listed(people: list[Candidate], request: HttpRequest) -> list[tuple[Candidate, bool, str]]:
    """Each candidate with whether it is ticked and its rank, as typed or as proposed."""
    if request.method != "POST":
        return [(person, rank <= FIRST, str(rank)) for rank, person in enumerate(people, start=1)]
    ticked = set(request.POST.getlist("volunteer"))
    return [
        (
            person,
            str(person.volunteer.pk) in ticked,
            request.POST.get(f"platz-{person.volunteer.pk}", str(rank)),
        )
        for rank, person in enumerate(people, start=1)
    ]


def _start(request: HttpRequest, assistance: AssistanceRequest, form: CampaignForm, now: datetime) -> bool:
    chosen = [number for text in request.POST.getlist("volunteer") if (number := number_in(text)) is not None]
    ranked = sorted(chosen, key=lambda number: number_in(request.POST.get(f"platz-{number}")) or 0)
    return attempt(
        request,
        lambda: workflow.start_campaign(
            assistance.pk,
            form.plan(),
            volunteers=ranked,
            by=actor(request),
            user=access.person(request),
            now=now,
        ),
        done="Die Suche läuft. Die Ersten sind gefragt.",
    )


Steer = Callable[[int, Actor, datetime], object]
STEERING: Final[dict[str, tuple[Steer, str]]] = {
    "anhalten": (
        lambda number, by, now: workflow.pause_campaign(number, by=by, now=now),
        "Die Suche ist angehalten. Wer schon gefragt ist, kann weiter antworten.",
    ),
    "fortsetzen": (
        lambda number, by, now: workflow.resume_campaign(number, by=by, now=now),
        "Die Suche geht weiter.",
    ),
    "beenden": (
        lambda number, by, now: workflow.stop_campaign(number, by=by, now=now),
        "Die Suche ist beendet. Wer schon gefragt ist, kann weiter antworten.",
    ),
    "weiter": (
        lambda number, by, now: workflow.advance_campaign(number, by=by, now=now),
        "Die Nächsten sind gefragt.",
    ),
}


@coordinators
@require_POST
def steer(request: HttpRequest, reference: str, slug: str) -> HttpResponse:
    """Pause, resume or end a search, or let it ask the next people now."""
    if slug not in STEERING:
        raise Http404
    assistance, now = found(request, reference), clock.now()
    act, done = STEERING[slug]
    attempt(request, lambda: act(assistance.pk, actor(request), now), done=done)
    return _back(reference)


@coordinators
@require_POST
def edit_place(request: HttpRequest, reference: str, pk: int, slug: str) -> HttpResponse:
    """Let somebody on the list come earlier, or take somebody off it."""
    assistance, now = found(request, reference), clock.now()
    verbs = {
        "hoch": (workflow.move_up, "Die Reihenfolge ist geändert."),
        "weg": (workflow.remove_from_campaign, "Die Person steht nicht mehr auf der Liste."),
    }
    if slug not in verbs:
        raise Http404
    act, done = verbs[slug]
    attempt(request, lambda: act(assistance.pk, place=pk, by=actor(request), now=now), done=done)
    return _back(reference)


@coordinators
@reads_and_posts
def add_person(request: HttpRequest, reference: str) -> HttpResponse:
    """Look somebody up by name, see what speaks against asking, and put them on the list."""
    assistance, now = found(request, reference), clock.now()
    if request.method == "POST":
        return _add(request, assistance, now)
    form = PersonForm(request.GET if "name" in request.GET else None)
    name = form.cleaned_data["name"] if form.is_valid() else ""
    rows = Volunteer.objects.visible_to(access.person(request)).filter(name__icontains=name)
    people = list(rows.order_by("name", "pk")[:PEOPLE]) if name else []
    context: dict[str, Any] = {
        "assistance": assistance,
        "form": form,
        "name": name,
        "people": [_judged(assistance, person, now) for person in people],
        "longest": LONGEST_TEXT,
    }
    return office.render(request, "requests_app/office/campaign_add.html", context)


def _judged(
    assistance: AssistanceRequest, person: Volunteer, now: datetime
) -> tuple[Volunteer, list[Obstacle], bool]:
    """Somebody with what speaks against asking, and whether the office may override that."""
    obstacles = matching.obstacles(assistance, person, now=now)
    return person, obstacles, all(obstacle.overridable for obstacle in obstacles)


def _add(request: HttpRequest, assistance: AssistanceRequest, now: datetime) -> HttpResponse:
    people = Volunteer.objects.visible_to(access.person(request))
    person = people.filter(pk=number_in(request.POST.get("volunteer")) or 0).first()
    if person is None:
        messages.error(request, "Bitte suchen Sie zuerst eine Person aus.")
        return redirect("office:campaign_add", assistance.reference)
    reason = request.POST.get("reason", "").replace("\x00", "").strip()[:LONGEST_TEXT]
    done = attempt(
        request,
        lambda: workflow.add_to_campaign(
            assistance.pk, volunteer=person.pk, override=reason, by=actor(request), now=now
        ),
        done=f"{person.name} steht jetzt auf der Liste.",
    )
    return _back(assistance.reference) if done else redirect("office:campaign_add", assistance.reference)


@coordinators
@require_safe
def ways_out(request: HttpRequest, reference: str) -> HttpResponse:
    """Show what else could be tried when nobody is left to ask."""
    assistance = found(request, reference)
    context = {"assistance": assistance, "ways": alternatives.ways_out(assistance, now=clock.now())}
    htmx: HtmxDetails | None = getattr(request, "htmx", None)
    name = "ways_out_part" if htmx else "ways_out"
    return office.render(request, f"requests_app/office/{name}.html", context)
