"""What a correction would change, told before it is made: the verdict on the person, the rates of the units."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q

from cadres.evaluation import NOTHING, Rulebook, Supposed, Verdict, judged, posts_on
from cadres.models import Appointment, Criterion, JudgedPost, Official
from cadres.rate import NOBODY, Rate, rate_of


@dataclass(frozen=True)
class Altered:
    """A value as it is, and as it would be, in words."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class UnitEffect:
    """The rate of a unit as it is, and as it would be."""

    name: str
    before: Rate
    after: Rate
    key: int | None = None  # of the unit, where it is asked for again


@dataclass(frozen=True)
class Effect:
    """What a change of one person would come to on a day. A verdict is None where the person is in no total."""

    day: date
    before: Verdict | None
    after: Verdict | None
    units: Sequence[UnitEffect] = ()
    changes: Sequence[Altered] = ()
    is_judged: bool = True  # False: nothing of it is in any verdict

    @property
    def moves_verdict(self) -> bool:
        return self.before != self.after


def effect_of(
    supposed: Supposed,
    official: Official,
    day: date,
    *,
    criterion: Criterion,
    units: Collection[int] | None = None,
    changes: Sequence[Altered] = (),
    others: Sequence[Official] = (),
) -> Effect:
    """What the supposed rows of one person would change on the day; nothing is written.

    The units are the commune of the person (and of `others`, who are concerned too) and the one above it, now and then,
    of `units` (all, where that is None). Eight queries, whatever the number of people.
    """
    rulebook = Rulebook.load()
    own = Appointment.objects.filter(official=official)
    now, then = (
        judged(day, criterion=criterion, appointments=own, rulebook=rulebook, supposed=rows).first()
        for rows in (NOTHING, supposed)
    )
    beside = posts_on(day, Appointment.objects.filter(official__in=others)) if others else ()
    posts = [post for post in (now, then, *beside) if post]
    names = {key: name for post in posts for key, name in _places(post) if units is None or key in units}
    before, after = (
        _rates(day, names, criterion=criterion, rulebook=rulebook, supposed=rows) if names else {}
        for rows in (NOTHING, supposed)
    )
    return Effect(
        day=day,
        before=_verdict(now),
        after=_verdict(then),
        units=[UnitEffect(name, before.get(key, NOBODY), after.get(key, NOBODY)) for key, name in names.items()],
        changes=changes,
    )


def _verdict(post: JudgedPost | None) -> Verdict | None:
    return Verdict(post.verdict) if post and post.verdict else None


def _places(post: JudgedPost) -> list[tuple[int, str]]:
    """The units, with their names, in whose rates a post counts and which a change of one person can move."""
    commune = (post.unit_id, post.commune_name)
    return [commune, (post.district_id, post.district_name or "")] if post.district_id else [commune]


def _rates(day: date, units: Collection[int], **how: Any) -> dict[int, Rate]:
    """Key of each unit → the rate of those who hold a post in it or in a commune right below it."""
    posts = judged(day, **how).filter(Q(unit__in=units) | Q(district__in=units), verdict__isnull=False)
    counted: Any = posts.values("unit", "district", "verdict").annotate(officials=Count("pk"))
    rates: dict[int, Rate] = defaultdict(Rate)
    for row in counted:
        for unit in {row["unit"], row["district"]} & set(units):
            rates[unit] += rate_of(row["officials"], row["verdict"])
    return rates
