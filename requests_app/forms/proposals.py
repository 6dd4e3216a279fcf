"""Up to three times to choose from, for an appointment that may be on one of several days."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any, Final

from crispy_forms.layout import HTML, LayoutObject, Row
from django import forms
from django.core.exceptions import ValidationError
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lotsen_portal.layouts import Fold, Unmarked
from requests_app.forms.appointment import FARTHEST_DAYS, AppointmentForm, DateInput, TimeInput

OTHERS: Final = ("_2", "_3")

_NO_DAY = gettext_lazy("Bitte geben Sie auch den Tag an.")
_NO_HOUR = gettext_lazy("Bitte geben Sie auch an, wann dieser Termin beginnt.")


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=DateInput(format="%Y-%m-%d"),
        error_messages={"invalid": _NO_DAY},
    )


def _hour(label: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        required=False,
        widget=TimeInput(format="%H:%M"),
        error_messages={"invalid": _NO_HOUR},
    )


class ProposalsForm(AppointmentForm):
    """The appointment, and up to two other times at which it could be instead.

    After validation `proposed` holds all of them, earliest first, where there is more than one.
    """

    day_2 = _day(gettext_lazy("Zweiter Vorschlag: Tag"))
    begin_2 = _hour(gettext_lazy("Zweiter Vorschlag: Uhrzeit"))
    day_3 = _day(gettext_lazy("Dritter Vorschlag: Tag"))
    begin_3 = _hour(gettext_lazy("Dritter Vorschlag: Uhrzeit"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.proposed: tuple[DateTimeTZRange, ...] = ()
        last = self.today + timedelta(days=FARTHEST_DAYS)
        for nth in OTHERS:
            limits = {"min": self.today.isoformat(), "max": last.isoformat()}
            self.fields[f"day{nth}"].widget.attrs.update(limits)

    def clean_day_2(self) -> date | None:
        """Refuse a day that is over or too far ahead."""
        return self._sound_day("day_2")

    def clean_day_3(self) -> date | None:
        """Refuse a day that is over or too far ahead."""
        return self._sound_day("day_3")

    def _sound_day(self, name: str) -> date | None:
        day: date | None = self.cleaned_data[name]
        return self.sound_day(day) if day else None

    def clean(self) -> dict[str, Any]:
        """Gather the other times; half a time and one named twice are complained about."""
        data = super().clean()
        times = [self.period] if self.period else []
        for nth in OTHERS:
            period = self._other(data.get(f"day{nth}"), data.get(f"begin{nth}"), nth)
            if period in times:
                self.add_error(f"begin{nth}", _("Diesen Termin haben Sie schon genannt."))
            elif period:
                times.append(period)
        self.proposed = tuple(sorted(times, key=lambda period: period.lower)) if len(times) > 1 else ()
        return data

    def _other(self, day: date | None, begin: time | None, nth: str) -> DateTimeTZRange | None:
        if day and begin is not None:
            return self.period_of(day, begin, nth=nth)
        if day and f"begin{nth}" not in self.errors:
            self.add_error(f"begin{nth}", ValidationError(_NO_HOUR))
        if begin is not None and f"day{nth}" not in self.errors:
            self.add_error(f"day{nth}", ValidationError(_NO_DAY))
        return None

    def names_others(self) -> bool:
        """Whether something was typed about another time."""
        return any(self[f"{name}{nth}"].value() for name in ("day", "begin") for nth in OTHERS)

    def more_times(self) -> list[LayoutObject]:
        """Two more times, folded away until somebody wants them."""
        hint = _("Wenn mehrere Termine gehen, finden wir leichter jemanden. Die Dauer ist immer gleich.")
        return [
            Fold(
                _("Weiteren Termin vorschlagen"),
                HTML(f'<p class="lp-muted">{hint}</p>'),
                *(Row(Unmarked(f"day{nth}"), Unmarked(f"begin{nth}")) for nth in OTHERS),
                is_open=self.names_others(),
            )
        ]
