"""Trainings: places, the list that moves up by itself, answers, changes, attendance and what follows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.db.utils import ProgrammingError
from django.test import Client
from django.urls import reverse

from lotsen_portal import links, outbox
from lotsen_portal.audit import Actor
from lotsen_portal.models import LogEntry, OutgoingMail, Purpose
from lotsen_portal.privacy import erase_expired
from lotsen_portal.verbs import NotPossible
from requests_app import matching
from tests import factories
from tests.factories import NOW, make_course, make_invitation, make_session, make_volunteer, period
from volunteers import mails, matters, privacy, trainings
from volunteers.models import Module, Participation, Session, SessionDate, TopicTraining

pytestmark = pytest.mark.django_db

AFTER = datetime.fromisoformat("2026-12-11T08:00+00:00")


@pytest.fixture(autouse=True)
def monday(at: Callable[[str], datetime]) -> None:
    at("2026-11-23 09:00")


@pytest.fixture
def office() -> Actor:
    return Actor.office(factories.make_coordinator())


def by(row: Participation) -> Actor:
    return Actor.volunteer(row.volunteer_id)


def states(session: Session) -> list[str]:
    return list(session.participations.order_by("pk").values_list("state", flat=True))


def mailed(row: Participation) -> list[str]:
    rows = OutgoingMail.objects.filter(ids__participation=row.pk).order_by("pk")
    return [one.name for one in rows]


def a_plan(session: Session, **values: object) -> trainings.Plan:
    kept = {"kind": session.kind, "places": session.places, "place": session.place, "leader": session.leader}
    periods = [row.period for row in session.coming_dates]
    return trainings.Plan(**{"periods": periods, **kept, **values})  # type: ignore[arg-type]


def test_the_waiting_list_moves_up_when_somebody_gives_a_place_back() -> None:
    session = make_session(places=1)
    first, second, third = (make_invitation(session, state=state) for state in ("yes", "waiting", "waiting"))

    trainings.decline(first.pk, by=by(first), now=NOW)

    assert states(session) == ["cancelled", "yes", "waiting"]
    assert mailed(second)[-2:] == ["tell_moved_up", "remind_session"]
    assert mailed(first)[-1] == "confirm_given_back"
    assert mailed(third) == ["invite_to_session", "tell_waiting"]


def test_more_places_are_filled_from_the_waiting_list_in_its_order(office: Actor) -> None:
    session = make_session(places=1)
    rows = [make_invitation(session, state=state) for state in ("yes", "waiting", "waiting", "waiting")]

    trainings.change(session.pk, a_plan(session, places=3), by=office, now=NOW)

    assert states(session) == ["yes", "yes", "yes", "waiting"]
    assert "tell_session_changed" not in mailed(rows[0])
    with pytest.raises(trainings.TooFew):
        trainings.change(session.pk, a_plan(session, places=2), by=office, now=NOW)


def test_nobody_moves_up_unasked_on_the_last_day(office: Actor) -> None:
    session = make_session(places=1)
    first, second = (make_invitation(session, state=state) for state in ("yes", "waiting"))
    late = session.first_at - timedelta(hours=20)

    trainings.decline(first.pk, by=by(first), now=late)
    left = states(session)
    trainings.take_place(second.pk, by=by(second), now=late)

    assert (left, states(session)) == (["cancelled", "waiting"], ["cancelled", "yes"])


def test_a_full_session_takes_nobody_and_puts_nobody_on_the_list_unasked() -> None:
    session = make_session(places=1)
    make_invitation(session, state="yes")
    late = make_invitation(session)

    with pytest.raises(trainings.Full):
        trainings.take_place(late.pk, by=by(late), now=NOW)

    late.refresh_from_db()
    assert (late.state, mailed(late)) == ("invited", ["invite_to_session"])


def test_the_database_forbids_what_must_never_happen() -> None:
    session = make_session(places=1)
    taken, other = make_invitation(session, state="yes"), make_invitation(session)
    day = session.dates.get()
    wrongs: list[tuple[type[Exception], str, Callable[[], object]]] = [
        (IntegrityError, "no_more_yes_than_places", lambda: _update(other, state="yes")),
        (IntegrityError, "invited_once_per_session", lambda: _again(taken)),
        (IntegrityError, "dates_of_a_session_apart", lambda: _date(session, day.period)),
        (ProgrammingError, "Invalid transition", lambda: _update(other, state="absent")),
        (ProgrammingError, "Invalid transition", lambda: _cancelled_and_back(session)),
    ]

    for kind, name, wrong in wrongs:
        with pytest.raises(kind) as refused, transaction.atomic():
            wrong()
        assert name in str(refused.value) or name == refused.value.__cause__.diag.constraint_name  # type: ignore[union-attr]


def _update(row: Participation, *, state: str) -> None:
    Participation.objects.filter(pk=row.pk).update(state=state)


def _again(row: Participation) -> None:
    Participation.objects.create(session=row.session, volunteer=row.volunteer, invited_at=NOW)


def _date(session: Session, when: object) -> None:
    SessionDate.objects.create(session=session, period=when)


def _cancelled_and_back(session: Session) -> None:
    for state in ("cancelled", "planned"):
        Session.objects.filter(pk=session.pk).update(state=state)


def test_another_time_moves_the_same_calendar_entry_and_tells_all(office: Actor) -> None:
    session = make_session(period("2026-12-10", "17:00"), period("2026-12-11", "17:00"))
    comes, asked, gone = (make_invitation(session, state=state) for state in ("yes", "invited", "no"))
    uids = {f"schulung-{session.pk}-{row.pk}@" for row in session.dates.all()}
    outbox.deliver_due()
    mail.outbox.clear()

    trainings.change(session.pk, a_plan(session, periods=[period("2026-12-15", "17:00")]), by=office, now=NOW)
    outbox.deliver_due()

    told = {letter.to[0]: letter for letter in mail.outbox}
    assert set(told) == {comes.volunteer.email, asked.volunteer.email}
    entry = told[comes.volunteer.email].alternatives[1].content  # type: ignore[attr-defined]
    assert entry.count("SEQUENCE:2") == 2
    assert all(uid in entry for uid in uids)
    assert (entry.count("STATUS:CONFIRMED"), entry.count("STATUS:CANCELLED")) == (1, 1)
    assert len(told[asked.volunteer.email].alternatives) == 1  # type: ignore[attr-defined]
    assert mailed(gone) == ["invite_to_session"]


def test_a_cancelled_session_takes_entries_back_and_its_link_explains_itself(
    office: Actor, client: Client
) -> None:
    session = make_session()
    comes = make_invitation(session, state="yes")
    outbox.deliver_due()
    mail.outbox.clear()

    trainings.cancel(session.pk, reason="Die Leitung ist krank.", by=office, now=NOW)
    outbox.deliver_due()
    page = client.get(reverse("invitation", args=[mails.invitation_token(comes)]))

    letter = mail.outbox[-1]
    assert (letter.to, "METHOD:CANCEL" in letter.alternatives[1].content) == ([comes.volunteer.email], True)  # type: ignore[attr-defined]
    assert "Die Leitung ist krank." in str(letter.body)
    assert "Dieser Termin fällt aus" in page.content.decode()
    with pytest.raises(trainings.CalledOff):
        trainings.decline(comes.pk, by=by(comes), now=NOW)


def test_the_reminder_comes_the_working_day_before_and_not_to_who_gave_the_place_back() -> None:
    session = make_session(period("2026-12-14", "17:00"))
    stays, leaves = (make_invitation(session, state="yes") for _two in range(2))
    trainings.decline(leaves.pk, by=by(leaves), now=NOW)

    due = {row.ids["participation"]: row for row in OutgoingMail.objects.filter(due_at__gt=NOW)}

    assert f"{due[stays.pk].due_at:%A}" == "Friday"
    assert outbox.written(due[leaves.pk], due[leaves.pk].due_at) is None
    assert outbox.written(due[stays.pk], due[stays.pk].due_at) is not None


def test_the_link_only_shows_and_a_button_answers(client: Client) -> None:
    row = make_invitation()
    address = reverse("invitation", args=[mails.invitation_token(row)])

    shown = client.get(address).content.decode()
    row.refresh_from_db()
    unread = row.state
    client.post(address, {"answer": "yes"})
    after = client.get(address).content.decode()
    client.post(address, {"answer": "yes"})

    row.refresh_from_db()
    assert (unread, row.state) == ("invited", "yes")
    assert ("Zusagen" in shown, "Sie haben einen Platz" in after) == (True, True)
    assert mailed(row) == ["invite_to_session", "confirm_place", "remind_session"]


def test_who_comes_too_late_for_the_last_place_is_offered_the_list(client: Client) -> None:
    session = make_session(places=1)
    slow = make_invitation(session)
    make_invitation(session, state="yes")
    address = reverse("invitation", args=[mails.invitation_token(slow)])

    late = client.post(address, {"answer": "yes"})
    client.post(address, {"answer": "wait"})

    assert (late.status_code, "Der letzte Platz ist gerade vergeben" in late.content.decode()) == (409, True)
    assert "Sie sind die Nummer 1." in client.get(address).content.decode()


def test_a_link_that_opens_nothing_says_why(client: Client) -> None:
    row = make_invitation()
    address = reverse("invitation", args=[mails.invitation_token(row)])
    links.revoke(purpose=Purpose.INVITATION, holder=row.volunteer_id, now=NOW)

    answers = [client.get(path) for path in (address, reverse("invitation", args=["A" * 32]))]

    assert [answer.status_code for answer in answers] == [410, 404]
    assert "Dieser Link gilt nicht mehr" in answers[0].content.decode()


def test_attending_for_a_topic_opens_matching_on_that_very_day(office: Actor) -> None:
    topic = factories.make_topic(needs_training=True)
    course = make_course("Gesundheitswesen", topic=topic, months_valid=12)
    session = make_session(course=course)
    row = make_invitation(session, state="yes")
    need = factories.make_assistance(topic=topic, when=period("2026-12-20"))

    def why_not(when: str) -> list[str]:
        need.period = period(when)
        return [obstacle.sentence for obstacle in matching.obstacles(need, row.volunteer, now=AFTER)]

    before = why_not("2026-12-20")
    trainings.take_attendance(session.pk, present=[row.pk], by=office, now=AFTER)

    training = TopicTraining.objects.get()
    assert (training.completed_on, training.valid_until) == (date(2026, 12, 10), date(2027, 12, 10))
    assert before == ["Für dieses Thema fehlt eine gültige Schulung."]
    assert [why_not(day) for day in ("2026-12-10", "2027-12-10", "2027-12-11")] == [[], [], before]


def test_a_wrong_tick_can_be_taken_back_and_with_it_the_training(office: Actor) -> None:
    session = make_session(course=make_course(topic=factories.make_topic()))
    there, missing = (make_invitation(session, state="yes") for _two in range(2))
    guest = make_invitation(session)

    trainings.take_attendance(session.pk, present=[there.pk, missing.pk, guest.pk], by=office, now=AFTER)
    trainings.take_attendance(session.pk, present=[there.pk, guest.pk], by=office, now=AFTER)

    assert states(session) == ["attended", "absent", "attended"]
    trained = set(TopicTraining.objects.values_list("volunteer", flat=True))
    assert trained == {there.volunteer_id, guest.volunteer_id}


def test_a_course_in_parts_counts_when_all_parts_were_attended(office: Actor) -> None:
    course = make_course(topic=factories.make_topic())
    parts = [Module.objects.create(course=course, name=name) for name in ("Recht", "Rolle")]
    volunteer = make_volunteer()
    trained = []

    for part, day in zip(parts, ("2026-12-08", "2026-12-10"), strict=True):
        session = make_session(period(day, "17:00"), course=course, module=part)
        row = make_invitation(session, volunteer, state="yes")
        trainings.take_attendance(session.pk, present=[row.pk], by=office, now=AFTER)
        trained.append(list(TopicTraining.objects.values_list("completed_on", flat=True)))

    assert trained == [[], [date(2026, 12, 10)]]


def test_attendance_waits_for_the_beginning(office: Actor) -> None:
    session = make_session()

    with pytest.raises(NotPossible, match="wenn der Termin begonnen hat"):
        trainings.take_attendance(session.pk, present=[], by=office, now=NOW)


def test_a_new_address_gets_the_open_invitation_and_the_old_link_closes() -> None:
    row = make_invitation()
    old = mails.invitation_token(row)
    outbox.deliver_due()
    row.volunteer.email = "neu@example.org"
    row.volunteer.save()

    mails.follow_address_to_sessions(row.volunteer, now=NOW + timedelta(hours=1))

    assert mails.invitation_token(row) not in {old, ""}
    assert OutgoingMail.objects.latest("pk").recipient == "neu@example.org"


def test_the_log_tells_of_every_step(office: Actor) -> None:
    row = make_invitation(state="yes")
    trainings.decline(row.pk, by=by(row), now=NOW)

    told = LogEntry.objects.filter(kind="participation", number=row.pk).order_by("pk")
    assert [entry.action for entry in told] == ["invite", "take_place", "give_back"]


def test_a_year_later_only_who_attended_is_known(office: Actor) -> None:
    session = make_session()
    there, away = make_invitation(session, state="yes"), make_invitation(session)
    trainings.take_attendance(session.pk, present=[there.pk], by=office, now=AFTER)
    early, late = AFTER + timedelta(days=360), AFTER + timedelta(days=366)

    counts = [privacy.stale_invitations(now).count() for now in (early, late)]
    erase_expired(late)

    assert (counts, list(Participation.objects.all())) == ([0, 1], [there])
    assert away.state == "invited"


def test_a_session_without_attendance_stands_in_the_work_queue(office: Actor) -> None:
    session = make_session(title="Recht im Alltag")

    def waiting(now: datetime) -> list[tuple[str, str]]:
        return [(row.who, row.url) for heap in matters.heaps(now=now) for row in heap.rows]

    before, after = waiting(NOW), waiting(AFTER)
    trainings.take_attendance(session.pk, present=[], by=office, now=AFTER)

    address = reverse("office:session_attendance", args=[session.pk])
    assert (before, after, waiting(AFTER)) == ([], [("Recht im Alltag", address)], [])
