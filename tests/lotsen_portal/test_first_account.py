"""From an empty installation to the work queue: the first account, its address, its second factor."""

import re

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.core.management import call_command
from django.http import HttpResponse
from django.urls import reverse

from lotsen_portal import office

pytestmark = pytest.mark.django_db

ADDRESS, PASSWORD = "erste@example.org", "ein-langes-Kennwort-7"


@pytest.fixture(autouse=True)
def as_in_production(settings, monkeypatch):
    settings.REQUIRE_OFFICE_MFA = True
    monkeypatch.setattr(office.site, "index_view", lambda request: HttpResponse("work queue"))
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", interactive=False, email=ADDRESS, name="Erste", verbosity=0)


def test_the_first_account_gets_in_with_a_confirmed_address_and_a_second_factor(client):
    signed_in = client.post(reverse("account_login"), {"login": ADDRESS, "password": PASSWORD}, follow=True)
    code = re.search(r"^\s*([A-Z0-9-]{6,9})\s*$", mail.outbox[-1].body, re.MULTILINE)[1]
    client.post(signed_in.redirect_chain[-1][0], {"code": code})

    set_up = client.get(reverse("office:index")).url
    assert set_up == reverse("mfa_activate_totp")
    again = client.get(set_up).url  # allauth wants the password once more before it changes such things
    secret = client.post(again, {"password": PASSWORD}, follow=True).context["form"].secret
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    client.post(set_up, {"code": totp.format_hotp_value(totp.hotp_value(secret, counter))})

    assert client.get(reverse("office:index")).content == b"work queue"
