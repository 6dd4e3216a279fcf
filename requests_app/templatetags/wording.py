"""Words for states and times in templates: {% load wording %}."""

from __future__ import annotations

from django import template

from requests_app import wording
from requests_app.models import AssistanceRequest

register = template.Library()

register.filter("request_label", wording.request_label)
register.filter("offer_label", wording.offer_label)
register.filter("assignment_label", wording.assignment_label)
register.filter("proposed", wording.appointment_of)


@register.filter
def appointment(assistance: AssistanceRequest) -> str:
    """When a request is, in words; a sentence where no time is chosen."""
    return wording.time_of(assistance)
