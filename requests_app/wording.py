"""What states, times and deeds are called on the screen: one place for all pages and mails."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lotsen_portal import clock, dates
from lotsen_portal.models import LogEntry
from requests_app.models import Assignment, AssistanceRequest, ProposedTime
from requests_app.states import AssignmentState, OfferState, RequestState, Who

REQUEST_LABELS: Final[Mapping[str, Promise]] = {
    RequestState.NEW: gettext_lazy("Wird geprüft"),
    RequestState.OPEN: gettext_lazy("Wir suchen"),
    RequestState.OFFERED: gettext_lazy("Angefragt"),
    RequestState.CONFIRMED: gettext_lazy("Zugesagt"),
    RequestState.DONE: gettext_lazy("Erledigt"),
    RequestState.CANCELLED: gettext_lazy("Abgesagt"),
    RequestState.UNFILLED: gettext_lazy("Niemand gefunden"),
    RequestState.REJECTED: gettext_lazy("Abgelehnt"),
}

OFFER_LABELS: Final[Mapping[str, Promise]] = {
    OfferState.PENDING: gettext_lazy("Antwort offen"),
    OfferState.WILLING: gettext_lazy("Würde kommen"),
    OfferState.ACCEPTED: gettext_lazy("Zugesagt"),
    OfferState.DECLINED: gettext_lazy("Abgelehnt"),
    OfferState.EXPIRED: gettext_lazy("Frist vorbei"),
    OfferState.WITHDRAWN: gettext_lazy("Zurückgezogen"),
    OfferState.NOT_CHOSEN: gettext_lazy("Nicht mehr nötig"),
}

ASSIGNMENT_LABELS: Final[Mapping[str, Promise]] = {
    AssignmentState.AGREED: gettext_lazy("Vereinbart"),
    AssignmentState.TOOK_PLACE: gettext_lazy("Hat stattgefunden"),
    AssignmentState.CLIENT_ABSENT: gettext_lazy("Klientin oder Klient kam nicht"),
    AssignmentState.LOTSE_ABSENT: gettext_lazy("Lotsin oder Lotse kam nicht"),
    AssignmentState.CANCELLED_LATE: gettext_lazy("Kurzfristig abgesagt"),
    AssignmentState.OTHER: gettext_lazy("Anderer Ausgang"),
    AssignmentState.CANCELLED: gettext_lazy("Abgesagt"),
    AssignmentState.STEPPED_DOWN: gettext_lazy("Lotsin oder Lotse ist zurückgetreten"),
    AssignmentState.CHANGED: gettext_lazy("Termin geändert"),
}

# What the log's actions are called for the office, by kind of record.
DEEDS: Final[Mapping[tuple[str, str], Promise]] = {
    ("assistance", "submit"): gettext_lazy("Anfrage gestellt"),
    ("assistance", "approve"): gettext_lazy("Anfrage zugelassen"),
    ("assistance", "look_again"): gettext_lazy("Nach der Änderung wieder zu prüfen"),
    ("assistance", "reject"): gettext_lazy("Anfrage abgelehnt"),
    ("assistance", "ask"): gettext_lazy("Einsatzanfrage verschickt"),
    ("assistance", "fall_back"): gettext_lazy("Keine offene Einsatzanfrage mehr"),
    ("assistance", "agree"): gettext_lazy("Einsatz vereinbart"),
    ("assistance", "reschedule"): gettext_lazy("Zeit, Ort oder Sprache geändert"),
    ("assistance", "change"): gettext_lazy("Zusage durch die Änderung wieder offen"),
    ("assistance", "step_down"): gettext_lazy("Zusage zurückgenommen, die Suche geht weiter"),
    ("assistance", "finish"): gettext_lazy("Anfrage erledigt"),
    ("assistance", "report"): gettext_lazy("Rückmeldung gegeben"),
    ("volunteer", "take_in"): gettext_lazy("Aufgenommen"),
    ("volunteer", "begin_training"): gettext_lazy("Schulung begonnen"),
    ("volunteer", "activate"): gettext_lazy("Ab jetzt aktiv"),
    ("volunteer", "pause"): gettext_lazy("Pause begonnen"),
    ("volunteer", "resume"): gettext_lazy("Pause beendet"),
    ("volunteer", "leave"): gettext_lazy("Ausgeschieden"),
    ("volunteer", "undertake"): gettext_lazy("Verschwiegenheitserklärung vermerkt"),
    ("volunteer", "see_conduct"): gettext_lazy("Führungszeugnis eingesehen"),
    ("volunteer", "share_phone"): gettext_lazy("Telefonnummer darf weitergegeben werden"),
    ("volunteer", "hide_phone"): gettext_lazy("Telefonnummer wird nicht mehr weitergegeben"),
    ("volunteer", "prove_language"): gettext_lazy("Sprachnachweis eingesehen"),
    ("volunteer", "change"): gettext_lazy("Angaben geändert"),
    ("volunteer", "add"): gettext_lazy("Etwas hinzugefügt"),
    ("volunteer", "remove"): gettext_lazy("Etwas entfernt"),
    ("volunteer", "account"): gettext_lazy("Konto angelegt"),
    ("volunteer", "readmit"): gettext_lazy("Wieder aufgenommen"),
    ("volunteer", "renew_feed"): gettext_lazy("Kalender-Adresse erneuert"),
    ("user", "renew_feed"): gettext_lazy("Kalender-Adresse erneuert"),
    ("assistance", "called"): gettext_lazy("Nach dem Einsatz angerufen"),
    ("assistance", "cancel"): gettext_lazy("Anfrage abgesagt"),
    ("assistance", "give_up"): gettext_lazy("Niemand gefunden"),
    ("assistance", "undo_finish"): gettext_lazy("„Erledigt“ zurückgenommen"),
    ("assistance", "reopen_unfilled"): gettext_lazy("Suche wieder aufgenommen"),
    ("assistance", "reopen_rejected"): gettext_lazy("Ablehnung zurückgenommen"),
    ("assistance", "reopen_cancelled"): gettext_lazy("Absage zurückgenommen"),
    ("assistance", "want_call"): gettext_lazy("Termin offen, bittet um Anruf"),
    ("assistance", "call_wanted"): gettext_lazy("Möchte angerufen werden"),
    ("assistance", "withdraw_consent"): gettext_lazy("Einwilligung widerrufen, Angaben gelöscht"),
    ("assistance", "call_back"): gettext_lazy("Rückruf mit Lotsin oder Lotse angelegt"),
    ("assistance", "not_reached"): gettext_lazy("Rückruf: nicht erreicht"),
    ("assistance", "call_off"): gettext_lazy("Rückruf: möchte keine Hilfe mehr"),
    ("assistance", "finish_call"): gettext_lazy("Rückruf erledigt"),
    ("assistance", "take_charge"): gettext_lazy("Zuständigkeit geändert"),
    ("assistance", "fund"): gettext_lazy("Fördertopf geändert"),
    ("assistance", "take_over"): gettext_lazy("Von einer Kollegin oder einem Kollegen übernommen"),
    ("offer", "ask"): gettext_lazy("Lotsin oder Lotse angefragt"),
    ("offer", "accept"): gettext_lazy("Zusage erhalten"),
    ("offer", "be_willing"): gettext_lazy("Bereitschaft erklärt"),
    ("offer", "renew"): gettext_lazy("Nach der Änderung neu gefragt"),
    ("offer", "decline"): gettext_lazy("Absage erhalten"),
    ("offer", "expire"): gettext_lazy("Antwortfrist vorbei"),
    ("offer", "withdraw"): gettext_lazy("Einsatzanfrage zurückgezogen"),
    ("offer", "thank"): gettext_lazy("Nicht mehr nötig, Dank verschickt"),
    ("offer", "release"): gettext_lazy("Von der Zusage entbunden"),
    ("offer", "correct_no"): gettext_lazy("Eingetragene Absage korrigiert"),
    ("session", "plan"): gettext_lazy("Schulung geplant"),
    ("session", "change"): gettext_lazy("Schulung geändert"),
    ("session", "cancel"): gettext_lazy("Schulung abgesagt"),
    ("session", "hold"): gettext_lazy("Anwesenheit eingetragen"),
    ("participation", "invite"): gettext_lazy("Zur Schulung eingeladen"),
    ("participation", "invite_again"): gettext_lazy("Noch einmal eingeladen"),
    ("participation", "take_place"): gettext_lazy("Platz zugesagt"),
    ("participation", "queue"): gettext_lazy("Auf die Warteliste gesetzt"),
    ("participation", "move_up"): gettext_lazy("Von der Warteliste nachgerückt"),
    ("participation", "decline"): gettext_lazy("Kommt nicht"),
    ("participation", "give_back"): gettext_lazy("Platz zurückgegeben"),
    ("participation", "attend"): gettext_lazy("War da"),
    ("participation", "miss"): gettext_lazy("War nicht da"),
    ("wish", "prefer"): gettext_lazy("Kommt gern wieder"),
    ("wish", "exclude"): gettext_lazy("Möchte nicht mehr in die Einrichtung"),
    ("wish", "take_back"): gettext_lazy("Wunsch zurückgenommen"),
    ("campaign", "start"): gettext_lazy("Suche begonnen"),
    ("campaign", "pause"): gettext_lazy("Suche angehalten"),
    ("campaign", "resume"): gettext_lazy("Suche fortgesetzt"),
    ("campaign", "stop"): gettext_lazy("Suche beendet"),
    ("campaign", "exhaust"): gettext_lazy("Alle auf der Liste sind gefragt"),
    ("campaign", "refill"): gettext_lazy("Suche geht weiter"),
    ("campaign", "finish"): gettext_lazy("Suche abgeschlossen"),
    ("campaign", "revive"): gettext_lazy("Suche wieder aufgenommen"),
    ("campaign", "advance"): gettext_lazy("Die Nächsten sofort angefragt"),
    ("campaign", "adjust"): gettext_lazy("Suche geändert"),
    ("campaign", "add"): gettext_lazy("Person auf die Liste gesetzt"),
    ("campaign", "remove"): gettext_lazy("Person von der Liste genommen"),
    ("campaign", "move_up"): gettext_lazy("Reihenfolge geändert"),
    ("assignment", "agree"): gettext_lazy("Termin vereinbart"),
    ("assignment", "finish"): gettext_lazy("Termin hat stattgefunden"),
    ("assignment", "client_absent"): gettext_lazy("Klientin oder Klient kam nicht"),
    ("assignment", "finish_call"): gettext_lazy("Rückruf geführt"),
    ("assignment", "call_unanswered"): gettext_lazy("Beim Rückruf niemanden erreicht"),
    ("assignment", "lotse_absent"): gettext_lazy("Lotsin oder Lotse kam nicht"),
    ("assignment", "cancelled_late"): gettext_lazy("Termin kurzfristig abgesagt"),
    ("assignment", "other"): gettext_lazy("Termin mit anderem Ausgang"),
    ("assignment", "cancel"): gettext_lazy("Termin abgesagt"),
    ("assignment", "step_down"): gettext_lazy("Vom Termin zurückgetreten"),
    ("assignment", "change"): gettext_lazy("Vereinbarung durch Änderung beendet"),
    ("assignment", "undo_finish"): gettext_lazy("Ausgang zurückgenommen"),
}

# What whoever asked reads in the history; what is not here is the office's business.
TOLD: Final[Mapping[str, Promise]] = {
    "submit": gettext_lazy("Die Anfrage ist eingegangen."),
    "approve": gettext_lazy("Die Anfrage ist geprüft. Die Suche beginnt."),
    "look_again": gettext_lazy("Wir sehen uns die geänderte Anfrage zuerst an."),
    "reject": gettext_lazy("Die Anfrage wurde abgelehnt."),
    "ask": gettext_lazy("Wir haben nachgefragt, wer kommen kann."),
    "fall_back": gettext_lazy("Noch keine Zusage. Wir suchen weiter."),
    "agree": gettext_lazy("Jemand hat zugesagt."),
    "reschedule": gettext_lazy("Der Termin, der Ort oder die Sprache wurde geändert."),
    "change": gettext_lazy("Wir fragen, ob die Zusage auch jetzt noch gilt."),
    "step_down": gettext_lazy("Die Zusage wurde zurückgenommen. Wir suchen weiter."),
    "want_call": gettext_lazy("Der Termin ist wieder offen. Wir rufen an."),
    "finish": gettext_lazy("Die Anfrage ist abgeschlossen."),
    "finish_call": gettext_lazy("Die Anfrage ist abgeschlossen."),
    "cancel": gettext_lazy("Die Anfrage wurde abgesagt."),
    "call_back": gettext_lazy("Jemand, der Ihre Sprache spricht, soll Sie anrufen."),
    "not_reached": gettext_lazy("Beim Anruf haben wir niemanden erreicht."),
    "call_off": gettext_lazy("Am Telefon wurde die Anfrage abgesagt."),
    "give_up": gettext_lazy("Wir haben niemanden gefunden."),
    "undo_finish": gettext_lazy("Der Abschluss wurde zurückgenommen."),
    "reopen_unfilled": gettext_lazy("Wir suchen wieder."),
    "reopen_rejected": gettext_lazy("Die Ablehnung wurde zurückgenommen. Die Suche beginnt."),
    "reopen_cancelled": gettext_lazy("Die Absage wurde zurückgenommen. Wir suchen wieder."),
    "take_over": gettext_lazy("Jemand anderes aus der Einrichtung hat die Anfrage übernommen."),
}
# Who answered, and when, stays between the volunteer and the office.
TOLD_WITHOUT_NAME: Final = frozenset({"ask", "fall_back", "agree", "change", "step_down"})

HOW_IT_WENT: Final[Mapping[str, Promise]] = {
    AssignmentState.TOOK_PLACE: gettext_lazy("Der Termin hat stattgefunden. Vielen Dank!"),
    AssignmentState.CLIENT_ABSENT: gettext_lazy("Die Klientin oder der Klient kam nicht zum Termin."),
    AssignmentState.LOTSE_ABSENT: gettext_lazy(
        "Die Lotsin oder der Lotse kam nicht zum Termin. Das tut uns leid."
    ),
    AssignmentState.CANCELLED_LATE: gettext_lazy("Der Termin wurde kurzfristig abgesagt."),
}


@dataclass(frozen=True)
class Standing:
    """Where a request stands, for whoever asked: the badge's word, a heading and one or two sentences."""

    label: str
    title: str
    text: str


@dataclass(frozen=True)
class Entry:
    """One line of the history as it is told: when (aware), what, by whom ("" where that is not told)."""

    at: datetime
    text: str
    by: str


def request_label(state: str) -> str:
    """The word on the badge of a request."""
    return str(REQUEST_LABELS.get(state, state))


def offer_label(state: str) -> str:
    """The word on the badge of an offer."""
    return str(OFFER_LABELS.get(state, state))


def assignment_label(state: str) -> str:
    """The word on the badge of an assignment."""
    return str(ASSIGNMENT_LABELS.get(state, state))


def deed(kind: str, action: str) -> str:
    """What the office reads for an action in the log."""
    return str(DEEDS.get((kind, action), action))


def appointment_of(time: ProposedTime) -> str:
    """A proposed time in words."""
    return dates.appointment(time.period.lower, time.period.upper)


def one_of(count: int) -> str:
    """What stands for the time while one of several is still to be chosen."""
    words = {2: _("Einer von zwei Terminen"), 3: _("Einer von drei Terminen")}
    return words.get(count) or _("Einer von %(count)d Terminen") % {"count": count}


def time_of(assistance: AssistanceRequest) -> str:
    """When a request is, in words; "Einer von drei Terminen" until one of them is chosen."""
    proposals = assistance.proposals()
    if len(proposals) > 1:
        return one_of(len(proposals))
    period = proposals[0].period if proposals else assistance.period
    return dates.appointment(period.lower, period.upper) if period else dates.appointment(None, None)


def promise(answer_by: date, *, today: date) -> str:
    """By when whoever asked hears from the office, and what to do when that day has passed."""
    if answer_by < today:
        return _("Sie haben länger gewartet als versprochen. Bitte rufen Sie uns an, wenn es eilt.")
    if answer_by == today:
        return _("Heute hören Sie von uns.")
    return _("Bis %(day)s hören Sie von uns.") % {"day": dates.near_day(answer_by, today=today)}


def standing(assistance: AssistanceRequest, *, held: Assignment | None, now: datetime) -> Standing:
    """Say where a request stands; `held` is its agreed or settled appointment, with the volunteer."""
    today = clock.local(now).date()
    state = RequestState(assistance.state)
    words = _running(assistance, held, today=today, now=now) or _ended(assistance, held)
    return Standing(request_label(state), *words)


def _running(
    assistance: AssistanceRequest, held: Assignment | None, *, today: date, now: datetime
) -> tuple[str, str] | None:
    over = assistance.ends_last is not None and assistance.ends_last <= now
    until = promise(assistance.answer_by, today=today)
    match RequestState(assistance.state):
        case RequestState.NEW | RequestState.OPEN if assistance.wants_call:
            return _("Wir rufen Sie an"), _("Dann finden wir zusammen einen Termin.") + " " + until
        case RequestState.NEW:
            return _("Wir prüfen Ihre Anfrage"), _("Wir sehen uns die Anfrage zuerst an.") + " " + until
        case RequestState.OPEN | RequestState.OFFERED if over:
            return _("Der Termin ist vorbei"), _(
                "Wir haben rechtzeitig niemanden gefunden. Das tut uns leid."
            )
        case RequestState.OPEN:
            return _("Wir suchen"), until
        case RequestState.OFFERED:
            return _("Wir suchen"), _("Wir haben schon nachgefragt und warten auf eine Zusage.") + " " + until
        case RequestState.CONFIRMED if over:
            return _("Der Termin ist vorbei"), _("Wir schließen die Anfrage in den nächsten Tagen ab.")
        case RequestState.CONFIRMED:
            return _("Es kommt jemand"), _who_comes(assistance, held, today=today)
    return None


def _who_comes(assistance: AssistanceRequest, held: Assignment | None, *, today: date) -> str:
    if held is None or assistance.starts is None:
        return _("Der Termin ist zugesagt.")
    begin = clock.local(assistance.starts)
    shown = {
        "name": held.volunteer.name,
        "day": dates.near_day(begin.date(), today=today),
        "time": dates.clock_time(begin),
    }
    if begin.date() <= today or (begin.date() - today).days == 1:
        return _("%(name)s hat zugesagt: %(day)s um %(time)s Uhr.") % shown
    return _("%(name)s hat zugesagt: am %(day)s um %(time)s Uhr.") % shown


def _ended(assistance: AssistanceRequest, held: Assignment | None) -> tuple[str, str]:
    match RequestState(assistance.state):
        case RequestState.DONE:
            went = HOW_IT_WENT.get(held.state) if held else None
            return _("Erledigt"), str(went or _("Die Anfrage ist abgeschlossen."))
        case RequestState.CANCELLED if assistance.ended_by == Who.OFFICE:
            return _("Abgesagt"), _("Das Integrationsamt hat die Anfrage abgesagt.")
        case RequestState.CANCELLED:
            return _("Abgesagt"), _("Die Anfrage ist abgesagt. Alle, die gefragt waren, wissen Bescheid.")
        case RequestState.UNFILLED:
            return _("Niemand gefunden"), _(
                "Für diesen Termin haben wir niemanden gefunden. Das tut uns leid."
            )
        case _:
            return _("Abgelehnt"), _("Bei dieser Anfrage können wir leider nicht helfen.")


def history(entries: Iterable[LogEntry], *, names: Mapping[int, str], office: str) -> list[Entry]:
    """Tell the log of a request (newest first) to whoever asked.

    `names` are the colleagues' names by account number. Repeated questions to volunteers become one line,
    since how often was asked is the office's business.
    """
    told: list[Entry] = []
    last = ""
    for entry in entries:
        if entry.action not in TOLD or entry.action == last == "ask":
            continue
        last = entry.action
        by = "" if entry.action in TOLD_WITHOUT_NAME else _by(entry, names, office)
        told.append(Entry(entry.at, str(TOLD[entry.action]), by))
    return told


def _by(entry: LogEntry, names: Mapping[int, str], office: str) -> str:
    match entry.actor_kind:
        case Who.OFFICE | Who.CLOCK:
            return office
        case Who.MEMBER:
            return names.get(entry.actor_number or 0, _("Ihre Einrichtung"))
        case _:
            return ""
