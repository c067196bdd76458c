from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandParser
from django.utils.timezone import localdate  # noqa: TID251 — a command is where the day enters

from cadres.installation import days
from cadres.management.command import Command as ProjectCommand
from cadres.management.command import CommandFailed, day_argument, unit_argument
from cadres.models import Appointment, Criterion
from cadres.posts import units_below
from cadres.web.paper import scope_told
from courses.models import Certificate
from reports.forms.catalogue import KINDS, WRITERS, Wanted, file_of, form_of
from reports.forms.of_training import certificates_of
from reports.forms.pdf import TooWide


class Command(ProjectCommand):
    help = "Một biểu mẫu báo cáo, ra tệp .xlsx hoặc .pdf."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", choices=KINDS, metavar="MÃ", help=f"mã biểu: {', '.join(KINDS)}")
        parser.add_argument("out", type=Path, metavar="TỆP", help="tệp ghi ra, .xlsx hoặc .pdf")
        parser.add_argument("--as-of", type=day_argument, metavar="NGÀY", help="ngày tính, dạng 2015-12-31")
        parser.add_argument("--from", dest="start", type=day_argument, metavar="NGÀY", help="ngày đầu kỳ")
        parser.add_argument("--to", dest="end", type=day_argument, metavar="NGÀY", help="ngày cuối kỳ")
        parser.add_argument("--unit", metavar="MÃ", help="chỉ huyện, cụm hoặc xã có mã này vào ngày tính")

    def handle(self, *args: Any, **options: Any) -> None:
        out: Path = options["out"]
        file_type = out.suffix.removeprefix(".").lower()
        if file_type not in WRITERS:
            raise CommandFailed(f"Tệp “{out}” phải có đuôi .xlsx hoặc .pdf.")
        now, default = days(localdate())
        day = options["end"] or options["as_of"] or default
        start = options["start"] or date(day.year, 1, 1)
        if start > day:
            raise CommandFailed(f"Ngày đầu kỳ {start:%d/%m/%Y} ở sau ngày cuối kỳ {day:%d/%m/%Y}.")
        version = unit_argument(options["unit"], day) if options["unit"] else None
        certificates = Certificate.objects.all()
        wanted = Wanted(
            day=day,
            start=start,
            appointments=Appointment.objects.filter(unit__in=units_below(version.unit, day)) if version else None,
            scope=scope_told((), version),
            criterion=Criterion.objects.get(code="FULL"),
            made_on=now,
            certificates=certificates_of(certificates, version.unit, day) if version else certificates,
            turns_within={"unit": version.unit} if version else {},
            unit=version.unit if version else None,
            is_of_all=version is None,
        )
        try:
            content = file_of(form_of(KINDS[options["code"]], wanted), file_type)
        except ValidationError as refusal:
            raise CommandFailed(" ".join(refusal.messages)) from refusal
        except TooWide as refusal:
            raise CommandFailed("Biểu này rộng hơn khổ A3: hãy lấy tệp .xlsx.") from refusal
        try:
            out.write_bytes(content)
        except OSError as error:
            raise CommandFailed(f"Không ghi được tệp “{out}”: {error.strerror}.") from error
