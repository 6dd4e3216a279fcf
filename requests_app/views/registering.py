"""The public pages by which an institution asks to be taken in."""

from __future__ import annotations

from typing import Final

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from lotsen_portal import access, clock, links
from lotsen_portal.models import Programme, Purpose
from lotsen_portal.secret import behind_a_token, closed
from requests_app import registrations, workflow
from requests_app.forms.registering import RegistrationForm
from requests_app.models import Registration
from requests_app.views.answering import AN_HOUR, TOO_MANY, UNPROCESSABLE

REGISTRATIONS_AN_HOUR: Final = 5
CLOSED_PAGE: Final = "requests_app/public/registration_closed.html"


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def register_institution(request: HttpRequest) -> HttpResponse:
    """Take a registration; the answer is the same whether we know the address, the name or neither."""
    posted = request.POST if request.method == "POST" else None
    form = RegistrationForm(posted, city=Programme.current().city)
    if form.is_valid():
        if not access.throttle(request, "registration", REGISTRATIONS_AN_HOUR, AN_HOUR):
            return render(request, "429.html", status=TOO_MANY)
        if not form.cleaned_data["homepage"]:
            registrations.register(form.application(), now=clock.now())
        return redirect("registration_sent")
    status = UNPROCESSABLE if form.is_bound else None
    return render(request, "requests_app/public/register.html", {"form": form}, status=status)


@login_not_required
@require_safe
def registration_sent(request: HttpRequest) -> HttpResponse:
    """Say what comes next."""
    days = registrations.UNCONFIRMED_KEPT.days
    return render(request, "requests_app/public/registration_sent.html", {"days": days})


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@behind_a_token
def registration(request: HttpRequest, token: str) -> HttpResponse:
    """Show where a registration stands; the button confirms it."""
    now = clock.now()
    try:
        link = links.read(token, Purpose.CONFIRM, now)
    except links.LinkError as problem:
        return closed(request, problem, CLOSED_PAGE)
    record = Registration.objects.select_related("district", "institution").filter(pk=link.subject).first()
    if record is None:
        return closed(request, links.LinkExpired(link), CLOSED_PAGE)
    if request.method == "POST":
        try:
            registrations.confirm(record.pk, now=now)
        except workflow.NotPossible:
            return closed(request, links.LinkExpired(link), CLOSED_PAGE)
        return redirect(request.path)
    context = {"registration": record, "is_token_page": True}
    return render(request, "requests_app/public/registration.html", context)
