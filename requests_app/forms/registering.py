"""An institution asks to be taken in."""

from __future__ import annotations

from typing import Any, cast

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Fieldset, Row, Submit
from django import forms
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from lotsen_portal.fields import MailAddress, OneLine, Phone, Pick, PlainText, Trap
from lotsen_portal.layouts import Unmarked, whole_page
from requests_app.models import InstitutionKind
from requests_app.registrations import Application
from volunteers.models import District

_NOTICE = HTML("{% include 'requests_app/public/_registration_notice.html' only %}")


class RegistrationForm(forms.Form):
    """What the office has to know of an institution, and who asks for it."""

    name = OneLine(
        label=gettext_lazy("Name der Einrichtung"),
        longest=160,
        error_messages={"required": gettext_lazy("Bitte nennen Sie Ihre Einrichtung.")},
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Art der Einrichtung"),
        choices=[("", gettext_lazy("Bitte wählen")), *InstitutionKind.choices],
        error_messages={
            "required": gettext_lazy("Bitte wählen Sie die Art Ihrer Einrichtung."),
            "invalid_choice": gettext_lazy("Bitte wählen Sie etwas aus der Liste."),
        },
    )
    street = OneLine(
        label=gettext_lazy("Straße und Hausnummer"),
        longest=160,
        error_messages={"required": gettext_lazy("Bitte nennen Sie die Straße und die Hausnummer.")},
    )
    postcode = OneLine(
        label=gettext_lazy("Postleitzahl"),
        longest=10,
        error_messages={"required": gettext_lazy("Bitte nennen Sie die Postleitzahl.")},
    )
    city = OneLine(
        label=pgettext_lazy("in an address, the town", "Ort"),
        longest=80,
        error_messages={"required": gettext_lazy("Bitte nennen Sie den Ort.")},
    )
    district = Pick(
        label=gettext_lazy("Stadtteil"), sentence=gettext_lazy("Bitte wählen Sie einen Stadtteil.")
    )
    contact_name = OneLine(
        label=gettext_lazy("Ihr Name"),
        longest=150,
        error_messages={"required": gettext_lazy("Bitte nennen Sie Ihren Namen.")},
    )
    email = MailAddress(
        label=gettext_lazy("Ihre dienstliche E-Mail-Adresse"),
        help_text=gettext_lazy("Dorthin schicken wir einen Link, den Sie bestätigen."),
        error_messages={"required": gettext_lazy("Bitte nennen Sie Ihre E-Mail-Adresse.")},
    )
    phone = Phone(label=gettext_lazy("Telefon"), required=False)
    message = PlainText(
        label=gettext_lazy("Nachricht an das Integrationsamt"),
        longest=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Zum Beispiel, wobei Sie Hilfe brauchen. Bitte keine Namen von Ratsuchenden."),
    )
    homepage = Trap()

    def __init__(self, *args: Any, city: str, **kwargs: Any) -> None:
        kwargs["initial"] = {"city": city, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        rows = District.objects.filter(active=True)
        cast(Pick, self.fields["district"]).offer({str(district.pk): district for district in rows})

    def application(self) -> Application:
        """What a valid form says."""
        told = {name: value for name, value in self.cleaned_data.items() if name != "homepage"}
        return Application(**told, language=get_language() or "de")

    @property
    def helper(self) -> FormHelper:
        """The layout: the institution, then who asks; the trap where nobody looks."""
        helper = whole_page(
            Fieldset(_("Ihre Einrichtung"), "name", "kind", "street", Row("postcode", "city"), "district"),
            Fieldset(_("Wer meldet an?"), "contact_name", Row("email", "phone"), Unmarked("message")),
            Div("homepage", hidden=True),
            _NOTICE,
        )
        helper.add_input(Submit("send", _("Einrichtung anmelden")))
        return helper
