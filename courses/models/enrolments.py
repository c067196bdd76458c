"""From a nomination to a certificate: who is in a class, what became of it, and what it proved."""

from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import ExtractYear

from cadres.models import Official, Qualification
from courses.models.catalogue import Institution
from courses.models.classes import ClassSession, TrainingClass


def shown_mark(mark: Decimal | None) -> str:
    """A mark as it is written everywhere: 7,5; 10; empty where there is none."""
    if mark is None:
        return ""
    return f"{mark:.2f}".rstrip("0").rstrip(".").replace(".", ",")


class SendingDecision(models.Model):
    """Quyết định cử đi học: the document that sends the approved people of a class."""

    training_class = models.ForeignKey(
        TrainingClass, on_delete=models.PROTECT, related_name="sending_decisions", verbose_name="lớp học"
    )
    number = models.CharField("số quyết định", max_length=100)
    signed_on = models.DateField("ngày ký")
    signer = models.CharField("người ký", max_length=100, blank=True)
    signer_post = models.CharField("chức vụ người ký", max_length=100, blank=True)

    class Meta:
        verbose_name = "quyết định cử đi học"
        verbose_name_plural = "quyết định cử đi học"
        ordering = ("-signed_on", "-pk")
        constraints = (
            models.UniqueConstraint(
                F("number"),
                ExtractYear("signed_on"),
                name="sending_decision_once_a_year",
                violation_error_message="Số quyết định này đã dùng trong năm.",
            ),
        )

    def __str__(self) -> str:
        return f"QĐ {self.number}"


class Enrolment(models.Model):
    """One person in one class (lượt học), from nomination to result. The state says how far it has come.

    Post, unit and zone are not kept here: they are those of the day on which the class started.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Danh sách chờ"
        NOMINATED = "nominated", "Đã cử, chờ duyệt"
        APPROVED = "approved", "Đã duyệt"
        DECIDED = "decided", "Có quyết định"
        ATTENDING = "attending", "Đang học"
        COMPLETED = "completed", "Hoàn thành"
        FAILED = "failed", "Không đạt"
        ABSENT = "absent", "Không đến học"
        WITHDRAWN = "withdrawn", "Đã rút"
        REJECTED = "rejected", "Không được cử"

    # Who takes a seat; the others are on the waiting list or out.
    SEATED = (
        State.NOMINATED,
        State.APPROVED,
        State.DECIDED,
        State.ATTENDING,
        State.COMPLETED,
        State.FAILED,
        State.ABSENT,
    )
    BEFORE_CLASS = (State.WAITING, State.NOMINATED, State.APPROVED, State.DECIDED)
    WITH_RESULT = (State.COMPLETED, State.FAILED, State.ABSENT)

    class WithdrawalReason(models.TextChoices):
        REFUSED = "refused", "Từ chối quyết định cử đi học"
        QUIT = "quit", "Tự ý bỏ học"
        HEALTH = "health", "Sức khỏe"
        WORK = "work", "Công việc của đơn vị"
        TRANSFER = "transfer", "Chuyển công tác, thôi việc"
        MISTAKE = "mistake", "Cử nhầm"
        OTHER = "other", "Lý do khác"

    class Grade(models.TextChoices):
        EXCELLENT = "excellent", "Giỏi"
        GOOD = "good", "Khá"
        AVERAGE = "average", "Trung bình"

    training_class = models.ForeignKey(
        TrainingClass, on_delete=models.PROTECT, related_name="enrolments", verbose_name="lớp học"
    )
    official = models.ForeignKey(
        Official, on_delete=models.PROTECT, related_name="enrolments", verbose_name="cán bộ, công chức"
    )
    state = models.CharField("tình trạng", max_length=10, choices=State, default=State.NOMINATED)
    queued_at = models.DateTimeField("vào danh sách lúc")  # the order of the waiting list
    # Of who waits: the place among the people of the unit, as it wants them; None: behind those that it has placed.
    own_order = models.PositiveSmallIntegerField("thứ tự chờ của đơn vị", null=True, blank=True)
    is_from_reserve = models.BooleanField("từ chỗ dự phòng", default=False)
    nominated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decision = models.ForeignKey(
        SendingDecision,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="enrolments",
        verbose_name="quyết định cử",
    )
    withdrawal_reason = models.CharField("lý do rút", max_length=10, choices=WithdrawalReason, blank=True)
    withdrawn_on = models.DateField("ngày rút", null=True, blank=True)
    mark = models.DecimalField("điểm", max_digits=4, decimal_places=2, null=True, blank=True)
    grade = models.CharField("xếp loại", max_length=10, choices=Grade, blank=True)
    note = models.CharField("ghi chú", max_length=300, blank=True)

    class Meta:
        verbose_name = "lượt học"
        verbose_name_plural = "các lượt học"
        ordering = ("training_class_id", "queued_at", "pk")
        indexes = (models.Index("training_class", "state", name="enrolment_of_class"),)
        constraints = (
            models.UniqueConstraint(
                fields=("official", "training_class"),
                name="enrolment_once",
                violation_error_message="Người này đã có tên trong lớp.",
            ),
            models.CheckConstraint(
                condition=Q(mark__isnull=True) | Q(mark__gte=0, mark__lte=10),
                name="enrolment_mark_from_0_to_10",
                violation_error_message="Điểm phải từ 0 đến 10.",
            ),
            models.CheckConstraint(
                condition=Q(grade="") | Q(state="completed"),
                name="enrolment_grade_of_completed",
                violation_error_message="Chỉ người hoàn thành mới có xếp loại.",
            ),
            models.CheckConstraint(
                condition=Q(mark__isnull=True) | Q(state__in=["completed", "failed"]),
                name="enrolment_mark_with_result",
                violation_error_message="Chỉ người có kết quả mới có điểm.",
            ),
            models.CheckConstraint(
                condition=Q(state="withdrawn", withdrawn_on__isnull=False) & ~Q(withdrawal_reason="")
                | ~Q(state="withdrawn") & Q(withdrawn_on__isnull=True, withdrawal_reason=""),
                name="enrolment_withdrawn_for_a_reason",
                violation_error_message="Rút khỏi lớp phải có ngày và lý do.",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["decided", "attending"]) | Q(decision__isnull=False),
                name="enrolment_decided_by_decision",
                violation_error_message="Người đi học phải có quyết định cử.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.official}: {self.training_class}"

    @property
    def shown_mark(self) -> str:
        return shown_mark(self.mark)

    @classmethod
    def going_on(cls, day: date) -> Q:
        """The condition on enrolments without a result in classes that still go on on the day."""
        return Q(state__in=(*cls.BEFORE_CLASS, cls.State.ATTENDING)) & TrainingClass.going_on(day, "training_class__")


class EnrolmentStep(models.Model):
    """What happened to an enrolment, never changed afterwards: the state it came into, when, by whom, why."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="steps")
    state = models.CharField("tình trạng", max_length=10, choices=Enrolment.State)
    at = models.DateTimeField("lúc", auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="người làm"
    )
    note = models.CharField("ghi chú", max_length=300, blank=True)

    class Meta:
        verbose_name = "bước của lượt học"
        verbose_name_plural = "các bước của lượt học"
        ordering = ("enrolment_id", "pk")

    def __str__(self) -> str:
        return f"{self.get_state_display()}: {self.note}".strip(": ")


class RuleWaiver(models.Model):
    """The province lets somebody into a class although a rule stands against it, for a reason (bỏ qua cảnh báo)."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="waivers", verbose_name="lượt học")
    rule = models.CharField("quy định", max_length=30)
    reason = models.CharField("lý do", max_length=300)
    at = models.DateTimeField("lúc", auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="người cho phép"
    )

    class Meta:
        verbose_name = "bỏ qua cảnh báo"
        verbose_name_plural = "các lần bỏ qua cảnh báo"
        ordering = ("enrolment_id", "pk")
        constraints = (models.UniqueConstraint(fields=("enrolment", "rule"), name="rule_waived_once"),)

    def __str__(self) -> str:
        return f"{self.rule}: {self.reason}"


class Attendance(models.Model):
    class Mark(models.TextChoices):
        PRESENT = "present", "Có mặt"
        LATE = "late", "Đi muộn"
        EXCUSED = "excused", "Vắng có phép"
        UNEXCUSED = "unexcused", "Vắng không phép"

    session = models.ForeignKey(
        ClassSession, on_delete=models.CASCADE, related_name="attendance", verbose_name="buổi học"
    )
    enrolment = models.ForeignKey(
        Enrolment, on_delete=models.CASCADE, related_name="attendance", verbose_name="lượt học"
    )
    mark = models.CharField("điểm danh", max_length=10, choices=Mark)

    class Meta:
        verbose_name = "điểm danh"
        verbose_name_plural = "điểm danh"
        ordering = ("session_id", "enrolment_id")
        constraints = (models.UniqueConstraint(fields=("enrolment", "session"), name="attendance_once"),)

    def __str__(self) -> str:
        return self.get_mark_display()


class Certificate(models.Model):
    """A degree or certificate issued for a completed class. A number, once given, is never given again.

    `qualification` is the record it brought into the registry; None where the programme raises no level.
    """

    enrolment = models.ForeignKey(
        Enrolment, on_delete=models.PROTECT, related_name="certificates", verbose_name="lượt học"
    )
    institution = models.ForeignKey(
        Institution, on_delete=models.PROTECT, related_name="certificates", verbose_name="cơ sở cấp"
    )
    number = models.CharField("số hiệu", max_length=50)
    book_entry = models.CharField("số vào sổ", max_length=50)
    issued_on = models.DateField("ngày cấp")
    signer = models.CharField("người ký", max_length=100)
    qualification = models.OneToOneField(
        Qualification, on_delete=models.PROTECT, null=True, blank=True, related_name="certificate"
    )
    withdrawn_on = models.DateField("thu hồi ngày", null=True, blank=True)
    withdrawn_because = models.CharField("lý do thu hồi", max_length=200, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "chứng chỉ"
        verbose_name_plural = "sổ cấp chứng chỉ"
        ordering = ("-issued_on", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("institution", "number"),
                name="certificate_number_once",
                violation_error_message="Số hiệu này cơ sở đã cấp cho người khác; mỗi số hiệu chỉ cấp một lần.",
            ),
            models.UniqueConstraint(
                F("institution"),
                ExtractYear("issued_on"),
                F("book_entry"),
                name="certificate_book_entry_once_a_year",
                violation_error_message="Số vào sổ này đã dùng trong năm.",
            ),
            models.UniqueConstraint(
                fields=("enrolment",),
                condition=Q(withdrawn_on__isnull=True),
                name="certificate_once_an_enrolment",
                violation_error_message="Người này đã được cấp chứng chỉ của lớp.",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True, withdrawn_because="")
                | Q(withdrawn_on__isnull=False) & ~Q(withdrawn_because=""),
                name="certificate_withdrawn_for_a_reason",
                violation_error_message="Thu hồi phải có ngày và lý do.",
            ),
        )

    def __str__(self) -> str:
        return f"Số {self.number}"
