"""One function per mail, called when it is about to leave: it looks at the state again, and renders or drops.

The `send_*` functions at the end are what workflow calls; they write outbox rows and nothing else.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from lotsen_portal import clock, links, outbox
from lotsen_portal.models import Link, OutgoingMail, Programme, Purpose
from lotsen_portal.outbox import MailFunction, Message
from requests_app import calendars, details, facts, offering, wording
from requests_app.models import Assignment, AssistanceRequest, Offer
from requests_app.states import AssignmentState, OfferState, RequestState

# A link outlives the appointment, so that a late click meets a kind page and not an error.
LINK_LIVES: Final = timedelta(days=30)

# Mails that take the requester's calendar entry back, where there was one.
_ENDS_THE_ENTRY: Final = {"tell_cancelled", "tell_reopened", "tell_unfilled"}

_NO_LONGER_COMES: Final = {AssignmentState.STEPPED_DOWN, AssignmentState.CHANGED}


def address(name: str, *args: object, language: str) -> str:
    """The full address of a page, in the reader's language."""
    with translation.override(language):
        return settings.SITE_URL.rstrip("/") + reverse(name, args=args)


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


def _assistance(mail: OutgoingMail) -> AssistanceRequest | None:
    rows = AssistanceRequest.objects.select_related("topic", "district", "institution", "filed_by")
    return rows.filter(pk=mail.ids["assistance"]).first()


def _offer(mail: OutgoingMail) -> Offer | None:
    rows = Offer.objects.select_related(
        "volunteer", "assistance__topic", "assistance__district", "assistance__institution"
    )
    return rows.filter(pk=mail.ids["offer"]).first()


def _to_requester(
    name: str, mail: OutgoingMail, *, now: datetime, only_in: set[RequestState] | None = None
) -> Message | None:
    """A mail about the request as it is now; dropped when the request has moved on meanwhile."""
    assistance = _assistance(mail)
    if assistance is None or (only_in is not None and assistance.state not in only_in):
        return None
    live = assistance.assignments.live().select_related("volunteer").first()
    calendar = None
    if name == "tell_confirmed":
        calendar = calendars.invitation(assistance, to=mail.recipient, for_volunteer=False, now=now)
    elif name in _ENDS_THE_ENTRY and assistance.assignments.exists():
        calendar = calendars.cancellation(assistance, to=mail.recipient, for_volunteer=False, now=now)
    promised = assistance.answer_by
    latest = assistance.assignments.order_by("-pk").first()
    context = {
        "assistance": assistance,
        "facts": facts.of_request(assistance),
        "reader": assistance.filed_by.name if assistance.filed_by else "",
        "volunteer": live.volunteer if live else None,
        "answer_by": wording.long_day(promised) if promised >= clock.local(now).date() else "",
        "stepped_down": latest is not None and latest.state in _NO_LONGER_COMES,
        "takes_entry_back": calendar is not None,
        "address": address("own_request", assistance.reference, language=mail.language),
    }
    subject, text, html = outbox.render(name, context, mail.language)
    return Message(subject, text, html, calendar)


def _to_volunteer(
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
        "day": facts.day(assistance.starts),
        "deadline": facts.day_and_time(offering.deadline(offer, at=now)) if starts_deadline else "",
        "differences": facts.differences(before, assistance),
        "takes_entry_back": calendar is not None and calendar.method == "CANCEL",
        "address": answer_address(offer, language=mail.language),
    }
    subject, text, html = outbox.render(name, context, mail.language)
    on_sent = partial(offering.handed_over, offer.pk) if starts_deadline else None
    return Message(subject, text, html, calendar, on_sent)


def _comes(offer: Offer) -> bool:
    """Whether this volunteer is agreed for the request after all, by this offer or a later one."""
    return offer.assistance.assignments.live().filter(volunteer=offer.volunteer_id).exists()


def _entry_taken_back(offer: Offer, mail: OutgoingMail, now: datetime) -> outbox.Attachment | None:
    """The cancellation of a calendar entry, for whoever had agreed once."""
    if not offer.assistance.assignments.filter(volunteer=offer.volunteer_id).exists():
        return None
    return calendars.cancellation(offer.assistance, to=mail.recipient, for_volunteer=True, now=now)


# To the requester


def acknowledge_request(mail: OutgoingMail, now: datetime) -> Message | None:
    """ "Ihre Anfrage ist da": the reference and until when the requester hears from the office."""
    return _to_requester(
        "acknowledge_request",
        mail,
        now=now,
        only_in={RequestState.NEW, RequestState.OPEN, RequestState.OFFERED},
    )


def tell_confirmed(mail: OutgoingMail, now: datetime) -> Message | None:
    """Somebody will come, with the calendar entry."""
    return _to_requester("tell_confirmed", mail, now=now, only_in={RequestState.CONFIRMED})


def tell_changed(mail: OutgoingMail, now: datetime) -> Message | None:
    """The office changed time, place or language."""
    return _to_requester("tell_changed", mail, now=now)


def tell_reopened(mail: OutgoingMail, now: datetime) -> Message | None:
    """The search goes on: the Lotse cannot come, or an ending was corrected."""
    return _to_requester("tell_reopened", mail, now=now, only_in={RequestState.OPEN, RequestState.OFFERED})


def tell_cancelled(mail: OutgoingMail, now: datetime) -> Message | None:
    """The request was called off; takes the calendar entry back."""
    return _to_requester("tell_cancelled", mail, now=now, only_in={RequestState.CANCELLED})


def tell_unfilled(mail: OutgoingMail, now: datetime) -> Message | None:
    """Nobody was found, with what else can be done."""
    return _to_requester("tell_unfilled", mail, now=now, only_in={RequestState.UNFILLED})


def tell_rejected(mail: OutgoingMail, now: datetime) -> Message | None:
    """Out of scope; the reason stands behind the link, since it may hold names."""
    return _to_requester("tell_rejected", mail, now=now, only_in={RequestState.REJECTED})


# To the volunteer


def ask_volunteer(mail: OutgoingMail, now: datetime) -> Message | None:
    """ "Können Sie helfen?": also sent again, with old and new, when the request changes."""
    offer = _offer(mail)
    if offer is None or offer.state != OfferState.PENDING or mail.version != offer.assistance.version:
        return None
    if offer.assistance.starts and offer.assistance.starts <= now:
        return None
    return _to_volunteer("ask_volunteer", mail, offer, now=now, starts_deadline=True)


def confirm_volunteer(mail: OutgoingMail, now: datetime) -> Message | None:
    """Thanks for the yes, the institution's public address, the calendar entry."""
    offer = _offer(mail)
    if offer is None or offer.state != OfferState.ACCEPTED or mail.version != offer.assistance.version:
        return None
    calendar = calendars.invitation(offer.assistance, to=mail.recipient, for_volunteer=True, now=now)
    return _to_volunteer("confirm_volunteer", mail, offer, now=now, agreed=True, calendar=calendar)


def remind_volunteer(mail: OutgoingMail, now: datetime) -> Message | None:
    """The working day before; never for an appointment that was cancelled, changed or is over."""
    offer = _offer(mail)
    if offer is None or offer.state != OfferState.ACCEPTED or mail.version != offer.assistance.version:
        return None
    if offer.assistance.starts is None or offer.assistance.starts <= now:
        return None
    return _to_volunteer("remind_volunteer", mail, offer, now=now, agreed=True)


def thank_not_needed(mail: OutgoingMail, now: datetime) -> Message | None:
    """Somebody else said yes first: nothing to do any more, thank you."""
    offer = _offer(mail)
    if offer is None or offer.state != OfferState.NOT_CHOSEN:
        return None
    return _to_volunteer(
        "thank_not_needed", mail, offer, now=now, calendar=_entry_taken_back(offer, mail, now)
    )


def tell_withdrawn(mail: OutgoingMail, now: datetime) -> Message | None:
    """The office or the requester took the question back."""
    offer = _offer(mail)
    if offer is None or offer.state != OfferState.WITHDRAWN or _comes(offer):
        return None
    return _to_volunteer("tell_withdrawn", mail, offer, now=now, calendar=_entry_taken_back(offer, mail, now))


def tell_cancelled_volunteer(mail: OutgoingMail, now: datetime) -> Message | None:
    """The agreed appointment does not take place; takes the calendar entry back."""
    offer = _offer(mail)
    if offer is None or _comes(offer):
        return None
    calendar = _entry_taken_back(offer, mail, now)
    return _to_volunteer("tell_cancelled_volunteer", mail, offer, now=now, calendar=calendar)


def tell_released(mail: OutgoingMail, now: datetime) -> Message | None:
    """The volunteer cannot come and is released from the appointment; takes the calendar entry back."""
    offer = _offer(mail)
    if offer is None or _comes(offer):
        return None
    return _to_volunteer("tell_released", mail, offer, now=now, calendar=_entry_taken_back(offer, mail, now))


def send_code(mail: OutgoingMail, now: datetime) -> Message | None:
    """The code with which a second browser may show whom the appointment is for."""
    offer = _offer(mail)
    if offer is None or offer.state != OfferState.ACCEPTED or now - mail.created_at > details.CODE_LIVES:
        return None
    code = details.code(mail)
    context = {
        "reader": offer.volunteer.name,
        "code": f"{code[:4]} {code[4:]}",
        "minutes": int(details.CODE_LIVES.total_seconds() // 60),
        "day": facts.day(offer.assistance.starts),
    }
    return Message(*outbox.render("send_code", context, mail.language))


# What workflow and the volunteers' pages call


def requester_address(assistance: AssistanceRequest) -> str:
    """The address of whoever filed a request, else of the institution; "" where there is none."""
    filer, institution = assistance.filed_by, assistance.institution
    return filer.email if filer else (institution.email if institution else "")


def send_to_requester(function: MailFunction, assistance: AssistanceRequest, *, now: datetime) -> None:
    """Tell whoever filed the request, else the institution; without any address the office phones."""
    filer = assistance.filed_by
    # A request may be reopened and end again: the moment tells the second mail from the first.
    outbox.enqueue(
        function,
        key=f"{function.__qualname__}:{assistance.pk}:{assistance.version}:{now:%Y%m%d%H%M%S}",
        to=requester_address(assistance),
        language=filer.language if filer else "de",
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


def send_offer(offer: Offer, *, now: datetime) -> None:
    """Ask, and make the link under which the volunteer answers; once for each version of the request."""
    if not answer_token(offer):
        finishes = offer.assistance.finishes
        links.make(
            Purpose.ANSWER,
            subject=offer.bundle_id,
            holder=offer.volunteer_id,
            expires_at=finishes + LINK_LIVES if finishes else None,
            now=now,
        )
    send_to_volunteer(ask_volunteer, offer, now=now)


def send_agreement(assistance: AssistanceRequest, assignment: Assignment, *, now: datetime) -> None:
    """Confirm to both sides and lay the reminder down for the working day before."""
    send_to_volunteer(confirm_volunteer, assignment.offer, now=now)
    send_to_requester(tell_confirmed, assistance, now=now)
    day = clock.local(assignment.starts).date()
    eve = clock.work_calendar().working_days_before(day, 1)
    due = clock.wall_time(eve, Programme.current().reminder_hour)
    if due > now and assignment.state == AssignmentState.AGREED:
        send_to_volunteer(remind_volunteer, assignment.offer, now=now, due=due)


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
