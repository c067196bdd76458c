"""The life of the embedded PostgreSQL server: made, started, shared, recovered and stopped without anybody asking.

A cluster's folder (DATA_DIR/postgres) holds one folder a major version with the data, the generated passwords, the
server's log, its socket and two lock files. The rules by which several processes share the server:

- `start-stop.lock`, held exclusively, guards every start and stop;
- `users.lock` is held shared by each process for its life, from its first connection on. Whoever leaves tries, under
  the guard, to make its hold exclusive: who succeeds is the last one and stops the server.

The kernel drops the locks of a process that is killed. The server then runs on until the next process leaves; nothing
has to be cleaned up. The server itself has a session of its own, so that Ctrl-C in a terminal does not reach it.
"""

import atexit
import fcntl
import hashlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lao_cai_training.postgres.binaries import Binaries, ServerError, environment, installed, unprivileged

SUPERUSER = "postgres"  # prepares the server in single-user mode; its password is thrown away
OWNER, WEB = "lao_cai", "lao_cai_web"  # as in roles.sql: those who sign in
DATABASE = "lao_cai_training"  # as in database.sql
ROLES = Path(__file__).parent / "roles.sql"

PORT = 5432  # names the socket file only: the server listens on no network port, so none can be taken
SOCKET_NAME = f".s.PGSQL.{PORT}"
LONGEST_SOCKET_PATH = 103  # bytes without the closing zero: 107 on Linux, 103 on macOS and the BSDs
LARGEST_LOG = 10 * 1024 * 1024  # bytes; then a new log is begun and one old one kept

PATIENCE_WITH_A_PREDECESSOR = 30  # seconds until the children of a killed server have ended
PATIENCE_WITH_RECOVERY = 600  # seconds for replaying the log after a crash
PATIENCE_WITH_A_STOP = 60  # seconds
STEP = 0.02  # seconds between two looks
STILL_THERE = ("is still in use", "already exists")  # what PostgreSQL says of the processes of a killed predecessor

SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "timezone": "Asia/Ho_Chi_Minh",
    "log_timezone": "Asia/Ho_Chi_Minh",
    "jit": "off",  # compiling costs more than it saves on the queries here
    "max_connections": "100",
    "shared_buffers": "256MB",
    "work_mem": "32MB",
    "max_wal_size": "2GB",
    # Personal data stay out of the log: neither the statement nor the row that a constraint refused.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}


@dataclass(frozen=True)
class Address:
    """What a client needs to connect: `host` is the socket's folder."""

    host: str
    port: str
    user: str
    password: str


@cache
def cluster_in(folder: Path) -> "Cluster":
    """The cluster of that folder; one object a process, because the process's share of the lock hangs on it."""
    return Cluster(folder)


class Cluster:
    """An embedded PostgreSQL server and its data in one folder, shared by all processes that join it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self.settings = SETTINGS
        self._data = self.folder  # the folder within that holds the data, known once joined
        self._users_lock: int | None = None  # file descriptor, while this process has joined
        self._server: subprocess.Popen[bytes] | None = None  # when this process has started it
        self._threads = threading.Lock()
        os.register_at_fork(after_in_child=self._renew_after_fork)
        atexit.register(self._leave_undisturbed)

    def join(self) -> Address:
        """Share the server for the rest of this process's life, starting it if need be. Raises ServerError."""
        with self._threads, self._file_errors():
            if self._users_lock is None:
                self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                with self._guard():
                    users_lock = self._open("users.lock")
                    fcntl.flock(users_lock, fcntl.LOCK_SH)
                    try:
                        self._ensure_running()
                    except BaseException:
                        os.close(users_lock)
                        raise
                    self._users_lock = users_lock
            return self.address()

    def revive(self) -> Address:
        """Start the server again if it has gone while this process was sharing it. Raises ServerError."""
        with self._threads, self._file_errors(), self._guard():
            self._ensure_running()
            return self.address()

    def leave(self) -> None:
        """Give up this process's share, and stop the server if nobody else has one."""
        with self._threads:
            if self._users_lock is None:
                return
            with suppress(FileNotFoundError), self._guard():  # the folder may have been deleted meanwhile
                with suppress(BlockingIOError):
                    fcntl.flock(self._users_lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    self._stop(self._data)
                os.close(self._users_lock)
            self._users_lock = None

    def _leave_undisturbed(self) -> None:
        """Leave at the end of the process, whatever signals still come: Ctrl-C reaches a worker twice."""
        for repeated in (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT):
            signal.signal(repeated, signal.SIG_IGN)
        self.leave()

    def address(self, role: str = OWNER) -> Address:
        """Where the server of this folder is reached by that role, OWNER or WEB. Raises ServerError."""
        if role == WEB and not self._has_roles(self._data):
            raise ServerError(
                f"Máy chủ trong {self.folder} do phiên bản cũ của phần mềm mở, chưa có vai trò {WEB}: dừng mọi tiến "
                "trình của phần mềm rồi mở lại."
            )
        return Address(str(self._socket_folder()), str(PORT), role, self._password(role).read_text())

    def answers(self) -> bool:
        """Whether somebody listens on the socket."""
        with socket.socket(socket.AF_UNIX) as client:
            try:
                client.connect(str(self._socket_folder() / SOCKET_NAME))
            except OSError:
                return False
        return True

    def choose(self) -> tuple[Binaries, Path]:
        """The installation to run and its data folder, which may not exist yet.

        Raises ServerError where data of other major versions exist only: they are never left aside for empty ones.
        """
        versions = sorted(
            (int(entry.name) for entry in self.folder.glob("[0-9]*") if entry.name.isdigit()), reverse=True
        )
        fitting = [binaries for binaries in installed() if binaries.version in versions] or installed()[:1]
        binaries = fitting[0]
        data = self.folder / str(binaries.version)
        made_by = int((data / "PG_VERSION").read_text()) if data.exists() else next(iter(versions), binaries.version)
        if made_by != binaries.version:
            raise ServerError(
                f"Dữ liệu trong {self.folder} do PostgreSQL {made_by} tạo, còn bản đang cài là {binaries.version}: "
                f"cài lại bản {made_by} hoặc chuyển dữ liệu bằng pg_dump, hoặc đặt DATA_DIR sang thư mục khác."
            )
        return binaries, data

    # Locks

    def _open(self, name: str) -> int:
        return os.open(self.folder / name, os.O_RDWR | os.O_CREAT, 0o600)

    @contextmanager
    def _guard(self) -> Iterator[None]:
        guard = self._open("start-stop.lock")
        try:
            fcntl.flock(guard, fcntl.LOCK_EX)
            yield
        finally:
            # Unlocked by name: a process forked meanwhile has a copy of the descriptor and would hold on to the lock.
            fcntl.flock(guard, fcntl.LOCK_UN)
            os.close(guard)

    def _renew_after_fork(self) -> None:
        """A forked process shares its parent's lock, which goes when either gives it up: take one of its own."""
        self._threads = threading.Lock()
        self._server = None
        inherited, self._users_lock = self._users_lock, None
        if inherited is not None:
            with suppress(FileNotFoundError):
                self._users_lock = self._open("users.lock")
                fcntl.flock(self._users_lock, fcntl.LOCK_SH)
            os.close(inherited)

    # Files

    @contextmanager
    def _file_errors(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise ServerError(
                f"Không dùng được thư mục dữ liệu {self.folder} ({error.strerror}: {error.filename}): "
                "sửa quyền của thư mục, hoặc đặt biến DATA_DIR sang thư mục khác."
            ) from error

    def _password(self, role: str) -> Path:
        """The file with the role's generated password."""
        file = self.folder / f"{role}.password"
        if not file.exists():
            new = file.with_suffix(".new")
            new.touch(mode=0o600)
            new.write_text(secrets.token_urlsafe(24))
            new.rename(file)
        return file

    def _socket_folder(self) -> Path:
        """The folder of the socket: this one, or where its path is too long for a socket a short one of our own."""
        if len(os.fsencode(self.folder / SOCKET_NAME)) <= LONGEST_SOCKET_PATH:
            return self.folder
        # Not chosen by each process for itself: their TMPDIR may differ.
        note = self.folder / "socket-folder"
        if not note.exists() or not Path(note.read_text()).is_dir():
            name = f"lao-cai-{hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:12]}-"
            new = note.with_suffix(".new")
            new.write_text(tempfile.mkdtemp(prefix=name, dir=_short_folder()))
            new.rename(note)
        return Path(note.read_text())

    # The server

    def _ensure_running(self) -> None:
        """Start the server unless it is there already; under the guard."""
        binaries, data = self.choose()
        if not data.exists():
            self._create(binaries, data)
        self._data = data
        pid = _server_pid(data)
        if pid:
            self._wait_until_ready(data, pid)
            if self.answers():
                return
            self._stop(data)  # its socket has been deleted, perhaps by whatever tidies the temporary folder
        deadline = time.monotonic() + PATIENCE_WITH_A_PREDECESSOR
        while not (self._prepare(binaries, data) and self._start(binaries, data)):
            if time.monotonic() > deadline:
                raise ServerError(f"PostgreSQL không khởi động được: tiến trình cũ chưa kết thúc (xem {self._log}).")
            time.sleep(10 * STEP)

    def _create(self, binaries: Binaries, data: Path) -> None:
        """A new cluster with the roles of roles.sql and the database, or nothing: no half-made one."""
        new = data.with_suffix(".new")
        shutil.rmtree(new, ignore_errors=True)
        prefix = unprivileged(binaries, self.folder)
        # Encoding and character classes are PostgreSQL's own where it has them (17): the same on every system.
        locales = [["--locale=C", "--lc-ctype=C.UTF-8"], ["--locale=C"]]
        if binaries.version >= 17:
            locales = [[*locale, "--locale-provider=builtin", "--builtin-locale=C.UTF-8"] for locale in locales]
        for locale in locales:
            initdb = subprocess.run(
                [
                    *prefix,
                    binaries["initdb"],
                    f"--pgdata={new}",
                    f"--username={SUPERUSER}",
                    f"--pwfile={self._password(SUPERUSER)}",
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    *locale,
                ],
                check=False,
                cwd=self.folder,
                env=environment(),
                capture_output=True,
                text=True,
            )
            if initdb.returncode == 0:
                break
        else:
            raise ServerError(f"Không tạo được cụm dữ liệu PostgreSQL: {_last_line(initdb.stderr)}")
        database = (Path(__file__).parent / "database.sql").read_text()
        self._run_single(prefix, binaries, new, "postgres", self._roles() + database)
        if binaries.version < 15:  # from 15 on, the schema belongs to the owner of the database
            self._run_single(prefix, binaries, new, DATABASE, f"ALTER SCHEMA public OWNER TO {OWNER};\n\n")
        self._note_roles(data)
        new.rename(data)

    def _prepare(self, binaries: Binaries, data: Path) -> bool:
        """Bring the roles of a stopped cluster up to date, where another version made it; under the guard.

        False where a killed predecessor's processes have not all ended yet.
        """
        if self._has_roles(data):
            return True
        self._disown_stale_lock_files(data)
        try:
            self._run_single(unprivileged(binaries, data), binaries, data, "postgres", self._roles())
        except ServerError as error:
            if any(said in str(error) for said in STILL_THERE):
                return False
            raise
        self._note_roles(data)
        return True

    def _roles(self) -> str:
        """The statements that make the roles and give those who sign in the passwords kept here."""
        passwords = (f"ALTER ROLE {role} PASSWORD '{self._password(role).read_text()}';" for role in (OWNER, WEB))
        return "\n\n".join([ROLES.read_text(), *passwords, ""])

    def _roles_note(self, data: Path) -> Path:
        return self.folder / f"{data.name}.roles"

    def _has_roles(self, data: Path) -> bool:
        note = self._roles_note(data)
        return note.exists() and note.read_text() == _digest(ROLES)

    def _note_roles(self, data: Path) -> None:
        self._roles_note(data).write_text(_digest(ROLES))
        # Nobody signs in as the superuser: whoever comes to read files of the site finds no way there.
        (self.folder / f"{SUPERUSER}.password").unlink(missing_ok=True)

    def _run_single(self, prefix: list[str], binaries: Binaries, data: Path, database: str, statements: str) -> None:
        """Run statements in single-user mode, in which no server listens and no role is asked for a password."""
        single = subprocess.run(
            [*prefix, binaries["postgres"], "--single", "-j", "-D", str(data), database],
            check=False,
            input=statements,
            cwd=self.folder,
            env=environment(),
            capture_output=True,
            text=True,
        )
        if single.returncode != 0 or "ERROR:" in single.stderr:
            raise ServerError(f"Không chuẩn bị được cụm dữ liệu PostgreSQL: {_last_line(single.stderr)}")

    def _start(self, binaries: Binaries, data: Path) -> bool:
        """Start the server and wait until it accepts connections.

        False where a killed predecessor's processes have not all ended yet; raises ServerError on any other failure.
        """
        self._disown_stale_lock_files(data)
        socket_folder = self._socket_folder()
        prefix = unprivileged(binaries, data)
        if socket_folder != self.folder:
            os.chown(socket_folder, data.stat().st_uid, -1)
        quoted_folder = '"' + str(socket_folder).replace('"', '""') + '"'
        settings = self.settings | {"unix_socket_directories": quoted_folder}
        if self._log.exists() and self._log.stat().st_size > LARGEST_LOG:
            self._log.rename(self._log.with_suffix(".log.1"))
        with open(os.open(self._log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as log:
            begin = log.tell()
            self._server = server = subprocess.Popen(
                [
                    *prefix,
                    binaries["postgres"],
                    *("-D", str(data)),
                    *(f"--{name}={value}" for name, value in settings.items()),
                ],
                cwd=self.folder,
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        if self._wait_until_ready(data, server.pid):
            return True
        said = self._log.read_bytes()[begin:].decode(errors="replace")
        if any(words in said for words in STILL_THERE):
            return False
        raise ServerError(f"PostgreSQL không khởi động được: {_last_line(said)} (xem {self._log})")

    def _wait_until_ready(self, data: Path, pid: int) -> bool:
        """Wait until the server has noted that it accepts connections; False if it ends before. Raises ServerError."""
        deadline = time.monotonic() + PATIENCE_WITH_RECOVERY
        while time.monotonic() < deadline:
            with suppress(OSError):
                lines = (data / "postmaster.pid").read_text().splitlines()
                if len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready":
                    return True
            if not self._is_alive(data, pid):
                return False
            time.sleep(STEP)
        raise ServerError(f"PostgreSQL chưa sẵn sàng sau {PATIENCE_WITH_RECOVERY} giây: xem {self._log}.")

    def _is_alive(self, data: Path, pid: int) -> bool:
        if self._server is not None and self._server.pid == pid:
            return self._server.poll() is None
        return _is_server_of(pid, data)

    def _disown_stale_lock_files(self, data: Path) -> None:
        """Make the lock files of a dead server harmless whose process number now belongs to somebody else.

        PostgreSQL clears away such files where no process has that number. Where one has, it would refuse to start for
        ever, as happens after a restart of the machine or container. The file itself must stay: by the shared memory
        named in it a new server finds out whether children of the dead one are still at work.
        """
        if self._server is not None:
            self._server.poll()  # a killed server stays a zombie until its parent has looked
        lock_file = data / "postmaster.pid"
        if lock_file.exists() and not _server_pid(data):
            _, *rest = lock_file.read_text().splitlines(keepends=True) or [""]
            lock_file.write_text("".join(["999999999\n", *rest]))  # above every system's highest number
            (self._socket_folder() / f"{SOCKET_NAME}.lock").unlink(missing_ok=True)

    def _stop(self, data: Path) -> None:
        """Stop the server and wait until its data are safely written; under the guard."""
        pid = _server_pid(data)
        if not pid:
            return
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGINT)  # "fast": sessions left open are rolled back
        deadline = time.monotonic() + PATIENCE_WITH_A_STOP
        while self._is_alive(data, pid) and time.monotonic() < deadline:
            time.sleep(STEP)

    @property
    def _log(self) -> Path:
        return self.folder / "server.log"


def _short_folder() -> Path:
    """Where a socket's folder has a short name: the user's own folder for such things, else the temporary one."""
    for folder in (os.environ.get("XDG_RUNTIME_DIR"), tempfile.gettempdir(), "/tmp"):
        if folder and len(os.fsencode(folder)) < 40 and os.access(folder, os.W_OK):
            return Path(folder)
    raise ServerError(
        "Đường dẫn tới DATA_DIR quá dài cho socket của PostgreSQL: đặt biến DATA_DIR sang đường dẫn ngắn."
    )


def _server_pid(data: Path) -> int | None:
    """The process number of the server running on that data folder, as its lock file says and the system confirms."""
    try:
        pid = int((data / "postmaster.pid").read_text().split()[0])
    except (FileNotFoundError, IndexError, ValueError):
        return None
    return pid if _is_server_of(pid, data) else None


def _is_server_of(pid: int, data: Path) -> bool:
    """Whether that process is a PostgreSQL server running on that data folder."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except FileNotFoundError:
        if sys.platform == "linux":
            return False
        listed = subprocess.run(["ps", "-ww", "-o", "command=", "-p", str(pid)], check=False, capture_output=True)
        return b"postgres" in listed.stdout and os.fsencode(data) in listed.stdout
    return b"-D" in words and os.fsencode(data) in words


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _last_line(text: str) -> str:
    """The last line that says something, for a message that must fit one line."""
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "không rõ lý do")
