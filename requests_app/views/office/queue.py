"""The office's start: what needs a decision now, and whom to phone."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from lotsen_portal import access, audit, clock, office, outbox
from lotsen_portal.access import Role
from lotsen_portal.desk import actor, attempt, back_or, coordinators
from lotsen_portal.models import MailState, OutgoingMail, Programme
from requests_app import debriefs, registrations, undelivered, workflow, worklist
from requests_app.models import Assignment
from requests_app.workflow.ground import ASSISTANCE
from volunteers import matters

WHOSE = ((worklist.EVERYBODY, "Alle"), (worklist.MINE, "Meine"), (worklist.NOBODY, "Ohne Zuständige"))
PILES = ("anmeldungen", "anrufe", "post")


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Show the work queue; whoever works in the office without coordinating finds the catalogues instead."""
    user, now = access.person(request), clock.now()
    if Role.COORDINATOR not in access.roles(user):
        return redirect("office:catalogues")
    whose = request.GET.get("wer", worklist.EVERYBODY)
    whose = whose if whose in dict(WHOSE) else worklist.EVERYBODY
    only = request.GET.get("gruppe", "")
    only = only if only in worklist.TITLES or only in PILES or only in matters.KINDS else ""
    groups = worklist.groups(me=user.pk, whose=whose, only=only, now=now)
    limit = undelivered.ALL_SHOWN if only in PILES else undelivered.SHOWN
    heaps = matters.heaps(now=now, limit=matters.ALL_SHOWN if only in matters.KINDS else matters.SHOWN)
    calls, dead = undelivered.piles(now=now, limit=limit)
    clients = [mail.client for pile in (calls, dead) for mail in pile.mails if mail.client and mail.phone]
    audit.opened_all(audit.Actor.office(user), kind=ASSISTANCE, numbers=clients, what="phone", at=now)
    newcomers, houses = registrations.waiting(limit)
    decisions = [groups[slug] for slug in worklist.DECISIONS]
    counted = [(group, group.total(whose)) for group in decisions]
    shown = [(group, total) for group, total in counted if total and only in {"", group.slug}]
    wanted = debriefs.wanted() if only == "" else []
    context = {
        "debriefs": wanted,
        "pressing": [pair for pair in shown if pair[0].slug not in worklist.AFTERWARDS],
        "later": [pair for pair in shown if pair[0].slug in worklist.AFTERWARDS],
        "stats": counted,
        "tabs": [(slug, name, sum(group.total(slug) for group in decisions)) for slug, name in WHOSE],
        "whose": whose,
        "only": only,
        "soon": groups["soon"],
        "calls": calls,
        "dead": dead,
        "heaps": heaps,
        "newcomers": newcomers,
        "houses": houses,
        "programme": Programme.current(),
        "today": clock.local(now).date(),
        "now": now,
    }
    context["nothing"] = not (shown or wanted or calls.total or dead.total or newcomers or heaps)
    return office.render(request, "requests_app/office/queue.html", context)


@coordinators
@require_POST
def resend_mail(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a dead letter its tries again."""
    mail = get_object_or_404(OutgoingMail, pk=pk)
    to = undelivered.address_now(mail)
    if not to:
        messages.error(request, "Es gibt keine E-Mail-Adresse mehr. Bitte rufen Sie an.")
    elif outbox.resend(mail, access.person(request), clock.now(), to=to):
        messages.success(request, "Die E-Mail geht noch einmal auf den Weg.")
    else:
        messages.warning(request, "Diese E-Mail wartet nicht mehr auf Sie.")
    return redirect(back_or(request, "office:index"))


@coordinators
@require_POST
def phoned(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that the person was told by phone."""
    mail = get_object_or_404(OutgoingMail, pk=pk, state__in=[*MailState.values])
    if outbox.mark_phoned(mail, access.person(request), clock.now()):
        messages.success(request, "Notiert: telefonisch erledigt.")
    else:
        messages.warning(request, "Dieser Anruf war schon erledigt.")
    return redirect(back_or(request, "office:index"))


@coordinators
@require_POST
def called(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that the volunteer who asked for a call after an appointment was called."""
    get_object_or_404(Assignment.objects.visible_to(access.person(request)), pk=pk)
    attempt(
        request,
        lambda: workflow.note_call(pk, by=actor(request), now=clock.now()),
        done="Notiert: Der Anruf ist erledigt.",
    )
    return redirect(back_or(request, "office:index"))
