"""How long the portal knows who wanted to help."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any, Final

from django.db import transaction
from django.db.models import Exists, Manager, OuterRef, ProtectedError, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from lotsen_portal import clock, links, outbox
from lotsen_portal.models import Purpose
from lotsen_portal.privacy import Rule, add_rules
from volunteers import mails
from volunteers.application_states import ApplicationState
from volunteers.models import (
    Application,
    ConductCertificate,
    LanguageProof,
    Participation,
    PhoneConsent,
    Undertaking,
    Volunteer,
    VolunteerNote,
    VolunteerState,
)
from volunteers.training_states import PlaceState

UNCONFIRMED_KEPT: Final = timedelta(days=14)
DECIDED_KEPT: Final = timedelta(days=90)
# What somebody wrote before the first day is not needed any more after a year.
JOINED_KEPT: Final = timedelta(days=365)
INVITATIONS_KEPT: Final = timedelta(days=365)
PAPERS_KEPT: Final = timedelta(days=365)
PAPERS: Final[tuple[Manager[Any], ...]] = (
    Undertaking.objects,
    ConductCertificate.objects,
    PhoneConsent.objects,
    LanguageProof.objects,
    VolunteerNote.objects,
)


def forgettable(now: datetime) -> Q:
    """Which applications are not kept any more."""
    over = [ApplicationState.DECLINED.value, ApplicationState.WITHDRAWN.value]
    return (
        Q(state=ApplicationState.UNCONFIRMED.value, asked_at__lte=now - UNCONFIRMED_KEPT)
        | Q(state__in=over, ended_at__lte=now - DECIDED_KEPT)
        | Q(state=ApplicationState.ACTIVE.value, ended_at__lte=now - JOINED_KEPT)
    )


def forget_applications(now: datetime) -> int:
    """Delete what is not kept, with its links; returns how many applications."""
    numbers = list(Application.objects.filter(forgettable(now)).values_list("pk", flat=True))
    for number in numbers:
        erase_application(number, now=now)
    return len(numbers)


@transaction.atomic
def erase_application(number: int, *, now: datetime) -> None:
    """Delete an application with its notes and links, and the record of a person who never helped.

    Whom its mails went to is forgotten, and none of them goes out any more.
    """
    application = Application.objects.filter(pk=number).first()
    if application is None:
        return
    links.revoke(purpose=Purpose.APPLICATION, subject=number, now=now)
    functions = [*mails.MAIL_OF.values(), mails.confirm_application, mails.tell_known_applicant]
    outbox.forget(f"{function.__qualname__}:{number}:" for function in functions)
    person, state = application.volunteer_id, application.state
    application.delete()
    if person is not None and state != ApplicationState.ACTIVE:
        _forget_person(person)


def _forget_person(number: int) -> None:
    never_helped = Volunteer.objects.filter(pk=number, state=VolunteerState.LEFT, last_deployed_on=None)
    try:
        with transaction.atomic():
            never_helped.delete()
    except ProtectedError:  # somebody asked the person once: the record ages with that
        return


def without_papers(now: datetime) -> QuerySet[Volunteer]:
    """Who left a year before `now` or earlier, and of whom there are still papers or notes."""
    gone = Volunteer.objects.filter(left_on__lte=clock.local(now).date() - PAPERS_KEPT)
    about = [Exists(rows.filter(volunteer=OuterRef("pk"))) for rows in PAPERS]
    held = Q(undertaking_on__isnull=False) | Q(conduct_seen_on__isnull=False) | Q(shares_phone=True)
    return gone.filter(reduce(or_, about, held))


@transaction.atomic
def forget_papers(now: datetime) -> int:
    """Delete what proves their papers, and the office's notes about them; returns of how many people."""
    numbers = list(without_papers(now).values_list("pk", flat=True))
    for rows in PAPERS:
        rows.filter(volunteer__in=numbers).delete()
    blank = dict.fromkeys(("undertaking_on", "undertaking_until", "conduct_seen_on", "conduct_until"))
    Volunteer.objects.filter(pk__in=numbers).update(**blank, shares_phone=False)
    return len(numbers)


def stale_invitations(now: datetime) -> QuerySet[Participation]:
    """Invitations of sessions a year ago to which somebody did not come."""
    rows = Participation.objects.exclude(state=PlaceState.ATTENDED.value)
    return rows.filter(session__last_at__lte=now - INVITATIONS_KEPT)


add_rules(
    Rule(
        what=_("Einladungen zu Schulungen, denen jemand nicht gefolgt ist"),
        why=_("Damit das Amt Plätze vergeben und die Warteliste führen kann"),
        when=_("Ein Jahr nach dem Termin"),
        deed=_("Wir löschen die Einladung. Wer teilgenommen hat, behält den Nachweis."),
        count=lambda now: stale_invitations(now).count(),
        erase=lambda now: stale_invitations(now).delete()[0],
    ),
    Rule(
        what=_("Nachweise der Lotsinnen und Lotsen (wann eingesehen oder bestätigt) und Notizen des Amtes"),
        why=_("Damit nur hilft, wer zur Verschwiegenheit verpflichtet ist"),
        when=_("Ein Jahr nach dem Ausscheiden"),
        deed=_("Wir löschen die Vermerke und die Notizen."),
        count=lambda now: without_papers(now).count(),
        erase=forget_papers,
    ),
    Rule(
        what=_("Bewerbungen von Menschen, die helfen möchten, mit den Notizen des Amtes"),
        why=_("Damit das Amt mit ihnen sprechen und entscheiden kann"),
        when=_(
            "14 Tage ohne Bestätigung; 90 Tage nach einer Absage oder nachdem sie zurückgezogen wurde; "
            "ein Jahr nach dem Beginn"
        ),
        deed=_("Wir löschen die Bewerbung. Wer mithilft, bleibt als Lotsin oder Lotse gespeichert."),
        count=lambda now: Application.objects.filter(forgettable(now)).count(),
        erase=forget_applications,
    ),
)
