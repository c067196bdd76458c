"""Who has to study what beside the standard of the post: by the target of a programme, or by a regulation.

Data of the province, dated, each with its text. What ships was written from memory and is “Chưa đối chiếu” until
somebody has compared it with the text.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from cadres.models import Level, Position, PositionGroup, Zone
from cadres.periods import Period, PeriodQuerySet, ends_after_start
from courses.models.catalogue import Programme
from courses.models.planning import RegisteredNeed
from courses.models.support import NOT_COMPARED, Ethnicity


class NeedRule(Period):
    """Whom a text asks to finish a programme, or to reach a level, while it is in force (đối tượng cần bồi dưỡng).

    An empty condition holds for everybody; of a rule for a programme, those positions hold that the programme names,
    unless the rule names its own.
    """

    class Basis(models.TextChoices):
        PROGRAMME = "programme", "Đối tượng của chương trình"
        REGULATION = "regulation", "Quy định về đào tạo, bồi dưỡng"

    # What says for whom; empty: whoever it is.
    WHO = ("position_group", "subgroup", "zone", "ethnicity")

    code = models.CharField("mã", max_length=20, unique=True)
    basis = models.CharField("căn cứ từ", max_length=10, choices=Basis)
    document = models.CharField("văn bản, điều khoản", max_length=200)
    programme = models.ForeignKey(
        Programme,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="need_rules",
        verbose_name="phải học chương trình",
        help_text="Ghi chương trình, hoặc mức trình độ ở dưới; không ghi cả hai.",
    )
    level = models.ForeignKey(
        Level,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="phải đạt mức",
        help_text="Mức đó trở lên. Chức danh mà tiêu chuẩn đã đòi mức này thì tính ở nhu cầu theo tiêu chuẩn.",
    )
    position_group = models.CharField(
        "nhóm chức danh", max_length=20, choices=PositionGroup, blank=True, help_text="Để trống thì mọi nhóm."
    )
    subgroup = models.CharField(
        "phân nhóm", max_length=20, choices=Position.Subgroup, blank=True, help_text="Để trống thì mọi phân nhóm."
    )
    positions = models.ManyToManyField(
        Position,
        blank=True,
        related_name="+",
        verbose_name="chức danh",
        help_text="Để trống thì các chức danh mà chương trình dành cho, hoặc mọi chức danh.",
    )
    zone = models.CharField(
        "khu vực của xã",
        max_length=1,
        choices=[(str(zone.value), zone.in_full) for zone in Zone],
        blank=True,
        help_text="Khu vực của xã nơi công tác vào ngày xem. Để trống thì mọi khu vực.",
    )
    ethnicity = models.CharField(
        "dân tộc", max_length=8, choices=Ethnicity, blank=True, help_text="Để trống thì mọi dân tộc."
    )
    within_years = models.PositiveSmallIntegerField(
        "học lại sau, năm",
        null=True,
        blank=True,
        help_text="Đã học lâu hơn số năm này thì phải học lại. Để trống nếu học một lần là đủ.",
    )
    since_appointment = models.BooleanField(
        "tính từ khi giữ chức danh",
        default=False,
        help_text="Chỉ tính khóa học xong từ khi giữ chức danh hiện nay: chức danh mới thì học mới.",
    )
    grace_months = models.PositiveSmallIntegerField(
        "trong mấy tháng từ khi giữ chức danh",
        null=True,
        blank=True,
        help_text="Hạn phải học xong; quá hạn thì được nói rõ. Để trống nếu văn bản không đặt hạn.",
    )
    priority = models.PositiveSmallIntegerField(
        "ưu tiên khi đăng ký", choices=RegisteredNeed.Priority, default=RegisteredNeed.Priority.NORMAL
    )
    confidence = models.CharField("mức tin cậy", max_length=150, default=NOT_COMPARED)

    objects = PeriodQuerySet["NeedRule"].as_manager()

    class Meta:
        verbose_name = "đối tượng cần bồi dưỡng"
        verbose_name_plural = "đối tượng cần bồi dưỡng theo chương trình, quy định"
        ordering = ("code",)
        constraints = (
            ends_after_start("need_rule_ends_after_start"),
            models.CheckConstraint(
                condition=Q(programme__isnull=True) ^ Q(level__isnull=True),
                name="need_rule_asks_one_thing",
                violation_error_message="Hãy ghi một chương trình, hoặc một mức trình độ; không ghi cả hai.",
            ),
            models.CheckConstraint(
                condition=Q(within_years__isnull=True) | Q(within_years__gt=0),
                name="need_rule_repeats_after_a_year",
                violation_error_message="Số năm phải học lại phải lớn hơn 0.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.what} ({self.document})"

    @property
    def what(self) -> str:
        """What has to be studied: the programme's title, or "Tiếng dân tộc: Chứng chỉ"."""
        return str(self.programme) if self.programme else f"{self.level.dimension}: {self.level}" if self.level else ""

    @property
    def told(self) -> str:
        """The text as rows name it: "QĐ 1956/QĐ-TTg (chưa đối chiếu)"."""
        is_compared = NOT_COMPARED.lower() not in self.confidence.lower()
        return self.document if is_compared else f"{self.document} ({NOT_COMPARED.lower()})"

    @property
    def who(self) -> str:
        """For whom, as far as the row itself says: "công chức, khu vực III"."""
        said = [str(getattr(self, f"get_{name}_display")()) for name in self.WHO if getattr(self, name)]
        return ", ".join(text[:1].lower() + text[1:] for text in said)

    def clean(self) -> None:
        """Refuse a subgroup outside the group: nobody would be meant."""
        if self.position_group and self.subgroup:
            there = Position.objects.filter(group=self.position_group, subgroup=self.subgroup)
            if not there.exists():
                raise ValidationError(
                    {"subgroup": "Không có chức danh nào vừa thuộc nhóm vừa thuộc phân nhóm này. Hãy bỏ một trong hai."}
                )

    def facts(self) -> dict[str, Any]:
        """What the row says of posts: column of a post → value, without what it leaves open."""
        said = {"position__group": self.position_group, "position__subgroup": self.subgroup, "zone": self.zone}
        return {column: value for column, value in said.items() if value != ""}
