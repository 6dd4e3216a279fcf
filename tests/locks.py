"""Do the locks still belong to pyproject.toml and package.json? Asks no registry."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
# What each lock is compiled from, beside the portal's own dependencies.
LOCKS: Final = {"requirements.lock": ("local",), "requirements-dev.lock": ("local", "dev")}


def problems() -> list[str]:
    """Return a sentence for each pin that is missing or differs, line without hash and named host."""
    return [*_python_problems(), *_npm_problems()]


def _python_problems() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    found = []
    for lock, extras in LOCKS.items():
        text = (ROOT / lock).read_text("utf-8")
        pins = dict(re.findall(r"^([\w.-]+)==([^\s;]+)", text, re.MULTILINE))
        wanted = [
            *project["dependencies"],
            *(pin for e in extras for pin in project["optional-dependencies"][e]),
        ]
        for requirement in wanted:
            name, version = re.sub(r"\[.*?\]", "", requirement).split("==")
            if pins.get(name) != version:
                found.append(
                    f"{lock}: {name} is {pins.get(name)}, pyproject.toml wants {version}; run make lock"
                )
        entries = re.split(r"\n(?=[\w.-]+==)", text.strip())
        found += [
            f"{lock}: {entry.split()[0]} has no hash" for entry in entries if "--hash=sha256:" not in entry
        ]
        found += [
            f"{lock} names a host or an index" for _ in [0] if re.search(r"://|--index|--find-links", text)
        ]
    return found


def _npm_problems() -> list[str]:
    wanted = json.loads((ROOT / "package.json").read_text("utf-8"))["dependencies"]
    text = (ROOT / "package-lock.json").read_text("utf-8")
    packages = json.loads(text)["packages"]
    found = ["package-lock.json names a host"] if "://" in text else []
    for name, version in wanted.items():
        locked = packages.get(f"node_modules/{name}", {})
        if locked.get("version") != version or "integrity" not in locked:
            found.append(
                f"package-lock.json: {name} is {locked.get('version')}, package.json wants {version}"
            )
    return found
