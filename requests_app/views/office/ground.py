"""How the office's views find a request."""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from lotsen_portal import access
from requests_app.models import AssistanceRequest


def found(request: HttpRequest, reference: str) -> AssistanceRequest:
    """The request with this reference, with what a page about it names; 404 for whoever may not see it."""
    rows = AssistanceRequest.objects.visible_to(access.person(request))
    joined = rows.select_related("topic", "district", "institution", "filed_by", "responsible")
    return get_object_or_404(joined, reference=reference)
