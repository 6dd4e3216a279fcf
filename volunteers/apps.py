"""Django's entry to the app."""

from django.apps import AppConfig


class VolunteersConfig(AppConfig):
    """The app of the people who help."""

    name = "volunteers"
    verbose_name = "Freiwillige"
