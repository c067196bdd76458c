import errno
import os
import socket
import sys
import time
from datetime import date
from typing import Any

from django.core.management import call_command
from django.core.management.base import CommandParser
from django.db import connection, connections, transaction
from django.utils.timezone import localdate  # noqa: TID251 — the command line's
from gunicorn.app.base import BaseApplication
from gunicorn.util import import_app

from cadres import demonstration
from cadres.installation import set_demonstration_day
from cadres.management.command import Command as ProjectCommand
from cadres.management.command import CommandFailed, day_argument
from cadres.models import Installation, Official
from lao_cai_training.demonstrations import (
    DEMONSTRATIONS,
    OF_2015,
    OF_TODAY,
    URLS,
    Demonstration,
    make_database_of_the_present,
    place_of_the_present,
)
from lao_cai_training.instance import (
    alone,
    empty_database,
    foreign_migrations,
    marks,
    nobody_has_entered_anything,
    note_demonstration,
)
from lao_cai_training.postgres.binaries import ServerError

ADDRESS = "127.0.0.1"  # the accounts and their passwords are public, the site must not be
PORTS_TRIED = 100
PATIENCE_WITH_A_PREDECESSOR = 2  # seconds until the workers of a killed site have noticed and let go of its port
TODAY = "--today"
IN_ITS_PLACE = "DEMONSTRATION_OF_TODAY"  # set in the environment once this process works in the place of the present


class Command(ProjectCommand):
    help = "Chuẩn bị cơ sở dữ liệu, tạo tỉnh minh họa nếu chưa có cán bộ nào, rồi mở trang web."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--no-serve", action="store_true", help="chỉ tạo dữ liệu, không mở trang web")
        parser.add_argument(
            "--port", type=int, default=8000, help="cổng của trang web (8000); bận thì lấy cổng kế tiếp"
        )
        parser.add_argument("--seed", type=int, help="số gieo của dữ liệu minh họa (2015; --today: 2026)")
        parser.add_argument(
            TODAY, action="store_true", help="tỉnh hiện nay (99 xã, phường), ở cơ sở dữ liệu riêng bên cạnh"
        )
        parser.add_argument(
            "--day", type=day_argument, metavar="NGÀY", help="chuyển hôm nay của tỉnh minh họa năm 2015 đến ngày này"
        )

    def run_from_argv(self, argv: list[str]) -> None:
        """The present lies elsewhere: there the process begins anew, before it has opened any database."""
        if TODAY in argv and IN_ITS_PLACE not in os.environ:
            try:
                if any(os.environ.get(name) for name in URLS):
                    make_database_of_the_present()
                    connections.close_all()
                environment = place_of_the_present(os.environ) | {IN_ITS_PLACE: "1"}
            except ServerError as refused:
                self._end(CommandFailed(str(refused)))
            os.execve(sys.executable, [sys.executable, *argv], environment)
        super().run_from_argv(argv)

    def handle(self, *args: Any, **options: Any) -> None:
        if not 0 < options["port"] < 2**16:
            raise CommandFailed(f"Cổng {options['port']} không hợp lệ: chọn từ 1 đến 65535.")
        wanted = DEMONSTRATIONS[OF_TODAY if options["today"] else OF_2015]
        if options["day"] and (options["today"] or options["day"] < demonstration.LAST_DAY):
            raise CommandFailed(
                f"--day chỉ chuyển tỉnh minh họa năm 2015, đến ngày từ {demonstration.LAST_DAY:%d/%m/%Y} trở đi."
            )
        with alone(self.say):
            self.prepare(wanted, wanted.seed if options["seed"] is None else options["seed"])
            if options["day"]:
                self.move_to(options["day"])
        if not options["no_serve"]:
            self.serve(options["port"])

    def move_to(self, day: date) -> None:
        """From now on it is this day in the demonstration of 2015. Raises CommandFailed where this is none."""
        if self.of() is not DEMONSTRATIONS[OF_2015]:
            raise CommandFailed("Ở đây không có tỉnh minh họa năm 2015 để chuyển ngày.")
        set_demonstration_day(day, by=None)
        self.say(f"Hôm nay của tỉnh minh họa là {day:%d/%m/%Y}.")

    def of(self) -> Demonstration | None:
        """Which demonstration the database holds; None where its people are real, or there are none."""
        noted = marks()
        return DEMONSTRATIONS[noted.get("demonstration_of", OF_2015)] if noted.get("demonstration") else None

    def prepare(self, wanted: Demonstration, seed: int) -> None:
        """Make the database ready, with the demonstration province where nobody is in it. Raises CommandFailed.

        Only a demonstration that another version made is made anew, and only where nobody has entered anything.
        """
        if marks().get("demonstration") and foreign_migrations():
            if not nobody_has_entered_anything():
                raise CommandFailed(
                    "Dữ liệu minh họa này do phiên bản khác của phần mềm tạo, và có thể đã có người nhập hay sửa, nên "
                    "không bị xóa: đặt biến DATA_DIR (hoặc DATABASE_URL) sang nơi mới để có tỉnh minh họa mới, hoặc "
                    f"tự xóa {self.place()} nếu không cần nữa."
                )
            self.say("Dữ liệu minh họa do phiên bản khác của phần mềm tạo, chưa ai nhập gì: xóa và tạo lại.")
            empty_database()
        call_command("setup", stderr=self.stderr)
        if not Official.objects.exists():
            self.say("Tạo tỉnh minh họa…")
            self.build(wanted, seed)
        elif self.of() is DEMONSTRATIONS[OF_2015] and not Installation.objects.exists():  # made before there was such
            set_demonstration_day(demonstration.LAST_DAY, by=None)

    def place(self) -> str:
        """Where the data lie, in words."""
        folder = connection.settings_dict.get("CLUSTER")
        return f"thư mục {folder}" if folder else f"cơ sở dữ liệu {connection.settings_dict['NAME']}"

    @transaction.atomic
    def build(self, wanted: Demonstration, seed: int) -> None:
        """Make the demonstration province: all of it, or where this is interrupted nothing. Raises CommandFailed."""
        try:
            wanted.build(seed, localdate(), self.say)
        except RuntimeError as missed:  # few seeds draw lives in which a figure of the province cannot be reached
            raise CommandFailed(f"Số gieo {seed} không dùng được. {missed} Hãy chọn số khác, hoặc bỏ --seed.") from None
        note_demonstration(wanted.key)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # or the first pages would be planned for empty tables

    def serve(self, port: int) -> None:
        """Serve the site until Ctrl-C; ends the process."""
        listener = listen(port)
        taken = listener.getsockname()[1]
        if taken != port:
            self.say(f"Cổng {port} đang bận, dùng cổng {taken}.")
        lines = ["", f"Trang web: http://{ADDRESS}:{taken}/   (Ctrl-C để dừng)"]
        if shown := self.of():
            lines += [shown.told, "Tài khoản minh họa:"]
            lines += [
                f"  {account['username']:<16} mật khẩu {account['password']:<16} {account['label']}"
                for account in shown.accounts
            ]

        def tell() -> None:
            self.stdout.write("\n".join(lines))
            self.stdout.flush()  # now, and not once more from each worker

        connections.close_all()  # a connection must not be carried into the workers
        Server(listener, when_ready=tell).run()


def listen(port: int) -> socket.socket:
    """A socket listening on that port or the next free one. Raises CommandFailed."""
    deadline = time.monotonic() + PATIENCE_WITH_A_PREDECESSOR
    candidate = port
    while candidate < min(port + PORTS_TRIED, 2**16):
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((ADDRESS, candidate))
            listener.listen()
        except OSError as error:
            listener.close()
            if error.errno != errno.EADDRINUSE:
                reason = error.strerror
                raise CommandFailed(
                    f"Không mở được cổng {candidate} ({reason}): chọn cổng khác bằng --port."
                ) from error
            if time.monotonic() < deadline:
                time.sleep(0.1)
            else:
                candidate += 1
        else:
            return listener
    raise CommandFailed(f"Các cổng từ {port} đều bận: chọn cổng khác bằng --port.")


class Server(BaseApplication):
    """gunicorn in this process; only its workers load the site, and with it take on the role of the web process."""

    def __init__(self, listener: socket.socket, when_ready: Any) -> None:
        self.listener = listener
        self.when_ready = when_ready
        super().__init__()

    def load_config(self) -> None:
        for name, value in {
            "bind": f"fd://{self.listener.fileno()}",
            "worker_class": "lao_cai_training.serving.Worker",
            "logger_class": "lao_cai_training.logs.ServerLogger",
            "workers": 2,
            "threads": 4,
            "loglevel": "warning",
            "control_socket_disable": True,
            "when_ready": lambda arbiter: self.when_ready(),
        }.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return import_app("lao_cai_training.wsgi")
