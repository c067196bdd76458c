from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from cadres.management.command import Command as ProjectCommand
from cadres.management.command import CommandFailed
from lao_cai_training.helping import pictures

ADDRESS = "http://127.0.0.1:8000"  # where the demonstration opens


class Command(ProjectCommand):
    help = "Chụp hình từ tỉnh minh họa đang chạy và in các tờ hướng dẫn (mỗi tờ hai trang A4) thành PDF."
    writes = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("out", metavar="OUT", type=Path, help="thư mục để các tệp PDF vào")
        parser.add_argument(
            "--address", default=ADDRESS, metavar="URL", help=f"địa chỉ của tỉnh minh họa đang chạy ({ADDRESS})"
        )
        parser.add_argument(
            "--keep", action="store_true", help="giữ các hình làm hình của trang Trợ giúp, thay những hình đi kèm"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        out: Path = options["out"]
        try:
            out.mkdir(parents=True, exist_ok=True)
            with pictures.seen(options["address"].rstrip("/")) as site:
                self.say("Chụp hình…")
                taken = pictures.take(site)
                self.say("In các tờ hướng dẫn…")
                for slug, content in pictures.on_paper(site, taken).items():
                    (out / f"huong-dan-{slug}.pdf").write_bytes(content)
            if options["keep"]:
                pictures.FOLDER.mkdir(exist_ok=True)
                for name, content in taken.items():
                    (pictures.FOLDER / f"{name}.png").write_bytes(content)
        except pictures.CannotTake as refusal:
            raise CommandFailed(f"Chưa làm được tờ hướng dẫn: {refusal}.") from refusal
        except OSError as error:
            raise CommandFailed(f"Không ghi được vào {out}: {error.strerror}.") from error
        self.stdout.write(f"{len(pictures.LEAFLETS)} tờ hướng dẫn trong {out}")
