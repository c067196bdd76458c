"""What a list is narrowed to: the filters of its address, read as a form.

A list names its filters as fields, says what each offers, and which of them stand in the bar above it; the bar, the
chips of the filters in use, and the answer to a filter that is none are the same for all.
"""

from collections.abc import Callable, Collection, Iterable
from typing import Any

from django import forms
from django.core.exceptions import BadRequest
from django.forms.utils import flatatt
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from cadres.models import SavedView
from cadres.web.addresses import query_string
from cadres.web.escaping import escaped
from cadres.web.paging import PAGE, PRINTED

ALL = ("", "Tất cả")
# What the address of any list may say beside its filters: day, criterion, units, order, columns, page, print, file …
EVERYWHERE = ("ngay", "tieu_chi", "don_vi", "sap_xep", "cot", PAGE, PRINTED, "tep", SavedView.NAME)
SEARCH = "q"  # the filter that is typed

Offered = Collection[Any] | Callable[[], Collection[Any]]  # the choices of a field, or what reads them when asked


class Pick(forms.Select):
    """A drop-down list written without a template for each of its choices, which takes ten times as long."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = str(value or "")
        flat = flatatt(self.build_attrs(self.attrs, {**(attrs or {}), "name": name}))
        return format_html("<select{}>{}</select>", flat, _options(self.choices, chosen))


def _options(choices: Any, chosen: str) -> SafeString:
    made = []
    for key, label in choices:
        if isinstance(label, list | tuple):
            made.append(f'<optgroup label="{escaped(key)}">{_options(label, chosen)}</optgroup>')
        else:
            picked = " selected" if str(key) == chosen else ""
            made.append(f'<option value="{escaped(key)}"{picked}>{escaped(label)}</option>')
    return mark_safe("".join(made))


def narrowed(choices: Iterable[Any], values: Collection[Any]) -> list[Any]:
    """Those of the choices, in groups or not, that stand for one of the values or for everything."""
    left: list[Any] = []
    for key, label in choices:
        if isinstance(label, list | tuple):
            if below := narrowed(label, values):
                left.append((key, below))
        elif not key or key in values:
            left.append((key, label))
    return left


def offer(field: Any, choices: Offered) -> None:
    """Let a field of choices offer these, which are pairs already: Django would go through each of them to make a pair
    of it, twice."""
    if callable(choices):
        field.choices = choices
    else:
        field._choices = field.widget.choices = choices


class FilterForm(forms.Form):
    """The filters of one list. Raises BadRequest, with words for a person, for one that is none or is not offered."""

    BAR: tuple[str, ...] = ()  # the drop-down lists above the list; the other filters come with links
    MORE: tuple[str, ...] = ()  # those that are unfolded below them
    ONLY_IF_CHOICE: tuple[str, ...] = ()  # of these, those that are left out where they offer one thing only
    WORDS: tuple[str, ...] = ()  # what the address of the list says besides, that is no field
    BOXES: tuple[str, ...] = ()  # boxes to tick at the end of the bar
    BESIDE: tuple[str, ...] = ()  # fields that no chip tells of: the order, and what stands on tabs
    TOLD_ALONE: tuple[str, ...] = ()  # fields of one choice, which says by itself what it means

    def __init__(self, query: QueryDict) -> None:
        super().__init__(query)
        self.query = query
        for field in self.fields.values():
            if isinstance(field, forms.ChoiceField) and type(field.widget) is forms.Select:
                field.widget = Pick(attrs=field.widget.attrs)
                field.widget.choices = field.choices
        self.left_out: list[str] = []  # filters of a view that was kept, which this account or this day has not
        self._offer()
        while not self.is_valid():
            name, errors = next(iter(self.errors.items()))
            if SavedView.NAME not in query:
                raise BadRequest(f"Bộ lọc “{self.fields[name].label}” trong địa chỉ không dùng được: {errors[0]}")
            self._leave_out(name)
        if SavedView.NAME in query:
            known = {*self.fields, *EVERYWHERE, *self.WORDS}
            self.left_out += [f"“{name}” (bộ lọc không còn nữa)" for name in query if name not in known]

    def _offer(self) -> None:
        for name, choices in self.offered().items():
            offer(self.fields[name], choices)

    def _leave_out(self, name: str) -> None:
        """Go on without a filter, and keep in mind that it was asked for; what hangs on it is offered anew."""
        self.left_out.append(f"bộ lọc “{self.fields[name].label}”")
        self.data = self.query = self.query.copy()
        del self.query[name]
        self._errors = None
        self._offer()

    def offered(self) -> dict[str, Offered]:
        """The choices of the fields that do not name them themselves."""
        return {}

    def bar(self) -> list[forms.BoundField]:
        """The drop-down lists; an officer of one district needs no list of districts."""
        return [self[name] for name in self.BAR if name not in self.ONLY_IF_CHOICE or self._offers_a_choice(name)]

    def _offers_a_choice(self, name: str) -> bool:
        """More than everything and the one thing there is."""
        return len(list(self.fields[name].choices)) > 2  # type: ignore[attr-defined]

    def more(self) -> list[forms.BoundField]:
        return [self[name] for name in self.MORE]

    def more_in_use(self) -> int:
        """How many of those unfolded narrow the list."""
        return sum(bool(self.cleaned_data[name]) for name in self.MORE)

    def sent(self) -> tuple[str, ...]:
        """The fields that the button of the filters sends."""
        return (SEARCH, *self.BAR, *self.MORE, *self.BOXES)

    def boxes(self) -> list[forms.BoundField]:
        return [self[name] for name in self.BOXES]

    def kept(self) -> list[tuple[str, str]]:
        """What the address says beside the filters of the bar: it stays when they change, but the page of the list."""
        changed = {*self.sent(), PAGE}
        return [(key, value) for key, values in self.query.lists() if key not in changed for value in values]

    def chips(self) -> list[tuple[str, str]]:
        """(text, query string without it) of each filter in use."""
        query = {key: self.data[key] for key in self.data if key != PAGE}
        return [
            (self._told(name), query_string({**query, name: None}) or "?")
            for name in self.fields
            if name not in self.BESIDE and self.cleaned_data[name]
        ]

    def _told(self, name: str) -> str:
        value, field = self.cleaned_data[name], self.fields[name]
        if name == SEARCH:
            return f"Tìm: {value}"
        offered: Any = field.choices  # type: ignore[attr-defined]
        flat = dict(pair for key, label in offered for pair in (label if isinstance(label, list) else [(key, label)]))
        return flat[value] if name in self.TOLD_ALONE else f"{field.label}: {flat[value]}"
