from typing import Any

from django.core.management.commands import migrate

from cadres.management.command import Command as ProjectCommand
from cadres.management.command import CommandFailed
from lao_cai_training.instance import foreign_migrations, note_migrations


class Command(ProjectCommand, migrate.Command):
    """Django's own command, which refuses a database made by migrations that are not those of the source."""

    def handle(self, *args: Any, **options: Any) -> None:
        foreign = foreign_migrations()
        if foreign:
            raise CommandFailed(
                f"Cơ sở dữ liệu do phiên bản khác của phần mềm tạo ({', '.join(foreign)}): dùng đúng phiên bản đó, "
                "hoặc trỏ DATABASE_URL hay DATA_DIR sang cơ sở dữ liệu mới."
            )
        if not (options["plan"] or options["check_unapplied"]):
            note_migrations()
        super().handle(*args, **options)
