"""How the server logs: what went wrong and where, but nothing of what it went wrong with.

The message of an exception may quote a row (a name, an identity number), so that only its kind is written, with the
places in the source; of PostgreSQL's also its code and the constraint. An address is written without what was asked
(a search holds a name or a number), a request that is none without what it said.
"""

import logging
import re
import traceback
from typing import Any

from gunicorn.glogging import Logger

QUOTED = (
    (re.compile(r"\?\S*"), "?…"),  # what follows the path of an address
    (re.compile(r"(Invalid request from ip=\S*): .*", re.DOTALL), r"\1"),  # gunicorn's words
)


class Formatter(logging.Formatter):
    """A line, and below it the places where an exception came from, without its words."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 — logging's name
        for quoted, instead in QUOTED:
            record.message = quoted.sub(instead, record.message)
        return super().formatMessage(record)

    def formatException(self, ei: Any) -> str:  # noqa: N802 — logging's name
        lines = []
        error, seen = ei[1], set()
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            lines += [f"  {kind_of(error)}, at", *traceback.format_tb(error.__traceback__)]
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n".join(line.rstrip("\n") for line in lines)


def kind_of(error: BaseException) -> str:
    """The class of an exception, and where PostgreSQL raised it, its code and the constraint."""
    found = [type(error).__qualname__]
    found += [code for code in (getattr(error, "pgcode", None),) if code]
    found += [name for name in (getattr(getattr(error, "diag", None), "constraint_name", None),) if name]
    found += [f"errno {error.errno}"] if isinstance(error, OSError) and error.errno else []
    return " ".join(found)


class ServerLogger(Logger):
    """gunicorn's, whose errors are written as those of the site."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(Formatter(self.error_fmt, self.datefmt))
