"""Who manages the team invites colleagues and lays down what stands in each request already."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Row, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lotsen_portal.fields import MailAddress, OneLine, Phone
from lotsen_portal.layouts import Unmarked, whole_page
from requests_app.forms.appointment import LONGEST_MINUTES, SHORTEST_MINUTES
from requests_app.models import Institution


class InviteForm(forms.Form):
    """Somebody who shall file requests, too; an address of another domain is asked about."""

    name = OneLine(
        label=gettext_lazy("Name"),
        longest=150,
        error_messages={"required": gettext_lazy("Bitte nennen Sie den Namen.")},
    )
    email = MailAddress(
        label=gettext_lazy("Dienstliche E-Mail-Adresse"),
        error_messages={"required": gettext_lazy("Bitte nennen Sie die E-Mail-Adresse.")},
    )
    phone = Phone(label=gettext_lazy("Durchwahl"), required=False)
    other_domain_ok = forms.BooleanField(
        label=gettext_lazy("Die Adresse stimmt, die Person arbeitet bei uns"), required=False
    )

    def __init__(self, *args: Any, institution: Institution, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.institution = institution
        self.asks_about_domain = False

    def clean(self) -> dict[str, Any]:
        """Ask once more about an address that is not of the institution's domain."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        domain, email = self.institution.mail_domain.casefold(), data.get("email", "")
        self.asks_about_domain = bool(domain and email) and not email.endswith(f"@{domain}")
        if self.asks_about_domain and not data.get("other_domain_ok"):
            sentence = _(
                "Diese Adresse endet nicht auf @%(domain)s. Bitte prüfen Sie sie. "
                "Wenn sie stimmt, bestätigen Sie es unten."
            )
            self.add_error("email", sentence % {"domain": domain})
        return data

    @property
    def helper(self) -> FormHelper:
        """Name and address, the tick only where it is asked for."""
        asked = ["other_domain_ok"] if self.asks_about_domain else []
        helper = whole_page("name", Row("email", Unmarked("phone")), *asked)
        helper.form_action = reverse("invite")
        helper.add_input(Submit("send", _("Einladen")))
        return helper


class DefaultsForm(forms.Form):
    """What each new request of the institution begins with."""

    usual_place = OneLine(
        label=gettext_lazy("Üblicher Treffpunkt"),
        longest=300,
        required=False,
        help_text=gettext_lazy("Ohne Angabe ist es die Adresse Ihrer Einrichtung."),
    )
    contact_name = OneLine(
        label=gettext_lazy("Ansprechperson"),
        longest=150,
        required=False,
        help_text=gettext_lazy("Wer die Lotsin oder den Lotsen empfängt. Ohne Angabe ist es, wer anfragt."),
    )
    contact_phone = Phone(label=gettext_lazy("Durchwahl"), required=False)
    usual_minutes = forms.IntegerField(
        label=gettext_lazy("Übliche Dauer"),
        help_text=gettext_lazy("in Minuten"),
        widget=forms.NumberInput(attrs={"step": 15, "min": SHORTEST_MINUTES, "max": LONGEST_MINUTES}),
        error_messages={
            "required": gettext_lazy("Bitte geben Sie die Dauer in Minuten an, zum Beispiel 60."),
            "invalid": gettext_lazy("Bitte geben Sie die Dauer in Minuten an, zum Beispiel 60."),
        },
    )

    def clean_usual_minutes(self) -> int:
        """Refuse what no appointment lasts."""
        minutes: int = self.cleaned_data["usual_minutes"]
        if not SHORTEST_MINUTES <= minutes <= LONGEST_MINUTES:
            raise ValidationError(_("Bitte geben Sie eine Dauer zwischen 15 und 1440 Minuten an."))
        return minutes

    @property
    def helper(self) -> FormHelper:
        """Four fields and a button."""
        helper = whole_page(
            Unmarked("usual_place"),
            Row(Unmarked("contact_name"), Unmarked("contact_phone")),
            "usual_minutes",
        )
        helper.add_input(Submit("send", _("Speichern")))
        return helper
