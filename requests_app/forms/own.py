"""What somebody with a secret link posts: a call instead of the time, or that it is off."""

from __future__ import annotations

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lotsen_portal.fields import PlainText
from lotsen_portal.layouts import Unmarked, whole_page
from requests_app.models import Daytime


class CallForm(forms.Form):
    """When somebody who does not know the time any more would like to be called."""

    call_times = forms.MultipleChoiceField(
        label=gettext_lazy("Wann dürfen wir anrufen?"),
        choices=Daytime.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    @property
    def helper(self) -> FormHelper:
        """Large boxes and one button."""
        helper = whole_page(Unmarked("call_times", wrapper_class="lp-tiles lp-tiles--one"))
        helper.add_input(Submit("send", _("Bitte rufen Sie mich an")))
        return helper


class CallOffForm(forms.Form):
    """Why a person calls the own request off; nobody has to say."""

    reason = PlainText(
        label=gettext_lazy("Grund"),
        longest=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Sie müssen nichts schreiben."),
    )

    @property
    def helper(self) -> FormHelper:
        """One field and one button that says what it does."""
        helper = whole_page("reason")
        helper.add_input(Submit("send", _("Absagen"), css_class="lp-danger"))
        return helper
