"""A migrant asks for help: one form, shown a question at a time, the other answers carried along hidden."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID, uuid4

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, LayoutObject, Row
from django import forms
from django.http import QueryDict
from django.template.context import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lotsen_portal.fields import MailAddress, OneLine, Phone, Pick, PlainText, Trap
from lotsen_portal.layouts import Unmarked, whole_page
from lotsen_portal.models import Programme
from requests_app import intake
from requests_app.forms.intake import RuledForm
from requests_app.forms.plain import PlainAppointmentForm
from requests_app.intake import SoFar
from requests_app.models import Daytime, Mode
from requests_app.workflow import Draft
from volunteers.models import Gender, Topic

HAS_DATE, WANTS_CALL = "date", "call"

CHECK: Final = "pruefen"
LIMITS: Final = "grenzen"
# The screens in their order, and what each asks; the limits are the statements of the rules at intake.
STEPS: Final[Mapping[str, tuple[str, ...]]] = {
    "sprache": ("tongues",),
    "thema": ("topic", "concern"),
    LIMITS: (),
    "termin": ("know",),
    "wann": ("day", "begin", "minutes", "holiday_ok"),
    "wo": ("mode", "place", "district"),
    "anruf": ("call_times", "district"),
    "kontakt": ("client_name", "client_phone", "client_email", "gender_needed"),
    "einwilligung": ("consent",),
    CHECK: (),
}
FIRST: Final = "sprache"
NOT_FOR_A_CALL: Final = ("wann", "wo")

EXAMPLES: Final = {
    "gesundheit": gettext_lazy("Arzt, Zahnarzt, Krankenhaus"),
    "bildung": gettext_lazy("Schule, Deutschkurs, Zeugnisse"),
    "erziehung": gettext_lazy("Kita, Gespräch in der Schule, Familie"),
    "arbeit": gettext_lazy("Jobcenter, Arbeitsamt, Arbeit suchen"),
    "beruf": gettext_lazy("Ausbildung, Beruf anerkennen lassen"),
    "soziales": gettext_lazy("Wohnung, Geld vom Amt, Briefe, Beratung"),
}


class Carried(LayoutObject):  # type: ignore[misc]  # crispy-forms has no types
    """The answers of all other screens, hidden, and a field that only machines fill in."""

    def __init__(self, shown: Iterable[str]) -> None:
        self.shown = set(shown)
        self.fields: list[Any] = []

    def render(self, form: SelfRequestForm, context: Context, *args: Any, **kwargs: Any) -> SafeString:
        """Render as hidden inputs; the trap is out of sight, out of the tab order and named for a person."""
        hidden = [form[name].as_hidden() for name in form.fields if name not in {*self.shown, "website"}]
        return format_html(
            '{}<div class="lp-trap" aria-hidden="true"><label for="id_website">{}</label>{}</div>',
            format_html_join("", "{}", ((field,) for field in hidden)),
            form["website"].label,
            form["website"],
        )


class SelfRequestForm(RuledForm, PlainAppointmentForm):
    """Every answer of the way through the screens; `now` is aware.

    `step` is the screen that was posted. What the other way (a date, or a call) asks is neither wanted nor
    complained about.
    """

    topic = Pick(
        label=gettext_lazy("Thema"),
        sentence=gettext_lazy("Bitte wählen Sie ein Thema."),
        widget=forms.RadioSelect,
    )
    concern = PlainText(
        label=gettext_lazy("Anliegen"),
        longest=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "Sie können es hier kurz beschreiben, in jeder Sprache. Bitte schreiben Sie keine Namen."
        ),
    )
    know = forms.ChoiceField(
        label=gettext_lazy("Termin"),
        widget=forms.RadioSelect,
        choices=[
            (HAS_DATE, gettext_lazy("Ja, ich weiß Tag und Uhrzeit")),
            (WANTS_CALL, gettext_lazy("Nein, bitte rufen Sie mich an")),
        ],
        error_messages={
            "required": gettext_lazy("Bitte wählen Sie eine Antwort."),
            "invalid_choice": gettext_lazy("Bitte wählen Sie eine Antwort."),
        },
    )
    call_times = forms.MultipleChoiceField(
        label=gettext_lazy("Wann dürfen wir anrufen?"),
        choices=Daytime.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    gender_needed = forms.ChoiceField(
        label=gettext_lazy("Wer soll kommen?"),
        choices=[
            ("", gettext_lazy("Egal")),
            (Gender.FEMALE.value, gettext_lazy("Eine Frau")),
            (Gender.MALE.value, gettext_lazy("Ein Mann")),
        ],
        required=False,
        widget=forms.RadioSelect,
    )
    client_name = OneLine(
        label=gettext_lazy("Name"),
        longest=200,
        required=False,
        help_text=gettext_lazy("Wie sollen wir Sie ansprechen? Sie müssen nichts schreiben."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    client_phone = Phone(label=gettext_lazy("Telefon"), required=False)
    client_email = MailAddress(label=gettext_lazy("E-Mail"), required=False)
    consent = forms.BooleanField(
        label=gettext_lazy("Ja, ich bin einverstanden."),
        error_messages={
            "required": gettext_lazy("Ohne Ihre Einwilligung dürfen wir niemanden für Sie fragen.")
        },
    )
    website = Trap()
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    step = forms.CharField(required=False, widget=forms.HiddenInput)
    checking = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: QueryDict | None, *, programme: Programme, page_language: str, now: datetime
    ) -> None:
        self.programme, self.page_language = programme, page_language
        super().__init__(data=self._with_presets(data), now=now)
        self._offer_topics()
        self.offer_lengths(programme.usual_minutes)
        self.fields["client_phone"].widget.attrs["autocomplete"] = "tel"
        district = self.fields["district"]
        district.required = not self.wants_call
        district.help_text = (
            _("In welchem Stadtteil wohnen Sie? Dann suchen wir in Ihrer Nähe.")
            if self.wants_call
            else _("Ungefähr genügt. Bei Telefon oder Video: der Stadtteil, in dem Sie wohnen.")
        )

    def _with_presets(self, data: QueryDict | None) -> QueryDict:
        """What was posted, completed by what a screen shows chosen when it is seen first."""
        full = data.copy() if data is not None else QueryDict(mutable=True)
        self.posted_names = {name for name in full if full[name]}
        presets = {
            "minutes": str(self.programme.usual_minutes),
            "mode": Mode.ON_SITE.value,
            "gender_needed": "",
            "step": FIRST,
        }
        for name, value in presets.items():
            if name not in full:
                full[name] = value
        if not _is_key(full.get("key", "")):
            full["key"] = str(uuid4())
        return full

    def _offer_topics(self) -> None:
        topics = {topic.slug: topic for topic in Topic.objects.filter(active=True)}
        field = self._pick("topic")
        field.offer(topics)
        field.choices = [
            (slug, format_html("<span>{}</span><small>{}</small>", topic, EXAMPLES.get(slug, "")))
            for slug, topic in topics.items()
        ]

    # Which way, which screens

    @property
    def wants_call(self) -> bool:
        """Whether somebody does not know the time yet."""
        return self.data.get("know") == WANTS_CALL

    @property
    def steps(self) -> Mapping[str, tuple[str, ...]]:
        """What each screen asks, the statements of the rules among it."""
        return {**STEPS, LIMITS: tuple(intake.question_field(question.slug) for question in self.questions)}

    @property
    def road(self) -> list[str]:
        """The screens of this way in their order."""
        left_out = {
            *(NOT_FOR_A_CALL if self.wants_call else ("anruf",)),
            *(() if self.questions else (LIMITS,)),
        }
        return [step for step in STEPS if step not in left_out]

    @property
    def posted(self) -> str:
        """The screen that was filled in."""
        step = self.data.get("step", "")
        return step if step in self.road else FIRST

    @property
    def checks(self) -> bool:
        """Whether somebody came back from the summary to change one answer."""
        return self.data.get("checking") in {"1", "True"}

    def broken(self) -> list[str]:
        """The screens with something to mend, in their order."""
        return [step for step in self.road if any(name in self.errors for name in self.steps[step])]

    def was_seen(self, step: str) -> bool:
        """Whether somebody answered on this screen before, so that a complaint about it is no surprise."""
        return any(name in self.posted_names for name in self.steps[step])

    def is_refused(self, step: str) -> bool:
        """Whether a rule refuses what was answered on this screen."""
        return any(refusal.field in self.steps[step] for refusal in intake.refusals(self.verdicts))

    def show(self, step: str, *, complaints: bool, checking: bool) -> None:
        """Turn to a screen: only its own complaints stay, if any are wanted."""
        own = self.steps[step] if complaints else ()
        for name in [name for name in self.errors if name not in own]:
            del self.errors[name]
        data = cast(QueryDict, self.data).copy()
        data["step"], data["checking"] = step, "1" if checking else ""
        self.data = data

    # Checks

    def clean(self) -> dict[str, Any]:
        """Check what concerns several answers; forget complaints about the way that was not taken."""
        data = super().clean()
        if self.wants_call:
            self.period = None
            for name in ("day", "begin", "minutes", "holiday_ok", "mode", "place"):
                self.errors.pop(name, None)
        if "client_phone" not in self.errors and not data.get("client_phone"):
            if self.wants_call:
                self.add_error("client_phone", _("Damit wir Sie anrufen können, brauchen wir Ihre Nummer."))
            elif not data.get("client_email") and "client_email" not in self.errors:
                self.add_error(
                    "client_phone", _("Bitte geben Sie eine Telefonnummer oder eine E-Mail-Adresse an.")
                )
        return data

    def asked(self) -> SoFar:
        """What is known so far: a rule speaks up on the screen that it is about, not at the end."""
        data, call = self.cleaned_data, self.wants_call
        return SoFar(
            topic=data.get("topic"),
            period=self.period,
            minutes=0 if call else data.get("minutes") or 0,
            confirmed=self.confirmed(),
        )

    # Results

    @property
    def filing_key(self) -> UUID:
        """What tells this form from every other one, however often it is sent."""
        return UUID(self.data["key"])

    def draft(self) -> Draft:
        """The request as a valid form describes it, in the language of the page."""
        data, call = self.cleaned_data, self.wants_call
        same = ("topic", "district", "gender_needed", "concern", "client_name", "client_phone")
        return Draft(
            **{name: data[name] for name in (*same, "client_email")},
            languages=self.chosen_languages(),
            period=self.period,
            minutes=self.programme.usual_minutes if call else data["minutes"],
            mode=Mode.ON_SITE if call else data["mode"],
            place="" if call else data["place"],
            wants_call=call,
            call_times=tuple(data["call_times"]) if call else (),
            confirmed=self.confirmed(),
            client_language=self.page_language,
            consent_language=self.page_language,
        )

    # Layout

    def helper_for(self, step: str) -> FormHelper:
        """The layout of one screen: its question, all else hidden, and where to go from here."""
        fields: dict[str, list[Any]] = {
            "tongues": [HTML("{% include 'requests_app/client/_tongues.html' %}")],
            "topic": [Unmarked("topic", wrapper_class="lp-tiles")],
            "know": [Unmarked("know", wrapper_class="lp-tiles lp-tiles--one")],
            "minutes": [Unmarked("minutes", wrapper_class="lp-tiles lp-tiles--short")],
            "mode": [Unmarked("mode", wrapper_class="lp-tiles lp-tiles--one")],
            "call_times": [Unmarked("call_times", wrapper_class="lp-tiles lp-tiles--one")],
            "gender_needed": [Unmarked("gender_needed", wrapper_class="lp-tiles lp-tiles--short")],
            "day": [Row("day", "begin")],
            "begin": [],
            "holiday_ok": ["holiday_ok"] if self.holiday else [],
            "client_name": [Unmarked("client_name")],
            "client_phone": [Unmarked("client_phone")],
            "client_email": [Unmarked("client_email")],
            "place": [Unmarked("place")],
            "consent": [HTML("{% include 'requests_app/client/_consent.html' %}"), "consent"],
        }
        own = self.steps[step]
        asked = [part for name in own for part in fields.get(name, [name])]
        shown = [name for name in own if name != "holiday_ok" or self.holiday]
        buttons = [] if step == CHECK else [HTML("{% include 'requests_app/client/_buttons.html' %}")]
        if step == LIMITS:
            asked = [Div(*(Unmarked(name) for name in own), css_class="lp-tiles lp-stack")]
        helper = whole_page(*asked, Carried([*shown, *_reset(step)]), *buttons)
        helper.form_tag = step != CHECK
        helper.disable_csrf = step == CHECK
        helper.form_id = "anfrage"
        helper.form_class = "lp-ask"
        return helper


def _reset(step: str) -> tuple[str, ...]:
    """A holiday that was confirmed is asked about again with each new day."""
    return ("holiday_ok",) if step == "wann" else ()


def _is_key(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
