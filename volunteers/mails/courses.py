"""Mails about trainings and supervision: invitation, answers, changes, and what the day before says."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db.models import Prefetch

from lotsen_portal import clock, dates, links, outbox
from lotsen_portal.letters import Attachment, address
from lotsen_portal.models import Link, OutgoingMail, Programme, Purpose
from lotsen_portal.outbox import MailFunction, Message
from volunteers import session_entries, session_words
from volunteers.models import Participation, SessionDate, Volunteer
from volunteers.training_states import PlaceState, SessionState

# A link outlives the session, so that a late click meets a kind page and not an error.
LINK_LIVES: Final = timedelta(days=30)

P = PlaceState


def invite_to_session(mail: OutgoingMail, now: datetime) -> Message | None:
    """ "Kommen Sie?": dropped once somebody has answered by another way."""
    row = _coming(mail, {P.INVITED}, now=now)
    return _message("invite_to_session", mail, row) if row else None


def confirm_place(mail: OutgoingMail, now: datetime) -> Message | None:
    """The place is yours; with the calendar entry."""
    return _with_entry("confirm_place", mail, now=now)


def tell_moved_up(mail: OutgoingMail, now: datetime) -> Message | None:
    """A place became free for whoever waited; with the calendar entry."""
    return _with_entry("tell_moved_up", mail, now=now)


def tell_waiting(mail: OutgoingMail, now: datetime) -> Message | None:
    """You are on the waiting list, and hear from us."""
    row = _coming(mail, {P.WAITING}, now=now)
    return _message("tell_waiting", mail, row) if row else None


def remind_session(mail: OutgoingMail, now: datetime) -> Message | None:
    """The working day before; never for a place that was given back or a session that was moved."""
    row = _coming(mail, {P.YES}, now=now)
    if row is None or mail.version != row.session.version:
        return None
    return _message("remind_session", mail, row)


def tell_session_changed(mail: OutgoingMail, now: datetime) -> Message | None:
    """Another time or place, to all who may come; whoever has a place gets the entry moved."""
    row = _coming(mail, {P.INVITED, P.YES, P.WAITING}, now=now)
    if row is None or mail.version != row.session.version:
        return None
    has_place = row.state == P.YES
    entry = session_entries.invitation(row.session, to=mail.recipient, now=now) if has_place else None
    return _message("tell_session_changed", mail, row, entry)


def confirm_given_back(mail: OutgoingMail, now: datetime) -> Message | None:
    """Thanks for telling; takes the calendar entry back."""
    row = _coming(mail, {P.CANCELLED}, now=now)
    if row is None:
        return None
    entry = session_entries.cancellation(row.session, to=mail.recipient, now=now)
    return _message("confirm_given_back", mail, row, entry)


def tell_session_cancelled(mail: OutgoingMail, now: datetime) -> Message | None:
    """It does not take place, and why; takes the calendar entry back from whoever had one."""
    row = _found(mail)
    if row is None or row.session.state != SessionState.CANCELLED:
        return None
    had_place = row.state == P.YES
    entry = session_entries.cancellation(row.session, to=mail.recipient, now=now) if had_place else None
    return _message("tell_session_cancelled", mail, row, entry)


def send_invitation(row: Participation, *, now: datetime) -> None:
    """Invite by mail, and make the one link behind which the answer is given."""
    _make_link(row, now=now)
    send_session_mail(invite_to_session, row, now=now)


def send_place(function: MailFunction, row: Participation, *, now: datetime) -> None:
    """Tell somebody of the place, and lay the reminder down for the working day before."""
    send_session_mail(function, row, now=now)
    _lay_reminder(row, now=now)


def send_session_change(row: Participation, *, now: datetime) -> None:
    """Tell somebody of another time or place; the link lives as long as the new dates ask."""
    links.prolong(Purpose.INVITATION, subject=row.pk, until=row.session.last_at + LINK_LIVES)
    send_session_mail(tell_session_changed, row, now=now)
    if row.state == P.YES:
        _lay_reminder(row, now=now)


def send_session_mail(
    function: MailFunction, row: Participation, *, now: datetime, due: datetime | None = None
) -> None:
    """Tell an invited volunteer something; without an address the office is told to phone."""
    person, version = row.volunteer, row.session.version
    # A place may be given back and taken again: the moment tells the second mail from the first.
    outbox.enqueue(
        function,
        key=f"{function.__qualname__}:{row.pk}:{version}:{due or now:%Y%m%d%H%M%S}",
        to=person.email,
        language=person.mail_language,
        ids={"participation": row.pk, "volunteer": person.pk},
        version=version,
        due=due,
        now=now,
    )


def invitation_token(row: Participation) -> str:
    """The token of the live link of an invitation; "" where it was revoked."""
    link = Link.objects.filter(purpose=Purpose.INVITATION, subject=row.pk, revoked_at=None).first()
    return links.token(link) if link else ""


def follow_address_to_sessions(volunteer: Volunteer, *, now: datetime) -> None:
    """After a change of address old links open nothing; open invitations go to the new address once more."""
    links.revoke(purpose=Purpose.INVITATION, holder=volunteer.pk, now=now)
    rows = volunteer.participations.filter(session__state=SessionState.PLANNED.value)
    for row in rows.select_related("session", "volunteer"):
        row.volunteer = volunteer
        outbox.readdress([f"{name}:{row.pk}:" for name in _NAMES], volunteer.email)
        if row.state == P.INVITED and row.session.first_at > now:
            send_invitation(row, now=now)
        else:
            _make_link(row, now=now)


def _make_link(row: Participation, *, now: datetime) -> None:
    if not invitation_token(row):
        until = row.session.last_at + LINK_LIVES
        links.make(Purpose.INVITATION, subject=row.pk, holder=row.volunteer_id, expires_at=until, now=now)


def _lay_reminder(row: Participation, *, now: datetime) -> None:
    day = clock.local(row.session.first_at).date()
    eve = clock.work_calendar().working_days_before(day, 1)
    due = clock.wall_time(eve, Programme.current().reminder_hour)
    if due > now:
        send_session_mail(remind_session, row, now=now, due=due)


def _found(mail: OutgoingMail) -> Participation | None:
    rows = Participation.objects.select_related("volunteer", "session__course", "session__module__course")
    in_order = Prefetch("session__dates", SessionDate.objects.order_by("period"))
    return rows.prefetch_related(in_order).filter(pk=mail.ids["participation"]).first()


def _coming(mail: OutgoingMail, states: set[PlaceState], *, now: datetime) -> Participation | None:
    """The invitation that a mail is about, while the session is to come and the answer is one of these."""
    row = _found(mail)
    if row is None or row.state not in states or row.session.state != SessionState.PLANNED:
        return None
    return None if row.session.last_at <= now else row


def _with_entry(name: str, mail: OutgoingMail, *, now: datetime) -> Message | None:
    row = _coming(mail, {P.YES}, now=now)
    if row is None:
        return None
    return _message(name, mail, row, session_entries.invitation(row.session, to=mail.recipient, now=now))


def _message(name: str, mail: OutgoingMail, row: Participation, entry: Attachment | None = None) -> Message:
    session, token = row.session, invitation_token(row)
    language = mail.language
    context = {
        "session": session,
        "reader": row.volunteer.name,
        "has_place": row.state == P.YES,
        "facts": session_words.facts(session, with_link=row.state == P.YES),
        "day": dates.long_day(clock.local(session.first_at).date()),
        "takes_entry_back": entry is not None and entry.method == "CANCEL",
        "address": address("invitation", token, language=language)
        if token
        else address("lotse_trainings", language=language),
    }
    return Message(*outbox.render(name, context, language), entry)


_NAMES: Final = tuple(
    function.__qualname__
    for function in (
        invite_to_session, confirm_place, tell_moved_up, tell_waiting, remind_session,
        tell_session_changed, confirm_given_back, tell_session_cancelled,
    )
)  # fmt: skip
