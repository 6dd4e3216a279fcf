"""Doors that belong to nobody's pages: the way to one's own home, the role switch, and what operators ask."""

from __future__ import annotations

import hmac
import sys
from datetime import timedelta
from typing import Final

import structlog
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import get_template
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.http import require_POST, require_safe
from redis import Redis
from redis.exceptions import RedisError

from lotsen_portal import access, clock, outbox
from lotsen_portal.access import Role
from lotsen_portal.models import MailState, OutgoingMail

log = structlog.get_logger(__name__)

# Names of pages, since the foundation knows no app.
HOMES: Final[dict[Role, str]] = {
    Role.COORDINATOR: "office:index",
    Role.HEAD: "office:index",
    Role.ADMINISTRATOR: "office:index",
    Role.MANAGER: "own_requests",
    Role.MEMBER: "own_requests",
    Role.VOLUNTEER: "lotse_home",
}

# A mail that has waited longer than this means that no worker runs or that the mail server refuses us.
LATE: Final = timedelta(minutes=15)
RETRY_AFTER_SECONDS: Final = 60


@require_safe
def onward(request: HttpRequest) -> HttpResponse:
    """Lead a signed-in person to the home of the role they act in."""
    role = access.acting_role(request)
    if role is None:
        messages.info(request, _("Ihr Konto ist noch nicht freigeschaltet. Bitte melden Sie sich bei uns."))
        return redirect("landing")
    return redirect(HOMES[role])


@require_POST
def switch_role(request: HttpRequest) -> HttpResponse:
    """Act in another of one's own roles from now on; 404 for a role one does not have."""
    wanted = request.POST.get("role", "")
    if wanted not in access.roles(request.user):
        raise Http404
    request.session["role"] = wanted
    return redirect("onward")


@login_not_required
@never_cache
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Say that the process answers; asks nobody else."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Say whether all parts work, for whoever watches the portal: 503 if the database or the broker does not
    answer or a mail has waited for over 15 minutes. Load balancers ask /healthz: without a broker the portal
    still serves, and its mail goes out later."""
    waiting = _oldest_waiting_seconds()
    parts = {
        "database": waiting is not None,
        "broker": _broker_answers(),
        "mail": waiting is not None and waiting <= LATE.total_seconds(),
    }
    body = {"ready": all(parts.values()), **parts, "oldest_unsent_mail_seconds": waiting}
    return JsonResponse(body, status=200 if body["ready"] else 503)


@login_not_required
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Give gauges in Prometheus' text format to whoever knows METRICS_TOKEN; 404 to others."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").encode()
    if not settings.METRICS_TOKEN or not hmac.compare_digest(given, settings.METRICS_TOKEN.encode()):
        raise Http404
    counted = OutgoingMail.objects.order_by("state").values_list("state").annotate(n=Count("pk"))
    by_state = dict.fromkeys(MailState.values, 0) | dict(counted)
    lines = ["# TYPE lotsenportal_mails gauge"]
    lines += [f'lotsenportal_mails{{state="{state}"}} {count}' for state, count in sorted(by_state.items())]
    for name, value in (
        ("oldest_unsent_mail_seconds", _oldest_waiting_seconds() or 0),
        ("broker_up", int(_broker_answers())),
    ):
        lines += [f"# TYPE lotsenportal_{name} gauge", f"lotsenportal_{name} {value}"]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; version=0.0.4; charset=utf-8")


def _oldest_waiting_seconds() -> int | None:
    """Return the age of the oldest unsent mail, 0 if there is none, None if the database does not answer."""
    try:
        age = outbox.oldest_waiting(clock.now())
    except DatabaseError as error:
        log.error("database_unavailable", error=type(error).__name__)
        connection.close()
        return None
    return 0 if age is None else int(age.total_seconds())


def _broker_answers() -> bool:
    try:
        with Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1) as broker:
            return bool(broker.ping())
    except (RedisError, OSError) as error:
        log.warning("broker_unavailable", error=type(error).__name__)
        return False


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """Answer what went wrong: 503 with a kind page while database or broker are away, else 500.

    Both pages need neither of them.
    """
    away = isinstance(sys.exc_info()[1], OperationalError | InterfaceError | RedisError)
    name, status = ("unavailable.html", 503) if away else ("500.html", 500)
    response = HttpResponse(get_template(name).render(), status=status)
    if away:
        response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response
