"""Dates, numbers and addresses as the pages write them: 31/12/2015; 3.631; 50,4."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime

from cadres.periods import UNKNOWN_START
from cadres.text import thousands
from cadres.web.addresses import kept
from cadres.web.escaping import escaped
from cadres.web.filters import FilterForm
from cadres.web.lists import Columns
from cadres.web.paging import PAGE
from cadres.web.saved_views import Bar
from cadres.web.ticks import tick_box

register = template.Library()

NOTHING = "–"
DASHES = "---------"  # BLANK_CHOICE_DASH of Django


@register.filter
def ngay(day: date | datetime | None) -> str:
    """A day as dd/mm/yyyy (a moment in local time); empty where there is none or it is unknown."""
    if isinstance(day, datetime):
        day = localtime(day).date()
    if not day or day == UNKNOWN_START:
        return ""
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


@register.filter
def luc(moment: datetime | None) -> str:
    """A moment in local time as dd/mm/yyyy hh:mm; empty where there is none."""
    return f"{localtime(moment):%d/%m/%Y %H:%M}" if moment else ""


@register.filter
def so(number: int | None) -> str:
    """A count with a point between thousands; a dash where there is none."""
    return NOTHING if number is None or number == "" else thousands(number)


@register.filter
def them(number: int) -> str:
    """How many more or less: +38, −6, +0."""
    return f"{'−' if number < 0 else '+'}{so(abs(number))}"


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


@register.filter
def or_nothing(label: Any, is_needed: bool) -> Any:
    """The name of a choice; that of choosing nothing, which Django writes as dashes, in words."""
    if label != DASHES:
        return label
    return "Chọn…" if is_needed else "(để trống)"


@register.filter
def chenh(points: Decimal) -> str:
    """The same in a cell: +8,5; −0,3; ±0."""
    return f"{'+' if points > 0 else '−'}{phan_tram(abs(points))}" if points else "±0"


@register.simple_tag
def days_left(days: int, *, is_soon: bool = False) -> SafeString:
    """How far a last day is: `days` are counted with that day, negative once it has passed; `is_soon` marks it."""
    if days < 0:
        return mark_safe('<span class="tag bad">quá hạn</span>')
    if days == 0:
        return mark_safe('<span class="tag warn">hạn hôm nay</span>')
    return format_html('<span class="{}">còn {} ngày</span>', "tag warn" if is_soon else "quiet", so(days))


@register.simple_tag(takes_context=True)
def address(context: Context, **changes: Any) -> str:
    """The current query string with changes: {% address theo="zone" huyen=None %}.

    None or "" takes a word out. The number of the page stays away, unless it is what changes.
    """
    return kept(context["request"], **{PAGE: None, **changes}) or "?"


@register.inclusion_tag("parts/kept_fields.html", takes_context=True)
def kept_fields(context: Context, *, without: str = "") -> dict[str, Any]:
    """Hidden fields that carry the address through a GET form, except the keys named in `without` and the page."""
    dropped = {PAGE, *without.split()}
    return {
        "fields": [
            (key, value) for key, values in context["request"].GET.lists() if key not in dropped for value in values
        ]
    }


@register.simple_tag(takes_context=True)
def saved_views(context: Context, filters: FilterForm | None = None, columns: Columns | None = None) -> Bar:
    """The bar of the views that were kept of the list on the page: {% saved_views selection columns as bar %}."""
    return Bar(context["request"], filters, columns)


@register.simple_tag(takes_context=True)
def go(context: Context, to: str, text: str, *, look: str = "", rel: str = "") -> SafeString:
    """The way to another view of a list: in a list with ticks a button, so that the ticks of the page go along.

    On paper its word, where it does not look like a button.
    """
    if context.get("is_printed") and not look:
        return mark_safe(escaped(text))
    if context.get("ticks") is not None:
        button = '<button type="submit" class="{}" name="den" value="{}">{}</button>'
        return mark_safe(button.format(look or "link", escaped(to), escaped(text)))
    looks, leads = f' class="button {look}"' if look else "", f' rel="{rel}"' if rel else ""
    return mark_safe(f'<a href="{escaped(to)}"{looks}{leads}>{escaped(text)}</a>')


@register.simple_tag(takes_context=True)
def heads(context: Context) -> SafeString:
    """The heads of a list (`heads`, of Columns.heads): each sorts, turns the order round, and leads back to the list's
    own order."""
    made = []
    for head in context["heads"]:
        look = ' class="number"' if head.column.is_number else ""
        sorts = f' aria-sort="{head.direction}"' if head.direction else ""
        text = escaped(head.column.label)
        if head.to is not None:
            text = go(context, address(context, sap_xep=head.to), head.column.label)
        made.append(f'<th scope="col"{look}{sorts}>{text}</th>')
    return mark_safe("".join(made))


@register.simple_tag(takes_context=True)
def cells(context: Context, columns: Columns, row: Any) -> SafeString:
    """The cells of a row of a list, by the columns that are shown; in a list with `ticks` with its box."""
    return columns.cells(row, context.get("ticks"))


@register.simple_tag(takes_context=True)
def tick(context: Context, key: object, name: str) -> SafeString:
    """The box of a row in a list with `ticks`; `name` says whom it is for.

    A tag, since including a part for every row takes four times as long.
    """
    return tick_box(context.get("ticks") or (), key, name)
