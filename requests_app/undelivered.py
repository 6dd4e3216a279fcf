"""What became of mails: whom the office has to phone because none reached them, and all of one request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.db import connection
from django.db.models import Q

from lotsen_portal import addresses
from lotsen_portal.encryption import decrypt
from lotsen_portal.models import MailState, OutgoingMail, User
from requests_app import mails
from requests_app.models import AssistanceRequest, Offer
from volunteers.models import Application, Volunteer

SHOWN: Final = 8
ALL_SHOWN: Final = 200

# Whoever typed a wrong address into a public form is known to nobody, and may come again. An applicant whose
# telephone number we have is called.
_NOBODYS: Final = [
    "requests_app.mails.houses.confirm_registration",
    "volunteers.mails.applications.confirm_application",
    # Whoever took the consent back is not to be phoned.
    "requests_app.mails.requesters.tell_erased",
]

# What to say on the phone, by the name of the mail function.
WORDS: Final[Mapping[str, str]] = {
    "ask_volunteer": "Fragen Sie, ob es passt. Tragen Sie die Antwort bei der Anfrage ein.",
    "ask_digest": "Fragen Sie, ob einer der Termine passt. Tragen Sie die Antworten bei den Anfragen ein.",
    "confirm_volunteer": "Danken Sie für die Zusage. Nennen Sie Ort, Zeit und Kontakt.",
    "remind_volunteer": "Erinnern Sie an den Termin.",
    "thank_not_needed": "Sagen Sie Danke: Jemand anderes hat den Termin schon übernommen.",
    "tell_withdrawn": "Sagen Sie, dass sich die Frage erledigt hat. Es ist nichts mehr zu tun.",
    "tell_cancelled_volunteer": "Sagen Sie, dass der Termin ausfällt.",
    "tell_released": "Bestätigen Sie, dass sie oder er nicht mehr zum Termin kommen muss.",
    "send_code": "Nennen Sie Ort und Kontakt am Telefon. Der Code selbst gilt nur kurz.",
    "ask_report": "Fragen Sie, wie der Einsatz war, und schließen Sie die Anfrage ab.",
    "remind_report": "Fragen Sie noch einmal, wie der Einsatz war, und schließen Sie die Anfrage ab.",
    "ask_feedback": "Fragen Sie, wie der Termin war, und schließen Sie die Anfrage ab.",
    "remind_feedback": "Fragen Sie noch einmal, wie der Termin war, und schließen Sie die Anfrage ab.",
    "ask_bundle": "Fragen Sie, welche der Termine passen. Tragen Sie die Antworten ein.",
    "confirm_bundle": "Danken Sie für die Zusagen. Nennen Sie Ort, Zeiten und Kontakt.",
    "thank_bundle": "Sagen Sie Danke: Jemand anderes hat diese Termine schon übernommen.",
    "tell_dates_confirmed": "Sagen Sie, wer an welchen Tagen kommt.",
    "acknowledge_group": "Bestätigen Sie, dass alle Termine der Reihe oder Veranstaltung angekommen sind.",
    "tell_dates_cancelled": "Bestätigen Sie, dass alle weiteren Termine abgesagt sind.",
    "tell_dates_cancelled_volunteer": "Sagen Sie, dass alle weiteren Termine ausfallen.",
    "acknowledge_request": "Bestätigen Sie, dass die Anfrage angekommen ist.",
    "tell_confirmed": "Sagen Sie, dass jemand kommt, und nennen Sie den Namen.",
    "tell_changed": "Nennen Sie die neue Zeit und den neuen Ort.",
    "tell_reopened": "Sagen Sie, dass die Suche weitergeht.",
    "tell_cancelled": "Bestätigen Sie, dass die Anfrage abgesagt ist.",
    "tell_unfilled": "Sagen Sie, dass wir niemanden gefunden haben, und was sonst helfen kann.",
    "tell_erased": "Hier ist nichts zu tun: Die Angaben sind gelöscht.",
    "sign_in_failed": "Eine Anmeldung kam nicht an. Fragen Sie nach der richtigen Adresse.",
    "tell_rejected": "Sagen Sie, warum wir hier nicht helfen können.",
    "confirm_registration": "Die Adresse der Anmeldung stimmt nicht. Fragen Sie nach der richtigen.",
    "tell_registration_declined": "Sagen Sie, warum die Einrichtung nicht aufgenommen ist.",
    "tell_known_member": "Sagen Sie, dass der Zugang schon da ist.",
    "invite_member": "Sagen Sie, dass der Zugang da ist und wie man sich anmeldet.",
    "tell_taken_over": "Sagen Sie, wer aus der Einrichtung die Anfrage übernommen hat.",
    "welcome_member": "Sagen Sie, dass der Zugang da ist und wie man sich anmeldet.",
    "confirm_application": "Fragen Sie, ob die Bewerbung stimmt, und bestätigen Sie sie auf ihrer Seite.",
    "tell_known_applicant": "Sagen Sie, dass die Bewerbung schon da ist und wie es steht.",
    "invite_to_interview": "Vereinbaren Sie ein Gespräch, oder nennen Sie den Termin, der eingetragen ist.",
    "ask_for_papers": "Sagen Sie, welche Unterlagen noch fehlen.",
    "tell_training_begins": "Sagen Sie, dass als Nächstes die Schulung kommt.",
    "welcome_volunteer": "Begrüßen Sie die neue Lotsin oder den neuen Lotsen.",
    "tell_waiting_list": "Sagen Sie, dass gerade kein Platz frei ist und dass Sie sich wieder melden.",
    "tell_application_declined": "Sagen Sie, warum es nicht passt.",
    "ask_undertaking": "Bitten Sie darum, die neue Verschwiegenheitserklärung zu unterschreiben.",
    "remind_papers": "Sagen Sie, welcher Nachweis abläuft, und wie er zu erneuern ist.",
    "tell_application_withdrawn": "Bestätigen Sie, dass die Bewerbung zurückgezogen ist.",
    "invite_to_session": "Laden Sie zu der Schulung ein, und tragen Sie die Antwort ein.",
    "confirm_place": "Sagen Sie, dass der Platz in der Schulung sicher ist. Nennen Sie Zeit und Ort.",
    "tell_moved_up": "Sagen Sie, dass ein Platz in der Schulung frei geworden ist. Nennen Sie Zeit und Ort.",
    "tell_waiting": "Sagen Sie, dass die Schulung voll ist und die Warteliste gilt.",
    "remind_session": "Erinnern Sie an die Schulung.",
    "tell_session_changed": "Nennen Sie die neue Zeit oder den neuen Ort der Schulung.",
    "confirm_given_back": "Bestätigen Sie, dass der Platz in der Schulung wieder frei ist.",
    "tell_session_cancelled": "Sagen Sie, dass die Schulung ausfällt.",
}
OTHER_WORDS: Final = "Sagen Sie, was auf der Seite der Anfrage steht."

# What went wrong, by the class of the error.
_FAILURES: Final[Mapping[str, str]] = {
    "SMTPRecipientsRefused": "Der Mailserver nimmt die Adresse nicht an",
    "SMTPServerDisconnected": "Der Mailserver war nicht zu erreichen",
    "SMTPConnectError": "Der Mailserver war nicht zu erreichen",
    "ConnectionRefusedError": "Der Mailserver war nicht zu erreichen",
    "TimeoutError": "Der Mailserver war nicht zu erreichen",
    "gaierror": "Der Mailserver war nicht zu erreichen",
}

# What the mail was about, by the name of the mail function.
SUBJECTS: Final[Mapping[str, str]] = {
    "ask_volunteer": "Einsatzanfrage",
    "ask_digest": "Einsatzanfragen (Sammelmail)",
    "confirm_volunteer": "Bestätigung der Zusage",
    "remind_volunteer": "Erinnerung an den Termin",
    "thank_not_needed": "Dank: nicht mehr nötig",
    "tell_withdrawn": "Anfrage zurückgezogen",
    "tell_cancelled_volunteer": "Termin fällt aus",
    "tell_released": "Von der Zusage entbunden",
    "send_code": "Code für die Einsatzdaten",
    "ask_report": "Frage, wie der Einsatz war",
    "remind_report": "Erinnerung: wie der Einsatz war",
    "ask_feedback": "Frage, wie der Termin war",
    "remind_feedback": "Erinnerung: wie der Termin war",
    "ask_bundle": "Einsatzanfrage für mehrere Termine",
    "confirm_bundle": "Bestätigung mehrerer Zusagen",
    "thank_bundle": "Dank: mehrere Termine nicht mehr nötig",
    "tell_dates_confirmed": "Jemand kommt an mehreren Terminen",
    "acknowledge_group": "Eingangsbestätigung für alle Termine",
    "tell_dates_cancelled": "Absage aller weiteren Termine",
    "tell_dates_cancelled_volunteer": "Weitere Termine fallen aus",
    "acknowledge_request": "Eingangsbestätigung",
    "tell_confirmed": "Jemand kommt",
    "tell_changed": "Änderung des Termins",
    "tell_reopened": "Die Suche geht weiter",
    "tell_cancelled": "Absage",
    "tell_unfilled": "Niemand gefunden",
    "tell_rejected": "Ablehnung",
    "tell_erased": "Angaben gelöscht",
    "sign_in_failed": "Code zum Anmelden",
    "confirm_registration": "Anmeldung bestätigen",
    "tell_registration_declined": "Anmeldung abgelehnt",
    "tell_known_member": "Zugang ist schon da",
    "invite_member": "Einladung ins Team",
    "tell_taken_over": "Anfrage übernommen",
    "welcome_member": "Willkommen in der Einrichtung",
    "confirm_application": "Bewerbung bestätigen",
    "tell_known_applicant": "Bewerbung ist schon da",
    "invite_to_interview": "Einladung zum Gespräch",
    "ask_for_papers": "Unterlagen fehlen noch",
    "tell_training_begins": "Die Schulung beginnt",
    "welcome_volunteer": "Willkommen als Lotsin oder Lotse",
    "tell_waiting_list": "Auf der Warteliste",
    "tell_application_declined": "Bewerbung abgelehnt",
    "ask_undertaking": "Neue Verschwiegenheitserklärung",
    "remind_papers": "Nachweis läuft ab",
    "tell_application_withdrawn": "Bewerbung zurückgezogen",
    "invite_to_session": "Einladung zu einer Schulung",
    "confirm_place": "Platz in der Schulung",
    "tell_moved_up": "Von der Warteliste nachgerückt",
    "tell_waiting": "Warteliste einer Schulung",
    "remind_session": "Erinnerung an die Schulung",
    "tell_session_changed": "Änderung einer Schulung",
    "confirm_given_back": "Platz zurückgegeben",
    "tell_session_cancelled": "Schulung fällt aus",
}

TO_REQUESTER: Final = frozenset(
    {
        "ask_feedback",
        "remind_feedback",
        "tell_dates_confirmed",
        "acknowledge_group",
        "tell_dates_cancelled",
        "acknowledge_request",
        "tell_confirmed",
        "tell_changed",
        "tell_reopened",
        "tell_cancelled",
        "tell_unfilled",
        "tell_rejected",
        "tell_erased",
        "tell_taken_over",
    }
)
# Of trainings: their keys carry the number of an invitation.
_OF_SESSIONS: Final = (
    "invite_to_session",
    "confirm_place",
    "tell_moved_up",
    "tell_waiting",
    "remind_session",
    "tell_session_changed",
    "confirm_given_back",
    "tell_session_cancelled",
)
# Their keys carry the number of a registration, a member or an application.
_OF_NO_REQUEST: Final = frozenset(
    {
        *_OF_SESSIONS,
        "confirm_registration",
        "invite_member",
        "sign_in_failed",
        "tell_known_member",
        "tell_registration_declined",
        "welcome_member",
        "confirm_application",
        "tell_known_applicant",
        "invite_to_interview",
        "ask_for_papers",
        "tell_training_begins",
        "welcome_volunteer",
        "tell_waiting_list",
        "tell_application_declined",
        "tell_application_withdrawn",
        "ask_undertaking",
        "remind_papers",
    }
)

_MAILS: Final = """
select * from (select m.state, count(*) over (partition by m.state) as total,
       row_number() over (partition by m.state order by lower(r.period), m.due_at, m.id) as nth,
       m.id as number, m.function, m.due_at,
       coalesce(v.name, f.name, i.name, g.name, '') as who,
       coalesce(nullif(v.phone, ''), nullif(b.phone, ''), nullif(w.phone, ''), i.phone, '') as phone,
       coalesce(case when v.id is null then i.name end, '') as house, coalesce(r.reference, '') as reference,
       lower(r.period) as starts, upper(r.period) as finishes, m.last_error,
       m.recipient <> '' as has_address, p.id as application,
       case when v.id is null and r.institution_id is null and r.filed_by_id is null then r.id end as client,
       p.name as applicant, coalesce(p.phone, r.client_phone) as own_phone
  from lotsen_portal_outgoingmail m
  left join requests_app_offer o on o.id = (m.ids ->> 'offer')::bigint
  left join volunteers_volunteer v on v.id = coalesce(o.volunteer_id, (m.ids ->> 'volunteer')::bigint)
  left join requests_app_assistancerequest r on r.id = (m.ids ->> 'assistance')::bigint
  left join requests_app_registration g on g.id = (m.ids ->> 'registration')::bigint
  left join volunteers_application p on p.id = (m.ids ->> 'application')::bigint
  left join requests_app_member e on e.id = (m.ids ->> 'member')::bigint
  left join requests_app_institution i on i.id = coalesce(r.institution_id, e.institution_id)
  left join lotsen_portal_user f
    on f.id = coalesce((m.ids ->> 'user')::bigint, e.user_id, r.filed_by_id) and v.id is null
    and not exists (select from requests_app_member x where x.user_id = f.id and x.left_on is not null)
  left join requests_app_member b on b.user_id = f.id
  left join volunteers_volunteer w on w.user_id = f.id and m.ids ? 'user'
 where m.state in ('dead', 'phone') and m.due_at <= %(now)s
   and (m.function <> all(%(nobodys)s) or p.phone <> '')) mails
 where nth <= %(limit)s
 order by state, nth
"""


@dataclass(frozen=True)
class Undelivered:
    """A mail whose person does not know yet: whom to phone, under which number, what to say."""

    number: int
    subject: str
    words: str
    due_at: datetime
    name: str
    phone: str
    institution: str
    reference: str
    starts: datetime | None
    finishes: datetime | None
    error: str
    has_address: bool
    application: int | None = None
    # The number of the request whose person the phone number belongs to.
    client: int | None = None

    @property
    def problem(self) -> str:
        """What went wrong, in words where there are some."""
        kind, _blank, code = self.error.partition(" ")
        if kind == addresses.BOUNCED:
            blamed = addresses.is_to_blame(code)
            why = "Die Adresse nimmt keine Post an" if blamed else "Die E-Mail kam zurück"
        else:
            why = _FAILURES.get(kind, kind)
        return f"{why} ({code})" if code else why


@dataclass(frozen=True)
class Pile:
    """The mails of one kind: how many there are, and the first of them."""

    total: int
    mails: tuple[Undelivered, ...]


@dataclass(frozen=True)
class Sent:
    """One mail of a request: what it was about, to whom, and where it stands."""

    subject: str
    to: str
    state: str
    label: str
    at: datetime


def of_request(assistance: AssistanceRequest, offers: Sequence[Offer]) -> list[Sent]:
    """Every mail about a request and its offers, newest first, in one statement over the mails' keys."""
    names = {offer.pk: offer.volunteer.name for offer in offers}
    keys = Q()
    # One digest carries the questions of several requests.
    keys |= Q(key__in=[mails.question_key(offer) for offer in offers if offer.waits_until])
    for function in SUBJECTS.keys() - _OF_NO_REQUEST - {mails.ask_digest.__name__}:
        numbers = [assistance.pk] if function in TO_REQUESTER else list(names)
        for number in numbers:
            keys |= Q(key__startswith=f"{function}:{number}:")
    requester = assistance.filed_by.name if assistance.filed_by else "anfragende Seite"
    rows = OutgoingMail.objects.filter(keys).order_by("-due_at", "-pk")
    return [
        Sent(
            subject=SUBJECTS.get(mail.name, mail.name),
            to="bisherige Ansprechperson"
            if "member" in mail.ids
            else names.get(mail.ids.get("offer", 0), requester),
            state=mail.state,
            label=MailState(mail.state).label,
            at=mail.sent_at or mail.due_at,
        )
        for mail in rows
    ]


def address_now(mail: OutgoingMail) -> str:
    """The address that its person has by now, since a wrong one is corrected before sending again."""
    if "offer" in mail.ids:
        offer = Offer.objects.select_related("volunteer").filter(pk=mail.ids["offer"]).first()
        return offer.volunteer.email if offer else ""
    if "volunteer" in mail.ids:
        person = Volunteer.objects.filter(pk=mail.ids["volunteer"])
        return person.values_list("email", flat=True).first() or ""
    if "member" in mail.ids:
        return User.objects.filter(member=mail.ids["member"]).values_list("email", flat=True).first() or ""
    if "registration" in mail.ids:
        return mail.recipient
    if "user" in mail.ids:
        return User.objects.filter(pk=mail.ids["user"]).values_list("email", flat=True).first() or ""
    if "application" in mail.ids:
        application = Application.objects.filter(pk=mail.ids["application"]).first()
        return application.email if application else ""
    if "volunteer" in mail.ids:
        return (
            Volunteer.objects.filter(pk=mail.ids["volunteer"]).values_list("email", flat=True).first() or ""
        )
    rows = AssistanceRequest.objects.select_related("filed_by", "institution")
    assistance = rows.filter(pk=mail.ids.get("assistance", 0)).first()
    return mails.requester_address(assistance) if assistance else ""


def piles(*, now: datetime, limit: int = SHOWN) -> tuple[Pile, Pile]:
    """Who is to be phoned, and which mails are dead letters, each by the time of its appointment."""
    found: dict[str, list[Undelivered]] = {MailState.PHONE: [], MailState.DEAD: []}
    totals = {MailState.PHONE: 0, MailState.DEAD: 0}
    with connection.cursor() as cursor:
        cursor.execute(_MAILS, {"now": now, "limit": limit, "nobodys": _NOBODYS})
        for state, total, _nth, number, function, *rest, applicant, phone in cursor.fetchall():
            name = function.rpartition(".")[2]
            totals[state] = total
            mail = Undelivered(number, SUBJECTS.get(name, name), WORDS.get(name, OTHER_WORDS), *rest)
            if mail.application is not None:
                mail = replace(mail, name=decrypt(applicant), phone=decrypt(phone))
            elif mail.client is not None and phone:
                mail = replace(mail, phone=decrypt(phone))
            found[state].append(mail)
    phone, dead = (Pile(totals[state], tuple(found[state])) for state in (MailState.PHONE, MailState.DEAD))
    return phone, dead
