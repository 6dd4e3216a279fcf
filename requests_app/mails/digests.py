"""Questions to volunteers: each by itself, or as one digest a day, and which of them came to nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Final

from django.utils.translation import gettext as _

from lotsen_portal import clock, links, outbox
from lotsen_portal.models import MailState, OutgoingMail, Purpose
from lotsen_portal.outbox import MailFunction, Message
from requests_app import facts, offering
from requests_app.mails.ground import LINK_LIVES, answer_address, answer_token
from requests_app.mails.groups import dates_of
from requests_app.mails.volunteers import ask_volunteer
from requests_app.models import Offer
from requests_app.states import OfferState

# A mail in one of these has not reached anybody.
LOST: Final = [MailState.DEAD.value]


def _in_digest(mail: OutgoingMail, now: datetime) -> list[Offer]:
    """The questions that wait for this digest and are still open as it leaves."""
    rows = Offer.objects.filter(
        volunteer=mail.ids["volunteer"],
        state=OfferState.PENDING.value,
        waits_until__lte=mail.due_at,
        sent_at=None,
    ).select_related("volunteer", "assistance__topic", "assistance__district", "assistance__institution")
    in_order = rows.order_by("bundle", "assistance__period", "pk")
    return [offer for offer in in_order if not offer.assistance.is_past(now=now)]


def ask_digest(mail: OutgoingMail, now: datetime) -> Message | None:
    """ "Können Sie helfen?" for all that waited since the day's mails were used up, with a link each.

    The dates of a bundle are one question.
    """
    offers = _in_digest(mail, now)
    if not offers:
        return None
    bundles: dict[int, list[Offer]] = {}
    for offer in offers:
        bundles.setdefault(offer.bundle_id, []).append(offer)
    questions = [_question(together, language=mail.language, now=now) for together in bundles.values()]
    context = {"reader": offers[0].volunteer.name, "questions": questions, "number": len(offers)}
    subject, text, html = outbox.render("ask_digest", context, mail.language)
    on_sent = partial(offering.digest_handed_over, [offer.pk for offer in offers])
    return Message(subject, text, html, on_sent=on_sent)


def _question(offers: Sequence[Offer], *, language: str, now: datetime) -> dict[str, object]:
    """What a digest says about one offer, or about the dates that are asked together."""
    first, requests = offers[0], [offer.assistance for offer in offers]
    about = facts.of_question(first.assistance)
    several = len(offers) > 1
    return {
        "facts": about[1:] if several else about,
        "day": _("%(count)d Termine") % {"count": len(offers)} if several else facts.day_of(first.assistance),
        "dates": dates_of(requests, language) if several else [],
        "deadline": facts.day_and_time(min(offering.deadline(offer, at=now) for offer in offers)),
        "needs_choice": first.needs_choice,
        "address": answer_address(first, language=language),
    }


def question_key(offer: Offer) -> str:
    """The key of the mail that carries this offer's question; one digest carries all of its day."""
    if offer.waits_until is not None and not offer.assistance.urgent:
        return f"{ask_digest.__name__}:{offer.volunteer_id}:{clock.local(offer.waits_until):%Y%m%d}"
    return f"{ask_volunteer.__name__}:{offer.pk}:{offer.assistance.version}"


def make_answer_link(offer: Offer, *, now: datetime) -> None:
    """Make the link under which the volunteer answers, unless there is a live one."""
    if not answer_token(offer):
        finishes = offer.assistance.ends_last
        links.make(
            Purpose.ANSWER,
            subject=offer.bundle_id,
            holder=offer.volunteer_id,
            expires_at=finishes + LINK_LIVES if finishes else None,
            now=now,
        )


def send_offer(offer: Offer, *, now: datetime) -> None:
    """Ask, and make the link under which the volunteer answers; once for each version of the request.

    A question that waits for a digest leaves with it, in the version that the request then has, unless the
    request has become urgent meanwhile.
    """
    make_answer_link(offer, now=now)
    put_question_down(offer, ask_volunteer, now=now)


def put_question_down(offer: Offer, alone: MailFunction, *, now: datetime) -> None:
    """Lay down the mail that asks: `alone`, or the digest where the question waits for one."""
    waits = offer.waits_until is not None and offer.sent_at is None and not offer.assistance.urgent
    ids = {"offer": offer.pk, "assistance": offer.assistance_id}
    outbox.enqueue(
        ask_digest if waits else alone,
        key=question_key(offer) if waits else f"{alone.__qualname__}:{offer.pk}:{offer.assistance.version}",
        to=offer.volunteer.email,
        language=offer.volunteer.mail_language,
        ids={"offer": offer.pk, "volunteer": offer.volunteer_id} if waits else ids,
        version=0 if waits else offer.assistance.version,
        due=offer.waits_until if waits else None,
        now=now,
    )


def undelivered_offers(offers: Sequence[Offer]) -> set[int]:
    """The numbers of those offers whose question has not reached anybody and will not by itself."""
    by_key: dict[str, list[int]] = {}
    for offer in offers:
        by_key.setdefault(question_key(offer), []).append(offer.pk)
    lost = OutgoingMail.objects.filter(key__in=by_key, state__in=LOST) if by_key else ()
    return {number for mail in lost for number in by_key[mail.key]}
