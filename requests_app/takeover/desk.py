"""The way of a spreadsheet: received, understood, confirmed, written, taken back; its only writer.

What takes long is done by a worker, one step at a time, each in one transaction: all of a sheet or nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

import structlog
from django.core.cache import cache
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import F
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from lotsen_portal import audit, celery
from lotsen_portal.audit import Actor, ActorKind
from lotsen_portal.models import User
from lotsen_portal.verbs import verb
from requests_app.models import LearnedHeading, Takeover, TakeoverKind, TakeoverRow, Verdict
from requests_app.states import TAKEOVER_MOVES, TakeoverState
from requests_app.takeover import reading
from requests_app.takeover.judging import Judged, Kind, guess, understand
from requests_app.takeover.kinds import KINDS
from requests_app.takeover.reading import Line
from requests_app.takeover.values import plain
from requests_app.workflow.errors import NotPossible

log = structlog.get_logger(__name__)

TAKEOVER: Final = "takeover"
MOST_TRIES: Final = 3
TOGETHER: Final = 1000
PROGRESS_KEPT: Final = 3600
LONGEST_HEADING: Final = 40
MOVED_ON: Final = "Seit der Vorschau hat sich etwas geändert. Bitte sehen Sie sich die Zeilen noch einmal an."
BROKEN: Final = "Das hat nicht geklappt, und es wurde nichts geändert. Bitte versuchen Sie es noch einmal."
WAITING: Final = (TakeoverState.CHECKING, TakeoverState.WRITING, TakeoverState.UNDOING)
# What a step goes back to when it cannot be done.
GIVE_UP: Final = {
    TakeoverState.CHECKING: "give_up_check",
    TakeoverState.WRITING: "give_up_write",
    TakeoverState.UNDOING: "give_up_undo",
}


def known_headings(kind: Kind) -> set[str]:
    """Every heading that a kind knows by itself, in lower case."""
    return {name.casefold() for column in kind.columns for name in (column.heading, *column.names)}


@verb
def receive(data: bytes, *, kind: str, name: str, user: User, now: datetime) -> Takeover:
    """Keep the rows of a file, encrypted, with a guess of what its columns mean.

    Raises reading.NotReadable.
    """
    own = KINDS[TakeoverKind(kind)]
    sheet = reading.read(data, known_headings(own))
    learned = dict(LearnedHeading.objects.filter(kind=kind).values_list("heading", "field"))
    takeover = Takeover.objects.create(
        kind=kind,
        name=name[:120],
        headings=json.dumps(sheet.headings),
        columns=guess(own, sheet.headings, learned),
        total=len(sheet.lines),
        uploaded_by=user,
        acted_by=user,
        uploaded_at=now,
    )
    TakeoverRow.objects.bulk_create(
        (
            TakeoverRow(takeover=takeover, line=line.number, cells=json.dumps(line.cells))
            for line in sheet.lines
        ),
        batch_size=TOGETHER,
    )
    audit.record(Actor.office(user), "upload", kind=TAKEOVER, number=takeover.pk, after=kind, at=now)
    return takeover


@verb
def check(number: int, *, columns: Sequence[str], user: User, now: datetime) -> None:
    """Lay down what each column means, learn it for the next time, and have the rows checked."""
    takeover = _locked(number)
    _learn(takeover, columns)
    _move(takeover, "check", user=user, now=now, columns=list(columns), attempts=0, problem="")
    transaction.on_commit(nudge, robust=True)


@verb
def confirm(number: int, *, user: User, now: datetime) -> None:
    """Have all rows written. Raises NotPossible while one is wrong, or where there is nothing to write."""
    takeover = _locked(number)
    verdicts = set(takeover.rows.values_list("verdict", flat=True).distinct())
    if Verdict.WRONG in verdicts:
        raise NotPossible("Es gibt noch fehlerhafte Zeilen. Übernommen wird alles oder nichts.")
    if not verdicts & {Verdict.NEW, Verdict.CHANGED}:
        raise NotPossible("Hier gibt es nichts zu übernehmen: Alles steht schon so im Portal.")
    _move(takeover, "confirm", user=user, now=now, attempts=0, problem="")
    transaction.on_commit(nudge, robust=True)


@verb
def undo(number: int, *, user: User, now: datetime) -> None:
    """Have an import taken back."""
    _move(_locked(number), "undo", user=user, now=now, attempts=0, problem="")
    transaction.on_commit(nudge, robust=True)


@verb
def discard(number: int, *, user: User, now: datetime) -> None:
    """Erase a sheet that is not taken over. Raises NotPossible once it is."""
    takeover = _locked(number)
    if takeover.state not in {TakeoverState.MAPPING, TakeoverState.CHECKING, TakeoverState.CHECKED}:
        raise NotPossible("Diese Zeilen sind schon übernommen. Sie können die Übernahme zurücknehmen.")
    audit.record(Actor.office(user), "discard", kind=TAKEOVER, number=takeover.pk, at=now)
    takeover.delete()


@verb
def note_export(kind: str, *, user: User, now: datetime) -> None:
    """Write down that somebody took all records of a kind out of the portal."""
    by = Actor.office(user)
    audit.record(by, "export", kind=TAKEOVER, number=0, after=kind, at=now)
    audit.opened(by, kind=TAKEOVER, number=0, what=kind, at=now)
    if own := KINDS[TakeoverKind(kind)].opened:
        own(by, now)


def nudge() -> None:
    """Ask a worker to go on; where the broker is down, the clock does."""
    try:
        celery.app.send_task("requests_app.tasks.take_over", retry=False)
    except (KombuError, RedisError, OSError) as error:
        log.warning("nudge_failed", error=type(error).__name__)


def percent(takeover: Takeover) -> int:
    """How far a worker is with the present step, from 0 to 100."""
    return int(cache.get(f"takeover:{takeover.pk}") or 0)


def carry_on(now: datetime) -> int:
    """Do the next step of every sheet that waits for one; returns how many were looked at."""
    waiting = Takeover.objects.filter(state__in=WAITING).order_by("pk")
    numbers = list(waiting.values_list("pk", flat=True))
    for number in numbers:
        _try(number, now)
    return len(numbers)


def _try(number: int, now: datetime) -> None:
    # Counted and committed before: a sheet that kills its worker must not be tried for ever.
    Takeover.objects.filter(pk=number, state__in=WAITING).update(attempts=F("attempts") + 1)
    try:
        _step(number, now=now)
    except Exception as error:  # noqa: BLE001 - whatever it is, nothing was written and the office must hear
        log.error("takeover_failed", takeover=number, error=type(error).__name__)


@verb
def _step(number: int, *, now: datetime) -> None:
    takeover = _locked(number)
    state = TakeoverState(takeover.state)
    if state not in GIVE_UP:
        return
    user = takeover.acted_by
    cache.set(f"takeover:{number}", 0, PROGRESS_KEPT)
    if takeover.attempts > MOST_TRIES:
        _move(takeover, GIVE_UP[state], user=user, now=now, problem=BROKEN)
        return
    steps = {
        TakeoverState.CHECKING: _check,
        TakeoverState.WRITING: _write,
        TakeoverState.UNDOING: _take_back,
    }
    steps[state](takeover, _reporter(takeover), now)


def _reporter(takeover: Takeover) -> Callable[[int], None]:
    def report(done: int) -> None:
        cache.set(f"takeover:{takeover.pk}", min(99, 100 * done // max(1, takeover.total)), PROGRESS_KEPT)

    return report


def _understood(takeover: Takeover, now: datetime) -> list[Judged]:
    kind = KINDS[TakeoverKind(takeover.kind)]
    lines = [Line(row.line, tuple(row.cell_list)) for row in takeover.rows.order_by("line")]
    return understand(kind, lines, takeover.columns, kind.open_book(now))


def _check(takeover: Takeover, report: Callable[[int], None], now: datetime) -> None:
    rows = _understood(takeover, now)
    report(takeover.total // 2)
    _keep_verdicts(takeover, rows)
    _move(takeover, "show", user=takeover.acted_by, now=now)


def _keep_verdicts(takeover: Takeover, rows: Sequence[Judged]) -> None:
    kept = {row.line: row for row in takeover.rows.all()}
    for judged in rows:
        row = kept[judged.line]
        row.verdict, row.target = judged.verdict, judged.target
        found = {"title": judged.title, "problems": judged.problems, "changes": judged.changes}
        row.findings = json.dumps(found)
    _save(kept.values(), "verdict", "target", "findings")


def _save(rows: Any, *names: str) -> None:
    TakeoverRow.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["takeover", "line"],
        update_fields=list(names),
        batch_size=TOGETHER,
    )


def _write(takeover: Takeover, report: Callable[[int], None], now: datetime) -> None:
    shown = dict(takeover.rows.values_list("line", "verdict"))
    rows = _understood(takeover, now)
    if any(row.verdict != shown[row.line] for row in rows):
        _keep_verdicts(takeover, rows)
        _move(takeover, "give_up_write", user=takeover.acted_by, now=now, problem=MOVED_ON)
        return
    by = _actor(takeover.acted_by)
    KINDS[TakeoverKind(takeover.kind)].write(rows, by, now, report)
    kept = {row.line: row for row in takeover.rows.all()}
    for judged in rows:
        row = kept[judged.line]
        row.target, row.cells, row.findings = judged.target, "", ""
        row.before = json.dumps(judged.before, cls=DjangoJSONEncoder) if judged.before else ""
    _save(kept.values(), "target", "cells", "findings", "before")
    _move(takeover, "write", user=takeover.acted_by, now=now, written_at=now, headings="")


def _take_back(takeover: Takeover, report: Callable[[int], None], now: datetime) -> None:
    made = list(takeover.rows.filter(verdict=Verdict.NEW).values_list("target", flat=True))
    kept = {
        row.target: json.loads(row.before)
        for row in takeover.rows.filter(verdict=Verdict.CHANGED)
        if row.target and row.before
    }
    kind, by = KINDS[TakeoverKind(takeover.kind)], _actor(takeover.acted_by)
    numbers = [number for number in made if number is not None]
    hindrances = kind.take_back(numbers, kept, takeover.written_at or now, by, now)
    if hindrances:
        problem = f"Die Übernahme lässt sich nicht mehr zurücknehmen. {' '.join(hindrances)}"
        _move(takeover, "give_up_undo", user=takeover.acted_by, now=now, problem=problem[:300])
        return
    takeover.rows.update(before="", target=None)
    _move(takeover, "take_back", user=takeover.acted_by, now=now, undone_at=now)


def _learn(takeover: Takeover, columns: Sequence[str]) -> None:
    """Remember what headings mean that the guess got wrong; nothing that looks like somebody's data."""
    names = takeover.heading_list
    for heading, before, said in zip(names, takeover.columns, columns, strict=False):
        name = plain(heading)
        odd = len(name) > LONGEST_HEADING or "@" in heading or sum(map(str.isdigit, heading)) > 1
        if said == before or not name or odd:
            continue
        LearnedHeading.objects.update_or_create(kind=takeover.kind, heading=name, defaults={"field": said})


def _locked(number: int) -> Takeover:
    rows = Takeover.objects.select_for_update(of=("self",)).select_related("acted_by")
    takeover = rows.filter(pk=number).first()
    if takeover is None:
        raise NotPossible("Diese Datei ist nicht mehr da. Bitte laden Sie sie noch einmal hoch.")
    return takeover


def _actor(user: User | None) -> Actor:
    return Actor.office(user) if user else Actor(ActorKind.OFFICE)


def _move(takeover: Takeover, move: str, *, user: User | None, now: datetime, **changes: object) -> None:
    froms, after, _who = TAKEOVER_MOVES[move]
    before = TakeoverState(takeover.state)
    if before not in froms:
        raise NotPossible("Das geht gerade nicht. Bitte laden Sie die Seite neu.")
    takeover.state = after.value
    takeover.acted_by = user
    for name, value in changes.items():
        setattr(takeover, name, value)
    takeover.save(update_fields=["state", "acted_by", *changes])
    audit.record(
        _actor(user), move, kind=TAKEOVER, number=takeover.pk, before=before.value, after=after.value, at=now
    )
