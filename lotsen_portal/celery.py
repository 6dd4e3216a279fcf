"""The worker's and the clock's entry: celery -A lotsen_portal worker, celery -A lotsen_portal beat."""

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lotsen_portal.settings")

app = Celery("lotsen_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect  # type: ignore[untyped-decorator]
def keep_our_logging(**_: Any) -> None:
    """Leave logging as Django's settings made it; that Celery is heard here keeps it from making its own."""
