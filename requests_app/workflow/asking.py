"""The office asks volunteers."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext as _

from lotsen_portal import audit
from lotsen_portal.audit import Actor
from lotsen_portal.models import User
from lotsen_portal.verbs import verb
from requests_app import mails, matching, offering
from requests_app.models import AssistanceRequest, Bundle, Offer, Place
from requests_app.states import SEARCHING, UNANSWERED
from requests_app.workflow.errors import NeedsReason, NotPossible
from requests_app.workflow.ground import OFFER, lock, lock_people, make, may
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
    refuse_what_cannot_be_asked(record, by=by, now=now)
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


def refuse_what_cannot_be_asked(record: AssistanceRequest, *, by: Actor, now: datetime) -> None:
    """Raise NotPossible for a request that nobody can be asked about now."""
    if not may(record, "ask", by):
        raise NotPossible
    if record.is_past(now=now):
        raise NotPossible(_("Der Termin liegt in der Vergangenheit. Bitte ändern Sie zuerst die Zeit."))
    if record.starts is None and not record.proposals():
        raise NotPossible(_("Für diese Anfrage ist noch keine Zeit festgelegt."))


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
    leaves = offering.waits_until(assistance, volunteer.pk, now=now)
    offer = put_question(
        assistance,
        volunteer,
        by=by,
        user=user,
        override=override if obstacles else "",
        needs_choice=needs_choice,
        # Whoever asks by hand does not want to come too late.
        leaves=None if offering.too_late(assistance, leaves) else leaves,
        now=now,
    )
    note_turn(assistance, offer)
    return offer


def note_turn(assistance: AssistanceRequest, offer: Offer) -> None:
    """Whoever is asked by hand has had a turn in the search of this request."""
    places = Place.objects.filter(campaign__assistance=assistance, campaign__state__in=SEARCHING)
    places.filter(volunteer=offer.volunteer_id, offer=None).update(offer=offer, skipped="")


def put_question(
    assistance: AssistanceRequest,
    volunteer: Volunteer,
    *,
    by: Actor,
    user: User | None,
    override: str,
    needs_choice: bool,
    leaves: datetime | None,
    now: datetime,
    bundle: Bundle | None = None,
) -> Offer:
    """Write the offer and its mail, without looking for obstacles; both are locked by the caller.

    `leaves` is the digest that carries the question, None for a mail of its own at once. An offer of a given
    bundle has no mail of its own.
    """
    offer = Offer.objects.create(
        assistance=assistance,
        volunteer=volunteer,
        bundle=bundle or Bundle.objects.create(volunteer=volunteer, created_at=now),
        version=assistance.version,
        asked_by=user,
        asked_at=now,
        waits_until=leaves,
        override=override,
        needs_choice=needs_choice,
    )
    audit.record(by, "ask", kind=OFFER, number=offer.pk, after=offer.state, at=now)
    if bundle is None:
        mails.send_offer(offer, now=now)
    return offer
