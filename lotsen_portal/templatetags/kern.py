"""What the crispy pack "kern" needs beyond crispy's own tags."""

from __future__ import annotations

from django import template
from django.forms import BoundField
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def kern_input(field: BoundField, *classes: str) -> SafeString:
    """Return a field's input with KERN's classes, and without a placeholder: labels and hints suffice."""
    own = field.field.widget.attrs.get("class", "")
    names = " ".join(name for name in (*classes, own) if name)
    return field.as_widget(attrs={"class": names, "placeholder": False})
