"""Standards: which level of what the law asks of the holder of a post, and from when to when."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from cadres.periods import Period, PeriodQuerySet, ends_after_start, no_overlap
from cadres.text import match_key


class PositionGroup(models.TextChoices):
    CADRE = "cadre", "Cán bộ"
    CIVIL_SERVANT = "civil_servant", "Công chức"
    NON_SPECIALIST = "non_specialist", "Người hoạt động không chuyên trách"


# People outside these two groups are in the registry and in no rate (NĐ 92/2009/NĐ-CP Điều 3).
JUDGED_GROUPS = (PositionGroup.CADRE, PositionGroup.CIVIL_SERVANT)


class Position(Period):
    """A post of the commune level: chức vụ of cadres, chức danh of civil servants (NĐ 92/2009/NĐ-CP Điều 3)."""

    class Subgroup(models.TextChoices):
        KEY = "key", "Chức danh chủ chốt"
        HEAD = "head", "Lãnh đạo phòng, ban"
        MASS = "mass", "Đoàn thể"
        PROFESSIONAL = "professional", "Chuyên môn"
        NON_SPECIALIST = "non_specialist", "Không chuyên trách"

    code = models.CharField("mã", max_length=20, unique=True)
    order = models.PositiveSmallIntegerField("thứ tự")
    group = models.CharField("nhóm", max_length=20, choices=PositionGroup)
    subgroup = models.CharField("phân nhóm", max_length=20, choices=Subgroup)
    title = models.CharField("chức danh", max_length=100)
    full_title = models.CharField("tên đầy đủ", max_length=300, blank=True)
    holders = models.PositiveSmallIntegerField(
        "số người giữ",
        null=True,
        blank=True,
        help_text="Mỗi xã có nhiều nhất mấy người giữ chức danh này cùng lúc, kiêm nhiệm cũng tính. "
        "Người đứng đầu: 1. Để trống: không giới hạn.",
    )

    objects = PeriodQuerySet["Position"].as_manager()

    class Meta:
        verbose_name = "chức danh"
        verbose_name_plural = "chức danh"
        ordering = ("order",)
        constraints = (
            ends_after_start("position_ends_after_start"),
            models.CheckConstraint(
                condition=Q(holders__isnull=True) | Q(holders__gt=0),
                name="position_holders_above_none",
                violation_error_message="Số người giữ phải từ 1 trở lên; để trống nếu không giới hạn.",
            ),
        )

    def __str__(self) -> str:
        return self.title


# A verdict holds a set of levels in one number (cadres/verdict.sql), and so many bits of it can be used.
MOST_LEVELS = 62


class Dimension(models.Model):
    """A ladder of levels: học vấn, chuyên môn, lý luận chính trị…"""

    code = models.CharField("mã", max_length=30, unique=True)
    name = models.CharField("tên", max_length=100)
    order = models.PositiveSmallIntegerField("thứ tự")

    class Meta:
        verbose_name = "mặt tiêu chuẩn"
        verbose_name_plural = "mặt tiêu chuẩn"
        ordering = ("order",)

    def __str__(self) -> str:
        return self.name


class Level(models.Model):
    """A step of a dimension's ladder; rank 0 is an explicit "none", which is not the same as unknown."""

    dimension = models.ForeignKey(Dimension, on_delete=models.PROTECT, related_name="levels", verbose_name="mặt")
    code = models.CharField("mã", max_length=20)
    rank = models.PositiveSmallIntegerField("bậc")
    name = models.CharField("tên", max_length=100)

    class Meta:
        verbose_name = "mức trình độ"
        verbose_name_plural = "mức trình độ"
        ordering = ("dimension__order", "rank")
        constraints = (
            models.UniqueConstraint(fields=("dimension", "code"), name="level_code_once"),
            models.UniqueConstraint(fields=("dimension", "rank"), name="level_rank_once"),
        )

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Raise ValidationError where a standard asks for this dimension and has no room for one more level."""
        if self.pk is None and Requirement.objects.filter(dimension=self.dimension_id).exists():
            refuse_too_many_levels(self.dimension_id, more=1)


class Standard(Period):
    """A legal text that sets requirements for one group of positions while it is in force.

    One with `over` is a local rule of the province (vận dụng): it says only what differs from the text that it is over,
    for as long as both are in force. Only texts over none judge, and are named where a standard is chosen.
    """

    code = models.CharField("mã", max_length=20, unique=True)
    name = models.CharField("tên", max_length=200)
    legal_basis = models.CharField("căn cứ pháp lý", max_length=300)
    position_group = models.CharField("nhóm chức danh", max_length=20, choices=PositionGroup)
    over = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="local_rules",
        verbose_name="vận dụng văn bản",
    )
    transition_until = models.DateField(
        "chuyển tiếp đến hết ngày",
        null=True,
        blank=True,
        help_text="Người giữ chức danh từ trước khi văn bản có hiệu lực được hoàn thiện tiêu chuẩn đến ngày này.",
    )

    objects = PeriodQuerySet["Standard"].as_manager()

    class Meta:
        verbose_name = "văn bản tiêu chuẩn"
        verbose_name_plural = "văn bản tiêu chuẩn"
        ordering = ("position_group", "start_date")
        constraints = (
            ends_after_start("standard_ends_after_start"),
            no_overlap(
                "standard_once_a_day",
                "position_group",
                condition=Q(over__isnull=True),
                message="Nhóm chức danh này đã có văn bản tiêu chuẩn trong khoảng thời gian đó.",
            ),
            no_overlap(
                "local_rules_once_a_day",
                "over",
                condition=Q(over__isnull=False),
                message="Văn bản này đã có quy định vận dụng trong khoảng thời gian đó.",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """A local rule is over a text that is over none, and for the same positions. Raises ValidationError."""
        if self.over is not None and (self.over.over_id or self.over == self):
            raise ValidationError({"over": "Chỉ vận dụng được một văn bản gốc, không vận dụng văn bản vận dụng khác."})
        if self.over is not None and self.over.position_group != self.position_group:
            raise ValidationError({"position_group": "Nhóm chức danh phải là nhóm của văn bản được vận dụng."})


class Requirement(Period):
    """What a standard asks of one position in one dimension; relaxed in units the province names as such.

    Without a start it is so from the beginning of the text on, without an end to the end of it: an amendment ends rows
    the day before and opens others. `article`, `source` say where it is written, `checked_by` and `checked_at` who has
    compared it with the text.
    """

    standard = models.ForeignKey(
        Standard, on_delete=models.CASCADE, related_name="requirements", verbose_name="văn bản"
    )
    position = models.ForeignKey(
        Position, on_delete=models.PROTECT, related_name="requirements", verbose_name="chức danh"
    )
    dimension = models.ForeignKey(Dimension, on_delete=models.PROTECT, related_name="+", verbose_name="mặt tiêu chuẩn")
    minimum = models.ForeignKey(Level, on_delete=models.PROTECT, related_name="+", verbose_name="mức tối thiểu")
    minimum_relaxed = models.ForeignKey(
        Level, on_delete=models.PROTECT, related_name="+", verbose_name="mức tối thiểu (xã được giảm)"
    )
    article = models.CharField("điều khoản", max_length=200, blank=True)
    source = models.CharField("nguồn", max_length=300, blank=True)
    checked_by = models.ForeignKey(
        "cadres.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="người đối chiếu"
    )
    checked_at = models.DateTimeField("đối chiếu lúc", null=True, blank=True)

    objects = PeriodQuerySet["Requirement"].as_manager()

    class Meta:
        verbose_name = "yêu cầu tiêu chuẩn"
        verbose_name_plural = "yêu cầu tiêu chuẩn"
        ordering = ("standard_id", "position__order", "dimension__order", "start_date")
        constraints = (
            ends_after_start("requirement_ends_after_start"),
            no_overlap(
                "requirement_once_a_day",
                "standard",
                "position",
                "dimension",
                message="Văn bản đã có yêu cầu về mặt này của chức danh trong khoảng thời gian đó.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.position}: {self.dimension} từ {self.minimum}"

    def clean(self) -> None:
        """Raise ValidationError where a minimum is a level of another dimension."""
        for name in ("minimum", "minimum_relaxed"):
            level = getattr(self, name, None)
            if level is not None and level.dimension_id != self.dimension_id:
                raise ValidationError({name: "Mức này không thuộc mặt tiêu chuẩn đã chọn."})
        refuse_too_many_levels(self.dimension_id)


def refuse_too_many_levels(dimension_id: int | None, *, more: int = 0) -> None:
    """Raise ValidationError where this dimension and all those asked for have more levels than a verdict holds."""
    asked = Requirement.objects.order_by().values("dimension")
    levels = Level.objects.filter(Q(dimension__in=asked) | Q(dimension=dimension_id)).count() + more
    if levels > MOST_LEVELS:
        raise ValidationError(
            f"Các mặt tiêu chuẩn có yêu cầu sẽ có {levels} mức, nhiều hơn {MOST_LEVELS} mức mà một lần đánh giá chứa "
            "được. Hãy gộp hoặc bỏ những mức không dùng đến."
        )


class StandardChange(models.Model):
    """A change of a text of standards: prepared with its effect, which is computed once, then carried out.

    What moves a published figure waits for a second account. `facts` are fields of the text, `rows` what becomes of
    cells of its grid: position, dimension, and minimum, minimum_relaxed, article as they were (`before`) and will be
    (`after`; null: not asked).
    """

    class Kind(models.TextChoices):
        AMENDMENT = "amendment", "Sửa đổi"
        CORRECTION = "correction", "Đính chính"
        NEW_TEXT = "new_text", "Văn bản mới"
        LOCAL_RULES = "local_rules", "Vận dụng"
        END = "end", "Hết hiệu lực"
        REMOVAL = "removal", "Gỡ văn bản lập nhầm"

    class State(models.TextChoices):
        PREPARED = "prepared", "Đã lập, chưa thực hiện"
        WAITING = "waiting", "Chờ xác nhận"
        DONE = "done", "Đã thực hiện"
        REJECTED = "rejected", "Không được xác nhận"
        DROPPED = "dropped", "Đã bỏ"

    kind = models.CharField("loại thay đổi", max_length=20, choices=Kind)
    state = models.CharField("trạng thái", max_length=20, choices=State, default=State.PREPARED)
    standard = models.ForeignKey(
        Standard,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="changes",
        verbose_name="văn bản",
        help_text="Văn bản bị thay đổi, được sao chép hoặc được vận dụng.",
    )
    made_text = models.ForeignKey(
        Standard, on_delete=models.SET_NULL, null=True, blank=True, related_name="made_by", verbose_name="văn bản mới"
    )
    day = models.DateField("từ ngày", null=True, blank=True)
    decision = models.CharField("số quyết định", max_length=300, blank=True)
    reason = models.CharField("lý do", max_length=500)
    facts = models.JSONField("thông tin văn bản", default=dict)
    rows = models.JSONField("yêu cầu thay đổi", default=list)
    effect = models.JSONField("tác động", null=True)
    made_by = models.ForeignKey("cadres.User", on_delete=models.PROTECT, related_name="+", verbose_name="người lập")
    made_at = models.DateTimeField("lập lúc", auto_now_add=True)
    decided_by = models.ForeignKey(
        "cadres.User", on_delete=models.PROTECT, null=True, related_name="+", verbose_name="người quyết định"
    )
    decided_at = models.DateTimeField("quyết định lúc", null=True)
    answer = models.CharField("ý kiến", max_length=500, blank=True)
    is_alone = models.BooleanField("không có người thứ hai xác nhận", default=False)

    class Meta:
        verbose_name = "thay đổi văn bản tiêu chuẩn"
        verbose_name_plural = "thay đổi văn bản tiêu chuẩn"
        ordering = ("-pk",)
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.standard or self.facts.get('name', '')}"


class AcceptedField(Period):
    """A field of study that fits a position ("ngành phù hợp"). A position with none is judged by level alone.

    TT 06/2012/TT-BNV Điều 2; the list is the province's to keep.
    """

    position = models.ForeignKey(
        Position, on_delete=models.CASCADE, related_name="accepted_fields", verbose_name="chức danh"
    )
    dimension = models.ForeignKey(Dimension, on_delete=models.PROTECT, related_name="+", verbose_name="mặt tiêu chuẩn")
    field_of_study = models.CharField("chuyên ngành phù hợp", max_length=200)
    field_key = models.CharField(max_length=200, editable=False)

    objects = PeriodQuerySet["AcceptedField"].as_manager()

    class Meta:
        verbose_name = "chuyên ngành phù hợp"
        verbose_name_plural = "chuyên ngành phù hợp"
        ordering = ("position__order", "field_of_study")
        constraints = (
            ends_after_start("accepted_field_ends_after_start"),
            no_overlap(
                "accepted_field_once_a_day",
                "position",
                "dimension",
                "field_key",
                message="Chuyên ngành này đã có trong khoảng thời gian đó.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.position}: {self.field_of_study}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.field_key = match_key(self.field_of_study)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        self.field_key = match_key(self.field_of_study)
        self.validate_constraints()  # a form knows nothing of the key and would leave its constraint out


class Criterion(models.Model):
    """A named definition of "đạt chuẩn": which dimensions are counted. No dimension named means all."""

    code = models.CharField("mã", max_length=20, unique=True)
    name = models.CharField("tên", max_length=100)
    definition = models.CharField("cách tính", max_length=300)
    dimensions = models.ManyToManyField(Dimension, blank=True, verbose_name="các mặt được tính")

    class Meta:
        verbose_name = "bộ tiêu chí"
        verbose_name_plural = "bộ tiêu chí"
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.name


class RetirementAge(Period):
    """Retirement age in full years and months (Bộ luật Lao động 2012; NĐ 135/2020/NĐ-CP)."""

    men_years = models.PositiveSmallIntegerField("nam, năm")
    men_months = models.PositiveSmallIntegerField("nam, tháng")
    women_years = models.PositiveSmallIntegerField("nữ, năm")
    women_months = models.PositiveSmallIntegerField("nữ, tháng")
    source = models.CharField("văn bản", max_length=200)

    objects = PeriodQuerySet["RetirementAge"].as_manager()

    class Meta:
        verbose_name = "tuổi nghỉ hưu"
        verbose_name_plural = "tuổi nghỉ hưu"
        ordering = ("start_date",)
        constraints = (
            ends_after_start("retirement_age_ends_after_start"),
            no_overlap("retirement_age_once_a_day", message="Khoảng thời gian này đã có tuổi nghỉ hưu."),
            models.CheckConstraint(
                condition=Q(men_months__lt=12) & Q(women_months__lt=12),
                name="retirement_age_months_below_twelve",
                violation_error_message="Số tháng phải nhỏ hơn 12.",
            ),
        )

    def __str__(self) -> str:
        return (
            f"Nam {self.men_years} tuổi {self.men_months} tháng, nữ {self.women_years} tuổi {self.women_months} tháng"
        )
