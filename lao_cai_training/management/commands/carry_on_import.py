"""Làm tiếp một lần nhập dài ở ngoài trang web: đọc, ghi hoặc hoàn tác (cadres/roster/long_work.py gọi lệnh này)."""

from collections.abc import Callable
from typing import Any

from django.core.management.base import CommandParser
from django.db import IntegrityError

from cadres.management.command import Command as ProjectCommand
from cadres.management.command import CommandFailed
from cadres.models import ImportBatch, User
from cadres.roster.batch import BatchChangedError, BatchStateError, Step, commit, read_batch
from cadres.roster.long_work import told
from cadres.roster.undo import undo
from lao_cai_training.postgres.roles import take_on_web_role

WORK: dict[Step, Callable[..., Any]] = {Step.READING: read_batch, Step.WRITING: commit, Step.UNDOING: undo}
CONTRADICTS = "Chưa ghi được dòng nào: danh sách mâu thuẫn với hồ sơ. Hãy đọc lại tệp rồi xem trước lại."


class Command(ProjectCommand):
    help = "Làm tiếp một lần nhập dài; trang web tự gọi lệnh này."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("batch", type=int, metavar="SỐ")
        parser.add_argument("step", choices=[str(step) for step in WORK])
        parser.add_argument("user", metavar="TÀI_KHOẢN")

    def handle(self, *args: Any, **options: Any) -> None:
        take_on_web_role()
        batch = ImportBatch.objects.filter(pk=options["batch"]).first()
        user = User.objects.filter(username=options["user"], is_active=True).first()
        if batch is None or user is None:
            raise CommandFailed("Không có lần nhập hoặc tài khoản này.")
        problem = ""
        with told(batch) as progress:
            try:
                done = WORK[Step(options["step"])](batch, by=user, progress=progress)
                problem = getattr(done, "problem", "")
            except (BatchStateError, BatchChangedError) as error:
                problem = str(error)
            except IntegrityError:
                problem = CONTRADICTS
            # Said before the progress goes, so that whoever waits finds one or the other.
            ImportBatch.objects.filter(pk=batch.pk).update(problem=problem)
        if problem:
            raise CommandFailed(problem)
