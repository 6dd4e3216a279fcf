"""What the clock may call; each task does nothing while another process is at it."""

from __future__ import annotations

from celery import shared_task

from lotsen_portal import clock
from lotsen_portal.tasks import alone
from requests_app import loads, workflow


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def expire_offers() -> None:
    """End the offers whose deadline has passed; every few minutes."""
    with alone("requests_app.expire_offers") as free:
        while free and workflow.expire_offers(clock.now()):
            pass


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def settle_loads() -> None:
    """Reckon the load of the last 90 days anew for everybody; each night."""
    with alone("requests_app.settle_loads") as free:
        if free:
            loads.settle_all()
