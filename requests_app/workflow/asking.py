"""The office asks volunteers."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext as _

from lotsen_portal import audit
from lotsen_portal.audit import Actor
from lotsen_portal.models import User
from requests_app import mails, matching
from requests_app.models import AssistanceRequest, Bundle, Offer
from requests_app.states import UNANSWERED
from requests_app.workflow.errors import NeedsReason, NotPossible
from requests_app.workflow.ground import OFFER, lock, lock_people, make, may, verb
from volunteers.models import Volunteer


@verb
def ask(
    assistance: int,
    *,
    volunteers: Collection[int],
    by: Actor,
    user: User | None,
    now: datetime,
    override: str = "",
    needs_choice: bool = False,
) -> list[Offer]:
    """Ask one or several volunteers (by number) at once; the first yes wins, or the office chooses.

    `override` is the reason for asking although a rule speaks against it that the office may override.
    Raises NeedsReason when such a rule applies and no reason is given, NotPossible for every other rule.
    """
    record = lock(assistance)
    people = lock_people(volunteers)
    if not may(record, "ask", by):
        raise NotPossible
    if record.is_past(now=now):
        raise NotPossible(_("Der Termin liegt in der Vergangenheit. Bitte ändern Sie zuerst die Zeit."))
    if record.starts is None and not record.proposals():
        raise NotPossible(_("Für diese Anfrage ist noch keine Zeit festgelegt."))
    if len(people) != len(set(volunteers)) or not people:
        raise NotPossible(_("Bitte wählen Sie mindestens eine Person aus."))
    offers = [
        _offer(
            record,
            people[number],
            by=by,
            user=user,
            override=override,
            needs_choice=needs_choice,
            now=now,
        )
        for number in sorted(people)
    ]
    make(record, "ask", by=by, now=now)
    return offers


def _offer(
    assistance: AssistanceRequest,
    volunteer: Volunteer,
    *,
    by: Actor,
    user: User | None,
    override: str,
    needs_choice: bool,
    now: datetime,
) -> Offer:
    if assistance.offers.filter(volunteer=volunteer, state__in=UNANSWERED).exists():
        raise NotPossible(_("%(name)s ist schon angefragt.") % {"name": volunteer.name})
    obstacles = matching.obstacles(assistance, volunteer, now=now)
    for obstacle in obstacles:
        if not obstacle.overridable:
            raise NotPossible(f"{volunteer.name}: {obstacle.sentence}")
    if obstacles and not override:
        raise NeedsReason(f"{volunteer.name}: {obstacles[0].sentence}")
    offer = Offer.objects.create(
        assistance=assistance,
        volunteer=volunteer,
        bundle=Bundle.objects.create(volunteer=volunteer, created_at=now),
        version=assistance.version,
        asked_by=user,
        asked_at=now,
        override=override if obstacles else "",
        needs_choice=needs_choice,
    )
    audit.record(by, "ask", kind=OFFER, number=offer.pk, after=offer.state, at=now)
    mails.send_offer(offer, now=now)
    return offer
