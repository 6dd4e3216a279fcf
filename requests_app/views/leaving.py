"""A volunteer pauses or stops alone: first all that it undoes, then a button that does it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lotsen_portal import clock
from lotsen_portal.audit import Actor
from lotsen_portal.desk import UNPROCESSABLE
from lotsen_portal.verbs import NotPossible
from requests_app import farewells
from requests_app.views.volunteer import of_volunteers, own_volunteer, unstored
from volunteers import recruitment
from volunteers.forms import PauseForm, StepForm


@of_volunteers
@unstored
@require_http_methods(["GET", "HEAD", "POST"])
def lotse_pause(request: HttpRequest) -> HttpResponse:
    """Pause until a day; appointments that fall into it are opened again."""
    return _say(request, "pause")


@of_volunteers
@unstored
@require_http_methods(["GET", "HEAD", "POST"])
def lotse_leave(request: HttpRequest) -> HttpResponse:
    """Stop helping; all that was agreed is opened again, and the own pages end."""
    return _say(request, "leave")


def _say(request: HttpRequest, move: str) -> HttpResponse:
    volunteer, now = own_volunteer(request), clock.now()
    by = Actor.volunteer(volunteer.pk)
    if not recruitment.may(volunteer, move, by):
        messages.error(request, _("Das geht gerade nicht. Bitte laden Sie die Seite neu."))
        return redirect("lotse_papers")
    kind = PauseForm if move == "pause" else StepForm
    posted = request.POST if request.method == "POST" else None
    form = kind(posted, today=clock.local(now).date(), initial={"until": volunteer.paused_until})
    if form.is_valid():
        shown = farewells.numbers_shown(request.POST.getlist("shown"))
        try:
            if move == "pause":
                until = form.cleaned_data["until"]
                farewells.pause(volunteer.pk, until=until, shown=shown, by=by, now=now)
            else:
                farewells.leave(volunteer.pk, shown=shown, by=by, now=now)
        except NotPossible as problem:
            messages.error(request, str(problem))
            return redirect("lotse_pause" if move == "pause" else "lotse_leave")
        return _done(request, move)
    context = {"form": form, "is_pause": move == "pause", "undone": farewells.undone(volunteer.pk, now=now)}
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "requests_app/volunteer/leaving.html", context, status=status)


def _done(request: HttpRequest, move: str) -> HttpResponse:
    if move == "pause":
        messages.success(request, _("Ihre Pause ist eingetragen. Erholen Sie sich gut!"))
        return redirect("lotse_papers")
    messages.success(request, _("Danke für alles, was Sie getan haben! Sie bekommen keine Anfragen mehr."))
    return redirect("landing")


@of_volunteers
@unstored
@require_POST
def lotse_resume(request: HttpRequest) -> HttpResponse:
    """End the own pause."""
    volunteer = own_volunteer(request)
    try:
        recruitment.resume(volunteer.pk, by=Actor.volunteer(volunteer.pk), now=clock.now())
    except NotPossible as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("Willkommen zurück! Wir fragen Sie wieder an."))
    return redirect("lotse_papers")
