"""What holds for the whole installation: one row, or none where nothing has been set yet."""

from django.db import models
from django.db.models import Q

THE_ONE = 1


class HomeTable(models.TextChoices):
    """What the table of the home page is of on a day without districts; the names are those of groupings of rates."""

    CLUSTER = "district", "Cụm xã"
    FORMER_DISTRICT = "former_district", "Huyện cũ"
    COMMUNE = "commune", "Xã, phường"


class Installation(models.Model):
    id = models.PositiveSmallIntegerField(primary_key=True, default=THE_ONE, editable=False)
    default_day = models.DateField(
        "ngày làm việc mặc định",
        null=True,
        blank=True,
        help_text="Để trống: luôn là hôm nay.",
    )
    home_table = models.CharField(
        "bảng ở trang chủ, từ 1/7/2025",
        max_length=20,
        choices=HomeTable,
        blank=True,
        help_text="Ai muốn xem cách khác thì bấm ở đầu bảng.",
    )
    # Empty: the clock. Only a demonstration, whose people and classes lie in the past, has a day of its own.
    demonstration_day = models.DateField("hôm nay của tỉnh minh họa", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "ngày của hệ thống"
        verbose_name_plural = "ngày của hệ thống"
        default_permissions = ("change",)
        constraints = (models.CheckConstraint(condition=Q(id=THE_ONE), name="installation_is_one"),)

    def __str__(self) -> str:
        return f"mặc định {self.default_day:%d/%m/%Y}" if self.default_day else "mặc định hôm nay"
