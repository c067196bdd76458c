"""The address that tells how the installation is: a line for everybody, the parts for who keeps it."""

import shutil
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from django.utils import timezone

from cadres.models import ImportBatch, ImportProgress
from lao_cai_training import health, instance
from lao_cai_training.instance import note, note_demonstration
from tests.conftest import client_of

pytestmark = pytest.mark.django_db

ADDRESS = "/suc-khoe/"


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path):
    settings.DATA_DIR, settings.LEAST_FREE = tmp_path, 1
    note_demonstration()
    return tmp_path


def test_everybody_is_told_one_line_and_nothing_else(client, district_officer):
    for asking in (client, client_of(district_officer)):
        answer = asking.get(ADDRESS)

        assert (answer.status_code, answer.content.decode()) == (200, "hoạt động tốt\n")
        assert "no-store" in answer["Cache-Control"]


def test_who_keeps_the_installation_sees_each_part(province_staff):
    shown = client_of(province_staff).get(ADDRESS).content.decode()

    for part in ("PostgreSQL", "Còn trống", "0 việc đang làm, 0 việc đang chờ", "Không có lỗi nào", "Chưa sao lưu"):
        assert part in shown
    assert f'href="{ADDRESS}"' in shown  # in the menu


def test_a_disk_that_is_soon_full_is_to_be_looked_at_and_a_full_one_is_broken(settings, client):
    free = shutil.disk_usage(settings.DATA_DIR).free
    settings.LEAST_FREE = free // 5
    assert client.get(ADDRESS).content.decode() == "hoạt động, có việc cần xem\n"
    settings.LEAST_FREE = free * 2

    answer = client.get(ADDRESS)

    assert (answer.status_code, answer.content.decode()) == (503, "có sự cố\n")


def test_a_database_that_does_not_answer_is_told_without_asking_it_more(client, province_staff):
    def refuse(*args):
        raise DatabaseError

    signed_in = client_of(province_staff)
    with connection.execute_wrapper(refuse):
        part = health.database()
    assert (part.state, part.told) == (health.State.BROKEN, "Không trả lời.")
    assert signed_in.get(ADDRESS).status_code == 200


def test_a_backup_that_is_late_is_to_be_looked_at():
    note(demonstration=False)
    assert health.backup().state == health.State.TO_LOOK_AT
    note(last_backup=(timezone.now() - timedelta(hours=47)).isoformat())
    assert health.backup().state == health.State.GOOD
    note(last_backup=(timezone.now() - timedelta(hours=49)).isoformat())
    assert health.backup().state == health.State.TO_LOOK_AT


def test_what_another_process_notes_is_shown_within_a_minute(monkeypatch):
    assert instance.told_last_backup() == "Chưa sao lưu lần nào"
    with connection.cursor() as cursor:
        cursor.execute("COMMENT ON TABLE django_migrations IS %s", ['{"last_backup": "2015-11-30T05:00:00+00:00"}'])
    assert instance.told_last_backup() == "Chưa sao lưu lần nào"  # the page before, in the same minute

    monkeypatch.setattr(instance, "READ_ANEW", -1)

    assert instance.told_last_backup() == "Sao lưu gần nhất: 30/11/2015"


def test_work_that_was_stopped_or_waits_for_nobody_is_to_be_looked_at():
    ImportProgress.objects.create(batch=ImportBatch.objects.create(file_name="a", state="waiting"), step="reading")
    assert health.long_work().state == health.State.GOOD
    ImportProgress.objects.update(updated_at=timezone.now() - timedelta(minutes=3))
    assert "không tiến trình nào" in health.long_work().remedy
    ImportProgress.objects.update(started_at=timezone.now())
    assert health.long_work().state == health.State.TO_LOOK_AT
    assert "1 việc bị dừng giữa chừng" in health.long_work().told


def test_errors_of_the_last_days_are_shown_the_newest_first(data_dir):
    now = timezone.localtime()
    lines = [
        f"{now - timedelta(days=days):%Y-%m-%d %H:%M:%S},000 ERROR lao_cai_training: Lỗi {days}\n  File x\n"
        for days in (9, 2, 1)
    ]
    (data_dir / "long-work.log").write_text("".join(lines))

    part = health.errors()

    assert part.state == health.State.TO_LOOK_AT
    assert part.told.index("Lỗi 1") < part.told.index("Lỗi 2")
    assert "Lỗi 9" not in part.told
