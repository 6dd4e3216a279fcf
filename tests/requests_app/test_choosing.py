"""Offers whose yes the office still decides: willing, chosen, thanked, taken back, never forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from lotsen_portal import links
from lotsen_portal.audit import Actor
from lotsen_portal.models import OutgoingMail, Purpose
from requests_app import mails, workflow, worklist
from requests_app.models import Assignment, AssistanceRequest, Offer
from tests import factories
from tests.factories import NOW, make_agreed, make_assistance, make_volunteer, period

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=3)


@pytest.fixture
def user():
    return factories.make_coordinator()


@pytest.fixture
def office(user):
    return Actor.office(user)


def ask(user, *people, assistance=None, now=NOW) -> list[Offer]:
    assistance = assistance or make_assistance()
    return workflow.ask(
        assistance.pk,
        volunteers=[person.pk for person in people],
        by=Actor.office(user),
        user=user,
        needs_choice=True,
        now=now,
    )


def own(offer: Offer) -> Actor:
    return Actor.volunteer(offer.volunteer_id)


def willing(*offers: Offer) -> None:
    for offer in offers:
        workflow.be_willing(offer.pk, version=1, by=own(offer), now=LATER)


def states() -> list[str]:
    return list(Offer.objects.order_by("pk").values_list("state", flat=True))


def told(offer: Offer) -> list[str]:
    rows = OutgoingMail.objects.filter(ids__offer=offer.pk).order_by("pk")
    return [mail.name for mail in rows]


def test_a_yes_that_the_office_decides_agrees_nothing_yet(user):
    (offer,) = ask(user, make_volunteer())
    willing(offer)
    assert (states(), AssistanceRequest.objects.get().state) == (["willing"], "offered")
    assert not Assignment.objects.exists()


def test_the_chosen_one_comes_and_the_others_are_thanked(user, office):
    first, second, silent = ask(user, make_volunteer(), make_volunteer(), make_volunteer())
    willing(first, second)
    workflow.accept(second.pk, version=1, by=office, now=LATER)
    assert (states(), Assignment.objects.get().volunteer_id) == (
        ["not_chosen", "accepted", "not_chosen"],
        second.volunteer_id,
    )
    assert [told(offer)[-1] for offer in (first, silent)] == ["thank_not_needed", "thank_not_needed"]
    assert "confirm_volunteer" in told(second)


def test_nobody_chooses_oneself(user):
    (offer,) = ask(user, make_volunteer())
    for _before_and_after in range(2):
        with pytest.raises(workflow.NotPossible):
            workflow.accept(offer.pk, version=1, by=own(offer), now=LATER)
        if states() == ["pending"]:
            willing(offer)


def test_a_second_yes_changes_nothing(user):
    (offer,) = ask(user, make_volunteer())
    willing(offer)
    with pytest.raises(workflow.AlreadyAnswered):
        willing(offer)


def test_a_yes_that_agrees_at_once_is_no_willingness(user):
    offer = factories.make_offer()
    with pytest.raises(workflow.NotPossible):
        willing(offer)


def test_whoever_is_elsewhere_at_that_time_cannot_be_willing(user):
    person = make_volunteer()
    (offer,) = ask(user, person)
    make_agreed(make_assistance(), person)
    with pytest.raises(workflow.Busy):
        willing(offer)


def test_the_willing_may_take_it_back(user):
    (offer,) = ask(user, make_volunteer())
    willing(offer)
    workflow.decline(offer.pk, reason="", version=1, by=own(offer), now=LATER)
    assert (states(), AssistanceRequest.objects.get().state) == (["declined"], "open")


def test_the_willing_are_asked_again_when_the_request_changes(user, office):
    (offer,) = ask(user, make_volunteer())
    willing(offer)
    assistance = offer.assistance
    workflow.change(
        assistance.pk,
        workflow.Change(
            period=period("2026-12-09"),
            mode=assistance.mode,
            district=assistance.district,
            place=assistance.place,
            languages=tuple(row.language for row in assistance.languages.all()),
        ),
        version=1,
        by=office,
        now=LATER,
    )
    offer.refresh_from_db()
    assert (offer.state, offer.answered_at, offer.deadline) == ("pending", None, None)
    assert told(offer) == ["ask_volunteer", "ask_volunteer"]


def test_a_yes_that_nobody_chose_ends_with_a_word_when_the_appointment_begins(user):
    (offer,) = ask(user, make_volunteer())
    willing(offer)
    begins = offer.assistance.starts
    assert workflow.expire_offers(begins - timedelta(minutes=1)) == 0
    assert workflow.expire_offers(begins) == 1
    assert (states(), told(offer)[-1]) == (["withdrawn"], "tell_withdrawn")
    assert AssistanceRequest.objects.get().state == "open"


def test_the_willing_hear_when_the_request_is_called_off(user, office):
    (offer,) = ask(user, make_volunteer())
    willing(offer)
    workflow.cancel(offer.assistance_id, reason="Krank", by=office, now=LATER)
    assert (states(), told(offer)[-1]) == (["withdrawn"], "tell_withdrawn")


def test_the_work_queue_asks_to_choose(user):
    (offer,) = ask(user, make_volunteer())
    willing(offer)
    groups = worklist.groups(me=user.pk, whose=worklist.EVERYBODY, now=LATER)
    (row,) = groups["choose"].rows
    assert (row.reference, row.tally) == (offer.assistance.reference, "1 gefragt: 1 würde kommen")


def link_of(offer: Offer) -> str:
    return reverse("answer", args=[mails.answer_token(offer)])


def test_the_page_says_what_a_yes_means_and_what_comes_next(client, user, at):
    at("2026-11-23 12:00")
    (offer,) = ask(user, make_volunteer())
    before = client.get(link_of(offer)).content.decode()
    client.post(link_of(offer), {"offer": offer.pk, "version": 1, "answer": "yes"})
    response = client.get(link_of(offer))
    after = response.content.decode()
    assert "Sagen mehrere zu, wählt die Koordination aus." in before
    assert (response.status_code, states()) == (200, ["willing"])
    assert "Der Termin ist noch nicht fest." in after
    client.post(link_of(offer), {"offer": offer.pk, "version": 1, "answer": "no"})
    assert states() == ["declined"]


def test_the_office_asks_to_choose_and_chooses_on_the_page(client, user, at):
    at("2026-11-23 12:00")
    person, assistance = make_volunteer("Leyla"), make_assistance()
    client.force_login(user)
    client.post(
        reverse("office:ask", args=[assistance.reference]), {"volunteer": person.pk, "auswahl": "amt"}
    )
    offer = Offer.objects.get()
    page = reverse("office:request", args=[assistance.reference])
    assert "Würde kommen (Telefon)" in client.get(page).content.decode()
    client.post(reverse("office:answer", args=[offer.pk, "wuerde-kommen"]), {"version": 1})
    assert "Auswählen" in client.get(page).content.decode()
    client.post(reverse("office:answer", args=[offer.pk, "auswaehlen"]), {"version": 1})
    assert states() == ["accepted"]


def test_the_own_portal_shows_who_would_come(client, user, at):
    at("2026-11-23 12:00")
    person = make_volunteer(user=factories.make_user())
    (offer,) = ask(user, person)
    willing(offer)
    client.force_login(person.user)
    assert "Sie würden kommen" in client.get(reverse("lotse_home")).content.decode()


def test_the_link_stays_good_while_the_office_chooses(user):
    (offer,) = ask(user, make_volunteer())
    willing(offer)
    token = mails.answer_token(offer)
    assert links.read(token, Purpose.ANSWER, LATER).subject == offer.bundle_id
