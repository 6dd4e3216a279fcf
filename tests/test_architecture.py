"""House rules that no reviewer has to remember: the arrow, one writer per state, one door for mail, sizes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

ROOT = Path(__file__).resolve().parent.parent
# An app may import itself and what stands to its left.
ARROW = ["lotsen_portal", "volunteers", "requests_app"]
LONGEST_MODULE, LONGEST_FUNCTION, LONGEST_TEMPLATE = 400, 40, 120
JUNK_DRAWERS = {"utils", "common", "helpers", "services", "signals"}
# Tables of facts, not of code.
DATA = {"volunteers/catalogue.py", "requests_app/demo/people.py", "requests_app/demo/institutions.py"}


def modules(*packages: str) -> list[Path]:
    found = (path for package in packages for path in sorted((ROOT / package).rglob("*.py")))
    return [path for path in found if "migrations" not in path.parts]


CODE = modules(*ARROW)
named = pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        yield node.module
        yield from (f"{node.module}.{alias.name}" for alias in node.names)
    elif isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)


@named
def test_imports_point_down_the_arrow(path: Path) -> None:
    own = ARROW.index(path.relative_to(ROOT).parts[0])
    above = set(ARROW[own + 1 :])
    upward = {
        name for node in ast.walk(tree_of(path)) for name in imported(node) if name.split(".")[0] in above
    }
    assert upward == set()


@named
def test_our_own_code_is_imported_at_the_top(path: Path) -> None:
    inside = [
        name
        for function in ast.walk(tree_of(path))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        for name in imported(node)
        if name.split(".")[0] in ARROW
    ]
    assert inside == []


def test_there_is_no_junk_drawer() -> None:
    assert [path for path in CODE if JUNK_DRAWERS & {path.stem, *path.relative_to(ROOT).parts}] == []


@named
def test_modules_stay_short_enough_to_read(path: Path) -> None:
    if str(path.relative_to(ROOT)) not in DATA:
        assert len(path.read_text("utf-8").splitlines()) <= LONGEST_MODULE


@named
def test_functions_stay_short_enough_to_read(path: Path) -> None:
    long = {
        node.name: size
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (size := (node.end_lineno or node.lineno) - node.lineno + 1) > LONGEST_FUNCTION
    }
    assert long == {}


def test_templates_stay_short_enough_to_read() -> None:
    templates = sorted((ROOT / "templates").rglob("*.html"))
    long = {
        str(path.relative_to(ROOT)): lines
        for path in templates
        if (lines := len(path.read_text("utf-8").splitlines())) > LONGEST_TEMPLATE
    }
    assert (bool(templates), long) == (True, {})


def writes_state(node: ast.AST) -> bool:
    """An assignment to `.state`, or `update(state=...)`."""
    if isinstance(node, ast.Assign):
        return any(isinstance(target, ast.Attribute) and target.attr == "state" for target in node.targets)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "update":
        return any(keyword.arg == "state" for keyword in node.keywords)
    return False


def creates_with_state(node: ast.AST) -> bool:
    """`Offer(...)` or `Offer.objects.create(...)` of a record whose state has one writer."""
    if not isinstance(node, ast.Call):
        return False
    function = node.func
    names = {"AssistanceRequest", "Offer", "Assignment", "Registration", "Takeover"}
    if isinstance(function, ast.Name):
        return function.id in names
    return isinstance(function, ast.Attribute) and ast.unparse(function) in {
        f"{name}.objects.{verb}" for name in names for verb in ("create", "bulk_create", "get_or_create")
    }


WRITERS = {
    "volunteers": ("volunteers/recruitment", "volunteers/trainings/"),
    "requests_app": (
        "requests_app/workflow/",
        "requests_app/registrations.py",
        "requests_app/houses.py",
        "requests_app/takeover/desk.py",
    ),
    "lotsen_portal": ("lotsen_portal/outbox.py",),
}


@named
def test_each_state_has_one_writer(path: Path) -> None:
    where = path.relative_to(ROOT)
    if str(where).startswith(WRITERS[where.parts[0]]):
        return
    lines = [
        node.lineno  # type: ignore[attr-defined]
        for node in ast.walk(tree_of(path))
        if writes_state(node) or creates_with_state(node)
    ]
    assert lines == []


def sends_mail(name: str) -> bool:
    return name.startswith("smtplib") or (name.startswith("django.core.mail") and ".backends" not in name)


@named
def test_mail_leaves_through_one_door(path: Path) -> None:
    if path == ROOT / "lotsen_portal" / "outbox.py":
        return
    found = {name for node in ast.walk(tree_of(path)) for name in imported(node) if sends_mail(name)}
    assert found == set()


def test_no_mail_row_is_written_outside_the_outbox() -> None:
    rows = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in CODE
        if path != ROOT / "lotsen_portal" / "outbox.py"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
        and (
            ast.unparse(node.func) == "OutgoingMail"
            or (
                ast.unparse(node.func).startswith("OutgoingMail.objects.")
                and ast.unparse(node.func).endswith(("create", "update"))
            )
        )
    ]
    assert rows == []


def test_there_are_no_signals() -> None:
    found = {name for path in CODE for node in ast.walk(tree_of(path)) for name in imported(node)}
    assert {
        name for name in found if name.startswith(("django.dispatch", "django.db.models.signals"))
    } == set()


def test_the_states_import_nothing_of_ours() -> None:
    names = {name for node in ast.walk(tree_of(ROOT / "requests_app/states.py")) for name in imported(node)}
    assert {name for name in names if name.split(".")[0] in ARROW} == set()


def test_every_foreign_key_says_what_deletion_does_in_the_logs_by_having_none() -> None:
    logs = [apps.get_model("lotsen_portal", name) for name in ("LogEntry", "AccessLog")]
    relations = [
        field for log in logs for field in log._meta.get_fields() if isinstance(field, models.ForeignKey)
    ]
    assert relations == []


def test_every_row_with_a_state_is_guarded_by_a_trigger() -> None:
    guarded = [
        apps.get_model(label)
        for label in (
            "requests_app.AssistanceRequest",
            "requests_app.Offer",
            "requests_app.Assignment",
            "requests_app.Registration",
            "requests_app.Institution",
            "volunteers.Volunteer",
            "requests_app.Takeover",
            "lotsen_portal.OutgoingMail",
            "volunteers.Application",
        )
    ]
    unguarded = [model for model in guarded if not getattr(model._meta, "triggers", [])]
    assert unguarded == []
