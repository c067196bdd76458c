"""Everything that is kept about one person, for a request of that person (Nghị định 13/2023/NĐ-CP, Điều 14): what the
registry, training and imports hold, what was changed, and who looked at it.

The tables are found by the keys that lead to a person, whatever package they are of, so that none is forgotten.
"""

import json
from datetime import date
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import ForeignKey, Model
from django.utils.text import capfirst
from django.utils.timezone import localtime

from cadres.history.pages import COLUMNS, cells_of, told_of
from cadres.history.words import labels_of, rows_in_words
from cadres.models import Change, Official, Visit
from cadres.web.tables import Table

VISIT_COLUMNS = ("Lúc", "Tài khoản", "Việc")


def everything_about(official: Official, day: date) -> list[Table]:
    """A table for each kind of row that there is of the person, then the changes and the visits, on the day asked."""
    title = f"Dữ liệu về {official.full_name}"
    notes = [f"Lấy ra ngày {day:%d/%m/%Y} theo yêu cầu của người được ghi trong hồ sơ."]
    tables = []
    for model, rows in _rows_of(official).items():
        name = capfirst(str(model._meta.verbose_name))
        cells = rows_in_words(model._meta.db_table, rows)
        tables.append(Table(f"{title}: {name}", notes, labels_of(model._meta.db_table), cells, sheet=name))
    changes = told_of(list(Change.objects.filter(person=official.pk).order_by("-pk").values_list("pk", flat=True)))
    tables.append(Table(f"{title}: các thay đổi", notes, COLUMNS, cells_of(changes), sheet="Lịch sử"))
    tables.append(Table(f"{title}: ai đã xem, lấy ra", notes, VISIT_COLUMNS, _visits(official), sheet="Ai đã xem"))
    return tables


def _rows_of(official: Official) -> dict[type[Model], list[dict[str, Any]]]:
    """Model → its rows about the person as PostgreSQL tells them, the person's own first; those that have any."""
    found: dict[type[Model], list[dict[str, Any]]] = {}
    waiting: list[tuple[type[Model], str, set[int]]] = [(Official, "id", {official.pk})]
    while waiting:
        model, column, keys = waiting.pop(0)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT to_jsonb(t) FROM {model._meta.db_table} AS t WHERE t.{column} = ANY(%s) ORDER BY t.id",  # noqa: S608
                [sorted(keys)],
            )
            told = (json.loads(row) for (row,) in cursor.fetchall())
            rows = [row for row in told if row not in found.get(model, [])]
        # A row below may be of somebody else, as the turn of a class that took the place of this one.
        of_whom = [field.column for field in _keys_to(model, Official)]
        rows = [row for row in rows if all(row[name] in (official.pk, None) for name in of_whom)]
        if not rows:
            continue
        found.setdefault(model, []).extend(rows)
        for below in apps.get_models():
            if below._meta.managed and below is not Official:
                keys_to = _keys_to(below, model)
                waiting += [(below, field.column, {row["id"] for row in rows}) for field in keys_to]
    return found


def _keys_to(model: type[Model], target: type[Model]) -> list["ForeignKey[Any, Any]"]:
    """The fields of a model that are keys of another's rows."""
    fields = model._meta.concrete_fields
    return [field for field in fields if isinstance(field, ForeignKey) and field.related_model is target]


def _visits(official: Official) -> list[tuple[str, str, str]]:
    seen = Visit.objects.filter(person=official.pk).select_related("user").order_by("-id")
    return [
        (f"{localtime(visit.at):%d/%m/%Y %H:%M}", str(visit.user or visit.username), str(Visit.Kind(visit.kind).label))
        for visit in seen
    ]
