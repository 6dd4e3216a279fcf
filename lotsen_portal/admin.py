"""Stock pages of the office for the foundation's catalogues and machinery."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import F, Max, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from lotsen_portal import access, clock, outbox
from lotsen_portal.models import (
    AccessLog,
    ClosingDay,
    FundingSource,
    LogEntry,
    OfficeRole,
    OutgoingMail,
    Programme,
    ProgrammeText,
    SchoolHoliday,
    TextKind,
    User,
)
from lotsen_portal.models.programme import WEIGHTS
from lotsen_portal.office import OfficeAdmin, site


@admin.register(Programme, site=site)
class ProgrammeAdmin(OfficeAdmin):
    """The one programme: contact and rules."""

    readonly_fields = ("consent_version",)
    fieldsets = (
        (
            "Amt und Kontakt",
            {
                "fields": (
                    "city",
                    "office_name",
                    "contact_name",
                    "phone",
                    "email",
                    "street",
                    "postcode",
                    "website",
                    "reference_prefix",
                )
            },
        ),
        (
            "Fristen und Zeiten",
            {
                "fields": (
                    "day_begins",
                    "day_ends",
                    "offer_deadline_hours",
                    "offers_per_day",
                    "campaign_interval_hours",
                    "wave_size",
                    "office_chooses",
                    "unfilled_working_days",
                    "gives_up_alone",
                    "usual_minutes",
                    "late_cancel_hours",
                    "reminder_hour",
                    "details_days",
                )
            },
        ),
        (
            "Rückmeldungen",
            {
                "fields": (
                    "report_pause_minutes",
                    "report_until",
                    "report_reminders",
                    "report_reminder_days",
                    "report_settle_days",
                )
            },
        ),
        (
            "Nachweise der Freiwilligen",
            {"fields": ("conduct_years", "paper_reminder_days", "paper_second_reminder_days")},
        ),
        (
            "Gewichte der Vorschläge",
            {"description": "0 zählt gar nicht, 10 zählt am meisten.", "fields": WEIGHTS},
        ),
        ("Förderung und Einwilligung", {"fields": ("funding_default", "consent_version")}),
    )

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Go straight to the one programme."""
        return redirect("office:lotsen_portal_programme_change", Programme.current().pk)


@admin.register(ProgrammeText, site=site)
class ProgrammeTextAdmin(OfficeAdmin):
    """Texts of public pages and of the declaration of consent."""

    list_display = ("kind", "language")
    list_filter = ("kind", "language")

    def save_model(
        self,
        request: HttpRequest,
        obj: ProgrammeText,
        form: ModelForm[Any],
        change: bool,  # noqa: FBT001 - Django's
    ) -> None:
        """Save; another wording of the consent is a version of its own, which later consents refer to."""
        super().save_model(request, obj, form, change)
        if obj.kind in {TextKind.CONSENT, TextKind.SELF_CONSENT} and form.changed_data:
            Programme.objects.filter(texts=obj).update(consent_version=F("consent_version") + 1)


@admin.register(FundingSource, site=site)
class FundingSourceAdmin(OfficeAdmin):
    """The budgets that the office chooses from."""

    list_display = ("name", "active")


@admin.register(ClosingDay, site=site)
class ClosingDayAdmin(OfficeAdmin):
    """Days without office."""

    list_display = ("name", "first", "last")
    ordering = ("-first",)


@admin.register(SchoolHoliday, site=site)
class SchoolHolidayAdmin(OfficeAdmin):
    """Days without school, for series of appointments."""

    fieldsets = (
        (
            None,
            {
                "description": "Reihen lassen nur die Ferien aus, die hier stehen. Das Schulministerium "
                "veröffentlicht sie einige Jahre im Voraus.",
                "fields": ("name", "first", "last"),
            },
        ),
    )
    list_display = ("name", "first", "last")
    ordering = ("-first",)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Show the list, and until when it reaches."""
        last = SchoolHoliday.objects.aggregate(last=Max("last"))["last"]
        reach = f"Eingetragen bis {last:%d.%m.%Y}" if last else "Noch keine Ferien eingetragen"
        return super().changelist_view(request, {**(extra_context or {}), "subtitle": reach})


@admin.register(User, site=site)
class UserAdmin(OfficeAdmin):
    """Accounts; passwords are their holders' own matter."""

    fields = ("email", "name", "language", "is_active", "joined_at", "last_login")
    readonly_fields = ("joined_at", "last_login")
    list_display = ("name", "email", "is_active", "joined_at", "last_login")
    list_filter = ("is_active",)
    search_fields = ("name", "email")

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm[Any], change: bool) -> None:  # noqa: FBT001
        """Save; a new account has no password, its holder signs in by an e-mailed code."""
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)


@admin.register(OfficeRole, site=site)
class OfficeRoleAdmin(OfficeAdmin):
    """Who works in the office."""

    list_display = ("user", "role")
    list_filter = ("role",)
    list_select_related = ("user",)
    raw_id_fields = ("user",)


@admin.register(OutgoingMail, site=site)
class OutgoingMailAdmin(OfficeAdmin):
    """The outbox, to read; dead letters can be sent again."""

    list_display = ("id", "name", "state", "due_at", "sent_at", "attempts", "last_error")
    list_filter = ("state",)
    search_fields = ("key",)
    actions = ("resend",)

    @admin.display(description="Vorlage")
    def name(self, mail: OutgoingMail) -> str:
        """Show the bare name of the mail function."""
        return mail.name

    def has_resend_permission(self, request: HttpRequest) -> bool:
        """Ask the table of rights."""
        return access.may(request.user, "resend", self.opts.label_lower)

    @admin.action(description="Erneut senden", permissions=["resend"])
    def resend(self, request: HttpRequest, queryset: QuerySet[OutgoingMail]) -> None:
        """Give the chosen dead letters their tries again."""
        by, now = access.person(request), clock.now()
        count = sum(outbox.resend(mail, by, now) for mail in queryset)
        level = messages.SUCCESS if count else messages.WARNING
        said = "1 E-Mail wird" if count == 1 else f"{count} E-Mails werden"
        self.message_user(request, f"{said} erneut gesendet.", level)


class _Trail(OfficeAdmin):
    """A log, to read only; opened for one record by ?kind=...&number=..."""

    list_filter = ("actor_kind",)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Let pages link to the log of one record."""
        return lookup in {"kind", "number"} or super().lookup_allowed(lookup, value, request)  # type: ignore[arg-type]


@admin.register(LogEntry, site=site)
class LogEntryAdmin(_Trail):
    """Who did what."""

    list_display = ("at", "actor_kind", "actor_number", "action", "kind", "number", "before", "after")


@admin.register(AccessLog, site=site)
class AccessLogAdmin(_Trail):
    """Who read what."""

    list_display = ("at", "actor_kind", "actor_number", "what", "kind", "number")
