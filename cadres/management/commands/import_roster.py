"""Nhập danh sách cán bộ, công chức từ bảng tính."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.timezone import localdate  # noqa: TID251 — a command is where the day enters

from cadres.management.command import Command as BaseCommand
from cadres.management.command import CommandFailed, day_argument
from cadres.models import ImportBatch, User
from cadres.roster.archives import files_in
from cadres.roster.batch import AlarmsError, ReadFile, import_file, plan_of, read_file, report, report_of
from cadres.roster.columns import labels
from cadres.roster.error_workbook import write_errors
from cadres.roster.foretelling import effect_of_dry_run, with_effect
from cadres.roster.reading import UnreadableFileError
from cadres.text import thousands

COUNTS = {
    "created": "thêm mới",
    "updated": "thay đổi",
    "unchanged": "không đổi",
    "review": "cần xem xét",
    "rejected": "không nhận",
    "missing": "có trong hồ sơ nhưng không có trong danh sách",
}
SEVERITIES = {"error": "Lỗi", "warning": "Cảnh báo", "info": "Ghi chú"}


class Command(BaseCommand):
    help = "Nhập danh sách cán bộ, công chức cấp xã từ bảng tính."
    unread: list[str]  # why files of a zip were not read

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "files", nargs="+", metavar="TỆP", help="bảng tính .xlsx, .xls, .ods, .csv, hoặc .zip của nhiều tệp như vậy"
        )
        parser.add_argument("--unit", default="", metavar="MÃ", help="chỉ nhập cho huyện, cụm hoặc xã có mã này")
        parser.add_argument("--as-of", type=day_argument, metavar="NGÀY", help="ngày số liệu, dạng 2015-12-31")
        parser.add_argument("--dry-run", action="store_true", help="chỉ xem trước, không ghi")
        parser.add_argument("--user", metavar="TÊN", help="tài khoản chịu trách nhiệm")
        parser.add_argument("--errors", metavar="TỆP", help="ghi tệp đã đánh dấu lỗi ra đây (.xlsx)")
        parser.add_argument(
            "--scope",
            default="",
            choices=ImportBatch.Scope.values,
            help="danh sách là: full (đầy đủ), cadres (chỉ cán bộ), civil_servants (chỉ công chức), some (bổ sung)",
        )
        parser.add_argument("--accept-alarms", action="store_true", help="ghi cả khi có cảnh báo về cả tệp")
        parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        user = self._user(options["user"])
        self.unread = []
        # All files are read before any is written: a bad one among many stops nothing half-way.
        files = [read for name in options["files"] for read in self._read(name, options, user)]
        if options["errors"] and len(files) > 1:
            raise CommandFailed("--errors chỉ dùng khi nhập một tệp.")
        for problem in self.unread:
            self.say(problem)
        reports = []
        for read in files:
            result = self._import(read, user, options)
            reports.append(result)
            if options["errors"]:
                self._write_errors(options["errors"], read, result)
        if options["json"]:
            result = reports[0] if len(reports) == 1 else {"files": reports}
            self.stdout.write(json.dumps(result, ensure_ascii=False))
        else:
            for result in reports:
                self._print(result)
        if self.unread or any(has_problem(result, accepts_alarms=options["accept_alarms"]) for result in reports):
            sys.exit(1)

    def _import(self, read: ReadFile, user: User | None, options: dict[str, Any]) -> dict[str, Any]:
        if options["dry_run"]:
            result = report(read, plan_of(read))
        else:
            try:
                batch, effect = with_effect(
                    read, lambda: import_file(read, by=user, accepts_alarms=options["accept_alarms"])
                )
                return report_of(batch) | {"effect": effect}
            except AlarmsError as stopped:
                result = report(read, stopped.plan, dry_run=False)
        return result | {"effect": effect_of_dry_run(read, by=user)}

    def _user(self, name: str | None) -> User | None:
        if name is None:
            return None
        user = User.objects.filter(username=name, is_active=True).first()
        if user is None:
            raise CommandFailed(f"Không có tài khoản “{name}”.")
        if not user.has_perm("cadres.add_importbatch"):
            raise CommandFailed(f"Tài khoản “{name}” không được nhập danh sách.")
        return user

    def _read(self, name: str, options: dict[str, Any], user: User | None) -> list[ReadFile]:
        """The file, or the rosters in a zip; what in it is none is told, and stops no other."""
        try:
            content = Path(name).read_bytes()
        except OSError as error:
            raise CommandFailed(f"Không mở được tệp {name}: hãy kiểm tra đường dẫn và quyền đọc.") from error
        found, problems = [], []
        try:
            for member in files_in(Path(name).name, content):
                try:
                    if member.problem:
                        raise UnreadableFileError(member.problem)
                    found.append(
                        read_file(
                            member.name,
                            member.content,
                            as_of=options["as_of"],
                            unit_code=options["unit"],
                            scope=options["scope"],
                            latest=localdate(),
                            by=user,
                        )
                    )
                except UnreadableFileError as error:
                    problems.append(str(error))
        except UnreadableFileError as error:
            problems.append(str(error))
        if not found:
            raise CommandFailed(" ".join(problems))
        self.unread += problems
        return found

    def _write_errors(self, path: str, read: ReadFile, result: dict[str, Any]) -> None:
        try:
            with Path(path).open("wb") as stream:
                write_errors(read.content, read.layout, result["issues"], stream)
        except OSError as error:
            raise CommandFailed(f"Không ghi được tệp {path}: hãy kiểm tra thư mục và quyền ghi.") from error

    def _print(self, result: dict[str, Any]) -> None:
        counts = ", ".join(f"{result[name]} {label}" for name, label in COUNTS.items())
        if result["dry_run"]:
            what = "Xem trước (chưa ghi)"
        elif result["batch"] is None:
            what = "Chưa ghi gì vì có cảnh báo về cả tệp: nếu tệp đúng, hãy nhập lại với --accept-alarms"
        else:
            what = f"Đã ghi, lần nhập số {result['batch']}"
        self.stdout.write(f"{result['file']}, số liệu đến {result['as_of']}: {result['rows']} dòng: {counts}. {what}.")
        before, after = result["effect"]["before"], result["effect"]["after"]
        self.stdout.write(f"  Đạt chuẩn trong các xã của tệp: {_told(before)} → {_told(after)}.")
        for alarm in result["alarms"]:
            self.stdout.write(f"  Cảnh báo về cả tệp: {alarm['message']}")
        for issue in result["issues"]:
            column = f", cột “{issue['column']}”" if issue["column"] else ""
            place = f"{issue['sheet']}, dòng {issue['row']}{column}" if issue["row"] else issue["sheet"]
            self.stdout.write(f"  {SEVERITIES[issue['severity']]}: {place}: {issue['message']}")
        names = labels() if result["unread"] else {}
        for column in result["unread"]:
            why = " (hồ sơ không lưu nội dung này)" if column.get("kept") is False else ""
            if column.get("suggested"):
                why = f" (có phải {names[column['suggested']]}?)"
            title = f" “{column['title']}”" if column["title"] else ""
            self.stdout.write(
                f"  Không đọc: {column['sheet']}, cột {column['column']}{title}, {column['cells']} ô{why}."
            )
        if result["vacancies"]:
            self.stdout.write(f"  {result['vacancies']} chức danh khuyết.")


def _told(rate: dict[str, Any]) -> str:
    percent = "" if rate["rate"] is None else f" ({rate['rate'].replace('.', ',')} %)"
    return f"{thousands(rate['compliant'])} trong {thousands(rate['total'])} người{percent}"


def has_problem(result: dict[str, Any], *, accepts_alarms: bool) -> bool:
    """Rejected rows, open reviews, a declared total that disagrees with the count, or alarms not accepted."""
    differs = any(total["declared"] != total["counted"] for total in result["totals"])
    return bool(result["rejected"] or result["review"] or differs or (result["alarms"] and not accepts_alarms))
