import json
from datetime import date
from typing import Any

from django.core.management.base import CommandParser
from django.utils.timezone import localdate  # noqa: TID251 — a command is where the day enters

from cadres.evaluation import Reason, Verdict, judgement_of
from cadres.installation import default_day
from cadres.management.command import Command as ProjectCommand
from cadres.management.command import CommandFailed, day_argument
from cadres.models import Criterion, Official

NOT_COUNTED = "Vào ngày này người này không giữ chức danh nào được tính, hoặc chức danh chưa có tiêu chuẩn."


class Command(ProjectCommand):
    help = "Vì sao một người đạt hay chưa đạt chuẩn: từng yêu cầu của chức danh, mức đang có và căn cứ."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("official", type=int, metavar="MÃ_SỐ_NGƯỜI", help="mã số của người trong hệ thống")
        parser.add_argument("--as-of", type=day_argument, metavar="NGÀY", help="ngày tính, dạng 2015-12-31")
        parser.add_argument("--json", action="store_true", help="in một đối tượng JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        day = options["as_of"] or default_day(localdate())
        official = Official.objects.filter(pk=options["official"]).first()
        if official is None:
            raise CommandFailed(f"Không có người nào mang mã số {options['official']}.")
        criterion = Criterion.objects.filter(code="FULL").first()
        if criterion is None:
            raise CommandFailed("Chưa có bộ tiêu chí FULL: chạy python manage.py setup.")
        post, reasons = judgement_of(official, day, criterion=criterion)
        result = {
            "official": official.pk,
            "name": official.full_name,
            "as_of": day.isoformat(),
            "criterion": criterion.code,
            "position": post.position.title if post else None,
            "unit": {"code": post.commune_code, "name": post.commune_name} if post else None,
            "relaxed": post.is_relaxed if post else None,
            "verdict": post.verdict if post else None,
            "in_transition": post.is_in_transition if post else False,
            "requirements": [_requirement(reason) for reason in reasons],
        }
        if options["json"]:
            self.stdout.write(json.dumps(result, ensure_ascii=False))
        else:
            self._print(result)

    def _print(self, result: dict[str, Any]) -> None:
        self.stdout.write(f"{result['name']}, ngày {date.fromisoformat(result['as_of']):%d/%m/%Y}")
        if result["position"]:
            self.stdout.write(f"{result['position']}, {result['unit']['name']}")
        if result["verdict"] is None:
            self.stdout.write(NOT_COUNTED)
            return
        self.stdout.write(f"Kết quả: {Verdict(result['verdict']).label}")
        for row in result["requirements"]:
            held = row["held"]["name"] if row["held"] else "chưa có dữ liệu"
            self.stdout.write(
                f"- {row['dimension_name']}: {row['verdict_name']}. Yêu cầu {row['required']['name']}, "
                f"hiện có {held} ({row['article']})"
            )


def _requirement(reason: Reason) -> dict[str, Any]:
    evidence, waiver = reason.evidence, reason.waiver
    return {
        "standard": reason.standard.code,
        "article": reason.article,
        "dimension": reason.dimension.code,
        "dimension_name": reason.dimension.name,
        "required": {"code": reason.required.code, "name": reason.required.name},
        "held": {"code": reason.held.code, "name": reason.held.name} if reason.held else None,
        "evidence": evidence
        and {
            "id": evidence.pk,
            "level": evidence.level.code,
            "field_of_study": evidence.field_of_study,
            "number": evidence.number,
            "awarded": str(evidence.awarded) if evidence.awarded else None,
            "effective_from": evidence.start_date.isoformat(),
            "origin": evidence.origin,
        },
        "waiver": waiver and {"decision": waiver.decision, "reason": waiver.reason},
        "verdict": reason.verdict.value,
        "verdict_name": reason.verdict.label,
    }
