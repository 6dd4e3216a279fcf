"""A caseworker files a request."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

from crispy_forms.layout import HTML, Fieldset, Row, Submit
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lotsen_portal.fields import OneLine, Phone, Pick, PlainText
from lotsen_portal.layouts import Unmarked, whole_page
from lotsen_portal.models import Programme
from requests_app.forms.appointment import LANGUAGE_FIELDS, initial_languages
from requests_app.forms.event import EventForm
from requests_app.forms.intake import RuledForm
from requests_app.models import AssistanceRequest, Help, Institution, Mode
from requests_app.workflow import Draft
from volunteers.models import Gender, Level, Topic

_INCLUDE_NOTICE = HTML(
    "{% include 'requests_app/institution/_notice.html' with days=form.notice_days only %}"
)
_INCLUDE_SECRECY = HTML("{% include 'requests_app/institution/_secrecy.html' only %}")
_INCLUDE_CONSENT = HTML("{% include 'requests_app/institution/_consent.html' with text=consent_text only %}")


def meeting_place(institution: Institution) -> str:
    """Where one meets by default: where the institution says, else at its address."""
    return institution.usual_place or f"{institution.name}, {institution.address}"


def usual_of(institution: Institution) -> dict[str, Any]:
    """What an institution's requests mostly say."""
    return {
        "place": meeting_place(institution),
        "district": str(institution.district_id),
        "minutes": institution.usual_minutes,
        "contact": institution.contact_name,
        "contact_phone": institution.contact_phone,
    }


def like(assistance: AssistanceRequest) -> dict[str, Any]:
    """Initial values for another request of the same kind: all but the time and who the client is."""
    codes = assistance.languages.order_by("rank").values_list("language__code", flat=True)
    same = (
        "minutes",
        "help",
        "mode",
        "minimum_level",
        "gender_needed",
        "place",
        "contact",
        "contact_phone",
        "concern",
        "client_reference",
    )
    return {
        **initial_languages(list(codes)),
        "topic": assistance.topic.slug,
        "district": str(assistance.district_id),
        **{name: getattr(assistance, name) for name in same},
    }


class NewRequestForm(RuledForm, EventForm):
    """All that a request needs, place and usual length prefilled from the institution."""

    field_order = (
        *LANGUAGE_FIELDS, "topic", "help", "day", "begin", "minutes", "holiday_ok", "mode", "district",
        "place",
    )  # fmt: skip

    topic = Pick(label=gettext_lazy("Thema"), sentence=gettext_lazy("Bitte wählen Sie ein Thema."))
    help = forms.ChoiceField(
        label=gettext_lazy("Art der Hilfe"), choices=Help.choices, initial=Help.ACCOMPANIMENT.value
    )
    minimum_level = forms.TypedChoiceField(
        label=gettext_lazy("Sprachniveau mindestens"),
        choices=Level.choices,
        coerce=int,
        initial=Level.GOOD.value,
        required=False,
    )
    gender_needed = forms.ChoiceField(
        label=gettext_lazy("Wer soll kommen?"),
        choices=[
            ("", gettext_lazy("Egal")),
            (Gender.FEMALE.value, gettext_lazy("Nur eine Frau")),
            (Gender.MALE.value, gettext_lazy("Nur ein Mann")),
            (Gender.DIVERSE.value, gettext_lazy("Nur eine diverse Person")),
        ],
        required=False,
        help_text=gettext_lazy("Nur wenn die Klientin oder der Klient es braucht."),
    )
    contact = OneLine(
        label=gettext_lazy("Ansprechperson"),
        longest=150,
        required=False,
        help_text=gettext_lazy("Wer die Lotsin oder den Lotsen empfängt. Ohne Angabe sind Sie es."),
    )
    contact_phone = Phone(label=gettext_lazy("Durchwahl"), required=False)
    concern = PlainText(
        label=gettext_lazy("Anliegen"),
        longest=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Ein bis zwei Sätze. Bitte keine Namen und keine Adressen. Freiwillig."),
    )
    client_reference = OneLine(
        label=gettext_lazy("Ihr Zeichen"),
        longest=60,
        required=False,
        help_text=gettext_lazy("Damit finden Sie die Anfrage wieder. Freiwillig."),
    )
    client_name = OneLine(label=gettext_lazy("Name"), longest=200, required=False)
    client_phone = Phone(label=gettext_lazy("Telefon"), required=False)
    client_address = OneLine(
        label=gettext_lazy("Genaue Adresse"),
        longest=300,
        required=False,
        help_text=gettext_lazy("Wenn das Treffen bei der Klientin oder beim Klienten ist."),
    )
    client_notes = PlainText(
        label=gettext_lazy("Hinweise"),
        longest=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy(
            "Was die Lotsin oder der Lotse wissen muss, zum Beispiel: Rollstuhl, Kinder dabei."
        ),
    )
    key = forms.Field(required=False, widget=forms.HiddenInput, initial=uuid4)
    consent = forms.BooleanField(
        label=gettext_lazy("Die Klientin oder der Klient ist mit dieser Anfrage einverstanden."),
        help_text=gettext_lazy("Wir verwenden die Angaben nur für diesen Einsatz."),
        error_messages={
            "required": gettext_lazy(
                "Bitte bestätigen Sie das Einverständnis. Sonst dürfen wir niemanden anfragen."
            )
        },
    )

    def __init__(
        self,
        *args: Any,
        institution: Institution | None,
        programme: Programme,
        now: datetime,
        **kwargs: Any,
    ) -> None:
        self.institution, self.programme = institution, programme
        usual = usual_of(institution) if institution else {"minutes": programme.usual_minutes}
        kwargs["initial"] = {**usual, **(kwargs.get("initial") or {})}
        super().__init__(*args, now=now, **kwargs)
        self._pick("topic").offer({topic.slug: topic for topic in Topic.objects.filter(active=True)})

    def kept_district(self) -> int | None:
        """The institution stays where it is."""
        return self.institution.district_id if self.institution else None

    def house(self) -> Institution | None:
        """The rules are asked about this institution."""
        return self.institution

    def clean(self) -> dict[str, Any]:
        """Drop the prefilled meeting place where nobody meets."""
        data = super().clean()
        data["minimum_level"] = data.get("minimum_level") or Level.GOOD.value
        usual = meeting_place(self.institution) if self.institution else ""
        if data.get("mode") in {Mode.PHONE, Mode.VIDEO} and data.get("place") == usual:
            data["place"] = ""
        return data

    @property
    def filing_key(self) -> UUID | None:
        """What makes sending the same form twice one request; None for whatever is no key.

        Whoever goes back and changes something files anew.
        """
        try:
            key = UUID(str(self.cleaned_data.get("key")))
        except ValueError:
            return None
        said = [f"{name}={value}" for name in sorted(self.fields) for value in self._typed(name)]
        return uuid5(key, "\n".join(said))

    def _typed(self, name: str) -> list[Any]:
        value = self[name].value()
        return value if isinstance(value, list) else [value]

    def draft(self) -> Draft:
        """The request as a valid form describes it."""
        return self.drafted()

    def drafted(self, **extra: Any) -> Draft:
        """The request of the fields above, with what a form for others knows beside."""
        repeated = (
            "topic", "district", "minutes", "help", "mode", "minimum_level", "gender_needed", "place",
            "contact", "contact_phone", "concern", "client_reference", "client_name", "client_phone",
            "client_address", "client_notes", "consent",
        )  # fmt: skip
        return Draft(
            languages=self.chosen_languages(),
            confirmed=self.confirmed(),
            period=None if self.proposed else self.period,
            proposed=self.proposed,
            **{name: self.cleaned_data[name] for name in repeated if name in self.fields},
            **extra,
        )

    @property
    def helper(self) -> Any:
        """The layout: what everybody fills in first, then what only some need, then what is confidential."""
        helper = whole_page(
            "key",
            Fieldset(_("Welche Hilfe?"), self.languages(), Row("topic", "help"), self.together()),
            self.when(_INCLUDE_NOTICE),
            self.where(Row(Unmarked("contact"), Unmarked("contact_phone"))),
            Fieldset(
                _("Worum geht es?"),
                Unmarked("concern"),
                Unmarked("client_reference", wrapper_class="lp-medium"),
            ),
            Fieldset(_("Besondere Wünsche"), Row(Unmarked("gender_needed"), Unmarked("minimum_level"))),
            Fieldset(
                _("Vertrauliche Angaben"),
                _INCLUDE_SECRECY,
                Row(Unmarked("client_name"), Unmarked("client_phone")),
                Unmarked("client_address"),
                Unmarked("client_notes"),
            ),
            *self.statements(),
            Fieldset(_("Einverständnis"), _INCLUDE_CONSENT, "consent"),
        )
        helper.add_input(Submit("send", _("Anfrage absenden")))
        return helper
