"""The office's site: its door, its own pages and the base of its stock admin pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from allauth.mfa.utils import is_mfa_enabled
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite, ModelAdmin, ShowFacets
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.shortcuts import render as django_render
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect

from lotsen_portal import access, audit, clock

Page = Callable[..., HttpResponseBase]

if TYPE_CHECKING:
    _AnyModelAdmin = ModelAdmin[Any]
else:
    _AnyModelAdmin = ModelAdmin  # generic for the type checker only


class OfficeSite(AdminSite):
    """The site under /koordination/: own pages beside the stock admin's, behind one door."""

    site_title = site_header = "Koordination"
    index_title = "Was jetzt zu entscheiden ist"
    enable_nav_sidebar = False

    def __init__(self, name: str = "office") -> None:
        super().__init__(name)
        self.index_view: Page | None = None
        self._pages: list[URLPattern] = []

    def page(self, route: str, view: Page, name: str) -> None:
        """Add a page of our own; it is found as "office:<name>" and open to the office only."""
        self._pages.append(path(route, self.admin_view(view), name=name))

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Return our pages, then the stock ones without their password pages, which allauth has."""
        stock = [url for url in super().get_urls() if not _is_password_page(url)]
        return [*self._pages, *stock]

    def has_permission(self, request: HttpRequest) -> bool:
        """Say whether this person works in the office."""
        return bool(access.OFFICE & access.roles(request.user))

    def admin_view(self, view: Page, cacheable: bool = False) -> Any:  # noqa: FBT001, FBT002 - Django's
        """Close a view: sign-in, an office role (others 404), a second factor, CSRF and no caching."""

        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if _lacks_second_factor(request):
                messages.warning(
                    request,
                    "Für die Koordination brauchen Sie einen zweiten Faktor. Bitte richten Sie ihn ein.",
                )
                return redirect("mfa_activate_totp")
            request.current_app = self.name
            return view(request, *args, **kwargs)

        inner = access.only(*access.OFFICE)(csrf_protect(guarded))
        return inner if cacheable else never_cache(inner)

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Send people to the portal's sign-in; a signed-in stranger finds nothing here."""
        if not request.user.is_authenticated:
            wanted = request.GET.get("next") or reverse("office:index")
            return redirect(f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': wanted})}")
        if not self.has_permission(request):
            raise Http404
        return redirect("office:index")

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Send people to the portal's sign-out."""
        return redirect("account_logout")

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Show the work queue, which the requests app sets as `index_view`."""
        if self.index_view is None:
            return super().index(request, extra_context)
        return self.index_view(request)


site = OfficeSite()


def render(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Render a page of our own with what the site's templates expect."""
    return django_render(request, template, {**site.each_context(request), **(context or {})}, status=status)


class OfficeAdmin(_AnyModelAdmin):
    """A stock page of the office: rights from the one table, deeds into our log, inputs the browser knows."""

    formfield_overrides = {
        models.DateField: {"widget": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})},
        models.URLField: {"assume_scheme": "https"},
        models.TimeField: {"widget": forms.TimeInput(format="%H:%M", attrs={"type": "time"})},
        models.DateTimeField: {
            "form_class": forms.DateTimeField,
            "widget": forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        },
    }
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    list_per_page = 50

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Show the list; a filter that the database cannot even be asked about narrows nothing."""
        if any("\0" in value for values in request.GET.lists() for value in values[1]):
            return redirect(request.path)
        return super().changelist_view(request, extra_context)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Ask the table of rights."""
        return self._may(request, "view") or self._may(request, "change")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Ask the table of rights."""
        return self._may(request, "add")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Ask the table of rights."""
        return self._may(request, "change")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Ask the table of rights."""
        return self._may(request, "delete")

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Ask the table of rights."""
        return self._may(request, "view")

    def response_action(self, request: HttpRequest, queryset: Any, *where: Any) -> HttpResponse | None:
        """Do what was chosen for the ticked rows; a tick that is no number is nobody's row."""
        for number in request.POST.getlist(ACTION_CHECKBOX_NAME):
            try:
                self.opts.pk.to_python(number)
            except ValidationError:
                raise Http404 from None
        return super().response_action(request, queryset, *where)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:  # type: ignore[override]
        """Write our log, since Django's keeps names in clear."""
        self._record(request, "add", obj)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:  # type: ignore[override]
        """Write our log: which fields, never their values."""
        fields = [field for part in message for field in part.get("changed", {}).get("fields", [])]
        self._record(request, "change", obj, after="+".join(self._column(field) for field in fields)[:60])

    def log_deletions(self, request: HttpRequest, queryset: Any) -> None:  # type: ignore[override]
        """Write our log."""
        for obj in queryset:
            self._record(request, "delete", obj)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show our log of this record."""
        if self.get_object(request, object_id) is None or not self.has_view_permission(request):
            raise Http404
        wanted = urlencode({"kind": str(self.opts.model_name), "number": object_id})
        return redirect(f"{reverse('office:lotsen_portal_logentry_changelist')}?{wanted}")

    def _may(self, request: HttpRequest, action: str) -> bool:
        return access.may(request.user, action, self.opts.label_lower)

    def _column(self, label: str) -> str:
        # Django reports labels; the log holds single words.
        columns = {str(field.verbose_name).casefold(): field.name for field in self.opts.fields}
        return columns.get(label.casefold(), "field")

    def _record(self, request: HttpRequest, action: str, obj: Any, after: str = "") -> None:
        actor = audit.Actor.office(access.person(request))
        kind = str(self.opts.model_name)
        audit.record(actor, action, kind=kind, number=obj.pk, after=after, at=clock.now())


def _lacks_second_factor(request: HttpRequest) -> bool:
    return settings.REQUIRE_OFFICE_MFA and not is_mfa_enabled(access.person(request))


def _is_password_page(url: URLPattern | URLResolver) -> bool:
    return isinstance(url, URLPattern) and url.name in {"password_change", "password_change_done"}
