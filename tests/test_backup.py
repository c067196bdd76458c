"""A backup gives back every table, rate and file, on any server; whatever is wrong with one leaves all as it was."""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import (
    IntegrityError,
    InterfaceError,
    OperationalError,
    close_old_connections,
    connection,
    connections,
    transaction,
)
from django.test import Client, override_settings

from cadres import roles
from cadres.management.command import CommandFailed
from cadres.models import ImportBatch, Official, Publication
from courses.models import DocumentTemplate
from lao_cai_training import instance
from lao_cai_training.backup import restoring
from lao_cai_training.backup.archive import BackupError, Writing, opened
from lao_cai_training.backup.making import LEFT_BEHIND
from lao_cai_training.contents import counted, tables
from lao_cai_training.postgres import databases as beside
from lao_cai_training.postgres.binaries import ServerError, installed, unprivileged
from lao_cai_training.postgres.programs import client_of
from lao_cai_training.postgres.server import DATABASE, OWNER, Cluster
from tests.conftest import DAY, make_user
from tests.conftest import client_of as browser_of
from tests.processes import environment


@dataclass(frozen=True)
class Backup:
    """A backup of the database in use, what is in that, the programs that were started to make it, and a browser that
    was signed in meanwhile."""

    path: Path
    rows: dict[str, Any]
    files: dict[str, bytes]
    programs: list[list[str]]
    browser: Client


@pytest.fixture(scope="module")
def backup(
    django_db_setup: None, databases: Any, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Backup]:
    """The small province with an account, an upload and a schema of somebody else's, and a backup of it.

    The tests of this module share its database and folder; who changes either works in a `province` of his own.
    """
    folder = tmp_path_factory.mktemp("shared")
    path = folder / "one.tar"
    with in_folder(folder / "data"), django_db_blocker.unblock(), databases.clone("province"):
        browser = browser_of(make_user("so-noi-vu", roles.PROVINCE_STAFF))
        upload("bac-ha.xlsx", b"danh s\xc3\xa1ch B\xe1\xba\xafc H\xc3\xa0")
        with connection.cursor() as cursor:
            cursor.execute("CREATE SCHEMA beside")
            cursor.execute("CREATE TABLE beside.kept AS SELECT 'đường' AS word, 1.5::float8 AS number")
        assert instance.last_backup() is None
        with programs_started() as programs:
            back_up(path)
        made = Backup(path, all_rows(), files(), programs, browser)
        yield made
        nothing_changed(made)


@pytest.fixture
def province(backup: Backup, databases: Any, tmp_path: Path) -> Iterator[None]:
    """A copy of that database and folder, for a test that changes something."""
    folder = shutil.copytree(settings.DATA_DIR, tmp_path / "data")
    with in_folder(folder), databases.copy():
        yield


@contextmanager
def in_folder(folder: Path) -> Iterator[None]:
    """Work in a folder of the installation's own, as do the processes that are started."""
    folder.mkdir(mode=0o700, exist_ok=True)
    with override_settings(DATA_DIR=folder, MEDIA_ROOT=folder / "uploads"):
        yield


@contextmanager
def programs_started() -> Iterator[list[list[str]]]:
    """The command lines of the programs that are started within."""
    started: list[list[str]] = []

    class Noted(subprocess.Popen[Any]):
        def __init__(self, arguments: Any, **others: Any) -> None:
            started.append([*map(os.fspath, arguments)])
            super().__init__(arguments, **others)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subprocess, "Popen", Noted)
        yield started


def nothing_changed(backup: Backup) -> None:
    """Database and folder are what they were when the backup was made, and no other database is beside."""
    assert (all_rows(), files()) == (backup.rows, backup.files)
    assert databases_there() == set()


def upload(name: str, content: bytes) -> ImportBatch:
    batch = ImportBatch(file_name=name, as_of=DAY)
    batch.file.save(name, ContentFile(content), save=True)
    return batch


def replace_template(content: bytes) -> None:
    """As courses.documents.word_templates does."""
    with transaction.atomic():
        own, _ = DocumentTemplate.objects.select_for_update().get_or_create(kind="decision")
        before = own.file.name
        own.file.save("decision.docx", ContentFile(content), save=True)
        if before:
            transaction.on_commit(lambda: default_storage.delete(before))


def all_rows() -> dict[str, Any]:
    with connection.cursor() as cursor:
        return counted(cursor, without=LEFT_BEHIND)


def files() -> dict[str, bytes]:
    """What the rows name → what is in it."""
    names = [*ImportBatch.objects.exclude(file="").values_list("file", flat=True)]
    names += DocumentTemplate.objects.values_list("file", flat=True)
    return {name: (Path(settings.MEDIA_ROOT) / name).read_bytes() for name in names}


def uploads_there() -> set[str]:
    return {path.relative_to(settings.MEDIA_ROOT).as_posix() for path in Path(settings.MEDIA_ROOT).rglob("*.*")}


def databases_there() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, current_database() || '_')")
        return {name.removeprefix(f"{connection.settings_dict['NAME']}_") for (name,) in cursor.fetchall()}


def back_up(path: Path) -> str:
    out = StringIO()
    call_command("backup", str(path), stdout=out, stderr=StringIO())
    return out.getvalue()


def restore(*arguments: object) -> str:
    out = StringIO()
    call_command("restore", *map(str, arguments), "--yes", stdout=out, stderr=StringIO())
    return out.getvalue()


def go_back() -> str:
    """Take the last restore back; returns what is said on standard error."""
    told = StringIO()
    call_command("restore", "--undo", "--yes", stdout=StringIO(), stderr=told)
    return told.getvalue()


def check(path: Path) -> str:
    out = StringIO()
    call_command("backup", "--check", str(path), stdout=out, stderr=StringIO())
    return out.getvalue()


def variables(**others: str) -> dict[str, str]:
    """The environment of a process; one in another folder is as on another machine, with a secret key of its own."""
    elsewhere = {"SECRET_KEY": ""} if "DATA_DIR" in others else {}
    return environment() | {"DATA_DIR": str(settings.DATA_DIR)} | elsewhere | others


def run(*arguments: object, **others: str) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own, which works on the database and folder of the test."""
    return subprocess.run(
        [sys.executable, "manage.py", *map(str, arguments)],
        cwd=settings.BASE_DIR,
        env=variables(**others),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


@contextmanager
def no_file_larger_than(kilobytes: int) -> Iterator[None]:
    """As on a full disk: nothing gets larger than that, neither here nor in a program that is started."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (kilobytes * 1024, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def rates() -> Any:
    out = StringIO()
    call_command("rates", "--as-of", "2015-12-31", "--by", "district", "--json", stdout=out)
    return json.loads(out.getvalue())


def privileges() -> set[tuple[str, ...]]:
    """Who may do what with every schema, table and function of ours."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH ours AS (SELECT oid, nspname, nspacl FROM pg_namespace
                          WHERE nspname !~ '^pg_' AND nspname <> 'information_schema')
            SELECT nspname, '', nspacl::text FROM ours
            UNION ALL SELECT nspname, relname, relacl::text FROM pg_class JOIN ours ON ours.oid = relnamespace
            UNION ALL SELECT nspname, proname || pg_get_function_identity_arguments(pg_proc.oid), proacl::text
                      FROM pg_proc JOIN ours ON ours.oid = pronamespace
            """
        )
        return {tuple(map(str, row)) for row in cursor.fetchall()}


# ---------------------------------------------------------------- there and back


def test_backup_changes_restore_give_every_table_rate_and_file_back(
    django_db_setup: None, databases: Any, django_db_blocker: Any, tmp_path: Path
) -> None:
    with in_folder(tmp_path / "data"), django_db_blocker.unblock(), databases.clone("demonstration"):
        upload("bac-ha.xlsx", b"as sent")
        replace_template(b"as the office wrote it")
        before, rates_before, files_before, granted = all_rows(), rates(), files(), privileges()
        told = back_up(tmp_path / "one.tar")
        assert f"{sum(table['rows'] for table in before.values())} dòng trong {len(before)} bảng, 2 tệp" in told

        with connection.cursor() as cursor:
            cursor.execute("UPDATE cadres_appointment SET is_primary = false WHERE id % 2 = 0")
        replace_template(b"another")
        default_storage.delete(ImportBatch.objects.get(file_name="bac-ha.xlsx").file.name)
        changed = all_rows()
        assert rates() != rates_before

        assert "Mọi người cần đăng nhập lại" in restore(tmp_path / "one.tar")
        assert all_rows() == before
        assert rates() == rates_before
        assert sorted(files().values()) == sorted(files_before.values())
        assert privileges() == granted
        assert Publication.objects.count() == 4  # of the year-ends, with their lists and what keeps them
        with pytest.raises(IntegrityError), connection.cursor() as cursor:
            cursor.execute("DELETE FROM cadres_publishedpost")
        assert databases_there() == {"previous"}

        restore("--undo")
        assert all_rows() == changed


def test_a_new_machine_gets_all_of_it_by_restore_alone(backup: Backup, tmp_path: Path) -> None:
    new = tmp_path / "new"
    restored = run("restore", backup.path, "--yes", DATABASE_URL="", DATA_DIR=str(new))
    assert restored.returncode == 0, restored.stderr
    assert "còn giữ" not in restored.stdout
    with working_on(Cluster(new / "postgres")):
        assert all_rows() == backup.rows
        assert databases_there() == set()
    assert {name: (new / "uploads" / name).read_bytes() for name in backup.files} == backup.files


def as_superuser(server: Cluster, statement: str) -> None:
    """Nobody can sign in as the superuser: the server is stopped for it."""
    connections.close_all()
    server.leave()
    binaries, data = server.choose()
    server._run_single(unprivileged(binaries, data), binaries, data, DATABASE, f"{statement};\n\n")
    server.join()


@contextmanager
def working_on(cluster: Cluster) -> Iterator[None]:
    """Every connection opened within is one to that server."""
    address = cluster.join()
    own = dict(connection.settings_dict)
    connections.close_all()
    connection.settings_dict.update(
        HOST=address.host, PORT=address.port, USER=address.user, PASSWORD=address.password, NAME=DATABASE, CLUSTER=None
    )
    try:
        yield
    finally:
        connections.close_all()
        connection.settings_dict.clear()
        connection.settings_dict.update(own)
        cluster.leave()


def test_a_real_server_of_the_oldest_version_there_is_takes_it_and_gives_it_back(
    backup: Backup, tmp_path: Path
) -> None:
    binaries = min(installed(), key=lambda binaries: binaries.version)
    folder = tmp_path / "server"
    folder.mkdir()
    server = Cluster(folder)
    server._create(binaries, folder / str(binaries.version))
    with working_on(server), in_folder(tmp_path / "other"):
        restore(backup.path)
        with connection.cursor() as cursor:
            assert cursor.connection.server_version // 10000 == binaries.version
        assert (all_rows(), files()) == (backup.rows, backup.files)
        assert "dùng được" in check(backup.path)
        assert databases_there() == set()
        back_up(tmp_path / "two.tar")
        as_superuser(server, f"ALTER ROLE {OWNER} NOCREATEDB")
        assert "ALTER ROLE lao_cai CREATEDB" in refusal_of(backup.path)
        nothing_changed(backup)
    with opened(backup.path) as one, opened(tmp_path / "two.tar") as two:
        assert two.contents["server"] == binaries.version
        for told in ("tables", "uploads", "migrations", "fingerprints"):
            assert two.contents[told] == one.contents[told], told
    assert "dùng được" in check(tmp_path / "two.tar")


def test_a_restore_takes_away_keys_and_no_files_and_can_itself_be_taken_back(province: None, backup: Backup) -> None:
    made_at = instance.last_backup()
    assert made_at
    ((name, content),) = files().items()
    assert backup.browser.get("/cach-tinh/").status_code == 200
    instance.note(last_backup=(made_at + timedelta(days=1)).isoformat())
    default_storage.delete(name)
    default_storage.save(name, ContentFile(b"of somebody else"))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE beside.kept SET word = 'Đường'")
        cursor.execute("DELETE FROM django_migrations WHERE app = 'courses'")

    restore(backup.path)
    # What was signed in is no key any more, and the day that is told is that of the backup.
    assert backup.browser.get("/cach-tinh/").status_code == 302
    assert instance.last_backup() == made_at
    # A file that another has the name of comes under a name of its own.
    assert list(files().values()) == [content]
    assert (Path(settings.MEDIA_ROOT) / name).read_bytes() == b"of somebody else"
    # Tables of every schema are in it.
    with connection.cursor() as cursor:
        assert ("beside", "kept") in tables(cursor)
        cursor.execute("SELECT * FROM beside.kept")
        assert cursor.fetchall() == [("đường", 1.5)]

    # Going back to the tables of an older version says what to run.
    assert "chạy python manage.py setup" in go_back()
    assert files() == {name: b"of somebody else"}
    assert "setup" not in go_back()


def test_the_kept_database_goes_with_its_files_at_the_next_restore(province: None, backup: Backup) -> None:
    there = uploads_there()
    upload("later.xlsx", b"entered after the backup")
    restore(backup.path)
    assert len(uploads_there()) == len(there) + 1
    ImportBatch.objects.all().delete()  # now the kept one alone names the file that the backup names too
    restore(backup.path)
    assert set(files()) == uploads_there() == there
    assert databases_there() == {"previous"}


# ---------------------------------------------------------------- while people work


def test_a_backup_is_one_moment_while_others_write(province: None, tmp_path: Path) -> None:
    stop = threading.Event()
    failures: list[BaseException] = []

    def until_stopped(work: Callable[[int], object]) -> None:
        try:
            number = 0
            while not stop.is_set():
                work(number)
                number += 1
                time.sleep(0.02)
        except BaseException as error:
            failures.append(error)
        finally:
            connections.close_all()

    def write_pair(number: int) -> None:
        with transaction.atomic():
            ImportBatch.objects.create(file_name=f"pair {number}", as_of=DAY)
            Official.objects.filter(pk=Official.objects.earliest("pk").pk).update(full_name=f"pair {number}")

    works = (
        write_pair,
        lambda number: upload(f"{number}.xlsx", str(number).encode()),
        lambda number: replace_template(str(number).encode()),
    )
    threads = [threading.Thread(target=until_stopped, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    try:
        while not (ImportBatch.objects.filter(file_name="pair 0") and DocumentTemplate.objects.exists()):
            time.sleep(0.02)
        back_up(tmp_path / "one.tar")
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert failures == []
    restore(tmp_path / "one.tar")  # refuses what does not agree with its digests
    pairs = ImportBatch.objects.filter(file_name__startswith="pair ")
    assert pairs.count() > 0
    assert Official.objects.earliest("pk").full_name == pairs.latest("pk").file_name
    assert all(
        file == Path(name).name.split(".")[0].split("_")[0].encode()
        for name, file in files().items()
        if "rosters" in name and "bac-ha" not in name
    )


def test_who_is_at_work_during_a_restore_sees_the_old_and_then_the_new(province: None, backup: Backup) -> None:
    old = Official.objects.count()
    Official.objects.filter(pk=Official.objects.latest("pk").pk).update(full_name="Sau khi sao lưu")
    begun, stop = threading.Event(), threading.Event()
    seen: list[bool] = []
    failures: list[BaseException] = []

    def look() -> None:
        is_last = False
        while not is_last:
            is_last = stop.is_set()  # one more look after that
            close_old_connections()  # as at the beginning of a request
            try:
                seen.append(Official.objects.filter(full_name="Sau khi sao lưu").exists())
                begun.set()
            except (OperationalError, InterfaceError):
                pass  # sent away in the middle: the one request that is lost
            except BaseException as error:
                failures.append(error)
            time.sleep(0.01)
        connections.close_all()

    threads = [threading.Thread(target=look) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        assert begun.wait(60)
        restore(backup.path)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert failures == []
    assert seen[0] is True
    assert seen[-1] is False
    close_old_connections()
    assert Official.objects.count() == old


# ---------------------------------------------------------------- killed


@contextmanager
def killing() -> Iterator[Callable[..., None]]:
    """Runs a command that is killed at a moment of tests.killed; the server has noticed it afterwards."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.killed"],
        cwd=settings.BASE_DIR,
        env=variables(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as killer:
        assert killer.stdin
        assert killer.stdout

        def kill_at(moment: str, *arguments: object) -> None:
            connections.close_all()  # a restore sends them away
            name = uuid4().hex
            print(json.dumps([moment, name, *map(str, arguments)]), file=killer.stdin, flush=True)
            assert killer.stdout
            assert killer.stdout.readline() == f"{-signal.SIGKILL}\n"
            with beside.from_outside() as cursor:
                left = "SELECT FROM pg_stat_activity WHERE application_name = %s"
                while cursor.execute(left, [name]) or cursor.fetchone():
                    time.sleep(0.01)

        yield kill_at
        killer.stdin.close()


def test_a_restore_that_is_killed_leaves_the_old_or_the_new_and_the_next_one_cleans_up(
    province: None, backup: Backup
) -> None:
    new, new_files = backup.rows, sorted(backup.files.values())
    Official.objects.update(full_name="Tên khác")
    replace_template(b"entered after the backup")
    default_storage.delete(ImportBatch.objects.get().file.name)
    ImportBatch.objects.update(file=default_storage.save("rosters/2026/01/x.xlsx", ContentFile(b"as it is now")))
    old, old_files = all_rows(), sorted(files().values())
    with killing() as kill_at:
        for moment, state, left, is_arriving in (
            ("the database is made", (old, old_files), {"restoring"}, False),
            ("it is being loaded", (old, old_files), {"restoring"}, False),
            ("a file is arriving", (old, old_files), {"restoring"}, True),
            ("all is ready", (old, old_files), {"restoring"}, False),
            ("it takes the place", (old, old_files), {"restoring"}, False),
            ("it has taken the place", (new, new_files), {"previous"}, False),
        ):
            kill_at(moment, "restore", backup.path, "--yes")
            assert (all_rows(), sorted(files().values())) == state, moment
            assert databases_there() == left, moment
            assert any(Path(settings.MEDIA_ROOT).glob(".arriving/*")) is is_arriving, moment

    restore(backup.path)
    assert (all_rows(), sorted(files().values())) == (new, new_files)
    assert databases_there() == {"previous"}
    assert not (Path(settings.MEDIA_ROOT) / ".arriving").exists()
    assert len(uploads_there()) == len(new_files)


def test_a_backup_that_is_killed_leaves_no_half_file_for_the_next(backup: Backup, tmp_path: Path) -> None:
    with killing() as kill_at:
        kill_at("the dump is being written", "backup", tmp_path)
    (left,) = tmp_path.iterdir()
    assert left.suffix == ".part"
    assert left.stat().st_size > 0
    left.rename(tmp_path / ".sao-luu-2015-12-31-000000.tar.part")  # that of the same second would be written anew
    back_up(tmp_path)
    (only,) = tmp_path.iterdir()
    assert only.name.startswith("sao-luu-")
    assert only.stat().st_mode & 0o777 == 0o600


# ---------------------------------------------------------------- refused


def sealed(backup: Backup, path: Path, **about: Any) -> Path:
    """A whole backup in which the first member says something else."""
    with opened(backup.path) as archive, path.open("w+b") as file:
        writing = Writing(file, archive.made_at)
        writing.add("about.json", json.dumps(archive.about | about.pop("about", {})).encode())
        for name, facts in archive.contents["uploads"].items():
            writing.add_from(f"uploads/{name}", archive.upload(name))
            assert facts
        archive.dump()
        end = archive.begins["contents.json"] - 512
        writing.add("database.dump", archive.file.read(end - archive.begins["database.dump"]))
        writing.add("contents.json", json.dumps(archive.contents | about).encode())
        writing.seal()
    return path


def refusal_of(path: Path) -> str:
    """What restoring says: one line, and status 2."""
    with pytest.raises(CommandFailed) as refused:
        restore(path)
    assert refused.value.returncode == 2
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_damage_anywhere_is_refused(backup: Backup, tmp_path: Path) -> None:
    with opened(backup.path) as archive:
        begins, size = archive.begins, archive.path.stat().st_size
    whole = backup.path.read_bytes()
    damaged = tmp_path / "damaged.tar"
    places = [begin + offset for begin in begins.values() for offset in (-512, -400, 5)]
    for place in (*places, begins["database.dump"] + 50_000, begins["SHA256"] + 300, size - 1, size - 700):
        damaged.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(BackupError), opened(damaged):
            pass
    damaged.write_bytes(whole[: begins["database.dump"] + 99] + b"x" + whole[begins["database.dump"] + 100 :])
    assert "bị hỏng, bị sửa hoặc chưa chép đủ" in refusal_of(damaged)
    for length in (100, 600, 2_000, begins["database.dump"] + 10_000, size // 2, size - 1024, size - 1):
        damaged.write_bytes(whole[:length])
        with pytest.raises(BackupError), opened(damaged):
            pass
    damaged.write_bytes(whole[: size // 2])
    assert "chép lại từ nơi cất giữ" in refusal_of(damaged)
    damaged.write_bytes(whole + bytes(512))
    assert "bị hỏng" in refusal_of(damaged)
    nothing_changed(backup)


def test_what_is_no_backup_of_ours_is_refused(backup: Backup, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"")
    assert "rỗng" in refusal_of(file)
    for foreign in (b"danh sach can bo\n" * 100, b"PK\x03\x04" + bytes(5000), b"PGDMP" + bytes(2000), bytes(10240)):
        file.write_bytes(foreign)
        assert "không phải bản sao lưu của phần mềm này" in refusal_of(file)
    subprocess.run(["tar", "cf", file, "-C", settings.BASE_DIR, "manage.py"], check=True)
    assert "không phải bản sao lưu của phần mềm này" in refusal_of(file)
    assert "Không đọc được tệp" in refusal_of(tmp_path / "no such")
    assert "tệp" in refusal_of(tmp_path)
    nothing_changed(backup)


def test_a_backup_of_a_newer_version_is_refused(backup: Backup, tmp_path: Path) -> None:
    def refusal_where(**told: Any) -> str:
        return refusal_of(sealed(backup, tmp_path / "other.tar", **told))

    assert "phiên bản mới hơn (99.1.0)" in refusal_where(about={"version": "99.1.0"})
    assert "phiên bản mới hơn" in refusal_where(about={"format": 2})
    migrations = [*instance.applied_migrations(), "cadres.9999_later"]
    assert "cadres.9999_later" in refusal_where(migrations=migrations)
    other = instance.marks()["migrations"] | {"courses.0001_initial": "another"}
    assert "courses.0001_initial" in refusal_where(fingerprints=other)
    nothing_changed(backup)


def test_rows_that_are_not_those_of_the_digests_are_refused(backup: Backup, tmp_path: Path) -> None:
    with opened(backup.path) as archive:
        told = archive.contents["tables"]
        told["public.cadres_official"]["rows"] += 1
    other = sealed(backup, tmp_path / "other.tar", tables=told)
    assert "không khớp với mã kiểm tra (public.cadres_official)" in refusal_of(other)
    with pytest.raises(SystemExit) as ended:
        check(other)
    assert ended.value.code == 1
    nothing_changed(backup)


def test_a_refusal_is_one_line_and_status_2(backup: Backup, tmp_path: Path) -> None:
    text = tmp_path / "text"
    text.write_text("không phải bản sao lưu")
    refused = run("restore", text, "--yes")
    assert refused.returncode == 2
    assert refused.stdout == ""
    assert refused.stderr.count("\n") == 1
    for arguments, says in (
        (["backup", "--check", str(text)], "không phải bản sao lưu của phần mềm này"),
        (["restore"], "Ghi tệp sao lưu cần khôi phục"),
        (["restore", str(backup.path)], "chạy lại với --yes"),  # without a terminal
        (["restore", "--undo", "--yes"], "không có gì để quay lại"),
    ):
        with pytest.raises(CommandFailed, match=says) as failed:
            call_command(*arguments, stdout=StringIO(), stderr=StringIO())
        assert failed.value.returncode == 2
        assert "\n" not in str(failed.value)
    nothing_changed(backup)


def test_two_restores_at_once_are_one(backup: Backup, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restoring, "PATIENCE_WITH_A_PREDECESSOR", 0.5)
    with beside.from_outside() as cursor:
        name = connection.settings_dict["NAME"]
        cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [f"lao_cai_training restore {name}"])
        assert "khác đang chạy" in refusal_of(backup.path)


def test_a_backup_writes_over_nothing_but_a_backup_and_its_day_is_told(backup: Backup, tmp_path: Path) -> None:
    (tmp_path / "letter.docx").write_bytes(b"PK")
    with pytest.raises(CommandFailed, match="đã có và không phải bản sao lưu"):
        back_up(tmp_path / "letter.docx")
    assert (tmp_path / "letter.docx").read_bytes() == b"PK"
    with pytest.raises(CommandFailed, match="tạo thư mục"):
        back_up(tmp_path / "no such" / "one.tar")
    shutil.copy(backup.path, tmp_path / "one.tar")
    with opened(tmp_path / "one.tar") as archive:
        before = archive.made_at
    back_up(tmp_path / "one.tar")
    assert {path.name for path in tmp_path.iterdir()} == {"letter.docx", "one.tar"}
    with opened(tmp_path / "one.tar") as archive:
        assert archive.made_at > before
        assert instance.last_backup() == archive.made_at


def test_a_full_disk_is_said_and_leaves_no_half_file(backup: Backup, tmp_path: Path) -> None:
    with pytest.raises(CommandFailed) as failed, no_file_larger_than(100):
        back_up(tmp_path)
    assert failed.value.returncode == 2
    assert str(failed.value).startswith(f"Hết chỗ trên ổ đĩa của {tmp_path}, chưa có bản sao lưu nào")
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_during_a_restore_is_said_and_leaves_everything(province: None, tmp_path: Path) -> None:
    batch = upload("large.xlsx", os.urandom(300_000))
    back_up(tmp_path / "two.tar")
    batch.delete()
    default_storage.delete(batch.file.name)
    before, files_before, there = all_rows(), files(), uploads_there()
    with no_file_larger_than(100):
        assert "dữ liệu đang có vẫn nguyên: giải phóng chỗ trống" in refusal_of(tmp_path / "two.tar")
    assert (all_rows(), files(), uploads_there()) == (before, files_before, there)
    assert databases_there() == set()


def test_a_file_that_is_gone_is_said_and_the_rest_is_backed_up(province: None, tmp_path: Path) -> None:
    (name,) = files()
    default_storage.delete(name)
    told = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("backup", str(tmp_path / "two.tar"), stdout=StringIO(), stderr=told)
    assert ended.value.code == 1
    assert name in told.getvalue()
    assert "dùng được" in check(tmp_path / "two.tar")


def test_tools_that_are_too_old_are_said_with_the_package_to_install() -> None:
    with pytest.raises(ServerError, match=r"Máy chủ là PostgreSQL 99, .* cài gói postgresql-client-99"):
        client_of(99, "Máy chủ")


# ---------------------------------------------------------------- what nobody may read


def test_no_password_is_in_the_list_of_processes_or_in_the_file(backup: Backup) -> None:
    password = connection.settings_dict["PASSWORD"]
    with programs_started() as programs:
        check(backup.path)
    lines = [" ".join(arguments) for arguments in (*backup.programs, *programs)]
    at_work = [line for line in lines if not line.endswith("--version")]
    # The first pg_restore lists what the dump holds.
    assert [Path(line.split()[0]).name for line in at_work] == ["pg_dump", "pg_restore", "pg_restore", "psql"]
    assert not any(connection.settings_dict["NAME"] in line for line in lines)
    if password:
        assert not any(password in line for line in lines)
        assert password.encode() not in backup.path.read_bytes()
