"""What a volunteer enters after calling somebody who had no appointment yet."""

from __future__ import annotations

from typing import Any, Final, cast

from crispy_forms.layout import Fieldset, Submit
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lotsen_portal.fields import PlainText
from lotsen_portal.layouts import Unmarked, whole_page
from requests_app.forms.appointment import LANGUAGE_FIELDS
from requests_app.forms.changing import ChangeForm
from requests_app.intake import Asked
from requests_app.workflow import Called, CallResult

RESULTS: Final = [
    (CallResult.FOUND.value, gettext_lazy("Wir haben einen Termin gefunden.")),
    (CallResult.NOT_REACHED.value, gettext_lazy("Ich habe niemanden erreicht.")),
    (CallResult.NO_HELP.value, gettext_lazy("Die Person möchte keine Hilfe mehr.")),
]
ALWAYS: Final = ("result", "note", "version")


class CallForm(ChangeForm):
    """How the call went; time and place count only where a time was found."""

    asks_statements = False

    result = forms.ChoiceField(
        label=gettext_lazy("Wie war der Anruf?"),
        choices=RESULTS,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Bitte wählen Sie, wie der Anruf war.")},
    )
    note = PlainText(
        label=gettext_lazy("Was das Amt noch wissen soll"),
        longest=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Nur die Koordination liest das. Freiwillig."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in LANGUAGE_FIELDS:
            self.fields[name].widget = forms.HiddenInput()

    def needs_place(self) -> bool:
        """The place may follow later."""
        return False

    def clean(self) -> dict[str, Any]:
        """Without a time found nothing else has to be right."""
        data = super().clean()
        if data.get("result") in {CallResult.NOT_REACHED, CallResult.NO_HELP}:
            for name in [name for name in self.errors if name not in ALWAYS]:
                del self.errors[name]
        return data

    def asked(self) -> Asked | None:
        """What the rules judge; nothing where no time was found."""
        return super().asked() if self.cleaned_data.get("result") == CallResult.FOUND else None

    def called(self) -> Called:
        """What came of the call, as a valid form says it."""
        result = CallResult(cast(str, self.cleaned_data["result"]))
        found = self.change() if result == CallResult.FOUND else None
        return Called(result=result, change=found, note=self.cleaned_data["note"])

    @property
    def helper(self) -> Any:
        """The layout: how it went, then what was found."""
        helper = whole_page(
            "version",
            *LANGUAGE_FIELDS,
            "result",
            self.when(),
            self.where(),
            Fieldset(_("Sonst noch etwas?"), Unmarked("note")),
        )
        helper.add_input(Submit("send", _("Eintragen")))
        return helper
