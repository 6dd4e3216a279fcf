"""The office takes a request down for somebody on the telephone."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from lotsen_portal import clock, office
from lotsen_portal.desk import UNPROCESSABLE, actor, coordinators
from lotsen_portal.models import Programme, User
from requests_app import workflow
from requests_app.forms.entry import EntryForm, WhoForm
from requests_app.models import AssistanceRequest, GroupKind
from requests_app.views.office.deeds import reads_and_posts
from requests_app.views.office.ground import found
from requests_app.views.several import Desk, file_more


class OfficeDesk(Desk):
    """The office files a series or an event for an institution."""

    look = "requests_app/office/series_look.html"

    def render(self, context: dict[str, Any], *, status: int) -> HttpResponse:
        """The page of all dates, within the office's pages."""
        return office.render(self.request, self.look, context, status=status)

    def done(self, requests: list[AssistanceRequest], kind: GroupKind) -> HttpResponse:
        """Say how many were taken down, and lead to the page of all."""
        count = len(requests)
        said = f"{count} Anfragen sind aufgenommen." if count > 1 else "Eine Anfrage ist aufgenommen."
        messages.success(self.request, said)
        return redirect("office:group", requests[0].group_id)


@coordinators
@reads_and_posts
def new_request(request: HttpRequest) -> HttpResponse:
    """Take a request for an institution or a person; what rules say is said, and does not hold it back."""
    now, who = clock.now(), WhoForm(request.GET)
    house = who.cleaned_data["einrichtung"] if who.is_valid() else None
    posted = request.POST if request.method == "POST" else None
    form = EntryForm(posted, institution=house, programme=Programme.current(), now=now)
    desk = OfficeDesk(request, actor(request), house, _member(form) if form.is_valid() else None)
    if form.is_valid() and (filed := file_more(desk, form, now=now)):
        return filed
    if form.is_valid() and not form.series:
        assistance = workflow.submit(
            form.draft(),
            by=desk.by,
            institution=house,
            filed_by=desk.filed_by,
            now=now,
            key=form.filing_key,
        )
        _say(request, assistance, form)
        return redirect("office:request", assistance.reference)
    context = {"form": form, "who": who, "house": house}
    status = UNPROCESSABLE if form.errors else 200
    return office.render(request, "requests_app/office/entry.html", context, status=status)


def _member(form: EntryForm) -> User | None:
    """The colleague who hears by mail; nobody for a person, or where nobody was picked."""
    chosen = form.cleaned_data.get("member")
    return chosen.member.user if chosen else None


def _say(request: HttpRequest, assistance: AssistanceRequest, form: EntryForm) -> None:
    messages.success(request, f"Die Anfrage {assistance.reference} ist aufgenommen.")
    for verdict in form.verdicts:
        messages.warning(request, f"Hinweis: {verdict.text}")


@coordinators
@require_POST
def call_back(request: HttpRequest, reference: str) -> HttpResponse:
    """Make the call that clears the time of a request, and lead to whom to ask for it."""
    assistance = found(request, reference)
    try:
        call = workflow.call_back(assistance.pk, by=actor(request), now=clock.now())
    except workflow.NotPossible as problem:
        messages.error(request, str(problem))
        return redirect("office:request", reference)
    messages.success(request, f"Der Rückruf {call.reference} ist angelegt. Wen fragen Sie dafür an?")
    return redirect(f"{reverse('office:request', args=[call.reference])}#vorschlaege")
