"""Appointments that were agreed before the portal was there; nobody is mailed about what they know."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext as _

from lotsen_portal import audit, links, outbox
from lotsen_portal.audit import Actor
from lotsen_portal.models import Purpose, User
from lotsen_portal.verbs import verb
from requests_app import mails
from requests_app.models import Assignment, AssistanceRequest, Bundle, Institution, Offer
from requests_app.workflow.answers import settle
from requests_app.workflow.asking import put_question
from requests_app.workflow.errors import NotPossible
from requests_app.workflow.ground import ASSISTANCE, lock_all, lock_people, make
from requests_app.workflow.intake import Desk, Draft, file


@verb
def bring_in(
    draft: Draft,
    desk: Desk,
    *,
    institution: Institution,
    volunteer: int | None,
    by: Actor,
    user: User | None,
    now: datetime,
) -> AssistanceRequest:
    """File a request that an office kept in a list, agreed at once with the volunteer (by number) if any.

    Raises Busy for somebody who is elsewhere then. The reminder of the day before goes out as always.
    """
    if draft.period is None:
        raise NotPossible(_("Für diese Anfrage ist noch keine Zeit festgelegt."))
    assistance = file(draft, desk, by=by, institution=institution, filed_by=None, key=None)
    if volunteer is None:
        return assistance
    person = lock_people([volunteer])[volunteer]
    offer = put_question(
        assistance,
        person,
        by=by,
        user=user,
        override="",
        needs_choice=False,
        leaves=None,
        now=now,
        bundle=Bundle.objects.create(volunteer=person, created_at=now),
    )
    make(assistance, "ask", by=by, now=now)
    assignment, _thanked = settle(assistance, offer, draft.period, by=by, now=now)
    mails.make_answer_link(offer, now=now)
    mails.send_reminder(assignment, now=now)
    return assistance


@verb
def take_out(assistances: Collection[int], *, by: Actor, now: datetime) -> None:
    """Remove requests taken over by mistake, with offers and reminders; nothing happened to them since."""
    requests = lock_all(assistances)
    asked = Offer.objects.filter(assistance__in=requests)
    offers = list(asked.values_list("pk", "bundle_id", "volunteer_id"))
    outbox.forget([f"remind_volunteer:{offer}:" for offer, _bundle, _volunteer in offers])
    for _offer, bundle, volunteer in offers:
        links.revoke(purpose=Purpose.ANSWER, subject=bundle, holder=volunteer, now=now)
    numbers = [assistance.pk for assistance in requests]
    Assignment.objects.filter(assistance__in=numbers).delete()
    AssistanceRequest.objects.filter(pk__in=numbers).delete()
    Bundle.objects.filter(pk__in=[bundle for _offer, bundle, _volunteer in offers]).delete()
    audit.record_all(by, "remove", kind=ASSISTANCE, numbers=numbers, at=now)
