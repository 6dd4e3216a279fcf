"""The one door for mail: verbs enqueue a row in their transaction, workers write and send what is due.

A row names the function that writes the mail and the records it is about, never its text. Delivery calls
the function, which looks at the records again and renders or drops. Sending is at least once: a copy too
many can arise only between the SMTP server's OK and the commit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused, SMTPResponseException
from typing import cast
from urllib.parse import urlsplit

import structlog
from celery import shared_task
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import OperationalError, transaction
from django.db.models import Min, Q, QuerySet
from django.utils import translation
from django.utils.module_loading import import_string
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from lotsen_portal import addresses, audit, clock
from lotsen_portal.letters import Attachment, Message, render
from lotsen_portal.models import MailState, OutgoingMail, Programme, User

__all__ = [
    "Attachment",
    "MailFunction",
    "Message",
    "come_back",
    "deliver",
    "deliver_due",
    "drop_needless_calls",
    "enqueue",
    "forget",
    "mark_phoned",
    "nudge",
    "oldest_waiting",
    "render",
    "resend",
    "sweep",
    "to_phone",
    "written",
]

log = structlog.get_logger(__name__)

# Minutes until the next try after the first, second ... one, also where the process died while sending.
BACK_OFF = (1, 5, 15, 60, 240, 5)
TRIES = len(BACK_OFF)
BATCH = 100
PROCESS_DIED = "ProcessDied"


MailFunction = Callable[[OutgoingMail, datetime], Message | None]


def enqueue(
    function: MailFunction,
    *,
    key: str,
    to: str,
    language: str,
    ids: dict[str, int],
    version: int = 0,
    due: datetime | None = None,
    now: datetime,
) -> None:
    """Note a mail to send, once for each key, from `due` on (at once if None).

    Whoever has no address, or one from which mail comes back, gets into the office's list of people to phone.
    Raises ValueError for a function
    that a worker could not find again.
    """
    name = f"{function.__module__}.{function.__qualname__}"
    if _found(name) is not function:
        raise ValueError(f"{name} is not a function that can be found by its name")
    reaches = bool(to) and not addresses.is_dead(to)
    row = OutgoingMail(
        key=key,
        function=name,
        ids=ids,
        recipient=to,
        language=language,
        version=version,
        state=MailState.WAITING if reaches else MailState.PHONE,
        due_at=due or now,
        try_at=due or now,
        created_at=now,
    )
    OutgoingMail.objects.bulk_create([row], ignore_conflicts=True)
    if reaches and row.due_at <= now:
        transaction.on_commit(nudge, robust=True)


def written(mail: OutgoingMail, now: datetime) -> Message | None:
    """Return the mail as it would go out at this moment; None where it is not needed any more."""
    function = cast(MailFunction, import_string(mail.function))
    with translation.override(mail.language):
        return function(mail, now)


def deliver_due(limit: int = BATCH) -> int:
    """Try up to `limit` mails that are due, over one SMTP connection; return how many were tried.

    While the SMTP server cannot be reached nothing is tried and no try is counted.
    """
    now = clock.now()
    _bury(now)
    if not _due(now).exists():
        return 0
    connection = get_connection()
    tried = 0
    try:
        while tried < limit:
            connection.open()  # only if it is not
            claim = _claim(clock.now())
            if claim is None:
                break
            _attempt(claim, connection)
            tried += 1
    except (SMTPException, OSError) as error:
        log.warning("mail_server_unavailable", error=_label(error))
    finally:
        _close(connection)
    return tried


def resend(mail: OutgoingMail, by: User, now: datetime, *, to: str = "") -> bool:
    """Give a dead letter or a mail to be phoned its tries again, to a corrected address if one is given.

    Whoever presses the button says that the address is right: mail goes there again. False where the mail
    does not wait for the office any more, or has no address.
    """
    address = to or mail.recipient
    fresh = {"state": MailState.WAITING, "attempts": 0, "due_at": now, "try_at": now, "last_error": ""}
    with transaction.atomic():
        row = _locked(OutgoingMail.objects.filter(pk=mail.pk, state__in=[MailState.DEAD, MailState.PHONE]))
        if row is None or not address:
            return False
        addresses.free(address)
        OutgoingMail.objects.filter(pk=mail.pk).update(**fresh, recipient=address, sent_at=None)
        _record(mail, by, "resend", MailState(row.state), MailState.WAITING, now)
        transaction.on_commit(nudge, robust=True)
    return True


def come_back(number: int, code: str, now: datetime) -> bool:
    """Note that a mail which had left could not be delivered (`code` as in RFC 3463); False if it is known.

    Where the address itself is the reason, no further mail goes there.
    """
    with transaction.atomic():
        mail = OutgoingMail.objects.select_for_update(no_key=True).filter(pk=number).first()
        if mail is None or mail.state != MailState.SENT:
            return False
        mail.state, mail.last_error = MailState.DEAD, f"{addresses.BOUNCED} {code}"[:100]
        mail.save(update_fields=["state", "last_error"])
        if addresses.is_to_blame(code):
            addresses.bury(mail.recipient, code=code, now=now)
        before, after = MailState.SENT.value, MailState.DEAD.value
        audit.record(audit.CLOCK, "bounced", kind="mail", number=number, before=before, after=after, at=now)
    return True


def mark_phoned(mail: OutgoingMail, by: User, now: datetime) -> bool:
    """Note that the office told the person by phone, which counts as hand-over; False where nobody had to."""
    with transaction.atomic():
        row = _locked(OutgoingMail.objects.filter(pk=mail.pk, state__in=[MailState.PHONE, MailState.DEAD]))
        if row is None:
            return False
        before = MailState(row.state)
        row.state = MailState.PHONED
        row.save(update_fields=["state"])
        _record(row, by, "phoned", before, MailState.PHONED, now)
        message = written(row, now)
        if message is not None and message.on_sent is not None:
            message.on_sent(now)
    return True


def forget(beginnings: Iterable[str]) -> None:
    """Forget to whom the mails whose keys begin so went or would go, and send none of them any more."""
    rows = _beginning(beginnings)
    rows.filter(state=MailState.DEAD).update(state=MailState.WAITING)
    rows.filter(state__in=[MailState.WAITING, MailState.PHONE]).update(state=MailState.DROPPED)
    rows.update(recipient="")


def readdress(beginnings: Iterable[str], to: str) -> None:
    """Let the mails whose keys begin so, as far as they wait, go to another address; without one, phone."""
    state = MailState.WAITING if to else MailState.PHONE
    _beginning(beginnings).filter(state=MailState.WAITING).update(recipient=to, state=state)


def to_phone(now: datetime) -> QuerySet[OutgoingMail]:
    """Return the mails whose people have no address and have to be phoned by now, the oldest first."""
    return OutgoingMail.objects.filter(state=MailState.PHONE, due_at__lte=now).order_by("due_at", "pk")


def oldest_waiting(now: datetime) -> timedelta | None:
    """Return for how long the oldest mail that should have gone out has been waiting; None if none does."""
    waiting = OutgoingMail.objects.filter(state=MailState.WAITING, due_at__lte=now)
    since = waiting.aggregate(since=Min("due_at"))["since"]
    return None if since is None else now - since


def nudge() -> None:
    """Ask a worker to deliver what is due; where the broker is down, the sweep will find it."""
    try:
        deliver.apply_async(retry=False)
    except (KombuError, RedisError, OSError) as error:
        log.warning("nudge_failed", error=type(error).__name__)


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def deliver() -> None:
    """Deliver all that is due."""
    while deliver_due() >= BATCH:
        pass


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def sweep() -> None:
    """Deliver what no nudge has reached, and take needless calls off the office's list."""
    drop_needless_calls(clock.now())
    deliver()


def drop_needless_calls(now: datetime) -> None:
    """Drop the mails that were to be phoned whose function says that nobody needs them any more."""
    for mail in to_phone(now):
        try:
            if written(mail, now) is None:
                OutgoingMail.objects.filter(pk=mail.pk, state=MailState.PHONE).update(state=MailState.DROPPED)
        except Exception as error:  # noqa: BLE001 - one broken mail must not keep the others
            log.warning("call_not_checked", mail=mail.pk, error=type(error).__name__)


@dataclass(frozen=True)
class _Claim:
    """A try that is counted already: whoever raises the count later takes the mail over."""

    number: int
    attempt: int


def _due(now: datetime) -> QuerySet[OutgoingMail]:
    return OutgoingMail.objects.filter(state=MailState.WAITING, try_at__lte=now, attempts__lt=TRIES)


def _claim(now: datetime) -> _Claim | None:
    """Count a try of the next mail and commit it, so that a mail that kills its process runs out of tries."""
    with transaction.atomic():
        row = _locked(_due(now).only("attempts").order_by("try_at", "pk"))
        if row is None:
            return None
        row.try_at, row.attempts = now + timedelta(minutes=BACK_OFF[row.attempts]), row.attempts + 1
        row.save(update_fields=["attempts", "try_at"])
    return _Claim(row.pk, row.attempts)


def _attempt(claim: _Claim, connection: BaseEmailBackend) -> None:
    """Write and send one mail while its row is locked; whatever goes wrong concerns this mail only."""
    try:
        with transaction.atomic():
            # Waits: another worker looking for its next mail may touch this row for a moment.
            mail = _claimed(claim).select_for_update(no_key=True).first()
            if mail is None:
                return
            message = written(mail, clock.now())
            if message is None:
                mail.state = MailState.DROPPED
            elif addresses.is_dead(mail.recipient):
                mail.state, message = MailState.PHONE, None
            else:
                connection.send_messages([_email(mail, message)])
                mail.state, mail.sent_at = MailState.SENT, clock.now()
            mail.last_error = ""
            mail.save(update_fields=["state", "sent_at", "last_error"])
            if message is not None and message.on_sent is not None and mail.sent_at is not None:
                _hand_over(mail, message.on_sent, mail.sent_at)
    except Exception as error:  # noqa: BLE001 - a mail function may fail in any way, and counts a try
        _close(connection)
        _fail(claim, error)


def _hand_over(mail: OutgoingMail, on_sent: Callable[[datetime], None], at: datetime) -> None:
    # The mail is out: whatever fails here must not undo that, or it goes out again.
    failed = ""
    for _once_more in range(3):
        try:
            with transaction.atomic():
                on_sent(at)
            return
        except OperationalError as error:  # a deadlock, mostly
            failed = type(error).__name__
        except Exception as error:  # noqa: BLE001 - the mail is out already, see above
            failed = type(error).__name__
            break
    log.error("mail_hand_over_failed", mail=mail.pk, error=failed)
    OutgoingMail.objects.filter(pk=mail.pk).update(last_error=f"on_sent {failed}"[:100])


def _fail(claim: _Claim, error: Exception) -> None:
    over = claim.attempt >= TRIES or _is_final(error)
    state = MailState.DEAD if over else MailState.WAITING
    log.warning(
        "mail_failed", mail=claim.number, error=_label(error), attempt=claim.attempt, state=state.value
    )
    _claimed(claim).update(state=state, last_error=_label(error))


def _bury(now: datetime) -> None:
    """Turn mails whose process died at the last try into dead letters."""
    lost = OutgoingMail.objects.filter(state=MailState.WAITING, try_at__lte=now, attempts__gte=TRIES)
    with transaction.atomic():
        numbers = list(lost.select_for_update(skip_locked=True, no_key=True).values_list("pk", flat=True))
        lost.filter(pk__in=numbers).update(state=MailState.DEAD, last_error=PROCESS_DIED)


def _email(mail: OutgoingMail, message: Message) -> EmailMultiAlternatives:
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    email = EmailMultiAlternatives(
        message.subject,
        message.text,
        to=[mail.recipient],
        reply_to=[Programme.current().email],
        # The same at every try, so that a copy too many can be told from a second mail.
        headers={
            "Message-ID": f"<{addresses.mark(mail)}@{host}>",
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        },
    )
    email.attach_alternative(message.html, "text/html")
    if message.calendar is not None:
        calendar = message.calendar
        email.attach_alternative(calendar.content, f"text/calendar; method={calendar.method}")
        email.attach(calendar.filename, calendar.content, "application/ics")
    return email


def _is_final(error: Exception) -> bool:
    """Say whether the server refused this very mail for good (5xx for its recipient or content)."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= 500 for code, _answer in error.recipients.values())
    return isinstance(error, SMTPDataError) and error.smtp_code >= 500


def _label(error: Exception) -> str:
    """Return the class of an error and the SMTP code, never its text, which may hold addresses."""
    code: object = ""
    if isinstance(error, SMTPRecipientsRefused):
        code = max((code for code, _answer in error.recipients.values()), default="")
    elif isinstance(error, SMTPResponseException):
        code = error.smtp_code
    return f"{type(error).__name__} {code}".strip()[:100]


def _beginning(beginnings: Iterable[str]) -> QuerySet[OutgoingMail]:
    keys = reduce(or_, (Q(key__startswith=beginning) for beginning in beginnings), Q(pk=None))
    return OutgoingMail.objects.filter(keys)


def _claimed(claim: _Claim) -> QuerySet[OutgoingMail]:
    return OutgoingMail.objects.filter(pk=claim.number, state=MailState.WAITING, attempts=claim.attempt)


def _locked(rows: QuerySet[OutgoingMail]) -> OutgoingMail | None:
    return rows.select_for_update(skip_locked=True, no_key=True).first()


def _close(connection: BaseEmailBackend) -> None:
    with suppress(SMTPException, OSError):
        connection.close()


def _record(
    mail: OutgoingMail, by: User, action: str, before: MailState, after: MailState, now: datetime
) -> None:
    actor, states = audit.Actor.office(by), {"before": before.value, "after": after.value}
    audit.record(actor, action, kind="mail", number=mail.pk, **states, at=now)


def _found(name: str) -> object:
    try:
        return cast(object, import_string(name))
    except ImportError:
        return None
