"""A volunteer's own papers: what holds until when, what is missing, and the undertaking confirmed online."""

from __future__ import annotations

from typing import Final, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST

from lotsen_portal import clock
from lotsen_portal.access import Role, only
from lotsen_portal.audit import Actor
from lotsen_portal.desk import UNPROCESSABLE
from lotsen_portal.models import User
from lotsen_portal.verbs import NotPossible
from volunteers import lacks, papers
from volunteers.models import UndertakingText, Volunteer
from volunteers.paper_forms import ConfirmForm

of_volunteers = only(Role.VOLUNTEER)
unstored = cache_control(no_store=True, private=True)
PROOFS: Final = 5


def _own(request: HttpRequest) -> Volunteer:
    return Volunteer.objects.of_account(cast(User, request.user)).get()


@of_volunteers
@unstored
@require_http_methods(["GET", "HEAD", "POST"])
def own_papers(request: HttpRequest) -> HttpResponse:
    """Show the own papers and what is missing; POST confirms the undertaking of secrecy."""
    person, text, now = _own(request), UndertakingText.newest(), clock.now()
    form = ConfirmForm(request.POST if request.method == "POST" else None, initial={"version": text.version})
    if form.is_valid():
        data = form.cleaned_data
        try:
            papers.confirm_undertaking(
                person.pk, version=data["version"], name=data["name"], by=Actor.volunteer(person.pk), now=now
            )
        except NotPossible as problem:
            messages.error(request, str(problem))
        else:
            messages.success(request, _("Danke! Ihre Verschwiegenheitserklärung ist bestätigt."))
        return redirect("lotse_papers")
    today, topics = clock.local(now).date(), list(person.topics.all())
    context = {
        "person": person,
        "form": form,
        "text": text,
        "to_confirm": person.undertaking_on is None or person.undertaking_until is not None,
        "missing": lacks.papers(person, topics, now=now),
        "papers": papers.shown(person, today=today),
        "proofs": list(person.language_proofs.select_related("language")[:PROOFS]),
    }
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "volunteers/lotse/papers.html", context, status=status)


@of_volunteers
@unstored
@require_POST
def own_phone(request: HttpRequest) -> HttpResponse:
    """Let institutions see the own number after an agreement, or not any more."""
    person, given = _own(request), request.POST.get("given") == "ja"
    papers.share_phone(person.pk, given=given, by=Actor.volunteer(person.pk), now=clock.now())
    messages.success(request, _("Gespeichert."))
    return redirect("lotse_papers")
