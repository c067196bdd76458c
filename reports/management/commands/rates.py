import json
from datetime import date
from typing import Any

from django.core.management.base import CommandParser
from django.db.models import QuerySet
from django.utils.timezone import localdate  # noqa: TID251 — a command is where the day enters

from cadres.correspondence import Correspondence
from cadres.evaluation import Rulebook
from cadres.installation import default_day
from cadres.management.command import Command as ProjectCommand
from cadres.management.command import CommandFailed, day_argument, unit_argument
from cadres.models import Appointment, Criterion, Standard
from cadres.posts import left_behind, units_below
from cadres.rate import Rate, figures_of
from cadres.standards.checking import compared_on, note_of
from reports.rates import DIMENSION, OFFERED, GroupRate, rate_on, rates_by, uncounted_on


class Command(ProjectCommand):
    help = "Tỷ lệ đạt chuẩn của cán bộ, công chức cấp xã vào một ngày, chia theo nhóm."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--as-of", type=day_argument, metavar="NGÀY", help="ngày tính, dạng 2015-12-31")
        parser.add_argument("--criterion", default="FULL", metavar="MÃ", help="bộ tiêu chí (mặc định FULL)")
        parser.add_argument(
            "--standard",
            nargs="+",
            action="extend",
            default=[],
            metavar="MÃ",
            help="tính theo văn bản này thay cho văn bản có hiệu lực vào ngày đó",
        )
        parser.add_argument("--by", choices=OFFERED, default="district", help="chia theo (mặc định district)")
        parser.add_argument("--unit", metavar="MÃ", help="chỉ tính huyện, cụm hoặc xã có mã này vào ngày đó")
        parser.add_argument(
            "--units-as-of", type=day_argument, metavar="NGÀY", help="chia theo đơn vị của ngày này (cả mã sau --unit)"
        )
        parser.add_argument("--json", action="store_true", help="in một đối tượng JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        day = options["as_of"] or default_day(localdate())
        criterion = Criterion.objects.filter(code=options["criterion"]).first()
        if criterion is None:
            raise CommandFailed(
                f"Không có bộ tiêu chí “{options['criterion']}”; hãy dùng một trong: {_codes(Criterion.objects.all())}."
            )
        named = [self._standard(code) for code in dict.fromkeys(options["standard"])]
        rulebook = Rulebook.load()
        try:
            standards = rulebook.standards_on(day, named)
        except ValueError as error:
            raise CommandFailed(f"{error} Hãy bỏ bớt mã sau --standard.") from error

        units_day = options["units_as_of"] or day
        units = Correspondence(units_day) if units_day != day else None
        appointments = Appointment.objects.all()
        if options["unit"]:
            where = "ngày (--units-as-of)" if units else "ngày (--as-of)"
            inside: Any = units_below(unit_argument(options["unit"], units_day, where=where).unit, units_day)
            appointments = appointments.filter(unit__in=units.units_within(inside, day) if units else inside)

        chosen: dict[str, Any] = {
            "day": day,
            "criterion": criterion,
            "standards": named,
            "appointments": appointments,
            "rulebook": rulebook,
        }
        groups = rates_by(options["by"], units=units, **chosen)
        whole = rate_on(**chosen) if options["by"] == DIMENSION else sum((group.rate for group in groups), Rate())
        result = {
            "as_of": day.isoformat(),
            **({"units_as_of": units_day.isoformat()} if units else {}),
            "criterion": criterion.code,
            "standards": [standard.code for _, standard in sorted(standards.items())],
            **figures_of(whole),
            "in_transition": whole.in_transition,
            "left_behind": left_behind(day, appointments).count(),
            "uncounted": sum(one.people for one in uncounted_on(**chosen)),
            "groups": [_group(group) for group in groups],
        }
        if options["json"]:
            self.stdout.write(json.dumps(result, ensure_ascii=False))
        else:
            self._print_table(result)

    def _standard(self, code: str) -> Standard:
        standard = Standard.objects.filter(code=code).first()
        if standard is None:
            codes = _codes(Standard.objects.filter(over=None))
            raise CommandFailed(f"Không có văn bản tiêu chuẩn “{code}”; hãy dùng một trong: {codes}.")
        return standard

    def _print_table(self, result: dict[str, Any]) -> None:
        width = max([len(group["name"]) for group in result["groups"]] + [len("Tổng số")])
        line = "{:<{width}}  {:>8} {:>8} {:>9} {:>16} {:>7}"
        heads = ("Tổng số", "Đạt", "Chưa đạt", "Chưa đủ dữ liệu", "%")
        day = date.fromisoformat(result["as_of"])
        standards = ", ".join(result["standards"]) or "—"
        units = f", đơn vị ngày {date.fromisoformat(result['units_as_of']):%d/%m/%Y}" if "units_as_of" in result else ""
        self.stdout.write(f"Ngày {day:%d/%m/%Y}{units}, bộ tiêu chí {result['criterion']}, theo {standards}")
        self.stdout.write(line.format("", *heads, width=width))
        for row in [*result["groups"], result | {"name": "Tổng số"}]:
            percent = "–" if row["rate"] is None else row["rate"].replace(".", ",")
            numbers = (row["total"], row["compliant"], row["not_compliant"], row["undetermined"])
            self.stdout.write(line.format(row["name"], *numbers, percent, width=width))
        for row in result["groups"]:
            if "note" in row:
                self.stdout.write(f"{row['name']}: {row['note']}.")
        if result["in_transition"]:
            self.stdout.write(f"Trong số chưa đạt, {result['in_transition']} người đang trong thời gian chuyển tiếp.")
        if result["left_behind"]:
            self.stdout.write(
                f"{result['left_behind']} người còn ở đơn vị hoặc chức danh đã hết hiệu lực, không tính ở trên."
            )
        if result["uncounted"]:
            self.stdout.write(
                f"{result['uncounted']} người giữ chức danh không có yêu cầu nào được tính, không nằm trong tổng số."
            )
        if note := note_of(compared_on(day)):
            self.stdout.write(note)


def _codes(rows: QuerySet[Criterion] | QuerySet[Standard]) -> str:
    return ", ".join(rows.values_list("code", flat=True))


def _group(group: GroupRate) -> dict[str, Any]:
    since = {"valid_from": group.valid_from.isoformat()} if group.valid_from else {}
    note = {"note": group.note} if group.note else {}
    return {"code": group.code, **since, "name": group.name, **note, **figures_of(group.rate)}
