"""From a figure on a page to the list of exactly the people behind it."""

from functools import cache
from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cadres.web.addresses import dated
from cadres.web.tags import so
from cadres.web.units import UNITS_ON

register = template.Library()


@register.simple_tag(takes_context=True)
def people(context: Context, where: dict[str, Any] | None = None, **filters: Any) -> str:
    """The address of the list of people on the page's day and by its criterion: {% people huyen="085" %}.

    `where` holds filters whose names the template does not know.
    """
    request = context["request"]
    units = {UNITS_ON: request.GET[UNITS_ON]} if UNITS_ON in request.GET else {}
    return _list_of_people() + dated(request, **{**units, **(where or {}), **filters})


@cache
def _list_of_people() -> str:
    """The address of the list, looked up once: a page of figures leads there a hundred times."""
    return reverse("cadres:official-list")


@register.simple_tag(takes_context=True)
def figure(context: Context, number: int, where: dict[str, Any] | None = None, **filters: Any) -> SafeString | str:
    """A count as a link to exactly the people counted: {% figure rate.compliant huyen="085" ket_qua="compliant" %}."""
    if not number:
        return so(number)
    return format_html('<a href="{}">{}</a>', people(context, where, **filters), so(number))
