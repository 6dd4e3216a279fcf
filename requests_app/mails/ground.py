"""What every mail of the requests app is made of: addresses, records looked at again, text and calendar."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Final

from lotsen_portal import clock, dates, links, outbox
from lotsen_portal.letters import address
from lotsen_portal.models import Link, OutgoingMail, Programme, Purpose, TextKind, User
from lotsen_portal.outbox import Message
from requests_app import calendars, facts, offering
from requests_app.models import AssistanceRequest, Member, Offer
from requests_app.states import AssignmentState, RequestState

# A link outlives the appointment, so that a late click meets a kind page and not an error.
LINK_LIVES: Final = timedelta(days=30)

# Mails that take the requester's calendar entry back, where there was one.
_ENDS_THE_ENTRY: Final = {"tell_cancelled", "tell_reopened", "tell_unfilled"}

_NO_LONGER_COMES: Final = {AssignmentState.STEPPED_DOWN, AssignmentState.CHANGED}


def answer_token(offer: Offer) -> str:
    """The token of the live link under which this offer's volunteer answers; "" where there is none."""
    link = Link.objects.filter(
        purpose=Purpose.ANSWER, subject=offer.bundle_id, holder=offer.volunteer_id, revoked_at=None
    ).first()
    return links.token(link) if link else ""


def answer_address(offer: Offer, *, language: str) -> str:
    """The mailed address of the answer page; the volunteer's own pages where its link was revoked."""
    token = answer_token(offer)
    if not token:
        return address("lotse_home", language=language)
    return address("answer", token, language=language)


def status_token(assistance: AssistanceRequest) -> str:
    """The token of the link to a person's own request; "" where there is none."""
    link = Link.objects.filter(purpose=Purpose.STATUS, subject=assistance.pk, revoked_at=None).first()
    return links.token(link) if link else ""


def status_address(assistance: AssistanceRequest, *, language: str) -> str:
    """The address of the page where whoever asked sees the request: with an account or by secret link."""
    if not assistance.is_a_persons:
        return address("own_request", assistance.reference, language=language)
    token = status_token(assistance)
    return address("status", token, language=language) if token else address("landing", language=language)


def assistance_of(mail: OutgoingMail) -> AssistanceRequest | None:
    """The request that a mail is about, read anew; None where it was erased."""
    rows = AssistanceRequest.objects.select_related("topic", "district", "institution", "filed_by")
    return rows.filter(pk=mail.ids["assistance"]).first()


def offer_of(mail: OutgoingMail) -> Offer | None:
    """The offer that a mail is about, read anew; None where it was erased."""
    rows = Offer.objects.select_related(
        "volunteer", "assistance__topic", "assistance__district", "assistance__institution"
    )
    return rows.filter(pk=mail.ids["offer"]).first()


def requester(assistance: AssistanceRequest) -> User | None:
    """Who reads the mails about a request: whoever filed it, or after that person left the team's manager."""
    filer, house = assistance.filed_by, assistance.institution_id
    if filer is None or house is None:
        return filer
    moved = Member.objects.filter(user=filer).exclude(institution=house, left_on=None)
    if not moved.exists():
        return filer
    left_behind = Member.objects.filter(institution=house, left_on=None, is_manager=True)
    manager = left_behind.select_related("user").order_by("pk").first()
    return manager.user if manager else None


def to_requester(
    name: str, mail: OutgoingMail, *, now: datetime, only_in: set[RequestState] | None = None
) -> Message | None:
    """A mail about the request as it is now; dropped when the request has moved on meanwhile."""
    assistance = assistance_of(mail)
    if assistance is None or (only_in is not None and assistance.state not in only_in):
        return None
    live = assistance.assignments.live().select_related("volunteer").first()
    calendar = None
    if name == "tell_confirmed":
        calendar = calendars.invitation(assistance, to=mail.recipient, for_volunteer=False, now=now)
    elif name in _ENDS_THE_ENTRY and assistance.assignments.exists():
        calendar = calendars.cancellation(assistance, to=mail.recipient, for_volunteer=False, now=now)
    promised, reader = assistance.answer_by, requester(assistance)
    latest = assistance.assignments.order_by("-pk").first()
    context = {
        "assistance": assistance,
        "facts": facts.of_request(assistance),
        "reader": reader.name if reader else "",
        "volunteer": live.volunteer if live else None,
        "answer_by": dates.long_day(promised) if promised >= clock.local(now).date() else "",
        "stepped_down": latest is not None and latest.state in _NO_LONGER_COMES,
        "takes_entry_back": calendar is not None,
        "elsewhere": _elsewhere(mail.language) if name == "tell_unfilled" else "",
        "for_a_person": assistance.is_a_persons,
        "address": status_address(assistance, language=mail.language),
    }
    subject, text, html = outbox.render(name, context, mail.language)
    return Message(subject, text, html, calendar)


def _elsewhere(language: str) -> str:
    """Who else interprets, in the office's own words; "" where it wrote none."""
    return Programme.current().text(TextKind.ELSEWHERE, language)


def to_volunteer(
    name: str,
    mail: OutgoingMail,
    offer: Offer,
    *,
    now: datetime,
    agreed: bool = False,
    calendar: outbox.Attachment | None = None,
    starts_deadline: bool = False,
) -> Message:
    """A mail about an offer; only whoever agreed reads where it is."""
    assistance = offer.assistance
    before = facts.edition(assistance, offer.version)
    context = {
        "offer": offer,
        "assistance": assistance,
        "facts": facts.of_agreement(assistance) if agreed else facts.of_question(assistance),
        "reader": offer.volunteer.name,
        "day": facts.day_of(assistance),
        "deadline": facts.day_and_time(offering.deadline(offer, at=now)) if starts_deadline else "",
        "differences": facts.differences(before, assistance),
        "takes_entry_back": calendar is not None and calendar.method == "CANCEL",
        "address": answer_address(offer, language=mail.language),
    }
    subject, text, html = outbox.render(name, context, mail.language)
    on_sent = partial(offering.handed_over, offer.pk) if starts_deadline else None
    return Message(subject, text, html, calendar, on_sent)


def comes(offer: Offer) -> bool:
    """Whether this volunteer is agreed for the request after all, by this offer or a later one."""
    return offer.assistance.assignments.live().filter(volunteer=offer.volunteer_id).exists()


def entry_taken_back(offer: Offer, mail: OutgoingMail, now: datetime) -> outbox.Attachment | None:
    """The cancellation of a calendar entry, for whoever had agreed once."""
    if not offer.assistance.assignments.filter(volunteer=offer.volunteer_id).exists():
        return None
    return calendars.cancellation(offer.assistance, to=mail.recipient, for_volunteer=True, now=now)
