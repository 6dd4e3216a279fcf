"""What a volunteer's pages show of one offer or appointment, and who reads what of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from django.http import HttpRequest

from lotsen_portal import audit
from lotsen_portal.audit import Actor
from requests_app import details, facts, mails, offering, wording, workflow
from requests_app.calendars import public_place
from requests_app.facts import Difference, Facts
from requests_app.forms.answering import AnswerForm, CodeForm
from requests_app.models import Assignment, AssistanceRequest, Member, Offer
from requests_app.states import AssignmentState, OfferState
from requests_app.workflow.ground import ASSISTANCE

CLIENT = "client"
ASKED_AGAIN = [OfferState.PENDING.value, OfferState.WILLING.value, OfferState.ACCEPTED.value]


class Situation(StrEnum):
    """What an offer's page is about."""

    OPEN = "open"
    WILLING = "willing"  # said yes, and the office still chooses
    ACCEPTED = "accepted"
    DECLINED = "declined"
    RENEWED = "renewed"  # the request changed, and the same person was asked anew
    STEPPED_DOWN = "stepped_down"
    CANCELLED = "cancelled"
    TAKEN = "taken"
    WITHDRAWN = "withdrawn"
    TOO_LATE = "too_late"


# What can be answered, or was answered by the reader; everything else is gone.
HERE = frozenset({Situation.OPEN, Situation.WILLING, Situation.ACCEPTED, Situation.DECLINED})


@dataclass(frozen=True)
class Client:
    """Whom an appointment is for and who expects the volunteer; for the agreed volunteer's eyes."""

    place: str
    contact: str
    contact_phone: str
    name: str
    phone: str
    address: str
    concern: str
    notes: str


@dataclass(frozen=True)
class TimeChoice:
    """A proposed time that is still to come; whoever is booked then cannot pick it."""

    number: int
    label: str
    taken: bool


@dataclass(frozen=True)
class Card:
    """One offer as the page shows it."""

    offer: Offer
    situation: Situation
    facts: Facts
    form: AnswerForm
    code_form: CodeForm
    times: tuple[TimeChoice, ...] = ()
    time_error: str = ""
    deadline: str = ""
    differences: list[Difference] = field(default_factory=list)
    assignment: Assignment | None = None
    client: Client | None = None
    asks_for_code: bool = False
    is_over: bool = False
    onward: str = ""

    @property
    def is_call(self) -> bool:
        """Whether somebody is to be called, and what was found out entered."""
        live = self.assignment is not None and self.assignment.state == AssignmentState.AGREED
        return live and self.offer.assistance.callback_for_id is not None


def card(
    offer: Offer, *, shown_version: int | None = None, unlocked: bool, language: str, now: datetime
) -> Card:
    """Everything about one offer; `shown_version` is the version that the reader saw last."""
    assistance = offer.assistance
    newer = _newer(offer)
    situation = Situation.RENEWED if newer else situation_of(offer, now=now)
    assignment = offer.assignments.order_by("-pk").first() if situation == Situation.ACCEPTED else None
    is_open = situation == Situation.OPEN
    may_read = assignment is not None and details.readable(assignment, now=now)
    before = facts.edition(assistance, shown_version or offer.version) if is_open else None
    client = client_of(assistance) if may_read and unlocked else None
    return Card(
        offer=offer,
        situation=situation,
        facts=facts.of_agreement(assistance, with_place=client is None)
        if assignment
        else _asked(offer, each_time=not is_open),
        times=_times(offer, now=now) if is_open else (),
        form=AnswerForm(
            initial={"offer": offer.pk, "version": assistance.version}, auto_id=f"antwort-{offer.pk}-%s"
        ),
        code_form=CodeForm(initial={"offer": offer.pk}, auto_id=f"code-{offer.pk}-%s"),
        deadline=facts.day_and_time(offering.deadline(offer, at=now)) if is_open else "",
        differences=facts.differences(before, assistance),
        assignment=assignment,
        client=client,
        asks_for_code=may_read and not unlocked,
        is_over=assignment is not None and assignment.starts <= now,
        onward=mails.answer_address(newer, language=language) if newer else "",
    )


def _asked(offer: Offer, *, each_time: bool) -> Facts:
    """What the offer asks; for whoever is willing with the time that was picked."""
    rows = facts.of_question(offer.assistance, each_time=each_time and offer.time is None)
    return [(rows[0][0], wording.appointment_of(offer.time)), *rows[1:]] if offer.time else rows


def _times(offer: Offer, *, now: datetime) -> tuple[TimeChoice, ...]:
    proposals = [time for time in offer.assistance.proposals() if time.starts > now]
    if not proposals:
        return ()
    booked = Assignment.objects.live().filter(volunteer=offer.volunteer_id, period__endswith__gt=now)
    periods = list(booked.values_list("period", flat=True))
    return tuple(
        TimeChoice(
            time.pk,
            wording.appointment_of(time),
            any(time.starts < period.upper and period.lower < time.period.upper for period in periods),
        )
        for time in proposals
    )


def situation_of(offer: Offer, *, now: datetime) -> Situation:
    """What this offer has become, for its volunteer."""
    if offer.state in {OfferState.ACCEPTED, OfferState.DECLINED}:
        return Situation(offer.state)
    problem = workflow.refusal(offer.assistance, offer, now=now)
    if problem is None:
        return Situation.WILLING if offer.state == OfferState.WILLING else Situation.OPEN
    ended = offer.assignments.order_by("-pk").first()
    if ended is not None and ended.state == AssignmentState.STEPPED_DOWN:
        return Situation.STEPPED_DOWN
    if ended is not None:
        return Situation.CANCELLED
    if isinstance(problem, workflow.Taken):
        return Situation.TAKEN
    return Situation.TOO_LATE if isinstance(problem, workflow.TooLate) else Situation.WITHDRAWN


def _newer(offer: Offer) -> Offer | None:
    """The offer by which the same volunteer was asked again after this one had ended."""
    if offer.state in ASKED_AGAIN:
        return None
    later = Offer.objects.filter(
        assistance=offer.assistance_id, volunteer=offer.volunteer_id, pk__gt=offer.pk, state__in=ASKED_AGAIN
    )
    return later.order_by("-pk").first()


def client_of(assistance: AssistanceRequest) -> Client:
    """What the agreed volunteer may know; each reading is to be noted with `note_reading`."""
    assistance = assistance.callback_for or assistance
    filer = assistance.filed_by
    return Client(
        place=assistance.place or public_place(assistance),
        contact=assistance.contact or (filer.name if filer else ""),
        contact_phone=_contact_phone(assistance),
        name=assistance.client_name,
        phone=assistance.client_phone,
        address=assistance.client_address,
        concern=assistance.concern,
        notes=assistance.client_notes,
    )


def _contact_phone(assistance: AssistanceRequest) -> str:
    """The number of the contact on site, of whoever filed the request, or of the house."""
    if assistance.contact_phone:
        return assistance.contact_phone
    filer, institution = assistance.filed_by, assistance.institution
    # A named contact is somebody else than who filed.
    member = Member.objects.filter(user=filer).first() if filer and not assistance.contact else None
    return (member.phone if member else "") or (institution.phone if institution else "")


def note_reading(cards: list[Card], *, now: datetime) -> None:
    """Write down that each shown client was read by the volunteer of the offer."""
    for shown in cards:
        if shown.client is not None:
            reader = Actor.volunteer(shown.offer.volunteer_id)
            audit.opened(reader, kind=ASSISTANCE, number=shown.offer.assistance_id, what=CLIENT, at=now)


def unlocked(request: HttpRequest, offer: Offer) -> bool:
    """Whether this browser may show whom the offer's appointment is for.

    It said yes itself, gave the mailed code, or its reader is signed in as the volunteer.
    """
    if request.user.is_authenticated and request.user.pk == offer.volunteer.user_id:
        return True
    assignment = offer.assignments.order_by("-pk").first()
    return assignment is not None and details.remembered(request, assignment)


JUST_NOW = timedelta(minutes=1)


def just_agreed(assignment: Assignment, *, now: datetime) -> bool:
    """Whether a second yes is the same finger pressing twice, whose browser dropped the first answer."""
    return now - assignment.agreed_at < JUST_NOW
