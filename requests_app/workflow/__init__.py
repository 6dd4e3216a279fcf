"""Every verb in the life of a request; the only writer of request, offer and assignment state.

Each verb is one transaction that locks the request, then the volunteers, then checks, then writes rows,
log and the mails to send. It raises a `NotPossible` whose text is a sentence for the person who acted.
"""

from requests_app.workflow.answers import (
    accept,
    be_willing,
    correct_no,
    decline,
    expire_offers,
    refusal,
    withdraw_offer,
)
from requests_app.workflow.asking import ask
from requests_app.workflow.bundles import accept_several, ask_several, decline_several
from requests_app.workflow.callbacks import Called, CallResult, call_back, can_be_called, settle_call
from requests_app.workflow.campaigns import (
    Plan,
    add_to_campaign,
    adjust_campaign,
    advance_campaign,
    carry_on_campaigns,
    move_up,
    pause_campaign,
    remove_from_campaign,
    resume_campaign,
    start_campaign,
    stop_campaign,
)
from requests_app.workflow.changes import Change, change, step_down
from requests_app.workflow.endings import (
    cancel,
    finish,
    give_up,
    give_up_searches,
    is_late_to_cancel,
    reopen,
    undo_finish,
)
from requests_app.workflow.errors import (
    AlreadyAnswered,
    Busy,
    Changed,
    NeedsReason,
    NeedsTime,
    NotPossible,
    Settled,
    SomeFailed,
    Taken,
    TooLate,
    Withdrawn,
)
from requests_app.workflow.ground import has_begun
from requests_app.workflow.groups import approve_all, cancel_rest
from requests_app.workflow.intake import Draft, approve, reject, submit, submit_several
from requests_app.workflow.persons import want_call, withdraw_consent
from requests_app.workflow.reports import follow_up, note_call, report
from requests_app.workflow.takeover import bring_in, take_out
from requests_app.workflow.upkeep import fund, note, take_charge, take_over

__all__ = [
    "AlreadyAnswered",
    "Busy",
    "CallResult",
    "Called",
    "Change",
    "Changed",
    "Draft",
    "NeedsReason",
    "NeedsTime",
    "NotPossible",
    "Plan",
    "Settled",
    "SomeFailed",
    "Taken",
    "TooLate",
    "Withdrawn",
    "accept",
    "accept_several",
    "add_to_campaign",
    "adjust_campaign",
    "advance_campaign",
    "approve",
    "approve_all",
    "ask",
    "ask_several",
    "be_willing",
    "bring_in",
    "call_back",
    "can_be_called",
    "cancel",
    "cancel_rest",
    "carry_on_campaigns",
    "change",
    "correct_no",
    "decline",
    "decline_several",
    "expire_offers",
    "finish",
    "follow_up",
    "fund",
    "give_up",
    "give_up_searches",
    "has_begun",
    "is_late_to_cancel",
    "move_up",
    "note",
    "note_call",
    "pause_campaign",
    "refusal",
    "reject",
    "remove_from_campaign",
    "reopen",
    "report",
    "resume_campaign",
    "settle_call",
    "start_campaign",
    "step_down",
    "stop_campaign",
    "submit",
    "submit_several",
    "take_charge",
    "take_out",
    "take_over",
    "undo_finish",
    "want_call",
    "withdraw_consent",
    "withdraw_offer",
]
