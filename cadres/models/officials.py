"""Officials (cán bộ, công chức cấp xã), their identifiers and the posts they hold and held."""

from typing import Any

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q

from cadres.identity import shown_number
from cadres.models.fields import ChangedAtField
from cadres.models.standards import Position
from cadres.models.units import Unit
from cadres.periods import PartialDate, Period, PeriodQuerySet, Precision, ends_after_start, no_overlap
from cadres.text import fold, nfc, sort_key


class EthnicGroup(models.Model):
    """One of the 54 ethnic groups, or foreigner. Minority (dân tộc thiểu số) is every code but 01 and 55."""

    MAJORITY = "01"
    FOREIGNER = "55"

    code = models.CharField("mã", max_length=2, unique=True)
    name = models.CharField("tên", max_length=50)
    other_names = models.CharField("tên khác", max_length=200, blank=True, help_text="Cách nhau bằng dấu chấm phẩy.")

    class Meta:
        verbose_name = "dân tộc"
        verbose_name_plural = "dân tộc"
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name


class Sex(models.TextChoices):
    MALE = "M", "Nam"
    FEMALE = "F", "Nữ"


class Official(models.Model):
    """A person who holds or held a post in a commune. What changes with time is in dated rows beside it."""

    full_name = models.CharField("họ và tên", max_length=100)
    folded_name = models.CharField(max_length=100, editable=False)
    name_order = models.CharField(max_length=300, editable=False, db_collation="C")
    sex = models.CharField("giới tính", max_length=1, choices=Sex, blank=True)
    birth_date = models.DateField("ngày sinh", null=True, blank=True)
    birth_precision = models.CharField("ngày sinh biết đến", max_length=5, choices=Precision, blank=True)
    ethnic_group = models.ForeignKey(
        EthnicGroup, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="dân tộc"
    )
    religion = models.CharField("tôn giáo", max_length=50, blank=True)
    is_party_member = models.BooleanField("đảng viên", null=True, blank=True)
    party_joined_on = models.DateField("ngày vào Đảng", null=True, blank=True)
    party_joined_precision = models.CharField("ngày vào Đảng biết đến", max_length=5, choices=Precision, blank=True)
    recruited_on = models.DateField("ngày tuyển dụng", null=True, blank=True)
    recruited_precision = models.CharField("ngày tuyển dụng biết đến", max_length=5, choices=Precision, blank=True)
    insurance_since = models.DateField("tham gia BHXH từ", null=True, blank=True)
    insurance_precision = models.CharField("tham gia BHXH biết đến", max_length=5, choices=Precision, blank=True)
    party_official_on = models.DateField("ngày vào Đảng chính thức", null=True, blank=True)
    party_official_precision = models.CharField(
        "ngày chính thức biết đến", max_length=5, choices=Precision, blank=True, default="", db_default=""
    )
    party_committee = models.CharField("cấp ủy", max_length=100, blank=True, default="", db_default="")
    council_deputy = models.CharField("đại biểu HĐND", max_length=100, blank=True, default="", db_default="")
    hometown = models.CharField("quê quán", max_length=200, blank=True, default="", db_default="")
    residence = models.CharField("nơi ở", max_length=200, blank=True, default="", db_default="")
    phone = models.CharField("số điện thoại", max_length=50, blank=True, default="", db_default="")
    note = models.TextField("ghi chú", blank=True)
    # Set where this was a second record of one person (registry/merging.py): nothing hangs on it any more.
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="merged",
        verbose_name="đã gộp vào",
    )  # fmt: skip
    batch = models.ForeignKey(
        "cadres.ImportBatch", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    changed_at = ChangedAtField("sửa lúc")

    class Meta:
        verbose_name = "cán bộ, công chức"
        verbose_name_plural = "cán bộ, công chức"
        ordering = ("name_order", "pk")
        indexes = (
            models.Index("name_order", "id", name="official_name_order"),
            GinIndex(OpClass("folded_name", name="gin_trgm_ops"), name="official_folded_name_trigram"),
            models.Index("folded_name", "birth_date", name="official_name_and_birth"),
            # The names there are, for who looks through all of them: read from it alone, and not from the table.
            models.Index("folded_name", "name_order", name="official_names", condition=Q(merged_into=None)),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(birth_date__isnull=True, birth_precision="")
                | Q(birth_date__isnull=False) & ~Q(birth_precision=""),
                name="official_birth_with_precision",
                violation_error_message="Ngày sinh phải đi cùng mức biết đến (ngày, tháng hoặc năm).",
            ),
            models.CheckConstraint(
                condition=Q(party_joined_on__isnull=True) | Q(is_party_member=True),
                name="official_party_date_of_members",
                violation_error_message="Chỉ đảng viên mới có ngày vào Đảng.",
            ),
        )

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.set_name(self.full_name)
        super().save(*args, **kwargs)

    def set_name(self, full_name: str) -> None:
        """Set the name with the two forms derived from it; bulk writers call it before they write."""
        self.full_name = nfc(full_name)
        self.folded_name = fold(full_name)
        self.name_order = sort_key(full_name)

    @property
    def birth(self) -> PartialDate | None:
        return PartialDate.of(self.birth_date, self.birth_precision)

    @property
    def party_joined(self) -> PartialDate | None:
        return PartialDate.of(self.party_joined_on, self.party_joined_precision)


class OfficialIdentifier(Period):
    """A person's identity number while it is in force: CMND (9 digits), then CCCD (12 digits)."""

    class Kind(models.TextChoices):
        CMND = "CMND", "CMND"
        CCCD = "CCCD", "CCCD"

    official = models.ForeignKey(
        Official, on_delete=models.CASCADE, related_name="identifiers", verbose_name="cán bộ, công chức"
    )
    kind = models.CharField("loại", max_length=4, choices=Kind)
    number = models.CharField("số", max_length=12)
    batch = models.ForeignKey(
        "cadres.ImportBatch", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    changed_at = ChangedAtField("sửa lúc")

    objects = PeriodQuerySet["OfficialIdentifier"].as_manager()

    class Meta:
        verbose_name = "số định danh"
        verbose_name_plural = "số định danh"
        ordering = ("official_id", "start_date")
        indexes = (models.Index("number", name="official_identifier_number"),)
        constraints = (
            ends_after_start("identifier_ends_after_start"),
            no_overlap(
                "identifier_once_a_day", "official", message="Người này đã có số định danh trong khoảng thời gian đó."
            ),
            no_overlap(
                "identifier_of_one_person", "number", message="Số này đã thuộc người khác trong khoảng thời gian đó."
            ),
            models.CheckConstraint(
                condition=Q(kind="CMND", number__regex=r"^[0-9]{9}$") | Q(kind="CCCD", number__regex=r"^[0-9]{12}$"),
                name="identifier_digits",
                violation_error_message="CMND có 9 chữ số, CCCD có 12 chữ số.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.shown_number}"

    @property
    def shown_number(self) -> str:
        """The number as the account at work may see it."""
        return shown_number(self.number)


class AppointmentManager(models.Manager.from_queryset(PeriodQuerySet["Appointment"])):  # type: ignore[misc]
    """Without the posts entered in error: what never was true is found by nobody who does not ask for it."""

    def get_queryset(self) -> PeriodQuerySet["Appointment"]:
        return super().get_queryset().filter(is_error=False)


class Appointment(Period):
    """A post held by a person in a unit during a period. One is primary at a time; others are concurrent.

    `objects`, and the `appointments` of a person, are the posts that were held; `entered` also those entered in error.
    """

    class EndReason(models.TextChoices):
        RETIRED = "retired", "Nghỉ hưu"
        TRANSFERRED = "transferred", "Điều động, chuyển công tác"
        RESIGNED = "resigned", "Thôi việc"
        NOT_REELECTED = "not_reelected", "Không tái cử"
        DISCIPLINED = "disciplined", "Kỷ luật"
        DIED = "died", "Từ trần"
        SUCCEEDED = "succeeded", "Đơn vị kế tục"
        RENAMED = "renamed", "Chức danh kế tục"

        @classmethod
        def given(cls) -> list[tuple[str, Any]]:
            """The reasons that a person may give; that a unit or position is followed is said by mass acts alone."""
            return [choice for choice in cls.choices if choice[0] not in (cls.SUCCEEDED, cls.RENAMED)]

    official = models.ForeignKey(
        Official, on_delete=models.CASCADE, related_name="appointments", verbose_name="cán bộ, công chức"
    )
    position = models.ForeignKey(
        Position, on_delete=models.PROTECT, related_name="appointments", verbose_name="chức danh"
    )
    unit = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        related_name="appointments",
        verbose_name="đơn vị",
        db_index=False,  # appointment_unit begins with it
    )
    is_primary = models.BooleanField("chức danh chính", default=True)
    stated_start = models.DateField("ngày bổ nhiệm theo hồ sơ", null=True, blank=True)
    stated_start_precision = models.CharField("ngày bổ nhiệm biết đến", max_length=5, choices=Precision, blank=True)
    term = models.CharField("nhiệm kỳ", max_length=20, blank=True, help_text="Ví dụ: 2011-2016.")
    end_reason = models.CharField("lý do thôi giữ chức danh", max_length=20, choices=EndReason, blank=True)
    decision = models.CharField("quyết định", max_length=200, blank=True)
    is_error = models.BooleanField("nhập sai, không tính", default=False, db_default=False)
    note = models.CharField("ghi chú", max_length=200, blank=True, default="", db_default="")
    # Why somebody came into a post that another holds already (Position.holders), both going on with it.
    shared_reason = models.CharField("lý do cùng giữ chức danh", max_length=200, blank=True, default="", db_default="")
    # Why somebody was appointed who did not have what the post asks for; who appointed has been told and has ticked it.
    lacking_reason = models.CharField(
        "lý do bổ nhiệm khi chưa đủ tiêu chuẩn", max_length=200, blank=True, default="", db_default=""
    )
    # Of a post carried over when its unit or position was followed by another: that post (registry/carrying.py).
    carried_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="carried_to",
        verbose_name="tiếp từ chức danh ở đơn vị cũ",
    )  # fmt: skip
    batch = models.ForeignKey(
        "cadres.ImportBatch", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    changed_at = ChangedAtField("sửa lúc")

    objects = AppointmentManager()
    entered = PeriodQuerySet["Appointment"].as_manager()

    class Meta:
        verbose_name = "chức danh đảm nhiệm"
        verbose_name_plural = "chức danh đảm nhiệm"
        ordering = ("official_id", "-is_primary", "start_date")
        indexes = (
            # All that a verdict reads of a post, so that those of a commune are told by the index alone (verdict.sql).
            models.Index(
                fields=("unit", "start_date"),
                include=("end_date", "is_primary", "official", "position", "id"),
                name="appointment_unit",
            ),
            models.Index("position", "start_date", name="appointment_position"),
        )
        constraints = (
            ends_after_start("appointment_ends_after_start"),
            no_overlap(
                "one_primary_post_a_day",
                "official",
                condition=Q(is_primary=True, is_error=False),
                message="Người này đã có chức danh chính khác trong thời gian đó; hãy kết thúc chức danh cũ trước.",
            ),
            no_overlap(
                "same_post_once_a_day",
                "official",
                "position",
                "unit",
                condition=Q(is_error=False),
                message="Người này đã giữ chức danh đó tại đơn vị đó trong khoảng thời gian trùng nhau.",
            ),
            models.CheckConstraint(
                condition=Q(end_reason="") | Q(end_date__isnull=False),
                name="appointment_reason_with_end",
                violation_error_message="Lý do thôi giữ chức danh phải đi cùng ngày kết thúc.",
            ),
            models.CheckConstraint(
                condition=Q(stated_start__isnull=True, stated_start_precision="")
                | Q(stated_start__isnull=False) & ~Q(stated_start_precision=""),
                name="appointment_stated_with_precision",
                violation_error_message="Ngày bổ nhiệm theo hồ sơ phải đi cùng mức biết đến.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.position}, {self.unit}"

    @property
    def stated(self) -> PartialDate | None:
        return PartialDate.of(self.stated_start, self.stated_start_precision)
