"""Commands of manage.py in processes of their own that begin as forks of the test's, where everything is imported.

Started anew each takes a second of CPU before it does anything. How a command starts, and what it makes of its
environment, is seen by tests that start it so.
"""

import os
import sys
from multiprocessing import get_context
from typing import IO, Any

from django.core.management import execute_from_command_line
from django.db import connections

_of_the_test: list[Any] = []  # connections that stay open: closed here, they would be at their end there too


class Forked:
    """As far as tests ask, what `subprocess.Popen` is for a command; what it says goes to `said`."""

    def __init__(self, *arguments: str, said: IO[bytes]) -> None:
        self._process = get_context("fork").Process(target=carry_out, args=(arguments, said.fileno()))
        self._process.start()
        assert self._process.pid
        self.pid = self._process.pid

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, seconds: float | None = None) -> int | None:
        self._process.join(seconds)
        return self.poll()

    def kill(self) -> None:
        self._process.kill()


def carry_out(arguments: tuple[str, ...], said: int) -> None:
    os.setsid()
    os.dup2(said, sys.__stderr__.fileno())
    sys.stdout = sys.stderr = sys.__stderr__
    _of_the_test.extend(connections.all(initialized_only=True))
    for beside in _of_the_test:
        del connections[beside.alias]
    execute_from_command_line(["manage.py", *arguments])
