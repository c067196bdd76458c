"""Xuất danh sách phẳng, mỗi người một dòng."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.timezone import localdate  # noqa: TID251

from cadres.correspondence import Correspondence
from cadres.installation import default_day
from cadres.management.command import Command as BaseCommand
from cadres.management.command import CommandFailed, day_argument
from cadres.models import Appointment, UnitVersion
from cadres.posts import units_below
from cadres.roster.template_workbook import write_template
from cadres.roster.workbook_out import column_of_units, roster_rows, write_csv, write_xlsx


class Command(BaseCommand):
    help = "Xuất danh sách cán bộ, công chức cấp xã ra tệp .xlsx hoặc .csv."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("out", metavar="TỆP", help="tệp .xlsx hoặc .csv")
        parser.add_argument("--unit", metavar="MÃ", help="chỉ xuất huyện, cụm hoặc xã có mã này")
        parser.add_argument("--as-of", type=day_argument, metavar="NGÀY", help="ngày số liệu, dạng 2015-12-31")
        parser.add_argument(
            "--units-as-of", type=day_argument, metavar="NGÀY", help="thêm cột đơn vị của ngày này (cả mã sau --unit)"
        )
        parser.add_argument("--template", action="store_true", help="tệp mẫu .xlsx để sửa, điền thêm rồi gửi lại")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["out"])
        if path.suffix.lower() not in (".xlsx", ".csv"):
            raise CommandFailed("Tệp xuất phải có đuôi .xlsx hoặc .csv.")
        if options["template"] and path.suffix.lower() != ".xlsx":
            raise CommandFailed("Tệp mẫu phải có đuôi .xlsx.")
        day = options["as_of"] or default_day(localdate())
        correspondence = Correspondence(options["units_as_of"]) if options["units_as_of"] else None
        if options["template"] and correspondence:
            raise CommandFailed("Tệp mẫu chỉ theo đơn vị của ngày số liệu: hãy bỏ --units-as-of.")
        units_day = correspondence.day if correspondence else day
        appointments, units, place = Appointment.objects.all(), None, ""
        if code := options["unit"]:
            version = UnitVersion.objects.as_of(units_day).filter(code=code).select_related("unit").first()
            if version is None:
                raise CommandFailed(f"Không có đơn vị mã {code} vào ngày {units_day:%d/%m/%Y}.")
            units, place = set(units_below(version.unit, units_day)), version.name
            if correspondence:
                units = set(correspondence.units_within(units, day))
            appointments = appointments.filter(unit__in=units)
        rows, more = list(roster_rows(day, appointments, units=correspondence)), column_of_units(correspondence)
        try:
            if path.suffix.lower() == ".csv":
                with path.open("w", encoding="utf-8-sig", newline="") as stream:
                    write_csv(rows, stream, more=more)
            else:
                with path.open("wb") as binary:
                    if options["template"]:
                        write_template(rows, day, binary, units=units, place=place)
                    else:
                        write_xlsx(rows, day, binary, more=more)
        except OSError as error:
            raise CommandFailed(f"Không ghi được tệp {path}: hãy kiểm tra thư mục và quyền ghi.") from error
        self.stderr.write(f"Đã xuất {len(rows)} người, số liệu đến {day:%d/%m/%Y}, vào {path}.")
