from typing import Any

from django.core.management import call_command

from cadres import reference_data as cadres_data
from cadres.management.command import Command as ProjectCommand
from courses import reference_data as courses_data
from lao_cai_training import __version__
from lao_cai_training.instance import alone, told_last_backup
from lao_cai_training.postgres.roles import grant_web_role


class Command(ProjectCommand):
    help = "Chuẩn bị cơ sở dữ liệu: tạo bảng, cấp quyền và nạp danh mục, tiêu chuẩn. Chạy lại bao nhiêu lần cũng được."

    def handle(self, *args: Any, **options: Any) -> None:
        with alone(self.say):
            self.prepare()
        self.say(f"Cơ sở dữ liệu đã sẵn sàng (phiên bản {__version__}). {told_last_backup()}.")

    def prepare(self) -> None:
        """Make or update tables, rights and reference data. Raises CommandFailed."""
        call_command("migrate", verbosity=0)  # first, and silent: where it refuses, its line is the only one
        self.say("Đã tạo, cập nhật các bảng.")
        if not grant_web_role(create=True):
            self.say(
                "Cảnh báo: máy chủ chưa có các vai trò của trang web nên trang web sẽ chạy với quyền của chủ cơ sở dữ "
                "liệu. Để tách quyền, chạy lao_cai_training/postgres/roles.sql rồi chạy lại setup."
            )
        cadres_data.load(progress=self.say)
        courses_data.load(progress=self.say)
