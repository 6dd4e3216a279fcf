"""The crispy pack "kern": every input has label, hint and errors, for eyes and for screen readers."""

from __future__ import annotations

import re
from typing import Any

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Row, Submit
from crispy_forms.utils import render_crispy_form
from django import forms
from django.template import Context, Template


class Appointment(forms.Form):
    """One field of each kind that the portal's forms use."""

    topic = forms.ChoiceField(label="Thema", choices=[("", "Bitte wählen"), ("health", "Gesundheit")])
    day = forms.DateField(
        label="Datum", help_text="Ein Arbeitstag.", widget=forms.DateInput(attrs={"type": "date"})
    )
    concern = forms.CharField(
        label="Anliegen", widget=forms.Textarea(attrs={"placeholder": "Worum geht es?"})
    )
    mark = forms.CharField(label="Ihr Zeichen", required=False, help_text="<b>Kein</b> Name.")
    mode = forms.ChoiceField(
        label="Art", widget=forms.RadioSelect, choices=[("site", "vor Ort"), ("phone", "Telefon")]
    )
    tongues = forms.MultipleChoiceField(
        label="Weitere Sprachen",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Mehrere sind möglich.",
        choices=[("ar", "Arabisch"), ("tr", "Türkisch")],
    )
    agreed = forms.BooleanField(label="Die Person ist einverstanden.")
    token = forms.CharField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Refuse what the test asks to refuse."""
        if self.data.get("refuse"):
            raise forms.ValidationError("Der Termin liegt an einem Feiertag.")
        return self.cleaned_data


def tight(html: str) -> str:
    """Return the page with single blanks, and none at the edges of tags."""
    return re.sub(r"\s*(<|>)\s*", r"\1", re.sub(r"\s+", " ", html))


@pytest.fixture
def blank() -> str:
    """The form as first shown."""
    return tight(str(render_crispy_form(Appointment())))


@pytest.fixture
def wrong() -> str:
    """The form after a post with nothing in it."""
    return tight(render_crispy_form(Appointment({"refuse": "1"})))


def tag(html: str, pattern: str) -> str:
    """Return the one start tag that contains the pattern."""
    found = [one for one in re.findall(r"<[a-z][^>]*>", html) if re.search(pattern, one)]
    assert len(found) == 1, found
    return str(found[0])


@pytest.mark.parametrize("name", ["topic", "day", "concern", "mark", "agreed"])
def test_each_single_input_has_a_label_that_names_its_id(blank: str, name: str) -> None:
    tag(blank, rf'id="id_{name}"')
    assert f'for="id_{name}"' in tag(blank, rf'for="id_{name}"')


def test_a_group_is_a_fieldset_with_its_legend_and_a_label_for_each_choice(blank: str) -> None:
    group = blank[blank.index('<fieldset id="div_id_mode"') :].split("</fieldset>", maxsplit=1)[0]
    assert '<legend class="kern-label">Art</legend>' in group
    assert re.findall(r'for="(id_mode_\d)">([^<]+)', group) == [
        ("id_mode_0", "vor Ort"),
        ("id_mode_1", "Telefon"),
    ]


def test_a_hint_is_tied_to_its_input_and_shows_markup_as_text(blank: str) -> None:
    assert 'aria-describedby="id_day_helptext"' in tag(blank, 'id="id_day"')
    assert '<div class="kern-hint lp-hint" id="id_day_helptext">Ein Arbeitstag.</div>' in blank
    assert "&lt;b&gt;Kein&lt;/b&gt; Name." in blank


def test_the_hint_of_a_group_is_tied_to_the_fieldset(blank: str) -> None:
    assert 'aria-describedby="id_tongues_helptext"' in tag(blank, 'id="div_id_tongues"')


def test_only_what_may_stay_empty_is_marked(blank: str) -> None:
    marked = re.findall(r">([^<>]+)<span class=\"kern-label__optional\">\(freiwillig\)", blank)
    assert marked == ["Ihr Zeichen", "Weitere Sprachen"]


def test_placeholders_never_reach_the_page(blank: str) -> None:
    assert "placeholder" not in blank


def test_a_blank_form_complains_about_nothing(blank: str) -> None:
    assert "lp-summary" not in blank
    assert "lp-error" not in blank
    assert "aria-invalid" not in blank


@pytest.mark.parametrize("name", ["topic", "day", "concern", "agreed"])
def test_an_error_stands_beside_its_field_and_is_read_with_it(wrong: str, name: str) -> None:
    assert re.search(rf'<div class="lp-error" id="id_{name}_error">.*?Dieses Feld', wrong, re.DOTALL)
    described = re.search(r'aria-describedby="([^"]+)"', tag(wrong, rf'id="id_{name}"'))
    assert described is not None
    assert f"id_{name}_error" in described[1].split()
    assert 'aria-invalid="true"' in tag(wrong, rf'id="id_{name}"')


def test_the_error_of_a_group_is_tied_to_the_fieldset_and_not_to_each_choice(wrong: str) -> None:
    assert 'aria-describedby="id_mode_error"' in tag(wrong, 'id="div_id_mode"')
    assert "aria-invalid" not in tag(wrong, 'id="id_mode_0"')


def test_the_summary_stands_first_and_leads_to_each_field(wrong: str) -> None:
    summary = wrong[wrong.index("lp-summary") : wrong.index("</ul>")]
    assert wrong.index("lp-summary") < wrong.index("div_id_topic")
    assert 'role="alert"' in tag(wrong, 'lp-summary"')
    assert "<li>Der Termin liegt an einem Feiertag.</li>" in summary
    targets = re.findall(r'href="#([^"]+)"', summary)
    assert targets == ["id_topic", "id_day", "id_concern", "id_mode_0", "id_agreed"]
    for target in targets:
        tag(wrong, rf'id="{target}"')


def test_a_chosen_value_stays_chosen() -> None:
    html = render_crispy_form(Appointment({"mode": "phone", "tongues": ["tr"], "concern": "Arzt & Apotheke"}))
    assert "checked" in tag(html, 'id="id_mode_1"')
    assert "checked" not in tag(html, 'id="id_mode_0"')
    assert "checked" in tag(html, 'id="id_tongues_1"')
    assert "Arzt &amp; Apotheke</textarea>" in html


def test_a_layout_gives_fieldsets_rows_and_buttons() -> None:
    form = Appointment()
    form.helper = FormHelper()  # type: ignore[attr-defined]
    form.helper.layout = Layout(Fieldset("Wann?", Row("topic", "day")))  # type: ignore[attr-defined]
    form.helper.add_input(Submit("send", "Anfrage absenden"))  # type: ignore[attr-defined]
    form.helper.add_input(Submit("drop", "Verwerfen", css_class="lp-danger"))  # type: ignore[attr-defined]
    html = tight(render_crispy_form(form))
    assert '<legend class="lp-fieldset__legend">Wann?</legend><div class="lp-row">' in html
    assert "kern-btn--primary" in tag(html, 'name="send"')
    assert "lp-danger" in tag(html, 'name="drop"')


def test_the_filter_renders_the_same_fields_without_a_form_tag() -> None:
    html = Template("{% load crispy_forms_tags %}{{ form|crispy }}").render(Context({"form": Appointment()}))
    assert "<form" not in html
    assert 'for="id_topic"' in html


def test_every_form_of_a_formset_is_rendered_with_the_management_form() -> None:
    html = render_crispy_form(forms.formset_factory(Appointment, extra=2)())
    assert 'name="form-TOTAL_FORMS"' in html
    assert {'for="id_form-0-topic"', 'for="id_form-1-topic"'} <= set(re.findall(r'for="[^"]+-topic"', html))
