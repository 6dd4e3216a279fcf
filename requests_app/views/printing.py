"""The self-request on paper: one page to fill in by hand, in each language."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from requests_app import printout

UNAVAILABLE = 503


@login_not_required
@require_safe
def paper_form(request: HttpRequest) -> HttpResponse:
    """Give the page as PDF; where it cannot be made, say how to ask instead."""
    made = printout.pdf()
    if made is None:
        response = render(request, "requests_app/public/no_paper_form.html", status=UNAVAILABLE)
        response["Cache-Control"] = "no-store"
        return response
    headers = {
        "Content-Disposition": 'inline; filename="formular.pdf"',
        "Cache-Control": "public, max-age=3600",
    }
    return HttpResponse(made, content_type="application/pdf", headers=headers)
