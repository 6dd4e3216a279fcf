"""The office's pages of requests: what they show, what they cost, and whom they turn away."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lotsen_portal.audit import Actor
from lotsen_portal.clock import TZ
from lotsen_portal.models import AccessLog, LogEntry, OfficeRole, OutgoingMail
from requests_app import workflow
from requests_app.models import AssistanceRequest
from tests import factories
from tests.factories import NOW, period

pytestmark = pytest.mark.django_db

MOST_STATEMENTS = 10


@pytest.fixture(autouse=True)
def monday(at):
    return at("2026-11-23 09:00")


@pytest.fixture
def coordinator(db):
    return factories.make_coordinator()


@pytest.fixture
def office(client, coordinator):
    client.force_login(coordinator)
    return client


def page(reference):
    return reverse("office:request", args=[reference])


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def statements(client, address):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def some_of_everything(number):
    for _ in range(number):
        factories.make_assistance()
        asked = factories.make_assistance()
        factories.make_offer(asked, factories.make_volunteer(languages=["ar", "tr"]))
        factories.make_agreed(
            factories.make_assistance(when=period("2026-11-24")), factories.make_volunteer()
        )
        factories.make_offer(volunteer=factories.make_volunteer(email=""))


@pytest.mark.parametrize("name", ["index", "requests"])
def test_lists_cost_the_same_with_one_row_and_with_many(office, name):
    some_of_everything(1)
    few = statements(office, reverse(f"office:{name}"))
    some_of_everything(3)
    assert statements(office, reverse(f"office:{name}")) == few <= MOST_STATEMENTS


def test_a_request_costs_the_same_however_much_there_is(office, coordinator):
    assistance = factories.make_assistance(client_reference="A1")
    factories.make_volunteer()
    few = statements(office, page(assistance.reference))
    for _ in range(3):
        factories.make_offer(assistance)
        factories.make_volunteer()
        workflow.note(assistance.pk, text="x", author=coordinator, by=Actor.office(coordinator), now=NOW)
    assert statements(office, page(assistance.reference)) == few <= MOST_STATEMENTS


def test_a_search_stays_within_the_same_budget(office):
    some_of_everything(2)
    address = reverse("office:requests") + "?q=lotse&state=laufend&first=2026-12-01&last=2026-12-31"
    assert statements(office, address) <= MOST_STATEMENTS


def test_strangers_find_nothing_and_the_anonymous_sign_in(client):
    assistance = factories.make_assistance()
    addresses = [
        reverse("office:index"),
        reverse("office:requests"),
        page(assistance.reference),
        reverse("office:client", args=[assistance.reference]),
        reverse("office:why_not", args=[assistance.reference]),
        reverse("office:do", args=[assistance.reference, "absagen"]),
    ]
    assert {client.get(address).status_code for address in addresses} == {302}
    client.force_login(factories.make_member().user)
    assert {client.get(address).status_code for address in addresses} == {404}


def test_a_reference_that_no_database_could_hold_is_not_found(office):
    addresses = ["/koordination/anfragen/a%00b/", "/koordination/anfragen/a%00b/auswege/"]
    assert {office.get(address).status_code for address in addresses} == {404}


def test_the_office_without_coordination_finds_the_catalogues_and_no_request(client):
    head = factories.make_user("Hedwig Haupt")
    OfficeRole.objects.create(user=head, role="head")
    client.force_login(head)
    assistance = factories.make_assistance()
    assert client.get(reverse("office:index")).headers["Location"] == reverse("office:catalogues")
    assert client.get(reverse("office:catalogues")).status_code == 200
    assert client.get(page(assistance.reference)).status_code == 404


def test_the_queue_says_what_to_do_next_and_leads_there(office):
    assistance = factories.make_assistance()
    response = office.get(reverse("office:index"))
    assert f'href="{page(assistance.reference)}#vorschlaege"' in response.content.decode()
    assert "Noch niemand gefragt 1" in text_of(response)


def test_an_empty_queue_says_so(office):
    assert "Nichts zu entscheiden" in text_of(office.get(reverse("office:index")))
    assert "Alle anzeigen" in text_of(office.get(reverse("office:index") + "?wer=ich"))


@pytest.mark.parametrize(
    "query", ["?wer=quatsch", "?gruppe=quatsch", "?gruppe=fresh&wer=ich", "?gruppe=post"]
)
def test_the_queue_takes_any_question(office, query):
    assert office.get(reverse("office:index") + query).status_code == 200


def test_a_dead_letter_is_sent_again_by_a_button(office):
    factories.make_assistance()
    OutgoingMail.objects.update(state="dead", last_error="X")
    mail = OutgoingMail.objects.get()
    assert office.get(reverse("office:resend_mail", args=[mail.pk])).status_code == 405
    office.post(reverse("office:resend_mail", args=[mail.pk]))
    mail.refresh_from_db()
    assert mail.state == "waiting"


def test_a_dead_letter_goes_to_the_address_corrected_meanwhile(office):
    volunteer = factories.make_volunteer(email="tippfehler@example.org")
    factories.make_offer(volunteer=volunteer)
    mail = OutgoingMail.objects.get(function__endswith=".ask_volunteer")
    OutgoingMail.objects.filter(pk=mail.pk).update(state="dead")
    type(volunteer).objects.filter(pk=volunteer.pk).update(email="")
    response = office.post(reverse("office:resend_mail", args=[mail.pk]), follow=True)
    assert "keine E-Mail-Adresse mehr" in response.content.decode()
    type(volunteer).objects.filter(pk=volunteer.pk).update(email="richtig@example.org")
    office.post(reverse("office:resend_mail", args=[mail.pk]))
    mail.refresh_from_db()
    assert (mail.state, mail.recipient) == ("waiting", "richtig@example.org")


def test_a_call_is_ticked_off_and_starts_the_deadline(office):
    offer = factories.make_offer(volunteer=factories.make_volunteer("Olga", email=""))
    mail = OutgoingMail.objects.get(state="phone")
    response = office.get(reverse("office:index"))
    assert "Olga" in text_of(response)
    office.post(reverse("office:phoned", args=[mail.pk]))
    mail.refresh_from_db()
    offer.refresh_from_db()
    assert (mail.state, offer.sent_at) == ("phoned", NOW)


def test_a_request_shows_facts_offers_candidates_notes_and_log(office, coordinator):
    assistance = factories.make_assistance(client_reference="AZ 77")
    factories.make_offer(assistance, factories.make_volunteer("Leyla Haddad"))
    factories.make_volunteer("Omar Nasser")
    workflow.note(
        assistance.pk, text="Bitte leise", author=coordinator, by=Actor.office(coordinator), now=NOW
    )
    shown = text_of(office.get(page(assistance.reference)))
    for words in (
        assistance.reference,
        "Antwort steht aus",
        "Leyla Haddad ist gefragt.",
        "Mail ist unterwegs",
        "Omar Nasser",
        "Wohnt im selben Stadtteil",
        "Bitte leise",
        "Karin Koch",
        "Einsatzanfrage verschickt",
        "AZ 77",
        "Marktplatz 1, Raum 12",
        "Untersuchung",
    ):
        assert words in shown


def test_the_mails_of_a_request_are_listed_with_their_state(office):
    other = factories.make_offer()
    offer = factories.make_offer(volunteer=factories.make_volunteer("Leyla"))
    address = reverse("office:mails", args=[offer.assistance.reference])
    shown = [(mail.subject, mail.to, mail.label) for mail in office.get(address).context["mails"]]
    requester = offer.assistance.filed_by.name
    assert sorted(shown) == [
        ("Eingangsbestätigung", requester, "wartet"),
        ("Einsatzanfrage", "Leyla", "wartet"),
    ]
    part = office.get(address, headers={"HX-Request": "true"}).content.decode()
    assert ("<html" in part, other.volunteer.name in part) == (False, False)


def test_each_candidate_has_a_button_anfragen_and_a_tick_box(office):
    assistance = factories.make_assistance()
    people = [factories.make_volunteer() for _ in range(2)]
    html = office.get(page(assistance.reference)).content.decode()
    assert len(re.findall(r'<button[^>]*name="einzeln"[^>]*><span[^>]*>Anfragen</span></button>', html)) == 2
    assert all(f'name="volunteer" value="{person.pk}"' in html for person in people)
    assert html.count("<meter") == 14


def test_the_client_stands_on_a_page_of_its_own_and_every_look_is_noted(office, coordinator):
    assistance = factories.make_assistance(client_notes="Rollstuhl")
    assert "Amina" not in text_of(office.get(page(assistance.reference)))
    shown = text_of(office.get(reverse("office:client", args=[assistance.reference])))
    assert all(words in shown for words in ("Amina Beispiel", "02131 555 77", "Rollstuhl"))
    looks = AccessLog.objects.order_by("pk").values_list("what", "kind", "number", "actor_number")
    assert list(looks) == [
        ("page", "assistance", assistance.pk, coordinator.pk),
        ("client", "assistance", assistance.pk, coordinator.pk),
    ]


def test_who_else_has_it_open_today_is_named(office, at):
    assistance = factories.make_assistance()
    colleague = factories.make_coordinator("Ben Özdemir")
    AccessLog.objects.create(
        at=NOW - timedelta(days=1), actor_kind="office", actor_number=colleague.pk, kind="assistance",
        number=assistance.pk, what="page",
    )  # fmt: skip
    assert "Heute auch geöffnet" not in text_of(office.get(page(assistance.reference)))
    AccessLog.objects.create(
        at=NOW, actor_kind="office", actor_number=colleague.pk, kind="assistance",
        number=assistance.pk, what="page",
    )  # fmt: skip
    assert "Heute auch geöffnet von Ben Özdemir" in text_of(office.get(page(assistance.reference)))


def test_looking_changes_nothing_but_the_log_of_reading(office):
    assistance = factories.make_assistance()
    factories.make_offer(assistance)
    before = list(AssistanceRequest.objects.values()), LogEntry.objects.count()
    for slug in ("absagen", "erledigt", "niemand", "ablehnen", "faellt-aus", "wieder-oeffnen"):
        office.get(reverse("office:do", args=[assistance.reference, slug]))
    for name in ("request", "client", "why_not", "change"):
        office.get(reverse(f"office:{name}", args=[assistance.reference]))
    assert (list(AssistanceRequest.objects.values()), LogEntry.objects.count()) == before


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["B", "A"]),
        ("?q=jobcenter", ["A"]),
        ("?q=türk", ["B"]),
        ("?q=bildung", ["B"]),
        ("?q=Leyla", ["A"]),
        ("?q=2", ["B"]),
        ("?q=2026-00001", ["A"]),
        ("?q=02131-55577", ["B", "A"]),
        ("?q=nirgends", []),
        ("?state=laufend", ["B", "A"]),
        ("?state=confirmed", ["A"]),
        ("?state=done", []),
        ("?language={turkish}", ["B"]),
        ("?language={turkish}&q=bildung", ["B"]),
        ("?topic={education}", ["B"]),
        ("?institution={house}", ["A"]),
        ("?institution={house}&q=zeichen 1", ["A"]),
        ("?q=zeichen 1", []),
        ("?responsible={me}", ["A"]),
        ("?urgent=on", ["B"]),
        ("?first=2026-12-08&last=2026-12-08", ["A"]),
        ("?first=2026-12-09", []),
        ("?last=2026-11-30", ["B"]),
        ("?state=quatsch&institution=0&first=gestern", ["B", "A"]),
        ("?vor=quatsch", ["B", "A"]),
    ],
)
def test_the_list_finds_by_words_and_filters(office, coordinator, query, found):
    member = factories.make_member(factories.make_institution("Jobcenter Neuss"))
    a = factories.make_assistance(by=member, client_reference="Zeichen 1")
    factories.make_agreed(a, factories.make_volunteer("Leyla Haddad"))
    workflow.take_charge(a.pk, responsible=coordinator, by=Actor.office(coordinator), now=NOW)
    b = factories.make_assistance(
        when=period("2026-11-25"), languages=["tr"], topic=factories.make_topic("bildung")
    )
    query = query.format(
        turkish=factories.make_language("tr").pk,
        education=b.topic_id,
        house=member.institution_id,
        me=coordinator.pk,
    )
    rows = office.get(reverse("office:requests") + query).context["rows"]
    assert [{a.pk: "A", b.pk: "B"}[row.pk] for row in rows] == found


def test_a_reference_in_full_leads_straight_to_the_request(office):
    assistance = factories.make_assistance()
    response = office.get(reverse("office:requests"), {"q": assistance.reference.lower()})
    assert response.headers["Location"] == page(assistance.reference)


@pytest.mark.parametrize("query", ["", "last=2027-01-01&", "q=arab&", "language={arabic}&state=open&"])
def test_the_list_goes_on_without_gaps(office, monkeypatch, query):
    monkeypatch.setattr("requests_app.search.ROWS", 2)
    made = [factories.make_assistance(when=period("2026-12-08", f"1{n // 2}:00")).pk for n in range(5)]
    query = query.format(arabic=factories.make_language().pk)
    start = f"{reverse('office:requests')}?{query}"
    seen, address = [], start
    while address:
        response = office.get(address)
        seen += [row.pk for row in response.context["rows"]]
        older = response.context["older"]
        address = f"{start}vor={older}" if older else ""
    assert seen == made[::-1]


def test_dates_sort_by_the_appointment(office):
    late, soon = (factories.make_assistance(when=period(day)).pk for day in ("2026-12-10", "2026-12-09"))
    rows = office.get(reverse("office:requests"), {"first": "2026-12-01"}).context["rows"]
    assert [row.pk for row in rows] == [late, soon]


def test_a_filter_offers_names_as_they_are_written(office):
    factories.make_institution('<Haus> & "Hof"')
    html = office.get(reverse("office:requests")).content.decode()
    assert "&lt;Haus&gt; &amp; &quot;Hof&quot;</option>" in html
    assert (
        '<option value="open" selected>'
        in office.get(reverse("office:requests"), {"state": "open"}).content.decode()
    )


def test_a_page_names_no_end_of_the_search_that_is_past(office, at):
    assistance = factories.make_offer(factories.make_assistance()).assistance
    before = text_of(office.get(page(assistance.reference)))
    at(assistance.search_ends_at.astimezone(TZ).strftime("%Y-%m-%d %H:%M"))

    after = text_of(office.get(page(assistance.reference)))

    assert "Ohne Zusage geht „Niemand gefunden“ am" in before
    assert "Ohne Zusage geht" not in after
    assert "Sagt niemand von den Gefragten zu, geht „Niemand gefunden“ von selbst hinaus." in after
