"""PostgreSQL's own tools at work on a database of the settings: pg_dump, pg_restore and psql.

Where the server is and the password reach them through their environment only: the list of processes shows neither.
"""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from typing import IO, Any, BinaryIO

from django.db import connection

from lao_cai_training.postgres.binaries import Binaries, ServerError, clients

CHUNK = 1 << 20  # bytes
PATIENCE_WITH_LOCKS = 60  # seconds for which pg_dump waits where tables are being changed
# libpq's variables are called as its parameters, but for these.
VARIABLES = {"dbname": "PGDATABASE", "connect_timeout": "PGCONNECT_TIMEOUT", "application_name": "PGAPPNAME"}
# What pg_restore writes before the first object.
PREAMBLE = re.compile(rb"\s*$|--|\\|SET |SELECT pg_catalog\.set_config")
POLICY = re.compile(rb"\d+; \d+ \d+ POLICY ")  # in the list of what a dump holds
SETTING = re.compile(rb"SET (\w+) = ")


def server_version(cursor: Any) -> int:
    """The major version of the server."""
    return int(cursor.connection.server_version) // 10000


def client_of(version: int, what: str) -> Binaries:
    """The tools of that major version or a later one; `what` needs them. Raises ServerError."""
    for binaries in clients():
        if binaries.version >= version:
            return binaries
    there = ", ".join(str(binaries.version) for binaries in clients()) or "chưa có bản nào"
    raise ServerError(
        f"{what} là PostgreSQL {version}, cần pg_dump, pg_restore và psql từ bản {version} (trên máy này: {there}): "
        f"cài gói postgresql-client-{version} rồi chạy lại."
    )


def environment(database: str) -> dict[str, str]:
    """The environment in which the tools reach that database of the server of the settings."""
    parameters: dict[str, Any] = connection.get_connection_params() | {"dbname": database}
    named = {VARIABLES.get(name, f"PG{name.upper().replace('_', '')}"): value for name, value in parameters.items()}
    return os.environ | {name: str(value) for name, value in named.items() if value} | {"LC_ALL": "C"}


@contextmanager
def dumped(binaries: Binaries, database: str, *, snapshot: str, without_rows: Collection[str]) -> Iterator[IO[bytes]]:
    """What pg_dump writes of the whole database as it is in that exported snapshot, to be read to its end.

    Owners and privileges are left out, and so are the rows of the tables `without_rows`. Raises ServerError.
    """
    command = [
        binaries["pg_dump"],
        "--format=custom",
        "--no-owner",
        "--no-privileges",
        "--no-password",
        f"--snapshot={snapshot}",
        f"--lock-wait-timeout={PATIENCE_WITH_LOCKS}s",
        *(f"--exclude-table-data={table}" for table in without_rows),
    ]
    with tempfile.TemporaryFile() as said:
        program = subprocess.Popen(
            command, env=environment(database), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said
        )
        try:
            assert program.stdout
            yield program.stdout
            if program.wait() != 0:
                raise ServerError(
                    f"Không đọc được cơ sở dữ liệu để sao lưu ({_first_error(said)}): chạy lại sau ít phút."
                )
        finally:
            _end(program)


def load(binaries: Binaries, database: str, dump: BinaryIO, *, known_settings: Collection[str]) -> None:
    """Put a dump, which begins where the file stands, into an empty database.

    pg_restore makes a script of it, and settings that the server does not know (`known_settings`) are left out of its
    head: so a dump goes into an older server too. Policies stay out: their roles need not be there, and whoever
    restores puts up those of this version (roles.py). Raises ServerError.
    """
    with (
        tempfile.TemporaryFile() as said_reading,
        tempfile.TemporaryFile() as said_writing,
        tempfile.NamedTemporaryFile() as wanted,
    ):
        begin = dump.tell()
        listed = subprocess.run([binaries["pg_restore"], "--list"], stdin=dump, capture_output=True, check=False)
        wanted.writelines(line for line in listed.stdout.splitlines(keepends=True) if not POLICY.match(line))
        wanted.flush()
        os.lseek(dump.fileno(), begin, os.SEEK_SET)
        reading = subprocess.Popen(
            [binaries["pg_restore"], "--no-owner", "--no-privileges", f"--use-list={wanted.name}", "--file=-"],
            env=environment(database),
            stdin=dump,
            stdout=subprocess.PIPE,
            stderr=said_reading,
        )
        writing = subprocess.Popen(
            [binaries["psql"], "--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1"],
            env=environment(database),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=said_writing,
        )
        try:
            assert reading.stdout
            assert writing.stdin
            with suppress(BrokenPipeError):  # psql has ended, and says why
                # Nobody relies on it before it is renamed, and that makes sure of all that was written before.
                writing.stdin.write(b"SET synchronous_commit = off;\n")
                for line in reading.stdout:
                    setting = SETTING.match(line)
                    if not setting or setting[1].decode() in known_settings:
                        writing.stdin.write(line)
                    if not PREAMBLE.match(line):
                        break
                shutil.copyfileobj(reading.stdout, writing.stdin, CHUNK)
            reading.stdout.close()
            with suppress(BrokenPipeError):
                writing.stdin.close()
            if writing.wait() != 0:
                raise ServerError(
                    f"Máy chủ không nhận dữ liệu khôi phục ({_first_error(said_writing)}), dữ liệu đang có vẫn nguyên: "
                    "sửa theo lời báo đó rồi chạy lại."
                )
            if reading.wait() != 0:
                raise ServerError(
                    f"Không đọc được dữ liệu trong bản sao lưu ({_first_error(said_reading)}), dữ liệu đang có vẫn "
                    "nguyên: chọn bản sao lưu khác."
                )
        finally:
            _end(reading)
            _end(writing)


def _end(program: subprocess.Popen[bytes]) -> None:
    if program.poll() is None:
        program.kill()
        program.wait()
    for stream in (program.stdin, program.stdout):
        if stream:
            with suppress(BrokenPipeError):
                stream.close()


def _first_error(said: BinaryIO) -> str:
    """The first line that tells what went wrong; no second one, which may quote a row."""
    said.seek(0)
    lines = [line.strip() for line in said.read().decode(errors="replace").splitlines() if line.strip()]
    return next(
        (line for line in lines if re.search(r"error:|ERROR:|FATAL:", line)), next(iter(lines), "không rõ lý do")
    )
