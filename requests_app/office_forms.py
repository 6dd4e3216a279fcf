"""Forms of the office's pages about requests; German only, like all pages of the office."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final, cast

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from requests_app import intake, wording
from requests_app.models import AssistanceRequest, Outcome
from requests_app.search import RUNNING, Options, Wanted
from requests_app.states import RequestState

LONGEST_TEXT: Final = 1000
DAY: Final = {"type": "date"}

OTHER_REASONS: Final = [("duplicate", "Die Anfrage gibt es schon."), ("other", "Anderer Grund")]


def rejection_rules() -> list[tuple[str, str]]:
    """Why a request is out of scope: slug for the figures, and words."""
    return [(asked.slug, asked.text) for asked in intake.questions(intake.rules(every=True))] + OTHER_REASONS


class ReasonForm(forms.Form):
    """Why something is done that people will hear of or that corrects a click."""

    reason = forms.CharField(
        label="Grund",
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Bitte nennen Sie den Grund."},
    )


class FreeReasonForm(ReasonForm):
    """A reason that may be left out."""

    reason = forms.CharField(
        label="Anmerkung", required=False, max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 3})
    )


class RejectForm(ReasonForm):
    """The rule that a request is out of scope by, and a sentence for whoever asked."""

    rule = forms.ChoiceField(label="Warum passt die Anfrage nicht?", choices=rejection_rules)
    reason = forms.CharField(
        label="Nachricht an die Einrichtung",
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Sagen Sie auch, wer stattdessen helfen kann. Bitte keine Namen von Ratsuchenden.",
        error_messages={"required": "Bitte schreiben Sie, warum wir nicht helfen können."},
    )
    field_order = ("rule", "reason")


class NoForm(forms.Form):
    """Confirms a deed that needs no words."""


class FinishForm(forms.Form):
    """How an agreed appointment went; one that is still to come is asked about."""

    outcome = forms.ChoiceField(label="Wie ist der Termin verlaufen?", choices=Outcome.choices)
    minutes = forms.IntegerField(
        label="Dauer in Minuten", min_value=0, max_value=1440, help_text="Wie lange es wirklich gedauert hat."
    )
    early = forms.BooleanField(
        label="Der Termin liegt noch in der Zukunft und ist trotzdem erledigt",
        error_messages={"required": "Bitte bestätigen Sie, dass der Termin schon erledigt ist."},
    )

    def __init__(self, *args: Any, assistance: AssistanceRequest, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["minutes"].initial = assistance.minutes
        if assistance.finishes is None or assistance.finishes <= now:
            del self.fields["early"]


class NoteForm(forms.Form):
    """An internal note."""

    text = forms.CharField(
        label="Neue Notiz",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Nur die Koordination liest das.",
        error_messages={"required": "Bitte schreiben Sie etwas in die Notiz."},
    )


class FundingForm(forms.Form):
    """Which budget an appointment is paid from."""

    source = forms.ChoiceField(label="Fördertopf", required=False)

    def __init__(self, *args: Any, sources: Sequence[str], now: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].initial = now
        # One that is offered no more stays where it was chosen.
        kept = [now] if now and now not in sources else []
        choices = [("", "Keiner"), *((name, name) for name in [*sources, *kept])]
        cast(forms.ChoiceField, self.fields["source"]).choices = choices


class OverrideForm(ReasonForm):
    """Why somebody is asked although a rule speaks against it."""

    reason = forms.CharField(
        label="Warum fragen Sie trotzdem an?",
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Der Grund bleibt bei der Koordination.",
        error_messages={"required": "Bitte nennen Sie den Grund."},
    )


class PersonForm(forms.Form):
    """Looks one volunteer up by name."""

    name = forms.CharField(label="Name", min_length=2, max_length=80)


class PlainSelect(forms.Select):
    """A select whose options are written in one go: a template for each of 500 options takes 20 ms."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """Return the element; flat choices only, one may be chosen."""
        chosen = str(value or "")
        choices = cast("Iterable[tuple[Any, Any]]", self.choices)
        options = format_html_join(
            "",
            "<option{}>{}</option>",
            ((flatatt({"value": key, "selected": str(key) == chosen}), label) for key, label in choices),
        )
        built = self.build_attrs(self.attrs, {**(attrs or {}), "name": name})
        return format_html("<select{}>{}</select>", flatatt(built), options)


def _choices(pairs: list[tuple[int, str]], everything: str) -> list[tuple[str, str]]:
    return [("", everything), *((str(number), name) for number, name in pairs)]


class RequestsFilter(forms.Form):
    """Narrows the list of all requests; whatever is no sensible value narrows nothing."""

    q = forms.CharField(
        label="Suche",
        required=False,
        max_length=80,
        help_text="Aktenzeichen, Einrichtung, Sprache, Thema, Name einer Lotsin oder eines Lotsen, Telefon",
    )
    state = forms.ChoiceField(label="Stand", required=False)
    language = forms.ChoiceField(label="Sprache", required=False)
    institution = forms.ChoiceField(label="Einrichtung", required=False)
    topic = forms.ChoiceField(label="Thema", required=False)
    district = forms.ChoiceField(label="Stadtteil", required=False)
    responsible = forms.ChoiceField(label="Zuständig", required=False)
    first = forms.DateField(
        label="Termin ab", required=False, widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d")
    )
    last = forms.DateField(
        label="Termin bis", required=False, widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d")
    )
    urgent = forms.BooleanField(label="Nur dringende", required=False)

    def __init__(self, *args: Any, options: Options, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = [(state.value, wording.request_label(state)) for state in RequestState]
        chosen: dict[str, list[tuple[str, str]]] = {
            "state": [("", "Alle"), (RUNNING, "Alle laufenden"), *states],
            "language": _choices(options.language, "Alle"),
            "institution": _choices(options.institution, "Alle"),
            "topic": _choices(options.topic, "Alle"),
            "district": _choices(options.district, "Alle"),
            "responsible": _choices(options.responsible, "Alle"),
        }
        for name, choices in chosen.items():
            self.fields[name] = forms.ChoiceField(
                label=self.fields[name].label, required=False, choices=choices, widget=PlainSelect
            )

    def wanted(self, *, before: int | None) -> Wanted:
        """What to look for; call it after `is_valid`, whose false fields are left out."""
        data = self.cleaned_data

        def number(name: str) -> int | None:
            return int(data[name]) if data.get(name) else None

        return Wanted(
            words=data.get("q", ""),
            state=data.get("state", ""),
            institution=number("institution"),
            language=number("language"),
            topic=number("topic"),
            district=number("district"),
            responsible=number("responsible"),
            urgent=bool(data.get("urgent")),
            first=data.get("first"),
            last=data.get("last"),
            before=before,
        )
