"""A post with its verdict on one day: a row of cadres/verdict.sql, never of a table."""

from typing import Any

from django.db import models

from cadres.models.officials import Appointment, Official
from cadres.models.standards import Position, Standard
from cadres.models.units import Unit


class LevelSetField(models.BigIntegerField):
    """A set of levels, a bit for each (cadres/verdict.sql); cadres.evaluation.LevelSets reads it."""


@LevelSetField.register_lookup
class Overlaps(models.Lookup):
    """`not_met__overlaps=levels`: the two sets of levels have one in common."""

    lookup_name = "overlaps"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_parameters = self.process_lhs(compiler, connection)
        right, right_parameters = self.process_rhs(compiler, connection)
        return f"({left} & {right} <> 0)", (*left_parameters, *right_parameters)


class JudgedPost(models.Model):
    """A post that counts on a day, with the facts of its unit and what of its standard is met.

    There is no such table: cadres.evaluation puts a query of this name before each queryset. `asked` and the four sets
    into which it falls are NULL where no standard asks anything of the post, `verdict` where the criterion counts
    nothing of it: such a post is in no total.
    """

    appointment = models.OneToOneField(
        Appointment, models.DO_NOTHING, primary_key=True, db_column="id", related_name="+"
    )
    official = models.ForeignKey(Official, models.DO_NOTHING, related_name="+")
    position = models.ForeignKey(Position, models.DO_NOTHING, related_name="+")
    unit = models.ForeignKey(Unit, models.DO_NOTHING, related_name="+")
    commune_code = models.TextField()
    commune_name = models.TextField()
    commune_valid_from = models.DateField()
    district = models.ForeignKey(Unit, models.DO_NOTHING, null=True, related_name="+")  # from 1/7/2025 the province
    district_code = models.TextField(null=True)
    district_name = models.TextField(null=True)
    district_valid_from = models.DateField(null=True)
    zone = models.PositiveSmallIntegerField(null=True)  # 1, 2, 3
    is_relaxed = models.BooleanField()
    standard = models.ForeignKey(Standard, models.DO_NOTHING, null=True, related_name="+")
    asked = LevelSetField(null=True)  # the minimum of each dimension asked for
    held = LevelSetField()  # the levels on record, with all below them
    met = LevelSetField(null=True)
    exempt = LevelSetField(null=True)
    not_met = LevelSetField(null=True)
    unknown = LevelSetField(null=True)
    verdict = models.TextField(null=True)  # a cadres.evaluation.Verdict
    is_in_transition = models.BooleanField()

    SETS = ("asked", "held", "met", "exempt", "not_met", "unknown")
    # What only a verdict tells; the rest is known of every post.
    VERDICT_COLUMNS = ("standard", *SETS, "verdict", "is_in_transition")

    class Meta:
        managed = False
        db_table = "judged_post"
        ordering = ("official_id",)  # so that whoever sets no order finds the same every time
        verbose_name = "chức danh được đánh giá"
        verbose_name_plural = "chức danh được đánh giá"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.position}, {self.commune_name}"
