"""An appointment in the plain words of somebody who asks alone: large choices, little to type."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.conf import settings
from django.db.models import Case, F, Q, When
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lotsen_portal.fields import PickMany
from requests_app import facts
from requests_app.forms.appointment import AppointmentForm
from requests_app.models import Mode
from volunteers.models import Language

PRESETS: Final = (30, 60, 90, 120, 180)
MOST_CHOSEN: Final = 5
COMMON: Final = 12
MODES: Final = (
    (Mode.ON_SITE.value, gettext_lazy("Jemand kommt mit mir")),
    (Mode.PHONE.value, gettext_lazy("Am Telefon")),
    (Mode.VIDEO.value, gettext_lazy("Per Video")),
)


class PlainAppointmentForm(AppointmentForm):
    """Languages, time and place by choosing; `page_language` is the code of the page's language."""

    language = language_2 = language_3 = None  # type: ignore[assignment]
    page_language: str

    tongues = PickMany(
        label=gettext_lazy("Sprache"),
        sentence=gettext_lazy("Bitte wählen Sie mindestens eine Sprache."),
        most=MOST_CHOSEN,
        help_text=gettext_lazy("Sie können mehrere wählen."),
    )
    minutes = forms.TypedChoiceField(  # type: ignore[assignment]
        label=gettext_lazy("Dauer"),
        coerce=int,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Ungefähr. Wenn Sie es nicht wissen, lassen Sie es so."),
        error_messages={"required": gettext_lazy("Bitte wählen Sie, wie lange der Termin dauert.")},
    )
    mode = forms.ChoiceField(
        label=gettext_lazy("Art des Termins"),
        choices=MODES,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Bitte wählen Sie eine Antwort.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.records: dict[str, Language] = {}
        self._offer_tongues()
        self.fields["place"].help_text = _("Zum Beispiel: Jobcenter, Straße und Hausnummer.")

    def offer_lengths(self, *usual: int) -> None:
        """Offer the common lengths, and these."""
        lengths = sorted({*PRESETS, *usual})
        self.fields["minutes"].choices = [(n, facts.length(n)) for n in lengths]  # type: ignore[attr-defined]

    def _offer_languages(self, kept: Any) -> None:
        """The three selects of the institution are one group of boxes here."""

    def _offer_tongues(self) -> None:
        """Offer all languages: that of the page, then those most volunteers speak, then the others."""
        known = Q(active=True) | Q(pk__in=self.kept_languages())
        rows = Language.objects.filter(known).select_related("pool")
        of_pages = Case(When(code__in=dict(settings.LANGUAGES), then=0), default=1)
        ranked = rows.order_by(F("pool__ready").desc(nulls_last=True), of_pages, "name")
        first = Q(code=self.page_language)
        self.records = {row.code: row for row in [*ranked.filter(first), *ranked.exclude(first)]}
        field = self.fields["tongues"]
        offered = {code: (row, _tongue(row)) for code, row in self.records.items()}
        field.offer(offered)  # type: ignore[attr-defined]

    @property
    def common_tongues(self) -> list[Any]:
        """The boxes of the languages shown at once."""
        return list(self["tongues"])[:COMMON]

    @property
    def other_tongues(self) -> list[Any]:
        """The boxes of all other languages."""
        return list(self["tongues"])[COMMON:]

    @property
    def other_tongue_chosen(self) -> bool:
        """Whether one of the other languages is chosen, so that it has to be seen."""
        return any(box.data["selected"] for box in self.other_tongues)

    def chosen_languages(self) -> tuple[Language, ...]:
        """The languages of a valid form, that of the page first."""
        return tuple(self.cleaned_data["tongues"])


def _tongue(language: Language) -> SafeString:
    own = format_html(
        '<bdi lang="{}" dir="{}">{}</bdi>', language.code, language.direction, language.own_name
    )
    if language.label == language.own_name:
        return own
    return format_html("{}<small>{}</small>", own, language.label)
