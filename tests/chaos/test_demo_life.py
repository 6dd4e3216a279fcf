"""The demo as a person starts, stops and kills it: real processes, a real city."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.request import ProxyHandler, build_opener

import pytest

from lotsen_portal import embedded
from lotsen_portal.embedded import Servers
from tests.waiting import wait_until

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("demo")]

ROOT = Path(__file__).resolve().parents[2]
OURS = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "DJANGO_SETTINGS_MODULE")
READY = "Das Lotsenportal läuft"


class Running:
    """`manage.py demo` in a process of its own."""

    def __init__(self, data, said, *arguments, **how):
        self.port, self.data, self.said = embedded.free_port(), data, said
        command = [
            sys.executable,
            "manage.py",
            "demo",
            "--port",
            str(self.port),
            "--data",
            str(data),
            *arguments,
        ]
        env = {name: value for name, value in os.environ.items() if name not in OURS}
        env["PYTHONDONTWRITEBYTECODE"] = "1"
        with said.open("wb") as out:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=env, stdout=out, stderr=subprocess.STDOUT, **how
            )

    def output(self):
        return self.said.read_text("utf-8")

    def ready(self):
        wait_until(lambda: READY in self.output() or self.process.poll() is not None, 600)
        assert READY in self.output(), self.output()
        return self

    def page(self, path="/"):
        opener = build_opener(ProxyHandler({}))
        with opener.open(f"http://127.0.0.1:{self.port}{path}", timeout=30) as answer:
            return answer.read().decode()

    def answers(self):
        try:
            return bool(self.page())
        except OSError:
            return False

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        return self.process.wait(60)


def processes_over(folder):
    """Name the processes that have the folder in their command line."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if str(folder).encode() in entry.read_bytes():
                found.append(entry.read_text("utf-8", "replace").replace("\0", " "))
        except OSError:
            continue
    return found


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def city():
    """A folder with a finished city, stopped."""
    folder = Path(tempfile.mkdtemp(prefix="lotsenportal demo "))
    folder.chmod(0o711)
    running = Running(folder / "city", folder / "said").ready()
    assert running.stop() == 0
    yield folder / "city"
    shutil.rmtree(folder)


@pytest.fixture
def start(tmp_path):
    """Start demos; whatever a failed test leaves running ends with it."""
    started = []

    def run(data, *arguments, **how):
        started.append(Running(data, tmp_path / f"said {len(started)}", *arguments, **how))
        return started[-1]

    yield run
    for running in started:
        if running.process.poll() is None:
            running.stop()


@pytest.fixture
def copy_of(city):
    """Copy the finished city, which takes a second where making one takes many; owners stay."""

    def copied(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cp", "-a", str(city), str(target)], check=True)
        return target

    made = []
    yield lambda target: made.append(target) or copied(target)
    for target in made:
        shutil.rmtree(target, ignore_errors=True)


@pytest.mark.parametrize("farewell", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_everything_and_the_next_start_goes_on(start, copy_of, city, farewell):
    data = copy_of(city.parent / f"signal {farewell}")
    running = start(data).ready()
    assert "Integrationslots" in running.page()
    assert running.stop(farewell) == 0
    assert (processes_over(data), listens(running.port)) == ([], False)
    again = start(data).ready()
    assert again.stop() == 0


def test_the_demo_shows_its_entrance_and_its_mailbox(start, copy_of, city):
    running = start(copy_of(city.parent / "entrance")).ready()
    for label in ("Als Koordination anmelden", "Als Einrichtung anmelden", "Als Lotsin anmelden"):
        assert label in running.page("/demo/")
        assert label in running.output()
    assert running.page("/demo/postfach/")
    running.stop()


def test_after_kill_9_the_children_end_and_the_next_start_has_the_data(start, copy_of, city):
    data = copy_of(city.parent / "killed")
    running = start(data).ready()
    running.process.kill()
    running.process.wait()
    again = start(data).ready()  # at once
    assert again.page()
    assert again.stop() == 0
    wait_until(lambda: not listens(running.port))
    assert processes_over(data) == []


def test_after_kill_9_the_same_port_is_free_for_the_next_start(start, copy_of, city):
    data = copy_of(city.parent / "same port")
    running = start(data).ready()
    running.process.kill()
    running.process.wait()
    again = start(data, "--port", str(running.port)).ready()
    again.stop()


def test_a_web_server_that_dies_is_started_again(start, copy_of, city):
    running = start(copy_of(city.parent / "web dies")).ready()
    main = running.process.pid
    children = Path(f"/proc/{main}/task/{main}/children").read_text().split()
    (web,) = [int(pid) for pid in children if "gunicorn" in Path(f"/proc/{pid}/cmdline").read_text()]
    os.kill(web, signal.SIGKILL)
    wait_until(lambda: not Path(f"/proc/{web}").exists())
    wait_until(running.answers, 120)
    assert running.stop() == 0


def test_two_demos_run_beside_each_other(start, copy_of, city):
    both = [start(copy_of(city.parent / name)) for name in ("one", "two")]
    for running in both:
        assert running.ready().page()
    for running in both:
        assert running.stop() == 0


def test_a_taken_port_is_one_sentence_and_status_1(start, city):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        running = start(city, "--port", str(taken.getsockname()[1]))
        assert running.process.wait(60) == 1
    (line,) = running.output().splitlines()
    assert "ist belegt" in line


def test_a_second_demo_over_the_same_folder_is_refused(start, copy_of, city):
    first = start(copy_of(city.parent / "same folder")).ready()
    second = start(first.data)
    assert second.process.wait(60) == 1
    assert "läuft schon eine Demo" in second.output()
    first.stop()


def test_a_very_deep_folder_with_spaces_will_do(start, copy_of, city):
    deep = city.parent.joinpath(*["a rather long name of a folder"] * 8)
    running = start(copy_of(deep / "data")).ready()
    assert running.page()
    assert running.stop() == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can enter a home that others may not")
def test_root_may_have_its_folder_where_nobody_else_may_enter(tmp_path):
    tmp_path.chmod(0o700)
    servers = Servers(tmp_path / "closed")
    try:
        servers.start()
        assert not servers.home.is_relative_to(tmp_path)
        assert tmp_path.stat().st_mode & 0o777 == 0o700
    finally:
        servers.stop()
        shutil.rmtree(servers.home.parent)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become an ordinary user")
def test_an_ordinary_user_needs_no_more_than_root(start, city):
    nobody = pwd.getpwnam("nobody")
    if subprocess.run(["test", "-x", sys.executable], user=nobody.pw_uid, check=False, cwd="/").returncode:
        pytest.skip("this checkout lies where an ordinary user cannot enter")
    data = city.parent / "ordinary"
    data.mkdir()
    os.chown(data, nobody.pw_uid, nobody.pw_gid)
    who = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    running = start(data, **who).ready()
    assert running.page()
    assert running.stop() == 0
    assert {path.owner() for path in data.iterdir()} == {"nobody"}
