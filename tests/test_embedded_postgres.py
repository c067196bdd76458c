"""The life of the embedded server: real servers and real kills, each test with a folder and processes of its own."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg2
import pytest
import pytest_django
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.utils import ConnectionHandler

from lao_cai_training.postgres import SESSION, database_settings
from lao_cai_training.postgres.binaries import ServerError, installed, unprivileged
from lao_cai_training.postgres.server import DATABASE, WEB, Cluster

ROOT = Path(__file__).parent.parent
VERSION = installed()[0].version
NOBODY = 65534
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can run a process as somebody else")

# A process that shares the server of the folder given until its standard input ends; `ACT` is done after joining.
SHARE = """
import os, sys
from pathlib import Path
import psycopg2
from lao_cai_training.postgres.server import DATABASE, cluster_in
cluster = cluster_in(Path(sys.argv[1]))
address = cluster.join()
connection = psycopg2.connect(**vars(address), dbname=DATABASE)
ACT
print("joined", flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a cluster that was made, used and stopped; to be copied, which is quicker than making one."""
    folder = tmp_path_factory.mktemp("made") / "postgres"
    cluster = Cluster(folder)
    with psycopg2.connect(**vars(cluster.join()), dbname=DATABASE) as client, client.cursor() as cursor:
        cursor.execute("CREATE TABLE kept AS SELECT 'đường' AS word")
    client.close()
    cluster.leave()
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "postgres"))


@pytest.fixture
def share() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts processes that share a server, and ends them with the test."""
    processes = []

    def start(folder: Path, act: str = "", prefix: tuple[str, ...] = ()) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [*prefix, sys.executable, "-c", SHARE.replace("ACT", act), str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        processes.append(process)
        return process

    yield start
    for process in processes:
        process.communicate()


def has_joined(process: subprocess.Popen[str]) -> bool:
    assert process.stdout
    return process.stdout.readline() == "joined\n"


def server_pid(folder: Path) -> int:
    return int((folder / str(VERSION) / "postmaster.pid").read_text().split()[0])


def runs(folder: Path) -> bool:
    return Cluster(folder).answers()


def wait_for(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 10
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


def word_in(cluster: Cluster) -> str:
    client = psycopg2.connect(**vars(cluster.join()), dbname=DATABASE)
    try:
        with client.cursor() as cursor:
            cursor.execute("SELECT word FROM kept")
            return cursor.fetchone()[0]
    finally:
        client.close()


def test_a_new_cluster_has_an_owner_without_privileges_and_no_network_port(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path / "deep" / "postgres")
    client = psycopg2.connect(**vars(cluster.join()), dbname=DATABASE)
    try:
        with client.cursor() as cursor:
            cursor.execute("SELECT rolsuper, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user")
            assert cursor.fetchone() == (False, False, True)
            cursor.execute(
                "SELECT current_setting('listen_addresses'), current_setting('TimeZone'), lower('ĐƯỜNG'),"
                " pg_has_role('lao_cai_web', 'MEMBER')"
            )
            assert cursor.fetchone() == ("", "Asia/Ho_Chi_Minh", "đường", True)
            for extension in ("btree_gist", "pg_trgm", "unaccent"):
                cursor.execute(f"CREATE EXTENSION {extension}")
    finally:
        client.close()
        cluster.leave()
    assert not runs(cluster.folder)
    assert cluster.folder.stat().st_mode & 0o077 == 0
    assert all(file.stat().st_mode & 0o077 == 0 for file in cluster.folder.glob("*.password"))


def test_two_processes_share_the_server_and_the_last_one_stops_it(folder: Path, share: Callable) -> None:
    first = share(folder)
    assert has_joined(first)
    pid = server_pid(folder)
    second = share(folder)
    assert has_joined(second)
    first.communicate()
    assert runs(folder)
    assert server_pid(folder) == pid
    second.communicate()
    assert not runs(folder)


def test_processes_that_start_at_the_same_moment_get_one_server(tmp_path: Path, share: Callable) -> None:
    processes = [share(tmp_path / "postgres") for _ in range(3)]
    assert all(has_joined(process) for process in processes)


def test_a_killed_server_is_back_at_the_next_connection_of_the_same_process(
    folder: Path, django_db_blocker: pytest_django.DjangoDbBlocker
) -> None:
    database = ConnectionHandler({"default": database_settings("", folder, "Asia/Ho_Chi_Minh")})["default"]
    with django_db_blocker.unblock():  # a database of this test's own, which pytest-django does not know
        try:
            with database.cursor() as cursor:
                cursor.execute("SELECT word FROM kept")
            os.kill(server_pid(folder), signal.SIGKILL)
            database.close()
            with database.cursor() as cursor:
                cursor.execute("SELECT word FROM kept")
                assert cursor.fetchone() == ("đường",)
        finally:
            database.close()
            database.cluster.leave()
    assert not runs(folder)


def test_a_server_killed_under_another_process_is_back_in_a_new_one(folder: Path, share: Callable) -> None:
    first = share(folder)
    assert has_joined(first)
    os.kill(server_pid(folder), signal.SIGKILL)  # and stays a zombie, as its parent does not look
    second = share(folder, "connection.cursor().execute('SELECT word FROM kept')")
    assert has_joined(second)


def test_what_a_killed_process_leaves_running_is_used_and_then_stopped(folder: Path, share: Callable) -> None:
    killed = share(folder)
    assert has_joined(killed)
    killed.kill()
    killed.wait()
    assert runs(folder)
    cluster = Cluster(folder)
    assert word_in(cluster) == "đường"
    cluster.leave()
    assert not runs(folder)


def test_a_lock_file_whose_process_number_is_somebody_elses_does_not_keep_the_server_from_starting(
    folder: Path, share: Callable
) -> None:
    killed = share(folder)
    assert has_joined(killed)
    pid = server_pid(folder)
    killed.kill()
    os.kill(pid, signal.SIGKILL)
    lock_file = folder / str(VERSION) / "postmaster.pid"
    lock_file.write_text(lock_file.read_text().replace(str(pid), str(os.getppid()), 1))
    cluster = Cluster(folder)
    assert word_in(cluster) == "đường"
    cluster.leave()


def test_a_forked_process_has_a_share_of_its_own(folder: Path, share: Callable) -> None:
    parent = share(folder, "if os.fork() == 0: sys.stdin.read(); sys.stdin = open('/dev/null')")
    assert has_joined(parent)
    pid = server_pid(folder)
    parent.kill()  # the child, which waits for the end of the same standard input, lives on
    parent.wait()
    other = share(folder)
    assert has_joined(other)
    other.communicate()
    assert runs(folder)
    assert server_pid(folder) == pid
    parent.communicate()
    assert wait_for(lambda: not runs(folder))


def test_data_of_another_major_version_are_refused_and_stay(folder: Path) -> None:
    data = folder / str(VERSION)
    other = data.rename(folder / "13")
    (other / "PG_VERSION").write_text("13\n")
    with pytest.raises(ServerError, match=f"PostgreSQL 13 tạo, còn bản đang cài là {VERSION}"):
        Cluster(folder).join()
    assert other.exists()
    assert not data.exists()


def test_a_folder_that_bears_a_wrong_version_is_refused(folder: Path) -> None:
    (folder / str(VERSION) / "PG_VERSION").write_text("13\n")
    with pytest.raises(ServerError, match="PostgreSQL 13 tạo"):
        Cluster(folder).join()


def test_a_half_made_cluster_is_made_again(made: Path, tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    shutil.copytree(made / str(VERSION) / "base", folder / f"{VERSION}.new" / "base")
    cluster = Cluster(folder)
    cluster.join()
    cluster.leave()
    assert (folder / str(VERSION) / "PG_VERSION").exists()
    assert not (folder / f"{VERSION}.new").exists()


def test_a_path_too_long_for_a_socket_works_all_the_same(made: Path, tmp_path: Path, share: Callable) -> None:
    folder = Path(shutil.copytree(made, tmp_path / ("rất sâu, " * 12) / "postgres"))
    first, second = share(folder), share(folder)
    assert has_joined(first)
    assert has_joined(second)


def test_a_data_folder_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ServerError, match="Không dùng được thư mục dữ liệu"):
        Cluster(tmp_path / "file" / "postgres").join()


@as_root
def test_an_ordinary_user_runs_the_server(tmp_path: Path, share: Callable) -> None:
    os.chown(tmp_path, NOBODY, NOBODY)
    # The capability stands for a checkout and a Python that everybody may read, which root's need not be.
    prefix = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
    process = share(
        tmp_path / "postgres", prefix=(*prefix, "--inh-caps=-all,+dac_override", "--ambient-caps=-all,+dac_override")
    )
    assert has_joined(process)
    assert (tmp_path / "postgres" / str(VERSION)).stat().st_uid == NOBODY


@as_root
def test_root_runs_the_server_on_files_of_somebody_else_behind_closed_folders(tmp_path: Path) -> None:
    folder = tmp_path / "closed" / "postgres"
    folder.mkdir(parents=True)
    folder.parent.chmod(0o700)
    os.chown(folder, NOBODY, NOBODY)
    cluster = Cluster(folder)
    cluster.join()
    assert Path(f"/proc/{server_pid(folder)}").stat().st_uid == NOBODY
    cluster.leave()
    assert (folder / str(VERSION)).stat().st_uid == NOBODY
    assert folder.parent.stat().st_mode & 0o777 == 0o700


def test_the_web_process_signs_in_as_a_role_of_its_own(made: Path) -> None:
    asked = subprocess.run(
        [
            sys.executable,
            "-c",
            "import lao_cai_training.wsgi; from django.db import connection; cursor = connection.cursor();"
            " cursor.execute('SELECT session_user, current_user'); print(*cursor.fetchone())",
        ],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": "", "DATA_DIR": str(made.parent)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert asked.stdout == "lao_cai_web lao_cai_web\n"


def test_a_cluster_of_an_earlier_version_gets_the_roles_of_this_one(folder: Path) -> None:
    cluster = Cluster(folder)
    binaries, data = cluster.choose()
    earlier = "ALTER ROLE lao_cai_web NOLOGIN PASSWORD NULL;\n\nDROP ROLE lao_cai_wide;\n\n"
    cluster._run_single(unprivileged(binaries, data), binaries, data, "postgres", earlier)
    (folder / f"{VERSION}.roles").unlink()
    (folder / "lao_cai_web.password").unlink()
    (folder / "postgres.password").touch()
    cluster.join()
    client = psycopg2.connect(**vars(cluster.address(WEB)), dbname=DATABASE)
    client.cursor().execute("SET ROLE lao_cai_wide")
    client.close()
    cluster.leave()
    assert {file.name for file in folder.glob("*.password")} == {"lao_cai.password", "lao_cai_web.password"}


def test_the_driver_is_psycopg2() -> None:
    assert connection.Database.__name__ == "psycopg2"


def test_an_address_names_the_server() -> None:
    settings = database_settings("postgres://lão:m%40t@db.vn:5433/cơ_sở?sslmode=require", Path("unused"), "UTC")
    assert "CLUSTER" not in settings
    assert [settings[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "NAME")] == [
        "lão",
        "m@t",
        "db.vn",
        "5433",
        "cơ_sở",
    ]
    assert settings["OPTIONS"] == {"sslmode": "require", "options": SESSION}


@pytest.mark.parametrize("url", ["postgres://localhost", "mysql://localhost/x", "nonsense"])
def test_an_address_that_is_none_is_refused_with_the_right_form(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="postgres://người_dùng:mật_khẩu@máy_chủ:cổng/tên_cơ_sở_dữ_liệu"):
        database_settings(url, Path("unused"), "UTC")
