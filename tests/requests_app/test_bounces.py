"""Mail that comes back stops further mail to the address, and nobody can forge that."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from lotsen_portal import addresses, bounces, clock, outbox, privacy, tasks
from lotsen_portal.bounces import Kind
from lotsen_portal.models import DeadAddress, LogEntry, OutgoingMail
from requests_app import undelivered, workflow
from requests_app.models import Offer
from tests import factories
from tests.factories import NOW, make_assistance, make_offer, make_volunteer, period
from tests.imap_box import Server
from volunteers.models import Volunteer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday(at: Callable[[str], datetime]) -> None:
    at("2026-11-23 09:00")


@pytest.fixture
def maildir(tmp_path: Path, settings: Any) -> Path:
    """An empty Maildir that BOUNCES_URL names."""
    for name in ("new", "cur", "tmp"):
        (tmp_path / name).mkdir()
    settings.BOUNCES_URL = f"maildir://{tmp_path}"
    return tmp_path


@pytest.fixture
def asked(db: None) -> OutgoingMail:
    """A question to a volunteer that left for SMTP."""
    make_offer(volunteer=make_volunteer("Samira Haddad", email="samira@weg.example"))
    outbox.deliver_due()
    return OutgoingMail.objects.get(function__endswith="ask_volunteer")


def message_id(row: OutgoingMail) -> str:
    """The Message-ID with which this mail left."""
    wanted = f"mail-{row.pk}-"
    letters = [letter.extra_headers["Message-ID"] for letter in mail.outbox]
    return next(found for found in reversed(letters) if wanted in found)


def report(about: str, *, status: str = "5.1.1", action: str = "failed", headers_only: bool = False) -> bytes:
    """A delivery report as Postfix writes it."""
    returned = "text/rfc822-headers" if headers_only else "message/rfc822"
    return f"""\
From: MAILER-DAEMON@mx.example
To: portal@example.org
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="grenze"

--grenze
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--grenze
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; samira@weg.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} User unknown

--grenze
Content-Type: {returned}

Message-ID: {about}
Subject: Anfrage

Text

--grenze--
""".encode()


def lay(maildir: Path, *letters: bytes) -> None:
    for number, raw in enumerate(letters):
        (maildir / "new" / f"{number:03}.host").write_bytes(raw)


def standing(row: OutgoingMail) -> tuple[str, str]:
    row.refresh_from_db()
    return row.state, row.last_error


def test_a_mail_that_comes_back_is_dead_and_its_address_too(maildir: Path, asked: OutgoingMail) -> None:
    lay(maildir, report(message_id(asked)))
    counts = bounces.take(NOW)

    assert counts == {Kind.FAILED: 1, Kind.PASSING: 0, Kind.AUTOMATIC: 0, Kind.UNKNOWN: 0}
    assert (standing(asked), asked.sent_at) == (("dead", "Bounced 5.1.1"), NOW)
    assert addresses.is_dead("Samira@WEG.example")
    entry = LogEntry.objects.get(kind="mail", action="bounced")
    assert (entry.number, entry.actor_kind, entry.before, entry.after) == (asked.pk, "clock", "sent", "dead")
    assert [path.name for path in (maildir / "cur").iterdir()] == ["000.host:2,S"]


def test_no_further_mail_goes_there_and_the_office_is_told_to_phone(
    maildir: Path, asked: OutgoingMail
) -> None:
    lay(maildir, report(message_id(asked)))
    bounces.take(NOW)
    sent = len(mail.outbox)
    make_offer(make_assistance(when=period("2026-12-10")), Volunteer.objects.get())
    outbox.deliver_due()

    assert [letter for letter in mail.outbox[sent:] if letter.to == ["samira@weg.example"]] == []
    calls, dead = undelivered.piles(now=NOW)
    assert [(row.name, row.has_address) for row in calls.mails] == [("Samira Haddad", True)]
    assert [(row.name, row.problem) for row in dead.mails] == [
        ("Samira Haddad", "Die Adresse nimmt keine Post an (5.1.1)")
    ]


def test_what_waited_for_a_later_hour_is_phoned_too(
    maildir: Path, asked: OutgoingMail, at: Callable[[str], datetime]
) -> None:
    factories.make_agreed(make_assistance(when=period("2026-12-10")), Volunteer.objects.get())
    outbox.deliver_due()
    lay(maildir, report(message_id(asked)))
    bounces.take(NOW)
    at("2026-12-09 12:01")
    outbox.deliver_due()
    reminder = OutgoingMail.objects.get(function__endswith="remind_volunteer")
    assert (reminder.state, reminder.sent_at) == ("phone", None)


def test_sending_again_frees_the_address(client: Client, maildir: Path, asked: OutgoingMail) -> None:
    lay(maildir, report(message_id(asked)))
    bounces.take(NOW)
    make_offer(make_assistance(when=period("2026-12-10")), Volunteer.objects.get())
    waiting = OutgoingMail.objects.get(state="phone")
    client.force_login(factories.make_coordinator())
    page = client.get("/koordination/").content.decode()
    assert ("Die Adresse nimmt keine Post an" in page, "Adresse stimmt: senden" in page) == (True, True)

    client.post(reverse("office:resend_mail", args=[waiting.pk]))
    assert not addresses.is_dead("samira@weg.example")
    outbox.deliver_due()
    assert standing(waiting)[0] == "sent"


def test_a_corrected_address_gets_the_mail_and_no_late_report_hits_it(
    client: Client, maildir: Path, asked: OutgoingMail
) -> None:
    late = report(message_id(asked))
    lay(maildir, late)
    bounces.take(NOW)
    Volunteer.objects.update(email="samira@da.example")
    client.force_login(factories.make_coordinator())
    client.post(reverse("office:resend_mail", args=[asked.pk]))
    outbox.deliver_due()
    assert (standing(asked)[0], mail.outbox[-1].to) == ("sent", ["samira@da.example"])
    assert addresses.is_dead("samira@weg.example")

    lay(maildir, late)
    assert bounces.take(NOW)[Kind.UNKNOWN] == 1
    assert standing(asked)[0] == "sent"
    assert not addresses.is_dead("samira@da.example")


def test_a_returned_mail_may_be_told_by_phone(client: Client, maildir: Path, asked: OutgoingMail) -> None:
    lay(maildir, report(message_id(asked)))
    bounces.take(NOW)
    client.force_login(factories.make_coordinator())
    client.post(reverse("office:phoned", args=[asked.pk]))
    assert standing(asked)[0] == "phoned"


@pytest.mark.parametrize(
    ("code", "dies"),
    [
        ("5.1.1", True), ("5.0.0", True), ("5.2.1", True), ("5.4.4", True),
        ("5.2.2", False), ("5.3.4", False), ("5.7.1", False), ("5.6.0", False),
    ],
)  # fmt: skip
def test_only_codes_that_blame_the_address_stop_further_mail(
    maildir: Path, asked: OutgoingMail, code: str, dies: bool
) -> None:
    lay(maildir, report(message_id(asked), status=code, headers_only=True))
    bounces.take(NOW)
    assert standing(asked) == ("dead", f"Bounced {code}")
    assert addresses.is_dead("samira@weg.example") is dies


@pytest.mark.parametrize(
    ("status", "action"), [("4.4.1", "delayed"), ("4.2.2", "failed"), ("2.0.0", "relayed")]
)
def test_what_is_tried_again_changes_nothing(
    maildir: Path, asked: OutgoingMail, status: str, action: str
) -> None:
    lay(maildir, report(message_id(asked), status=status, action=action))
    assert bounces.take(NOW)[Kind.PASSING] == 1
    assert standing(asked)[0] == "sent"


def forgeries(row: OutgoingMail) -> dict[str, str]:
    """Message-IDs that somebody may make up who knows how ours look."""
    real = message_id(row)
    moment = f"{row.created_at:%Y%m%d%H%M%S%f}"
    return {
        "no hash": f"<mail-{row.pk}-{moment}@testserver>",
        "zeros": f"<mail-{row.pk}-{moment}-{'0' * 24}@testserver>",
        "another mail's hash": real.replace(f"mail-{row.pk}-", f"mail-{row.pk + 1}-"),
        "one digit off": re.sub(r"(.)@", lambda m: ("0" if m[1] != "0" else "1") + "@", real),
        "number too big": f"<mail-{'9' * 40}-{moment}-{'0' * 24}@testserver>",
        "nothing": "",
    }


FORGED = ("no hash", "zeros", "another mail's hash", "one digit off", "number too big", "nothing")


@pytest.mark.parametrize("how", FORGED)
def test_a_forged_report_silences_nobody(maildir: Path, asked: OutgoingMail, how: str) -> None:
    lay(maildir, report(forgeries(asked)[how]))
    assert bounces.take(NOW)[Kind.UNKNOWN] == 1
    assert (standing(asked)[0], DeadAddress.objects.count()) == ("sent", 0)
    assert [path.name for path in (maildir / "cur").iterdir()] == ["000.host:2,FS"]


def test_garbage_and_absence_notes_change_nothing(maildir: Path, asked: OutgoingMail) -> None:
    real = message_id(asked)
    away = f"From: a@b.example\nAuto-Submitted: auto-replied\nIn-Reply-To: {real}\n\nBin im Urlaub".encode()
    letters = [
        b"", b"\0\xff\xfe" * 1000, b"Content-Type: multipart/report; boundary=x\n\n--x",
        b"Content-Type: multipart/report\n\n", b"\n" * 5000, "From: ü\n\n\U0001f648".encode(),
        report(real)[:400], report(real).replace(b"message/delivery-status", b"text/plain"),
        report(real, status="kaputt").replace(b"550 kaputt", b"hm"),
        b"Subject: " + b"=?utf-8?q?" * 5000 + b"\n\n" + b"(" * 20_000,
        away,
    ]  # fmt: skip
    lay(maildir, *letters)
    counts = bounces.take(NOW)
    assert (sum(counts.values()), counts[Kind.FAILED], counts[Kind.AUTOMATIC] >= 1) == (len(letters), 0, True)
    assert (standing(asked)[0], DeadAddress.objects.count()) == ("sent", 0)
    assert list((maildir / "new").iterdir()) == []
    assert len(list((maildir / "cur").iterdir())) == len(letters)


def test_the_same_report_twice_is_taken_once(maildir: Path, asked: OutgoingMail) -> None:
    lay(maildir, report(message_id(asked)), report(message_id(asked)))
    bounces.take(NOW)
    bounces.take(NOW)
    assert LogEntry.objects.filter(action="bounced").count() == 1


def test_the_mark_is_the_same_at_every_try(asked: OutgoingMail) -> None:
    assert message_id(asked) == f"<{addresses.mark(OutgoingMail.objects.get(pk=asked.pk))}@testserver>"


@pytest.mark.parametrize("state", ["waiting", "dropped"])
def test_only_what_was_sent_has_a_moment(asked: OutgoingMail, state: str) -> None:
    with pytest.raises(Exception, match="transition"), transaction.atomic():
        OutgoingMail.objects.filter(pk=asked.pk).update(state=state)


def test_the_address_is_not_stored_in_clear_and_is_forgotten(maildir: Path, asked: OutgoingMail) -> None:
    lay(maildir, report(message_id(asked)))
    bounces.take(NOW)
    with connection.cursor() as cursor:
        cursor.execute("select string_agg(t::text, ' ') from lotsen_portal_deadaddress t")
        assert "samira" not in cursor.fetchone()[0].lower()
    for rule in privacy.rules():
        rule.erase(NOW + privacy.ADDRESS_KEPT)
    assert addresses.is_dead("samira@weg.example")
    for rule in privacy.rules():
        rule.erase(NOW + privacy.ADDRESS_KEPT + timedelta(seconds=1))
    assert not addresses.is_dead("samira@weg.example")


# Mailboxes, command and clock


def test_an_imap_mailbox_is_read_and_flagged(settings: Any, asked: OutgoingMail) -> None:
    with Server() as box:
        settings.BOUNCES_URL = (
            f"imap://lotsen%40example.org:{box.password}@127.0.0.1:{box.port}/INBOX?tls=none"
        )
        known, odd = box.put(report(message_id(asked))), box.put(b"Subject: Hallo\r\n\r\nWer ist da?")
        first, second = bounces.take(NOW), bounces.take(NOW)

    assert (first[Kind.FAILED], first[Kind.UNKNOWN], sum(second.values())) == (1, 1, 0)
    assert box.flags == {known: {r"\Seen"}, odd: {r"\Seen", r"\Flagged"}}
    assert standing(asked)[0] == "dead"


def test_a_mailbox_that_cannot_be_read_harms_nothing(
    settings: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with Server() as box:
        urls = [
            f"imap://lotsen:falsch-xyz@127.0.0.1:{box.port}/INBOX?tls=none",
            "imap://lotsen:falsch-xyz@127.0.0.1:1/INBOX?tls=none",
            f"maildir://{tmp_path}/fehlt",
        ]
        for url in urls:
            settings.BOUNCES_URL = url
            tasks.take_bounces()
            with pytest.raises(CommandError, match="nicht lesbar"):
                call_command("take_bounces")
    assert "falsch-xyz" not in caplog.text


def test_the_clock_and_the_command_read_it(
    maildir: Path, asked: OutgoingMail, capsys: pytest.CaptureFixture[str]
) -> None:
    lay(maildir, report(message_id(asked)))
    tasks.take_bounces()
    assert standing(asked)[0] == "dead"
    call_command("take_bounces")
    assert "0 unzustellbar" in " ".join(capsys.readouterr().out.split())


def test_without_a_mailbox_nothing_happens(settings: Any) -> None:
    settings.BOUNCES_URL = ""
    tasks.take_bounces()
    with pytest.raises(CommandError, match="BOUNCES_URL fehlt"):
        call_command("take_bounces")


def test_no_time_runs_for_a_question_that_came_back(maildir: Path, asked: OutgoingMail) -> None:
    before = Offer.objects.get()
    lay(maildir, report(message_id(asked)))
    bounces.take(clock.now())
    workflow.expire_offers(clock.now())
    between = Offer.objects.get()
    outbox.mark_phoned(OutgoingMail.objects.get(pk=asked.pk), factories.make_coordinator(), clock.now())
    after = Offer.objects.get()

    assert before.deadline is not None
    assert (between.state, between.sent_at, between.deadline) == ("pending", None, None)
    assert after.deadline is not None
