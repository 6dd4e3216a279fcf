"""Every mail of a request's life, written as it would go out."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest

from lotsen_portal import links, outbox
from lotsen_portal.audit import Actor
from lotsen_portal.models import OutgoingMail, Programme, ProgrammeText, Purpose
from requests_app import mails, registrations, team, workflow
from requests_app.models import AssistanceRequest, Member, Offer
from tests import factories
from tests.factories import NOW, make_assistance, make_offer, make_volunteer, period

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=3)
SECRET = {
    "concern": "MARKANLIEGEN",
    "client_reference": "MARKZEICHEN",
    "client_name": "MARKNAME",
    "client_phone": "0211 666 777",
    "client_address": "MARKADRESSE",
    "client_notes": "MARKHINWEIS",
    "place": "MARKORT",
}


@pytest.fixture
def member():
    return factories.make_member(factories.make_institution("Klinik Nord"), name="Martin Meier")


@pytest.fixture
def by(member):
    return Actor.member(member.user)


@pytest.fixture
def office():
    return Actor.office(factories.make_coordinator())


@pytest.fixture
def assistance(member):
    return make_assistance(by=member, place="")


def written(name: str, *, now=LATER) -> outbox.Message | None:
    """The latest mail of this name, as it would leave now."""
    mail = OutgoingMail.objects.filter(function__endswith=f".{name}").order_by("-pk").first()
    assert mail is not None, f"nobody enqueued {name}"
    return outbox.written(mail, now)


def moved(assistance, day="2026-12-09", start="14:00"):
    return workflow.Change(
        period=period(day, start),
        mode=assistance.mode,
        district=assistance.district,
        place=assistance.place,
        languages=tuple(row.language for row in assistance.languages.all()),
    )


def agreed(offer: Offer, now=LATER):
    return workflow.accept(
        offer.pk, version=offer.assistance.version, by=Actor.volunteer(offer.volunteer_id), now=now
    )


# What each verb makes somebody read. Every entry leaves the mail of its name as the latest one.


def _acknowledge(assistance, by, office):
    """Filing is enough."""


def _changed(assistance, by, office):
    workflow.change(assistance.pk, moved(assistance), version=1, by=office, now=LATER)


def _asked(assistance, by, office):
    make_offer(assistance)


def _asked_again(assistance, by, office):
    make_offer(assistance)
    workflow.change(assistance.pk, moved(assistance), version=1, by=by, now=LATER)


def _too_many(assistance, by, office):
    person = factories.make_volunteer()
    for number in range(Programme.current().offers_per_day):
        make_offer(make_assistance(when=period(f"2026-12-{10 + number}")), person)
    make_offer(assistance, person)


def _agreed(assistance, by, office):
    agreed(make_offer(assistance))


def _two_asked(assistance, by, office):
    make_offer(assistance)
    agreed(make_offer(assistance))


def _withdrawn(assistance, by, office):
    workflow.withdraw_offer(make_offer(assistance).pk, by=office, now=LATER)


def _cancelled(assistance, by, office):
    _agreed(assistance, by, office)
    workflow.cancel(assistance.pk, reason="MARKGRUND", by=by, now=LATER)


def _erased(assistance, by, office):
    _agreed(assistance, by, office)
    OutgoingMail.objects.filter(function__endswith=".tell_confirmed").update(state="sent", sent_at=LATER)
    assistance.refresh_from_db()
    mails.send_erased(assistance, to="amina@example.org", language="de", now=LATER)


def _stepped_down(assistance, by, office):
    _agreed(assistance, by, office)
    workflow.step_down(assistance.pk, by=office, now=LATER)


def _unfilled(assistance, by, office):
    workflow.give_up(assistance.pk, reason="MARKGRUND", by=office, now=LATER)


def _rejected(assistance, by, office):
    workflow.reject(assistance.pk, rule="x", reason="MARKGRUND", by=office, now=LATER)


def _code(assistance, by, office):
    _agreed(assistance, by, office)
    offer = assistance.offers.get(state="accepted")
    assert mails.send_details_code(offer, now=LATER)


def _registered(assistance, by, office):
    factories.make_registration(state="unconfirmed")


def _let_in(assistance, by, office):
    user = factories.make_coordinator()
    registrations.approve(factories.make_registration().pk, join=None, by=office, user=user, now=LATER)


def _turned_down(assistance, by, office):
    user, row = factories.make_coordinator(), factories.make_registration()
    registrations.decline(row.pk, reason="MARKGRUND", by=office, user=user, now=LATER)


def _registered_again(assistance, by, office):
    registrations.register(factories.make_application(email=assistance.filed_by.email), now=LATER)


def _over(assistance, by, office):
    _agreed(assistance, by, office)
    workflow.follow_up(assistance.finishes + timedelta(minutes=30))


def _silent(assistance, by, office):
    _over(assistance, by, office)
    workflow.follow_up(assistance.finishes + timedelta(days=3))


def _invited(assistance, by, office):
    house = assistance.institution_id
    team.invite(house, name="Nina Neu", email="nina@x.example", language="de", by=office, now=LATER)


def _taken_over(assistance, by, office):
    colleague = factories.make_member(assistance.institution, name="Kai Kollege").user
    workflow.take_over(assistance.pk, user=colleague, by=Actor.member(colleague), now=LATER)


def _series(by) -> list[AssistanceRequest]:
    member = Member.objects.get(user=by.number)
    return workflow.submit_several(
        [factories.draft_of(period(day), **{**SECRET, "place": ""}) for day in ("2026-12-08", "2026-12-15")],
        kind="series",
        by=by,
        institution=member.institution,
        filed_by=member.user,
        now=NOW,
    )


def _all_filed(assistance, by, office):
    _series(by)


def _rest_cancelled(assistance, by, office):
    requests = _series(by)
    _agreed(requests[0], by, office)
    make_offer(requests[1], requests[0].assignments.get().volunteer)
    workflow.cancel_rest(requests[0].group_id, reason="MARKGRUND", by=by, now=LATER)


def _bundle(by, office) -> Offer:
    requests = _series(by)
    person, user = factories.make_volunteer(), factories.make_coordinator()
    numbers = [one.pk for one in requests]
    return workflow.ask_several(numbers, volunteer=person.pk, by=office, user=user, now=NOW)[0]


def _bundle_asked(assistance, by, office):
    _bundle(by, office)


def _bundle_agreed(assistance, by, office):
    _bundle(by, office)
    offer = Offer.objects.latest("pk")
    requests = list(AssistanceRequest.objects.filter(group=offer.assistance.group_id))
    person, user = factories.make_volunteer(), factories.make_coordinator()
    numbers = [one.pk for one in requests]
    offers = workflow.ask_several(numbers, volunteer=person.pk, by=office, user=user, now=NOW)
    own = Actor.volunteer(person.pk)
    chosen = {one.pk: 1 for one in offers}
    workflow.accept_several(offers[0].bundle_id, chosen=chosen, by=own, now=LATER)


ALL = {
    "ask_bundle": _bundle_asked,
    "confirm_bundle": _bundle_agreed,
    "thank_bundle": _bundle_agreed,
    "tell_dates_confirmed": _bundle_agreed,
    "acknowledge_group": _all_filed,
    "tell_dates_cancelled": _rest_cancelled,
    "tell_dates_cancelled_volunteer": _rest_cancelled,
    "ask_report": _over,
    "ask_feedback": _over,
    "remind_report": _silent,
    "remind_feedback": _silent,
    "acknowledge_request": _acknowledge,
    "tell_confirmed": _agreed,
    "tell_changed": _changed,
    "tell_reopened": _stepped_down,
    "tell_cancelled": _cancelled,
    "tell_erased": _erased,
    "tell_unfilled": _unfilled,
    "tell_rejected": _rejected,
    "ask_volunteer": _asked,
    "ask_digest": _too_many,
    "confirm_volunteer": _agreed,
    "remind_volunteer": _agreed,
    "thank_not_needed": _two_asked,
    "tell_withdrawn": _withdrawn,
    "tell_cancelled_volunteer": _cancelled,
    "tell_released": _stepped_down,
    "send_code": _code,
    "confirm_registration": _registered,
    "welcome_member": _let_in,
    "invite_member": _invited,
    "tell_taken_over": _taken_over,
    "tell_registration_declined": _turned_down,
    "tell_known_member": _registered_again,
}
every_mail = pytest.mark.parametrize("name", ALL)


def test_no_mail_is_forgotten_here():
    functions = {
        name
        for name, function in vars(mails).items()
        if callable(function)
        and getattr(function, "__module__", "").startswith(mails.__name__)
        and not name.startswith("_")
        and function.__annotations__.get("return") == "Message | None"
    }
    assert functions == set(ALL)


def words(text: str) -> list[str]:
    """The sentences of a part without layout, in order."""
    return re.sub(r"\s+", " ", text).split()


def html_words(message: outbox.Message) -> str:
    body = message.html.partition("<body")[2].partition("Geht der Knopf nicht?")
    text = re.sub(r"<[^>]+>", " ", ">" + body[0] + body[2])
    return " ".join(words(html.unescape(text)))


@every_mail
def test_text_and_html_say_the_same(assistance, by, office, name):
    ALL[name](assistance, by, office)
    message = written(name)
    assert message is not None
    shown = re.sub(r"\s", "", html_words(message)).replace(":", "")
    body, _dashes, _footer = message.text.partition("\n-- \n")
    missing = [
        line.strip()
        for line in body.splitlines()
        if line.strip() and not line.startswith("http") and re.sub(r"[\s:]", "", line) not in shown
    ]
    assert missing == []
    addresses = set(re.findall(r"http://testserver\S+", message.text))
    assert addresses == set(re.findall(r'href="(http://testserver[^"]+)"', message.html))


@every_mail
def test_no_mail_tells_who_the_client_is(member, by, office, name):
    assistance = make_assistance(by=member, **SECRET)
    ALL[name](assistance, by, office)
    message = written(name)
    assert message is not None
    everything = message.subject + message.text + html.unescape(message.html)
    everything += message.calendar.content.replace("\r\n ", "") if message.calendar else ""
    assert "MARK" not in everything
    assert "0211" not in everything


@every_mail
def test_no_subject_names_a_person_and_every_line_is_one(assistance, by, office, name):
    ALL[name](assistance, by, office)
    message = written(name)
    assert message is not None
    assert 0 < len(message.subject) <= 78
    assert not re.search(r"Lotse \d|Meier|Klinik|Koch|[{}]", message.subject)
    assert not re.search(r"{[{%]|None", message.text + message.html)
    assert "\n\n\n" not in message.text


@every_mail
def test_each_mail_speaks_the_readers_language_and_direction(assistance, by, office, name):
    ALL[name](assistance, by, office)
    for language, direction in (("en", "ltr"), ("tr", "ltr"), ("uk", "ltr"), ("ar", "rtl")):
        OutgoingMail.objects.update(language=language)
        message = written(name)
        assert message is not None
        assert f'<html lang="{language}" dir="{direction}">' in message.html


def test_the_question_says_what_when_how_long_where_about_and_until_when(assistance):
    make_offer(assistance)
    message = written("ask_volunteer", now=NOW)
    assert message is not None
    assert message.subject == "Können Sie helfen? Dienstag, 8. Dezember 2026"
    assert "Sprache: Arabisch" in message.text
    assert "Thema: Gesundheit" in message.text
    assert "Termin: Dienstag, 8. Dezember 2026, 10:00 bis 11:00 Uhr" in message.text
    assert "Dauer: 1 Stunde" in message.text
    assert "Stadtteil: Innenstadt" in message.text
    # 16 working hours from Monday at nine: two days of eight hours.
    assert "Bitte antworten Sie bis Mittwoch, 25. November 2026, 09:00 Uhr." in message.text
    assert "/lotse/antwort/" in message.text


@every_mail
def test_before_the_yes_nobody_reads_which_institution_it_is(assistance, by, office, name):
    ALL[name](assistance, by, office)
    message = written(name)
    assert message is not None
    agreed_mails = {"confirm_volunteer", "confirm_bundle", "remind_volunteer", "ask_report", "remind_report"}
    to_the_house = {"tell_known_member", "invite_member"}
    assert ("Klinik Nord" in message.text) is (name in agreed_mails | to_the_house)
    assert ("Marktplatz 1" in message.text) is (name in agreed_mails)


def test_the_deadline_starts_with_the_hand_over_and_stays(assistance):
    offer = make_offer(assistance)
    message = written("ask_volunteer", now=NOW)
    assert message is not None
    assert message.on_sent is not None
    message.on_sent(LATER)
    offer.refresh_from_db()
    assert (offer.sent_at, f"{offer.deadline:%d. %H:%M}") == (LATER, "25. 11:00")
    again = written("ask_volunteer", now=LATER + timedelta(days=1))
    assert again is not None
    assert "bis Mittwoch, 25. November 2026, 12:00 Uhr" in again.text
    assert again.on_sent is not None
    again.on_sent(LATER + timedelta(days=1))
    offer.refresh_from_db()
    assert offer.sent_at == LATER


def test_an_appointment_that_begins_sooner_ends_the_deadline(member):
    make_offer(make_assistance(by=member, when=period("2026-11-24", "11:00")))
    message = written("ask_volunteer", now=NOW)
    assert message is not None
    assert "bis Dienstag, 24. November 2026, 11:00 Uhr" in message.text


def test_after_a_change_old_and_new_stand_side_by_side(assistance, by, office):
    _asked_again(assistance, by, office)
    message = written("ask_volunteer")
    assert message is not None
    assert message.subject == "Geändert: Passt Ihnen der neue Termin?"
    assert "Vorher: Dienstag, 8. Dezember 2026, 10:00 bis 11:00 Uhr" in message.text
    assert "Jetzt: Mittwoch, 9. Dezember 2026, 14:00 bis 15:00 Uhr" in message.text
    assert "Sprache\n  Vorher" not in message.text


def test_of_a_changed_place_only_that_it_changed_is_told(assistance, by):
    make_offer(assistance)
    new = workflow.Change(
        period=assistance.period,
        mode=assistance.mode,
        district=assistance.district,
        place="MARKORT 7",
        languages=tuple(row.language for row in assistance.languages.all()),
    )
    workflow.change(assistance.pk, new, version=1, by=by, now=LATER)
    message = written("ask_volunteer")
    assert message is not None
    assert "ein neuer Ort, den Sie nach der Zusage sehen" in message.text
    assert "MARK" not in message.text + message.html


@pytest.mark.parametrize(
    ("name", "method"),
    [
        ("tell_confirmed", "REQUEST"),
        ("confirm_volunteer", "REQUEST"),
        ("tell_reopened", "CANCEL"),
        ("tell_cancelled", "CANCEL"),
        ("tell_cancelled_volunteer", "CANCEL"),
        ("tell_released", "CANCEL"),
        ("thank_not_needed", None),
        ("tell_withdrawn", None),
        ("ask_volunteer", None),
        ("remind_volunteer", None),
    ],
)
def test_entries_come_with_an_agreement_and_go_with_its_end(assistance, by, office, name, method):
    ALL[name](assistance, by, office)
    message = written(name)
    assert message is not None
    assert (message.calendar.method if message.calendar else None) == method


def test_a_changed_appointment_that_is_then_declined_leaves_no_entry_behind(assistance, by):
    offer = make_offer(assistance)
    agreed(offer)
    workflow.change(assistance.pk, moved(assistance), version=1, by=by, now=LATER)
    again = assistance.offers.get(state="pending")
    workflow.decline(again.pk, reason="", by=Actor.volunteer(again.volunteer_id), now=LATER)
    message = written("tell_released")
    assert message is not None
    assert message.calendar is not None
    assert (message.calendar.method, "SEQUENCE:2" in message.calendar.content) == ("CANCEL", True)


# What is not needed any more is dropped


@pytest.mark.parametrize("name", ["confirm_volunteer", "remind_volunteer", "tell_confirmed"])
def test_a_cancelled_appointment_is_neither_confirmed_nor_reminded_of(assistance, by, office, name):
    _cancelled(assistance, by, office)
    assert written(name) is None


@pytest.mark.parametrize("name", ["confirm_volunteer", "remind_volunteer"])
def test_nor_is_one_that_changed(assistance, by, office, name):
    _agreed(assistance, by, office)
    workflow.change(assistance.pk, moved(assistance), version=1, by=by, now=LATER)
    assert written(name) is None


@pytest.mark.parametrize("name", ["ask_report", "ask_feedback", "remind_report", "remind_feedback"])
@pytest.mark.parametrize("end", ["cancel", "finish", "report"])
def test_nobody_is_asked_how_it_was_once_that_is_known(assistance, by, office, name, end):
    _silent(assistance, by, office)
    now, live = assistance.finishes + timedelta(days=4), assistance.assignments.get()
    if end == "cancel":
        workflow.cancel(assistance.pk, reason="", by=office, now=now)
    elif end == "finish":
        workflow.finish(assistance.pk, outcome="took_place", minutes=60, by=office, now=now)
    else:
        teller = Actor.volunteer(live.volunteer_id) if name.endswith("report") else by
        workflow.report(live.pk, outcome="took_place", minutes=60, by=teller, now=now)
    assert written(name) is None


def test_a_question_that_was_answered_is_not_asked(assistance, by, office):
    _agreed(assistance, by, office)
    assert written("ask_volunteer") is None


def test_the_question_about_an_older_version_is_not_asked(assistance, by, office):
    _asked_again(assistance, by, office)
    first = OutgoingMail.objects.filter(function__endswith=".ask_volunteer").order_by("pk").first()
    assert first is not None
    assert outbox.written(first, LATER) is None


def test_a_question_is_not_asked_once_it_has_begun(assistance, by, office):
    _asked(assistance, by, office)
    assert written("ask_volunteer", now=assistance.starts) is None


def test_a_search_that_ended_meanwhile_is_not_announced(assistance, by, office):
    _stepped_down(assistance, by, office)
    workflow.cancel(assistance.pk, reason="", by=office, now=LATER)
    assert written("tell_reopened") is None


def test_who_agreed_again_meanwhile_is_not_told_of_the_release(assistance, by, office):
    offer = make_offer(assistance)
    agreed(offer)
    workflow.step_down(assistance.pk, by=office, now=LATER)
    agreed(make_offer(assistance, offer.volunteer))
    assert written("tell_released") is None


def test_whoever_was_released_is_told_although_somebody_else_agreed(assistance, by, office):
    offer = make_offer(assistance)
    agreed(offer)
    workflow.cancel(assistance.pk, reason="", by=office, now=LATER)
    workflow.reopen(assistance.pk, reason="Irrtum", by=office, now=LATER)
    agreed(make_offer(assistance, make_volunteer()))
    assert written("tell_cancelled_volunteer") is not None


# To whom, and what about those without an address


def test_an_institution_without_a_person_gets_the_mail_itself(member, office):
    house = factories.make_institution(email="pforte@example.org")
    row = make_assistance(by=factories.make_member(house))
    row.filed_by.delete()
    workflow.cancel(row.pk, reason="", by=office, now=LATER)
    mail = OutgoingMail.objects.get(function__endswith=".tell_cancelled")
    assert (mail.recipient, mail.state) == ("pforte@example.org", "waiting")
    message = outbox.written(mail, LATER)
    assert message is not None
    assert message.text.startswith("Guten Tag,\n")


def test_who_has_no_address_is_to_be_phoned(assistance):
    make_offer(assistance, make_volunteer(email=""))
    assert OutgoingMail.objects.get(function__endswith=".ask_volunteer").state == "phone"


def test_names_are_escaped_in_html_and_only_there(member, office):
    house = factories.make_institution("Haus <b>& Söhne</b>")
    assistance = make_assistance(by=factories.make_member(house), place="")
    agreed(make_offer(assistance))
    message = written("confirm_volunteer")
    assert message is not None
    assert "Haus <b>& Söhne</b>" in message.text
    assert "Haus &lt;b&gt;&amp; Söhne&lt;/b&gt;" in message.html


def test_the_promise_is_left_out_once_it_is_broken(assistance, by, office):
    early, late = (
        written("acknowledge_request"),
        written("acknowledge_request", now=LATER + timedelta(days=5)),
    )
    assert early is not None
    assert late is not None
    assert "spätestens am Donnerstag, 26. November 2026" in early.text
    assert "spätestens" not in late.text


def test_a_revoked_link_is_not_mailed(assistance, by, office):
    _agreed(assistance, by, office)
    offer = assistance.offers.get(state="accepted")
    links.revoke(purpose=Purpose.ANSWER, holder=offer.volunteer_id, now=LATER)
    message = written("remind_volunteer")
    assert message is not None
    assert "/antwort/" not in message.text
    assert "http://testserver/lotse/" in message.text


def test_each_mail_names_the_office_to_call(assistance, by, office):
    Programme.current()
    Programme.objects.update(phone="02131 90 0000")
    message = written("acknowledge_request")
    assert message is not None
    assert "02131 90 0000" in message.text
    assert "02131 90 0000" in message.html


def test_nobody_found_says_who_else_could_help(assistance, by, office):
    _unfilled(assistance, by, office)
    message = written("tell_unfilled")
    assert message is not None
    assert "www.justiz-dolmetscher.de" in message.text
    ProgrammeText.objects.create(programme_id=1, kind="elsewhere", language="de", body="Sprachmittlung Neuss")
    message = written("tell_unfilled")
    assert message is not None
    assert ("Sprachmittlung Neuss" in message.text, "justiz" in message.text) == (True, False)
