"""A portal with a demo city on this machine."""

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Start the demo."""
