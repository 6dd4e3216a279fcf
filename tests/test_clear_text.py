"""After a full journey nothing that names the client stands in clear anywhere that is stored or sent."""

from __future__ import annotations

import logging
from email.message import EmailMessage

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse
from redis import Redis

from lotsen_portal import outbox
from lotsen_portal.audit import Actor
from requests_app import mails, workflow
from requests_app.models import Offer
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

# Words that occur nowhere else, one for each confidential field.
MARKS = {
    "client_name": "Quendolin Zapfenstreich",
    "client_phone": "0157 33445566",
    "client_address": "Geheimgasse 77",
    "client_notes": "sitzt im Rollstuhl Xylophon",
    "concern": "Anliegen Papageientaucher",
    "client_reference": "AKTE-4711-Kormoran",
    "place": "Zimmer Wolkenkuckuck",
    "client_email": "quendolin@zapfen.example",
}
OWN_ADDRESS = MARKS["client_email"]
REASONS = {"no": "Grund Nachtigall", "end": "Grund Turteltaube", "note": "Notiz Wiedehopf"}
SECRETS = [*MARKS.values(), *REASONS.values(), "33445566", "Zapfenstreich", "Kormoran"]


def journey(client: Client) -> None:
    """File, ask two, one no, one yes, read the details, note, cancel; every mail goes out in between."""
    member, coordinator = factories.make_member(), factories.make_coordinator()
    office = Actor.office(coordinator)
    first, second = factories.make_volunteer(), factories.make_volunteer()
    assistance = factories.make_assistance(by=member, **MARKS)
    offers = workflow.ask(
        assistance.pk,
        volunteers=[first.pk, second.pk],
        by=office,
        user=coordinator,
        now=factories.NOW,
    )
    outbox.deliver_due()
    workflow.decline(offers[0].pk, reason=REASONS["no"], by=Actor.volunteer(first.pk), now=factories.NOW)
    answer(client, offers[1])
    client.force_login(member.user)
    for name in ("own_request", "own_client"):
        assert client.get(reverse(name, args=[assistance.reference])).status_code == 200
    workflow.note(assistance.pk, text=REASONS["note"], author=coordinator, by=office, now=factories.NOW)
    outbox.deliver_due()
    workflow.cancel(assistance.pk, reason=REASONS["end"], by=office, now=factories.NOW)
    outbox.deliver_due()


def own_journey(client: Client) -> None:
    """The same from a migrant's own request, by the secret link, until the consent is taken back."""
    coordinator = factories.make_coordinator()
    office, lotse = Actor.office(coordinator), factories.make_volunteer()
    marks = {name: value for name, value in MARKS.items() if name != "client_reference"}
    assistance = factories.make_own_request(**marks)
    workflow.approve(assistance.pk, by=office, now=factories.NOW)
    assistance.refresh_from_db()
    offer = factories.make_offer(assistance, lotse)
    outbox.deliver_due()
    answer(client, offer)
    page = reverse("status", args=[mails.status_token(assistance)])
    assert MARKS["place"] in client.get(page).content.decode()
    outbox.deliver_due()
    client.post(f"{page}absagen/", {"reason": REASONS["end"]})
    outbox.deliver_due()
    client.post(f"{page}einwilligung/")


def answer(client: Client, offer: Offer) -> None:
    """Say yes by the mailed link and read what is shown only then."""
    address = reverse("answer", args=[mails.answer_token(offer)])
    client.post(address, {"offer": str(offer.pk), "version": "1", "answer": "yes"}, follow=True)
    offer.refresh_from_db()
    assert offer.state == "accepted"
    assert MARKS["client_name"] in client.get(address, follow=True).content.decode()


def stored_rows() -> str:
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        dumps = []
        for table in tables:
            cursor.execute(f'select coalesce(string_agg(t::text, chr(10)), $$$$) from "{table}" t')
            dumps.append(cursor.fetchone()[0])
    return "\n".join(dumps)


def stored_in_valkey() -> str:
    valkey = Redis.from_url(settings.REDIS_URL)
    found = []
    for key in valkey.scan_iter():
        kind = valkey.type(key)
        value = (
            valkey.get(key) if kind == b"string" else valkey.lrange(key, 0, -1) if kind == b"list" else b""
        )
        found.append(f"{key!r} {value!r}")
    valkey.close()
    return "\n".join(found)


def readable(message: EmailMessage) -> str:
    texts = [part.get_payload(decode=True) or b"" for part in message.walk()]
    return str(message) + "\n".join(text.decode("utf-8", "replace") for text in texts)


def leaks(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


def test_a_journey_leaves_no_client_in_clear(
    client: Client, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], at: object
) -> None:
    at("2026-11-23 09:00")  # type: ignore[operator]
    with caplog.at_level(logging.DEBUG):
        journey(client)
        own_journey(client)
    sent = "\n".join(readable(letter.message()) for letter in mail.outbox if letter.to != [OWN_ADDRESS])
    own = [readable(letter.message()) for letter in mail.outbox if letter.to == [OWN_ADDRESS]]
    printed = capfd.readouterr()

    assert len(mail.outbox) >= 8
    assert len(own) >= 3
    assert "accepted" in stored_rows()
    assert {
        "rows": leaks(stored_rows()),
        "mails": leaks(sent),
        # Who asked reads the own address in the own mail, and nothing else.
        "own mails": leaks("".join(own).replace(OWN_ADDRESS, "")),
        "valkey": leaks(stored_in_valkey()),
        "logs": leaks(caplog.text + printed.out + printed.err),
    } == {"rows": [], "mails": [], "own mails": [], "valkey": [], "logs": []}


def test_the_search_for_leaks_finds_one(client: Client) -> None:
    factories.make_volunteer(MARKS["client_name"])
    assert leaks(stored_rows()) == [MARKS["client_name"], "Zapfenstreich"]
