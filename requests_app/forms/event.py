"""One appointment that needs several people at once: a parents' evening in five languages."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from crispy_forms.layout import HTML, Row
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lotsen_portal.fields import Pick
from lotsen_portal.layouts import Fold, Unmarked
from requests_app.forms.series import SeriesForm
from requests_app.workflow import Draft

MORE_LANGUAGES: Final = tuple(f"event_language_{n}" for n in range(2, 7))
EVENT_FIELDS: Final = (*MORE_LANGUAGES, "people")
MOST_PEOPLE: Final = 3


class EventForm(SeriesForm):
    """The appointment, with further languages at the same time and how many people each of them needs."""

    event_language_2 = Pick(label=gettext_lazy("Zweite Gruppe spricht"), required=False)
    event_language_3 = Pick(label=gettext_lazy("Dritte Gruppe spricht"), required=False)
    event_language_4 = Pick(label=gettext_lazy("Vierte Gruppe spricht"), required=False)
    event_language_5 = Pick(label=gettext_lazy("Fünfte Gruppe spricht"), required=False)
    event_language_6 = Pick(label=gettext_lazy("Sechste Gruppe spricht"), required=False)
    people = forms.TypedChoiceField(
        label=gettext_lazy("Wie viele Lotsinnen oder Lotsen je Gruppe?"),
        choices=[(number, str(number)) for number in range(1, MOST_PEOPLE + 1)],
        coerce=int,
        initial=1,
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Bitte wählen Sie 1, 2 oder 3.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first = self._pick("language")
        known = [choice for choice in first.widget.choices if choice[0]]
        for name in MORE_LANGUAGES:
            further = self._pick(name)
            further.choices = [("", _("Keine")), *known]
            further.coerce = first.coerce

    def clean(self) -> dict[str, Any]:
        """Refuse a language named twice, and an event on several days."""
        data = super().clean()
        seen = {data.get("language")}
        for name in MORE_LANGUAGES:
            language = data.get(name)
            if language and language in seen:
                self.add_error(name, _("Diese Sprache haben Sie schon gewählt."))
            seen.add(language)
        asked = [name for name in MORE_LANGUAGES if data.get(name)]
        if (data.get("people") or 1) > 1:
            asked.append("people")
        if asked and (data.get("repeat") or self.proposed):
            sentence = _(
                "Mehrere Lotsinnen oder Lotsen zugleich gehen nur bei einem einzelnen Termin, nicht bei "
                "einer Terminreihe oder mit weiteren Vorschlägen."
            )
            self.add_error(asked[0], sentence)
        return data

    def is_event(self) -> bool:
        """Whether a valid form asks for more than one person at once."""
        return self.asks_for_more_people(self.cleaned_data)

    def asks_for_more_people(self, data: dict[str, Any]) -> bool:
        """The same while the form is being checked."""
        return any(data.get(name) for name in MORE_LANGUAGES) or (data.get("people") or 1) > 1

    def of_event(self, draft: Draft) -> list[Draft]:
        """A draft for each person: the languages of the first with their second choices, then the further."""
        further = [self.cleaned_data[name] for name in MORE_LANGUAGES if self.cleaned_data.get(name)]
        each = [draft, *(replace(draft, languages=(language,)) for language in further)]
        return [one for one in each for _nth in range(self.cleaned_data.get("people") or 1)]

    def asks_for_more(self) -> bool:
        """Whether something was chosen about further people."""
        people = self["people"].value()
        return any(self[name].value() for name in MORE_LANGUAGES) or str(people or 1) != "1"

    def together(self) -> Fold:
        """The further languages and people, folded away until somebody wants them."""
        hint = _(
            "Zum Beispiel für einen Elternabend, wenn Gruppen dort verschiedene Sprachen sprechen. Für jede "
            "Lotsin und jeden Lotsen entsteht eine eigene Anfrage, zur selben Zeit und am selben Ort. Die "
            "zweite und dritte Wahl oben gelten nur für die erste Gruppe."
        )
        second, third, fourth, fifth, sixth = (Unmarked(name) for name in MORE_LANGUAGES)
        return Fold(
            _("Mehrere Lotsinnen oder Lotsen zugleich"),
            HTML(f'<p class="lp-muted">{hint}</p>'),
            Row(second, third),
            Row(fourth, fifth),
            Row(sixth, Unmarked("people")),
            is_open=self.asks_for_more(),
        )
