"""A changed address takes its links along: what went to the old one opens nothing any more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.core import mail
from django.test import Client

from lotsen_portal import links, outbox
from lotsen_portal.models import OutgoingMail, Purpose
from requests_app import mails
from requests_app.models import Offer
from tests import factories
from tests.factories import NOW
from volunteers.models import Volunteer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday(at: Callable[[str], datetime]) -> None:
    at("2026-11-23 09:00")


def move(offer: Offer, email: str) -> None:
    Volunteer.objects.filter(pk=offer.volunteer_id).update(email=email)
    mails.follow_address(Volunteer.objects.get(pk=offer.volunteer_id), now=NOW)


def test_the_old_link_is_dead_and_the_question_goes_to_the_new_address() -> None:
    offer = factories.make_offer()
    outbox.deliver_due()
    old = mails.answer_token(offer)
    move(offer, "neu@lotsen.example")
    outbox.deliver_due()

    new = mails.answer_token(offer)
    codes = [Client().get(f"/lotse/antwort/{token}/").status_code for token in (old, new)]
    assert (codes, mail.outbox[-1].to) == ([410, 200], ["neu@lotsen.example"])
    assert new in str(mail.outbox[-1].body)


def test_what_waits_follows_and_what_was_sent_stays() -> None:
    agreed = factories.make_agreed()
    outbox.deliver_due()
    move(agreed.offer, "neu@lotsen.example")

    rows = {row.name: row for row in OutgoingMail.objects.filter(ids__offer=agreed.offer_id)}
    assert rows["remind_volunteer"].recipient == "neu@lotsen.example"
    assert rows["ask_volunteer"].recipient != "neu@lotsen.example"


def test_whoever_has_no_address_any_more_is_phoned() -> None:
    offer = factories.make_offer()
    outbox.deliver_due()
    move(offer, "")

    states = {row.state for row in OutgoingMail.objects.filter(ids__offer=offer.pk)}
    assert states == {"sent", "phone"}


def test_report_and_calendar_links_end_with_the_address_too() -> None:
    agreed = factories.make_agreed()
    holder = agreed.volunteer_id
    tokens = {
        purpose: links.token(links.make(purpose, subject=agreed.pk, holder=holder, expires_at=None, now=NOW))
        for purpose in (Purpose.REPORT, Purpose.CALENDAR)
    }
    move(agreed.offer, "neu@lotsen.example")

    for purpose, token in tokens.items():
        with pytest.raises(links.LinkRevoked):
            links.read(token, purpose, NOW)


def test_the_office_changes_an_address_and_the_links_follow(client: Client) -> None:
    offer = factories.make_offer()
    old = mails.answer_token(offer)
    client.force_login(factories.make_coordinator())
    page = f"/koordination/freiwillige/{offer.volunteer_id}/bearbeiten/"
    form = client.get(page).context["form"]
    given = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    values = {name: value for name, value in given.items() if value and not isinstance(value, list)}
    client.post(page, {**values, "email": "neu@lotsen.example"})

    assert Volunteer.objects.get(pk=offer.volunteer_id).email == "neu@lotsen.example"
    assert mails.answer_token(offer) not in {"", old}
