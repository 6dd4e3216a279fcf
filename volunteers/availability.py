"""The weekly availability as people write it: "08:00–12:00, 14:00–18:00" for each weekday."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from volunteers.models import ALL_DAY, DAY_OPENS, DAYS_A_WEEK, HALF_HOURS

WEEKDAYS: Final = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
ALWAYS: Final = "ganztags"
DAY_CLOSES: Final = DAY_OPENS + HALF_HOURS // 2

_SPAN: Final = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(?:–|—|-|bis)\s*(\d{1,2})(?:[:.](\d{2}))?")


class NotUnderstood(ValueError):
    """A line that says no times; the text is a sentence for whoever wrote it."""


def read_day(line: str) -> int:
    """The half hours that a line such as "8–12, 14:00–18:30" names, as a bit mask; "" and "–" are none.

    Raises NotUnderstood.
    """
    text = line.strip().lower().replace("uhr", "").strip()
    if text in {"", "-", "–", "nie"}:
        return 0
    if text == ALWAYS:
        return ALL_DAY
    mask = 0
    for part in re.split(r"[,;]|\bund\b", text):
        mask |= _read_span(part.strip())
    return mask


def _read_span(part: str) -> int:
    match = _SPAN.fullmatch(part)
    if match is None:
        raise NotUnderstood("Bitte schreiben Sie die Zeiten so: 08:00–12:00, 14:00–18:00.")
    begin_hour, begin_minute, end_hour, end_minute = (int(group or 0) for group in match.groups())
    if {begin_minute, end_minute} - {0, 30}:
        raise NotUnderstood("Bitte nehmen Sie volle oder halbe Stunden, zum Beispiel 08:30.")
    begin, end = begin_hour * 2 + begin_minute // 30, end_hour * 2 + end_minute // 30
    if begin >= end:
        raise NotUnderstood("Das Ende muss nach dem Beginn liegen.")
    if begin < DAY_OPENS * 2 or end > DAY_CLOSES * 2:
        raise NotUnderstood(f"Die Zeiten gehen von {DAY_OPENS}:00 bis {DAY_CLOSES}:00 Uhr.")
    first = begin - DAY_OPENS * 2
    return sum(1 << slot for slot in range(first, end - DAY_OPENS * 2))


def write_day(mask: int) -> str:
    """The line that `read_day` reads as this mask; "" for none."""
    if mask == ALL_DAY:
        return ALWAYS
    spans, begin = [], None
    for slot in range(HALF_HOURS + 1):
        free = bool(mask >> slot & 1)
        if free and begin is None:
            begin = slot
        elif not free and begin is not None:
            spans.append(f"{_wall(begin)}–{_wall(slot)}")
            begin = None
    return ", ".join(spans)


def _wall(slot: int) -> str:
    hours, halves = divmod(DAY_OPENS * 2 + slot, 2)
    return f"{hours:02d}:{halves * 30:02d}"


def week(masks: Sequence[int]) -> list[tuple[str, str]]:
    """Each weekday with its times, "nicht verfügbar" for none."""
    return [(WEEKDAYS[day], write_day(masks[day]) or "nicht verfügbar") for day in range(DAYS_A_WEEK)]
