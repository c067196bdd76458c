"""Dates, numbers and addresses as the pages write them: 31/12/2015; 3.631; 50,4."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from cadres.addresses import people_address
from cadres.periods import UNKNOWN_START
from cadres.text import thousands
from cadres.working_day import criterion_of, working_day

register = template.Library()

NOTHING = "–"
PAGE = "trang"


@register.filter
def ngay(day: date | datetime | None) -> str:
    """A day as dd/mm/yyyy (a moment in local time); empty where there is none or it is unknown."""
    if isinstance(day, datetime):
        day = localtime(day).date()
    if not day or day == UNKNOWN_START:
        return ""
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


@register.filter
def so(number: int | None) -> str:
    """A count with a point between thousands; a dash where there is none."""
    return NOTHING if number is None or number == "" else thousands(number)


@register.filter
def phan_tram(percent: Decimal | None) -> str:
    """A rate with one decimal after a comma, without the sign: 50,4; a dash where there is none."""
    if percent is None or percent == "":
        return NOTHING
    return f"{Decimal(percent).quantize(Decimal('0.1'), ROUND_HALF_UP)}".replace(".", ",")


@register.filter
def diem(points: Decimal) -> str:
    """A difference of two rates in words: tăng 8,5 điểm %; giảm 0,3 điểm %; không đổi."""
    if not points:
        return "không đổi"
    return f"{'tăng' if points > 0 else 'giảm'} {phan_tram(abs(points))} điểm %"


@register.simple_tag(takes_context=True)
def address(context: Context, **changes: Any) -> str:
    """The current query string with changes: {% address theo="zone" huyen=None %}.

    None or "" takes a key out. The page number goes with every change, except a change of itself.
    """
    query = context["request"].GET.copy()
    query.pop(PAGE, None)
    for key, value in changes.items():
        if value is None or value == "":
            query.pop(key, None)
        else:
            query[key] = value.isoformat() if isinstance(value, date) else str(value)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def people(context: Context, where: dict[str, Any] | None = None, **filters: Any) -> str:
    """The address of the list of people on the page's day and by its criterion: {% people huyen="085" %}.

    `where` holds filters whose names the template does not know.
    """
    request = context["request"]
    return people_address(working_day(request), criterion_of(request), **{**(where or {}), **filters})


@register.simple_tag(takes_context=True)
def figure(context: Context, number: int, where: dict[str, Any] | None = None, **filters: Any) -> SafeString | str:
    """A count as a link to exactly the people counted: {% figure rate.compliant huyen="085" ket_qua="compliant" %}."""
    if not number:
        return so(number)
    return format_html('<a href="{}">{}</a>', people(context, where, **filters), so(number))


@register.inclusion_tag("parts/kept_fields.html", takes_context=True)
def kept_fields(context: Context, *, without: str = "") -> dict[str, Any]:
    """Hidden fields that carry the address through a GET form, except the keys named in `without` and the page."""
    dropped = {PAGE, *without.split()}
    return {
        "fields": [
            (key, value) for key, values in context["request"].GET.lists() if key not in dropped for value in values
        ]
    }
