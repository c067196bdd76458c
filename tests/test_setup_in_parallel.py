"""Two that make the tables of one database."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings
from django.db import connection

from cadres.models import Position, Requirement, UnitVersion
from courses.models import Programme
from lao_cai_training import instance
from lao_cai_training.contents import schemas
from tests.processes import environment


def test_two_that_set_up_an_emptied_database_wait_for_each_other(own_database: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA beside CREATE TABLE rest (id int)")
    instance.empty_database()
    with connection.cursor() as cursor:
        assert schemas(cursor) == ["public"]

    def set_up(_: int) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", "setup"],
            cwd=settings.BASE_DIR,
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
        )

    with ThreadPoolExecutor() as threads:
        commands = list(threads.map(set_up, range(2)))
    assert [(command.returncode, "Traceback" in command.stderr) for command in commands] == [(0, False)] * 2
    assert sum("chờ lệnh đó xong" in command.stderr for command in commands) == 1
    assert all(model.objects.exists() for model in (UnitVersion, Position, Requirement, Programme))
