"""Where the catalogues and the portal's machinery are found: the stock pages, by their place."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from lotsen_portal import office


@require_safe
def catalogues(request: HttpRequest) -> HttpResponse:
    """List the stock pages that this person may open."""
    return office.render(request, "requests_app/office/catalogues.html")
