"""The outbox on a real PostgreSQL, with Django's in-memory mail: what becomes of a row."""

import threading
from datetime import timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused

import pytest
from django.core import mail as django_mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import DatabaseError, OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from kombu.exceptions import OperationalError as BrokerDown

from lotsen_portal import letters, outbox
from lotsen_portal.models import LogEntry, MailState, OutgoingMail, Programme
from lotsen_portal.outbox import Attachment, Message

pytestmark = pytest.mark.django_db

handed_over = []


def greeting(mail, now):
    text = f"Guten Tag, {mail.ids['number']}"
    return Message("Gruß", text, f"<p>{text}</p>", on_sent=lambda at: handed_over.append((mail.pk, at)))


def not_needed(mail, now):
    return None


def broken(mail, now):
    raise RuntimeError("amina@example.org lives in Neuss")


def appointment(mail, now):
    return Message(
        "Termin", "Text", "<p>Text</p>", Attachment("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "REQUEST")
    )


def fails_after_sending(mail, now):
    def on_sent(at):
        Programme.objects.update(city="Anderswo")
        raise LookupError

    return Message("Gruß", "Text", "<p>Text</p>", on_sent=on_sent)


def deadlocked_twice(mail, now):
    def on_sent(at):
        handed_over.append((mail.pk, at))
        if len(handed_over) < 3:
            raise OperationalError("deadlock detected")

    return Message("Gruß", "Text", "<p>Text</p>", on_sent=on_sent)


@pytest.fixture(autouse=True)
def now(at):
    handed_over.clear()
    return at("2026-11-23 09:00")


@pytest.fixture
def enqueue(now):
    def put(function=greeting, key="greeting:1", to="amina@example.org", **more):
        values = {"language": "de", "ids": {"number": 1}, "now": now, **more}
        outbox.enqueue(function, key=key, to=to, **values)
        return OutgoingMail.objects.get(key=key)

    return put


@pytest.fixture
def smtp_answers(monkeypatch):
    """Let the mail server fail with each of these errors in turn, then work."""

    def fail(*errors):
        left = list(errors)

        def send(self, messages):
            if left:
                raise left.pop(0)
            return real(self, messages)

        real = EmailBackend.send_messages
        monkeypatch.setattr(EmailBackend, "send_messages", send)

    return fail


def stand(mail):
    mail.refresh_from_db()
    return mail.state, mail.attempts, mail.last_error


def test_a_mail_goes_out_once_and_says_so(enqueue, now):
    mail = enqueue()
    assert outbox.deliver_due() == 1
    assert outbox.deliver_due() == 0
    assert [(m.to, m.subject, m.body) for m in django_mail.outbox] == [
        (["amina@example.org"], "Gruß", "Guten Tag, 1")
    ]
    assert (*stand(mail), mail.sent_at) == ("sent", 1, "", now)
    assert handed_over == [(mail.pk, now)]


def test_a_mail_can_be_answered_to_the_office_and_says_that_a_machine_wrote_it(enqueue):
    mail = enqueue()
    outbox.deliver_due()
    (sent,) = django_mail.outbox
    assert sent.reply_to == [Programme.current().email]
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"
    assert sent.extra_headers["Message-ID"].startswith(f"<mail-{mail.pk}-")


def test_the_same_key_is_never_sent_twice(enqueue):
    enqueue()
    enqueue(to="other@example.org")
    outbox.deliver_due()
    assert [m.to for m in django_mail.outbox] == [["amina@example.org"]]


def test_a_verb_that_fails_leaves_no_mail(enqueue):
    def verb():
        with transaction.atomic():
            enqueue()
            raise LookupError

    with pytest.raises(LookupError):
        verb()
    assert OutgoingMail.objects.count() == 0


def test_a_mail_for_later_waits_for_its_time(enqueue, now, at):
    mail = enqueue(due=now + timedelta(hours=3))
    assert outbox.deliver_due() == 0
    at("2026-11-23 12:00")
    assert outbox.deliver_due() == 1
    assert stand(mail)[0] == "sent"


def test_a_mail_nobody_needs_any_more_is_dropped(enqueue):
    mail = enqueue(not_needed)
    outbox.deliver_due()
    assert (*stand(mail), mail.sent_at) == ("dropped", 1, "", None)
    assert django_mail.outbox == []


def test_only_a_function_that_workers_can_find_is_taken(enqueue):
    with pytest.raises(ValueError, match="can be found"):
        enqueue(lambda mail, now: None)
    with pytest.raises(ValueError, match="can be found"):
        enqueue(stand.__get__(object()))


def test_a_broken_mail_backs_off_and_keeps_no_other_waiting(enqueue, now):
    bad = enqueue(broken, key="bad:1")
    good = enqueue()
    outbox.deliver_due()
    assert stand(bad) == ("waiting", 1, "RuntimeError")
    assert bad.try_at == now + timedelta(minutes=1)
    assert stand(good)[0] == "sent"


def test_an_address_that_cannot_be_decrypted_keeps_no_other_waiting(enqueue):
    bad = enqueue(key="bad:1")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE lotsen_portal_outgoingmail SET recipient = 'amina@example.org'")
    good = enqueue()
    outbox.deliver_due()
    assert stand(good)[0] == "sent"
    assert OutgoingMail.objects.values_list("state", "last_error").get(pk=bad.pk) == (
        "waiting",
        "DecryptionFailed",
    )


def test_a_mail_function_that_is_gone_keeps_no_other_waiting(enqueue, make_mail):
    gone = make_mail(function="lotsen_portal.outbox.no_such_mail", recipient="amina@example.org")
    good = enqueue()
    outbox.deliver_due()
    assert stand(gone) == ("waiting", 1, "ImportError")
    assert stand(good)[0] == "sent"


def test_six_failures_make_a_dead_letter_after_growing_pauses(enqueue, at):
    mail = enqueue(broken)
    pauses = []
    for moment in ("09:00", "09:01", "09:06", "09:21", "10:21", "14:21"):
        now = at(f"2026-11-23 {moment}")
        assert outbox.deliver_due() == 1
        mail.refresh_from_db()
        pauses.append((mail.try_at - now) // timedelta(minutes=1))
    assert pauses[:5] == [1, 5, 15, 60, 240]
    assert stand(mail) == ("dead", 6, "RuntimeError")
    at("2026-12-23 09:00")
    assert outbox.deliver_due() == 0


@pytest.mark.parametrize(
    ("error", "state", "noted"),
    [
        (
            SMTPRecipientsRefused({"amina@example.org": (550, b"no such amina")}),
            "dead",
            "SMTPRecipientsRefused 550",
        ),
        (
            SMTPRecipientsRefused({"amina@example.org": (450, b"later")}),
            "waiting",
            "SMTPRecipientsRefused 450",
        ),
        (SMTPDataError(554, b"we do not like it"), "dead", "SMTPDataError 554"),
        (SMTPDataError(451, b"later"), "waiting", "SMTPDataError 451"),
        (SMTPSenderRefused(550, b"who are you", "x@example.org"), "waiting", "SMTPSenderRefused 550"),
        (ConnectionResetError(), "waiting", "ConnectionResetError"),
    ],
)
def test_what_is_refused_for_good_is_dead_at_once_and_the_rest_is_tried_again(
    enqueue, smtp_answers, error, state, noted
):
    smtp_answers(error)
    mail = enqueue()
    outbox.deliver_due()
    assert stand(mail) == (state, 1, noted)


def test_a_mail_server_that_is_away_costs_no_tries(enqueue, monkeypatch):
    def away(self):
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailBackend, "open", away)
    mail = enqueue()
    assert outbox.deliver_due() == 0
    assert stand(mail) == ("waiting", 0, "")


def test_errors_are_noted_and_logged_without_what_they_say(enqueue, caplog, capsys):
    mail = enqueue(broken)
    outbox.deliver_due()
    printed = capsys.readouterr()
    said = caplog.text + printed.out + printed.err
    assert "mail_failed" in said
    assert f"{mail.pk}" in said
    assert "example.org" not in said + mail.last_error


def test_a_process_that_dies_while_sending_has_used_a_try(enqueue, monkeypatch):
    class KilledError(BaseException):
        """Stands for a process that is gone: nothing after it runs."""

    def die(mail, now):
        raise KilledError

    mail = enqueue()
    with monkeypatch.context() as patch:
        patch.setattr(outbox, "written", die)
        with pytest.raises(KilledError):
            outbox.deliver_due()
    assert stand(mail) == ("waiting", 1, "")


def test_a_mail_that_always_kills_its_process_ends_as_a_dead_letter(make_mail, now):
    mail = make_mail(attempts=outbox.TRIES, recipient="amina@example.org", try_at=now)
    assert outbox.deliver_due() == 0
    assert stand(mail) == ("dead", 6, outbox.PROCESS_DIED)


def test_a_failing_hand_over_sends_nothing_twice(enqueue):
    city = Programme.current().city
    mail = enqueue(fails_after_sending)
    outbox.deliver_due()
    assert stand(mail) == ("sent", 1, "on_sent LookupError")
    assert Programme.current().city == city


def test_a_hand_over_is_repeated_after_a_deadlock(enqueue, now):
    mail = enqueue(deadlocked_twice)
    outbox.deliver_due()
    assert stand(mail) == ("sent", 1, "")
    assert handed_over == [(mail.pk, now)] * 3


def test_an_appointment_travels_as_a_calendar_part_and_as_a_file(enqueue):
    enqueue(appointment)
    outbox.deliver_due()
    raw = django_mail.outbox[0].message()
    parts = [(part.get_content_type(), part.get_param("method")) for part in raw.walk()]
    assert parts == [
        ("multipart/mixed", None),
        ("multipart/alternative", None),
        ("text/plain", None),
        ("text/html", None),
        ("text/calendar", "REQUEST"),
        ("application/ics", None),
    ]


def test_who_has_no_address_is_phoned_and_the_call_counts_as_hand_over(enqueue, coordinator, now):
    mail = enqueue(to="")
    assert outbox.deliver_due() == 0
    assert list(outbox.to_phone(now)) == [mail]
    assert outbox.mark_phoned(mail, coordinator, now) is True
    assert outbox.mark_phoned(mail, coordinator, now) is False
    assert stand(mail)[0] == "phoned"
    assert handed_over == [(mail.pk, now)]
    assert list(
        LogEntry.objects.values_list("action", "kind", "number", "actor_number", "before", "after")
    ) == [("phoned", "mail", mail.pk, coordinator.pk, "phone", "phoned")]


def test_a_call_that_is_not_needed_any_more_leaves_the_list(enqueue, now):
    needless, needed = enqueue(not_needed, to="", key="a"), enqueue(to="", key="b")
    unclear = enqueue(broken, to="", key="c")
    outbox.drop_needless_calls(now)
    assert list(outbox.to_phone(now)) == [needed, unclear]
    assert stand(needless)[0] == "dropped"


def test_a_call_for_later_is_not_on_the_list_yet(enqueue, now):
    enqueue(to="", due=now + timedelta(days=1))
    assert list(outbox.to_phone(now)) == []


def test_a_dead_letter_gets_its_tries_again(enqueue, coordinator, make_mail, now):
    mail = enqueue()
    OutgoingMail.objects.filter(pk=mail.pk).update(
        state=MailState.DEAD, attempts=6, last_error="RuntimeError"
    )
    assert outbox.resend(mail, coordinator, now) is True
    assert stand(mail) == ("waiting", 0, "")
    outbox.deliver_due()
    assert stand(mail)[0] == "sent"
    assert outbox.resend(mail, coordinator, now) is False
    assert LogEntry.objects.get().action == "resend"


def test_the_database_refuses_moves_of_other_code(enqueue):
    mail = enqueue()
    outbox.deliver_due()
    with pytest.raises(DatabaseError, match="Invalid transition"), transaction.atomic():
        OutgoingMail.objects.filter(pk=mail.pk).update(state="waiting", sent_at=None)


def test_the_oldest_waiting_mail_counts_from_when_it_was_due(enqueue, now, at):
    assert outbox.oldest_waiting(now) is None
    enqueue(broken, due=now + timedelta(hours=1))
    assert outbox.oldest_waiting(now) is None
    later = at("2026-11-23 10:00")
    outbox.deliver_due()
    assert outbox.oldest_waiting(later + timedelta(minutes=7)) == timedelta(minutes=7)


def test_a_dead_broker_breaks_no_request(enqueue, monkeypatch, django_capture_on_commit_callbacks):
    def down(*args, **kwargs):
        raise BrokerDown("Connection refused")

    monkeypatch.setattr(outbox.deliver, "apply_async", down)
    with django_capture_on_commit_callbacks(execute=True) as hooks:
        enqueue()
    assert len(hooks) == 1
    outbox.sweep()
    assert [m.to for m in django_mail.outbox] == [["amina@example.org"]]


def test_a_mail_for_later_nudges_nobody(enqueue, now, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as hooks:
        enqueue(due=now + timedelta(hours=1))
        enqueue(to="", key="phone:1")
    assert hooks == []


def test_each_further_mail_costs_the_same_statements(enqueue):
    def statements(count):
        for number in range(count):
            enqueue(key=f"count:{count}:{number}")
        with CaptureQueriesContext(connection) as queries:
            assert outbox.deliver_due(limit=count) == count
        return len(queries)

    Programme.current()
    one, two, five = statements(1), statements(2), statements(5)
    assert five - one == 4 * (two - one)


@pytest.fixture
def templates(tmp_path, settings):
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "hello.txt").write_text(
        "Anfrage {{ name }}\n\nGuten Tag {{ name }},\n{{ programme.city }}\n"
    )
    (tmp_path / "mail" / "hello.html").write_text("<p>{{ name }}</p>")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    letters._text_engine.cache_clear()
    yield
    letters._text_engine.cache_clear()


def test_plain_text_is_not_escaped_and_html_is_once(templates):
    assert outbox.render("hello", {"name": "A & <B>"}, "de") == (
        "Anfrage A & <B>",
        "Guten Tag A & <B>,\nNeuss\n",
        "<p>A &amp; &lt;B&gt;</p>",
    )


def test_a_subject_stays_one_line_whatever_it_holds(templates):
    subject, _text, _html = outbox.render("hello", {"name": "A\rBcc: all@example.org"}, "de")
    assert subject == "Anfrage A Bcc: all@example.org"


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_send_the_same_mail(enqueue):
    for number in range(20):
        enqueue(key=f"race:{number}", ids={"number": number})
    start = threading.Barrier(4)

    def work():
        start.wait()
        try:
            while outbox.deliver_due():
                pass
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(m.body for m in django_mail.outbox) == sorted(f"Guten Tag, {n}" for n in range(20))


@pytest.mark.django_db(transaction=True)
def test_a_row_that_another_worker_glances_at_is_waited_for_and_sent(enqueue, now):
    enqueue()
    claim = outbox._claim(now)
    looking, sending = threading.Event(), threading.Event()

    def glance():
        with transaction.atomic():
            list(OutgoingMail.objects.select_for_update(no_key=True))
            looking.set()
            sending.wait(0.3)
        connection.close()

    worker = threading.Thread(target=glance)
    worker.start()
    looking.wait()
    outbox._attempt(claim, EmailBackend())
    sending.set()
    worker.join()
    assert len(django_mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_a_claim_that_another_worker_took_over_sends_nothing(enqueue, now):
    mail = enqueue()
    slow = outbox._claim(now)
    OutgoingMail.objects.filter(pk=mail.pk).update(try_at=now)
    fast = outbox._claim(now)
    post = EmailBackend()
    outbox._attempt(slow, post)
    assert django_mail.outbox == []
    outbox._attempt(fast, post)
    assert len(django_mail.outbox) == 1
