"""Who asks for what in the demo city, over a year."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from lotsen_portal import clock
from lotsen_portal.clock import WorkCalendar
from lotsen_portal.models import User
from requests_app.demo.city import LANDLINE, MOBILE, City
from requests_app.demo.concerns import ALSO, BY_PHONE, CLIENTS, CONCERNS, DEMAND, HINTS, NEAREST
from requests_app.demo.institutions import House
from requests_app.demo.people import TOPIC_LETTERS
from requests_app.models import Help, Institution, Mode
from requests_app.workflow import Draft
from volunteers.models import Gender, Level

YEAR: Final = timedelta(days=365)
# Working days back from today: so many of a hundred requests. The service grows, and a demo is about now.
RECENT: Final = {20: 18, 4: 16}
OPENS, CLOSES = time(8), time(17)
LAST: Final = time(15, 50)
# Working days between the story's own filings and their appointments.
LEAD: Final = 6

# What the story does with a filing beyond chance.
REJECT: Final = "reject"
REOPEN: Final = "reopen"
FORGOTTEN: Final = "forgotten"  # nobody opens it, and the promised day passes
STAR: Final = "star"  # an offer that waits for the volunteer of the demo
CALL: Final = "call"  # an offer to somebody without e-mail, whom nobody has phoned yet
REFUSED: Final = "refused"  # all who were asked said no last evening, and the office has not seen it yet
OVER: Final = "over"  # took place on the last day, and nobody has noted how it went


@dataclass(frozen=True)
class Client:
    """Somebody who needs help; comes to the same institution more than once."""

    name: str
    phone: str
    reference: str
    language: str


@dataclass(frozen=True, kw_only=True)
class Filing:
    """One request on its way in; without a user the office wrote it down. `tag` is one of those above."""

    at: datetime
    draft: Draft
    institution: Institution | None
    user: User | None
    tag: str = ""

    @property
    def ends(self) -> datetime:
        """When the appointment is over (UTC)."""
        end: datetime = self.draft.period.upper if self.draft.period else self.at
        return end


class Desk:
    """Makes filings; remembers clients, so that some come again."""

    def __init__(self, city: City, rng: Random, calendar: WorkCalendar, today: date) -> None:
        self.city, self.rng, self.calendar, self.today = city, rng, calendar, today
        self.known: dict[int, list[Client]] = defaultdict(list)
        self.numbers = 0
        self.callers: set[int] = set()
        self.strangers: set[int] = set()
        self.long_ones: set[int] = set()

    def filings(self, count: int) -> list[Filing]:
        """Return `count` filings in the order of their moments, all before today."""
        self.callers = {count // 5, count // 2, count - 3}
        self.strangers, self.long_ones = {count - 7, count - 2}, {count // 3, count - 4}
        recent = [
            day
            for back, share in RECENT.items()
            for day in self._days(self.calendar.working_days_before(self.today, back), count * share // 100)
        ]
        days = self._days(self.today - YEAR, count - len(recent) - 4) + recent
        moments = sorted(clock.wall_time(day, self._clock_time(OPENS, LAST)) for day in days)
        filings = [self._filing(number, at) for number, at in enumerate(moments)]
        self._forget_one(filings)
        filings.append(self._wished_for(0, "ar", "E", time(8, 20), STAR))
        filings.append(self._wished_for(2, "tr", "S", time(13, 5), CALL))
        filings.append(self._wished_for(3, "uk", "G", time(10, 40), REFUSED))
        filings.append(self._wished_for(1, "ar", "A", time(9, 30), OVER, back=LEAD + 1))
        return sorted(filings, key=lambda filing: filing.at)

    def _days(self, first: date, count: int) -> list[date]:
        """Choose working days from `first` until yesterday."""
        span = (first + timedelta(days=days) for days in range((self.today - first).days))
        return self.rng.choices([day for day in span if self.calendar.is_working_day(day)], k=count)

    def _clock_time(self, first: time, last: time) -> time:
        minutes = self.rng.randrange(first.hour * 60 + first.minute, last.hour * 60 + last.minute)
        return time(minutes // 60, minutes % 60)

    def _filing(self, number: int, at: datetime) -> Filing:
        if number in self.callers:
            return self._by_phone(number, at)
        house, institution, users = self._house(number)
        letter = self.rng.choice(house.topics)
        woman = self._is_for_women(house, letter)
        client = self._client(institution, woman=woman)
        draft = self._draft(house, institution, letter, client, at, woman=woman)
        if number in self.long_ones:  # longer than the programme's longest: the office looks first
            draft = replace(draft, minutes=240, period=self._period(at, 240))
        user = None if self.rng.random() < 0.07 else self.rng.choice(users)
        tag = REJECT if number in {50, 110} else REOPEN if number in {35, 60, 85} else ""
        return Filing(at=at, draft=draft, institution=institution, user=user, tag=tag)

    def _forget_one(self, filings: list[Filing]) -> None:
        first, last = (self.calendar.working_days_before(self.today, days) for days in (7, 4))
        for place, filing in enumerate(filings):
            in_time = clock.local(filing.ends).date() > self.today
            if in_time and first <= clock.local(filing.at).date() <= last and filing.user:
                filings[place] = replace(filing, tag=FORGOTTEN)
                return

    def _wished_for(
        self, place: int, language: str, letter: str, wall: time, tag: str, back: int = 1
    ) -> Filing:
        """So many working days ago an institution asks for what the story needs."""
        house, institution, users = self.city.houses[place]
        at = clock.wall_time(self.calendar.working_days_before(self.today, back), wall)
        client = self._person(language, woman=True)
        draft = self._draft(house, institution, letter, client, at, woman=False)
        period = self._period(at, 60, lead=LEAD)
        draft = replace(draft, period=period, minutes=60, minimum_level=Level.GOOD, mode=Mode.ON_SITE)
        return Filing(at=at, draft=draft, institution=institution, user=users[1], tag=tag)

    def _house(self, number: int) -> tuple[House, Institution, list[User]]:
        # Houses that still wait for the office's approval have asked only lately.
        waiting = [entry for entry in self.city.houses if entry[0].state == "applied"]
        if number in self.strangers:
            return waiting[number % 2]
        approved = [entry for entry in self.city.houses if entry[0].state != "applied"]
        return self.rng.choices(approved, weights=[entry[0].share for entry in approved])[0]

    def _is_for_women(self, house: House, letter: str) -> bool:
        by_chance = letter == "G" and self.rng.random() < 0.1
        return by_chance or "Frauen" in house.name or "Schwanger" in house.name

    def _client(self, institution: Institution, *, woman: bool) -> Client:
        known = self.known[institution.pk]
        if known and not woman and self.rng.random() < 0.3:
            return self.rng.choice(known)
        language = self.rng.choices(list(DEMAND), weights=list(DEMAND.values()))[0]
        client = self._person(language, woman=woman)
        known.append(client)
        return client

    def _person(self, language: str, *, woman: bool) -> Client:
        first, last = CLIENTS[language if language in CLIENTS else NEAREST[language]]
        given = first.split()
        self.numbers += 1
        phone = MOBILE if self.rng.random() < 0.8 else LANDLINE
        return Client(
            name=f"{self.rng.choice(given[:3] if woman else given)} {self.rng.choice(last.split())}",
            phone=phone.format(70 + self.numbers % 30 if phone == MOBILE else 500 + self.numbers),
            reference=f"{self.rng.choice('ABKLMS')}-{self.rng.randrange(1000, 9999)}",
            language=language,
        )

    def _period(self, at: datetime, minutes: int, lead: int = 0) -> DateTimeTZRange:
        """An appointment on a working day, on the half hour, that ends before five in the afternoon."""
        lead = (
            lead
            or self.rng.choices(
                [self.rng.randrange(1, 4), self.rng.randrange(4, 9), self.rng.randrange(9, 19)],
                weights=[12, 48, 40],
            )[0]
        )
        day = self.calendar.working_days_after(clock.local(at).date(), lead)
        latest = CLOSES.hour * 2 - -(-minutes // 30)
        half = min(self.rng.choice([16, 17, 18, 18, 19, 20, 20, 21, 22, 26, 27, 28, 29, 30, 31]), latest)
        start = clock.wall_time(day, time(half // 2, half % 2 * 30))
        return DateTimeTZRange(start, start + timedelta(minutes=minutes))

    def _draft(
        self,
        house: House,
        institution: Institution,
        letter: str,
        client: Client,
        at: datetime,
        *,
        woman: bool,
    ) -> Draft:
        rng, city = self.rng, self.city
        mode = rng.choices([Mode.ON_SITE, Mode.PHONE, Mode.VIDEO], weights=[84, 9, 7])[0]
        minutes = rng.choice([house.usual_minutes, house.usual_minutes, 30, 60, 90])
        at_home = mode == Mode.ON_SITE and (letter, house.kind) == ("E", "authority") and rng.random() < 0.4
        codes = [client.language]
        if client.language in ALSO and rng.random() < 0.45:
            codes.append(ALSO[client.language])
        return Draft(
            topic=city.topics[TOPIC_LETTERS[letter]],
            languages=tuple(city.languages[code] for code in codes),
            district=rng.choice(list(city.districts.values())) if at_home else institution.district,
            minutes=minutes,
            period=self._period(at, minutes),
            help=rng.choices([Help.ACCOMPANIMENT, Help.ADVICE, Help.EVERYDAY], weights=[78, 16, 6])[0],
            mode=mode,
            minimum_level=Level.FLUENT if letter == "G" and rng.random() < 0.3 else Level.GOOD,
            gender_needed=Gender.FEMALE if woman and rng.random() < 0.7 else "",
            place=self._place(house, institution, mode, at_home=at_home),
            concern=rng.choice(CONCERNS[letter, house.kind]),
            client_reference=client.reference,
            client_name=client.name,
            client_phone=client.phone,
            client_address=self._home(client) if at_home else "",
            client_notes=rng.choice(HINTS),
        )

    def _home(self, client: Client) -> str:
        street = self.rng.choice(("Further Straße", "Weberstraße", "Kanalstraße", "Am Kotthauserweg"))
        return f"{street} {self.rng.randrange(1, 90)}, Klingel {client.name.split()[-1]}"

    def _place(self, house: House, institution: Institution, mode: str, *, at_home: bool) -> str:
        if mode != Mode.ON_SITE:
            return "Einwahl schickt die Einrichtung" if mode == Mode.VIDEO else ""
        return "Hausbesuch" if at_home else f"{institution.address}, {self.rng.choice(house.rooms)}"

    def _by_phone(self, number: int, at: datetime) -> Filing:
        """Somebody phoned the office, which writes the request down; there is no address to answer to."""
        letter, concern, kind = BY_PHONE[number % len(BY_PHONE)]
        client = self._person(self.rng.choice(["ar", "tr", "uk"]), woman=False)
        draft = Draft(
            topic=self.city.topics[TOPIC_LETTERS[letter]],
            languages=(self.city.languages[client.language],),
            district=self.rng.choice(list(self.city.districts.values())),
            minutes=60,
            period=self._period(at, 60),
            help=kind,
            place="Treffpunkt: Eingang Rathaus, Markt 2",
            concern=concern,
            client_name=client.name,
            client_phone=client.phone,
        )
        return Filing(at=at, draft=draft, institution=None, user=None)
