"""Whatever is typed, sent or put into an address is met by a sentence or a kind page, never by a 500.

The forms are found by walking the pages of every role from the table of doors, so that a new form is tried
as soon as a page shows it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from http.cookies import SimpleCookie
from itertools import cycle
from typing import Any, Final
from urllib.parse import parse_qsl, quote, quote_from_bytes, urljoin, urlsplit

import pytest
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils.html import escape

from lotsen_portal.models import User
from requests_app.models import Member
from tests.doors import DOORS, ROLES
from tests.markup import TYPED, Form, Input, Reader
from tests.test_doors import address_of, world
from tests.tour import STATES, request_in

__all__ = ["world"]

pytestmark = pytest.mark.django_db

LONG: Final = "x" * 10_000
MARKUP: Final = "<script>alert('ä')</script>&amp;\"'{{ 7|add:7 }}"
# Names and what is sent, percent-encoded where Python has no such text.
NASTY: Final[dict[str, bytes]] = {
    "huge": LONG.encode(),
    "markup": MARKUP.encode(),
    "marks": "\u202e\u2066gnirts\u2069\u200f سلام".encode(),
    "nul": b"a\0b",
    "only nul": b"\0",
    "surrogate": b"\xed\xa0\x80 \xed\xbf\xbf",
    "not utf-8": b"\xff\xfe\xc3",
    "emoji": ("🙂👨‍👩‍👧" * 40).encode(),
    "lines": b"\r\n\r\nBcc: x@example.org\r\n\t",
    "minus": b"-1",
    "digits": b"9" * 400,
    "more digits": b"9" * 5000,
    "exponent": b"1e400",
    "not a number": b"NaN",
    "foreign digits": "٣٤".encode(),
    "superscript": "²".encode(),
    "no date": b"2026-13-40",
    "first day": b"0001-01-01",
    "last day": b"9999-12-31",
    "no time": b"25:99",
    "quotes": b"'; drop table x; --",
    "array": b"[]",
    "nested": b"[" * 9_999,
    "list": b"1,2,,\xe2\x80\xae3",
    "path": b"../../../etc/passwd%00",
    "noncharacter": "\ud7ff\uffff\U0010ffff".encode(),
}
# A few stand for all in the quick suite, where each form is sent these once, in turns over its fields.
QUICK: Final = ("huge", "markup", "nul", "surrogate", "digits", "marks")
# Plausible answers, so that a form of several steps shows the next one.
PLAUSIBLE: Final = {
    "date": "2026-12-10", "time": "10:00", "number": "60", "email": "wer@example.org", "tel": "02131 905753",
}  # fmt: skip
# How many pages of one kind are read: a request has other forms in each state, a stock page has not.
SISTERS: Final = 10
STATIC: Final = ("/static/", "/koordination/logout/")


@dataclass(frozen=True)
class Visitor:
    """Somebody with a browser; each request is rolled back, so that all of them meet the same town."""

    role: str
    cookies: SimpleCookie

    def send(self, method: str, address: str, body: bytes = b"") -> HttpResponse:
        """The answer to one request. Raises what the portal raises."""
        cache.clear()
        client = Client()
        client.cookies = copy(self.cookies)
        kind = {"content_type": "application/x-www-form-urlencoded"}
        how = {"data": body, **kind} if method == "post" else {}
        with transaction.atomic():
            response: HttpResponse = getattr(client, method)(address, **how)
            if hasattr(response, "render"):
                response.content  # noqa: B018 - rendered while the rows are there
            transaction.set_rollback(True)
        return response


@dataclass(frozen=True)
class Found:
    """A form, who found it, and the address it is sent to."""

    visitor: Visitor
    address: str
    form: Form

    def __str__(self) -> str:
        return f"{self.form.method} {self.address} ({', '.join(self.form.names)}) as {self.visitor.role}"


def encoded(pairs: Iterable[tuple[str, bytes | str]]) -> bytes:
    """A body as a browser would send it, but with any bytes at all."""

    def one(value: bytes | str) -> str:
        return quote_from_bytes(value if isinstance(value, bytes) else value.encode(errors="surrogatepass"))

    return "&".join(f"{quote(name)}={one(value)}" for name, value in pairs).encode()


def as_read(value: bytes) -> str:
    """What the portal reads out of these bytes."""
    return value.decode(errors="replace")


def _label(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error)[:200]}"


# The walk


def plausible(entry: Input) -> str:
    if entry.kind in {"hidden", "submit", "radio", "checkbox"} or entry.value:
        return entry.value
    if entry.kind == "select":
        return next((option for option in entry.options if option), "")
    return PLAUSIBLE.get(entry.kind, "Beispiel")


def place(address: str) -> tuple[str, ...]:
    """Which page an address is, whatever numbers stand in it; empty where it is none of ours."""
    path = urlsplit(address).path
    if path.startswith(STATIC):
        return ()
    try:
        match = resolve(path)
    except Resolver404:
        return ()
    return (match.route, str(match.kwargs.get("slug", "")))


def sisters(where: tuple[str, ...]) -> int:
    return 1 if "object_id" in where[0] else SISTERS


@dataclass
class Walk:
    """The pages and forms that all visitors together can find, each form once, and each query once."""

    visitors: dict[str, Visitor]
    forms: dict[tuple[Any, ...], Found]
    queries: dict[tuple[str, ...], tuple[Visitor, str, set[str]]]
    broken: list[str]
    seen: dict[tuple[str, ...], set[str]]

    def from_doors(self, values: dict[str, Any]) -> None:
        """Begin at every door that opens, and go on from there."""
        for door in DOORS.values():
            codes = (door.get.split() * len(ROLES))[: len(ROLES)]
            role = next((role for role, code in zip(ROLES, codes, strict=True) if code == "200"), "")
            if role:
                self.look(self.visitors[role], address_of(door, values))

    def look(self, visitor: Visitor, start: str) -> None:
        """Read a page and those it leads to."""
        waiting, tried = [start], set[str]()
        while waiting:
            address = waiting.pop()
            where, path = place(address), urlsplit(address).path
            if not where or path in tried | self.seen[where] or len(self.seen[where]) >= sisters(where):
                continue
            tried.add(path)
            response = visitor.send("get", address)
            if response.status_code != 200 or "html" not in response.headers["Content-Type"]:
                continue
            self.seen[where].add(path)
            self.queries.setdefault(where, (visitor, path, set()))
            reader = Reader(response.content.decode())
            waiting += [link for href in reader.links if (link := self._ours(address, href))]
            self.take(visitor, address, reader.forms)

    def _ours(self, address: str, href: str) -> str:
        link = urljoin(address, href)
        parts = urlsplit(link)
        where = place(link) if not parts.netloc else ()
        if where in self.queries:
            self.queries[where][2].update(name for name, _value in parse_qsl(parts.query))
        return link if where else ""

    def take(self, visitor: Visitor, address: str, forms: list[Form]) -> None:
        """Keep forms nobody has shown so far, and send each once to see whether a further step comes."""
        for form in forms:
            target = urljoin(address, form.action) if form.action else address
            where = place(target)
            if form.method == "get" and where in self.queries:
                self.queries[where][2].update(form.names)
            key = (form.method, where, tuple(sorted(form.names)))
            if form.method != "post" or not where or key in self.forms:
                continue
            self.forms[key] = Found(visitor, target, form)
            body = encoded((entry.name, plausible(entry)) for entry in form.inputs if entry.kind != "image")
            try:
                response = visitor.send("post", target, body)
            except Exception as error:  # noqa: BLE001 - whatever it is, it would have been a 500
                self.broken.append(f"{self.forms[key]}: {_label(error)}")
                continue
            if response.status_code in {200, 422} and "html" in response.headers["Content-Type"]:
                self.take(visitor, target, Reader(response.content.decode()).forms)


@pytest.fixture
def walk(world: dict[str, Any]) -> Walk:
    member = Member.objects.get(user=world["roles"]["member"])
    for state in STATES:
        request_in(state, member, **({} if state in {"new", "done"} else {"day": "2026-12-10"}))
    visitors = {}
    for role, user in world["roles"].items():
        client = Client()
        if isinstance(user, User):
            client.force_login(user)
        visitors[role] = Visitor(role, client.cookies)
    found = Walk(visitors, {}, {}, [], defaultdict(set))
    found.from_doors(world["values"])
    return found


# What is sent


def in_turns(form: Form, first: int) -> list[tuple[str, bytes]]:
    """Each field another nasty text."""
    texts = cycle([*QUICK[first:], *QUICK[:first]])
    return [(name, NASTY[next(texts)]) for name in form.names]


def everywhere(form: Form, nasty: bytes) -> list[tuple[str, bytes]]:
    """The same in all fields."""
    return [(name, nasty) for name in form.names]


def one_by_one(form: Form, nasty: bytes) -> Iterator[list[tuple[str, bytes]]]:
    """In one field after the other, all else as it stands, and all else well answered."""
    stands = form.values()
    answered = {entry.name: plausible(entry) for entry in form.inputs}
    for name in form.names:
        for values in (stands, answered):
            yield [*((key, value.encode()) for key, value in values.items() if key != name), (name, nasty)]


def doubled(form: Form) -> list[tuple[str, bytes]]:
    return [(name, value) for name in form.names for value in (b"1", b"zwei", b"")]


# What must hold

# Fields that are never shown again, and what the portal tidies up before it shows it.
NEVER_BACK: Final = {"csrfmiddlewaretoken"}


def lost(found: Found, sent: list[tuple[str, bytes]], response: HttpResponse) -> list[str]:
    """Fields of the form that came back with something else than what was typed."""
    if response.status_code != 422:
        return []
    html = response.content.decode()
    missing = ["unescaped markup"] if MARKUP in html else []
    shown = [form for form in Reader(html).forms if form.method == "post"]
    own = {entry.name for entry in found.form.inputs if entry.kind in TYPED}
    for name, value in dict(sent).items():
        if name not in own or name in NEVER_BACK:
            continue
        back = [form.typed()[name] for form in shown if name in form.typed()]
        if back and not any(alike(as_read(value), text) for text in back):
            missing.append(name)
    return missing


def alike(typed: str, shown: str) -> bool:
    """Whether a field shows what was typed; browsers and parsers treat line ends in their own ways."""
    return re.sub(r"[\r\n]+", "\n", typed).strip() == re.sub(r"[\r\n]+", "\n", shown).strip()


def complaint(found: Found, sent: list[tuple[str, bytes]]) -> str:
    """What is wrong with the answer to this; "" where nothing is."""
    try:
        response = found.visitor.send("post", found.address, encoded(sent))
    except Exception as error:  # noqa: BLE001 - whatever it is, it would have been a 500
        return _label(error)
    if response.status_code >= 500:
        return str(response.status_code)
    gone = lost(found, sent, response)
    return f"lost {gone}" if gone else ""


def complaints(walk: Walk, bodies: Callable[[Form], Iterable[list[tuple[str, bytes]]]]) -> list[str]:
    return [
        f"{found}: {[(name, value[:20]) for name, value in sent]}: {wrong}"
        for found in walk.forms.values()
        for sent in bodies(found.form)
        if (wrong := complaint(found, sent))
    ]


@pytest.mark.long
def test_nothing_typed_sent_or_asked_makes_the_portal_fall_over(walk: Walk) -> None:
    def bodies(form: Form) -> Iterator[list[tuple[str, bytes]]]:
        yield from (in_turns(form, first) for first in (0, 3))
        yield doubled(form)

    assert {
        "einrichtung/anfragen/neu/", "lotse/antwort/<str:token>/", "konto/login/",
        "koordination/anfragen/<slug:reference>/anfragen/", "koordination/freiwillige/neu/",
        "koordination/lotsen_portal/programme/<path:object_id>/change/",
    } <= {key[1][0] for key in walk.forms}  # fmt: skip
    assert len(walk.queries) > 60
    assert walk.broken == []
    assert complaints(walk, bodies) == []
    assert [wrong for first in (0, 3) for wrong in asked(walk, first)] == []


def asked(walk: Walk, first: int) -> Iterator[str]:
    """Ask every page every question its links and filters know, each with another nasty text."""
    for visitor, path, names in walk.queries.values():
        texts = cycle([*QUICK[first:], *QUICK[:first]])
        pairs = [(name, NASTY[next(texts)]) for name in sorted({*names, "page", "q", "unknown"})]
        yield from _answer(visitor, f"{path}?{encoded(pairs).decode()}")


def _answer(visitor: Visitor, address: str) -> list[str]:
    try:
        status = visitor.send("get", address).status_code
    except Exception as error:  # noqa: BLE001 - whatever it is, it would have been a 500
        return [f"{address[:120]} as {visitor.role}: {_label(error)}"]
    return [f"{address[:120]} as {visitor.role}: {status}"] if status >= 500 else []


def test_what_was_lost_or_not_escaped_is_noticed() -> None:
    page = '<form method="post"><input name="a" value="{}"><textarea name="b">\n{}</textarea></form>'
    (form,) = Reader(page).forms
    found, sent = Found(Visitor("member", SimpleCookie()), "/", form), [("a", b"x&y"), ("b", MARKUP.encode())]

    def noticed(first: str, second: str) -> list[str]:
        return lost(found, sent, HttpResponse(page.format(first, second), status=422))

    assert noticed("x&amp;y", escape(MARKUP)) == []
    assert noticed("", escape(escape(MARKUP))) == ["a", "b"]
    assert "unescaped markup" in noticed("x&amp;y", MARKUP)


@pytest.mark.long
def test_no_field_of_any_form_falls_over(walk: Walk) -> None:
    def bodies(form: Form) -> Iterator[list[tuple[str, bytes]]]:
        yield []
        yield from (everywhere(form, text) for text in NASTY.values())
        yield from one_by_one(form, NASTY["markup"])

    assert complaints(walk, bodies) == []


@pytest.mark.long
@pytest.mark.parametrize("nasty", ["markup", "nul", "surrogate", "more digits"])
def test_no_part_of_an_address_falls_over(walk: Walk, world: dict[str, Any], nasty: str) -> None:
    wrong = []
    for visitor, path, names in walk.queries.values():
        for name in sorted({*names, "page", "q", "unknown"}):
            wrong += _answer(visitor, f"{path}?{encoded([(name, NASTY[nasty])]).decode()}")
    part = quote_from_bytes(NASTY[nasty], safe="")
    for door in DOORS.values():
        for name in re.findall(r"{(\w+)}", door.address):
            for role in ("anonymous", "coordinator", "member", "volunteer", "administrator"):
                values = {key: quote(str(value)) for key, value in world["values"].items()}
                wrong += _answer(walk.visitors[role], address_of(door, values | {name: part}))

    assert wrong == []
