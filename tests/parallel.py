"""Real parallel connections: works that begin at the same moment, or one that begins while another is not committed.

Each runs in a thread with a connection of its own. Such tests commit their rows: they use the fixture
`own_database`.
"""

import time
from collections.abc import Callable
from threading import Barrier, Thread

from django.db import connection, connections, transaction

PATIENCE = 10  # seconds until a work has come to the lock on which it waits, or to its end
STEP = 0.01  # seconds between two looks
WAITS_FOR_US = """
    SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))
"""


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
        deadline = time.monotonic() + PATIENCE
        with connection.cursor() as cursor:
            while thread.is_alive() and time.monotonic() < deadline:
                cursor.execute(WAITS_FOR_US)
                if cursor.fetchone() == (True,):
                    break
                thread.join(STEP)
    thread.join()
    return raised
