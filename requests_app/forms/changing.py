"""A caseworker changes or calls off a request."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final, cast

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Submit
from django import forms
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lotsen_portal import clock
from lotsen_portal.fields import PlainText
from lotsen_portal.layouts import whole_page
from requests_app.forms.appointment import AppointmentForm, initial_languages, initial_times
from requests_app.models import AssistanceRequest
from requests_app.workflow import Change

VERSION_DIGITS: Final = 9


class ChangeForm(AppointmentForm):
    """New time, place and languages of a request; posts the version that the page showed."""

    field_order = ("language", "language_2", "language_3", "day", "begin", "minutes", "holiday_ok")

    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        assistance: AssistanceRequest,
        now: datetime,
        also: str = "",
        mode: str = "",
        **kwargs: Any,
    ) -> None:
        """`also` (a language's code) and `mode` are proposed by the page that led here."""
        self.assistance = assistance
        self.before = [row.language for row in assistance.languages.select_related("language")]
        kwargs["initial"] = {
            **initial_languages([*(language.code for language in self.before), *([also] if also else [])]),
            **initial_times(assistance.starts),
            "minutes": assistance.minutes,
            "mode": mode or assistance.mode,
            "district": str(assistance.district_id),
            "place": assistance.place,
            "version": str(assistance.version),
        }
        super().__init__(*args, now=now, **kwargs)

    def kept_languages(self) -> list[int]:
        """The languages asked for so far."""
        return [language.pk for language in self.before]

    def kept_district(self) -> int | None:
        """The district named so far."""
        return self.assistance.district_id

    def settled_day(self) -> date | None:
        """The day named so far was confirmed when the request was filed."""
        starts = self.assistance.starts
        return clock.local(starts).date() if starts else None

    @property
    def version_shown(self) -> int:
        """The version that the posted page showed; 0 for whatever is none."""
        posted = self.cleaned_data.get("version", "")
        sound = posted.isascii() and posted.isdecimal() and len(posted) <= VERSION_DIGITS
        return int(posted) if sound else 0

    def change(self) -> Change:
        """The change as a valid form describes it."""
        return Change(
            period=cast(DateTimeTZRange, self.period),
            mode=self.cleaned_data["mode"],
            district=self.cleaned_data["district"],
            place=self.cleaned_data["place"],
            languages=self.chosen_languages(),
        )

    @property
    def helper(self) -> FormHelper:
        """The layout: time first, since that is what changes most."""
        helper = whole_page(
            "version", self.when(), self.where(), Fieldset(_("Welche Sprache?"), self.languages())
        )
        helper.add_input(Submit("send", _("Änderung speichern")))
        return helper


class CancelForm(forms.Form):
    """Why a request is called off."""

    reason = PlainText(
        label=gettext_lazy("Grund"),
        longest=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Ein kurzer Satz genügt. Bitte keine Namen."),
        error_messages={"required": gettext_lazy("Bitte nennen Sie kurz den Grund.")},
    )

    @property
    def helper(self) -> FormHelper:
        """One field and one button that says what it does."""
        helper = whole_page("reason")
        helper.add_input(Submit("send", _("Absagen"), css_class="lp-danger"))
        return helper
