"""Published figures: a rate as it was on the day it was published, with the list and the words behind it.

Nobody changes or deletes a row of these tables: triggers refuse it (migrations/000*_publications.py). So nothing here
leads to a row that work may change or take away, but by its key; what that row said is copied.
"""

from typing import Any, NoReturn

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Coalesce

from cadres.models.fields import ClockTime
from cadres.models.officials import Sex
from cadres.models.standards import Criterion, PositionGroup
from cadres.models.units import Unit
from cadres.models.users import User
from cadres.models.verdicts import JudgedPost, LevelSetField
from cadres.periods import PartialDate, Precision
from cadres.text import WHOLE_PROVINCE


class Kept(models.Model):
    """A row that stays as it was written."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write a new row. Raises ValidationError for one that is there."""
        if not self._state.adding:
            raise ValidationError("Số liệu đã công bố không sửa được; hãy thu hồi, ghi lý do, rồi công bố lại.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Raises ValidationError."""
        raise ValidationError("Số liệu đã công bố không xóa được; hãy thu hồi và ghi lý do.")


class Counted(models.Model):
    """The counts of a rate; the percentage is made of them (cadres.rate)."""

    compliant = models.PositiveIntegerField("đạt")
    not_compliant = models.PositiveIntegerField("chưa đạt")
    undetermined = models.PositiveIntegerField("chưa đủ dữ liệu")
    in_transition = models.PositiveIntegerField("đang chuyển tiếp")

    class Meta:
        abstract = True

    @property
    def total(self) -> int:
        return self.compliant + self.not_compliant + self.undetermined


class PublicationQuerySet(models.QuerySet["Publication"]):
    def in_effect(self) -> "PublicationQuerySet":
        """Those that were not withdrawn."""
        return self.filter(withdrawal=None)


class Publication(Kept, Counted):
    """A figure that was made known: of which day and scope, by which criterion and texts, by which decision.

    `definition` are the words by which it was computed, as they were: {"criterion": {"code", "name", "definition"},
    "standards": [{"id", "code", "name", "legal_basis", "group", "start_date", "end_date", "is_named"}], "dimensions":
    [{"code", "name", "is_counted"}], "levels": [[dimension, code, name], …] in the order of the bits of a set of
    levels, "articles": {position: {dimension: text}}, "local_rules": [{"id", "name", "legal_basis", "over"}],
    "unchecked": how many requirements nobody had compared with their text}.
    """

    day = models.DateField("số liệu ngày")
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="phạm vi"
    )  # None: the whole province
    scope_code = models.CharField("mã phạm vi", max_length=20, blank=True)
    scope_name = models.CharField("tên phạm vi", max_length=200)
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+", verbose_name="bộ tiêu chí")
    edition = models.PositiveSmallIntegerField("lần")  # one more than those of the same scope, day and criterion
    decision = models.CharField("số quyết định", max_length=200)
    decided_on = models.DateField("ngày quyết định", null=True)
    left_behind = models.PositiveIntegerField("bị bỏ lại")
    definition = models.JSONField("cách tính")
    published_at = models.DateTimeField("công bố lúc", db_default=ClockTime())
    # Its transaction, and which had ended by then, as PostgreSQL tells: what others were writing is not in the figure.
    txid = models.BigIntegerField(editable=False)
    snapshot = models.TextField(editable=False)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="người công bố")

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = "số liệu công bố"
        verbose_name_plural = "số liệu công bố"
        ordering = ("-day", "-pk")
        default_permissions = ("view", "add")
        constraints = (
            # The next edition is one more than there are withdrawals, so that two in effect would be of one number.
            models.UniqueConstraint(
                Coalesce("unit", models.Value(0, output_field=models.BigIntegerField())),
                "day",
                "criterion",
                "edition",
                name="publication_once",
                violation_error_message="Số liệu này đã được công bố và chưa thu hồi.",
            ),
            models.CheckConstraint(condition=~models.Q(decision=""), name="publication_with_decision"),
        )

    def __str__(self) -> str:
        return f"{self.scope_name} ngày {self.day:%d/%m/%Y}"

    @property
    def scope(self) -> str:
        """The scope within a sentence."""
        return self.scope_name if self.unit_id else WHOLE_PROVINCE

    @property
    def is_withdrawn(self) -> bool:
        return hasattr(self, "withdrawal")

    @property
    def is_by_named_standards(self) -> bool:
        """Whether other standards judged than those in force on the day."""
        return any(standard["is_named"] for standard in self.definition["standards"])


class PublicationWithdrawal(Kept):
    """A published figure that no longer counts; it stays, and says so."""

    publication = models.OneToOneField(
        Publication, on_delete=models.DO_NOTHING, related_name="withdrawal", verbose_name="số liệu công bố"
    )
    reason = models.CharField("lý do thu hồi", max_length=500)
    withdrawn_at = models.DateTimeField("thu hồi lúc", db_default=ClockTime())
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="người thu hồi")

    class Meta:
        verbose_name = "thu hồi số liệu công bố"
        verbose_name_plural = "thu hồi số liệu công bố"
        default_permissions = ("add",)
        constraints = (
            models.CheckConstraint(condition=~models.Q(reason=""), name="publication_withdrawn_for_a_reason"),
        )

    def __str__(self) -> str:
        return f"Thu hồi {self.publication}"


class PublishedGroup(Kept, Counted):
    """One group of one grouping of a published figure, called as it was then."""

    publication = models.ForeignKey(Publication, on_delete=models.DO_NOTHING, related_name="groups", db_index=False)
    grouping = models.CharField(max_length=20)  # of reports.rates.BY
    place = models.PositiveIntegerField()
    code = models.CharField(max_length=30)
    name = models.CharField(max_length=200)
    above = models.CharField(max_length=200, blank=True)
    valid_from = models.DateField(null=True)
    unit_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = "nhóm của số liệu công bố"
        verbose_name_plural = "nhóm của số liệu công bố"
        ordering = ("grouping", "place")
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=("publication", "grouping", "place"), name="published_group_once"),
        )

    def __str__(self) -> str:
        return self.name


class PublishedPost(Kept):
    """A person of the list behind a published figure: the post held, its unit, the verdict.

    The sets of levels are those of a JudgedPost; what their bits stand for is in the `definition` of the publication.
    """

    publication = models.ForeignKey(
        Publication, on_delete=models.DO_NOTHING, related_name="posts", db_index=False
    )  # published_post_once begins with it
    official_id = models.BigIntegerField()
    full_name = models.CharField("họ và tên", max_length=100)
    folded_name = models.CharField(max_length=100)
    name_order = models.CharField(max_length=300, db_collation="C")
    sex = models.CharField("giới tính", max_length=1, choices=Sex, blank=True)
    birth_date = models.DateField("ngày sinh", null=True)
    birth_precision = models.CharField(max_length=5, choices=Precision, blank=True)
    ethnic_code = models.CharField(max_length=2, blank=True)
    age_band = models.CharField(max_length=10)
    position_code = models.CharField(max_length=20)
    position_title = models.CharField("chức danh", max_length=100)
    position_order = models.PositiveSmallIntegerField()
    position_group = models.CharField("nhóm", max_length=20, choices=PositionGroup)
    unit_id = models.BigIntegerField()
    commune_code = models.CharField(max_length=20)
    commune_name = models.CharField("xã", max_length=200)
    district_id = models.BigIntegerField(null=True)
    district_code = models.CharField(max_length=20, blank=True)
    district_name = models.CharField("huyện", max_length=200, blank=True)
    zone = models.PositiveSmallIntegerField("khu vực", null=True)
    is_relaxed = models.BooleanField("được giảm")
    asked = LevelSetField()
    held = LevelSetField()
    met = LevelSetField()
    exempt = LevelSetField()
    not_met = LevelSetField()
    unknown = LevelSetField()
    verdict = models.CharField("kết quả", max_length=20)  # a cadres.evaluation.Verdict
    is_in_transition = models.BooleanField()

    SETS = JudgedPost.SETS

    class Meta:
        verbose_name = "người trong số liệu công bố"
        verbose_name_plural = "người trong số liệu công bố"
        ordering = ("name_order", "official_id")
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=("publication", "official_id"), name="published_post_once"),)

    def __str__(self) -> str:
        return f"{self.full_name}, {self.position_title}, {self.commune_name}"

    @property
    def birth(self) -> PartialDate | None:
        return PartialDate.of(self.birth_date, self.birth_precision)


class ProposalQuerySet(models.QuerySet["PublicationProposal"]):
    def waiting(self) -> "ProposalQuerySet":
        return self.filter(publication=None, refused_for="")


class PublicationProposal(models.Model):
    """A figure that one person asks to be published and another publishes, or refuses for a reason.

    `asked` is what the page of publishing shows: the query string of its address (day, scope, criterion, texts).
    """

    asked = models.CharField("nội dung", max_length=1000)
    title = models.CharField("số liệu", max_length=200)
    decision = models.CharField("quyết định", max_length=200)
    decided_on = models.DateField("ngày quyết định", null=True, blank=True)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="người đề nghị")
    proposed_at = models.DateTimeField("đề nghị lúc", db_default=ClockTime())
    publication = models.OneToOneField(
        Publication, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="số liệu công bố"
    )
    refused_for = models.CharField("lý do không công bố", max_length=500, blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = "đề nghị công bố"
        verbose_name_plural = "đề nghị công bố"
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.title
