"""Lists from spreadsheets: shown row by row, taken over as a whole or not at all, and taken back."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from lotsen_portal.models import AccessLog, LogEntry, OutgoingMail, User
from lotsen_portal.privacy import erase_expired
from requests_app.models import Institution, LearnedHeading, Takeover, TakeoverRow, Verdict
from requests_app.takeover import desk
from requests_app.takeover.reading import read
from tests import factories
from tests.factories import NOW, make_language, make_volunteer
from volunteers import catalogue
from volunteers.models import SpeakerCard, Volunteer, VolunteerState

pytestmark = pytest.mark.django_db

HEADINGS = (
    "Name;E-Mail;Telefon;Sprache;Niveau;Stadtteil;Verschwiegenheit vom;Höchstens je Woche;Montag;Stand\n"
)
SAMIRA = "Haddad, Samira;SAMIRA@example.org;02131 555 01;Arabisch;Erstsprache;Norf;1.2.26;3,0;8-12;aktiv\n"
YUSUF = "Yusuf Karim;;0157 3344556;Kurdisch, Kurmancî; C1 ;Innenstadt;2025-03-04;;;pausiert\n"


@pytest.fixture
def office(at: Callable[[str], datetime], client: Client) -> User:
    at("2026-11-23 09:00")
    catalogue.load()
    user = factories.make_coordinator()
    client.force_login(user)
    return user


def upload(client: Client, content: bytes, *, name: str = "Liste.csv", kind: str = "freiwillige") -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("office:takeovers"), {"kind": kind, "file": file})


def preview(client: Client, content: bytes, **how: str) -> Takeover:
    """Upload, take the guess as it is, and have the rows checked."""
    assert upload(client, content, **how).status_code == 302
    found = Takeover.objects.latest("pk")
    columns = {f"spalte_{place}": field for place, field in enumerate(found.columns)}
    answer = client.post(reverse("office:takeover_columns", args=[found.pk]), columns)
    assert answer.status_code == 302, answer.context["form"].errors
    desk.carry_on(NOW)
    found.refresh_from_db()
    return found


def do(client: Client, found: Takeover, slug: str) -> Takeover:
    client.post(reverse("office:takeover_move", args=[found.pk, slug]))
    desk.carry_on(NOW)
    found.refresh_from_db()
    return found


def verdicts(found: Takeover) -> list[str]:
    return list(found.rows.order_by("line").values_list("verdict", flat=True))


def sentences(found: Takeover) -> dict[int, list[str]]:
    return {
        row.line: [sentence for _place, sentence in row.found["problems"]]
        for row in found.rows.filter(verdict=Verdict.WRONG).order_by("line")
    }


def workbook(rows: list[list[Any]], *, sheet: str = "Tabelle1") -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        page, days = book.add_worksheet(sheet), book.add_format({"num_format": "dd.mm.yyyy"})
        for line, row in enumerate(rows):
            for place, cell in enumerate(row):
                if isinstance(cell, date):
                    page.write_datetime(line, place, cell, days)
                else:
                    page.write(line, place, cell)
    return target.getvalue()


def first_row(data: bytes) -> list[str]:
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()[0]


def test_a_list_becomes_volunteers_and_nobody_is_mailed(client: Client, office: User) -> None:
    found = preview(client, ("Unsere Lotsen 2026\n" + HEADINGS + SAMIRA + YUSUF).encode())
    page = client.get(reverse("office:takeover", args=[found.pk])).content.decode()
    assert ("2 neu, 0 geändert, 0 gleich" in page, verdicts(found)) == (True, ["new", "new"])

    do(client, found, "uebernehmen")

    people = Volunteer.objects.order_by("name").values_list(
        "name", "email", "phone", "district__name", "state", "undertaking_on", "weekly_maximum"
    )
    assert list(people) == [
        ("Samira Haddad", "samira@example.org", "02131 555 01", "Norf", "active", date(2026, 2, 1), 3),
        ("Yusuf Karim", "", "0157 3344556", "Innenstadt", "paused", date(2025, 3, 4), 3),
    ]
    cards = SpeakerCard.objects.order_by("language__code").values_list("language__code", "level", "monday")
    assert list(cards) == [("ar", 4, 0b1111111111 >> 2 << 2), ("kmr", 3, (1 << 30) - 1)]
    assert OutgoingMail.objects.count() == 0
    assert set(found.rows.values_list("cells", "findings")) == {("", "")}
    assert LogEntry.objects.filter(kind="volunteer", action="take_in").count() == 2


def test_the_same_list_again_says_same(client: Client, office: User) -> None:
    rows = (HEADINGS + SAMIRA + YUSUF).encode("cp1252", errors="replace")
    do(client, preview(client, rows.replace(b"Kurmanc?", b"Kurmanc\xee")), "uebernehmen")

    again = preview(client, rows.replace(b"Kurmanc?", b"Kurmanc\xee"))

    assert (verdicts(again), Volunteer.objects.count()) == (["same", "same"], 2)


def test_real_dates_and_numbers_of_excel_are_read(client: Client, office: User) -> None:
    rows = [
        ["Vorname", "Nachname", "Tel.", "Sprachen", "Führungszeugnis", "EFZ gültig bis"],
        [
            "Amira",
            "Saleh",
            4921315550,
            "Arabisch (Muttersprache); Türkisch B2",
            date(2026, 11, 24),
            "24.11.31",
        ],
        ["=SUM(A1)", "+Test", "", "", "", ""],
    ]
    found = preview(client, workbook(rows), name="Liste.xlsx")
    do(client, found, "uebernehmen")

    amira, formula = Volunteer.objects.order_by("-phone")
    assert (amira.name, amira.phone) == ("Amira Saleh", "4921315550")
    assert (amira.conduct_seen_on, amira.conduct_until) == (date(2026, 11, 24), date(2031, 11, 24))
    assert {(s.language.code, s.level) for s in amira.languages.all()} == {("ar", 4), ("tr", 2)}
    assert formula.name in {"=SUM(A1) +Test", "0 +Test"}


def test_what_changes_is_shown_with_old_and_new_and_can_be_taken_back(client: Client, office: User) -> None:
    samira = make_volunteer(
        "Samira Haddad",
        email="samira@example.org",
        phone="02131 555 01",
        languages={"ar": 4},
        weekly_maximum=3,
    )
    rows = (
        "Name;E-Mail;Telefon;Sprachen\n"
        'Samira Haddad;samira@example.org;0157 1234567;"Arabisch; Englisch"\n'
        "Ben Neu;ben@example.org;;\n"
    )
    found = preview(client, rows.encode())
    page = client.get(reverse("office:takeover", args=[found.pk]) + "?urteil=changed").content.decode()
    assert ("02131 555 01" in page, "0157 1234567" in page, "Ben Neu" in page) == (True, True, False)

    do(client, found, "uebernehmen")
    samira.refresh_from_db()
    assert (samira.phone, samira.languages.count(), Volunteer.objects.count()) == ("0157 1234567", 2, 2)

    do(client, found, "zuruecknehmen")
    samira.refresh_from_db()
    assert (samira.phone, samira.languages.count(), Volunteer.objects.count()) == ("02131 555 01", 1, 1)
    assert (found.state, set(SpeakerCard.objects.values_list("volunteer", flat=True))) == (
        "undone",
        {samira.pk},
    )


def test_nothing_is_taken_back_once_somebody_is_needed(client: Client, office: User) -> None:
    found = do(client, preview(client, (HEADINGS + SAMIRA).encode()), "uebernehmen")
    factories.make_offer(volunteer=Volunteer.objects.get())

    do(client, found, "zuruecknehmen")

    page = client.get(reverse("office:takeover", args=[found.pk])).content.decode()
    assert (found.state, "Samira Haddad wird schon gebraucht." in page) == ("written", True)


def test_institutions_come_in_change_and_go_back(client: Client, office: User) -> None:
    old = factories.make_institution("Kita Sonnenschein", phone="")
    text = (
        "Einrichtung;Typ;Anschrift;PLZ;Ort;Stadtteil;Tel;Dauer\n"
        "Praxis am Hafen;Praxis;Hafenstraße 1;41460;Neuss;Hafengebiet;02131 77;1,5 Std.\n"
        "KITA Sonnenschein;Kita;Marktplatz 1;41460;Neuss;Innenstadt;02131 88;60\n"
    )
    found = do(client, preview(client, text.encode("cp1252"), kind="einrichtungen"), "uebernehmen")
    rows = Institution.objects.order_by("pk").values_list("name", "kind", "state", "phone", "usual_minutes")
    assert list(rows) == [
        ("KITA Sonnenschein", "education", "approved", "02131 88", 60),
        ("Praxis am Hafen", "health", "approved", "02131 77", 90),
    ]
    again = preview(client, text.encode("cp1252"), kind="einrichtungen")
    assert verdicts(again) == ["same", "same"]

    do(client, found, "zuruecknehmen")

    old.refresh_from_db()
    assert (old.name, old.phone, Institution.objects.count()) == ("Kita Sonnenschein", "", 1)


def test_an_institution_with_people_stays(client: Client, office: User) -> None:
    text = "Name;Art;Straße;PLZ;Ort;Stadtteil\nPraxis;Praxis;Hafen 1;41460;Neuss;Norf\nX;Amt;;;;\n"
    wrong = preview(client, text.encode(), kind="einrichtungen")
    assert [len(said) for said in sentences(wrong).values()] == [4]
    found = do(
        client, preview(client, text.replace("X;Amt;;;;\n", "").encode(), kind="einrichtungen"), "uebernehmen"
    )
    factories.make_member(Institution.objects.get())

    do(client, found, "zuruecknehmen")

    assert (found.state, found.problem[-28:]) == ("written", "Praxis wird schon gebraucht.")


@pytest.mark.parametrize("kind", ["freiwillige", "einrichtungen"])
def test_what_goes_out_comes_back_as_the_same(client: Client, office: User, kind: str) -> None:
    make_volunteer(
        "=cmd|' /C calc'!A0", email="", phone="+49 2131 555",
        languages={"kmr": 4, "ar": 1, "tr": 2, "uk": 3, "en": 2},
        topics=[factories.make_topic()], state="paused", paused_until=date(2026, 12, 24), gender="f",
        availability=[0, 1, 6, 0, 0, 0, (1 << 30) - 1], shares_phone=True, joined_on=date(2020, 2, 29),
    )  # fmt: skip
    make_volunteer("-Minus; und, Komma", languages=(), email="", phone="", district=None)
    factories.make_institution("@Haus", phone="+49 2131 1", usual_minutes=90, usual_place="-1. Stock")

    answer = client.post(reverse("office:takeover_export", args=[kind]))
    found = preview(client, answer.content, name="Liste.xlsx", kind=kind)

    assert (set(verdicts(found)), sentences(found)) == ({"same"}, {})
    with zipfile.ZipFile(io.BytesIO(answer.content)) as package:
        assert b"<f>" not in package.read("xl/worksheets/sheet1.xml")
    seen = AccessLog.objects.values_list("kind", "what", "actor_number")
    assert list(seen) == [("takeover", kind, office.pk)]


@pytest.mark.parametrize("kind", ["freiwillige", "einrichtungen"])
def test_a_template_knows_all_its_own_headings(client: Client, office: User, kind: str) -> None:
    page = client.get(reverse("office:takeover_template", args=[kind]))
    assert upload(client, page.content, name="Vorlage.xlsx", kind=kind).status_code == 422
    headings = read(workbook([[*first_row(page.content)], ["x"]])).headings
    upload(client, workbook([[*headings], ["x"]]), name="Vorlage.xlsx", kind=kind)
    assert "" not in Takeover.objects.get().columns
    assert client.get(reverse("office:takeover_template", args=["nichts"])).status_code == 404


def test_ten_kinds_of_wrong_rows_each_say_what_is_wrong(client: Client, office: User) -> None:
    make_volunteer("Paul Pause", email="paul@example.org", state="active")
    long = "x" * 121
    rows = [
        ";ohne@example.org;;;;;;;;",
        "A;keine Adresse;;;;;;;;",
        "B;;12;;;;;;;",
        "C;;;Klingonisch;;;;;;",
        "D;;;Arabisch;prima;;;;;",
        "E;;;;;Atlantis;;;;",
        "F;;;;;;31.02.2026;;;",
        "G;;;;;;;99;;",
        "H;;;;;;;;morgens;",
        "I;;;;;;;;;beurlaubt",
        f"{long};;;;;;;;;",
        "Paul Pause;paul@example.org;;;;;;;;pausiert",
        "J;j@example.org;;;;;;;;",
        "J;j@example.org;;;;;;;;",
    ]
    found = preview(client, (HEADINGS + "\n".join(rows)).encode())

    assert sentences(found) == {
        2: ["Hier fehlt etwas: Name."],
        3: ["Das ist keine E-Mail-Adresse. Richtig ist zum Beispiel: name@amt.de."],
        4: ["Das ist keine Telefonnummer. Richtig ist zum Beispiel: 02131 905753."],
        5: ["Die Sprache „Klingonisch“ kennen wir nicht."],
        6: ["Das Niveau „prima“ kennen wir nicht. Möglich sind A2, B1, B2, C1, C2, Erstsprache."],
        7: ["Den Stadtteil „Atlantis“ kennen wir nicht."],
        8: ["Diesen Tag gibt es nicht."],
        9: ["Die Zahl muss zwischen 1 und 20 liegen."],
        10: ["Bitte schreiben Sie die Zeiten so: 08:00–12:00, 14:00–18:00."],
        11: [f"„beurlaubt“ kennen wir nicht. Möglich sind: {', '.join(map(str, VolunteerState.labels))}."],
        12: ["Höchstens 120 Zeichen sind möglich, hier sind es 121."],
        13: ["Den Stand ändern Sie bitte auf der Seite der Person (jetzt: aktiv)."],
        15: ["Diese Person steht schon in Zeile 14."],
    }
    page = client.get(reverse("office:takeover", args=[found.pk])).content.decode()
    assert ("Alles übernehmen" in page, "Atlantis" in page) == (False, True)
    do(client, found, "uebernehmen")
    assert (found.state, Volunteer.objects.count()) == ("checked", 1)


def test_a_corrected_column_is_learned(client: Client, office: User) -> None:
    rows = b"Wer;Spricht\nSamira Haddad;Arabisch\n"
    upload(client, rows)
    found = Takeover.objects.get()
    page = reverse("office:takeover_columns", args=[found.pk])
    assert found.columns == ["", ""]
    assert client.post(page, {}).status_code == 422
    assert client.post(page, {"spalte_0": "name", "spalte_1": "name"}).status_code == 422

    client.post(page, {"spalte_0": "name", "spalte_1": "language"})
    upload(client, rows)

    assert Takeover.objects.latest("pk").columns == ["name", "language"]
    assert set(LearnedHeading.objects.values_list("heading", "field")) == {
        ("wer", "name"),
        ("spricht", "language"),
    }


@pytest.mark.parametrize(
    ("there", "row", "verdict"),
    [
        ({"email": "s@example.org", "phone": ""}, "Samira Haddad;s@example.org;", "same"),
        ({"email": "s@example.org", "phone": ""}, "Samira Meier;s@example.org;", "changed"),
        ({"email": "", "phone": "+49 2131 555"}, "Samira Haddad;;02131/555", "changed"),
        ({"email": "", "phone": "02131 555"}, "Samira Meier;;02131 555", "changed"),
        ({"email": "", "phone": ""}, "Samira Haddad;;", "same"),
        ({"email": "s@example.org", "phone": "02131 555"}, "Karim Haddad;k@example.org;02131 555", "new"),
        ({"email": "s@example.org", "phone": ""}, "Samira Haddad;other@example.org;", "new"),
    ],
)
def test_the_same_person_is_known_again(
    client: Client, office: User, there: dict[str, str], row: str, verdict: str
) -> None:
    make_volunteer("Samira Haddad", **there)
    found = preview(client, f"Name;E-Mail;Telefon\n{row}\n".encode())
    assert verdicts(found) == [verdict]


def test_an_address_with_open_questions_is_not_changed_by_a_list(client: Client, office: User) -> None:
    samira = make_volunteer("Samira Haddad", email="s@example.org", phone="02131 555")
    factories.make_offer(volunteer=samira)
    found = preview(client, b"Name;E-Mail;Telefon\nSamira Haddad;neu@example.org;02131 555\n")
    assert [text[:40] for text in sentences(found)[2]] == ["Hier sind noch Anfragen oder Einsätze of"]


def test_what_changed_since_the_preview_is_shown_before_anything_is_written(
    client: Client, office: User
) -> None:
    found = preview(client, (HEADINGS + SAMIRA).encode())
    make_volunteer("Samira Haddad", email="samira@example.org", phone="02131 555 01")

    do(client, found, "uebernehmen")

    assert (found.state, found.problem, verdicts(found)) == ("checked", desk.MOVED_ON, ["changed"])
    assert Volunteer.objects.count() == 1


def test_a_step_that_fails_writes_nothing_and_says_so(
    client: Client, office: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = preview(client, (HEADINGS + SAMIRA).encode())
    monkeypatch.setattr("volunteers.cards.refresh_pools", lambda: 1 / 0)
    do(client, found, "uebernehmen")
    for _again in range(desk.MOST_TRIES):
        desk.carry_on(NOW)

    found.refresh_from_db()
    assert (found.state, found.problem, Volunteer.objects.count()) == ("checked", desk.BROKEN, 0)


def test_the_progress_page_leads_on_by_itself(client: Client, office: User) -> None:
    upload(client, (HEADINGS + SAMIRA).encode())
    found = Takeover.objects.get()
    page = reverse("office:takeover", args=[found.pk])
    desk.check(found.pk, columns=found.columns, user=office, now=NOW)

    waiting = client.get(page)
    desk.carry_on(NOW)

    assert "Stand aktualisieren" in waiting.content.decode()
    assert client.get(page, headers={"HX-Request": "true"}).headers["HX-Redirect"] == page


def test_names_stand_nowhere_in_clear_before_and_after(client: Client, office: User) -> None:
    marks = ["Quendolin", "quendolin@zapfen.example", "0157 33445566", "Geheimliste"]
    rows = f"Name;E-Mail;Telefon\n{';'.join(marks[:3])}\nQ;kaputt;\n"
    preview(client, rows.encode(), name="Geheimliste.csv")
    with connection.cursor() as cursor:
        stored = ""
        for model in (Takeover, TakeoverRow, LearnedHeading, LogEntry):
            cursor.execute(f"select t::text from {model._meta.db_table} t")
            stored += " ".join(row[0] for row in cursor.fetchall())
    assert [mark for mark in marks if mark in stored] == []


def test_a_preview_of_many_costs_what_one_of_few_costs(
    client: Client, office: User, django_assert_num_queries: Any
) -> None:
    one = preview(client, b"Name;Telefon\nA;kaputt\n")
    many = preview(client, b"Name;Telefon\n" + b"".join(b"P%d;kaputt\n" % number for number in range(60)))
    pages = [reverse("office:takeover", args=[found.pk]) for found in (one, many)]
    client.get(pages[0])  # the first page of a session reads more
    with CaptureQueriesContext(connection) as asked:
        client.get(pages[0])
    with django_assert_num_queries(len(asked)):
        client.get(pages[1])


def test_only_coordinators_come_near(client: Client, office: User) -> None:
    found = preview(client, (HEADINGS + SAMIRA).encode())
    client.force_login(factories.make_member().user)
    assert client.get(reverse("office:takeover", args=[found.pk])).status_code == 404
    assert upload(client, b"Name\nX\n").status_code == 404


def test_a_language_of_our_own_is_found_by_each_of_its_names(client: Client, office: User) -> None:
    make_language("xx", "Friesisch, Sölring")
    rows = "Name;Sprachen\nA;Friesisch, Sölring, Arabisch\nB;Sölring (gut), Kurmancî\nC;العربية\n"
    found = do(client, preview(client, rows.encode()), "uebernehmen")
    spoken = {
        p.name: {(s.language.code, s.level) for s in p.languages.all()} for p in Volunteer.objects.all()
    }
    assert spoken == {"A": {("xx", 3), ("ar", 3)}, "B": {("xx", 2), ("kmr", 3)}, "C": {("ar", 3)}}
    assert found.state == "written"


def test_rows_are_erased_a_day_after_they_came_and_a_month_after_they_went_in(
    client: Client, office: User
) -> None:
    preview(client, (HEADINGS + YUSUF).encode())
    do(client, preview(client, (HEADINGS + SAMIRA).encode()), "uebernehmen")

    left = []
    for days in (0, 1, 29, 30):
        erase_expired(NOW + timedelta(days=days))
        left.append((Takeover.objects.count(), TakeoverRow.objects.count()))

    assert (left, Volunteer.objects.count()) == ([(2, 2), (1, 1), (1, 1), (0, 0)], 1)


@pytest.mark.long
def test_five_thousand_rows_arrive_each_once(client: Client, office: User) -> None:
    rows = "".join(
        f"P{number};p{number}@example.org;02131 {number + 10_000};Arabisch;C1;Norf;1.2.26;3;8-12;aktiv\n"
        for number in range(5_000)
    )
    found = do(client, preview(client, (HEADINGS + rows).encode()), "uebernehmen")

    assert (found.state, Volunteer.objects.count(), SpeakerCard.objects.count()) == ("written", 5_000, 5_000)
    assert set(Volunteer.objects.values_list("email", flat=True)) == {
        f"p{n}@example.org" for n in range(5_000)
    }
    assert LogEntry.objects.filter(kind="volunteer", action="take_in").count() == 5_000
    assert set(verdicts(preview(client, (HEADINGS + rows).encode()))) == {"same"}
    assert do(client, found, "zuruecknehmen").state == "undone"
    assert Volunteer.objects.count() == 0
