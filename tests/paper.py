"""What a screen reader gets from a tagged PDF: its elements in reading order, each with its words.

Read by another library (pypdf) than the one that sets the page. That library's own text of a page follows
the ink, which runs from left to right in every script; the order to read in stands in the structure tree.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.generic import ContentStream

_HEX = r"<([0-9a-fA-F]+)>"
_SHOWS = (b"Tj", b"TJ")
_BEGINS = (b"BDC", b"BMC")


def read(pdf: bytes) -> PdfReader:
    """The file, opened."""
    return PdfReader(BytesIO(pdf))


def spoken(pdf: bytes) -> list[tuple[str, str]]:
    """Tag and words of each element that holds any, in reading order; a picture says its description."""
    reader = read(pdf)
    words = _words_by_mark(reader.pages[0], reader)
    root = reader.trailer["/Root"]["/StructTreeRoot"]
    return [(tag, text) for tag, text in _elements(root, words) if text.strip()]


def _elements(node: Any, words: dict[int, str]) -> Iterator[tuple[str, str]]:
    node = node.get_object()
    kids = [kid.get_object() for kid in _listed(node.get("/K"))]
    own = "".join(words[kid] for kid in kids if isinstance(kid, int))
    tag = str(node.get("/S", "")).removeprefix("/")
    yield tag, str(node.get("/Alt", own))
    for kid in kids:
        if not isinstance(kid, int) and "/S" in kid:
            yield from _elements(kid, words)


def _listed(kids: Any) -> list[Any]:
    if kids is None:
        return []
    return list(kids) if isinstance(kids, list) else [kids]


def _words_by_mark(page: PageObject, reader: PdfReader) -> dict[int, str]:
    """What each marked piece of ink says: its replacement text, else its glyphs, turned if they run back."""
    letters = {name: _letters(font) for name, font in page["/Resources"]["/Font"].items()}
    said: dict[int, str] = defaultdict(str)
    marks: list[tuple[str, dict[str, Any]]] = []
    font = ""
    for operands, operator in ContentStream(page.get_contents(), reader).operations:
        if operator in _BEGINS:
            values = operands[1] if len(operands) > 1 and isinstance(operands[1], dict) else {}
            marks.append((str(operands[0]), values))
            if "/ActualText" in values:
                said[_mark(marks)] += str(values["/ActualText"])
        elif operator == b"EMC":
            marks.pop()
        elif operator == b"Tf":
            font = str(operands[0])
        elif operator in _SHOWS and not any("/ActualText" in values for _tag, values in marks):
            run = "".join(letters[font].get(code, "") for code in _codes(operands))
            said[_mark(marks)] += run[::-1] if any(tag == "/ReversedChars" for tag, _ in marks) else run
    return said


def _mark(marks: list[tuple[str, dict[str, Any]]]) -> int:
    return next((int(values["/MCID"]) for _tag, values in reversed(marks) if "/MCID" in values), -1)


def _codes(operands: list[Any]) -> Iterator[int]:
    for piece in operands[0] if isinstance(operands[0], list) else operands:
        if isinstance(piece, (str, bytes)):
            yield from getattr(piece, "original_bytes", piece)


def _letters(font: Any) -> dict[int, str]:
    table = font["/ToUnicode"].get_data().decode()
    found: dict[int, str] = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        found |= {int(code, 16): _text(text) for code, text in re.findall(rf"{_HEX}\s*{_HEX}", block)}
    for block in re.findall(r"beginbfrange(.*?)endbfrange", table, re.DOTALL):
        for first, last, text in re.findall(rf"{_HEX}\s*{_HEX}\s*{_HEX}", block):
            begin = _text(text)
            for step in range(int(last, 16) - int(first, 16) + 1):
                found[int(first, 16) + step] = begin[:-1] + chr(ord(begin[-1]) + step)
    return found


def _text(digits: str) -> str:
    return bytes.fromhex(digits).decode("utf-16-be")
