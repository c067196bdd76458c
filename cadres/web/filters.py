"""What a list is narrowed to: the filters of its address, read as a form.

A list names its filters as fields, says what each offers, and which of them stand in the bar above it; the bar, the
chips of the filters in use, and the answer to a filter that is none are the same for all.
"""

from collections.abc import Callable, Collection
from typing import Any

from django import forms
from django.core.exceptions import BadRequest
from django.http import QueryDict

from cadres.web.addresses import query_string
from cadres.web.paging import PAGE

ALL = ("", "Tất cả")
SEARCH = "q"  # the filter that is typed

Offered = Collection[Any] | Callable[[], Collection[Any]]  # the choices of a field, or what reads them when asked


class FilterForm(forms.Form):
    """The filters of one list. Raises BadRequest, with words for a person, for one that is none or is not offered."""

    BAR: tuple[str, ...] = ()  # the drop-down lists above the list; the other filters come with links
    ONLY_IF_CHOICE: tuple[str, ...] = ()  # of these, those that are left out where they offer one thing only
    BOXES: tuple[str, ...] = ()  # boxes to tick at the end of the bar
    BESIDE: tuple[str, ...] = ()  # fields that no chip tells of: the order, and what stands on tabs
    TOLD_ALONE: tuple[str, ...] = ()  # fields of one choice, which says by itself what it means

    def __init__(self, query: QueryDict) -> None:
        super().__init__(query)
        self.query = query
        for name, choices in self.offered().items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        if not self.is_valid():
            name, errors = next(iter(self.errors.items()))
            raise BadRequest(f"Bộ lọc “{self.fields[name].label}” trong địa chỉ không dùng được: {errors[0]}")

    def offered(self) -> dict[str, Offered]:
        """The choices of the fields that do not name them themselves."""
        return {}

    def bar(self) -> list[forms.BoundField]:
        """The drop-down lists; an officer of one district needs no list of districts."""
        return [self[name] for name in self.BAR if name not in self.ONLY_IF_CHOICE or self._offers_a_choice(name)]

    def _offers_a_choice(self, name: str) -> bool:
        """More than everything and the one thing there is."""
        return len(list(self.fields[name].choices)) > 2  # type: ignore[attr-defined]

    def boxes(self) -> list[forms.BoundField]:
        return [self[name] for name in self.BOXES]

    def kept(self) -> list[tuple[str, str]]:
        """What the address says beside the filters of the bar: it stays when they change, but the page of the list."""
        changed = {SEARCH, *self.BAR, *self.BOXES, PAGE}
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
