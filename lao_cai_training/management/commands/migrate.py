from typing import Any

from django.core.management.commands import migrate

from cadres.management.command import Command as ProjectCommand
from cadres.management.command import CommandFailed
from lao_cai_training.instance import alone, foreign_migrations, is_behind, note_migrations
from lao_cai_training.postgres.roles import grant_web_role, take_down_walls


class Command(ProjectCommand, migrate.Command):
    """Django's own command, which refuses a database that other migrations made, and grants the web role its rights."""

    def handle(self, *args: Any, **options: Any) -> None:
        with alone(self.say):
            self.migrate(*args, **options)

    def migrate(self, *args: Any, **options: Any) -> None:
        """Apply what is missing. Raises CommandFailed where other migrations made the database."""
        foreign = foreign_migrations()
        if foreign:
            raise CommandFailed(
                f"Cơ sở dữ liệu do phiên bản khác của phần mềm tạo ({', '.join(foreign)}): dùng đúng phiên bản đó, "
                "hoặc trỏ DATABASE_URL hay DATA_DIR sang cơ sở dữ liệu mới."
            )
        only_asks = options["plan"] or options["check_unapplied"]
        if not only_asks:
            note_migrations()
            if is_behind():
                take_down_walls()
        super().handle(*args, **options)
        if not only_asks and not is_behind():
            grant_web_role()
