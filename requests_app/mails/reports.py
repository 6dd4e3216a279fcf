"""Mails that ask both sides how an appointment went."""

from __future__ import annotations

from collections.abc import Container
from datetime import datetime

from lotsen_portal import links, outbox
from lotsen_portal.letters import address
from lotsen_portal.models import Link, OutgoingMail, Purpose
from lotsen_portal.outbox import MailFunction, Message
from requests_app import facts
from requests_app.mails.ground import LINK_LIVES, status_address
from requests_app.mails.sending import requester_address, requester_language
from requests_app.models import Assignment, Side
from requests_app.states import AssignmentState

PAGES = {Purpose.REPORT: "report", Purpose.FEEDBACK: "feedback"}


def ask_report(mail: OutgoingMail, now: datetime) -> Message | None:
    """ "Wie war Ihr Einsatz?", for the volunteer, soon after the end."""
    return _to_volunteer("ask_report", mail)


def remind_report(mail: OutgoingMail, now: datetime) -> Message | None:
    """The same again some working days later."""
    return _to_volunteer("remind_report", mail)


def ask_feedback(mail: OutgoingMail, now: datetime) -> Message | None:
    """ "Wie war der Termin?", for whoever filed the request, soon after the end."""
    return _to_requester("ask_feedback", mail)


def remind_feedback(mail: OutgoingMail, now: datetime) -> Message | None:
    """The same again some working days later."""
    return _to_requester("remind_feedback", mail)


def send_report_request(assignment: Assignment, told: Container[str], *, nth: int, now: datetime) -> None:
    """Ask each side that is not in `told`, for the `nth` time (1 is the first).

    Whoever has no address is in the office's list of people to phone once, not with every reminder. Of a call
    that the office had made for a request its own form tells; nobody else has seen anything of it.
    """
    assistance, volunteer = assignment.assistance, assignment.offer.volunteer
    first = nth == 1
    if Side.VOLUNTEER not in told and (first or volunteer.email):
        _make_link(Purpose.REPORT, assignment, holder=volunteer.pk, now=now)
        function = ask_report if first else remind_report
        _enqueue(function, assignment, volunteer.email, volunteer.mail_language, nth=nth, now=now)
    to = requester_address(assistance)
    if assistance.callback_for_id is None and Side.REQUESTER not in told and (first or to):
        _make_link(Purpose.FEEDBACK, assignment, holder=assistance.pk, now=now)
        function = ask_feedback if first else remind_feedback
        _enqueue(function, assignment, to, requester_language(assistance), nth=nth, now=now)


def report_token(purpose: Purpose, assignment: Assignment) -> str:
    """The token of the live link to a side's report; "" where there is none."""
    link = Link.objects.filter(purpose=purpose, subject=assignment.pk, revoked_at=None).first()
    return links.token(link) if link else ""


def _make_link(purpose: Purpose, assignment: Assignment, *, holder: int, now: datetime) -> None:
    if not report_token(purpose, assignment):
        ends = assignment.finishes + LINK_LIVES
        links.make(purpose, subject=assignment.pk, holder=holder, expires_at=ends, now=now)


def _enqueue(
    function: MailFunction, assignment: Assignment, to: str, language: str, *, nth: int, now: datetime
) -> None:
    to_volunteer = function in {ask_report, remind_report}
    number = assignment.offer_id if to_volunteer else assignment.assistance_id
    ids = {"assistance": assignment.assistance_id, "assignment": assignment.pk}
    outbox.enqueue(
        function,
        key=f"{function.__qualname__}:{number}:{assignment.version}:{assignment.pk}:{nth}",
        to=to,
        language=language,
        ids={**ids, "offer": assignment.offer_id} if to_volunteer else ids,
        version=assignment.version,
        now=now,
    )


def _waiting(mail: OutgoingMail, side: Side) -> Assignment | None:
    """The appointment that a mail asks about, unless it is settled, called off, or that side has reported."""
    rows = Assignment.objects.select_related(
        *(f"assistance__{name}" for name in ("topic", "district", "institution", "filed_by")), "volunteer"
    )
    assignment = rows.filter(pk=mail.ids["assignment"], state=AssignmentState.AGREED.value).first()
    if assignment is None or assignment.reports.filter(side=side).exists():
        return None
    return assignment


def _to_volunteer(name: str, mail: OutgoingMail) -> Message | None:
    assignment = _waiting(mail, Side.VOLUNTEER)
    if assignment is None:
        return None
    shown = facts.of_agreement(assignment.assistance)
    return _message(name, mail, assignment, Purpose.REPORT, shown, reader=assignment.volunteer.name)


def _to_requester(name: str, mail: OutgoingMail) -> Message | None:
    assignment = _waiting(mail, Side.REQUESTER)
    if assignment is None:
        return None
    assistance = assignment.assistance
    reader = assistance.filed_by.name if assistance.filed_by else ""
    return _message(name, mail, assignment, Purpose.FEEDBACK, facts.of_request(assistance), reader=reader)


def _message(
    name: str,
    mail: OutgoingMail,
    assignment: Assignment,
    purpose: Purpose,
    shown: facts.Facts,
    *,
    reader: str,
) -> Message:
    context = {
        "assistance": assignment.assistance,
        "volunteer": assignment.volunteer,
        "facts": shown,
        "reader": reader,
        "day": facts.day(assignment.starts),
        "address": _address(purpose, assignment, language=mail.language),
    }
    return Message(*outbox.render(name, context, mail.language))


def _address(purpose: Purpose, assignment: Assignment, *, language: str) -> str:
    """The page of a side's report; where its link was revoked, the page where the side sees the request."""
    token = report_token(purpose, assignment)
    if token:
        return address(PAGES[purpose], token, language=language)
    if purpose == Purpose.REPORT:
        return address("lotse_home", language=language)
    return status_address(assignment.assistance, language=language)
