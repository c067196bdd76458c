"""Read files, each in a process of its own, and print a line about each: what came of it and what it cost, as JSON.

    python -m tests.cadres.reading_probe < PATHS

`megabytes` is the most that the process or the one it started took at any moment, `seconds` what both took of a
processor: others may use it meanwhile; `refused` is the message, or ''; `texts` are the first cells. A process that
fails says how; one that has no end is killed.
"""

import json
import os
import resource
import signal
import sys
import time
from pathlib import Path

from cadres.roster.reading import UnreadableFileError, read_sheets

PATIENCE = 300  # seconds; other tests may have the processors
SHOWN = 20  # cells


def look_at(path: Path) -> None:
    content = path.read_bytes()
    cells, texts, refused = 0, [], ""
    begin = time.process_time()
    try:
        for sheet in read_sheets(path.name, content):
            for row in sheet.rows:
                filled = [cell for cell in row if cell != ""]
                cells += len(filled)
                texts += map(str, filled[: SHOWN - len(texts)])
    except UnreadableFileError as error:
        refused = str(error)
    # Not ru_maxrss of this process: that begins with what the process took that started it, of whatever size.
    own = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    started = resource.getrusage(resource.RUSAGE_CHILDREN)
    peaks = [int(own.split()[1]), started.ru_maxrss]
    seconds = time.process_time() - begin + started.ru_utime + started.ru_stime
    told = {"cells": cells, "texts": texts, "refused": refused, "seconds": seconds, "megabytes": max(peaks) / 1024}
    print(json.dumps(told), flush=True)  # noqa: T201


def main() -> None:
    for line in sys.stdin:
        if (child := os.fork()) == 0:
            signal.alarm(PATIENCE)
            look_at(Path(line.rstrip("\n")))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if status:
            print(f"Reading {line.strip()} ended with {os.waitstatus_to_exitcode(status)}.", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
