from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.commands import migrate
from django.db.migrations.state import ProjectState

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
        with one_model_a_step():
            super().handle(*args, **options)
        if not only_asks and not is_behind():
            grant_web_role()


@contextmanager
def one_model_a_step() -> Iterator[None]:
    """Django draws, after each step, all models anew that hang together with the one changed: meanwhile that one only.

    They are nearly all, and the steps some four hundred: that took fifteen of the seventeen seconds in which an empty
    database gets its tables. A step in SQL looks at no other model; before one in Python, and at the end, Django itself
    draws all anew where it is told that others are behind (`is_delayed`).
    """

    def draw_alone(state: ProjectState, app_label: str, model_name: str, delay: bool = True) -> None:
        if "apps" in state.__dict__:
            state.is_delayed = True
            state.apps.unregister_model(app_label, model_name)
            state.apps.render_multiple([state.models[app_label, model_name]])

    draw_all_related = ProjectState.reload_model
    ProjectState.reload_model = draw_alone  # type: ignore[assignment, method-assign]
    try:
        yield
    finally:
        ProjectState.reload_model = draw_all_related  # type: ignore[method-assign]
