"""Real parallel connections: works that begin at the same moment, or one that begins while another is not committed.

Each runs in a thread with a connection of its own. Such tests commit their rows: they use the fixture
`own_database`.
"""

from collections.abc import Callable
from threading import Barrier, Thread

from django.db import connections, transaction

HEADSTART = 0.5  # seconds: far more than a work takes to the lock on which it waits, or past where it should have been


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


def before_commit(first: Callable[[], object], second: Callable[[], object]) -> list[BaseException]:
    """Run `first`, and begin `second` before that is committed; returns what the second raised.

    A second that takes the lock of the first sees what it wrote; without a lock it goes by what was there before.
    """
    raised: list[BaseException] = []

    def run() -> None:
        try:
            second()
        except Exception as error:
            raised.append(error)
        finally:
            connections.close_all()

    thread = Thread(target=run)
    with transaction.atomic():
        first()
        thread.start()
        thread.join(HEADSTART)
    thread.join()
    return raised
