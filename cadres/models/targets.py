"""What the province wants the rate to be: its target at the end of a year, by a decision."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models


class RateTarget(models.Model):
    year = models.PositiveSmallIntegerField("năm", validators=[MinValueValidator(2000), MaxValueValidator(2100)])
    criterion = models.ForeignKey(
        "cadres.Criterion", on_delete=models.PROTECT, related_name="targets", verbose_name="bộ tiêu chí"
    )
    percent = models.DecimalField(
        "tỷ lệ đạt chuẩn cuối năm, %",
        max_digits=4,
        decimal_places=1,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    decision = models.CharField("quyết định", max_length=200, help_text="Số, ngày, cơ quan giao chỉ tiêu.")

    class Meta:
        verbose_name = "chỉ tiêu tỷ lệ đạt chuẩn"
        verbose_name_plural = "chỉ tiêu tỷ lệ đạt chuẩn"
        ordering = ("-year", "criterion")
        constraints = (
            models.UniqueConstraint(
                fields=("year", "criterion"),
                name="rate_target_once_a_year",
                violation_error_message="Năm này đã có chỉ tiêu theo bộ tiêu chí đó.",
            ),
            models.CheckConstraint(
                condition=models.Q(percent__gte=0, percent__lte=100),
                name="rate_target_within_100",
                violation_error_message="Tỷ lệ phải từ 0 đến 100 %.",
            ),
        )

    def __str__(self) -> str:
        return f"Năm {self.year}: {f'{self.percent:.1f}'.replace('.', ',')} %"
