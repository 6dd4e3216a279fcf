"""What becomes of a request by itself: the clock's plan, read off the tables, and who is in neither plan nor
work queue."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from lotsen_portal.models import MailState, OutgoingMail
from requests_app import undelivered, worklist
from requests_app.models import AssistanceRequest
from requests_app.states import FINAL, AssignmentState, CampaignState, OfferState

AT_ONCE = timedelta(minutes=15)
ALL = 10_000


def on_the_desk(now: datetime) -> set[str]:
    """The references that the work queue names, in its groups and among its mails and calls."""
    queue = worklist.groups(me=0, whose=worklist.EVERYBODY, now=now)
    named: set[str] = set()
    for slug, group in queue.items():
        if group.everybody > group.shown:
            group = worklist.groups(me=0, whose=worklist.EVERYBODY, only=slug, now=now)[slug]  # noqa: PLW2901
        members = [number for row in group.rows for number in row.members]
        named |= set(AssistanceRequest.objects.filter(pk__in=members).values_list("reference", flat=True))
    for pile in undelivered.piles(now=now, limit=ALL):
        named |= {mail.reference for mail in pile.mails}
    return named


def in_the_clocks_plan(assistance: AssistanceRequest, now: datetime, slack: timedelta = AT_ONCE) -> bool:
    """Whether something will happen without anybody: a deadline ends, a mail leaves, a search goes on, the
    appointment comes, a report is awaited. `slack` is how long ago the clock may have looked last."""
    since = now - slack
    unanswered = assistance.offers.unanswered()
    if unanswered.filter(
        Q(state=OfferState.PENDING.value, deadline__gt=since) | Q(waits_until__gt=since)
    ).exists():
        return True
    mails = OutgoingMail.objects.filter(state=MailState.WAITING, key__startswith="ask_")
    if mails.filter(ids__offer__in=list(unanswered.values_list("pk", flat=True))).exists():
        return True
    if assistance.campaigns.filter(state=CampaignState.RUNNING.value, next_at__gt=since).exists():
        return True
    agreed = assistance.assignments.filter(state=AssignmentState.AGREED.value)
    return agreed.filter(Q(period__endswith__gt=since) | Q(report_due__gt=since)).exists()


def forgotten(now: datetime, slack: timedelta = AT_ONCE) -> list[tuple[str, str]]:
    """Requests that have not ended, are on nobody's desk and will not go on by themselves."""
    named = on_the_desk(now)
    running = AssistanceRequest.objects.exclude(state__in=FINAL).order_by("pk")

    def goes_on(row: AssistanceRequest) -> bool:
        return row.reference in named or in_the_clocks_plan(row, now, slack)

    # A call that is under way carries on the request that it clears.
    return [
        (row.reference, row.state)
        for row in running
        if not goes_on(row) and not any(goes_on(call) for call in row.callbacks.running())
    ]
