"""One function per mail, called when it is about to leave: it looks at the state again, and renders or drops.

The `send_*` functions are what workflow calls; they write outbox rows and nothing else.
"""

from requests_app.mails.digests import ask_digest, question_key, send_offer, undelivered_offers
from requests_app.mails.ground import (
    address,
    answer_address,
    answer_token,
    status_address,
    status_token,
)
from requests_app.mails.houses import (
    confirm_registration,
    registration_address,
    send_declined_registration,
    send_known_member,
    send_registration,
    send_to_member,
    tell_known_member,
    tell_registration_declined,
    welcome_member,
)
from requests_app.mails.reports import (
    ask_feedback,
    ask_report,
    remind_feedback,
    remind_report,
    report_token,
    send_report_request,
)
from requests_app.mails.requesters import (
    acknowledge_request,
    tell_cancelled,
    tell_changed,
    tell_confirmed,
    tell_rejected,
    tell_reopened,
    tell_unfilled,
)
from requests_app.mails.sending import (
    make_status_link,
    requester_address,
    requester_language,
    send_agreement,
    send_details_code,
    send_to_requester,
    send_to_volunteer,
)
from requests_app.mails.volunteers import (
    ask_volunteer,
    confirm_volunteer,
    remind_volunteer,
    send_code,
    tell_cancelled_volunteer,
    tell_released,
    tell_withdrawn,
    thank_not_needed,
)

__all__ = [
    "acknowledge_request",
    "address",
    "answer_address",
    "answer_token",
    "ask_digest",
    "ask_feedback",
    "ask_report",
    "ask_volunteer",
    "confirm_registration",
    "confirm_volunteer",
    "make_status_link",
    "question_key",
    "registration_address",
    "remind_feedback",
    "remind_report",
    "remind_volunteer",
    "report_token",
    "requester_address",
    "requester_language",
    "send_agreement",
    "send_code",
    "send_declined_registration",
    "send_details_code",
    "send_known_member",
    "send_offer",
    "send_registration",
    "send_report_request",
    "send_to_member",
    "send_to_requester",
    "send_to_volunteer",
    "status_address",
    "status_token",
    "tell_cancelled",
    "tell_cancelled_volunteer",
    "tell_changed",
    "tell_confirmed",
    "tell_known_member",
    "tell_registration_declined",
    "tell_rejected",
    "tell_released",
    "tell_reopened",
    "tell_unfilled",
    "tell_withdrawn",
    "thank_not_needed",
    "undelivered_offers",
    "welcome_member",
]
