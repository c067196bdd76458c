from typing import Any

from django.core.management.base import CommandParser
from django.utils.timezone import localtime

from cadres.management.command import Command as ProjectCommand
from cadres.management.command import CommandFailed
from cadres.models import User
from cadres.sign_in.lockout import locked_now, unlock
from cadres.sign_in.second_factor import take_off


class Command(ProjectCommand):
    help = (
        "Cho đăng nhập lại ngay tài khoản đang bị khóa tạm vì nhập sai nhiều lần. Không nêu tên: liệt kê ai đang bị "
        "khóa, ở địa chỉ nào, đến lúc nào."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", nargs="?", metavar="TÊN", help="tên đăng nhập")
        parser.add_argument("--address", metavar="ĐỊA_CHỈ", help="mở khóa cả một địa chỉ mạng, cho mọi tài khoản ở đó")
        parser.add_argument(
            "--second-factor",
            action="store_true",
            help="tắt xác thực hai bước của tài khoản (mất điện thoại và mã dự phòng); người đó phải bật lại",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        username, address = options["username"], options["address"]
        if options["second_factor"] and not username:
            raise CommandFailed("--second-factor cần tên đăng nhập: python manage.py unlock TÊN --second-factor.")
        if not username and not address:
            self.list()
            return
        user = User.objects.filter(username=username).first()
        if username and user is None:
            raise CommandFailed(f"Không có tài khoản “{username}”.")
        unlock(username or "", address or "")
        self.stdout.write(f"Đã mở khóa đăng nhập {' tại '.join(name for name in (username, address) if name)}.")
        if options["second_factor"] and user:
            take_off(user, by=None)
            self.stdout.write(
                f"Đã tắt xác thực hai bước của {username} và đăng xuất tài khoản khỏi mọi thiết bị. Hãy chắc chắn "
                "người vừa yêu cầu đúng là chủ tài khoản."
            )
        if user and not user.is_active:
            self.stdout.write(f"Tài khoản {username} đang tạm ngừng, nên vẫn chưa đăng nhập được.")

    def list(self) -> None:
        locked = locked_now()
        if not locked:
            self.stdout.write("Không có tài khoản, địa chỉ nào đang bị khóa tạm.")
        for username, address, until in locked:
            who = username or "mọi tài khoản"
            self.stdout.write(f"{who} tại {address or '(không rõ địa chỉ)'}: đến {localtime(until):%H:%M:%S %d/%m/%Y}")
