"""What volunteers post: an answer to the version they saw, or the code from a mail."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from lotsen_portal.fields import PlainText
from requests_app.details import DIGITS


class AnswerForm(forms.Form):
    """One answer to one offer; the number and the version are those that the page showed."""

    offer = forms.IntegerField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)
    time = forms.IntegerField(required=False)
    reason = PlainText(
        label=_("Grund"),
        required=False,
        longest=500,
        help_text=_("Der Grund hilft uns beim nächsten Mal. Nur die Koordination liest ihn."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CodeForm(forms.Form):
    """The code that was mailed."""

    offer = forms.IntegerField(widget=forms.HiddenInput)
    code = forms.CharField(
        label=_("Code aus der E-Mail"),
        max_length=3 * DIGITS,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )
