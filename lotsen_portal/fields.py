"""Fields whose complaints are sentences, and lists that are read once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

LEAST_DIGITS: Final = 4
PHONE: Final = re.compile(r"\+?[0-9 ()/.\-]+")

TOO_LONG = ngettext_lazy(
    "Bitte schreiben Sie höchstens %(limit_value)d Zeichen. Jetzt ist es %(show_value)d.",
    "Bitte schreiben Sie höchstens %(limit_value)d Zeichen. Jetzt sind es %(show_value)d.",
    "show_value",
)
NUL = _("Der Text enthält ein Zeichen, das wir nicht speichern können. Bitte tippen Sie ihn neu.")


class PlainText(forms.CharField):
    """A text as typed, with plain line ends.

    The limit is checked here and not by the browser, which cuts off what is pasted without a word.
    """

    def __init__(self, *, longest: int, **options: Any) -> None:
        super().__init__(**options)
        self.validators = [MaxLengthValidator(longest, TOO_LONG), ProhibitNullCharactersValidator(NUL)]

    def to_python(self, value: Any) -> str:
        """Return the text without blanks around it, its line ends as one sign each."""
        return str(super().to_python(value)).replace("\r\n", "\n").replace("\r", "\n").strip()


class OneLine(PlainText):
    """A mark or a number on one line, without the invisible signs that copying brings along."""

    def to_python(self, value: Any) -> str:
        """Return the text without direction marks and other formatting signs, blanks made single."""
        text = "".join(sign for sign in super().to_python(value) if unicodedata.category(sign) != "Cf")
        return " ".join(text.split())


class Phone(OneLine):
    """A telephone number as people write them; digits of any script become Latin ones."""

    def __init__(self, **options: Any) -> None:
        options["widget"] = forms.TextInput(attrs={"type": "tel", "autocomplete": "off"})
        super().__init__(longest=40, **options)

    def to_python(self, value: Any) -> str:
        """Return the number with Latin digits."""
        text = super().to_python(value)
        return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)

    def validate(self, value: str) -> None:
        """Raise ValidationError unless it can be dialled."""
        super().validate(value)
        digits = sum(sign.isdecimal() for sign in value)
        if value and (not PHONE.fullmatch(value) or digits < LEAST_DIGITS):
            raise ValidationError(
                _("Das ist keine Telefonnummer. Richtig ist zum Beispiel: 02131 905753."), code="invalid"
            )


class MailAddress(forms.EmailField):
    """An e-mail address in lower case."""

    def __init__(self, **options: Any) -> None:
        wrong = _("Das ist keine E-Mail-Adresse. Richtig ist zum Beispiel: name@amt.de.")
        options["error_messages"] = {"invalid": wrong, **options.get("error_messages", {})}
        options["widget"] = forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"})
        super().__init__(**options)
        # Too long, or with signs that no address has: one sentence is enough.
        self.widget.attrs.pop("maxlength", None)

    def clean(self, value: Any) -> str:
        """Return the address; raise ValidationError with one sentence, whatever is wrong."""
        try:
            return str(super().clean(value)).lower()
        except ValidationError as problem:
            if value and len(problem.error_list) > 1:
                raise ValidationError(self.error_messages["invalid"], code="invalid") from None
            raise


class Trap(forms.CharField):
    """A field that people do not see; what fills it in is a machine."""

    def __init__(self) -> None:
        attrs = {"autocomplete": "off", "tabindex": "-1"}
        label = _("Bitte leer lassen")
        super().__init__(label=label, required=False, widget=forms.TextInput(attrs=attrs))

    def clean(self, value: Any) -> bool:
        """Say whether something was typed."""
        return bool(value)


class Pick(forms.TypedChoiceField):
    """One record of a list that was read once; the field's value is the record, or None."""

    def __init__(self, *, sentence: Any = "", **options: Any) -> None:
        unknown = _("Bitte wählen Sie etwas aus der Liste.")
        messages = {"required": sentence or unknown, "invalid_choice": unknown}
        super().__init__(error_messages=messages, empty_value=None, **options)

    def offer(self, records: Mapping[str, Any], empty: Any = None) -> None:
        """Offer these records by key, in their order, below an entry for "nothing chosen"."""
        self.choices = [("", empty or _("Bitte wählen")), *((key, str(row)) for key, row in records.items())]
        self.coerce = records.__getitem__


class PickMany(forms.MultipleChoiceField):
    """Some records of a list that was read once; the field's value is a list of records, in list order."""

    def __init__(self, *, sentence: Any, most: int, **options: Any) -> None:
        unknown = _("Bitte wählen Sie etwas aus der Liste.")
        messages = {"required": sentence, "invalid_choice": unknown, "invalid_list": unknown}
        options.setdefault("widget", forms.CheckboxSelectMultiple)
        super().__init__(error_messages=messages, **options)
        self.most = most
        self.records: dict[str, Any] = {}

    def offer(self, records: Mapping[str, tuple[Any, Any]]) -> None:
        """Offer these records by key, in their order, each with its label."""
        self.records = {key: record for key, (record, _label) in records.items()}
        self.choices = [(key, label) for key, (_record, label) in records.items()]

    def clean(self, value: Any) -> list[Any]:
        """Return the chosen records in the order of the list. Raises ValidationError for too many."""
        if len(super().clean(value)) > self.most:
            sentence = ngettext_lazy(
                "Bitte wählen Sie höchstens %(most)d Antwort.",
                "Bitte wählen Sie höchstens %(most)d Antworten.",
                "most",
            )
            raise ValidationError(sentence, code="most", params={"most": self.most})
        keys = set(value or ())
        return [record for key, record in self.records.items() if key in keys]
