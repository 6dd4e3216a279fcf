"""What the people of the demo city reach without an account: the secret addresses from their mails."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.urls import reverse
from django.utils import translation

from lotsen_portal.models import Purpose, User
from requests_app import mails, wording
from requests_app.models import Assignment, AssistanceRequest, Offer, Origin, Side
from requests_app.states import AssignmentState, OfferState


@dataclass(frozen=True)
class Opening:
    """One secret address: whose it is, what there is to do, and its path in the portal."""

    who: str
    what: str
    path: str


def of_persons() -> list[Opening]:
    """The pages on which people who asked alone see their own request, the newest first."""
    alone = AssistanceRequest.objects.filter(origin=Origin.SELF.value).order_by("-filed_at", "-pk")[:8]
    return [
        Opening(
            who=record.client_name,
            what=f"{_tongue(record.client_language)} · {wording.request_label(record.state)}",
            path=_path(mails.status_address(record, language=record.client_language)),
        )
        for record in alone
        if mails.status_token(record)
    ]


def of_volunteer(user: User) -> list[Opening]:
    """What the letters of the volunteer with this account lead to: a question, and how it went."""
    return [*_questions(user), *_reports(user)]


def _questions(user: User) -> Iterator[Opening]:
    waiting = Offer.objects.filter(volunteer__user=user, state=OfferState.PENDING.value)
    for offer in waiting.select_related("volunteer").order_by("deadline", "pk")[:1]:
        address = mails.answer_address(offer, language=offer.volunteer.mail_language)
        yield Opening(offer.volunteer.name, "Eine Einsatzanfrage mit einem Klick beantworten", _path(address))


def _reports(user: User) -> Iterator[Opening]:
    over = Assignment.objects.filter(volunteer__user=user, state=AssignmentState.AGREED.value)
    asked = over.exclude(report_asked_at=None).exclude(reports__side=Side.VOLUNTEER.value)
    for live in asked.select_related("volunteer").order_by("pk")[:1]:
        token = mails.report_token(Purpose.REPORT, live)
        if token:
            yield Opening(live.volunteer.name, "Sagen, wie ein Einsatz war", reverse("report", args=[token]))


def _path(address: str) -> str:
    """The demo may be reached under several names; a path leads on under each."""
    return urlsplit(address).path


def _tongue(code: str) -> str:
    return str(translation.get_language_info(code)["name_translated"])
