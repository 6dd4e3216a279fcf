"""The kinds of rows that can be taken over."""

from __future__ import annotations

from typing import Final

from requests_app.models import TakeoverKind
from requests_app.takeover import dates, houses, people
from requests_app.takeover.judging import Kind

KINDS: Final[dict[TakeoverKind, Kind]] = {
    TakeoverKind.VOLUNTEERS: people.KIND,
    TakeoverKind.INSTITUTIONS: houses.KIND,
    TakeoverKind.APPOINTMENTS: dates.KIND,
}
