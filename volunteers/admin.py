"""The office's own pages about volunteers, and the stock pages of the catalogues."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from lotsen_portal import access
from lotsen_portal.office import OfficeAdmin, site
from volunteers import cards
from volunteers.models import Course, District, Language, Module, Topic, TrainingRule
from volunteers.views import applications, office_papers, sessions

PERSON = "freiwillige/<int:pk>/"

site.page("freiwillige/verschwiegenheit/", office_papers.undertaking_wording, "undertaking_wording")
site.page(f"{PERSON}nachweise/", office_papers.volunteer_papers, "volunteer_papers")
site.page(f"{PERSON}nachweise/<slug:slug>/", office_papers.volunteer_papers, "note_paper")
site.page(f"{PERSON}telefon/", office_papers.volunteer_phone, "volunteer_phone")
site.page(f"{PERSON}notiz/", office_papers.volunteer_note, "volunteer_note")

access.grant_catalogue(
    "volunteers.language",
    "volunteers.topic",
    "volunteers.district",
    "volunteers.trainingrule",
)
access.grant_kept("volunteers.course", "volunteers.module")

SESSION = "schulungen/<int:pk>/"
site.page("schulungen/", sessions.sessions, "sessions")
site.page("schulungen/neu/", sessions.plan_session, "new_session")
site.page("schulungen/fehlt/", sessions.training_needs, "training_needs")
site.page(SESSION, sessions.session, "session")
site.page(f"{SESSION}aendern/", sessions.plan_session, "change_session")
site.page(f"{SESSION}absagen/", sessions.cancel_session, "cancel_session")
site.page(f"{SESSION}einladen/", sessions.invite_to, "invite_to_session")
site.page(f"{SESSION}antwort/<int:row>/", sessions.answer_for, "session_answer")
site.page(f"{SESSION}anwesenheit/", sessions.attendance, "session_attendance")
site.page(f"{SESSION}liste/", sessions.attendance_list, "session_list")


@admin.register(Language, site=site)
class LanguageAdmin(OfficeAdmin):
    """Languages and varieties that somebody can ask for."""

    list_display = ("name", "own_name", "code", "direction", "active")
    list_filter = ("active",)
    search_fields = ("name", "own_name", "code")

    def save_model(self, request: HttpRequest, obj: Language, form: Any, change: bool) -> None:  # noqa: FBT001
        """Save; a new language gets its pool, which pages ask whether somebody speaks it."""
        super().save_model(request, obj, form, change)
        cards.refresh_pools()


@admin.register(Topic, site=site)
class TopicAdmin(OfficeAdmin):
    """What an appointment can be about, and what it demands of a volunteer."""

    list_display = ("name", "position", "needs_training", "needs_conduct_certificate", "active")
    list_filter = ("active",)


@admin.register(District, site=site)
class DistrictAdmin(OfficeAdmin):
    """Parts of the city with their centres, for distances."""

    list_display = ("name", "latitude", "longitude", "active")
    list_filter = ("active",)
    search_fields = ("name",)


APPLICATION = "bewerbungen/<int:pk>/"

site.page("bewerbungen/", applications.board, "applications")
site.page(APPLICATION, applications.application, "application")
site.page(f"{APPLICATION}zustaendig/", applications.take_charge, "take_charge_of_application")
site.page(f"{APPLICATION}naechste-woche/", applications.put_off, "put_off_application")
site.page(f"{APPLICATION}loeschen/", applications.erase, "erase_application")
site.page(f"{APPLICATION}<slug:slug>/", applications.step, "application_step")


@admin.register(Course, site=site)
class CourseAdmin(OfficeAdmin):
    """What is taught, and for which topic it makes fit."""

    list_display = ("name", "topic", "months_valid", "active")
    list_filter = ("active",)
    list_select_related = ("topic",)


@admin.register(Module, site=site)
class ModuleAdmin(OfficeAdmin):
    """The parts of a course that have sessions of their own."""

    list_display = ("name", "course", "position")
    list_select_related = ("course",)


@admin.register(TrainingRule, site=site)
class TrainingRuleAdmin(OfficeAdmin):
    """What somebody has to have attended, and when."""

    list_display = ("what", "need", "active")
    list_filter = ("active",)
    list_select_related = ("course",)
