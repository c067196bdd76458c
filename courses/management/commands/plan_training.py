import json
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandParser
from django.utils.timezone import localdate  # noqa: TID251 — a command is where the day enters

from cadres.installation import days
from cadres.management.command import Command as ProjectCommand
from cadres.management.command import CommandFailed, day_argument
from cadres.models import Criterion
from cadres.rate import Rate
from cadres.text import dong
from courses.models import FundingSource, RegisteredNeed, TrainingPlan
from courses.planning.draft import create_plan
from courses.planning.proposal.drafting import draft_from_proposal
from courses.planning.proposal.proposing import Proposal, propose
from courses.planning.proposal.registered import NOBODY_UNREGISTERED, UNREGISTERED

YEARS = range(1990, 2200)


class Command(ProjectCommand):
    help = "Đề xuất các lớp của một năm nâng tỷ lệ đạt chuẩn cao nhất với kinh phí cho trước."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--year", type=int, required=True, metavar="NĂM", help="năm kế hoạch")
        parser.add_argument("--budget", type=int, required=True, metavar="ĐỒNG", help="kinh phí, đồng")
        parser.add_argument("--as-of", type=day_argument, metavar="NGÀY", help="ngày tính, dạng 2015-12-31")
        parser.add_argument("--criterion", default="FULL", metavar="MÃ", help="bộ tiêu chí (mặc định FULL)")
        parser.add_argument(
            "--for-registered",
            type=int,
            default=0,
            metavar="ĐỒNG",
            help="dành cho nhu cầu đã đăng ký mà không làm tăng tỷ lệ (mặc định: chỉ phần kinh phí còn lại)",
        )
        parser.add_argument(
            "--unregistered",
            type=int,
            default=UNREGISTERED,
            choices=(NOBODY_UNREGISTERED, *RegisteredNeed.Priority.values),
            metavar="MỨC",
            help="tính cả người chưa đăng ký mà quy định đòi hỏi, từ mức ưu tiên này trở lên: "
            "1 gấp (mặc định), 2 trong năm, 3 mọi mức; 0 không tính",
        )
        parser.add_argument("--seed", type=int, default=0, metavar="SỐ", help="số để cùng dữ liệu cho cùng kết quả")
        parser.add_argument("--draft", action="store_true", help="ghi vào dự thảo kế hoạch của năm")
        parser.add_argument("--json", action="store_true", help="in một đối tượng JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["year"] not in YEARS:
            raise CommandFailed(f"Năm {options['year']} nằm ngoài sổ sách.")
        day = options["as_of"] or days(localdate())[1]
        criterion = Criterion.objects.filter(code=options["criterion"]).first()
        if criterion is None:
            raise CommandFailed(f"Không có bộ tiêu chí “{options['criterion']}”.")
        try:
            proposal = propose(
                options["year"],
                options["budget"],
                day=day,
                criterion=criterion,
                seed=options["seed"],
                for_registered=options["for_registered"],
                unregistered=options["unregistered"],
            )
            if options["draft"]:
                draft_from_proposal(_plan_of(options["year"], options["budget"]), proposal, by=None)
        except ValidationError as refusal:
            raise CommandFailed(" ".join(refusal.messages)) from refusal
        if options["json"]:
            self.stdout.write(json.dumps(as_json(proposal), ensure_ascii=False))
        else:
            self._print(proposal)

    def _print(self, proposal: Proposal) -> None:
        for one in proposal.classes:
            self.stdout.write(f"{one.programme.title}, {one.place_name}: {one.seats} người, {dong(one.cost)}")
        self.stdout.write(f"{len(proposal.classes)} lớp, {dong(proposal.cost)} trên {dong(proposal.budget)}.")
        self.stdout.write(
            f"Tỷ lệ đạt chuẩn {_percent(proposal.now)} % → {_percent(proposal.predicted)} % "
            f"(chọn lần lượt người rẻ nhất: {_percent(proposal.greedy)} %)."
        )
        proved = "đã chứng minh là cao nhất" if proposal.is_proved else f"có thể hơn nhiều nhất {proposal.gap} người"
        self.stdout.write(f"{proposal.made_compliant} người đạt chuẩn thêm, {proved}.")
        for why, people in proposal.left_out.items():
            self.stdout.write(f"Không tính {people} người: {why}.")
        for left in proposal.unserved:
            whose = "đã đăng ký" if left.is_registered else "mà quy định đòi hỏi"
            self.stdout.write(f"Chưa xếp {left.people} người {whose} học {left.programme}: {left.why}.")


def _percent(rate: Rate) -> str:
    return "–" if rate.percent is None else str(rate.percent).replace(".", ",")


def as_json(proposal: Proposal) -> dict[str, Any]:
    """The proposal as the command prints it."""

    def told(rate: Rate) -> str | None:
        return None if rate.percent is None else str(rate.percent)

    return {
        "year": proposal.year,
        "as_of": proposal.day.isoformat(),
        "classes": [
            {
                "programme": one.programme.code,
                "place": one.place_code,
                "seats": one.seats,
                "cost": one.cost,
                "officials": list(one.officials),
                "for": "registered" if one.is_registered else "rule" if one.is_asked else "rate",
            }
            for one in proposal.classes
        ],
        "cost": proposal.cost,
        "rate_now": told(proposal.now),
        "rate_predicted": told(proposal.predicted),
        "rate_greedy": told(proposal.greedy),
        "proved_optimal": proposal.is_proved,
        "gap": proposal.gap,
        "year_end": _iso(proposal.year_end),
        "left_out": proposal.left_out,
        "unserved": [
            {
                "programme": one.programme.code,
                "people": one.people,
                "why": one.why,
                "for": "registered" if one.is_registered else "rule",
            }
            for one in proposal.unserved
        ],
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _plan_of(year: int, budget: int) -> TrainingPlan:
    """The plan of the year; one that is not there yet is opened, with the budget as local money."""
    plan = TrainingPlan.objects.filter(year=year).first()
    title = f"Kế hoạch đào tạo, bồi dưỡng năm {year}"
    return plan or create_plan(year=year, title=title, budgets={FundingSource.LOCAL: budget}, by=None)
