"""What an institution does with all dates of a series, or all requests of an event."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext

from lotsen_portal import clock
from lotsen_portal.audit import Actor
from requests_app import overview, workflow
from requests_app.forms import CancelForm
from requests_app.models import GroupKind
from requests_app.views.institution import (
    UNPROCESSABLE,
    of_institutions,
    own,
    reads_and_posts,
    unstored,
    user_of,
)


@of_institutions
@unstored
@reads_and_posts
def cancel_own_group(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask for one reason, then call all dates off that are still to come."""
    assistance = own(request, reference)
    if assistance.group is None:
        raise Http404
    now, is_event = clock.now(), assistance.group.kind == GroupKind.EVENT
    form = CancelForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            count = workflow.cancel_rest(
                assistance.group.pk, reason=reason, by=Actor.member(user_of(request)), now=now
            )
        except workflow.NotPossible as problem:
            messages.error(request, str(problem))
        else:
            messages.success(request, _said(count, is_event=is_event))
        return redirect(assistance)
    rest = overview.still_to_come(assistance, now=now)
    context = {"assistance": assistance, "form": form, "rest": rest, "is_event": is_event}
    status = UNPROCESSABLE if form.is_bound else None
    return render(request, "requests_app/institution/cancel_group.html", context, status=status)


def _said(count: int, *, is_event: bool) -> str:
    if is_event:
        said = ngettext(
            "%(count)d Anfrage der Veranstaltung ist abgesagt. Wir sagen allen Bescheid.",
            "%(count)d Anfragen der Veranstaltung sind abgesagt. Wir sagen allen Bescheid.",
            count,
        )
    else:
        said = ngettext(
            "%(count)d Termin ist abgesagt. Wir sagen allen Bescheid.",
            "%(count)d Termine sind abgesagt. Wir sagen allen Bescheid.",
            count,
        )
    return said % {"count": count}
