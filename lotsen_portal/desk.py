"""What the office's views share: whom they are for, how a verb's refusal is said, numbers and ways back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from lotsen_portal import access
from lotsen_portal.access import Role, only
from lotsen_portal.audit import Actor
from lotsen_portal.verbs import NotPossible

coordinators = only(Role.COORDINATOR)

UNPROCESSABLE: Final = 422
LONGEST_NUMBER: Final = 12


def actor(request: HttpRequest) -> Actor:
    """The coordinator behind this request, as the log names them."""
    return Actor.office(access.person(request))


def attempt(request: HttpRequest, deed: Callable[[], object], *, done: str) -> bool:
    """Do something that a verb may refuse, and say how it ended; whether it was done."""
    try:
        deed()
    except NotPossible as problem:
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
