"""An appointment that comes again: how often, and until when."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from crispy_forms.layout import HTML, LayoutObject, Row
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lotsen_portal.layouts import Fold, Unmarked
from lotsen_portal.models import SchoolHoliday
from requests_app import recurrence
from requests_app.forms.appointment import FARTHEST_DAYS, DateInput
from requests_app.forms.proposals import ProposalsForm
from requests_app.recurrence import MOST_DATES, Occasion, Rhythm, Series

_NO_DAY = gettext_lazy("Bitte geben Sie einen Tag an.")
_NO_NUMBER = gettext_lazy("Bitte geben Sie eine Zahl an, zum Beispiel 8.")


SERIES_FIELDS: Final = ("repeat", "repeat_until", "repeat_times", "skip_school")


class SeriesForm(ProposalsForm):
    """The appointment, other times for it, or the dates on which it comes again.

    After validation `series` holds the rule and `occasions` all its dates, where it comes again.
    """

    repeat = forms.ChoiceField(
        label=gettext_lazy("Wie oft?"),
        required=False,
        choices=[("", gettext_lazy("Nur dieses eine Mal")), *Rhythm.choices],
    )
    repeat_until = forms.DateField(
        label=gettext_lazy("Letzter Tag"),
        required=False,
        widget=DateInput(format="%Y-%m-%d"),
        error_messages={"invalid": _NO_DAY},
    )
    repeat_times = forms.IntegerField(
        label=gettext_lazy("oder: wie viele Termine?"),
        required=False,
        widget=forms.NumberInput(attrs={"min": 2, "max": MOST_DATES}),
        error_messages={"invalid": _NO_NUMBER},
    )
    skip_school = forms.BooleanField(label=gettext_lazy("Nicht in den Schulferien"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.series: Series | None = None
        self.occasions: list[Occasion] = []
        last = self.today + timedelta(days=FARTHEST_DAYS)
        limits = {"min": self.today.isoformat(), "max": last.isoformat()}
        self.fields["repeat_until"].widget.attrs.update(limits)

    def clean(self) -> dict[str, Any]:
        """Work the dates out; a series needs an end and has one time."""
        data = super().clean()
        if not data.get("repeat"):
            return data
        self._check_end(data)
        if self.proposed:
            self.add_error("repeat", _("Eine Terminreihe hat eine feste Zeit, keine weiteren Vorschläge."))
        if not self.errors and self.period:
            self._work_out(data)
        return data

    def _check_end(self, data: dict[str, Any]) -> None:
        until, times = data.get("repeat_until"), data.get("repeat_times")
        if {"repeat_until", "repeat_times"} & set(self.errors):
            return
        if until and times:
            self.add_error("repeat_times", _("Bitte geben Sie nur eines an: den letzten Tag oder die Zahl."))
        elif not until and times is None:
            self.add_error("repeat_until", _("Bitte geben Sie an, wann die Reihe endet."))
        elif times is not None and not 2 <= times <= MOST_DATES:
            sentence = _("Eine Terminreihe hat 2 bis %(most)d Termine.")
            self.add_error("repeat_times", sentence % {"most": MOST_DATES})
        elif until and until > self.today + timedelta(days=FARTHEST_DAYS):
            self.add_error("repeat_until", _("Bitte wählen Sie einen Tag in den nächsten zwölf Monaten."))

    def _work_out(self, data: dict[str, Any]) -> None:
        series = Series(
            first=data["day"],
            begin=data["begin"],
            minutes=data["minutes"],
            rhythm=data["repeat"],
            until=data.get("repeat_until"),
            times=data.get("repeat_times"),
            skips_school=data.get("skip_school", False),
        )
        found = recurrence.occasions(series, school=list(SchoolHoliday.objects.all()))
        if sum(not occasion.obstacle for occasion in found) < 2:
            self.add_error("repeat_until", _("So ergibt sich nur ein einziger Termin."))
            return
        self.series, self.occasions = series, found

    def repeats(self) -> bool:
        """Whether something was typed about coming again."""
        return any(self[name].value() for name in SERIES_FIELDS)

    def more_times(self) -> list[LayoutObject]:
        """Below the other times: the series, folded away as they are."""
        hint = _("Sie sehen alle Termine, bevor Sie sie absenden. Feiertage lassen wir aus.")
        return [
            *super().more_times(),
            Fold(
                _("Der Termin wiederholt sich"),
                HTML(f'<p class="lp-muted">{hint}</p>'),
                Unmarked("repeat"),
                Row(Unmarked("repeat_until"), Unmarked("repeat_times")),
                Unmarked("skip_school"),
                is_open=self.repeats(),
            ),
        ]
