"""A volunteer's own pages after signing in: open questions, appointments, and taking a yes back."""

from __future__ import annotations

from typing import Final, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lotsen_portal import clock
from lotsen_portal.access import Role, only
from lotsen_portal.audit import Actor, ActorKind
from lotsen_portal.models import User
from lotsen_portal.models.ground import begins
from requests_app import calendars, facts, workflow
from requests_app.models import Assignment, Offer, Report, RequestedLanguage, Side, WishKind
from requests_app.models.agreements import AssignmentQuerySet
from requests_app.states import AssignmentState, OfferState
from requests_app.views import cards, telling
from requests_app.views.answering import answer_offers, offers_to_show
from requests_app.wishes import set_wish, wish_of
from volunteers.models import Volunteer

PAST_A_PAGE: Final = 10
NOT_HELD: Final = [
    AssignmentState.CANCELLED.value,
    AssignmentState.STEPPED_DOWN.value,
    AssignmentState.CHANGED.value,
]

of_volunteers = only(Role.VOLUNTEER)
unstored = cache_control(no_store=True, private=True)


def own_volunteer(request: HttpRequest) -> Volunteer:
    """The record of whoever is signed in; somebody of the office sees the own pages here, too."""
    return Volunteer.objects.get(user=cast(User, request.user))


def _with_languages() -> Prefetch[str, QuerySet[RequestedLanguage], str]:
    return Prefetch("assistance__languages", RequestedLanguage.objects.select_related("language"))


def _appointments(volunteer: Volunteer) -> AssignmentQuerySet:
    related = ("topic", "district", "institution", "filed_by", "callback_for")
    rows = Assignment.objects.filter(volunteer=volunteer).prefetch_related(_with_languages())
    return rows.select_related("offer__volunteer", *(f"assistance__{name}" for name in related))


@of_volunteers
@unstored
@require_safe
def lotse_home(request: HttpRequest) -> HttpResponse:
    """Show what waits for an answer, then the next appointments, then the past ones."""
    volunteer, now = own_volunteer(request), clock.now()
    unanswered = offers_to_show().filter(volunteer=volunteer).unanswered()
    offers = [
        offer
        for offer in unanswered.prefetch_related("assistance__proposed_times", _with_languages())
        if workflow.refusal(offer.assistance, offer, now=now) is None
    ]
    own = _appointments(volunteer)
    coming = own.live().filter(period__endswith__gt=now)
    past = own.filter(period__endswith__lte=now).exclude(state__in=NOT_HELD).order_by(begins("period").desc())
    told = Exists(Report.objects.filter(assignment=OuterRef("pk"), side=Side.VOLUNTEER))
    untold = Q(state=AssignmentState.AGREED.value) & ~told
    context = {
        "volunteer": volunteer,
        "untold": list(past.filter(untold)),
        "number": sum(offer.state == OfferState.PENDING for offer in offers),
        "questions": _together([offer for offer in offers if offer.state == OfferState.PENDING]),
        "willing": [offer for offer in offers if offer.state == OfferState.WILLING],
        "coming": list(coming),
        "page": Paginator(past.exclude(untold), PAST_A_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "requests_app/volunteer/home.html", context)


def _together(offers: list[Offer]) -> list[tuple[list[Offer], str]]:
    """What one mail asked about, by date, with the deadline: several dates are answered on one page."""
    bundles: dict[int, list[Offer]] = {}
    for offer in offers:
        bundles.setdefault(offer.bundle_id, []).append(offer)
    rows = []
    for together in bundles.values():
        ends = [offer.deadline for offer in together if offer.deadline]
        rows.append((together, facts.day_and_time(min(ends)) if ends else ""))
    return rows


@of_volunteers
@unstored
@require_http_methods(["GET", "HEAD", "POST"])
def lotse_offer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer one of the own offers without the mail, with all that the mail asked about; the same page as
    behind the mailed link."""
    own = offers_to_show().filter(volunteer=own_volunteer(request))
    offer = get_object_or_404(own, pk=pk)
    return answer_offers(request, list(own.filter(bundle=offer.bundle_id)), now=clock.now())


@of_volunteers
@unstored
@require_safe
def lotse_appointment(request: HttpRequest, pk: int) -> HttpResponse:
    """Show all that is needed to go there; reading whom it is for is written down."""
    now = clock.now()
    assignment = get_object_or_404(_appointments(own_volunteer(request)), pk=pk)
    offer = assignment.offer
    offer.assistance = assignment.assistance
    card = cards.card(offer, unlocked=True, language=get_language() or "de", now=now)
    cards.note_reading([card], now=now)
    context = {
        "assignment": assignment,
        "card": card,
        "is_live": assignment.state == AssignmentState.AGREED,
        "is_over": assignment.starts <= now,
        "panel": telling.panel(
            assignment, voice=ActorKind.VOLUNTEER, action=reverse("lotse_report", args=[pk]), now=now
        ),
        "wish": wish_of(assignment.volunteer_id, assignment.assistance.institution_id),
    }
    return render(request, "requests_app/volunteer/appointment.html", context)


@of_volunteers
@unstored
@require_http_methods(["GET", "HEAD", "POST"])
def lotse_step_down(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask once more, then take the own yes back; the search begins anew at once."""
    volunteer, now = own_volunteer(request), clock.now()
    assignment = get_object_or_404(_appointments(volunteer), pk=pk)
    if request.method != "POST":
        if assignment.state != AssignmentState.AGREED or assignment.starts <= now:
            return redirect("lotse_appointment", pk=pk)
        return render(request, "requests_app/volunteer/step_down.html", {"assignment": assignment})
    try:
        workflow.step_down(assignment.assistance_id, by=Actor.volunteer(volunteer.pk), now=now)
    except workflow.NotPossible as problem:
        messages.error(request, str(problem))
        return redirect("lotse_appointment", pk=pk)
    messages.success(request, _("Danke, dass Sie Bescheid sagen. Wir suchen jetzt jemand anderen."))
    return redirect("lotse_home")


@of_volunteers
@unstored
@require_POST
def lotse_wish(request: HttpRequest, pk: int) -> HttpResponse:
    """Note whether the volunteer would come to this institution again; the institution never learns of it."""
    volunteer, now = own_volunteer(request), clock.now()
    assignment = get_object_or_404(_appointments(volunteer), pk=pk, period__startswith__lte=now)
    institution = assignment.assistance.institution_id
    kind = request.POST.get("wish", "")
    if institution is not None and kind in {"", *WishKind.values}:
        set_wish(volunteer.pk, institution, kind=kind, by=Actor.volunteer(volunteer.pk), now=now)
        messages.success(request, _("Danke, das ist notiert. Die Einrichtung erfährt nichts davon."))
    return redirect("lotse_appointment", pk=pk)


@of_volunteers
@unstored
@require_safe
def lotse_entry(request: HttpRequest, pk: int) -> HttpResponse:
    """The appointment as a calendar file; it names no client."""
    assignment = get_object_or_404(_appointments(own_volunteer(request)).live(), pk=pk)
    entry = calendars.download(assignment.assistance, now=clock.now())
    return HttpResponse(
        entry.content,
        content_type=f"text/calendar; charset=utf-8; method={entry.method}",
        headers={"Content-Disposition": f'attachment; filename="{entry.filename}"'},
    )
