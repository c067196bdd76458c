import sys
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.timezone import localtime

from cadres.management.command import Command as ProjectCommand
from cadres.management.command import CommandFailed
from lao_cai_training.backup.archive import Archive, BackupError, opened
from lao_cai_training.backup.restoring import refuse_other_versions, restore, take_back
from lao_cai_training.instance import is_behind
from lao_cai_training.postgres.binaries import ServerError

YES = {"có", "co", "y", "yes"}


class Command(ProjectCommand):
    help = "Đưa một bản sao lưu vào dùng, thay cho toàn bộ dữ liệu đang có; dữ liệu đang có được giữ lại một lần."
    writes = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="IN", nargs="?", type=Path, help="tệp do lệnh backup tạo ra")
        parser.add_argument("--yes", action="store_true", help="không hỏi lại")
        parser.add_argument("--undo", action="store_true", help="quay lại dữ liệu trước lần khôi phục vừa rồi")

    def handle(self, *args: Any, **options: Any) -> None:
        if (options["file"] is None) != options["undo"]:
            raise CommandFailed("Ghi tệp sao lưu cần khôi phục, hoặc --undo để quay lại trước lần khôi phục vừa rồi.")
        try:
            if options["undo"]:
                self.ask("Dữ liệu trước lần khôi phục vừa rồi sẽ thay dữ liệu đang dùng.", yes=options["yes"])
                take_back()
                self.stdout.write("Đã quay lại dữ liệu trước lần khôi phục; chạy lại lệnh này thì đổi trở lại.")
                if is_behind():
                    self.say("Dữ liệu này của một phiên bản cũ hơn: chạy python manage.py setup trước khi làm tiếp.")
                return
            with opened(options["file"]) as archive:
                self.restore(archive, yes=options["yes"])
        except (BackupError, ServerError) as error:
            raise CommandFailed(str(error)) from error

    def restore(self, archive: Archive, *, yes: bool) -> None:
        """Ask, restore, and say what is there now."""
        refuse_other_versions(archive)
        made = f"{localtime(archive.made_at):%H:%M ngày %d/%m/%Y}"
        self.ask(
            f"Toàn bộ dữ liệu đang có sẽ được thay bằng bản sao lưu lúc {made}; những gì nhập sau lúc đó không còn.",
            yes=yes,
        )
        done = restore(archive, progress=self.say)
        self.stdout.write(
            f"Đã khôi phục bản sao lưu lúc {made}: {done.rows} dòng trong {done.tables} bảng, {done.uploads} tệp tải "
            "lên. Mọi người cần đăng nhập lại."
        )
        if done.previous:
            self.stdout.write(
                f"Dữ liệu trước đó còn giữ trong cơ sở dữ liệu {done.previous} đến lần khôi phục sau; quay lại bằng "
                "python manage.py restore --undo"
            )

    def ask(self, question: str, *, yes: bool) -> None:
        """Return only where the answer is yes. Raises CommandFailed."""
        if yes:
            return
        if not sys.stdin.isatty():
            raise CommandFailed(f"{question} Nếu chắc chắn, chạy lại với --yes.")
        self.stderr.write(f"{question} Tiếp tục? (có/không) ", lambda text: text, ending="")
        self.stderr.flush()
        if sys.stdin.readline().strip().lower() not in YES:
            raise CommandFailed("Không khôi phục; dữ liệu đang có vẫn nguyên.")
