import json
import logging

import pytest
import structlog
from django.conf import settings
from django.urls import reverse


@pytest.fixture
def lines():
    """Collect what the log's own handler would write, line by line."""
    written = []
    made = settings.LOGGING["formatters"]["json"]
    formatter = structlog.stdlib.ProcessorFormatter(
        processors=made["processors"], foreign_pre_chain=made["foreign_pre_chain"]
    )

    class Kept(logging.Handler):
        def emit(self, record):
            written.append(json.loads(formatter.format(record)))

    handler = Kept()
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


def test_a_line_holds_its_event_and_its_numbers(lines):
    structlog.get_logger("lotsen_portal.outbox").warning("mail_failed", mail=17)
    (line,) = lines
    assert line.pop("timestamp").endswith("Z")
    assert line == {"event": "mail_failed", "level": "warning", "logger": "lotsen_portal.outbox", "mail": 17}


def test_a_request_is_logged_by_its_view_since_its_path_may_be_a_link(lines, client, db):
    client.get("/lotse/antwort/a-secret-token/")
    assert "a-secret-token" not in json.dumps(lines)


def test_a_method_refused_is_logged_with_view_and_status(lines, client):
    client.post(reverse("health"))
    (line,) = [line for line in lines if line["logger"] == "django.request"]
    assert (line["event"], line["view"], line["status"]) == ("request", "health", 405)


def test_an_exception_is_logged_without_its_words(lines):
    try:
        raise ValueError("Frau Muster, 0170 1234567")
    except ValueError:
        logging.getLogger("celery").exception("task failed")
        structlog.get_logger("portal").exception("failed")
    assert "Muster" not in json.dumps(lines)
    assert [line["exception"][0] for line in lines] == ["builtins.ValueError", "builtins.ValueError"]
