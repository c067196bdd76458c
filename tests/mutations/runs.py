"""Runs of pytest, one after the other, in the copy of the tree in which `python -m tests.mutations.runs` is started.

Each is a process of its own, forked from this one, which has imported what tests need and is not ours: to import that
takes longer than most tests do. Of ours this process imports nothing, so that a run reads the source as it is then.

A line of standard input holds the seconds that a run may take and the arguments of pytest; a line of standard output
its exit status, negative for the signal that ended it, and what it printed. Both are JSON.
"""

import gc
import importlib
import json
import os
import signal
import sys
import tempfile

import pytest

NOT_OURS = (
    "django.contrib.admin.options",
    "django.contrib.postgres.aggregates",
    "django.contrib.postgres.fields",
    "django.core.management",
    "django.test",
    "docxtpl",
    "highspy",
    "hypothesis.strategies",
    "lxml.html",
    "openpyxl",
    "psycopg2.extras",
    "python_calamine",
    "reportlab.platypus",
    "tablib",
    "xlrd",
    "xlsxwriter",
)


def main() -> None:
    for module in NOT_OURS:
        importlib.import_module(module)
    gc.freeze()
    for line in sys.stdin:
        seconds, arguments = json.loads(line)
        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as printed:
            if (run := os.fork()) == 0:
                signal.alarm(seconds)
                os.dup2(printed.fileno(), sys.stdout.fileno())
                os.dup2(printed.fileno(), sys.stderr.fileno())
                sys.exit(pytest.main(arguments))
            _, status = os.waitpid(run, 0)
            printed.seek(0)
            print(json.dumps([os.waitstatus_to_exitcode(status), printed.read()]), flush=True)


if __name__ == "__main__":
    main()
