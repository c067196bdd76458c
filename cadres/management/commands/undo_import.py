"""Hoàn tác một lần nhập danh sách."""

import json
import sys
from typing import Any

from django.core.management.base import CommandParser

from cadres.management.command import Command as BaseCommand
from cadres.management.command import CommandFailed
from cadres.models import ImportBatch, User
from cadres.roster.batch import BatchStateError
from cadres.roster.undo import undo


class Command(BaseCommand):
    help = "Hoàn tác một lần nhập danh sách; ai đã được sửa sau đó thì giữ nguyên và nêu tên."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("batch", type=int, metavar="SỐ", help="số của lần nhập, như import_roster đã in")
        parser.add_argument("--dry-run", action="store_true", help="chỉ xem trước, không ghi")
        parser.add_argument("--user", metavar="TÊN", help="tài khoản chịu trách nhiệm")
        parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        batch = ImportBatch.objects.filter(pk=options["batch"]).first()
        if batch is None:
            raise CommandFailed(f"Không có lần nhập số {options['batch']}.")
        user = None
        if options["user"] is not None:
            user = User.objects.filter(username=options["user"], is_active=True).first()
            if user is None or not user.has_perm("cadres.change_importbatch"):
                raise CommandFailed(f"Tài khoản “{options['user']}” không có hoặc không được hoàn tác.")
        try:
            result = undo(batch, by=user, dry_run=options["dry_run"])
        except BatchStateError as error:
            raise CommandFailed(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(result.as_json() | {"dry_run": options["dry_run"]}, ensure_ascii=False))
        else:
            what = "Xem trước (chưa ghi)" if options["dry_run"] else "Đã hoàn tác"
            self.stdout.write(
                f"{batch}: {result.reversed} dòng trở lại như trước, {result.kept} dòng giữ nguyên vì đã thay đổi sau "
                f"khi nhập, {result.failed} dòng không hoàn tác được. {what}."
            )
            for reason in result.reasons:
                self.stdout.write(f"  {reason.name}: {reason.reason}")
        if result.kept or result.failed:
            sys.exit(1)
