"""The institution's team: all see it, who manages it invites, appoints, removes, and sets defaults."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lotsen_portal import access, clock
from lotsen_portal.access import Role, only
from lotsen_portal.audit import Actor
from requests_app import houses, team, workflow
from requests_app.forms.team import DefaultsForm, InviteForm
from requests_app.models import Member
from requests_app.views.institution import (
    UNPROCESSABLE,
    held_appointment,
    member_of,
    of_institutions,
    own,
    reads_and_posts,
    unstored,
)

of_managers = only(Role.MANAGER)
INVITES_AN_HOUR: Final = 20
AN_HOUR: Final = 3600


@of_institutions
@unstored
@require_safe
def own_team(request: HttpRequest) -> HttpResponse:
    """Show who works here; buttons only for who manages the team."""
    member = member_of(request)
    return _page(request, member, InviteForm(institution=member.institution))


@of_managers
@unstored
@require_POST
def invite(request: HttpRequest) -> HttpResponse:
    """Take a colleague in."""
    member = member_of(request)
    form = InviteForm(request.POST, institution=member.institution)
    if form.is_valid() and not access.throttle(request, f"invite:{member.pk}", INVITES_AN_HOUR, AN_HOUR):
        form.add_error(None, _("Das waren zu viele Einladungen. Bitte warten Sie eine Stunde."))
    if form.is_valid():
        user, data = access.person(request), form.cleaned_data
        try:
            team.invite(
                member.institution_id,
                name=data["name"],
                email=data["email"],
                phone=data["phone"],
                language=user.language,
                by=Actor.member(user),
                now=clock.now(),
            )
        except workflow.NotPossible as problem:
            form.add_error("email", str(problem))
        else:
            messages.success(request, _("%(name)s bekommt eine E-Mail.") % {"name": data["name"]})
            return redirect("own_team")
    return _page(request, member, form)


@of_managers
@unstored
@require_POST
def change_member(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Appoint a manager, or take it back."""
    deed = {"leitung": team.appoint, "ohne-leitung": team.step_back}.get(slug)
    if deed is None:
        raise Http404
    colleague = _colleague(request, pk)
    by, now = Actor.member(access.person(request)), clock.now()
    _attempt(request, lambda: deed(colleague.pk, by=by, now=now), _("Gespeichert."))
    return redirect("own_team")


@of_managers
@unstored
@reads_and_posts
def remove_member(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask first, then shut the way in for somebody who works here no more."""
    colleague = _colleague(request, pk)
    if request.method != "POST":
        return render(request, "requests_app/institution/remove_member.html", {"colleague": colleague})
    by, now = Actor.member(access.person(request)), clock.now()
    done = _("%(name)s gehört nicht mehr zum Team.") % {"name": colleague.user.name}
    _attempt(request, lambda: team.leave(colleague.pk, by=by, now=now), done)
    return redirect("own_team")


@of_managers
@unstored
@reads_and_posts
def own_defaults(request: HttpRequest) -> HttpResponse:
    """Lay down what stands in each new request already."""
    house = member_of(request).institution
    initial = {name: getattr(house, name) for name in houses.DEFAULTS}
    form = DefaultsForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        by = Actor.member(access.person(request))
        houses.set_defaults(house.pk, form.cleaned_data, by=by, now=clock.now())
        messages.success(request, _("Gespeichert. So beginnt jetzt jede neue Anfrage."))
        return redirect("own_team")
    status = UNPROCESSABLE if form.is_bound else None
    context = {"form": form, "institution": house}
    return render(request, "requests_app/institution/defaults.html", context, status=status)


@of_institutions
@unstored
@require_POST
def take_over(request: HttpRequest, reference: str) -> HttpResponse:
    """Look after a colleague's request from now on."""
    assistance, user = own(request, reference), access.person(request)
    by, now = Actor.member(user), clock.now()
    _attempt(
        request,
        lambda: workflow.take_over(assistance.pk, user=user, by=by, now=now),
        _("Sie kümmern sich jetzt um diese Anfrage. Alle E-Mails dazu gehen an Sie."),
    )
    return redirect(assistance)


@of_institutions
@unstored
@require_POST
def wish(request: HttpRequest, reference: str) -> HttpResponse:
    """Note whether the institution would like to meet the Lotse of a past appointment again."""
    assistance = own(request, reference)
    held = held_appointment(assistance)
    if held is None or not assistance.is_final:
        raise Http404
    by, now, kind = Actor.member(access.person(request)), clock.now(), request.POST.get("wunsch", "")
    _attempt(request, lambda: houses.wish(held, kind, by=by, now=now), _("Danke, das ist notiert."))
    return redirect(assistance)


def _colleague(request: HttpRequest, pk: int) -> Member:
    rows = Member.objects.current().select_related("user")
    return get_object_or_404(rows, pk=pk, institution=member_of(request).institution_id)


def _attempt(request: HttpRequest, deed: Callable[[], object], done: str) -> None:
    try:
        deed()
    except workflow.NotPossible as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, done)


def _page(request: HttpRequest, member: Member, form: InviteForm) -> HttpResponse:
    people = member.institution.members.filter(left_on=None).select_related("user")
    context = {
        "institution": member.institution,
        "me": member,
        "people": people.order_by("-is_manager", "user__name", "pk"),
        "form": form,
    }
    status = UNPROCESSABLE if form.is_bound else None
    return render(request, "requests_app/institution/team.html", context, status=status)
