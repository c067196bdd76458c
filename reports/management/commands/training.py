import json
from datetime import date
from typing import Any

from django.core.management.base import CommandParser
from django.utils.timezone import localdate  # noqa: TID251 — a command is where the day enters

from cadres.correspondence import Correspondence
from cadres.installation import default_day
from cadres.management.command import Command as ProjectCommand
from cadres.management.command import CommandFailed, day_argument, unit_argument
from cadres.posts import units_below
from cadres.text import thousands
from courses.models import FundingSource, Programme
from reports.training import SOURCE, TRAINING_BY, TRAINING_TITLES, InPlaces, Money, Report, TrainingGroup, training


class Command(ProjectCommand):
    help = "Kết quả đào tạo, bồi dưỡng của các lớp kết thúc trong kỳ: lượt, người, kinh phí, chia theo nhóm."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--from",
            dest="start",
            type=day_argument,
            metavar="NGÀY",
            help="ngày đầu kỳ, dạng 2015-01-01 (mặc định 1/1 của năm cuối kỳ)",
        )
        parser.add_argument(
            "--to",
            dest="end",
            type=day_argument,
            metavar="NGÀY",
            help="ngày cuối kỳ, dạng 2015-12-31 (mặc định ngày làm việc)",
        )
        parser.add_argument("--kind", choices=Programme.Kind.values, help="chỉ tính một loại hình")
        parser.add_argument("--by", choices=TRAINING_BY, default="kind", help="chia theo (mặc định kind)")
        parser.add_argument(
            "--unit", metavar="MÃ", help="chỉ tính người giữ chức danh ở huyện, cụm hoặc xã có mã này vào ngày cuối kỳ"
        )
        parser.add_argument(
            "--units-as-of", type=day_argument, metavar="NGÀY", help="chia theo đơn vị của ngày này (cả mã sau --unit)"
        )
        parser.add_argument("--json", action="store_true", help="in một đối tượng JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        end = options["end"] or default_day(localdate())
        start = options["start"] or date(end.year, 1, 1)
        if start > end:
            raise CommandFailed(
                f"Ngày đầu kỳ {start:%d/%m/%Y} ở sau ngày cuối kỳ {end:%d/%m/%Y}; hãy sửa --from hoặc --to."
            )
        units = Correspondence(options["units_as_of"]) if options["units_as_of"] else None
        report = training(
            start, end, by=options["by"], kind=options["kind"], units=units, **_within(options["unit"], end, units)
        )
        if options["json"]:
            self.stdout.write(json.dumps(_as_object(report), ensure_ascii=False))
        elif report.by == SOURCE:
            self._print_money(report)
        else:
            self._print_table(report)

    def _print_table(self, report: Report) -> None:
        names = [_name(group) for group in report.groups]
        width = max([len(name) for name in names] + [len("Tổng số")])
        line = "{:<{width}}  {:>9} {:>9} {:>18}"
        self._print_period(report)
        self.stdout.write(line.format("", "Lượt", "Người", "Kinh phí (đồng)", width=width))
        for name, figures in [
            *zip(names, (group.figures for group in report.groups), strict=True),
            ("Tổng số", report.whole),
        ]:
            numbers = (thousands(figures.turns), thousands(figures.persons), thousands(figures.money.total))
            self.stdout.write(line.format(name, *numbers, width=width))
        if report.unshared.total:
            self.stdout.write(
                f"Trong tổng số kinh phí có {thousands(report.unshared.total)} đồng của các lớp không ai hoàn thành."
            )

    def _print_money(self, report: Report) -> None:
        self._print_period(report)
        for group in report.groups:
            self.stdout.write(f"{group.name:<24}  {thousands(group.figures.money.total):>18}")
        self.stdout.write(f"{'Tổng số':<24}  {thousands(report.whole.money.total):>18}")
        self.stdout.write(f"{thousands(report.whole.turns)} lượt của {thousands(report.whole.persons)} người.")

    def _print_period(self, report: Report) -> None:
        self.stdout.write(
            f"Các lớp kết thúc từ {report.start:%d/%m/%Y} đến {report.end:%d/%m/%Y}, "
            f"theo {TRAINING_TITLES[report.by].lower()}"
        )


def _within(code: str | None, end: date, units: Correspondence | None) -> dict[str, Any]:
    """What keeps the turns of the unit of a code, of the end of the period or of the day of `units`."""
    if not code:
        return {}
    if units is None:
        return {"unit": unit_argument(code, end, where="ngày cuối kỳ (--to)").unit}
    unit = unit_argument(code, units.day, where="ngày (--units-as-of)").unit
    inside = units.places_of_any_day().within(units_below(unit, units.day))
    return {"places": InPlaces(units, "commune", inside)}


def _name(group: TrainingGroup) -> str:
    return f"{group.name} ({group.above})" if group.above else group.name


def _as_object(report: Report) -> dict[str, Any]:
    return {
        "from": report.start.isoformat(),
        "to": report.end.isoformat(),
        "turns": report.whole.turns,
        "persons": report.whole.persons,
        "money": _money(report.whole.money),
        "groups": [_group(group, report.by) for group in report.groups if report.by == SOURCE or group.figures.turns],
    }


def _money(money: Money) -> dict[str, int]:
    return {**{source: getattr(money, source) for source in FundingSource.values}, "total": money.total}


def _group(group: TrainingGroup, by: str) -> dict[str, Any]:
    since = {"valid_from": group.valid_from.isoformat()} if group.valid_from else {}
    figures = group.figures
    counted = {"money": figures.money.total} if by == SOURCE else {"turns": figures.turns, "persons": figures.persons}
    note = {"note": group.note} if group.note else {}
    return {"code": group.code, **since, "name": group.name, **note, **counted}
