"""What the office reads about the search for a request: who comes next and when, why not somebody else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from lotsen_portal import clock, dates
from requests_app.matching.rules import BY_NAME, LANGUAGE
from requests_app.models import Campaign, CampaignKind, Offer, Place
from requests_app.states import CampaignState, OfferState

LABELS: Final = {
    CampaignState.RUNNING: ("Läuft", "info"),
    CampaignState.PAUSED: ("Angehalten", "warning"),
    CampaignState.EXHAUSTED: ("Niemand mehr auf der Liste", "danger"),
    CampaignState.FINISHED: ("Abgeschlossen", "neutral"),
    CampaignState.STOPPED: ("Beendet", "neutral"),
}
SKIPPED: Final = {
    **{name: rule.sentence for name, rule in BY_NAME.items()},
    "language": LANGUAGE.sentence,
    "too_late": "Die Sammelmail käme zu spät.",
    "unreached": "Die E-Mail kam nicht an.",
}
NAMED: Final = 3


@dataclass(frozen=True)
class Line:
    """One person on the list: still to come, asked (with the offer), or passed over (with the reason)."""

    place: Place
    name: str
    offer: Offer | None
    reason: str
    is_next: bool

    @property
    def is_waiting(self) -> bool:
        """Whether the turn of this person is still to come."""
        return self.place.is_waiting


@dataclass(frozen=True)
class Shown:
    """The latest search of a request, in words."""

    campaign: Campaign
    label: str
    tone: str
    plan: str
    following: str
    lines: tuple[Line, ...]

    @property
    def coming(self) -> int:
        """How many people are still to come."""
        return sum(line.is_waiting for line in self.lines)

    @property
    def asked(self) -> int:
        """How many people were asked."""
        return sum(line.offer is not None for line in self.lines)


def of_request(places: Sequence[Place], offers: Sequence[Offer], *, now: datetime) -> Shown | None:
    """The latest search of a request in words; None where there was none."""
    if not places:
        return None
    campaign = places[0].campaign
    by_number = {offer.pk: offer for offer in offers}
    first = next((place.pk for place in places if place.is_waiting), None)
    lines = tuple(
        Line(
            place=place,
            name=place.volunteer.name,
            offer=by_number.get(place.offer_id or 0),
            reason=SKIPPED.get(place.skipped, place.skipped),
            is_next=place.pk == first,
        )
        for place in places
    )
    label, tone = LABELS[CampaignState(campaign.state)]
    return Shown(campaign, label, tone, _plan(campaign), _following(campaign, lines, offers, now), lines)


def _plan(campaign: Campaign) -> str:
    hours = f"{campaign.interval_hours} Arbeitsstunde{'n' if campaign.interval_hours != 1 else ''}"
    if campaign.kind == CampaignKind.CASCADE:
        how = f"Nacheinander, nach {hours} ist die nächste Person dran."
    else:
        how = f"In Wellen zu {campaign.size}, nach {hours} folgt die nächste Welle."
    return f"{how} {_choice(campaign)}"


def _choice(campaign: Campaign) -> str:
    if not campaign.needs_choice:
        return "Die erste Zusage gilt."
    if campaign.enough == 1:
        return "Sie wählen aus, sobald jemand kommen würde."
    return f"Sie wählen aus, sobald {campaign.enough} kommen würden."


def at_time(moment: datetime, *, now: datetime) -> str:
    """A moment as one would say it: "heute um 10:00 Uhr", "am Mittwoch um 10:00 Uhr"."""
    today, day = clock.local(now).date(), clock.local(moment).date()
    near = dates.near_day(day, today=today)
    on = near if 0 <= (day - today).days <= 1 else f"am {near}"
    return f"{on} um {dates.clock_time(moment)} Uhr"


def _names(lines: Sequence[Line], count: int) -> str:
    names = [line.name for line in lines if line.is_waiting][:count]
    if len(names) > NAMED:
        return f"{', '.join(names[:NAMED])} und {len(names) - NAMED} weitere"
    return " und ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]


def _following(campaign: Campaign, lines: Sequence[Line], offers: Sequence[Offer], now: datetime) -> str:
    """What happens next, and when."""
    coming = [line for line in lines if line.is_waiting]
    names = _names(coming, campaign.size) if coming else ""
    match CampaignState(campaign.state):
        case CampaignState.RUNNING:
            return _next_step(campaign, names, offers, now)
        case CampaignState.PAUSED:
            return (
                f"Als Nächste: {names}, sobald Sie fortsetzen."
                if names
                else "Auf der Liste steht niemand mehr."
            )
        case CampaignState.EXHAUSTED:
            return "Alle auf der Liste sind gefragt oder passen nicht. Sehen Sie nach, was sonst noch geht."
        case CampaignState.FINISHED if names:
            return f"Fällt jemand aus, fragen wir sofort weiter: zuerst {names}."
        case _:
            return ""


def _next_step(campaign: Campaign, names: str, offers: Sequence[Offer], now: datetime) -> str:
    willing = sum(offer.state == OfferState.WILLING for offer in offers)
    if campaign.needs_choice and willing >= campaign.enough:
        return "Genug würden kommen. Bitte wählen Sie unten aus."
    if not names:
        return "Alle auf der Liste sind gefragt. Antworten stehen noch aus."
    if campaign.next_at is None or campaign.next_at <= now:
        return f"Als Nächste: {names}, in den nächsten Minuten."
    return f"Als Nächste: {names} {at_time(campaign.next_at, now=now)}, wenn bis dahin niemand zusagt."
