"""What a person still lacks before the first appointment, in words for the person and for the office."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.utils.translation import gettext as _

from lotsen_portal import clock
from volunteers.models import Topic, TopicTraining, Volunteer, VolunteerState


def has_undertaken(person: Volunteer, *, now: datetime) -> bool:
    """Whether the person's promise of secrecy holds today."""
    return _holds(person.undertaking_on, person.undertaking_until, clock.local(now).date())


def papers(person: Volunteer | None, topics: Iterable[Topic], *, now: datetime) -> list[str]:
    """The papers that are missing today; without a record of a volunteer yet all that will be needed."""
    today = clock.local(now).date()
    missing = []
    if person is None or not has_undertaken(person, now=now):
        missing.append(_("Verschwiegenheitserklärung"))
    wanted = any(topic.needs_conduct_certificate for topic in topics)
    if wanted and not (person and _holds(person.conduct_seen_on, person.conduct_until, today)):
        missing.append(_("Führungszeugnis"))
    return missing


def trainings(person: Volunteer | None, topics: Iterable[Topic], *, now: datetime) -> list[str]:
    """The topics whose training is missing today, in words."""
    today = clock.local(now).date()
    rows = TopicTraining.objects.filter(volunteer=person) if person else TopicTraining.objects.none()
    done = {row.topic_id for row in rows if row.valid_until is None or row.valid_until >= today}
    return [
        _("Schulung zum Thema %(topic)s") % {"topic": topic.label}
        for topic in topics
        if topic.needs_training and topic.pk not in done
    ]


def _holds(first: date | None, last: date | None, today: date) -> bool:
    return first is not None and first <= today and (last is None or last >= today)


def hindrances(person: Volunteer, *, speaks: bool, away: bool, now: datetime) -> list[str]:
    """Why nobody would propose this person for any appointment today, as sentences; [] while nothing is."""
    found = []
    if person.state != VolunteerState.ACTIVE:
        found.append(_("Ist zurzeit nicht aktiv."))
    if not has_undertaken(person, now=now):
        found.append(_("Hat keine gültige Verschwiegenheitserklärung."))
    if not speaks:
        found.append(_("Es ist keine Sprache eingetragen."))
    if away:
        found.append(_("Ist heute abwesend gemeldet."))
    return found


def limits(
    person: Volunteer, topics: Iterable[Topic], trained: Iterable[TopicTraining], *, now: datetime
) -> list[str]:
    """For which of the own topics nobody would propose this person today, and why."""
    today, found = clock.local(now).date(), []
    held = _holds(person.conduct_seen_on, person.conduct_until, today)
    done = {row.topic_id for row in trained if _holds(row.completed_on, row.valid_until, today)}
    for topic in topics:
        if topic.needs_conduct_certificate and not held:
            found.append(_("%(topic)s: Es fehlt ein gültiges Führungszeugnis.") % {"topic": topic.label})
        if topic.needs_training and topic.pk not in done:
            found.append(_("%(topic)s: Es fehlt eine gültige Schulung.") % {"topic": topic.label})
    return found
