"""Taking volunteers over from the lists that an office kept before; nobody is mailed.

Many people come at once, so rows are written together; each person is in the log like anybody else.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from lotsen_portal import audit, clock
from lotsen_portal.audit import Actor
from volunteers import cards
from volunteers.models import Speaks, Volunteer, VolunteerState

TOGETHER = 500


@dataclass(frozen=True)
class Record:
    """What a list says about somebody: columns by name, levels by language, topics; None says nothing."""

    fields: Mapping[str, Any] = field(default_factory=dict)
    levels: Mapping[int, int] | None = None
    topics: tuple[int, ...] | None = None


@transaction.atomic
def take_over(newcomers: Sequence[Record], *, by: Actor, now: datetime) -> list[int]:
    """Write people down who were not here yet, with the state the list names; returns their numbers."""
    people = Volunteer.objects.bulk_create(
        [_person(newcomer, now) for newcomer in newcomers], batch_size=TOGETHER
    )
    pairs = list(zip(people, newcomers, strict=True))
    _write_languages({person.pk: newcomer.levels or {} for person, newcomer in pairs})
    _write_topics({person.pk: newcomer.topics or () for person, newcomer in pairs})
    numbers = [person.pk for person in people]
    _told(numbers, "take_in", by=by, now=now)
    return numbers


@transaction.atomic
def amend(changes: Mapping[int, Record], *, by: Actor, now: datetime) -> dict[int, Record]:
    """Change records by number to what a list says, never the state; returns what they said before."""
    people = list(
        Volunteer.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk__in=changes)
        .order_by("pk")
        .prefetch_related("languages", "topics")
    )
    before = {person.pk: _as_it_is(person, changes[person.pk]) for person in people}
    columns: set[str] = set()
    for person in people:
        for name, value in changes[person.pk].fields.items():
            setattr(person, name, value)
            columns.add(name)
    if columns:
        names = {Volunteer._meta.get_field(name).name for name in columns}
        Volunteer.objects.bulk_update(people, sorted(names), batch_size=TOGETHER)
    levels = {number: change.levels for number, change in changes.items() if change.levels is not None}
    topics = {number: change.topics for number, change in changes.items() if change.topics is not None}
    Speaks.objects.filter(volunteer__in=levels).delete()
    _write_languages(levels)
    Volunteer.topics.through.objects.filter(volunteer__in=topics).delete()
    _write_topics(topics)
    _told(sorted(before), "change", by=by, now=now)
    return before


@transaction.atomic
def take_back(numbers: Collection[int], *, by: Actor, now: datetime) -> None:
    """Remove people who were taken over by mistake; the caller knows that nothing refers to them."""
    Volunteer.objects.filter(pk__in=numbers).delete()
    audit.record_all(by, "remove", kind="volunteer", numbers=sorted(numbers), at=now)
    cards.refresh_pools()


def _person(newcomer: Record, now: datetime) -> Volunteer:
    person = Volunteer(**newcomer.fields)
    if person.state == VolunteerState.LEFT:
        person.left_on = clock.local(now).date()
    return person


def _as_it_is(person: Volunteer, change: Record) -> Record:
    return Record(
        {name: getattr(person, name) for name in change.fields},
        None if change.levels is None else {row.language_id: row.level for row in person.languages.all()},
        None if change.topics is None else tuple(topic.pk for topic in person.topics.all()),
    )


def _write_languages(levels: Mapping[int, Mapping[int, int]]) -> None:
    Speaks.objects.bulk_create(
        [
            Speaks(volunteer_id=number, language_id=language, level=level)
            for number, known in levels.items()
            for language, level in known.items()
        ],
        batch_size=TOGETHER * 4,
    )


def _write_topics(topics: Mapping[int, Sequence[int]]) -> None:
    through = Volunteer.topics.through
    through.objects.bulk_create(
        [through(volunteer_id=number, topic_id=topic) for number, known in topics.items() for topic in known],
        batch_size=TOGETHER * 4,
    )


def _told(numbers: Collection[int], action: str, *, by: Actor, now: datetime) -> None:
    audit.record_all(by, action, kind="volunteer", numbers=numbers, at=now)
    cards.refresh(numbers)
    cards.refresh_pools()
