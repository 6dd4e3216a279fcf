"""Forms that volunteers fill in themselves, and the office for them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST_PAUSE: Final = timedelta(days=2 * 366)


def date_input() -> forms.DateInput:
    """A date as the browser knows it."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class StepForm(forms.Form):
    """Confirms a step; one that needs no words has no fields."""

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today


class PauseForm(StepForm):
    """Until when somebody pauses."""

    until = forms.DateField(
        label=_("Letzter Tag der Pause"),
        required=False,
        widget=date_input(),
        help_text=_("Leer lassen, wenn das Ende noch nicht feststeht."),
        error_messages={"invalid": _("Bitte nennen Sie ein Datum, zum Beispiel 24.12.2026.")},
    )

    def clean_until(self) -> date | None:
        """The day is not over yet, and not so far away that it is a slip."""
        until: date | None = self.cleaned_data["until"]
        if until is not None and until < self.today:
            raise forms.ValidationError(_("Dieser Tag ist schon vorbei."))
        if until is not None and until > self.today + LONGEST_PAUSE:
            raise forms.ValidationError(_("So lange geht keine Pause. Lassen Sie das Feld leer."))
        return until
