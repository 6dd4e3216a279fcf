"""The office's page of one request, and its confidential part."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe
from django_htmx.middleware import HtmxDetails

from lotsen_portal import access, audit, clock, office
from lotsen_portal.desk import actor, attempt, coordinators
from lotsen_portal.models import FundingSource, Programme
from requests_app import campaign_words, dossier, matching, office_words, undelivered, workflow
from requests_app.dossier import Dossier
from requests_app.house_forms import errors_of
from requests_app.models import Offer
from requests_app.office_forms import FundingForm, NoteForm
from requests_app.states import FINAL, CampaignState, OfferState, RequestState
from requests_app.views.office.deeds import DEEDS, legal
from requests_app.views.office.ground import found
from requests_app.workflow.ground import ASSISTANCE, may

OPEN_BARS = 3
SEARCHING = frozenset({RequestState.NEW, RequestState.OPEN, RequestState.OFFERED})


@coordinators
@require_safe
def request_page(request: HttpRequest, reference: str) -> HttpResponse:
    """Show where a request stands, who was asked, who could be, and what can be done; notes who looked."""
    user, now, programme = access.person(request), clock.now(), Programme.current()
    known = dossier.gather(reference, user=user, now=now)
    if known is None:
        raise Http404
    audit.opened(actor(request), kind=ASSISTANCE, number=known.assistance.pk, what="page", at=now)
    return office.render(request, "requests_app/office/request.html", _shown(request, known, programme))


def _shown(request: HttpRequest, known: Dossier, programme: Programme) -> dict[str, Any]:
    assistance, now, by = known.assistance, clock.now(), actor(request)
    may_ask = may(assistance, "ask", by) and assistance.has_times
    title, text = office_words.next_step(known, now=now)
    campaign = campaign_words.of_request(known.places, known.offers, now=now)
    legal_deeds = [deed for deed in DEEDS.values() if legal(deed, assistance, by)]
    return {
        "dossier": known,
        "assistance": assistance,
        "title": title,
        "text": text,
        "deeds": [deed for deed in legal_deeds if not deed.correction],
        "corrections": [deed for deed in legal_deeds if deed.correction],
        "offers": [(offer, _buttons(offer, known, by)) for offer in known.offers],
        "proposals": assistance.proposals(),
        "may_ask": may_ask,
        "may_change": not assistance.is_final,
        "may_call_back": _may_call_back(known),
        "may_approve": may(assistance, "approve", by),
        "campaign": campaign,
        "stuck": may_ask and campaign is not None and campaign.campaign.state == CampaignState.EXHAUSTED,
        "candidates": matching.candidates(assistance, now=now, programme=programme) if may_ask else [],
        "open_bars": 0 if campaign and campaign.campaign.is_live else OPEN_BARS,
        "note_form": NoteForm(),
        "funding_form": FundingForm(sources=known.funds, now=assistance.funding_source),
        "is_mine": assistance.responsible_id == by.number,
        "overdue": assistance.state in SEARCHING and assistance.answer_by < clock.local(now).date(),
        "programme": programme,
        "now": now,
    }


def _may_call_back(known: Dossier) -> bool:
    """Whether to offer a call; as `workflow.can_be_called`, without asking again for the calls."""
    waits = known.assistance.state in {RequestState.NEW, RequestState.OPEN} and not known.assistance.has_times
    under_way = any(state not in FINAL for _reference, state in known.calls)
    return waits and bool(known.assistance.client_phone_index) and not known.parent and not under_way


def _buttons(offer: Offer, known: Dossier, by: audit.Actor) -> dict[str, bool]:
    """What can be noted about an offer from its state and the request's."""
    may_agree = may(offer, "accept", by) and may(known.assistance, "agree", by)
    return {
        "accept": may_agree and not offer.needs_choice,
        "be_willing": offer.needs_choice and may(offer, "be_willing", by),
        "choose": may_agree and offer.state == OfferState.WILLING,
        "decline": may(offer, "decline", by),
        "withdraw": may(offer, "withdraw", by),
        "correct": may(offer, "correct_no", by) and may(known.assistance, "ask", by),
    }


@coordinators
@require_safe
def client(request: HttpRequest, reference: str) -> HttpResponse:
    """Show who the client is; every look is written down."""
    assistance, now = found(request, reference), clock.now()
    audit.opened(actor(request), kind=ASSISTANCE, number=assistance.pk, what="client", at=now)
    return office.render(request, "requests_app/office/client.html", {"assistance": assistance})


@coordinators
@require_safe
def mails(request: HttpRequest, reference: str) -> HttpResponse:
    """Show which mails went out about a request, to whom, and which did not."""
    assistance = found(request, reference)
    offers = list(assistance.offers.select_related("volunteer"))
    context = {"assistance": assistance, "mails": undelivered.of_request(assistance, offers)}
    htmx: HtmxDetails | None = getattr(request, "htmx", None)
    name = "mails_part" if htmx else "mails"
    return office.render(request, f"requests_app/office/{name}.html", context)


@coordinators
@require_POST
def approve(request: HttpRequest, reference: str) -> HttpResponse:
    """Let a request in."""
    assistance = found(request, reference)
    attempt(
        request,
        lambda: workflow.approve(assistance.pk, by=actor(request), now=clock.now()),
        done="Die Anfrage ist freigegeben.",
    )
    return redirect("office:request", reference)


@coordinators
@require_POST
def take_charge(request: HttpRequest, reference: str) -> HttpResponse:
    """Take a request onto the own desk, or give it back."""
    assistance = found(request, reference)
    mine = request.POST.get("wer") == "ich"
    attempt(
        request,
        lambda: workflow.take_charge(
            assistance.pk,
            responsible=access.person(request) if mine else None,
            by=actor(request),
            now=clock.now(),
        ),
        done="Sie sind jetzt zuständig." if mine else "Die Anfrage hat jetzt keine Zuständige mehr.",
    )
    return redirect("office:request", reference)


@coordinators
@require_POST
def add_note(request: HttpRequest, reference: str) -> HttpResponse:
    """Keep an internal note."""
    assistance, form = found(request, reference), NoteForm(request.POST)
    if not form.is_valid():
        messages.error(request, errors_of(form))
        return redirect("office:request", reference)
    user = access.person(request)
    attempt(
        request,
        lambda: workflow.note(
            assistance.pk, text=form.cleaned_data["text"], author=user, by=actor(request), now=clock.now()
        ),
        done="Die Notiz ist gespeichert.",
    )
    return redirect("office:request", reference)


@coordinators
@require_POST
def fund(request: HttpRequest, reference: str) -> HttpResponse:
    """Say which budget the appointment is paid from."""
    assistance = found(request, reference)
    sources = FundingSource.objects.filter(active=True).values_list("name", flat=True)
    form = FundingForm(request.POST, sources=list(sources), now=assistance.funding_source)
    if not form.is_valid():
        messages.error(request, "Bitte wählen Sie einen Fördertopf aus der Liste.")
        return redirect("office:request", reference)
    attempt(
        request,
        lambda: workflow.fund(
            assistance.pk, source=form.cleaned_data["source"], by=actor(request), now=clock.now()
        ),
        done="Der Fördertopf ist gespeichert.",
    )
    return redirect("office:request", reference)
