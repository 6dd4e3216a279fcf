"""Every page of the portal as a stop of a tour, with the people and requests that fill the pages.

Each function below makes what its pages show and returns their stops. Deeds in the browser find their fields
by name, so that they work in every language.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page

from lotsen_portal import links, office
from lotsen_portal.audit import Actor
from lotsen_portal.models import (
    ClosingDay,
    FundingSource,
    OfficeRole,
    OutgoingMail,
    ProgrammeText,
    Purpose,
    SchoolHoliday,
    User,
)
from requests_app import feeds, houses, mails, registrations, workflow
from requests_app.models import Assignment, AssistanceRequest, Institution, Member, Offer, Wish
from requests_app.takeover import desk
from tests import factories
from tests.factories import (
    NOW,
    make_agreed,
    make_assistance,
    make_invitation,
    make_offer,
    make_registration,
    make_session,
    make_volunteer,
    period,
)
from volunteers import trainings
from volunteers.application_states import ApplicationState
from volunteers.mails import application_token, invitation_token
from volunteers.models import Absence, Module, Participation, TopicTraining, TrainingRule, Volunteer

EARLIER: Final = NOW - timedelta(days=14)
LATER: Final = NOW + timedelta(hours=1)
A_YEAR_AGO: Final = datetime(2025, 11, 24, 8, tzinfo=UTC)
NOBODYS_TOKEN: Final = "A" * 32
NOBODYS_BUNDLES: Final = {"ended": 10**9, "revoked": 10**9 + 1}
CLIENT: Final = {"client_address": "Nebenweg 3", "client_notes": "Bitte klingeln", "client_reference": "K-17"}

GERMAN: Final = ("de",)
EVERY: Final = ("de", "en", "tr", "uk", "ar")


@dataclass(frozen=True)
class Stop:
    """A page: whose browser, what to do there before looking at it, and the code it answers with.

    The long matrix alone visits what is `rare`: the sister of a page that the quick tour sees.
    """

    name: str
    path: str
    who: User | None = None
    deed: Callable[[Page], object] | None = None
    status: int = 200
    rare: bool = False


def send(page: Page) -> None:
    """Press the button of the page's form."""
    forms = page.locator("main form[method=post]")
    forms.locator("button:visible, [type=submit]:visible").first.click()


def fill(**values: str) -> Callable[[Page], None]:
    """Type into fields by name, then send."""

    def act(page: Page) -> None:
        for name, value in values.items():
            page.locator(f"main [name={name}]").fill(value)
        send(page)

    return act


def unfold(page: Page, field: str) -> None:
    """Open the folded part of the form that holds a field."""
    page.locator(f"main details:has([name={field}]) > summary").click()


def fill_folded(**values: str) -> Callable[[Page], None]:
    """Unfold the part of the form that holds the first of these fields, type, then send."""

    def act(page: Page) -> None:
        unfold(page, next(iter(values)))
        fill(**values)(page)

    return act


# What happened to requests, so that there is one in each state


def request_in(state: str, member: Member, **values: Any) -> AssistanceRequest:
    """A request of this member in a state."""
    if state == "new":
        return make_assistance(by=member, minutes=240, when=period(minutes=240), **CLIENT)
    over = state == "done"
    filed, when = (EARLIER, period("2026-11-20")) if over else (NOW, period(values.pop("day", "2026-12-08")))
    assistance = make_assistance(by=member, when=when, now=filed, **CLIENT, **values)
    by, number = Actor.office(factories.make_coordinator()), assistance.pk
    if state == "offered":
        make_offer(assistance)
    elif state in {"confirmed", "done"}:
        make_agreed(assistance, now=filed)
    if over:
        workflow.finish(number, outcome="took_place", minutes=50, by=by, now=NOW)
    elif state == "cancelled":
        workflow.cancel(number, reason="Der Termin entfällt.", by=Actor.member(member.user), now=LATER)
    elif state == "unfilled":
        workflow.give_up(number, reason="Niemand hatte Zeit.", by=by, now=LATER)
    elif state == "rejected":
        workflow.reject(number, rule="therapy", reason="Bitte rufen Sie die Caritas an.", by=by, now=LATER)
    assistance.refresh_from_db()
    return assistance


STATES: Final = ("new", "open", "offered", "confirmed", "done", "cancelled", "unfilled", "rejected")


def moved(assistance: AssistanceRequest, day: str = "2026-12-09") -> None:
    """The institution chose another time."""
    change = workflow.Change(
        period=period(day, "14:00"),
        mode=assistance.mode,
        district=assistance.district,
        place=assistance.place,
        languages=tuple(row.language for row in assistance.languages.all()),
    )
    assistance.refresh_from_db()
    by = Actor.member(assistance.filed_by) if assistance.filed_by else None
    assert by is not None
    workflow.change(assistance.pk, change, version=assistance.version, by=by, now=LATER)


# The areas


def public() -> list[Stop]:
    """Pages for everybody."""
    paths = ("/", "/impressum/", "/datenschutz/", "/barrierefreiheit/")
    return [*(Stop(path, path) for path in paths), *_registering()]


def _registering() -> list[Stop]:
    """An institution on its way in, from the form to the decision."""
    karin, form = factories.make_coordinator(), "/einrichtung-anmelden/"
    rows = {state: make_registration(state=state) for state in ("unconfirmed", "confirmed")}
    rows |= {state: make_registration(state="confirmed") for state in ("approved", "declined")}
    by = Actor.office(karin)
    registrations.approve(rows["approved"].pk, join=None, by=by, user=karin, now=NOW)
    registrations.decline(rows["declined"].pk, reason="Nur für Neuss.", by=by, user=karin, now=NOW)
    pages = {
        state: "/" + mails.registration_address(row, language="de").split("/", 3)[3]
        for state, row in rows.items()
    }
    return [
        Stop("register", form, rare=True),
        Stop("register wrong", form, deed=send, status=422),
        Stop("register sent", f"{form}danke/"),
        *(Stop(f"registration {state}", page, rare=state != "unconfirmed") for state, page in pages.items()),
        Stop("registration unknown", f"{form}{NOBODYS_TOKEN}/", status=404, rare=True),
    ]


def _choose(page: Page, name: str, value: str = "") -> None:
    """Choose by tile or from a list, whatever the question has."""
    part = page.locator(f"main [name={name}]").first
    if part.evaluate("part => part.tagName") == "SELECT":
        part.select_option(index=1)
    else:
        page.locator(f"main [name={name}]" + (f"[value={value}]" if value else "")).first.check()


def _write(page: Page, **values: str) -> None:
    for name, value in values.items():
        page.locator(f"main [name={name}]").fill(value)


ANSWERS: Final[dict[str, Callable[[Page], object]]] = {
    "sprache": lambda page: _choose(page, "tongues", "ar"),
    "thema": lambda page: _choose(page, "topic"),
    "grenzen": lambda page: None,
    "therapie": lambda page: _choose(page, "regel_therapy"),
    "termin": lambda page: _choose(page, "know", "date"),
    "wann": lambda page: _write(page, day="2026-11-25", begin="10:00"),
    "wo": lambda page: (_write(page, place="Rathaus"), _choose(page, "district")),
    "termin offen": lambda page: _choose(page, "know", "call"),
    "anruf": lambda page: (_choose(page, "call_times"), _choose(page, "district")),
    "kontakt": lambda page: _write(page, client_phone="02131 123456", client_email="a@example.org"),
    "einwilligung": lambda page: _choose(page, "consent"),
}
WITH_DATE: Final = ("sprache", "thema", "grenzen", "termin", "wann", "wo", "kontakt", "einwilligung")
WITH_CALL: Final = ("sprache", "thema", "grenzen", "termin offen", "anruf", "kontakt", "einwilligung")


def onward(page: Page) -> None:
    """Press "Weiter"."""
    page.locator("main button[value=weiter]").click()


def on_the_way(*steps: str, empty: bool = False) -> Callable[[Page], None]:
    """Answer these questions of a migrant's request; then, if so wanted, one with nothing."""

    def act(page: Page) -> None:
        for step in steps:
            ANSWERS[step](page)
            onward(page)
        if empty:
            onward(page)

    return act


def self_request() -> list[Stop]:
    """A migrant asks: each question, its complaints, the summary; then the page by the secret link."""
    make_volunteer("Samira Haddad", languages=("ar", "tr"), shares_phone=True)
    for code in ("fa", "uk", "en", "fr", "ru", "pl", "ro", "bg", "sq", "so", "ti", "ku"):
        factories.make_language(code)
    for slug in ("gesundheit", "bildung", "erziehung"):
        factories.make_topic(slug)
    page, rare = "/anfragen/", {"thema", "termin", "kontakt"}
    questions = [
        Stop(f"{step} question", page, deed=on_the_way(*WITH_DATE[:at]), rare=step in rare)
        for at, step in enumerate(WITH_DATE)
    ]
    complaints = [
        Stop(
            f"{step} empty",
            page,
            deed=on_the_way(*WITH_DATE[:at], empty=True),
            status=422,
            rare=step != "kontakt",
        )
        for at, step in enumerate(WITH_DATE)
        if step != "grenzen"  # nothing to tick is an answer
    ]
    return [
        *questions,
        *complaints,
        Stop("grenzen refused", page, deed=on_the_way(*WITH_CALL[:2], "therapie"), status=422),
        Stop("anruf question", page, deed=on_the_way(*WITH_CALL[:4])),
        Stop("summary", page, deed=on_the_way(*WITH_DATE)),
        Stop("summary of a call", page, deed=on_the_way(*WITH_CALL), rare=True),
        *_own_pages(),
    ]


def _own_requests() -> dict[str, AssistanceRequest]:
    """A migrant's request in each state; those in `gone` have lost their link's page."""
    by = Actor.office(factories.make_coordinator())
    days = {"new": 8, "open": 9, "offered": 10, "confirmed": 11}
    own = {name: factories.make_own_request(when=period(f"2026-12-{day:02}")) for name, day in days.items()}
    ended = ("cancelled", "unfilled", "rejected", "gone", "long over")
    own |= {name: factories.make_own_request() for name in ended}
    own["call"] = factories.make_own_request(wants_call=True, call_times=("morning",))
    own["done"] = factories.make_own_request(when=period("2026-11-20"), now=EARLIER)
    for name in ("open", "offered", "confirmed", "unfilled"):
        workflow.approve(own[name].pk, by=by, now=NOW)
    workflow.approve(own["done"].pk, by=by, now=EARLIER)
    for name in ("offered", "confirmed", "done"):
        own[name].refresh_from_db()
    make_offer(own["offered"])
    make_agreed(own["confirmed"], make_volunteer("Yusuf Karim", shares_phone=True))
    make_agreed(own["done"], now=EARLIER)
    workflow.finish(own["done"].pk, outcome="took_place", minutes=50, by=by, now=NOW)
    workflow.cancel(own["cancelled"].pk, reason="", by=Actor.client(own["cancelled"].pk), now=NOW)
    workflow.give_up(own["unfilled"].pk, by=by, now=NOW)
    reason = "Bitte rufen Sie die Caritas an."
    workflow.reject(own["rejected"].pk, rule="therapy", reason=reason, by=by, now=NOW)
    workflow.cancel(own["long over"].pk, reason="", by=by, now=NOW - timedelta(days=31))
    return own


def _own_pages() -> list[Stop]:
    """The page behind a migrant's secret link in each state, and what can be done there."""
    own = _own_requests()
    pages = {name: f"/anfragen/{mails.status_token(assistance)}/" for name, assistance in own.items()}
    workflow.withdraw_consent(own["gone"].pk, by=Actor.client(own["gone"].pk), now=NOW)
    seen, shut = {"new", "confirmed", "call", "cancelled"}, {"gone", "long over"}
    late = fill(day="2026-01-02")
    return [
        *(
            Stop(f"own {name}", address, status=410 if name in shut else 200, rare=name not in seen)
            for name, address in pages.items()
        ),
        Stop("own unknown", f"/anfragen/{NOBODYS_TOKEN}/", status=404, rare=True),
        Stop("own change", f"{pages['confirmed']}aendern/"),
        Stop("own change wrong", f"{pages['open']}aendern/", deed=late, status=422, rare=True),
        Stop("own call", f"{pages['confirmed']}anruf/"),
        Stop("own cancel", f"{pages['confirmed']}absagen/", rare=True),
        Stop("own consent", f"{pages['confirmed']}einwilligung/"),
    ]


def account() -> list[Stop]:
    """Signing in, codes, passwords and second factors."""
    anna, ben = factories.make_user("Anna Beispiel"), factories.make_user("Ben Beispiel")
    cleo, fresh = factories.make_user("Cleo Beispiel"), factories.make_user("Neu Beispiel")
    for user in (anna, ben, cleo):
        EmailAddress.objects.update_or_create(
            user=user, email=user.email, defaults={"verified": True, "primary": True}
        )
    TOTP.activate(ben, generate_totp_secret())
    RecoveryCodes.activate(ben)
    key = Authenticator.objects.create(user=cleo, type="webauthn", data={"name": "Büro", "credential": {}})
    without = factories.make_user("Ohne Passwort")
    without.set_unusable_password()
    without.save()

    def give_the_code(page: Page) -> None:
        fill(email=anna.email)(page)
        found = re.search(r"^\s*([A-Z0-9-]{6,12})\s*$", str(mail.outbox[-1].body), re.MULTILINE)
        assert found is not None
        fill(code=found.group(1))(page)

    return [
        Stop("login", "/konto/login/", rare=True),
        Stop("login wrong", "/konto/login/", deed=fill(login=anna.email, password="falsch")),
        Stop("code", "/konto/login/code/", rare=True),
        Stop("code asked", "/konto/login/code/", deed=fill(email=anna.email)),
        Stop(
            "address asked",
            "/konto/login/",
            deed=fill(login=fresh.email, password="right-password"),
            rare=True,
        ),
        Stop("factor asked", "/konto/login/", deed=fill(login=ben.email, password="right-password")),
        Stop("reset", "/konto/password/reset/", rare=True),
        Stop("reset asked", "/konto/password/reset/", deed=fill(email=anna.email), rare=True),
        Stop("reset done", "/konto/password/reset/", deed=give_the_code),
        Stop("sign-up", "/konto/signup/", rare=True),
        Stop("inactive", "/konto/inactive/", rare=True),
        Stop("sign-on cancelled", "/konto/3rdparty/login/cancelled/", rare=True),
        Stop("sign-on failed", "/konto/3rdparty/login/error/", anna, status=401, rare=True),
        Stop("sign out", "/konto/logout/", anna, rare=True),
        Stop("again", "/konto/reauthenticate/", anna, rare=True),
        Stop("address", "/konto/email/", anna),
        Stop("password", "/konto/password/change/", anna, deed=fill(oldpassword="falsch", password1="kurz")),
        Stop("first password", "/konto/password/set/", without, rare=True),
        Stop("connections", "/konto/3rdparty/", anna, rare=True),
        Stop("factors none", "/konto/2fa/", anna, rare=True),
        Stop("factors", "/konto/2fa/", ben),
        Stop("app", "/konto/2fa/totp/activate/", anna),
        Stop("app off", "/konto/2fa/totp/deactivate/", ben, rare=True),
        Stop("recovery", "/konto/2fa/recovery-codes/", ben, rare=True),
        Stop("recovery new", "/konto/2fa/recovery-codes/generate/", ben, rare=True),
        Stop("keys none", "/konto/2fa/webauthn/", anna, rare=True),
        Stop("keys", "/konto/2fa/webauthn/", cleo, rare=True),
        Stop("key add", "/konto/2fa/webauthn/add/", anna, rare=True),
        Stop("key name", f"/konto/2fa/webauthn/keys/{key.pk}/edit/", cleo, rare=True),
        Stop("key remove", f"/konto/2fa/webauthn/keys/{key.pk}/remove/", cleo, rare=True),
        Stop("nothing yet", "/", anna, rare=True),
    ]


def institution() -> list[Stop]:
    """A caseworker's pages."""
    house = factories.make_institution("Kita Sonnenschein", phone="02131 444")
    member = factories.make_member(house, name="Hanna Weber")
    empty = factories.make_member(name="Neue Kollegin").user
    own = {state: request_in(state, member) for state in STATES}
    for _more in range(26):
        make_assistance(by=member, languages=("ar", "tr"), place="Sehr langer Ort " * 8)
    user, home = member.user, "/einrichtung/"
    pages = {state: f"{home}anfragen/{assistance.reference}/" for state, assistance in own.items()}

    def on_a_holiday(page: Page) -> None:
        fill(day="2026-12-25", begin="10:00")(page)

    late = fill(day="2026-01-02")

    return [
        Stop("list empty", home, empty, rare=True),
        Stop("list", home, user),
        Stop("list found nothing", f"{home}?q=nirgends", user, rare=True),
        Stop("list second page", f"{home}?page=2&stand=suche", user, rare=True),
        Stop("new", f"{home}anfragen/neu/", user, rare=True),
        Stop("new with errors", f"{home}anfragen/neu/", user, deed=on_a_holiday, status=422),
        Stop("new like", f"{home}anfragen/neu/?wie={own['done'].reference}", user, rare=True),
        *(
            Stop(state, page, user, rare=state not in {"open", "confirmed", "cancelled"})
            for state, page in pages.items()
        ),
        Stop("client", f"{pages['confirmed']}vertraulich/", user),
        Stop("change", f"{pages['confirmed']}aendern/", user, rare=True),
        Stop("change wrong", f"{pages['offered']}aendern/", user, deed=late, status=422, rare=True),
        Stop("cancel", f"{pages['confirmed']}absagen/", user, rare=True),
        Stop("cancel wrong", f"{pages['offered']}absagen/", user, deed=send, status=422),
        Stop("landing", "/", user, rare=True),
        *_team(member),
    ]


def _team(member: Member) -> list[Stop]:
    """The team as its manager and as a colleague see it."""
    base = "/einrichtung/team/"
    boss = factories.make_member(member.institution, manager=True, name="Ina Chefin")
    no_length = fill(usual_minutes="")

    def invite(page: Page) -> None:
        page.locator("main [name=name]").fill("Nina Neu")
        page.locator("main [name=email]").fill("nina@gmx.de")
        page.locator("form[action*=einladen] [type=submit]").click()

    Institution.objects.filter(pk=member.institution_id).update(
        mail_domain="kita.example", contact_name="Empfang", contact_phone="02131 555 11"
    )
    return [
        Stop("team", base, boss.user),
        Stop("team member", base, member.user, rare=True),
        Stop("team invite wrong", base, boss.user, deed=invite, status=422),
        Stop("team remove", f"{base}{member.pk}/entfernen/", boss.user, rare=True),
        Stop("team defaults", f"{base}vorgaben/", boss.user),
        Stop(
            "team defaults wrong",
            f"{base}vorgaben/",
            boss.user,
            deed=no_length,
            status=422,
            rare=True,
        ),
    ]


def _answers(member: Member) -> dict[str, tuple[Offer, int]]:
    """An offer in every situation of the answer page, with the code its page gives."""

    def offer(day: str) -> Offer:
        return make_offer(make_assistance(by=member, when=period(day), **CLIENT))

    office_by = Actor.office(factories.make_coordinator())
    found: dict[str, tuple[Offer, int]] = {"open": (offer("2026-12-01"), 200)}
    changed, _code = found["changed"] = (offer("2026-12-02"), 200)
    moved(changed.assistance)
    days = {"accepted": "03", "renewed": "04", "stepped down": "07", "cancelled": "10"}
    agreed = {
        name: make_agreed(make_assistance(by=member, when=period(f"2026-12-{day}"), **CLIENT)).offer
        for name, day in days.items()
    }
    found |= {name: (row, 200 if name == "accepted" else 410) for name, row in agreed.items()}
    moved(agreed["renewed"].assistance)
    by = Actor.volunteer(agreed["stepped down"].volunteer_id)
    workflow.step_down(agreed["stepped down"].assistance_id, by=by, now=LATER)
    workflow.cancel(agreed["cancelled"].assistance_id, reason="Krank", by=office_by, now=LATER)
    asked = make_assistance(by=member, when=period("2026-12-17"), **CLIENT)
    user = factories.make_coordinator()
    (would,) = workflow.ask(
        asked.pk, volunteers=[make_volunteer().pk], by=office_by, user=user, needs_choice=True, now=NOW
    )
    workflow.be_willing(would.pk, version=1, by=Actor.volunteer(would.volunteer_id), now=LATER)
    found["willing"] = (would, 200)
    declined, _code = found["declined"] = (offer("2026-12-11"), 200)
    workflow.decline(declined.pk, reason="", by=Actor.volunteer(declined.volunteer_id), now=LATER)
    taken, _code = found["taken"] = (offer("2026-12-14"), 410)
    make_agreed(taken.assistance)
    withdrawn, _code = found["withdrawn"] = (offer("2026-12-15"), 410)
    workflow.withdraw_offer(withdrawn.pk, by=office_by, now=LATER)
    expired, _code = found["expired"] = (offer("2026-12-16"), 410)
    Offer.objects.filter(pk=expired.pk).update(deadline=NOW)
    workflow.expire_offers(LATER)
    return found


def _told(member: Member, day: str, **outcomes: str) -> Assignment:
    """An appointment that is over, both sides were asked, and these have told."""
    when = period(day)
    agreed = make_agreed(make_assistance(by=member, when=when, now=EARLIER, **CLIENT), now=EARLIER)
    mails.send_report_request(agreed, {}, nth=1, now=when.upper)
    sides = {"volunteer": Actor.volunteer(agreed.volunteer_id), "requester": Actor.member(member.user)}
    for side, outcome in outcomes.items():
        call = {"wants_call": True} if side == "volunteer" else {"note": "Es ging gut."}
        workflow.report(agreed.pk, outcome=outcome, minutes=50, by=sides[side], now=NOW, **call)
    Assignment.objects.filter(pk=agreed.pk).update(report_asks=1, report_asked_at=when.upper)
    return agreed


def reports() -> list[Stop]:
    """How an appointment went, behind the link of either side."""
    member = factories.make_member(factories.make_institution("Klinik Nord", phone="02131 444"))
    rows = {
        "open": _told(member, "2026-11-17"),
        "told": _told(member, "2026-11-18", volunteer="took_place", requester="other"),
        "settled": _told(member, "2026-11-19", volunteer="took_place", requester="took_place"),
        "by office": _told(member, "2026-11-20"),
        "cancelled": _told(member, "2026-11-16"),
    }
    by = Actor.office(factories.make_coordinator())
    workflow.finish(rows["by office"].assistance_id, outcome="took_place", minutes=50, by=by, now=NOW)
    workflow.cancel(rows["cancelled"].assistance_id, reason="Krank", by=by, now=NOW)
    own = _told(member, "2026-11-13")
    AssistanceRequest.objects.filter(pk=own.assistance_id).update(institution=None, filed_by=None)
    pages = {Purpose.REPORT: "/lotse/bericht/", Purpose.FEEDBACK: "/rueckmeldung/"}
    codes = {"cancelled": 410}
    return [
        *(
            Stop(
                f"{purpose.value} {name}",
                f"{page}{mails.report_token(purpose, row)}/",
                status=codes.get(name, 200),
                rare=name not in {"open", "told"},
            )
            for purpose, page in pages.items()
            for name, row in rows.items()
        ),
        Stop("feedback of a client", f"/rueckmeldung/{mails.report_token(Purpose.FEEDBACK, own)}/"),
        Stop(
            "feedback wrong",
            f"/rueckmeldung/{mails.report_token(Purpose.FEEDBACK, rows['open'])}/",
            deed=fill(minutes="lang"),
            status=422,
        ),
        Stop("report unknown", f"/lotse/bericht/{NOBODYS_TOKEN}/", status=404, rare=True),
        Stop("feedback unknown", f"/rueckmeldung/{NOBODYS_TOKEN}/", status=404),
    ]


def volunteer() -> list[Stop]:
    """The page behind the mailed link in every situation, and a volunteer's own pages."""
    member = factories.make_member(factories.make_institution("Klinik Nord", phone="02131 444"))
    lotse = make_volunteer("Samira Haddad", user=factories.make_user("Samira Haddad"))
    nobody = make_volunteer(user=factories.make_user("Neu Dabei")).user
    bare = make_volunteer("Ohne Papier", user=factories.make_user("Ohne Papier"), undertaking_on=None)
    situations = _answers(member)
    tokens = {name: mails.answer_token(offer) for name, (offer, _code) in situations.items()}
    ends = {"ended": {"expires_at": NOW}, "revoked": {"expires_at": None}}
    for name, how in ends.items():
        row = links.make(Purpose.ANSWER, subject=NOBODYS_BUNDLES[name], holder=1, now=EARLIER, **how)
        tokens[name] = links.token(row)
        situations[name] = (situations["open"][0], 410)
    links.revoke(purpose=Purpose.ANSWER, subject=NOBODYS_BUNDLES["revoked"], now=NOW)
    offer = make_offer(make_assistance(by=member, when=period("2026-12-21")), lotse)
    agreed = make_agreed(make_assistance(by=member, when=period("2026-12-22"), **CLIENT), lotse)
    past = make_agreed(make_assistance(by=member, when=period("2026-11-12"), now=EARLIER), lotse, now=EARLIER)
    feeds.renew(Purpose.CALENDAR, lotse, by=Actor.volunteer(lotse.pk), now=NOW)
    rare = {"withdrawn", "cancelled", "stepped down", "revoked", "ended", "renewed"}
    return [
        *(
            Stop(name, f"/lotse/antwort/{tokens[name]}/", status=code, rare=name in rare)
            for name, (_offer, code) in situations.items()
        ),
        Stop("unknown", f"/lotse/antwort/{NOBODYS_TOKEN}/", status=404),
        Stop("home empty", "/lotse/", nobody, rare=True),
        Stop("home", "/lotse/", lotse.user),
        Stop("offer", f"/lotse/anfrage/{offer.pk}/", lotse.user, rare=True),
        Stop("appointment", f"/lotse/einsatz/{agreed.pk}/", lotse.user),
        Stop("appointment past", f"/lotse/einsatz/{past.pk}/", lotse.user, rare=True),
        Stop("papers", "/lotse/nachweise/", bare.user),
        Stop("papers wrong", "/lotse/nachweise/", bare.user, deed=fill(name=""), status=422, rare=True),
        Stop("papers good", "/lotse/nachweise/", lotse.user, rare=True),
        Stop("pause", "/lotse/pause/", lotse.user),
        Stop("leave", "/lotse/aufhoeren/", lotse.user, rare=True),
        Stop("calendar none", "/lotse/kalender/", nobody, rare=True),
        Stop("calendar", "/lotse/kalender/", lotse.user),
        Stop("report", f"/lotse/einsatz/{past.pk}/bericht/", lotse.user, rare=True),
        Stop("step down", f"/lotse/einsatz/{agreed.pk}/absagen/", lotse.user, rare=True),
        Stop("call", f"/lotse/einsatz/{factories.make_call(lotse).pk}/rueckruf/", lotse.user),
    ]


def _a_series(page: Page) -> None:
    """Fill in a weekly series over Christmas."""
    unfold(page, "repeat")
    for name, choice in {"language": "ar", "topic": "gesundheit", "repeat": "weekly"}.items():
        page.locator(f"main [name={name}]").select_option(choice)
    page.locator("main [name=consent]").check()
    fill(day="2026-12-11", begin="10:00", repeat_times="5")(page)


def _an_event(page: Page) -> None:
    """Ask for two people of the same language by naming it twice, which is complained about."""
    unfold(page, "people")
    for name, choice in {"language": "ar", "event_language_2": "ar", "people": "2"}.items():
        page.locator(f"main [name={name}]").select_option(choice)
    fill(day="2026-12-11", begin="19:00")(page)


def _group(member: Member, *days: str, kind: str = "series") -> list[AssistanceRequest]:
    """A weekly series on these days of December, or an event with a request for each."""
    return workflow.submit_several(
        [factories.draft_of(period(f"2026-12-{day}"), **CLIENT) for day in days],
        kind=kind,
        rule="RRULE:FREQ=WEEKLY;INTERVAL=1" if kind == "series" else "",
        by=Actor.member(member.user),
        institution=member.institution,
        filed_by=member.user,
        now=NOW,
    )


def _bundle(requests: list[AssistanceRequest], person: Volunteer) -> list[Offer]:
    """One person asked about all of these in one mail."""
    user, numbers = factories.make_coordinator(), [one.pk for one in requests]
    return workflow.ask_several(numbers, volunteer=person.pk, by=Actor.office(user), user=user, now=NOW)


def _bundles(member: Member) -> dict[str, list[Offer]]:
    """Several dates in one mail: not answered yet, one of them lost meanwhile, and answered in part."""
    names = {"open": "Yusuf Karim", "part lost": "Leyla Can", "answered": "Dana Omari"}
    found = {
        name: _bundle(
            _group(member, "08", "15", "22"), make_volunteer(person, user=factories.make_user(person))
        )
        for name, person in names.items()
    }
    make_agreed(make_assistance(when=period("2026-12-15", "10:30")), found["part lost"][0].volunteer)
    first, *_rest = mine = found["answered"]
    chosen = {offer.pk: offer.version for offer in mine[:2]}
    workflow.accept_several(first.bundle_id, chosen=chosen, by=Actor.volunteer(first.volunteer_id), now=NOW)
    return found


def more_than_one() -> list[Stop]:
    """Several times to choose from, a series, an event, and several dates asked in one mail."""
    member = factories.make_member(factories.make_institution("Klinik Nord"), name="Hanna Weber")
    lotse = make_volunteer("Samira Haddad")
    times = (period("2026-12-08"), period("2026-12-10", "14:00"), period("2026-12-15"))
    choice = make_offer(make_assistance(by=member, period=None, proposed=times), lotse)
    make_agreed(make_assistance(when=times[1]), lotse)
    new, base = "/einrichtung/anfragen/neu/", "/einrichtung/anfragen/"
    half = fill_folded(day_2="2026-12-09", day="2026-12-08", begin="10:00")
    again = fill_folded(repeat_until="", day="2026-12-08", begin="10:00")
    own = f"{base}{_group(member, '08', '15', '22')[0].reference}/"
    event = f"{base}{_group(member, '09', '09', kind='event')[0].reference}/"
    bundles = _bundles(member)
    pages = {name: f"/lotse/antwort/{mails.answer_token(offers[0])}/" for name, offers in bundles.items()}
    return [
        Stop("new series wrong", new, member.user, deed=again, status=422),
        Stop("series look", new, member.user, deed=_a_series),
        Stop("series", own, member.user),
        Stop("cancel all", f"{own}alle-absagen/", member.user, rare=True),
        Stop("cancel all wrong", f"{own}alle-absagen/", member.user, deed=send, status=422),
        Stop("new event wrong", new, member.user, deed=_an_event, status=422),
        Stop("event", event, member.user, rare=True),
        Stop("new with times", new, member.user, deed=half, status=422),
        Stop("own with times", f"{base}{choice.assistance.reference}/", member.user, rare=True),
        Stop("choose a time", f"/lotse/antwort/{mails.answer_token(choice)}/", deed=send, status=422),
        *(Stop(f"bundle {name}", page, rare=name != "open") for name, page in pages.items()),
        Stop("bundle wrong", pages["part lost"], deed=send, status=409),
        Stop("home with a bundle", "/lotse/", bundles["open"][0].volunteer.user, rare=True),
    ]


def more_in_the_office() -> list[Stop]:
    """The office's pages of a series with somebody asked, of an event, and of times to choose from."""
    karin, base = factories.make_coordinator(), "/koordination/"
    member = factories.make_member(factories.make_institution("Klinik Nord"), name="Hanna Weber")
    times = (period("2026-12-08"), period("2026-12-10", "14:00"))
    choice = make_assistance(by=member, period=None, proposed=times)
    people = [make_volunteer(name) for name in ("Samira Haddad", "Yusuf Karim", "Leyla Can")]
    make_agreed(make_assistance(when=period("2026-12-15", "10:30")), people[1])
    series = _group(member, "08", "15", "22", "29")
    make_agreed(series[0], people[2])
    event = _group(member, "09", "09", kind="event")
    nobody = _group(member, "10", "17")
    pages = {name: f"{base}reihen/{rows[0].group_id}/" for name, rows in (
        ("series", series), ("event", event), ("agreed series", nobody),
    )}  # fmt: skip
    for one in nobody:
        make_agreed(one, people[0])
    return [
        Stop("office with times", f"{base}anfragen/{choice.reference}/", karin),
        *(Stop(f"office's {name}", page, karin, rare=name != "series") for name, page in pages.items()),
        Stop("request of a series", f"{base}anfragen/{series[1].reference}/", karin, rare=True),
    ]


def _call_wanted() -> AssistanceRequest:
    """Somebody waits for a second call after nobody answered the first."""
    held = factories.make_call()
    told = workflow.Called(result=workflow.CallResult.NOT_REACHED)
    by = Actor.volunteer(held.volunteer_id)
    workflow.settle_call(held.assistance_id, told, version=1, by=by, now=NOW)
    return AssistanceRequest.objects.get(callbacks=held.assistance_id)


def _unfold(page: Page) -> None:
    page.locator("details:has(#warum-nicht) summary").click()
    page.locator("#warum-nicht form").wait_for()


def _crowd(member: Member) -> dict[str, AssistanceRequest]:
    """A Monday in the office: requests in each state, candidates, misfits, mail in trouble."""
    requests = {state: request_in(state, member) for state in STATES}
    topic = factories.make_topic("erziehung")
    make_volunteer("Yusuf Karim", topics=[topic], phone="02131 555 02")
    make_volunteer("Leyla Can", languages={"ar": 1})
    make_volunteer("Olga ohne Mail", email="")
    make_offer(make_assistance(by=member, when=period("2026-11-26")), make_volunteer("Ina Anruf", email=""))
    make_agreed(make_assistance(by=member, when=period("2026-11-24")), now=NOW)
    make_agreed(make_assistance(by=member, when=period("2026-11-19"), now=EARLIER), now=EARLIER)
    _told(member, "2026-11-18", volunteer="client_absent", requester="took_place")
    silent = _told(member, "2026-11-17")
    Assignment.objects.filter(pk=silent.pk).update(report_asks=4)
    OutgoingMail.objects.filter(pk=OutgoingMail.objects.earliest("pk").pk).update(
        state="dead", last_error="SMTPServerDisconnected"
    )
    coordinator = factories.make_coordinator("Ben Özdemir")
    workflow.note(
        requests["offered"].pk, text="Bitte leise\nund pünktlich", author=coordinator,
        by=Actor.office(coordinator), now=NOW,
    )  # fmt: skip
    return requests


def _searches(member: Member, user: User) -> list[Stop]:
    """A search in each of its states, the pages to begin and change one, and the ways out."""
    by = Actor.office(user)
    people = [make_volunteer(name, languages=("so",)) for name in ("Asha Ali", "Hodan Nur", "Ilhan Said")]
    found: dict[str, AssistanceRequest] = {}
    for day, state in enumerate(("running", "paused", "exhausted", "fresh"), start=14):
        assistance = make_assistance(by=member, when=period(f"2026-12-{day}"), languages=("so",))
        found[state] = assistance
        if state == "fresh":
            continue
        plan = workflow.Plan(kind="wave", size=1, interval_hours=8, needs_choice=True)
        chosen = [person.pk for person in (people[:1] if state == "exhausted" else people)]
        workflow.start_campaign(assistance.pk, plan, volunteers=chosen, by=by, user=user, now=NOW)
        offer = assistance.offers.get()
        if state == "exhausted":
            own = Actor.volunteer(offer.volunteer_id)
            workflow.decline(offer.pk, reason="", by=own, now=NOW)
    workflow.pause_campaign(found["paused"].pk, by=by, now=NOW)
    pages = {state: f"/koordination/anfragen/{row.reference}/" for state, row in found.items()}
    return [
        *(
            Stop(f"search {state}", pages[state], user, rare=state == "paused")
            for state in ("running", "paused", "exhausted")
        ),
        Stop("search begin", f"{pages['fresh']}suche/", user),
        Stop("search wrong", f"{pages['fresh']}suche/", user, deed=fill(interval_hours=""), status=422),
        Stop("search change", f"{pages['running']}suche/", user, rare=True),
        Stop("search add", f"{pages['running']}suche/dazu/?name=Samira", user),
        Stop("ways out", f"{pages['exhausted']}auswege/", user, rare=True),
    ]


def _takeovers(user: User) -> list[Stop]:
    """A spreadsheet on every step of its way."""
    home = "/koordination/uebernahme/"
    rows = "Name;E-Mail;Telefon;Stadtteil\n"
    good = f"{rows}Nadia Neu;nadia@example.org;;\nSamira Haddad;samira@example.org;0157 1234567;\n"
    wrong = f"{good}Ben Beispiel;keine;12;Atlantis\n;ohne@example.org;;\n"
    make_volunteer("Samira Haddad", languages=("ar",), email="samira@example.org")
    found = {
        "mapping": factories.make_takeover(wrong, user=user),
        "preview": factories.make_takeover(good, user=user, checked=True),
        "wrong": factories.make_takeover(wrong, user=user, checked=True),
        "work": factories.make_takeover(good, user=user, checked=True),
        "done": factories.make_takeover(good, user=user, checked=True),
    }
    desk.confirm(found["done"].pk, user=user, now=NOW)
    desk.carry_on(NOW)
    desk.confirm(found["work"].pk, user=user, now=NOW)
    pages = {name: f"{home}{row.pk}/" for name, row in found.items()}
    return [
        Stop("takeovers", home, user, deed=send, status=422),
        Stop("takeover columns", f"{pages['mapping']}spalten/", user),
        Stop(
            "takeover columns wrong",
            f"{pages['mapping']}spalten/",
            user,
            deed=_unassign,
            status=422,
            rare=True,
        ),
        *(Stop(f"takeover {name}", page, user) for name, page in pages.items() if name != "mapping"),
        Stop("takeover changes", f"{pages['preview']}?urteil=changed", user, rare=True),
        Stop("takeover no such row", f"{pages['preview']}?urteil=wrong", user, rare=True),
    ]


def _unassign(page: Page) -> None:
    page.locator("main [name=spalte_0]").select_option("")
    send(page)


def coordination() -> list[Stop]:
    """The office's own pages."""
    house = factories.make_institution("Kita Sonnenschein", phone="02131 444")
    karin, member = factories.make_coordinator(), factories.make_member(house, name="Hanna Weber")
    requests = _crowd(member)
    base = "/koordination/"
    pages = {state: f"{base}anfragen/{row.reference}/" for state, row in requests.items()}
    person = make_volunteer("Samira Haddad", languages=("ar", "tr"), conduct_seen_on="2024-01-01")
    Absence.objects.create(volunteer=person, first="2026-12-08", last="2026-12-10")
    TopicTraining.objects.create(volunteer=person, topic=factories.make_topic(), completed_on="2026-01-01")
    Wish.objects.create(volunteer=person, institution=house, side="member", kind="prefer")
    factories.make_institution("Praxis Hafen", street="Hafenstr. 5")
    blocked = factories.make_institution("Gesperrtes Haus")
    houses.block(blocked.pk, reason="Missbrauch", by=Actor.office(karin), now=NOW)
    newcomer = make_registration("Praxis Hafen", message="Wir brauchen oft Arabisch.")
    deeds = {
        "absagen": "offered", "niemand": "open", "ablehnen": "new", "erledigt": "confirmed",
        "faellt-aus": "confirmed", "doch-nicht-erledigt": "done", "wieder-oeffnen": "cancelled",
    }  # fmt: skip
    return [
        Stop("queue", base, karin),
        Stop("queue mine", f"{base}?wer=ich", karin, rare=True),
        Stop("queue one group", f"{base}?gruppe=fresh", karin, rare=True),
        Stop("queue calls", f"{base}?gruppe=anrufe", karin, rare=True),
        Stop("calendar", f"{base}kalender/adresse/", karin, deed=send),
        Stop("requests", f"{base}anfragen/", karin),
        Stop("call wanted", f"{base}anfragen/{_call_wanted().reference}/", karin),
        Stop("entry wrong", f"{base}anfragen/neu/", karin, deed=send, status=422),
        Stop("entry for a house", f"{base}anfragen/neu/?einrichtung={house.pk}", karin),
        Stop("requests found nothing", f"{base}anfragen/?q=nirgends", karin, rare=True),
        *(
            Stop(state, page, karin, rare=state not in {"offered", "confirmed", "done"})
            for state, page in pages.items()
        ),
        Stop("why not unfolded", pages["open"], karin, deed=_unfold),
        Stop("why not", f"{pages['open']}warum-nicht/?regel=level", karin, rare=True),
        Stop("why not by name", f"{pages['open']}warum-nicht/?name=Samira", karin, rare=True),
        Stop("ask anyway", f"{pages['open']}anfragen/{person.pk}/", karin, deed=send, status=422, rare=True),
        Stop("client", f"{pages['open']}vertraulich/", karin, rare=True),
        Stop("mails", f"{pages['offered']}post/", karin, rare=True),
        Stop("change", f"{pages['open']}aendern/", karin, rare=True),
        *(
            Stop(slug, f"{pages[state]}{slug}/", karin, rare=slug != "erledigt")
            for slug, state in deeds.items()
        ),
        Stop("finish wrong", f"{pages['confirmed']}erledigt/", karin, deed=send, status=422, rare=True),
        Stop("people", f"{base}freiwillige/", karin),
        Stop("person", f"{base}freiwillige/{person.pk}/", karin),
        Stop("person papers", f"{base}freiwillige/{person.pk}/nachweise/", karin),
        Stop("person pause", f"{base}freiwillige/{person.pk}/stand/pause/", karin, rare=True),
        Stop("undertaking", f"{base}freiwillige/verschwiegenheit/", karin, rare=True),
        Stop("person edit", f"{base}freiwillige/{person.pk}/bearbeiten/", karin),
        Stop("person new", f"{base}freiwillige/neu/", karin, deed=send, status=422, rare=True),
        Stop("houses", f"{base}einrichtungen/", karin, rare=True),
        Stop("house", f"{base}einrichtungen/{house.pk}/", karin),
        Stop("house blocked", f"{base}einrichtungen/{blocked.pk}/", karin, rare=True),
        Stop("house edit", f"{base}einrichtungen/{house.pk}/bearbeiten/", karin, rare=True),
        Stop("house new", f"{base}einrichtungen/neu/", karin, deed=send, status=422, rare=True),
        Stop("registrations", f"{base}anmeldungen/", karin),
        Stop("registration", f"{base}anmeldungen/{newcomer.pk}/", karin),
        *_searches(member, karin),
        *_takeovers(karin),
        Stop("catalogues", f"{base}kataloge/", karin, rare=True),
    ]


def applying() -> list[Stop]:
    """Somebody who would like to help: the form, and where the application stands."""
    form = "/lotse-werden/"
    rows = {state.value: factories.make_applicant(state.value) for state in ApplicationState}
    pages = {state: f"{form}{application_token(row)}/" for state, row in rows.items()}
    seen = {"unconfirmed", "papers"}
    return [
        Stop("become", form),
        Stop("become wrong", form, deed=send, status=422),
        Stop("become sent", f"{form}danke/"),
        Stop("become noted", f"{form}notiert/", rare=True),
        *(Stop(f"application {state}", page, rare=state not in seen) for state, page in pages.items()),
        Stop("application withdraw", f"{pages['received']}zurueckziehen/"),
        Stop("application unknown", f"{form}{NOBODYS_TOKEN}/", status=404, rare=True),
    ]


def applications() -> list[Stop]:
    """The office leads people on board."""
    base, karin = "/koordination/bewerbungen/", factories.make_coordinator()
    empty = Stop("board empty", f"{base}?stand=declined", karin, rare=True)
    rows = {state.value: factories.make_applicant(state.value) for state in ApplicationState}
    factories.make_applicant(email="", phone="02131 12345", why="Mir hat auch jemand geholfen.")
    pages = {state: f"{base}{row.pk}/" for state, row in rows.items()}
    return [
        Stop("board", base, karin),
        empty,
        Stop("board of one", f"{base}?stand=received", karin, rare=True),
        Stop("queue with applications", "/koordination/", karin),
        *(
            Stop(f"applicant {state}", page, karin, rare=state not in {"papers", "declined"})
            for state, page in pages.items()
        ),
        Stop("step interview", f"{pages['received']}gespraech/", karin),
        Stop("step wrong", f"{pages['papers']}ablehnen/", karin, deed=send, status=422),
        Stop("step refused", f"{pages['papers']}aktiv/", karin, deed=send, status=422, rare=True),
    ]


def trainings_office() -> list[Stop]:
    """Planning a training, who comes, and who was there."""
    karin, base = factories.make_coordinator("Karin Koch"), "/koordination/schulungen/"
    full = make_session(
        course=factories.make_course("Recht im Alltag"), places=1, hint="Bitte Stift mitbringen."
    )
    for state in ("yes", "waiting", "invited", "no"):
        make_invitation(full, state=state)
    for _more in range(3):
        make_volunteer()
    factories.make_topic(needs_training=True)
    make_volunteer(topics=[factories.make_topic()])
    over = make_session(period("2026-11-19", "17:00"), kind="group", now=EARLIER)
    make_invitation(over, state="yes", now=EARLIER)
    off = make_session(period("2026-12-17", "17:00"), kind="exchange", title="Winterfest")
    make_invitation(off)
    trainings.cancel(off.pk, reason="Der Saal ist belegt.", by=Actor.office(karin), now=NOW)
    return [
        Stop("sessions", base, karin),
        Stop("training needs", f"{base}fehlt/", karin),
        Stop("session", f"{base}{full.pk}/", karin),
        Stop("session off", f"{base}{off.pk}/", karin, rare=True),
        Stop("session new", f"{base}neu/", karin, rare=True),
        Stop("session wrong", f"{base}neu/", karin, deed=send, status=422),
        Stop("session change", f"{base}{full.pk}/aendern/", karin, rare=True),
        Stop("session cancel", f"{base}{full.pk}/absagen/", karin, rare=True),
        Stop("attendance", f"{base}{over.pk}/anwesenheit/", karin),
        Stop("attendance early", f"{base}{full.pk}/anwesenheit/", karin, rare=True),
        Stop("attendance list", f"{base}{full.pk}/liste/", karin),
    ]


def _invitations(lotse: Volunteer) -> dict[str, Participation]:
    """An invitation of this volunteer in every situation."""
    rows = {}
    for day, state in enumerate(("invited", "yes", "waiting", "no", "full", "off"), 10):
        full = state in {"waiting", "full"}
        session = make_session(
            period(f"2026-12-{day}", "17:00"), places=1, video_url="https://video.example/raum"
        )
        if full:
            make_invitation(session, state="yes")
        rows[state] = make_invitation(session, lotse, state=state)
    by = Actor.office(factories.make_coordinator())
    trainings.cancel(rows["off"].session_id, reason="Der Saal ist belegt.", by=by, now=NOW)
    return rows


def trainings_lotse() -> list[Stop]:
    """Invitations behind their link in every situation, and a volunteer's own trainings."""
    lotse = make_volunteer("Samira Haddad", user=factories.make_user("Samira Haddad"))
    nobody = make_volunteer(user=factories.make_user("Neu Dabei")).user
    rows = _invitations(lotse)
    pages = {name: f"/lotse/einladung/{invitation_token(row)}/" for name, row in rows.items()}
    old = {"completed_on": "2026-01-01", "valid_until": "2026-02-01"}
    TopicTraining.objects.create(volunteer=lotse, topic=factories.make_topic(), **old)
    quick = {"invited", "full", "yes"}
    return [
        *(
            Stop(f"invitation {name}", path, status=410 if name == "off" else 200, rare=name not in quick)
            for name, path in pages.items()
        ),
        Stop("invitation unknown", f"/lotse/einladung/{NOBODYS_TOKEN}/", status=404, rare=True),
        Stop("own trainings", "/lotse/schulungen/", lotse.user),
        Stop("own trainings empty", "/lotse/schulungen/", nobody, rare=True),
        Stop("own training", f"/lotse/schulungen/{rows['waiting'].pk}/", lotse.user, rare=True),
    ]


def empty_office() -> list[Stop]:
    """The office's lists on the first day."""
    karin = factories.make_coordinator()
    names = {
        "queue": "",
        "requests": "anfragen/",
        "people": "freiwillige/",
        "houses": "einrichtungen/",
        "registrations": "anmeldungen/",
        "applications": "bewerbungen/",
        "takeovers": "uebernahme/",
        "sessions": "schulungen/",
    }
    return [
        Stop(f"{name} empty", f"/koordination/{path}", karin, rare=name not in {"queue", "requests"})
        for name, path in names.items()
    ]


def stock() -> list[Stop]:
    """The stock pages of the office: every list, and the pages to add, change and delete that it has."""
    chief = User.objects.create_superuser("chefin@example.org", "right-password", name="Chefin Beispiel")
    OfficeRole.objects.create(user=chief, role="head")
    make_offer()
    course = factories.make_course()
    Module.objects.create(course=course, name="Recht")
    TrainingRule.objects.create(need="start", course=course)
    ClosingDay.objects.create(name="Ausflug", first="2026-12-23", last="2026-12-23")
    SchoolHoliday.objects.create(name="Ferien", first="2026-12-23", last="2027-01-06")
    ProgrammeText.objects.create(programme_id=1, kind="welcome", language="de", body="Willkommen")
    FundingSource.objects.create(name="KIM NRW")
    chief_reads = reverse("office:request", args=[AssistanceRequest.objects.get().reference])
    reader = Client()
    reader.force_login(chief)
    assert reader.get(chief_reads).status_code == 200
    stops = []
    for model in office.site._registry:
        name = model._meta.model_name
        base = f"/koordination/{model._meta.app_label}/{name}/"
        pk = model._default_manager.earliest("pk").pk
        paths = (base, f"{base}add/", f"{base}{pk}/change/", f"{base}{pk}/delete/")
        found = {path: reader.get(path).status_code == 200 for path in paths}
        quick = {"language": paths[:3:2], "outgoingmail": paths[:3:2], "closingday": paths[3:]}.get(name, ())
        stops += [
            Stop(path.removeprefix("/koordination/"), path, chief, rare=path not in quick)
            for path, is_there in found.items()
            if is_there
        ]
        if found[f"{base}add/"]:
            stops.append(Stop(f"{name} wrong", f"{base}add/", chief, deed=send, rare=name != "closingday"))
    return stops


def errors() -> list[Stop]:
    """What people see when something is not to be had."""
    karin = factories.make_coordinator()
    anonymous = Client()
    for number in range(30):
        anonymous.get(f"/lotse/antwort/{number:032}/")

    def forget_the_cookies(page: Page) -> None:
        page.context.clear_cookies()
        fill(login="anna@example.org", password="falsch")(page)

    return [
        Stop("404", "/gibt-es-nicht/", karin, status=404),
        Stop("404 anonymous", "/impressum/gibt-es-nicht/", status=404, rare=True),
        Stop("403", "/koordination/lotsen_portal/officerole/", karin, status=403),
        Stop("429", f"/lotse/antwort/{NOBODYS_TOKEN}/", status=429),
        Stop("500", "/koordination/kataloge/", karin, status=500),
        Stop("stale form", "/konto/login/", deed=forget_the_cookies, status=403),
    ]


@dataclass(frozen=True)
class Area:
    """Pages that belong together, and the languages they are written in."""

    stops: Callable[[], list[Stop]]
    languages: tuple[str, ...]


AREAS: Final = {
    "public": Area(public, EVERY),
    "self-request": Area(self_request, EVERY),
    "account": Area(account, EVERY),
    "institution": Area(institution, EVERY),
    "volunteer": Area(volunteer, EVERY),
    "more than one": Area(more_than_one, ("de", "ar")),
    "more in the office": Area(more_in_the_office, GERMAN),
    "reports": Area(reports, EVERY),
    "coordination": Area(coordination, GERMAN),
    "applying": Area(applying, EVERY),
    "applications": Area(applications, GERMAN),
    "trainings": Area(trainings_lotse, EVERY),
    "trainings of the office": Area(trainings_office, GERMAN),
    "empty office": Area(empty_office, GERMAN),
    "stock": Area(stock, GERMAN),
    "errors": Area(errors, GERMAN),
}
