"""How forms are laid out: a whole page, a fold, a field without its mark."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Field, Layout, LayoutObject
from django import forms
from django.template.context import Context
from django.utils.safestring import SafeString


class Unmarked(Field):  # type: ignore[misc]  # crispy-forms has no types
    """A field without the mark "(freiwillig)", because its hint or its section says so."""

    def render(self, form: forms.BaseForm, context: Context, *args: Any, **kwargs: Any) -> SafeString:
        """Render as the pack does, without the mark."""
        extra = {**(kwargs.pop("extra_context", None) or {}), "unmarked": True}
        rendered: SafeString = super().render(form, context, *args, extra_context=extra, **kwargs)
        return rendered


class Fold(Div):  # type: ignore[misc]  # crispy-forms has no types
    """Fields that only some need, folded away below a line that says what for."""

    template = "%s/layout/fold.html"

    def __init__(self, summary: str, *fields: LayoutObject | str, is_open: bool) -> None:
        super().__init__(*fields)
        self.summary, self.is_open = summary, is_open


def whole_page(*parts: LayoutObject | str | HTML) -> FormHelper:
    """A helper for a form that is the page's main matter; our own sentences instead of the browser's."""
    helper = FormHelper()
    helper.form_class = "lp-form-page"
    helper.attrs = {"novalidate": True, "autocomplete": "off"}
    helper.layout = Layout(*parts)
    return helper
