"""The foundation as a Django app."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

from lotsen_portal.celery import app as celery_app

__all__ = ["PortalConfig", "celery_app"]  # tasks find their broker by this app


class PortalConfig(AppConfig):
    """Fills the office's site once all models are there."""

    name = "lotsen_portal"
    verbose_name = "Portal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let every app add its pages and its retention rules."""
        autodiscover_modules("admin", "privacy")
