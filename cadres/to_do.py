"""What is to be done (việc cần làm): rows of one list, so that a number told and the list behind it cannot differ.

Each step names what waits in it under a word (its to_do.py), by which the address of its list asks for exactly those
rows (cadres/web/to_do.py); reports/tasks/ says whose work it is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.db.models.expressions import Combinable

from cadres.models import User


@dataclass(frozen=True)
class ToDo:
    """`told`: what the rows are, behind their number. `rows`: those in the account's scope on a day, to be asked within
    `wide()`. `due`: the last day of a row, a column or an expression; None where it has none."""

    told: str
    rows: Callable[[User, date], QuerySet[Any, Any]]
    due: str | Combinable | None = None
