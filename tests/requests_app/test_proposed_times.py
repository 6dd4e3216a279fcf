"""Several times to choose from: on the form, in matching, mails and lists, and the Lotse's choice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail as post
from django.test import Client
from django.urls import reverse

from lotsen_portal import outbox
from lotsen_portal.audit import Actor
from lotsen_portal.models import OutgoingMail, Programme
from requests_app import mails, matching, search, workflow, worklist
from requests_app.models import AssistanceRequest, Offer
from tests import factories
from tests.factories import NOW, make_agreed, make_assistance, make_offer, make_volunteer, period
from volunteers.models import Absence

pytestmark = pytest.mark.django_db

TIMES = (period("2026-12-08"), period("2026-12-10", "14:00"), period("2026-12-15"))
IN_WORDS = [
    "Dienstag, 8. Dezember 2026, 10:00 bis 11:00 Uhr",
    "Donnerstag, 10. Dezember 2026, 14:00 bis 15:00 Uhr",
    "Dienstag, 15. Dezember 2026, 10:00 bis 11:00 Uhr",
]


NO_SUCH_TIME = (
    "Die Uhrzeit 02:30 gibt es am 28.03.2027 nicht: In dieser Nacht wird die Uhr vorgestellt. "
    "Bitte wählen Sie eine andere Uhrzeit."
)


@pytest.fixture(autouse=True)
def morning(at):
    at("2026-11-23 09:00")


@pytest.fixture
def member():
    return factories.make_member(factories.make_institution("Klinik Nord"), name="Martin Meier")


def proposing(*times, by=None) -> AssistanceRequest:
    return make_assistance(by=by, period=None, proposed=times or TIMES)


def say_yes(offer: Offer, time: int | None, *, now=NOW):
    by = Actor.volunteer(offer.volunteer_id)
    return workflow.accept(offer.pk, version=offer.version, by=by, now=now, time=time)


def numbers(assistance: AssistanceRequest) -> list[int]:
    return [time.pk for time in assistance.proposed_times.all()]


# The form


def filled_in(**more: str) -> dict[str, str]:
    return {
        "language": factories.make_language("ar").code,
        "topic": factories.make_topic().slug,
        "help": "accompaniment",
        "day": "2026-12-15",
        "begin": "10:00",
        "minutes": "60",
        "mode": "on_site",
        "district": str(factories.make_district().pk),
        "place": "Marktplatz 1",
        "consent": "on",
        **more,
    }


def file(member, **more: str):
    client = Client()
    client.force_login(member.user)
    return client.post(reverse("new_request"), filled_in(**more))


def test_the_form_takes_up_to_three_times_in_any_order(member):
    file(member, day_2="2026-12-08", begin_2="10:00", day_3="2026-12-10", begin_3="14:00")

    filed = AssistanceRequest.objects.get()
    assert (filed.period, filed.times_proposed) == (None, True)
    assert [time.period for time in filed.proposals()] == list(TIMES)
    assert filed.answer_by.isoformat() == "2026-11-26"


def test_the_ordinary_request_has_one_time_and_a_folded_line(member):
    client = Client()
    client.force_login(member.user)
    page = client.get(reverse("new_request")).content.decode()
    file(member)

    filed = AssistanceRequest.objects.get()
    assert (filed.period, filed.times_proposed, filed.proposals()) == (TIMES[2], False, [])
    assert '<details class="lp-fold"><summary>Weiteren Termin vorschlagen</summary>' in page


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"day_2": "2026-12-16"}, "begin_2", "Bitte geben Sie auch an, wann dieser Termin beginnt."),
        ({"begin_2": "10:00"}, "day_2", "Bitte geben Sie auch den Tag an."),
        ({"day_2": "2026-12-15", "begin_2": "10:00"}, "begin_2", "Diesen Termin haben Sie schon genannt."),
        (
            {"day_2": "2026-11-02", "begin_2": "10:00"},
            "day_2",
            "Dieser Tag ist schon vorbei. Bitte wählen Sie einen Tag ab heute.",
        ),
        ({"day_3": "irgendwann", "begin_3": "10:00"}, "day_3", "Bitte geben Sie auch den Tag an."),
        (
            {"day_3": "2027-03-28", "begin_3": "02:30"},
            "begin_3",
            NO_SUCH_TIME,
        ),
    ],
)
def test_half_a_time_is_complained_about_beside_its_field(member, typed, field, sentence):
    response = file(member, **typed)

    assert response.status_code == 422
    assert response.context["form"].errors[field] == [sentence]
    assert '<details class="lp-fold" open><summary>Weiteren' in response.content.decode()
    assert AssistanceRequest.objects.count() == 0


def test_a_holiday_among_the_times_asks_once(member):
    typed = {"day_2": "2026-12-25", "begin_2": "10:00"}
    asked = file(member, **typed)
    file(member, **typed, holiday_ok="on")

    assert list(asked.context["form"].errors) == ["day_2"]
    assert len(AssistanceRequest.objects.get().proposals()) == 2


# Before the choice


def test_everybody_reads_that_it_is_one_of_three(member):
    assistance = proposing(by=member)
    offer = make_offer(assistance)
    outbox.sweep()
    asked = next(sent for sent in post.outbox if sent.to == [offer.volunteer.email])
    filed = next(sent for sent in post.outbox if sent.to == [member.user.email])
    client = Client()
    client.force_login(member.user)
    own = client.get(assistance.get_absolute_url()).content.decode()
    office = Client()
    office.force_login(factories.make_coordinator())
    theirs = office.get(reverse("office:request", args=[assistance.reference])).content.decode()

    assert asked.subject == "Können Sie helfen? Einer von drei Terminen"
    for text in (asked.body, filed.body, own, theirs):
        assert [words for words in ["Einer von drei Terminen", *IN_WORDS] if words not in text] == []


def test_lists_and_queue_go_by_the_first_time_still_to_come(member):
    assistance = proposing(by=member)
    later = make_assistance(by=member, when=period("2026-12-09"))
    client = Client()
    client.force_login(member.user)
    rows = client.get(reverse("own_requests")).context["page"].object_list
    afterwards = NOW + timedelta(days=16, hours=3)
    fresh = worklist.groups(me=0, whose="alle", now=NOW)["fresh"].rows
    overdue = worklist.groups(me=0, whose="alle", now=afterwards)["promised"].rows
    gone = worklist.groups(me=0, whose="alle", now=NOW + timedelta(days=30))["gone"].rows

    assert [row.pk for row in rows] == [assistance.pk, later.pk]
    assert [(row.starts, row.times) for row in fresh] == [(TIMES[0].lower, 3), (later.starts, 0)]
    assert [(row.reference, row.starts) for row in overdue] == [(assistance.reference, TIMES[1].lower)]
    assert {row.reference for row in gone} == {assistance.reference, later.reference}


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [("2026-12-08", "2026-12-08", ["proposing"]), ("2026-12-09", "2026-12-31", ["settled"]),
     ("2026-12-01", "2026-12-31", ["settled", "proposing"])],
)  # fmt: skip
def test_the_search_by_day_knows_the_first_time(first, last, found):
    named = {proposing().pk: "proposing", make_assistance(when=period("2026-12-09")).pk: "settled"}
    wanted = search.Wanted(first=NOW.date().fromisoformat(first), last=NOW.date().fromisoformat(last))
    numbers = search.find(wanted, search.options(), programme=Programme.current(), now=NOW)

    assert [named[number] for number in numbers] == found


def test_matching_drops_whoever_can_come_at_none_of_the_times():
    free, busy_once, busy, away = (make_volunteer(name) for name in ("Frei", "Einmal", "Immer", "Fort"))
    make_agreed(make_assistance(when=TIMES[0]), busy_once)
    for time in TIMES:
        make_agreed(make_assistance(when=time), busy)
    Absence.objects.create(volunteer=away, first="2026-12-01", last="2026-12-31")
    assistance = proposing()

    found = {candidate.volunteer.name for candidate in matching.candidates(assistance, now=NOW)}
    reasons = {
        person.name: [obstacle.rule for obstacle in matching.obstacles(assistance, person, now=NOW)]
        for person in (free, busy_once, busy, away)
    }
    assert found == {"Frei", "Einmal"}
    assert reasons == {"Frei": [], "Einmal": [], "Immer": ["overlap"], "Fort": ["absent"]}
    assert {count.rule for count in matching.why_not(assistance, now=NOW)} == {"overlap", "absent"}


def test_the_deadline_ends_when_the_first_time_begins():
    assistance = proposing(period("2026-11-24", "09:00"), TIMES[1])
    offer = make_offer(assistance)
    outbox.sweep()
    offer.refresh_from_db()

    assert offer.deadline == period("2026-11-24", "09:00").lower


# The choice


def test_the_chosen_time_becomes_the_appointment():
    assistance = proposing()
    offer = make_offer(assistance)
    agreed = say_yes(offer, numbers(assistance)[1])

    assistance.refresh_from_db()
    assert (assistance.state, assistance.period, assistance.proposals()) == ("confirmed", TIMES[1], [])
    assert agreed.period == TIMES[1]


@pytest.mark.parametrize("which", ["none", "unknown", "another's", "over"])
def test_a_yes_without_a_time_that_can_be_chosen_asks_again(which):
    assistance, other = proposing(), proposing()
    offer = make_offer(assistance)
    time = {
        "none": None,
        "unknown": 10**20,
        "another's": numbers(other)[0],
        "over": numbers(assistance)[0],
    }[which]
    now = TIMES[0].lower if which == "over" else NOW
    with pytest.raises(workflow.NeedsTime):
        say_yes(offer, time, now=now)

    assert Offer.objects.get().state == "pending"


def test_the_database_refuses_a_time_at_which_the_lotse_is_booked():
    lotse = make_volunteer()
    assistance = proposing()
    offer = make_offer(assistance, lotse)
    make_agreed(make_assistance(when=TIMES[0]), lotse)
    with pytest.raises(workflow.Busy):
        say_yes(offer, numbers(assistance)[0])

    assert say_yes(offer, numbers(assistance)[1]).period == TIMES[1]


def test_it_is_too_late_when_the_last_time_has_begun():
    offer = make_offer(proposing())
    with pytest.raises(workflow.TooLate):
        say_yes(offer, None, now=TIMES[2].lower)


def page_of(offer: Offer) -> str:
    return reverse("answer", args=[mails.answer_token(offer)])


def press(client: Client, offer: Offer, **more):
    form = {"answer": "yes", "offer": offer.pk, "version": offer.assistance.version, **more}
    return client.post(page_of(offer), form)


def test_the_answer_page_lists_what_can_be_chosen(at):
    lotse = make_volunteer()
    assistance = proposing()
    offer = make_offer(assistance, lotse)
    make_agreed(make_assistance(when=TIMES[1]), lotse)
    at("2026-12-09 09:00")
    (card,) = Client().get(page_of(offer)).context["cards"]

    assert [(time.label, time.taken) for time in card.times] == [(IN_WORDS[1], True), (IN_WORDS[2], False)]


def test_a_yes_on_the_page_needs_a_time_and_takes_it():
    assistance = proposing()
    offer, client = make_offer(assistance), Client()
    without = press(client, offer)
    nonsense = press(client, offer, time="morgen")
    taken = press(client, offer, time=str(numbers(assistance)[2]))
    (card,) = client.get(page_of(offer)).context["cards"]

    assert (without.status_code, nonsense.status_code, taken.status_code) == (422, 422, 302)
    assert "Bitte wählen Sie einen der Termine aus." in without.content.decode()
    assert card.facts[0] == ("Termin", IN_WORDS[2])


def test_the_office_notes_the_time_chosen_on_the_phone():
    assistance = proposing()
    offer = make_offer(assistance, make_volunteer(email=""))
    office = Client()
    office.force_login(factories.make_coordinator())
    address = reverse("office:answer", args=[offer.pk, "zusage"])
    office.post(address, {"version": "1"})
    still_open = Offer.objects.get().state
    office.post(address, {"version": "1", "time": str(numbers(assistance)[0])})

    assistance.refresh_from_db()
    assert (still_open, assistance.state, assistance.period) == ("pending", "confirmed", TIMES[0])


def test_the_confirmations_name_the_chosen_time(member):
    assistance = proposing(by=member)
    offer = make_offer(assistance)
    say_yes(offer, numbers(assistance)[0])
    outbox.sweep()
    told = {sent.to[0]: sent for sent in post.outbox if "Danke" in sent.subject or "kommt" in sent.body}

    assert set(told) == {offer.volunteer.email, member.user.email}
    assert all(IN_WORDS[0] in sent.body and IN_WORDS[1] not in sent.body for sent in told.values())


def test_a_change_puts_one_time_in_place_of_the_proposals():
    assistance = proposing()
    offer = make_offer(assistance)
    change = workflow.Change(
        period=period("2026-12-17"),
        mode=assistance.mode,
        district=assistance.district,
        place=assistance.place,
        languages=(factories.make_language("ar"),),
    )
    by = Actor.office(factories.make_coordinator())
    workflow.change(assistance.pk, change, version=1, by=by, now=NOW)
    (card,) = Client().get(page_of(offer)).context["cards"]

    assert [(row.old, row.new) for row in card.differences] == [
        ("Einer von mehreren Terminen", "Donnerstag, 17. Dezember 2026, 10:00 bis 11:00 Uhr")
    ]
    assert numbers(assistance) == []
    assert OutgoingMail.objects.filter(key=f"ask_volunteer:{offer.pk}:2").count() == 1


def test_whoever_would_come_says_when_and_the_office_chooses_that():
    assistance, lotse = proposing(), make_volunteer()
    coordinator = factories.make_coordinator()
    (offer,) = workflow.ask(
        assistance.pk,
        volunteers=[lotse.pk],
        by=Actor.office(coordinator),
        user=coordinator,
        needs_choice=True,
        now=NOW,
    )
    client = Client()
    without = press(client, offer)
    press(client, offer, time=str(numbers(assistance)[1]))
    (card,) = client.get(page_of(offer)).context["cards"]
    workflow.accept(offer.pk, version=1, by=Actor.office(coordinator), now=NOW)

    assistance.refresh_from_db()
    assert without.status_code == 422
    assert (card.situation, card.facts[0]) == ("willing", ("Termin", IN_WORDS[1]))
    assert assistance.period == TIMES[1]
