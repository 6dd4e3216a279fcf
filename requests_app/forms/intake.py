"""Forms that take a request ask what the rules at intake ask, and say at once what these refuse."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from crispy_forms.layout import HTML, Fieldset
from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lotsen_portal.layouts import Unmarked
from lotsen_portal.models import Programme, TextKind
from requests_app import intake
from requests_app.intake import Asked, Verdict
from requests_app.models import Institution


class RuledForm(forms.Form):
    """Mix it in before the form that has the other fields.

    Adds a checkbox for each statement of the rules; after validation `verdicts` holds what the rules say, and
    what they refuse stands beside its field. The form says what it asks for in `draft`, from its cleaned
    data, and for which institution in `house`; where the office types, `only_warns` takes everything.
    """

    now: datetime
    only_warns = False
    asks_statements = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rules = intake.rules()
        self.verdicts: list[Verdict] = []
        self.questions = intake.questions(self.rules) if self.asks_statements else []
        for question in self.questions:
            name = intake.question_field(question.slug)
            self.fields[name] = forms.BooleanField(label=question.text, required=False)

    def draft(self) -> Asked:
        """What is asked for, as the cleaned data say it."""
        raise NotImplementedError

    def house(self) -> Institution | None:
        """For which institution; None for somebody who asks alone."""
        return None

    def asked(self) -> Asked | None:
        """What the rules judge: the draft, or None while something is missing."""
        return None if self.errors else self.draft()

    def met_before(self) -> Collection[str]:
        """The slugs of rules that a request met already, and was taken nevertheless."""
        return ()

    @property
    def elsewhere(self) -> str:
        """Who helps where a rule refuses, in the office's words; "" where none does."""
        if self.only_warns or not intake.refusals(self.verdicts):
            return ""
        return Programme.current().text(TextKind.ELSEWHERE, get_language() or "de")

    def confirmed(self) -> tuple[str, ...]:
        """The slugs of the statements that were ticked."""
        asked = [question.slug for question in self.questions]
        return tuple(slug for slug in asked if self.cleaned_data.get(intake.question_field(slug)))

    @property
    def notice_days(self) -> int:
        """How many working days before the appointment one had better ask."""
        return intake.notice_days(self.rules)

    # Django's hook behind `clean`: here the draft is complete.
    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        asked = self.asked()
        if asked is None:
            return
        met = intake.judge(asked, institution=self.house(), now=self.now, known=self.rules)
        self.verdicts = [verdict for verdict in met if verdict.rule not in self.met_before()]
        for refusal in [] if self.only_warns else intake.refusals(self.verdicts):
            self.add_error(refusal.field if refusal.field in self.fields else None, refusal.text)

    def statements(self) -> list[Fieldset]:
        """The part of the layout with the statements; none where the rules ask nothing."""
        names = [intake.question_field(question.slug) for question in self.questions]
        hint = HTML("{% include 'requests_app/institution/_statements.html' only %}")
        part = Fieldset(_("Trifft etwas davon zu?"), hint, *(Unmarked(name) for name in names))
        return [part] if names else []
