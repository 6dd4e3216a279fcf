"""Papers: noted, confirmed, asked for anew; matching follows them on the very day of the appointment."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from lotsen_portal import outbox, privacy
from lotsen_portal.audit import Actor
from lotsen_portal.models import LogEntry, OutgoingMail
from requests_app import matching, undelivered
from tests import factories
from tests.factories import NOW
from volunteers import matters, papers, recruitment
from volunteers.models import PhoneConsent, Undertaking, UndertakingText, Volunteer, VolunteerNote

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday(at):
    return at("2026-11-23 09:00")


@pytest.fixture
def user():
    return factories.make_coordinator()


@pytest.fixture
def office(client, user):
    client.force_login(user)
    return client


def note(office, volunteer, slug, **data):
    address = reverse("office:note_paper", args=[volunteer.pk, slug])
    return office.post(address, {f"{slug}-{name}": value for name, value in data.items()})


def why_not(volunteer, day, start="10:00", minutes=60, now=NOW, **values):
    assistance = factories.make_assistance(when=factories.period(day, start, minutes), **values)
    found = matching.obstacles(assistance, volunteer, now=now)
    return [obstacle.rule for obstacle in found if obstacle.rule in {"undertaking", "conduct"}]


def test_the_last_valid_day_counts_until_midnight_in_berlin(at, user):
    by = Actor.office(user)
    person = factories.make_volunteer()
    topic = factories.make_topic("erziehung", needs_conduct_certificate=True)
    papers.note_undertaking(
        person.pk, signed_on=date(2026, 1, 1), valid_until=date(2026, 12, 8), user=user, by=by, now=NOW
    )
    papers.see_conduct(
        person.pk,
        issued_on=date(2026, 1, 1),
        seen_on=date(2026, 1, 2),
        valid_until=date(2026, 12, 8),
        user=user,
        by=by,
        now=NOW,
    )
    # 22:30 and 23:30 in UTC lie on both sides of Berlin's midnight.
    assert why_not(person, "2026-12-08", "23:30", 20, topic=topic) == []
    assert why_not(person, "2026-12-09", "00:30", 20, topic=topic) == ["undertaking", "conduct"]
    # The day of the appointment counts, not the day on which somebody looks.
    late = at("2026-12-08 23:59")
    assert why_not(person, "2026-12-08", "23:59", 1, now=late) == []
    over = at("2026-12-09 00:00")
    assert why_not(person, "2026-12-09", now=over) == ["undertaking"]
    sentence = matching.rules.UNDERTAKING.sentence
    assert sentence == "Hat am Tag des Termins keine gültige Verschwiegenheitserklärung."


def test_the_office_notes_papers_with_days_and_who_saw_them(office, user):
    person = factories.make_volunteer(undertaking_on=None)
    page = reverse("office:volunteer", args=[person.pk])
    assert "Hat keine gültige Verschwiegenheitserklärung." in office.get(page).content.decode()
    note(office, person, "verschwiegenheit", signed_on="2026-11-20", valid_until="")
    note(office, person, "fuehrungszeugnis", issued_on="2024-02-29", seen_on="2026-11-23", valid_until="")
    arabic = factories.make_language("ar")
    note(office, person, "sprachnachweis", language=arabic.pk, kind="exam", seen_on="2026-11-23")
    office.post(reverse("office:volunteer_phone", args=[person.pk]), {"given": "ja"})
    office.post(reverse("office:volunteer_note", args=[person.pk]), {"text": "Mag Türkisch üben"})

    person.refresh_from_db()
    assert (person.undertaking_on, person.undertaking_until) == (date(2026, 11, 20), None)
    assert (person.conduct_seen_on, person.conduct_until) == (date(2026, 11, 23), date(2029, 2, 28))
    assert (person.shares_phone, PhoneConsent.objects.get().noted_by) == (True, user)
    shown = office.get(reverse("office:volunteer_papers", args=[person.pk])).content.decode()
    assert all(word in shown for word in ("auf Papier unterschrieben", "Prüfung oder Zertifikat", user.name))
    shown = office.get(page).content.decode()
    assert all(
        word in shown for word in ("Mag Türkisch üben", "Führungszeugnis eingesehen", "Wird für Termine")
    )
    with connection.cursor() as cursor:
        cursor.execute("select text from volunteers_volunteernote")
        assert "Türkisch" not in cursor.fetchone()[0]
    deeds = LogEntry.objects.filter(kind="volunteer", number=person.pk).order_by("pk")
    assert [row.action for row in deeds] == ["undertake", "see_conduct", "prove_language", "share_phone"]


@pytest.mark.parametrize(
    ("slug", "data", "field"),
    [
        ("verschwiegenheit", {"signed_on": "2026-11-24"}, "signed_on"),
        ("verschwiegenheit", {"signed_on": "2026-11-20", "valid_until": "2026-11-19"}, "valid_until"),
        ("verschwiegenheit", {"signed_on": "0001-01-01"}, "signed_on"),
        ("fuehrungszeugnis", {"issued_on": "2026-11-02", "seen_on": "2026-11-01"}, "seen_on"),
        ("fuehrungszeugnis", {"issued_on": "2015-01-01", "seen_on": "2026-11-01"}, "issued_on"),
        ("sprachnachweis", {"language": "\0", "kind": "exam", "seen_on": "2026-11-01"}, "language"),
    ],
)
def test_days_that_do_not_fit_stand_beside_their_field(office, slug, data, field):
    response = note(office, factories.make_volunteer(), slug, **data)
    assert (response.status_code, list(response.context["forms"][slug].errors)) == (422, [field])


def test_a_volunteer_confirms_the_version_that_was_shown(client):
    person = factories.make_volunteer(user=factories.make_user(), undertaking_on=None)
    client.force_login(person.user)
    page = reverse("lotse_papers")
    assert UndertakingText.newest().body[:30] in client.get(page).content.decode()
    assert client.post(page, {"version": 1, "name": "Leyla"}).status_code == 422
    client.post(page, {"version": 7, "name": "Leyla Haddad", "agreed": "on"})
    assert not Undertaking.objects.exists()
    client.post(page, {"version": 1, "name": "Leyla Haddad", "agreed": "on"})
    row = Undertaking.objects.get()
    person.refresh_from_db()
    assert (row.way, row.typed_name, row.text.version, row.noted_by) == ("online", "Leyla Haddad", 1, None)
    assert person.undertaking_on == date(2026, 11, 23)
    assert "Verbindlich bestätigen" not in client.get(page).content.decode()
    client.post(reverse("lotse_phone"), {"given": "ja"})
    assert PhoneConsent.objects.get().noted_by is None
    with connection.cursor() as cursor:
        cursor.execute("select typed_name from volunteers_undertaking")
        assert "Haddad" not in cursor.fetchone()[0]


def test_a_new_version_is_asked_for_and_the_old_one_holds_until_its_day(at, office, user):
    signed, never = factories.make_volunteer(), factories.make_volunteer(undertaking_on=None)
    soon = factories.make_volunteer(undertaking_until=date(2026, 12, 1))
    address = reverse("office:undertaking_wording")
    old = office.get(address).context["form"]["body"].value()
    assert office.post(address, {"body": "", "old_until": "2026-12-31"}).status_code == 422
    office.post(address, {"body": old, "old_until": "2026-12-31"})
    assert UndertakingText.objects.count() == 1
    office.post(address, {"body": "Neu: Ich schweige.", "old_until": "2026-12-31"})

    ends = list(Volunteer.objects.order_by("pk").values_list("undertaking_until", flat=True))
    assert ends == [date(2026, 12, 31), None, date(2026, 12, 1)]
    asked = OutgoingMail.objects.filter(function__endswith=".ask_undertaking").order_by("pk")
    assert [mail.ids["volunteer"] for mail in asked] == [signed.pk, soon.pk]
    assert why_not(signed, "2026-12-31") == []
    assert why_not(signed, "2027-01-04") == ["undertaking"]
    assert never.undertaking_on is None

    papers.confirm_undertaking(
        signed.pk, version=2, name="Lotse Eins", by=Actor.volunteer(signed.pk), now=NOW
    )
    assert why_not(signed, "2027-01-05") == []
    at("2026-11-23 12:00")
    outbox.deliver_due()
    assert sorted(asked.values_list("state", flat=True)) == ["dropped", "sent"]


def test_a_wording_never_changes():
    text = UndertakingText.newest()
    with pytest.raises(DatabaseError), transaction.atomic():
        UndertakingText.objects.filter(pk=text.pk).update(body="anders")


def test_what_ends_is_announced_twice_and_once_more_when_it_is_over(at, mailoutbox):
    factories.make_volunteer(undertaking_until=date(2027, 1, 22))
    factories.make_volunteer(undertaking_until=date(2027, 1, 23))
    steps = []
    for day in ("2026-11-23", "2026-11-24", "2027-01-08", "2027-01-09", "2027-01-23", "2027-01-24"):
        papers.announce_endings(at(f"{day} 08:05"))
        papers.announce_endings(at(f"{day} 09:00"))
        steps.append(OutgoingMail.objects.filter(function__endswith=".remind_papers").count())
    assert steps == [1, 2, 3, 4, 5, 6]
    outbox.deliver_due()
    assert {mail.subject for mail in mailoutbox} == {"Ein Nachweis ist abgelaufen"}


def test_whoever_has_no_address_is_phoned_about_a_paper(office):
    person = factories.make_volunteer("Ina Anruf", email="", undertaking_until=date(2026, 12, 1))
    papers.announce_endings(NOW)
    phone, _dead = undelivered.piles(now=NOW)
    (row,) = phone.mails
    assert (row.name, row.phone, row.subject) == ("Ina Anruf", person.phone, "Nachweis läuft ab")
    mail = OutgoingMail.objects.get(pk=row.number)
    assert undelivered.address_now(mail) == ""
    assert "Ina Anruf" in office.get(reverse("office:index")).content.decode()


def test_a_renewed_paper_is_not_reminded_of(at, user):
    person = factories.make_volunteer(undertaking_until=date(2026, 12, 1))
    papers.announce_endings(NOW)
    papers.note_undertaking(
        person.pk,
        signed_on=date(2026, 11, 23),
        valid_until=None,
        user=user,
        by=Actor.office(user),
        now=NOW,
    )
    outbox.deliver_due()
    assert OutgoingMail.objects.get(function__endswith=".remind_papers").state == "dropped"


def test_the_work_queue_says_whose_papers_end_and_what_to_do(office):
    day = {"joined_on": date(2026, 1, 1)}
    factories.make_volunteer("Alt", conduct_seen_on=date(2020, 1, 1), conduct_until=date(2026, 11, 22), **day)
    factories.make_volunteer("Bald", undertaking_until=date(2027, 1, 22), **day)
    factories.make_volunteer("Gut", undertaking_until=date(2027, 1, 23), **day)
    factories.make_volunteer("Ohne", undertaking_on=None, **day)
    factories.make_volunteer("Weg", undertaking_on=None, state="left", **day)
    (heap,) = [heap for heap in matters.heaps(now=NOW) if heap.slug == "nachweise"]
    assert [(row.who, row.step.partition(":")[0], row.more) for row in heap.rows] == [
        ("Ohne", "Fehlt", "Verschwiegenheitserklärung"),
        ("Alt", "Abgelaufen", "Führungszeugnis"),
        ("Bald", "Läuft bald ab", "Verschwiegenheitserklärung"),
    ]
    assert "Läuft bald ab" in office.get(reverse("office:index")).content.decode()


def test_a_volunteer_pauses_and_stops_alone(client):
    person = factories.make_volunteer(user=factories.make_user())
    agreed = factories.make_agreed(volunteer=person)
    client.force_login(person.user)
    shown = client.get(reverse("lotse_pause"))
    assert [row.pk for row in shown.context["undone"].appointments] == [agreed.pk]
    assert client.post(reverse("lotse_pause"), {"until": "2020-01-01"}).status_code == 422
    client.post(reverse("lotse_pause"), {"until": "2026-12-01", "shown": agreed.pk})
    person.refresh_from_db()
    agreed.refresh_from_db()
    assert (person.state, agreed.state) == ("paused", "agreed")
    client.post(reverse("lotse_resume"))
    client.post(reverse("lotse_leave"))
    person.refresh_from_db()
    assert person.state == "active"
    assert client.post(reverse("lotse_leave"), {"shown": agreed.pk}).headers["Location"] == "/"
    person.refresh_from_db()
    agreed.refresh_from_db()
    assert (person.state, agreed.state) == ("left", "stepped_down")


def test_papers_and_notes_are_forgotten_a_year_after_somebody_left(at, office, user):
    person, other = factories.make_volunteer(), factories.make_volunteer()
    for someone in (person, other):
        note(office, someone, "verschwiegenheit", signed_on="2026-11-20", valid_until="")
        papers.note(someone.pk, text="Nett", user=user, now=NOW)
        papers.share_phone(someone.pk, given=True, by=Actor.office(user), now=NOW)
    recruitment.leave(person.pk, by=Actor.office(user), now=NOW)
    privacy.erase_expired(at("2027-11-22 09:00"))
    assert (Undertaking.objects.count(), VolunteerNote.objects.count()) == (2, 2)
    privacy.erase_expired(at("2027-11-23 09:00"))
    left = (Undertaking.objects.get(), VolunteerNote.objects.get(), PhoneConsent.objects.get())
    assert {row.volunteer_id for row in left} == {other.pk}
    person.refresh_from_db()
    assert (person.undertaking_on, person.shares_phone) == (None, False)


def test_an_empty_note_keeps_the_page(office):
    person = factories.make_volunteer()
    address = reverse("office:volunteer_note", args=[person.pk])
    assert [office.post(address, {"text": text}).status_code for text in (" ", "\0", "x" * 5000)] == [422] * 3
    assert not VolunteerNote.objects.exists()
