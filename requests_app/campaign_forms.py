"""Forms of the office's pages about a search."""

from __future__ import annotations

from typing import Any, Final

from django import forms

from lotsen_portal.models import Programme
from requests_app.models import Campaign, CampaignKind
from requests_app.models.campaigns import LONGEST_INTERVAL, MOST_AT_ONCE
from requests_app.workflow import Plan

FIRST_YES: Final = "first_yes"
OFFICE: Final = "office"


class CampaignForm(forms.Form):
    """How a search asks: one after the other or in waves, how fast, and whose yes counts."""

    kind = forms.ChoiceField(
        label="Wie wird gefragt?",
        choices=[
            (CampaignKind.CASCADE, "Nacheinander, eine Person nach der anderen"),
            (CampaignKind.WAVE, "In Wellen, mehrere zugleich"),
        ],
        widget=forms.RadioSelect,
    )
    size = forms.IntegerField(
        label="Personen je Welle",
        min_value=1,
        max_value=MOST_AT_ONCE,
        required=False,
        help_text="Nur bei Wellen.",
    )
    interval_hours = forms.IntegerField(
        label="Abstand in Arbeitsstunden",
        min_value=1,
        max_value=LONGEST_INTERVAL,
        help_text="Danach sind die Nächsten dran. Sagen alle vorher ab, geht es sofort weiter.",
    )
    choice = forms.ChoiceField(
        label="Welche Zusage gilt?",
        choices=[(FIRST_YES, "Die erste"), (OFFICE, "Ich wähle unter den Zusagen aus")],
        widget=forms.RadioSelect,
    )
    enough = forms.IntegerField(
        label="So viele Zusagen genügen",
        min_value=1,
        max_value=MOST_AT_ONCE,
        required=False,
        help_text="Nur wenn Sie auswählen. Dann wird niemand mehr gefragt.",
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
