"""Forms by which the office keeps institutions, their people and wishes; German only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from requests_app.models import Institution, InstitutionKind, InstitutionState, Wish

if TYPE_CHECKING:
    _InstitutionForm = forms.ModelForm[Institution]
    _WishForm = forms.ModelForm[Wish]
else:  # generic for the type checker only
    _InstitutionForm = _WishForm = forms.ModelForm


class InstitutionForm(_InstitutionForm):
    """The record of an institution; its state says whether its requests come in without a look."""

    class Meta:
        model = Institution
        fields = (
            "name", "kind", "street", "postcode", "city", "district", "phone", "email",
            "mail_domain", "usual_minutes",
        )  # fmt: skip
        help_texts = {
            "email": "Hierhin gehen Nachrichten, wenn niemand Bestimmtes gefragt hat.",
        }


class MemberForm(forms.Form):
    """Somebody who files requests for an institution; the account is made with it."""

    name = forms.CharField(label="Name", max_length=150)
    email = forms.EmailField(label="E-Mail", max_length=254, help_text="Damit meldet sich die Person an.")
    phone = forms.CharField(label="Durchwahl", required=False, max_length=40)
    is_manager = forms.BooleanField(label="Verwaltet das Team", required=False)


class JoinForm(forms.Form):
    """Which institution somebody belongs to who registered one that is here already."""

    institution = forms.ModelChoiceField(
        label="Einrichtung",
        queryset=Institution.objects.filter(state=InstitutionState.APPROVED).order_by("name"),
        empty_label="Bitte wählen",
        error_messages={
            "required": "Bitte wählen Sie eine Einrichtung.",
            "invalid_choice": "Bitte wählen Sie eine Einrichtung aus der Liste.",
        },
    )


class BlockForm(forms.Form):
    """Why an institution is shut out."""

    reason = forms.CharField(
        label="Grund",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Nur die Koordination liest ihn.",
        error_messages={"required": "Bitte nennen Sie den Grund."},
    )


class DeclineForm(forms.Form):
    """Why an institution is not taken in."""

    reason = forms.CharField(
        label="Nachricht an die Einrichtung",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Sie steht auf der Seite der Anmeldung, nicht in der E-Mail.",
        error_messages={"required": "Bitte schreiben Sie, warum Sie die Einrichtung nicht aufnehmen."},
    )


class WishForm(_WishForm):
    """That one side would rather, or rather not, work with the other."""

    class Meta:
        model = Wish
        fields = ("institution", "side", "kind")


class InstitutionsFilter(forms.Form):
    """Narrows the list of institutions."""

    q = forms.CharField(label="Name", required=False, max_length=80)
    kind = forms.ChoiceField(label="Art", required=False, choices=[("", "Alle"), *InstitutionKind.choices])
    state = forms.ChoiceField(
        label="Stand", required=False, choices=[("", "Alle"), *InstitutionState.choices]
    )


def errors_of(form: forms.BaseForm) -> str:
    """All that is wrong with a small form, in one line, for a message."""
    lines: list[Any] = [error for errors in form.errors.values() for error in errors]
    return " ".join(str(line) for line in lines)
