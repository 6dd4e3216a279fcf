"""How long the portal knows whom a request was about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from lotsen_portal import outbox
from lotsen_portal.models import MailState, OutgoingMail
from lotsen_portal.privacy import Rule, add_rules
from requests_app import registrations
from requests_app.models import (
    AssistanceRequest,
    Edition,
    InternalNote,
    Offer,
    Place,
    Registration,
    Report,
    Takeover,
)

# How the key of `mails.tell_erased` begins.
LAST_MAIL: Final = "tell_erased:"
CLIENT_KEPT: Final = timedelta(days=90)

# Everything in which a name may stand, with the blind indexes by which it could be found.
FREE_TEXT: Final = (
    "place",
    "contact",
    "contact_phone",
    "concern",
    "client_reference",
    "client_reference_index",
    "client_name",
    "client_phone",
    "client_phone_index",
    "client_email",
    "client_language",
    "client_address",
    "client_notes",
    "reason",
)


def forgettable(now: datetime) -> QuerySet[AssistanceRequest]:
    """Requests that ended 90 days before `now` or earlier and still say something about a person."""
    blank = Q(**dict.fromkeys(FREE_TEXT, ""))
    told = Exists(Report.objects.filter(assignment__assistance=OuterRef("pk")).exclude(note=""))
    return AssistanceRequest.objects.filter(ended_at__lte=now - CLIENT_KEPT).filter(~blank | told)


@transaction.atomic
def forget_clients(now: datetime) -> int:
    """Blank every free text about these requests; what was agreed and the figures stay. Returns how many."""
    forget_last_mails()
    return erase_persons(list(forgettable(now).values_list("pk", flat=True)))


@transaction.atomic
def forget_last_mails() -> None:
    """Forget to whom the last mails to people who took their consent back went, whatever became of them."""
    for mail in OutgoingMail.objects.filter(key__startswith=LAST_MAIL).exclude(state=MailState.WAITING):
        outbox.forget([mail.key])


def erase_persons(numbers: Sequence[int]) -> int:
    """Blank all that says something about the persons of these requests; returns how many there were."""
    Edition.objects.filter(assistance__in=numbers).update(place="")
    Offer.objects.filter(assistance__in=numbers).update(reason="", override="")
    Place.objects.filter(campaign__assistance__in=numbers).update(override="")
    Report.objects.filter(assignment__assistance__in=numbers).update(note="")
    InternalNote.objects.filter(assistance__in=numbers).delete()
    blank = dict.fromkeys(FREE_TEXT, "")
    return AssistanceRequest.objects.filter(pk__in=numbers).update(**blank, filing_key=None)


add_rules(
    Rule(
        what=_("Angaben zur Person, um die es geht, Anliegen, Ort, Zeichen, Notizen und Anmerkungen"),
        why=_("Damit der Termin stattfinden und das Amt Rückfragen beantworten kann"),
        when=_("90 Tage nach dem Ende der Anfrage"),
        deed=_("Wir löschen diese Angaben. Sprache, Thema und Zeit bleiben."),
        count=lambda now: forgettable(now).count(),
        erase=forget_clients,
    ),
    Rule(
        what=_("Anmeldungen von Einrichtungen mit Namen und Adresse der Ansprechperson"),
        why=_("Damit das Amt prüfen kann, wer anfragen darf"),
        when=_("7 Tage ohne Bestätigung, sonst 90 Tage nach der Entscheidung"),
        deed=_("Wir löschen die Anmeldung. Eine aufgenommene Einrichtung bleibt."),
        count=lambda now: Registration.objects.filter(registrations.forgettable(now)).count(),
        erase=registrations.forget,
    ),
    Rule(
        what=_("Tabellen, die das Amt hochgeladen und noch nicht übernommen hat"),
        why=_("Damit das Amt vor der Übernahme jede Zeile prüfen kann"),
        when=_("Ein Tag nach dem Hochladen"),
        deed=_("Wir löschen die Tabelle mit allen Zeilen."),
        count=lambda now: Takeover.objects.unconfirmed(now).count(),
        erase=lambda now: Takeover.objects.unconfirmed(now).delete()[0],
    ),
    Rule(
        what=_("Was vor der Übernahme einer Tabelle dastand"),
        why=_("Damit das Amt eine falsche Übernahme zurücknehmen kann"),
        when=_("30 Tage nach der Übernahme"),
        deed=_("Wir löschen diese Angaben. Was übernommen wurde, bleibt."),
        count=lambda now: Takeover.objects.settled(now).count(),
        erase=lambda now: Takeover.objects.settled(now).delete()[0],
    ),
)
