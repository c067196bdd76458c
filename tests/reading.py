"""A page that is only read writes nothing: PostgreSQL holds the transaction read-only while a GET is answered.

So it is in all tests (conftest), whatever they open with whatever in the address; test_access opens every address. This
middleware comes last, next to the view. What may be written around a page is what the middleware before it writes, and
that is one row of one table: the session's, by Django's SessionMiddleware.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection
from django.http import HttpRequest, HttpResponse

Answer = Callable[[HttpRequest], HttpResponse]


def read_only(get_response: Answer) -> Answer:
    """Middleware: also what would be taken back afterwards is refused, as is a lock on a row."""

    def respond(request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return get_response(request)
        with held_read_only():
            return get_response(request)

    return respond


@contextmanager
def held_read_only() -> Iterator[None]:
    """Past Django, so that nobody's count of queries counts it; a savepoint where the test is in a transaction."""
    connection.close_if_health_check_failed()  # of a database that an earlier test has worked in
    connection.ensure_connection()
    begin, end = "SET default_transaction_read_only = on", "RESET default_transaction_read_only"
    if connection.in_atomic_block:
        begin, end = "SAVEPOINT reading; SET TRANSACTION READ ONLY", "ROLLBACK TO SAVEPOINT reading"
    with connection.connection.cursor() as cursor:
        cursor.execute(begin)
        try:
            yield
        finally:
            cursor.execute(end)
