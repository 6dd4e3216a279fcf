"""Django's entry to the app."""

from django.apps import AppConfig


class RequestsConfig(AppConfig):
    """The app of requests and of what becomes of them."""

    name = "requests_app"
    verbose_name = "Anfragen"
