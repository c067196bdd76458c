"""Ghi tệp dài của một biểu mẫu (reports/forms/long_files.py gọi lệnh này)."""

import os
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from cadres.management.command import Command as ProjectCommand
from reports.forms.long_files import write

AFTER_PAGES = 5  # of niceness: who waits for a page goes first


class Command(ProjectCommand):
    help = "Ghi tệp dài của một biểu mẫu; trang web tự gọi lệnh này."
    writes = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="thư mục của tệp trong DATA_DIR")

    def handle(self, *args: Any, **options: Any) -> None:
        os.nice(AFTER_PAGES)
        write(options["folder"])
