"""`manage.py demo`: the portal with a demo city on this machine, and nothing of it outside one folder."""

from __future__ import annotations

import fcntl
import hashlib
import json
import logging
import os
import secrets
import shutil
import signal
import socket
import sys
import time
from argparse import ArgumentParser
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Final, NoReturn
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import ProxyHandler, build_opener

import django
import psycopg
from cryptography.fernet import Fernet
from django.contrib.staticfiles.finders import get_finders
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper

from lotsen_portal import embedded
from lotsen_portal.embedded import CannotStart, Children, Servers
from lotsen_portal.staticfiles import StaticFiles

ROOT: Final = Path(__file__).resolve().parent.parent.parent.parent
# The city's own servers and the demo's must never meet.
FOREIGN: Final = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL")
SECONDS_TO_ANSWER: Final = 120
MADE_HERE: Final = (
    "servers",
    "mail",
    "static",
    "logs",
    "keys.json",
    "city",
    "running",
    "static.stamp",
    "clock",
)


class Command(BaseCommand):
    """Start servers, database, city, web, worker and clock; stop them all on Ctrl-C or TERM."""

    help = "Das Lotsenportal mit einer Musterstadt auf diesem Rechner starten"
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what `make demo` passes on."""
        parser.add_argument("--port", type=int, default=8000, help="Port auf 127.0.0.1 (8000)")
        parser.add_argument("--data", type=Path, default=ROOT / "var" / "demo", help="Ordner für alle Daten")
        parser.add_argument("--fresh", action="store_true", help="Die Musterstadt neu anlegen")
        parser.add_argument(
            "--die-with-parent", action="store_true", help="Mit dem aufrufenden Vorgang enden"
        )

    def handle(self, *, port: int, data: Path, fresh: bool, die_with_parent: bool, **_: Any) -> None:
        """Run until a signal comes; CommandError (one sentence, status 1) if the demo cannot start."""
        if die_with_parent:
            embedded.die_with_parent()
        _refuse_foreign_servers()
        demo = Demo(data.expanduser().resolve(), port)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _interrupt)
        try:
            demo.start(fresh=fresh)
            self.stdout.write(demo.welcome())
            self.stdout.flush()
            demo.watch()
        except KeyboardInterrupt:
            self.stdout.write("Die Demo wird beendet ...")
        except CannotStart as error:
            raise CommandError(str(error)) from None
        finally:
            # A second Ctrl-C must not leave half of it running, and connections that are cut off are no news.
            logging.disable()
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, signal.SIG_IGN)
            demo.stop()


class Demo:
    """One demo: a folder, a port, and what runs over them."""

    def __init__(self, data: Path, port: int) -> None:
        self.data, self.port = data, port
        self.url = f"http://localhost:{port}"
        self.children = Children()
        self.servers: Servers | None = None
        self._lock: IO[bytes] | None = None

    def start(self, *, fresh: bool) -> None:
        """Bring everything up, from nothing or from where it stopped; raises CannotStart."""
        self._take_folder()
        self._wait_for_port()
        if fresh:
            self._clear()
        (self.data / "running").touch()
        for name in ("mail", "logs"):
            (self.data / name).mkdir(exist_ok=True)
        self.servers = Servers(self.data)
        self.servers.start()
        if not (self.data / "city").exists():
            self._empty_database(self.servers)
        self._set_environment(self.servers)
        os.chdir(ROOT)
        django.setup()
        call_command("migrate", verbosity=0, interactive=False)
        self._collect_static()
        self._load_city()
        _leave_database()
        self._run_web()
        self._wait_for_page()
        self._run_workers()

    def welcome(self) -> str:
        """Return what to tell who started it."""
        return "\n".join(
            [
                "",
                f"Das Lotsenportal läuft:  {self.url}",
                f"Anmelden:                {self.url}/demo/",
                "                         Als Koordination anmelden",
                "                         Als Einrichtung anmelden",
                "                         Als Lotsin anmelden",
                f"Alle E-Mails:            {self.url}/demo/postfach/",
                "",
                f"Daten und Protokolle:    {self.data}",
                "Beenden mit Strg+C. Keine E-Mail verlässt diesen Rechner.",
                "",
            ]
        )

    def watch(self) -> None:
        """Start a part again when it ends; raises CannotStart when a server does."""
        while True:
            time.sleep(0.5)  # noqa: TID251 - a signal ends it
            servers = self.servers.children.running if self.servers else []
            if any(child.poll() is not None for child, _farewell in servers):
                raise CannotStart(f"Datenbank oder Warteschlange ist ausgefallen; mehr steht in {self.data}.")
            if any(child.poll() is not None for child, _farewell in self.children.running):
                self.children.stop()
                self._run_web()
                self._run_workers()

    def stop(self) -> None:
        """End all that was started, the servers last."""
        self.children.stop()
        if self.servers is not None:
            self.servers.stop()
        if self._lock is not None:
            (self.data / "running").unlink(missing_ok=True)
            self._lock.close()
            self._lock = None

    def _take_folder(self) -> None:
        try:
            self.data.mkdir(parents=True, exist_ok=True, mode=0o711)
            lock = (self.data / "demo.lock").open("ab")
        except OSError as error:
            raise CannotStart(f"Der Ordner {self.data} ist nicht beschreibbar ({error.strerror}).") from None
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            raise CannotStart(f"Über dem Ordner {self.data} läuft schon eine Demo.") from None
        self._lock = lock

    def _wait_for_port(self) -> None:
        """Check that the port is free; a demo killed a moment ago gets a moment to leave it."""
        patience = 10 if (self.data / "running").exists() else 0
        deadline = time.monotonic() + patience
        while True:
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind(("127.0.0.1", self.port))
                    return
                except (OSError, OverflowError):
                    if time.monotonic() > deadline:
                        raise CannotStart(
                            f"Der Port {self.port} ist belegt oder nicht erlaubt; "
                            "wählen Sie einen anderen, zum Beispiel: make demo PORT=8100"
                        ) from None
            time.sleep(0.1)  # noqa: TID251 - see above

    def _clear(self) -> None:
        for name in MADE_HERE:
            path = self.data / name
            if path.is_dir() and name != "servers":
                shutil.rmtree(path)
            elif path.is_file():
                path.unlink()

    def _empty_database(self, servers: Servers) -> None:
        """Begin anew where no city was finished, or where the keys to it are gone."""
        with psycopg.connect(servers.url_of("postgres"), autocommit=True) as connection:
            connection.execute("DROP DATABASE IF EXISTS portal WITH (FORCE)")
            connection.execute("CREATE DATABASE portal")
        shutil.rmtree(self.data / "mail", ignore_errors=True)
        (self.data / "mail").mkdir()

    def _set_environment(self, servers: Servers) -> None:
        """Say all that the settings ask for; nothing of a surrounding installation may shine through."""
        for name in list(os.environ):
            if name.removesuffix("_FILE") in SETTINGS or name.startswith("OIDC_"):
                del os.environ[name]
        os.environ.update(
            self._keys(),
            # Named as a string: the foundation knows no app. Demo pages exist in no other settings.
            DJANGO_SETTINGS_MODULE="requests_app.demo.settings",
            DATABASE_URL=servers.database_url,
            REDIS_URL=servers.redis_url,
            EMAIL_URL=f"file://{quote(str(self.data / 'mail'))}",
            SITE_URL=self.url,
            ALLOWED_HOSTS="localhost,127.0.0.1",
            DEFAULT_FROM_EMAIL="Lotsenportal <portal@demo.example>",
            STATIC_ROOT=str(self.data / "static"),
        )

    def _keys(self) -> dict[str, str]:
        path = self.data / "keys.json"
        if not path.exists():
            made = {name: secrets.token_urlsafe(48) for name in ("SECRET_KEY", "LINK_KEY", "INDEX_KEY")}
            made["FIELD_KEYS"] = Fernet.generate_key().decode()
            path.touch(mode=0o600)
            path.write_text(json.dumps(made), "utf-8")
        keys: dict[str, str] = json.loads(path.read_text("utf-8"))
        return keys

    def _collect_static(self) -> None:
        """Collect, hash and compress the static files, unless they are those of the last time."""
        seen = hashlib.sha256()
        for finder in get_finders():
            for name, storage in finder.list(StaticFiles.ignore_patterns):
                facts = Path(storage.path(name)).stat()
                seen.update(f"{name}\0{facts.st_size}\0{facts.st_mtime_ns}\n".encode())
        stamp = self.data / "static.stamp"
        if not stamp.exists() or stamp.read_text("utf-8") != seen.hexdigest():
            call_command("collectstatic", verbosity=0, interactive=False, clear=True)
            stamp.write_text(seen.hexdigest(), "utf-8")

    def _load_city(self) -> None:
        if not (self.data / "city").exists():
            call_command("demo_city", verbosity=0)
            (self.data / "city").touch()

    def _run_web(self) -> None:
        size = ["--workers", "2", "--threads", "4", "--preload", "--no-control-socket"]
        web = ["gunicorn", "--bind", f"127.0.0.1:{self.port}", *size, "lotsen_portal.wsgi"]
        self.children.run([sys.executable, "-m", *web], log=self.data / "logs" / "web.log")

    def _run_workers(self) -> None:
        celery = [sys.executable, "-m", "celery", "--app", "lotsen_portal", "--quiet"]
        for name, arguments in {
            "worker": ["worker", "--concurrency", "2"],
            "beat": ["beat", "--schedule", str(self.data / "clock"), "--pidfile", ""],
        }.items():
            self.children.run([*celery, *arguments], log=self.data / "logs" / f"{name}.log")

    def _wait_for_page(self) -> None:
        opener = build_opener(ProxyHandler({}))  # a proxy of the machine knows nothing of 127.0.0.1
        deadline = time.monotonic() + SECONDS_TO_ANSWER
        while time.monotonic() < deadline:
            if any(child.poll() is not None for child, _farewell in self.children.running):
                break
            with suppress(URLError, OSError), opener.open(f"http://127.0.0.1:{self.port}/", timeout=10):
                return
            time.sleep(0.1)  # noqa: TID251 - see above
        raise CannotStart(f"Das Portal antwortet nicht; mehr steht in {self.data / 'logs'}.")


SETTINGS: Final = {
    *FOREIGN,
    *("SECRET_KEY", "SECRET_KEY_FALLBACKS", "LINK_KEY", "INDEX_KEY", "FIELD_KEYS"),
    *("SITE_URL", "ALLOWED_HOSTS", "TRUSTED_PROXY", "METRICS_TOKEN", "REQUIRE_OFFICE_MFA"),
    *("DEFAULT_FROM_EMAIL", "STATIC_ROOT", "LOG_LEVEL", "DATABASE_POOL"),
}


def _refuse_foreign_servers() -> None:
    for name in FOREIGN:
        for variable in (name, f"{name}_FILE"):
            if variable in os.environ:
                raise CommandError(
                    f"Die Demo startet nicht, solange {variable} gesetzt ist: "
                    "Sie bringt ihre eigenen Server mit und darf echten Daten nicht begegnen."
                )


def _leave_database() -> None:
    for wrapper in connections.all(initialized_only=True):
        wrapper.close()
        if isinstance(wrapper, DatabaseWrapper):
            wrapper.close_pool()


def _interrupt(_number: int, _frame: object) -> NoReturn:
    raise KeyboardInterrupt
