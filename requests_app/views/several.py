"""Filing more than one request with one form: a look at all of them, then all at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lotsen_portal.audit import Actor
from lotsen_portal.models import User
from requests_app import recurrence, workflow
from requests_app.forms import NewRequestForm
from requests_app.models import GroupKind, Institution
from requests_app.recurrence import Series

UNPROCESSABLE: Final = 422


def file_series(
    request: HttpRequest,
    form: NewRequestForm,
    series: Series,
    *,
    user: User,
    institution: Institution,
    now: datetime,
) -> HttpResponse:
    """Show every date of a valid form with a checkbox; what is ticked and sent from there is filed.

    Nothing is stored before: the form travels along in hidden fields.
    """
    possible = [occasion for occasion in form.occasions if not occasion.obstacle]
    if "reviewed" not in request.POST:
        return _look(request, form, series, ticked={str(occasion.day) for occasion in possible})
    ticked = set(request.POST.getlist("dates"))
    chosen = [occasion for occasion in possible if str(occasion.day) in ticked]
    if not chosen:
        return _look(
            request, form, series, ticked=set(), error=_("Bitte wählen Sie mindestens einen Termin.")
        )
    drafts = [replace(form.draft(), period=occasion.period) for occasion in chosen]
    requests = workflow.submit_several(
        drafts,
        kind=GroupKind.SERIES,
        rule=recurrence.rule(series, form.occasions),
        by=Actor.member(user),
        institution=institution,
        filed_by=user,
        now=now,
        key=_key(request),
    )
    filed = ngettext(
        "Ihre Anfrage ist da. Sie hat ein eigenes Aktenzeichen.",
        "Ihre %(count)d Anfragen sind da. Jeder Termin hat ein eigenes Aktenzeichen.",
        len(requests),
    )
    messages.success(request, filed % {"count": len(requests)})
    return redirect(requests[0])


def file_event(
    request: HttpRequest, form: NewRequestForm, *, user: User, institution: Institution, now: datetime
) -> HttpResponse:
    """File a request for each person whom a valid form asks for at one event."""
    requests = workflow.submit_several(
        form.of_event(form.draft()),
        kind=GroupKind.EVENT,
        by=Actor.member(user),
        institution=institution,
        filed_by=user,
        now=now,
    )
    filed = _("Ihre %(count)d Anfragen sind da. Für jede Person suchen wir einzeln.")
    messages.success(request, filed % {"count": len(requests)})
    return redirect(requests[0])


def _look(
    request: HttpRequest, form: NewRequestForm, series: Series, *, ticked: set[str], error: str = ""
) -> HttpResponse:
    rows = [(occasion, str(occasion.day) in ticked) for occasion in form.occasions]
    context = {
        "rows": rows,
        "count": sum(not occasion.obstacle for occasion, _ticked in rows),
        "rhythm": recurrence.Rhythm(series.rhythm).label,
        "begin": series.begin,
        "minutes": series.minutes,
        "hidden": [(name, value) for name in form.fields for value in request.POST.getlist(name)],
        "key": _key(request) or uuid4(),
        "error": error,
    }
    status = UNPROCESSABLE if error else None
    return render(request, "requests_app/institution/series_look.html", context, status=status)


def _key(request: HttpRequest) -> UUID | None:
    """The key that the page of all dates carries, so that sending twice files once."""
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return None
