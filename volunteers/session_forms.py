"""The form by which the office plans a training session, and the one that calls it off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any, Final

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, LayoutObject, Row, Submit
from django import forms
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q

from lotsen_portal import clock
from lotsen_portal.fields import OneLine, PlainText
from lotsen_portal.layouts import Fold, whole_page
from volunteers.models import Audience, Course, Language, Module, Session, SessionKind, Topic
from volunteers.models.courses import MOST_PLACES
from volunteers.trainings import Plan

DATES: Final = 6
SHOWN_AT_FIRST: Final = 1
WRONG_DAY: Final = {
    "required": "Bitte nennen Sie den Tag.",
    "invalid": "Bitte nennen Sie ein Datum, zum Beispiel 24.12.2026.",
}
WRONG_TIME: Final = {
    "required": "Bitte nennen Sie die Uhrzeit.",
    "invalid": "Bitte nennen Sie eine Uhrzeit, zum Beispiel 17:30.",
}


class SessionForm(forms.Form):
    """What, when, where, for how many and for whom."""

    kind = forms.ChoiceField(label="Art", choices=SessionKind.choices)
    course = forms.ModelChoiceField(
        Course.objects.none(), label="Schulung", required=False, empty_label="Keine aus dem Katalog"
    )
    module = forms.ModelChoiceField(
        Module.objects.none(),
        label="Baustein",
        required=False,
        empty_label="Die ganze Schulung",
        help_text="Nur, wenn die Schulung aus mehreren Bausteinen besteht.",
    )
    title = OneLine(longest=120, label="Eigener Titel", required=False)
    place = OneLine(longest=200, label="Ort", required=False)
    video_url = forms.URLField(
        label="Link zur Videokonferenz",
        required=False,
        max_length=200,
        assume_scheme="https",
        error_messages={
            "invalid": "Das ist keine Adresse. Richtig ist zum Beispiel: https://video.example/raum."
        },
    )
    places = forms.IntegerField(
        label="Plätze",
        min_value=1,
        max_value=MOST_PLACES,
        error_messages={
            "required": "Bitte nennen Sie die Zahl der Plätze.",
            "invalid": "Bitte nennen Sie eine Zahl.",
            "min_value": "Mindestens ein Platz.",
            "max_value": f"Höchstens {MOST_PLACES} Plätze.",
        },
    )
    leader = OneLine(longest=120, label="Leitung", required=False)
    hint = PlainText(
        longest=1000,
        label="Hinweis für alle Eingeladenen",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Was mitzubringen ist. Über den Inhalt einer Supervision wird nichts notiert.",
    )
    audience = forms.ChoiceField(label="Für wen", choices=Audience.choices)
    languages = forms.ModelMultipleChoiceField(
        Language.objects.none(), label="Sprachen", required=False, widget=forms.CheckboxSelectMultiple
    )
    topics = forms.ModelMultipleChoiceField(
        Topic.objects.none(), label="Themen", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, session: Session | None = None, **kwargs: Any) -> None:
        kwargs["initial"] = _initial(session) if session else {"places": 12}
        super().__init__(*args, **kwargs)
        self.session = session
        kept = (session.course_id, session.module_id) if session else (None, None)
        offered = Course.objects.filter(Q(active=True) | Q(pk=kept[0]))
        self.fields["course"].queryset = offered  # type: ignore[attr-defined]
        modules = Module.objects.filter(course__in=offered).select_related("course")
        self.fields["module"].queryset = modules  # type: ignore[attr-defined]
        self.fields["languages"].queryset = Language.objects.filter(active=True)  # type: ignore[attr-defined]
        self.fields["topics"].queryset = Topic.objects.filter(active=True)  # type: ignore[attr-defined]
        for number in range(1, DATES + 1):
            first = number == 1
            self.fields[f"day_{number}"] = forms.DateField(
                label="Datum" if first else f"{number}. Tag: Datum",
                required=first,
                widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
                error_messages=WRONG_DAY,
            )
            for name, label in (("begin", "Beginn"), ("end", "Ende")):
                self.fields[f"{name}_{number}"] = forms.TimeField(
                    label=label if first else f"{number}. Tag: {label}",
                    required=first,
                    widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
                    error_messages=WRONG_TIME,
                )

    @property
    def helper(self) -> FormHelper:
        """The layout: what, when, where, for whom."""
        rows = [Row(f"day_{n}", f"begin_{n}", f"end_{n}") for n in range(1, DATES + 1)]
        more = [*rows[SHOWN_AT_FIRST:]]
        parts: list[LayoutObject | str] = [
            Fieldset("Was?", Row("kind", "course"), Row("module", "title"), "leader"),
            Fieldset("Wann?", rows[0], Fold("Weitere Tage", *more, is_open=self._has_more_days())),
            Fieldset("Wo?", Row("place", "video_url"), "places"),
            Fieldset(
                "Für wen?",
                "audience",
                Fold("Bestimmte Sprachen", "languages", is_open=self._is("languages")),
                Fold("Bestimmte Themen", "topics", is_open=self._is("topics")),
                "hint",
            ),
        ]
        helper = whole_page(*parts)
        helper.add_input(Submit("send", "Speichern" if self.session else "Termin anlegen"))
        return helper

    def _is(self, audience: str) -> bool:
        return bool(self["audience"].value() == audience)

    def _has_more_days(self) -> bool:
        names = [f"{name}_{n}" for name in ("day", "begin", "end") for n in range(2, DATES + 1)]
        return any(self[name].value() for name in names)

    def clean(self) -> dict[str, Any]:
        """Read the dates; each mistake stands beside its field."""
        data = super().clean() or {}
        self.periods: list[DateTimeTZRange] = []
        for number in range(1, DATES + 1):
            day, begin, end = (data.get(f"{name}_{number}") for name in ("day", "begin", "end"))
            if day and begin and end:
                self._read(number, day, begin, end)
            elif any((day, begin, end)) and number > 1:
                self.add_error(f"day_{number}", "Bitte nennen Sie Datum, Beginn und Ende.")
        module, course = data.get("module"), data.get("course")
        if module and module.course != course:
            self.add_error("module", "Dieser Baustein gehört zu einer anderen Schulung.")
        if not data.get("place") and not data.get("video_url") and "video_url" not in self.errors:
            self.add_error("place", "Bitte nennen Sie einen Ort oder einen Link zur Videokonferenz.")
        for name, sentence in (("languages", "eine Sprache"), ("topics", "ein Thema")):
            if data.get("audience") == name and not data.get(name):
                self.add_error(name, f"Bitte wählen Sie mindestens {sentence}.")
        return data

    def _read(self, number: int, day: date, begin: time, end: time) -> None:
        try:
            edges = clock.wall_time(day, begin), clock.wall_time(day, end)
        except (clock.NoSuchTime, clock.AmbiguousTime) as problem:
            self.add_error(f"begin_{number}", str(problem))
            return
        if edges[1] <= edges[0]:
            self.add_error(f"end_{number}", "Das Ende muss nach dem Beginn liegen.")
        elif edges[0] <= clock.now():
            self.add_error(f"day_{number}", "Dieser Tag liegt in der Vergangenheit.")
        else:
            self.periods.append(DateTimeTZRange(*edges))
            if _overlap(self.periods):
                self.add_error(f"begin_{number}", "Diese Zeit überschneidet sich mit einer anderen.")

    def plan(self) -> Plan:
        """What was typed, for the verb; the form is valid."""
        data = self.cleaned_data
        names = ("kind", "places", "course", "module", "title", "place", "video_url", "leader", "hint")
        found: dict[str, Any] = {name: data[name] for name in (*names, "audience")}
        for name in ("languages", "topics"):
            found[name] = tuple(data[name]) if data["audience"] == name else ()
        return Plan(periods=self.periods, **found)


class CancelForm(forms.Form):
    """Why a session is called off; everybody concerned reads it."""

    reason = PlainText(
        longest=300,
        label="Grund",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Steht in der E-Mail an alle. Bitte keine Namen.",
    )


def _overlap(periods: Sequence[DateTimeTZRange]) -> bool:
    *others, last = periods
    return any(one.lower < last.upper and last.lower < one.upper for one in others)


def _initial(session: Session) -> dict[str, Any]:
    names = ("kind", "title", "place", "video_url", "places", "leader", "hint", "audience")
    found: dict[str, Any] = {name: getattr(session, name) for name in names}
    found |= {"course": session.course_id, "module": session.module_id}
    found |= {"languages": list(session.languages.all()), "topics": list(session.topics.all())}
    for number, row in enumerate(session.coming_dates[:DATES], start=1):
        found |= _wall(number, row.starts, row.finishes)
    return found


def _wall(number: int, starts: datetime, finishes: datetime) -> dict[str, Any]:
    begin, end = clock.local(starts), clock.local(finishes)
    return {f"day_{number}": begin.date(), f"begin_{number}": begin.time(), f"end_{number}": end.time()}
