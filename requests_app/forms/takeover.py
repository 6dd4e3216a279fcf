"""Forms by which the office uploads a spreadsheet and says what its columns mean; German only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django import forms

from requests_app.models import TakeoverKind
from requests_app.takeover.judging import Kind
from requests_app.takeover.kinds import KINDS
from requests_app.takeover.reading import MOST_BYTES, TOO_BIG

EXAMPLES: Final = 3
LONGEST_EXAMPLE: Final = 30


class UploadForm(forms.Form):
    """Which file, and what its rows are."""

    kind = forms.ChoiceField(
        label="Was steht in der Tabelle?",
        choices=[(kind.value, known.title) for kind, known in KINDS.items()],
        initial=TakeoverKind.VOLUNTEERS,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Bitte wählen Sie, was in der Tabelle steht.",
            "invalid_choice": "Bitte wählen Sie etwas aus der Liste.",
        },
    )
    file = forms.FileField(
        label="Datei",
        help_text=f"Excel (.xlsx) oder CSV, höchstens {MOST_BYTES // 1_000_000} MB und 10.000 Zeilen.",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
        error_messages={
            "required": f"Bitte wählen Sie eine Datei mit höchstens {MOST_BYTES // 1_000_000} MB.",
            "empty": "Die Datei ist leer.",
        },
    )

    def clean_file(self) -> Any:
        """Not larger than we read."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(TOO_BIG)
        return file


class ColumnsForm(forms.Form):
    """What each column of a sheet means."""

    def __init__(
        self,
        *args: Any,
        kind: Kind,
        headings: Sequence[str],
        chosen: Sequence[str],
        examples: Sequence[Sequence[str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.count = kind, len(headings)
        offered = [("", "Nicht übernehmen"), *((c.field, c.heading) for c in kind.columns)]
        for place, heading in enumerate(headings):
            seen = [cells[place] for cells in examples if place < len(cells) and cells[place]]
            shown = " · ".join(_short(cell) for cell in seen[:EXAMPLES])
            self.fields[self.name_of(place)] = forms.ChoiceField(
                label=heading or f"Spalte {place + 1}",
                required=False,
                choices=offered,
                initial=chosen[place] if place < len(chosen) else "",
                help_text=shown or "leer",
                error_messages={"invalid_choice": "Bitte wählen Sie etwas aus der Liste."},
            )

    @staticmethod
    def name_of(place: int) -> str:
        """The field's name of a column."""
        return f"spalte_{place}"

    @property
    def columns(self) -> list[str]:
        """What each column means, of a valid form."""
        return [self.cleaned_data[self.name_of(place)] for place in range(self.count)]

    def clean(self) -> dict[str, Any]:
        """Nothing is read from two columns, and what each row needs is there."""
        data = super().clean() or {}
        chosen = [data.get(self.name_of(place), "") for place in range(self.count)]
        for place, name in enumerate(chosen):
            if name and name in chosen[:place] and not self.kind.column(name).repeats:
                sentence = f"„{self.kind.column(name).heading}“ steht schon in einer anderen Spalte."
                self.add_error(self.name_of(place), sentence)
        if missing := self.kind.missing(set(chosen)):
            self.add_error(None, f"Ordnen Sie bitte noch zu: {', '.join(missing)}.")
        return data


def _short(cell: str) -> str:
    return cell if len(cell) <= LONGEST_EXAMPLE else f"{cell[: LONGEST_EXAMPLE - 1]}…"
