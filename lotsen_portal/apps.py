"""The foundation as a Django app."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

from lotsen_portal import access
from lotsen_portal.celery import app as celery_app

__all__ = ["PortalConfig", "celery_app"]  # tasks find their broker by this app


class PortalConfig(AppConfig):
    """Fills the table of rights and the office's site once all models are there."""

    name = "lotsen_portal"
    verbose_name = "Portal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say who works in the office; let every app add its pages and its retention rules."""
        for role in access.OFFICE:
            access.ROLE_SOURCES[role] = lambda user, role=role: user.office_role_rows.filter(role=role)  # type: ignore[misc]
        autodiscover_modules("admin", "privacy")
