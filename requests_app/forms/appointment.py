"""What a new request and a change have in common: languages, time and place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final, cast

from crispy_forms.layout import HTML, Fieldset, LayoutObject, Row
from django import forms
from django.core.exceptions import ValidationError
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lotsen_portal import clock
from lotsen_portal.clock import AmbiguousTime, NoSuchTime
from lotsen_portal.fields import OneLine, Pick
from lotsen_portal.layouts import Unmarked
from requests_app.models import Mode
from volunteers.models import District, Language
from volunteers.naming import in_dictionary_order

SHORTEST_MINUTES: Final = 15
LONGEST_MINUTES: Final = 1440
FARTHEST_DAYS: Final = 366
LANGUAGE_FIELDS: Final = ("language", "language_2", "language_3")

_NO_DATE = gettext_lazy("Bitte geben Sie den Tag an.")
_NO_TIME = gettext_lazy("Bitte geben Sie an, wann der Termin beginnt.")
_NO_LENGTH = gettext_lazy("Bitte geben Sie die Dauer in Minuten an, zum Beispiel 60.")


class DateInput(forms.DateInput):
    """The browser's own date field, which posts ISO dates."""

    input_type = "date"


class TimeInput(forms.TimeInput):
    """The browser's own time field."""

    input_type = "time"


class AppointmentForm(forms.Form):
    """Languages in order of preference, when, how long, how and where.

    `now` is aware. After validation `holiday` is the name of the public holiday that was chosen, or "".
    """

    language = Pick(label=gettext_lazy("Sprache"), sentence=gettext_lazy("Bitte wählen Sie eine Sprache."))
    language_2 = Pick(label=gettext_lazy("Zweite Wahl"), required=False)
    language_3 = Pick(label=gettext_lazy("Dritte Wahl"), required=False)
    day = forms.DateField(
        label=gettext_lazy("Datum"),
        widget=DateInput(format="%Y-%m-%d"),
        error_messages={"required": _NO_DATE, "invalid": _NO_DATE},
    )
    begin = forms.TimeField(
        label=gettext_lazy("Beginn"),
        widget=TimeInput(format="%H:%M"),
        error_messages={"required": _NO_TIME, "invalid": _NO_TIME},
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("Dauer"),
        help_text=gettext_lazy("in Minuten"),
        widget=forms.NumberInput(attrs={"step": 15, "min": SHORTEST_MINUTES, "max": LONGEST_MINUTES}),
        error_messages={"required": _NO_LENGTH, "invalid": _NO_LENGTH},
    )
    holiday_ok = forms.BooleanField(label=gettext_lazy("Der Termin findet trotzdem statt"), required=False)
    mode = forms.ChoiceField(
        label=gettext_lazy("Art des Termins"), choices=Mode.choices, initial=Mode.ON_SITE.value
    )
    district = Pick(
        label=gettext_lazy("Stadtteil"), sentence=gettext_lazy("Bitte wählen Sie einen Stadtteil.")
    )
    place = OneLine(
        label=gettext_lazy("Ort"),
        longest=300,
        required=False,
        help_text=gettext_lazy("Treffpunkt: Straße, Hausnummer, Raum"),
    )

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        self.today = clock.local(now).date()
        self.holiday = ""
        self.period: DateTimeTZRange | None = None
        self._offer_languages(self.kept_languages())
        self._offer_districts(self.kept_district())
        self.fields["day"].widget.attrs.update(
            min=self.today.isoformat(), max=(self.today + timedelta(days=FARTHEST_DAYS)).isoformat()
        )

    def kept_languages(self) -> list[int]:
        """Numbers of languages to offer although the catalogue no longer does."""
        return []

    def kept_district(self) -> int | None:
        """The number of a district to offer although the catalogue no longer does."""
        return None

    def needs_place(self) -> bool:
        """Whether a meeting on site has to say where."""
        return True

    def settled_day(self) -> date | None:
        """A date that nobody has to confirm again although it is a holiday."""
        return None

    def _offer_languages(self, kept: Sequence[int]) -> None:
        rows = in_dictionary_order(Language.objects.filter(Q(active=True) | Q(pk__in=kept)))
        for name in LANGUAGE_FIELDS:
            empty = None if name == "language" else _("Keine")
            self._pick(name).offer({language.code: language for language in rows}, empty)

    def _offer_districts(self, kept: int | None) -> None:
        rows = District.objects.filter(Q(active=True) | Q(pk=kept))
        self._pick("district").offer({str(district.pk): district for district in rows})

    def _pick(self, name: str) -> Pick:
        return cast(Pick, self.fields[name])

    # Checks

    def clean_day(self) -> date | None:
        """Refuse a day that is over or too far ahead."""
        day: date | None = self.cleaned_data["day"]
        return None if day is None else self.sound_day(day)

    def sound_day(self, day: date) -> date:
        """The day itself; raises ValidationError where it is over or too far ahead."""
        if day < self.today:
            raise ValidationError(_("Dieser Tag ist schon vorbei. Bitte wählen Sie einen Tag ab heute."))
        if day > self.today + timedelta(days=FARTHEST_DAYS):
            raise ValidationError(_("Bitte wählen Sie einen Tag in den nächsten zwölf Monaten."))
        return day

    def clean_minutes(self) -> int:
        """Refuse an end before the beginning, and what is too short or too long."""
        minutes: int = self.cleaned_data["minutes"]
        if minutes <= 0:
            raise ValidationError(
                _("Das Ende liegt so nicht nach dem Beginn. Bitte geben Sie die Dauer in Minuten an.")
            )
        if minutes < SHORTEST_MINUTES:
            raise ValidationError(_("Ein Termin dauert mindestens 15 Minuten."))
        if minutes > LONGEST_MINUTES:
            raise ValidationError(
                _("Ein Termin dauert höchstens 24 Stunden (1440 Minuten). Bitte teilen Sie ihn auf.")
            )
        return minutes

    def clean(self) -> dict[str, Any]:
        """Check what concerns several fields; each complaint stands beside the field to mend."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        self._check_languages(data)
        if data.get("day") and data.get("begin") is not None:
            self.period = self.period_of(data["day"], data["begin"])
        if self.needs_place() and _meets_nowhere(data) and "place" not in self.errors:
            self.add_error("place", _("Bitte geben Sie an, wo der Termin ist."))
        return data

    def _check_languages(self, data: dict[str, Any]) -> None:
        seen = set()
        for name in LANGUAGE_FIELDS:
            language = data.get(name)
            if language in seen:
                self.add_error(name, _("Diese Sprache haben Sie schon gewählt."))
            elif language:
                seen.add(language)

    def period_of(self, day: date, begin: time, *, nth: str = "") -> DateTimeTZRange | None:
        """The period from a day and a time of day on; complaints stand beside the fields of that number."""
        try:
            start = clock.wall_time(day, begin)
        except (NoSuchTime, AmbiguousTime) as problem:
            self.add_error(f"begin{nth}", str(problem))
            return None
        if start <= self.now:
            self.add_error(f"begin{nth}", _("Diese Uhrzeit ist heute schon vorbei."))
        if day != self.settled_day():
            self._check_holiday(day, f"day{nth}")
        minutes = self.cleaned_data.get("minutes")
        return DateTimeTZRange(start, start + timedelta(minutes=minutes)) if minutes else None

    def _check_holiday(self, day: date, field: str) -> None:
        name = clock.holiday_name(day)
        self.holiday = self.holiday or name
        if name and not self.cleaned_data.get("holiday_ok"):
            sentence = _(
                "Der %(day)s ist ein Feiertag (%(name)s). Bitte wählen Sie einen anderen Tag oder "
                "bestätigen Sie unten, dass der Termin trotzdem stattfindet."
            )
            self.add_error(field, sentence % {"day": date_format(day, "SHORT_DATE_FORMAT"), "name": name})

    # Results

    def chosen_languages(self) -> tuple[Language, ...]:
        """The languages of a valid form, best first."""
        chosen = (self.cleaned_data[name] for name in LANGUAGE_FIELDS)
        return tuple(language for language in chosen if language)

    # Layout

    def when(self, *above: HTML) -> Fieldset:
        """The part about time, below a hint if there is one; asks about the holiday where one was chosen."""
        asked = ["holiday_ok"] if self.holiday else []
        return Fieldset(_("Wann?"), *above, Row("day", "begin", "minutes"), *self.more_times(), *asked)

    def more_times(self) -> list[LayoutObject]:
        """What stands below the time for those who have more to say about it."""
        return []

    def where(self, *below: LayoutObject) -> Fieldset:
        """The part about place, and what else belongs there."""
        return Fieldset(_("Wo?"), Row("mode", "district"), Unmarked("place"), *below)

    def languages(self) -> Row:
        """The three selects, best first."""
        return Row(*LANGUAGE_FIELDS)


def _meets_nowhere(data: dict[str, Any]) -> bool:
    return data.get("mode") == Mode.ON_SITE and not data.get("place")


def initial_times(starts: datetime | None) -> dict[str, Any]:
    """Initial date and time of a form, on Berlin's wall clock; `starts` is aware or None."""
    if starts is None:
        return {}
    begin = clock.local(starts)
    return {"day": begin.date(), "begin": begin.time()}


def initial_languages(codes: Sequence[str]) -> dict[str, str]:
    """Initial values of the three selects from codes in order of preference."""
    return dict(zip(LANGUAGE_FIELDS, codes, strict=False))
