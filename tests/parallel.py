"""Real parallel connections: works that begin at the same moment, each in a thread with a connection of its own.

Such tests commit their rows: they use the fixture `committed_reference_data`.
"""

from collections.abc import Callable
from threading import Barrier, Thread

from django.db import connections


def in_parallel(*works: Callable[[], object]) -> list[BaseException]:
    """Run works at the same moment, each with a connection of its own; returns what they raised."""
    barrier = Barrier(len(works))
    raised: list[BaseException] = []

    def run(work: Callable[[], object]) -> None:
        try:
            barrier.wait()
            work()
        except Exception as error:
            raised.append(error)
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised
