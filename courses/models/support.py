"""What learners and trainers are paid, by decisions of the province: dated norms. None ships as if it were true.

Which decision holds (such as NQ 11/2020/NQ-HĐND of Lào Cai, whose text could not be had) and what it grants is entered
by the province, and is “Chưa đối chiếu” until somebody has compared it with the text.
"""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from cadres.models import PositionGroup, Sex, Unit, Zone
from cadres.periods import Period, PeriodQuerySet, ended, ends_after_start, no_overlap, overlapping
from cadres.text import fold, thousands
from courses.models.catalogue import Programme, Trainer

NOT_COMPARED = "Chưa đối chiếu"
FOREVER = date.max


class Ethnicity(models.TextChoices):
    MINORITY = "minority", "Dân tộc thiểu số"
    MAJORITY = "majority", "Dân tộc Kinh"


class SupportNorm(Period):
    """What a learner is given, in đồng a day, a turn or a month, while a decision is in force (chế độ hỗ trợ).

    An empty condition holds for everybody. Two norms of one content may not both hold for one person on one day: what
    is granted on top is a content of its own (“Hỗ trợ thêm với nữ”).
    """

    class Measure(models.TextChoices):
        DAY = "day", "ngày học"
        TURN = "turn", "lượt học"
        MONTH = "month", "tháng học"
        KM = "km", "km đi và về"

    # What says for whom; empty: whoever it is.
    WHO = ("programme_kind", "position_group", "zone", "sex", "ethnicity")

    content = models.CharField("nội dung hỗ trợ", max_length=100, help_text="Tiền ăn, đi lại, chỗ ở…")
    folded_content = models.CharField(max_length=100, editable=False)
    amount = models.PositiveIntegerField("số tiền, đồng")
    measure = models.CharField(
        "tính theo",
        max_length=5,
        choices=Measure,
        help_text="Ngày học: ngày có mặt theo điểm danh; lớp chưa điểm danh thì số ngày của chương trình. Km đi và về: "
        "hai lần khoảng cách từ xã đến nơi mở lớp, một lượt đi và về mỗi lớp.",
    )
    programme_kind = models.CharField(
        "loại hình", max_length=15, choices=Programme.Kind, blank=True, help_text="Để trống thì mọi loại hình."
    )
    position_group = models.CharField(
        "nhóm chức danh", max_length=20, choices=PositionGroup, blank=True, help_text="Để trống thì mọi nhóm."
    )
    zone = models.CharField(
        "khu vực của xã",
        max_length=1,
        choices=[(str(zone.value), zone.in_full) for zone in Zone],
        blank=True,
        help_text="Khu vực của xã nơi công tác, vào ngày khai giảng. Để trống thì mọi khu vực.",
    )
    sex = models.CharField("giới tính", max_length=1, choices=Sex, blank=True, help_text="Để trống thì cả hai.")
    ethnicity = models.CharField(
        "dân tộc", max_length=8, choices=Ethnicity, blank=True, help_text="Để trống thì mọi dân tộc."
    )
    km_from = models.PositiveSmallIntegerField(
        "khoảng cách từ, km",
        default=0,
        help_text="Từ xã nơi công tác đến nơi mở lớp, một chiều, vào ngày khai giảng. Để 0 thì mọi khoảng cách.",
    )
    km_below = models.PositiveSmallIntegerField(
        "khoảng cách dưới, km", null=True, blank=True, help_text="Để trống nếu không có mức trên."
    )
    decision = models.CharField("văn bản", max_length=200)
    confidence = models.CharField("mức tin cậy", max_length=100, default=NOT_COMPARED)

    objects = PeriodQuerySet["SupportNorm"].as_manager()

    class Meta:
        verbose_name = "định mức hỗ trợ người học"
        verbose_name_plural = "định mức hỗ trợ người học"
        ordering = ("content", "start_date", "pk")
        constraints = (
            ends_after_start("support_norm_ends_after_start"),
            no_overlap(
                "support_norm_once_a_day",
                "folded_content",
                "programme_kind",
                "position_group",
                "zone",
                "sex",
                "ethnicity",
                "km_from",
                message="Nội dung này đã có định mức cho đúng đối tượng đó trong khoảng thời gian đó.",
            ),
            models.CheckConstraint(
                condition=Q(km_below__isnull=True) | Q(km_below__gt=F("km_from")),
                name="support_norm_ends_beyond_its_first_km",
                violation_error_message="Khoảng cách dưới phải lớn hơn khoảng cách từ.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.content}: {thousands(self.amount)} đồng một {self.get_measure_display()} ({self.who})"

    @property
    def who(self) -> str:
        """For whom: "nữ, dân tộc thiểu số"."""
        said = [str(getattr(self, f"get_{name}_display")()) for name in self.WHO if getattr(self, name)]
        told = [text[:1].lower() + text[1:] for text in said]
        if self.km_from:
            told.append(f"cách nơi học từ {self.km_from} km")
        if self.km_below is not None:
            told.append(f"dưới {self.km_below} km" if self.km_from else f"cách nơi học dưới {self.km_below} km")
        return ", ".join(told) or "mọi người học"

    @property
    def asks_for_distance(self) -> bool:
        return self.measure == self.Measure.KM or bool(self.km_from) or self.km_below is not None

    def holds_for(self, facts: dict[str, str], km: int | None) -> bool:
        """Whether somebody of whom these facts are known (WHO → value, empty: unknown), and how many km the commune is
        from the place of the class (None: unknown), is given it."""
        if self.asks_for_distance and (
            km is None or km < self.km_from or (self.km_below is not None and km >= self.km_below)
        ):
            return False
        return all(getattr(self, name) in ("", facts[name]) for name in self.WHO)

    def clean(self) -> None:
        """Refuse a norm that gives somebody the same thing twice on a day."""
        self.folded_content = fold(self.content)
        meets = Q()
        for name in self.WHO:
            if value := getattr(self, name):
                meets &= Q(**{f"{name}__in": ("", value)})
        if self.start_date is None or self.km_from is None:
            return
        meets &= Q(km_below__isnull=True) | Q(km_below__gt=self.km_from)
        if self.km_below is not None:
            meets &= Q(km_from__lt=self.km_below)
        there = SupportNorm.objects.filter(
            meets, overlapping(self.start_date, self.end_date or FOREVER), folded_content=self.folded_content
        ).exclude(pk=self.pk)
        if other := there.first():
            raise ValidationError(
                f"Trùng với định mức đã có “{other}”: người thuộc cả hai đối tượng sẽ được tính hai lần trong cùng "
                "thời gian. Hãy đổi thời gian, thu hẹp đối tượng, hoặc ghi nội dung khác nếu là khoản hỗ trợ thêm."
            )

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.folded_content = fold(self.content)
        super().save(*args, **kwargs)


class UnitDistance(Period):
    """How far a commune is from a place where classes are held, in km by road, one way; as the province decides it."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="distances", verbose_name="xã")
    place = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+", verbose_name="nơi mở lớp")
    km = models.PositiveSmallIntegerField("khoảng cách một chiều, km")
    decision = models.CharField("văn bản, nguồn", max_length=200, blank=True)
    confidence = models.CharField("mức tin cậy", max_length=100, default=NOT_COMPARED, blank=True)

    objects = PeriodQuerySet["UnitDistance"].as_manager()

    class Meta:
        verbose_name = "khoảng cách đến nơi học"
        verbose_name_plural = "khoảng cách từ xã đến nơi học"
        ordering = ("place_id", "unit_id", "start_date")
        constraints = (
            ends_after_start("unit_distance_ends_after_start"),
            no_overlap(
                "unit_distance_once_a_day",
                "unit",
                "place",
                message="Khoảng cách này đã có số trong khoảng thời gian đó.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.unit} – {self.place}: {self.km} km"

    @classmethod
    def going_on(cls, day: date) -> Q:
        """The condition on distances that hold on the day or later.

        Of a commune that ends they have to be entered anew: what follows it lies elsewhere.
        """
        return ~ended(day)


class TrainerNorm(Period):
    """What a trainer of a kind is paid for a tiết, in đồng, while a decision is in force (thù lao giảng viên)."""

    trainer_kind = models.CharField("loại giảng viên", max_length=20, choices=Trainer.Kind)
    per_hour = models.PositiveIntegerField("đồng một tiết")
    decision = models.CharField("văn bản", max_length=200)
    confidence = models.CharField("mức tin cậy", max_length=100, default=NOT_COMPARED)

    objects = PeriodQuerySet["TrainerNorm"].as_manager()

    class Meta:
        verbose_name = "định mức thù lao giảng viên"
        verbose_name_plural = "định mức thù lao giảng viên"
        ordering = ("trainer_kind", "start_date")
        constraints = (
            ends_after_start("trainer_norm_ends_after_start"),
            no_overlap(
                "trainer_norm_once_a_day",
                "trainer_kind",
                message="Loại giảng viên này đã có định mức trong khoảng thời gian đó.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_trainer_kind_display()}: {thousands(self.per_hour)} đồng một tiết"
