"""What `setup` prepares and refuses, and what the web process may then do."""

import hashlib
import os
import subprocess
import sys
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command, load_command_class
from django.db import ProgrammingError, connection, models, transaction
from django.db.migrations import AddField, CreateModel, Migration, RunPython
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState
from django.test import Client

from cadres.history import act
from cadres.management.command import CommandFailed
from cadres.models import Position, Requirement, UnitVersion, User, Visit
from courses.models import Programme
from lao_cai_training import __version__, instance
from lao_cai_training.management.commands.migrate import one_model_a_step
from lao_cai_training.postgres.roles import grant_web_role
from tests.conftest import client_of

pytestmark = pytest.mark.django_db

CATALOGUES = (UnitVersion, Position, Requirement, Programme)


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """A command as a shell runs it."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=os.environ | variables,
        capture_output=True,
        text=True,
        check=False,
    )


def test_setup_may_be_run_again_and_changes_nothing() -> None:
    before = [model.objects.count() for model in CATALOGUES]
    assert all(before)
    call_command("setup")
    assert [model.objects.count() for model in CATALOGUES] == before
    assert not instance.marks().get("demonstration")


def test_a_step_of_a_migration_draws_one_model_anew_and_what_a_step_in_python_is_given_is_whole() -> None:
    key = ("id", models.BigAutoField(primary_key=True))

    def join(apps: Any, _: Any) -> None:
        unit, post = apps.get_model("cadres", "OldUnit"), apps.get_model("cadres", "OldPost")
        post.objects.create(unit=unit.objects.create(name="Bắc Hà"))
        assert post.objects.get(unit__name="Bắc Hà").unit == unit.objects.get(oldpost__isnull=False)

    unit = CreateModel("OldUnit", [key])
    post = CreateModel("OldPost", [key, ("unit", models.ForeignKey("cadres.OldUnit", models.CASCADE))])
    named = AddField("OldUnit", "name", models.TextField())
    migration, state = Migration("old", "cadres"), ProjectState()
    assert not state.apps.get_models()
    with one_model_a_step(), connection.schema_editor() as editor:
        migration.operations = [unit, post]
        state = migration.apply(state, editor)
        drawn = state.apps.get_model("cadres", "OldPost")
        migration.operations = [named]
        state = migration.apply(state, editor)
        assert state.apps.get_model("cadres", "OldPost") is drawn
        migration.operations = [RunPython(join)]
        migration.apply(state, editor)


def test_setup_refuses_a_database_in_which_a_migration_was_another_one() -> None:
    instance.note(migrations=instance.marks()["migrations"] | {"cadres.0001_initial": "another"})
    with pytest.raises(CommandFailed, match=r"phiên bản khác .*cadres\.0001_initial"):
        call_command("setup")


def test_a_migration_is_another_one_also_where_only_its_sql_is() -> None:
    folder = settings.BASE_DIR / "cadres" / "migrations"
    both = b"".join((folder / name).read_bytes() for name in ("0001_initial.py", "0001_history.sql"))
    assert instance.fingerprints()["cadres.0001_initial"] == hashlib.sha256(both).hexdigest()


def test_setup_refuses_a_database_with_a_migration_that_the_source_has_not() -> None:
    MigrationRecorder(connection).record_applied("cadres", "9999_later")
    with pytest.raises(CommandFailed, match=r"phiên bản khác .*cadres\.9999_later"):
        call_command("setup")


def test_the_web_role_reads_and_writes_rows_and_changes_no_table() -> None:
    if not grant_web_role(create=True):
        pytest.skip("the server was not prepared with roles.sql, and this role may make no other")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE lao_cai_wide")
        cursor.execute("UPDATE cadres_position SET title = title")
        assert cursor.rowcount == Position.objects.count()
        for forbidden in (
            "DROP TABLE cadres_position",
            "TRUNCATE cadres_position",
            "CREATE TABLE anything (id int)",
            "DELETE FROM django_migrations",
        ):
            with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), transaction.atomic():
                cursor.execute(forbidden)


def test_a_demonstration_is_marked_and_said_to_the_templates() -> None:
    assert not instance.is_demonstration()
    instance.note(demonstration=True)
    assert instance.is_demonstration()


def test_who_only_looks_at_a_demonstration_has_entered_nothing(province_staff) -> None:
    assert not instance.nobody_has_entered_anything()
    instance.note_demonstration()
    client = Client()
    client.post("/quan-tri/login/", {"username": province_staff.username, "password": "mật khẩu thử"})
    assert client.get("/cach-tinh/").status_code == 200
    assert User.objects.exclude(last_login=None).exists()
    assert Visit.objects.filter(kind=Visit.Kind.SIGN_IN).exists()
    assert instance.nobody_has_entered_anything()
    call_command("setup")
    assert instance.nobody_has_entered_anything()
    with act(by=province_staff):
        Position.objects.filter(pk=Position.objects.earliest("pk").pk).update(title="Chức danh khác")
    assert not instance.nobody_has_entered_anything()


def test_what_somebody_entered_into_a_demonstration_of_another_version_stays() -> None:
    instance.note_demonstration()
    instance.note(migrations={})
    Position.objects.update(title="Chức danh khác")
    with pytest.raises(CommandFailed, match=r"không bị xóa: .* hoặc tự xóa (thư mục|cơ sở dữ liệu) "):
        call_command("demo", "--no-serve")
    assert Position.objects.filter(title="Chức danh khác").exists()


def test_every_page_tells_the_version_and_the_day_of_the_last_backup(province_staff) -> None:
    def footer() -> str:
        page = client_of(province_staff).get("/cach-tinh/").content.decode()
        return " ".join(page.split('<footer id="footer">')[1].split("</footer>")[0].split())

    assert footer() == f"Phiên bản {__version__} · Chưa sao lưu lần nào"
    instance.note(last_backup="2016-01-04T20:30:00+00:00")  # in Vietnam it is the next day
    assert footer() == f"Phiên bản {__version__} · Sao lưu gần nhất: 05/01/2016"
    assert "Phiên bản" not in Client().get("/", follow=True).content.decode()


def test_a_wrong_argument_is_one_vietnamese_line_and_status_2() -> None:
    command = run("demo", "--port", "70000")
    assert command.returncode == 2
    assert command.stdout == ""
    assert command.stderr.count("\n") == 1
    assert "cổng 70000 không hợp lệ" in command.stderr.lower()
    for name, arguments, says in (
        ("setup", ["--no-such"], "không có tham số --no-such"),
        ("demo", ["--port", "x"], "tham số --port phải là số nguyên, không phải 'x'"),
    ):
        with pytest.raises(SystemExit) as ended, redirect_stderr(StringIO()) as told:
            load_command_class("lao_cai_training", name).run_from_argv(["manage.py", name, *arguments])
        assert ended.value.code == 2
        assert told.getvalue().count("\n") == 1
        assert says in told.getvalue().lower()


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing"}, "Cơ sở dữ liệu không dùng được: "),
        ({"DATABASE_URL": "nothing"}, "DATABASE_URL không đúng dạng"),
        ({"DATABASE_URL": "", "DATA_DIR": "/dev/null/data"}, "/dev/null/data"),
    ],
)
def test_without_a_database_commands_say_so_in_one_line_and_status_2(variables: dict[str, str], message: str) -> None:
    command = run("setup", **variables)
    assert command.returncode == 2
    assert command.stdout == ""
    assert command.stderr.count("\n") == 1
    assert message in command.stderr


def test_the_secret_key_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    print_key = "from lao_cai_training.settings import SECRET_KEY; print(SECRET_KEY)"
    keys = {
        subprocess.run(
            [sys.executable, "-c", print_key],
            cwd=settings.BASE_DIR,
            env=os.environ | {"DATA_DIR": str(tmp_path / "data"), "SECRET_KEY": ""},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for _ in range(2)
    }
    assert len(keys) == 1
    assert (tmp_path / "data" / "secret_key").stat().st_mode & 0o077 == 0
