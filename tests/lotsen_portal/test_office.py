"""The office's site: its door, its stock pages, and what they write down."""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry as DjangoLogEntry
from django.http import Http404, HttpResponse
from django.urls import NoReverseMatch, reverse

from lotsen_portal import office, outbox
from lotsen_portal.models import (
    ClosingDay,
    LogEntry,
    OfficeRole,
    OutgoingMail,
    Programme,
    ProgrammeText,
    User,
)

pytestmark = pytest.mark.django_db

MODELS = ("programme", "programmetext", "closingday", "user", "officerole", "outgoingmail", "logentry")


@pytest.fixture
def as_coordinator(client, coordinator):
    client.force_login(coordinator)
    return client


@pytest.fixture
def as_administrator(client, administrator):
    client.force_login(administrator)
    return client


def changelist(model):
    return reverse(f"office:lotsen_portal_{model}_changelist")


def test_anonymous_people_are_sent_to_the_sign_in(client):
    answer = client.get(changelist("closingday"), follow=True)
    assert answer.redirect_chain[-1][0].startswith(reverse("account_login"))
    assert answer.redirect_chain[-1][0].endswith(f"?next={changelist('closingday')}")


@pytest.mark.parametrize(
    "name", ["office:index", "office:login", "office:lotsen_portal_closingday_changelist"]
)
def test_a_signed_in_stranger_finds_nothing(client, outsider, name):
    client.force_login(outsider)
    assert client.get(reverse(name)).status_code == 404


def test_somebody_inactive_is_a_stranger(client, coordinator):
    client.force_login(coordinator)
    coordinator.is_active = False
    coordinator.save()
    assert client.get(reverse("office:index")).status_code in {302, 404}


def test_the_office_site_has_no_password_pages_of_its_own():
    with pytest.raises(NoReverseMatch):
        reverse("office:password_change")


def test_signing_out_is_allauths_matter(as_coordinator):
    assert as_coordinator.post(reverse("office:logout")).url == reverse("account_logout")


def test_a_page_of_our_own_stands_behind_the_same_door(rf, coordinator, outsider):
    site = office.OfficeSite("trial")
    site.page("hello/", lambda request: HttpResponse(request.current_app), "hello")
    (pattern,) = [url for url in site.get_urls() if url.name == "hello"]
    request = rf.get("/")
    request.user, request.session = coordinator, {}
    answer = pattern.callback(request)
    assert answer.content == b"trial"
    assert "no-store" in answer["Cache-Control"]
    request.user = outsider
    with pytest.raises(Http404):
        pattern.callback(request)


@pytest.mark.parametrize("model", MODELS)
def test_every_stock_list_opens(as_administrator, model, make_mail):
    make_mail(recipient="amina@example.org")
    assert as_administrator.get(changelist(model), follow=True).status_code == 200


@pytest.mark.parametrize("model", ["programmetext", "closingday", "user", "officerole"])
def test_every_stock_form_opens(as_administrator, model):
    page = as_administrator.get(reverse(f"office:lotsen_portal_{model}_add"))
    assert page.status_code == 200
    assert 'name="_save"' in page.content.decode()


def test_a_mail_and_an_entry_can_be_looked_at(as_administrator, make_mail, administrator):
    mail = make_mail(recipient="amina@example.org", state="dead")
    outbox.resend(mail, administrator, mail.due_at)
    for model, number in (("outgoingmail", mail.pk), ("logentry", LogEntry.objects.get().pk)):
        page = as_administrator.get(reverse(f"office:lotsen_portal_{model}_change", args=[number]))
        assert page.status_code == 200
        assert 'name="_save"' not in page.content.decode()


def test_the_work_queue_takes_the_index(as_coordinator, monkeypatch):
    monkeypatch.setattr(office.site, "index_view", lambda request: HttpResponse("work queue"))
    assert as_coordinator.get(reverse("office:index")).content == b"work queue"


def test_an_office_account_without_second_factor_is_led_to_its_set_up(as_coordinator, settings):
    settings.REQUIRE_OFFICE_MFA = True
    answer = as_coordinator.get(reverse("office:index"))
    assert (answer.status_code, answer.url) == (302, reverse("mfa_activate_totp"))


def test_an_office_account_with_second_factor_comes_in(as_coordinator, coordinator, settings, monkeypatch):
    settings.REQUIRE_OFFICE_MFA = True
    monkeypatch.setattr(office.site, "index_view", lambda request: HttpResponse("work queue"))
    Authenticator.objects.create(user=coordinator, type=Authenticator.Type.TOTP, data={})
    assert as_coordinator.get(reverse("office:index")).content == b"work queue"


def test_deeds_on_stock_pages_are_in_our_log_without_words(as_coordinator, coordinator):
    day = {"first": "2026-12-24", "last": "2026-12-24", "name": "Heiligabend"}
    as_coordinator.post(reverse("office:lotsen_portal_closingday_add"), day)
    number = ClosingDay.objects.get().pk
    change = reverse("office:lotsen_portal_closingday_change", args=[number])
    as_coordinator.post(change, {**day, "last": "2026-12-31", "name": "Jahresende"})
    as_coordinator.post(reverse("office:lotsen_portal_closingday_delete", args=[number]), {"post": "yes"})
    assert list(LogEntry.objects.order_by("pk").values_list("action", "kind", "number", "after")) == [
        ("add", "closingday", number, ""),
        ("change", "closingday", number, "last+name"),
        ("delete", "closingday", number, ""),
    ]
    assert {entry.actor_number for entry in LogEntry.objects.all()} == {coordinator.pk}
    assert DjangoLogEntry.objects.count() == 0


def test_the_history_of_a_record_is_our_log(as_coordinator):
    day = ClosingDay.objects.create(first="2026-12-24", last="2026-12-24", name="Heiligabend")
    answer = as_coordinator.get(reverse("office:lotsen_portal_closingday_history", args=[day.pk]))
    assert answer.url == f"{changelist('logentry')}?kind=closingday&number={day.pk}"
    assert as_coordinator.get(answer.url).status_code == 200


def test_dates_and_times_are_inputs_of_the_browser(as_coordinator):
    page = as_coordinator.get(reverse("office:lotsen_portal_closingday_add")).content.decode()
    assert page.count('type="date"') == 2
    programme = reverse("office:lotsen_portal_programme_change", args=[Programme.current().pk])
    assert as_coordinator.get(programme).content.decode().count('type="time"') == 4


def test_a_closing_day_cannot_end_before_it_begins(as_coordinator):
    day = {"first": "2026-12-24", "last": "2026-12-23", "name": "Heiligabend"}
    page = as_coordinator.post(reverse("office:lotsen_portal_closingday_add"), day)
    assert "Der letzte Tag darf nicht vor dem ersten liegen." in page.content.decode()
    assert ClosingDay.objects.count() == 0


def test_there_is_one_programme_and_its_list_leads_to_it(as_coordinator):
    assert as_coordinator.get(changelist("programme")).url.endswith("/1/change/")
    assert as_coordinator.get(reverse("office:lotsen_portal_programme_add")).status_code == 403


def test_another_wording_of_the_consent_is_another_version(as_coordinator):
    add = reverse("office:lotsen_portal_programmetext_add")
    as_coordinator.post(add, {"kind": "welcome", "language": "de", "body": "Willkommen"})
    assert Programme.current().consent_version == 1
    as_coordinator.post(add, {"kind": "consent", "language": "de", "body": "Ich bin einverstanden."})
    assert Programme.current().consent_version == 2
    text = ProgrammeText.objects.get(kind="consent")
    change = reverse("office:lotsen_portal_programmetext_change", args=[text.pk])
    as_coordinator.post(change, {"kind": "consent", "language": "de", "body": text.body})
    assert Programme.current().consent_version == 2


def test_a_text_is_written_once_in_each_language(as_coordinator):
    add = reverse("office:lotsen_portal_programmetext_add")
    for body in ("Willkommen", "Noch einmal"):
        page = as_coordinator.post(add, {"kind": "welcome", "language": "de", "body": body})
    assert "Diesen Text gibt es in dieser Sprache schon." in page.content.decode()
    assert "Noch einmal" in page.content.decode()
    assert ProgrammeText.objects.get().body == "Willkommen"


def test_a_tick_that_is_nobodys_number_finds_nothing(as_coordinator):
    action = {"action": "delete_selected", "_selected_action": ["on"]}
    assert as_coordinator.post(changelist("closingday"), action).status_code == 404


def test_a_new_account_has_no_password(as_administrator):
    new = {"email": "Neu@Example.org", "name": "Nina Neu", "language": "de", "is_active": "on"}
    as_administrator.post(reverse("office:lotsen_portal_user_add"), new)
    user = User.objects.get(email="neu@example.org")
    assert user.has_usable_password() is False


def test_coordinators_cannot_make_themselves_administrators(as_coordinator, coordinator):
    roles = {"user": coordinator.pk, "role": "administrator"}
    assert as_coordinator.post(reverse("office:lotsen_portal_officerole_add"), roles).status_code == 403
    assert OfficeRole.objects.count() == 1


def test_dead_letters_can_be_sent_again_and_nothing_else(as_coordinator, make_mail):
    dead, sent = make_mail(state="dead", attempts=6, recipient="anna@example.org"), make_mail(state="dropped")
    action = {"action": "resend", "_selected_action": [dead.pk, sent.pk]}
    page = as_coordinator.post(changelist("outgoingmail"), action, follow=True)
    assert "1 E-Mail wird erneut gesendet." in page.content.decode()
    assert list(OutgoingMail.objects.order_by("pk").values_list("state", flat=True)) == ["waiting", "dropped"]


def test_the_head_reads_the_outbox_and_touches_nothing(client, outsider, make_mail):
    OfficeRole.objects.create(user=outsider, role="head")
    client.force_login(outsider)
    dead = make_mail(state="dead")
    client.post(changelist("outgoingmail"), {"action": "resend", "_selected_action": [dead.pk]})
    assert OutgoingMail.objects.get().state == "dead"
    assert outbox.to_phone(dead.due_at).count() == 0


def test_mails_and_logs_cannot_be_edited(as_administrator, make_mail):
    mail = make_mail()
    change = reverse("office:lotsen_portal_outgoingmail_change", args=[mail.pk])
    assert as_administrator.post(change, {"state": "sent"}).status_code == 403
    assert as_administrator.get(reverse("office:lotsen_portal_logentry_add")).status_code == 403


def test_a_filter_with_a_nul_byte_narrows_nothing(as_coordinator):
    page = as_coordinator.get(changelist("logentry"), {"actor_kind__exact": "a\0b"})
    assert (page.status_code, page["Location"]) == (302, changelist("logentry"))
