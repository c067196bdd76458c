"""Commands of manage.py that are killed (kill -9), each at one moment, to which it always comes.

    python -m tests.killed < COMMANDS

A line is a moment, the name by which the server knows the command, and its arguments, as JSON; how it ended is printed.
Each is forked and kills itself: whoever looked on from outside could come too late.
"""

import json
import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import django
from django.core.management import execute_from_command_line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lao_cai_training.settings")
django.setup()

from lao_cai_training.backup import restoring  # noqa: E402 — it knows the models
from lao_cai_training.backup.archive import DUMP, Archive, Writing  # noqa: E402
from lao_cai_training.postgres import databases, programs  # noqa: E402

LOADED = 100_000  # bytes of the script for psql, which is longer
rename = databases.rename
add_from = Writing.add_from
upload = Archive.upload


def die(*_: Any, **__: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def begin_to_copy(source: Any, target: Any, _: int) -> None:
    target.write(source.read(LOADED))
    target.flush()
    assert source.read(1)
    die()


def begin_of(chunks: Iterable[bytes]) -> Iterator[bytes]:
    yield next(iter(chunks))
    die()


def begin_the_dump(archive: Writing, name: str, chunks: Iterable[bytes]) -> dict[str, Any]:
    return add_from(archive, name, begin_of(chunks) if name == DUMP else chunks)


def rename_without_commit(cursor: Any, *moves: tuple[str, str]) -> None:
    def die_at_the_commit(execute: Callable[..., Any], statement: Any, *rest: Any) -> Any:
        if statement == "COMMIT":
            die()
        return execute(statement, *rest)

    with cursor.db.execute_wrapper(die_at_the_commit):
        rename(cursor, *moves)


def rename_and_die(cursor: Any, *moves: tuple[str, str]) -> None:
    rename(cursor, *moves)
    die()


# Moment → where which function is replaced, and by what.
MOMENTS: dict[str, tuple[Any, str, Callable[..., Any]]] = {
    "the dump is being written": (Writing, "add_from", begin_the_dump),
    "the database is made": (restoring, "load", die),
    "it is being loaded": (programs.shutil, "copyfileobj", begin_to_copy),
    "a file is arriving": (Archive, "upload", lambda archive, name: begin_of(upload(archive, name))),
    "all is ready": (databases, "rename", die),
    "it takes the place": (databases, "rename", rename_without_commit),
    "it has taken the place": (databases, "rename", rename_and_die),
}


def main() -> None:
    for line in sys.stdin:
        moment, name, *arguments = json.loads(line)
        if (child := os.fork()) == 0:
            os.environ["PGAPPNAME"] = name
            place, function, replacement = MOMENTS[moment]
            setattr(place, function, replacement)
            execute_from_command_line(["manage.py", *arguments])
            sys.exit()  # which nobody expects
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
