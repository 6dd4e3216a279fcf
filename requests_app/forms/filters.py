"""What a caseworker looks for among the institution's requests."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final, cast

from django import forms
from django.db.models import Case, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lotsen_portal.fields import OneLine, Pick
from lotsen_portal.models import User
from lotsen_portal.models.ground import begins
from requests_app.models import Institution, ProposedTime
from requests_app.models.requests import AssistanceQuerySet
from requests_app.states import FINAL, RequestState
from requests_app.workflow.intake import REFERENCE_DIGITS, reference_index
from volunteers.models import Language, Topic
from volunteers.naming import in_dictionary_order

# The tabs above the list, and the states behind each.
GROUPS: Final[dict[str, frozenset[RequestState]]] = {
    "alle": frozenset(RequestState),
    "suche": frozenset({RequestState.NEW, RequestState.OPEN, RequestState.OFFERED}),
    "zugesagt": frozenset({RequestState.CONFIRMED}),
    "beendet": FINAL,
}
GROUP_LABELS: Final = {
    "alle": gettext_lazy("Alle"),
    "suche": gettext_lazy("Wir suchen"),
    "zugesagt": gettext_lazy("Zugesagt"),
    "beendet": gettext_lazy("Beendet"),
}

BY_APPOINTMENT: Final = "termin"
BY_NUMBER: Final = {"neu": "-pk", "alt": "pk"}


class OwnRequestsFilter(forms.Form):
    """Filters of the list; what makes no sense is left out, never an error page."""

    q = OneLine(label=gettext_lazy("Nummer oder Zeichen"), longest=100, required=False)
    sprache = Pick(label=gettext_lazy("Sprache"), required=False)
    thema = Pick(label=gettext_lazy("Thema"), required=False)
    von = Pick(label=gettext_lazy("Gestellt von"), required=False)
    ordnung = forms.ChoiceField(
        label=gettext_lazy("Reihenfolge"),
        required=False,
        choices=[
            (BY_APPOINTMENT, gettext_lazy("Nach Termin")),
            ("neu", gettext_lazy("Neueste zuerst")),
            ("alt", gettext_lazy("Älteste zuerst")),
        ],
    )
    stand = forms.ChoiceField(required=False, choices=list(GROUP_LABELS.items()), widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, institution: Institution, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.institution = institution
        languages = in_dictionary_order(Language.objects.all())
        self._offer("sprache", {language.code: language for language in languages})
        self._offer("thema", {topic.slug: topic for topic in Topic.objects.all()})
        self._offer("von", _people(user, institution))

    def _offer(self, name: str, records: dict[str, Any]) -> None:
        cast(Pick, self.fields[name]).offer(records, _("Alle"))

    def chosen(self, name: str) -> Any:
        """What was chosen, or None where nothing or nonsense was."""
        self.is_valid()
        return self.cleaned_data.get(name) or None

    @property
    def group(self) -> str:
        """The tab that is open."""
        return str(self.chosen("stand") or "alle")

    def narrow(self, requests: AssistanceQuerySet) -> AssistanceQuerySet:
        """Leave what the filters let through, of all states."""
        if text := self.chosen("q"):
            requests = requests.filter(self._named(text))
        if language := self.chosen("sprache"):
            requests = requests.filter(languages__language=language)
        if topic := self.chosen("thema"):
            requests = requests.filter(topic=topic)
        if person := self.chosen("von"):
            requests = requests.filter(filed_by=person.user)
        return requests

    def sort(self, requests: AssistanceQuerySet, *, now: datetime) -> AssistanceQuerySet:
        """Put into the chosen order; by default the next appointment comes first and what is past last."""
        wanted = self.chosen("ordnung") or BY_APPOINTMENT
        if wanted in BY_NUMBER:
            return requests.order_by(BY_NUMBER[wanted])
        ahead = ~Q(state__in=sorted(state.value for state in FINAL)) & ~Q(period__endswith__lte=now)
        proposed = ProposedTime.objects.filter(assistance=OuterRef("pk")).order_by(begins("period"))
        start = Coalesce(begins("period"), Subquery(proposed.values_list(begins("period"))[:1]))
        past = Case(When(ahead, then=Value(0)), default=Value(1), output_field=IntegerField())
        next_one = Case(When(ahead, then=start))
        return requests.order_by(past, next_one.asc(nulls_last=True), start.desc(nulls_last=True), "-pk")

    def _named(self, text: str) -> Q:
        found = Q(reference=text.upper()) | Q(client_reference_index=reference_index(text, self.institution))
        if text.isascii() and text.isdecimal() and len(text) <= REFERENCE_DIGITS:
            found |= Q(reference__endswith=f"-{text.zfill(REFERENCE_DIGITS)}")
        return found

    @property
    def is_used(self) -> bool:
        """Whether something other than the order was chosen."""
        return any(self.chosen(name) for name in ("q", "sprache", "thema", "von"))


class Person:
    """A colleague as an entry of the list."""

    def __init__(self, user: User, label: str) -> None:
        self.user, self.label = user, label

    def __str__(self) -> str:
        return self.label


def _people(user: User, institution: Institution) -> dict[str, Person]:
    colleagues: Iterable[User] = User.objects.filter(member__institution=institution).order_by("name", "pk")
    others = {str(other.pk): Person(other, str(other)) for other in colleagues if other.pk != user.pk}
    return {"ich": Person(user, _("Von mir")), **others}
