"""How our own forms are written, one template for a form and one for a field (settings.FORM_RENDERER)."""

from django.forms.renderers import TemplatesSetting


class FormRenderer(TemplatesSetting):
    """`{{ form }}` is its fields, one below the other; `{{ field.as_field_group }}` is one of them."""

    form_template_name = "parts/form.html"
    field_template_name = "parts/field.html"
