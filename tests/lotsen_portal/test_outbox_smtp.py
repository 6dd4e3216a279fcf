"""The outbox against a real SMTP server."""

import pytest

from lotsen_portal import outbox
from lotsen_portal.models import OutgoingMail
from lotsen_portal.outbox import Attachment, Message
from tests.smtp_sink import Server

pytestmark = pytest.mark.django_db

CALENDAR = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"


def appointment(mail, now):
    return Message("Ihr Termin – Größe", "Grüße\n.\nEnde\n", "<p>Grüße</p>", Attachment(CALENDAR, "REQUEST"))


@pytest.fixture
def sink(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_TIMEOUT = 2
    with Server() as sink:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        yield sink


@pytest.fixture
def enqueue(at):
    now = at("2026-11-23 09:00")

    def put(to):
        outbox.enqueue(appointment, key=f"smtp:{to}", to=to, language="de", ids={}, now=now)
        return OutgoingMail.objects.get(key=f"smtp:{to}")

    return put


def stand(mail):
    mail.refresh_from_db()
    return mail.state, mail.last_error


def test_a_batch_goes_over_one_connection(sink, enqueue):
    for number in range(5):
        enqueue(f"person{number}@example.org")
    outbox.deliver_due()
    assert sink.recipients == [f"person{number}@example.org" for number in range(5)]
    assert sink.connections == 1


def test_text_html_and_calendar_arrive_as_they_were_written(sink, enqueue):
    enqueue("amina@example.org")
    outbox.deliver_due()
    (message,) = sink.messages
    assert (message["To"], message["Subject"]) == ("amina@example.org", "Ihr Termin – Größe")
    bodies = {part.get_content_type(): part.get_payload(decode=True) for part in message.walk()}
    assert bodies["text/plain"].decode().split() == ["Grüße", ".", "Ende"]
    assert bodies["text/html"].decode().strip() == "<p>Grüße</p>"
    assert bodies["text/calendar"].decode().splitlines() == CALENDAR.splitlines()


def test_a_refused_address_is_a_dead_letter_and_the_others_arrive(sink, enqueue):
    sink.refused["gone@example.org"] = "550 no such user"
    gone, here = enqueue("gone@example.org"), enqueue("here@example.org")
    outbox.deliver_due()
    assert stand(gone) == ("dead", "SMTPRecipientsRefused 550")
    assert stand(here) == ("sent", "")


def test_an_address_that_is_busy_is_tried_again(sink, enqueue, at):
    sink.refused["busy@example.org"] = "451 greylisted"
    busy = enqueue("busy@example.org")
    outbox.deliver_due()
    assert stand(busy) == ("waiting", "SMTPRecipientsRefused 451")
    sink.refused.clear()
    at("2026-11-23 09:01")
    outbox.deliver_due()
    assert stand(busy) == ("sent", "")
    assert sink.recipients == ["busy@example.org"]


def test_a_server_that_never_answers_holds_nobody_for_longer_than_the_timeout(sink, enqueue, settings):
    settings.EMAIL_TIMEOUT = 0.2
    sink.delay = 5
    mail = enqueue("amina@example.org")
    outbox.deliver_due()
    assert stand(mail) == ("waiting", "SMTPServerDisconnected")


def test_a_server_that_is_away_costs_no_try(enqueue, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with Server() as sink:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
    mail = enqueue("amina@example.org")
    assert outbox.deliver_due() == 0
    assert (*stand(mail), mail.attempts) == ("waiting", "", 0)
