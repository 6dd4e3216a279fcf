"""How an appointment went, told by one side: one button per outcome, the duration, and little else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lotsen_portal.audit import ActorKind
from lotsen_portal.fields import PlainText
from requests_app.models import Outcome, Report

LONGEST: Final = 1440
_WRONG_LENGTH: Final = _("Bitte geben Sie die Dauer in Minuten an, zum Beispiel 60.")

# The buttons as each side reads them; the first is the usual one.
BUTTONS: Final[Mapping[ActorKind, Mapping[str, Promise]]] = {
    ActorKind.VOLUNTEER: {
        Outcome.TOOK_PLACE: _("Hat stattgefunden"),
        Outcome.CLIENT_ABSENT: _("Die Klientin oder der Klient kam nicht"),
        Outcome.LOTSE_ABSENT: _("Ich war nicht da"),
        Outcome.CANCELLED_LATE: _("Wurde kurz vorher abgesagt"),
        Outcome.OTHER: _("Es war anders"),
    },
    ActorKind.MEMBER: {
        Outcome.TOOK_PLACE: _("Hat stattgefunden"),
        Outcome.CLIENT_ABSENT: _("Die Klientin oder der Klient kam nicht"),
        Outcome.LOTSE_ABSENT: _("Die Lotsin oder der Lotse kam nicht"),
        Outcome.CANCELLED_LATE: _("Wurde kurz vorher abgesagt"),
        Outcome.OTHER: _("Es war anders"),
    },
    ActorKind.CLIENT: {
        Outcome.TOOK_PLACE: _("Hat stattgefunden"),
        Outcome.CLIENT_ABSENT: _("Ich war nicht da"),
        Outcome.LOTSE_ABSENT: _("Die Lotsin oder der Lotse kam nicht"),
        Outcome.CANCELLED_LATE: _("Wurde kurz vorher abgesagt"),
        Outcome.OTHER: _("Es war anders"),
    },
}


class ReportForm(forms.Form):
    """What one side tells; the button pressed is the outcome.

    `voice` is who tells: only an institution may add words, only a volunteer asks to be called.
    """

    outcome = forms.ChoiceField(
        choices=Outcome.choices,
        error_messages={
            "required": _("Bitte wählen Sie, wie der Termin war."),
            "invalid_choice": _("Bitte wählen Sie, wie der Termin war."),
        },
    )
    minutes = forms.IntegerField(
        label=_("Dauer in Minuten"),
        help_text=_("Wie lange hat es wirklich gedauert?"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        validators=[MinValueValidator(1, _WRONG_LENGTH), MaxValueValidator(LONGEST, _WRONG_LENGTH)],
        error_messages={"required": _WRONG_LENGTH, "invalid": _WRONG_LENGTH},
    )
    note = PlainText(
        label=_("Wie ist es gelaufen?"),
        longest=1000,
        required=False,
        help_text=_("Nur das Integrationsamt liest das. Bitte keine Namen."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    wants_call = forms.BooleanField(label=_("Bitte rufen Sie mich an"), required=False)

    def __init__(
        self, data: QueryDict | None = None, *, voice: ActorKind, minutes: int, said: Report | None
    ) -> None:
        initial: dict[str, Any] = {"minutes": (said.minutes if said else None) or minutes}
        if said is not None:
            initial |= {"note": said.note, "wants_call": said.wants_call}
        super().__init__(data, initial=initial, auto_id="bericht-%s")
        if voice != ActorKind.MEMBER:
            del self.fields["note"]
        if voice != ActorKind.VOLUNTEER:
            del self.fields["wants_call"]
        self.voice = voice

    def clean(self) -> dict[str, Any]:
        """Let the duration be whatever it is where nothing took place."""
        data = super().clean() or {}
        if data.get("outcome", Outcome.TOOK_PLACE) != Outcome.TOOK_PLACE:
            self.errors.pop("minutes", None)
            data["minutes"] = None
        return data

    @property
    def buttons(self) -> list[tuple[str, str]]:
        """Value and label of each button, the usual one first."""
        return [(value, str(label)) for value, label in BUTTONS[self.voice].items()]

    @property
    def trouble(self) -> str:
        """What is wrong with the button pressed; "" where it was one of ours."""
        return " ".join(str(error) for error in self.errors.get("outcome", []))
