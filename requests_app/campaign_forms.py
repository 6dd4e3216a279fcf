"""Forms of the office's pages about a search."""

from __future__ import annotations

from typing import Any, Final

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms

from lotsen_portal.layouts import Unmarked
from lotsen_portal.models import Programme
from requests_app.models import Campaign, CampaignKind
from requests_app.models.campaigns import LONGEST_INTERVAL, MOST_AT_ONCE
from requests_app.workflow import Plan

FIRST_YES: Final = "first_yes"
OFFICE: Final = "office"

_NOTHING_CHOSEN = dict.fromkeys(("required", "invalid_choice"), "Bitte wählen Sie eines von beiden.")


def _number(longest: int, *, label: str, hint: str, required: bool = False) -> forms.IntegerField:
    """A whole number from 1 on, with one sentence for whatever is not."""
    sentence = f"Bitte geben Sie eine Zahl von 1 bis {longest} an."
    return forms.IntegerField(
        label=label,
        help_text=hint,
        required=required,
        min_value=1,
        max_value=longest,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), sentence),
    )


class CampaignForm(forms.Form):
    """How a search asks: one after the other or in waves, how fast, and whose yes counts."""

    kind = forms.ChoiceField(
        label="Wie wird gefragt?",
        choices=[
            (CampaignKind.CASCADE, "Nacheinander, eine Person nach der anderen"),
            (CampaignKind.WAVE, "In Wellen, mehrere zugleich"),
        ],
        widget=forms.RadioSelect,
        error_messages=_NOTHING_CHOSEN,
    )
    size = _number(MOST_AT_ONCE, label="Personen je Welle", hint="Nur bei Wellen.")
    interval_hours = _number(
        LONGEST_INTERVAL,
        label="Abstand in Arbeitsstunden",
        hint="Danach sind die Nächsten dran. Sagen alle vorher ab, geht es sofort weiter.",
        required=True,
    )
    choice = forms.ChoiceField(
        label="Welche Zusage gilt?",
        choices=[(FIRST_YES, "Die erste"), (OFFICE, "Ich wähle unter den Zusagen aus")],
        widget=forms.RadioSelect,
        error_messages=_NOTHING_CHOSEN,
    )
    enough = _number(
        MOST_AT_ONCE,
        label="So viele Zusagen genügen",
        hint="Nur wenn Sie auswählen. Dann wird niemand mehr gefragt.",
    )

    def __init__(
        self, *args: Any, programme: Programme, campaign: Campaign | None = None, **kwargs: Any
    ) -> None:
        kwargs["initial"] = {
            "kind": campaign.kind if campaign else CampaignKind.CASCADE,
            "size": campaign.size if campaign and campaign.kind == CampaignKind.WAVE else programme.wave_size,
            "interval_hours": campaign.interval_hours if campaign else programme.campaign_interval_hours,
            "choice": OFFICE
            if (campaign.needs_choice if campaign else programme.office_chooses)
            else FIRST_YES,
            "enough": campaign.enough if campaign else 1,
        }
        super().__init__(*args, **kwargs)
        self.programme = programme
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout("kind", Unmarked("size"), "interval_hours", "choice", Unmarked("enough"))

    def plan(self) -> Plan:
        """The plan that a valid form describes; what does not apply to its kind may be left empty."""
        data = self.cleaned_data
        return Plan(
            kind=data["kind"],
            size=data["size"] or self.programme.wave_size,
            interval_hours=data["interval_hours"],
            needs_choice=data["choice"] == OFFICE,
            enough=data["enough"] or 1,
        )
