"""Needs that districts register, in campaigns; and the training plan of a year with its amendments."""

from datetime import date

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from cadres.models import Official, Unit
from courses.models.catalogue import FundingSource, Institution, Programme


class NeedCampaign(models.Model):
    """A call to the districts to register what their people need in a year (đợt đăng ký nhu cầu)."""

    year = models.PositiveSmallIntegerField("năm kế hoạch")
    title = models.CharField("tên đợt", max_length=200)
    opens_on = models.DateField("mở từ ngày")
    closes_on = models.DateField("hạn chung")
    note = models.CharField("văn bản, ghi chú", max_length=300, blank=True)

    class Meta:
        verbose_name = "đợt đăng ký nhu cầu"
        verbose_name_plural = "các đợt đăng ký nhu cầu"
        ordering = ("-year", "-opens_on", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(closes_on__gte=F("opens_on")),
                name="campaign_closes_after_opening",
                violation_error_message="Hạn phải từ ngày mở trở đi.",
            ),
        )

    def __str__(self) -> str:
        return self.title


class DistrictSubmission(models.Model):
    """What one district says in a campaign: being written, submitted, then accepted or sent back with a reason."""

    class State(models.TextChoices):
        DRAFT = "draft", "Đang lập"
        SUBMITTED = "submitted", "Đã gửi"
        ACCEPTED = "accepted", "Đã tiếp nhận"
        SENT_BACK = "sent_back", "Trả lại"

    campaign = models.ForeignKey(NeedCampaign, on_delete=models.CASCADE, related_name="submissions", verbose_name="đợt")
    district = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name="đơn vị")
    deadline = models.DateField("hạn của đơn vị")
    state = models.CharField("tình trạng", max_length=10, choices=State, default=State.DRAFT)
    note = models.CharField("ý kiến của Sở", max_length=500, blank=True)
    submitted_at = models.DateTimeField("gửi lúc", null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField("trả lời lúc", null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "bản đăng ký của đơn vị"
        verbose_name_plural = "bản đăng ký của các đơn vị"
        ordering = ("campaign_id", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("campaign", "district"),
                name="district_submission_once",
                violation_error_message="Đơn vị này đã có trong đợt.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.district}: {self.get_state_display()}"

    @classmethod
    def going_on(cls, day: date) -> Q:
        """The condition on submissions that are still to be made or answered, with a deadline from the day on."""
        return Q(deadline__gte=day) & ~Q(state=cls.State.ACCEPTED)


class RegisteredNeed(models.Model):
    """One person whom a district wants to send to a programme, with reason and priority."""

    class Priority(models.IntegerChoices):
        URGENT = 1, "Gấp"
        NORMAL = 2, "Trong năm"
        LATER = 3, "Khi có chỉ tiêu"

    submission = models.ForeignKey(
        DistrictSubmission, on_delete=models.CASCADE, related_name="needs", verbose_name="bản đăng ký"
    )
    official = models.ForeignKey(
        Official, on_delete=models.CASCADE, related_name="registered_needs", verbose_name="cán bộ, công chức"
    )
    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="registered_needs", verbose_name="chương trình"
    )
    priority = models.PositiveSmallIntegerField("ưu tiên", choices=Priority, default=Priority.NORMAL)
    reason = models.CharField("lý do", max_length=200)

    class Meta:
        verbose_name = "nhu cầu đăng ký"
        verbose_name_plural = "nhu cầu đăng ký"
        ordering = ("submission_id", "priority", "official__name_order", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("submission", "official", "programme"),
                name="registered_need_once",
                violation_error_message="Người này đã được đăng ký chương trình đó.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.official}: {self.programme}"


class TrainingPlan(models.Model):
    """The plan of a year: frozen once approved, then changed by amendments only. Money in đồng."""

    class State(models.TextChoices):
        DRAFT = "draft", "Đang lập"
        APPROVED = "approved", "Đã phê duyệt"

    year = models.PositiveSmallIntegerField("năm", unique=True)
    title = models.CharField("tên kế hoạch", max_length=200)
    budget_central = models.PositiveBigIntegerField("dự toán ngân sách trung ương, đồng", default=0)
    budget_local = models.PositiveBigIntegerField("dự toán ngân sách địa phương, đồng", default=0)
    budget_other = models.PositiveBigIntegerField("dự toán nguồn khác, đồng", default=0)
    state = models.CharField("tình trạng", max_length=10, choices=State, default=State.DRAFT)
    decision_number = models.CharField("số quyết định", max_length=100, blank=True)
    decision_date = models.DateField("ngày quyết định", null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Keys of the accounts that had a hand in the draft: none of them approves it (cadres.two_persons).
    authors = ArrayField(models.BigIntegerField(), default=list, blank=True, editable=False)

    class Meta:
        verbose_name = "kế hoạch đào tạo, bồi dưỡng"
        verbose_name_plural = "kế hoạch đào tạo, bồi dưỡng"
        ordering = ("-year",)
        constraints = (
            models.CheckConstraint(
                condition=Q(state="draft") | Q(decision_date__isnull=False) & ~Q(decision_number=""),
                name="plan_approved_by_decision",
                violation_error_message="Kế hoạch được phê duyệt phải có số và ngày quyết định.",
            ),
        )

    def __str__(self) -> str:
        return self.title

    def budget(self, source: str) -> int:
        """Đồng from a source (FundingSource)."""
        return int(getattr(self, f"budget_{source}"))

    @property
    def first_day(self) -> date:
        """The day whose units the plan may name, whatever day is looked at."""
        return date(self.year, 1, 1)

    @property
    def total_budget(self) -> int:
        return sum(self.budget(source) for source in FundingSource.values)


class PlanAmendment(models.Model):
    """A change to an approved plan, by a decision of its own; frozen in its turn once approved."""

    plan = models.ForeignKey(TrainingPlan, on_delete=models.CASCADE, related_name="amendments", verbose_name="kế hoạch")
    number = models.PositiveSmallIntegerField("lần")
    reason = models.CharField("lý do điều chỉnh", max_length=300)
    state = models.CharField("tình trạng", max_length=10, choices=TrainingPlan.State, default=TrainingPlan.State.DRAFT)
    decision_number = models.CharField("số quyết định", max_length=100, blank=True)
    decision_date = models.DateField("ngày quyết định", null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Keys of the accounts that had a hand in the draft: none of them approves it (cadres.two_persons).
    authors = ArrayField(models.BigIntegerField(), default=list, blank=True, editable=False)

    class Meta:
        verbose_name = "điều chỉnh kế hoạch"
        verbose_name_plural = "các lần điều chỉnh kế hoạch"
        ordering = ("plan_id", "number")
        constraints = (
            models.UniqueConstraint(fields=("plan", "number"), name="plan_amendment_once"),
            models.UniqueConstraint(
                fields=("plan",),
                condition=Q(state="draft"),
                name="one_amendment_in_the_making",
                violation_error_message="Kế hoạch này đang có một lần điều chỉnh chưa phê duyệt.",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(decision_date__isnull=False) & ~Q(decision_number=""),
                name="amendment_approved_by_decision",
                violation_error_message="Lần điều chỉnh được phê duyệt phải có số và ngày quyết định.",
            ),
        )

    def __str__(self) -> str:
        return f"Điều chỉnh lần {self.number}"


class PlanLine(models.Model):
    """So many classes of a programme, with seats, months, place, and cost by source in đồng (all classes together).

    A line of an amendment replaces one of before (`replaces`; with no class left it takes it out), or adds one.
    """

    plan = models.ForeignKey(TrainingPlan, on_delete=models.CASCADE, related_name="lines", verbose_name="kế hoạch")
    amendment = models.ForeignKey(
        PlanAmendment, on_delete=models.CASCADE, null=True, blank=True, related_name="lines", verbose_name="điều chỉnh"
    )
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name="thay cho"
    )
    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="plan_lines", verbose_name="chương trình"
    )
    target_group = models.CharField("đối tượng", max_length=200, blank=True)
    class_count = models.PositiveSmallIntegerField("số lớp", default=1)
    seats = models.PositiveSmallIntegerField("học viên một lớp")
    months = models.CharField("thời điểm", max_length=50, blank=True, help_text="Ví dụ: tháng 3–5, quý II.")
    place = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="địa điểm"
    )
    institution = models.ForeignKey(
        Institution, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="đơn vị chủ trì"
    )
    cost_central = models.PositiveBigIntegerField("ngân sách trung ương, đồng", default=0)
    cost_local = models.PositiveBigIntegerField("ngân sách địa phương, đồng", default=0)
    cost_other = models.PositiveBigIntegerField("nguồn khác, đồng", default=0)
    note = models.CharField("ghi chú", max_length=200, blank=True)

    class Meta:
        verbose_name = "dòng kế hoạch"
        verbose_name_plural = "các dòng kế hoạch"
        ordering = ("plan_id", "programme__kind", "programme__title", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(seats__gt=0),
                name="plan_line_has_seats",
                violation_error_message="Số học viên một lớp phải lớn hơn 0.",
            ),
            models.CheckConstraint(
                condition=Q(class_count__gt=0) | Q(replaces__isnull=False),
                name="plan_line_has_classes",
                violation_error_message="Số lớp phải lớn hơn 0; muốn bỏ dòng đã duyệt thì lập điều chỉnh.",
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | Q(amendment__isnull=False),
                name="plan_line_replaced_by_amendment",
                violation_error_message="Chỉ lần điều chỉnh mới thay dòng đã duyệt.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.programme}: {self.class_count} lớp"

    def cost(self, source: str) -> int:
        """Đồng from a source (FundingSource)."""
        return int(getattr(self, f"cost_{source}"))

    @property
    def total_cost(self) -> int:
        return sum(self.cost(source) for source in FundingSource.values)

    @property
    def trainees(self) -> int:
        return self.class_count * self.seats


class ProposedPerson(models.Model):
    """Somebody for whom a line of a plan was proposed (người có tên trong kế hoạch): kept until the line goes."""

    line = models.ForeignKey(PlanLine, on_delete=models.CASCADE, related_name="proposed", verbose_name="dòng kế hoạch")
    official = models.ForeignKey(
        Official, on_delete=models.CASCADE, related_name="proposed_lines", verbose_name="cán bộ, công chức"
    )
    proposed_on = models.DateField("ngày tính phương án")

    class Meta:
        verbose_name = "người có tên trong kế hoạch"
        verbose_name_plural = "người có tên trong kế hoạch"
        ordering = ("line_id", "official__name_order", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("line", "official"),
                name="proposed_person_once",
                violation_error_message="Người này đã có tên ở dòng này.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.official}: {self.line}"
