"""People who would like to help in the demo city: one or two at every stage of the road, all invented."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from typing import Final

from lotsen_portal import audit, clock
from lotsen_portal.audit import Actor
from lotsen_portal.models import User
from requests_app.demo.city import MOBILE, NO_PASSWORD, City, availability, plain
from requests_app.demo.people import TOPIC_LETTERS
from volunteers.models import Application, Volunteer
from volunteers.recruitment import applications

Deed = Callable[[datetime], None]
Plan = Callable[[datetime, Deed], None]


@dataclass(frozen=True)
class Hopeful:
    """Somebody who applied so many days ago; `steps` are the office's moves with their days, oldest first."""

    name: str
    days: int
    tongues: str
    topics: str
    why: str = ""
    german: str = "c1"
    rhythm: str = "evenings"
    page: str = "de"
    mail: bool = True
    confirms: bool = True
    steps: tuple[tuple[str, int], ...] = ()


HOPEFULS: Final = (
    Hopeful("Mariam Sesay", 1, "en4 ff3", "GS", "Ich möchte etwas zurückgeben."),
    Hopeful("Anton Melnyk", 2, "uk4 ru4", "BA", "Mir hat 2022 auch jemand geholfen.", page="uk"),
    Hopeful("Rania Kassem", 4, "ar4 fr2", "GE", german="b2", mail=False, rhythm="mornings"),
    Hopeful("Paolo Ricci", 3, "it4", "F", confirms=False),
    Hopeful("Zeynep Aksoy", 12, "tr4 kmr3", "GBE", "Als Kinderkrankenschwester kenne ich die Kliniken.",
            rhythm="afternoons", steps=(("interview", 9),)),
    Hopeful("Dawit Tesfaye", 16, "ti4 am3", "AS", "Ich dolmetsche schon für meine Nachbarn.",
            steps=(("interview", 13), ("note", 6), ("papers", 5))),
    Hopeful("Hoa Tran", 40, "vi4", "GB", "", german="native",
            steps=(("interview", 36), ("papers", 30), ("training", 10))),
    Hopeful("Ewa Nowak", 25, "pl4", "S", "Ich bin im Ruhestand und habe Zeit.", rhythm="mornings",
            steps=(("interview", 22), ("waiting", 20))),
    Hopeful("Oumar Diallo", 90, "ff4 fr4", "GAS", "Ich weiß, wie fremd ein Amt am Anfang ist.",
            steps=(("interview", 84), ("papers", 75), ("training", 60), ("active", 30))),
    Hopeful("Boris Lind", 30, "ru4", "F", "", german="b2", steps=(("interview", 26), ("declined", 21))),
    Hopeful("Leila Amiri", 20, "fa4 prs4", "E", "", steps=(("withdrawn", 15),)),
)  # fmt: skip
TALK: Final = "Sehr freundlich, übt das Zuhören. Führungszeugnis ist beantragt."
REASON: Final = "Sie suchen eine bezahlte Stelle. Bei uns ist die Arbeit ehrenamtlich."


class Applicants:
    """Plans how people come on board; `ago` gives a moment so many working days before today."""

    def __init__(self, city: City, plan: Plan, ago: Callable[[int, time], datetime]) -> None:
        self.city, self.plan, self.ago = city, plan, ago
        self.officer: User = city.coordinators[0]
        self.office = Actor.office(self.officer)
        self.numbers: dict[str, int] = {}

    def set_up(self) -> None:
        """Put everything on the agenda."""
        for position, hopeful in enumerate(HOPEFULS):
            asked = self.ago(hopeful.days, time(7 + position % 3, 11 + position))
            self.plan(asked, partial(self._apply, hopeful, position))
            for step, days in hopeful.steps:
                self.plan(self.ago(days, time(14, 5 + position)), partial(self._lead, hopeful, step))

    def _apply(self, hopeful: Hopeful, position: int, now: datetime) -> None:
        city = self.city
        applications.submit(
            applications.Interest(
                name=hopeful.name,
                email=f"{plain(hopeful.name)}@post.example" if hopeful.mail else "",
                phone=MOBILE.format(80 + position),
                german=hopeful.german,
                languages={city.languages[word[:-1]]: int(word[-1]) for word in hopeful.tongues.split()},
                topics=[city.topics[TOPIC_LETTERS[letter]] for letter in hopeful.topics],
                availability=availability(hopeful.rhythm),
                why=hopeful.why,
                language=hopeful.page,
            ),
            now=now,
        )
        number = Application.objects.latest("pk").pk
        self.numbers[hopeful.name] = number
        if hopeful.confirms:
            applications.confirm(number, by=Actor.client(number), now=now)

    def _lead(self, hopeful: Hopeful, step: str, now: datetime) -> None:
        number, by = self.numbers[hopeful.name], self.office
        audit.opened(by, kind=applications.APPLICATION, number=number, what="page", at=now)
        match step:
            case "interview":
                applications.take_charge(number, user=self.officer, by=by, now=now)
                applications.invite_to_interview(number, at=None, by=by, now=now)
            case "note":
                applications.note(number, text=TALK, author=self.officer, by=by, now=now)
            case "papers":
                applications.ask_for_papers(number, by=by, now=now)
            case "training":
                applications.begin_training(number, by=by, now=now)
            case "active":
                today = clock.local(now).date()
                Volunteer.objects.filter(application=number).update(undertaking_on=today)
                applications.activate(number, by=by, now=now)
                person = Volunteer.objects.get(application=number)
                # Nobody has asked the newcomer yet, so that the rest of the year stays as it is told.
                self.city.since[person.pk] = date.max
                User.objects.filter(volunteer=person).update(password=NO_PASSWORD)
            case "waiting":
                applications.put_on_waiting_list(number, by=by, now=now)
            case "declined":
                applications.decline(number, reason=REASON, by=by, now=now)
            case _:
                applications.withdraw(number, by=Actor.client(number), now=now)
