"""A volunteer enters what came of a call: behind the mailed link, or signed in."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lotsen_portal import clock, links
from lotsen_portal.audit import Actor
from lotsen_portal.models import Purpose
from lotsen_portal.secret import behind_a_token, closed
from requests_app import workflow
from requests_app.forms.calling import CallForm
from requests_app.models import Assignment, Offer
from requests_app.states import AssignmentState
from requests_app.views import cards
from requests_app.views.answering import offers_to_show
from requests_app.views.volunteer import of_volunteers, own_volunteer, unstored

CLOSED_PAGE = "requests_app/volunteer/closed.html"
UNPROCESSABLE, CONFLICT = 422, 409


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@behind_a_token
def answer_call(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """Enter a call's result behind the link of the mail, in the browser that may read whom to call."""
    now = clock.now()
    try:
        link = links.read(token, Purpose.ANSWER, now)
    except links.LinkError as problem:
        return closed(request, problem, CLOSED_PAGE)
    offers = offers_to_show().filter(bundle_id=link.subject, volunteer_id=link.holder)
    return _enter(request, offers.filter(pk=pk).first(), back=("answer", token), now=now)


@of_volunteers
@unstored
@require_http_methods(["GET", "HEAD", "POST"])
def lotse_call(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter a call's result, signed in."""
    held = Assignment.objects.filter(pk=pk, volunteer=own_volunteer(request)).first()
    offer = offers_to_show().filter(pk=held.offer_id).first() if held else None
    return _enter(request, offer, back=("lotse_home",), now=clock.now())


def _enter(
    request: HttpRequest, offer: Offer | None, *, back: tuple[str, ...], now: datetime
) -> HttpResponse:
    parent = offer.assistance.callback_for if offer else None
    if offer is None or parent is None:
        raise Http404
    held = offer.assignments.filter(state=AssignmentState.AGREED.value).exists()
    if not held or not cards.unlocked(request, offer):
        return redirect(*back)
    form = CallForm(request.POST if request.method == "POST" else None, assistance=parent, now=now)
    status = UNPROCESSABLE if form.is_bound else 200
    if form.is_valid():
        try:
            workflow.settle_call(
                offer.assistance_id,
                form.called(),
                version=form.version_shown,
                by=Actor.volunteer(offer.volunteer_id),
                now=now,
            )
        except workflow.NotPossible as problem:
            form.add_error(None, str(problem))
            status = CONFLICT
        else:
            messages.success(request, _("Vielen Dank! Wir kümmern uns um alles Weitere."))
            return redirect(*back)
    context = {"form": form, "back": back, "is_token_page": back[0] == "answer"}
    return render(request, "requests_app/volunteer/call.html", context, status=status)
