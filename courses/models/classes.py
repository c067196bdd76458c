"""Classes: one run of a programme, at a place, between two days."""

from django.db import models

from cadres.models import Unit
from courses.models.catalogue import Programme


class TrainingClass(models.Model):
    class State(models.TextChoices):
        PLANNED = "planned", "Dự kiến"
        OPEN = "open", "Đang mở đăng ký"
        RUNNING = "running", "Đang học"
        ENDED = "ended", "Đã kết thúc"
        CANCELLED = "cancelled", "Đã hủy"

    code = models.CharField("mã lớp", max_length=30, unique=True)
    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="classes", verbose_name="chương trình"
    )
    place = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name="địa điểm")
    start_date = models.DateField("khai giảng")
    end_date = models.DateField("bế giảng")
    seats = models.PositiveSmallIntegerField("số chỗ", help_text="Số học viên tối đa.")
    state = models.CharField("tình trạng", max_length=10, choices=State, default=State.PLANNED)

    class Meta:
        verbose_name = "lớp học"
        verbose_name_plural = "lớp học"
        ordering = ("-start_date", "code")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(end_date__gte=models.F("start_date")),
                name="class_ends_after_start",
                violation_error_message="Ngày bế giảng phải từ ngày khai giảng trở đi.",
            ),
            models.CheckConstraint(
                condition=models.Q(seats__gt=0),
                name="class_has_seats",
                violation_error_message="Số chỗ phải lớn hơn 0.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} – {self.programme}"
