"""The office's list of institutions and the page of one with its people."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from lotsen_portal import access, audit, clock, office
from lotsen_portal.desk import UNPROCESSABLE, actor, attempt, coordinators
from requests_app import houses, team, workflow
from requests_app.house_forms import BlockForm, InstitutionForm, InstitutionsFilter, MemberForm
from requests_app.models import AssistanceRequest, Institution, InstitutionState, Member
from requests_app.views.office.deeds import reads_and_posts

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
    if form.is_valid() and _takes_in(request, house, form):
        return redirect("office:institution", pk)
    return _page(request, house, form=form)


def _takes_in(request: HttpRequest, house: Institution, form: MemberForm) -> bool:
    data, by, now = form.cleaned_data, actor(request), clock.now()
    try:
        with transaction.atomic():
            member = team.invite(
                house.pk, name=data["name"], email=data["email"], phone=data["phone"], language="de",
                by=by, now=now,
            )  # fmt: skip
            if data["is_manager"]:
                team.appoint(member.pk, by=by, now=now)
    except workflow.NotPossible as problem:
        form.add_error("email", str(problem))
        return False
    messages.success(request, f"{data['name']} bekommt eine E-Mail und kann sich jetzt anmelden.")
    return True


def _page(
    request: HttpRequest, house: Institution, *, form: MemberForm, block_form: BlockForm | None = None
) -> HttpResponse:
    latest = AssistanceRequest.objects.filter(institution=house).select_related("topic").order_by("-pk")
    context = {
        "house": house,
        "members": list(house.members.select_related("user").order_by("left_on", "user__name")),
        "latest": list(latest[:RECENT]),
        "running": AssistanceRequest.objects.filter(institution=house).running().count(),
        "form": form,
        "block_form": block_form or BlockForm(),
    }
    status = UNPROCESSABLE if form.is_bound or block_form else 200
    return office.render(request, "requests_app/office/institution.html", context, status=status)


@coordinators
@require_POST
def move_institution(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Let an institution in, shut it out with a reason, or let it in again."""
    house, by, now = _found(request, pk), actor(request), clock.now()
    if slug == "sperren":
        form = BlockForm(request.POST)
        if not form.is_valid():
            return _page(request, house, form=MemberForm(), block_form=form)
        reason = form.cleaned_data["reason"]
        done = "Gesperrt. Niemand aus dieser Einrichtung kommt mehr an ihre Anfragen."
        attempt(request, lambda: houses.block(pk, reason=reason, by=by, now=now), done=done)
    elif slug == "entsperren":
        attempt(request, lambda: houses.unblock(pk, by=by, now=now), done="Die Einrichtung ist wieder dabei.")
    elif slug == "zulassen":
        attempt(request, lambda: houses.admit(pk, by=by, now=now), done="Die Einrichtung ist zugelassen.")
    else:
        raise Http404
    return redirect("office:institution", pk)


def _record(request: HttpRequest, action: str, kind: str, number: int, after: str = "") -> None:
    audit.record(actor(request), action, kind=kind, number=number, after=after, at=clock.now())


@coordinators
@reads_and_posts
def edit_institution(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Take an institution in, or change its record."""
    house = _found(request, pk) if pk is not None else None
    # Whoever the office writes down itself may file requests.
    instance = house or Institution(state=InstitutionState.APPROVED)
    form = InstitutionForm(request.POST if request.method == "POST" else None, instance=instance)
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
    record, by, now = _member(request, pk, member), actor(request), clock.now()
    if record.left_on is None:
        done = f"{record.user.name} ist ausgeschieden."
        attempt(request, lambda: team.leave(record.pk, by=by, now=now), done=done)
    else:
        done = f"{record.user.name} gehört wieder dazu."
        attempt(request, lambda: team.come_back(record.pk, by=by, now=now), done=done)
    return redirect("office:institution", pk)


@coordinators
@require_POST
def change_manager(request: HttpRequest, pk: int, member: int) -> HttpResponse:
    """Let somebody look after the team, or take it back."""
    record, by, now = _member(request, pk, member), actor(request), clock.now()
    deed = team.step_back if record.is_manager else team.appoint
    attempt(request, lambda: deed(record.pk, by=by, now=now), done="Gespeichert.")
    return redirect("office:institution", pk)


def _member(request: HttpRequest, pk: int, member: int) -> Member:
    rows = Member.objects.select_related("user")
    return get_object_or_404(rows, pk=member, institution=_found(request, pk))
