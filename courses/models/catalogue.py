"""The catalogue: subject areas and the programmes that can be run as classes."""

from django.db import models

from cadres.models import Level, Position


class SubjectArea(models.Model):
    code = models.CharField("mã", max_length=20, unique=True)
    name = models.CharField("tên", max_length=100)

    class Meta:
        verbose_name = "lĩnh vực đào tạo"
        verbose_name_plural = "lĩnh vực đào tạo"
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Programme(models.Model):
    """A course of study as it may be offered again and again; a class is one run of it."""

    class Kind(models.TextChoices):
        DEGREE = "degree", "Đào tạo"
        CERTIFICATE = "certificate", "Bồi dưỡng"
        WORKSHOP = "workshop", "Tập huấn"

    code = models.CharField("mã", max_length=20, unique=True)
    title = models.CharField("tên chương trình", max_length=200)
    kind = models.CharField("loại hình", max_length=15, choices=Kind)
    subject_area = models.ForeignKey(
        SubjectArea, on_delete=models.PROTECT, related_name="programmes", verbose_name="lĩnh vực"
    )
    raises_to = models.ForeignKey(
        Level,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="nâng lên mức",
        help_text="Mức trình độ mà người học xong được ghi nhận; để trống nếu không nâng mức nào.",
    )
    hours = models.PositiveSmallIntegerField("số tiết", help_text="Một ngày học là 8 tiết.")
    target_positions = models.ManyToManyField(Position, blank=True, verbose_name="chức danh được học")

    class Meta:
        verbose_name = "chương trình"
        verbose_name_plural = "chương trình đào tạo, bồi dưỡng"
        ordering = ("kind", "title")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(hours__gt=0),
                name="programme_has_hours",
                violation_error_message="Số tiết phải lớn hơn 0.",
            ),
        )

    def __str__(self) -> str:
        return self.title
