"""Two that make the tables of one database."""

from pathlib import Path

from django.db import connection

from cadres.models import Position, Requirement, UnitVersion
from courses.models import Programme
from lao_cai_training import instance
from lao_cai_training.contents import schemas
from tests.forked import Forked


def test_two_that_set_up_an_emptied_database_wait_for_each_other(own_database: None, tmp_path: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA beside CREATE TABLE rest (id int)")
    instance.empty_database()
    with connection.cursor() as cursor:
        assert schemas(cursor) == ["public"]

    told = [tmp_path / "one.txt", tmp_path / "other.txt"]
    commands = []
    for path in told:
        with path.open("wb") as said:
            commands.append(Forked("setup", said=said))
    assert [command.wait() for command in commands] == [0, 0]
    said_by_both = [path.read_text() for path in told]
    assert not any("Traceback" in text for text in said_by_both)
    assert sum("chờ lệnh đó xong" in text for text in said_by_both) == 1
    assert all(model.objects.exists() for model in (UnitVersion, Position, Requirement, Programme))
