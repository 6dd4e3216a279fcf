"""What the office decides about an institution, what its requests begin with, whom it would rather meet.

The only writer of an institution's state.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from lotsen_portal import audit
from lotsen_portal.audit import Actor
from lotsen_portal.verbs import verb
from requests_app.models import Assignment, Institution, InstitutionState, Wish, WishKind
from requests_app.states import Who
from requests_app.team import lock_house
from requests_app.workflow.errors import NotPossible

INSTITUTION: Final = "institution"
TOGETHER: Final = 500
MOVES: Final = {
    "admit": ({InstitutionState.APPLIED, InstitutionState.DECLINED}, InstitutionState.APPROVED),
    "block": ({InstitutionState.APPROVED}, InstitutionState.BLOCKED),
    "unblock": ({InstitutionState.BLOCKED}, InstitutionState.APPROVED),
}
DEFAULTS: Final = ("usual_place", "contact_name", "contact_phone", "usual_minutes")


@verb
def admit(institution: int, *, by: Actor, now: datetime) -> None:
    """Let an institution file requests whose record the office had before it was sure."""
    _move(lock_house(institution), "admit", by=by, now=now)


@verb
def block(institution: int, *, reason: str, by: Actor, now: datetime) -> None:
    """Shut an institution out: its people get in no more, its requests stay with the office.

    Raises NotPossible without a reason, which only the office reads.
    """
    house = lock_house(institution)
    if not reason.strip():
        raise NotPossible(_("Bitte nennen Sie den Grund."))
    house.blocked_because = reason.strip()
    _move(house, "block", by=by, now=now)


@verb
def unblock(institution: int, *, by: Actor, now: datetime) -> None:
    """Let a blocked institution in again."""
    house = lock_house(institution)
    house.blocked_because = ""
    _move(house, "unblock", by=by, now=now)


@verb
def set_defaults(institution: int, values: Mapping[str, str | int], *, by: Actor, now: datetime) -> None:
    """Lay down what stands in each new request already: place, contact and length (DEFAULTS by name)."""
    house = lock_house(institution)
    changed = [name for name in DEFAULTS if name in values and getattr(house, name) != values[name]]
    if not changed:
        return
    for name in changed:
        setattr(house, name, values[name])
    house.save(update_fields=changed)
    audit.record(by, "change", kind=INSTITUTION, number=house.pk, after="+".join(changed)[:60], at=now)


@verb
def wish(assignment: Assignment, kind: str, *, by: Actor, now: datetime) -> None:
    """Note that an institution would rather, or rather not, meet a volunteer again; "" forgets it.

    The volunteer never learns of it, so the log names the institution only.
    """
    house = assignment.assistance.institution
    if house is None or kind not in {"", *WishKind.values}:
        raise NotPossible(_("Diesen Wunsch gibt es nicht."))
    lock_house(house.pk)
    about: dict[str, Any] = {
        "volunteer": assignment.volunteer,
        "institution": house,
        "side": Who.MEMBER.value,
    }
    if kind:
        Wish.objects.update_or_create(**about, defaults={"kind": kind})
    else:
        Wish.objects.filter(**about).delete()
    audit.record(by, "wish", kind=INSTITUTION, number=house.pk, at=now)


def wish_about(assignment: Assignment) -> str:
    """What the institution of an appointment wishes of its volunteer; "" for nothing."""
    rows = Wish.objects.filter(
        volunteer=assignment.volunteer_id,
        institution=assignment.assistance.institution_id,
        side=Who.MEMBER.value,
    )
    return rows.values_list("kind", flat=True).first() or ""


@verb
def take_over(records: Sequence[Mapping[str, Any]], *, by: Actor, now: datetime) -> list[int]:
    """Write down institutions from a list of the office, which may file requests at once; nobody is mailed.

    Returns their numbers.
    """
    made = Institution.objects.bulk_create(
        [Institution(**{**record, "state": InstitutionState.APPROVED}) for record in records],
        batch_size=TOGETHER,
    )
    numbers = [house.pk for house in made]
    audit.record_all(by, "add", kind=INSTITUTION, numbers=numbers, at=now)
    return numbers


@verb
def amend(changes: Mapping[int, Mapping[str, Any]], *, by: Actor, now: datetime) -> dict[int, dict[str, Any]]:
    """Change columns of institutions by number, never the state; returns what they said before."""
    rows = Institution.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=changes)
    before: dict[int, dict[str, Any]] = {}
    columns: set[str] = set()
    found = list(rows.order_by("pk"))
    for house in found:
        before[house.pk] = {name: getattr(house, name) for name in changes[house.pk]}
        for name, value in changes[house.pk].items():
            setattr(house, name, value)
            columns.add(name.removesuffix("_id"))
    if columns:
        Institution.objects.bulk_update(found, sorted(columns), batch_size=TOGETHER)
    audit.record_all(by, "change", kind=INSTITUTION, numbers=sorted(before), at=now)
    return before


@verb
def take_back(institutions: Sequence[int], *, by: Actor, now: datetime) -> None:
    """Remove institutions taken over by mistake; the caller knows that nothing refers to them."""
    Institution.objects.filter(pk__in=institutions).delete()
    audit.record_all(by, "remove", kind=INSTITUTION, numbers=sorted(institutions), at=now)


def _move(house: Institution, deed: str, *, by: Actor, now: datetime) -> None:
    before = InstitutionState(house.state)
    froms, state = MOVES[deed]
    if before not in froms:
        raise NotPossible(_("Das geht bei dieser Einrichtung gerade nicht. Bitte laden Sie die Seite neu."))
    house.state = state
    house.save(update_fields=["state", "blocked_because"])
    audit.record(by, deed, kind=INSTITUTION, number=house.pk, before=before.value, after=state.value, at=now)
