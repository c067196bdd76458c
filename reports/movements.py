"""Who moved the rate between two days: who came to meet the standard and why, who ceased to, who came and who left.

Only communes with data on both days count, or with successors that have, as in reports.trends. The two verdicts of each
person are joined in SQL, and only people whose standing changed come back by name, so the counts add up to the
difference of the two days exactly.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet, TextChoices

from cadres.correspondence import comparable_units
from cadres.evaluation import DimensionVerdict, LevelSets, Rulebook, counted_dimensions, judged
from cadres.models import Appointment, Criterion, Dimension, JudgedPost, Official, Qualification, Standard
from cadres.rate import Rate
from reports.trends import with_comparable


class Move(TextChoices):
    """What happened to somebody between the two days, where it changed a total."""

    BECAME = "became", "Mới đạt chuẩn"
    CEASED = "ceased", "Không còn đạt"
    CAME_COMPLIANT = "came_compliant", "Mới vào, đã đạt"
    LEFT_COMPLIANT = "left_compliant", "Đã rời, trước đó đạt"
    CAME_OTHER = "came_other", "Mới vào, chưa đạt"
    LEFT_OTHER = "left_other", "Đã rời, trước đó chưa đạt"


# Compliant before, compliant after; None: in no total that day.
STANDING = {
    (False, True): Move.BECAME,
    (True, False): Move.CEASED,
    (None, True): Move.CAME_COMPLIANT,
    (True, None): Move.LEFT_COMPLIANT,
    (None, False): Move.CAME_OTHER,
    (False, None): Move.LEFT_OTHER,
}
UNMET = (DimensionVerdict.NOT_MET, DimensionVerdict.UNKNOWN)

# Each side is a query of ours with the columns person, verdict, is_comparable. It keeps its WITH part, so PostgreSQL
# computes the verdict once, though it is asked for twice.
JOINED = """
    SELECT was.is_compliant, now.is_compliant, count(*),
           array_agg(person) FILTER (WHERE was.is_compliant IS DISTINCT FROM now.is_compliant)
    FROM (SELECT person, judged = 'compliant' AS is_compliant FROM ({before}) AS judgement
          WHERE judged IS NOT NULL AND is_comparable) AS was
    FULL JOIN (SELECT person, judged = 'compliant' AS is_compliant FROM ({after}) AS judgement
               WHERE judged IS NOT NULL AND is_comparable) AS now USING (person)
    GROUP BY 1, 2
"""


@dataclass(frozen=True)
class Movements:
    """The rates of the two days in the communes known on both, and the keys of the officials of each move."""

    before: Rate
    after: Rate
    people: dict[Move, list[int]]

    def count(self, move: Move) -> int:
        return len(self.people[move])

    @property
    def difference(self) -> int:
        """Compliant people after less those before: became + came − ceased − left."""
        return self.after.compliant - self.before.compliant


def movements(
    before: date,
    after: date,
    *,
    criterion: Criterion,
    appointments: Callable[[date], QuerySet[Appointment]] | None = None,
    seen: Callable[[date], Collection[int] | None] | None = None,
    rulebook: Rulebook | None = None,
) -> Movements:
    """Who moved between the two days, among those in scope on each (`appointments` of a day, `seen` its units).

    The rates tell compliant people from all others; who is not compliant and who is undetermined are one here.
    """
    rulebook = rulebook or Rulebook.load()
    comparable = comparable_units(before, after, seen=seen)
    sides = [
        with_comparable(
            judged(
                day,
                criterion=criterion,
                appointments=appointments(day) if appointments else None,
                rulebook=rulebook,
                everybody=True,
            ),
            comparable,
        )
        .order_by()
        .values("is_comparable", person=F("official"), judged=F("verdict"))
        .query.sql_with_params()
        for day in (before, after)
    ]
    (was, was_parameters), (now, now_parameters) = sides
    people: dict[Move, list[int]] = {move: [] for move in Move}
    rates = [Rate(), Rate()]
    with connection.cursor() as cursor:
        cursor.execute(JOINED.format(before=was, after=now), [*was_parameters, *now_parameters])
        for *standing, number, keys in cursor.fetchall():
            for side, is_compliant in enumerate(standing):
                if is_compliant is not None:
                    rates[side] += Rate(compliant=number) if is_compliant else Rate(not_compliant=number)
            if move := STANDING.get((standing[0], standing[1])):
                people[move] = keys
    return Movements(before=rates[0], after=rates[1], people=people)


# ---------------------------------------------------------------- what made somebody compliant


class Cause(TextChoices):
    """Why a dimension that was not met is no obstacle any more."""

    RECORD = "record", "Có thêm văn bằng, chứng chỉ"
    WAIVER = "waiver", "Được miễn"
    NOT_ASKED = "not_asked", "Không còn bị yêu cầu"
    OTHER_MINIMUM = "other_minimum", "Mức yêu cầu khác trước"


@dataclass(frozen=True)
class Settled:
    """One dimension that was not met before and is settled after; `record` is the key of the qualification."""

    dimension: Dimension
    cause: Cause
    record: int | None = None
    is_from_class: bool = False


@dataclass
class Gain:
    """What made one person compliant."""

    official: int
    settled: list[Settled] = field(default_factory=list)

    @property
    def is_from_class(self) -> bool:
        """Whether a result recorded in a class had a part in it."""
        return any(item.is_from_class for item in self.settled)


@dataclass(frozen=True)
class _Record:
    key: int
    dimension: int
    rank: int
    field_key: str
    is_from_class: bool


def gains(
    officials: Sequence[int],
    before: date,
    after: date,
    *,
    criterion: Criterion,
    rulebook: Rulebook,
    texts: tuple[Sequence[Standard], Sequence[Standard]] = ((), ()),
) -> dict[int, Gain]:
    """What settled the dimensions that these people, who count on both days, lacked before and do not after; of who
    became compliant (Move.BECAME) what made them so. `texts`: those supposed to judge on each day. Three queries.

    A dimension is settled by a record where one that became effective between the days reaches the minimum asked after,
    in a field that fits where the position has such a rule; of several, by the first to become effective. Otherwise by
    a waiver, or because the post, its standard or the unit's relaxation asks something else now.
    """
    sides = tuple(zip((before, after), texts, strict=True))
    asked = {dimension for day, standards in sides for dimension in rulebook.dimensions_asked(day, standards)}
    dimensions = counted_dimensions(criterion, _ordered(asked))
    was, now = (
        {post.official_id: post for post in _judged(officials, day, criterion, rulebook, standards)}
        for day, standards in sides
    )
    levels_before, levels_after = (rulebook.level_sets(day, standards) for day, standards in sides)
    records = _records(officials, before, after)
    rules = {dimension.pk: rulebook.field_rules(after, dimension) for dimension in dimensions}
    found = {}
    for official in officials:
        gain = found[official] = Gain(official)
        for dimension in dimensions:
            is_lacking = levels_after.verdict(now[official], dimension) in UNMET
            if levels_before.verdict(was[official], dimension) in UNMET and not is_lacking:
                fields = next(
                    (rule.field_keys for rule in rules[dimension.pk] if now[official].position_id in rule.positions),
                    None,
                )
                own = [record for record in records.get(official, ()) if record.dimension == dimension.pk]
                gain.settled.append(_settled(dimension, now[official], levels_after, own, fields))
    return found


def _settled(
    dimension: Dimension,
    now: JudgedPost,
    levels: LevelSets,
    records: Iterable[_Record],
    fields: frozenset[str] | None,
) -> Settled:
    verdict, required = levels.verdict(now, dimension), levels.level_in(now.asked, dimension)
    if verdict is None or required is None:
        return Settled(dimension, Cause.NOT_ASKED)
    if verdict == DimensionVerdict.EXEMPT:
        return Settled(dimension, Cause.WAIVER)
    for record in records:
        if record.rank >= required.rank and (fields is None or record.field_key in fields):
            return Settled(dimension, Cause.RECORD, record.key, record.is_from_class)
    return Settled(dimension, Cause.OTHER_MINIMUM)


def _judged(
    officials: Sequence[int] | QuerySet[Official],
    day: date,
    criterion: Criterion,
    rulebook: Rulebook,
    standards: Sequence[Standard] = (),
) -> QuerySet[JudgedPost]:
    """The posts of these people that count on the day."""
    own = Appointment.objects.filter(official__in=officials)
    return judged(day, criterion=criterion, standards=standards, appointments=own, rulebook=rulebook)


def _records(officials: Sequence[int], before: date, after: date) -> dict[int, list[_Record]]:
    """Official → the records that became effective between the days and count after, the earliest first."""
    rows = (
        Qualification.objects.as_of(after)
        .begun_after(before)
        .filter(official__in=officials)
        .order_by("start_date", "pk")
        .values_list("official", "pk", "level__dimension", "level__rank", "field_key", "certificate")
    )
    found: dict[int, list[_Record]] = {}
    for official, key, dimension, rank, field_key, certificate in rows:
        found.setdefault(official, []).append(_Record(key, dimension, rank, field_key, certificate is not None))
    return found


def _ordered(dimensions: Iterable[Dimension]) -> list[Dimension]:
    return sorted(dimensions, key=lambda dimension: dimension.order)


def records_of(keys: Iterable[int]) -> dict[int, Qualification]:
    """The qualifications of these keys, with their levels and the classes they came from."""
    rows = Qualification.objects.select_related("level__dimension", "certificate__enrolment__training_class__programme")
    return rows.in_bulk(list(keys))


def by_what(item: Settled, record: Any) -> str:
    """What settled a dimension: the record, the class it came from, its number and day; else how."""
    if record is None:
        return str(item.cause.label).lower()
    told = [str(record)]
    if item.is_from_class:
        training_class = record.certificate.enrolment.training_class
        told.append(f"lớp {training_class.programme} ({training_class.code})")
    if record.number:
        told.append(f"số {record.number}")
    return ", ".join([*told, f"từ {record.start_date:%d/%m/%Y}"])


# ---------------------------------------------------------------- people by name


def in_order(
    officials: QuerySet[Official], day: date, order: Sequence[Any], *, criterion: Criterion, rulebook: Rulebook
) -> list[int]:
    """The keys of those people in the order of the posts (JudgedPost) that count on the day."""
    posts = _judged(officials, day, criterion, rulebook).order_by(*order)
    return list(posts.values_list("official", flat=True))


def posts_of(
    officials: Sequence[int],
    day: date,
    *,
    criterion: Criterion,
    rulebook: Rulebook,
    standards: Sequence[Standard] = (),
) -> dict[int, JudgedPost]:
    """Official → the post that counts on the day, with its unit, person, position and verdict, in one query."""
    posts = _judged(officials, day, criterion, rulebook, standards)
    return {
        post.official_id: post for post in posts.select_related("appointment", "official__ethnic_group", "position")
    }
