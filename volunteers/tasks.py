"""What the clock may call; each task does nothing while another process is at it."""

from __future__ import annotations

from celery import shared_task

from lotsen_portal import clock
from lotsen_portal.tasks import alone
from volunteers import papers, recruitment


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def resume_pauses() -> None:
    """End the pauses whose last day is over; each hour, so that a worker that slept catches up."""
    with alone("volunteers.resume_pauses") as free:
        while free and recruitment.resume_due(clock.now()):
            pass


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def announce_endings() -> None:
    """Tell people whose papers end; each morning."""
    with alone("volunteers.announce_endings") as free:
        if free:
            papers.announce_endings(clock.now())
