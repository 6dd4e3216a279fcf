"""Forms for papers and notes: what the office notes, and what a volunteer confirms."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from lotsen_portal.fields import OneLine, PlainText
from volunteers.forms import date_input
from volunteers.models import Language, ProofKind

LONGEST_NOTE: Final = 4000
LONGEST_TEXT: Final = 20_000
LONGEST_NAME: Final = 120
NO_DAY: Final = {
    "invalid": "Bitte nennen Sie ein Datum, zum Beispiel 24.12.2026.",
    "required": "Bitte nennen Sie den Tag.",
}
EARLIEST: Final = date(1990, 1, 1)
LATEST: Final = date(2100, 1, 1)


def _day(label: str, *, required: bool = True, hint: str = "") -> forms.DateField:
    return forms.DateField(
        label=label, required=required, widget=date_input(), help_text=hint, error_messages=NO_DAY
    )


class DatedForm(forms.Form):
    """A form with days that belong into an order; `today` is the latest day on which something was seen."""

    order: tuple[str, ...] = ()
    past: tuple[str, ...] = ()

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        """Each mistake stands beside its day."""
        data = super().clean() or {}
        for name in [name for name, value in data.items() if isinstance(value, date)]:
            if not EARLIEST <= data[name] <= LATEST:
                self.add_error(name, "Dieser Tag liegt zu weit weg.")
            elif name in self.past and data[name] > self.today:
                self.add_error(name, "Dieser Tag liegt in der Zukunft.")
        for first, last in zip(self.order, self.order[1:], strict=False):
            if data.get(first) and data.get(last) and data[last] < data[first]:
                self.add_error(last, "Dieser Tag liegt vor dem anderen.")
        return data


class UndertakingForm(DatedForm):
    """That the newest version was signed on paper."""

    order = ("signed_on", "valid_until")
    past = ("signed_on",)
    signed_on = _day("Unterschrieben am")
    valid_until = _day("Gültig bis", required=False, hint="Leer lassen, wenn sie ohne Ende gilt.")


class ConductForm(DatedForm):
    """That a certificate of good conduct was seen; nothing of what it says."""

    order = ("issued_on", "seen_on", "valid_until")
    past = ("issued_on", "seen_on")
    issued_on = _day("Ausgestellt am")
    seen_on = _day("Eingesehen am")
    valid_until = _day("Gültig bis", required=False, hint="Leer lassen für die übliche Dauer.")

    def __init__(self, *args: Any, years: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.years = years

    def clean(self) -> dict[str, Any]:
        """Without a last day it is the usual time after the day of issue."""
        data = super().clean()
        issued = data.get("issued_on")
        if issued and not data.get("valid_until") and not self.errors:
            leap = (issued.month, issued.day) == (2, 29)
            data["valid_until"] = issued.replace(
                year=issued.year + self.years, day=28 if leap else issued.day
            )
            if data["valid_until"] < data["seen_on"]:
                self.add_error("issued_on", "Dieses Führungszeugnis ist zu alt.")
        return data


class ProofForm(DatedForm):
    """That a proof of a language was seen."""

    past = ("seen_on",)
    language = forms.ModelChoiceField(Language.objects.all(), label="Sprache", empty_label="Bitte wählen")
    kind = forms.ChoiceField(label="Art des Nachweises", choices=ProofKind.choices)
    seen_on = _day("Eingesehen am")


class NoteForm(forms.Form):
    """A note that only the office reads."""

    text = PlainText(label="Notiz", longest=LONGEST_NOTE, widget=forms.Textarea(attrs={"rows": 3}))


class WordingForm(DatedForm):
    """A new version of the undertaking of secrecy."""

    body = PlainText(
        label="Text der neuen Fassung",
        longest=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text="Absätze trennt eine leere Zeile.",
    )
    old_until = _day("Die alte Fassung gilt noch bis", hint="So lange bleibt Zeit für die neue.")


class ConfirmForm(forms.Form):
    """A volunteer confirms the undertaking by typing the own name; `version` is the one that is shown."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=32767)
    name = OneLine(
        label=_("Ihr Name"),
        longest=LONGEST_NAME,
        help_text=_("Bitte tippen Sie Ihren Vornamen und Nachnamen."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Bitte tippen Sie Ihren Namen.")},
    )
    agreed = forms.BooleanField(
        label=_("Ich habe den Text gelesen und verpflichte mich dazu."),
        error_messages={"required": _("Bitte setzen Sie das Häkchen.")},
    )
