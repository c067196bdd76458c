"""What is supposed has the effect that writing it would have, on provinces nobody thought of; and writes nothing."""

from datetime import date
from random import Random
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cadres.evaluation import Rulebook, Supposed, judged
from cadres.models import (
    Appointment,
    Criterion,
    JudgedPost,
    Level,
    Official,
    Position,
    Qualification,
    Requirement,
    RosterDay,
    Standard,
    Unit,
    UnitVersion,
    Waiver,
)
from tests.builders import criterion_of
from tests.conftest import rolled_back
from tests.reports.test_invented_provinces import DAYS, DIMENSIONS, FIELD_KEYS, invent

FACTS = [field.attname for field in JudgedPost._meta.fields if field.name not in ("appointment", *JudgedPost.SETS)]


def verdicts(day: date, criterion: Criterion, supposed: Supposed, **how: bool) -> dict[int, tuple[Any, ...]]:
    """Official → everything that is told of the post; its key aside, which a post that is not there has not."""
    levels = Rulebook.load().level_sets(day, supposed=supposed.requirements)
    return {
        post.official_id: (
            [getattr(post, fact) for fact in FACTS],
            [{level for level in levels.levels if levels.only([level]) & (getattr(post, name) or 0)}
             for name in JudgedPost.SETS],
        )
        for post in judged(day, criterion=criterion, supposed=supposed, **how)
    }  # fmt: skip


def suppose(random: Random, day: date) -> Supposed:
    """One or two rows of each kind, about people and standards of the invented province."""
    officials = list(Official.objects.all())
    levels = list(Level.objects.filter(dimension__code__in=DIMENSIONS))
    positions = list(Position.objects.filter(code__startswith="X"))
    units = list(Unit.objects.filter(pk__in=UnitVersion.objects.filter(kind="commune").values("unit")))
    records = [
        Qualification(official=official, level=random.choice(levels), start_date=random.choice(DAYS))
        for official in random.sample(officials, 2)
    ]
    for record in records:
        record.set_field_of_study(random.choice(FIELD_KEYS))
    asked = [
        Requirement(standard=standard, position=position, dimension=level.dimension, minimum=level,
                    minimum_relaxed=random.choice([one for one in levels if one.dimension_id == level.dimension_id]))
        for standard in random.sample(list(Standard.objects.all()), 1)
        for position in random.sample(positions, 2)
        for level in random.sample(levels, 1)
    ]  # fmt: skip
    waivers = [
        Waiver(official=official, dimension=random.choice(levels).dimension, start_date=day)
        for official in random.sample(officials, 2)
    ]
    posts = [
        Appointment(official=official, position=random.choice(positions), unit=random.choice(units), start_date=day)
        for official in random.sample(officials, 2)
    ]
    gone = [
        *random.sample(list(Appointment.objects.order_by("pk")), 2),
        *random.sample(list(Qualification.objects.order_by("pk")), 4),
    ]
    return Supposed(records=records, posts=posts, waivers=waivers, requirements=asked, gone=gone)


def write(supposed: Supposed, day: date) -> None:
    """Put the same rows into the tables, past every rule of the registry; whoever gets a post loses the others."""
    for row in supposed.gone:
        row.is_error = True
        row.save()
    for post in supposed.posts:
        Appointment.objects.filter(official=post.official, position=post.position, unit=post.unit).delete()  # the same
        Appointment.objects.filter(official=post.official).update(is_primary=False)
        if supposed.with_data:
            RosterDay.objects.get_or_create(unit=post.unit, day=day)
    for wanted in supposed.requirements:
        of_it = {"standard": wanted.standard, "position": wanted.position, "dimension": wanted.dimension}
        Requirement.objects.filter(**of_it).delete()
    for waiver in supposed.waivers:
        Waiver.objects.filter(official=waiver.official, dimension=waiver.dimension).delete()
        waiver.reason = waiver.decision = "thử"
    rows = [*supposed.records, *supposed.posts, *supposed.waivers, *supposed.requirements]
    for row in rows:
        row.save()


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
@given(
    seed=st.integers(0, 2**32),
    day=st.sampled_from(DAYS),
    kinds=st.sets(st.sampled_from(["records", "posts", "waivers", "requirements", "gone"]), min_size=1),
    criterion=st.sampled_from(["FULL", "PROFESSIONAL"]),
)
def test_supposed_rows_have_the_effect_of_written_ones(db, seed, day, kinds, criterion):
    with rolled_back():
        random = Random(seed)
        invent(random)
        # A transition is told by the posts really held (Supposed), and would differ where posts are written.
        Standard.objects.update(transition_until=None)
        everything = suppose(random, day)
        supposed = Supposed(**{kind: getattr(everything, kind) for kind in kinds}, with_data=random.random() < 0.5)
        counting = criterion_of(criterion)
        with CaptureQueriesContext(connection) as queries:
            expected_to_be = verdicts(day, counting, supposed)
        assert not [query for query in queries if not query["sql"].lstrip().startswith(("SELECT", "WITH", "EXECUTE"))]
        assert expected_to_be == verdicts(day, counting, supposed, everybody=True)
        write(supposed, day)
        assert expected_to_be == verdicts(day, counting, Supposed())
        assert expected_to_be == verdicts(day, counting, Supposed(), everybody=True)
