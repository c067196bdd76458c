"""Posts of many people at once: ended, changed for others, given besides.

What stands against one of them is asked before (`beyond_holders`, and what the pages say of each); what is left are the
constraints of the table, which refuse all.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError

from cadres.bulk import among, insert_rows, update_rows
from cadres.evaluation import Supposed, Verdict, judged
from cadres.history import signed
from cadres.models import Appointment, Criterion, Official, Position, Unit, UnitVersion, User
from cadres.text import NAMED


@dataclass(frozen=True)
class Wanted:
    """A post that somebody is to hold: keys of the person, the position and the unit."""

    official: int
    position: int
    unit: int


@dataclass(frozen=True)
class Beyond:
    """A post that more people would hold than may (Position.holders): who they are, those who hold it already first."""

    wanted: Wanted
    holders: int
    people: list[str]


def beyond_holders(wanted: Iterable[Wanted], day: date, *, leaving: Collection[int] = ()) -> list[Beyond]:
    """The posts that more people would hold from the day on than may; one of those wanted stands for each.

    `leaving`: the keys of posts that end for it. Whoever holds a post already is no further holder of it.
    """
    limited = Position.objects.filter(holders__isnull=False).values_list("pk", "holders")
    limits = {position: holders for position, holders in limited if holders}
    coming: dict[tuple[int, int], list[Wanted]] = defaultdict(list)
    for one in wanted:
        if one.position in limits:
            coming[one.unit, one.position].append(one)
    if not coming:
        return []
    held: dict[tuple[int, int], set[int]] = defaultdict(set)
    posts = Appointment.objects.lasting_to(day).filter(
        unit__in={unit for unit, _ in coming}, position__in={position for _, position in coming}
    )
    for unit, position, official in posts.exclude(pk__in=among(leaving)).values_list("unit", "position", "official"):
        held[unit, position].add(official)
    too_many = {
        (unit, position): ones
        for (unit, position), ones in coming.items()
        if len(held[unit, position] | {one.official for one in ones}) > limits[position]
    }
    people = {official for key, ones in too_many.items() for official in (*held[key], *(one.official for one in ones))}
    names = dict(Official.objects.filter(pk__in=people).values_list("pk", "full_name"))
    return [
        Beyond(
            ones[0],
            limits[key[1]],
            [
                *sorted(names[official] for official in held[key]),
                *sorted({names[one.official] for one in ones if one.official not in held[key]}),
            ],
        )
        for key, ones in too_many.items()
    ]


def refuse_beyond_holders(wanted: Iterable[Wanted], day: date, *, leaving: Collection[int] = ()) -> None:
    """Raise ValidationError that names each post which more people would hold than may, and who they are."""
    beyond = beyond_holders(wanted, day, leaving=leaving)
    if not beyond:
        return
    titles = dict(Position.objects.values_list("pk", "title"))
    units = {one.wanted.unit for one in beyond}
    names = dict(UnitVersion.objects.as_of(day).filter(unit__in=units).values_list("unit", "name"))
    raise ValidationError(
        [
            f"{names.get(one.wanted.unit, '')}: {titles[one.wanted.position]} chỉ {one.holders} người giữ, sẽ có "
            f"{len(one.people)} người ({', '.join(one.people[:NAMED])}). Hãy chọn chức danh khác cho những người còn "
            "lại."
            for one in beyond
        ]
    )


def lock_units(units: Collection[int]) -> None:
    """Let whoever else puts somebody into a post of the units wait until this transaction is over."""
    list(Unit.objects.select_for_update(no_key=True).filter(pk__in=units).order_by("pk"))


@signed
def end_many(posts: Collection[int], *, end_date: date, reason: str, decision: str, by: User | None) -> None:
    """End posts (keys); `end_date` is their last day. A decision that is not given leaves what is there."""
    kept = Appointment.objects.filter(pk__in=among(posts)).values_list("pk", "decision")
    update_rows(
        Appointment,
        ("id", "end_date", "end_reason", "decision"),
        ((key, end_date, reason, decision or before) for key, before in kept),
    )


@signed
def transfer_many(
    moves: Collection[tuple[int, Wanted]], *, day: date, decision: str, lacking: Mapping[int, str], by: User | None
) -> None:
    """Change primary posts for others: each given by its key ends on the day before, the one wanted begins.

    `lacking`: key of a person who lacks what the new post asks for → why appointed all the same (`who_lacks`).
    """
    eve, reason = day - timedelta(days=1), Appointment.EndReason.TRANSFERRED.value
    update_rows(Appointment, ("id", "end_date", "end_reason"), ((key, eve, reason) for key, _ in moves))
    _open((one for _, one in moves), day, decision, lacking, is_primary=True)


@signed
def appoint_many(
    wanted: Iterable[Wanted], *, day: date, decision: str, lacking: Mapping[int, str], by: User | None
) -> None:
    """Open concurrent posts from the day on; `lacking` as above."""
    _open(wanted, day, decision, lacking, is_primary=False)


def _open(wanted: Iterable[Wanted], day: date, decision: str, lacking: Mapping[int, str], *, is_primary: bool) -> None:
    alike = {
        "start_date": day, "decision": decision, "is_primary": is_primary,
        "stated_start_precision": "", "term": "", "end_reason": "",
    }  # fmt: skip
    rows = ((one.official, one.position, one.unit, lacking.get(one.official, "")) for one in wanted)
    insert_rows(Appointment, ("official_id", "position_id", "unit_id", "lacking_reason"), rows, alike=alike)


def who_lacks(wanted: Iterable[Wanted], day: date) -> set[int]:
    """The keys of those who do not prove on the day all that the post wanted asks for (missing_training, of many)."""
    posts = [
        Appointment(official_id=one.official, position_id=one.position, unit_id=one.unit, start_date=day)
        for one in wanted
    ]
    own = Appointment.objects.filter(official__in=among(post.official_id for post in posts))
    criterion = Criterion.objects.get(code=settings.DEFAULT_CRITERION)
    found = judged(day, criterion=criterion, appointments=own, supposed=Supposed(posts=posts))
    open_still = (Verdict.NOT_COMPLIANT, Verdict.UNDETERMINED)
    return set(found.filter(verdict__in=open_still).values_list("official", flat=True))
