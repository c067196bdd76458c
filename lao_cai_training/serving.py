"""The worker of gunicorn that serves the site: a request takes a thread once it is here whole, and not before.

gunicorn's own worker of threads reads a request in the thread that answers it, so that whoever sends half a request to
each thread, by malice or over a bad line, stops the site. Here the loop that waits for connections receives head and
body (a large one into a file without a name), as a proxy in front would, and hands over what is complete. What does
not arrive in time is dropped, and where too many are under way, the one that has been so for longest.

A process whose threads are all at work takes no further connection: the next free thread does, of whichever process,
and who came first is answered first.

gunicorn.conf.py names it. It speaks plain HTTP: TLS ends at the proxy.
"""

import re
import time
from functools import partial
from selectors import EVENT_READ
from tempfile import SpooledTemporaryFile
from typing import Any

from django.conf import settings
from gunicorn.http import get_parser
from gunicorn.workers.gthread import TConn, ThreadWorker

AT_A_TIME = 256 * 1024  # bytes
IN_MEMORY = 1024 * 1024  # bytes of a request; a larger one is in a file
LARGEST_HEAD = 64 * 1024  # bytes; what the parser refuses is shorter
HEAD_PATIENCE = 20  # seconds for a head
SILENCE = 30  # seconds between two pieces of a body
BODY_PATIENCE = 15 * 60  # seconds for a body: the largest upload at half a megabit a second
MOST_UNDER_WAY = 400  # of one process
MOST_HELD = 512 * 2**20  # bytes of what is under way in one process
LEAVING = 1  # seconds for what is under way when the process is to end

HEAD_END = b"\r\n\r\n"
LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,15})[ \t]*(?=\r\n)", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)
NO_LENGTH = b"HTTP/1.1 411 Length Required\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Request:
    """A request under way; afterwards what the parser reads it from, in place of the socket.

    Of a body above settings.LARGEST_POST nothing is kept: the page that refuses it needs the head alone.
    """

    def __init__(self) -> None:
        self.begun = time.monotonic()
        self.deadline = self.begun + HEAD_PATIENCE
        self.head = bytearray()
        self.missing: int | None = None  # bytes of the body that are still to come; None: so is some of the head
        self.is_kept = True
        self.size = 0
        self._file: Any = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 — closed by close

    def take(self, data: bytes) -> bytes:
        """Add what has arrived; returns what belongs to the next request."""
        if self.missing is None:
            self.head += data
            end = self.head.find(HEAD_END)
            if end < 0 and len(self.head) <= LARGEST_HEAD:
                return b""
            end = len(self.head) if end < 0 else end + len(HEAD_END)
            data = bytes(self.head[end:])
            del self.head[end:]
            length = LENGTH.search(self.head)
            self.missing = int(length[1]) if length else 0
            self.is_kept = self.missing <= settings.LARGEST_POST
            self._file.write(self.head)
        body, rest = data[: self.missing], data[self.missing :]
        self.missing -= len(body)
        if self.is_kept:
            self._file.write(body)
            self.size += len(body)
        now = time.monotonic()
        self.deadline = min(self.begun + BODY_PATIENCE, now + SILENCE)
        if self.is_whole:
            self._file.seek(0)
        return rest

    @property
    def is_whole(self) -> bool:
        return self.missing == 0

    def read(self, size: int) -> bytes:
        return bytes(self._file.read(size))

    def close(self) -> None:
        self._file.close()


class Source:
    """What the parser of a connection reads from: the request that is being answered, and no byte more."""

    def __init__(self) -> None:
        self.request = Request()

    def recv(self, size: int) -> bytes:
        return self.request.read(size)


class Worker(ThreadWorker):
    """gunicorn's worker of threads, but for how a request comes to a thread."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.under_way: dict[Any, Request] = {}  # by connection, the oldest first
        self.at_work = 0  # requests that have a thread, or wait for one

    def set_accept_enabled(self, enabled: bool) -> None:
        """gunicorn asks for it before it waits for connections."""
        super().set_accept_enabled(enabled and self.at_work < self.cfg.threads)

    def enqueue_req(self, connection: Any) -> None:
        super().enqueue_req(connection)
        self.at_work += 1
        self.set_accept_enabled(self._accepting)

    def accept(self, listener: Any) -> None:
        try:
            client, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        self.nr_conns += 1
        connection = TConn(self.cfg, client, address, listener.getsockname())
        connection.source, connection.rest, connection.initialized = Source(), b"", True
        connection.parser = get_parser(self.cfg, connection.source, address)
        self._begin(connection)

    def on_client_socket_readable(self, connection: Any, client: Any) -> None:
        """The next request of a connection that was kept."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(connection)
        self._begin(connection)

    def finish_request(self, connection: Any, future: Any) -> None:
        self.at_work -= 1
        connection.source.request.close()
        super().finish_request(connection, future)
        if connection.rest and connection in self.keepalived_conns:
            self.on_client_socket_readable(connection, connection.sock)

    def murder_pending(self) -> None:
        """Drop what is late; gunicorn calls this every second."""
        now = time.monotonic()
        for connection, request in list(self.under_way.items()):
            if not self.alive:
                request.deadline = min(request.deadline, now + LEAVING)
            if request.deadline < now:
                self._drop(connection)
        held = sum(request.size for request in self.under_way.values())
        for connection, request in list(self.under_way.items()):
            if held <= MOST_HELD:
                break
            held -= request.size
            self._drop(connection)

    def _begin(self, connection: Any) -> None:
        self.under_way[connection] = Request()
        self.poller.register(connection.sock, EVENT_READ, partial(self._receive, connection))
        if connection.rest:
            self._take(connection, connection.rest)
        if len(self.under_way) > MOST_UNDER_WAY:
            self._drop(next(iter(self.under_way)))

    def _receive(self, connection: Any, client: Any) -> None:
        if connection not in self.under_way:
            return  # dropped by an event of the same round
        try:
            data = client.recv(AT_A_TIME)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if data:
            self._take(connection, data)
        else:
            self._drop(connection)

    def _take(self, connection: Any, data: bytes) -> None:
        request = self.under_way[connection]
        try:
            connection.rest = request.take(data)
        except OSError as error:  # the disk for files without a name is full
            self.log.error("A request could not be received: %s", error.strerror)
            self._drop(connection)
            return
        if request.missing is not None and CHUNKED.search(request.head):  # no browser and no buffering proxy does so
            connection.sock.send(NO_LENGTH)
            self._drop(connection)
        elif request.is_whole:
            del self.under_way[connection]
            self.poller.unregister(connection.sock)
            connection.source.request = request
            self.enqueue_req(connection)

    def _drop(self, connection: Any) -> None:
        self.under_way.pop(connection).close()
        self.poller.unregister(connection.sock)
        self.nr_conns -= 1
        connection.close()
