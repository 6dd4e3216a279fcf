import signal
import socket
import stat
import subprocess
import sys
import textwrap
from pathlib import Path

import psycopg
import pytest
from redis import Redis
from redis.exceptions import AuthenticationError

from lotsen_portal import embedded
from lotsen_portal.embedded import CannotStart, Children, Servers
from tests.waiting import is_alive, wait_until

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def folder(tmp_path_factory):
    """A folder, its name with a space, that the servers' user can enter."""
    path = tmp_path_factory.mktemp("da ta")
    for parent in (path, path.parent, path.parent.parent):
        parent.chmod(0o711)
    return path


@pytest.fixture
def servers(folder):
    made = Servers(folder, durable=False)
    made.start()
    yield made
    made.stop()


def test_both_servers_answer_with_their_password_only(servers):
    with psycopg.connect(servers.database_url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert Redis.from_url(servers.redis_url).ping()
    password = (servers.home / "password").read_text()
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(servers.database_url.replace(password, "wrong"))
    with pytest.raises(AuthenticationError):
        Redis.from_url(servers.redis_url.replace(password, "wrong")).ping()


def test_nobody_else_can_read_the_password(servers):
    assert stat.S_IMODE((servers.home / "password").stat().st_mode) == 0o600
    assert stat.S_IMODE(servers.home.stat().st_mode) == 0o700


def test_the_password_shows_in_no_list_of_processes(servers):
    password = (servers.home / "password").read_text()
    for child, _farewell in servers.children.running:
        assert password not in Path(f"/proc/{child.pid}/cmdline").read_text()


def test_who_comes_second_shares_and_leaves_them_running(servers, folder):
    second = Servers(folder, durable=False)
    second.start()
    assert (second.shared, second.database_url) == (True, servers.database_url)
    second.stop()
    with psycopg.connect(servers.database_url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_later_start_finds_the_data_of_the_first(folder):
    servers = Servers(folder)
    servers.start()
    with psycopg.connect(servers.database_url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    Redis.from_url(servers.redis_url).set("kept", "42")
    servers.stop()
    servers = Servers(folder)
    servers.start()
    try:
        with psycopg.connect(servers.database_url) as connection:
            assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)
        assert Redis.from_url(servers.redis_url).get("kept") == b"42"
    finally:
        servers.stop()


def test_a_taken_port_is_left_for_another(folder, monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ports = [taken.getsockname()[1], *(embedded.free_port() for _ in range(3))]
        monkeypatch.setattr(embedded, "free_port", iter([ports[0], ports[1], ports[0], ports[2]]).__next__)
        servers = Servers(folder, durable=False)
        servers.start()
        servers.stop()
    assert [(servers.home / f"{name}.port").read_text() for name in ("postgres", "valkey")] == [
        str(port) for port in ports[1:3]
    ]


def test_an_interrupted_first_start_is_begun_anew(folder):
    servers = Servers(folder, durable=False)
    (servers.home / "postgres").mkdir(parents=True)
    (servers.home / "postgres" / "half").touch()
    servers.start()
    servers.stop()
    assert not (servers.home / "postgres" / "half").exists()


def test_a_missing_package_is_named(folder, monkeypatch):
    monkeypatch.setattr(embedded.importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(CannotStart, match="PostgreSQL oder Valkey fehlt"):
        Servers(folder)


def test_a_folder_of_somebody_else_is_no_refuge(tmp_path, monkeypatch):
    monkeypatch.setattr(embedded, "REFUGE", tmp_path)
    mine = embedded._refuge("data")
    mine.rmdir()
    mine.symlink_to(tmp_path)
    with pytest.raises(CannotStart, match="gehört jemand anderem"):
        embedded._refuge("data")


def test_children_end_in_reverse_order_and_by_force_if_they_must(tmp_path, monkeypatch):
    monkeypatch.setattr(embedded, "SECONDS_TO_STOP", 0.2)
    log = tmp_path / "log"
    deaf = "import signal; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); signal.pause()"
    children = Children()
    child = children.run([sys.executable, "-c", deaf], log=log)
    wait_until(lambda: "deaf" in log.read_text())
    children.stop()
    assert (child.returncode, children.running) == (-signal.SIGKILL, [])


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ties children to their parent")
def test_children_end_when_their_parent_is_killed(tmp_path):
    program = f"""
        import signal, sys
        from pathlib import Path
        from lotsen_portal.embedded import Children
        forever = [sys.executable, "-c", "import signal; signal.pause()"]
        child = Children().run(forever, log=Path({str(tmp_path / "log")!r}))
        print(child.pid, flush=True)
        signal.pause()
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as parent:
        pid = int(parent.stdout.readline())
        parent.kill()
    wait_until(lambda: not is_alive(pid))
