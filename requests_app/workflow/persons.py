"""What a migrant who asked alone may do besides: want a call instead of a time, and take the consent back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from lotsen_portal import addresses, audit, clock, links, outbox
from lotsen_portal.audit import Actor
from lotsen_portal.models import Programme, Purpose
from lotsen_portal.verbs import verb
from requests_app import figures, mails, privacy
from requests_app.models import AssistanceRequest
from requests_app.states import FINAL, RequestState, Who
from requests_app.undelivered import TO_REQUESTER
from requests_app.workflow.changes import keep_edition
from requests_app.workflow.endings import end_calls, is_late_to_cancel, release_everybody
from requests_app.workflow.errors import NotPossible
from requests_app.workflow.ground import ASSISTANCE, lock, make, refuse_if_begun, refuse_strangers
from requests_app.workflow.intake import promised_answer


@verb
def want_call(assistance: int, *, call_times: Sequence[str], by: Actor, now: datetime) -> AssistanceRequest:
    """Give up the time and ask to be called; whoever was asked or had agreed hears that it is off.

    Raises NotPossible for an ended request and for an appointment that has begun.
    """
    record = lock(assistance)
    was_agreed = record.state == RequestState.CONFIRMED
    if record.state in FINAL or Who(by.kind.value) not in {Who.OFFICE, Who.MEMBER, Who.CLIENT}:
        raise NotPossible
    refuse_strangers(record, by=by)
    refuse_if_begun(record, by=by, now=now)
    if record.period is not None or record.times_proposed:
        keep_edition(record, list(record.languages.select_related("language")), now=now)
        release_everybody(record, by=by, now=now)
        record.version += 1
    if record.state in {RequestState.OFFERED, RequestState.CONFIRMED}:
        make(record, "want_call", by=by, now=now)
    record.proposed_times.all().delete()
    record.period, record.times_proposed, record.urgent, record.search_ends_at = None, False, False, None
    record.wants_call, record.call_times = True, list(call_times)
    record.answer_by = promised_answer(None, now, clock.work_calendar(), Programme.current())
    changed = ("period", "times_proposed", "urgent", "wants_call", "call_times", "version", "answer_by")
    record.save(update_fields=[*changed, "search_ends_at"])
    state = record.state
    audit.record(by, "call_wanted", kind=ASSISTANCE, number=record.pk, before=state, after=state, at=now)
    if was_agreed:  # there is an entry in a calendar
        mails.send_to_requester(mails.tell_reopened, record, now=now)
    elif by.kind.value == Who.OFFICE:
        mails.send_to_requester(mails.tell_changed, record, now=now)
    return record


@verb
def withdraw_consent(assistance: int, *, by: Actor, now: datetime) -> None:
    """Take the consent back: call the request off and erase all that is personal, at once.

    Everybody asked or agreed hears that it is off. The person's link explains itself from now on, and no
    mail about the request waits for the person any more, but one that takes an entry back from a calendar.
    What is over already is only erased.
    """
    record = lock(assistance)
    if Who(by.kind.value) not in {Who.OFFICE, Who.CLIENT}:
        raise NotPossible
    refuse_strangers(record, by=by)
    end_calls(record, by=by, now=now)
    address, language = mails.requester_address(record), mails.requester_language(record)
    in_a_calendar = record.state == RequestState.CONFIRMED
    if record.state not in FINAL:
        late = is_late_to_cancel(record, now=now)
        release_everybody(record, by=by, now=now)
        make(record, "cancel", by=by, now=now, ended_by=by.kind.value, ended_late=late)
        figures.write(record)
    figures.let_go(record)
    privacy.erase_persons([record.pk, *record.callbacks.values_list("pk", flat=True)])
    AssistanceRequest.objects.filter(pk=record.pk).update(consent_at=None, call_times=[])
    for purpose in (Purpose.STATUS, Purpose.FEEDBACK):
        links.revoke(purpose=purpose, holder=record.pk, now=now)
    outbox.forget(f"{name}:{record.pk}:" for name in TO_REQUESTER)
    if in_a_calendar and record.is_a_persons:
        mails.send_erased(record, to=address, language=language, now=now)
    addresses.free(record.client_email)
    state = record.state
    audit.record(by, "withdraw_consent", kind=ASSISTANCE, number=record.pk, before=state, after=state, at=now)
