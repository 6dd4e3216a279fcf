from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from lotsen_portal import audit
from lotsen_portal.audit import CLOCK, Actor
from lotsen_portal.models import AccessLog, ActorKind, LogEntry

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


def note(**values):
    return audit.record(CLOCK, "expire", **{"kind": "offer", "number": 7, "at": NOW, **values})


def test_an_actor_is_a_kind_and_a_number(coordinator):
    assert Actor.office(coordinator) == Actor(ActorKind.OFFICE, coordinator.pk)
    assert Actor.member(coordinator) == Actor(ActorKind.MEMBER, coordinator.pk)
    assert Actor.volunteer(5) == Actor(ActorKind.VOLUNTEER, 5)
    assert Actor.client(9) == Actor(ActorKind.CLIENT, 9)
    assert Actor(ActorKind.CLOCK, None) == audit.CLOCK


def test_a_deed_is_written_down(coordinator):
    actor = Actor.office(coordinator)
    audit.record(actor, "cancel", kind="assistance", number=42, before="open", after="cancelled", at=NOW)
    assert LogEntry.objects.values(
        "at", "action", "kind", "number", "actor_kind", "actor_number", "before", "after"
    ).get() == {
        "at": NOW,
        "action": "cancel",
        "kind": "assistance",
        "number": 42,
        "actor_kind": "office",
        "actor_number": coordinator.pk,
        "before": "open",
        "after": "cancelled",
    }


def test_reading_is_written_down():
    audit.opened(Actor.volunteer(5), kind="assistance", number=42, what="client", at=NOW)
    assert AccessLog.objects.values_list("actor_kind", "actor_number", "kind", "number", "what").get() == (
        "volunteer",
        5,
        "assistance",
        42,
        "client",
    )


@pytest.mark.parametrize("sentence", ["Amina Haddad", "Müller", "wegen Krankheit", "a,b"])
def test_the_log_takes_no_sentences_and_no_full_names(sentence):
    with pytest.raises(IntegrityError), transaction.atomic():
        note(after=sentence)


@pytest.mark.parametrize("word", ["open", "2026-11-23T09:00:00+00:00", "v2", "", "last+name", "took_place"])
def test_the_log_takes_states_numbers_and_times(word):
    assert note(before=word).before == word


@pytest.mark.parametrize(
    "deed",
    [
        lambda rows: rows.update(kind="other"),
        lambda rows: rows.delete(),
        lambda rows: rows.get().delete(),
        lambda rows: rows.bulk_update([rows.get()], ["kind"]),
    ],
)
@pytest.mark.parametrize("log", [LogEntry, AccessLog])
def test_nobody_changes_or_deletes_an_entry(log, deed):
    note()
    audit.opened(CLOCK, kind="assistance", number=42, what="client", at=NOW)
    with pytest.raises(DatabaseError, match="Cannot update or delete rows"), transaction.atomic():
        deed(log.objects.all())
    assert log.objects.count() == 1


def test_retention_alone_forgets_what_is_old_enough():
    old, young = NOW - timedelta(days=9), NOW
    note(at=old)
    kept = note(at=young)
    audit.opened(CLOCK, kind="assistance", number=42, what="client", at=old)
    assert audit.forget(NOW - timedelta(days=1)) == {"log": 1, "access": 1}
    assert list(LogEntry.objects.all()) == [kept]
    with pytest.raises(DatabaseError), transaction.atomic():
        kept.delete()
