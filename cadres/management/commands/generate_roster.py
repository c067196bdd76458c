"""Tạo danh sách giả định để thử và để đo tốc độ. Người, tên và số đều là bịa."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from django.core.management.base import CommandParser

from cadres.demonstration.names import NAMING, draw_name
from cadres.management.command import Command as BaseCommand
from cadres.management.command import CommandFailed
from cadres.models import EthnicGroup, Level, Position, UnitVersion
from cadres.roster.columns import DEGREES, exported, roster_columns
from cadres.roster.workbook_out import write_xlsx

DAY = date(2015, 12, 31)
FIELDS_OF_STUDY = ("Luật", "Kế toán", "Nông nghiệp", "Lâm nghiệp", "Hành chính", "Quản lý đất đai", "Công tác xã hội")
STUDY_MODES = ("Chính quy", "Tại chức", "Từ xa", "")
UNKNOWN = 0.08  # chance that a level is left blank


class Command(BaseCommand):
    help = "Tạo một danh sách phẳng với người giả định."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("out", metavar="TỆP", help="tệp .xlsx")
        parser.add_argument("--officials", type=int, default=3600, metavar="N", help="số người (3600)")
        parser.add_argument("--seed", type=int, default=1, metavar="N", help="hạt giống ngẫu nhiên")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["out"])
        if path.suffix.lower() != ".xlsx":
            raise CommandFailed("Tệp tạo ra phải có đuôi .xlsx.")
        if options["officials"] < 1:
            raise CommandFailed("Số người phải từ 1 trở lên.")
        try:
            with path.open("wb") as stream:
                write_xlsx(invented_rows(options["officials"], options["seed"]), DAY, stream)
        except OSError as error:
            raise CommandFailed(f"Không ghi được tệp {path}: hãy kiểm tra thư mục và quyền ghi.") from error
        self.stderr.write(f"Đã tạo {options['officials']} người giả định, số liệu đến {DAY:%d/%m/%Y}, vào {path}.")


def invented_rows(count: int, seed: int) -> Iterator[list[str]]:
    """Rows of the flat export for `count` invented people, in the communes of the day. The same seed, the same rows."""
    random = Random(seed)
    communes = list(
        UnitVersion.objects.as_of(DAY)
        .filter(kind__in=UnitVersion.COMMUNE_KINDS)
        .select_related("parent")
        .order_by("code")
    )
    if not communes:
        raise CommandFailed("Chưa có đơn vị hành chính nào: chạy python manage.py setup.")
    districts = {
        version.unit_id: version.name
        for version in UnitVersion.objects.as_of(DAY).filter(kind=UnitVersion.Kind.DISTRICT)
    }
    positions = list(Position.objects.as_of(DAY).exclude(code="KCT").values_list("title", flat=True))
    groups = {group.code: group.name for group in EthnicGroup.objects.filter(code__in=NAMING)}
    columns = exported(roster_columns())
    levels: dict[str, list[str]] = {}
    for dimension, name in Level.objects.order_by("rank").values_list("dimension__code", "name"):
        levels.setdefault(dimension, []).append(name)

    def level(dimension: str) -> str:
        return "" if random.random() < UNKNOWN else random.choice(levels[dimension])

    for number in range(1, count + 1):
        commune = communes[(number - 1) * len(communes) // count]
        code = random.choice(sorted(groups))
        is_woman = random.random() < 0.3
        born = date(1956, 1, 1) + timedelta(days=random.randrange(365 * 35))
        appointed = date(2004, 1, 1) + timedelta(days=random.randrange(365 * 11))
        joined = f"{appointed:%d/%m/%Y}" if appointed.year - born.year > 18 else "x"  # nobody joins the Party younger
        held = {column.field: level(column.field) for column in columns if column.field in levels}
        is_trained = held[DEGREES] not in ("", levels[DEGREES][0])
        row = {
            "row_number": str(number),
            "district": districts.get(commune.parent_id or 0, ""),
            "commune_code": commune.code,
            "commune": commune.name,
            "full_name": draw_name(random, code, is_woman),
            "sex": "Nữ" if is_woman else "Nam",
            "birth_date": f"{born:%d/%m/%Y}",
            # digit 4 is century and sex, then the year of birth; the rest is the number of the row
            "national_id": f"010{int(is_woman)}{born:%y}{number:06d}",
            "ethnic_group": groups[code],
            "position": random.choice(positions),
            "appointed_on": f"{appointed:%d/%m/%Y}",
            **held,
            "field_of_study": random.choice(FIELDS_OF_STUDY) if is_trained else "",
            "study_mode": random.choice(STUDY_MODES) if is_trained else "",
            "party_joined_on": "" if random.random() < 0.3 else random.choice(("x", joined)),
        }
        yield [row.get(column.field, "") for column in columns]
