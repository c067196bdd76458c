"""The keys of rows that a page sends back beside its form: what was ticked, and the fields named after a row."""

from typing import Any

from django.http import HttpRequest

DIGITS = 18  # PostgreSQL's largest key has 19


def key_of(text: Any) -> int | None:
    """The key that a text names; None where it names none, whatever was typed into the address."""
    text = str(text)
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= DIGITS else None


def ticked(request: HttpRequest, name: str) -> list[int]:
    """The keys posted under a name, each once, in their order; what is no key is left out."""
    keys = (key_of(text) for text in request.POST.getlist(name))
    return list(dict.fromkeys(key for key in keys if key is not None))
