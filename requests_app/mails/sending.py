"""What workflow and pages call: rows for the outbox, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from lotsen_portal import addresses, audit, clock, links, outbox
from lotsen_portal.models import MailState, OutgoingMail, Programme, Purpose
from lotsen_portal.outbox import MailFunction
from requests_app import details
from requests_app.mails.digests import put_question_down
from requests_app.mails.ground import LINK_LIVES, requester, status_token
from requests_app.mails.groups import ask_bundle, confirm_bundle, tell_dates_confirmed, thank_bundle
from requests_app.mails.requesters import tell_confirmed, tell_erased
from requests_app.mails.volunteers import confirm_volunteer, remind_volunteer, send_code, thank_not_needed
from requests_app.models import Assignment, AssistanceRequest, Offer
from requests_app.states import AssignmentState


def requester_address(assistance: AssistanceRequest) -> str:
    """The address of whoever filed a request, of the institution, or of the person who asked; "" for none."""
    reader, institution = requester(assistance), assistance.institution
    if reader:
        return reader.email
    return institution.email if institution else assistance.client_email


def requester_language(assistance: AssistanceRequest) -> str:
    """The language in which whoever filed a request reads; German where nobody said."""
    if reader := requester(assistance):
        return reader.language
    return (assistance.client_language if assistance.is_a_persons else "") or "de"


def make_status_link(assistance: AssistanceRequest, *, now: datetime) -> None:
    """Make the link behind which somebody without an account sees the own request, once.

    It has no end of its own: the page says when the request is over for long.
    """
    if not status_token(assistance):
        links.make(Purpose.STATUS, subject=assistance.pk, holder=assistance.pk, expires_at=None, now=now)


def send_to_requester(function: MailFunction, assistance: AssistanceRequest, *, now: datetime) -> None:
    """Tell whoever filed the request, else the institution or the person; without an address the office
    phones. A call that the office had made for a request has nobody to tell."""
    if assistance.callback_for_id is not None:
        return
    # A request may be reopened and end again in one version: the deed tells the second mail from the first.
    deed = audit.last_deed("assistance", assistance.pk)
    outbox.enqueue(
        function,
        key=f"{function.__qualname__}:{assistance.pk}:{assistance.version}:{deed}",
        to=requester_address(assistance),
        language=requester_language(assistance),
        ids={"assistance": assistance.pk},
        version=assistance.version,
        now=now,
    )


def send_erased(assistance: AssistanceRequest, *, to: str, language: str, now: datetime) -> None:
    """Take the entry back from the calendar of a person who is erased, if any was sent; nobody phones for
    that."""
    told = f"{tell_confirmed.__qualname__}:{assistance.pk}:"
    sent = OutgoingMail.objects.filter(key__startswith=told, state=MailState.SENT).exists()
    if not to or not sent or addresses.is_dead(to):
        return
    outbox.enqueue(
        tell_erased,
        key=f"{tell_erased.__qualname__}:{assistance.pk}:{assistance.version}",
        to=to,
        language=language,
        ids={"assistance": assistance.pk},
        version=assistance.version,
        now=now,
    )


def send_to_volunteer(
    function: MailFunction, offer: Offer, *, now: datetime, due: datetime | None = None
) -> None:
    """Tell the volunteer of an offer; without an address the office is told to phone."""
    version = offer.assistance.version
    outbox.enqueue(
        function,
        key=f"{function.__qualname__}:{offer.pk}:{version}",
        to=offer.volunteer.email,
        language=offer.volunteer.mail_language,
        ids={"offer": offer.pk, "assistance": offer.assistance_id},
        version=version,
        due=due,
        now=now,
    )


def send_agreement(assistance: AssistanceRequest, assignment: Assignment, *, now: datetime) -> None:
    """Confirm to both sides and lay the reminder down for the working day before."""
    send_to_volunteer(confirm_volunteer, assignment.offer, now=now)
    send_to_requester(tell_confirmed, assistance, now=now)
    send_reminder(assignment, now=now)


def send_reminder(assignment: Assignment, *, now: datetime) -> None:
    """Lay the reminder down for the working day before."""
    day = clock.local(assignment.starts).date()
    eve = clock.work_calendar().working_days_before(day, 1)
    due = clock.wall_time(eve, Programme.current().reminder_hour)
    if due > now and assignment.state == AssignmentState.AGREED:
        send_to_volunteer(remind_volunteer, assignment.offer, now=now, due=due)


def send_bundle(offers: Sequence[Offer], *, now: datetime) -> None:
    """Ask about all offers of a bundle in one mail, or in the digest that they wait for, and make the one
    link behind which they are answered."""
    first = offers[0]
    ends = [offer.assistance.ends_last for offer in offers]
    last = max(end for end in ends if end is not None) + LINK_LIVES
    links.make(Purpose.ANSWER, subject=first.bundle_id, holder=first.volunteer_id, expires_at=last, now=now)
    put_question_down(first, ask_bundle, now=now)


def send_agreements(agreed: Sequence[Assignment], *, now: datetime) -> None:
    """Confirm several dates with one mail to each side; each date has its own reminder."""
    first = agreed[0]
    if len(agreed) == 1:
        send_agreement(first.assistance, first, now=now)
        return
    send_to_volunteer(confirm_bundle, first.offer, now=now)
    send_to_requester(tell_dates_confirmed, first.assistance, now=now)
    for assignment in agreed:
        send_reminder(assignment, now=now)


def send_thanks(offers: Sequence[Offer], *, now: datetime) -> None:
    """Thank somebody for one date or for several with one mail."""
    send_to_volunteer(thank_bundle if len(offers) > 1 else thank_not_needed, offers[0], now=now)


def send_details_code(offer: Offer, *, now: datetime) -> bool:
    """Mail a code to the volunteer who agreed; False where enough of them are on their way already."""
    if not offer.volunteer.email or not details.may_send_code(offer, now=now):
        return False
    outbox.enqueue(
        send_code,
        key=details.code_key(offer, now),
        to=offer.volunteer.email,
        language=offer.volunteer.mail_language,
        ids={"offer": offer.pk},
        now=now,
    )
    return True
