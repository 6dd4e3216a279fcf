"""Sign-in and account pages: closed, in our words, and kind to whoever mistypes."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse

from lotsen_portal import addresses, clock, outbox
from lotsen_portal.models import Programme, User

pytestmark = pytest.mark.django_db

PASSWORD = "ein-langes-Passwort"


@pytest.fixture
def person() -> User:
    """Somebody with an account, a password and an address that is known to be theirs."""
    user = User.objects.create_user("anna@example.org", PASSWORD, name="Anna Beispiel")
    EmailAddress.objects.filter(user=user).update(verified=True)
    return user


def words(response: Any) -> str:
    """Return the page's words without tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_a_password_opens_the_portal(client: Client, person: User) -> None:
    entered = {"login": "Anna@Example.org", "password": PASSWORD}
    client.post(reverse("account_login"), entered)
    assert client.session.get("_auth_user_id") == str(person.pk)


@pytest.mark.parametrize(
    ("language", "label"),
    [("uk", "Електронна адреса"), ("ar", "البريد الإلكتروني"), ("tr", "E-posta adresi")],
)
def test_the_sign_in_asks_for_an_address_in_the_readers_language(
    client: Client, language: str, label: str
) -> None:
    form = client.get(f"/{language}/konto/login/").context["form"]
    assert form["login"].label == label


def test_a_wrong_password_and_an_unknown_address_get_the_same_page(client: Client, person: User) -> None:
    answers = [
        words(client.post(reverse("account_login"), {"login": address, "password": "falsch"}))
        for address in (person.email, "niemand@example.org")
    ]
    assert "E-Mail-Adresse oder Passwort stimmt nicht." in answers[0]
    assert answers[0].replace(person.email, "") == answers[1].replace("niemand@example.org", "")


def test_a_mailed_code_speaks_our_german_and_its_answer_reaches_the_office(
    client: Client, person: User, mailoutbox: list[EmailMessage]
) -> None:
    Programme.objects.update_or_create(pk=1, defaults={"email": "amt@example.org", "phone": "02131 1"})
    client.post(reverse("account_request_login_code"), {"email": person.email})
    (mail,) = mailoutbox
    assert mail.subject == "Ihr Code zum Anmelden"
    assert "mit diesem Code melden Sie sich an" in mail.body
    assert "Telefon: 02131 1" in mail.body
    assert mail.message()["Reply-To"] == "amt@example.org"


def test_an_unknown_address_gets_the_same_page_as_a_known_one(client: Client, person: User) -> None:
    pages = []
    for address in (person.email, "niemand@example.org"):
        response = Client().post(reverse("account_request_login_code"), {"email": address}, follow=True)
        pages.append(words(response).replace(address, ""))
    assert pages[0] == pages[1]


def test_nobody_signs_up_alone(client: Client) -> None:
    asked = {"email": "neu@example.org", "password1": PASSWORD}
    response = client.post(reverse("account_signup"), asked)
    assert "Konten richtet das Amt ein." in words(response)
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "name",
    ["account_login", "account_request_login_code", "account_reset_password", "account_signup"],
)
def test_pages_before_sign_in_say_language_and_heading(client: Client, name: str) -> None:
    html = client.get(reverse(name)).content.decode()
    assert '<html lang="de" dir="ltr">' in html
    assert len(re.findall("<h1", html)) == 1
    assert "placeholder" not in html
    assert "style=" not in html


@pytest.mark.parametrize("name", ["account_email", "account_change_password", "mfa_index", "account_logout"])
def test_pages_of_ones_own_account_say_heading_and_sie(client: Client, person: User, name: str) -> None:
    client.force_login(person)
    response = client.get(reverse(name))
    assert response.status_code == 200
    assert len(re.findall("<h1", response.content.decode())) == 1
    assert not re.search(r"\b(du|dein|deine|deiner|dich|dir)\b", words(response), re.IGNORECASE)


def test_a_new_password_is_typed_once(client: Client, person: User) -> None:
    client.force_login(person)
    html = client.get(reverse("account_change_password")).content.decode()
    assert re.findall(r'name="(\w*password\w*)"', html) == ["oldpassword", "password1"]
    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": "anders-und-lang"})
    person.refresh_from_db()
    assert person.check_password("anders-und-lang")


def test_the_first_sign_in_asks_whether_the_address_is_theirs(client: Client, person: User) -> None:
    EmailAddress.objects.filter(user=person).delete()
    response = client.post(
        reverse("account_login"), {"login": person.email, "password": PASSWORD}, follow=True
    )
    assert "_auth_user_id" not in client.session
    assert "Code eingeben" in words(response)


@pytest.mark.parametrize("credential", ["9" * 5000, "[" * 100_000, "[]", "\0", "{}", "null"])
def test_a_passkey_that_is_none_is_refused(client, credential):
    answer = client.post("/konto/2fa/webauthn/login/", {"credential": credential})
    assert answer.status_code == 302
    assert "_auth_user_id" not in client.session


def test_a_code_to_a_dead_address_has_the_office_phone_and_a_code_that_arrives_frees_it(
    client: Client, person: User, mailoutbox: list[EmailMessage]
) -> None:
    addresses.bury(person.email, code="5.1.1", now=clock.now())
    client.post(reverse("account_request_login_code"), {"email": person.email})
    waiting = outbox.to_phone(clock.now()).get()
    code = re.findall(r"^\s*([A-Z0-9-]{6,9})\s*$", str(mailoutbox[-1].body), re.MULTILINE)[0]
    client.post(reverse("account_confirm_login_code"), {"code": code})
    outbox.drop_needless_calls(clock.now())

    assert (waiting.name, waiting.ids) == ("sign_in_failed", {"user": person.pk})
    assert client.session.get("_auth_user_id") == str(person.pk)
    assert addresses.is_dead(person.email) is False
    assert not outbox.to_phone(clock.now()).exists()
