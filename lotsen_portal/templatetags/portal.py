"""Tags and filters that the portal's own pages share; they know names of URLs, never of apps' code."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.template.context import Context
from django.urls import NoReverseMatch, reverse, translate_url
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info, get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header

register = template.Library()

# A state's colour; the word beside it always says the same.
TONES: Final = {
    "success": "confirmed accepted agreed took_place active sent phoned valid",
    "info": "new offered pending willing waiting in_training applicant",
    "warning": "open expired phone paused urgent changed cancelled_late other",
    "danger": "unfilled dead lotse_absent client_absent overdue failed",
}
_TONE_OF: Final = {state: tone for tone, states in TONES.items() for state in states.split()}


@dataclass(frozen=True)
class LanguageLink:
    """One entry of the language switch: the same page in another language."""

    code: str
    name: str
    direction: str
    url: str
    current: bool


@register.filter
def tone(state: object) -> str:
    """Return the badge colour of a state: success, info, warning, danger or neutral."""
    return _TONE_OF.get(str(state), "neutral")


@register.filter
def at(items: Sequence[Any], position: int) -> Any:
    """Return the item at a position, or an empty string behind the end."""
    return items[position] if position < len(items) else ""


@register.filter
def is_pair(cell: object) -> bool:
    """Say whether a table's cell is a pair of text and address."""
    return isinstance(cell, tuple) and len(cell) == 2


@register.filter
def tel(number: str) -> str:
    """Return a telephone number for a tel: link; a German number without country code gets +49."""
    digits = re.sub(r"[^\d+]", "", number or "")
    if digits.startswith("00"):
        return "+" + digits[2:]
    return "+49" + digits[1:] if digits.startswith("0") else digits


@register.simple_tag(takes_context=True)
def nav_link(context: Context, name: str, label: str, *args: Any, exact: bool = False) -> SafeString:
    """Return a list item that leads to a named URL and says whether it is the current page.

    A name that the running configuration does not have gives an empty string, so that the frame stands
    while an app is left out.
    """
    try:
        url = reverse(name, args=args)
    except NoReverseMatch:
        return SafeString("")
    request: HttpRequest | None = context.get("request")
    path = request.path if request else ""
    here = path == url if exact else path.startswith(url)
    current = SafeString(' aria-current="page"') if here else ""
    return format_html('<li><a class="lp-nav__link" href="{}"{}>{}</a></li>', url, current, label)


@register.simple_tag(takes_context=True)
def language_links(context: Context) -> list[LanguageLink]:
    """Return the current page in every language; empty where the page exists in one language only."""
    request: HttpRequest | None = context.get("request")
    if request is None:
        return []
    path, current = request.get_full_path(), get_language()
    links = [
        LanguageLink(
            code=code,
            name=str(get_language_info(code)["name_local"]),
            direction="rtl" if get_language_info(code)["bidi"] else "ltr",
            url=path if code == current else translate_url(path, code),
            current=code == current,
        )
        for code, _name in settings.LANGUAGES
    ]
    return links if len({link.url for link in links}) == len(links) else []


@register.simple_tag(takes_context=True)
def offered_language(context: Context) -> LanguageLink | None:
    """Return the page in the language the browser asks for first, if that is not the one shown."""
    request: HttpRequest | None = context.get("request")
    if request is None:
        return None
    for wanted, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        try:
            code = get_supported_language_variant(wanted)
        except LookupError:
            continue
        return next(
            (link for link in language_links(context) if link.code == code and not link.current), None
        )
    return None
