"""Text as it stands in a page, for what is written by the hundred without a template."""

from html import escape
from typing import Any

from django.utils.functional import Promise


def escaped(value: Any) -> str:
    """What Django's `conditional_escape` makes of a value: text as it stands in HTML, what is HTML already as it is.

    Django's goes through its arguments for translations that wait for their language, which takes three times as long;
    a list writes a thousand of them.
    """
    if isinstance(value, Promise):
        value = str(value)
    return str(value.__html__()) if hasattr(value, "__html__") else escape(str(value))
