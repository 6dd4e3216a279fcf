"""What the office's views share: whom they are for, how they find a request, how a verb's refusal is said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.http import url_has_allowed_host_and_scheme

from lotsen_portal import access
from lotsen_portal.access import Role, only
from lotsen_portal.audit import Actor
from requests_app import workflow
from requests_app.models import AssistanceRequest

coordinators = only(Role.COORDINATOR)

UNPROCESSABLE: Final = 422
LONGEST_NUMBER: Final = 12


def actor(request: HttpRequest) -> Actor:
    """The coordinator behind this request, as the log names them."""
    return Actor.office(access.person(request))


def found(request: HttpRequest, reference: str) -> AssistanceRequest:
    """The request with this reference, with what a page about it names; 404 for whoever may not see it."""
    rows = AssistanceRequest.objects.visible_to(access.person(request))
    joined = rows.select_related("topic", "district", "institution", "filed_by", "responsible")
    return get_object_or_404(joined, reference=reference)


def attempt(request: HttpRequest, deed: Callable[[], object], *, done: str) -> bool:
    """Do something that the workflow may refuse, and say how it ended; whether it was done."""
    try:
        deed()
    except workflow.NotPossible as problem:
        messages.error(request, str(problem))
        return False
    messages.success(request, done)
    return True


def number_in(text: Any) -> int | None:
    """A record's number out of what a browser sent, or None."""
    sound = isinstance(text, str) and text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER
    return int(text) if sound else None


def number_or_404(text: str) -> int:
    """A record's number out of an address."""
    number = number_in(text)
    if number is None:
        raise Http404
    return number


def back_or(request: HttpRequest, otherwise: str) -> str:
    """The page of ours that a form says it was sent from, else another one."""
    wanted = request.POST.get("next", "")
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else otherwise
