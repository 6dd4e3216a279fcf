"""The demo's own pages: sign in at the press of a button, read everybody's mail; nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from django.test import Client
from django.urls import Resolver404, resolve

from lotsen_portal.audit import Actor
from lotsen_portal.models import User
from requests_app import workflow
from requests_app.demo import city as town
from requests_app.demo import maildir, views
from tests.factories import NOW, make_offer, make_own_request
from tests.markup import Reader
from volunteers.models import Volunteer

pytestmark = pytest.mark.django_db

BUTTONS = {
    "office": ("Als Koordination anmelden", "/koordination/"),
    "institution": ("Als Einrichtung anmelden", "/einrichtung/"),
    "volunteer": ("Als Lotsin anmelden", "/lotse/"),
}


@pytest.fixture
def demo(settings: Any, tmp_path: Path) -> Path:
    """The demo's configuration; returns the folder of its mail."""
    settings.ROOT_URLCONF = "requests_app.demo.urls"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    return tmp_path


@pytest.fixture
def people(demo: Path) -> dict[str, User]:
    town.found(Random(1), date(2026, 11, 23))
    return town.main_people()


def send(subject: str, to: str, text: str = "Hallo", *, html: str = "") -> None:
    letter = EmailMultiAlternatives(subject, text, "portal@neuss.example", [to])
    if html:
        letter.attach_alternative(html, "text/html")
        letter.attach("termin.ics", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "application/ics")
    get_connection("requests_app.demo.maildir.MailFolder").send_messages([letter])


@pytest.mark.parametrize("path", ["/demo/", "/demo/postfach/", "/demo/postfach/a/html/"])
def test_the_demos_pages_exist_in_the_demo_only(client: Client, path: str) -> None:
    with pytest.raises(Resolver404):
        resolve(path)
    assert client.get(path).status_code == 404
    assert client.post(path, {"who": "office"}).status_code == 404


@pytest.mark.parametrize("who", BUTTONS)
def test_a_button_signs_in_and_leads_home(client: Client, people: dict[str, User], who: str) -> None:
    label, home = BUTTONS[who]
    page = client.get("/demo/").content.decode()
    assert page.count(f">{label}<") == 1

    answer = client.post("/demo/", {"who": who}, follow=True)

    assert answer.redirect_chain[-1][0] == home
    assert int(client.session["_auth_user_id"]) == people[who].pk


def test_looking_at_the_entrance_signs_nobody_in(client: Client, people: dict[str, User]) -> None:
    client.get("/demo/?who=office")

    assert "_auth_user_id" not in client.session


def test_one_can_be_anybody_of_the_city(client: Client, people: dict[str, User]) -> None:
    head = User.objects.get(name="Martin Hellwig")
    assert f'<option value="{head.pk}">Martin Hellwig</option>' in client.get("/demo/").content.decode()

    client.post("/demo/", {"person": head.pk})

    assert int(client.session["_auth_user_id"]) == head.pk


@pytest.mark.parametrize(
    "wish", [{}, {"who": "mayor"}, {"person": "1e3"}, {"person": "987654321"}, {"person": "9" * 9999}]
)
def test_who_is_unknown_is_not_let_in(client: Client, people: dict[str, User], wish: dict[str, str]) -> None:
    answer = client.post("/demo/", wish)

    assert answer.status_code == 404
    assert "_auth_user_id" not in client.session


def test_the_secret_addresses_of_the_city_open(
    client: Client, people: dict[str, User], at: Callable[[str], datetime]
) -> None:
    at("2026-11-24 09:00")
    record = make_own_request()
    workflow.approve(record.pk, by=Actor.office(people["office"]), now=NOW)
    make_offer(record, Volunteer.objects.get(user=people["volunteer"]))

    links = Reader(client.get("/demo/").content.decode()).links

    secret = [path for path in links if path.startswith(("/lotse/antwort/", "/ar/anfragen/"))]
    pages = [client.get(path).content.decode() for path in secret]
    assert [(">Zusagen<" in page, record.reference in page) for page in pages] == [
        (True, False),
        (False, True),
    ]


def test_an_unfinished_city_says_so(client: Client, demo: Path) -> None:
    page = client.get("/demo/").content.decode()

    assert "noch nicht fertig" in page
    assert "Als Lotsin anmelden" not in page


def test_the_mailbox_shows_the_newest_mail_first_with_links_that_work(client: Client, demo: Path) -> None:
    send("Erste", "a@lotsen.example")
    send("Zweite", "b@lotsen.example", "Zusagen:\nhttp://localhost:8000/lotse/antwort/AbC-_9/\n")

    page = client.get("/demo/postfach/").content.decode()

    assert page.index("Zweite") < page.index("Erste")
    assert '<a href="http://localhost:8000/lotse/antwort/AbC-_9/"' in page


def test_the_mailbox_tells_the_time_of_neuss(
    client: Client, demo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "django.core.mail.message.formatdate", lambda **_how: "Mon, 23 Nov 2026 08:05:00 -0000"
    )

    send("Guten Morgen", "a@lotsen.example")

    assert "23. November 2026, 09:05:00" in client.get("/demo/postfach/").content.decode()


def test_the_mailbox_keeps_to_one_reader_if_asked(client: Client, demo: Path) -> None:
    send("Für die eine", "a@lotsen.example")
    send("Für den anderen", "b@lotsen.example")

    page = client.get("/demo/postfach/?an=a@lotsen.example").content.decode()

    assert ("Für die eine" in page, "Für den anderen" in page) == (True, False)


def test_many_mails_have_pages(client: Client, demo: Path) -> None:
    for number in range(views.LETTERS_A_PAGE + 1):
        send(f"Brief {number:03}", "a@lotsen.example")

    first, second = (client.get(f"/demo/postfach/?page={n}").content.decode() for n in (1, 2))

    assert ("Brief 000" in first, "Brief 020" in first) == (False, True)
    assert ("Brief 000" in second, "Brief 020" in second) == (True, False)


def test_an_empty_mailbox_says_so(client: Client, demo: Path) -> None:
    assert "Noch keine E-Mail" in client.get("/demo/postfach/").content.decode()


def test_what_a_mail_says_is_shown_as_text_only(client: Client, demo: Path) -> None:
    send("<b>Fett</b>", "a@lotsen.example", "<script>alert(1)</script>")

    page = client.get("/demo/postfach/").content.decode()

    assert "<b>Fett</b>" not in page
    assert "<script>alert" not in page


def test_a_mails_own_html_is_shut_off_from_the_portal(client: Client, demo: Path) -> None:
    send("Schön", "a@lotsen.example", html='<p style="color: red">Hallo</p>')
    name = next(maildir.letters()).name

    answer = client.get(f"/demo/postfach/{name}/html/")

    policy = answer.headers["Content-Security-Policy"]
    assert answer.content.decode().strip() == '<p style="color: red">Hallo</p>'
    assert "sandbox" in policy
    assert "script-src 'none'" in policy


def test_a_calendar_entry_can_be_downloaded(client: Client, demo: Path) -> None:
    send("Termin", "a@lotsen.example", html="<p>Hallo</p>")
    name = next(maildir.letters()).name

    answer = client.get(f"/demo/postfach/{name}/anhang/0/")

    assert answer.headers["Content-Disposition"] == 'attachment; filename="termin.ics"'
    assert answer.content.startswith(b"BEGIN:VCALENDAR")
    assert client.get(f"/demo/postfach/{name}/anhang/1/").status_code == 404
    assert client.get("/demo/postfach/keiner/anhang/0/").status_code == 404


def test_every_mail_is_a_file_of_its_own(demo: Path) -> None:
    letters = [EmailMultiAlternatives("Eins", "x", to=[f"{name}@lotsen.example"]) for name in "ab"]

    sent = get_connection("requests_app.demo.maildir.MailFolder").send_messages(letters)

    assert sent == len(list(demo.iterdir())) == 2
    assert {letter.to for letter in maildir.letters()} == {("a@lotsen.example",), ("b@lotsen.example",)}
