"""The whole site on one page. Apps are named as strings; German pages have no prefix."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from lotsen_portal import office, public, views

handler500 = "lotsen_portal.views.server_error"

urlpatterns = [
    path("koordination/", office.site.urls),
    path("sprache/", login_not_required(set_language), name="set_language"),
    path("healthz", views.health, name="health"),
    path("readyz", views.ready, name="ready"),
    path("metrics", views.metrics, name="metrics"),
]

urlpatterns += i18n_patterns(
    path("", public.landing, name="landing"),
    path("impressum/", public.imprint, name="imprint"),
    path("datenschutz/", public.privacy_notice, name="privacy"),
    path("barrierefreiheit/", public.accessibility, name="accessibility"),
    path("weiter/", views.onward, name="onward"),
    path("rolle/", views.switch_role, name="switch_role"),
    path("konto/", include("allauth.urls")),
    path("", include("requests_app.urls_public")),
    path("einrichtung/", include("requests_app.urls_institution")),
    path("lotse/", include("requests_app.urls_volunteer")),
    path("lotse/", include("volunteers.urls_lotse")),
    path("", include("volunteers.urls_public")),
    prefix_default_language=False,
)
