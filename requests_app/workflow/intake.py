"""How a request comes in, and whether the office lets it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from lotsen_portal import audit, clock, encryption
from lotsen_portal.audit import NEWCOMER, Actor, ActorKind
from lotsen_portal.clock import WorkCalendar
from lotsen_portal.models import Programme, User
from lotsen_portal.verbs import verb
from requests_app import figures, intake, mails, offering
from requests_app.intake import Verdict
from requests_app.models import (
    AssistanceRequest,
    Help,
    Institution,
    InstitutionState,
    IntakeRule,
    Mode,
    Origin,
    ProposedTime,
    RequestedLanguage,
    RequestGroup,
)
from requests_app.states import RequestState
from requests_app.workflow.endings import end_calls
from requests_app.workflow.errors import NotPossible
from requests_app.workflow.ground import ASSISTANCE, lock, make
from requests_app.workflow.stepping import finish_search
from volunteers.models import District, Language, Level, Topic

REFERENCE_DIGITS = 5

ORIGINS: Final = {
    ActorKind.MEMBER: Origin.INSTITUTION,
    ActorKind.OFFICE: Origin.OFFICE,
    ActorKind.CLIENT: Origin.SELF,
}


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A request as somebody filled it in; times are aware, languages in order of preference."""

    topic: Topic
    languages: tuple[Language, ...]
    district: District | None
    minutes: int
    period: DateTimeTZRange | None = None
    proposed: tuple[DateTimeTZRange, ...] = ()
    help: str = Help.ACCOMPANIMENT
    mode: str = Mode.ON_SITE
    minimum_level: int = Level.GOOD
    gender_needed: str = ""
    place: str = ""
    contact: str = field(default="", repr=False)
    contact_phone: str = field(default="", repr=False)
    concern: str = field(default="", repr=False)
    client_reference: str = field(default="", repr=False)
    client_name: str = field(default="", repr=False)
    client_phone: str = field(default="", repr=False)
    client_email: str = field(default="", repr=False)
    client_language: str = ""
    client_address: str = field(default="", repr=False)
    client_notes: str = field(default="", repr=False)
    wants_call: bool = False
    call_times: tuple[str, ...] = ()
    consent: bool = True
    consent_language: str = ""
    # Said on the telephone, to somebody of the office.
    consent_spoken: bool = False
    # Slugs of the statements that whoever asked confirmed.
    confirmed: tuple[str, ...] = ()

    @property
    def times(self) -> tuple[DateTimeTZRange, ...]:
        """The time chosen, else the times to choose from."""
        return (self.period,) if self.period else self.proposed


def reference_index(client_reference: str, institution: Institution | None) -> str:
    """The blind index of "Ihr Zeichen", which is comparable within one institution only."""
    if not client_reference or institution is None:
        return ""
    return encryption.blind_index(client_reference, scope=f"client_reference:{institution.pk}")


def phone_index(phone: str) -> str:
    """The blind index of a client's telephone number, whatever blanks and dashes it was typed with."""
    digits = "".join(sign for sign in phone if sign.isdigit())
    return encryption.blind_index(digits, scope="client_phone") if digits else ""


def promised_answer(
    start: datetime | None, now: datetime, calendar: WorkCalendar, programme: Programme
) -> date:
    """The Berlin date by which the requester hears from the office: in time before the appointment,
    but never a day on which nobody works any more."""
    wall = clock.local(now)
    today = promised = wall.date()
    at_work = calendar.is_working_day(today) and wall.time() < calendar.day_ends
    soonest = today if at_work else calendar.next_working_day(today)
    for _ in range(programme.answer_working_days):
        promised = calendar.next_working_day(promised)
    if start is None:
        return promised
    early_enough = calendar.working_days_before(clock.local(start).date(), programme.unfilled_working_days)
    return max(soonest, min(promised, early_enough))


def next_reference(prefix: str, year: int) -> str:
    """The next number of the year, without gaps."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into requests_app_referencecounter as c (year, last) values (%s, 1)"
            " on conflict (year) do update set last = c.last + 1 returning last",
            [year],
        )
        (number,) = cursor.fetchone()
    return f"{prefix}-{year}-{number:0{REFERENCE_DIGITS}d}"


def _first_state(by: Actor, institution: Institution | None, verdicts: list[Verdict]) -> RequestState:
    """Open at once, unless a rule or the institution's own state wants the office's look; the office looked.

    Raises NotPossible where a rule refuses, which forms say before.
    """
    if by.kind == ActorKind.OFFICE:
        return RequestState.OPEN
    for refusal in intake.refusals(verdicts):
        raise NotPossible(refusal.text)
    known = institution is None or institution.state == InstitutionState.APPROVED
    return RequestState.OPEN if known and not intake.needs_a_look(verdicts) else RequestState.NEW


def _what(draft: Draft) -> dict[str, Any]:
    same = (
        "topic",
        "help",
        "mode",
        "minimum_level",
        "gender_needed",
        "period",
        "minutes",
        "district",
        "place",
    )
    return {name: getattr(draft, name) for name in (*same, "concern", "contact", "contact_phone")}


def _who(draft: Draft, institution: Institution | None) -> dict[str, str]:
    return {
        "client_reference": draft.client_reference,
        "client_reference_index": reference_index(draft.client_reference, institution),
        "client_name": draft.client_name,
        "client_phone": draft.client_phone,
        "client_phone_index": phone_index(draft.client_phone),
        "client_email": draft.client_email,
        "client_language": draft.client_language,
        "client_address": draft.client_address,
        "client_notes": draft.client_notes,
    }


def _by_when(
    draft: Draft, now: datetime, calendar: WorkCalendar, programme: Programme, known: list[IntakeRule]
) -> dict[str, Any]:
    start = min((period.lower for period in draft.times), default=None)
    days = intake.notice_days(known)
    last = max((period.lower for period in draft.times), default=None)
    return {
        "search_ends_at": offering.search_ends(last, since=now, programme=programme, calendar=calendar),
        "times_proposed": draft.period is None and bool(draft.proposed),
        "wants_call": draft.wants_call,
        "call_times": list(draft.call_times),
        "urgent": start is not None and intake.is_short_notice(start, now, calendar, days),
        "answer_by": promised_answer(start, now, calendar, programme),
    }


def _consent(draft: Draft, now: datetime, programme: Programme) -> dict[str, Any]:
    if not draft.consent:
        return {}
    return {
        "consent_at": now,
        "consent_version": programme.consent_version,
        "consent_language": draft.consent_language,
        "consent_spoken": draft.consent_spoken,
    }


@verb
def submit(
    draft: Draft,
    *,
    by: Actor,
    institution: Institution | None,
    filed_by: User | None,
    now: datetime,
    key: UUID | None = None,
) -> AssistanceRequest:
    """File a request and acknowledge it by mail; it gets a reference and the day of the promised answer.

    A migrant files as `audit.NEWCOMER`. Who has no account gets a link to the request's page. With a `key`
    the same form files once, however often it is sent: the second time returns the request of the first.
    """
    if key is not None and (filed := _filed_before(key)):
        return filed
    assistance = file(draft, Desk.read(now), by=by, institution=institution, filed_by=filed_by, key=key)
    _acknowledge(assistance, by, now)
    return assistance


@verb
def submit_several(
    drafts: Sequence[Draft],
    *,
    kind: str,
    rule: str = "",
    by: Actor,
    institution: Institution | None,
    filed_by: User | None,
    now: datetime,
    key: UUID | None = None,
) -> list[AssistanceRequest]:
    """File the requests of a series or an event (`kind`), joined by a group, with one mail for all of them.

    `rule` is that of a series. The same `key` files once, as in `submit`.
    """
    if key is not None and (filed := _filed_before(key)) and filed.group:
        return list(filed.group.requests.order_by("pk"))
    group, desk = RequestGroup.objects.create(kind=kind, rule=rule, created_at=now), Desk.read(now)
    requests = [
        file(
            draft,
            desk,
            by=by,
            institution=institution,
            filed_by=filed_by,
            key=None if position else key,
            group=group,
        )
        for position, draft in enumerate(drafts)
    ]
    if by.kind != ActorKind.OFFICE or mails.requester_address(requests[0]):
        mails.send_to_requester(mails.acknowledge_group, requests[0], now=now)
    return requests


@dataclass(frozen=True)
class Desk:
    """What every request is judged by on its way in, read once for all of a group."""

    at: datetime
    programme: Programme
    calendar: WorkCalendar
    rules: list[IntakeRule]

    @classmethod
    def read(cls, now: datetime) -> Desk:
        """Read the programme, its calendar and its rules."""
        return cls(now, Programme.current(), clock.work_calendar(), intake.rules())


def file(
    draft: Draft,
    desk: Desk,
    *,
    by: Actor,
    institution: Institution | None,
    filed_by: User | None,
    key: UUID | None,
    group: RequestGroup | None = None,
) -> AssistanceRequest:
    """Write a request down as the rules at intake judge it, without its mails."""
    now, programme = desk.at, desk.programme
    verdicts = intake.judge(draft, institution=institution, now=now, known=desk.rules, calendar=desk.calendar)
    assistance = AssistanceRequest.objects.create(
        reference=next_reference(programme.reference_prefix, clock.local(now).year),
        state=_first_state(by, institution, verdicts).value,
        origin=ORIGINS[by.kind],
        filing_key=key,
        group=group,
        institution=institution,
        filed_by=filed_by,
        filed_at=now,
        funding_source=programme.funding_default.name if programme.funding_default else "",
        intake_hits=[verdict.rule for verdict in verdicts],
        **_what(draft),
        **_who(draft, institution),
        **_by_when(draft, now, desk.calendar, programme, desk.rules),
        **_consent(draft, now, programme),
    )
    by = Actor.client(assistance.pk) if by == NEWCOMER else by
    _add_rows(assistance, draft)
    if assistance.is_a_persons:
        mails.make_status_link(assistance, now=now)
    audit.record(by, "submit", kind=ASSISTANCE, number=assistance.pk, after=assistance.state, at=now)
    return assistance


def _acknowledge(assistance: AssistanceRequest, by: Actor, now: datetime) -> None:
    # Whoever has no address was on the telephone with the office just now.
    if by.kind != ActorKind.OFFICE or mails.requester_address(assistance):
        mails.send_to_requester(mails.acknowledge_request, assistance, now=now)


def _filed_before(key: UUID) -> AssistanceRequest | None:
    """The request that this form filed; of two that are sent at once the second waits for the first."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [key.int & (2**63 - 1)])
    return AssistanceRequest.objects.filter(filing_key=key).first()


def _add_rows(assistance: AssistanceRequest, draft: Draft) -> None:
    RequestedLanguage.objects.bulk_create(
        RequestedLanguage(assistance=assistance, language=language, rank=rank)
        for rank, language in enumerate(draft.languages, start=1)
    )
    ProposedTime.objects.bulk_create(
        ProposedTime(assistance=assistance, period=period) for period in draft.proposed
    )


@verb
def approve(assistance: int, *, by: Actor, now: datetime) -> None:
    """Let a request in that needed the office's look."""
    record = lock(assistance)
    make(record, "approve", by=by, now=now)
    offering.search_anew(record, now=now)


@verb
def reject(assistance: int, *, rule: str, reason: str, by: Actor, now: datetime) -> None:
    """Refuse a request that is out of scope, with the rule and a reason; the requester hears of it."""
    record = lock(assistance)
    finish_search(record, by=by, now=now)
    make(record, "reject", by=by, now=now, ended_by=by.kind.value, ended_rule=rule, reason=reason)
    end_calls(record, by=by, now=now)
    figures.write(record)
    mails.send_to_requester(mails.tell_rejected, record, now=now)


__all__ = ["Draft", "approve", "promised_answer", "reject", "submit", "submit_several"]
