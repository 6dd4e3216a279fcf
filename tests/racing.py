"""Let several verbs go at one moment, each in a thread with a database connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection

WAIT = 60  # seconds after which a thread counts as stuck


def race(*runs: Callable[[], Any]) -> list[Any]:
    """Start all at once, each on its own connection; give what each returned or the exception it raised."""
    gate = threading.Barrier(len(runs), timeout=WAIT)

    def run(one: Callable[[], Any]) -> Any:
        try:
            gate.wait()
            return one()
        except Exception as error:  # noqa: BLE001 - what was raised is judged by the test
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(runs)) as pool:
        return [future.result(WAIT) for future in [pool.submit(run, one) for one in runs]]
