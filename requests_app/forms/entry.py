"""The office takes a request on the telephone: all fields on one screen, few of them needed.

German only, like all pages of the office.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from crispy_forms.layout import Fieldset, LayoutObject, Row, Submit
from django import forms
from django.conf import settings

from lotsen_portal.fields import Pick
from lotsen_portal.layouts import Unmarked, whole_page
from lotsen_portal.models import Programme
from requests_app.forms.event import EVENT_FIELDS
from requests_app.forms.filing import NewRequestForm
from requests_app.forms.proposals import ProposalsForm
from requests_app.forms.series import SERIES_FIELDS
from requests_app.models import Daytime, Institution, Member
from requests_app.workflow import Draft

OF_PERSONS: Final = ("client_email", "client_language")
OF_HOUSES: Final = ("member", "client_reference", *SERIES_FIELDS, *EVENT_FIELDS)


class EntryForm(NewRequestForm):
    """A request for an institution, or for a person where there is none; the rules only warn here."""

    only_warns = True

    member = Pick(label="Wer fragt?", required=False)
    client_email = forms.EmailField(label="E-Mail", required=False, max_length=254)
    client_language = forms.ChoiceField(
        label="Sprache für Nachrichten", required=False, choices=settings.LANGUAGES
    )
    wants_call = forms.BooleanField(
        label="Eine Lotsin oder ein Lotse soll zurückrufen und den Termin klären", required=False
    )
    call_times = forms.MultipleChoiceField(
        label="Anruf am liebsten",
        required=False,
        choices=Daytime.choices,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self,
        *args: Any,
        institution: Institution | None,
        programme: Programme,
        now: datetime,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, institution=institution, programme=programme, now=now, **kwargs)
        for name in ("day", "begin"):
            self.fields[name].required = False
        self.fields["consent"].label = "Das Einverständnis ist mündlich erteilt."
        self.fields["consent"].help_text = "Ohne Einverständnis dürfen wir niemanden anfragen."
        self.fields["client_reference"].label = "Zeichen der Einrichtung"
        for name in OF_PERSONS if institution else OF_HOUSES:
            del self.fields[name]
        if institution:
            colleagues = Member.objects.filter(institution=institution, left_on=None).select_related("user")
            known = {str(member.pk): Colleague(member) for member in colleagues.order_by("user__name")}
            self._pick("member").offer(known, "Niemand Bestimmtes")

    def needs_place(self) -> bool:
        """The place may follow later."""
        return False

    def clean(self) -> dict[str, Any]:
        """A time is there in full or not at all, and a call needs a number and no time."""
        data = super().clean()
        for name, other in (("day", "begin"), ("begin", "day")):
            if data.get(name) is not None and data.get(other) is None and other not in self.errors:
                self.add_error(other, "Bitte ergänzen Sie das, oder lassen Sie Datum und Beginn beide leer.")
        if (data.get("repeat") or self.asks_for_more_people(data)) and not data.get("day"):
            self.add_error("day", "Für eine Terminreihe oder eine Veranstaltung brauchen wir den Tag.")
        if data.get("wants_call") and data.get("day"):
            self.add_error("wants_call", "Für einen Rückruf lassen Sie bitte Datum und Beginn leer.")
        if data.get("wants_call") and not data.get("district"):
            self.errors.pop("district", None)
            data["district"] = None
        if data.get("wants_call") and not data.get("client_phone") and "client_phone" not in self.errors:
            self.add_error("client_phone", "Für einen Rückruf brauchen wir die Telefonnummer.")
        return data

    def more_times(self) -> list[LayoutObject]:
        """A series is an institution's; a person hears of each request by itself."""
        return super().more_times() if self.institution else ProposalsForm.more_times(self)

    def draft(self) -> Draft:
        """The request as a valid form describes it."""
        call = self.cleaned_data["wants_call"]
        extra = {name: self.cleaned_data[name] for name in OF_PERSONS if name in self.fields}
        return self.drafted(
            **extra,
            wants_call=call,
            call_times=tuple(self.cleaned_data["call_times"]) if call else (),
            consent_spoken=True,
        )

    @property
    def helper(self) -> Any:
        """The layout, in the order of a call: who asks, what for, when and where, for whom."""
        of_house = [Fieldset("Einrichtung", Row("member", Unmarked("client_reference")))]
        asks = of_house if self.institution else []
        people = [self.together()] if self.institution else []
        mail = [] if self.institution else [Row(Unmarked("client_email"), "client_language")]
        helper = whole_page(
            "key",
            *asks,
            Fieldset("Welche Hilfe?", self.languages(), Row("topic", "help"), Unmarked("concern"), *people),
            self.when(),
            Fieldset("Ohne Termin", Unmarked("wants_call"), Unmarked("call_times")),
            self.where(),
            Fieldset(
                "Um wen geht es?",
                Row(Unmarked("client_name"), Unmarked("client_phone")),
                *mail,
                Unmarked("client_address"),
                Unmarked("client_notes"),
            ),
            Fieldset("Besondere Wünsche", Row(Unmarked("gender_needed"), Unmarked("minimum_level"))),
            *self.statements(),
            Fieldset("Einverständnis", "consent"),
        )
        helper.add_input(Submit("send", "Anfrage aufnehmen"))
        return helper


class Colleague:
    """A member as an entry of the list."""

    def __init__(self, member: Member) -> None:
        self.member = member

    def __str__(self) -> str:
        return f"{self.member.user.name} ({self.member.user.email})"


class WhoForm(forms.Form):
    """For whom the office takes a request."""

    einrichtung = Pick(label="Für wen?", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        houses = Institution.objects.filter(state="approved").select_related("district").order_by("name")
        field = self.fields["einrichtung"]
        assert isinstance(field, Pick)  # noqa: S101 - for the type checker
        field.offer({str(house.pk): house for house in houses}, "Eine Person ohne Einrichtung")
