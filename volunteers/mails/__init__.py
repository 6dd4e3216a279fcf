"""One function per mail, called when it is about to leave: it looks at the state again, and renders or drops.

The `send_*` functions are what verbs call; they write outbox rows and nothing else.
"""

from volunteers.mails.applications import (
    MAIL_OF,
    application_address,
    application_token,
    ask_for_papers,
    confirm_application,
    invite_to_interview,
    preview,
    send_confirmation,
    send_known_applicant,
    send_to_applicant,
    tell_application_declined,
    tell_application_withdrawn,
    tell_known_applicant,
    tell_training_begins,
    tell_waiting_list,
    welcome_volunteer,
)
from volunteers.mails.ground import send_to_volunteer

__all__ = [
    "MAIL_OF",
    "application_address",
    "application_token",
    "ask_for_papers",
    "confirm_application",
    "invite_to_interview",
    "preview",
    "send_confirmation",
    "send_known_applicant",
    "send_to_applicant",
    "send_to_volunteer",
    "tell_application_declined",
    "tell_application_withdrawn",
    "tell_known_applicant",
    "tell_training_begins",
    "tell_waiting_list",
    "welcome_volunteer",
]
