"""The pages behind a migrant's secret link: where the own request stands, changing it, calling it off.

The link says whose request it is; workflow says what may still be done. GET changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import wraps
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lotsen_portal import clock, links, qr
from lotsen_portal.audit import Actor, ActorKind
from lotsen_portal.models import Purpose
from lotsen_portal.secret import behind_a_token, closed
from requests_app import mails, overview, wording, workflow
from requests_app.forms import OwnChangeForm
from requests_app.forms.own import CallForm, CallOffForm
from requests_app.mails.ground import LINK_LIVES
from requests_app.models import Assignment, AssistanceRequest
from requests_app.states import AssignmentState, RequestState
from requests_app.views import telling

UNPROCESSABLE, CONFLICT = 422, 409
CLOSED_PAGE: Final = "requests_app/client/closed.html"
SEARCHING: Final = frozenset({RequestState.NEW, RequestState.OPEN, RequestState.OFFERED})
NOT_HELD: Final = [
    AssignmentState.CANCELLED.value,
    AssignmentState.STEPPED_DOWN.value,
    AssignmentState.CHANGED.value,
]

reads_and_posts = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True)
class Visit:
    """Somebody at the own request, by its secret link."""

    request: HttpRequest
    token: str
    assistance: AssistanceRequest
    now: datetime

    @property
    def by(self) -> Actor:
        """The person who asked."""
        return Actor.client(self.assistance.pk)

    @property
    def posted(self) -> Any:
        """What was posted, or None."""
        return self.request.POST if self.request.method == "POST" else None

    @property
    def in_own_hands(self) -> bool:
        """Whether the person can still change or call off."""
        return not self.assistance.is_final and not workflow.has_begun(self.assistance, now=self.now)

    def back(self) -> HttpResponse:
        """To the page that shows where the request stands."""
        return redirect("status", self.token)

    def page(self, name: str, status: int | None = None, **context: Any) -> HttpResponse:
        """A page about the request; 422 where a form on it is not right."""
        form = context.get("form")
        code = status or (UNPROCESSABLE if form is not None and form.is_bound else None)
        held = _held(self.assistance)
        about = {"assistance": self.assistance, "token": self.token, "held": held, "is_token_page": True}
        return render(self.request, f"requests_app/client/{name}.html", {**about, **context}, status=code)


def by_own_link(view: Callable[[Visit], HttpResponse]) -> Callable[..., HttpResponse]:
    """Open a page to whoever has the secret link; for every other link it explains itself kindly."""

    @wraps(view)
    def guarded(request: HttpRequest, token: str) -> HttpResponse:
        now = clock.now()
        try:
            assistance = _own(token, now=now)
        except links.LinkError as problem:
            return closed(request, problem, CLOSED_PAGE)
        return view(Visit(request, token, assistance, now))

    return login_not_required(behind_a_token(guarded))


def while_in_own_hands(view: Callable[[Visit], HttpResponse]) -> Callable[[Visit], HttpResponse]:
    """Lead back with a sentence where nothing can be changed any more."""

    @wraps(view)
    def checked(visit: Visit) -> HttpResponse:
        if visit.in_own_hands:
            return view(visit)
        if visit.assistance.is_final:
            messages.info(visit.request, _("Diese Anfrage ist schon beendet."))
        else:
            messages.info(
                visit.request, _("Der Termin hat schon begonnen. Bitte rufen Sie das Integrationsamt an.")
            )
        return visit.back()

    return checked


@require_safe
@by_own_link
def status(visit: Visit) -> HttpResponse:
    """Show where the request stands, who comes, what was asked, and the secret link to keep."""
    assistance, now = visit.assistance, visit.now
    held = _held(assistance)
    address = mails.status_address(assistance, language=get_language() or "de")
    return visit.page(
        "status",
        standing=wording.standing(assistance, held=held, now=now),
        steps=overview.steps(assistance),
        facts=overview.own_facts(assistance),
        searching=assistance.state in SEARCHING,
        panel=_panel(visit, held),
        is_over=assistance.finishes is not None and assistance.finishes <= now,
        in_own_hands=visit.in_own_hands,
        address=address,
        code=qr.picture(address),
    )


def _panel(visit: Visit, held: Assignment | None) -> telling.Panel | None:
    """How the appointment went, as the person told or still can, once it has begun."""
    if held is None or not workflow.has_begun(visit.assistance, now=visit.now):
        return None
    held.assistance = visit.assistance
    action = reverse("status_feedback", args=[visit.token])
    return telling.panel(held, voice=ActorKind.CLIENT, action=action, now=visit.now)


@reads_and_posts
@by_own_link
def feedback(visit: Visit) -> HttpResponse:
    """Tell how the appointment went, or correct it; for people whom no mail asks."""
    held = _held(visit.assistance)
    if held is None:
        return visit.back()
    held.assistance = visit.assistance
    return telling.tell(visit.request, held, by=visit.by, now=visit.now)


@reads_and_posts
@by_own_link
@while_in_own_hands
def change(visit: Visit) -> HttpResponse:
    """Change time, place or language; when the office was faster, show what holds now and ask again."""
    assistance = visit.assistance
    form = _change_form(visit, visit.posted)
    if not form.is_valid():
        return visit.page("change", form=form)
    try:
        changed = workflow.change(
            assistance.pk, form.change(), version=form.version_shown, by=visit.by, now=visit.now
        )
    except workflow.NotPossible as problem:
        return _ask_again(visit, str(problem))
    if changed.version == assistance.version:
        messages.info(visit.request, _("Sie haben nichts geändert. Alles bleibt, wie es war."))
        return visit.back()
    if form.period and assistance.wants_call:
        messages.success(visit.request, _("Danke! Der Termin ist gespeichert. Wir rufen nicht mehr an."))
    elif changed.state == RequestState.NEW:
        messages.success(visit.request, _("Die Änderung ist gespeichert. Wir sehen sie uns zuerst an."))
    else:
        messages.success(visit.request, _("Die Änderung ist gespeichert. Wir fragen noch einmal nach."))
    for verdict in form.verdicts:
        messages.info(visit.request, verdict.text)
    return visit.back()


def _change_form(visit: Visit, posted: Any) -> OwnChangeForm:
    language = get_language() or "de"
    return OwnChangeForm(posted, assistance=visit.assistance, page_language=language, now=visit.now)


def _ask_again(visit: Visit, problem: str) -> HttpResponse:
    """Show the request as it is now beside what was typed; the next POST is about this version."""
    assistance = _own(visit.token, now=visit.now)
    posted = visit.request.POST.copy()
    posted["version"] = str(assistance.version)
    form = _change_form(replace(visit, assistance=assistance), posted)
    form.full_clean()
    form.add_error(None, problem)
    return visit.page("change", status=CONFLICT, form=form, facts_now=overview.own_facts(assistance))


@reads_and_posts
@by_own_link
@while_in_own_hands
def call_instead(visit: Visit) -> HttpResponse:
    """Give up the time and ask to be called."""
    form = CallForm(visit.posted)
    if not visit.assistance.client_phone:
        messages.info(visit.request, _("Wir haben keine Telefonnummer von Ihnen. Bitte rufen Sie uns an."))
        return visit.back()
    if not form.is_valid():
        return visit.page("call", form=form)
    times = form.cleaned_data["call_times"]
    try:
        workflow.want_call(visit.assistance.pk, call_times=times, by=visit.by, now=visit.now)
    except workflow.NotPossible as problem:
        messages.error(visit.request, str(problem))
    else:
        messages.success(visit.request, _("Gut. Wir rufen Sie an und finden zusammen einen Termin."))
    return visit.back()


@reads_and_posts
@by_own_link
@while_in_own_hands
def cancel(visit: Visit) -> HttpResponse:
    """Ask once more, then call the request off."""
    form = CallOffForm(visit.posted)
    if not form.is_valid():
        late = workflow.is_late_to_cancel(visit.assistance, now=visit.now)
        return visit.page("cancel", form=form, late=late)
    reason = form.cleaned_data["reason"]
    try:
        workflow.cancel(visit.assistance.pk, reason=reason, by=visit.by, now=visit.now)
    except workflow.NotPossible as problem:
        messages.error(visit.request, str(problem))
    else:
        messages.success(visit.request, _("Ihre Anfrage ist abgesagt. Wir sagen allen Bescheid."))
    return visit.back()


@reads_and_posts
@by_own_link
def withdraw(visit: Visit) -> HttpResponse:
    """Say what taking the consent back does, then do it; the link explains itself from then on."""
    if visit.request.method != "POST":
        return visit.page("consent")
    workflow.withdraw_consent(visit.assistance.pk, by=visit.by, now=visit.now)
    return visit.back()


def _own(token: str, *, now: datetime) -> AssistanceRequest:
    """The request behind a token. Raises LinkUnknown, LinkRevoked, or LinkExpired when it is long over."""
    link = links.read(token, Purpose.STATUS, now)
    rows = AssistanceRequest.objects.select_related("topic", "district", "institution", "filed_by")
    assistance = rows.filter(pk=link.subject).first()
    if assistance is None:
        raise links.LinkUnknown(link)
    if assistance.ended_at is not None and assistance.ended_at + LINK_LIVES <= now:
        raise links.LinkExpired(link)
    return assistance


def _held(assistance: AssistanceRequest) -> Assignment | None:
    """The appointment that was agreed or held, as far as it was not undone."""
    rows = Assignment.objects.filter(assistance=assistance).exclude(state__in=NOT_HELD)
    return rows.select_related("volunteer").order_by("-pk").first()
