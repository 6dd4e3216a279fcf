"""The office decides about institutions that registered."""

from __future__ import annotations

from typing import Final

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from lotsen_portal import access, clock, office
from lotsen_portal.desk import UNPROCESSABLE, actor, attempt, coordinators
from requests_app import registrations, workflow
from requests_app.house_forms import DeclineForm, JoinForm, errors_of
from requests_app.models import Registration
from requests_app.states import RegistrationState

ROWS: Final = 50
STATES: Final = {
    RegistrationState.CONFIRMED: "wartet auf Sie",
    RegistrationState.UNCONFIRMED: "noch nicht bestätigt",
    RegistrationState.APPROVED: "aufgenommen",
    RegistrationState.DECLINED: "abgelehnt",
}
TONES: Final = {RegistrationState.CONFIRMED: "warning", RegistrationState.APPROVED: "success"}


@coordinators
@require_safe
def registrations_list(request: HttpRequest) -> HttpResponse:
    """List the registrations: those that wait first, the oldest on top, then what was decided."""
    rows = Registration.objects.visible_to(access.person(request)).select_related("district", "decided_by")
    waiting = list(rows.to_decide())
    others = rows.exclude(state=RegistrationState.CONFIRMED.value)
    page = Paginator(others, ROWS).get_page(request.GET.get("page"))
    context = {
        "waiting": waiting,
        "page": page,
        "rest": [(row, *_badge(row)) for row in page.object_list],
    }
    return office.render(request, "requests_app/office/registrations.html", context)


@coordinators
@require_safe
def registration(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a registration, whom it may be the same as, and the two ways to decide."""
    return _page(request, _found(request, pk))


@coordinators
@require_POST
def approve_registration(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the institution in, or its person into the institution that was chosen."""
    record, join = _found(request, pk), None
    if "institution" in request.POST:
        form = JoinForm(request.POST)
        if not form.is_valid():
            return _page(request, record, join_form=form)
        join = form.cleaned_data["institution"].pk
    user = access.person(request)
    try:
        member = registrations.approve(pk, join=join, by=actor(request), user=user, now=clock.now())
    except workflow.NotPossible as problem:
        messages.error(request, str(problem))
        return redirect("office:registration", pk)
    house = member.institution
    messages.success(request, f"{member.user.name} gehört jetzt zu {house.name} und bekommt eine E-Mail.")
    return redirect("office:institution", house.pk)


@coordinators
@require_POST
def decline_registration(request: HttpRequest, pk: int) -> HttpResponse:
    """Turn the institution down, with a reason."""
    record, form, now = _found(request, pk), DeclineForm(request.POST), clock.now()
    if not form.is_valid():
        return _page(request, record, decline_form=form)
    user, reason = access.person(request), form.cleaned_data["reason"]
    attempt(
        request,
        lambda: registrations.decline(pk, reason=reason, by=actor(request), user=user, now=now),
        done="Abgelehnt. Die Einrichtung bekommt eine E-Mail.",
    )
    return redirect("office:registrations")


@coordinators
@require_POST
def reconsider_registration(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a decline back."""
    _found(request, pk)
    attempt(
        request,
        lambda: registrations.reconsider(pk, by=actor(request), now=clock.now()),
        done="Die Anmeldung wartet wieder auf Sie.",
    )
    return redirect("office:registration", pk)


def _found(request: HttpRequest, pk: int) -> Registration:
    rows = Registration.objects.visible_to(access.person(request))
    return get_object_or_404(rows.select_related("district", "institution", "decided_by"), pk=pk)


def _badge(record: Registration) -> tuple[str, str]:
    state = RegistrationState(record.state)
    return STATES[state], TONES.get(state, "neutral")


def _page(
    request: HttpRequest,
    record: Registration,
    *,
    join_form: JoinForm | None = None,
    decline_form: DeclineForm | None = None,
) -> HttpResponse:
    wrong: list[forms.Form] = [form for form in (join_form, decline_form) if form is not None]
    label, tone = _badge(record)
    decides = record.state == RegistrationState.CONFIRMED
    context = {
        "registration": record,
        "label": label,
        "tone": tone,
        "decides": decides,
        "likenesses": registrations.likenesses(record) if decides else [],
        "sisters": registrations.sisters(record) if decides else [],
        "join_form": join_form or JoinForm(),
        "decline_form": decline_form or DeclineForm(),
        "problem": " ".join(errors_of(form) for form in wrong),
    }
    status = UNPROCESSABLE if wrong else 200
    return office.render(request, "requests_app/office/registration.html", context, status=status)
