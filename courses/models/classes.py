"""Classes: one run of a programme, at a place, between two days; its sessions, quotas and money."""

from datetime import date, datetime

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.timezone import localtime

from cadres.models import Unit
from courses.models.catalogue import (
    HOURS_A_DAY,
    FundingSource,
    Institution,
    Programme,
    ProgrammeModule,
    Room,
    StudyForm,
    Trainer,
)
from courses.models.planning import PlanLine


class TrainingClass(models.Model):
    class State(models.TextChoices):
        PLANNED = "planned", "Dự kiến"
        OPEN = "open", "Đang mở đăng ký"
        RUNNING = "running", "Đang học"
        ENDED = "ended", "Đã kết thúc"
        CANCELLED = "cancelled", "Đã hủy"

    AT_WORK = (State.RUNNING, State.ENDED)  # before that nobody has studied anything

    code = models.CharField("mã lớp", max_length=30, unique=True)
    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="classes", verbose_name="chương trình"
    )
    plan_line = models.ForeignKey(
        PlanLine,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="classes",
        verbose_name="dòng kế hoạch",
    )
    institution = models.ForeignKey(
        Institution, on_delete=models.PROTECT, null=True, blank=True, related_name="classes", verbose_name="cơ sở"
    )
    place = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name="địa điểm")
    venue = models.CharField("nơi học", max_length=200, blank=True, help_text="Hội trường, trung tâm, cụm xã.")
    form = models.CharField("hình thức", max_length=15, choices=StudyForm, default=StudyForm.FULL_TIME)
    start_date = models.DateField("khai giảng")
    end_date = models.DateField("bế giảng")
    enrol_until = models.DateField(
        "hạn đăng ký", null=True, blank=True, help_text="Ngày cuối các đơn vị được cử người."
    )
    seats = models.PositiveSmallIntegerField("số chỗ", help_text="Số học viên tối đa.")
    decision = models.CharField("quyết định mở lớp", max_length=200, blank=True)
    state = models.CharField("tình trạng", max_length=10, choices=State, default=State.PLANNED)
    state_reason = models.CharField("lý do", max_length=200, blank=True, editable=False)  # why it was cancelled
    trainers = models.ManyToManyField(Trainer, blank=True, related_name="classes", verbose_name="giảng viên")
    modules = models.ManyToManyField(
        ProgrammeModule,
        through="ModuleTaught",
        blank=True,
        related_name="classes",
        verbose_name="chỉ dạy các học phần",
        help_text="Để trống nếu lớp dạy cả chương trình.",
    )

    class Meta:
        verbose_name = "lớp học"
        verbose_name_plural = "lớp học"
        ordering = ("-start_date", "code")
        indexes = (models.Index("state", "end_date", name="class_ended"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(end_date__gte=F("start_date")),
                name="class_ends_after_start",
                violation_error_message="Ngày bế giảng phải từ ngày khai giảng trở đi.",
            ),
            models.CheckConstraint(
                condition=Q(seats__gt=0),
                name="class_has_seats",
                violation_error_message="Số chỗ phải lớn hơn 0.",
            ),
            models.CheckConstraint(
                condition=Q(enrol_until__isnull=True) | Q(enrol_until__lte=F("end_date")),
                name="class_enrols_before_its_end",
                violation_error_message="Hạn đăng ký không được sau ngày bế giảng.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} – {self.programme}"

    @classmethod
    def going_on(cls, day: date, prefix: str = "") -> Q:
        """The condition on classes that are planned, open or running and do not end before the day."""
        states = (cls.State.PLANNED, cls.State.OPEN, cls.State.RUNNING)
        return Q(**{f"{prefix}state__in": states, f"{prefix}end_date__gte": day})

    @property
    def own_modules(self) -> list[ProgrammeModule]:
        """The modules that the class teaches, none where it teaches the whole programme. A query, if not prefetched."""
        return list(self.modules.all()) if self.pk else []

    @property
    def hours(self) -> int:
        """The tiết that the class teaches: those of its modules, else of the whole programme."""
        return sum(module.hours for module in self.own_modules) or self.programme.hours

    @property
    def days(self) -> int:
        """Study days; a day begun counts."""
        return -(-self.hours // HOURS_A_DAY)

    def takes_nominations_on(self, day: date) -> bool:
        """Whether a district may nominate on the day."""
        return self.state == self.State.OPEN and (self.enrol_until is None or day <= self.enrol_until)


class ModuleTaught(models.Model):
    """A module that a class teaches. A class without any teaches the whole programme; a module taught stays."""

    training_class = models.ForeignKey(
        TrainingClass, on_delete=models.CASCADE, related_name="taught", verbose_name="lớp học"
    )
    module = models.ForeignKey(
        ProgrammeModule, on_delete=models.PROTECT, related_name="taught", verbose_name="học phần"
    )

    class Meta:
        verbose_name = "học phần của lớp"
        verbose_name_plural = "học phần của các lớp"
        ordering = ("training_class_id", "module__number")
        constraints = (models.UniqueConstraint(fields=("training_class", "module"), name="module_taught_once"),)

    def __str__(self) -> str:
        return str(self.module)


class ClassQuota(models.Model):
    """How many seats of a class a district may fill. What the quotas leave of the seats is the province's reserve.

    A class without quotas gives its seats to whoever comes first.
    """

    training_class = models.ForeignKey(
        TrainingClass, on_delete=models.CASCADE, related_name="quotas", verbose_name="lớp học"
    )
    district = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name="đơn vị")
    seats = models.PositiveSmallIntegerField("chỉ tiêu")

    class Meta:
        verbose_name = "chỉ tiêu của đơn vị"
        verbose_name_plural = "chỉ tiêu của các đơn vị"
        ordering = ("training_class_id", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("training_class", "district"),
                name="class_quota_once",
                violation_error_message="Đơn vị này đã có chỉ tiêu trong lớp.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.district}: {self.seats}"

    @classmethod
    def going_on(cls, day: date) -> Q:
        """The condition on quotas of classes that still go on on the day."""
        return TrainingClass.going_on(day, "training_class__")


class ClassSession(models.Model):
    """One sitting of a class. No trainer and no room is in two at one time, whatever the classes."""

    training_class = models.ForeignKey(
        TrainingClass, on_delete=models.CASCADE, related_name="sessions", verbose_name="lớp học"
    )
    starts_at = models.DateTimeField("bắt đầu")
    ends_at = models.DateTimeField("kết thúc")
    hours = models.PositiveSmallIntegerField("số tiết", default=4)
    topic = models.CharField("nội dung", max_length=200, blank=True)
    room = models.ForeignKey(
        Room, on_delete=models.PROTECT, null=True, blank=True, related_name="sessions", verbose_name="phòng học"
    )
    trainer = models.ForeignKey(
        Trainer, on_delete=models.PROTECT, null=True, blank=True, related_name="sessions", verbose_name="giảng viên"
    )
    is_cancelled = models.BooleanField("đã hủy", default=False, editable=False)

    class Meta:
        verbose_name = "buổi học"
        verbose_name_plural = "buổi học"
        ordering = ("starts_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="session_ends_after_start",
                violation_error_message="Buổi học phải kết thúc sau khi bắt đầu.",
            ),
            *(
                ExclusionConstraint(
                    name=f"session_{what}_once_at_a_time",
                    expressions=[
                        (what, RangeOperators.EQUAL),
                        (
                            Func(
                                "starts_at",
                                "ends_at",
                                RangeBoundary(),
                                function="TSTZRANGE",
                                output_field=DateTimeRangeField(),
                            ),
                            RangeOperators.OVERLAPS,
                        ),
                    ],
                    condition=Q(is_cancelled=False),
                    violation_error_message=message,
                )
                for what, message in (
                    ("trainer", "Giảng viên này đã có buổi học khác vào giờ đó."),
                    ("room", "Phòng này đã có buổi học khác vào giờ đó."),
                    ("training_class", "Lớp này đã có buổi học khác vào giờ đó."),
                )
            ),
        )

    def __str__(self) -> str:
        return f"{localtime(self.starts_at):%d/%m/%Y %H:%M}"

    @property
    def day(self) -> date:
        return localtime(self.starts_at).date()

    @property
    def local_start(self) -> datetime:
        return localtime(self.starts_at)

    @property
    def local_end(self) -> datetime:
        return localtime(self.ends_at)


class ClassFunding(models.Model):
    """The money of a class from one source, in đồng: committed when the class is set up, spent when it is settled."""

    training_class = models.ForeignKey(
        TrainingClass, on_delete=models.CASCADE, related_name="funding", verbose_name="lớp học"
    )
    source = models.CharField("nguồn", max_length=10, choices=FundingSource)
    committed = models.PositiveBigIntegerField("kinh phí giao, đồng", default=0)
    spent = models.PositiveBigIntegerField("đã quyết toán, đồng", default=0)
    settled_on = models.DateField("ngày quyết toán", null=True, blank=True)
    document = models.CharField("chứng từ", max_length=200, blank=True)

    class Meta:
        verbose_name = "kinh phí của lớp"
        verbose_name_plural = "kinh phí của lớp"
        ordering = ("training_class_id", "source")
        constraints = (
            models.UniqueConstraint(
                fields=("training_class", "source"),
                name="class_funding_once",
                violation_error_message="Lớp này đã có kinh phí từ nguồn đó.",
            ),
            models.CheckConstraint(
                condition=Q(spent__lte=F("committed")),
                name="class_spends_within_commitment",
                violation_error_message="Số quyết toán vượt kinh phí đã giao cho lớp.",
            ),
            models.CheckConstraint(
                condition=Q(spent=0) | Q(settled_on__isnull=False),
                name="class_spends_on_a_day",
                violation_error_message="Hãy ghi ngày quyết toán.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_source_display()}: {self.committed}"
