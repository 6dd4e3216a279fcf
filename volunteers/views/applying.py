"""The public pages of somebody who would like to help."""

from __future__ import annotations

from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from lotsen_portal import access, clock, dates, links
from lotsen_portal.audit import Actor
from lotsen_portal.desk import UNPROCESSABLE
from lotsen_portal.models import Purpose
from lotsen_portal.secret import AN_HOUR, TOO_MANY, behind_a_token, closed
from lotsen_portal.verbs import NotPossible
from volunteers import lacks, privacy
from volunteers.application_forms import ApplicationForm
from volunteers.application_states import RUNNING, ApplicationState
from volunteers.models import Application
from volunteers.recruitment import applications

APPLICATIONS_AN_HOUR: Final = 5
CLOSED_PAGE: Final = "volunteers/public/closed.html"
_MAY_WITHDRAW: Final = frozenset({ApplicationState.UNCONFIRMED, *RUNNING})

reads_and_posts = require_http_methods(["GET", "HEAD", "POST"])


@login_not_required
@reads_and_posts
def become_volunteer(request: HttpRequest) -> HttpResponse:
    """Say what it means to help, and take an application; the answer is the same whoever is known."""
    form = ApplicationForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if not access.throttle(request, "application", APPLICATIONS_AN_HOUR, AN_HOUR):
            return render(request, "429.html", status=TOO_MANY)
        if not form.cleaned_data["homepage"]:
            applications.submit(form.interest(), now=clock.now())
        return redirect("application_sent" if form.cleaned_data["email"] else "application_noted")
    status = UNPROCESSABLE if form.is_bound else None
    return render(request, "volunteers/public/become.html", {"form": form}, status=status)


@login_not_required
@require_safe
def application_sent(request: HttpRequest) -> HttpResponse:
    """Say that a mail is on its way."""
    return render(request, "volunteers/public/sent.html", {"days": privacy.UNCONFIRMED_KEPT.days})


@login_not_required
@require_safe
def application_noted(request: HttpRequest) -> HttpResponse:
    """Say that the office phones."""
    return render(request, "volunteers/public/sent.html", {"days": 0})


@login_not_required
@reads_and_posts
@behind_a_token
def application(request: HttpRequest, token: str) -> HttpResponse:
    """Show in plain words where an application stands; the button confirms it."""
    try:
        record = _behind(token)
        if request.method == "POST":
            applications.confirm(record.pk, by=Actor.client(record.pk), now=clock.now())
            return redirect(request.path)
    except links.LinkError as problem:
        return closed(request, problem, CLOSED_PAGE)
    except NotPossible:
        return closed(request, links.LinkExpired(), CLOSED_PAGE)
    return _page(request, record, token)


@login_not_required
@reads_and_posts
@behind_a_token
def withdraw_application(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether the application is really to be taken back; the button does it."""
    try:
        record = _behind(token)
    except links.LinkError as problem:
        return closed(request, problem, CLOSED_PAGE)
    if record.state not in _MAY_WITHDRAW:
        return redirect("application", token)
    if request.method == "POST":
        try:
            applications.withdraw(record.pk, by=Actor.client(record.pk), now=clock.now())
        except NotPossible:
            return closed(request, links.LinkExpired(), CLOSED_PAGE)
        return redirect("application", token)
    context = {"token": token, "is_token_page": True, "days": privacy.DECIDED_KEPT.days}
    return render(request, "volunteers/public/withdraw.html", context)


def _behind(token: str) -> Application:
    link = links.read(token, Purpose.APPLICATION, clock.now())
    rows = Application.objects.select_related("volunteer")
    record = (
        rows.prefetch_related("topics", "districts", "languages__language").filter(pk=link.subject).first()
    )
    if record is None:
        raise links.LinkExpired(link)
    return record


def _page(request: HttpRequest, record: Application, token: str) -> HttpResponse:
    now, topics = clock.now(), list(record.topics.all())
    talk = record.interview_at if record.interview_at and record.interview_at > now else None
    kept = privacy.UNCONFIRMED_KEPT if record.state == ApplicationState.UNCONFIRMED else privacy.DECIDED_KEPT
    context: dict[str, Any] = {
        "application": record,
        "token": token,
        "topics": topics,
        "talk": dates.moment(talk) if talk else "",
        "missing": lacks.papers(record.volunteer, topics, now=now),
        "trainings": lacks.trainings(record.volunteer, topics, now=now),
        "may_withdraw": record.state in _MAY_WITHDRAW,
        "days": kept.days,
        "is_token_page": True,
    }
    return render(request, "volunteers/public/application.html", context)
