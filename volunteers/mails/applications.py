"""Mails to people who would like to help; what was decided and why stands behind their link."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from django.utils import translation

from lotsen_portal import dates, links, outbox
from lotsen_portal.letters import address
from lotsen_portal.models import Link, OutgoingMail, Purpose
from lotsen_portal.outbox import MailFunction, Message
from volunteers import lacks
from volunteers.application_states import ApplicationState as A
from volunteers.models import Application


def application_token(application: Application) -> str:
    """The token of the live link to an application's page; "" where there is none."""
    link = Link.objects.filter(purpose=Purpose.APPLICATION, subject=application.pk, revoked_at=None).first()
    return links.token(link) if link else ""


def application_address(application: Application, *, language: str) -> str:
    """The mailed address of an application's page; the form's where there is no link any more."""
    token = application_token(application)
    if not token:
        return address("become_volunteer", language=language)
    return address("application", token, language=language)


def send_confirmation(application: Application, *, now: datetime) -> None:
    """Make the link by which an application is confirmed and followed, and mail it.

    It ends when the application is erased and not before: the page tells how the office decided.
    """
    links.make(Purpose.APPLICATION, subject=application.pk, holder=application.pk, expires_at=None, now=now)
    send_to_applicant(confirm_application, application, now=now)


def send_known_applicant(application: Application, *, now: datetime) -> None:
    """Mail the link once more to somebody who fills in the form again; once a day."""
    _send(tell_known_applicant, application, about=f"{now:%Y%m%d}", now=now)


def send_to_applicant(function: MailFunction, application: Application, *, now: datetime) -> None:
    """Tell somebody how an application goes on; the moment tells a second mail from the first."""
    _send(function, application, about=f"{now:%Y%m%d%H%M%S}", now=now)


def _send(function: MailFunction, application: Application, *, about: str, now: datetime) -> None:
    outbox.enqueue(
        function,
        key=f"{function.__qualname__}:{application.pk}:{about}",
        to=application.email,
        language=application.language,
        ids={"application": application.pk},
        now=now,
    )


def confirm_application(mail: OutgoingMail, now: datetime) -> Message | None:
    """The link that says: yes, this is my address, and I would like to help."""
    return _about("confirm_application", mail, {A.UNCONFIRMED}, now=now)


def tell_known_applicant(mail: OutgoingMail, now: datetime) -> Message | None:
    """The application is here already; the link shows where it stands."""
    running = {A.RECEIVED, A.INTERVIEW, A.PAPERS, A.TRAINING, A.WAITING}
    return _about("tell_known_applicant", mail, running, now=now)


def invite_to_interview(mail: OutgoingMail, now: datetime) -> Message | None:
    """The office would like to talk, at a time that is agreed or to be agreed."""
    return _about("invite_to_interview", mail, {A.INTERVIEW}, now=now)


def ask_for_papers(mail: OutgoingMail, now: datetime) -> Message | None:
    """Which papers are still needed."""
    return _about("ask_for_papers", mail, {A.PAPERS}, now=now)


def tell_training_begins(mail: OutgoingMail, now: datetime) -> Message | None:
    """The training comes next."""
    return _about("tell_training_begins", mail, {A.TRAINING}, now=now)


def welcome_volunteer(mail: OutgoingMail, now: datetime) -> Message | None:
    """The person is a volunteer from now on."""
    return _about("welcome_volunteer", mail, {A.ACTIVE}, now=now)


def tell_waiting_list(mail: OutgoingMail, now: datetime) -> Message | None:
    """There is no place just now; the office comes back to it."""
    return _about("tell_waiting_list", mail, {A.WAITING}, now=now)


def tell_application_declined(mail: OutgoingMail, now: datetime) -> Message | None:
    """The office does not take the person in; the reason stands behind the link."""
    return _about("tell_application_declined", mail, {A.DECLINED}, now=now)


def tell_application_withdrawn(mail: OutgoingMail, now: datetime) -> Message | None:
    """The application is taken back."""
    return _about("tell_application_withdrawn", mail, {A.WITHDRAWN}, now=now)


# Which mail goes out with a move of the office.
MAIL_OF: Final[Mapping[str, MailFunction]] = {
    "interview": invite_to_interview,
    "ask_papers": ask_for_papers,
    "train": tell_training_begins,
    "finish": welcome_volunteer,
    "wait": tell_waiting_list,
    "decline": tell_application_declined,
    "withdraw": tell_application_withdrawn,
}


def preview(move: str, application: Application, *, now: datetime) -> tuple[str, str]:
    """Subject and text of the mail that a move would send, in German; ("", "") where it sends none.

    In place of the secret address stands what it leads to.
    """
    if move not in MAIL_OF:
        return "", ""
    with translation.override("de"):
        context = _context(application, language="de", now=now)
        context["address"] = "(der Link zur Seite dieser Bewerbung)"
        subject, text, _html = outbox.render(MAIL_OF[move].__qualname__, context, "de")
    return subject, text


def _about(name: str, mail: OutgoingMail, only_in: Collection[A], *, now: datetime) -> Message | None:
    rows = Application.objects.select_related("volunteer").prefetch_related("topics")
    application = rows.filter(pk=mail.ids["application"]).first()
    if application is None or application.state not in only_in:
        return None
    context = _context(application, language=mail.language, now=now)
    return Message(*outbox.render(name, context, mail.language))


def _context(application: Application, *, language: str, now: datetime) -> dict[str, Any]:
    talk, topics = application.interview_at, list(application.topics.all())
    return {
        # Before the confirmation it goes wherever somebody likes, so it carries nothing that was typed.
        "reader": "" if application.state == A.UNCONFIRMED else application.name,
        "talk": dates.moment(talk) if talk and talk > now else "",
        "missing": lacks.papers(application.volunteer, topics, now=now),
        "trainings": lacks.trainings(application.volunteer, topics, now=now),
        "address": application_address(application, language=language),
        "sign_in": address("account_request_login_code", language=language),
    }
