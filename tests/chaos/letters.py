"""Mails for the fault tests, in a module that workers can import."""

import os
import signal
from datetime import datetime

from lotsen_portal.models import OutgoingMail
from lotsen_portal.outbox import Message


def letter(mail: OutgoingMail, now: datetime) -> Message:
    """Write a mail that tells its number."""
    return Message(f"Brief {mail.ids['number']}", "Guten Tag\n", "<p>Guten Tag</p>")


def poison(mail: OutgoingMail, now: datetime) -> Message:
    """Kill the process that wants to write it."""
    os.kill(os.getpid(), signal.SIGKILL)
    return letter(mail, now)
