"""The suite's pytest plug-in: real servers before Django reads its settings, catalogues, a shuffled order."""

from __future__ import annotations

import os
import random
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

from lotsen_portal import messages
from lotsen_portal.embedded import Servers

ROOT = Path(__file__).resolve().parent.parent
SEED = "PYTEST_ORDER_SEED"


# Wrappers come before pytest-django's own first step, which reads the settings.
@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, None, None]:
    """Start PostgreSQL and Valkey unless the environment names others; xdist's workers inherit both."""
    messages.compile_catalogues()
    os.environ.setdefault(SEED, str(random.SystemRandom().randrange(10**6)))
    if "DATABASE_URL" not in os.environ:
        folder = ROOT / "var" / "tests"
        if "--reuse-db" not in early_config.invocation_params.args:
            folder = Path(tempfile.mkdtemp(prefix="lotsenportal-"))
            folder.chmod(0o711)  # as root the servers run as somebody else
            early_config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))  # the last to run
        servers = Servers(folder, durable=False)
        servers.start()
        os.environ.update(DATABASE_URL=servers.database_url, REDIS_URL=servers.redis_url)
        early_config.add_cleanup(servers.stop)
    return (yield)


def pytest_report_header() -> str:
    """Name what repeats the order of this run."""
    return f"order: {SEED}={os.environ[SEED]}"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Shuffle modules, and tests within a module, alike in every worker. (pytest-randomly loads model_bakery
    before Django's models and breaks it.)"""
    dice = random.Random(os.environ[SEED])
    ranks: dict[str, float] = {}
    for item in items:
        ranks.setdefault(item.nodeid.partition("::")[0], dice.random())
    places = {item: (ranks[item.nodeid.partition("::")[0]], dice.random()) for item in items}
    items.sort(key=places.__getitem__)
