"""How long the portal knows who wanted to help."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import ProtectedError, Q
from django.utils.translation import gettext_lazy as _

from lotsen_portal import links, outbox
from lotsen_portal.models import Purpose
from lotsen_portal.privacy import Rule, add_rules
from volunteers import mails
from volunteers.application_states import ApplicationState
from volunteers.models import Application, Volunteer, VolunteerState

UNCONFIRMED_KEPT: Final = timedelta(days=14)
DECIDED_KEPT: Final = timedelta(days=90)
# What somebody wrote before the first day is not needed any more after a year.
JOINED_KEPT: Final = timedelta(days=365)


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


add_rules(
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
    )
)
