"""The mail of a past that never happened: nobody got it, so no worker may send it now."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import connection

from lotsen_portal.models import MailState, OutgoingMail
from requests_app import mails, offering
from requests_app.models import Offer
from requests_app.states import OfferState

# A worker takes a moment; what it did is told as it would have been.
ON_THE_WAY: Final = timedelta(seconds=4)

# Workers write these rows through the outbox, which would send. Only the demo knows mail that left unsent.
_ENDS: Final = """
update lotsen_portal_outgoingmail
   set state = %(state)s, attempts = 1, last_error = %(error)s,
       sent_at = case when %(state)s = 'sent' then due_at + make_interval(secs => %(way)s) end
 where id = any(%(ids)s) and state = 'waiting'
"""


class Post:
    """What becomes of waiting mails; `close` writes it, so that a year costs three statements."""

    def __init__(self) -> None:
        self.ends: dict[tuple[MailState, str], list[int]] = {}

    def deliver(self, mail: OutgoingMail) -> None:
        """Count a mail as sent when it was due, or as dropped where it was not needed any more.

        An offer's deadline begins as if its mail had been handed over four seconds after it was due.
        """
        self._end(mail, MailState.SENT if _is_needed(mail) else MailState.DROPPED)
        if mail.name == mails.ask_volunteer.__name__:
            offering.handed_over(mail.ids["offer"], mail.due_at + ON_THE_WAY)
        elif mail.name == mails.ask_digest.__name__:
            offering.digest_handed_over([offer.pk for offer in in_digest(mail)], mail.due_at + ON_THE_WAY)

    def refuse(self, mail: OutgoingMail, error: str) -> None:
        """Let a mail have been refused for good, with the error's class and code."""
        self._end(mail, MailState.DEAD, error)

    def close(self) -> None:
        """Write how every mail ended."""
        with connection.cursor() as cursor:
            for (state, error), ids in self.ends.items():
                cursor.execute(
                    _ENDS, {"state": state.value, "error": error, "way": ON_THE_WAY.seconds, "ids": ids}
                )

    def _end(self, mail: OutgoingMail, state: MailState, error: str = "") -> None:
        self.ends.setdefault((state, error), []).append(mail.pk)


def in_digest(mail: OutgoingMail) -> list[Offer]:
    """The questions that a digest carries and that are still open; none for another mail."""
    if mail.name != mails.ask_digest.__name__:
        return []
    waiting = Offer.objects.filter(volunteer=mail.ids["volunteer"], waits_until__lte=mail.due_at)
    return list(waiting.filter(state=OfferState.PENDING.value).order_by("pk"))


def catch_up(now: datetime) -> None:
    """Count as sent what fell due since the story's end, so that nothing goes out when a demo starts."""
    post = Post()
    for mail in OutgoingMail.objects.filter(state=MailState.WAITING, due_at__lte=now).order_by(
        "due_at", "pk"
    ):
        post.deliver(mail)
    post.close()


def _is_needed(mail: OutgoingMail) -> bool:
    if mail.name == mails.ask_digest.__name__:
        return bool(in_digest(mail))
    if mail.name != mails.remind_volunteer.__name__:
        return True
    return Offer.objects.filter(
        pk=mail.ids["offer"], state=OfferState.ACCEPTED.value, assistance__version=mail.version
    ).exists()
