"""The real server: gunicorn with our worker, as gunicorn.conf.py names it, before the site."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction

from tests.processes import environment

HALF_A_HEAD = b"POST /quan-tri/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Le"
HALF_A_BODY = b"POST /quan-tri/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 90000\r\n\r\nusername=a"
NOTHING = b""
MANY = 100  # of each kind; one process has two threads here
NAME, NUMBER = "Gi%C3%A0ng", "063333444"
LARGE = 70 * 2**20  # bytes: more than may be sent


@pytest.fixture(scope="module")
def log(tmp_path_factory) -> Path:
    """What the server says of each request, and of what goes wrong."""
    return tmp_path_factory.mktemp("server") / "log"


@pytest.fixture(scope="module")
def listener() -> Iterator[socket.socket]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(socket.SOMAXCONN)
        yield listener


@pytest.fixture(scope="module")
def address(django_db_setup, databases, django_db_blocker, log, listener) -> Iterator[tuple[str, int]]:
    """One process of two threads."""
    with django_db_blocker.unblock(), databases.clone("reference"):
        bind = ("--workers", "1", "--threads", "2", "--bind", f"fd://{listener.fileno()}", "--access-logfile", "-")
        with (
            log.open("wb") as said,
            subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "lao_cai_training.wsgi", *bind],
                cwd=settings.BASE_DIR,
                env=environment(),
                pass_fds=[listener.fileno()],
                start_new_session=True,
                stdout=said,
                stderr=said,
            ) as server,
        ):
            try:
                yield listener.getsockname()
            finally:
                server.terminate()


def page(connection: HTTPConnection) -> tuple[int, str]:
    connection.request("GET", "/quan-tri/login/")
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def sent(address: tuple[str, int], data: bytes) -> socket.socket:
    client = socket.create_connection(address, timeout=30)
    client.sendall(data)
    return client


def test_requests_that_are_half_sent_do_not_keep_a_page_from_anybody(address):
    with ExitStack() as stack:
        connection = HTTPConnection(*address, timeout=30)
        assert page(connection)[0] == 200
        halves = [
            stack.enter_context(sent(address, half))
            for half in (HALF_A_HEAD, HALF_A_BODY, NOTHING)
            for _ in range(MANY)
        ]

        begun = time.monotonic()
        for again in (connection, HTTPConnection(*address, timeout=30)):
            status, shown = page(again)
            assert status == 200
            assert "Đăng nhập" in shown
        assert time.monotonic() - begun < 3

        # Whoever goes on is answered.
        slow = halves[MANY]
        slow.settimeout(0.1)
        with pytest.raises(TimeoutError):  # half of it is answered by nothing
            slow.recv(1)
        slow.settimeout(30)
        slow.sendall(b"b" * (90_000 - len(b"username=a")))
        assert slow.recv(100).startswith(b"HTTP/1.1 403")  # a form without a token


def test_where_too_many_are_under_way_the_oldest_is_dropped(address):
    with ExitStack() as stack:
        halves = [stack.enter_context(sent(address, HALF_A_HEAD)) for _ in range(402)]

        assert page(HTTPConnection(*address, timeout=30))[0] == 200
        assert halves[0].recv(1) == b""
        halves[-1].settimeout(0.1)
        with pytest.raises(TimeoutError):
            halves[-1].recv(1)


def test_requests_that_come_together_are_answered_in_turn(address):
    request = b"GET /quan-tri/login/ HTTP/1.1\r\nHost: localhost\r\n\r\n"
    last = request.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    with sent(address, request + request[:30]) as client:
        time.sleep(0.1)
        client.sendall(request[30:] + last)
        answered = b"".join(iter(lambda: client.recv(65536), b""))

    assert answered.count(b"HTTP/1.1 200") == 3


def test_a_process_whose_threads_are_at_work_leaves_the_next_to_another_process(address, listener, django_db_blocker):
    of_a_session = (
        b"GET /quan-tri/login/ HTTP/1.1\r\nHost: localhost\r\nCookie: sessionid=abcdefgh\r\nConnection: close\r\n\r\n"
    )
    assert page(HTTPConnection(*address, timeout=30))[0] == 200
    with ExitStack() as stack:
        stack.enter_context(django_db_blocker.unblock())
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE cadres_session")
            both = [stack.enter_context(sent(address, of_a_session)) for _ in range(2)]
            deadline = time.monotonic() + 30
            while waiting_for_a_lock(cursor) < len(both):
                assert time.monotonic() < deadline
                time.sleep(0.02)

            third = stack.enter_context(sent(address, of_a_session))
            time.sleep(0.5)  # in which the process would take it
            listener.settimeout(2)
            other_process, _ = listener.accept()
            assert other_process.recv(65536) == of_a_session
            other_process.close()
            assert third.recv(1) == b""
        for client in both:
            assert client.recv(100).startswith(b"HTTP/1.1 200")
    assert page(HTTPConnection(*address, timeout=30))[0] == 200


def waiting_for_a_lock(cursor) -> int:
    cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'cadres_session'::regclass")
    return cursor.fetchone()[0]


def test_what_is_too_large_is_told_to_whoever_sends_it(address):
    head = f"POST /quan-tri/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: {LARGE}\r\n\r\n".encode()
    with sent(address, head) as client:
        for _ in range(LARGE // 2**20):
            client.sendall(bytes(2**20))
        assert client.recv(100).startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize(
    ("request_", "answer"),
    [
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n", b"HTTP/1.1 411"),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n", b"HTTP/1.1 400"),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", b"HTTP/1.1 400"),
        (b"GET /" + b"a" * 70_000, b"HTTP/1.1 4"),
        (b"\x16\x03\x01 not HTTP\r\n\r\n", b"HTTP/1.1 400"),
    ],
)
def test_what_is_no_request_is_refused(request_, answer, address):
    with sent(address, request_) as client:
        assert client.recv(100).startswith(answer)


def test_no_line_of_the_log_tells_what_was_searched_for_or_sent(address, log):
    asked = f"/can-bo/?q={NAME}+{NUMBER}"
    head = f"Host: localhost\r\nReferer: http://localhost{asked}\r\nConnection: close\r\n\r\n"
    for request_ in (
        f"GET {asked} HTTP/1.1\r\n{head}",
        f"GET {asked} {NUMBER} HTTP/9\r\n{head}",  # none, and quoted by gunicorn
        f"GET {asked} HTTP/1.1\r\nX {NUMBER}: a\r\n{head}",
    ):
        with sent(address, request_.encode()) as client:
            while client.recv(65536):
                pass

    lines = log.read_text()
    assert '"GET /can-bo/ HTTP/1.1" 302' in lines
    assert lines.count("Invalid request from ip=127.0.0.1\n") >= 2
    assert NAME not in lines
    assert NUMBER not in lines
