"""Rosters of 22,000, 66,000 and 220,000 people on the command line: seconds and memory, each in its own process."""

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
# What is measured is begun by a small process: what is forked from this one counts as having been as large as it.
MEASURED = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(done.returncode)
"""
MOST_GROWTH = 1.6  # of the seconds a row, from the smallest to the largest


def test_the_memory_of_an_import_is_bounded_and_its_time_linear(
    django_db_setup, databases, django_db_blocker, tmp_path
):
    print("\n   people  seconds  ms a person  MB")
    per_row = []
    for size in SIZES:
        path = tmp_path / f"{size}.xlsx"
        call_command("generate_roster", str(path), officials=size, seed=size, stderr=StringIO())
        run = [sys.executable, "-c", MEASURED, sys.executable, "manage.py", "import_roster", str(path)]
        # Each into a registry without people: else everybody has namesakes by the hundred in the same few communes.
        with django_db_blocker.unblock(), databases.clone("reference"):
            begin = time.perf_counter()
            done = subprocess.run(run, cwd=ROOT, env=environment(), capture_output=True, text=True, check=False)
            seconds = time.perf_counter() - begin
        assert done.returncode in (0, 1), done.stderr
        megabytes = int(done.stdout.split()[-1]) / 1024
        print(f"{size:9,}{seconds:9.1f}{1000 * seconds / size:13.2f}{megabytes:5.0f}", flush=True)
        per_row.append(seconds / size)
        assert megabytes < MOST_MEGABYTES
    assert max(per_row) / min(per_row) < MOST_GROWTH
