"""Whoever asked, or the office, changes or calls off a request."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any, Final, cast

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Fieldset, Row, Submit
from django import forms
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lotsen_portal import clock
from lotsen_portal.fields import PlainText
from lotsen_portal.layouts import Unmarked, whole_page
from requests_app import intake
from requests_app.forms.appointment import AppointmentForm, initial_languages, initial_times
from requests_app.forms.intake import RuledForm
from requests_app.forms.plain import PlainAppointmentForm
from requests_app.intake import SoFar
from requests_app.models import AssistanceRequest, Institution
from requests_app.workflow import Change

VERSION_DIGITS: Final = 9


class Changing(RuledForm):
    """Mix it in before the form that has the fields; posts the version that the page showed.

    What the rules at intake said before, and the office let pass, is not said again.
    """

    period: DateTimeTZRange | None

    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        assistance: AssistanceRequest,
        now: datetime,
        initial: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        self.assistance = assistance
        self.before = [row.language for row in assistance.languages.select_related("language")]
        begins_with = {
            **initial_times(assistance.starts),
            **{intake.question_field(slug): True for slug in assistance.intake_hits},
            "minutes": assistance.minutes,
            "mode": assistance.mode,
            "district": str(assistance.district_id or ""),
            "place": assistance.place,
            "version": str(assistance.version),
            **(initial or {}),
        }
        super().__init__(*args, now=now, initial=begins_with, **kwargs)

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

    def house(self) -> Institution | None:
        """The rules are asked about the institution whose request it is."""
        return self.assistance.institution

    def met_before(self) -> Collection[str]:
        """What the rules said to the request so far."""
        return self.assistance.intake_hits

    def draft(self) -> SoFar:
        """The request as it would be."""
        return SoFar(
            topic=self.assistance.topic,
            period=self.period,
            minutes=self.cleaned_data["minutes"],
            confirmed=self.confirmed() if self.questions else tuple(self.assistance.intake_hits),
        )

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
            languages=cast(AppointmentForm, self).chosen_languages(),
            confirmed=self.confirmed() if self.questions else None,
        )


class ChangeForm(Changing, AppointmentForm):
    """New time, place and languages of a request, for people at a desk."""

    field_order = ("language", "language_2", "language_3", "day", "begin", "minutes", "holiday_ok")

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
        known = assistance.languages.order_by("rank").values_list("language__code", flat=True)
        proposed = {"mode": mode} if mode else {}
        initial = {**initial_languages([*known, *([also] if also else [])]), **proposed}
        super().__init__(*args, assistance=assistance, now=now, initial=initial, **kwargs)

    @property
    def helper(self) -> FormHelper:
        """The layout: time first, since that is what changes most."""
        helper = whole_page(
            "version",
            self.when(),
            self.where(),
            Fieldset(_("Welche Sprache?"), self.languages()),
            *self.statements(),
        )
        helper.add_input(Submit("send", _("Änderung speichern")))
        return helper


class OfficeChangeForm(ChangeForm):
    """The same for the office, which decides itself what the rules only advise."""

    only_warns = True


class OwnChangeForm(Changing, PlainAppointmentForm):
    """The same for somebody who asked alone, as plain as the questions were; in the page's language."""

    def __init__(self, *args: Any, assistance: AssistanceRequest, page_language: str, **kwargs: Any) -> None:
        self.page_language = page_language
        known = assistance.languages.order_by("rank").values_list("language__code", flat=True)
        super().__init__(*args, assistance=assistance, initial={"tongues": list(known)}, **kwargs)
        self.offer_lengths(assistance.minutes)
        self.fields["district"].help_text = _(
            "Ungefähr genügt. Bei Telefon oder Video: der Stadtteil, in dem Sie wohnen."
        )

    @property
    def helper(self) -> FormHelper:
        """The layout of the questions, all on one page, the time first."""
        names = [intake.question_field(question.slug) for question in self.questions]
        limits = Fieldset(
            _("Trifft etwas davon zu?"),
            HTML("{% include 'requests_app/institution/_statements.html' only %}"),
            Div(*(Unmarked(name) for name in names), css_class="lp-tiles lp-stack"),
        )
        helper = whole_page(
            "version",
            Fieldset(
                _("Wann ist der Termin?"),
                Row("day", "begin"),
                *(["holiday_ok"] if self.holiday else []),
                Unmarked("minutes", wrapper_class="lp-tiles lp-tiles--short"),
            ),
            Fieldset(
                _("Wo ist der Termin?"),
                Unmarked("mode", wrapper_class="lp-tiles lp-tiles--one"),
                Unmarked("place"),
                "district",
            ),
            Fieldset(
                _("Welche Sprache sprechen Sie?"), HTML("{% include 'requests_app/client/_tongues.html' %}")
            ),
            *([limits] if names else []),
        )
        helper.form_class = "lp-ask"
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
