"""What every template knows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from lotsen_portal import access
from lotsen_portal.models import Programme


def portal(request: HttpRequest) -> dict[str, Any]:
    """Return `programme`, `acting_role` and `roles` (in order of preference), each asked for only if used."""
    return {
        "programme": SimpleLazyObject(Programme.current),
        "acting_role": SimpleLazyObject(lambda: access.acting_role(request)),
        "roles": SimpleLazyObject(lambda: access.ordered_roles(request)),
    }
