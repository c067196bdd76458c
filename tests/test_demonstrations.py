"""Two demonstrations: where that of the present lies, and which day it is in that of 2015."""

import os
import sys
from datetime import date

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from psycopg2.extensions import parse_dsn

from cadres.installation import days
from cadres.management.command import CommandFailed
from lao_cai_training import instance
from lao_cai_training.demonstrations import DEMONSTRATIONS, OF_2015, OF_TODAY, place_of_the_present
from lao_cai_training.management.commands import demo
from tests.conftest import client_of

CLOCK = date(2026, 11, 28)
CHRISTMAS = date(2016, 2, 1)


def test_the_present_has_a_folder_and_a_database_of_its_own():
    name = connection.settings_dict["NAME"]
    beside = place_of_the_present({"PATH": "/bin"})
    assert beside == {"PATH": "/bin", "DATA_DIR": str(settings.DATA_DIR / "hom-nay")}
    url = "postgres://lao_cai:m%40t@may-chu:5433/lao_cai?sslmode=require"
    parts = parse_dsn(place_of_the_present({"DATABASE_URL": url, "WEB_DATABASE_URL": url})["WEB_DATABASE_URL"])
    assert parts == parse_dsn(url) | {"dbname": f"{name}_hom_nay"}


def test_the_process_begins_anew_in_the_place_of_the_present_before_it_opens_a_database(monkeypatch):
    begun = []

    def begin(program: str, arguments: list[str], environment: dict[str, str]) -> None:
        begun.append((program, arguments, environment["DATA_DIR"]))
        raise SystemExit

    monkeypatch.setattr(os, "execve", begin)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("WEB_DATABASE_URL", raising=False)
    with pytest.raises(SystemExit):
        demo.Command().run_from_argv(["manage.py", "demo", "--today", "--no-serve"])
    arguments = [sys.executable, "manage.py", "demo", "--today", "--no-serve"]
    assert begun == [(sys.executable, arguments, str(settings.DATA_DIR / "hom-nay"))]


@pytest.mark.django_db
def test_the_demonstration_of_2015_can_be_moved_on_and_no_other(province_staff, capsys):
    with pytest.raises(CommandFailed, match="từ 31/12/2015 trở đi"):
        call_command("demo", "--no-serve", "--day", "2015-12-30")
    with pytest.raises(CommandFailed, match="chỉ chuyển tỉnh minh họa năm 2015"):
        call_command("demo", "--no-serve", "--today", "--day", "2026-01-01")
    command = demo.Command()
    with pytest.raises(CommandFailed, match="không có tỉnh minh họa năm 2015"):
        command.move_to(CHRISTMAS)  # people are real here
    instance.note_demonstration(OF_2015)
    command.move_to(CHRISTMAS)
    assert days(CLOCK) == (CHRISTMAS, CHRISTMAS)
    assert "giả định" in client_of(province_staff).get("/").content.decode()
    instance.note_demonstration(OF_TODAY)
    assert command.of() is DEMONSTRATIONS[OF_TODAY]
    assert "99 xã, phường của tỉnh hợp nhất" in client_of(province_staff).get("/").content.decode()
