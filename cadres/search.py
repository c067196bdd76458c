"""What is found by what is typed, with or without diacritics: people by their names or identity number, other rows."""

from collections.abc import Collection
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from cadres.models import OfficialIdentifier
from cadres.text import fold, holds

M = TypeVar("M", bound=Model)


def people_found(rows: QuerySet[M], text: str, *, official: str = "official") -> QuerySet[M]:
    """The rows (posts, enrolments) of people whose name has every word of the text, or who bear the number.

    `official` leads from a row to the person; "pk" where the rows are the people.
    """
    digits = "".join(text.split())
    if digits.isdecimal():
        return rows.filter(**{f"{official}__in": OfficialIdentifier.objects.filter(number=digits).values("official")})
    name = "folded_name" if official == "pk" else f"{official}__folded_name"
    for word in fold(text).split():
        rows = rows.filter(**{f"{name}__contains": word})
    return rows


def rows_found(rows: QuerySet[Any], text: str, fields: Collection[str]) -> QuerySet[Any]:
    """The rows, few enough to be read, in whose fields each word stands, as typed with or without diacritics."""
    words = fold(text).split()
    texts = rows.order_by().values_list("pk", *fields)
    found = [pk for pk, *told in texts if holds(" ".join(str(one) for one in told if one), words)]
    return rows.filter(pk__in=found)
