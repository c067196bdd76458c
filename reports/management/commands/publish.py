import json
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandParser
from django.utils.timezone import localdate  # noqa: TID251 — a command is where the day enters

from cadres.installation import days
from cadres.management.command import Command as ProjectCommand
from cadres.management.command import CommandFailed, day_argument, unit_argument
from cadres.models import Criterion, Standard, User
from cadres.rate import figures_of
from reports.publications import publish
from reports.publications.reading import rate_in


class Command(ProjectCommand):
    help = "Công bố số liệu: giữ nguyên tỷ lệ, các cách chia, danh sách và cách tính của một ngày."

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
        parser.add_argument("--unit", metavar="MÃ", help="chỉ huyện, cụm hoặc xã có mã này vào ngày đó")
        parser.add_argument("--decision", required=True, metavar="SỐ", help="số quyết định (văn bản) công bố")
        parser.add_argument("--decided-on", type=day_argument, metavar="NGÀY", help="ngày quyết định")
        parser.add_argument("--user", metavar="TÊN", help="tài khoản chịu trách nhiệm")
        parser.add_argument("--json", action="store_true", help="in một đối tượng JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        now, default = days(localdate())
        day = options["as_of"] or default
        criterion = Criterion.objects.filter(code=options["criterion"]).first()
        if criterion is None:
            raise CommandFailed(f"Không có bộ tiêu chí “{options['criterion']}”.")
        unit = unit_argument(options["unit"], day).unit if options["unit"] else None
        named = dict.fromkeys(options["standard"])
        standards = list(Standard.objects.filter(code__in=named))
        if missing := sorted(named.keys() - {standard.code for standard in standards}):
            raise CommandFailed(f"Không có văn bản tiêu chuẩn “{missing[0]}”.")
        try:
            publication = publish(
                day=day,
                criterion=criterion,
                unit=unit,
                standards=standards,
                decision=options["decision"],
                decided_on=options["decided_on"],
                on=now,
                by=_account(options["user"]),
            )
        except ValidationError as refusal:
            raise CommandFailed(" ".join(refusal.messages)) from refusal
        rate = rate_in(publication)
        if options["json"]:
            told = {"publication": publication.pk, **figures_of(rate)}
            self.stdout.write(json.dumps(told, ensure_ascii=False))
        else:
            percent = str(rate.percent).replace(".", ",")
            self.stdout.write(
                f"Đã công bố số {publication.pk}: {publication}, {rate.compliant}/{rate.total} người đạt ({percent} %)."
            )


def _account(username: str | None) -> User | None:
    if username is None:
        return None
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None or not user.has_perm("cadres.add_publication"):
        raise CommandFailed(f"Tài khoản “{username}” không có hoặc không được công bố số liệu.")
    return user
