"""Whose paper a file or a printed page is: the agency, the units that it is of, who made it and when."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.timezone import localtime

from cadres.access import names_of_scope
from cadres.models import Criterion, User
from cadres.text import WHOLE_PROVINCE
from cadres.web.day import shown_day
from cadres.web.paging import is_printed
from cadres.web.permissions import account

DEPARTMENT = "Sở Nội vụ tỉnh Lào Cai"


def scope_told(names: Sequence[str], within: Any = None) -> str:
    """The units named, in words; one `within` them where a table is of that only; all where none is named."""
    return within.name if within else ", ".join(names) or WHOLE_PROVINCE


def scope_of(user: User, day: date) -> str:
    """The units of the account on the day in words; the whole province for who sees everything."""
    return scope_told(names_of_scope(user, day))


def notes_over(scope: str, of: str = "", criterion: Criterion | None = None) -> list[str]:
    """What stands over a table that leaves: the units, what it is `of`, mostly a day, and the criterion judged by."""
    notes = [f"Phạm vi: {scope}.", f"{of}." if of else ""]
    if criterion:
        notes.append(f"Tiêu chí: {criterion.name} ({criterion.definition}).")
    return [note for note in notes if note]


def agency_of(user: User, names: list[str]) -> str:
    """Sở Nội vụ, for who sees everything; else the units of the account; empty for one that has none."""
    return DEPARTMENT if user.sees_every_unit else ", ".join(names)


def made_by(user: User) -> str:
    """Who makes the file, and at which moment."""
    return f"Người lập: {user.full_name or user.get_username()}, lúc {localtime():%H:%M ngày %d/%m/%Y}."


def head_of(request: HttpRequest) -> dict[str, str]:
    """What stands at the head of a table of the request: `agency` and `made`."""
    user = account(request)
    return {"agency": agency_of(user, names_of_scope(user, shown_day(request))), "made": made_by(user)}


def header(request: HttpRequest) -> dict[str, Any]:
    """Context processor: what a page says of itself on paper. Callables, so that only what is shown is asked for."""
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return {}
    user = account(request)
    return {
        "is_printed": is_printed(request),
        "paper_agency": lambda: agency_of(user, names_of_scope(user, shown_day(request))),
        "paper_scope": lambda: scope_of(user, shown_day(request)),
        "paper_made": lambda: made_by(user),
    }
