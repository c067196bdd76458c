import json
from datetime import date
from typing import Any

from django.core.management.base import CommandParser
from django.db.models import QuerySet
from django.utils.timezone import localdate  # noqa: TID251 — a command is where the day enters

from cadres.installation import default_day
from cadres.management.command import Command as ProjectCommand
from cadres.management.command import CommandFailed, day_argument, unit_argument
from cadres.models import Appointment, Criterion
from cadres.posts import units_below
from cadres.rate import figures_of
from reports.forecast.computing import MOST_YEARS, Choices, Forecast, YearEnd, forecast
from reports.forecast.passing import FEWEST_TURNS, FEWEST_YEARS
from reports.forecast.units import OF, by_unit

YEARS = 3


class Command(ProjectCommand):
    help = "Dự báo tỷ lệ đạt chuẩn cuối các năm tới, theo những gì đã biết vào một ngày."
    writes = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--as-of", type=day_argument, metavar="NGÀY", help="ngày nhìn từ đó, dạng 2015-12-31")
        parser.add_argument(
            "--years", type=int, default=YEARS, metavar="SỐ", help=f"số năm, từ 1 đến {MOST_YEARS} (mặc định {YEARS})"
        )
        parser.add_argument("--criterion", default="FULL", metavar="MÃ", help="bộ tiêu chí (mặc định FULL)")
        parser.add_argument("--unit", metavar="MÃ", help="chỉ tính huyện, cụm hoặc xã có mã này vào ngày đó")
        parser.add_argument("--by", choices=tuple(OF), default="district", help="chia theo (mặc định district)")
        parser.add_argument(
            "--drafts", action="store_true", help="tính cả kế hoạch đang lập và đăng ký chưa được tiếp nhận"
        )
        parser.add_argument("--terms-end", action="store_true", help="coi người hết nhiệm kỳ là thôi giữ chức danh")
        parser.add_argument(
            "--fill-seats",
            action="store_true",
            help="coi chỗ của kế hoạch chưa có tên là của người đang thiếu nội dung đó",
        )
        parser.add_argument("--json", action="store_true", help="in một đối tượng JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        day = options["as_of"] or default_day(localdate())
        criterion = Criterion.objects.filter(code=options["criterion"]).first()
        if criterion is None:
            codes = ", ".join(Criterion.objects.values_list("code", flat=True))
            raise CommandFailed(f"Không có bộ tiêu chí “{options['criterion']}”; hãy dùng một trong: {codes}.")
        inside = unit_argument(options["unit"], day, where="ngày (--as-of)").unit if options["unit"] else None

        def in_scope(then: date) -> QuerySet[Appointment]:
            posts = Appointment.objects.all()
            return posts.filter(unit__in=units_below(inside, then)) if inside else posts

        try:
            found = forecast(
                day,
                options["years"],
                criterion=criterion,
                appointments=in_scope,
                choices=Choices(
                    with_drafts=options["drafts"], terms_end=options["terms_end"], fills_seats=options["fill_seats"]
                ),
            )
        except ValueError as error:
            raise CommandFailed(f"{error} Hãy sửa số sau --years.") from error
        if options["json"]:
            self.stdout.write(json.dumps(_told(found, criterion, options["by"]), ensure_ascii=False))
        else:
            self._print(found, criterion)

    def _print(self, found: Forecast, criterion: Criterion) -> None:
        self.stdout.write(f"Ngày {found.day:%d/%m/%Y}, bộ tiêu chí {criterion.code}: {_percent(found.now.percent)}")
        for year in found.years:
            self.stdout.write(f"{year.day:%d/%m/%Y}: {_percent(year.rate.percent)} nếu mọi người học đều đạt")
            if found.history.is_enough:
                low, middle, high = (_percent(value) for value in _band(found, year).values())
                self.stdout.write(f"  dự báo {middle}, từ {low} đến {high}")
            for taken in year.steps:
                if taken.moves:
                    self.stdout.write(
                        f"  {taken.step.label}: {len(taken.moves)} người, đạt {taken.compliant:+}, "
                        f"tổng số {taken.total:+}, còn {_percent(taken.after.percent)}"
                    )
            for notice, moves in year.notices.items():
                if moves:
                    self.stdout.write(f"  {notice.label}: {len(moves)} người (không làm đổi tỷ lệ ở đây)")
        if not found.history.is_enough:
            self.stdout.write(
                f"Chưa có khoảng dự báo: cần ít nhất {FEWEST_YEARS} năm, mỗi năm từ {FEWEST_TURNS} lượt cử học."
            )
        for year_number, seats in found.plan.unnamed.items():
            self.stdout.write(f"Kế hoạch năm {year_number} còn {seats} chỗ chưa có tên người học, không tính.")


def _percent(percent: Any) -> str:
    return "–" if percent is None else f"{percent} %".replace(".", ",")


def _band(found: Forecast, year: YearEnd) -> dict[str, Any]:
    shares = {"low": found.history.low, "expected": found.history.middle, "high": found.history.high}
    return {name: year.percent(share) for name, share in shares.items()}


def _told(found: Forecast, criterion: Criterion, by: str) -> dict[str, Any]:
    """All of it. The rates of the groups are the expected ones; without enough history, those if all who study pass."""
    return {
        "as_of": found.day.isoformat(),
        "criterion": criterion.code,
        **figures_of(found.now),
        "history": [
            {"year": year.year, "sent": year.sent, "completed": year.completed} for year in found.history.years
        ],
        "unnamed_seats": {str(year): seats for year, seats in found.plan.unnamed.items()},
        "years": [_year(found, year) for year in found.years],
        "groups": [
            {
                "code": unit.code,
                "name": unit.name,
                **figures_of(unit.now),
                "years": [None if percent is None else str(percent) for percent in unit.years],
            }
            for unit in by_unit(found, by)
        ],
    }


def _year(found: Forecast, year: YearEnd) -> dict[str, Any]:
    """A year-end; `rate` is the one if all who study pass. Without enough history the band is null."""
    band: dict[str, Any] = dict.fromkeys(("low", "expected", "high"))
    if found.history.is_enough:
        band = {name: None if value is None else str(value) for name, value in _band(found, year).items()}
    return {
        "day": year.day.isoformat(),
        **figures_of(year.rate),
        **band,
        "steps": [
            {
                "code": taken.step.value,
                "name": taken.step.label,
                "compliant": taken.compliant,
                "total": taken.total,
                "rate": None if taken.after.percent is None else str(taken.after.percent),
                "officials": [move.official for move in taken.moves],
            }
            for taken in year.steps
        ],
        "notices": [
            {"code": notice.value, "name": notice.label, "officials": [move.official for move in moves]}
            for notice, moves in year.notices.items()
        ],
    }
