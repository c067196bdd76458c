"""The catalogue: what may be taught, by whom, where, at which cost, under which rules of law."""

from datetime import date, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from cadres.models import Level, Position, Unit
from cadres.periods import Period, PeriodQuerySet, add_months, ends_after_start, full_months, months_begun, no_overlap
from cadres.text import fold, thousands

HALF_A_MONTH = 15  # days
HOURS_A_DAY = 8  # tiết, NĐ 18/2010/NĐ-CP: a week is 5 study days of 8 tiết


class SubjectArea(models.Model):
    code = models.CharField("mã", max_length=20, unique=True)
    name = models.CharField("tên", max_length=100)

    class Meta:
        verbose_name = "lĩnh vực đào tạo"
        verbose_name_plural = "lĩnh vực đào tạo"
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Institution(models.Model):
    """A body that runs classes and issues certificates: political school, centre of a district, college, university."""

    code = models.CharField("mã", max_length=20, unique=True)
    name = models.CharField("tên", max_length=200)
    place = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="địa bàn"
    )
    superior = models.CharField(
        "cơ quan chủ quản", max_length=200, blank=True, help_text="Dòng trên tên cơ sở ở đầu văn bản."
    )
    head = models.CharField("người đứng đầu", max_length=100, blank=True, help_text="Người ký chứng chỉ.")

    class Meta:
        verbose_name = "cơ sở đào tạo"
        verbose_name_plural = "cơ sở đào tạo"
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class InstitutionAccount(Period):
    """An institution given to an account for a period: the account then works on the classes of that institution."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="institutions", verbose_name="tài khoản"
    )
    institution = models.ForeignKey(
        Institution, on_delete=models.CASCADE, related_name="accounts", verbose_name="cơ sở đào tạo"
    )

    objects = PeriodQuerySet["InstitutionAccount"].as_manager()

    class Meta:
        verbose_name = "tài khoản của cơ sở đào tạo"
        verbose_name_plural = "tài khoản của cơ sở đào tạo"
        constraints = (
            ends_after_start("institution_account_ends_after_start"),
            no_overlap(
                "institution_account_once_a_day",
                "user",
                "institution",
                message="Tài khoản này đã được giao cơ sở đó trong khoảng thời gian đó.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user}: {self.institution}"


class Room(models.Model):
    """A room in which sessions take place: two at one time are impossible."""

    name = models.CharField("tên phòng", max_length=100)
    place = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name="ở đơn vị")
    seats = models.PositiveSmallIntegerField("số chỗ ngồi", null=True, blank=True)

    class Meta:
        verbose_name = "phòng học"
        verbose_name_plural = "phòng học"
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(
                fields=("place", "name"),
                name="room_once_a_place",
                violation_error_message="Đơn vị này đã có phòng học tên đó.",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Trainer(models.Model):
    """Who teaches: full-time staff of an institution, or a giảng viên kiêm chức beside another post."""

    class Kind(models.TextChoices):
        FULL_TIME = "full_time", "Giảng viên cơ hữu"
        EXPERT = "expert", "Kiêm chức: chuyên gia"
        PROVINCE_LEADER = "province_leader", "Kiêm chức: lãnh đạo tỉnh"
        DISTRICT_LEADER = "district_leader", "Kiêm chức: lãnh đạo huyện"
        DEPARTMENT_LEADER = "department_leader", "Kiêm chức: lãnh đạo sở, ban, ngành"

    full_name = models.CharField("họ và tên", max_length=100)
    folded_name = models.CharField(max_length=100, editable=False)
    kind = models.CharField("loại", max_length=20, choices=Kind)
    institution = models.ForeignKey(
        Institution, on_delete=models.PROTECT, null=True, blank=True, related_name="trainers", verbose_name="cơ sở"
    )
    post = models.CharField("chức vụ, nơi công tác", max_length=200, blank=True)
    subjects = models.ManyToManyField(SubjectArea, blank=True, related_name="trainers", verbose_name="lĩnh vực dạy")
    phone = models.CharField("điện thoại", max_length=20, blank=True)

    class Meta:
        verbose_name = "giảng viên"
        verbose_name_plural = "giảng viên"
        ordering = ("full_name", "pk")

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args: object, **kwargs: object) -> None:
        self.folded_name = fold(self.full_name)
        super().save(*args, **kwargs)  # type: ignore[arg-type]


class StudyForm(models.TextChoices):
    """How a programme is studied (hình thức đào tạo)."""

    FULL_TIME = "full_time", "Tập trung"
    IN_SERVICE = "in_service", "Tại chức"
    PART_TIME = "part_time", "Vừa làm vừa học"
    AT_DISTRICT = "at_district", "Mở tại địa phương"
    AT_CLUSTER = "at_cluster", "Mở tại cụm xã"


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
    field_of_study = models.CharField(
        "chuyên ngành", max_length=200, blank=True, help_text="Ghi vào văn bằng của người học xong."
    )
    form = models.CharField("hình thức", max_length=15, choices=StudyForm, default=StudyForm.FULL_TIME)
    hours = models.PositiveSmallIntegerField("số tiết", help_text="Một ngày học là 8 tiết.")
    least_attendance = models.PositiveSmallIntegerField(
        "phải dự ít nhất, % số tiết",
        null=True,
        blank=True,
        help_text="Ai dự ít hơn mà vẫn ghi Hoàn thành thì phải ghi lý do. Để trống nếu chương trình không đòi.",
    )
    target_positions = models.ManyToManyField(
        Position, blank=True, verbose_name="chức danh được học", help_text="Để trống nếu dành cho mọi chức danh."
    )
    prerequisites = models.ManyToManyField(
        Level, blank=True, related_name="+", verbose_name="phải có trước", help_text="Mức đó trở lên, ở mỗi mặt."
    )

    class Meta:
        verbose_name = "chương trình"
        verbose_name_plural = "chương trình đào tạo, bồi dưỡng"
        ordering = ("kind", "title")
        constraints = (
            models.CheckConstraint(
                condition=Q(hours__gt=0),
                name="programme_has_hours",
                violation_error_message="Số tiết phải lớn hơn 0.",
            ),
            models.CheckConstraint(
                condition=Q(least_attendance__gte=1, least_attendance__lte=100),
                name="programme_least_attendance_is_a_share",
                violation_error_message="Phần phải dự là từ 1 đến 100 % số tiết.",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def days(self) -> int:
        """Study days; a day begun counts."""
        return -(-self.hours // HOURS_A_DAY)


class ProgrammeModule(models.Model):
    """A part of a programme that may be taught in a class of its own (học phần, chuyên đề); courses/modules.py."""

    programme = models.ForeignKey(
        Programme, on_delete=models.CASCADE, related_name="modules", verbose_name="chương trình"
    )
    number = models.PositiveSmallIntegerField("số thứ tự")
    title = models.CharField("tên học phần, chuyên đề", max_length=200)
    hours = models.PositiveSmallIntegerField("số tiết")

    class Meta:
        verbose_name = "học phần"
        verbose_name_plural = "học phần, chuyên đề"
        ordering = ("programme_id", "number")
        constraints = (
            models.UniqueConstraint(
                fields=("programme", "number"),
                name="module_number_once",
                violation_error_message="Chương trình này đã có học phần mang số thứ tự đó.",
            ),
            models.CheckConstraint(
                condition=Q(hours__gt=0),
                name="module_has_hours",
                violation_error_message="Số tiết của học phần phải lớn hơn 0.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"


class FundingSource(models.TextChoices):
    """Where money comes from, as reports divide it."""

    CENTRAL = "central", "Ngân sách trung ương"
    LOCAL = "local", "Ngân sách địa phương"
    OTHER = "other", "Nguồn khác"


class CostNorm(Period):
    """What a trainee-day may cost, in đồng, while a decision of the province is in force (TT 139/2010/TT-BTC).

    A norm names a programme, or for all others of its kind none.
    """

    kind = models.CharField("loại hình", max_length=15, choices=Programme.Kind)
    programme = models.ForeignKey(
        Programme,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="cost_norms",
        verbose_name="riêng chương trình",
        help_text="Để trống thì áp dụng cho mọi chương trình của loại hình.",
    )
    per_trainee_day = models.PositiveIntegerField("đồng một học viên một ngày")
    decision = models.CharField("văn bản", max_length=200, blank=True)

    objects = PeriodQuerySet["CostNorm"].as_manager()

    class Meta:
        verbose_name = "định mức chi"
        verbose_name_plural = "định mức chi"
        ordering = ("kind", "programme__title", "start_date")
        constraints = (
            ends_after_start("cost_norm_ends_after_start"),
            no_overlap(
                "cost_norm_of_kind_once_a_day",
                "kind",
                condition=Q(programme__isnull=True),
                message="Loại hình này đã có định mức trong khoảng thời gian đó.",
            ),
            no_overlap(
                "cost_norm_of_programme_once_a_day",
                "programme",
                condition=Q(programme__isnull=False),
                message="Chương trình này đã có định mức trong khoảng thời gian đó.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.programme or self.get_kind_display()}: {thousands(self.per_trainee_day)} đồng"

    def clean(self) -> None:
        """A norm of a programme stands under the kind of that programme."""
        if self.programme_id and self.programme and self.programme.kind != self.kind:
            kind = self.programme.get_kind_display()
            raise ValidationError({"kind": f"“{self.programme}” là chương trình {kind.lower()}. Hãy chọn “{kind}”."})


class OddDays(models.TextChoices):
    """What becomes of the days beyond the last full month, where a regulation counts months."""

    COUNTED = "counted", "Tháng lẻ tính đủ một tháng"
    HALF = "half", "Từ 15 ngày lẻ trở lên tính một tháng"
    DROPPED = "dropped", "Bỏ ngày lẻ"

    def months(self, start: date, until: date) -> int:
        """How many months there are from start up to, and without, another day; 0 where it is not later."""
        if until <= start:
            return 0
        full = full_months(start, until)
        match self:
            case OddDays.COUNTED:
                return months_begun(start, until - timedelta(days=1))
            case OddDays.HALF:
                return full + ((until - add_months(start, full)).days >= HALF_A_MONTH)
        return full


def _reaches(programme: Programme, least: Level) -> bool:
    """Whether the programme raises to the level, or to a higher one of its dimension."""
    level = programme.raises_to
    return level is not None and level.dimension_id == least.dimension_id and level.rank >= least.rank


class TrainingRegulation(Period):
    """What law asks of officials who study, and of those who do not: one row a decree.

    Yearly minimum: NĐ 18/2010/NĐ-CP, NĐ 101/2017/NĐ-CP Điều 14. Commitment and repayment: NĐ 101/2017/NĐ-CP Điều 7–9,
    NĐ 171/2025/NĐ-CP. Age for postgraduate studies: at most 40 by NĐ 101/2017/NĐ-CP, 45 by NĐ 171/2025/NĐ-CP.
    """

    decree = models.CharField("văn bản", max_length=200)
    citation = models.CharField(
        "ghi trong phần căn cứ",
        max_length=300,
        blank=True,
        help_text="Tên loại, số, ngày, cơ quan ban hành và trích yếu, như quyết định ghi; trống thì ghi tên văn bản.",
    )
    yearly_hours = models.PositiveSmallIntegerField("số tiết tối thiểu một năm", default=40)
    commitment_factor = models.PositiveSmallIntegerField(
        "cam kết gấp mấy lần thời gian học", default=2, help_text="Sau khi học chương trình đào tạo."
    )
    commits_from = models.ForeignKey(
        Level,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="chỉ cam kết khi học từ mức",
        help_text="Mức đó trở lên, cùng mặt trình độ. Để trống thì mọi chương trình đào tạo đều phải cam kết.",
    )
    odd_days_studied = models.CharField(
        "ngày lẻ của thời gian học",
        max_length=8,
        choices=OddDays,
        default=OddDays.COUNTED,
        help_text="Khi tính số tháng cam kết. Chưa đối chiếu với văn bản.",
    )
    odd_days_served = models.CharField(
        "ngày lẻ của thời gian đã phục vụ",
        max_length=8,
        choices=OddDays,
        default=OddDays.DROPPED,
        help_text="Khi tính đền bù. Chưa đối chiếu với văn bản.",
    )
    oldest = models.PositiveSmallIntegerField(
        "tuổi cao nhất khi được cử đi học lần đầu",
        null=True,
        blank=True,
        help_text="Tuổi tròn vào ngày khai giảng, với chương trình từ mức ghi dưới đây trở lên. Để trống nếu không quy "
        "định.",
    )
    oldest_from = models.ForeignKey(
        Level,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="giới hạn tuổi khi học từ mức",
        help_text="Ai đã có mức đó thì không còn là lần đầu.",
    )
    reduction_percent = models.DecimalField(
        "giảm đền bù mỗi năm công tác trước khi học, %", max_digits=4, decimal_places=2, default=1
    )
    reduction_percent_favoured = models.DecimalField(
        "mức giảm với nữ, người dân tộc thiểu số, %", max_digits=4, decimal_places=2, default="1.5"
    )
    confidence = models.CharField("mức tin cậy", max_length=100, blank=True)

    objects = PeriodQuerySet["TrainingRegulation"].as_manager()

    class Meta:
        verbose_name = "quy định đào tạo, bồi dưỡng"
        verbose_name_plural = "quy định đào tạo, bồi dưỡng"
        ordering = ("start_date",)
        constraints = (
            ends_after_start("training_regulation_ends_after_start"),
            no_overlap("training_regulation_once_a_day", message="Khoảng thời gian này đã có quy định."),
            models.CheckConstraint(
                condition=Q(oldest__isnull=True, oldest_from__isnull=True)
                | Q(oldest__isnull=False, oldest_from__isnull=False),
                name="training_regulation_age_of_a_level",
                violation_error_message="Hãy ghi cả tuổi cao nhất và mức có giới hạn tuổi, hoặc để trống cả hai.",
            ),
        )

    def __str__(self) -> str:
        return self.decree

    def binds(self, programme: Programme) -> bool:
        """Whether who studies the programme commits to serve: đào tạo only, and from the level that is named on."""
        if programme.kind != Programme.Kind.DEGREE:
            return False
        return self.commits_from is None or _reaches(programme, self.commits_from)

    def limits_age(self, programme: Programme) -> bool:
        """Whether who is sent to the programme for the first time may not be older than `oldest`."""
        return self.oldest is not None and self.oldest_from is not None and _reaches(programme, self.oldest_from)

    def study_months(self, start: date, end: date) -> int:
        """How many months studies from start to end took, both days included."""
        return OddDays(self.odd_days_studied).months(start, end + timedelta(days=1))

    def commitment_months(self, start: date, end: date) -> int:
        """How many months somebody serves after studies from start to end: at least one."""
        return max(self.commitment_factor * self.study_months(start, end), 1)

    def served_months(self, start: date, until: date) -> int:
        """How many months somebody served from start up to, and without, another day."""
        return OddDays(self.odd_days_served).months(start, until)
