"""Who would rather, or rather not, work with whom; the other side never learns of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from lotsen_portal import audit
from lotsen_portal.audit import Actor
from requests_app.models import Wish, WishKind
from requests_app.states import Who

WISH = "wish"


def wish_of(volunteer: int, institution: int | None) -> str:
    """What a volunteer wishes of an institution (both by number): prefer, exclude, or "" for nothing."""
    own = Wish.objects.filter(volunteer=volunteer, institution=institution, side=Who.VOLUNTEER.value)
    return own.values_list("kind", flat=True).first() or ""


def set_wish(volunteer: int, institution: int, *, kind: str, by: Actor, now: datetime) -> None:
    """Note what a volunteer wishes of an institution, or take it back with "".

    Excluding is a hard rule for every later question; what was agreed already stays agreed.
    """
    own: dict[str, Any] = {
        "volunteer_id": volunteer,
        "institution_id": institution,
        "side": Who.VOLUNTEER.value,
    }
    if kind in WishKind.values:
        wish, _made = Wish.objects.update_or_create(**own, defaults={"kind": kind})
        audit.record(by, kind, kind=WISH, number=wish.pk, after=kind, at=now)
        return
    for wish in Wish.objects.filter(**own):
        audit.record(by, "take_back", kind=WISH, number=wish.pk, before=wish.kind, at=now)
        wish.delete()
