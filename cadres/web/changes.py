"""The page of one change: a small form, and what becomes of it once it is posted."""

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError


def add_refusal(form: forms.BaseForm, refusal: ValidationError) -> None:
    """Show why the registry refused, each reason at its field where the form has it.

    A form's `names` maps the registry's field names to its own, where they differ.
    """
    names: dict[str, str] = getattr(form, "names", {})
    by_field = refusal.error_dict if hasattr(refusal, "error_dict") else {NON_FIELD_ERRORS: refusal.error_list}
    for registry_name, errors in by_field.items():
        name = names.get(registry_name, registry_name)
        form.add_error(name if name in form.fields else None, errors)
