"""A migrant asks for help: one form, shown a question at a time, the other answers carried along hidden."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID, uuid4

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, LayoutObject, Row
from django import forms
from django.conf import settings
from django.db.models import Case, F, Q, When
from django.http import QueryDict
from django.template.context import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lotsen_portal.fields import MailAddress, OneLine, Phone, Pick, PickMany, PlainText, Trap
from lotsen_portal.layouts import Unmarked, whole_page
from lotsen_portal.models import Programme
from requests_app import facts, intake
from requests_app.forms.appointment import AppointmentForm
from requests_app.intake import Verdict
from requests_app.models import Daytime, Mode
from requests_app.workflow import Draft
from volunteers.models import Gender, Language, Topic

HAS_DATE, WANTS_CALL = "date", "call"
PRESETS: Final = (30, 60, 90, 120, 180)
MOST_CHOSEN: Final = 5
COMMON: Final = 12

CHECK: Final = "pruefen"
# The screens in their order, and what each asks.
STEPS: Final[Mapping[str, tuple[str, ...]]] = {
    "sprache": ("tongues",),
    "thema": ("topic", "concern"),
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
MODES: Final = (
    (Mode.ON_SITE.value, gettext_lazy("Jemand kommt mit mir")),
    (Mode.PHONE.value, gettext_lazy("Am Telefon")),
    (Mode.VIDEO.value, gettext_lazy("Per Video")),
)


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


class SelfRequestForm(AppointmentForm):
    """Every answer of the way through the screens; `now` is aware.

    `step` is the screen that was posted. What the other way (a date, or a call) asks is neither wanted nor
    complained about.
    """

    language = language_2 = language_3 = None  # type: ignore[assignment]

    tongues = PickMany(
        label=gettext_lazy("Sprache"),
        sentence=gettext_lazy("Bitte wählen Sie mindestens eine Sprache."),
        most=MOST_CHOSEN,
        help_text=gettext_lazy("Sie können mehrere wählen."),
    )
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
        self.records: dict[str, Language] = {}
        self.verdicts: list[Verdict] = []
        self._offer_tongues()
        self._offer_topics()
        lengths = sorted({*PRESETS, programme.usual_minutes})
        self.fields["minutes"].choices = [(n, facts.length(n)) for n in lengths]  # type: ignore[attr-defined]
        self.fields["client_phone"].widget.attrs["autocomplete"] = "tel"
        district = self.fields["district"]
        district.help_text = (
            _("In welchem Stadtteil wohnen Sie? Dann suchen wir in Ihrer Nähe.")
            if self.wants_call
            else _("Ungefähr genügt. Bei Telefon oder Video: der Stadtteil, in dem Sie wohnen.")
        )
        self.fields["place"].help_text = _("Zum Beispiel: Jobcenter, Straße und Hausnummer.")

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

    def _offer_languages(self, kept: Any) -> None:
        """The three selects of the institution are one group of boxes here."""

    def _offer_tongues(self) -> None:
        """Offer all languages: that of the page, then those most volunteers speak, then the others."""
        rows = Language.objects.filter(active=True).select_related("pool")
        of_pages = Case(When(code__in=dict(settings.LANGUAGES), then=0), default=1)
        ranked = rows.order_by(F("pool__ready").desc(nulls_last=True), of_pages, "name")
        first = Q(code=self.page_language)
        self.records = {row.code: row for row in [*ranked.filter(first), *ranked.exclude(first)]}
        field = self.fields["tongues"]
        field.offer({code: (row, _tongue(row)) for code, row in self.records.items()})  # type: ignore[attr-defined]

    def _offer_topics(self) -> None:
        topics = {topic.slug: topic for topic in Topic.objects.filter(active=True)}
        field = self._pick("topic")
        field.offer(topics)
        field.choices = [
            (slug, format_html("<span>{}</span><small>{}</small>", topic, EXAMPLES.get(slug, "")))
            for slug, topic in topics.items()
        ]

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

    # Which way, which screens

    @property
    def wants_call(self) -> bool:
        """Whether somebody does not know the time yet."""
        return self.data.get("know") == WANTS_CALL

    @property
    def road(self) -> list[str]:
        """The screens of this way in their order."""
        left_out = NOT_FOR_A_CALL if self.wants_call else ("anruf",)
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
        return [step for step in self.road if any(name in self.errors for name in STEPS[step])]

    def was_seen(self, step: str) -> bool:
        """Whether somebody answered on this screen before, so that a complaint about it is no surprise."""
        return any(name in self.posted_names for name in STEPS[step])

    def show(self, step: str, *, complaints: bool, checking: bool) -> None:
        """Turn to a screen: only its own complaints stay, if any are wanted."""
        own = STEPS[step] if complaints else ()
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
        if not self.errors:
            self._ask_the_rules()
        return data

    def _ask_the_rules(self) -> None:
        """Refuse beside its field what a rule at intake refuses, with who can help instead."""
        self.verdicts = intake.judge(self.draft(), institution=None, now=self.now)
        for refusal in intake.refusals(self.verdicts):
            self.add_error(refusal.field if refusal.field in self.fields else None, refusal.text)

    # Results

    def chosen_languages(self) -> tuple[Language, ...]:
        """The languages of a valid form, that of the page first."""
        return tuple(self.cleaned_data["tongues"])

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
        asked = [part for name in STEPS[step] for part in fields.get(name, [name])]
        shown = [name for name in STEPS[step] if name != "holiday_ok" or self.holiday]
        buttons = [] if step == CHECK else [HTML("{% include 'requests_app/client/_buttons.html' %}")]
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


def _tongue(language: Language) -> SafeString:
    own = format_html(
        '<bdi lang="{}" dir="{}">{}</bdi>', language.code, language.direction, language.own_name
    )
    if language.label == language.own_name:
        return own
    return format_html("{}<small>{}</small>", own, language.label)
