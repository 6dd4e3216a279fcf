"""What the office's page of a request says about where it stands and what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.formats import date_format

from lotsen_portal import clock, dates
from requests_app import facts, wording
from requests_app.dossier import Dossier
from requests_app.models import AssistanceRequest, InstitutionState
from requests_app.states import FINAL, OfferState, RequestState, Who

NOBODY_CAME = "Niemand hat zugesagt. Beenden Sie die Anfrage, oder ändern Sie die Zeit."
ENDERS = {
    Who.OFFICE: "von der Koordination",
    Who.MEMBER: "von der Einrichtung",
    Who.CLIENT: "von der ratsuchenden Person",
    Who.VOLUNTEER: "von der Lotsin oder dem Lotsen",
    Who.CLOCK: "automatisch",
}


def next_step(dossier: Dossier, *, now: datetime) -> tuple[str, str]:
    """A heading and a sentence: where the request stands, and what to do next."""
    assistance = dossier.assistance
    over = assistance.is_past(now=now)
    match RequestState(assistance.state):
        case RequestState.NEW:
            return "Bitte prüfen", _why_new(dossier)
        case RequestState.OPEN | RequestState.OFFERED if over:
            return "Der Termin ist vorbei", NOBODY_CAME
        case RequestState.OPEN if not assistance.has_times:
            return _without_a_time(dossier, now)
        case RequestState.OPEN if dossier.offers:
            return "Nächste Person anfragen", f"Zurzeit ist niemand gefragt. {_promise(dossier, now)}"
        case RequestState.OPEN:
            return "Wen fragen Sie an?", f"Noch ist niemand gefragt. {_promise(dossier, now)}"
        case RequestState.OFFERED if _willing(dossier):
            return "Bitte auswählen", f"{_who_would_come(dossier)} {_promise(dossier, now)}"
        case RequestState.OFFERED:
            return "Antwort steht aus", f"{_who_is_asked(dossier)} {_promise(dossier, now)}"
        case RequestState.CONFIRMED:
            return _confirmed(dossier, now)
        case _:
            return _ended(dossier)


def _call_under_way(dossier: Dossier) -> bool:
    return any(state not in FINAL for _reference, state in dossier.calls)


def _without_a_time(dossier: Dossier, now: datetime) -> tuple[str, str]:
    assistance = dossier.assistance
    if _call_under_way(dossier):
        return "Rückruf läuft", "Jemand ruft an und trägt den Termin ein. Danach geht es hier weiter."
    if assistance.wants_call:
        wish = f"Am liebsten: {facts.calls(assistance)}. Tragen Sie danach den Termin ein."
        return "Bittet um einen Anruf", f"{wish} {_promise(dossier, now)}"
    return "Zeit klären", f"Noch ist kein Termin vereinbart. {_promise(dossier, now)}"


def _why_new(dossier: Dossier) -> str:
    assistance = dossier.assistance
    reasons = []
    if assistance.institution and assistance.institution.state != InstitutionState.APPROVED:
        reasons.append("Die Einrichtung ist noch nicht zugelassen.")
    if dossier.because:
        reasons.append(f"Braucht Ihren Blick, weil {' und weil '.join(dossier.because)}.")
    return " ".join([*reasons, "Geben Sie die Anfrage frei, oder lehnen Sie sie ab."])


def _promise(dossier: Dossier, now: datetime) -> str:
    today, day = clock.local(now).date(), dossier.assistance.answer_by
    if day < today:
        return f"Die Nachricht war bis {day:%d.%m.%Y} versprochen."
    if day == today:
        return "Die Nachricht ist für heute versprochen."
    return f"Die Nachricht ist bis {dates.near_day(day, today=today)} versprochen."


def _willing(dossier: Dossier) -> list[str]:
    return [offer.volunteer.name for offer in dossier.offers if offer.state == OfferState.WILLING]


def _who_would_come(dossier: Dossier) -> str:
    names = _willing(dossier)
    if len(names) == 1:
        return f"{names[0]} würde kommen und wartet auf Ihre Wahl."
    return f"{', '.join(names[:-1])} und {names[-1]} würden kommen und warten auf Ihre Wahl."


def _who_is_asked(dossier: Dossier) -> str:
    asked = [offer for offer in dossier.offers if offer.state in {OfferState.PENDING, OfferState.WILLING}]
    names = " und ".join(offer.volunteer.name for offer in asked[:2])
    if len(asked) > 2:
        return f"{names} und {len(asked) - 2} weitere sind gefragt."
    return f"{names} {'ist' if len(asked) == 1 else 'sind'} gefragt."


def _confirmed(dossier: Dossier, now: datetime) -> tuple[str, str]:
    assistance = dossier.assistance
    name = dossier.held.volunteer if dossier.held else ""
    if assistance.finishes is not None and assistance.finishes <= now:
        return _over(dossier, name)
    does = "ruft an und trägt ein, was herauskam" if dossier.parent else "kommt"
    return "Vereinbart", f"{name} {does}. Hier ist nichts zu tun."


def _over(dossier: Dossier, name: str) -> tuple[str, str]:
    held = dossier.held
    if dossier.differs:
        return "Rückmeldungen widersprechen sich", "Fragen Sie nach, und schließen Sie die Anfrage ab."
    if held is not None and held.report_due is not None:
        due = f"{clock.local(held.report_due):%d.%m.%Y, %H:%M} Uhr"
        return (
            "Wir warten auf Rückmeldung",
            f"Der Termin mit {name} ist vorbei. Das Portal fragt beide Seiten; nächster Schritt am {due}.",
        )
    if held is not None and not held.report_asks:
        text = f"Der Termin mit {name} ist vorbei. Das Portal fragt gleich beide Seiten, wie er war."
        return "Wir warten auf Rückmeldung", text
    return "Bitte abschließen", f"Der Termin mit {name} ist vorbei. Tragen Sie ein, wie er verlaufen ist."


def _ended(dossier: Dossier) -> tuple[str, str]:
    assistance = dossier.assistance
    title = wording.request_label(assistance.state)
    when = f"am {clock.local(assistance.ended_at):%d.%m.%Y}" if assistance.ended_at else ""
    by = ENDERS.get(Who(assistance.ended_by), "") if assistance.ended_by else ""
    parts = [" ".join(part for part in ("Beendet", when, by) if part) + "."]
    if assistance.state == RequestState.DONE and dossier.held:
        minutes = f", {dossier.held.minutes} Minuten" if dossier.held.minutes else ""
        parts.append(f"{dossier.held.volunteer}: {dossier.held.label}{minutes}.")
    if assistance.ended_late:
        parts.append("Die Absage kam zu spät.")
    if assistance.reason:
        parts.append(f"Grund: {assistance.reason}")
    return title, " ".join(parts)


def days(requests: Sequence[AssistanceRequest]) -> str:
    """The days of several requests with a time in one line: "Di, 8. Dez. und Do, 10. Dez."."""
    named = [date_format(clock.local(one.period.lower), "D, j. M.") for one in requests]
    return " und ".join(filter(None, (", ".join(named[:-1]), named[-1]))) if named else ""
