"""Time the portal's pages on a small and on a large city, through gunicorn with two workers.

`make benchmark`, or with ARGS="--volunteers 5000 --requests 50000 --rounds 40". Cities are made once and kept
below var/benchmark. Times are medians over HTTP in milliseconds, as a page leaves gunicorn; statements are
counted in a process of their own. Nothing here fails a build: a busy machine says nothing about the portal.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from lotsen_portal.embedded import Servers

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / "var" / "benchmark"
SMALL = (1_000, 10_000)
PORT = 8190
# Django has to be set up before models can be imported.
MEASURE = "import django; django.setup(); from tests.benchmarks import measure; measure.main()"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    parser.add_argument("--volunteers", type=int, default=100_000)
    parser.add_argument("--requests", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=60, help="Messungen je Seite")
    parser.add_argument("--port", type=int, default=PORT)
    chosen = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    FOLDER.chmod(0o711)
    servers = Servers(FOLDER, durable=False)
    servers.start()
    try:
        small = _measured(servers, *SMALL, chosen)
        large = _measured(servers, chosen.volunteers, chosen.requests, chosen)
    finally:
        servers.stop()
    sys.stdout.write(_table(small, large, chosen))


def _measured(servers: Servers, volunteers: int, requests: int, chosen: argparse.Namespace) -> dict[str, Any]:
    """Make the city unless it is there, and measure it in a process of its own."""
    name = f"city_{volunteers}_{requests}"
    environment = _environment(servers.url_of(name), servers.redis_url, chosen.port)
    if not _exists(servers, name):
        _create(servers, name)
        try:
            _migrate(environment)
            size = ["--volunteers", str(volunteers), "--requests", str(requests)]
            _run(environment, "manage.py", "load_city", *size)
        except subprocess.CalledProcessError:
            _drop(servers, name)
            raise
    _migrate(environment)  # a kept city may be older than the code
    _run(environment, "manage.py", "collectstatic", "--noinput", "--verbosity", "0")
    command = [sys.executable, "-c", MEASURE, str(chosen.port), str(chosen.rounds)]
    output = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE).stdout
    result: dict[str, Any] = json.loads(output)
    return result


def _environment(database: str, redis: str, port: int) -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "lotsen_portal.settings",
        "DATABASE_URL": database,
        "REDIS_URL": redis,
        "EMAIL_URL": f"file://{FOLDER / 'mail'}",
        "SECRET_KEY": "only-for-benchmarks-0123456789-abcdefghijklmnopqrstuvwxyz-ABC",
        "LINK_KEY": "only-for-benchmarks-links-0123456789-abcdef",
        "INDEX_KEY": "only-for-benchmarks-index-0123456789-abcdef",
        "FIELD_KEYS": "J5Oxgq8mHNOqNUoP2xrqq-BdNn0C0XbR8v7sVvJ9w1A=",
        "SITE_URL": f"http://127.0.0.1:{port}",
        "ALLOWED_HOSTS": "127.0.0.1",
        "DEFAULT_FROM_EMAIL": "portal@neuss.example",
        "STATIC_ROOT": str(FOLDER / "static"),
        "REQUIRE_OFFICE_MFA": "0",
        "LOG_LEVEL": "WARNING",
    }


def _run(environment: dict[str, str], *command: str) -> None:
    subprocess.run([sys.executable, *command], cwd=ROOT, env=environment, check=True)


def _migrate(environment: dict[str, str]) -> None:
    _run(environment, "manage.py", "migrate", "--verbosity", "0")


def _exists(servers: Servers, name: str) -> bool:
    with psycopg.connect(servers.database_url) as connection:
        return bool(connection.execute("select 1 from pg_database where datname = %s", [name]).fetchone())


def _create(servers: Servers, name: str) -> None:
    with psycopg.connect(servers.database_url, autocommit=True) as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))


def _drop(servers: Servers, name: str) -> None:
    with psycopg.connect(servers.database_url, autocommit=True) as connection:
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def _table(small: dict[str, Any], large: dict[str, Any], chosen: argparse.Namespace) -> str:
    lines = [f"{'':42}{SMALL[0]:>9,} V.{chosen.volunteers:>11,} V.   bester    Ziel  Verhältnis  SQL"]
    for name, row in large.items():
        before = small.get(name)
        ratio = f"{row['median'] / before['median']:10.2f}" if before else " " * 10
        first = f"{before['median']:9.1f} ms" if before else " " * 12
        mark = "" if row["median"] <= row["budget"] and row["statements"] <= row["most"] else "  !"
        lines.append(
            f"{name:42}{first}{row['median']:11.1f} ms{row['best']:9.1f}{row['budget']:5} ms {ratio}"
            f"  {row['statements']:3} (höchstens {row['most']}){mark}  {row['note']}"
        )
    lines.append(
        "Median und bester Wert; das Verhältnis vergleicht die Städte, ein ! zeigt ein verfehltes Ziel."
    )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
