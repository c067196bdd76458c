"""Xuất danh sách phẳng, mỗi người một dòng."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.timezone import localdate  # noqa: TID251

from cadres.installation import default_day
from cadres.management.command import Command as BaseCommand
from cadres.management.command import CommandFailed, day_argument
from cadres.models import Appointment, UnitVersion
from cadres.posts import units_below
from cadres.roster.template_workbook import write_template
from cadres.roster.workbook_out import roster_rows, write_csv, write_xlsx


class Command(BaseCommand):
    help = "Xuất danh sách cán bộ, công chức cấp xã ra tệp .xlsx hoặc .csv."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("out", metavar="TỆP", help="tệp .xlsx hoặc .csv")
        parser.add_argument("--unit", metavar="MÃ", help="chỉ xuất huyện, cụm hoặc xã có mã này")
        parser.add_argument("--as-of", type=day_argument, metavar="NGÀY", help="ngày số liệu, dạng 2015-12-31")
        parser.add_argument("--template", action="store_true", help="tệp mẫu .xlsx để sửa, điền thêm rồi gửi lại")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["out"])
        if path.suffix.lower() not in (".xlsx", ".csv"):
            raise CommandFailed("Tệp xuất phải có đuôi .xlsx hoặc .csv.")
        if options["template"] and path.suffix.lower() != ".xlsx":
            raise CommandFailed("Tệp mẫu phải có đuôi .xlsx.")
        day = options["as_of"] or default_day(localdate())
        appointments, units, place = Appointment.objects.all(), None, ""
        if code := options["unit"]:
            version = UnitVersion.objects.as_of(day).filter(code=code).select_related("unit").first()
            if version is None:
                raise CommandFailed(f"Không có đơn vị mã {code} vào ngày {day:%d/%m/%Y}.")
            units, place = set(units_below(version.unit, day)), version.name
            appointments = appointments.filter(unit__in=units)
        rows = list(roster_rows(day, appointments))
        try:
            if path.suffix.lower() == ".csv":
                with path.open("w", encoding="utf-8-sig", newline="") as stream:
                    write_csv(rows, stream)
            else:
                with path.open("wb") as binary:
                    if options["template"]:
                        write_template(rows, day, binary, units=units, place=place)
                    else:
                        write_xlsx(rows, day, binary)
        except OSError as error:
            raise CommandFailed(f"Không ghi được tệp {path}: hãy kiểm tra thư mục và quyền ghi.") from error
        self.stderr.write(f"Đã xuất {len(rows)} người, số liệu đến {day:%d/%m/%Y}, vào {path}.")
