"""Change the source in one place, as table.py says, and see that the test named there notices: `make mutate`.

    python -m tests.mutations [-j N] [WORD…]     only mutations in whose file, text or test each WORD occurs

Nothing is changed in place: N at a time work each in a copy of the tree, with an embedded database in it; the reference
data are loaded once and cloned. Before the first mutation the tests must pass in the copies as they are. Each mutation
has a process of its own (runs.py). Exit status 1: a mutation survived that is not said to be equivalent, or the table
does not fit the source any more.
"""

import argparse
import importlib.util
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory

from tests.mutations.table import MUTATIONS, ROOT, Mutation, file_of, what_is_wrong

LEFT_OUT = ("var", ".git", ".venv", ".*_cache", ".hypothesis", "__pycache__")
# Without them the tests run on the embedded database of the copy, and compile its source once.
NOT_PASSED_ON = ("DATABASE_URL", "WEB_DATABASE_URL", "DATA_DIR", "PYTHONDONTWRITEBYTECODE")
LONGEST = 600  # seconds of a run, for each test in it
REUSE = "--reuse-db"
MAKING_DATABASES = ("/postgres/", "/reference_data.py", "/migrations/")
PASSED, FAILED = 0, 1  # exit status of pytest; any other: the tests were not run
# A test that fails because the source is none any more has noticed nothing; one that the database stops has: the second
# wall, or a statement that was prepared for something else.
STOPPED = (
    "new row violates row-level security|permission denied|wrong number of parameters for prepared statement|op ANY/ALL"
)
NO_SOURCE = re.compile(rf"^E .*\b(?:Syntax|Programming|Name|Import)Error\b(?!: (?:{STOPPED})).*", re.MULTILINE)


class Copy:
    """A copy of the tree in which tests run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {name: value for name, value in os.environ.items() if name not in NOT_PASSED_ON}
        shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*LEFT_OUT))
        self._runs = self._started("tests.mutations.runs")
        self._server = self._started("tests.mutations.server")

    def close(self) -> None:
        """End what works in the copy, if it has not ended."""
        for process in (self._runs, self._server):
            _end(process)

    def outcome(self, tests: Collection[str], *options_of_pytest: str) -> str:
        """How the tests end: "passed", "failed", or what kept them from being run."""
        # What is imported before pytest begins holds no test.
        options = ("-o", "addopts=", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning")
        files = sorted({file_of(test) for test in tests})
        arguments = [*options, "-q", "-x", *options_of_pytest, "-k", " or ".join(tests), *files]
        print(json.dumps([LONGEST * len(tests), arguments]), file=self._runs.stdin, flush=True)
        status, printed = json.loads(self._runs.stdout.readline())
        if status == -signal.SIGALRM:
            return f"not finished after {LONGEST} s"
        if status == FAILED:
            broken = NO_SOURCE.search(printed)
            return broken[0] if broken else "failed"
        if status == PASSED:
            return "passed"
        return f"pytest ended with {status}:\n{printed}"

    def outcome_of(self, mutation: Mutation) -> str:
        """How the tests of a mutation end while it is in the source."""
        file = self.folder / mutation.file
        source = file.read_text()
        self._write(file, source.replace(mutation.old, mutation.new))
        kept = (REUSE,)
        if makes_databases(mutation):
            # What was made, or started, before what makes it was changed would not know of that.
            kept = ()
            _end(self._server)
        try:
            return self.outcome([mutation.test], *kept)
        finally:
            self._write(file, source)

    def _started(self, module: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            (sys.executable, "-m", module),
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def _write(self, file: Path, source: str) -> None:
        file.write_text(source)
        # Python knows a compiled file by the size and the second of its source, and both may be the same.
        Path(importlib.util.cache_from_source(str(file))).unlink(missing_ok=True)


def _end(process: subprocess.Popen[str]) -> None:
    process.stdin.close()
    process.wait()


def makes_databases(mutation: Mutation) -> bool:
    return any(part in mutation.file for part in MAKING_DATABASES)


def judged(mutation: Mutation, outcome: str) -> tuple[str, bool]:
    """What is said of a mutation, and whether that is as it should be."""
    match outcome, mutation.equivalent:
        case "failed", "":
            return "killed", True
        case "passed", "":
            return "SURVIVED", False
        case "passed", why:
            return f"equivalent: {why}", True
        case "failed", _:
            return "KILLED, though it is said to be equivalent", False
    return f"NOT RUN: {outcome}", False


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutations", description=__doc__.splitlines()[0])
    parser.add_argument("words", nargs="*", metavar="WORD")
    parser.add_argument("-j", type=int, default=os.cpu_count() or 1, metavar="N", help="how many at a time")
    options = parser.parse_args()
    chosen = [mutation for mutation in MUTATIONS if all(word in str(mutation) for word in options.words)]
    # Last what databases are made by, and last of that the tables: whatever the others use has to be made again then.
    chosen.sort(key=lambda mutation: [part in mutation.file for part in reversed(MAKING_DATABASES)])
    if not chosen:
        parser.error(f"no mutation has all of these words: {' '.join(options.words)}")
    if wrong := [problem for mutation in chosen for problem in what_is_wrong(mutation)]:
        print(*wrong, sep="\n", file=sys.stderr)
        return 1
    begun = time.monotonic()
    with (
        TemporaryDirectory(prefix="mutations-") as folder,
        ExitStack() as at_the_end,
        ThreadPoolExecutor(options.j) as pool,
    ):
        copies: SimpleQueue[Copy] = SimpleQueue()

        def prepare(number: int) -> str:
            """Run each test once where nothing is changed, an equal share in each copy; that loads its data too."""
            copies.put(copy := Copy(Path(folder) / str(number)))
            at_the_end.callback(copy.close)
            tests = sorted({mutation.test for mutation in chosen})
            return copy.outcome(tests[number :: options.j] or tests, REUSE)

        def run(mutation: Mutation) -> tuple[str, bool, float]:
            copy, start = copies.get(), time.monotonic()
            try:
                return *judged(mutation, copy.outcome_of(mutation)), time.monotonic() - start
            finally:
                copies.put(copy)

        if unfit := [outcome for outcome in pool.map(prepare, range(options.j)) if outcome != "passed"]:
            print("The tests do not pass on the source as it is.", *unfit, sep="\n", file=sys.stderr)
            return 1
        failures = 0
        for mutation, (said, is_right, seconds) in zip(chosen, pool.map(run, chosen), strict=True):
            failures += not is_right
            print(f"{mutation}\n    {said} ({seconds:.0f} s)", flush=True)
    minutes, seconds = divmod(round(time.monotonic() - begun), 60)
    equivalent = sum(bool(mutation.equivalent) for mutation in chosen)
    print(
        f"{len(chosen)} mutations, {equivalent} of them said to be equivalent, {failures} not as they should be: "
        f"{minutes} min {seconds} s"
    )
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
