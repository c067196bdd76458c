"""Import (as a dry run) every workbook that the tests of other projects were made of, each in a process of its own.

    make torture

The collections are the source distributions below, fetched once into the cache folder; nothing of them is kept with
the project. Each workbook must be understood or refused in one line, within a minute and 512 MB; never a traceback.
The newest distributions of openpyxl, pandas and XlsxWriter hold no workbooks; older pandas ones do.
"""

import io
import os
import re
import subprocess
import sys
import tarfile
import time
import urllib.request
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from threading import Timer
from urllib.parse import urljoin

PROJECT = Path(__file__).parents[2]
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "lao-cai-training" / "torture"
ENDINGS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
MAX_SECONDS, MAX_MEGABYTES = 60, 512
NO_ROSTER = "không có danh sách"
IMPORT = ("import_roster", "--dry-run", "--as-of", "2015-12-31", "--json")

PYPI = {
    "python-calamine": "0.9.1", "xlrd": "1.2.0", "pandas": "1.0.5", "pandas-old": "0.25.3", "agate-excel": "0.4.2",
    "csvkit": "2.0.1", "ezodf": "0.3.2", "odfpy": "1.4.1", "oletools": "0.60.2", "orange3": "3.38.1", "petl": "1.7.15",
    "pyexcel": "0.6.7", "pyexcel-ods": "0.6.0", "pyexcel-ods3": "0.6.1", "pyexcel-xls": "0.7.1",
    "pyexcel-xlsx": "0.6.1", "tablib": "3.10.0", "xlsx2csv": "0.8.4", "xlutils": "2.0.0", "xlwt": "1.3.0",
}  # fmt: skip
NPM = {"xlsx-populate": "1.21.0", "convert-excel-to-json": "1.7.0", "xlsx-to-json": "0.3.0"}


@dataclass
class Tally:
    """What came of the workbooks of one collection."""

    files: int = 0
    read: int = 0  # cells and all; few of them are rosters
    refused: int = 0  # in one line: damaged, empty or with a password
    seconds: float = 0
    megabytes: float = 0


def fetched(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=MAX_SECONDS) as answer:
        return answer.read()


def distribution(name: str, version: str) -> bytes:
    """The source distribution of a PyPI package, or the tarball of an npm one, from the cache or the registry."""
    kept = CACHE / f"{name}-{version}"
    if not kept.exists():
        if name in NPM:
            content = fetched(f"https://registry.npmjs.org/{name}/-/{name}-{version}.tgz")
        else:
            index = f"https://pypi.org/simple/{name.removesuffix('-old')}/"
            links = re.findall(r'<a[^>]*href="([^"#]+)[^>]*>\s*([^<\s]+)\s*</a>', fetched(index).decode())
            ends = tuple(f"-{version}{ending}" for ending in (".tar.gz", ".zip", ".tar.bz2"))
            content = fetched(next(urljoin(index, link) for link, file in links if file.endswith(ends)))
        CACHE.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(content)
    return kept.read_bytes()


def workbooks(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Path and bytes of every workbook in an archive."""
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                if name.lower().endswith(ENDINGS):
                    yield name, archive.read(name)
        return
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        for member in archive:
            if member.isfile() and member.name.lower().endswith(ENDINGS) and (stream := archive.extractfile(member)):
                yield member.name, stream.read()


def tried(name: str, content: bytes) -> tuple[str, float, float, str]:
    """Import one workbook: what came of it ("read", "refused" or what went wrong), seconds, MB, and what was said."""
    with TemporaryDirectory() as folder, TemporaryFile() as errors:
        path = Path(folder) / Path(name).name
        path.write_bytes(content)
        begin = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "manage.py", *IMPORT, str(path)], cwd=PROJECT, stdout=subprocess.DEVNULL, stderr=errors
        )
        clock = Timer(MAX_SECONDS, process.kill)
        clock.start()
        # What the process and those that it started took at most.
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        clock.cancel()
        seconds, megabytes = time.perf_counter() - begin, usage.ru_maxrss / 1024
        errors.seek(0)
        said = errors.read().decode("utf-8", "replace").strip()
    if megabytes > MAX_MEGABYTES:
        outcome = f"{megabytes:.0f} MB"
    elif process.returncode == 2 and said and "\n" not in said:
        outcome = "read" if NO_ROSTER in said else "refused"
    elif process.returncode in (0, 1) and not said:
        outcome = "read"
    else:
        outcome = f"exit status {process.returncode}"
    return outcome, seconds, megabytes, said


def main() -> None:
    subprocess.run([sys.executable, "manage.py", "setup"], cwd=PROJECT, check=True, stdout=subprocess.DEVNULL)
    verbose = "-v" in sys.argv[1:]
    failures = []
    total = Tally()
    print(f"{'':30}{'files':>6}{'read':>9}{'refused':>9}{'worst s':>9}{'worst MB':>10}")
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for name, version in (PYPI | NPM).items():
            files = list(workbooks(distribution(name, version)))
            tally = Tally(files=len(files))
            results = pool.map(lambda file: tried(*file), files)
            for (path, _), (outcome, seconds, megabytes, said) in zip(files, results, strict=True):
                tally.read += outcome == "read"
                tally.refused += outcome == "refused"
                tally.seconds, tally.megabytes = max(tally.seconds, seconds), max(tally.megabytes, megabytes)
                if outcome not in ("read", "refused"):
                    failures.append(f"{path}: {outcome}: {said}")
                elif verbose:
                    print(f"    {path}: {said or outcome}")
            print_row(f"{name.removesuffix('-old')} {version}", tally)
            total.files, total.read = total.files + tally.files, total.read + tally.read
            total.refused += tally.refused
            total.seconds = max(total.seconds, tally.seconds)
            total.megabytes = max(total.megabytes, tally.megabytes)
    print_row("all", total)
    sys.exit("\n".join(failures))


def print_row(name: str, tally: Tally) -> None:
    print(
        f"{name:30}{tally.files:6}{tally.read:9}{tally.refused:9}{tally.seconds:9.1f}{tally.megabytes:10.0f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
