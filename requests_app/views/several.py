"""Filing more than one request with one form: a look at all of them, then all at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar, Final
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lotsen_portal.audit import Actor
from lotsen_portal.models import User
from requests_app import recurrence, workflow
from requests_app.forms import NewRequestForm
from requests_app.models import AssistanceRequest, GroupKind, Institution
from requests_app.recurrence import Series
from requests_app.workflow import Draft

UNPROCESSABLE: Final = 422


@dataclass(frozen=True)
class Desk:
    """Who files, and for which institution; how the pages look where a member does."""

    request: HttpRequest
    by: Actor
    institution: Institution | None
    filed_by: User | None

    look: ClassVar[str] = "requests_app/institution/series_look.html"

    def render(self, context: dict[str, Any], *, status: int) -> HttpResponse:
        """The page of all dates."""
        return render(self.request, self.look, context, status=status)

    def done(self, requests: list[AssistanceRequest], kind: GroupKind) -> HttpResponse:
        """Say how many were filed, and lead to the first of them."""
        if kind == GroupKind.SERIES:
            filed = ngettext(
                "Ihre Anfrage ist da. Sie hat ein eigenes Aktenzeichen.",
                "Ihre %(count)d Anfragen sind da. Jeder Termin hat ein eigenes Aktenzeichen.",
                len(requests),
            )
        else:
            filed = _("Ihre %(count)d Anfragen sind da. Für jede Person suchen wir einzeln.")
        messages.success(self.request, filed % {"count": len(requests)})
        return redirect(requests[0])


def file_more(desk: Desk, form: NewRequestForm, *, now: datetime) -> HttpResponse | None:
    """File what a valid form says where that is a series or an event; None where it is one request."""
    if form.series and "back" not in desk.request.POST:
        return _file_series(desk, form, form.series, now=now)
    if form.is_event():
        return _file(desk, form, form.of_event(form.draft()), kind=GroupKind.EVENT, now=now)
    return None


def _file_series(desk: Desk, form: NewRequestForm, series: Series, *, now: datetime) -> HttpResponse:
    """Show every date of a valid form with a checkbox; what is ticked and sent from there is filed.

    Nothing is stored before: the form travels along in hidden fields.
    """
    posted = desk.request.POST
    possible = [occasion for occasion in form.occasions if not occasion.obstacle]
    if "reviewed" not in posted:
        return _look(desk, form, series, ticked={str(occasion.day) for occasion in possible})
    ticked = set(posted.getlist("dates"))
    chosen = [occasion for occasion in possible if str(occasion.day) in ticked]
    if not chosen:
        return _look(desk, form, series, ticked=set(), error=_("Bitte wählen Sie mindestens einen Termin."))
    drafts = [replace(form.draft(), period=occasion.period) for occasion in chosen]
    rule = recurrence.rule(series, form.occasions)
    return _file(desk, form, drafts, kind=GroupKind.SERIES, rule=rule, now=now)


def _file(
    desk: Desk,
    form: NewRequestForm,
    drafts: list[Draft],
    *,
    kind: GroupKind,
    rule: str = "",
    now: datetime,
) -> HttpResponse:
    requests = workflow.submit_several(
        drafts,
        kind=kind,
        rule=rule,
        by=desk.by,
        institution=desk.institution,
        filed_by=desk.filed_by,
        now=now,
        key=form.filing_key,
    )
    return desk.done(requests, kind)


def _look(
    desk: Desk, form: NewRequestForm, series: Series, *, ticked: set[str], error: str = ""
) -> HttpResponse:
    rows = [(occasion, str(occasion.day) in ticked) for occasion in form.occasions]
    posted = desk.request.POST
    # A page of the browser's own making had none.
    key = posted["key"] if form.filing_key else str(uuid4())
    typed = [(name, value) for name in form.fields if name != "key" for value in posted.getlist(name)]
    context = {
        "rows": rows,
        "count": sum(not occasion.obstacle for occasion, _ticked in rows),
        "rhythm": recurrence.Rhythm(series.rhythm).label,
        "begin": series.begin,
        "minutes": series.minutes,
        "hidden": [*typed, ("key", key)],
        "error": error,
    }
    return desk.render(context, status=UNPROCESSABLE if error else 200)
