"""What a mail is made of: subject, text and HTML from two templates of one name, and a calendar entry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.template.backends.django import DjangoTemplates
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from lotsen_portal.models import Programme


@dataclass(frozen=True)
class Attachment:
    """An iCalendar part; the method is that of its content, such as REQUEST or CANCEL."""

    content: str
    method: str
    filename: str = "termin.ics"


@dataclass(frozen=True)
class Message:
    """What a mail function wrote. `on_sent` gets the moment of hand-over, in its transaction."""

    subject: str
    text: str
    html: str
    calendar: Attachment | None = None
    on_sent: Callable[[datetime], None] | None = None


def render(name: str, context: dict[str, Any], language: str) -> tuple[str, str, str]:
    """Return subject, text and HTML of templates/mail/<name>.txt (line one is the subject) and .html."""
    full = {"programme": Programme.current(), "site_url": settings.SITE_URL, **context}
    with translation.override(language):
        plain = _text_engine().get_template(f"mail/{name}.txt").render(full)
        subject, _newline, text = plain.lstrip().partition("\n")
        return " ".join(subject.split()), text.strip() + "\n", render_to_string(f"mail/{name}.html", full)


def address(name: str, *args: object, language: str) -> str:
    """The full address of a page, in the reader's language."""
    with translation.override(language):
        return settings.SITE_URL.rstrip("/") + reverse(name, args=args)


@lru_cache(maxsize=1)
def _text_engine() -> DjangoTemplates:
    first = settings.TEMPLATES[0]
    kept = {key: value for key, value in first.get("OPTIONS", {}).items() if key in {"libraries", "builtins"}}
    return DjangoTemplates(
        {
            "NAME": "mail_text",
            "DIRS": first["DIRS"],
            "APP_DIRS": True,
            "OPTIONS": {**kept, "autoescape": False},
        }
    )
