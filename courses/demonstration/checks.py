"""Whether the rows show what the province reported of 2010–2015: counted with plain queries, nothing is stored."""

from typing import Any

from django.db.models import F, QuerySet, Sum

from cadres.models import Position, PositionGroup
from cadres.posts import with_post_on
from courses.demonstration.people import FIRST_DAY, LAST_DAY
from courses.models import ClassFunding, Enrolment, Programme, TrainingClass

BILLION = 1_000_000_000
# Least and most of each figure: "more than" what the province reported, up to the next round number.
EXPECTED = {
    "turns": (9_700, 9_800),
    "university": (1_500, 1_600),
    "intermediate": (1_800, 1_900),
    "key": (2_500, 2_600),
    "servants": (3_800, 3_900),
    "spent": (31 * BILLION, 32 * BILLION),
    "local": (26_800_000_000, 26_900_000_000),
    "other": (0, 0),
}


def turns() -> QuerySet[Any]:
    """The turns of the six years, each with the position group and subgroup held when the class started."""
    completed = Enrolment.objects.filter(
        state=Enrolment.State.COMPLETED,
        training_class__state=TrainingClass.State.ENDED,
        training_class__end_date__range=(FIRST_DAY, LAST_DAY),
    )
    return with_post_on(completed, F("training_class__start_date")).annotate(
        group=F("post_then__position__group"), subgroup=F("post_then__position__subgroup")
    )


def figures() -> dict[str, int]:
    """What the rows show, by the names of EXPECTED; money in đồng."""
    counted = turns()
    certificates = counted.filter(training_class__programme__kind=Programme.Kind.CERTIFICATE)
    degrees = counted.filter(training_class__programme__kind=Programme.Kind.DEGREE)
    professional = degrees.filter(training_class__programme__raises_to__dimension__code="professional")
    intermediate = degrees.filter(
        training_class__programme__raises_to__code="TC",
        training_class__programme__raises_to__dimension__code__in=("professional", "political_theory"),
    )
    money = dict(
        ClassFunding.objects.filter(
            training_class__state=TrainingClass.State.ENDED, training_class__end_date__range=(FIRST_DAY, LAST_DAY)
        )
        .order_by()
        .values_list("source")
        .annotate(Sum("spent"))
    )
    return {
        "turns": counted.count(),
        "university": professional.filter(training_class__programme__raises_to__code__in=("DH", "CD")).count(),
        "intermediate": intermediate.values("official").distinct().count(),
        "key": certificates.filter(subgroup=Position.Subgroup.KEY).count(),
        "servants": certificates.filter(group=PositionGroup.CIVIL_SERVANT).count(),
        "spent": sum(money.values()),
        "local": money.get("local", 0),
        "other": money.get("other", 0),
    }


def check() -> None:
    """Raise RuntimeError where a figure is missed."""
    found = figures()
    missed = [name for name, (least, most) in EXPECTED.items() if not least <= found[name] <= most]
    if missed:
        told = "; ".join(f"{name}: {found[name]}" for name in missed)
        raise RuntimeError(f"Số liệu đào tạo 2010–2015 không khớp: {told}.")
