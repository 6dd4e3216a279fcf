"""Pages whose address is a secret: kept out of caches, and kind where a link opens nothing."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, Final, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lotsen_portal import access, links

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, P], HttpResponse]

NOT_FOUND, GONE, TOO_MANY = 404, 410, 429
GUESSES_AN_HOUR: Final = 30
AN_HOUR: Final = 3600

CLOSED: Final = {
    links.LinkUnknown: ("unknown", NOT_FOUND),
    links.LinkExpired: ("expired", GONE),
    links.LinkRevoked: ("revoked", GONE),
}


def behind_a_token(view: Page[P]) -> Page[P]:
    """Keep a page whose address is a secret out of caches, search engines and other sites' logs.

    The policy is not no-referrer, since browsers then post forms with "Origin: null", which the protection
    against forged posts refuses.
    """

    @wraps(view)
    def secluded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store, private"
        response["Referrer-Policy"] = "strict-origin"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return secluded


def closed(request: HttpRequest, problem: links.LinkError, template: str) -> HttpResponse:
    """Say kindly why a link opens nothing (`why` in the template); whoever tries many gets a pause."""
    why, status = CLOSED[type(problem)]
    if why == "unknown" and not access.throttle(request, "answer", GUESSES_AN_HOUR, AN_HOUR):
        return render(request, "429.html", status=TOO_MANY)
    return render(request, template, {"why": why}, status=status)
