"""Làm các việc dài đang chờ của việc nhập danh sách: đọc, ghi, hoàn tác (cadres/roster/long_work.py gọi lệnh này)."""

import logging
import os
import time
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, ProgrammingError, connections
from django.utils.timezone import localdate  # noqa: TID251 — a roster may not be of a later day

from cadres.disk import TOLD, is_full
from cadres.history import act
from cadres.management.command import Command as ProjectCommand
from cadres.models import Act, ImportBatch, ImportProgress
from cadres.roster.batch import BatchChangedError, BatchStateError, Progress, Step, commit, read_batch
from cadres.roster.foretelling import foretell_batch
from cadres.roster.long_work import next_in_turn
from cadres.roster.undo import undo
from cadres.walls import acting_as, for_nobody
from lao_cai_training.logs import kind_of
from lao_cai_training.postgres.roles import sign_in_as_web

logger = logging.getLogger(__name__)

WORK: dict[Step, Callable[..., Any]] = {
    Step.READING: read_batch,
    Step.WRITING: commit,
    Step.UNDOING: undo,
    Step.FORETELLING: foretell_batch,
}
CONTRADICTS = "Chưa ghi được dòng nào: danh sách mâu thuẫn với hồ sơ. Hãy đọc lại tệp rồi xem trước lại."
NO_ACCOUNT = "Tài khoản yêu cầu việc này không còn dùng được nên chưa làm gì. Hãy yêu cầu lại bằng tài khoản khác."
BROKE_OFF = "Việc này dừng giữa chừng vì phần mềm gặp lỗi; chưa ghi gì. Hãy làm lại; nếu vẫn lỗi, hãy báo Sở Nội vụ."
NOT_TAKEN = (
    "Cơ sở dữ liệu không nhận tiến trình làm việc dài (SECRET_KEY đã đổi); các việc đang chờ được giữ nguyên. Hãy chạy "
    "lệnh setup rồi khởi động lại trang web."
)
DONE, NOTHING_LEFT = 0, 3  # how the process of one piece of work ends


class Command(ProjectCommand):
    help = "Làm các việc dài đang chờ của việc nhập danh sách; trang web tự gọi lệnh này."
    writes = False  # each process tells the history by itself

    def handle(self, *args: Any, **options: Any) -> None:
        """Each piece of work has a process of its own: one that is killed takes no other along, nor its memory."""
        sign_in_as_web()
        while True:
            connections.close_all()
            if (worker := os.fork()) == 0:
                os._exit(_work_on_next())
            _, status = os.waitpid(worker, 0)
            if os.WIFEXITED(status) and os.WEXITSTATUS(status) != DONE:
                return
            if os.WIFSIGNALED(status):
                logger.error("Tiến trình làm việc dài bị tắt giữa chừng (tín hiệu %s).", os.WTERMSIG(status))
                time.sleep(1)  # where memory is short, others need it too


def _work_on_next() -> int:
    try:
        with for_nobody():
            pass  # before work is claimed, whose row goes with the claim
    except ProgrammingError:
        logger.error(NOT_TAKEN)
        return 1
    try:
        with act(Act.Kind.COMMAND, command="carry_on_import"), next_in_turn() as work:
            if work is None:
                return NOTHING_LEFT
            claimed, progress = work
            # Said before the progress goes, so that whoever waits finds one or the other.
            problem = _problem_of(claimed, progress)
            with for_nobody():
                ImportBatch.objects.filter(pk=claimed.batch_id).update(problem=problem)
            return DONE
    except BaseException:
        logger.exception("Việc nhập danh sách chạy ngoài trang web gặp lỗi.")
        return 1


def _problem_of(work: ImportProgress, progress: Progress) -> str:
    """Do the work; what stood in its way, in words."""
    if work.by is None or not work.by.is_active:
        return NO_ACCOUNT
    step = Step(work.step)
    limits = {"latest": localdate()} if step == Step.READING else {}
    try:
        with acting_as(work.by):
            done = WORK[step](work.batch, by=work.by, progress=progress, **limits)
    except (BatchStateError, BatchChangedError) as error:
        return str(error)
    except IntegrityError:
        return CONTRADICTS
    except Exception as error:
        logger.exception("Lần nhập số %s dừng giữa chừng: %s.", work.batch_id, kind_of(error))
        return TOLD if is_full(error) else BROKE_OFF
    return getattr(done, "problem", "")
