import sys
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from cadres.management.command import Command as ProjectCommand
from cadres.management.command import CommandFailed
from lao_cai_training.backup.archive import BackupError, opened
from lao_cai_training.backup.making import make
from lao_cai_training.backup.restoring import check
from lao_cai_training.postgres.binaries import ServerError


class Command(ProjectCommand):
    help = "Sao lưu toàn bộ cơ sở dữ liệu và các tệp tải lên vào một tệp, khi mọi người vẫn làm việc."
    writes = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "out", metavar="OUT", nargs="?", type=Path, help="tệp sẽ ghi; là thư mục thì tệp mang tên theo ngày giờ"
        )
        parser.add_argument(
            "--check", metavar="FILE", type=Path, help="không sao lưu, mà khôi phục thử tệp này và so từng bảng"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if (options["out"] is None) == (options["check"] is None):
            raise CommandFailed("Ghi một tệp hoặc thư mục để sao lưu, hoặc --check và tệp cần kiểm tra.")
        try:
            if options["check"]:
                self.check_backup(options["check"])
            else:
                self.back_up(options["out"])
        except (BackupError, ServerError) as error:
            raise CommandFailed(str(error)) from error

    def back_up(self, out: Path) -> None:
        """Make the backup; ends with status 1 where files are missing that rows name."""
        made = make(out, progress=self.say)
        self.stdout.write(
            f"Đã sao lưu vào {made.path} ({made.size / 1e6:.1f} MB): {made.rows} dòng trong {made.tables} bảng, "
            f"{made.uploads} tệp tải lên."
        )
        if made.missing:
            self.say(
                f"Cảnh báo: {len(made.missing)} tệp tải lên không còn trong thư mục dữ liệu nên không có trong bản "
                f"sao lưu: {', '.join(made.missing[:5])}{'…' if len(made.missing) > 5 else ''}"
            )
            sys.exit(1)

    def check_backup(self, path: Path) -> None:
        """Restore it beside and compare; ends with status 1 where something differs."""
        with opened(path) as archive:
            differing = check(archive, progress=self.say)
            if differing:
                self.say(f"Khôi phục thử không khớp, đừng dùng bản sao lưu này; bảng khác: {', '.join(differing)}")
                sys.exit(1)
            rows = sum(table["rows"] for table in archive.contents["tables"].values())
            self.stdout.write(
                f"Bản sao lưu {path} dùng được: khôi phục thử {rows} dòng trong {len(archive.contents['tables'])} bảng "
                f"khớp hết, {len(archive.contents['uploads'])} tệp tải lên nguyên vẹn."
            )
