"""Broker away, workers killed: mail comes later, never not. Real PostgreSQL, Valkey, Celery and SMTP."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest
from celery import Celery
from django.db import connection
from redis import Redis
from redis.exceptions import RedisError

from lotsen_portal import clock, embedded, outbox
from lotsen_portal.models import OutgoingMail
from tests.chaos import letters
from tests.smtp_sink import Server

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]

ROOT = Path(__file__).resolve().parents[2]
MAILS = 200
PROCESSES = 2
ENQUEUE = """
import django, time; django.setup()
from lotsen_portal import clock, outbox
from tests.chaos import letters
now = clock.now()
for number in range(%d):
    began = time.monotonic()
    outbox.enqueue(letters.letter, key=f"letter:{number}", to=f"person{number}@example.org",
                   language="de", ids={"number": number}, now=now)
    assert time.monotonic() - began < 5, "a dead broker holds up the person who waits"
"""
DELIVER = "import django; django.setup(); from lotsen_portal import outbox; outbox.deliver_due()"


class House:
    """The processes around the portal, each of which can be killed."""

    def __init__(self, folder: Path, smtp_port: int) -> None:
        self.folder = folder
        self.children = embedded.Children()
        self.broker_port = embedded.free_port()
        self.broker_url = f"redis://127.0.0.1:{self.broker_port}/0"
        database = connection.settings_dict
        user = f"{database['USER']}:{database['PASSWORD']}"
        self.env = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "lotsen_portal.settings",
            "DATABASE_URL": f"postgresql://{user}@{database['HOST']}:{database['PORT']}/{database['NAME']}",
            "REDIS_URL": self.broker_url,
            "EMAIL_URL": f"smtp://127.0.0.1:{smtp_port}?tls=none",
            "PYTHONPATH": str(ROOT),
        }

    def python(self, code: str) -> int:
        """Run code in a process of its own; return how it ended."""
        return subprocess.run([sys.executable, "-c", code], env=self.env, cwd=ROOT, check=False).returncode

    def start_broker(self) -> None:
        program = embedded._valkey_program(embedded._site_packages())
        command = [str(program), "--port", str(self.broker_port), "--bind", "127.0.0.1", "--save", ""]
        self.broker = self.children.run(command, log=self.folder / "broker.log")
        until = time.monotonic() + 10
        while time.monotonic() < until:
            try:
                Redis.from_url(self.broker_url).ping()
            except RedisError:
                continue
            return
        pytest.fail("Valkey does not answer")

    def start_worker(self) -> subprocess.Popen[bytes]:
        command = [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "lotsen_portal",
            "worker",
            "--concurrency",
            str(PROCESSES),
        ]
        return self.children.run(command, log=self.folder / "worker.log", env=self.env)

    def nudge(self) -> None:
        """Do what the clock does each minute, once for each of the worker's processes."""
        with Celery(broker=self.broker_url) as app:
            app.conf.broker_transport_options = {"global_keyprefix": "portal:"}
            for _process in range(PROCESSES):
                app.send_task("lotsen_portal.outbox.sweep", ignore_result=True)


@pytest.fixture
def sink():
    with Server() as sink:
        yield sink


@pytest.fixture
def house(tmp_path, sink):
    house = House(tmp_path, sink.port)
    yield house
    house.children.stop()


def kill_all(worker: subprocess.Popen[bytes]) -> None:
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()


def kill_senders(worker: subprocess.Popen[bytes]) -> None:
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(worker.pid)], capture_output=True, check=True)
    for pid in listed.stdout.split():
        os.kill(int(pid), signal.SIGKILL)


def end_the_pause() -> None:
    """Let the minute pass that mails wait whose process died."""
    OutgoingMail.objects.filter(state="waiting").update(try_at=clock.now())


def waiting_after(seconds: int) -> int:
    """Return how many mails wait still, as soon as none does and at the latest then."""
    until = time.monotonic() + seconds
    while (left := OutgoingMail.objects.filter(state="waiting").count()) and time.monotonic() < until:
        threading.Event().wait(0.1)
    return left


@pytest.mark.parametrize("kill", [kill_all, kill_senders])
def test_nothing_is_lost_when_the_broker_is_away_and_a_worker_is_killed(house, sink, kill):
    sink.delay = 0.03
    assert house.python(ENQUEUE % MAILS) == 0  # nobody notices that there is no broker
    assert OutgoingMail.objects.filter(state="waiting", attempts=0).count() == MAILS

    house.start_broker()
    worker = house.start_worker()
    house.nudge()
    assert sink.wait_for(MAILS // 4, 60)
    kill(worker)
    held = OutgoingMail.objects.filter(state="waiting", attempts=1).count()
    assert len(sink.raw) < MAILS
    assert held <= PROCESSES  # nothing else stays claimed by the dead

    house.broker.kill()
    house.broker.wait()
    house.start_broker()
    if kill is kill_all:
        house.start_worker()
    end_the_pause()
    house.nudge()
    assert waiting_after(seconds=60) == 0
    assert set(OutgoingMail.objects.values_list("state", flat=True)) == {"sent"}
    copies = Counter(sink.recipients)
    assert set(copies) == {f"person{number}@example.org" for number in range(MAILS)}
    assert sum(copies.values()) - MAILS <= PROCESSES


def test_a_mail_that_kills_its_process_ends_as_a_dead_letter_and_the_others_arrive(house, sink):
    now = clock.now()
    outbox.enqueue(
        letters.poison, key="poison", to="a@example.org", language="de", ids={"number": 0}, now=now
    )
    outbox.enqueue(
        letters.letter, key="letter", to="b@example.org", language="de", ids={"number": 1}, now=now
    )
    ends = []
    for _attempt in range(outbox.TRIES):
        ends.append(house.python(DELIVER))
        OutgoingMail.objects.filter(key="poison").update(try_at=now)
    assert ends == [-signal.SIGKILL] * outbox.TRIES
    assert house.python(DELIVER) == 0
    assert sink.recipients == ["b@example.org"]
    dead = OutgoingMail.objects.get(key="poison")
    assert (dead.state, dead.attempts, dead.last_error) == ("dead", outbox.TRIES, outbox.PROCESS_DIED)
