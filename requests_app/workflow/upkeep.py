"""Who looks after a request, and what the office notes about it."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from lotsen_portal import audit
from lotsen_portal.audit import Actor
from lotsen_portal.models import User
from lotsen_portal.verbs import verb
from requests_app import figures, mails
from requests_app.models import AssistanceRequest, InternalNote, Member
from requests_app.workflow.errors import NotPossible
from requests_app.workflow.ground import ASSISTANCE, lock


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
def take_over(assistance: int, *, user: User, by: Actor, now: datetime) -> AssistanceRequest:
    """Let a colleague look after a request of the same institution: the mails go there from now on.

    Who had it so far hears of it, and the calendar entry changes hands. Raises NotPossible.
    """
    record = lock(assistance)
    if record.is_final:
        raise NotPossible(_("Diese Anfrage ist schon beendet."))
    if not Member.objects.current().filter(user=user, institution=record.institution_id).exists():
        raise NotPossible(_("Das geht nur für Anfragen der eigenen Einrichtung."))
    former = record.filed_by
    if former == user:
        return record
    record.filed_by = user
    record.save(update_fields=["filed_by"])
    state = record.state
    audit.record(by, "take_over", kind=ASSISTANCE, number=record.pk, before=state, after=state, at=now)
    mails.send_taken_over(record, former, now=now)
    return record


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
