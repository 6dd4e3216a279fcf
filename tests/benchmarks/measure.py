"""Measure one city: starts gunicorn over it, asks for pages, prints medians and statements as JSON."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.client import HTTPConnection
from itertools import islice
from statistics import median
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lotsen_portal import clock, links
from lotsen_portal.audit import Actor
from lotsen_portal.models import Link, Purpose, User
from requests_app import matching, workflow
from requests_app.models import AssistanceRequest, Member
from requests_app.states import RequestState
from volunteers.models import LanguagePool, Volunteer

WARM_UP = 6
FARTHEST = 300  # days ahead
# Milliseconds and statements that the design allows.
READ, WRITE, STATEMENTS = 40, 15, 10


@dataclass(frozen=True)
class Shot:
    """One call: a GET, or a POST with these fields after a look at the page; `who` is signed in."""

    path: str
    who: str = ""
    fields: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """A page or deed to time; `most` is how many statements the design allows it (0: it says nothing)."""

    name: str
    budget: int
    shots: Callable[[], Iterator[Shot]]
    most: int = STATEMENTS
    note: str = ""


def session_of(user: User) -> str:
    """Sign somebody in without a form; returns the session's key."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def cases() -> Iterator[Case]:
    """What the design names, on this database."""
    office = session_of(User.objects.filter(office_role_rows__role="coordinator").order_by("pk")[0])
    member = Member.objects.order_by("pk").select_related("user", "institution")[0]
    house = session_of(member.user)
    everything = reverse("office:requests")
    somebody = Volunteer.objects.order_by("pk")[7].name
    last = AssistanceRequest.objects.order_by("-pk")[500].reference

    def again(path: str, who: str = office) -> Callable[[], Iterator[Shot]]:
        return lambda: iter(lambda: Shot(path, who), None)

    yield Case("Arbeitsliste", READ, again(reverse("office:index")))
    yield Case("Liste der Anfragen", READ, again(everything))
    yield Case("Suche: Einrichtung", READ, again(f"{everything}?{urlencode({'q': member.institution.name})}"))
    yield Case("Suche: Name einer Lotsin", READ, again(f"{everything}?{urlencode({'q': somebody})}"))
    yield Case("Suche: Sprache und Thema", READ, again(f"{everything}?q=Arabisch+Gesundheit"))
    yield Case("Suche: Teil des Aktenzeichens", READ, again(f"{everything}?q={last[3:-1]}"))
    for what, descending in (("häufige", True), ("seltene", False)):
        found = request_with_candidates(most_spoken_first=descending)
        if found:
            path = reverse("office:request", args=[found[0].reference])
            yield Case(f"Anfrage mit Vorschlägen, {what} Sprache", READ, again(path), note=found[1])
    yield Case("Eigene Anfragen einer Einrichtung", READ, again(reverse("own_requests"), house))
    yield Case(
        "Neue Anfrage absenden", WRITE, lambda: filings(house, str(member.institution.district_id)), most=0
    )
    yield Case("Zusagen", WRITE, answers, most=0)


def request_with_candidates(*, most_spoken_first: bool) -> tuple[AssistanceRequest, str] | None:
    """An open request in a common or in a rare language that shows a full page of candidates."""
    pools = LanguagePool.objects.filter(ready__gte=60).order_by("-ready" if most_spoken_first else "ready")
    waiting = AssistanceRequest.objects.filter(
        state=RequestState.OPEN.value, gender_needed="", period__startswith__gt=clock.now()
    )
    for pool in pools.select_related("language"):
        for assistance in waiting.filter(languages__language=pool.language).order_by("pk")[:5]:
            if len(matching.candidates(assistance, now=clock.now())) >= 20:
                return assistance, f"{pool.language.name}: {pool.ready} kommen infrage"
    return None


FILLED_IN = {
    "language": "ar",
    "topic": "gesundheit",
    "help": "accompaniment",
    "mode": "on_site",
    "begin": "10:00",
    "minutes": "60",
    "place": "Empfang",
    "concern": "Messung",
    "consent": "on",
    "minimum_level": "2",
    "client_name": "Niemand",
    "client_phone": "0221 4710001",
    "client_reference": "M-1",
}


def filings(who: str, district: str) -> Iterator[Shot]:
    """New requests as a caseworker files them, each on another day."""
    today = clock.local(clock.now()).date()
    calendar, day = clock.work_calendar(), today
    while True:
        day = calendar.next_working_day(day) if (day - today).days < FARTHEST else today
        yield Shot(reverse("new_request"), who, {**FILLED_IN, "district": district, "day": day.isoformat()})


def answers() -> Iterator[Shot]:
    """A yes behind a mailed link, for one open request after the other; its best candidate is asked first."""
    officer = User.objects.filter(office_role_rows__role="coordinator").order_by("pk")[0]
    waiting = AssistanceRequest.objects.filter(
        state=RequestState.OPEN.value, period__startswith__gt=clock.now() + timedelta(days=1)
    )
    for assistance in waiting.order_by("-pk"):
        now = clock.now()
        best = [candidate.volunteer.pk for candidate in matching.candidates(assistance, now=now, limit=1)]
        if not best:
            continue
        by = Actor.office(officer)
        offer = workflow.ask(assistance.pk, volunteers=best, by=by, user=officer, now=now)[0]
        link = Link.objects.get(purpose=Purpose.ANSWER, subject=offer.bundle_id, holder=offer.volunteer_id)
        fields = {"answer": "yes", "offer": str(offer.pk), "version": str(assistance.version)}
        yield Shot(reverse("answer", args=[links.token(link)]), fields=fields)


class Portal:
    """gunicorn over this database, and a caller that measures."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}
        with socket.socket() as knock:
            if knock.connect_ex(("127.0.0.1", port)) == 0:
                raise SystemExit(f"Something else answers at port {port}; choose another by --port.")
        command = ["-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", "2", "--preload"]
        command += ["--no-control-socket", "--log-level", "error", "lotsen_portal.wsgi"]
        self.process = subprocess.Popen([sys.executable, *command], env=os.environ)
        deadline = time.monotonic() + 60
        while True:
            try:
                self._call("GET", "/healthz", "")
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)
            else:
                return

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)

    def milliseconds(self, shot: Shot) -> float:
        """How long the call took until its last byte; for a POST without the look at the page before it."""
        if not shot.fields:
            return self._call("GET", shot.path, shot.who)
        if shot.who not in self.cookies:
            self._call("GET", shot.path, shot.who)
        token = self.cookies[shot.who]
        body = urlencode({**shot.fields, "csrfmiddlewaretoken": token})
        return self._call("POST", shot.path, shot.who, body)

    def _call(self, method: str, path: str, who: str, body: str = "") -> float:
        cookies = {"sessionid": who, "csrftoken": self.cookies.get(who, "")}
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items() if value)}
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        caller = HTTPConnection("127.0.0.1", self.port, timeout=60)
        begin = time.perf_counter()
        caller.request(method, path, body or None, headers)
        answer = caller.getresponse()
        text = answer.read()
        took = (time.perf_counter() - begin) * 1000
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie" and value.startswith("csrftoken="):
                self.cookies[who] = value.split(";")[0].partition("=")[2]
        caller.close()
        if answer.status >= 400 or (method == "POST" and answer.status not in {200, 302}):
            raise SystemExit(f"{method} {path}: {answer.status}\n{text[:2000].decode(errors='replace')}")
        return took


def statements(shot: Shot) -> int:
    """How many SQL statements the call takes, warm, in this process."""
    client = Client(SERVER_NAME="127.0.0.1")
    if shot.who:
        client.cookies["sessionid"] = shot.who
    if not shot.fields:
        client.get(shot.path)
    with CaptureQueriesContext(connection) as captured:
        answer = client.post(shot.path, shot.fields) if shot.fields else client.get(shot.path)
    if answer.status_code >= 400 or (shot.fields and answer.status_code != 302):
        raise SystemExit(f"{shot.path}: {answer.status_code} {answer.content[:1500].decode()}")
    return len(captured)


def main() -> None:
    port, rounds = int(sys.argv[1]), int(sys.argv[2])
    result = {}
    portal = Portal(port)
    try:
        for case in cases():
            shots = case.shots()
            count = statements(next(shots))
            times = [portal.milliseconds(shot) for shot in islice(shots, WARM_UP + rounds)][WARM_UP:]
            if times:
                result[case.name] = {
                    "median": median(times),
                    "best": min(times),
                    "statements": count,
                    "budget": case.budget,
                    "most": case.most or count,
                    "note": f"{len(times)}-mal. {case.note}".strip(),
                }
    finally:
        portal.stop()
    json.dump(result, sys.stdout)
