"""The office's page of one person's papers, the notes about a person, and the wording of the undertaking."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from lotsen_portal import access, clock, office
from lotsen_portal.audit import Actor
from lotsen_portal.desk import UNPROCESSABLE, actor, attempt, coordinators
from lotsen_portal.models import Programme, User
from volunteers import papers
from volunteers.models import UndertakingText, Volunteer
from volunteers.paper_forms import ConductForm, NoteForm, ProofForm, UndertakingForm, WordingForm

Data = dict[str, Any]
Deed = Callable[[int, Data, User, Actor, datetime], object]
HOLDS_ON: Final = timedelta(days=60)
SHOWN: Final = 10


def _undertaking(number: int, data: Data, user: User, by: Actor, now: datetime) -> object:
    return papers.note_undertaking(number, **data, user=user, by=by, now=now)


def _conduct(number: int, data: Data, user: User, by: Actor, now: datetime) -> object:
    return papers.see_conduct(number, **data, user=user, by=by, now=now)


def _proof(number: int, data: Data, user: User, by: Actor, now: datetime) -> object:
    return papers.prove_language(number, **data, user=user, by=by, now=now)


DEEDS: Final[Mapping[str, Deed]] = {
    "verschwiegenheit": _undertaking,
    "fuehrungszeugnis": _conduct,
    "sprachnachweis": _proof,
}


def _found(request: HttpRequest, pk: int) -> Volunteer:
    return get_object_or_404(Volunteer.objects.visible_to(access.person(request)), pk=pk)


def _forms(today: date, slug: str = "", posted: QueryDict | None = None) -> dict[str, forms.Form]:
    """The forms by slug; the one that was sent is filled in."""

    def given(name: str) -> Data:
        return {"data": posted if slug == name else None, "prefix": name, "today": today}

    years = Programme.current().conduct_years
    return {
        "verschwiegenheit": UndertakingForm(**given("verschwiegenheit"), initial={"signed_on": today}),
        "fuehrungszeugnis": ConductForm(**given("fuehrungszeugnis"), years=years, initial={"seen_on": today}),
        "sprachnachweis": ProofForm(**given("sprachnachweis"), initial={"seen_on": today}),
    }


@coordinators
@require_http_methods(["GET", "HEAD", "POST"])
def volunteer_papers(request: HttpRequest, pk: int, slug: str = "") -> HttpResponse:
    """Show a person's papers with their history; POST notes that one was signed or seen."""
    person, now = _found(request, pk), clock.now()
    today = clock.local(now).date()
    if request.method == "POST" and slug not in DEEDS:
        raise Http404
    shown = _forms(today, slug, request.POST if request.method == "POST" else None)
    sent = shown.get(slug)
    if sent is not None and sent.is_valid():
        data, user, by = sent.cleaned_data, access.person(request), actor(request)
        attempt(request, lambda: DEEDS[slug](pk, data, user, by, now), done="Vermerkt.")
        return redirect("office:volunteer_papers", pk)
    context = {
        "person": person,
        "papers": papers.shown(person, today=today),
        "text": UndertakingText.newest(),
        "forms": shown,
        "sent": slug,
        "undertakings": list(person.undertakings.select_related("text", "noted_by")[:SHOWN]),
        "certificates": list(person.conduct_certificates.select_related("seen_by")[:SHOWN]),
        "proofs": list(person.language_proofs.select_related("language", "seen_by")[:SHOWN]),
        "consents": list(person.phone_consents.select_related("noted_by")[:SHOWN]),
    }
    status = UNPROCESSABLE if sent is not None and sent.is_bound else 200
    return office.render(request, "volunteers/office/papers.html", context, status=status)


@coordinators
@require_POST
def volunteer_phone(request: HttpRequest, pk: int) -> HttpResponse:
    """Note whether somebody lets institutions see the number after an agreement."""
    given, user = request.POST.get("given") == "ja", access.person(request)
    papers.share_phone(_found(request, pk).pk, given=given, user=user, by=actor(request), now=clock.now())
    messages.success(request, "Vermerkt.")
    return redirect("office:volunteer_papers", pk)


@coordinators
@require_POST
def volunteer_note(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a note about somebody, which only the office reads."""
    form, person = NoteForm(request.POST), _found(request, pk)
    if form.is_valid():
        text, user = form.cleaned_data["text"], access.person(request)
        attempt(
            request, lambda: papers.note(person.pk, text=text, user=user, now=clock.now()), done="Notiert."
        )
        return redirect("office:volunteer", pk)
    context = {"person": person, "form": form}
    return office.render(request, "volunteers/office/note.html", context, status=UNPROCESSABLE)


@coordinators
@require_http_methods(["GET", "HEAD", "POST"])
def undertaking_wording(request: HttpRequest) -> HttpResponse:
    """Show all versions of the undertaking; POST makes the next one and asks everybody to confirm it."""
    now, text = clock.now(), UndertakingText.newest()
    today = clock.local(now).date()
    form = WordingForm(
        request.POST if request.method == "POST" else None,
        today=today,
        initial={"body": text.body, "old_until": today + HOLDS_ON},
    )
    if form.is_valid():
        data, user, by = form.cleaned_data, access.person(request), actor(request)
        done = "Die neue Fassung gilt. Alle bekommen eine E-Mail."
        attempt(request, lambda: papers.write_new_text(**data, user=user, by=by, now=now), done=done)
        return redirect("office:undertaking_wording")
    context = {"form": form, "texts": list(UndertakingText.objects.select_related("made_by"))}
    status = UNPROCESSABLE if form.is_bound else 200
    return office.render(request, "volunteers/office/wording.html", context, status=status)
