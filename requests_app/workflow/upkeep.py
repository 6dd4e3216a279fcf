"""Who looks after a request, and what the office notes about it."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from lotsen_portal import audit
from lotsen_portal.audit import Actor
from lotsen_portal.models import User
from requests_app import figures
from requests_app.models import InternalNote
from requests_app.workflow.errors import NotPossible
from requests_app.workflow.ground import ASSISTANCE, lock, verb


@verb
def take_charge(assistance: int, *, responsible: User | None, by: Actor, now: datetime) -> None:
    """Name the coordinator who looks after a request; None puts it back on everybody's desk."""
    record = lock(assistance)
    record.responsible = responsible
    record.save(update_fields=["responsible"])
    audit.record(
        by, "take_charge", kind=ASSISTANCE, number=record.pk, before=record.state, after=record.state, at=now
    )


@verb
def note(assistance: int, *, text: str, author: User, by: Actor, now: datetime) -> InternalNote:
    """Keep a dated, signed note that only the office reads. Raises NotPossible when it is empty."""
    record = lock(assistance)
    if not text.strip():
        raise NotPossible(_("Bitte schreiben Sie etwas in die Notiz."))
    return InternalNote.objects.create(assistance=record, author=author, written_at=now, text=text.strip())


@verb
def fund(assistance: int, *, source: str, by: Actor, now: datetime) -> None:
    """Name the budget an appointment is paid from; the figure of an ended request follows."""
    record = lock(assistance)
    record.funding_source = source.strip()
    record.save(update_fields=["funding_source"])
    if record.is_final:
        figures.write(record)
    state = record.state
    audit.record(by, "fund", kind=ASSISTANCE, number=record.pk, before=state, after=state, at=now)
