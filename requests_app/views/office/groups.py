"""The office's page of a series or an event: dates and states, and whom to ask about several at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.contrib import messages
from django.db.models import Exists, OuterRef, Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from lotsen_portal import access, clock, office
from lotsen_portal.desk import UNPROCESSABLE, actor, coordinators, number_in
from requests_app import bundling, office_words, recurrence, workflow
from requests_app.models import (
    Assignment,
    AssistanceRequest,
    GroupKind,
    Offer,
    RequestedLanguage,
    RequestGroup,
)
from requests_app.office_forms import OverrideForm
from requests_app.states import OfferState, RequestState
from requests_app.views.office.deeds import reads_and_posts
from requests_app.workflow.ground import may
from volunteers.models import Volunteer

_SEARCHED: Final = {RequestState.OPEN, RequestState.OFFERED}


@coordinators
@reads_and_posts
def group(request: HttpRequest, pk: int) -> HttpResponse:
    """Show every date with its state and who can come to how many; a POST asks one person about those, or
    lets all new ones in."""
    known, now = get_object_or_404(RequestGroup, pk=pk), clock.now()
    requests = _requests(request, known)
    waiting = _to_ask_about(request, requests, now)
    if request.method == "POST":
        return _let_in(request, known) if "approve" in request.POST else _ask(request, known, waiting)
    # Nobody can be at one event twice: there one is asked on the page of each request.
    is_event = known.kind == GroupKind.EVENT
    searched = bundling.searched(waiting)
    free = [one for one in waiting if one.pk not in searched]
    context = {
        "group": known,
        "rhythm": recurrence.rhythm_of(known.rule),
        "rows": [(one, _step(one, searched=one.pk in searched, now=now)) for one in requests],
        "requests": requests,
        "new": sum(one.state == RequestState.NEW for one in requests),
        "waiting": waiting,
        "free": free,
        "searched": [one for one in waiting if one.pk in searched],
        "is_event": is_event,
        "fits": [] if is_event else bundling.fits(free, now=now),
    }
    return office.render(request, "requests_app/office/group.html", context)


def _requests(request: HttpRequest, known: RequestGroup) -> list[AssistanceRequest]:
    rows = AssistanceRequest.objects.visible_to(access.person(request)).filter(group=known)
    willing = Offer.objects.filter(assistance=OuterRef("pk"), state=OfferState.WILLING.value)
    return list(
        rows.annotate(willing=Exists(willing))
        .order_by("period", "pk")
        .select_related("topic", "institution", "district")
        .prefetch_related(
            Prefetch("languages", RequestedLanguage.objects.select_related("language")),
            Prefetch("assignments", Assignment.objects.live().select_related("volunteer"), to_attr="held"),
        )
    )


def _to_ask_about(
    request: HttpRequest, requests: Sequence[AssistanceRequest], now: datetime
) -> list[AssistanceRequest]:
    by = actor(request)
    return [one for one in requests if may(one, "ask", by) and one.starts and one.starts > now]


def _step(one: AssistanceRequest, *, searched: bool, now: datetime) -> tuple[str, str] | None:
    """Where this one is decided by itself, and the words for it; None where nothing waits."""
    page = reverse("office:request", args=[one.reference])
    past = one.finishes is not None and one.finishes <= now
    if one.state == RequestState.NEW:
        return page, "Prüfen"
    if one.state == RequestState.CONFIRMED and past:
        return reverse("office:do", args=[one.reference, "erledigt"]), "Abschließen"
    if one.state in _SEARCHED and one.is_past(now=now):
        return reverse("office:do", args=[one.reference, "niemand"]), "Beenden"
    if getattr(one, "willing", False):
        return f"{page}#gefragt", "Auswählen"
    if one.state == RequestState.OFFERED and not searched:
        return f"{page}#gefragt", "Nachfassen"
    if one.state == RequestState.OPEN and not searched:
        return f"{page}#vorschlaege", "Einzeln anfragen"
    return None


def _let_in(request: HttpRequest, known: RequestGroup) -> HttpResponse:
    count = workflow.approve_all(known.pk, by=actor(request), now=clock.now())
    if count:
        messages.success(request, f"{count} Anfragen sind freigegeben.")
    else:
        messages.warning(request, "Hier wartet keine Anfrage mehr auf Ihre Prüfung.")
    return redirect("office:group", known.pk)


def _ask(request: HttpRequest, known: RequestGroup, waiting: Sequence[AssistanceRequest]) -> HttpResponse:
    volunteer = number_in(request.POST.get("volunteer")) or 0
    try:
        _put_the_question(request, waiting, volunteer)
    except workflow.NeedsReason as problem:
        messages.error(request, str(problem))
        return redirect("office:group_ask_anyway", known.pk, volunteer)
    except workflow.NotPossible as problem:
        messages.error(request, str(problem))
    return redirect("office:group", known.pk)


def _put_the_question(
    request: HttpRequest, waiting: Sequence[AssistanceRequest], volunteer: int, override: str = ""
) -> None:
    """Ask, and say about how many dates, which are left out, and when the mail leaves."""
    offers = workflow.ask_several(
        [one.pk for one in waiting],
        volunteer=volunteer,
        by=actor(request),
        user=access.person(request),
        now=clock.now(),
        override=override,
    )
    person, asked = offers[0].volunteer, {offer.assistance_id for offer in offers}
    dates = "einem Termin" if len(offers) == 1 else f"{len(offers)} Terminen"
    said = f"{person.name} ist nach {dates} gefragt, mit einer E-Mail."
    if left := [one for one in waiting if one.pk not in asked]:
        said += f" Ausgelassen: {office_words.days(left).removesuffix('.')}."
    if not person.email:
        said += " Ohne E-Mail-Adresse: bitte anrufen."
    elif leaves := offers[0].waits_until:
        said += f" Heute ist schon genug Post: Die E-Mail geht am {clock.local(leaves):%d.%m. um %H:%M} Uhr."
    messages.success(request, said)


@coordinators
@reads_and_posts
def ask_anyway(request: HttpRequest, pk: int, volunteer: int) -> HttpResponse:
    """Ask somebody about dates too that a rule speaks against, with the reason; some rules always hold."""
    known, now = get_object_or_404(RequestGroup, pk=pk, kind=GroupKind.SERIES), clock.now()
    person = get_object_or_404(Volunteer.objects.visible_to(access.person(request)), pk=volunteer)
    waiting = _to_ask_about(request, _requests(request, known), now)
    searched = bundling.searched(waiting)
    days = bundling.days_of(person, [one for one in waiting if one.pk not in searched], now=now)
    form = OverrideForm(request.POST if request.method == "POST" else None)
    if days.could and form.is_valid():
        try:
            _put_the_question(request, waiting, person.pk, form.cleaned_data["reason"])
        except workflow.NotPossible as problem:
            messages.error(request, str(problem))
        return redirect("office:group", known.pk)
    context = {"group": known, "person": person, "days": days, "form": form}
    status = UNPROCESSABLE if form.is_bound else 200
    return office.render(request, "requests_app/office/group_ask_anyway.html", context, status=status)
