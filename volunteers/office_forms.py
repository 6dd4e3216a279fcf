"""Forms by which the office keeps the record of a volunteer; German only, like all pages of the office."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Row, Submit
from django import forms
from django.conf import settings

from volunteers.availability import WEEKDAYS, NotUnderstood, read_day, write_day
from volunteers.forms import date_input
from volunteers.models import (
    Absence,
    District,
    Language,
    Speaks,
    Topic,
    TopicTraining,
    Volunteer,
    VolunteerState,
)

if TYPE_CHECKING:
    _VolunteerForm = forms.ModelForm[Volunteer]
    _SpeaksForm = forms.ModelForm[Speaks]
    _AbsenceForm = forms.ModelForm[Absence]
    _TopicTrainingForm = forms.ModelForm[TopicTraining]
else:  # generic for the type checker only
    _VolunteerForm = _SpeaksForm = _AbsenceForm = _TopicTrainingForm = forms.ModelForm

DAYS: Final = tuple(f"day_{number}" for number in range(len(WEEKDAYS)))


class VolunteerForm(_VolunteerForm):
    """The record itself: contact, when and where somebody helps; state and papers have verbs."""

    mail_language = forms.ChoiceField(label="Sprache der Mails", choices=settings.LANGUAGES)

    class Meta:
        model = Volunteer
        fields = (
            "name", "email", "phone", "gender", "mail_language", "district", "joined_on", "topics",
            "weekly_maximum",
        )  # fmt: skip
        widgets = {
            "joined_on": date_input(),
            "topics": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, name in enumerate(DAYS):
            self.fields[name] = forms.CharField(
                label=WEEKDAYS[number],
                required=False,
                max_length=120,
                initial=write_day(self.instance.availability[number]),
                help_text="08:00–12:00, 14:00–18:00 oder ganztags" if number == 0 else "",
            )

    @property
    def helper(self) -> FormHelper:
        """The layout: who, when."""
        helper = FormHelper()
        helper.attrs = {"novalidate": True}  # our sentences stand beside the fields
        helper.layout = Layout(
            Fieldset(
                "Person",
                "name",
                Row("email", "phone"),
                Row("gender", "mail_language"),
                Row("district", "joined_on"),
            ),
            Fieldset("Wann und wobei?", *DAYS, "weekly_maximum", "topics"),
        )
        helper.add_input(Submit("send", "Speichern"))
        return helper

    def clean(self) -> dict[str, Any]:
        """Read the seven lines; each mistake stands beside its day."""
        data = super().clean() or {}
        masks = list(self.instance.availability)
        for number, name in enumerate(DAYS):
            try:
                masks[number] = read_day(data.get(name, ""))
            except NotUnderstood as problem:
                self.add_error(name, str(problem))
        self.instance.availability = masks
        return data


class SpeaksForm(_SpeaksForm):
    """One more language, or another level of one."""

    class Meta:
        model = Speaks
        fields = ("language", "level")


class AbsenceForm(_AbsenceForm):
    """Days on which somebody is away."""

    class Meta:
        model = Absence
        fields = ("first", "last")
        widgets = {"first": date_input(), "last": date_input()}

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first."""
        data = super().clean() or {}
        if data.get("first") and data.get("last") and data["last"] < data["first"]:
            self.add_error("last", "Der letzte Tag darf nicht vor dem ersten liegen.")
        return data


class TrainingForm(_TopicTrainingForm):
    """That somebody was trained for a topic."""

    class Meta:
        model = TopicTraining
        fields = ("topic", "completed_on", "valid_until")
        widgets = {"completed_on": date_input(), "valid_until": date_input()}

    def clean(self) -> dict[str, Any]:
        """It cannot end before it began."""
        data = super().clean() or {}
        if (
            data.get("completed_on")
            and data.get("valid_until")
            and data["valid_until"] < data["completed_on"]
        ):
            self.add_error("valid_until", "Der letzte Tag darf nicht vor dem Abschluss liegen.")
        return data


class VolunteersFilter(forms.Form):
    """Narrows the list of volunteers."""

    q = forms.CharField(label="Name", required=False, max_length=80)
    language = forms.ModelChoiceField(
        Language.objects.all(), label="Sprache", required=False, empty_label="Alle"
    )
    topic = forms.ModelChoiceField(Topic.objects.all(), label="Thema", required=False, empty_label="Alle")
    district = forms.ModelChoiceField(
        District.objects.all(), label="Stadtteil", required=False, empty_label="Alle"
    )
    state = forms.ChoiceField(label="Stand", required=False, choices=[("", "Alle"), *VolunteerState.choices])
