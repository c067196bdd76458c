"""What follows from having been sent to study: commitments to serve, repayments, rewards and measures."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from cadres.models import Official
from courses.models.enrolments import Enrolment


class Commitment(models.Model):
    """A promise to serve for so many months after a đào tạo programme (NĐ 101/2017/NĐ-CP Điều 7, NĐ 171/2025/NĐ-CP).

    `cost` is what the studies of this person cost, in đồng, without salary and allowances.
    """

    enrolment = models.OneToOneField(
        Enrolment, on_delete=models.PROTECT, related_name="commitment", verbose_name="lượt học"
    )
    signed_on = models.DateField("ngày cam kết")
    starts_on = models.DateField("phục vụ từ ngày", null=True, blank=True, help_text="Ngày sau khi học xong.")
    months = models.PositiveSmallIntegerField("số tháng cam kết")
    cost = models.PositiveBigIntegerField("chi phí đào tạo, đồng", default=0)
    note = models.CharField("ghi chú", max_length=200, blank=True)

    class Meta:
        verbose_name = "cam kết phục vụ"
        verbose_name_plural = "cam kết phục vụ"
        ordering = ("-signed_on", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(months__gt=0),
                name="commitment_has_months",
                violation_error_message="Số tháng cam kết phải lớn hơn 0.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.enrolment.official}: {self.months} tháng"


class Repayment(models.Model):
    """What somebody owes for studies not finished or not served for, with the parts of the sum as computed then."""

    class Case(models.TextChoices):
        QUIT = "quit", "Tự ý bỏ học, bỏ việc trong thời gian học"
        NO_DEGREE = "no_degree", "Không được cấp văn bằng"
        LEFT_EARLY = "left_early", "Bỏ việc khi chưa phục vụ đủ cam kết"

    commitment = models.OneToOneField(
        Commitment, on_delete=models.PROTECT, related_name="repayment", verbose_name="cam kết"
    )
    case = models.CharField("trường hợp", max_length=10, choices=Case)
    on = models.DateField("ngày phát sinh")
    amount = models.PositiveBigIntegerField("số tiền đền bù, đồng")
    parts = models.JSONField("cách tính", default=dict)
    decision = models.CharField("quyết định", max_length=200)
    # None: recorded before the day was asked for.
    decided_on = models.DateField("ngày quyết định", null=True, blank=True)
    council = models.CharField("hội đồng xét đền bù", max_length=200, blank=True)
    paid_on = models.DateField("đã nộp ngày", null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "đền bù chi phí đào tạo"
        verbose_name_plural = "đền bù chi phí đào tạo"
        ordering = ("-on", "-pk")

    def __str__(self) -> str:
        return f"{self.commitment}: {self.amount} đồng"


class TrainingMeasure(models.Model):
    """A reward for a good result, or a measure against who refused a decision or failed."""

    class Kind(models.TextChoices):
        REWARD = "reward", "Khen thưởng"
        REMINDER = "reminder", "Phê bình, nhắc nhở"
        RATING = "rating", "Hạ bậc đánh giá năm"
        DISCIPLINE = "discipline", "Xử lý kỷ luật"

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="measures", verbose_name="lượt học")
    kind = models.CharField("hình thức", max_length=12, choices=Kind)
    on = models.DateField("ngày")
    decision = models.CharField("quyết định", max_length=200)
    reason = models.CharField("lý do", max_length=200)
    amount = models.PositiveBigIntegerField("mức thưởng, đồng", null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "khen thưởng, xử lý"
        verbose_name_plural = "khen thưởng, xử lý"
        ordering = ("-on", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("enrolment", "kind"),
                name="training_measure_once",
                violation_error_message="Lượt học này đã có hình thức đó.",
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(kind="reward"),
                name="training_measure_pays_rewards_only",
                violation_error_message="Chỉ khen thưởng mới có mức thưởng.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.enrolment.official}"


class YearMeasure(models.Model):
    """A measure against somebody who did not reach the tiết that a regulation asks of a year, with a class or without.

    One decision a year and kind (NĐ 101/2017/NĐ-CP Điều 14 asks for the tiết; what follows is the province's practice).
    """

    KINDS = [choice for choice in TrainingMeasure.Kind.choices if choice[0] != TrainingMeasure.Kind.REWARD]

    official = models.ForeignKey(
        Official, on_delete=models.PROTECT, related_name="year_measures", verbose_name="cán bộ, công chức"
    )
    year = models.PositiveSmallIntegerField("năm")
    kind = models.CharField("hình thức", max_length=12, choices=KINDS)
    hours = models.PositiveSmallIntegerField("số tiết đã học khi xử lý")
    least = models.PositiveSmallIntegerField("số tiết phải học")
    on = models.DateField("ngày")
    decision = models.CharField("quyết định", max_length=200)
    reason = models.CharField("lý do", max_length=200)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "xử lý người chưa đủ số tiết"
        verbose_name_plural = "xử lý người chưa đủ số tiết"
        ordering = ("-on", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("official", "year", "kind"),
                name="year_measure_once",
                violation_error_message="Người này đã có hình thức đó của năm này.",
            ),
            models.CheckConstraint(
                condition=Q(hours__lt=models.F("least")),
                name="year_measure_of_who_has_too_few",
                violation_error_message="Chỉ xử lý người chưa đủ số tiết.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.official}, {self.hours} / {self.least} tiết năm {self.year}"
