"""The people and houses of the demo city, as they stand before the first request."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date, time, timedelta
from random import Random
from typing import Final

from lotsen_portal import clock
from lotsen_portal.models import ClosingDay, FundingSource, OfficeRole, Programme, User
from requests_app import presets
from requests_app.demo.institutions import HOUSES, House
from requests_app.demo.people import OFFICERS, RHYTHMS, TOPIC_LETTERS, VOLUNTEERS, Person
from requests_app.models import Institution, Member, Wish
from volunteers import cards, catalogue
from volunteers.models import (
    DAY_OPENS,
    DAYS_A_WEEK,
    Absence,
    ConductCertificate,
    District,
    Language,
    PhoneConsent,
    Speaks,
    Topic,
    TopicTraining,
    Undertaking,
    UndertakingText,
    Volunteer,
    Way,
)

# Numbers that the Bundesnetzagentur keeps free for films, so that nobody's telephone rings.
MOBILE: Final = "0171 39200{:02d}"
LANDLINE: Final = "0221 4710{:03d}"

LOTSEN: Final = "lotsen.example"
MONTH: Final = timedelta(days=30)
# Django's mark of a password that no one can type: the demo signs in by a button.
NO_PASSWORD: Final = "!"  # noqa: S105


@dataclass(frozen=True)
class City:
    """Who lives and works here, for the story to act with; lists are in the order of the tables."""

    coordinators: list[User]
    houses: list[tuple[House, Institution, list[User]]]
    volunteers: list[Volunteer]
    since: dict[int, date]
    languages: dict[str, Language]
    topics: dict[str, Topic]
    districts: dict[str, District]


def found(rng: Random, today: date) -> City:
    """Write programme, office, institutions and volunteers as they are on a Berlin date; returns them."""
    catalogue.load()
    presets.load_rules()
    presets.load_funding()
    presets.load_school_holidays()
    # The two rules of topics are at work here, since this city has trained its people.
    Topic.objects.filter(slug="gesundheit").update(needs_training=True)
    Topic.objects.filter(slug="erziehung").update(needs_conduct_certificate=True)
    languages = {language.code: language for language in Language.objects.all()}
    topics = {topic.slug: topic for topic in Topic.objects.all()}
    districts = {district.name: district for district in District.objects.all()}
    _introduce_programme(today)
    officers = _hire(today)
    houses = [_build(number, house, districts, today) for number, house in enumerate(HOUSES)]
    volunteers = _gather(rng, today, languages, topics, districts)
    _keep_papers(volunteers, officers[0], today)
    _note_wishes(volunteers, houses)
    cards.refresh()
    cards.refresh_pools()
    return City(
        coordinators=officers,
        houses=houses,
        volunteers=volunteers,
        since={person.pk: person.undertaking_on for person in volunteers if person.undertaking_on},
        languages=languages,
        topics=topics,
        districts=districts,
    )


def main_people() -> dict[str, User]:
    """Return who signs in by the three buttons of the demo, as far as the city is there: role -> account."""
    house = HOUSES[0]
    mails = {
        "office": OFFICERS[0].mail,
        "institution": f"{plain(house.members[1])}@{house.domain}",
        "volunteer": f"{plain(VOLUNTEERS[0].name)}@{LOTSEN}",
    }
    found = {user.email: user for user in User.objects.filter(email__in=mails.values())}
    return {who: found[mail] for who, mail in mails.items() if mail in found}


def _introduce_programme(today: date) -> None:
    programme = Programme.current()
    programme.contact_name = OFFICERS[0].name
    programme.phone, programme.email = "02131 90-0000", "integrationslotsen@neuss.example"
    programme.website = ""
    source, _made = FundingSource.objects.get_or_create(name="Kommunales Integrationsmanagement")
    programme.funding_default = source
    programme.save()
    for year in (today.year - 1, today.year):
        fair = _last_sunday_of_august(year) + timedelta(days=1)
        ClosingDay.objects.create(first=fair, last=fair, name="Kirmesmontag")
        ClosingDay.objects.create(
            first=date(year, 12, 24), last=date(year, 12, 31), name="Zwischen den Feiertagen"
        )


def _last_sunday_of_august(year: int) -> date:
    last = date(year, 8, 31)
    return last - timedelta(days=(last.weekday() + 1) % DAYS_A_WEEK)


def _account(name: str, mail: str, today: date, months: int) -> User:
    joined = clock.wall_time(today - months * MONTH, Programme.current().day_begins)
    return User.objects.create(name=name, email=mail, password=NO_PASSWORD, joined_at=joined)


def _hire(today: date) -> list[User]:
    officers = [_account(officer.name, officer.mail, today, 36) for officer in OFFICERS]
    OfficeRole.objects.bulk_create(
        OfficeRole(user=user, role=role)
        for user, officer in zip(officers, OFFICERS, strict=True)
        for role in officer.roles
    )
    return officers[:3]


def plain(name: str) -> str:
    """Return a name as it stands in an address: lower case, without accents, blanks become dots."""
    spelled = name.lower().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("ß", "ss")
    letters = unicodedata.normalize("NFKD", spelled.replace("ł", "l").replace("dr. ", ""))
    return "".join(sign for sign in letters.replace(" ", ".") if sign.isascii())


def _build(
    number: int, house: House, districts: dict[str, District], today: date
) -> tuple[House, Institution, list[User]]:
    institution = Institution.objects.create(
        name=house.name,
        kind=house.kind,
        state=house.state,
        district=districts[house.district],
        street=house.street,
        postcode=house.postcode,
        city="Neuss",
        phone=LANDLINE.format(number * 10),
        email=f"info@{house.domain}",
        mail_domain=house.domain,
        usual_minutes=house.usual_minutes,
    )
    users = [_account(name, f"{plain(name)}@{house.domain}", today, 18 + number) for name in house.members]
    Member.objects.bulk_create(
        Member(
            user=user,
            institution=institution,
            phone=LANDLINE.format(number * 10 + place),
            is_manager=place == 1,
        )
        for place, user in enumerate(users, start=1)
    )
    return house, institution, users


def availability(rhythm: str) -> list[int]:
    """Return seven masks of half hours, Monday first, for a rhythm of the table."""
    masks = [0] * DAYS_A_WEEK
    for first, last, start, end in RHYTHMS[rhythm]:
        slots = range(int((start - DAY_OPENS) * 2), int((end - DAY_OPENS) * 2))
        for day in range(first, last + 1):
            masks[day] |= sum(1 << slot for slot in slots)
    return masks


def _volunteer(number: int, person: Person, district: District, today: date) -> Volunteer:
    joined = today - person.since * MONTH - timedelta(days=number % 20)
    undertaking = None if person.papers == "none" else joined + timedelta(days=18)
    ends = {"soon": today + timedelta(days=20), "old": today - timedelta(days=25)}
    seen = max(joined + timedelta(days=9), today - timedelta(days=1400 - number * 10))
    conduct = None if "none" in {person.conduct, person.papers} else seen
    until = today - timedelta(days=40) if person.conduct == "old" else seen + timedelta(days=5 * 365)
    mail = f"{plain(person.name)}@{LOTSEN}" if person.mail is None else person.mail
    return Volunteer(
        user=_account(person.name, mail, today, max(person.since, 1)) if person.account else None,
        name=person.name,
        email=mail,
        phone=MOBILE.format(number),
        gender=person.gender,
        district=district,
        state=person.state,
        paused_until=today + timedelta(days=60) if person.state == "paused" else None,
        undertaking_on=undertaking,
        undertaking_until=ends.get(person.papers),
        conduct_seen_on=conduct,
        conduct_until=until if conduct else None,
        weekly_maximum=person.weekly,
        availability=availability(person.rhythm),
        shares_phone=number % 3 != 0,
        joined_on=joined,
    )


def _gather(
    rng: Random,
    today: date,
    languages: dict[str, Language],
    topics: dict[str, Topic],
    districts: dict[str, District],
) -> list[Volunteer]:
    people = Volunteer.objects.bulk_create(
        _volunteer(number, person, districts[person.district], today)
        for number, person in enumerate(VOLUNTEERS)
    )
    both = list(zip(people, VOLUNTEERS, strict=True))
    Speaks.objects.bulk_create(
        Speaks(volunteer=volunteer, language=languages[tongue[:-1]], level=int(tongue[-1]))
        for volunteer, person in both
        for tongue in person.tongues.split()
    )
    chosen = [
        (volunteer, topics[TOPIC_LETTERS[letter]]) for volunteer, person in both for letter in person.topics
    ]
    through = Volunteer.topics.through
    through.objects.bulk_create(through(volunteer=volunteer, topic=topic) for volunteer, topic in chosen)
    trained = {volunteer.pk for volunteer, person in both if person.trained}
    TopicTraining.objects.bulk_create(
        TopicTraining(
            volunteer=volunteer,
            topic=topic,
            completed_on=volunteer.undertaking_on + timedelta(days=rng.randrange(5, 40)),
        )
        for volunteer, topic in chosen
        if volunteer.pk in trained and volunteer.undertaking_on
    )
    Absence.objects.bulk_create(
        Absence(volunteer=volunteer, first=first, last=first + timedelta(days=rng.randrange(4, 20)))
        for volunteer in rng.sample(people[1:], 26)
        for first in [today + timedelta(days=rng.randrange(-300, 45))]
    )
    return people


def _keep_papers(people: list[Volunteer], officer: User, today: date) -> None:
    """What proves the dates on the records: the office saw and noted them, nobody confirmed online yet."""
    text, noon = UndertakingText.newest(), time(12)
    Undertaking.objects.bulk_create(
        Undertaking(
            volunteer=person,
            text=text,
            way=Way.PAPER,
            signed_on=person.undertaking_on,
            valid_until=person.undertaking_until,
            noted_by=officer,
            noted_at=clock.wall_time(person.undertaking_on, noon),
        )
        for person in people
        if person.undertaking_on
    )
    ConductCertificate.objects.bulk_create(
        ConductCertificate(
            volunteer=person,
            issued_on=person.conduct_seen_on - timedelta(days=20),
            seen_on=person.conduct_seen_on,
            valid_until=person.conduct_until,
            seen_by=officer,
        )
        for person in people
        if person.conduct_seen_on and person.conduct_until and person.conduct_until >= person.conduct_seen_on
    )
    PhoneConsent.objects.bulk_create(
        PhoneConsent(
            volunteer=person,
            given=True,
            at=clock.wall_time(person.joined_on or today, noon),
            noted_by=officer,
        )
        for person in people
        if person.shares_phone
    )


def _note_wishes(people: list[Volunteer], houses: list[tuple[House, Institution, list[User]]]) -> None:
    by_name = {person.name: person for person in people}
    wishes = (
        ("Tarek Nasser", 0, "member", "exclude"),
        ("Samira Haddad", 0, "member", "prefer"),
        ("Selin Demirci", 8, "volunteer", "prefer"),
        ("Wiktor Petrow", 1, "volunteer", "exclude"),
    )
    Wish.objects.bulk_create(
        Wish(volunteer=by_name[name], institution=houses[house][1], side=side, kind=kind)
        for name, house, side, kind in wishes
    )
