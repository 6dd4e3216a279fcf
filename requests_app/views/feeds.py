"""Calendars to subscribe to, and the pages on which their secret addresses are shown and renewed."""

from __future__ import annotations

import re
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lotsen_portal import access, clock, links, office
from lotsen_portal.access import Role
from lotsen_portal.audit import Actor
from lotsen_portal.desk import actor, coordinators
from lotsen_portal.models import Purpose, User
from lotsen_portal.secret import AN_HOUR, CLOSED, GUESSES_AN_HOUR, TOO_MANY
from requests_app import feeds
from requests_app.feeds import Feed
from requests_app.mails import address
from requests_app.views.volunteer import of_volunteers, unstored
from volunteers.models import Volunteer

reads_and_posts = require_http_methods(["GET", "HEAD", "POST"])


def _sent(request: HttpRequest, feed: Feed) -> HttpResponseBase:
    """The calendar, or that nothing changed; a calendar program asks again each time."""
    changed = int(feed.changed_at.timestamp())
    # Typed for responses only; None means that something changed.
    unchanged = cast(
        HttpResponseBase | None, get_conditional_response(request, etag=feed.etag, last_modified=changed)
    )
    response = unchanged or HttpResponse(feed.write(), content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, no-cache"
    response["ETag"] = feed.etag
    response["Last-Modified"] = http_date(changed)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _closed(request: HttpRequest, problem: links.LinkError) -> HttpResponse:
    """One sentence, since a program reads it; whoever tries many gets a pause."""
    _why, status = CLOSED[type(problem)]
    if not access.throttle(request, "calendar", GUESSES_AN_HOUR, AN_HOUR):
        status = TOO_MANY
    sentence = _("Diese Kalender-Adresse gilt nicht. Eine neue finden Sie auf Ihrer Seite im Portal.")
    response = HttpResponse(sentence, content_type="text/plain; charset=utf-8", status=status)
    response["Cache-Control"] = "no-store, private"
    return response


@login_not_required
@require_safe
def lotse_feed(request: HttpRequest, token: str) -> HttpResponseBase:
    """The calendar of one volunteer, for whoever knows its address."""
    now = clock.now()
    try:
        link = links.read(token, Purpose.CALENDAR, now)
    except links.LinkError as problem:
        return _closed(request, problem)
    volunteer = Volunteer.objects.filter(pk=link.holder).first()
    if volunteer is None:
        return _closed(request, links.LinkRevoked(link))
    with translation.override(volunteer.mail_language):
        return _sent(request, feeds.of_volunteer(volunteer, now=now))


@login_not_required
@require_safe
def office_feed(request: HttpRequest, token: str) -> HttpResponseBase:
    """The calendar of the whole city, for a coordinator who is still one."""
    now = clock.now()
    try:
        link = links.read(token, Purpose.OFFICE_CALENDAR, now)
    except links.LinkError as problem:
        return _closed(request, problem)
    user = User.objects.filter(pk=link.holder, is_active=True).first()
    if user is None or Role.COORDINATOR not in access.roles(user):
        return _closed(request, links.LinkRevoked(link))
    with translation.override("de"):
        return _sent(request, feeds.of_office(now=now))


def _addresses(name: str, token: str) -> dict[str, str]:
    """The address to copy, and the one that calendar programs open by themselves; both "" without a token."""
    shown = address(name, token, language="de") if token else ""
    return {"address": shown, "webcal": re.sub(r"^https?:", "webcal:", shown)}


@of_volunteers
@unstored
@reads_and_posts
def lotse_calendar(request: HttpRequest) -> HttpResponse:
    """Show the volunteer the own secret address; POST makes it, or another one."""
    volunteer = Volunteer.objects.get(user=cast(User, request.user))
    if request.method == "POST":
        by = Actor.volunteer(volunteer.pk)
        feeds.renew(Purpose.CALENDAR, volunteer, by=by, now=clock.now())
        messages.success(request, _("Ihre Kalender-Adresse ist da. Eine frühere gilt nicht mehr."))
        return redirect("lotse_calendar")
    token = feeds.token(Purpose.CALENDAR, volunteer.pk)
    context = _addresses("lotse_feed", token)
    return render(request, "requests_app/volunteer/calendar.html", context)


@coordinators
@reads_and_posts
def office_calendar(request: HttpRequest) -> HttpResponse:
    """Show a coordinator the own secret address; POST makes it, or another one."""
    user = access.person(request)
    if request.method == "POST":
        feeds.renew(Purpose.OFFICE_CALENDAR, user, by=actor(request), now=clock.now())
        messages.success(request, "Ihre Kalender-Adresse ist da. Eine frühere gilt nicht mehr.")
        return redirect("office:calendar")
    token = feeds.token(Purpose.OFFICE_CALENDAR, user.pk)
    context = _addresses("office_feed", token)
    return office.render(request, "requests_app/office/calendar.html", context)
