import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.management.base import CommandParser
from django.utils.timezone import localdate  # noqa: TID251 — a command is where the day enters

from cadres.installation import days
from cadres.management.command import Command as ProjectCommand
from cadres.management.command import day_argument, unit_argument
from cadres.posts import units_below
from cadres.review import BY_CODE, Lens, Review, review

# What divides the findings → the columns, code and name, of the communes looked at.
GROUPS = {"district": ("above_code", "above_name"), "commune": ("code", "name")}


class Command(ProjectCommand):
    help = "Rà soát dữ liệu: mỗi mục có bao nhiêu chỗ sai, cần xem lại hoặc sắp đến hạn vào một ngày."
    writes = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--as-of", type=day_argument, metavar="NGÀY", help="ngày rà soát, dạng 2015-12-31")
        parser.add_argument("--unit", metavar="MÃ", help="chỉ rà soát huyện, cụm hoặc xã có mã này vào ngày đó")
        parser.add_argument("--by", choices=GROUPS, help="chia theo huyện hoặc xã")
        parser.add_argument("--json", action="store_true", help="in một đối tượng JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        now, default = days(localdate())
        day = options["as_of"] or default
        units = units_below(unit_argument(options["unit"], day).unit, day) if options["unit"] else None
        lens = Lens.of(None, day, now=now, units=units)
        found = review(lens)
        result: dict[str, Any] = {"as_of": day.isoformat(), "checks": _checks(found.by_check)}
        if options["by"]:
            result["groups"] = _groups(found, lens, *GROUPS[options["by"]])
        if options["json"]:
            self.stdout.write(json.dumps(result, ensure_ascii=False))
        else:
            self._print_table(day, result)

    def _print_table(self, day: date, result: dict[str, Any]) -> None:
        self.stdout.write(f"Rà soát dữ liệu ngày {day:%d/%m/%Y}")
        for told in (result, *result.get("groups", ())):
            if "name" in told:
                self.stdout.write(f"{told['name']} ({told['code']})" if told["code"] else told["name"])
            for check in told["checks"]:
                if check["count"] or told is result:
                    severity = BY_CODE[check["code"]].severity.label
                    self.stdout.write(f"  {check['name']:<50} {severity:<20} {check['count']:>7}")


def _checks(counts: Mapping[str, int]) -> list[dict[str, Any]]:
    return [
        {"code": code, "name": check.name, "severity": check.severity.value, "count": counts.get(code, 0)}
        for code, check in BY_CODE.items()
    ]


def _groups(found: Review, lens: Lens, code: str, name: str) -> list[dict[str, Any]]:
    """The groups in which anything is found, each with its checks; units that have ended come last, as one group."""
    rows = lens.communes.with_above(lens.day).values("unit", "code", "name", "above_code", "above_name")
    keys: dict[tuple[str, str], set[int]] = {}
    for row in rows.order_by("above_code", "code"):
        keys.setdefault((row[code] or "", row[name] or ""), set()).add(row["unit"])
    in_force = set().union(*keys.values())
    if ended := found.units - in_force:
        keys["", "Đơn vị đã kết thúc"] = ended
    return [
        {"code": group, "name": named, "checks": [check for check in _checks(part.by_check) if check["count"]]}
        for (group, named), units in keys.items()
        if (part := found.of(units)).units
    ]
