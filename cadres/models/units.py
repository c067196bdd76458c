"""Units: the province, its districts and communes, as they were on any day, and clusters of communes.

A unit is a lasting identity. Its code, name, kind and parent are versions with dates; a merger or a split ends units
and opens others, tied by successions. Official codes are re-used, so a code means a unit only on a day.

A commune lies in its parent, by law: a district until 30/6/2025, since then the province. A cluster (cụm) is the
province's own: communes that it looks at together, beside that hierarchy. *Above* a commune on a day is its cluster,
where it is in one, else its parent (`ABOVE`): whatever is told, counted or given district by district asks that.
"""

from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Case, Q, When
from django.db.models.functions import Coalesce

from cadres.periods import Period, PeriodQuerySet, ends_after_start, in_force_then, latest, no_overlap, row_on

ABOVE = Coalesce("cluster", "parent")  # of a version: the key of the unit above it
ABOVE_TOLD = ("code", "name", "kind")


class Unit(models.Model):
    """A province, district, commune or cluster of communes through all its names, codes and parents."""

    class Meta:
        verbose_name = "đơn vị hành chính"
        verbose_name_plural = "đơn vị hành chính"

    def __str__(self) -> str:
        last = self.last_version
        return last.name if last else f"Đơn vị {self.pk}"

    @property
    def last_version(self) -> "UnitVersion | None":
        """What the unit is, or was last; of those already fetched if any, like the two below."""
        return latest(self.versions.all())

    def version_on(self, day: date) -> "UnitVersion | None":
        """The version in force on the day; None before the unit and after its end."""
        return row_on(self.versions.all(), day)

    def name_on(self, day: date) -> str:
        """What the unit was called on the day; its last name where it was not in force."""
        version = self.version_on(day)
        return version.name if version else str(self)


class UnitVersionQuerySet(PeriodQuerySet["UnitVersion"]):
    def latest_by(self, day: date) -> "UnitVersionQuerySet":
        """The last of these versions of each unit that has begun by the day: in force on it, or how the unit ended."""
        last = self.begun_by(day).order_by("unit", "-start_date").distinct("unit")
        return self.model._default_manager.filter(pk__in=last.values("pk"))

    def communes(self) -> Self:
        return self.filter(kind__in=UnitVersion.COMMUNE_KINDS)

    def province_on(self, day: date) -> "UnitVersion | None":
        """The province itself on the day: the first by code, since one that joined later can be loaded too."""
        return self.as_of(day).filter(kind=UnitVersion.Kind.PROVINCE).order_by("code").first()

    def with_above(self, day: date) -> Any:
        """With `above_unit`, `above_code`, `above_name`, `above_kind` of the unit above each (ABOVE), as it is on the
        day; each costs a join only where it is used."""
        then: Any = self.alias(
            parent_then=in_force_then("parent__versions", day), cluster_then=in_force_then("cluster__versions", day)
        )
        told = {f"above_{name}": Coalesce(f"cluster_then__{name}", f"parent_then__{name}") for name in ABOVE_TOLD}
        return then.annotate(above_unit=ABOVE, **told)

    def answering_on(self, day: date) -> "UnitVersionQuerySet":
        """The units that answer for the people of these communes on the day, by code (`answering`)."""
        communes = self.as_of(day).communes()
        answering_then = communes.values(answering=answering())
        return self.model._default_manager.as_of(day).filter(unit__in=answering_then).order_by("code")

    def districts_on(self, day: date) -> "UnitVersionQuerySet":
        """The units above these communes on the day, as they are then: districts; from 1/7/2025 clusters, and the
        province above communes that are in none."""
        communes = self.as_of(day).communes()
        return self.model._default_manager.as_of(day).filter(unit__in=communes.values(above=ABOVE))


def answering(version: str = "") -> Any:
    """The key of the unit that answers for a commune's people (registers needs, has seats): the one above it, or the
    commune itself where that is the province. `version` leads to the commune's version, such as "version_then__".
    """
    provinces = UnitVersion.objects.filter(kind=UnitVersion.Kind.PROVINCE).values("unit")
    by_itself = When(**{f"{version}cluster": None, f"{version}parent__in": provinces}, then=f"{version}unit")
    return Case(by_itself, default=Coalesce(f"{version}cluster", f"{version}parent"))


class UnitVersion(Period):
    """What a unit was called and where it belonged during a period."""

    class Kind(models.TextChoices):
        PROVINCE = "province", "Tỉnh"
        DISTRICT = "district", "Huyện, thị xã, thành phố"
        COMMUNE = "commune", "Xã"
        WARD = "ward", "Phường"
        TOWNSHIP = "township", "Thị trấn"
        CLUSTER = "cluster", "Cụm xã"

    COMMUNE_KINDS: ClassVar = (Kind.COMMUNE, Kind.WARD, Kind.TOWNSHIP)
    BETWEEN_KINDS: ClassVar = (Kind.DISTRICT, Kind.CLUSTER)  # between the province and communes
    COMMUNE_CHOICES: ClassVar = tuple((kind.value, kind.label) for kind in COMMUNE_KINDS)

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="versions", verbose_name="đơn vị")
    code = models.CharField("mã", max_length=10)
    name = models.CharField("tên", max_length=100)
    kind = models.CharField("loại", max_length=10, choices=Kind)
    parent = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="child_versions", verbose_name="trực thuộc"
    )
    cluster = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="member_versions", verbose_name="cụm xã"
    )
    decision = models.CharField("văn bản", max_length=200, blank=True)

    objects = UnitVersionQuerySet.as_manager()

    class Meta:
        verbose_name = "tên, mã đơn vị theo thời gian"
        verbose_name_plural = "tên, mã đơn vị theo thời gian"
        ordering = ("code", "start_date")
        constraints = (
            ends_after_start("unit_version_ends_after_start"),
            no_overlap(
                "unit_version_once_a_day", "unit", message="Đơn vị này đã có tên, mã khác trong khoảng thời gian đó."
            ),
            no_overlap(
                "unit_code_once_a_day", "code", message="Mã này đã thuộc đơn vị khác trong khoảng thời gian đó."
            ),
            models.CheckConstraint(
                condition=Q(cluster=None) | Q(kind__in=("commune", "ward", "township")),
                name="communes_are_in_clusters",
                violation_error_message="Chỉ xã, phường, thị trấn mới thuộc cụm.",
            ),
        )

    @property
    def above_id(self) -> int | None:
        """What `ABOVE` asks in SQL."""
        return self.cluster_id or self.parent_id

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class UnitSuccession(models.Model):
    """One line of a merger or split: people and areas of the predecessor went to the successor."""

    predecessor = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="successions", verbose_name="đơn vị cũ"
    )
    successor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="precedents", verbose_name="đơn vị mới")
    effective_on = models.DateField("có hiệu lực từ")
    decision = models.CharField("văn bản", max_length=200, blank=True)
    confidence = models.CharField("mức tin cậy", max_length=200, blank=True)

    class Meta:
        verbose_name = "sáp nhập, chia tách"
        verbose_name_plural = "sáp nhập, chia tách"
        ordering = ("effective_on", "predecessor_id")
        constraints = (
            models.UniqueConstraint(fields=("predecessor", "successor", "effective_on"), name="unit_succession_once"),
        )

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"


class Zone(models.IntegerChoices):
    """Development zone of a commune (khu vực I/II/III). Not its size class (loại 1/2/3).

    That a commune is in none, since the decision's list leaves it out, is a fact as well, and recorded as OUTSIDE.
    """

    I = 1, "I"  # noqa: E741
    II = 2, "II"
    III = 3, "III"
    OUTSIDE = 0, "Ngoài khu vực"

    @property
    def in_words(self) -> str:
        """“khu vực II”; “ngoài khu vực”: within a sentence."""
        return "ngoài khu vực" if self == Zone.OUTSIDE else f"khu vực {self.label}"

    @property
    def in_full(self) -> str:
        """“Khu vực II”; “Ngoài khu vực”."""
        return self.in_words[0].upper() + self.in_words[1:]

    @property
    def in_short(self) -> str:
        """“KV II”; “ngoài KV”: beside the name of a commune."""
        return "ngoài KV" if self == Zone.OUTSIDE else f"KV\u00a0{self.label}"


NO_ZONE = "Chưa có khu vực"  # of a commune of which nothing is recorded: it may well lie in one


def zone_label(zone: int | None) -> str:
    """What a table says in a column of zones: “II”, “Ngoài khu vực”, and nothing where nothing is recorded."""
    return "" if zone is None else str(Zone(zone).label)


def zone_told(zone: int | None) -> str:
    """What is known of a commune's zone, in full, whether something is recorded or not."""
    return NO_ZONE if zone is None else Zone(zone).in_full


class ZonePeriod(Period):
    """The years for which a decision lists the zones of communes: 2021–2025 … The next one makes another list."""

    decision = models.CharField("quyết định ban hành danh sách", max_length=200)

    objects = PeriodQuerySet["ZonePeriod"].as_manager()

    class Meta:
        verbose_name = "giai đoạn phân định khu vực"
        verbose_name_plural = "giai đoạn phân định khu vực"
        ordering = ("start_date",)
        constraints = (
            ends_after_start("zone_period_ends_after_start"),
            no_overlap("zone_period_once_a_day", message="Đã có giai đoạn khác trong khoảng thời gian đó."),
        )

    def __str__(self) -> str:
        end = self.end_date.year if self.end_date else "nay"
        return f"{self.start_date.year}–{end}"


class UnitZone(Period):
    class Origin(models.TextChoices):
        DECISION = "decision", "Quyết định"
        ROSTER = "roster", "Danh sách đơn vị gửi"

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="zones", verbose_name="đơn vị")
    zone = models.PositiveSmallIntegerField("khu vực", choices=Zone)
    origin = models.CharField("nguồn", max_length=10, choices=Origin, default=Origin.DECISION)
    decision = models.CharField("văn bản", max_length=200, blank=True)
    batch = models.ForeignKey(
        "cadres.ImportBatch", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    objects = PeriodQuerySet["UnitZone"].as_manager()

    class Meta:
        verbose_name = "khu vực của xã"
        verbose_name_plural = "khu vực của xã"
        ordering = ("unit_id", "start_date")
        constraints = (
            ends_after_start("unit_zone_ends_after_start"),
            no_overlap("unit_zone_once_a_day", "unit", message="Xã này đã có khu vực trong khoảng thời gian đó."),
        )

    def __str__(self) -> str:
        return f"{self.unit}: {zone_told(self.zone)}"


class UnitRelaxation(Period):
    """A decision that a unit's officials are judged by the relaxed minimum, or are not.

    Without one, zone II and III mean relaxed. The texts leave it to the province: QĐ 04/2004/QĐ-BNV,
    TT 06/2012/TT-BNV ("miền núi, vùng cao, biên giới, hải đảo, vùng dân tộc thiểu số…").
    """

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="relaxations", verbose_name="đơn vị")
    is_relaxed = models.BooleanField("áp dụng mức giảm", default=True)
    decision = models.CharField("văn bản", max_length=200)

    objects = PeriodQuerySet["UnitRelaxation"].as_manager()

    class Meta:
        verbose_name = "mức giảm tiêu chuẩn của xã"
        verbose_name_plural = "mức giảm tiêu chuẩn của xã"
        ordering = ("unit_id", "start_date")
        constraints = (
            ends_after_start("unit_relaxation_ends_after_start"),
            no_overlap(
                "unit_relaxation_once_a_day", "unit", message="Xã này đã có quyết định trong khoảng thời gian đó."
            ),
        )

    def __str__(self) -> str:
        return f"{self.unit}: {'mức giảm' if self.is_relaxed else 'mức chung'}"


class SizeClass(models.IntegerChoices):
    """Class of a commune by population, area and other measures (loại 1, 2, 3). Not its zone (khu vực I/II/III).

    NĐ 159/2005/NĐ-CP, since 2016 NQ 1211/2016/UBTVQH13.
    """

    ONE = 1, "Loại 1"
    TWO = 2, "Loại 2"
    THREE = 3, "Loại 3"


class UnitClass(Period):
    """The class that a decision of the province gives a commune; of one without, no quota is known."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="classes", verbose_name="đơn vị")
    size_class = models.PositiveSmallIntegerField("loại", choices=SizeClass)
    decision = models.CharField("văn bản", max_length=200, blank=True)

    objects = PeriodQuerySet["UnitClass"].as_manager()

    class Meta:
        verbose_name = "phân loại xã"
        verbose_name_plural = "phân loại xã"
        ordering = ("unit_id", "start_date")
        constraints = (
            ends_after_start("unit_class_ends_after_start"),
            no_overlap("unit_class_once_a_day", "unit", message="Xã này đã được phân loại trong khoảng thời gian đó."),
        )

    def __str__(self) -> str:
        return f"{self.unit}: {self.get_size_class_display()}"


class StaffQuota(Period):
    """How many cadres and civil servants together a commune of a kind and class may have (NĐ 92/2009/NĐ-CP Điều 4)."""

    kind = models.CharField(
        "loại đơn vị",
        max_length=10,
        choices=UnitVersion.COMMUNE_CHOICES,
    )
    size_class = models.PositiveSmallIntegerField("loại", choices=SizeClass)
    most = models.PositiveSmallIntegerField("số người nhiều nhất")
    source = models.CharField("văn bản, điều khoản", max_length=200)

    objects = PeriodQuerySet["StaffQuota"].as_manager()

    class Meta:
        verbose_name = "số lượng cán bộ, công chức theo loại xã"
        verbose_name_plural = "số lượng cán bộ, công chức theo loại xã"
        ordering = ("start_date", "kind", "size_class")
        constraints = (
            ends_after_start("staff_quota_ends_after_start"),
            no_overlap(
                "staff_quota_once_a_day",
                "kind",
                "size_class",
                message="Loại xã này đã có số lượng trong khoảng thời gian đó.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.get_size_class_display().lower()}: {self.most} người"


class RosterDay(models.Model):
    """A day for which a commune's people are known: the as-of date of a roster, or a day set by hand.

    The earliest one is where the commune's data begin; before it nobody of it is in any total. Undoing
    an import takes its days away, so the beginning needs no restoring.
    """

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="roster_days", verbose_name="đơn vị")
    day = models.DateField("ngày")
    batch = models.ForeignKey(
        "cadres.ImportBatch",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        editable=False,
        related_name="roster_days",
        verbose_name="lần nhập",
    )

    class Meta:
        verbose_name = "ngày có số liệu của xã"
        verbose_name_plural = "ngày có số liệu của xã"
        ordering = ("unit_id", "day")
        constraints = (
            models.UniqueConstraint(fields=("unit", "day", "batch"), name="roster_day_once"),
            models.UniqueConstraint(
                fields=("unit", "day"), name="roster_day_by_hand_once", condition=Q(batch__isnull=True)
            ),
        )

    def __str__(self) -> str:
        return f"{self.unit}: {self.day:%d/%m/%Y}"
