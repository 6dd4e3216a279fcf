"""Whom to invite to a session: those it is for and who need it come first, each with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Exists, OuterRef, Q

from volunteers.models import Audience, Participation, Session, TopicTraining, Volunteer, VolunteerState
from volunteers.models.people import VolunteerQuerySet
from volunteers.training_states import PlaceState

MOST: Final = 200


@dataclass(frozen=True)
class Proposal:
    """One volunteer to invite, why, and whether the tick is set beforehand."""

    volunteer: Volunteer
    reason: str
    needs_it: bool


def proposals(session: Session, *, today: date) -> list[Proposal]:
    """Up to 200 people who are not invited yet, those who need the session first, then by name."""
    invited = Participation.objects.filter(session=session, volunteer=OuterRef("pk"))
    people = _meant(session).exclude(Exists(invited)).order_by("name", "pk")
    course = session.course
    there = Participation.objects.filter(volunteer=OuterRef("pk"), state=PlaceState.ATTENDED.value)
    been = there.filter(session__course=course) if course else there.filter(session__kind=session.kind)
    if session.is_supervision or session.kind == "exchange":
        been = been.filter(session__first_at__year=session.first_at.year)
    if session.module_id:
        been = been.filter(Q(session__module=session.module_id) | Q(session__module=None))
    fit = TopicTraining.objects.filter(volunteer=OuterRef("pk"), topic=course.topic_id if course else None)
    fit = fit.filter(Q(valid_until=None) | Q(valid_until__gte=today))
    rows = people.annotate(has_been=Exists(been), is_fit=Exists(fit))[: MOST * 2]
    found = [_proposal(session, row) for row in rows]
    return sorted(found, key=lambda one: not one.needs_it)[:MOST]


def _meant(session: Session) -> VolunteerQuerySet:
    """Everybody whom the session is for."""
    newcomers = [VolunteerState.APPLICANT, VolunteerState.IN_TRAINING]
    people = Volunteer.objects.filter(state__in=[*newcomers, VolunteerState.ACTIVE])
    if session.audience == Audience.LANGUAGES:
        return people.filter(languages__language__in=session.languages.all()).distinct()
    if session.audience == Audience.TOPICS:
        return people.filter(topics__in=session.topics.all()).distinct()
    if session.audience == Audience.NEWCOMERS:
        return people.filter(state__in=newcomers)
    return people


def _proposal(session: Session, person: Volunteer) -> Proposal:
    has_been, is_fit = bool(getattr(person, "has_been", False)), bool(getattr(person, "is_fit", False))
    is_new = person.state != VolunteerState.ACTIVE
    if session.course and session.course.topic_id and not is_fit:
        return Proposal(person, "Für das Thema noch nicht geschult.", needs_it=True)
    if session.is_supervision:
        reason = "War dieses Jahr schon dabei." if has_been else "Noch keine Supervision in diesem Jahr."
        return Proposal(person, reason, needs_it=not has_been and not is_new)
    if has_been or (session.course and session.course.topic_id and is_fit):
        return Proposal(person, "Hat schon teilgenommen.", needs_it=False)
    if session.kind == "basic":
        reason = "Neu dabei, Grundschulung fehlt." if is_new else "Hat hier noch keine Grundschulung."
        return Proposal(person, reason, needs_it=is_new)
    return Proposal(person, "War noch nicht dabei.", needs_it=False)
