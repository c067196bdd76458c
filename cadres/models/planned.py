"""Quy hoạch: who is planned for which post in a term."""

from django.db import models

from cadres.models.officials import Official
from cadres.models.standards import Position
from cadres.models.units import Unit
from cadres.periods import Period, PeriodQuerySet, ends_after_start, no_overlap


class PlannedPost(Period):
    """A post that a person is planned for, from the decision to the end of the term, or until taken out (quy hoạch).

    Being planned is no post: it counts in no total. What the post would ask of the person: cadres/planned_posts.py.
    """

    official = models.ForeignKey(
        Official, on_delete=models.CASCADE, related_name="planned_posts", verbose_name="cán bộ, công chức"
    )
    position = models.ForeignKey(
        Position, on_delete=models.PROTECT, related_name="planned_posts", verbose_name="chức danh quy hoạch"
    )
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="planned_posts", verbose_name="đơn vị quy hoạch"
    )
    term = models.CharField("nhiệm kỳ", max_length=20, help_text="Ví dụ: 2015-2020.")
    decision = models.CharField("quyết định", max_length=200, help_text="Số, ngày, cơ quan phê duyệt.")
    taken_out_because = models.CharField("lý do đưa ra khỏi quy hoạch", max_length=200, blank=True)

    objects = PeriodQuerySet["PlannedPost"].as_manager()

    class Meta:
        verbose_name = "quy hoạch"
        verbose_name_plural = "quy hoạch"
        ordering = ("-start_date", "pk")
        constraints = (
            ends_after_start("planned_post_ends_after_start"),
            no_overlap(
                "planned_post_once_a_day",
                "official",
                "position",
                "unit",
                message="Người này đã có trong quy hoạch chức danh đó ở đơn vị đó trong khoảng thời gian đó.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.official}: {self.position}"
