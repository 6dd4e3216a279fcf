"""All that the office's page of a request shows, gathered in two statements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import JSONObject

from lotsen_portal import clock, encryption
from lotsen_portal.models import AccessLog, ActorKind, FundingSource, LogEntry, User
from requests_app import intake, wording
from requests_app.models import (
    Assignment,
    AssistanceRequest,
    Campaign,
    IntakeRule,
    InternalNote,
    Offer,
    Outcome,
    Place,
    Report,
    RequestedLanguage,
    Side,
)
from requests_app.states import UNANSWERED, AssignmentState
from requests_app.wording import Entry
from requests_app.workflow.ground import ASSISTANCE
from volunteers.models import Volunteer

NOT_HELD: Final = [
    AssignmentState.CANCELLED.value,
    AssignmentState.STEPPED_DOWN.value,
    AssignmentState.CHANGED.value,
]
LINES: Final = 60
CAMPAIGN_COLUMNS: Final = ("kind", "size", "interval_hours", "needs_choice", "enough", "state", "next_at")


@dataclass(frozen=True)
class Note:
    """What somebody of the office noted."""

    at: datetime
    author: str
    text: str


@dataclass(frozen=True)
class Held:
    """The appointment that is agreed or was settled, and with whom."""

    state: str
    label: str
    minutes: int | None
    volunteer: str
    volunteer_id: int
    phone: str
    email: str
    report_asks: int
    report_due: datetime | None


@dataclass(frozen=True)
class Said:
    """What one side reported of the appointment."""

    side: str
    outcome: str
    minutes: int | None
    note: str
    wants_call: bool
    at: datetime

    @property
    def label(self) -> str:
        """The outcome in words."""
        return str(Outcome(self.outcome).label)

    @property
    def by(self) -> str:
        """The side in words."""
        return str(Side(self.side).label)


@dataclass(frozen=True)
class Dossier:
    """A request with everything around it, for somebody of the office."""

    assistance: AssistanceRequest
    languages: tuple[str, ...]
    offers: tuple[Offer, ...]
    notes: tuple[Note, ...]
    history: tuple[Entry, ...]
    readers: tuple[str, ...]
    held: Held | None
    # Why the office should look, and the budgets to choose from.
    because: tuple[str, ...]
    funds: tuple[str, ...]
    said: tuple[Said, ...]
    places: tuple[Place, ...] = ()
    # Calls made for this request (reference, state), and the request that this call is made for.
    calls: tuple[tuple[str, str], ...] = ()
    parent: str = ""

    @property
    def differs(self) -> bool:
        """Whether the two sides reported different outcomes, and the office decides."""
        return len({said.outcome for said in self.said}) > 1

    @property
    def unanswered(self) -> tuple[Offer, ...]:
        """Offers that wait for an answer."""
        return tuple(offer for offer in self.offers if offer.state in UNANSWERED)


def readers_of(number: Any, *, user: User, now: datetime) -> QuerySet[AccessLog, Any]:
    """Names of the others of the office who opened this request's page today (Berlin)."""
    midnight = clock.local(now).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = AccessLog.objects.filter(
        kind=ASSISTANCE, number=number, what="page", at__gte=midnight, actor_kind=ActorKind.OFFICE
    ).exclude(actor_number=user.pk)
    return rows.order_by().values_list(_name_of("actor_number")).distinct()


def _name_of(column: str) -> Subquery:
    return Subquery(User.objects.filter(pk=OuterRef(column)).values("name"))


def _actor_name() -> Case:
    by_volunteer = Subquery(Volunteer.objects.filter(pk=OuterRef("actor_number")).values("name"))
    return Case(
        When(actor_kind=ActorKind.VOLUNTEER, then=by_volunteer),
        When(actor_kind__in=[ActorKind.OFFICE, ActorKind.MEMBER], then=_name_of("actor_number")),
        default=Value(""),
    )


def _reports() -> QuerySet[Report, Any]:
    """What the two sides said of the appointment that is agreed or was settled; the note still encrypted."""
    names = ("side", "outcome", "minutes", "note", "wants_call")
    said = JSONObject(at="reported_at", **{name: name for name in names})
    rows = Report.objects.filter(assignment__assistance=OuterRef("pk")).exclude(
        Q(side=Side.OFFICE) | Q(assignment__state__in=NOT_HELD)
    )
    return rows.order_by("reported_at", "pk").values_list(said)


def _page_of(user: User, now: datetime) -> QuerySet[AssistanceRequest]:
    of_this = {"assistance": OuterRef("pk")}
    note = JSONObject(at="written_at", author="author__name", text="text")
    entry = JSONObject(at="at", action="action", actor_kind="actor_kind", name=_actor_name())
    held = JSONObject(
        state="state",
        minutes="minutes",
        volunteer="volunteer__name",
        volunteer_id="volunteer_id",
        phone="volunteer__phone",
        email="volunteer__email",
        report_asks="report_asks",
        report_due="report_due",
    )
    rule = JSONObject(kind="kind", number="number", because="because")
    log = LogEntry.objects.filter(kind=ASSISTANCE, number=OuterRef("pk")).order_by("-at", "-pk")
    agreed = Assignment.objects.filter(**of_this).exclude(state__in=NOT_HELD).order_by("-pk")
    rows = AssistanceRequest.objects.visible_to(user).select_related(
        "topic", "district", "institution", "filed_by", "responsible"
    )
    # Who the client is stands on a page of its own.
    return rows.defer("client_name", "client_phone", "client_address", "client_notes").annotate(
        language_names=ArraySubquery(
            RequestedLanguage.objects.filter(**of_this).order_by("rank").values("language__name")
        ),
        note_rows=ArraySubquery(
            InternalNote.objects.filter(**of_this).order_by("-written_at", "-pk").values_list(note)
        ),
        log_rows=ArraySubquery(log.values_list(entry)[:LINES]),
        place_rows=ArraySubquery(_places()),
        held_rows=ArraySubquery(agreed.values_list(held)[:1]),
        rule_rows=ArraySubquery(intake.hit_rules(OuterRef("intake_hits")).values_list(rule)),
        call_rows=ArraySubquery(_calls()),
        parent_reference=F("callback_for__reference"),
        fund_names=ArraySubquery(FundingSource.objects.filter(active=True).values("name")),
        said_rows=ArraySubquery(_reports()),
        reader_names=ArraySubquery(readers_of(OuterRef("pk"), user=user, now=now)),
    )


def _calls() -> QuerySet[AssistanceRequest, Any]:
    rows = AssistanceRequest.objects.filter(callback_for=OuterRef("pk")).order_by("-pk")
    return rows.values_list(JSONObject(reference="reference", state="state"))


def _places() -> QuerySet[Place, Any]:
    """The list of the latest search, each place with its search and its person."""
    latest = Campaign.objects.filter(assistance=OuterRef(OuterRef("pk"))).order_by("-pk").values("pk")[:1]
    search = JSONObject(pk="campaign_id", **{name: f"campaign__{name}" for name in CAMPAIGN_COLUMNS})
    person = JSONObject(pk="volunteer_id", name="volunteer__name", email="volunteer__email")
    place = JSONObject(
        pk="pk", rank="rank", offer_id="offer_id", skipped="skipped", override="override", campaign=search,
        volunteer=person,
    )  # fmt: skip
    rows = Place.objects.filter(campaign__in=latest).order_by("rank", "pk")
    return rows.values_list(place)


def _place(row: dict[str, Any]) -> Place:
    search, person = row.pop("campaign"), row.pop("volunteer")
    following = search.pop("next_at")
    campaign = Campaign(**search, next_at=datetime.fromisoformat(following) if following else None)
    override = encryption.decrypt(row.pop("override"))
    return Place(**row, override=override, campaign=campaign, volunteer=Volunteer(**person))


def gather(reference: str, *, user: User, now: datetime) -> Dossier | None:
    """Everything about the request with this reference, or None where the user may not see it."""
    assistance = _page_of(user, now).filter(reference=reference).first()
    if assistance is None:
        return None
    found: Any = assistance  # the annotations are not known to the type checker
    offers = assistance.offers.select_related("volunteer", "asked_by", "time").order_by("-asked_at", "-pk")
    return Dossier(
        assistance=assistance,
        languages=tuple(found.language_names),
        offers=tuple(offers),
        notes=tuple(_note(row) for row in found.note_rows),
        history=tuple(_entry(row) for row in found.log_rows),
        readers=tuple(sorted(name for name in found.reader_names if name)),
        because=tuple(intake.because(IntakeRule(**row)) for row in found.rule_rows),
        funds=tuple(found.fund_names),
        calls=tuple((row["reference"], row["state"]) for row in found.call_rows),
        parent=found.parent_reference or "",
        places=tuple(_place(row) for row in found.place_rows),
        held=next((_held(row) for row in found.held_rows), None),
        said=tuple(_said(row) for row in found.said_rows),
    )


def _note(row: dict[str, Any]) -> Note:
    text = encryption.decrypt(row["text"])
    return Note(datetime.fromisoformat(row["at"]), row["author"] or "", text)


def _entry(row: dict[str, Any]) -> Entry:
    by = row["name"] or str(ActorKind(row["actor_kind"]).label)
    return Entry(datetime.fromisoformat(row["at"]), wording.deed(ASSISTANCE, row["action"]), by)


def _held(row: dict[str, Any]) -> Held:
    due = datetime.fromisoformat(row["report_due"]) if row["report_due"] else None
    return Held(**{**row, "report_due": due}, label=wording.assignment_label(row["state"]))


def _said(row: dict[str, Any]) -> Said:
    note = encryption.decrypt(row["note"])
    return Said(**{**row, "note": note, "at": datetime.fromisoformat(row["at"])})
