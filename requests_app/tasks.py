"""What the clock may call; each task does nothing while another process is at it."""

from __future__ import annotations

from celery import shared_task

from lotsen_portal import clock
from lotsen_portal.tasks import alone
from requests_app import loads, workflow
from requests_app.takeover import desk


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def expire_offers() -> None:
    """End the offers whose deadline has passed; every few minutes."""
    with alone("requests_app.expire_offers") as free:
        while free and workflow.expire_offers(clock.now()):
            pass


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def follow_up() -> None:
    """Ask how appointments went, remind whoever is silent, settle what one side reported; every minute."""
    with alone("requests_app.follow_up") as free:
        while free and workflow.follow_up(clock.now()):
            pass


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def settle_loads() -> None:
    """Reckon the load of the last 90 days anew for everybody; each night."""
    with alone("requests_app.settle_loads") as free:
        if free:
            loads.settle_all()


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def carry_on_campaigns() -> None:
    """Take the next step of every search whose moment has come; each minute."""
    with alone("requests_app.carry_on_campaigns") as free:
        if free:
            workflow.carry_on_campaigns(clock.now())


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def give_up_searches() -> None:
    """Say "nobody found" while the requester can still act; every few minutes."""
    with alone("requests_app.give_up_searches") as free:
        while free and workflow.give_up_searches(clock.now()):
            pass


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def take_over() -> None:
    """Go on with the spreadsheets that wait to be checked, written or taken back; each minute, and nudged."""
    with alone("requests_app.take_over") as free:
        while free and desk.carry_on(clock.now()):
            pass
