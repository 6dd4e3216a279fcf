from django.apps import AppConfig

from lotsen_portal import access


class PortalConfig(AppConfig):
    name = "lotsen_portal"
    verbose_name = "Portal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the table of rights who works in the office."""
        for role in access.OFFICE:
            access.ROLE_SOURCES[role] = lambda user, role=role: role in user.office_roles  # type: ignore[misc]
