"""What the office does with a request after a second look: one table, one view, one page to confirm."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from lotsen_portal import clock, office
from lotsen_portal.audit import Actor
from lotsen_portal.desk import UNPROCESSABLE, actor, attempt, back_or, coordinators
from requests_app import workflow
from requests_app.forms import OfficeChangeForm
from requests_app.models import AssistanceRequest
from requests_app.office_forms import FinishForm, FreeReasonForm, NoForm, ReasonForm, RejectForm
from requests_app.views.office.ground import found
from requests_app.workflow.ground import may

LONGEST_CODE: Final = 10

reads_and_posts = require_http_methods(["GET", "HEAD", "POST"])
Data = dict[str, Any]
Act = Callable[[int, Data, Actor, datetime], object]


@dataclass(frozen=True, kw_only=True)
class Deed:
    """A verb with its words: the button's label, what will happen, what to say when it is done."""

    slug: str
    moves: tuple[str, ...]
    button: str
    title: str
    text: str
    done: str
    act: Act
    form: type[forms.Form] = ReasonForm
    danger: bool = False
    correction: bool = False
    main: bool = False


def _cancel(number: int, data: Data, by: Actor, now: datetime) -> None:
    workflow.cancel(number, reason=data["reason"], by=by, now=now)


def _finish(number: int, data: Data, by: Actor, now: datetime) -> None:
    workflow.finish(number, outcome=data["outcome"], minutes=data["minutes"], by=by, now=now)


def _give_up(number: int, data: Data, by: Actor, now: datetime) -> None:
    workflow.give_up(number, reason=data["reason"], by=by, now=now)


def _reject(number: int, data: Data, by: Actor, now: datetime) -> None:
    workflow.reject(number, rule=data["rule"], reason=data["reason"], by=by, now=now)


def _step_down(number: int, data: Data, by: Actor, now: datetime) -> None:
    workflow.step_down(number, by=by, now=now)


def _undo_finish(number: int, data: Data, by: Actor, now: datetime) -> None:
    workflow.undo_finish(number, reason=data["reason"], by=by, now=now)


def _reopen(number: int, data: Data, by: Actor, now: datetime) -> None:
    workflow.reopen(number, reason=data["reason"], by=by, now=now)


_ALL: Final = (
    Deed(
        slug="erledigt",
        moves=("finish",),
        button="Erledigt",
        title="Anfrage abschließen",
        text="Damit endet die Anfrage. Der Ausgang und die Dauer zählen in der Statistik.",
        done="Die Anfrage ist erledigt.",
        act=_finish,
        form=FinishForm,
        main=True,
    ),
    Deed(
        slug="faellt-aus",
        moves=("step_down",),
        button="Lotse fällt aus",
        title="Die Lotsin oder der Lotse fällt aus",
        text="Die Zusage endet, und die Suche beginnt neu. Beide Seiten bekommen eine Nachricht.",
        done="Die Anfrage ist wieder offen. Bitte fragen Sie die nächste Person an.",
        act=_step_down,
        form=NoForm,
    ),
    Deed(
        slug="niemand",
        moves=("give_up",),
        button="Niemand gefunden",
        title="Niemand gefunden",
        text="Die Einrichtung bekommt eine Nachricht. Wer noch gefragt ist, bekommt ebenfalls Bescheid.",
        done="Die Einrichtung erfährt, dass niemand kommen kann.",
        act=_give_up,
        form=FreeReasonForm,
    ),
    Deed(
        slug="ablehnen",
        moves=("reject",),
        button="Ablehnen",
        title="Anfrage ablehnen",
        text="Die Einrichtung bekommt eine Nachricht und liest den Grund auf ihrer Seite.",
        done="Die Anfrage ist abgelehnt.",
        act=_reject,
        form=RejectForm,
        danger=True,
    ),
    Deed(
        slug="absagen",
        moves=("cancel",),
        button="Absagen",
        title="Anfrage absagen",
        text="Alle Gefragten und die Einrichtung bekommen eine Nachricht. Der Grund bleibt verschlüsselt.",
        done="Die Anfrage ist abgesagt. Alle Beteiligten bekommen eine Nachricht.",
        act=_cancel,
        danger=True,
    ),
    Deed(
        slug="doch-nicht-erledigt",
        moves=("undo_finish",),
        button="„Erledigt“ zurücknehmen",
        title="„Erledigt“ zurücknehmen",
        text="Der Termin gilt dann wieder als vereinbart.",
        done="Der Termin gilt wieder als vereinbart.",
        act=_undo_finish,
        correction=True,
    ),
    Deed(
        slug="wieder-oeffnen",
        moves=("reopen_unfilled", "reopen_rejected", "reopen_cancelled"),
        button="Wieder öffnen",
        title="Anfrage wieder öffnen",
        text="Die Suche beginnt neu. Die Einrichtung bekommt eine Nachricht.",
        done="Die Anfrage ist wieder offen.",
        act=_reopen,
        correction=True,
    ),
)
DEEDS: Final = {deed.slug: deed for deed in _ALL}


def legal(deed: Deed, assistance: AssistanceRequest, by: Actor) -> bool:
    """Whether the table of moves allows the deed in the request's present state."""
    return any(may(assistance, move, by) for move in deed.moves)


@coordinators
@reads_and_posts
def do(request: HttpRequest, reference: str, slug: str) -> HttpResponse:
    """Ask once more, with what has to be said, then act; a deed that is not legal now says so."""
    deed, assistance, now = DEEDS.get(slug), found(request, reference), clock.now()
    if deed is None:
        raise Http404
    if not legal(deed, assistance, actor(request)):
        messages.error(request, f"„{deed.button}“ ist bei dieser Anfrage gerade nicht möglich.")
        return redirect("office:request", reference)
    form = _form(deed, request, assistance, now)
    if form.is_valid():
        attempt(
            request, lambda: deed.act(assistance.pk, form.cleaned_data, actor(request), now), done=deed.done
        )
        return redirect(back_or(request, reverse("office:request", args=[reference])))
    status = UNPROCESSABLE if form.is_bound else 200
    context = {"deed": deed, "assistance": assistance, "form": form}
    return office.render(request, "requests_app/office/deed.html", context, status=status)


def _form(deed: Deed, request: HttpRequest, assistance: AssistanceRequest, now: datetime) -> forms.Form:
    posted = request.POST if request.method == "POST" else None
    if deed.form is FinishForm:
        return FinishForm(posted, assistance=assistance, now=now)
    return deed.form(posted)


@coordinators
@reads_and_posts
def change(request: HttpRequest, reference: str) -> HttpResponse:
    """Change time, place or languages; whoever was asked or had agreed is asked again."""
    assistance, now = found(request, reference), clock.now()
    if assistance.is_final:
        messages.error(request, "Diese Anfrage ist beendet. Öffnen Sie sie zuerst wieder.")
        return redirect("office:request", reference)
    form = OfficeChangeForm(
        request.POST if request.method == "POST" else None,
        assistance=assistance,
        now=now,
        also=request.GET.get("dazu", "")[:LONGEST_CODE],
        mode=request.GET.get("wie", "")[:LONGEST_CODE],
    )
    if form.is_valid():
        attempt(
            request,
            lambda: workflow.change(
                assistance.pk, form.change(), version=form.version_shown, by=actor(request), now=now
            ),
            done="Die Änderung ist gespeichert. Alle Beteiligten bekommen eine Nachricht.",
        )
        return redirect("office:request", reference)
    status = UNPROCESSABLE if form.is_bound else 200
    context = {"assistance": assistance, "form": form}
    return office.render(request, "requests_app/office/change.html", context, status=status)
