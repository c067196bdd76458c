"""Findings of the review of the data (cadres/review.py) that somebody has looked at and put aside for a time."""

from django.db import models
from django.db.models import Q

from cadres.models.officials import Official
from cadres.models.users import User
from cadres.periods import Period, PeriodQuerySet, ends_after_start, no_overlap


class SetAside(Period):
    """One check is not counted of one person from a day to another, for a reason; it stays in the lists of its own."""

    check_code = models.CharField("mục rà soát", max_length=30)
    official = models.ForeignKey(
        Official, on_delete=models.CASCADE, related_name="set_asides", verbose_name="cán bộ, công chức"
    )
    reason = models.CharField("lý do", max_length=300)
    made_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+",
        verbose_name="người để sang một bên",
    )  # fmt: skip

    objects = PeriodQuerySet["SetAside"].as_manager()

    class Meta:
        verbose_name = "mục rà soát để sang một bên"
        verbose_name_plural = "mục rà soát để sang một bên"
        ordering = ("-start_date", "-pk")
        constraints = (
            ends_after_start("set_aside_ends_after_start"),
            no_overlap(
                "set_aside_once_a_day",
                "official",
                "check_code",
                message="Mục này của người này đã được để sang một bên trong khoảng thời gian đó.",
            ),
            models.CheckConstraint(
                condition=Q(end_date__isnull=False),
                name="set_aside_has_an_end",
                violation_error_message="Hãy ghi để sang một bên đến hết ngày nào.",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="set_aside_has_a_reason",
                violation_error_message="Hãy ghi lý do để sang một bên.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.check_code}: {self.official}"
