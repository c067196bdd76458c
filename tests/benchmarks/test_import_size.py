"""Rosters of 22,000, 66,000 and 220,000 people on the command line: seconds and memory, each in its own process."""

import os
import subprocess
import sys
import time
from io import StringIO
from pathlib import Path

from django.core.management import call_command

from tests.processes import environment

ROOT = Path(__file__).resolve().parents[2]
SIZES = (22_000, 66_000, 220_000)
MOST_MEGABYTES = 1024
MOST_GROWTH = 1.6  # of the seconds a row, from the smallest to the largest


def test_the_memory_of_an_import_is_bounded_and_its_time_linear(own_database, tmp_path):
    print("\n   people  seconds  ms a person  MB")
    per_row = []
    for size in SIZES:
        path = tmp_path / f"{size}.xlsx"
        call_command("generate_roster", str(path), officials=size, seed=size, stderr=StringIO())
        begin = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "manage.py", "import_roster", str(path)],
            cwd=ROOT,
            env=environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        assert process.stderr is not None
        errors = process.stderr.read()
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begin
        assert os.waitstatus_to_exitcode(status) in (0, 1), errors.decode()
        megabytes = used.ru_maxrss / 1024
        print(f"{size:9,}{seconds:9.1f}{1000 * seconds / size:13.2f}{megabytes:5.0f}")
        per_row.append(seconds / size)
        assert megabytes < MOST_MEGABYTES
    assert max(per_row) / min(per_row) < MOST_GROWTH
