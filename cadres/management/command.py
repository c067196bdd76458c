"""What all commands of the project share: exit status 2 with one Vietnamese line on standard error, never a traceback.

Exit status: 0 done; 1 done, but rows were rejected or a check failed (`sys.exit(1)` at the end of `handle`); 2 could
not run (raise CommandFailed).
"""

import re
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import date
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error, OperationalError, ProgrammingError

from cadres.disk import TOLD, is_full
from cadres.history import act
from cadres.models import Act, UnitVersion

UNDEFINED_TABLE = "42P01"  # PostgreSQL's code, and the next too
UNDEFINED_COLUMN = "42703"

# What argparse says, and how it is said here.
ARGUMENT_ERRORS = [
    (r"the following arguments are required: (.+)", r"thiếu tham số \1"),
    (r"unrecognized arguments: (.+)", r"không có tham số \1"),
    (r"argument (\S+): invalid choice: (\S+) \(choose from (.+)\)", r"tham số \1 không nhận giá trị \2, chỉ nhận \3"),
    (r"argument (\S+): invalid int value: (.+)", r"tham số \1 phải là số nguyên, không phải \2"),
    (r"argument (\S+): invalid \S+ value: (.+)", r"tham số \1 không nhận giá trị \2"),
    (r"argument (\S+): expected .*argument.*", r"tham số \1 cần giá trị đi kèm"),
    (r"argument (\S+): not allowed with argument (\S+)", r"không dùng \1 cùng với \2"),
    (r"argument (\S+): (.+)", r"tham số \1: \2"),
]


class CommandFailed(CommandError):  # noqa: N818 — reads as what happened
    """The command could not run; the message is one Vietnamese line that says what is wrong and how to mend it."""

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(message.split()), returncode=2)


class Command(BaseCommand):
    """Base of the project's commands; subclasses write `add_arguments` and `handle` as in Django."""

    requires_system_checks = []  # they are for developers (make lint), and speak on standard error
    writes = True  # whether it may change rows: the history then tells which command did
    _called_from_command_line: bool  # Django's, unknown to its stubs

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **kwargs)

        def error(message: str) -> NoReturn:
            raise CommandFailed(f"{_in_vietnamese(message)} (xem: python manage.py {subcommand} --help).")

        parser.error = error  # type: ignore[method-assign] # Django offers no way to name the parser's class
        return parser

    def run_from_argv(self, argv: list[str]) -> None:
        """Run from the command line; ends the process with status 2 where CommandFailed was raised."""
        try:
            super().run_from_argv(argv)
        except CommandFailed as failure:  # from the arguments, which Django reads outside its own try
            self._end(failure)
        except KeyboardInterrupt:
            self.stderr.write("Đã dừng theo yêu cầu.")
            sys.exit(130)

    def execute(self, *args: Any, **options: Any) -> str | None:
        name = type(self).__module__.rpartition(".")[2]
        try:
            with act(Act.Kind.COMMAND, command=name) if self.writes else nullcontext():
                return super().execute(*args, **options)
        except CommandFailed as failure:
            if not self._called_from_command_line or options.get("traceback"):
                raise
            self._end(failure)
        except (OperationalError, ProgrammingError) as error:
            told = CommandFailed(_database_message(error))
            if not self._called_from_command_line or options.get("traceback"):
                raise told from error
            self._end(told)
        except OSError as error:
            if not is_full(error):
                raise
            told = CommandFailed(TOLD)
            if not self._called_from_command_line or options.get("traceback"):
                raise told from error
            self._end(told)

    def say(self, message: str) -> None:
        """Tell on standard error what is being done."""
        self.stderr.write(message, lambda text: text)  # plain: it is no error
        self.stderr.flush()

    def _end(self, failure: CommandFailed) -> NoReturn:
        self.stderr.write(str(failure))
        sys.exit(failure.returncode)


def day_argument(text: str) -> date:
    """A day given on the command line as YYYY-MM-DD; for `type=` of an argument."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandFailed(f"Ngày “{text}” không hợp lệ: viết theo dạng NĂM-THÁNG-NGÀY, ví dụ 2015-12-31.") from None


def unit_argument(code: str, day: date, *, where: str = "ngày (--as-of)") -> UnitVersion:
    """The unit that bears the code on the day, as it is then, with its `unit`; `where` says what else may be wrong.

    Raises CommandFailed where there is none.
    """
    version = UnitVersion.objects.as_of(day).filter(code=code).select_related("unit").first()
    if version is None:
        raise CommandFailed(
            f"Không có đơn vị nào mang mã “{code}” vào ngày {day:%d/%m/%Y}; hãy kiểm tra mã hoặc {where}."
        )
    return version


def _in_vietnamese(message: str, patterns: Sequence[tuple[str, str]] = ARGUMENT_ERRORS) -> str:
    for pattern, translation in patterns:
        if re.fullmatch(pattern, message):
            text = re.sub(pattern, translation, message)
            return text[0].upper() + text[1:]
    return f"Tham số không đúng: {message}"


def _database_message(error: Error) -> str:
    if getattr(error.__cause__, "pgcode", None) in (UNDEFINED_TABLE, UNDEFINED_COLUMN):
        return "Cơ sở dữ liệu chưa được chuẩn bị cho phiên bản này: chạy python manage.py setup."
    if is_full(error):
        return TOLD
    if isinstance(error, ProgrammingError):
        raise error  # a mistake of ours: nobody is helped by hiding where
    first_line = next(iter(str(error).splitlines()), type(error).__name__)
    return f"Cơ sở dữ liệu không dùng được: {first_line}"
