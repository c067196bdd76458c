import errno
import socket
import time
from typing import Any

from django.core.management import call_command
from django.core.management.base import CommandParser
from django.db import connection, connections, transaction
from gunicorn.app.base import BaseApplication
from gunicorn.util import import_app

from cadres import demonstration
from cadres.installation import set_demonstration_day
from cadres.management.command import Command as ProjectCommand
from cadres.management.command import CommandFailed
from cadres.models import Installation, Official
from courses import demonstration as training
from lao_cai_training.instance import (
    alone,
    empty_database,
    foreign_migrations,
    marks,
    nobody_has_entered_anything,
    note_demonstration,
)
from reports import demonstration as figures

ADDRESS = "127.0.0.1"  # the accounts and their passwords are public, the site must not be
PORTS_TRIED = 100
PATIENCE_WITH_A_PREDECESSOR = 2  # seconds until the workers of a killed site have noticed and let go of its port


class Command(ProjectCommand):
    help = "Chuẩn bị cơ sở dữ liệu, tạo tỉnh minh họa nếu chưa có cán bộ nào, rồi mở trang web."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--no-serve", action="store_true", help="chỉ tạo dữ liệu, không mở trang web")
        parser.add_argument(
            "--port", type=int, default=8000, help="cổng của trang web (8000); bận thì lấy cổng kế tiếp"
        )
        parser.add_argument("--seed", type=int, default=2015, help="số gieo của dữ liệu minh họa (2015)")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 0 < options["port"] < 2**16:
            raise CommandFailed(f"Cổng {options['port']} không hợp lệ: chọn từ 1 đến 65535.")
        with alone(self.say):
            self.prepare(options["seed"])
        if not options["no_serve"]:
            self.serve(options["port"])

    def prepare(self, seed: int) -> None:
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
            self.build(seed)
        elif marks().get("demonstration") and not Installation.objects.exists():  # made before there was such a day
            set_demonstration_day(demonstration.LAST_DAY, by=None)

    def place(self) -> str:
        """Where the data lie, in words."""
        folder = connection.settings_dict.get("CLUSTER")
        return f"thư mục {folder}" if folder else f"cơ sở dữ liệu {connection.settings_dict['NAME']}"

    @transaction.atomic
    def build(self, seed: int) -> None:
        """Make the demonstration province: all of it, or where this is interrupted nothing. Raises CommandFailed."""
        try:
            demonstration.build(seed=seed, progress=self.say)
            training.build(seed=seed, progress=self.say)
            figures.build(progress=self.say)
        except RuntimeError as missed:  # few seeds draw lives in which a figure of the province cannot be reached
            raise CommandFailed(f"Số gieo {seed} không dùng được. {missed} Hãy chọn số khác, hoặc bỏ --seed.") from None
        note_demonstration()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # or the first pages would be planned for empty tables

    def serve(self, port: int) -> None:
        """Serve the site until Ctrl-C; ends the process."""
        listener = listen(port)
        taken = listener.getsockname()[1]
        if taken != port:
            self.say(f"Cổng {port} đang bận, dùng cổng {taken}.")
        lines = ["", f"Trang web: http://{ADDRESS}:{taken}/   (Ctrl-C để dừng)"]
        if marks().get("demonstration"):
            lines += ["Tài khoản minh họa:"]
            lines += [
                f"  {account['username']:<16} mật khẩu {account['password']:<16} {account['label']}"
                for account in demonstration.ACCOUNTS
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
