"""Several dates asked in one mail and answered on one page: all that are ticked, or none."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar

from lotsen_portal import outbox
from lotsen_portal.audit import Actor
from lotsen_portal.models import Link, OutgoingMail, Programme
from requests_app import bundling, details, mails, matching, workflow
from requests_app.models import Assignment, AssistanceRequest, Offer
from tests import factories
from tests.factories import NOW, draft_of, make_agreed, make_assistance, make_offer, make_volunteer, period
from volunteers.models import Absence, SpeakerCard

pytestmark = pytest.mark.django_db

DAYS = ("2026-12-08", "2026-12-15", "2026-12-22")
PLAN = workflow.Plan(kind="cascade", size=1, interval_hours=8, needs_choice=False)


@pytest.fixture(autouse=True)
def morning(at):
    at("2026-11-23 09:00")


def series(*days: str) -> list[AssistanceRequest]:
    member = factories.make_member()
    return workflow.submit_several(
        [draft_of(period(day)) for day in days or DAYS],
        kind="series",
        by=Actor.member(member.user),
        institution=member.institution,
        filed_by=member.user,
        now=NOW,
    )


def ask(requests, person) -> list[Offer]:
    user = factories.make_coordinator()
    numbers = [one.pk for one in requests]
    return workflow.ask_several(numbers, volunteer=person.pk, by=Actor.office(user), user=user, now=NOW)


def accept(offers, *, leaving_out=()):
    chosen = {offer.pk: offer.version for offer in offers if offer not in leaving_out}
    by = Actor.volunteer(offers[0].volunteer_id)
    return workflow.accept_several(offers[0].bundle_id, chosen=chosen, by=by, now=NOW)


def told(function: str) -> int:
    return OutgoingMail.objects.filter(function__endswith=f".{function}").count()


def states() -> list[str]:
    return list(AssistanceRequest.objects.order_by("pk").values_list("state", flat=True))


def test_all_dates_are_asked_in_one_mail_with_one_link():
    offers = ask(series(), make_volunteer())

    assert len({offer.bundle_id for offer in offers}) == 1
    assert (told("ask_bundle"), told("ask_volunteer"), Link.objects.count()) == (1, 0, 1)
    assert states() == ["offered"] * 3


def test_a_date_on_which_somebody_is_busy_or_away_is_left_out():
    lotse = make_volunteer()
    make_agreed(make_assistance(when=period(DAYS[0])), lotse)
    Absence.objects.create(volunteer=lotse, first=DAYS[1], last=DAYS[1])
    requests = series()
    (offer,) = ask(requests, lotse)

    assert offer.assistance == requests[2]
    (fit,) = bundling.fits(requests, now=NOW)
    assert (fit.days.can, fit.days.could) == ([], [requests[1]])


def test_what_is_ticked_is_agreed_and_the_rest_is_a_no():
    lotse, other = make_volunteer(), make_volunteer()
    requests = series()
    offers, others = ask(requests, lotse), ask(requests, other)
    accept(offers, leaving_out=offers[1:2])
    row = OutgoingMail.objects.get(function__endswith=".confirm_bundle")
    confirmed = mails.confirm_bundle(row, NOW)

    assert states() == ["confirmed", "offered", "confirmed"]
    assert [Offer.objects.get(pk=one.pk).state for one in offers] == ["accepted", "declined", "accepted"]
    assert [Offer.objects.get(pk=one.pk).state for one in others] == ["not_chosen", "pending", "not_chosen"]
    assert (told("confirm_bundle"), told("tell_dates_confirmed"), told("thank_bundle")) == (1, 1, 1)
    assert (told("confirm_volunteer"), told("tell_confirmed"), told("remind_volunteer")) == (0, 0, 2)
    assert confirmed is not None
    assert confirmed.calendar is not None
    uids = [
        event["uid"].split("@")[0] for event in Calendar.from_ical(confirmed.calendar.content).walk("VEVENT")
    ]
    assert uids == [requests[0].reference, requests[2].reference]


def test_of_two_bundles_the_second_hears_which_dates_are_gone_and_loses_nothing():
    requests = series()
    first, second = ask(requests, make_volunteer()), ask(requests, make_volunteer())
    accept(first, leaving_out=first[1:])
    with pytest.raises(workflow.SomeFailed) as failed:
        accept(second)

    assert list(failed.value.problems) == [second[0].pk]
    assert Assignment.objects.count() == 1
    assert [offer.assistance for offer in Offer.objects.filter(state="accepted")] == [requests[0]]


def test_dates_that_overlap_each_other_cannot_both_be_agreed():
    offers = ask(series("2026-12-08", "2026-12-15", "2026-12-08"), make_volunteer())
    with pytest.raises(workflow.SomeFailed) as failed:
        accept(offers)

    assert len(failed.value.problems) == 1
    assert Assignment.objects.count() == 0


def page_of(offer: Offer) -> str:
    return reverse("answer", args=[mails.answer_token(offer)])


def test_the_page_takes_the_ticked_dates():
    offers, client = ask(series(), make_volunteer()), Client()
    shown = client.get(page_of(offers[0])).content.decode()
    form = {f"version-{offer.pk}": "1" for offer in offers}
    nothing = client.post(page_of(offers[0]), {**form, "answer": "yes_to_chosen"})
    client.post(page_of(offers[0]), {**form, "answer": "yes_to_chosen", "date": [offers[0].pk, offers[2].pk]})
    agreed = client.get(page_of(offers[0])).content.decode()

    assert shown.count('type="checkbox" name="date"') == 3
    assert (nothing.status_code, states()) == (422, ["confirmed", "open", "confirmed"])
    assert (agreed.count("Amina Beispiel"), agreed.count("So geht es weiter")) == (2, 1)


def test_the_own_page_asks_once_about_all_dates_of_one_mail():
    lotse = make_volunteer("Samira", user=factories.make_user())
    offers, client = ask(series(), lotse), Client()
    client.force_login(lotse.user)
    home = client.get(reverse("lotse_home")).content.decode()
    address = reverse("lotse_offer", args=[offers[0].pk])
    form = {f"version-{offer.pk}": "1" for offer in offers}
    client.post(address, {**form, "answer": "yes_to_chosen", "date": [offers[1].pk]})

    assert ("3 Anfragen warten auf Ihre Antwort." in home, home.count("Antworten</span>")) == (True, 1)
    assert f'href="{address}">3 Termine</a>' in home
    assert states() == ["open", "confirmed", "open"]


def test_one_code_opens_all_dates_of_a_mail():
    offers = ask(series(), make_volunteer())
    accept(offers)
    client, address = Client(), page_of(offers[0])
    shut = client.get(address).content.decode()
    client.post(address, {"answer": "want_code", "offer": offers[0].pk})
    code = details.code(OutgoingMail.objects.get(function__endswith=".send_code"))
    client.post(address, {"answer": "code", "offer": offers[0].pk, "code": code})
    page = client.get(address).content.decode()

    assert (shut.count("Code per E-Mail schicken"), shut.count("Amina Beispiel")) == (1, 0)
    assert (page.count("Code per E-Mail schicken"), page.count("Amina Beispiel")) == (0, 3)


def test_a_date_taken_meanwhile_is_named_and_the_others_stay_ticked():
    requests = series()
    first, second = ask(requests, make_volunteer()), ask(requests, make_volunteer())
    accept(first, leaving_out=first[1:])
    form = {f"version-{offer.pk}": "1" for offer in second}
    answer = {**form, "answer": "yes_to_chosen", "date": [offer.pk for offer in second]}
    page = Client().post(page_of(second[0]), answer)

    assert page.status_code == 409
    assert [ticked for _card, ticked, _problem in page.context["several"]] == [True, True]
    assert states() == ["confirmed", "offered", "offered"]


def test_a_no_to_all_puts_every_date_back_on_the_desk():
    offers = ask(series(), make_volunteer())
    Client().post(page_of(offers[0]), {"answer": "no_to_all"})

    assert states() == ["open"] * 3


def opened(client: Client, pk: int) -> tuple[int, str]:
    with CaptureQueriesContext(connection) as asked:
        page = client.get(reverse("office:group", args=[pk])).content.decode()
    return len(asked), page


def test_the_office_page_of_a_series_costs_the_same_for_many_dates_and_people():
    office = Client()
    office.force_login(factories.make_coordinator())
    make_volunteer("Samira")
    few, page = opened(office, series("2026-12-08", "2026-12-15")[0].group_id)
    for _more in range(4):
        make_volunteer()
    many, _page = opened(office, series(*DAYS, "2027-01-05", "2027-01-12")[0].group_id)

    assert "Kann an 2 von 2 Terminen." in page
    assert (few, many <= 15) == (many, True)


def test_the_office_asks_from_the_page_of_a_series():
    office, lotse, requests = Client(), make_volunteer(), series()
    office.force_login(factories.make_coordinator())
    office.post(reverse("office:group", args=[requests[0].group_id]), {"volunteer": lotse.pk})

    assert [offer.volunteer for offer in Offer.objects.all()] == [lotse] * 3


def test_a_no_to_a_changed_date_takes_the_lost_yes_back():
    offers = ask(series(), make_volunteer())
    accept(offers)
    moved = offers[0].assistance
    moved.refresh_from_db()
    change = workflow.Change(
        period=period("2026-12-09"),
        mode=moved.mode,
        district=moved.district,
        place=moved.place,
        languages=tuple(row.language for row in moved.languages.all()),
    )
    workflow.change(moved.pk, change, version=1, by=Actor.member(moved.filed_by), now=NOW)
    renewed = Offer.objects.get(assistance=moved, state="pending")
    by = Actor.volunteer(renewed.volunteer_id)
    workflow.decline_several(renewed.bundle_id, reason="", by=by, now=NOW)

    assert (told("tell_released"), told("tell_reopened")) == (1, 1)
    assert states() == ["open", "confirmed", "confirmed"]


def begin_search(request: AssistanceRequest, *people) -> None:
    user, plan = factories.make_coordinator(), PLAN
    numbers = [person.pk for person in people]
    workflow.start_campaign(request.pk, plan, volunteers=numbers, by=Actor.office(user), user=user, now=NOW)


def group_page(requests) -> tuple[Client, str]:
    office = Client()
    office.force_login(factories.make_coordinator())
    return office, reverse("office:group", args=[requests[0].group_id])


def test_a_search_for_one_date_leaves_that_date_out():
    requests, lotse = series(), make_volunteer("Samira")
    begin_search(requests[1], make_volunteer(), make_volunteer())
    office, address = group_page(requests)
    page = office.get(address).content.decode()
    said = office.post(address, {"volunteer": lotse.pk}, follow=True).content.decode()

    assert "Für Di, 15. Dez. läuft schon eine Suche." in page
    assert "Samira ist nach 2 Terminen gefragt, mit einer E-Mail. Ausgelassen: Di, 15. Dez.<" in said.replace(
        "</", "<"
    )
    asked = Offer.objects.filter(volunteer=lotse).order_by("pk")
    assert [offer.assistance for offer in asked] == [requests[0], requests[2]]


def test_while_searches_ask_about_all_dates_nobody_is_asked_together():
    requests, lotse = series(), make_volunteer()
    for one in requests:
        begin_search(one, make_volunteer(), make_volunteer())
    office, address = group_page(requests)
    page = office.get(address).content.decode()
    with pytest.raises(workflow.NotPossible) as refused:
        ask(requests, lotse)

    assert "Für alle diese Termine läuft schon eine Suche" in str(refused.value)
    assert "Für alle offenen Termine läuft schon eine Suche" in page
    assert (f'value="{lotse.pk}"' in page, Offer.objects.filter(volunteer=lotse).count()) == (False, 0)


# Which dates go


def judged(requests, person) -> tuple[list[AssistanceRequest], list[AssistanceRequest], list[str]]:
    """The same three by hand: the dates without obstacles, those to be overridden, the first reasons."""
    found = [(one, matching.obstacles(one, person, now=NOW)) for one in requests]
    return (
        [one for one, against in found if not against],
        [one for one, against in found if against and all(rule.overridable for rule in against)],
        list(dict.fromkeys(against[0].sentence for _one, against in found if against)),
    )


def test_how_many_dates_go_is_judged_as_matching_judges_each_of_them():
    days = [f"2026-12-{day:02}" for day in (8, 9, 15, 16, 22, 29)]
    lotse = make_volunteer("Samira", weekly_maximum=1)
    make_agreed(make_assistance(when=period(days[0])), lotse)  # busy; and the week is full on the 9th
    Absence.objects.create(volunteer=lotse, first=days[2], last=days[2])
    requests = series(*days)
    declined = make_offer(requests[3], lotse)
    workflow.decline(declined.pk, reason="", by=Actor.volunteer(lotse.pk), now=NOW)
    make_offer(requests[4], lotse)
    factories.refresh(lotse)
    (fit,) = bundling.fits(requests, now=NOW)

    expected = judged(requests, lotse)
    assert (fit.days.can, fit.days.could, [said for said, _dates in fit.days.against]) == expected
    assert (expected[0], expected[1], len(expected[2])) == ([requests[5]], [requests[1], requests[2]], 5)


def test_papers_count_on_each_day():
    lotse = make_volunteer("Samira")
    requests = series("2026-12-08", "2026-12-15", "2026-12-22")
    SpeakerCard.objects.filter(volunteer=lotse).update(ready_until="2026-12-15")
    (fit,) = bundling.fits(requests, now=NOW)

    assert (fit.days.can, fit.days.could) == (requests[:2], [])


def test_somebody_away_on_the_first_date_is_not_forgotten():
    lotse = make_volunteer("Samira")
    Absence.objects.create(volunteer=lotse, first=DAYS[0], last=DAYS[0])
    office, address = group_page(series())
    page = office.get(address).content.decode()

    assert "Kann an 2 von 3 Terminen." in page
    assert "Di, 8. Dez.: Ist an diesem Tag abwesend gemeldet." in page


# In spite of an obstacle, and the day's mails


def test_all_dates_are_asked_in_spite_of_a_rule_with_a_reason():
    lotse, requests = make_volunteer("Samira"), series()
    Absence.objects.create(volunteer=lotse, first=DAYS[0], last="2026-12-31")
    office, address = group_page(requests)
    first = office.post(address, {"volunteer": lotse.pk})
    page = office.get(first.url).content.decode()
    without, asked = (office.post(first.url, {"reason": reason}) for reason in ("", "Kommt früher zurück"))

    assert first.url == f"{address}anfragen/{lotse.pk}/"
    assert "Di, 8. Dez., Di, 15. Dez. und Di, 22. Dez.: Ist an diesem Tag abwesend gemeldet." in page
    assert (without.status_code, asked.url) == (422, address)
    offers = Offer.objects.filter(volunteer=lotse)
    assert [offer.override for offer in offers] == ["Kommt früher zurück"] * 3
    assert told("ask_bundle") == 1


def test_a_rule_that_always_holds_cannot_be_overridden():
    lotse, requests = make_volunteer("Samira"), series()
    for day in DAYS:
        make_agreed(make_assistance(when=period(day)), lotse)
    office, address = group_page(requests)
    page = office.get(f"{address}anfragen/{lotse.pk}/").content.decode()
    office.post(f"{address}anfragen/{lotse.pk}/", {"reason": "Trotzdem"})

    assert "Diese Regeln können Sie nicht übergehen." in page
    assert not Offer.objects.filter(assistance__in=requests).exists()


def one_mail_a_day() -> None:
    programme = Programme.current()
    programme.offers_per_day = 1
    programme.save()


def test_several_dates_are_one_mail_of_the_day_and_wait_for_the_digest_like_any_other(at, mailoutbox):
    one_mail_a_day()
    lotse, requests = make_volunteer("Samira"), series()
    make_offer(make_assistance(when=period("2026-12-10")), lotse)
    office, address = group_page(requests)
    said = office.post(address, {"volunteer": lotse.pk}, follow=True).content.decode()
    outbox.sweep()
    sent = len([letter for letter in mailoutbox if lotse.email in letter.to])
    at("2026-11-24 08:05")
    outbox.sweep()
    digest = mailoutbox[-1]

    assert "Die E-Mail geht am 24.11. um 08:00 Uhr." in said
    assert (sent, told("ask_bundle"), told("ask_digest")) == (1, 0, 1)
    assert digest.subject == "Können Sie helfen? 3 Anfragen"
    assert [day in digest.body for day in ("8. Dezember", "15. Dezember", "22. Dezember")] == [True] * 3
    assert digest.body.count("/lotse/antwort/") == 1
    assert Offer.objects.filter(volunteer=lotse, deadline=None).count() == 0


def test_what_is_urgent_does_not_wait_and_the_bundle_uses_the_day_up():
    one_mail_a_day()
    lotse = make_volunteer("Samira")
    ask(series("2026-11-25", "2026-12-08"), lotse)
    offer = make_offer(make_assistance(when=period("2026-12-10")), lotse)

    assert told("ask_bundle") == 1
    assert offer.waits_until is not None


def test_new_dates_are_let_in_together():
    member = factories.make_member(factories.make_institution(state="applied"))
    requests = workflow.submit_several(
        [draft_of(period(day)) for day in DAYS],
        kind="series",
        by=Actor.member(member.user),
        institution=member.institution,
        filed_by=member.user,
        now=NOW,
    )
    office, address = group_page(requests)
    page = office.get(address).content.decode()
    office.post(address, {"approve": "1"})

    assert ("Alle 3 freigeben" in page, states()) == (True, ["open"] * 3)


def test_a_no_to_several_dates_lets_a_search_go_on():
    requests, first, second = series(), make_volunteer(), make_volunteer()
    offers = ask(requests, first)
    begin_search(requests[0], make_volunteer(), second)
    (asked,) = Offer.objects.filter(assistance=requests[0]).exclude(volunteer=first)
    workflow.decline(asked.pk, reason="", by=Actor.volunteer(asked.volunteer_id), now=NOW)
    before = Offer.objects.filter(volunteer=second).count()
    workflow.decline_several(offers[0].bundle_id, reason="", by=Actor.volunteer(first.pk), now=NOW)

    assert (before, Offer.objects.filter(volunteer=second).count()) == (0, 1)
    assert states() == ["offered", "open", "open"]
