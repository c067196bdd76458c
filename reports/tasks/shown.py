"""The tasks as pages tell them: each with its link, soonest first; and the numbers in the menu."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpRequest

from cadres.web.addresses import path_of, query_string
from cadres.web.day import DAY, shown_day
from cadres.web.permissions import account
from reports.tasks.counting import Counted, counted, tasks_of
from reports.tasks.table import Kind, Task

SOON = timedelta(days=7)


@dataclass(frozen=True)
class Shown:
    """A task with what waits, and where exactly that is listed. `days_left`: to the first last day, that day included;
    negative once it has passed, None where there is none."""

    task: Task
    number: int
    address: str
    due: date | None = None
    days_left: int | None = None

    @property
    def told(self) -> str:
        return self.task.to_do.told

    @property
    def is_pressing(self) -> bool:
        return self.days_left is not None and self.days_left <= SOON.days


def everything_waiting(request: HttpRequest) -> list[Shown]:
    """What waits for the account on the day of the page, the most pressing first, what is but good to know last."""
    found = [one for one in _counted(request) if one.number]
    return [_shown(one, request) for one in in_order(found, shown_day(request))]


def in_order(found: Iterable[Counted], day: date) -> list[Counted]:
    """What presses on the day first, by its days; then in the order of the table, what is but good to know last."""
    pressing = {one.task.code: one.days_left(day) for one in found if one.days_left(day) <= SOON.days}
    return sorted(found, key=lambda one: (one.task.kind == Kind.NOTE, pressing.get(one.task.code, SOON.days + 1)))


def waiting_in_menu(request: HttpRequest) -> dict[str, Shown]:
    """View of an entry of the menu → what its number tells; the same query as that of the page, where it has asked."""
    asked = getattr(request, "tasks_counted", None)
    user = account(request)
    found = asked or counted((task for task in tasks_of(user) if task.entry), user, shown_day(request))
    in_menu: dict[str, Shown] = {}
    for one in found:
        if one.task.entry and one.number:
            in_menu.setdefault(one.task.entry, _shown(one, request))
    return in_menu


def _counted(request: HttpRequest) -> Iterable[Counted]:
    """Every task of the account, counted once a request."""
    if not hasattr(request, "tasks_counted"):
        user = account(request)
        request.tasks_counted = counted(tasks_of(user), user, shown_day(request))  # type: ignore[attr-defined]
    return request.tasks_counted  # type: ignore[attr-defined]


def _shown(one: Counted, request: HttpRequest) -> Shown:
    day = shown_day(request)
    address = address_of(one.task, day if DAY in request.GET else None)
    return Shown(one.task, one.number, address, one.due, (one.due - day).days if one.due else None)


def address_of(task: Task, day: date | None) -> str:
    """Where the rows of a task are listed; with the day, where the page that leads there names one."""
    return path_of(task.view) + query_string({**task.words, DAY: day}) + (f"#{task.part}" if task.part else "")
