import sys
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.utils.timezone import localdate  # noqa: TID251 — a command is where the day enters

from cadres.installation import days
from cadres.management.command import Command as ProjectCommand
from cadres.models import User
from reports.tasks.reminding import accounts_to_remind, lines_for, remind


class Command(ProjectCommand):
    help = "Gửi thư nhắc việc cần làm: mỗi tài khoản có địa chỉ thư nhiều nhất một thư một ngày."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="chỉ kể ai có việc gì, không gửi")

    def handle(self, *args: Any, **options: Any) -> None:
        clock = localdate()
        day, _ = days(clock)
        sent, failed = 0, []
        for user in accounts_to_remind():
            if options["dry_run"]:
                self._tell(user, [line.told for line in lines_for(user, day)])
                continue
            try:
                sent += remind(user, day, on=clock, site=settings.SITE_ADDRESS)
            except OSError as problem:  # of the mail server; the others are tried
                failed.append(f"{user.username}: {problem}")
        if not options["dry_run"]:
            self.stdout.write(f"Đã gửi {sent} thư nhắc việc.")
        for line in failed:
            self.stderr.write(f"Không gửi được thư cho {line}")
        if failed:
            sys.exit(1)

    def _tell(self, user: User, told: list[str]) -> None:
        for line in told:
            self.stdout.write(f"{user.username}: {line}")
