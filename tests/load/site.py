"""The site under load: the demonstration in a folder of its own, served like a real one, and what it costs."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil

SERVER = ("lao_cai_training.wsgi", "--workers", "4", "--threads", "2", "--no-control-socket")  # as README says
UNBOUNDED = {"EXPORTS_IN_TEN_MINUTES": "1000000", "SEARCHES_A_MINUTE": "1000000"}  # 80 people share a few accounts
SERVING = ("web", "PostgreSQL")
LETTING_GO = 60  # seconds for a process to end


class Site:
    """A running site: its address, and the processor time it has taken so far."""

    def __init__(self, port: int, data: Path, server: psutil.Process) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self.data = data
        self.server = server

    def seconds(self) -> dict[str, float]:
        """Processor seconds so far of the web processes and of PostgreSQL, with all they have started."""
        postgres = postgres_in(self.data)
        begun_by_it = sum(seconds_of(one) for one in postgres if one in self.server.children(recursive=True))
        web = seconds_of(self.server) - begun_by_it
        return dict(zip(SERVING, (web, sum(map(seconds_of, postgres))), strict=True))


def seconds_of(process: psutil.Process) -> float:
    """Processor seconds so far of a process and its descendants, those that have ended too."""
    alive = [process, *process.children(recursive=True)]
    return sum(sum(one.cpu_times()[:4]) for one in alive)  # user, system, and both of children waited for


def postgres_in(data: Path) -> list[psutil.Process]:
    """The embedded PostgreSQL of a folder; none where it does not run."""
    numbers = [int(file.read_text().split()[0]) for file in data.glob("postgres/*/postmaster.pid")]
    return [psutil.Process(number) for number in numbers if psutil.pid_exists(number)]  # negative: being made


@contextmanager
def site_of(source: Path) -> Iterator[Site]:
    """Serve the demonstration of a checkout on a free port of 127.0.0.1; nothing is written into the checkout.

    Whatever ends the block ends the site and its database, and its folder is removed.
    """
    with tempfile.TemporaryDirectory(prefix="load-") as folder, socket.socket() as listener:
        own = {"DATA_DIR": folder, "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1", **UNBOUNDED}
        others = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "WEB_DATABASE_URL")}
        run = {"cwd": source, "env": others | own}
        data = Path(folder)
        with running([sys.executable, "manage.py", "demo", "--no-serve"], data, **run) as demonstration:
            if status := demonstration.wait():
                sys.exit(status)
        listener.bind(("127.0.0.1", 0))
        listener.listen(socket.SOMAXCONN)
        bind = ("--bind", f"fd://{listener.fileno()}", "--log-level", "warning")
        command = [sys.executable, "-m", "gunicorn", *SERVER, *bind]
        with running(command, data, pass_fds=[listener.fileno()], **run) as server:
            yield Site(listener.getsockname()[1], data, psutil.Process(server.pid))


@contextmanager
def running(command: list[str], data: Path, **settings: Any) -> Iterator[subprocess.Popen]:
    """A process and the database in that folder; both are gone after the block."""
    process = subprocess.Popen(command, start_new_session=True, **settings)  # or Ctrl-C would reach it twice
    try:
        yield process
    finally:
        process.terminate()
        process.wait(LETTING_GO)
        for database in postgres_in(data):  # on its way out already, unless the process was cut off
            with suppress(psutil.NoSuchProcess):
                database.send_signal(signal.SIGINT)
                database.wait(LETTING_GO)
