"""Which lines of the texts of standards somebody has compared with the text itself.

A line that is loaded or written is not compared: whoever has held it against the text says so, with what was read. A
line that is changed afterwards is not compared any more (cadres.standards.changing).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.timezone import now

from cadres.asked_again import answer
from cadres.history import signed
from cadres.models import (
    JUDGED_GROUPS,
    AcceptedField,
    Dimension,
    Position,
    PositionGroup,
    Requirement,
    Standard,
    User,
)
from cadres.periods import PeriodQuerySet

# Of whom the law asks a field of study that fits the post (TT 06/2012/TT-BNV Điều 2; NĐ 33/2023/NĐ-CP Điều 10).
FIELD_ASKED_OF = PositionGroup.CIVIL_SERVANT
DEGREES = "professional"  # the dimension whose records have a field of study


@dataclass(frozen=True)
class Compared:
    """Of `lines` that count on a day, how many nobody has compared with their text."""

    lines: int
    unchecked: int

    @property
    def nothing_is(self) -> bool:
        """Whether not one of them is compared: the figures of the day are no more than a first reckoning."""
        return 0 < self.lines == self.unchecked


def lines_that_count(day: date) -> PeriodQuerySet[Requirement]:
    """What the texts in force on the day ask then, and the local rules over them: what the rate of the day rests on."""
    texts = Standard.objects.as_of(day).filter(position_group__in=JUDGED_GROUPS)
    return Requirement.objects.as_of(day).filter(
        Q(standard__over=None) | Q(standard__over__in=texts.values("pk")),
        standard__in=texts.values("pk"),
        position__group=F("standard__position_group"),
    )


def compared_on(day: date) -> Compared:
    """How many of the lines that count on the day are compared, in one query."""
    checked = [moment for (moment,) in answer(_when_checked, day)]
    return Compared(len(checked), checked.count(None))


def _when_checked(day: date) -> QuerySet[Any, Any]:
    return lines_that_count(day).order_by().values_list("checked_at")


def note_of(compared: Compared) -> str:
    """What a file of figures says of it; empty where all is compared."""
    if not compared.unchecked:
        return ""
    if compared.nothing_is:
        return (
            f"Cả {compared.lines} yêu cầu tiêu chuẩn áp dụng ngày này chưa được đối chiếu "
            "với nguyên văn, số liệu chỉ để tham khảo."
        )
    return (
        f"{compared.unchecked} trong {compared.lines} yêu cầu tiêu chuẩn áp dụng ngày này chưa được đối chiếu với "
        "nguyên văn."
    )


def posts_not_judged(
    day: date, dimensions: Collection[Dimension], texts: Collection[Standard]
) -> PeriodQuerySet[Position]:
    """The posts in force of cadres and civil servants of which these texts, and the local rules over them, ask nothing
    in these dimensions on the day: whoever holds one is in the registry and in no total."""
    local = Standard.objects.as_of(day).filter(over__in=texts)
    said = Requirement.objects.as_of(day).filter(Q(standard__in=texts) | Q(standard__in=local))
    asked = (
        said.filter(dimension__in=dimensions, position__group=F("standard__position_group"))
        .order_by()
        .values("position")
    )
    return Position.objects.as_of(day).filter(group__in=JUDGED_GROUPS).exclude(pk__in=asked)


@signed
def mark_checked(lines: Collection[Requirement], *, source: str, article: str = "", by: User) -> int:
    """Say that the lines were compared with the text: with which copy of it, and where it stands if that is given.

    Returns how many.
    """
    said = {"source": source, "checked_by": by, "checked_at": now()} | ({"article": article} if article else {})
    return Requirement.objects.filter(pk__in=[line.pk for line in lines]).update(**said)


@signed
def mark_unchecked(lines: Collection[Requirement], *, by: User) -> int:
    """Take back that the lines were compared; what was said of where they stand stays. Returns how many."""
    keys = [line.pk for line in lines if line.checked_at]
    return Requirement.objects.filter(pk__in=keys).update(checked_by=None, checked_at=None)


def posts_without_fields(day: date) -> PeriodQuerySet[Position]:
    """The posts of which the law asks a field of study that fits, and for which none is named on the day.

    They are judged by level alone (AcceptedField), which whoever reads the figure has to be told.
    """
    named = AcceptedField.objects.as_of(day).filter(dimension__code=DEGREES)
    return Position.objects.as_of(day).filter(group=FIELD_ASKED_OF).exclude(pk__in=named.values("position"))


def is_without_field(position: int, day: date) -> bool:
    """Whether the post (a key) is one of `posts_without_fields`."""
    return (position,) in answer(_keys_without_fields, day)


def _keys_without_fields(day: date) -> QuerySet[Any, Any]:
    return posts_without_fields(day).order_by().values_list("pk")
