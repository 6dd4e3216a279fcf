"""Volunteers who want to be called after an appointment: their supervision begins with that call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from requests_app.models import Report


@dataclass(frozen=True)
class Debrief:
    """Whom to call, under which number, about which appointment; `number` is the appointment's."""

    number: int
    name: str
    phone: str
    email: str
    reference: str
    starts: datetime
    reported_at: datetime
    outcome: str


def wanted() -> list[Debrief]:
    """Every volunteer who waits for a call, the longest waiting first; one statement."""
    rows = Report.objects.filter(wants_call=True).order_by("reported_at", "pk")
    return [
        Debrief(
            number=row.assignment_id,
            name=row.assignment.volunteer.name,
            phone=row.assignment.volunteer.phone,
            email=row.assignment.volunteer.email,
            reference=row.assignment.assistance.reference,
            starts=row.assignment.starts,
            reported_at=row.reported_at,
            outcome=row.get_outcome_display(),
        )
        for row in rows.select_related("assignment__volunteer", "assignment__assistance")
    ]
