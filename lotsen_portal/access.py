"""Who may do what: roles, the one table of rights, the doors of views, and a throttle for public forms."""

from __future__ import annotations

import functools
import hashlib
import hmac
import ipaddress
from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, Final, ParamSpec, cast

import structlog
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from redis.exceptions import RedisError

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from lotsen_portal.models import User

log = structlog.get_logger(__name__)

Args = ParamSpec("Args")
View = Callable[Concatenate[HttpRequest, Args], HttpResponseBase]


class Role(StrEnum):
    """What a signed-in person can act as, in order of preference; one person may hold several."""

    COORDINATOR = "coordinator"
    HEAD = "head"
    ADMINISTRATOR = "administrator"
    MANAGER = "manager"
    MEMBER = "member"
    VOLUNTEER = "volunteer"

    @property
    def label(self) -> Promise:
        """The role's name on the screen."""
        return ROLE_NAMES[self]


ROLE_NAMES: Final[dict[Role, Promise]] = {
    Role.COORDINATOR: _("Koordination"),
    Role.HEAD: _("Leitung"),
    Role.ADMINISTRATOR: _("Verwaltung des Portals"),
    Role.MANAGER: _("Einrichtung (Leitung)"),
    Role.MEMBER: _("Einrichtung"),
    Role.VOLUNTEER: _("Integrationslotsin oder Integrationslotse"),
}

OFFICE: Final = frozenset({Role.COORDINATOR, Role.HEAD, Role.ADMINISTRATOR})

# The rows that give a person a role, with the account as a reference; each app adds its own when it is ready.
ROLE_SOURCES: dict[Role, Callable[[OuterRef], QuerySet[Any]]] = {}

_VIEW_BY_ALL = {"view": OFFICE}
_MACHINERY = {action: frozenset({Role.ADMINISTRATOR}) for action in ("view", "add", "change", "delete")}
_CATALOGUE = {
    "view": OFFICE,
    **{action: frozenset({Role.COORDINATOR, Role.ADMINISTRATOR}) for action in ("add", "change", "delete")},
}

# Model label -> action -> roles, for the stock admin pages. What is not here, nobody may.
RIGHTS: dict[str, dict[str, frozenset[Role]]] = {
    "lotsen_portal.programme": {
        "view": OFFICE,
        "change": frozenset({Role.COORDINATOR, Role.ADMINISTRATOR}),
    },
    "lotsen_portal.programmetext": _CATALOGUE,
    "lotsen_portal.closingday": _CATALOGUE,
    "lotsen_portal.schoolholiday": _CATALOGUE,
    "lotsen_portal.fundingsource": _CATALOGUE,
    "lotsen_portal.user": {"view": OFFICE, "add": _MACHINERY["add"], "change": _MACHINERY["change"]},
    "lotsen_portal.officerole": _MACHINERY,
    "lotsen_portal.outgoingmail": {"view": OFFICE, "resend": _CATALOGUE["change"]},
    "lotsen_portal.logentry": _VIEW_BY_ALL,
    "lotsen_portal.accesslog": {"view": frozenset({Role.HEAD, Role.ADMINISTRATOR})},
}


def grant_catalogue(*labels: str) -> None:
    """Let all of the office read these models, coordinators and administrators edit them."""
    RIGHTS.update(dict.fromkeys(labels, _CATALOGUE))


def grant_kept(*labels: str) -> None:
    """The same for models whose rows are turned off and never deleted."""
    kept = {action: allowed for action, allowed in _CATALOGUE.items() if action != "delete"}
    RIGHTS.update(dict.fromkeys(labels, kept))


def roles(user: User | AnonymousUser) -> frozenset[Role]:
    """Return the roles this person holds now; none if anonymous or inactive.

    One statement for all sources, asked once per instance.
    """
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    if user.known_roles is None:
        user.known_roles = _roles_held(user)
    return user.known_roles


def _roles_held(user: User) -> frozenset[Role]:
    sql, params = _statement(user.__class__, tuple(ROLE_SOURCES.values()))
    with connection.cursor() as cursor:
        cursor.execute(sql, (*params, user.pk))
        held = cursor.fetchone() or ()
    return frozenset(role for role, holds in zip(ROLE_SOURCES, held, strict=False) if holds)


@functools.cache
def _statement(
    users: type[User], sources: tuple[Callable[[OuterRef], QuerySet[Any]], ...]
) -> tuple[str, tuple[Any, ...]]:
    """The statement with all its parameters but the last, the account's number.

    Every page asks it, and to put it together takes six times as long as to have it answered.
    """
    rows = [Exists(source(OuterRef("pk"))) for source in sources]
    asked = users.objects.order_by().filter(pk=0).values_list(*rows)
    sql, params = asked.query.sql_with_params()
    return sql, tuple(params[:-1])


def person(request: HttpRequest) -> User:
    """Return the account behind a request that is signed in, as it is past every closed door."""
    return cast("User", request.user)


def acting_role(request: HttpRequest) -> Role | None:
    """Return the role this request acts in: the page's, else the one chosen in the header, else the first."""
    held = roles(request.user)
    for wish in (getattr(request, "role_of_page", None), request.session.get("role")):
        if wish in held:
            return Role(cast(str, wish))
    return next(iter(ordered_roles(request)), None)


def ordered_roles(request: HttpRequest) -> list[Role]:
    """Return the roles this person can switch between, in order of preference."""
    held = roles(request.user)
    return [role for role in Role if role in held]


def only(*allowed: Role) -> Callable[[View[Args]], View[Args]]:
    """Open a view to these roles; a signed-in stranger gets 404, an anonymous one the sign-in page.

    Whoever holds one of the roles but acts in another one is taken to act in the page's role.
    """

    def decorate(view: View[Args]) -> View[Args]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: Args.args, **kwargs: Args.kwargs) -> HttpResponseBase:
            acting = acting_role(request)
            if acting not in allowed:
                acting = next(
                    (role for role in Role if role in allowed and role in roles(request.user)), None
                )
            if acting is None:
                raise Http404
            request.role_of_page = acting  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def may(user: User | AnonymousUser, action: str, label: str) -> bool:
    """Say whether a role of the person allows an action on a model (label in lower case)."""
    return bool(RIGHTS.get(label, {}).get(action, frozenset()) & roles(user))


def has_perm(user: User, permission: str) -> bool:
    """Answer Django's question for a permission such as "volunteers.change_language" from the table."""
    app, _dot, codename = permission.partition(".")
    action, _dash, model = codename.partition("_")
    return may(user, action, f"{app}.{model}")


def has_module_perms(user: User, app: str) -> bool:
    """Say whether the person may view anything of this app on the stock admin pages."""
    return any(may(user, "view", label) for label in RIGHTS if label.startswith(f"{app}."))


def client_address(request: HttpRequest) -> str:
    """Return the sender's network address: behind n trusted proxies the n-th from the right of those noted.

    An IPv6 sender is its /64 network, since one line has all of it.
    """
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    trusted = settings.TRUSTED_PROXY
    seen = hops[-trusted] if trusted and len(hops) >= trusted else request.META.get("REMOTE_ADDR", "")
    try:
        address = ipaddress.ip_address(seen)
    except ValueError:
        return ""
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def throttle(request: HttpRequest, bucket: str, limit: int, seconds: int) -> bool:
    """Say whether this sender may go on: at most `limit` times in `seconds` for each bucket.

    Only a keyed hash of the address is kept. Where the cache is down, everybody may.
    """
    sender = hmac.new(
        settings.INDEX_KEY.encode(), client_address(request).encode(), hashlib.sha256
    ).hexdigest()
    key = f"throttle:{bucket}:{sender}"
    try:
        cache.add(key, 0, seconds)
        return cache.incr(key) <= limit
    except ValueError:  # the key ended between the two calls
        return True
    except (RedisError, OSError) as error:
        log.warning("throttle_unavailable", bucket=bucket, error=type(error).__name__)
        return True
