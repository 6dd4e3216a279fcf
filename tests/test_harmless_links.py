"""Mail scanners follow links. Following every link of every mail, by GET and by HEAD, once and again, and the
links on the pages behind them, changes no row except the log of reading."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from html import unescape
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.test import Client
from django.urls import reverse

from lotsen_portal import outbox
from lotsen_portal.audit import Actor
from lotsen_portal.models import AccessLog, OutgoingMail, Programme, User
from requests_app import mails, registrations, team, workflow
from requests_app.models import AssistanceRequest, Member, Offer
from tests import factories
from tests.factories import NOW, make_agreed, make_assistance, make_offer, make_volunteer, period

pytestmark = pytest.mark.django_db

LATER: Final = NOW + timedelta(hours=1)
ADDRESS: Final = re.compile(r"https?://[^\s\"'<>]+")
REFERENCE: Final = re.compile(r"""(?:href|src|action)=["']([^"']+)["']""")
REDIRECTS: Final = 10
CONFIRMED: Final = {"verified": True, "primary": True}


# A town in which every mail goes out


def _moved(assistance: AssistanceRequest, by: Actor) -> None:
    assistance.refresh_from_db()
    change = workflow.Change(
        period=period("2026-12-16", "14:00"),
        mode=assistance.mode,
        district=assistance.district,
        place=assistance.place,
        languages=tuple(row.language for row in assistance.languages.all()),
    )
    workflow.change(assistance.pk, change, version=assistance.version, by=by, now=LATER)


def _lives_of_requests(member: Member, lotse_user: User) -> None:
    """Requests that end in every way; the mails are delivered before the next step makes them needless."""
    office, ours = Actor.office(factories.make_coordinator()), Actor.member(member.user)

    def agreed(day: str, **who: Any) -> Offer:
        offer = make_agreed(make_assistance(by=member, when=period(day)), make_volunteer(**who)).offer
        outbox.deliver_due()
        return offer

    kept = agreed("2026-12-01", user=lotse_user)
    assert mails.send_details_code(kept, now=LATER)
    taken = make_assistance(by=member, when=period("2026-12-02"))
    make_offer(taken, make_volunteer(mail_language="en"))
    outbox.deliver_due()
    make_agreed(taken, make_volunteer(mail_language="ar"))
    withdrawn = make_offer(make_assistance(by=member, when=period("2026-12-03")))
    workflow.withdraw_offer(withdrawn.pk, by=office, now=LATER)
    workflow.step_down(agreed("2026-12-04").assistance_id, by=office, now=LATER)
    _moved(agreed("2026-12-07").assistance, office)
    workflow.cancel(agreed("2026-12-08").assistance_id, reason="Krank", by=ours, now=LATER)
    workflow.give_up(make_assistance(by=member).pk, by=office, now=LATER)
    workflow.reject(make_assistance(by=member).pk, rule="x", reason="Geht nicht.", by=office, now=LATER)
    outbox.deliver_due()


def _consent_is_taken_back() -> None:
    """Somebody who asked alone has an agreed appointment, and wants everything erased."""
    own, office = factories.make_own_request(when=period("2026-12-11")), factories.make_coordinator()
    workflow.approve(own.pk, by=Actor.office(office), now=NOW)
    make_agreed(own, make_volunteer())
    outbox.deliver_due()
    workflow.withdraw_consent(own.pk, by=Actor.client(own.pk), now=LATER)
    outbox.deliver_due()


def _several_dates(member: Member) -> None:
    """A series that one volunteer is asked about in one mail, agrees to, and whose rest is called off; a day
    on which somebody was asked more than enough."""
    user, (lotse, slower, busy) = factories.make_coordinator(), [make_volunteer() for _three in range(3)]
    dates = workflow.submit_several(
        [factories.draft_of(period(day)) for day in ("2026-12-10", "2026-12-17", "2027-01-07")],
        kind="series",
        by=Actor.member(member.user),
        institution=member.institution,
        filed_by=member.user,
        now=NOW,
    )
    numbers, by = [row.pk for row in dates], Actor.office(user)
    offers = workflow.ask_several(numbers, volunteer=lotse.pk, by=by, user=user, now=NOW)
    workflow.ask_several(numbers, volunteer=slower.pk, by=by, user=user, now=NOW)
    outbox.deliver_due()
    chosen = {offer.pk: offer.version for offer in offers}
    yes = Actor.volunteer(lotse.pk)
    workflow.accept_several(offers[0].bundle_id, chosen=chosen, by=yes, now=LATER)
    outbox.deliver_due()
    workflow.cancel_rest(dates[0].group_id, reason="Krank", by=Actor.member(member.user), now=LATER)
    for day in range(Programme.current().offers_per_day + 1):
        make_offer(make_assistance(by=member, when=period(f"2027-01-{11 + day}")), busy)
    outbox.deliver_due()


def _both_sides_are_asked(member: Member, at: Callable[[str], datetime]) -> None:
    """Appointments that took place, about which nobody says a word for a while."""
    make_agreed(make_assistance(by=member, when=period("2026-11-24")))
    for moment in ("2026-11-24 12:30", "2026-11-25 10:00", "2026-11-26 10:00", "2026-11-27 10:00"):
        workflow.follow_up(at(moment))
        outbox.deliver_due()


def _houses_come_on_board(member: Member) -> None:
    """Institutions that register, are let in and turned down."""
    coordinator = factories.make_coordinator()
    by, rows = Actor.office(coordinator), [factories.make_registration() for _two in range(2)]
    factories.make_registration(state="unconfirmed")
    registrations.register(factories.make_application(email=member.user.email), now=NOW)
    newcomer = team.invite(
        member.institution_id, name="Nina Neu", email="nina@haus.example", language="de", by=by, now=NOW
    )
    taken = make_assistance(by=member, when=period("2026-12-09"))
    workflow.take_over(taken.pk, user=newcomer.user, by=Actor.member(newcomer.user), now=LATER)
    registrations.approve(rows[0].pk, join=None, by=by, user=coordinator, now=NOW)
    registrations.decline(rows[1].pk, reason="Nur für Neuss.", by=by, user=coordinator, now=NOW)
    outbox.deliver_due()


def _letters_of_accounts(user: User) -> None:
    """Codes and the news about an account."""
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
    stranger, holder = Client(), Client()
    for page in ("account_request_login_code", "account_reset_password"):
        for address in (user.email, "niemand@example.org"):
            stranger.post(reverse(page), {"email": address})
            cache.clear()
    holder.post(reverse("account_login"), {"login": user.email, "password": "right-password"})
    passwords = {"oldpassword": "right-password", "password1": "anders-und-lang"}
    holder.post(reverse("account_change_password"), passwords)
    holder.post(reverse("account_email"), {"email": "neu@example.org", "action_add": ""})


@pytest.fixture
def people(at: Callable[[str], datetime]) -> dict[str, User | None]:
    """After everybody's mails went out, the reminder on the last day too."""
    at("2026-11-23 10:00")
    member, lotse = factories.make_member(name="Hanna Weber"), factories.make_user("Samira Haddad")
    _lives_of_requests(member, lotse)
    _houses_come_on_board(member)
    _letters_of_accounts(factories.make_user("Anna Beispiel"))
    _several_dates(member)
    _consent_is_taken_back()
    _both_sides_are_asked(member, at)
    at("2026-11-30 12:01")
    outbox.deliver_due()
    return {"anonymous": None, "member": member.user, "lotse": lotse}


def letters() -> list[EmailMultiAlternatives]:
    return [letter for letter in mail.outbox if isinstance(letter, EmailMultiAlternatives)]


def links() -> list[str]:
    """The addresses in all mails, in their text and in their HTML, that lead to the portal."""
    bodies = [str(letter.body) for letter in mail.outbox]
    bodies += [unescape(str(part.content)) for letter in letters() for part in letter.alternatives]
    found = {address.rstrip(".,)") for body in bodies for address in ADDRESS.findall(body)}
    return sorted(address for address in found if address.startswith(settings.SITE_URL))


# What is stored, and who walks


def stored() -> dict[str, list[str]]:
    """Every row of every table, sessions too, but for the log of reading."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table != AccessLog._meta.db_table:
                cursor.execute(f'select t::text from "{table}" t order by 1')
                found[table] = [row for (row,) in cursor.fetchall()]
    return found


def paths_in(response: Any, base: str) -> set[str]:
    """Where a page of HTML leads on this site, forms included."""
    if not response.get("Content-Type", "").startswith("text/html"):
        return set()
    found = {urljoin(base, unescape(link)) for link in REFERENCE.findall(response.content.decode())}
    site = urlsplit(settings.SITE_URL)
    parts = [urlsplit(link) for link in found]
    return {part._replace(fragment="").geturl() for part in parts if part[:2] == (site.scheme, site.netloc)}


class Scanner:
    """Follows links and their redirects, and remembers what answered with an error of ours."""

    def __init__(self, user: User | None = None) -> None:
        self.client = Client(raise_request_exception=False)
        self.broken: set[str] = set()
        if user is not None:
            self.client.force_login(user)

    def follow(self, method: str, address: str) -> set[str]:
        """Open an address and what it redirects to; returns the links on the last page."""
        for _hop in range(REDIRECTS):
            cache.clear()  # else the scanner would be told to wait
            path = urlsplit(address)._replace(scheme="", netloc="", fragment="").geturl()
            response = getattr(self.client, method)(path)
            if response.status_code >= 500:
                self.broken.add(f"{method} {path}")
            if response.status_code not in {301, 302, 303, 307, 308}:
                return paths_in(response, urljoin(settings.SITE_URL, path))
            address = urljoin(urljoin(settings.SITE_URL, path), response["Location"])
            if not address.startswith(settings.SITE_URL):
                return set()
        self.broken.add(f"endless {address}")
        return set()

    def visit(self, addresses: Iterable[str], methods: Sequence[str] = ("get", "get", "head")) -> set[str]:
        """Open each address by these methods; returns the links on all pages reached."""
        found: set[str] = set()
        for address in addresses:
            for method in methods:
                found |= self.follow(method, address)
        return found


def test_each_mail_function_wrote_a_mail(people: dict[str, User | None]) -> None:
    functions = {
        name
        for name, function in inspect.getmembers(mails, inspect.isfunction)
        if function.__module__.startswith(mails.__name__)
        and list(inspect.signature(function).parameters) == ["mail", "now"]
    }
    sent = OutgoingMail.objects.filter(state="sent").values_list("function", flat=True)
    assert functions <= {name.rpartition(".")[2] for name in sent}
    assert {"/en/lotse/antwort/", "/ar/lotse/antwort/"} <= {
        re.sub(r"[^/]+/$", "", urlsplit(link).path) for link in links()
    }


def test_a_scanner_changes_nothing(people: dict[str, User | None]) -> None:
    scanner, before = Scanner(), stored()
    deeper = scanner.visit(links())
    assert len(deeper) > 10
    scanner.visit(sorted(deeper - set(links())), ["get"])

    after = stored()
    assert {table for table in before if before[table] != after[table]} == set()
    assert scanner.broken == set()


def test_readers_who_are_signed_in_change_nothing_but_the_log(people: dict[str, User | None]) -> None:
    scanners = {name: Scanner(user) for name, user in people.items() if user is not None}
    before, read = stored(), {}
    for name, scanner in scanners.items():
        seen = AccessLog.objects.count()
        scanner.visit(links(), ["get"])
        read[name] = AccessLog.objects.count() > seen

    after = stored()
    assert {table for table in before if before[table] != after[table]} == set()
    assert [scanner.broken for scanner in scanners.values()] == [set(), set()]
    assert read == {"member": False, "lotse": True}


def test_a_changed_row_would_be_noticed() -> None:
    user, before = factories.make_user(), stored()
    User.objects.filter(pk=user.pk).update(name="Jemand anderes")
    after = stored()
    assert {table for table in before if before[table] != after.get(table)} == {User._meta.db_table}
