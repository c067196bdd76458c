"""What stands in a cell of a list where that is more than text."""

from typing import Any

from django.utils.safestring import SafeString, mark_safe

from cadres.web.addresses import path_of_row
from cadres.web.escaping import escaped


def linked(view: str, key: int, text: Any, words: str = "") -> SafeString:
    """A text that leads to the page of a row; `words`: the query string that goes along."""
    return mark_safe(f'<a href="{path_of_row(view, key)}{escaped(words)}">{escaped(text)}</a>')


def in_full(text: str) -> SafeString:
    """A text that the list may cut short, and tells whole under the pointer; nothing where there is none."""
    told = escaped(text)
    return mark_safe(f'<span title="{told}">{told}</span>' if told else "")
