"""Sắp xếp đơn vị hành chính: mang người, khu vực, phạm vi sang đơn vị kế tục."""

import json
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandParser
from django.db import transaction

from cadres.management.command import Command as BaseCommand
from cadres.management.command import CommandFailed, day_argument
from cadres.reorganisation import (
    ReorganisationRefused,
    UnreadableSuccessions,
    carry_out,
    known_for,
    load_former,
    of_known,
    plan,
    read,
    take_back_of,
)


class Command(BaseCommand):
    help = "Thực hiện sáp nhập, chia tách đơn vị có hiệu lực vào một ngày, hoặc hoàn lại lần sắp xếp của ngày đó."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="TỆP", help="CSV các đơn vị kế tục, cột như unit_successions.csv")
        parser.add_argument("--on", type=day_argument, required=True, metavar="NGÀY", help="ngày hiệu lực: 2025-07-01")
        parser.add_argument("--decision", default="", metavar="VĂN BẢN", help="văn bản; trống: như trong tệp")
        parser.add_argument("--dry-run", action="store_true", help="chỉ xem trước, không ghi")
        parser.add_argument("--undo", action="store_true", help="hoàn lại lần sắp xếp cuối cùng của ngày này")
        parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._run(**options)
        except OSError as error:
            raise CommandFailed(f"Không đọc được {options['file']}: {error.strerror}. Hãy kiểm tra tên tệp.") from error
        except UnreadableSuccessions as error:
            raise CommandFailed(f"{options['file']}: {error}") from error
        except ReorganisationRefused as refusal:
            raise CommandFailed("Chưa ghi gì. " + " ".join(refusal.reasons)) from refusal
        except ValidationError as refusal:
            raise CommandFailed("Chưa ghi gì. " + " ".join(refusal.messages)) from refusal

    def _run(self, **options: Any) -> None:
        day = options["on"]
        if options["undo"]:
            if options["dry_run"]:
                raise CommandFailed("--undo không đi cùng --dry-run: hãy bỏ một trong hai.")
            people = take_back_of(day, reason=options["decision"] or "Hoàn lại từ dòng lệnh", by=None)
            told = {"on": day.isoformat(), "undone": True, "officials_moved": people}
            text = f"Đã hoàn lại lần sắp xếp ngày {day:%d/%m/%Y}: {people} người trở về đơn vị cũ."
        else:
            lines = read(Path(options["file"]).read_bytes(), day)
            with transaction.atomic():
                loaded = known_for(lines, day)
                for known in loaded:
                    load_former(of_known(known), title=known.name, by=None)
                done = carry_out(plan(lines, day, decision=options["decision"]), by=None)
                transaction.set_rollback(options["dry_run"])
            told = done.as_json() | {"loaded": [known.name for known in loaded], "dry_run": options["dry_run"]}
            text = (
                f"Ngày {day:%d/%m/%Y}: {told['closed']} xã cũ, {told['opened']} xã mới, {done.officials_moved} người "
                f"theo đơn vị kế tục; trước {done.total_before}, sau {done.total_after} người."
            )
            for known in loaded:
                self.say(f"{known.name}: đã nạp các đơn vị chưa có trong hệ thống.")
            for name in told["split"]:
                self.say(f"{name} có nhiều đơn vị kế tục: mọi người theo đơn vị ghi đầu tiên; hãy rà lại từng người.")
            if options["dry_run"]:
                text += " Xem trước, chưa ghi."
        self.stdout.write(json.dumps(told, ensure_ascii=False) if options["json"] else text)
