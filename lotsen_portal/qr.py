"""Addresses as pictures to photograph: QR codes as one SVG path, without inline styles."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Final

from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

QUIET_ZONE: Final = 4


@dataclass(frozen=True)
class Picture:
    """A square of `size` units each way, and the path of its dark parts."""

    size: int
    path: str


def picture(text: str) -> Picture:
    """Draw a text as a QR code, with the quiet zone that cameras need."""
    code = QRCode(border=QUIET_ZONE, error_correction=ERROR_CORRECT_M)
    code.add_data(text)
    code.make()
    rows = code.get_matrix()
    strokes = [stroke for y, row in enumerate(rows) for stroke in _strokes(row, y)]
    return Picture(len(rows), "".join(strokes))


def _strokes(row: list[bool], y: int) -> list[str]:
    """The dark runs of a line as rectangles one unit high."""
    found, x = [], 0
    for dark, run in groupby(row):
        length = len(list(run))
        if dark:
            found.append(f"M{x} {y}h{length}v1h-{length}z")
        x += length
    return found
