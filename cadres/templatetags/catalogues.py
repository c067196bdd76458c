"""A field of a catalogue's row that the account may only look at."""

from typing import Any

from django import template

from cadres.admin.lists import told as told_in

register = template.Library()


@register.filter
def told(field: Any) -> str:
    """What the row holds in a field that is read only (AdminReadonlyField), as its list says it."""
    return str(told_in(field.model_admin, field.field["name"], field.form.instance))
