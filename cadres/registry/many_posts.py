"""Posts of many people at once: ended, changed for others, given besides.

What stands against one of them is asked before (`beyond_holders`, and what the pages say of each); what is left are the
constraints of the table, which refuse all.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from cadres.bulk import among, insert_rows, update_rows
from cadres.history import signed
from cadres.models import Appointment, Official, Position, Unit, User


@dataclass(frozen=True)
class Wanted:
    """A post that somebody is to hold: keys of the person, the position and the unit."""

    official: int
    position: int
    unit: int


@dataclass(frozen=True)
class Beyond:
    """A post that more people would hold than may (Position.holders): who holds it, and who would come besides."""

    wanted: Wanted
    holders: int
    held_by: list[str]
    coming: list[str]


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
            sorted(names[official] for official in held[key]),
            sorted(names[one.official] for one in ones if one.official not in held[key]),
        )
        for key, ones in too_many.items()
    ]


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
    wanted: Iterable[tuple[int, Wanted]], *, day: date, decision: str, lacking_reason: str, by: User | None
) -> None:
    """Change primary posts for others: each given by its key ends on the day before, the one wanted begins."""
    wanted = list(wanted)
    eve, reason = day - timedelta(days=1), Appointment.EndReason.TRANSFERRED.value
    update_rows(Appointment, ("id", "end_date", "end_reason"), ((key, eve, reason) for key, _ in wanted))
    _open((one for _, one in wanted), day, decision, lacking_reason, is_primary=True)


@signed
def appoint_many(
    wanted: Iterable[Wanted], *, day: date, decision: str, lacking_reason: str, is_primary: bool, by: User | None
) -> None:
    """Open posts from the day on, concurrent ones or, for who holds none, primary ones."""
    _open(wanted, day, decision, lacking_reason, is_primary=is_primary)


def _open(wanted: Iterable[Wanted], day: date, decision: str, lacking_reason: str, *, is_primary: bool) -> None:
    alike = {
        "start_date": day, "decision": decision, "lacking_reason": lacking_reason, "is_primary": is_primary,
        "stated_start_precision": "", "term": "", "end_reason": "",
    }  # fmt: skip
    rows = ((one.official, one.position, one.unit) for one in wanted)
    insert_rows(Appointment, ("official_id", "position_id", "unit_id"), rows, alike=alike)
