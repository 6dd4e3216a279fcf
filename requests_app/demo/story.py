"""A year of the demo city: its people file, ask, answer, go and settle, each at their hour."""

from __future__ import annotations

import heapq
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from functools import partial
from random import Random
from typing import Final

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from lotsen_portal import audit, clock, outbox
from lotsen_portal.audit import Actor
from lotsen_portal.clock import WorkCalendar
from lotsen_portal.models import MailState, OutgoingMail, Programme, User
from requests_app import loads, mails, matching, workflow
from requests_app.demo import city as town
from requests_app.demo.city import City
from requests_app.demo.concerns import CANCELLATIONS, DECLINES, NOBODY_NOTE, NOTES, REJECTIONS
from requests_app.demo.endings import ASKED, CALLED_AFTER, Deed, Endings
from requests_app.demo.filing import CALL, FORGOTTEN, OVER, REFUSED, REJECT, REOPEN, STAR, Desk, Filing
from requests_app.demo.past import Post, in_digest
from requests_app.demo.people import VOLUNTEERS
from requests_app.demo.scenes import REQUESTS as STAGED
from requests_app.demo.scenes import Scenes
from requests_app.matching import Candidate
from requests_app.models import AssistanceRequest, Offer
from requests_app.states import UNANSWERED, OfferState, RequestState
from requests_app.workflow import NotPossible
from volunteers import cards

REQUESTS: Final = 150
ROUNDS: Final = 4
# When volunteers look at their mail.
WAKES, SLEEPS = 7, 21
BEST_KNOWN: Final = VOLUNTEERS[0].name
# Who alone is asked about a request that the story wants to wait.
WISHED: Final = {STAR: BEST_KNOWN, CALL: "Hatice Öztürk"}
# What the office decides soon after it came in, and how likely those it asks say yes.
SWIFT: Final = {STAR: 0.0, CALL: 0.0, REFUSED: 0.0, OVER: 1.0}
LIKELY: Final = 0.68
# Which mails of the last working day their server refuses: one of each.
BOUNCED: Final = (mails.ask_volunteer.__name__, mails.tell_confirmed.__name__)
REFUSAL: Final = "SMTPRecipientsRefused 550"
SOON: Final = timedelta(hours=3)


@transaction.atomic
def tell(seed: int, today: date, *, count: int = REQUESTS) -> None:
    """Make the city as it is when a Berlin date begins; the same seed and date make the same city.

    Everything before midnight has happened, its mail counts as sent, and no worker is called for it.
    """
    rng = Random(f"{seed} {today}")  # noqa: S311 - chance for a story, not for keys
    until = datetime.combine(today, datetime.min.time(), clock.TZ).astimezone(UTC)
    city = town.found(rng, today)
    calendar = clock.work_calendar()
    story = Story(city, rng, calendar, until)
    for filing in Desk(city, rng, calendar, today).filings(count - STAGED):
        story.plan(filing.at, partial(story.file, filing))
    scenes = Scenes(city, calendar, today, story.plan)
    scenes.set_up()
    with Programme.held():  # thousands of deeds ask for it, and it stays as it is
        story.play()
    scenes.close(until)
    loads.settle(None, now=until)
    cards.refresh_pools()
    # Each mail asked for a worker at commit; the mails of the past need none.
    connection.run_on_commit.clear()


class Story:
    """The agenda of the city: deeds at their moments, each of which may plan further ones."""

    def __init__(self, city: City, rng: Random, calendar: WorkCalendar, until: datetime) -> None:
        self.city, self.rng, self.calendar, self.until = city, rng, calendar, until
        self.agenda: list[tuple[datetime, int, Deed]] = []
        self.planned = 0
        self.rounds: dict[int, int] = {}
        self.searching: set[int] = set()
        self.post = Post()
        self.newest = 0
        self.refused = set(BOUNCED)
        self.tags: dict[int, str] = {}
        self.endings = Endings(rng, self.plan, self._officer)
        last_day = calendar.working_days_before(clock.local(until).date(), 1)
        self.last_day = datetime.combine(last_day, datetime.min.time(), clock.TZ)
        self.last_noon = self.last_day.replace(hour=12)

    def plan(self, when: datetime, deed: Deed) -> None:
        """Put a deed on the agenda; what would be after the story's end does not happen."""
        if when < self.until:
            self.planned += 1
            heapq.heappush(self.agenda, (when, self.planned, deed))

    def play(self) -> None:
        """Let everything happen in its order; what is not possible any more is left undone, as in life."""
        while self.agenda:
            when, _number, deed = heapq.heappop(self.agenda)
            with suppress(NotPossible):
                deed(when)
            self._post(when)
        self.post.close()

    # The institution

    def file(self, filing: Filing, now: datetime) -> None:
        by = Actor.member(filing.user) if filing.user else Actor.office(self._officer())
        assistance = workflow.submit(
            filing.draft, by=by, institution=filing.institution, filed_by=filing.user, now=now
        )
        self.tags[assistance.pk] = filing.tag
        self._end_in_time(assistance)
        if filing.institution is None:
            self._confirm_on_the_phone(now)
        self.plan(self._at_the_office(filing.ends, 1, 7), partial(self.clear, assistance.pk))
        if filing.tag == FORGOTTEN:
            return
        soonest, latest = (9, 22) if assistance.state == RequestState.NEW else (0.3, 6)
        latest = 2 if filing.tag in SWIFT else latest
        self.plan(self._at_the_office(now, soonest, latest), partial(self.decide, assistance.pk))
        if filing.tag == "" and self.rng.random() < 0.04:
            self.plan(self._at_the_office(now, 3, 20), partial(self.cancel, assistance.pk))

    def _confirm_on_the_phone(self, now: datetime) -> None:
        """Whoever asks by telephone hears in the same call that the request is noted."""
        for mail in OutgoingMail.objects.filter(pk__gt=self.newest, state=MailState.PHONE):
            outbox.mark_phoned(mail, self._officer(), now)

    def cancel(self, number: int, now: datetime) -> None:
        assistance = AssistanceRequest.objects.select_related("filed_by").get(pk=number)
        workflow.cancel(
            number, reason=self.rng.choice(CANCELLATIONS), by=self._requester(assistance), now=now
        )

    def move(self, number: int, now: datetime) -> None:
        """The appointment moves by some working days; whoever agreed is asked again."""
        assistance = self._read(number)
        if (
            assistance.state != RequestState.CONFIRMED
            or assistance.starts is None
            or assistance.district is None
        ):
            return
        old = clock.local(assistance.starts)
        day = self.calendar.working_days_after(old.date(), self.rng.randrange(1, 6))
        start = clock.wall_time(day, old.time())
        change = workflow.Change(
            period=DateTimeTZRange(start, start + timedelta(minutes=assistance.minutes)),
            mode=assistance.mode,
            district=assistance.district,
            place=assistance.place,
            languages=tuple(row.language for row in assistance.languages.select_related("language")),
        )
        workflow.change(number, change, version=assistance.version, by=self._requester(assistance), now=now)
        self._post(now)
        self._end_in_time(self._read(number))
        for offer in assistance.offers.filter(state=OfferState.PENDING.value):
            self._expect(offer, now, yes=0.85)

    # The office

    def decide(self, number: int, now: datetime) -> None:
        """The office opens a request, lets it in or not, and begins to search."""
        assistance = self._read(number)
        if assistance.is_final:
            return
        officer = self._officer()
        by = Actor.office(officer)
        audit.opened(by, kind="assistance", number=number, what="page", at=now)
        if self.tags[number] == REJECT:
            rule, reason = self.rng.choice(REJECTIONS)
            workflow.reject(number, rule=rule, reason=reason, by=by, now=now)
            return
        if assistance.state == RequestState.NEW:
            workflow.approve(number, by=by, now=now)
        if self.rng.random() < 0.85:
            workflow.take_charge(number, responsible=officer, by=by, now=now)
        if self.rng.random() < 0.2:
            workflow.note(number, text=self.rng.choice(NOTES), author=officer, by=by, now=now)
        self.search(number, now)

    def search(self, number: int, now: datetime) -> None:
        """The office asks one or several of the best candidates, or sees that there are none."""
        self.searching.discard(number)
        assistance = self._read(number)
        if assistance.state != RequestState.OPEN or assistance.starts is None:
            return
        officer = assistance.responsible or self._officer()
        self.rounds[number] = self.rounds.get(number, 0) + 1
        if self.rounds[number] > ROUNDS or assistance.starts - now < SOON:
            self.give_up(number, now)
            return
        day = clock.local(now).date()
        pool = [
            candidate
            for candidate in matching.candidates(assistance, now=now)
            if self.city.since[candidate.volunteer.pk] <= day
        ]
        if not pool:
            self._find_nobody(assistance, officer, now)
            return
        chosen = sorted(self._choose(pool, self.tags[number]))
        workflow.ask(number, volunteers=chosen, by=Actor.office(officer), user=officer, now=now)
        self._post(now)
        offers = list(assistance.offers.filter(asked_at=now).order_by("pk"))
        for offer in offers:
            if self.tags[number] == REFUSED:
                self.plan(self.last_day.replace(hour=19), partial(self.answer, offer.pk, yes=False))
            else:
                self._expect(offer, now, yes=SWIFT.get(self.tags[number], LIKELY))
        if len(offers) > 1 and self.rng.random() < 0.2:
            self.plan(self._at_the_office(now, 1, 5), partial(self.withdraw, offers[-1].pk))

    def _choose(self, pool: list[Candidate], tag: str) -> list[int]:
        numbers = [candidate.volunteer.pk for candidate in pool[:5]]
        wish = WISHED.get(tag, BEST_KNOWN)
        known = [candidate.volunteer.pk for candidate in pool if candidate.volunteer.name == wish]
        if known and tag in WISHED:
            return known
        many = min(len(numbers), self.rng.choices([1, 2, 3], weights=[60, 27, 13])[0])
        chosen = self.rng.sample(numbers, many)
        if known and self.rng.random() < 0.5:
            chosen = list(dict.fromkeys([*known, *chosen]))[:many]
        return chosen

    def _find_nobody(self, assistance: AssistanceRequest, officer: User, now: datetime) -> None:
        by = Actor.office(officer)
        workflow.note(assistance.pk, text=NOBODY_NOTE, author=officer, by=by, now=now)
        last = self.calendar.working_days_before(clock.local(assistance.period.lower).date(), 2)
        when = max(self._at_the_office(now, 2, 10), clock.wall_time(last, self.calendar.day_begins))
        self.plan(when, partial(self.give_up, assistance.pk))

    def give_up(self, number: int, now: datetime) -> None:
        workflow.give_up(number, by=Actor.office(self._officer()), now=now)
        if self.tags[number] == REOPEN:
            self.plan(self._at_the_office(now, 0.2, 1), partial(self.reopen, number))

    def clear(self, number: int, now: datetime) -> None:
        """An appointment passed for which nobody was found: the office ends the request."""
        assistance = self._read(number)
        if assistance.state in {RequestState.OPEN, RequestState.OFFERED} and assistance.period.upper <= now:
            workflow.give_up(number, by=Actor.office(self._officer()), now=now)

    def reopen(self, number: int, now: datetime) -> None:
        reason = "Eine Lotsin hat sich doch noch gemeldet."
        workflow.reopen(number, reason=reason, by=Actor.office(self._officer()), now=now)
        self.rounds[number] = 0
        self._end_in_time(self._read(number))
        self.search(number, now)

    def withdraw(self, offer: int, now: datetime) -> None:
        workflow.withdraw_offer(offer, by=Actor.office(self._officer()), now=now)
        self._search_on(Offer.objects.get(pk=offer).assistance_id, now)

    def _end_in_time(self, assistance: AssistanceRequest) -> None:
        """Whatever the office forgets, the clock says in time that nobody was found."""
        if assistance.search_ends_at is not None:
            self.plan(assistance.search_ends_at, self.end_searches)

    def end_searches(self, now: datetime) -> None:
        workflow.give_up_searches(now)

    def call(self, mail: int, now: datetime) -> None:
        """The office phones somebody who has no address."""
        outbox.drop_needless_calls(now)
        row = OutgoingMail.objects.get(pk=mail)
        if row.state != MailState.PHONE:
            return
        outbox.mark_phoned(row, self._officer(), now)
        if row.name == mails.ask_volunteer.__name__:
            self._expect(Offer.objects.get(pk=row.ids["offer"]), now, yes=0.75)

    # The volunteer

    def answer(self, number: int, now: datetime, *, yes: bool) -> None:
        offer = Offer.objects.select_related("volunteer", "assistance").get(pk=number)
        phoned = not offer.volunteer.email or self.rng.random() < 0.08
        by = Actor.office(self._officer()) if phoned else Actor.volunteer(offer.volunteer_id)
        assistance = offer.assistance
        if not yes:
            workflow.decline(number, reason=self.rng.choice(DECLINES), by=by, now=now)
            self._search_on(assistance.pk, now)
            return
        workflow.accept(number, version=assistance.version, by=by, now=now)
        if not phoned:
            audit.opened(by, kind="assistance", number=assistance.pk, what="client", at=now)
        self._look_ahead(assistance, now)

    def step_down(self, number: int, now: datetime) -> None:
        live = self._read(number).assignments.live().first()
        if live is not None:
            workflow.step_down(number, by=Actor.volunteer(live.volunteer_id), now=now)
            self._end_in_time(self._read(number))
            self._search_on(number, now)

    def expire(self, number: int, now: datetime) -> None:
        workflow.expire_offers(now)
        self._search_on(number, now)

    # What follows

    def _look_ahead(self, assistance: AssistanceRequest, now: datetime) -> None:
        """Plan what becomes of an agreed appointment."""
        if self.tags[assistance.pk] == OVER:
            self.endings.differ(assistance)
            return
        starts, ends = assistance.period.lower, assistance.period.upper
        between = now + (starts - now) * self.rng.uniform(0.1, 0.8)
        fate = self.rng.random()
        change = self.cancel if fate < 0.07 else self.move if fate < 0.12 else self.step_down
        if fate < 0.16:
            self.plan(self._at_the_office(between, 0.1, 1), partial(change, assistance.pk))
        self.endings.expect(assistance, noted=self._at_the_office(ends, 0.5, 15))

    def _expect(self, offer: Offer, now: datetime, *, yes: float) -> None:
        """Plan a volunteer's answer: `yes` is how likely it is; one in six does not answer at all."""
        if offer.deadline is None or offer.assistance_id not in self.tags:
            return  # the scenes know their own answers
        self.plan(offer.deadline + timedelta(minutes=1), partial(self.expire, offer.assistance_id))
        spans = [(0.1, 3.0), (3.0, 14.0), (14.0, 40.0)]
        when = self._awake(now + timedelta(hours=self.rng.uniform(*self.rng.choice(spans))))
        fate = self.rng.random()
        if when > self.last_noon:
            if self.rng.random() < 0.5:
                return  # whoever is asked late leaves it until the office works again
            yes *= 0.7
        if fate < yes or (yes and fate < 0.84):
            self.plan(when, partial(self.answer, offer.pk, yes=fate < yes))

    def _search_on(self, number: int, now: datetime) -> None:
        """Plan the next round once nobody is left who could answer."""
        open_again = AssistanceRequest.objects.filter(pk=number, state=RequestState.OPEN.value)
        if number not in self.searching and open_again.exclude(offers__state__in=UNANSWERED).exists():
            self.searching.add(number)
            self.plan(self._at_the_office(now, 0.5, 6), partial(self.search, number))

    def _post(self, now: datetime) -> None:
        """Send what was written since, refuse what the story wants refused, plan reminders and calls."""
        for mail in OutgoingMail.objects.filter(pk__gt=self.newest).order_by("pk"):
            self.newest = mail.pk
            if mail.state == MailState.PHONE and mail.name in ASKED:
                self.plan(mail.due_at + CALLED_AFTER, partial(self.call, mail.pk))
            elif mail.state == MailState.PHONE:
                # On the last afternoon nobody got round to the telephone.
                when = self._at_the_office(max(mail.due_at, now), 0.2, 5)
                if when < self.last_noon:
                    self.plan(when, partial(self.call, mail.pk))
            elif mail.due_at > now:
                self.plan(mail.due_at, partial(self._remind, mail))
            elif now >= self.last_day and mail.name in self.refused:
                self.refused.remove(mail.name)
                self.post.refuse(mail, REFUSAL)
            else:
                self.post.deliver(mail)

    def _remind(self, mail: OutgoingMail, now: datetime) -> None:
        self.post.deliver(mail)
        for offer in in_digest(mail):
            self._expect(offer, now, yes=0.6)

    # Who and when

    def _officer(self) -> User:
        return self.rng.choices(self.city.coordinators, weights=[5, 4, 2])[0]

    def _requester(self, assistance: AssistanceRequest) -> Actor:
        filer = assistance.filed_by
        return Actor.member(filer) if filer else Actor.office(self._officer())

    def _read(self, number: int) -> AssistanceRequest:
        related = ("topic", "district", "institution", "filed_by", "responsible")
        return AssistanceRequest.objects.select_related(*related).get(pk=number)

    def _at_the_office(self, after: datetime, soonest: float, latest: float) -> datetime:
        """A moment of the office's working time, so many working hours later."""
        return self.calendar.add_working_hours(after, self.rng.uniform(soonest, latest))

    def _awake(self, moment: datetime) -> datetime:
        wall = clock.local(moment)
        if WAKES <= wall.hour < SLEEPS:
            return moment
        morning = wall.date() + timedelta(days=wall.hour >= SLEEPS)
        start = datetime.combine(morning, datetime.min.time(), clock.TZ).replace(hour=WAKES)
        return start.astimezone(UTC) + timedelta(minutes=self.rng.randrange(0, 120))
