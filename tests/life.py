"""A town in which anybody may do anything at any moment, for the property tests of `test_life.py`.

The machine calls the verbs of `workflow` as the pages do, lets the clock run, delivers mail and phones whom
the office has to phone. After each step it asks the database whether all is as it must be.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.message import Message as Parsed
from email.utils import getaddresses
from smtplib import SMTPRecipientsRefused
from typing import Any, Final

import icalendar
from django.core import mail as sent_mail
from django.core.mail.backends import locmem
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from lotsen_portal import clock, outbox
from lotsen_portal.audit import Actor, ActorKind
from lotsen_portal.models import MailState, OutgoingMail
from requests_app import mails, workflow
from requests_app.models import Assignment, AssistanceRequest, Campaign, CampaignKind, Mode, Offer, Wish
from requests_app.states import (
    LIVE,
    SEARCHING,
    UNANSWERED,
    AssignmentState,
    OfferState,
    RequestState,
)
from requests_app.workflow import NotPossible, Plan
from tests import factories, plans
from tests.factories import NOW, make_district, make_language
from volunteers.models import Volunteer

MOST: Final = 5
# Until the clock has looked: its steps here are long, in life they are minutes.
SLACK: Final = timedelta(hours=20)
SECRETS: Final = ("Amina Beispiel", "02131 555 77", "Marktplatz 1, Raum 12", "Nebenweg 3")
DOUBLE: Final = """
select count(*) from requests_app_assignment a join requests_app_assignment b
    on a.volunteer_id = b.volunteer_id and a.id < b.id and a.period && b.period
 where a.state in ('agreed', 'took_place') and b.state in ('agreed', 'took_place')
"""

numbers = st.integers(min_value=0, max_value=999)
often = st.sampled_from([True, True, True, False])


class Calendar:
    """What the calendar of one mail address holds, as a mail program would keep it."""

    def __init__(self) -> None:
        self.entries: dict[str, tuple[int, datetime, datetime | None]] = {}

    def take(self, text: str) -> None:
        """File an invitation or a cancellation; what is older than what is there changes nothing."""
        book = icalendar.Calendar.from_ical(text)
        for event in book.walk("VEVENT"):
            uid, age = str(event["uid"]), (int(event["sequence"]), event["dtstamp"].dt)
            known = self.entries.get(uid)
            if known and known[:2] > age:
                continue
            gone = str(book["method"]) == "CANCEL"
            self.entries[uid] = (*age, None if gone else event["dtstart"].dt.astimezone(UTC))

    @property
    def appointments(self) -> dict[str, datetime]:
        """The beginning (UTC) of each entry by its UID."""
        return {uid: starts for uid, (_seq, _stamp, starts) in self.entries.items() if starts is not None}


class Life(RuleBasedStateMachine):
    """The town's state machine; `moment` is what the portal's clock shows."""

    start = NOW

    def __init__(self) -> None:
        super().__init__()
        self.moment = self.start
        self.refused: set[str] = set()
        self.unsure: set[str] = set()
        self.calendars: dict[str, Calendar] = {}
        self._source, self._send = clock._source, locmem.EmailBackend.send_messages
        clock._source = lambda: self.moment
        life = self

        def send(backend: locmem.EmailBackend, messages: Any) -> int:
            for message in messages:
                if life.refused & set(message.to):
                    raise SMTPRecipientsRefused({message.to[0]: (550, b"gone")})
            return life._send(backend, messages)

        locmem.EmailBackend.send_messages = send  # type: ignore[method-assign]
        self._town = transaction.atomic()
        self._town.__enter__()
        sent_mail.outbox = []  # type: ignore[attr-defined]

    @initialize()
    def found(self) -> None:
        """Two institutions, six volunteers of all kinds, one coordinator."""
        self.karin = factories.make_coordinator()
        self.office = Actor.office(self.karin)
        self.members = [factories.make_member(), factories.make_member()]
        self.silent_house = factories.make_institution(email="")
        self.lotsen = [
            factories.make_volunteer("Ada"),
            factories.make_volunteer("Ben"),
            factories.make_volunteer("Ohne Post", email=""),
            factories.make_volunteer("Ausgeschlossen"),
            factories.make_volunteer("Pausiert", state="paused"),
            factories.make_volunteer("Andere Sprache", languages=("tr",)),
        ]
        self.excluded, self.house = self.lotsen[3], self.members[0].institution
        Wish.objects.create(volunteer=self.excluded, institution=self.house, side="member", kind="exclude")
        factories.refresh(self.excluded)

    def teardown(self) -> None:
        """Let months pass; whatever has not ended then is on the office's desk. Then forget the town."""
        try:
            if hasattr(self, "karin"):
                self._pass(timedelta(days=40))
                self.nothing_is_stuck()
                self.nobody_is_in_two_places()
                connection.check_constraints()
        finally:
            transaction.set_rollback(True)
            self._town.__exit__(None, None, None)
            clock._source = self._source
            locmem.EmailBackend.send_messages = self._send  # type: ignore[method-assign]

    def now(self) -> datetime:
        """Look at the clock; no two deeds happen in the same second."""
        self.moment += timedelta(seconds=1)
        return self.moment

    # Whom and what

    def _request(self, number: int) -> AssistanceRequest | None:
        rows = list(AssistanceRequest.objects.order_by("pk"))
        return rows[number % len(rows)] if rows else None

    def _offer(self, number: int, *, likely: bool) -> Offer | None:
        rows = Offer.objects.select_related("assistance").order_by("pk")
        some = list(rows.filter(state__in=UNANSWERED)) if likely else []
        some = some or list(rows)
        return some[number % len(some)] if some else None

    def _period(self, days: int, half_hours: int, minutes: int) -> DateTimeTZRange:
        day = clock.local(self.moment).date() + timedelta(days=days)
        start = datetime(day.year, day.month, day.day, 8, tzinfo=clock.TZ) + half_hours * timedelta(
            minutes=30
        )
        return DateTimeTZRange(start.astimezone(UTC), start.astimezone(UTC) + timedelta(minutes=minutes))

    def _requester(self, assistance: AssistanceRequest) -> Actor:
        if assistance.filed_by:
            return Actor.member(assistance.filed_by)
        return Actor.client(assistance.pk) if assistance.institution is None else self.office

    def _anybody(self, who: str, assistance: AssistanceRequest, volunteer: int) -> Actor:
        return {
            "office": self.office,
            "requester": self._requester(assistance),
            "volunteer": Actor.volunteer(volunteer),
            "stranger": Actor.member(self.members[1].user),
        }[who]

    # Asking for help

    @precondition(lambda self: AssistanceRequest.objects.count() < MOST)
    @rule(
        who=st.sampled_from(["member", "other", "house", "office", "self", "self without mail"]),
        days=st.integers(0, 12),
        half_hours=st.integers(0, 16),
        minutes=st.sampled_from([30, 60, 300]),
        times=st.sampled_from([0, 0, 2, 3]),
    )
    def file(self, who: str, days: int, half_hours: int, minutes: int, times: int) -> None:
        """Somebody asks for help."""
        period = self._period(days, half_hours, minutes)
        if period.lower <= self.moment:
            return
        if who.startswith("self"):
            email = "amina@example.org" if who == "self" else ""
            factories.make_own_request(when=period, minutes=minutes, client_email=email, now=self.now())
            return
        house = {"member": self.house, "other": self.members[1].institution, "house": self.silent_house}.get(
            who
        )
        user = {"member": self.members[0].user, "other": self.members[1].user}.get(who)
        draft = workflow.Draft(
            topic=factories.make_topic(), languages=(make_language(),), district=make_district(),
            minutes=minutes, period=None if times else period, place="Marktplatz 1, Raum 12",
            client_name="Amina Beispiel", client_phone="02131 555 77",
            proposed=tuple(self._period(days + more, half_hours, minutes) for more in range(times)),
        )  # fmt: skip
        by = Actor.member(user) if user else self.office
        with suppress(NotPossible):
            workflow.submit(draft, by=by, institution=house, filed_by=user, now=self.now())

    # The office

    @rule(number=numbers, which=st.sampled_from(["approve", "approve", "reject", "give_up"]))
    def decide(self, number: int, which: str) -> None:
        """The office lets a request in, refuses it, or says that nobody was found."""
        if not (assistance := self._request(number)):
            return
        by, now = self.office, self.now()
        with suppress(NotPossible):
            if which == "approve":
                workflow.approve(assistance.pk, by=by, now=now)
            elif which == "reject":
                workflow.reject(assistance.pk, rule="x", reason="Geht nicht.", by=by, now=now)
            else:
                workflow.give_up(assistance.pk, reason="Niemand da.", by=by, now=now)

    @rule(number=numbers, people=st.sets(st.integers(0, 5), min_size=1, max_size=3), choice=st.booleans())
    def ask(self, number: int, people: set[int], choice: bool) -> None:
        """The office asks somebody; whoever may not be asked is refused."""
        if not (assistance := self._request(number)):
            return
        chosen = [self.lotsen[place].pk for place in sorted(people)]
        for some in (chosen, chosen[:1]):
            with suppress(NotPossible):
                workflow.ask(
                    assistance.pk, volunteers=some, by=self.office, user=self.karin, now=self.now(),
                    override="Geht nicht anders.", needs_choice=choice,
                )  # fmt: skip
                return

    @rule(number=numbers, likely=often, which=st.sampled_from(["withdraw", "correct_no"]))
    def take_back(self, number: int, likely: bool, which: str) -> None:
        """The office takes a question back, or a "no" that it noted by mistake."""
        if not (offer := self._offer(number, likely=likely and which == "withdraw")):
            return
        verb = workflow.withdraw_offer if which == "withdraw" else workflow.correct_no
        with suppress(NotPossible):
            verb(offer.pk, by=self.office, now=self.now())

    @rule(number=numbers, outcome=st.sampled_from(["took_place", "client_absent", "lotse_absent", "other"]))
    def finish(self, number: int, outcome: str) -> None:
        """The office notes how an appointment went."""
        if assistance := self._request(number):
            with suppress(NotPossible):
                workflow.finish(assistance.pk, outcome=outcome, minutes=50, by=self.office, now=self.now())

    @rule(number=numbers)
    def correct(self, number: int) -> None:
        """The office corrects a wrong ending."""
        if not (assistance := self._request(number)):
            return
        for verb in (workflow.undo_finish, workflow.reopen):
            with suppress(NotPossible):
                verb(assistance.pk, reason="Falsch geklickt.", by=self.office, now=self.now())

    # The office lets the portal search

    @rule(
        number=numbers,
        people=st.lists(st.integers(0, 5), min_size=1, max_size=5, unique=True),
        size=st.integers(1, 3),
        hours=st.sampled_from([1, 4, 16]),
        choice=st.booleans(),
    )
    def search(self, number: int, people: list[int], size: int, hours: int, choice: bool) -> None:
        """The office lets the portal ask people by and by."""
        if assistance := self._request(number):
            kind = CampaignKind.WAVE if size > 1 else CampaignKind.CASCADE
            plan = Plan(kind=kind, size=size, interval_hours=hours, needs_choice=choice, enough=size)
            chosen = [self.lotsen[place].pk for place in people]
            with suppress(NotPossible):
                workflow.start_campaign(
                    assistance.pk, plan, volunteers=chosen, by=self.office, user=self.karin, now=self.now()
                )

    @rule(
        number=numbers,
        which=st.sampled_from(["pause", "resume", "stop", "advance", "adjust", "add", "remove", "up"]),
        other=st.integers(0, 5),
        choice=st.booleans(),
    )
    def steer(self, number: int, which: str, other: int, choice: bool) -> None:
        """The office steers a search."""
        campaigns = list(Campaign.objects.order_by("pk"))
        if not campaigns:
            return
        campaign = campaigns[number % len(campaigns)]
        about, place = campaign.assistance_id, campaign.places.filter(rank__gt=other % 3).first()
        by, now = self.office, self.now()
        plan = Plan(kind="wave", size=other % 3 + 1, interval_hours=2, needs_choice=choice)
        with suppress(NotPossible):
            match which:
                case "pause":
                    workflow.pause_campaign(about, by=by, now=now)
                case "resume":
                    workflow.resume_campaign(about, by=by, now=now)
                case "stop":
                    workflow.stop_campaign(about, by=by, now=now)
                case "advance":
                    workflow.advance_campaign(about, by=by, now=now)
                case "adjust":
                    workflow.adjust_campaign(about, plan, by=by, now=now)
                case "add":
                    person = self.lotsen[other].pk
                    workflow.add_to_campaign(about, volunteer=person, override="Doch.", by=by, now=now)
                case "remove" if place:
                    workflow.remove_from_campaign(about, place=place.pk, by=by, now=now)
                case "up" if place:
                    workflow.move_up(about, place=place.pk, by=by, now=now)

    # How it went

    @rule(
        number=numbers,
        who=st.sampled_from(["volunteer", "requester", "stranger"]),
        outcome=st.sampled_from(["took_place", "took_place", "client_absent", "lotse_absent"]),
        call=st.booleans(),
    )
    def report(self, number: int, who: str, outcome: str, call: bool) -> None:
        """A side tells how it went; a stranger may not."""
        rows = list(Assignment.objects.select_related("assistance").order_by("pk"))
        if not rows:
            return
        live = rows[number % len(rows)]
        by = self._anybody(who, live.assistance, live.volunteer_id)
        if who == "stranger":
            by = Actor.volunteer(self.lotsen[5].pk)
        with suppress(NotPossible):
            workflow.report(
                live.pk, outcome=outcome, minutes=45, note="", wants_call=call, by=by, now=self.now()
            )
            assert by.kind != ActorKind.OFFICE
            assert who != "stranger"

    # Volunteers, and the office for them

    @rule(number=numbers, likely=often, office=st.booleans(), current=often, pick=st.integers(0, 2))
    def say_yes(self, number: int, likely: bool, office: bool, current: bool, pick: int) -> None:
        """A volunteer says yes, perhaps from an old page; so does the office on the telephone."""
        if not (offer := self._offer(number, likely=likely)):
            return
        by = self.office if office else Actor.volunteer(offer.volunteer_id)
        version = offer.assistance.version if current else offer.version
        verb = workflow.be_willing if offer.needs_choice and not office else workflow.accept
        times = list(offer.assistance.proposed_times.values_list("pk", flat=True))
        time = times[pick % len(times)] if times else None
        with suppress(NotPossible):
            verb(offer.pk, version=version, time=time, by=by, now=self.now())

    @rule(number=numbers, likely=often, office=st.booleans())
    def say_no(self, number: int, likely: bool, office: bool) -> None:
        """A volunteer says no."""
        if offer := self._offer(number, likely=likely):
            by = self.office if office else Actor.volunteer(offer.volunteer_id)
            with suppress(NotPossible):
                workflow.decline(offer.pk, reason="", by=by, now=self.now())

    @rule(number=numbers, who=st.sampled_from(["volunteer", "office", "stranger"]))
    def step_down(self, number: int, who: str) -> None:
        """Whoever agreed cannot come; nobody else may say so."""
        assistance = self._request(number)
        live = assistance.assignments.live().first() if assistance else None
        if assistance and live:
            by = self._anybody(who, assistance, live.volunteer_id)
            with suppress(NotPossible):
                workflow.step_down(assistance.pk, by=by, now=self.now())

    # Whoever asked

    @rule(number=numbers, who=st.sampled_from(["requester", "office", "volunteer"]))
    def cancel(self, number: int, who: str) -> None:
        """The appointment is called off; a volunteer cannot do that."""
        if assistance := self._request(number):
            by = self._anybody(who, assistance, self.lotsen[0].pk)
            with suppress(NotPossible):
                workflow.cancel(assistance.pk, reason="Krank", by=by, now=self.now())

    @rule(
        number=numbers,
        who=st.sampled_from(["requester", "office"]),
        days=st.integers(0, 12),
        half_hours=st.integers(0, 16),
        language=st.sampled_from(["ar", "ar", "ar", "tr"]),
    )
    def change(self, number: int, who: str, days: int, half_hours: int, language: str) -> None:
        """Time or language changes."""
        if not (assistance := self._request(number)):
            return
        new = workflow.Change(
            period=self._period(days, half_hours, 60), mode=Mode.ON_SITE, district=make_district(),
            place=assistance.place, languages=(make_language(language),),
        )  # fmt: skip
        by = self._anybody(who, assistance, 0)
        with suppress(NotPossible):
            workflow.change(assistance.pk, new, version=assistance.version, by=by, now=self.now())

    # Time, mail and telephone

    @rule(hours=st.sampled_from([0.2, 2, 5, 20, 26, 50, 100]))
    def time_passes(self, hours: float) -> None:
        """The clock moves; what it does it does in small steps, as in life."""
        self._pass(timedelta(hours=hours))

    def _pass(self, span: timedelta) -> None:
        until = self.moment + span
        step = max(timedelta(minutes=12), min(span / 6, SLACK))
        while self.moment < until:
            self.moment = min(until, self.moment + step)
            self.the_clock_works()

    @rule()
    def the_clock_works(self) -> None:
        """What beat does every few minutes: deliver, end what expired, go on with searches and reports."""
        outbox.drop_needless_calls(self.moment)
        outbox.deliver_due()
        workflow.expire_offers(self.moment)
        workflow.carry_on_campaigns(self.moment)
        workflow.give_up_searches(self.moment)
        workflow.follow_up(self.moment)
        self._read_mail()

    @rule(number=numbers)
    def phone(self, number: int) -> None:
        """The office phones somebody who has no address, or whose mail came back."""
        rows = list(
            OutgoingMail.objects.filter(state__in=[MailState.PHONE, MailState.DEAD], due_at__lte=self.moment)
        )
        if rows:
            outbox.mark_phoned(rows[number % len(rows)], self.karin, self.now())

    @rule(number=st.integers(0, 1))
    def an_address_dies(self, number: int) -> None:
        """From now on one volunteer's mail server refuses everything, or takes mail again."""
        self.refused ^= {self.lotsen[number].email}
        self.unsure.add(self.lotsen[number].email)

    def _read_mail(self) -> None:
        """Read what has arrived: it went to the right people, says no secret, and keeps their calendars."""
        arrived, sent_mail.outbox = sent_mail.outbox, []  # type: ignore[attr-defined]
        for message in arrived:
            parsed: Parsed = message.message()
            number = int(str(parsed["Message-ID"]).split("-")[1])
            row = OutgoingMail.objects.get(pk=number)
            self._check_reader(row, [address for _name, address in getaddresses([str(parsed["To"])])])
            whole = message.body + "".join(str(part[0]) for part in message.alternatives)
            assert [secret for secret in SECRETS if secret in whole] == [], row.name
            for part in parsed.walk():
                if part.get_content_type() == "text/calendar":
                    payload = part.get_payload(decode=True)
                    assert isinstance(payload, bytes)
                    self.calendars.setdefault(row.recipient, Calendar()).take(payload.decode())

    def _check_reader(self, row: OutgoingMail, to: list[str]) -> None:
        """Nobody gets a mail who has nothing to do with it, and nobody a reminder of what is not to be."""
        assert to == [row.recipient]
        if row.name == "ask_digest":
            assert to == [Volunteer.objects.get(pk=row.ids["volunteer"]).email]
            return
        assistance = AssistanceRequest.objects.get(pk=row.ids["assistance"])
        if "offer" not in row.ids:
            assert to == [mails.requester_address(assistance)], row.name
            return
        offer = Offer.objects.select_related("volunteer").get(pk=row.ids["offer"])
        assert (to, offer.assistance_id) == ([offer.volunteer.email], assistance.pk), row.name
        agreed = assistance.assignments.filter(state=AssignmentState.AGREED.value).first()
        if row.name == "remind_volunteer":
            assert (assistance.state, agreed and agreed.volunteer_id) == ("confirmed", offer.volunteer_id)
            assert assistance.starts is not None
            assert assistance.starts > self.moment

    def _mail_is_due(self) -> bool:
        return OutgoingMail.objects.filter(state=MailState.WAITING, try_at__lte=self.moment).exists()

    # What must hold after each step

    @invariant()
    def the_states_agree(self) -> None:
        """Request, offers and appointment tell the same story."""
        for assistance in AssistanceRequest.objects.all():
            offers = list(assistance.offers.values_list("state", flat=True))
            waiting = sum(state in UNANSWERED for state in offers)
            agreed = list(assistance.assignments.filter(state=AssignmentState.AGREED.value))
            searched = assistance.campaigns.filter(state__in=SEARCHING).count()
            assert searched <= (assistance.state in {RequestState.OPEN, RequestState.OFFERED})
            live = assistance.assignments.filter(state__in=LIVE).count()
            story = (assistance.state, waiting > 0, len(agreed), offers.count(OfferState.ACCEPTED.value))
            match RequestState(assistance.state):
                case RequestState.OFFERED:
                    assert story[1:] == (True, 0, 0), story
                case RequestState.CONFIRMED:
                    assert story[1:] == (False, 1, 1), story
                    told = (agreed[0].period, agreed[0].version)
                    assert told == (assistance.period, assistance.version)
                case RequestState.DONE:
                    assert story[1:] == (False, 0, 1), story
                case _:
                    assert (*story[1:], live) == (False, 0, 0, 0), story

    @invariant()
    def nobody_is_in_two_places(self) -> None:
        """Ask the table itself, whatever constraints it has."""
        with connection.cursor() as cursor:
            cursor.execute(DOUBLE)
            assert cursor.fetchone() == (0,)

    @invariant()
    def nobody_is_asked_who_must_not_be(self) -> None:
        """Neither the excluded in that house, nor who pauses, nor who does not speak the language."""
        assert not Offer.objects.filter(assistance__institution=self.house, volunteer=self.excluded).exists()
        assert not Offer.objects.filter(volunteer=self.lotsen[4]).exists()

    @invariant()
    def everybody_who_waits_is_told(self) -> None:
        """For what holds now there is a mail or a call, and it was not dropped."""
        for offer in Offer.objects.select_related("assistance", "volunteer"):
            wanted = self._what_a_volunteer_must_hear(offer)
            if wanted:
                closed = offer.state == OfferState.NOT_CHOSEN.value
                version = None if closed else offer.assistance.version
                self._assert_told(wanted, f":{offer.pk}:", version, f"{offer.state} {offer.pk}")
        for assistance in AssistanceRequest.objects.all():
            name = {
                RequestState.CONFIRMED: "tell_confirmed",
                RequestState.CANCELLED: "tell_cancelled",
                RequestState.UNFILLED: "tell_unfilled",
                RequestState.REJECTED: "tell_rejected",
            }.get(RequestState(assistance.state), "acknowledge_request")
            version = assistance.version if name == "tell_confirmed" else None
            if name != "acknowledge_request":
                self._assert_told({name}, f":{assistance.pk}:", version, assistance.state)

    def _is_in_a_digest(self, offer: Offer) -> bool:
        """Whether a digest carries this question, or carried it in the version that holds now."""
        digests = OutgoingMail.objects.filter(key__startswith=f"ask_digest:{offer.volunteer_id}:")
        some = digests.exclude(state=MailState.DROPPED).filter(due_at=offer.waits_until).exists()
        return some and (offer.sent_at is None or offer.version == offer.assistance.version)

    def _what_a_volunteer_must_hear(self, offer: Offer) -> set[str]:
        begun = offer.assistance.starts is not None and offer.assistance.starts <= self.moment
        match OfferState(offer.state):
            case OfferState.PENDING if not begun:
                return {"ask_volunteer"}
            case OfferState.ACCEPTED if offer.assistance.state == RequestState.CONFIRMED:
                return {"confirm_volunteer"}
            case OfferState.NOT_CHOSEN:
                return {"thank_not_needed"}
        return set()

    def _assert_told(self, names: set[str], about: str, version: int | None, what: str) -> None:
        rows = OutgoingMail.objects.filter(key__contains=about).order_by("pk")
        told = [row for row in rows if row.name in names and version in {None, row.version}]
        states = [(row.name, row.version, row.state) for row in told]
        assert any(row.state != MailState.DROPPED for row in told), (what, names, version, states)

    @invariant()
    def nothing_is_stuck(self) -> None:
        """What has not ended waits for the office, for an answer with a deadline, or for its day."""
        assert plans.forgotten(self.moment, SLACK) == []

    @precondition(lambda self: not self._mail_is_due())
    @invariant()
    def calendars_say_what_was_agreed(self) -> None:
        """Once the mail is out, each calendar holds the agreed appointments to come, and no others.

        While whoever had agreed is asked about a change, the old entry may stay: it is moved or taken back.
        """
        asked_again = AssistanceRequest.objects.filter(
            state=RequestState.OFFERED.value, assignments__state=AssignmentState.CHANGED.value
        )
        open_ones = {
            f"{reference}@testserver" for reference in asked_again.values_list("reference", flat=True)
        }
        wanted: dict[str, dict[str, datetime]] = {}
        for row in Assignment.objects.filter(state=AssignmentState.AGREED.value).select_related(
            "assistance__filed_by", "assistance__institution", "volunteer"
        ):
            for address in {row.volunteer.email, mails.requester_address(row.assistance)}:
                wanted.setdefault(address, {})[f"{row.assistance.reference}@testserver"] = row.starts
        for address in {*wanted, *self.calendars} - {""} - self.unsure:
            holds = self.calendars.get(address, Calendar()).appointments
            due = wanted.get(address, {})
            over = {uid for uid, starts in {**holds, **due}.items() if starts <= self.moment} | open_ones
            told = {uid: starts for uid, starts in holds.items() if uid not in over}
            assert told == {uid: starts for uid, starts in due.items() if uid not in over}, address
