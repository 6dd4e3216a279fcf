"""`make lint`: every check that runs no test. All run, also after one has failed."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Final

from tests import locks
from tests.production import PRODUCTION

PYTHON: Final = [sys.executable]
DRY: Final = {"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONWARNINGS": "ignore::RuntimeWarning"}
PACKAGES: Final = ("lotsen_portal", "volunteers", "requests_app")

CHECKS: Final[dict[str, tuple[list[str], dict[str, str]]]] = {
    "code": (["-m", "ruff", "check", "--quiet", "."], {}),
    "form": (["-m", "ruff", "format", "--quiet", "--check", "."], {}),
    "types": (["-m", "mypy", "--no-error-summary"], {}),
    "templates": (["-m", "djlint", "--lint", "--quiet", "templates"], {}),
    "migrations": (["manage.py", "makemigrations", "--check", "--dry-run"], DRY),
    "deployment": (["manage.py", "check", "--deploy", "--fail-level", "DEBUG"], PRODUCTION),
    "translations": (["-m", "lotsen_portal.messages", "--check"], DRY),
    "security": (["-m", "bandit", "--quiet", "--recursive", "--configfile", "pyproject.toml", *PACKAGES], {}),
}


def main() -> int:
    """Run all; returns the status to exit with."""
    failed = []
    for name, (arguments, environment) in CHECKS.items():
        done = subprocess.run(
            [*PYTHON, *arguments],
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            failed.append(name)
            sys.stdout.write(f"{done.stdout}{done.stderr}")
        _tell(name, well=not done.returncode)
    problems = locks.problems()
    sys.stdout.write("".join(f"{problem}\n" for problem in problems))
    _tell("locks", well=not problems)
    return int(bool(failed or problems))


def _tell(name: str, *, well: bool) -> None:
    sys.stdout.write(f"lint {name}: {'ok' if well else 'FAILED'}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
