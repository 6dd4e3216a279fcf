"""Scenes of the demo city that a visitor should find every day, on fixed working days before today.

They are deeds on the story's agenda like all others, without dice: chance decides nothing here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Final

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from lotsen_portal import audit, clock, outbox
from lotsen_portal.audit import Actor
from lotsen_portal.clock import WorkCalendar
from lotsen_portal.models import MailState, OutgoingMail, User
from requests_app import mails, matching, recurrence, registrations, workflow
from requests_app.demo.applicants import Applicants
from requests_app.demo.city import LANDLINE, City
from requests_app.demo.endings import Deed
from requests_app.demo.roles import Part
from requests_app.models import (
    AssistanceRequest,
    CampaignKind,
    GroupKind,
    Institution,
    Offer,
    Outcome,
    Registration,
)
from requests_app.recurrence import Rhythm, Series
from requests_app.states import OfferState
from requests_app.workflow import Draft, Plan

# How many requests the scenes make, whatever the day.
REQUESTS: Final = 18
SERIES_DATES: Final = 4
# Places in the list of houses.
SERIES_HOUSE, EVENT_HOUSE = 6, 15
# How long the clock of the scenes goes before today, in working days.
CLOCK_DAYS: Final = 6
HOURS: Final = range(8, 19)
UNKNOWN_ADDRESS: Final = "5.1.1"


class Scenes:
    """Puts the scenes on the story's agenda by `plan`; `close` adds what the post brings back."""

    def __init__(
        self, city: City, calendar: WorkCalendar, today: date, plan: Callable[[datetime, Deed], None]
    ) -> None:
        self.city, self.calendar, self.today, self.plan = city, calendar, today, plan
        self.officer = city.coordinators[0]
        self.office = Actor.office(self.officer)
        self.scenes: dict[str, int] = {}

    def set_up(self) -> None:
        """Plan them all."""
        self._persons()
        self._house_registers()
        self._groups()
        self._searches()
        self._afterwards()
        Applicants(self.city, self.plan, self._ago).set_up()
        for day in range(1, CLOCK_DAYS + 1):
            for hour in HOURS:
                self.plan(self._ago(day, time(hour, 59)), self._clock_ticks)

    def close(self, now: datetime) -> None:
        """The answer to one of the persons comes back, since the address does not exist."""
        wrong = OutgoingMail.objects.filter(
            function__endswith=f".{mails.tell_confirmed.__name__}",
            state=MailState.SENT,
            ids__assistance=self.scenes.get("confirmed", 0),
        ).first()
        if wrong is not None:
            outbox.come_back(wrong.pk, UNKNOWN_ADDRESS, now)

    def _clock_ticks(self, now: datetime) -> None:
        workflow.expire_offers(now)
        workflow.carry_on_campaigns(now)

    # Whoever asks alone

    def _persons(self) -> None:
        waits = Part("Huda Jaber", 601, "ar", "S", "رسالة من شركة الكهرباء لا أفهمها.", mail="huda.jaber")
        self.plan(self._ago(1, time(16, 20)), partial(self._ask_alone, "waits", waits, ahead=9))
        calls = Part("Mustafa Koç", 602, "tr", "G", "Göz doktoru için randevu istiyorum.")
        self._want_a_call("calls", calls, ("morning", "evening"))
        confirmed = Part("Olena Rudenko", 603, "uk", "B", "Запис дитини до школи.", mail="olena.rudenko")
        self.plan(self._ago(5, time(9, 10)), partial(self._ask_alone, "confirmed", confirmed, ahead=8))
        done = Part("Larissa Wolkow", 604, "ru", "A", "Ich verstehe meinen Arbeitsvertrag nicht.",
                    page="de", mail="larissa.wolkow")  # fmt: skip
        self.plan(self._ago(14, time(10, 30)), partial(self._ask_alone, "done", done, ahead=9))
        for name, days in (("confirmed", 5), ("done", 14)):
            self.plan(self._ago(days, time(11, 15)), partial(self._let_in, name))
            self.plan(self._ago(days, time(11, 20)), partial(self._ask_best, name))
            self.plan(self._ago(days - 1, time(18, 5)), partial(self._say_yes, name))
        for side, hour in (("volunteer", 14), ("client", 17)):
            self.plan(self._ago(4, time(hour, 10)), partial(self._tell, "done", side))
        called = Part("Bilal Hamdan", 605, "ar", "E", "أحتاج مساعدة في حديث مع الحضانة.")
        self._want_a_call("called", called, ("afternoon",))
        self.plan(self._ago(1, time(9, 40)), self._have_called)
        self.plan(self._ago(1, time(9, 45)), partial(self._ask_best, "callback"))
        self.plan(self._ago(1, time(18, 30)), partial(self._say_yes, "callback"))
        phone = Part("Emine Polat", 606, "tr", "S", "Versteht einen Bescheid der Familienkasse nicht.")
        self.plan(self._ago(1, time(14, 35)), partial(self._take_by_phone, phone))

    def _want_a_call(self, name: str, part: Part, times: tuple[str, ...]) -> None:
        self.plan(self._ago(3, time(19, 5)), partial(self._ask_alone, name, part, call_times=times))
        self.plan(self._ago(2, time(9, 30)), partial(self._let_in, name))

    def _ask_alone(
        self, name: str, part: Part, now: datetime, *, ahead: int = 0, call_times: tuple[str, ...] = ()
    ) -> None:
        period = self._period(now, ahead, time(13, 0)) if ahead else None
        draft = part.draft(self.city, period=period, call_times=call_times)
        filed = workflow.submit(draft, by=audit.NEWCOMER, institution=None, filed_by=None, now=now)
        self.scenes[name] = filed.pk

    def _let_in(self, name: str, now: datetime) -> None:
        number = self.scenes[name]
        audit.opened(self.office, kind="assistance", number=number, what="page", at=now)
        workflow.approve(number, by=self.office, now=now)
        workflow.take_charge(number, responsible=self.officer, by=self.office, now=now)

    def _have_called(self, now: datetime) -> None:
        self.scenes["callback"] = workflow.call_back(self.scenes["called"], by=self.office, now=now).pk

    def _take_by_phone(self, part: Part, now: datetime) -> None:
        draft = part.draft(self.city, period=self._period(now, 7, time(9, 30)), spoken=True)
        workflow.submit(draft, by=self.office, institution=None, filed_by=None, now=now)

    # Houses

    def _house_registers(self) -> None:
        self.plan(self._ago(2, time(10, 50)), self._register)

    def _register(self, now: datetime) -> None:
        registrations.register(
            registrations.Application(
                name="Familienzentrum Stadtwald",
                kind="education",
                street="Nordkanalallee 78",
                postcode="41464",
                city="Neuss",
                district=self.city.districts["Stadionviertel"],
                phone=LANDLINE.format(690),
                contact_name="Ruth Averbeck",
                email="ruth.averbeck@familienzentrum-stadtwald.example",
                message="Wir begleiten viele Familien aus Syrien und der Ukraine.",
            ),
            now=now,
        )
        row = Registration.objects.latest("pk")
        self.plan(now + timedelta(minutes=25), partial(self._confirm, row.pk))

    def _confirm(self, number: int, now: datetime) -> None:
        registrations.confirm(number, now=now)

    def _groups(self) -> None:
        self.plan(self._ago(2, time(8, 40)), self._file_series)
        for position in range(SERIES_DATES - 1):
            name = f"series {position}"
            # First two dates, and when these are agreed the next ones: the Lotsin reads them in one mail.
            asked, hour = (2, 10) if position < SERIES_DATES // 2 else (1, 15)
            self.plan(self._ago(asked, time(hour, position)), partial(self._ask_best, name, whom="series"))
            if position < SERIES_DATES // 2:
                self.plan(self._ago(2, time(18, 40 + position)), partial(self._say_yes, name))
        self.plan(self._ago(2, time(12, 15)), self._file_event)
        self.plan(self._ago(2, time(14, 0)), partial(self._ask_best, "event 0"))
        self.plan(self._ago(1, time(17, 30)), partial(self._say_yes, "event 0"))
        self.plan(self._ago(2, time(11, 30)), self._file_alternatives)
        self.plan(self._ago(1, time(14, 20)), partial(self._ask_best, "alternatives"))

    def _file_series(self, now: datetime) -> None:
        part = Part("Rahel Berhe", 607, "ti", "S", "Beratung nach der Ankunft, jede Woche eine Stunde.")
        first = self.calendar.working_days_after(self.today, 4)
        series = Series(first=first, begin=time(11), minutes=60, rhythm=Rhythm.WEEKLY, times=SERIES_DATES)
        found = recurrence.occasions(series, school=[])
        periods = [on.period for on in found if on.period and self.calendar.is_working_day(on.day)]
        place = self._house(SERIES_HOUSE)[0].address
        drafts = [part.draft(self.city, period=period, place=place) for period in periods]
        self._file_several(
            "series", drafts, SERIES_HOUSE, GroupKind.SERIES, now, recurrence.rule(series, found)
        )

    def _file_event(self, now: datetime) -> None:
        period = self._period(now, 10, time(15, 30))
        place = self._house(EVENT_HOUSE)[0].address
        parts = [Part("", 0, tongue, "B", "Elternabend der zweiten Klassen.") for tongue in ("ro", "uk")]
        drafts = [part.draft(self.city, period=period, place=place) for part in parts]
        self._file_several("event", drafts, EVENT_HOUSE, GroupKind.EVENT, now)

    def _file_several(
        self, name: str, drafts: list[Draft], house: int, kind: str, now: datetime, rule: str = ""
    ) -> None:
        institution, user = self._house(house)
        filed = workflow.submit_several(
            drafts,
            kind=kind,
            rule=rule,
            by=Actor.member(user),
            institution=institution,
            filed_by=user,
            now=now,
        )
        self.scenes |= {f"{name} {place}": row.pk for place, row in enumerate(filed)}

    def _file_alternatives(self, now: datetime) -> None:
        part = Part("Drita Gashi", 608, "sq", "E", "Gespräch mit den Eltern, drei Termine sind möglich.")
        times = tuple(self._period(now, ahead, time(9, 30)) for ahead in (7, 8, 10))
        self._file("alternatives", part, 8, now, proposed=times)

    # Searches

    def _searches(self) -> None:
        running = Part("Nadia Saleh", 609, "ar", "G", "Untersuchung vor der Einschulung.")
        empty = Part("Thu Hoang", 610, "vi", "B", "Anmeldung zum Integrationskurs.")
        choose = Part("Igor Fedorow", 611, "ru", "S", "Wohngeld: Es fehlen noch Unterlagen.")
        for days, name, part, house in (
            (2, "running", running, 3), (4, "empty", empty, 6), (3, "choose", choose, 2),
        ):  # fmt: skip
            self.plan(self._ago(days, time(8, 25)), partial(self._file, name, part, house, ahead=days + 6))
        cascade = Plan(kind=CampaignKind.CASCADE, size=1, interval_hours=8, needs_choice=False)
        wave = Plan(kind=CampaignKind.WAVE, size=3, interval_hours=16, needs_choice=True, enough=2)
        self.plan(self._ago(1, time(14, 50)), partial(self._search, "running", cascade))
        self.plan(self._ago(4, time(9, 50)), partial(self._search, "empty", cascade))
        for days in (3, 2, 1):
            self.plan(self._ago(days, time(13, 20)), partial(self._say_no, "empty"))
        self.plan(self._ago(1, time(8, 50)), partial(self._search, "choose", wave))
        self.plan(self._ago(1, time(12, 40)), partial(self._be_willing, "choose"))

    def _search(self, name: str, plan: Plan, now: datetime) -> None:
        workflow.take_charge(self.scenes[name], responsible=self.officer, by=self.office, now=now)
        people = self._candidates(name, now)
        workflow.start_campaign(
            self.scenes[name], plan, volunteers=people, by=self.office, user=self.officer, now=now
        )

    # What was

    def _afterwards(self) -> None:
        """An appointment after which the Lotse has something to tell, and somebody has to call."""
        part = Part("Maria Popa", 612, "ro", "F", "Anerkennung eines Abschlusses als Erzieherin.")
        self.plan(self._ago(9, time(9, 5)), partial(self._file, "talk", part, 4, ahead=8))
        self.plan(self._ago(9, time(10, 30)), partial(self._ask_best, "talk"))
        self.plan(self._ago(8, time(17, 45)), partial(self._say_yes, "talk"))
        self.plan(self._ago(1, time(15, 30)), partial(self._tell, "talk", "volunteer", wants_call=True))

    def _tell(self, name: str, side: str, now: datetime, *, wants_call: bool = False) -> None:
        record = AssistanceRequest.objects.get(pk=self.scenes[name])
        live = record.assignments.live().get()
        by = Actor.volunteer(live.volunteer_id) if side == "volunteer" else Actor.client(record.pk)
        workflow.report(
            live.pk, outcome=Outcome.TOOK_PLACE, minutes=60, wants_call=wants_call, by=by, now=now
        )

    # Who asks whom

    def _file(
        self,
        name: str,
        part: Part,
        house: int,
        now: datetime,
        *,
        ahead: int = 0,
        proposed: tuple[DateTimeTZRange, ...] = (),
    ) -> None:
        institution, user = self._house(house)
        period = self._period(now, ahead, time(10, 0)) if ahead else None
        draft = part.draft(self.city, period=period, proposed=proposed, place=institution.address)
        filed = workflow.submit(draft, by=Actor.member(user), institution=institution, filed_by=user, now=now)
        self.scenes[name] = filed.pk

    def _house(self, place: int) -> tuple[Institution, User]:
        _house, institution, users = self.city.houses[place]
        return institution, users[0]

    def _candidates(self, name: str, now: datetime) -> list[int]:
        record = AssistanceRequest.objects.get(pk=self.scenes[name])
        return [found.volunteer.pk for found in matching.candidates(record, now=now)]

    def _ask_best(self, name: str, now: datetime, *, whom: str = "") -> None:
        """Ask the best candidate; of the requests of `whom` the one who was asked about the first of them."""
        people = self._candidates(name, now)
        known = self.scenes.get(f"{whom} asked", 0) if whom else 0
        best = known if known in people else people[0] if people else 0
        if not best:
            return
        if whom:
            self.scenes[f"{whom} asked"] = best
        workflow.ask(self.scenes[name], volunteers=[best], by=self.office, user=self.officer, now=now)

    def _pending(self, name: str) -> Iterable[Offer]:
        offers = Offer.objects.filter(assistance=self.scenes[name], state=OfferState.PENDING.value)
        return offers.select_related("assistance").order_by("pk")[:1]

    def _say_yes(self, name: str, now: datetime) -> None:
        for offer in self._pending(name):
            record, by = offer.assistance, Actor.volunteer(offer.volunteer_id)
            chosen = None if record.period else record.proposals()[-1].pk
            workflow.accept(offer.pk, version=record.version, by=by, now=now, time=chosen)

    def _say_no(self, name: str, now: datetime) -> None:
        for offer in self._pending(name):
            by = Actor.volunteer(offer.volunteer_id)
            workflow.decline(offer.pk, reason="Diese Woche schaffe ich es nicht.", by=by, now=now)

    def _be_willing(self, name: str, now: datetime) -> None:
        for offer in self._pending(name):
            by = Actor.volunteer(offer.volunteer_id)
            workflow.be_willing(offer.pk, version=offer.assistance.version, by=by, now=now)

    # When

    def _ago(self, days: int, wall: time) -> datetime:
        return clock.wall_time(self.calendar.working_days_before(self.today, days), wall).astimezone(UTC)

    def _period(self, now: datetime, ahead: int, wall: time, minutes: int = 60) -> DateTimeTZRange:
        """An appointment so many working days later."""
        start = clock.wall_time(self.calendar.working_days_after(clock.local(now).date(), ahead), wall)
        return DateTimeTZRange(start, start + timedelta(minutes=minutes))
