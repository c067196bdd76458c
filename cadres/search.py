"""People found by what is typed: words of a name, with or without diacritics, or a whole identity number."""

from typing import TypeVar

from django.db.models import Model, QuerySet

from cadres.models import Official, OfficialIdentifier
from cadres.text import fold

M = TypeVar("M", bound=Model)


def officials_found(officials: QuerySet[Official], text: str) -> QuerySet[Official]:
    """Those whose name has every word of the text, or who bear the number."""
    digits = "".join(text.split())
    if digits.isdecimal():
        return officials.filter(identifiers__number=digits)
    for word in fold(text).split():
        officials = officials.filter(folded_name__contains=word)
    return officials


def people_found(rows: QuerySet[M], text: str) -> QuerySet[M]:
    """The rows (posts, enrolments) of people whose name has every word of the text, or who bear the number."""
    if not text:
        return rows
    digits = "".join(text.split())
    if digits.isdecimal():
        return rows.filter(official__in=OfficialIdentifier.objects.filter(number=digits).values("official"))
    for word in fold(text).split():
        rows = rows.filter(official__folded_name__contains=word)
    return rows
