"""People and requests for tests, made by the same verbs as in life; cards are up to date afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from lotsen_portal.audit import NEWCOMER, Actor
from lotsen_portal.models import OfficeRole, User
from requests_app import registrations, workflow
from requests_app.models import (
    Assignment,
    AssistanceRequest,
    Institution,
    InstitutionState,
    Member,
    Offer,
    Registration,
    Takeover,
)
from requests_app.registrations import Application
from requests_app.takeover import desk
from requests_app.workflow import Draft
from volunteers import cards, trainings
from volunteers.models import (
    ALL_DAY,
    Course,
    District,
    Language,
    Participation,
    Session,
    Speaks,
    Topic,
    Volunteer,
)
from volunteers.models import Application as Applicant
from volunteers.recruitment import applications

# A Monday, nine o'clock in Neuss.
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)

_numbers = count(1)

DISTRICTS = {
    "Innenstadt": (51.1981, 6.6916),
    "Norf": (51.1523, 6.7205),
    "Holzheim": (51.1611, 6.6528),
}


def period(day: str = "2026-12-08", start: str = "10:00", minutes: int = 60) -> DateTimeTZRange:
    """A period on a winter day, by Berlin's wall clock."""
    begin = datetime.fromisoformat(f"{day}T{start}+01:00").astimezone(UTC)
    return DateTimeTZRange(begin, begin + timedelta(minutes=minutes))


def make_district(name: str = "Innenstadt") -> District:
    latitude, longitude = DISTRICTS.get(name, (51.2, 6.7))
    return District.objects.get_or_create(name=name, defaults={"latitude": latitude, "longitude": longitude})[
        0
    ]


def make_language(code: str = "ar", name: str = "") -> Language:
    names = {"ar": "Arabisch", "tr": "Türkisch", "uk": "Ukrainisch", "kmr": "Kurmandschi"}
    name = name or names.get(code, f"Sprache {code}")
    return Language.objects.get_or_create(code=code, defaults={"name": name, "own_name": name})[0]


def make_topic(slug: str = "gesundheit", **values: Any) -> Topic:
    return Topic.objects.get_or_create(slug=slug, defaults={"name": slug.title(), **values})[0]


def make_user(name: str = "", email: str = "") -> User:
    number = next(_numbers)
    return User.objects.create_user(
        email or f"person{number}@example.org", "right-password", name=name or f"Person {number}"
    )


def make_coordinator(name: str = "Karin Koch") -> User:
    user = make_user(name)
    OfficeRole.objects.create(user=user, role="coordinator")
    return user


def make_institution(name: str = "", **values: Any) -> Institution:
    return Institution.objects.create(
        name=name or f"Einrichtung {next(_numbers)}",
        **{
            "kind": "health",
            "state": InstitutionState.APPROVED,
            "district": make_district(),
            "street": "Marktplatz 1",
            "postcode": "41460",
            "city": "Neuss",
            "email": "haus@example.org",
            **values,
        },
    )


def make_application(**values: Any) -> Application:
    """What an institution types that wants to come on board."""
    number = next(_numbers)
    return Application(
        **{
            "name": f"Neue Einrichtung {number}",
            "kind": "health",
            "street": "Hafenstraße 5",
            "postcode": "41460",
            "city": "Neuss",
            "district": make_district(),
            "phone": "02131 555 88",
            "contact_name": "Nora Neu",
            "email": f"neu{number}@haus{number}.example",
            **values,
        }
    )


def make_registration(
    name: str = "", *, state: str = "confirmed", now: datetime = NOW, **values: Any
) -> Registration:
    """A registration of an institution; in the state "confirmed" it waits for the office."""
    named = {"name": name} if name else {}
    registrations.register(make_application(**named, **values), now=now)
    registration = Registration.objects.latest("pk")
    if state != "unconfirmed":
        registration = registrations.confirm(registration.pk, now=now)
    return registration


def make_takeover(
    text: str = "Name;E-Mail\nSamira Haddad;samira@example.org\n",
    *,
    kind: str = "freiwillige",
    user: User | None = None,
    now: datetime = NOW,
    checked: bool = False,
) -> Takeover:
    """A list that somebody of the office uploaded as CSV; `checked` looks at its rows, too."""
    user = user or make_coordinator()
    takeover = desk.receive(text.encode(), kind=kind, name="Liste.csv", user=user, now=now)
    if checked:
        desk.check(takeover.pk, columns=takeover.columns, user=user, now=now)
        desk.carry_on(now)
        takeover.refresh_from_db()
    return takeover


def make_member(institution: Institution | None = None, *, manager: bool = False, name: str = "") -> Member:
    return Member.objects.create(
        user=make_user(name), institution=institution or make_institution(), is_manager=manager
    )


def make_volunteer(
    name: str = "",
    *,
    languages: dict[str, int] | Sequence[str] = ("ar",),
    topics: Sequence[Topic] = (),
    **values: Any,
) -> Volunteer:
    """An active volunteer with valid papers; `languages` by code, with levels where they matter."""
    number = next(_numbers)
    levels = languages if isinstance(languages, dict) else dict.fromkeys(languages, 3)
    volunteer = Volunteer.objects.create(
        name=name or f"Lotse {number}",
        **{
            "email": f"lotse{number}@example.org",
            "phone": "02131 555 01",
            "state": "active",
            "undertaking_on": date(2026, 1, 1),
            "district": make_district(),
            **values,
        },
    )
    for code, level in levels.items():
        Speaks.objects.create(volunteer=volunteer, language=make_language(code), level=level)
    volunteer.topics.set(topics)
    refresh(volunteer)
    return volunteer


def make_course(name: str = "Grundkurs", **values: Any) -> Course:
    return Course.objects.get_or_create(name=name, defaults=values)[0]


def make_session(*when: DateTimeTZRange, now: datetime = NOW, **values: Any) -> Session:
    """A training that the office planned; two places in the town hall unless said otherwise."""
    planned = trainings.Plan(
        **{
            "kind": "basic",
            "periods": when or (period("2026-12-10", "17:00", 120),),
            "places": 2,
            "place": "Rathaus, Saal 1",
            "leader": "Lea Leitung",
            **values,
        }
    )
    return trainings.plan(planned, by=Actor.office(make_coordinator()), now=now)


def make_invitation(
    session: Session | None = None,
    volunteer: Volunteer | None = None,
    *,
    state: str = "invited",
    now: datetime = NOW,
) -> Participation:
    """An invitation, answered by its volunteer: "yes", "waiting" or "no"."""
    session, volunteer = session or make_session(now=now), volunteer or make_volunteer()
    office = Actor.office(make_coordinator())
    trainings.invite(session.pk, volunteers=[volunteer.pk], by=office, now=now)
    row = Participation.objects.get(session=session, volunteer=volunteer)
    answers = {"yes": trainings.take_place, "waiting": trainings.queue, "no": trainings.decline}
    if state in answers:
        answers[state](row.pk, by=Actor.volunteer(volunteer.pk), now=now)
        row.refresh_from_db()
    return row


def refresh(*volunteers: Volunteer) -> None:
    """Bring the cards that matching reads up to date."""
    cards.refresh([volunteer.pk for volunteer in volunteers])
    cards.refresh_pools()


def draft_of(when: DateTimeTZRange | None, *, languages: Sequence[str] = ("ar",), **values: Any) -> Draft:
    """What a member would fill in for this period."""
    return Draft(
        **{
            "topic": values.pop("topic", None) or make_topic(),
            "languages": tuple(make_language(code) for code in languages),
            "district": make_district(),
            "minutes": 60,
            "period": when,
            "place": "Marktplatz 1, Raum 12",
            "concern": "Untersuchung",
            "client_name": "Amina Beispiel",
            "client_phone": "02131 555 77",
            **values,
        }
    )


def make_assistance(
    *,
    by: Member | None = None,
    when: DateTimeTZRange | None = None,
    languages: Sequence[str] = ("ar",),
    now: datetime = NOW,
    **values: Any,
) -> AssistanceRequest:
    """A request filed by a member of an approved institution, so that it is open at once."""
    member = by or make_member()
    chosen = period() if when is None else when
    draft = draft_of(chosen, languages=languages, **values)
    return workflow.submit(
        draft, by=Actor.member(member.user), institution=member.institution, filed_by=member.user, now=now
    )


def make_own_request(
    *,
    when: DateTimeTZRange | None = None,
    languages: Sequence[str] = ("ar",),
    now: datetime = NOW,
    **values: Any,
) -> AssistanceRequest:
    """A request that a migrant filed alone, in Arabic; the office has not looked at it yet."""
    wants_call = values.get("wants_call", False)
    draft = Draft(
        **{
            "topic": values.pop("topic", None) or make_topic(),
            "languages": tuple(make_language(code) for code in languages),
            "district": make_district(),
            "minutes": 60,
            "period": None if wants_call else when or period(),
            "place": "" if wants_call else "Nebenweg 3",
            "client_name": "Amina Beispiel",
            "client_phone": "02131 555 77",
            "client_email": "amina@example.org",
            "client_language": "ar",
            "consent_language": "ar",
            **values,
        }
    )
    return workflow.submit(draft, by=NEWCOMER, institution=None, filed_by=None, now=now)


def make_offer(
    assistance: AssistanceRequest | None = None, volunteer: Volunteer | None = None, *, now: datetime = NOW
) -> Offer:
    """An offer that the office sent to one volunteer."""
    assistance = assistance or make_assistance()
    volunteer = volunteer or make_volunteer()
    user = assistance.responsible or make_coordinator()
    (offer,) = workflow.ask(
        assistance.pk, volunteers=[volunteer.pk], by=Actor.office(user), user=user, now=now
    )
    assistance.refresh_from_db()
    return offer


def make_agreed(
    assistance: AssistanceRequest | None = None, volunteer: Volunteer | None = None, *, now: datetime = NOW
) -> Assignment:
    """An appointment that a volunteer said yes to."""
    offer = make_offer(assistance, volunteer, now=now)
    agreed = workflow.accept(
        offer.pk, version=offer.assistance.version, by=Actor.volunteer(offer.volunteer_id), now=now
    )
    if assistance is not None:
        assistance.refresh_from_db()
    return agreed


def make_call(
    volunteer: Volunteer | None = None, assistance: AssistanceRequest | None = None, *, now: datetime = NOW
) -> Assignment:
    """A call that a volunteer said yes to, for somebody who asked without a date."""
    parent = assistance or make_own_request(wants_call=True, now=now)
    call = workflow.call_back(parent.pk, by=Actor.office(make_coordinator()), now=now)
    offer = make_offer(call, volunteer, now=now)
    time = call.proposals()[0].pk
    return workflow.accept(
        offer.pk, version=call.version, by=Actor.volunteer(offer.volunteer_id), now=now, time=time
    )


def make_interest(**values: Any) -> applications.Interest:
    """What somebody types who would like to help."""
    number = next(_numbers)
    return applications.Interest(
        **{
            "name": f"Mina Muster {number}",
            "email": f"mina{number}@example.org",
            "german": "c1",
            "languages": {make_language("ar"): 4},
            "availability": [ALL_DAY] * 7,
            **values,
        }
    )


def make_applicant(state: str = "received", *, now: datetime = NOW, **values: Any) -> Applicant:
    """Somebody who would like to help, led to a stage by the office's own verbs."""
    by = Actor.office(make_coordinator()) if state not in {"unconfirmed", "received"} else NEWCOMER
    applications.submit(make_interest(**values), now=now)
    row = Applicant.objects.latest("pk")
    if state != "unconfirmed":
        applications.confirm(row.pk, by=Actor.client(row.pk), now=now)
    if state == "interview":
        applications.invite_to_interview(row.pk, at=None, by=by, now=now)
    if state in {"papers", "training", "active"}:
        applications.ask_for_papers(row.pk, by=by, now=now)
    if state in {"training", "active"}:
        applications.begin_training(row.pk, by=by, now=now)
    if state == "active":
        Volunteer.objects.filter(application=row).update(undertaking_on=now.date())
        applications.activate(row.pk, by=by, now=now)
    if state == "waiting":
        applications.put_on_waiting_list(row.pk, by=by, now=now)
    if state == "declined":
        applications.decline(row.pk, reason="Noch zu wenig Deutsch.", by=by, now=now)
    if state == "withdrawn":
        applications.withdraw(row.pk, by=Actor.client(row.pk), now=now)
    row.refresh_from_db()
    return row
