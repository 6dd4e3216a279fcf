"""Waiting for something outside the test's own process: until it is so, never for a fixed time."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path


def wait_until(holds: Callable[[], object], seconds: float = 30) -> None:
    """Return as soon as `holds()` is true; fail after the deadline."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it never came to be"
        threading.Event().wait(0.02)


def is_alive(pid: int) -> bool:
    """Say whether a process runs; one that has ended and was not collected does not."""
    try:
        os.kill(pid, 0)
        return "Z" not in Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2]
    except (ProcessLookupError, FileNotFoundError):
        return False
