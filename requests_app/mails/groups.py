"""Mails about several appointments at once: a series, an event, or the dates of one bundle.

What happened to several requests together happened in the same moment; so these mails find them again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.utils import translation

from lotsen_portal import clock, dates, outbox
from lotsen_portal.letters import address
from lotsen_portal.models import OutgoingMail
from lotsen_portal.outbox import Attachment, Message
from requests_app import calendars, facts, offering, wording
from requests_app.mails.ground import answer_address, assistance_of, offer_of, status_address
from requests_app.models import Assignment, AssistanceRequest, GroupKind, Offer
from requests_app.states import OfferState, RequestState

_WAITING = {RequestState.NEW, RequestState.OPEN, RequestState.OFFERED}


def dates_of(requests: Sequence[AssistanceRequest], language: str) -> list[str]:
    """Each date in words, with its languages where they differ or an event needs several people."""
    with translation.override(language):
        named = Counter((wording.time_of(one), facts.languages(one)) for one in requests)
        several = len({spoken for _time, spoken in named}) > 1
        return [
            f"{time}, {count} × {spoken}" if count > 1 else f"{time}, {spoken}" if several else time
            for (time, spoken), count in named.items()
        ]


def _of_the_group(assistance: AssistanceRequest) -> list[AssistanceRequest]:
    rows = AssistanceRequest.objects.filter(group=assistance.group_id).order_by("period", "pk")
    return list(rows.select_related("topic", "district", "institution", "filed_by", "group"))


def _ended_with(assistance: AssistanceRequest) -> list[AssistanceRequest]:
    rows = _of_the_group(assistance)
    return [one for one in rows if (one.state, one.ended_at) == (assistance.state, assistance.ended_at)]


def _message(
    name: str,
    mail: OutgoingMail,
    requests: Sequence[AssistanceRequest],
    *,
    reader: str,
    address: str,
    calendar: Attachment | None = None,
    **more: object,
) -> Message:
    first = requests[0]
    context = {
        "assistance": first,
        "dates": dates_of(requests, mail.language),
        "count": len(requests),
        "topic": first.topic,
        "is_event": first.group is not None and first.group.kind == GroupKind.EVENT,
        "reader": reader,
        "address": address,
        "takes_entry_back": calendar is not None and calendar.method == "CANCEL",
        **more,
    }
    subject, text, html = outbox.render(name, context, mail.language)
    return Message(subject, text, html, calendar)


def acknowledge_group(mail: OutgoingMail, now: datetime) -> Message | None:
    """ "Ihre Anfragen sind da": all dates of a series, or all people asked for at an event, in one mail."""
    assistance = assistance_of(mail)
    waiting = [one for one in _of_the_group(assistance) if one.state in _WAITING] if assistance else []
    if assistance is None or not waiting:
        return None
    promised = min(one.answer_by for one in waiting)
    with translation.override(mail.language):
        answer_by = dates.long_day(promised) if promised >= clock.local(now).date() else ""
    return _message(
        "acknowledge_group",
        mail,
        waiting,
        reader=assistance.filed_by.name if assistance.filed_by else "",
        address=status_address(assistance, language=mail.language),
        answer_by=answer_by,
    )


def tell_dates_cancelled(mail: OutgoingMail, now: datetime) -> Message | None:
    """All further dates were called off; takes the calendar entries back."""
    assistance = assistance_of(mail)
    if assistance is None or assistance.state != RequestState.CANCELLED:
        return None
    requests = _ended_with(assistance)
    had = [one for one in requests if one.assignments.exists()]
    back = calendars.cancellations(had, to=mail.recipient, for_volunteer=False, now=now) if had else None
    return _message(
        "tell_dates_cancelled",
        mail,
        requests,
        reader=assistance.filed_by.name if assistance.filed_by else "",
        address=status_address(assistance, language=mail.language),
        calendar=back,
    )


def tell_dates_cancelled_volunteer(mail: OutgoingMail, now: datetime) -> Message | None:
    """The same to somebody who was asked or had agreed: the dates of this person only."""
    offer = offer_of(mail)
    if offer is None or offer.assistance.state != RequestState.CANCELLED:
        return None
    own = {"volunteer": offer.volunteer_id}
    requests = [one for one in _ended_with(offer.assistance) if one.offers.filter(**own).exists()]
    had = [one for one in requests if one.assignments.filter(**own).exists()]
    back = calendars.cancellations(had, to=mail.recipient, for_volunteer=True, now=now) if had else None
    return _message(
        "tell_dates_cancelled_volunteer",
        mail,
        requests,
        reader=offer.volunteer.name,
        address=address("lotse_home", language=mail.language),
        calendar=back,
    )


def _of_the_bundle(offer: Offer, state: OfferState) -> list[Offer]:
    rows = Offer.objects.filter(bundle=offer.bundle_id, state=state.value)
    related = ("volunteer", "assistance__topic", "assistance__district", "assistance__institution")
    return list(rows.select_related(*related).order_by("assistance__period", "pk"))


def ask_bundle(mail: OutgoingMail, now: datetime) -> Message | None:
    """ "Können Sie helfen?" for several dates; starts the deadline of each."""
    offer = offer_of(mail)
    pending = _of_the_bundle(offer, OfferState.PENDING) if offer else []
    pending = [one for one in pending if not one.assistance.is_past(now=now)]
    if offer is None or not pending:
        return None
    with translation.override(mail.language):
        until = facts.day_and_time(min(offering.deadline(one, at=now) for one in pending))
        about = facts.of_question(pending[0].assistance)[1:]
    message = _message(
        "ask_bundle",
        mail,
        [one.assistance for one in pending],
        reader=offer.volunteer.name,
        address=answer_address(offer, language=mail.language),
        deadline=until,
        facts=about,
    )

    def handed_over(at: datetime) -> None:
        for one in pending:
            offering.handed_over(one.pk, at)

    return replace(message, on_sent=handed_over)


def confirm_bundle(mail: OutgoingMail, now: datetime) -> Message | None:
    """Thanks for the yes to several dates, with all entries in one calendar file."""
    offer = offer_of(mail)
    agreed = _of_the_bundle(offer, OfferState.ACCEPTED) if offer else []
    if offer is None or not agreed:
        return None
    requests = [one.assistance for one in agreed]
    with translation.override(mail.language):
        about = facts.of_agreement(requests[0])[1:-1]
    return _message(
        "confirm_bundle",
        mail,
        requests,
        reader=offer.volunteer.name,
        address=answer_address(offer, language=mail.language),
        calendar=calendars.entries(requests, for_volunteer=True, now=now),
        facts=about,
    )


def thank_bundle(mail: OutgoingMail, now: datetime) -> Message | None:
    """Somebody else said yes first to several of the dates: nothing to do any more for these."""
    offer = offer_of(mail)
    thanked = _of_the_bundle(offer, OfferState.NOT_CHOSEN) if offer else []
    if offer is None or not thanked:
        return None
    return _message(
        "thank_bundle",
        mail,
        [one.assistance for one in thanked],
        reader=offer.volunteer.name,
        address=address("lotse_home", language=mail.language),
    )


def tell_dates_confirmed(mail: OutgoingMail, now: datetime) -> Message | None:
    """Somebody comes to several dates, with all entries in one calendar file."""
    assistance = assistance_of(mail)
    live = assistance.assignments.live().select_related("volunteer").first() if assistance else None
    if assistance is None or live is None:
        return None
    rows = Assignment.objects.live().filter(agreed_at=live.agreed_at, volunteer=live.volunteer_id)
    together = set(rows.values_list("assistance_id", flat=True))
    requests = [one for one in _of_the_group(assistance) if one.pk in together]
    return _message(
        "tell_dates_confirmed",
        mail,
        requests,
        reader=assistance.filed_by.name if assistance.filed_by else "",
        address=status_address(assistance, language=mail.language),
        calendar=calendars.entries(requests, for_volunteer=False, now=now),
        volunteer=live.volunteer,
    )
