"""People found by what is typed: words of a name, with or without diacritics, or a whole identity number."""

from typing import TypeVar

from django.db.models import Model, QuerySet

from cadres.models import OfficialIdentifier
from cadres.text import fold

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
