"""How much waits for an account: the tasks of its roles with their numbers and first deadlines, in one query."""

import json
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet, Subquery, TextField
from django.db.models.expressions import Combinable

from cadres.kept_plans import planned_once
from cadres.models import User
from cadres.models.users import day_of_roles
from cadres.walls import wide
from reports.tasks.table import TASKS, Task

BY_CODE = {task.code: task for task in TASKS}


@dataclass(frozen=True)
class Counted:
    """A task with how many rows wait and the first of their last days; None where none of them has one."""

    task: Task
    number: int
    due: date | None

    def days_left(self, day: date) -> int:
        """To the first last day, that day included; negative once it has passed, far away where there is none."""
        return ((self.due or date.max) - day).days


def tasks_of(user: User) -> list[Task]:
    """The tasks of the roles that the account holds."""
    return [task for task in TASKS if not user.roles_today.isdisjoint(task.of)]


def counted(tasks: Iterable[Task], user: User, day: date) -> list[Counted]:
    """The tasks with what waits on the day, one query for all of them; those with nothing come too."""
    codes = tuple(task.code for task in tasks)
    if not codes:
        return []
    standing = (tuple(user.grants_today), day_of_roles())
    sql, parameters = _counting(codes, user, day, standing)
    # Whether a class has a seat hangs on the people of others too; what is counted is the account's own.
    with wide(), planned_once(), connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        found = [json.loads(text) for text in cursor.fetchone()]
    return [
        Counted(BY_CODE[code], number, date.fromisoformat(due) if due else None)
        for code, (number, due) in zip(codes, found, strict=True)
    ]


class NumberAndFirst(Subquery):
    """How many rows a queryset has and the least of its second column, as a text of JSON."""

    template = "(SELECT JSON_BUILD_ARRAY(COUNT(*), MIN(counted.due))::text FROM (%(subquery)s) AS counted)"
    output_field = TextField()
    empty_result_set_value = "[0, null]"


class NumberAlone(NumberAndFirst):
    template = "(SELECT JSON_BUILD_ARRAY(COUNT(*), NULL)::text FROM (%(subquery)s) AS counted)"


@lru_cache(maxsize=1000)
def _counting(codes: tuple[str, ...], user: User, day: date, standing: Hashable) -> tuple[str, tuple[Any, ...]]:
    """The query that counts the tasks, and its parameters.

    It hangs on nothing but the arguments; `standing` is what of the account the rows in scope hang on. The same ones
    come with page after page, and Django takes longer to build the query than PostgreSQL to answer it.
    """
    counts = [_count(BY_CODE[code], user, day) for code in codes]
    return User.objects.filter(pk=user.pk).values_list(*counts).query.sql_with_params()


def _count(task: Task, user: User, day: date) -> Subquery:
    rows: QuerySet[Any, Any] = task.to_do.rows(user, day).order_by()
    if task.to_do.due is None:
        return NumberAlone(rows.values("pk"))
    due = task.to_do.due
    expression: Any = due if isinstance(due, Combinable) else F(due)
    return NumberAndFirst(rows.annotate(due=expression).values("pk", "due"))
