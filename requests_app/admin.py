"""The office's own pages, at their addresses on the office's site, and the stock pages of the rules."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from lotsen_portal import access
from lotsen_portal.office import OfficeAdmin, site
from requests_app.models import IntakeRule, IntakeText
from requests_app.views import feeds
from requests_app.views.office import (
    asking,
    campaigns,
    catalogues,
    deeds,
    entry,
    groups,
    houses,
    listing,
    page,
    people,
    queue,
    registrations,
    standing,
    takeover,
)

REQUEST = "anfragen/<slug:reference>/"
PERSON = "freiwillige/<int:pk>/"
HOUSE = "einrichtungen/<int:pk>/"
REGISTRATION = "anmeldungen/<int:pk>/"

site.index_view = queue.queue
site.page("kataloge/", catalogues.catalogues, "catalogues")
site.page("post/<int:pk>/erneut/", queue.resend_mail, "resend_mail")
site.page("post/<int:pk>/telefonisch/", queue.phoned, "phoned")
site.page("einsaetze/<int:pk>/angerufen/", queue.called, "called")
site.page("kalender/adresse/", feeds.office_calendar, "calendar")

site.page("anfragen/", listing.requests_list, "requests")
site.page("anfragen/neu/", entry.new_request, "new_request")
site.page(REQUEST, page.request_page, "request")
site.page(f"{REQUEST}vertraulich/", page.client, "client")
site.page(f"{REQUEST}post/", page.mails, "mails")
site.page(f"{REQUEST}freigeben/", page.approve, "approve")
site.page(f"{REQUEST}zustaendig/", page.take_charge, "take_charge")
site.page(f"{REQUEST}notiz/", page.add_note, "add_note")
site.page(f"{REQUEST}foerderung/", page.fund, "fund")
site.page(f"{REQUEST}aendern/", deeds.change, "change")
site.page(f"{REQUEST}rueckruf/", entry.call_back, "call_back")
site.page(f"{REQUEST}anfragen/", asking.ask, "ask")
site.page(f"{REQUEST}anfragen/<int:pk>/", asking.ask_anyway, "ask_anyway")
site.page(f"{REQUEST}warum-nicht/", asking.why_not, "why_not")
site.page(f"{REQUEST}suche/", campaigns.campaign, "campaign")
site.page(f"{REQUEST}suche/dazu/", campaigns.add_person, "campaign_add")
site.page(f"{REQUEST}suche/<slug:slug>/", campaigns.steer, "campaign_steer")
site.page(f"{REQUEST}suche/platz/<int:pk>/<slug:slug>/", campaigns.edit_place, "campaign_place")
site.page(f"{REQUEST}auswege/", campaigns.ways_out, "ways_out")
site.page(f"{REQUEST}<slug:slug>/", deeds.do, "do")
site.page("reihen/<int:pk>/", groups.group, "group")
site.page("reihen/<int:pk>/anfragen/<int:volunteer>/", groups.ask_anyway, "group_ask_anyway")
site.page("einsatzanfragen/<int:pk>/<slug:slug>/", asking.answer, "answer")

site.page("freiwillige/", people.volunteers, "volunteers")
site.page("freiwillige/neu/", people.edit_volunteer, "new_volunteer")
site.page(PERSON, people.volunteer, "volunteer")
site.page(f"{PERSON}bearbeiten/", people.edit_volunteer, "edit_volunteer")
site.page(f"{PERSON}stand/<slug:slug>/", standing.take_step, "take_step")
site.page(f"{PERSON}konto/", people.make_account, "make_account")
site.page(f"{PERSON}<slug:slug>/neu/", people.add_part, "add_part")
site.page(f"{PERSON}<slug:slug>/<int:row>/entfernen/", people.remove_part, "remove_part")

site.page("einrichtungen/", houses.institutions, "institutions")
site.page("einrichtungen/neu/", houses.edit_institution, "new_institution")
site.page(HOUSE, houses.institution, "institution")
site.page(f"{HOUSE}bearbeiten/", houses.edit_institution, "edit_institution")
site.page(f"{HOUSE}personen/<int:member>/", houses.end_membership, "end_membership")
site.page(f"{HOUSE}personen/<int:member>/leitung/", houses.change_manager, "change_manager")
site.page(f"{HOUSE}<slug:slug>/", houses.move_institution, "move_institution")

site.page("uebernahme/", takeover.takeovers, "takeovers")
site.page("uebernahme/vorlage/<slug:slug>/", takeover.template, "takeover_template")
site.page("uebernahme/ausgabe/<slug:slug>/", takeover.give_out, "takeover_export")
site.page("uebernahme/<int:pk>/", takeover.takeover, "takeover")
site.page("uebernahme/<int:pk>/spalten/", takeover.columns, "takeover_columns")
site.page("uebernahme/<int:pk>/<slug:slug>/", takeover.move, "takeover_move")

site.page("anmeldungen/", registrations.registrations_list, "registrations")
site.page(REGISTRATION, registrations.registration, "registration")
site.page(f"{REGISTRATION}aufnehmen/", registrations.approve_registration, "approve_registration")
site.page(f"{REGISTRATION}ablehnen/", registrations.decline_registration, "decline_registration")
site.page(f"{REGISTRATION}doch-pruefen/", registrations.reconsider_registration, "reconsider_registration")

access.grant_kept("requests_app.intakerule")
access.grant_catalogue("requests_app.intaketext")


@admin.register(IntakeRule, site=site)
class IntakeRuleAdmin(OfficeAdmin):
    """What is said, checked or refused when somebody asks."""

    list_display = ("slug", "kind", "number", "effect", "active")
    list_filter = ("effect", "active")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Keep the slug, by which requests name the rules they met."""
        return ("slug",) if obj else ()


@admin.register(IntakeText, site=site)
class IntakeTextAdmin(OfficeAdmin):
    """The words of the rules."""

    list_display = ("rule", "language", "sentence")
    list_filter = ("language",)
    list_select_related = ("rule",)
