"""Words for states and times in templates: {% load wording %}."""

from __future__ import annotations

from django import template
from django.conf import settings

from requests_app import facts, office_words, wording
from requests_app.models import AssistanceRequest

register = template.Library()

register.filter("days", office_words.days)
register.filter("calls", facts.calls)
register.filter("request_label", wording.request_label)
register.filter("offer_label", wording.offer_label)
register.filter("assignment_label", wording.assignment_label)
register.filter("proposed", wording.appointment_of)


@register.filter
def appointment(assistance: AssistanceRequest) -> str:
    """When a request is, in words; a sentence where no time is chosen."""
    return wording.time_of(assistance)


@register.filter
def in_own_language(code: str) -> str:
    """The name of a language of the pages, as its readers call it; the code where there is no such name."""
    return dict(settings.LANGUAGES).get(code, code)
