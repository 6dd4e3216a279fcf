"""The page behind a mailed link: what it shows, what its buttons do, and that looking changes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from lotsen_portal import links, outbox
from lotsen_portal.audit import Actor
from lotsen_portal.models import AccessLog, Link, OutgoingMail, Purpose
from requests_app import details, mails, workflow
from requests_app.models import AssistanceRequest, Offer
from tests import factories
from tests.factories import NOW, make_assistance, make_offer, make_volunteer, period

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=2)
CLIENT = {
    "client_name": "Amina Beispiel",
    "client_phone": "02131 555 77",
    "client_address": "Nebenweg 3",
    "client_notes": "Bitte klingeln",
    "concern": "Untersuchung am Knie",
    "place": "Marktplatz 1, Raum 12",
}


@pytest.fixture(autouse=True)
def morning(at):
    at("2026-11-23 10:00")


@pytest.fixture
def member():
    house = factories.make_institution("Klinik Nord", phone="02131 444")
    return factories.make_member(house, name="Martin Meier")


@pytest.fixture
def assistance(member):
    return make_assistance(by=member, **CLIENT)


@pytest.fixture
def offer(assistance):
    return make_offer(assistance)


def page_of(offer: Offer) -> str:
    return reverse("answer", args=[mails.answer_token(offer)])


def press(client: Client, offer: Offer, answer: str, **more):
    form = {"answer": answer, "offer": offer.pk, "version": offer.assistance.version, **more}
    return client.post(page_of(offer), form)


def read(response) -> str:
    return response.content.decode()


def by(offer: Offer) -> Actor:
    return Actor.volunteer(offer.volunteer_id)


def moved(assistance, member, day="2026-12-09"):
    new = workflow.Change(
        period=period(day, "14:00"),
        mode=assistance.mode,
        district=assistance.district,
        place=assistance.place,
        languages=tuple(row.language for row in assistance.languages.all()),
    )
    workflow.change(assistance.pk, new, version=assistance.version, by=Actor.member(member.user), now=LATER)


def contents() -> dict[str, list[tuple[object, ...]]]:
    """Every row of the portal, except for the log of reading."""
    ours = [
        model
        for label in ("lotsen_portal", "volunteers", "requests_app", "sessions")
        for model in apps.get_app_config(label).get_models()
        if model is not AccessLog
    ]
    return {model._meta.label: sorted(map(repr, model._base_manager.values_list())) for model in ours}


# Looking


def test_the_page_shows_the_question_and_two_buttons_and_no_more(client, offer):
    response = client.get(page_of(offer))
    page = read(response)
    assert response.status_code == 200
    for fact in (
        "Arabisch",
        "Gesundheit",
        "Dienstag, 8. Dezember 2026, 10:00 bis 11:00 Uhr",
        "1 Stunde",
        "Innenstadt",
        "Mittwoch, 25. November 2026, 10:00 Uhr",
    ):
        assert fact in page
    assert page.count('name="answer"') == 2
    assert "Zusagen" in page
    assert "Ablehnen" in page
    for secret in (*CLIENT.values(), "Martin Meier", "Klinik Nord"):
        assert secret not in page


def test_the_page_is_kept_out_of_caches_indexes_and_foreign_logs(client, offer):
    for response in (client.get(page_of(offer)), client.get("/lotse/antwort/unbekannt/")):
        assert response["Cache-Control"] == "no-store, private"
        assert response["X-Robots-Tag"] == "noindex, nofollow"
        assert response["Referrer-Policy"] == "strict-origin"
        assert '<meta name="referrer" content="strict-origin">' in read(response)


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_looking_changes_nothing_before_and_after_the_answer(client, offer, method):
    for answer in (None, "yes"):
        if answer:
            press(client, offer, answer)
        before = contents()
        for _again in range(2):
            getattr(client, method)(page_of(offer))
            getattr(Client(), method)(page_of(offer))
        assert contents() == before


def test_the_page_speaks_the_readers_language(client, offer):
    response = client.get("/ar" + page_of(offer))
    assert response.status_code == 200
    assert 'dir="rtl"' in read(response)


# Yes


def test_a_yes_agrees_and_only_now_shows_place_contact_and_client(client, offer, assistance):
    response = press(client, offer, "yes")
    assert (response.status_code, response.url) == (302, page_of(offer))
    assistance.refresh_from_db()
    assert assistance.state == "confirmed"
    page = read(client.get(page_of(offer)))
    for shown in (*CLIENT.values(), "Martin Meier", "02131 444", "Klinik Nord", "So geht es weiter"):
        assert shown in page
    assert "Zusagen" not in page


def test_each_reading_of_the_client_is_written_down(client, offer, assistance):
    press(client, offer, "yes")
    client.get(page_of(offer))
    client.get(page_of(offer))
    rows = AccessLog.objects.values_list("actor_kind", "actor_number", "kind", "number", "what", "at")
    assert (
        list(rows)
        == [
            ("volunteer", offer.volunteer_id, "assistance", assistance.pk, "client", NOW + timedelta(hours=1))
        ]
        * 2
    )


def test_another_browser_with_the_link_sees_no_client(client, offer):
    press(client, offer, "yes")
    page = read(Client().get(page_of(offer)))
    assert "Code per E-Mail schicken" in page
    for secret in (*CLIENT.values(), "Martin Meier"):
        assert secret not in page
    assert AccessLog.objects.count() == 0


def test_a_mailed_code_opens_another_browser_once_given(client, offer):
    press(client, offer, "yes")
    other = Client()
    assert press(other, offer, "want_code").status_code == 302
    mail = OutgoingMail.objects.get(function__endswith=".send_code")
    code = details.code(mail)
    message = outbox.written(mail, LATER - timedelta(minutes=55))
    assert message is not None
    assert f"{code[:4]} {code[4:]}" in message.text
    wrong = press(other, offer, "code", code=str((int(code) + 1) % 10**8))
    assert wrong.status_code == 422
    assert "stimmt nicht" in read(wrong)
    assert press(other, offer, "code", code=f" {code[:4]} {code[4:]} ").status_code == 302
    assert "Amina Beispiel" in read(other.get(page_of(offer)))


def test_a_code_ends_after_half_an_hour(client, offer, at):
    press(client, offer, "yes")
    press(Client(), offer, "want_code")
    code = details.code(OutgoingMail.objects.get(function__endswith=".send_code"))
    at("2026-11-23 10:31")
    assert press(Client(), offer, "code", code=code).status_code == 422


def test_codes_are_neither_mailed_nor_guessed_without_end(client, offer, at):
    press(client, offer, "yes")
    other = Client()
    for minute in range(5):
        at(f"2026-11-23 11:0{minute}")
        assert press(other, offer, "want_code").status_code == 302
    at("2026-11-23 11:10")
    assert press(other, offer, "want_code").status_code == 429
    tries = [press(other, offer, "code", code="12345678").status_code for _ in range(11)]
    assert tries == [422] * 10 + [429]


def test_no_code_is_mailed_before_a_yes(client, offer):
    press(client, offer, "want_code")
    assert not OutgoingMail.objects.filter(function__endswith=".send_code").exists()


def test_whoever_is_signed_in_as_the_volunteer_needs_no_code(offer, client):
    press(client, offer, "yes")
    signed_in = Client()
    user = factories.make_user()
    offer.volunteer.user = user
    offer.volunteer.save()
    signed_in.force_login(user)
    assert "Amina Beispiel" in read(signed_in.get(page_of(offer)))
    stranger = Client()
    stranger.force_login(factories.make_coordinator())
    assert "Amina Beispiel" not in read(stranger.get(page_of(offer)))


def test_the_cookie_of_one_appointment_opens_no_other(client, member):
    first, second = make_offer(make_assistance(by=member, **CLIENT)), make_offer(make_assistance(by=member))
    press(client, first, "yes")
    press(Client(), second, "yes")
    assert "Amina Beispiel" not in read(client.get(page_of(second)))


def test_client_details_end_a_week_after_the_appointment(client, offer, at):
    press(client, offer, "yes")
    at("2026-12-15 10:59")
    assert "Amina Beispiel" in read(client.get(page_of(offer)))
    at("2026-12-15 11:00")
    page = read(client.get(page_of(offer)))
    assert "Amina Beispiel" not in page
    assert "Danke für Ihren Einsatz" in page


def test_a_cancelled_appointment_shows_no_client_any_more(client, offer, assistance, member):
    press(client, offer, "yes")
    workflow.cancel(assistance.pk, reason="", by=Actor.member(member.user), now=LATER)
    response = client.get(page_of(offer))
    assert response.status_code == 410
    assert "Bitte gehen Sie nicht hin" in read(response)
    assert "Amina Beispiel" not in read(response)


def test_a_second_yes_shows_the_agreed_page(client, offer, at):
    press(client, offer, "yes")
    at("2026-11-23 10:05")
    other = Client()
    response = press(other, offer, "yes")
    assert (response.status_code, response.url) == (302, page_of(offer))
    page = read(other.get(page_of(offer)))
    assert "Danke, Sie sind dabei" in page
    assert "Amina Beispiel" not in page
    assert offer.assignments.count() == 1


# No


def test_a_no_is_possible_in_one_click(client, offer, assistance):
    response = press(client, offer, "no")
    assert response.status_code == 302
    offer.refresh_from_db()
    assistance.refresh_from_db()
    assert (offer.state, offer.reason, assistance.state) == ("declined", "", "open")
    assert "Das ist in Ordnung" in read(client.get(page_of(offer)))


def test_a_no_may_say_why(client, offer):
    press(client, offer, "no", reason="Ich bin im Urlaub.")
    offer.refresh_from_db()
    assert offer.reason == "Ich bin im Urlaub."
    assert "Urlaub" not in read(client.get(page_of(offer)))


def test_a_no_after_a_yes_and_a_yes_after_a_no_change_nothing(client, assistance, member):
    agreed, declined = make_offer(assistance), make_offer(make_assistance(by=member))
    press(client, agreed, "yes")
    press(client, declined, "no")
    assert press(client, agreed, "no").status_code == 302
    assert press(client, declined, "yes").status_code == 302
    assert [row.state for row in Offer.objects.order_by("pk")] == ["accepted", "declined"]


# What happened meanwhile


def test_a_no_to_an_older_version_is_asked_for_again(client, offer, assistance, member):
    moved(assistance, member)
    response = press(client, offer, "no")
    assert response.status_code == 409
    assert "Passt Ihnen der neue Termin?" in read(response)
    offer.refresh_from_db()
    assert offer.state == "pending"


def test_the_reason_for_a_no_is_never_lost(client, offer, assistance, member):
    too_long = press(client, offer, "no", reason="Ich bin verreist. " * 30)
    assert too_long.status_code == 422
    assert "Bitte schreiben Sie höchstens 500 Zeichen. Jetzt sind es 539." in read(too_long)
    assert "Ich bin verreist. Ich bin verreist." in read(too_long)
    moved(assistance, member)
    changed = press(client, offer, "no", reason="Ich bin <b>verreist</b>.")
    assert changed.status_code == 409
    assert "Ich bin &lt;b&gt;verreist&lt;/b&gt;." in read(changed)
    assert '<input type="hidden" name="version" value="2"' in read(changed)


def test_a_change_meanwhile_shows_old_and_new_and_asks_again(client, offer, assistance, member):
    client.get(page_of(offer))
    moved(assistance, member)
    response = press(client, offer, "yes")
    page = read(response)
    assert response.status_code == 409
    assert "Dienstag, 8. Dezember 2026, 10:00 bis 11:00 Uhr" in page
    assert "Mittwoch, 9. Dezember 2026, 14:00 bis 15:00 Uhr" in page
    assert '<input type="hidden" name="version" value="2"' in page
    assistance.refresh_from_db()
    assert assistance.state == "offered"
    offer.assistance.refresh_from_db()
    assert press(client, offer, "yes").status_code == 302
    assistance.refresh_from_db()
    assert assistance.state == "confirmed"


def test_after_a_change_the_page_shows_what_was_mailed_first(client, offer, assistance, member):
    moved(assistance, member)
    page = read(client.get(page_of(offer)))
    assert "Passt Ihnen der neue Termin?" in page
    assert "Dienstag, 8. Dezember 2026" in page


def test_the_link_of_a_changed_agreement_leads_to_the_new_question(client, offer, assistance, member):
    press(client, offer, "yes")
    moved(assistance, member)
    again = assistance.offers.get(state="pending")
    response = client.get(page_of(offer))
    assert response.status_code == 410
    assert page_of(again) in read(response)


def test_somebody_was_faster(client, assistance):
    slow, fast = make_offer(assistance), make_offer(assistance)
    press(Client(), fast, "yes")
    posted, shown = press(client, slow, "yes"), client.get(page_of(slow))
    assert (posted.status_code, shown.status_code) == (409, 410)
    for response in (posted, shown):
        assert "Der Termin ist schon vergeben" in read(response)
        assert "02131" in read(response)


def test_a_withdrawn_question(client, offer):
    workflow.withdraw_offer(offer.pk, by=Actor.office(factories.make_coordinator()), now=LATER)
    posted, shown = press(client, offer, "yes"), client.get(page_of(offer))
    assert (posted.status_code, shown.status_code) == (409, 410)
    assert "Diese Anfrage ist zurückgezogen" in read(shown)


def test_a_question_whose_deadline_passed(client, offer):
    Offer.objects.filter(pk=offer.pk).update(deadline=NOW)
    workflow.expire_offers(LATER)
    posted, shown = press(client, offer, "yes"), client.get(page_of(offer))
    assert (posted.status_code, shown.status_code) == (409, 410)
    assert "Die Frist ist vorbei" in read(shown)


def test_a_question_about_what_has_begun(client, offer, at):
    at("2026-12-08 10:00")
    assert press(client, offer, "yes").status_code == 409
    assert AssistanceRequest.objects.get().state == "offered"


def test_somebody_who_is_busy_then_reads_why(client, member):
    volunteer = make_volunteer()
    first = make_offer(make_assistance(by=member), volunteer)
    second = make_offer(make_assistance(by=member, when=period(start="10:30")), volunteer)
    press(client, first, "yes")
    response = press(client, second, "yes")
    assert response.status_code == 409
    assert "schon ein anderer Einsatz vereinbart" in read(response)
    assert "Zusagen" in read(response)


def test_the_volunteer_cannot_come_after_all(client, offer, assistance):
    press(client, offer, "yes")
    assert press(Client(), offer, "step_down").status_code == 404
    assert press(client, offer, "step_down").status_code == 302
    assistance.refresh_from_db()
    assert assistance.state == "open"
    response = client.get(page_of(offer))
    assert response.status_code == 410
    assert "Sie sind nicht mehr eingeplant" in read(response)


# Links that open nothing


def test_an_expired_link_explains_itself(client, offer, at):
    at("2027-01-08 12:00")
    response = client.get(page_of(offer))
    assert response.status_code == 410
    assert "Dieser Link ist abgelaufen" in read(response)


def test_a_revoked_link_explains_itself(client, offer):
    page = page_of(offer)
    links.revoke(purpose=Purpose.ANSWER, subject=offer.bundle_id, now=LATER)
    response = client.post(page, {"answer": "yes", "offer": offer.pk, "version": 1})
    assert response.status_code == 410
    assert "Dieser Link gilt nicht mehr" in read(response)
    assert offer.assignments.count() == 0


@pytest.mark.parametrize("spoil", ["cut", "changed", "purpose"])
def test_a_spoilt_link_is_unknown(client, offer, spoil):
    token = mails.answer_token(offer)
    if spoil == "purpose":
        other = links.make(
            Purpose.STATUS, subject=offer.bundle_id, holder=offer.volunteer_id, expires_at=None, now=NOW
        )
        token = links.token(other)
    else:
        token = token[:-1] if spoil == "cut" else token[:-1] + ("A" if token[-1] != "A" else "B")
    response = client.get(reverse("answer", args=[token]))
    assert response.status_code == 404
    assert "Diesen Link kennen wir nicht" in read(response)


def test_guessing_links_gets_a_pause(client):
    answers = [client.get(f"/lotse/antwort/{number:032}/").status_code for number in range(31)]
    assert answers == [404] * 30 + [429]


def test_a_link_whose_offer_was_erased_is_unknown(client, offer):
    page = page_of(offer)
    offer.bundle.delete()
    assert Link.objects.exists()
    assert client.get(page).status_code == 404


# Posts that no form of ours makes


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"answer": "perhaps"},
        {"answer": "yes", "offer": "999999", "version": "1"},
        {"answer": "yes", "offer": "x", "version": "1"},
    ],
)
def test_an_answer_to_nothing_of_this_link_is_not_found(client, offer, form):
    assert client.post(page_of(offer), form).status_code == 404


def test_nobody_answers_for_somebody_else(client, assistance):
    mine, other = make_offer(assistance), make_offer(assistance)
    form = {"answer": "yes", "offer": other.pk, "version": 1}
    assert client.post(page_of(mine), form).status_code == 404
    assert assistance.assignments.count() == 0


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_an_answer_without_a_version_is_asked_for_again(client, offer, answer):
    response = client.post(page_of(offer), {"answer": answer, "offer": offer.pk})
    assert response.status_code == 422
    assert "noch einmal" in read(response)
    offer.refresh_from_db()
    assert offer.state == "pending"


def test_a_forged_post_from_elsewhere_is_refused(offer):
    strict = Client(enforce_csrf_checks=True)
    assert press(strict, offer, "yes").status_code == 403


def test_the_real_form_passes_the_protection_against_forged_posts(offer, assistance):
    strict = Client(enforce_csrf_checks=True)
    strict.get(page_of(offer))
    token = strict.cookies["csrftoken"].value
    assert press(strict, offer, "yes", csrfmiddlewaretoken=token).status_code == 302
