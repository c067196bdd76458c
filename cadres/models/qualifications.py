"""Qualifications: dated records of the levels a person reached, and waivers of a requirement."""

from typing import Any

from django.db import models
from django.db.models import Q

from cadres.models.fields import ChangedAtField
from cadres.models.officials import Official
from cadres.models.standards import Dimension, Level
from cadres.periods import PartialDate, Period, PeriodQuerySet, Precision, ends_after_start, no_overlap
from cadres.text import match_key


class QualificationQuerySet(PeriodQuerySet["Qualification"]):
    def as_of(self, day: Any) -> "QualificationQuerySet":
        """The records that count on the day: effective, not revoked by then, and not entered in error."""
        return super().as_of(day).filter(is_error=False)


class Qualification(Period):
    """One degree, certificate or stated level. A higher one is a new row; none is ever overwritten.

    `start_date` is the first day the record counts (periods.effective_from); `end_date` the last day before it was
    revoked. `awarded_on` is the date as stated.
    """

    class Origin(models.TextChoices):
        ROSTER = "roster", "Danh sách nhập"
        ENTERED = "entered", "Nhập tay"
        COURSE = "course", "Kết quả lớp học"

    official = models.ForeignKey(
        Official,
        on_delete=models.CASCADE,
        related_name="qualifications",
        verbose_name="cán bộ, công chức",
        db_index=False,  # qualification_of_official begins with it
    )
    level = models.ForeignKey(Level, on_delete=models.PROTECT, related_name="qualifications", verbose_name="trình độ")
    awarded_on = models.DateField("ngày cấp", null=True, blank=True)
    awarded_precision = models.CharField("ngày cấp biết đến", max_length=5, choices=Precision, blank=True)
    field_of_study = models.CharField("chuyên ngành", max_length=200, blank=True)
    field_key = models.CharField(max_length=200, editable=False, blank=True)
    study_mode = models.CharField("hình thức đào tạo", max_length=50, blank=True)
    institution = models.CharField("cơ sở đào tạo", max_length=200, blank=True)
    number = models.CharField("số hiệu văn bằng, chứng chỉ", max_length=50, blank=True)
    origin = models.CharField("nguồn", max_length=10, choices=Origin, default=Origin.ENTERED)
    is_error = models.BooleanField("nhập sai, không tính", default=False)
    note = models.CharField("ghi chú", max_length=200, blank=True)
    batch = models.ForeignKey(
        "cadres.ImportBatch", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    changed_at = ChangedAtField("sửa lúc")

    objects = QualificationQuerySet.as_manager()

    class Meta:
        verbose_name = "văn bằng, chứng chỉ"
        verbose_name_plural = "văn bằng, chứng chỉ"
        ordering = ("official_id", "level__dimension__order", "-level__rank")
        indexes = (
            # All that a verdict reads of a record, in the order in which it needs it (cadres.evaluation).
            models.Index(
                fields=("official", "level"),
                include=("start_date", "end_date", "is_error", "field_key"),
                name="qualification_of_official",
            ),
        )
        constraints = (
            ends_after_start("qualification_ends_after_start"),
            models.CheckConstraint(
                condition=Q(awarded_on__isnull=True, awarded_precision="")
                | Q(awarded_on__isnull=False) & ~Q(awarded_precision=""),
                name="qualification_award_with_precision",
                violation_error_message="Ngày cấp phải đi cùng mức biết đến (ngày, tháng hoặc năm).",
            ),
        )

    def __str__(self) -> str:
        return f"{self.level} {self.field_of_study}".strip()

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.set_field_of_study(self.field_of_study)
        super().save(*args, **kwargs)

    def set_field_of_study(self, field_of_study: str) -> None:
        """Set the field with its key for comparison; bulk writers call it before they write."""
        self.field_of_study = field_of_study
        self.field_key = match_key(field_of_study)

    @property
    def says_none(self) -> bool:
        """Whether it says that there is none yet (“Không có”, “Chưa bồi dưỡng”): what a roster said, and no diploma."""
        return self.level.rank == 0

    @property
    def awarded(self) -> PartialDate | None:
        return PartialDate.of(self.awarded_on, self.awarded_precision)


class Waiver(Period):
    """A decision that a person need not meet one dimension during a period (miễn tiêu chuẩn)."""

    official = models.ForeignKey(
        Official, on_delete=models.CASCADE, related_name="waivers", verbose_name="cán bộ, công chức"
    )
    dimension = models.ForeignKey(Dimension, on_delete=models.PROTECT, related_name="+", verbose_name="mặt tiêu chuẩn")
    reason = models.CharField("lý do", max_length=200)
    decision = models.CharField("quyết định", max_length=200)

    objects = PeriodQuerySet["Waiver"].as_manager()

    class Meta:
        verbose_name = "miễn tiêu chuẩn"
        verbose_name_plural = "miễn tiêu chuẩn"
        ordering = ("official_id", "start_date")
        constraints = (
            ends_after_start("waiver_ends_after_start"),
            no_overlap(
                "waiver_once_a_day",
                "official",
                "dimension",
                message="Người này đã được miễn mặt tiêu chuẩn đó trong khoảng thời gian đó.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.official}: miễn {self.dimension}"
