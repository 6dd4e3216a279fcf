"""The people of the big city: volunteers with all that matching reads, institutions, accounts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Final

from lotsen_portal import clock
from lotsen_portal.models import OfficeRole, Programme, User
from requests_app.crowd.sheets import Sheet, Value, write_all
from requests_app.demo.city import LOTSEN, MOBILE, NO_PASSWORD, availability
from requests_app.demo.concerns import CLIENTS, DEMAND
from requests_app.demo.people import RHYTHMS
from requests_app.models import Institution, InstitutionKind, InstitutionState, Member
from volunteers import catalogue
from volunteers.models import (
    Absence,
    District,
    Language,
    Speaks,
    Topic,
    TopicTraining,
    Volunteer,
    VolunteerState,
)

REQUESTS_PER_HOUSE: Final = 1000
MEMBERS: Final = 2
COORDINATORS: Final = 5
# Languages that many speak beside their first one.
SECOND: Final = ("en", "fr", "ru", "tr", "ar")
STATES: Final = {VolunteerState.ACTIVE: 93, VolunteerState.PAUSED: 4, VolunteerState.LEFT: 3}
LEVELS: Final = (2, 3, 4)
NAMES: Final = [(given.split(), family.split()) for given, family in CLIENTS.values()]
MASKS: Final = [availability(rhythm) for rhythm in RHYTHMS]


@dataclass(frozen=True)
class People:
    """Numbers of rows, for the requests to refer to; `speakers` of each language are active."""

    houses: list[tuple[int, list[int], int, str]]  # institution, its members' accounts, district, kind
    coordinators: list[int]
    order: list[int]  # of active volunteers, as they are asked by turns
    language_of: dict[int, int]
    speakers: dict[int, list[int]]
    topics: list[tuple[int, str]]
    district_names: dict[int, str]
    codes: dict[int, str]


def settle_people(rng: Random, now: datetime, volunteers: int, requests: int) -> People:
    """Write everybody; `now` decides on papers and absences."""
    catalogue.load()
    Programme.current()
    districts = list(District.objects.order_by("pk").values_list("pk", "name"))
    topics = list(Topic.objects.order_by("pk").values_list("pk", "slug"))
    codes = dict(Language.objects.order_by("pk").values_list("pk", "code"))
    language_of, active, speakers = _volunteers(rng, now, volunteers, districts, topics, codes)
    rng.shuffle(active)
    return People(
        houses=_houses(rng, now, max(20, requests // REQUESTS_PER_HOUSE), districts),
        coordinators=_coordinators(now),
        order=active,
        language_of=language_of,
        speakers=speakers,
        topics=topics,
        district_names=dict(districts),
        codes=codes,
    )


def _coordinators(now: datetime) -> list[int]:
    users = Sheet(User, "email", "name", "password", "joined_at")
    roles = Sheet(OfficeRole, "user", "role")
    numbers = [
        users.add(f"koordination{n}@grossstadt.example", f"Koordination {n}", NO_PASSWORD, now)
        for n in range(1, COORDINATORS + 1)
    ]
    for number in numbers:
        roles.add(number, "coordinator")
    write_all([users, roles])
    return numbers


def _houses(
    rng: Random, now: datetime, count: int, districts: list[tuple[int, str]]
) -> list[tuple[int, list[int], int, str]]:
    users = Sheet(User, "email", "name", "password", "joined_at")
    houses = Sheet(
        Institution, "name", "kind", "state", "district", "street", "postcode", "city", "phone", "email"
    )
    members = Sheet(Member, "user", "institution", "is_manager")
    found = []
    for n in range(1, count + 1):
        kind, district = rng.choice(InstitutionKind.values), rng.choice(districts)[0]
        house = houses.add(
            f"Einrichtung {n:05}",
            kind,
            InstitutionState.APPROVED.value,
            district,
            f"Musterstraße {n % 200 + 1}",
            "41460",
            "Neuss",
            f"0221 4710{n % 1000:03}",
            f"info@haus{n}.example",
        )
        accounts = [
            users.add(f"person{m}@haus{n}.example", f"Person {m} aus Haus {n}", NO_PASSWORD, now)
            for m in range(1, MEMBERS + 1)
        ]
        for account in accounts:
            members.add(account, house, account == accounts[0])
        found.append((house, accounts, district, kind))
    write_all([users, houses, members])
    return found


def _volunteers(
    rng: Random,
    now: datetime,
    count: int,
    districts: list[tuple[int, str]],
    topics: list[tuple[int, str]],
    codes: dict[int, str],
) -> tuple[dict[int, int], list[int], dict[int, list[int]]]:
    """Write volunteers and what belongs to them; returns first languages, the active ones, and speakers."""
    people, speaks, chosen, trained, away = sheets = _volunteer_sheets()
    by_code = {code: number for number, code in codes.items()}
    seconds = [by_code[code] for code in SECOND]
    today = clock.local(now).date()
    languages = rng.choices([by_code[code] for code in DEMAND], weights=list(DEMAND.values()), k=count)
    states = rng.choices(list(STATES), weights=list(STATES.values()), k=count)
    language_of: dict[int, int] = {}
    speakers: dict[int, list[int]] = {}
    for first, state in zip(languages, states, strict=True):
        joined = today - timedelta(days=rng.randrange(60, 2500))
        number = people.add(*_record(rng, today, people.last + 1, state, joined, rng.choice(districts)[0]))
        language_of[number] = first
        if state == VolunteerState.ACTIVE:
            speakers.setdefault(first, []).append(number)
        for place, language in enumerate(dict.fromkeys([first, *rng.sample(seconds, 2)])):
            speaks.add(number, language, 4 if place == 0 else rng.choice(LEVELS))
        for topic, _slug in rng.sample(topics, rng.randrange(2, 5)):
            chosen.add(number, topic)
            if rng.random() < 0.25:
                trained.add(number, topic, joined)
        for _ in range(2):
            gone = today + timedelta(days=rng.randrange(-300, 90))
            away.add(number, gone, gone + timedelta(days=rng.randrange(3, 21)))
    write_all(sheets)
    return language_of, sorted(number for group in speakers.values() for number in group), speakers


def _record(
    rng: Random, today: date, number: int, state: VolunteerState, joined: date, district: int
) -> tuple[Value, ...]:
    """Make up one volunteer, in the order of the sheet's columns."""
    given, family = rng.choice(NAMES)
    return (
        f"{rng.choice(given)} {rng.choice(family)} {number}",
        f"lotse{number}@{LOTSEN}" if rng.random() < 0.95 else "",
        MOBILE.format(number % 100),
        *(rng.choice("ffm"), district, state.value, joined),
        None if rng.random() < 0.9 else today + timedelta(days=rng.randrange(-30, 200)),
        *(joined, today + timedelta(days=rng.randrange(-60, 1500))),
        *(rng.choice((1, 2, 2, 3, 3, 4)), rng.choice(MASKS), joined),
    )


def _volunteer_sheets() -> tuple[Sheet, Sheet, Sheet, Sheet, Sheet]:
    people = Sheet(
        Volunteer,
        *("name", "email", "phone", "gender", "district", "state", "undertaking_on", "undertaking_until"),
        *("conduct_seen_on", "conduct_until", "weekly_maximum", "availability", "joined_on"),
    )
    return (
        people,
        Sheet(Speaks, "volunteer", "language", "level"),
        Sheet(Volunteer.topics.through, "volunteer", "topic"),
        Sheet(TopicTraining, "volunteer", "topic", "completed_on"),
        Sheet(Absence, "volunteer", "first", "last"),
    )
