"""The page behind the link in a mail: it shows what is asked, and two buttons act.

Mail scanners follow links, so GET and HEAD change nothing but the log of reading. The token says who answers;
workflow says what may still be answered, so that a used link meets a kind page.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lotsen_portal import access, addresses, clock, links
from lotsen_portal.audit import Actor
from lotsen_portal.models import Purpose
from lotsen_portal.secret import behind_a_token, closed
from requests_app import details, mails, workflow
from requests_app.forms.answering import AnswerForm, CodeForm
from requests_app.models import Assignment, Offer
from requests_app.models.agreements import OfferQuerySet
from requests_app.states import OfferState
from requests_app.views import cards

OK, CONFLICT, GONE, UNPROCESSABLE, TOO_MANY = 200, 409, 410, 422, 429
CODE_TRIES_AN_HOUR: Final = 10
AN_HOUR: Final = 3600
CLOSED_PAGE: Final = "requests_app/volunteer/closed.html"


@dataclass(frozen=True)
class Visit:
    """One POST about one of the offers behind a link."""

    request: HttpRequest
    offers: list[Offer]
    offer: Offer
    now: datetime

    @property
    def by(self) -> Actor:
        """The volunteer, signed in or not."""
        return Actor.volunteer(self.offer.volunteer_id)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@behind_a_token
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Show the offers of one mail to its volunteer, and take the answers."""
    now = clock.now()
    try:
        link = links.read(token, Purpose.ANSWER, now)
    except links.LinkError as problem:
        return closed(request, problem, CLOSED_PAGE)
    offers = list(offers_to_show().filter(bundle_id=link.subject, volunteer_id=link.holder))
    if not offers:
        return closed(request, links.LinkUnknown(link), CLOSED_PAGE)
    return answer_offers(request, offers, now=now)


def offers_to_show() -> OfferQuerySet:
    """Offers with all that their page shows."""
    related = ("topic", "district", "institution", "filed_by", "callback_for")
    return Offer.objects.order_by("pk").select_related(
        "volunteer", *(f"assistance__{name}" for name in related)
    )


def answer_offers(request: HttpRequest, offers: list[Offer], *, now: datetime) -> HttpResponse:
    """The page of these offers of one volunteer; a POST acts on one of them."""
    if request.method != "POST":
        return _show(request, offers, now=now)
    if request.POST.get("answer") in {"yes_to_chosen", "no_to_all"}:
        return _answer_several(request, offers, now=now)
    offer = next((offer for offer in offers if str(offer.pk) == request.POST.get("offer")), None)
    act = ACTIONS.get(request.POST.get("answer", ""))
    if offer is None or act is None:
        raise Http404
    return act(Visit(request, offers, offer, now))


def _show(
    request: HttpRequest,
    offers: list[Offer],
    *,
    now: datetime,
    status: int | None = None,
    alert: str = "",
    shown_version: int | None = None,
    code_form: CodeForm | None = None,
    time_error: str = "",
    problems: Mapping[int, str] | None = None,
    ticked: Collection[int] | None = None,
) -> HttpResponse:
    shown = [_card(request, offer, shown_version, now) for offer in offers]
    if request.method == "POST":
        shown = [_with_reason(card, request.POST) for card in shown]
    if code_form is not None:
        shown = [replace(card, code_form=code_form) for card in shown]
    if time_error:
        shown = [replace(card, time_error=time_error) for card in shown]
    cards.note_reading(shown, now=now)
    here = any(card.situation in cards.HERE for card in shown)
    context = {
        "several": _several(shown, ticked, problems or {}),
        "cards": shown,
        "first": shown[0],
        "agreed": [card for card in shown if card.situation == cards.Situation.ACCEPTED and not card.is_over],
        "locked": [card for card in shown if card.asks_for_code],
        "alert": alert,
        "is_token_page": True,
        "token": request.resolver_match.kwargs.get("token", "") if request.resolver_match else "",
    }
    return render(
        request, "requests_app/volunteer/answer.html", context, status=status or (OK if here else GONE)
    )


def _card(request: HttpRequest, offer: Offer, shown_version: int | None, now: datetime) -> cards.Card:
    unlocked, language = cards.unlocked(request, offer), get_language() or "de"
    return cards.card(offer, shown_version=shown_version, unlocked=unlocked, language=language, now=now)


def _several(
    shown: list[cards.Card], ticked: Collection[int] | None, problems: Mapping[int, str]
) -> list[tuple[cards.Card, bool, str]]:
    """The open dates with a checkbox each, where there is more than one."""
    rows = [
        (card, ticked is None or card.offer.pk in ticked, problems.get(card.offer.pk, ""))
        for card in shown
        if card.situation == cards.Situation.OPEN
    ]
    return rows if len(rows) > 1 else []


def _with_reason(card: cards.Card, posted: QueryDict) -> cards.Card:
    """Keep the reason that was typed, whatever the page has to say first; what is wrong stands beside it."""
    if str(card.offer.pk) != posted.get("offer") or not posted.get("reason"):
        return card
    shown = {"offer": card.offer.pk, "version": card.offer.assistance.version, "reason": posted["reason"]}
    return replace(card, form=AnswerForm(shown, auto_id=card.form.auto_id))


def _show_again(visit: Visit, problem: workflow.NotPossible, *, version: int | None = None) -> HttpResponse:
    """The page as things are now, after a verb refused; the situation of the offer says why."""
    fresh = list(offers_to_show().filter(pk__in=[offer.pk for offer in visit.offers]))
    offer = next(offer for offer in fresh if offer.pk == visit.offer.pk)
    told_by_page = cards.situation_of(offer, now=visit.now) != cards.Situation.OPEN
    return _show(
        visit.request,
        fresh,
        now=visit.now,
        status=CONFLICT,
        alert="" if told_by_page else str(problem),
        shown_version=version,
    )


def _answer_several(request: HttpRequest, offers: list[Offer], *, now: datetime) -> HttpResponse:
    """Take the dates that are ticked, all or none; the page says what stands against a date."""
    by, bundle = Actor.volunteer(offers[0].volunteer_id), offers[0].bundle_id
    versions = {offer.pk: number_of(request.POST.get(f"version-{offer.pk}")) for offer in offers}
    ticked = [offer.pk for offer in offers if str(offer.pk) in request.POST.getlist("date")]
    response = redirect(request.path)
    try:
        if request.POST["answer"] == "no_to_all":
            workflow.decline_several(bundle, reason="", by=by, now=now)
            return response
        chosen = {number: versions[number] for number in ticked}
        for agreed in workflow.accept_several(bundle, chosen=chosen, by=by, now=now):
            details.remember(response, agreed, now=now)
    except workflow.AlreadyAnswered:
        return response
    except workflow.NotPossible as problem:
        fresh = list(offers_to_show().filter(pk__in=[offer.pk for offer in offers]))
        failed = problem.problems if isinstance(problem, workflow.SomeFailed) else {}
        return _show(
            request, fresh, now=now, status=CONFLICT if failed else UNPROCESSABLE, alert=str(problem),
            problems=failed, ticked=ticked,
        )  # fmt: skip
    return response


def number_of(text: str | None) -> int:
    """A version out of what a browser sent; 0 for nonsense."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 9 else 0


def _say_yes(visit: Visit) -> HttpResponse:
    form = AnswerForm(visit.request.POST)
    if not form.is_valid():
        return _show(visit.request, visit.offers, now=visit.now, status=UNPROCESSABLE, alert=_please_again())
    version, time = form.cleaned_data["version"], form.cleaned_data["time"]
    try:
        if visit.offer.needs_choice:
            workflow.be_willing(visit.offer.pk, version=version, time=time, by=visit.by, now=visit.now)
            return redirect(visit.request.path)
        agreed = workflow.accept(visit.offer.pk, version=version, time=time, by=visit.by, now=visit.now)
    except workflow.AlreadyAnswered:
        return _welcome_back(visit)
    except workflow.NeedsTime as problem:
        return _show(
            visit.request, visit.offers, now=visit.now, status=UNPROCESSABLE, time_error=str(problem)
        )
    except workflow.NotPossible as problem:
        return _show_again(visit, problem, version=version)
    response = redirect(visit.request.path)
    details.remember(response, agreed, now=visit.now)
    return response


def _welcome_back(visit: Visit) -> HttpResponse:
    """A second yes or no changes nothing: the page says what was answered."""
    response = redirect(visit.request.path)
    agreed = Assignment.objects.live().filter(offer=visit.offer).first()
    if agreed is not None and cards.just_agreed(agreed, now=visit.now):
        details.remember(response, agreed, now=visit.now)
    return response


def _say_no(visit: Visit) -> HttpResponse:
    form = AnswerForm(visit.request.POST)
    if not form.is_valid():
        return _show(visit.request, visit.offers, now=visit.now, status=UNPROCESSABLE, alert=_please_again())
    try:
        workflow.decline(
            visit.offer.pk,
            reason=form.cleaned_data["reason"],
            version=form.cleaned_data["version"],
            by=visit.by,
            now=visit.now,
        )
    except workflow.AlreadyAnswered:
        return redirect(visit.request.path)
    except workflow.NotPossible as problem:
        return _show_again(visit, problem, version=form.cleaned_data["version"])
    return redirect(visit.request.path)


def _step_down(visit: Visit) -> HttpResponse:
    """Take a yes back, in a browser that may show the appointment's details."""
    if not cards.unlocked(visit.request, visit.offer):
        raise Http404
    try:
        workflow.step_down(visit.offer.assistance_id, by=visit.by, now=visit.now)
    except workflow.NotPossible as problem:
        return _show_again(visit, problem)
    return redirect(visit.request.path)


def _want_code(visit: Visit) -> HttpResponse:
    if visit.offer.state != OfferState.ACCEPTED:
        return redirect(visit.request.path)
    if not mails.send_details_code(visit.offer, now=visit.now):
        sentence = _("Wir haben Ihnen schon mehrere Codes geschickt. Bitte sehen Sie in Ihre E-Mails.")
        return _show(visit.request, visit.offers, now=visit.now, status=TOO_MANY, alert=sentence)
    messages.success(visit.request, _("Der Code ist unterwegs. Bitte sehen Sie in Ihre E-Mails."))
    return redirect(visit.request.path)


def _give_code(visit: Visit) -> HttpResponse:
    if not access.throttle(visit.request, f"code:{visit.offer.pk}", CODE_TRIES_AN_HOUR, AN_HOUR):
        return render(visit.request, "429.html", status=TOO_MANY)
    form = CodeForm(visit.request.POST, auto_id=f"code-{visit.offer.pk}-%s")
    agreed = Assignment.objects.live().filter(offer=visit.offer).first()
    if form.is_valid() and agreed is not None:
        if details.is_code(visit.offer, form.cleaned_data["code"], now=visit.now):
            addresses.free(visit.offer.volunteer.email)  # the code arrived
            response = redirect(visit.request.path)
            # One mail went to one person: whoever has the code for one of its dates has it for all.
            for held in Assignment.objects.live().filter(offer__in=visit.offers):
                details.remember(response, held, now=visit.now)
            return response
        form.add_error("code", _("Dieser Code stimmt nicht oder gilt nicht mehr. Bitte prüfen Sie ihn."))
    return _show(visit.request, visit.offers, now=visit.now, status=UNPROCESSABLE, code_form=form)


def _please_again() -> str:
    return _("Das hat nicht geklappt. Bitte antworten Sie noch einmal.")


ACTIONS: Final[dict[str, Callable[[Visit], HttpResponse]]] = {
    "yes": _say_yes,
    "no": _say_no,
    "step_down": _step_down,
    "want_code": _want_code,
    "code": _give_code,
}
