"""Mails about papers: a new undertaking to confirm, and papers that end."""

from __future__ import annotations

from datetime import datetime

from lotsen_portal import clock, dates, outbox
from lotsen_portal.letters import address
from lotsen_portal.models import OutgoingMail, Programme
from lotsen_portal.outbox import Message
from volunteers.models import UndertakingText, Volunteer, VolunteerState


def _person(mail: OutgoingMail) -> Volunteer | None:
    return Volunteer.objects.filter(pk=mail.ids["volunteer"]).exclude(state=VolunteerState.LEFT).first()


def ask_undertaking(mail: OutgoingMail, now: datetime) -> Message | None:
    """There is a new version of the undertaking: please read and confirm it, until when the old one counts.

    Dropped for whoever has confirmed it meanwhile, and when there is a newer one.
    """
    person, text = _person(mail), UndertakingText.newest()
    if person is None or text.version != mail.version:
        return None
    if person.undertakings.filter(text=text).exists():
        return None
    context = {
        "reader": person.name,
        "until": dates.long_day(text.old_until) if text.old_until else "",
        "address": address("lotse_papers", language=mail.language),
    }
    return Message(*outbox.render("ask_undertaking", context, mail.language))


def remind_papers(mail: OutgoingMail, now: datetime) -> Message | None:
    """Which papers end or have ended, and what to do; dropped where all were renewed meanwhile."""
    person, today = _person(mail), clock.local(now).date()
    if person is None:
        return None
    days = Programme.current().paper_reminder_days
    undertaking, conduct = person.ending_papers(today, days)
    if undertaking is None and conduct is None:
        return None
    context = {
        "reader": person.name,
        "undertaking": dates.long_day(undertaking) if undertaking else "",
        "conduct": dates.long_day(conduct) if conduct else "",
        "is_over": min(day for day in (undertaking, conduct) if day is not None) < today,
        "address": address("lotse_papers", language=mail.language),
    }
    return Message(*outbox.render("remind_papers", context, mail.language))
