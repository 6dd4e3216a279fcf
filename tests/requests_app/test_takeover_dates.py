"""Running appointments from a list: filed, agreed with whom the list names, and nobody is written to."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from lotsen_portal.models import AccessLog, Link, OutgoingMail, User
from requests_app import workflow
from requests_app.models import Assignment, AssistanceRequest, Bundle, Offer
from tests import factories
from tests.factories import NOW, make_volunteer
from tests.requests_app.test_takeover import do, office, preview, sentences, verdicts
from volunteers.models import Volunteer

__all__ = ["office"]

pytestmark = pytest.mark.django_db

HEADINGS = "Träger;Datum;Von;Bis;Sprache;Thema;Lotsin;Treffpunkt;Aktenzeichen;Klient;Einwilligung\n"
FIRST = (
    "Kita Sonnenschein;8.12.26;10:00;11.30;Arabisch;Gesundheit;samira@example.org;Raum 12;K-17;Amina B.;ja\n"
)
SECOND = "kita sonnenschein;2026-12-09;14 Uhr;;Türkisch;Bildung;;;;;\n"


@pytest.fixture
def town(office: User) -> Volunteer:
    factories.make_institution("Kita Sonnenschein", usual_minutes=45)
    return make_volunteer("Samira Haddad", email="samira@example.org")


def test_appointments_are_agreed_and_only_the_reminder_waits(client: Client, town: Volunteer) -> None:
    found = do(client, preview(client, (HEADINGS + FIRST + SECOND).encode(), kind="termine"), "uebernehmen")

    first, second = AssistanceRequest.objects.order_by("pk")
    assert (first.state, first.minutes, first.place, first.client_name) == (
        "confirmed",
        90,
        "Raum 12",
        "Amina B.",
    )
    assert (second.state, second.minutes, second.consent_at, second.origin) == ("open", 45, None, "office")
    assert (first.assignments.get().volunteer, first.consent_at) == (town, NOW)
    mails = [mail.function.rpartition(".")[2] for mail in OutgoingMail.objects.all()]
    assert (mails, OutgoingMail.objects.filter(due_at__lte=NOW).count()) == (["remind_volunteer"], 0)
    assert verdicts(preview(client, (HEADINGS + FIRST + SECOND).encode(), kind="termine")) == ["same", "same"]

    do(client, found, "zuruecknehmen")

    left = [model.objects.count() for model in (AssistanceRequest, Offer, Assignment, Bundle)]
    assert (found.state, left) == ("undone", [0, 0, 0, 0])
    assert OutgoingMail.objects.filter(state="waiting").count() == 0
    assert Link.objects.filter(revoked_at=None).count() == 0


def test_an_appointment_that_went_on_is_not_taken_back(client: Client, town: Volunteer, office: User) -> None:
    found = do(client, preview(client, (HEADINGS + FIRST).encode(), kind="termine"), "uebernehmen")
    assistance = AssistanceRequest.objects.get()
    by, later = factories.Actor.office(office), NOW + timedelta(hours=1)
    workflow.cancel(assistance.pk, reason="fällt aus", by=by, now=later)

    do(client, found, "zuruecknehmen")

    assert (found.state, assistance.reference in found.problem) == ("written", True)


def test_each_wrong_appointment_says_why(client: Client, town: Volunteer) -> None:
    taken = factories.make_assistance(when=factories.period("2026-12-10"))
    factories.make_agreed(taken, town)
    make_volunteer("Paul Pause", state="paused", email="paul@example.org")
    do(client, preview(client, (HEADINGS + FIRST).encode(), kind="termine"), "uebernehmen")
    rows = [
        "Nirgends;8.12.26;10:00;;Arabisch;Gesundheit;;;;;",
        "Kita Sonnenschein;8.12.26;25:00;;Arabisch;Gesundheit;;;;;",
        "Kita Sonnenschein;1.11.26;10:00;;Arabisch;Gesundheit;;;;;",
        "Kita Sonnenschein;11.12.26;10:00;9:00;Arabisch;Gesundheit;;;;;",
        "Kita Sonnenschein;10.12.26;10:30;;Arabisch;Gesundheit;Samira Haddad;;;;",
        "Kita Sonnenschein;11.12.26;10:00;;Arabisch;Gesundheit;Paul Pause;;;;",
        "Kita Sonnenschein;12.12.26;10:00;;Arabisch;Gesundheit;Niemand;;;;",
        "Kita Sonnenschein;8.12.26;10:00;11:30;Arabisch;Gesundheit;samira@example.org;Raum 13;;;",
        "Kita Sonnenschein;28.3.27;02:30;;Arabisch;Gesundheit;;;;;",
    ]
    found = preview(client, (HEADINGS + "\n".join(rows)).encode(), kind="termine")

    reference = AssistanceRequest.objects.latest("pk").reference
    begun = {line: said[0][:52] for line, said in sentences(found).items()}
    assert begun == {
        2: "Die Einrichtung „Nirgends“ kennen wir nicht.",
        3: "Diese Uhrzeit gibt es nicht.",
        4: "Dieser Termin ist schon vorbei. Übernommen wird, was"[:52],
        5: "Das Ende muss nach dem Beginn liegen.",
        6: "Samira Haddad hat zu dieser Zeit schon einen Einsatz"[:52],
        7: "Paul Pause ist nicht aktiv.",
        8: "Die Person „Niemand“ kennen wir nicht.",
        9: f"Diesen Termin gibt es schon ({reference}), dort steht"[:52],
        10: "Die Uhrzeit 02:30 gibt es am 28.03.2027 nicht: In di"[:52],
    }


def test_what_goes_out_comes_back_and_each_look_is_noted(client: Client, town: Volunteer) -> None:
    do(client, preview(client, (HEADINGS + FIRST + SECOND).encode(), kind="termine"), "uebernehmen")

    answer = client.post(reverse("office:takeover_export", args=["termine"]))
    found = preview(client, answer.content, name="Termine.xlsx", kind="termine")

    assert (verdicts(found), sentences(found)) == (["same", "same"], {})
    seen = AccessLog.objects.filter(kind="assistance", what="client").values_list("number", flat=True)
    assert set(seen) == set(AssistanceRequest.objects.values_list("pk", flat=True))
