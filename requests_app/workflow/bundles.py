"""Several dates of a series or an event asked in one mail and answered on one page."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import partial

from django.utils.translation import gettext as _

from lotsen_portal.audit import Actor
from lotsen_portal.models import User
from lotsen_portal.verbs import verb
from requests_app import bundling, mails, matching, offering
from requests_app.models import Assignment, AssistanceRequest, Bundle, GroupKind, Offer
from requests_app.states import UNANSWERED
from requests_app.workflow.answers import refusal, search_on, settle
from requests_app.workflow.asking import note_turn, put_question
from requests_app.workflow.errors import (
    AlreadyAnswered,
    Busy,
    Changed,
    NeedsReason,
    NeedsTime,
    NotPossible,
    SomeFailed,
)
from requests_app.workflow.ground import lock_all, lock_people, make, may
from requests_app.workflow.stepping import next_in_line
from volunteers.models import Volunteer


@verb
def ask_several(
    assistances: Collection[int],
    *,
    volunteer: int,
    by: Actor,
    user: User | None,
    now: datetime,
    override: str = "",
) -> list[Offer]:
    """Ask one volunteer about several requests of a group in one mail; returns an offer for each.

    A date that a rule speaks against is left out, and one about which a running search asks; `override` is
    the reason for asking about those dates too whose rules the office may override. The mail counts as one
    of the day, and waits for the digest like any other. Raises NeedsReason when only such dates are left,
    NotPossible when none is, and for an event, at which nobody can be twice.
    """
    records = lock_all(assistances)
    person = lock_people([volunteer]).get(volunteer)
    if person is None:
        raise NotPossible
    free = _free_of_searches(_of_one_series(records))
    asked = _can_be_asked(free, person, override=override, by=by, now=now)
    bundle = Bundle.objects.create(volunteer=person, created_at=now)
    leaves = _leaves([record for record, _against in asked], person, now=now)
    put = partial(put_question, by=by, user=user, needs_choice=False, leaves=leaves, now=now, bundle=bundle)
    offers = [put(record, person, override=override if against else "") for record, against in asked]
    for offer in offers:
        note_turn(offer.assistance, offer)
        make(offer.assistance, "ask", by=by, now=now)
    mails.send_bundle(offers, now=now)
    return offers


def _of_one_series(records: list[AssistanceRequest]) -> list[AssistanceRequest]:
    if len({record.group_id for record in records} - {None}) != 1:
        raise NotPossible
    if any(record.group and record.group.kind == GroupKind.EVENT for record in records):
        raise NotPossible(_("Bei einer Veranstaltung kann eine Person nur eine Anfrage übernehmen."))
    return records


def _free_of_searches(records: list[AssistanceRequest]) -> list[AssistanceRequest]:
    """Two who ask about one date at a time would ask more people than either means to."""
    busy = bundling.searched(records)
    free = [record for record in records if record.pk not in busy]
    if busy and not free:
        raise NotPossible(_("Für alle diese Termine läuft schon eine Suche. Bitte halten Sie sie zuerst an."))
    return free


def _can_be_asked(
    records: list[AssistanceRequest], person: Volunteer, *, override: str, by: Actor, now: datetime
) -> list[tuple[AssistanceRequest, bool]]:
    """The dates to ask about, each with whether a rule is overridden for it."""
    open_ones = [record for record in records if _waits(record, by=by, now=now)]
    judged = matching.obstacles_each(open_ones, [person.pk], now=now)
    against = [(record, judged[record.pk, person.pk]) for record in open_ones]
    possible = [(record, found) for record, found in against if all(rule.overridable for rule in found)]
    asked = [(record, bool(found)) for record, found in possible if override or not found]
    if not asked and possible:
        raise NeedsReason(f"{person.name}: {possible[0][1][0].sentence}")
    if not asked:
        raise NotPossible(_("%(name)s kann an keinem dieser Termine.") % {"name": person.name})
    return asked


def _waits(record: AssistanceRequest, *, by: Actor, now: datetime) -> bool:
    return may(record, "ask", by) and record.starts is not None and not record.is_past(now=now)


def _leaves(records: list[AssistanceRequest], person: Volunteer, *, now: datetime) -> datetime | None:
    """When the mail leaves as part of a digest: not where one date is urgent, or would be asked too late."""
    urgent = next((record for record in records if record.urgent), records[0])
    leaves = offering.waits_until(urgent, person.pk, now=now)
    return None if any(offering.too_late(record, leaves) for record in records) else leaves


def _locked(bundle: int) -> tuple[list[Offer], dict[int, Volunteer]]:
    """Lock the requests of a bundle, then its volunteer and whom the searches ask next; read the offers."""
    waiting = Offer.objects.filter(bundle=bundle)
    records = {record.pk: record for record in lock_all(waiting.values_list("assistance_id", flat=True))}
    following = {number for record in records for number in next_in_line(record)}
    people = lock_people(following.union(waiting.values_list("volunteer_id", flat=True)))
    offers = list(waiting.select_related("volunteer").order_by("assistance__period", "pk"))
    for offer in offers:
        offer.assistance = records[offer.assistance_id]
    return offers, people


@verb
def accept_several(bundle: int, *, chosen: Mapping[int, int], by: Actor, now: datetime) -> list[Assignment]:
    """Say yes to the chosen offers of a bundle (number to the version that the page showed), no to the rest.

    All or none: raises SomeFailed, which says what stands against each, and then nothing is written. Raises
    AlreadyAnswered when the bundle holds no open offer any more.
    """
    offers, people = _locked(bundle)
    unanswered = [offer for offer in offers if offer.state in UNANSWERED]
    if not unanswered:
        raise AlreadyAnswered
    wanted = [offer for offer in offers if offer.pk in chosen]
    if not wanted:
        raise NotPossible(_("Bitte wählen Sie mindestens einen Termin aus."))
    if problems := _problems(wanted, chosen, by=by, now=now):
        raise SomeFailed(problems)
    agreed: list[Assignment] = []
    thanked: dict[int, list[Offer]] = {}
    for offer in wanted:
        assignment, others = settle(offer.assistance, offer, offer.assistance.period, by=by, now=now)
        agreed.append(assignment)
        for other in others:
            thanked.setdefault(other.bundle_id, []).append(other)
    _decline_all([offer for offer in unanswered if offer.pk not in chosen], people, by=by, now=now)
    mails.send_agreements(agreed, now=now)
    for others in thanked.values():
        mails.send_thanks(others, now=now)
    return agreed


def _problems(
    wanted: list[Offer], chosen: Mapping[int, int], *, by: Actor, now: datetime
) -> dict[int, NotPossible]:
    """What stands against each chosen offer; overlaps among them count for the later one."""
    live = Assignment.objects.live().filter(volunteer=wanted[0].volunteer_id, period__endswith__gt=now)
    taken = list(live.values_list("period", flat=True))
    problems: dict[int, NotPossible] = {}
    for offer in wanted:
        period = offer.assistance.period
        if problem := refusal(offer.assistance, offer, now=now):
            problems[offer.pk] = problem
        elif chosen[offer.pk] != offer.assistance.version:
            problems[offer.pk] = Changed()
        elif period is None:
            problems[offer.pk] = NeedsTime()
        elif not may(offer, "accept", by) or offer.needs_choice:
            problems[offer.pk] = NotPossible()
        elif any(period.lower < other.upper and other.lower < period.upper for other in taken):
            problems[offer.pk] = Busy()
        else:
            taken.append(period)
    return problems


@verb
def decline_several(bundle: int, *, reason: str, by: Actor, now: datetime) -> None:
    """Say no to every open offer of a bundle. Raises AlreadyAnswered when there is none."""
    offers, people = _locked(bundle)
    unanswered = [offer for offer in offers if offer.state in UNANSWERED]
    if not unanswered:
        raise AlreadyAnswered
    _decline_all(unanswered, people, reason=reason, by=by, now=now)


def _decline_all(
    offers: list[Offer], people: dict[int, Volunteer], *, reason: str = "", by: Actor, now: datetime
) -> None:
    for offer in offers:
        version = offer.assistance.version
        make(offer, "decline", by=by, now=now, answered_at=now, reason=reason, version=version)
        search_on(offer.assistance, offer, people, by=by, now=now)
