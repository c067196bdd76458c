"""What is to be done about rosters, and about decisions on how to read them (cadres/to_do.py)."""

from datetime import date
from typing import Any

from django.db.models import QuerySet

from cadres.access import writable_by
from cadres.models import ImportBatch, User
from cadres.roster.proposals import proposals
from cadres.to_do import ToDo


def _to_write(user: User, day: date) -> QuerySet[ImportBatch, Any]:
    return writable_by(ImportBatch.objects.filter(state=ImportBatch.State.STAGED), user)


def _to_answer(user: User, day: date) -> QuerySet[Any, Any]:
    return proposals() if user.has_perm("cadres.change_valuespelling") else proposals().none()


ROSTERS = {"ghi": ToDo("danh sách chờ ghi", _to_write)}
DECISIONS = ToDo("quyết định khi nhập chờ Sở Nội vụ", _to_answer)
