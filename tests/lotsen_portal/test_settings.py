"""The whole start under production settings, in processes of their own."""

import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from lotsen_portal.celery import app
from lotsen_portal.environment import WrongSetting
from tests.production import PRODUCTION

ROOT = Path(__file__).resolve().parents[2]


def manage(*command, **changes):
    """Run manage.py with production settings and these changes; None takes a variable away."""
    env = {"PATH": os.environ["PATH"], "PYTHONWARNINGS": "error", **PRODUCTION, **changes}
    env = {name: value for name, value in env.items() if value is not None}
    arguments = [sys.executable, "manage.py", *command]
    return subprocess.run(
        arguments, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120, check=False
    )


def test_the_deployment_check_has_nothing_to_say():
    done = manage("check", "--deploy", "--fail-level", "DEBUG")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "System check identified no issues (0 silenced).\n"


def test_a_missing_variable_stops_the_start_without_a_traceback():
    done = manage("check", SECRET_KEY=None)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "Die Einstellung SECRET_KEY fehlt: "
        "Bitte setzen Sie die Umgebungsvariable SECRET_KEY oder SECRET_KEY_FILE.\n"
    )


@pytest.fixture
def settings_with(monkeypatch):
    """Run the settings file under production values with one changed; None takes it away."""

    def run(name, value):
        for variable in list(os.environ):
            if variable.removesuffix("_FILE") in PRODUCTION:
                monkeypatch.delenv(variable)
        for variable, given in {**PRODUCTION, name: value}.items():
            if given is not None:
                monkeypatch.setenv(variable, given)
        return runpy.run_path(str(ROOT / "lotsen_portal" / "settings.py"))

    return run


@pytest.mark.parametrize("name", [name for name in PRODUCTION if name != "TRUSTED_PROXY"])
def test_every_missing_variable_is_named(settings_with, name):
    with pytest.raises(WrongSetting, match=f"^Die Einstellung {name} fehlt: "):
        settings_with(name, None)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "sqlite:///portal.db"),
        ("FIELD_KEYS", "kein-schluessel"),
        ("SECRET_KEY", "kurz"),
        ("SITE_URL", "lotsen.example"),
        ("TRUSTED_PROXY", "ja"),
    ],
)
def test_every_malformed_variable_is_named_in_one_sentence(settings_with, name, value):
    with pytest.raises(WrongSetting, match=rf"^Die Einstellung {name} ist [^\n]+\.$"):
        settings_with(name, value)


def test_cookies_travel_by_https_only_where_the_site_does(settings_with):
    safe = settings_with("SITE_URL", "https://lotsen.example")
    local = settings_with("SITE_URL", "http://localhost:8000")
    names = ["SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "LANGUAGE_COOKIE_SECURE", "SECURE_SSL_REDIRECT"]
    assert [safe[name] for name in names] == [True] * 4
    assert [local[name] for name in names] == [False] * 4


def test_only_a_trusted_proxy_may_say_that_a_request_came_by_https(settings_with):
    assert settings_with("TRUSTED_PROXY", "0")["SECURE_PROXY_SSL_HEADER"] is None
    assert settings_with("TRUSTED_PROXY", "1")["SECURE_PROXY_SSL_HEADER"] == (
        "HTTP_X_FORWARDED_PROTO",
        "https",
    )


def test_forms_may_lead_to_the_single_sign_on_where_there_is_one(settings_with, monkeypatch):
    monkeypatch.setenv("OIDC_CLIENT_ID", "portal")
    monkeypatch.setenv("OIDC_CLIENT_SECRET", "geheim")
    made = settings_with("OIDC_SERVER_URL", "https://sso.example/realms/stadt")
    assert made["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]["form-action"] == ["'self'", "https://sso.example"]
    (provider,) = made["SOCIALACCOUNT_PROVIDERS"]["openid_connect"]["APPS"]
    assert provider["settings"] == {"server_url": "https://sso.example/realms/stadt"}


def test_every_entry_of_the_clock_is_a_task_that_a_worker_knows():
    app.loader.import_default_modules()
    wanted = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert wanted <= set(app.tasks)


def test_every_page_carries_the_strict_content_security_policy(client):
    policy = client.get("/healthz").headers["Content-Security-Policy"]
    assert dict(part.strip().split(" ", 1) for part in policy.split(";")) == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "font-src": "'self'",
        "connect-src": "'self'",
        "img-src": "'self' data:",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }


def test_the_demo_has_no_page_outside_the_demo(client, db):
    assert [client.get(path).status_code for path in ("/demo/", "/demo/postfach/")] == [404, 404]
