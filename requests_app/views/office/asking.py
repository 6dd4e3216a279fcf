"""Asking volunteers, noting their answers from a call, and why somebody is not among the candidates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from django_htmx.middleware import HtmxDetails

from lotsen_portal import access, clock, office
from lotsen_portal.desk import UNPROCESSABLE, actor, attempt, coordinators, number_in
from requests_app import matching, workflow
from requests_app.matching.refusals import PAGE
from requests_app.matching.rules import BY_NAME
from requests_app.models import AssistanceRequest, Offer
from requests_app.office_forms import OverrideForm, PersonForm
from requests_app.views.office.deeds import reads_and_posts
from requests_app.views.office.ground import found
from requests_app.workflow.ground import may
from volunteers.models import Volunteer


@coordinators
@require_POST
def ask(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask one candidate (the own button) or all that are ticked; the first yes wins."""
    assistance = found(request, reference)
    chosen = request.POST.getlist("einzeln") or request.POST.getlist("volunteer")
    numbers = [number for text in chosen if (number := number_in(text)) is not None]
    user, now = access.person(request), clock.now()
    try:
        offers = workflow.ask(
            assistance.pk,
            volunteers=numbers,
            by=actor(request),
            user=user,
            needs_choice=request.POST.get("auswahl") == "amt",
            now=now,
        )
    except workflow.NeedsReason as problem:
        messages.error(request, str(problem))
        if len(numbers) == 1:
            return redirect("office:ask_anyway", reference, numbers[0])
    except workflow.NotPossible as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _asked(offers))
    return redirect("office:request", reference)


def _asked(offers: list[Offer]) -> str:
    names = ", ".join(offer.volunteer.name for offer in offers)
    unreachable = [offer.volunteer.name for offer in offers if not offer.volunteer.email]
    sentence = f"Angefragt: {names}."
    if unreachable:
        sentence += f" Ohne E-Mail-Adresse, bitte anrufen: {', '.join(unreachable)}."
    for offer in offers:
        if offer.waits_until is not None:
            day = f"{clock.local(offer.waits_until):%d.%m. um %H:%M}"
            sentence += (
                f" {offer.volunteer.name} hat heute schon genug Post: Die Frage geht am {day} Uhr hinaus."
            )
    return sentence


@coordinators
@reads_and_posts
def ask_anyway(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Ask somebody although a rule speaks against it, with the reason; some rules hold in any case."""
    assistance, now, user = found(request, reference), clock.now(), access.person(request)
    volunteer = get_object_or_404(Volunteer.objects.visible_to(user), pk=pk)
    obstacles = matching.obstacles(assistance, volunteer, now=now)
    possible = may(assistance, "ask", actor(request)) and all(found.overridable for found in obstacles)
    form = OverrideForm(request.POST if request.method == "POST" else None)
    if possible and form.is_valid():
        done = attempt(
            request,
            lambda: workflow.ask(
                assistance.pk,
                volunteers=[pk],
                by=actor(request),
                user=user,
                now=now,
                override=form.cleaned_data["reason"],
            ),
            done=f"Angefragt: {volunteer.name}.",
        )
        if done:
            return redirect("office:request", reference)
    context = {
        "assistance": assistance,
        "volunteer": volunteer,
        "obstacles": obstacles,
        "possible": possible,
        "form": form,
    }
    status = UNPROCESSABLE if form.is_bound else 200
    return office.render(request, "requests_app/office/ask_anyway.html", context, status=status)


@coordinators
@require_safe
def why_not(request: HttpRequest, reference: str) -> HttpResponse:
    """Say why somebody is no candidate: counts per reason, the people behind one, or one person by name."""
    assistance, now = found(request, reference), clock.now()
    context: dict[str, Any] = {"assistance": assistance, "form": PersonForm()}
    rule = request.GET.get("regel", "")
    if rule in BY_NAME:
        context |= _people_kept_out(assistance, rule, number_in(request.GET.get("nach")) or 0)
    elif "name" in request.GET:
        context |= _person(request, assistance)
    else:
        counts = matching.why_not(assistance, now=now)
        context |= {"counts": counts, "total": sum(count.count for count in counts)}
    htmx: HtmxDetails | None = getattr(request, "htmx", None)
    name = "why_not_part" if htmx else "why_not"
    return office.render(request, f"requests_app/office/{name}.html", context)


def _people_kept_out(assistance: AssistanceRequest, rule: str, after: int) -> dict[str, Any]:
    people = matching.refused_by_rule(assistance, rule, now=clock.now(), after=after)
    more = people[-1].volunteer if len(people) == PAGE else None
    return {"rule": BY_NAME[rule], "people": people, "more": more}


def _person(request: HttpRequest, assistance: AssistanceRequest) -> dict[str, Any]:
    form = PersonForm(request.GET)
    if not form.is_valid():
        return {"form": form}
    name = form.cleaned_data["name"]
    return {
        "form": form,
        "name": name,
        "people": matching.refused_named(assistance, name, now=clock.now()),
        "known": Volunteer.objects.filter(name__icontains=name).exists(),
    }


def _accept(offer: Offer, request: HttpRequest) -> None:
    version = number_in(request.POST.get("version")) or 0
    time = number_in(request.POST.get("time"))
    workflow.accept(offer.pk, version=version, time=time, by=actor(request), now=clock.now())


def _be_willing(offer: Offer, request: HttpRequest) -> None:
    version = number_in(request.POST.get("version")) or 0
    time = number_in(request.POST.get("time"))
    workflow.be_willing(offer.pk, version=version, time=time, by=actor(request), now=clock.now())


def _decline(offer: Offer, request: HttpRequest) -> None:
    workflow.decline(offer.pk, reason="", by=actor(request), now=clock.now())


def _withdraw(offer: Offer, request: HttpRequest) -> None:
    workflow.withdraw_offer(offer.pk, by=actor(request), now=clock.now())


def _correct(offer: Offer, request: HttpRequest) -> None:
    workflow.correct_no(offer.pk, by=actor(request), now=clock.now())


ANSWERS: Final[dict[str, tuple[Callable[[Offer, HttpRequest], None], str]]] = {
    "zusage": (_accept, "Zusage von {name} eingetragen. Beide Seiten bekommen eine Bestätigung."),
    "wuerde-kommen": (_be_willing, "Eingetragen: {name} würde kommen. Wählen Sie aus, wer kommt."),
    "auswaehlen": (_accept, "{name} kommt. Beide Seiten bekommen eine Bestätigung, alle anderen einen Dank."),
    "absage": (_decline, "Absage von {name} eingetragen."),
    "zurueckziehen": (_withdraw, "Die Einsatzanfrage an {name} ist zurückgezogen."),
    "korrigieren": (_correct, "Die Absage ist zurückgenommen. {name} gilt wieder als gefragt."),
}


@coordinators
@require_POST
def answer(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Note what a volunteer said on the phone, take an offer back, or correct a wrong no."""
    if slug not in ANSWERS:
        raise Http404
    offers = Offer.objects.visible_to(access.person(request)).select_related("volunteer", "assistance")
    offer = get_object_or_404(offers, pk=pk)
    act, done = ANSWERS[slug]
    attempt(request, lambda: act(offer, request), done=done.format(name=offer.volunteer.name))
    return redirect(f"{reverse('office:request', args=[offer.assistance.reference])}#gefragt")
