"""The requests of the big city: years of ended ones, the few thousand that run, and what hangs on them.

A volunteer's turn comes round only after everybody's, and nobody is sent out twice on a day: so no two
appointments of one person overlap.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Final

from lotsen_portal import clock, encryption
from lotsen_portal.models import Link, Programme, Purpose
from requests_app.crowd.people import People
from requests_app.crowd.sheets import Sheet, Value, period, write_all
from requests_app.demo.concerns import CONCERNS, DECLINES, NOTES
from requests_app.models import (
    Assignment,
    AssistanceRequest,
    Bundle,
    Figure,
    InternalNote,
    Offer,
    ReferenceCounter,
    RequestedLanguage,
)
from requests_app.states import FINAL, AssignmentState, OfferState, RequestState
from requests_app.workflow.intake import phone_index

YEARS: Final = 5
CHUNK: Final = 20_000
RUNNING_PER_THOUSAND: Final = 8
AHEAD: Final = 15  # working days that running appointments are spread over

PAST: Final = {
    RequestState.DONE: 84,
    RequestState.CANCELLED: 8,
    RequestState.UNFILLED: 6,
    RequestState.REJECTED: 2,
}
RUNNING: Final = {
    RequestState.NEW: 4,
    RequestState.OPEN: 22,
    RequestState.OFFERED: 28,
    RequestState.CONFIRMED: 46,
}
OUTCOMES: Final = {
    AssignmentState.TOOK_PLACE: 93,
    AssignmentState.CLIENT_ABSENT: 3,
    AssignmentState.CANCELLED_LATE: 2,
    AssignmentState.LOTSE_ABSENT: 1,
    AssignmentState.OTHER: 1,
}
REFUSALS: Final = (OfferState.DECLINED, OfferState.EXPIRED, OfferState.NOT_CHOSEN)


@dataclass(frozen=True)
class Tokens:
    """Encrypted texts to draw from: encrypting each anew would take longer than all the rest."""

    concerns: list[str]
    names: list[str]
    places: list[str]
    phones: list[tuple[str, str]]
    reasons: list[str]
    notes: list[str]


def _tokens() -> Tokens:
    concerns = [text for texts in CONCERNS.values() for text in texts]
    phones = [f"0221 4710{n:03}" for n in range(1000)]
    return Tokens(
        concerns=[encryption.encrypt(text) for text in concerns],
        names=[encryption.encrypt(f"Person {n}") for n in range(1000)],
        places=[encryption.encrypt(f"Raum {n}") for n in range(100)],
        phones=[(encryption.encrypt(phone), phone_index(phone)) for phone in phones],
        reasons=[encryption.encrypt(text) for text in DECLINES if text],
        notes=[encryption.encrypt(text) for text in NOTES],
    )


class Office:
    """Writes requests chunk by chunk, in the order of their appointments."""

    def __init__(self, rng: Random, now: datetime, people: People) -> None:
        self.rng, self.now, self.people = rng, now, people
        self.calendar, self.prefix = clock.work_calendar(), Programme.current().reference_prefix
        self.tokens = _tokens()
        self.turn = 0
        self.years: Counter[int] = Counter(dict(ReferenceCounter.objects.values_list("year", "last")))
        self.requests = Sheet(
            AssistanceRequest,
            *("reference", "state", "institution", "filed_by", "responsible", "topic", "help", "mode"),
            *("minimum_level", "gender_needed", "period", "minutes", "district", "place", "concern"),
            *("client_name", "client_phone", "client_phone_index", "consent_at", "consent_version", "urgent"),
            *("filed_at", "answer_by", "ended_at", "ended_by"),
        )
        self.languages = Sheet(RequestedLanguage, "assistance", "language", "rank")
        self.bundles = Sheet(Bundle, "volunteer", "created_at")
        self.offers = Sheet(
            Offer,
            *("assistance", "volunteer", "bundle", "version", "state", "asked_by", "asked_at"),
            *("sent_at", "deadline", "answered_at", "reason"),
        )
        self.assignments = Sheet(
            Assignment,
            *("assistance", "volunteer", "offer", "state", "period", "version", "agreed_at"),
            *("ended_at", "minutes"),
        )
        self.figures = Sheet(
            Figure,
            *("number", "month", "language", "topic", "district", "institution_kind", "mode", "lead_days"),
            *("hours_to_yes", "offers_made", "outcome", "minutes"),
        )
        self.notes = Sheet(InternalNote, "assistance", "author", "written_at", "text")
        self.links = Sheet(Link, "purpose", "subject", "holder", "expires_at", "created_at")
        self.sheets = (
            *(self.requests, self.languages, self.bundles, self.offers, self.assignments),
            *(self.figures, self.notes, self.links),
        )

    def run(self, count: int) -> Iterator[int]:
        """Write `count` requests; yields how many there are after each chunk."""
        running = max(count * RUNNING_PER_THOUSAND // 1000, min(count, 40))
        for done, (day, state) in enumerate(self._agenda(count - running, running), start=1):
            self._request(day, state)
            if done % CHUNK == 0:
                write_all(self.sheets)
                yield done
        write_all(self.sheets)
        for year, last in self.years.items():
            ReferenceCounter.objects.update_or_create(year=year, defaults={"last": last})
        yield count

    def _agenda(self, past: int, running: int) -> Iterator[tuple[date, RequestState]]:
        today = clock.local(self.now).date()
        first = today - timedelta(days=365 * YEARS)
        days = [first + timedelta(days=n) for n in range((today - first).days)]
        days = [day for day in days if self.calendar.is_working_day(day)]
        states = self.rng.choices(list(PAST), weights=list(PAST.values()), k=past)
        for number, state in enumerate(states):
            yield days[number * len(days) // past], state
        states = self.rng.choices(list(RUNNING), weights=list(RUNNING.values()), k=running)
        # The first of them were yesterday: the office has not settled them yet.
        day = self.calendar.working_days_before(today, 1)
        for number, state in enumerate(states):
            if number and number % -(-running // AHEAD) == 0:
                day = self.calendar.next_working_day(day)
            yield day, state

    def _next_volunteer(self) -> int:
        volunteer = self.people.order[self.turn % len(self.people.order)]
        self.turn += 1
        return volunteer

    def _request(self, day: date, state: RequestState) -> None:
        rng, people = self.rng, self.people
        minutes = rng.choice((30, 45, 60, 60, 60, 90))
        start = _moment(day, rng.randrange(16, 32))
        end = start + timedelta(minutes=minutes)
        filed = min(start, self.now) - timedelta(days=rng.randrange(1, 15), minutes=rng.randrange(0, 400))
        ended = min(end + timedelta(hours=rng.randrange(1, 40)), self.now) if state in FINAL else None
        volunteer = self._next_volunteer()
        language = people.language_of[volunteer]
        house, accounts, district, kind = rng.choice(people.houses)
        topic, slug = rng.choice(people.topics)
        number = self.requests.add(
            self._reference(filed),
            *(state.value, house, rng.choice(accounts)),
            rng.choice(people.coordinators) if rng.random() < 0.8 else None,
            *(topic, "accompaniment", "on_site" if rng.random() < 0.85 else "phone"),
            *(rng.choice((2, 2, 2, 3)), "f" if rng.random() < 0.05 else "", period(start, end)),
            *(minutes, district, *self._texts(), filed, 1, rng.random() < 0.1),
            *(filed, clock.local(filed).date() + timedelta(days=4), ended, "office" if ended else ""),
        )
        self.languages.add(number, language, 1)
        if ended is None and rng.random() < 0.3:
            self.notes.add(number, rng.choice(people.coordinators), filed, rng.choice(self.tokens.notes))
        asked = self._offers(number, state, volunteer, language, filed, (start, end), ended, minutes)
        if ended is not None:
            lead = (start - filed).days
            self._figure(number, day, language, slug, district, kind, lead, asked, state, minutes)

    def _reference(self, filed: datetime) -> str:
        year = clock.local(filed).year
        self.years[year] += 1
        return f"{self.prefix}-{year}-{self.years[year]:05}"

    def _texts(self) -> tuple[str, str, str, str, str]:
        """Place, concern, client's name, telephone and its index; all but the index are tokens."""
        choose, tokens = self.rng.choice, self.tokens
        return choose(tokens.places), choose(tokens.concerns), choose(tokens.names), *choose(tokens.phones)

    def _offers(
        self,
        number: int,
        state: RequestState,
        volunteer: int,
        language: int,
        filed: datetime,
        span: tuple[datetime, datetime],
        ended: datetime | None,
        minutes: int,
    ) -> int:
        """Write who was asked and who agreed; returns how many were asked."""
        rng, asked_at = self.rng, filed + timedelta(hours=2)
        agreed = state in {RequestState.DONE, RequestState.CONFIRMED}
        if agreed:
            offer = self._offer(number, volunteer, OfferState.ACCEPTED, asked_at)
            outcome = AssignmentState.AGREED
            if ended is not None:
                outcome = rng.choices(list(OUTCOMES), weights=list(OUTCOMES.values()))[0]
            took_place = minutes if outcome == AssignmentState.TOOK_PLACE else None
            agreed_at = asked_at + timedelta(hours=3)
            self.assignments.add(
                *(number, volunteer, offer, outcome.value, period(*span), 1, agreed_at, ended, took_place)
            )
        others = 0 if state in {RequestState.NEW, RequestState.REJECTED} else rng.choice((0, 0, 0, 1, 1, 2))
        pool = self.people.speakers[language]
        chosen = {pool[rng.randrange(len(pool))] for _ in range(others)} - {volunteer}
        for other in sorted(chosen):
            self._offer(number, other, rng.choice(REFUSALS[: 3 if agreed else 2]), asked_at)
        if state == RequestState.OFFERED:
            self._offer(number, volunteer, OfferState.PENDING, max(asked_at, self.now - timedelta(hours=20)))
        return len(chosen) + int(agreed or state == RequestState.OFFERED)

    def _offer(self, number: int, volunteer: int, state: OfferState, asked_at: datetime) -> int:
        bundle = self.bundles.add(volunteer, asked_at)
        declined = state == OfferState.DECLINED
        pending = state == OfferState.PENDING
        if pending:
            ends = self.now + timedelta(days=40)
            self.links.add(Purpose.ANSWER.value, bundle, volunteer, ends, asked_at)
        answered: Value = asked_at + timedelta(hours=3) if declined or state == OfferState.ACCEPTED else None
        return self.offers.add(
            number,
            volunteer,
            bundle,
            1,
            state.value,
            self.rng.choice(self.people.coordinators),
            asked_at,
            asked_at,
            asked_at + timedelta(hours=60) if pending else asked_at + timedelta(hours=24),
            answered,
            self.rng.choice(self.tokens.reasons) if declined else "",
        )

    def _figure(
        self,
        number: int,
        day: date,
        language: int,
        topic: str,
        district: int,
        kind: str,
        lead: int,
        asked: int,
        state: RequestState,
        minutes: int,
    ) -> None:
        held = state == RequestState.DONE
        self.figures.add(
            number,
            day.replace(day=1),
            self.people.codes[language],
            topic,
            self.people.district_names[district],
            kind,
            "on_site",
            lead,
            5 if held else None,
            asked,
            AssignmentState.TOOK_PLACE.value if held else state.value,
            minutes if held else None,
        )


def _moment(day: date, half_hour: int) -> datetime:
    wall = datetime.combine(day, time(half_hour // 2, half_hour % 2 * 30), clock.TZ)
    return wall.astimezone(UTC)
