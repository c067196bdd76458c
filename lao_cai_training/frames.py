"""Room for the frames of Python's functions.

Python keeps them in pieces of 16 KB: it fetches one from the system when the last is full, and gives it back as soon as
the first frame in it has ended. A page is some hundred functions deep, and what is called again and again just where a
piece ends has one fetched and given back each time: a hundred times a page, a thousand where it meets a loop, for one
to ten milliseconds. A frame that is larger gets a piece that holds it, of a size that is a power of two, and whatever
is called from it uses what is left.

Python 3.13 and 3.14 keep the last piece from March 2026 on: https://github.com/python/cpython/issues/142183.
"""

from collections.abc import Callable
from typing import Any, TypeVar

R = TypeVar("R")

WORDS = 2**17  # as if so many values were waited for in a frame: the piece then is of 2 MB, and half of it is left


def with_room(function: Callable[..., R]) -> Callable[..., R]:
    """The function, with room for what it calls; so also middleware, the first. Memory is taken where it is used."""

    def called(*arguments: Any) -> R:
        return function(*arguments)

    called.__code__ = called.__code__.replace(co_stacksize=WORDS)
    return called
