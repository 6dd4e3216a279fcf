"""What changes after a request was filed: time, place, language, and who comes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _

from lotsen_portal import audit, clock
from lotsen_portal.audit import Actor, ActorKind
from lotsen_portal.models import Programme
from lotsen_portal.verbs import verb
from requests_app import intake, mails, offering
from requests_app.intake import SoFar, Verdict
from requests_app.models import (
    Assignment,
    AssistanceRequest,
    Bundle,
    Edition,
    Offer,
    RequestedLanguage,
)
from requests_app.states import FINAL, UNANSWERED, AssignmentState, OfferState, RequestState, Who
from requests_app.workflow.endings import end_calls, release_everybody
from requests_app.workflow.errors import NotPossible, TooLate
from requests_app.workflow.ground import (
    ASSISTANCE,
    OFFER,
    lock,
    lock_all,
    lock_people,
    make,
    may,
    refuse_if_begun,
    refuse_strangers,
)
from requests_app.workflow.intake import promised_answer
from requests_app.workflow.stepping import go_on_after_a_change, go_on_after_a_loss, next_in_line
from volunteers.models import District, Language


@dataclass(frozen=True, kw_only=True)
class Change:
    """The new time, place and languages of a request; what stays the same is repeated."""

    period: DateTimeTZRange
    mode: str
    district: District
    place: str
    languages: tuple[Language, ...]
    # Slugs of the statements that whoever asks confirms now; None where they were not asked again.
    confirmed: tuple[str, ...] | None = None

    @property
    def minutes(self) -> int:
        """How long it takes."""
        return int((self.period.upper - self.period.lower).total_seconds() // 60)


@verb
def change(assistance: int, new: Change, *, version: int, by: Actor, now: datetime) -> AssistanceRequest:
    """Change time, place or language, which raises the version.

    Whoever was asked hears of it and is asked again; whoever had agreed is asked again too, with old and
    new side by side. Where a rule wants the office's look, nobody is asked before that. A call that was to
    clear the time is called off. `version` is the one that the form showed. Raises NotPossible, also with
    what a rule refuses.
    """
    record = lock(assistance)
    live = Assignment.objects.filter(assistance=record, state=AssignmentState.AGREED.value).first()
    calls = lock_all(record.callbacks.running().values_list("pk", flat=True))
    callers = Assignment.objects.live().filter(assistance__in=calls).values_list("volunteer_id", flat=True)
    people = lock_people([*next_in_line(record.pk), *callers, *([live.volunteer_id] if live else [])])
    _refuse_what_does_not_go(record, new, version=version, by=by, now=now)
    before = list(record.languages.select_related("language"))
    if _is_same(record, before, new):
        return record
    verdicts = rewrite(record, new, by=by, now=now)
    if calls:
        end_calls(record, by=by, now=now)
    if wants_a_look(record, verdicts, by=by):
        release_everybody(record, by=by, now=now)
        look_again(record, by=by, now=now)
        if live:
            mails.send_to_requester(mails.tell_reopened, record, now=now)
        return record
    if live:
        _ask_again(record, live, by=by, now=now)
    _ask_about_the_change(record, by=by, now=now)
    go_on_after_a_change(record, people, by=by, now=now)
    if by.kind.value == Who.OFFICE:
        mails.send_to_requester(mails.tell_changed, record, now=now)
    return record


def _refuse_what_does_not_go(
    record: AssistanceRequest, new: Change, *, version: int, by: Actor, now: datetime
) -> None:
    if record.state in FINAL or Who(by.kind.value) not in {Who.OFFICE, Who.MEMBER, Who.CLIENT}:
        raise NotPossible
    refuse_strangers(record, by=by)
    refuse_if_begun(record, by=by, now=now)
    if version != record.version:
        raise NotPossible(
            _("Jemand anderes hat die Anfrage gerade geändert. Bitte prüfen Sie sie noch einmal.")
        )
    if new.period.lower <= now:
        raise NotPossible(_("Der neue Termin liegt in der Vergangenheit."))


def _ask_about_the_change(record: AssistanceRequest, *, by: Actor, now: datetime) -> None:
    """Ask whoever was asked before about the new version; a willing yes does not hold any more."""
    for offer in record.offers.filter(state__in=UNANSWERED).select_related("volunteer").order_by("pk"):
        if offer.state == OfferState.WILLING:
            make(offer, "renew", by=by, now=now, answered_at=None, sent_at=None, deadline=None)
        mails.send_offer(offer, now=now)


def rewrite(record: AssistanceRequest, new: Change, *, by: Actor, now: datetime) -> list[Verdict]:
    """Write the new time, place and languages of a locked request, and keep what it said before.

    Returns what the rules at intake say now that they did not say before. Raises NotPossible where one
    refuses, unless the office itself decides.
    """
    met = judge(record, new, now=now)
    fresh = [verdict for verdict in met if verdict.rule not in record.intake_hits]
    for refusal in [] if by.kind == ActorKind.OFFICE else intake.refusals(fresh):
        raise NotPossible(refusal.text)
    keep_edition(record, list(record.languages.select_related("language")), now=now)
    record.intake_hits = [verdict.rule for verdict in met]
    _write(record, new, by=by, now=now)
    return fresh


def judge(record: AssistanceRequest, new: Change, *, now: datetime) -> list[Verdict]:
    """What the rules at intake say to a request as it would be after a change."""
    confirmed = tuple(record.intake_hits) if new.confirmed is None else new.confirmed
    asked = SoFar(topic=record.topic, period=new.period, minutes=new.minutes, confirmed=confirmed)
    return intake.judge(asked, institution=record.institution, now=now)


def wants_a_look(record: AssistanceRequest, fresh: list[Verdict], *, by: Actor) -> bool:
    """Whether what the rules say for the first time has the office look again; the office looked."""
    return intake.needs_a_look(fresh) and may(record, "look_again", by)


def look_again(record: AssistanceRequest, *, by: Actor, now: datetime) -> None:
    """Put a request on the office's desk that nobody is asked about before it looked."""
    make(record, "look_again", by=by, now=now, search_ends_at=None)


def _is_same(record: AssistanceRequest, before: list[RequestedLanguage], new: Change) -> bool:
    old = (record.period, record.mode, record.district_id, record.place, [row.language_id for row in before])
    return old == (
        new.period,
        new.mode,
        new.district.pk,
        new.place,
        [language.pk for language in new.languages],
    )


def keep_edition(record: AssistanceRequest, before: list[RequestedLanguage], *, now: datetime) -> None:
    """Keep what the request says before its version is raised; `before` are its languages."""
    Edition.objects.create(
        assistance=record,
        version=record.version,
        period=record.period,
        mode=record.mode,
        district_id=record.district_id,
        place=record.place,
        languages=", ".join(row.language.name for row in before),
        replaced_at=now,
    )


def _write(record: AssistanceRequest, new: Change, *, by: Actor, now: datetime) -> None:
    programme, calendar = Programme.current(), clock.work_calendar()
    record.period, record.mode, record.place = new.period, new.mode, new.place
    record.district, record.minutes = new.district, new.minutes
    record.version += 1
    record.times_proposed = record.wants_call = False
    days = intake.notice_days(intake.rules())
    record.urgent = intake.is_short_notice(new.period.lower, now, calendar, days)
    record.answer_by = promised_answer(new.period.lower, now, calendar, programme)
    record.save(
        update_fields=[
            "period",
            "mode",
            "place",
            "district",
            "minutes",
            "version",
            "times_proposed",
            "wants_call",
            "urgent",
            "answer_by",
            "intake_hits",
        ]
    )
    record.proposed_times.all().delete()
    offering.search_anew(record, now=now)
    record.languages.all().delete()
    RequestedLanguage.objects.bulk_create(
        RequestedLanguage(assistance=record, language=language, rank=rank)
        for rank, language in enumerate(new.languages, start=1)
    )
    audit.record(
        by, "reschedule", kind=ASSISTANCE, number=record.pk, before=record.state, after=record.state, at=now
    )


def _ask_again(record: AssistanceRequest, live: Assignment, *, by: Actor, now: datetime) -> None:
    """Open the agreement again: the new offer carries the version that the volunteer had agreed to."""
    agreed_to = live.version
    make(live, "change", by=by, now=now, ended_at=now)
    make(live.offer, "release", by=by, now=now)
    offer = Offer.objects.create(
        assistance=record,
        volunteer_id=live.volunteer_id,
        bundle=Bundle.objects.create(volunteer_id=live.volunteer_id, created_at=now),
        version=agreed_to,
        asked_at=now,
    )
    audit.record(by, "ask", kind=OFFER, number=offer.pk, after=offer.state, at=now)
    make(record, "change", by=by, now=now)


@verb
def step_down(assistance: int, *, by: Actor, now: datetime) -> None:
    """The agreed volunteer cannot come: the request is open again, office and requester hear of it."""
    record = lock(assistance)
    live = (
        Assignment.objects.select_related("offer")
        .filter(assistance=record, state=AssignmentState.AGREED.value)
        .first()
    )
    if live is None or record.state != RequestState.CONFIRMED:
        raise NotPossible
    if by.kind.value == Who.VOLUNTEER:
        _check_own(live, by=by, now=now)
    people = lock_people([live.volunteer_id, *next_in_line(record.pk)])
    make(live, "step_down", by=by, now=now, ended_at=now)
    make(live.offer, "release", by=by, now=now)
    make(record, "step_down", by=by, now=now)
    offering.search_anew(record, now=now)
    mails.send_to_volunteer(mails.tell_released, live.offer, now=now)
    mails.send_to_requester(mails.tell_reopened, record, now=now)
    go_on_after_a_loss(record, people, by=by, now=now)


def _check_own(live: Assignment, *, by: Actor, now: datetime) -> None:
    """A volunteer takes back the own yes only, and only while somebody else can still be found."""
    if live.volunteer_id != by.number:
        raise NotPossible
    if live.starts <= now:
        raise TooLate(_("Der Termin hat schon begonnen. Bitte rufen Sie uns an."))
