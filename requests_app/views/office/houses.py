"""The office's list of institutions and the page of one with its people."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from lotsen_portal import access, audit, clock, office
from requests_app.house_forms import InstitutionForm, InstitutionsFilter, MemberForm
from requests_app.models import AssistanceRequest, Institution, Member
from requests_app.views.office.deeds import reads_and_posts
from requests_app.views.office.ground import UNPROCESSABLE, actor, coordinators

ROWS: Final = 50
RECENT: Final = 8


@coordinators
@require_safe
def institutions(request: HttpRequest) -> HttpResponse:
    """List the institutions by name."""
    form = InstitutionsFilter(request.GET or None)
    form.is_valid()
    data: dict[str, Any] = form.cleaned_data if form.is_bound else {}
    conditions = {"name__icontains": data.get("q"), "kind": data.get("kind"), "state": data.get("state")}
    rows = Institution.objects.visible_to(access.person(request)).select_related("district")
    rows = rows.filter(**{name: value for name, value in conditions.items() if value})
    people = Count("members", filter=Q(members__left_on=None))
    query = request.GET.copy()
    for key in [key for key, value in query.items() if not value or key == "page"]:
        query.pop(key)
    context = {
        "form": form,
        "page": Paginator(rows.annotate(people=people).order_by("name"), ROWS).get_page(
            request.GET.get("page")
        ),
        "query": f"{query.urlencode()}&" if query else "",
        "narrowed": bool(query),
    }
    return office.render(request, "requests_app/office/institutions.html", context)


def _found(request: HttpRequest, pk: int) -> Institution:
    rows = Institution.objects.visible_to(access.person(request)).select_related("district")
    return get_object_or_404(rows, pk=pk)


@coordinators
@reads_and_posts
def institution(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an institution with its people and latest requests; a POST adds somebody."""
    house = _found(request, pk)
    form = MemberForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with transaction.atomic():
            member = form.save(house)
            _record(request, "add", "member", member.pk)
        messages.success(request, f"{member.user.name} kann sich jetzt mit {member.user.email} anmelden.")
        return redirect("office:institution", pk)
    latest = AssistanceRequest.objects.filter(institution=house).select_related("topic").order_by("-pk")
    context = {
        "house": house,
        "members": list(house.members.select_related("user").order_by("left_on", "user__name")),
        "latest": list(latest[:RECENT]),
        "form": form,
    }
    status = UNPROCESSABLE if form.is_bound else 200
    return office.render(request, "requests_app/office/institution.html", context, status=status)


def _record(request: HttpRequest, action: str, kind: str, number: int, after: str = "") -> None:
    audit.record(actor(request), action, kind=kind, number=number, after=after, at=clock.now())


@coordinators
@reads_and_posts
def edit_institution(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Take an institution in, or change its record."""
    house = _found(request, pk) if pk is not None else None
    form = InstitutionForm(request.POST if request.method == "POST" else None, instance=house)
    if form.is_valid():
        with transaction.atomic():
            saved = form.save()
            fields = "+".join(sorted(form.changed_data))[:60]
            _record(request, "change" if house else "add", "institution", saved.pk, fields)
        messages.success(request, "Gespeichert.")
        return redirect("office:institution", saved.pk)
    status = UNPROCESSABLE if form.is_bound else 200
    context = {"form": form, "house": house}
    return office.render(request, "requests_app/office/institution_edit.html", context, status=status)


@coordinators
@require_POST
def end_membership(request: HttpRequest, pk: int, member: int) -> HttpResponse:
    """Note that somebody left the institution, or came back; the requests stay."""
    record = get_object_or_404(
        Member.objects.select_related("user"), pk=member, institution=_found(request, pk)
    )
    leaves = record.left_on is None
    record.left_on = clock.local(clock.now()).date() if leaves else None
    with transaction.atomic():
        record.save(update_fields=["left_on"])
        _record(request, "leave" if leaves else "return", "member", record.pk)
    messages.success(
        request, f"{record.user.name} {'ist ausgeschieden' if leaves else 'gehört wieder dazu'}."
    )
    return redirect("office:institution", pk)
