"""Read one file in a process of its own and print what came of it and what it cost, as JSON.

    python -m tests.cadres.reading_probe FILE

`megabytes` is the most that this process or the one it started took at any moment, `seconds` what both took of a
processor: others may use it meanwhile; `refused` is the message, or ''.
"""

import json
import resource
import sys
import time
from pathlib import Path

from cadres.roster.reading import UnreadableFileError, read_sheets


def main() -> None:
    path = Path(sys.argv[1])
    content = path.read_bytes()
    cells, refused = 0, ""
    begin = time.process_time()
    try:
        cells = sum(cell != "" for sheet in read_sheets(path.name, content) for row in sheet.rows for cell in row)
    except UnreadableFileError as error:
        refused = str(error)
    # Not ru_maxrss of this process: that begins with what the process took that started it, of whatever size.
    own = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    started = resource.getrusage(resource.RUSAGE_CHILDREN)
    peaks = [int(own.split()[1]), started.ru_maxrss]
    seconds = time.process_time() - begin + started.ru_utime + started.ru_stime
    json.dump({"cells": cells, "refused": refused, "seconds": seconds, "megabytes": max(peaks) / 1024}, sys.stdout)


if __name__ == "__main__":
    main()
