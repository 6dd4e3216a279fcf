"""Pages that everybody may read: landing page, imprint, privacy, accessibility."""

from __future__ import annotations

from django.apps import apps
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from lotsen_portal import privacy
from lotsen_portal.models import Programme, TextKind


def _own_text(kind: TextKind) -> str:
    """Return what the office wrote itself for a page in the current language, or ""."""
    return Programme.current().text(kind, get_language() or "de")


@require_safe
@login_not_required
@vary_on_headers("Accept-Language")
def landing(request: HttpRequest) -> HttpResponse:
    """Show what the Integrationslotsen do, for whom, and how to reach them."""
    # Named as a string: the foundation knows no app.
    languages = apps.get_model("volunteers", "Language").objects.filter(active=True)
    return render(
        request,
        "lotsen_portal/landing.html",
        {"welcome": _own_text(TextKind.WELCOME), "languages": languages},
    )


@require_safe
@login_not_required
@vary_on_headers("Accept-Language")
def imprint(request: HttpRequest) -> HttpResponse:
    """Show who answers for the portal."""
    return render(request, "lotsen_portal/imprint.html", {"own_text": _own_text(TextKind.IMPRINT)})


@require_safe
@login_not_required
@vary_on_headers("Accept-Language")
def privacy_notice(request: HttpRequest) -> HttpResponse:
    """Show what the portal keeps about people and why; the periods are those of the rules in force."""
    return render(
        request,
        "lotsen_portal/privacy.html",
        {"own_text": _own_text(TextKind.PRIVACY), "rules": privacy.rules()},
    )


@require_safe
@login_not_required
@vary_on_headers("Accept-Language")
def accessibility(request: HttpRequest) -> HttpResponse:
    """Show how accessible the portal is and where to report a barrier."""
    return render(
        request, "lotsen_portal/accessibility.html", {"own_text": _own_text(TextKind.ACCESSIBILITY)}
    )
