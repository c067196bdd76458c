"""What is called where a piece of Python's memory for frames ends does not have one fetched each time."""

import resource
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings

from lao_cai_training.frames import with_room

CALLS = 100


def pages_of_memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt


def fetched_at(depth: int) -> int:
    """How many pages of memory so many calls took, made from a function that lies so deep."""

    def called() -> tuple[int, ...]:
        return (1, 2, 3, 4, 5, 6, 7, 8, depth)

    if depth:
        return fetched_at(depth - 1)
    before = pages_of_memory()
    for _ in range(CALLS):
        called()
    return pages_of_memory() - before


def most_fetched() -> int:
    """At the worst of the depths: a piece holds some hundred frames."""
    return max(fetched_at(depth) for depth in range(300))


def in_a_thread(function: Callable[[], int]) -> int:
    """Each thread has pieces of its own; the tests are given room (conftest)."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(function).result()


def test_what_has_room_fetches_no_memory_for_each_call_however_deep_it_lies():
    if in_a_thread(most_fetched) < CALLS:
        pytest.skip("this Python fetches none without it; with the last that does, the module may go")
    assert in_a_thread(with_room(most_fetched)) < CALLS / 2


def test_pages_have_it_from_the_first_of_what_lies_around_them():
    assert settings.MIDDLEWARE[0] == "lao_cai_training.frames.with_room"
