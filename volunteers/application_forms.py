"""The form of somebody who would like to help, and the office's small forms on the way."""

from __future__ import annotations

from typing import Any, Final, NamedTuple, cast

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Fieldset, Row, Submit
from django import forms
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from lotsen_portal import clock
from lotsen_portal.clock import AmbiguousTime, NoSuchTime
from lotsen_portal.fields import MailAddress, OneLine, Phone, Pick, PickMany, PlainText, Trap
from lotsen_portal.layouts import Fold, Unmarked, whole_page
from volunteers.models import ALL_DAY, DAYS_A_WEEK, District, German, Language, Level, Topic
from volunteers.naming import in_dictionary_order
from volunteers.recruitment.applications import Interest

LESS: Final = "less"
SPOKEN: Final = ("tongue_1", "tongue_2", "tongue_3", "tongue_4")
MANY: Final = 100
WEEK: Final = (
    gettext_lazy("Montag"), gettext_lazy("Dienstag"), gettext_lazy("Mittwoch"), gettext_lazy("Donnerstag"),
    gettext_lazy("Freitag"), gettext_lazy("Samstag"), gettext_lazy("Sonntag"),
)  # fmt: skip


class Part(NamedTuple):
    """A part of the day: its name, its hours, and the half hours of the weekly availability it stands for."""

    label: Promise
    hours: str
    mask: int


# From seven o'clock: five hours each.
PARTS: Final = {
    "v": Part(gettext_lazy("vormittags"), "7–12", (1 << 10) - 1),
    "n": Part(gettext_lazy("nachmittags"), "12–17", ((1 << 10) - 1) << 10),
    "a": Part(gettext_lazy("abends"), "17–22", ((1 << 10) - 1) << 20),
}
SLOTS: Final = [f"{day}{part}" for day in range(DAYS_A_WEEK) for part in PARTS]

_CONTACT = HTML("{% include 'volunteers/public/_contact.html' only %}")
_TIMES = HTML("{% include 'volunteers/public/_times.html' with form=form only %}")
_NOTICE = HTML("{% include 'volunteers/public/_notice.html' only %}")


class Cell(NamedTuple):
    """One box of the week: its value, whether it is ticked, and what it is called."""

    value: str
    ticked: bool
    label: str


def masks_of(slots: list[str]) -> list[int]:
    """The availability that ticked boxes mean; none at all means whenever somebody is needed."""
    if not slots:
        return [ALL_DAY] * DAYS_A_WEEK
    return [
        sum(part.mask for slug, part in PARTS.items() if f"{day}{slug}" in slots)
        for day in range(DAYS_A_WEEK)
    ]


def _level(initial: int = Level.FLUENT.value) -> forms.TypedChoiceField:
    unknown = gettext_lazy("Bitte wählen Sie etwas aus der Liste.")
    return forms.TypedChoiceField(
        label=gettext_lazy("Wie gut?"),
        choices=Level.choices,
        coerce=int,
        empty_value=str(Level.FLUENT.value),
        initial=initial,
        required=False,
        error_messages={"invalid_choice": unknown},
    )


class ApplicationForm(forms.Form):
    """Who would like to help, what they speak, when they can."""

    name = OneLine(
        label=gettext_lazy("Ihr Name"),
        longest=120,
        error_messages={"required": gettext_lazy("Bitte nennen Sie Ihren Namen.")},
    )
    email = MailAddress(label=gettext_lazy("E-Mail"), required=False)
    phone = Phone(label=gettext_lazy("Telefon"), required=False)
    german = forms.ChoiceField(
        label=gettext_lazy("Wie gut sprechen Sie Deutsch?"),
        choices=[*German.choices, (LESS, gettext_lazy("noch nicht so gut"))],
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Bitte sagen Sie, wie gut Sie Deutsch sprechen."),
            "invalid_choice": gettext_lazy("Bitte wählen Sie etwas aus der Liste."),
        },
    )
    tongue_1 = Pick(
        label=gettext_lazy("Sprache"), sentence=gettext_lazy("Bitte wählen Sie mindestens eine Sprache.")
    )
    level_1 = _level(Level.NATIVE.value)
    tongue_2 = Pick(label=gettext_lazy("Zweite Sprache"), required=False)
    level_2 = _level()
    tongue_3 = Pick(label=gettext_lazy("Dritte Sprache"), required=False)
    level_3 = _level()
    tongue_4 = Pick(label=gettext_lazy("Vierte Sprache"), required=False)
    level_4 = _level()
    topics = PickMany(label=gettext_lazy("Wobei möchten Sie helfen?"), sentence="", most=MANY, required=False)
    districts = PickMany(
        label=gettext_lazy("Wohin können Sie kommen?"),
        sentence="",
        most=MANY,
        required=False,
        help_text=gettext_lazy("Ohne Angabe: in die ganze Stadt."),
    )
    times = forms.MultipleChoiceField(
        label=gettext_lazy("Wann haben Sie meistens Zeit?"),
        choices=[(slot, slot) for slot in SLOTS],
        required=False,
        error_messages=dict.fromkeys(
            ("invalid_choice", "invalid_list"), gettext_lazy("Bitte kreuzen Sie die Zeiten noch einmal an.")
        ),
    )
    why = PlainText(
        label=gettext_lazy("Warum möchten Sie mitmachen?"),
        longest=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Ein bis zwei Sätze genügen. Freiwillig."),
    )
    homepage = Trap()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        spoken = in_dictionary_order(Language.objects.filter(active=True))
        for name in SPOKEN:
            cast(Pick, self.fields[name]).offer({language.code: language for language in spoken})
        topics = Topic.objects.filter(active=True)
        cast(PickMany, self.fields["topics"]).offer({topic.slug: (topic, topic.label) for topic in topics})
        places = District.objects.filter(active=True)
        cast(PickMany, self.fields["districts"]).offer(
            {str(place.pk): (place, place.name) for place in places}
        )

    def clean_german(self) -> str:
        """Less than B2 is not enough; whoever is on the way is asked to come back."""
        german = str(self.cleaned_data["german"])
        if german == LESS:
            raise forms.ValidationError(
                _(
                    "Für die Einsätze brauchen Sie gutes Deutsch (B2). Lernen Sie noch? "
                    "Dann melden Sie sich gern später, oder rufen Sie uns an."
                )
            )
        return german

    def clean(self) -> dict[str, Any]:
        """Somebody can be reached, and each language is named once."""
        data = super().clean() or {}
        if not (data.get("email") or data.get("phone") or {"email", "phone"} & self.errors.keys()):
            self.add_error("email", _("Bitte nennen Sie eine E-Mail-Adresse oder eine Telefonnummer."))
        named: set[Language] = set()
        for name in SPOKEN:
            language = data.get(name)
            if language in named:
                self.add_error(name, _("Diese Sprache steht schon da."))
            elif language is not None:
                named.add(language)
        return data

    def interest(self) -> Interest:
        """What a valid form says."""
        data = self.cleaned_data
        spoken = ((data[name], data[name.replace("tongue", "level")]) for name in SPOKEN)
        same = ("name", "email", "phone", "german", "topics", "districts", "why")
        return Interest(
            **{name: data[name] for name in same},
            languages={language: int(level) for language, level in spoken if language is not None},
            availability=masks_of(data["times"]),
            language=get_language() or "de",
        )

    def week(self) -> list[tuple[str, list[Cell]]]:
        """The boxes of the week, a row for each day."""
        ticked = set(self["times"].value() or ())
        return [
            (
                str(name),
                [
                    Cell(f"{day}{slug}", f"{day}{slug}" in ticked, f"{name} {part.label}")
                    for slug, part in PARTS.items()
                ],
            )
            for day, name in enumerate(WEEK)
        ]

    def parts(self) -> list[Part]:
        """The heads of the week's columns."""
        return list(PARTS.values())

    @property
    def helper(self) -> FormHelper:
        """The layout: who, what one speaks, when and where, why; the trap where nobody looks."""
        more = any(self[name].value() or self[name].errors for name in SPOKEN[2:])
        places = bool(self["districts"].value() or self["districts"].errors)
        helper = whole_page(
            Fieldset(
                _("Wie erreichen wir Sie?"), "name", Row(Unmarked("email"), Unmarked("phone")), _CONTACT
            ),
            Fieldset(
                _("Was sprechen Sie?"),
                "german",
                Row("tongue_1", Unmarked("level_1")),
                Row("tongue_2", Unmarked("level_2")),
                Fold(
                    _("Noch mehr Sprachen"),
                    Row("tongue_3", Unmarked("level_3")),
                    Row("tongue_4", Unmarked("level_4")),
                    is_open=more,
                ),
            ),
            Fieldset(
                _("Wann, wo und wobei?"),
                _TIMES,
                Unmarked("topics"),
                Fold(_("Nur in bestimmte Stadtteile"), Unmarked("districts"), is_open=places),
            ),
            Fieldset(_("Und zum Schluss"), Unmarked("why")),
            Div("homepage", css_class="lp-trap", aria_hidden="true"),
            _NOTICE,
        )
        helper.add_input(Submit("send", _("Bewerbung absenden")))
        return helper


class InterviewForm(forms.Form):
    """When somebody comes to talk; both empty where the time is still to be agreed."""

    day = forms.DateField(
        label="Tag des Gesprächs",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text="Leer lassen, wenn die Zeit noch nicht feststeht.",
        error_messages={"invalid": "Bitte nennen Sie den Tag als Datum."},
    )
    begin = forms.TimeField(
        label="Uhrzeit",
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages={"invalid": "Bitte nennen Sie die Uhrzeit, zum Beispiel 10:30."},
    )

    def clean(self) -> dict[str, Any]:
        """A day needs a time and the other way round; some times do not exist on the clock's nights."""
        data = super().clean() or {}
        day, begin = data.get("day"), data.get("begin")
        if (day is None) != (begin is None) and not self.errors:
            self.add_error("begin" if day else "day", "Bitte nennen Sie Tag und Uhrzeit.")
        data["at"] = None
        if day and begin:
            try:
                data["at"] = clock.wall_time(day, begin)
            except (NoSuchTime, AmbiguousTime) as problem:
                self.add_error("begin", str(problem))
            except OverflowError:
                self.add_error("day", "Dieser Tag liegt zu weit weg.")
        return data


class ReasonForm(forms.Form):
    """Why somebody is not taken in; the person reads it."""

    reason = PlainText(
        label="Grund",
        longest=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Die Person liest ihn auf der Seite ihrer Bewerbung.",
        error_messages={"required": "Bitte nennen Sie den Grund."},
    )


class NoteForm(forms.Form):
    """A note that only the office reads."""

    text = PlainText(
        label="Notiz",
        longest=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Die Notiz ist leer."},
    )
