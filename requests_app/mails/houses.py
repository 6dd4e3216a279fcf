"""Mails to institutions that come on board, and to the people who work there."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from lotsen_portal import links, outbox
from lotsen_portal.letters import address
from lotsen_portal.models import Link, OutgoingMail, Purpose, User
from lotsen_portal.outbox import MailFunction, Message
from requests_app import calendars, facts
from requests_app.mails.requesters import tell_confirmed
from requests_app.mails.sending import send_to_requester
from requests_app.models import AssistanceRequest, InstitutionState, Member, Registration
from requests_app.states import RegistrationState, RequestState

# The page behind the link tells how the office decided, also to whoever comes late.
REGISTRATION_LIVES: Final = timedelta(days=180)


def registration_address(registration: Registration, *, language: str) -> str:
    """The mailed address of a registration's page."""
    link = Link.objects.filter(
        purpose=Purpose.CONFIRM, subject=registration.pk, holder=registration.pk, revoked_at=None
    ).first()
    if link is None:
        return address("register_institution", language=language)
    return address("registration", links.token(link), language=language)


def send_registration(registration: Registration, *, now: datetime) -> None:
    """Make the link that confirms a registration, and mail it."""
    links.make(
        Purpose.CONFIRM,
        subject=registration.pk,
        holder=registration.pk,
        expires_at=now + REGISTRATION_LIVES,
        now=now,
    )
    _to_applicant(confirm_registration, registration, now=now)


def send_declined_registration(registration: Registration, *, now: datetime) -> None:
    """Tell that an institution is not taken in."""
    _to_applicant(tell_registration_declined, registration, now=now)


def send_known_member(member: Member, *, now: datetime) -> None:
    """Tell somebody who registers again that the way in is open already; once a day."""
    outbox.enqueue(
        tell_known_member,
        key=f"tell_known_member:{member.pk}:{now:%Y%m%d}",
        to=member.user.email,
        language=member.user.language,
        ids={"member": member.pk},
        now=now,
    )


def send_to_member(function: MailFunction, member: Member, *, now: datetime) -> None:
    """Tell a member something about the institution; the moment tells a second mail from the first."""
    outbox.enqueue(
        function,
        key=f"{function.__qualname__}:{member.pk}:{now:%Y%m%d%H%M%S}",
        to=member.user.email,
        language=member.user.language,
        ids={"member": member.pk},
        now=now,
    )


def send_taken_over(assistance: AssistanceRequest, former: User | None, *, now: datetime) -> None:
    """Tell who had a request so far that a colleague has it now, and give the agreed date to the new one."""
    member = Member.objects.current().filter(user=former).first() if former else None
    if former is not None and member is not None:
        outbox.enqueue(
            tell_taken_over,
            key=f"tell_taken_over:{assistance.pk}:{member.pk}:{now:%Y%m%d%H%M%S}",
            to=former.email,
            language=former.language,
            ids={"assistance": assistance.pk, "member": member.pk},
            version=assistance.version,
            now=now,
        )
    if assistance.state == RequestState.CONFIRMED:
        send_to_requester(tell_confirmed, assistance, now=now)


def confirm_registration(mail: OutgoingMail, now: datetime) -> Message | None:
    """The link that says: yes, this is my address, and I registered."""
    registration = Registration.objects.filter(pk=mail.ids["registration"]).first()
    if registration is None or registration.state != RegistrationState.UNCONFIRMED:
        return None
    return _about_registration("confirm_registration", mail, registration)


def tell_registration_declined(mail: OutgoingMail, now: datetime) -> Message | None:
    """The office does not take the institution in; the reason stands behind the link."""
    registration = Registration.objects.filter(pk=mail.ids["registration"]).first()
    if registration is None or registration.state != RegistrationState.DECLINED:
        return None
    return _about_registration("tell_registration_declined", mail, registration)


def welcome_member(mail: OutgoingMail, now: datetime) -> Message | None:
    """The institution is in: how to sign in and file the first request."""
    return _to_member("welcome_member", mail)


def tell_known_member(mail: OutgoingMail, now: datetime) -> Message | None:
    """Whoever registers again is in already: here is the way."""
    return _to_member("tell_known_member", mail)


def invite_member(mail: OutgoingMail, now: datetime) -> Message | None:
    """A colleague invites: how to sign in."""
    return _to_member("invite_member", mail)


def tell_taken_over(mail: OutgoingMail, now: datetime) -> Message | None:
    """A colleague looks after the request from now on; takes the calendar entry back."""
    rows = AssistanceRequest.objects.select_related("filed_by", "institution", "topic", "district")
    assistance = rows.filter(pk=mail.ids["assistance"]).first()
    member = Member.objects.select_related("user").filter(pk=mail.ids["member"], left_on=None).first()
    if assistance is None or member is None or assistance.filed_by_id in {None, member.user_id}:
        return None
    calendar = None
    if assistance.state == RequestState.CONFIRMED:
        calendar = calendars.cancellation(assistance, to=mail.recipient, for_volunteer=False, now=now)
    context = {
        "assistance": assistance,
        "facts": facts.of_request(assistance),
        "reader": member.user.name,
        "colleague": assistance.filed_by.name if assistance.filed_by else "",
        "takes_entry_back": calendar is not None,
        "address": address("own_request", assistance.reference, language=mail.language),
    }
    return Message(*outbox.render("tell_taken_over", context, mail.language), calendar)


def _to_applicant(function: MailFunction, registration: Registration, *, now: datetime) -> None:
    outbox.enqueue(
        function,
        key=f"{function.__qualname__}:{registration.pk}:{now:%Y%m%d%H%M%S}",
        to=registration.email,
        language=registration.language,
        ids={"registration": registration.pk},
        now=now,
    )


def _about_registration(name: str, mail: OutgoingMail, registration: Registration) -> Message:
    context = {
        "registration": registration,
        # Before the confirmation it goes wherever somebody likes, so it carries nothing that was typed.
        "reader": "" if registration.state == RegistrationState.UNCONFIRMED else registration.contact_name,
        "address": registration_address(registration, language=mail.language),
    }
    return Message(*outbox.render(name, context, mail.language))


def _to_member(name: str, mail: OutgoingMail, **more: Any) -> Message | None:
    rows = Member.objects.select_related("user", "institution")
    member = rows.filter(pk=mail.ids["member"], left_on=None).first()
    if member is None or member.institution.state != InstitutionState.APPROVED:
        return None
    context = {
        "member": member,
        "institution": member.institution,
        "reader": member.user.name,
        "address": address("account_request_login_code", language=mail.language),
        **more,
    }
    return Message(*outbox.render(name, context, mail.language))
