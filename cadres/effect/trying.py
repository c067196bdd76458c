"""What an act would come to: it is tried in a savepoint, the verdicts before and after are compared, and it is undone.

So what is told is exactly what the act does, whatever it writes: a roster, a requirement, a zone, a merger. It writes
and takes back, so it is asked by a POST, once; what it told is kept as JSON with what is being decided.
Pages show it by templates/cadres/foretold.html.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from cadres.effect.supposing import UnitEffect
from cadres.evaluation import Rulebook, Verdict, judged
from cadres.models import Criterion, Official, Position, UnitVersion
from cadres.rate import COUNTS, NOBODY, Rate, figures_of, rate_of

MOST_KEPT = 2_000  # people of a day whose names are kept; of more, how many they are


@dataclass(frozen=True)
class Moved:
    """A person whose verdict is another one after. A verdict is None where the person is in no total.

    Post and unit are those after, or those before where the person is in none any more. `official` is None of somebody
    whom the act would make.
    """

    official: int | None
    name: str
    position: str
    unit: str
    before: Verdict | None
    after: Verdict | None


@dataclass(frozen=True)
class DayEffect:
    """What the act comes to on one day by one criterion: for all concerned, and for the units whose rate changes."""

    day: date
    criterion: str  # its code
    before: Rate
    after: Rate
    districts: Sequence[UnitEffect] = ()
    communes: Sequence[UnitEffect] = ()
    moved: Sequence[Moved] = ()
    moved_in_all: int = 0

    @property
    def changes(self) -> bool:
        """Whether a rate or a verdict is another one."""
        return self.before != self.after or bool(self.moved_in_all or self.districts or self.communes)

    @property
    def turns(self) -> list[tuple[Verdict | None, Verdict | None, int]]:
        """How many turn from which verdict to which, most first; nothing where not all people are kept."""
        if len(self.moved) < self.moved_in_all:
            return []
        counted = Counter((person.before, person.after) for person in self.moved)
        return [(*turn, people) for turn, people in counted.most_common()]

    def as_json(self) -> dict[str, Any]:
        return {
            "day": self.day.isoformat(),
            "criterion": self.criterion,
            "before": rate_as_json(self.before),
            "after": rate_as_json(self.after),
            "districts": [_unit_as_json(unit) for unit in self.districts],
            "communes": [_unit_as_json(unit) for unit in self.communes],
            "moved": [asdict(person) for person in self.moved[:MOST_KEPT]],
            "moved_in_all": self.moved_in_all,
        }

    @classmethod
    def restored(cls, kept: dict[str, Any]) -> "DayEffect":
        return cls(
            day=date.fromisoformat(kept["day"]),
            criterion=kept["criterion"],
            before=_rate(kept["before"]),
            after=_rate(kept["after"]),
            districts=[_unit(unit) for unit in kept["districts"]],
            communes=[_unit(unit) for unit in kept["communes"]],
            moved=[
                Moved(**person | {side: _verdict(person[side]) for side in ("before", "after")})
                for person in kept["moved"]
            ],
            moved_in_all=kept["moved_in_all"],
        )


@dataclass(frozen=True)
class Foretold:
    """What an act comes to on each of the days asked, in their order."""

    days: Sequence[DayEffect]

    @property
    def changing(self) -> list[DayEffect]:
        """The days on which a rate or a verdict is another one."""
        return [day for day in self.days if day.changes]

    def as_json(self) -> dict[str, Any]:
        return {"days": [day.as_json() for day in self.days]}

    @classmethod
    def restored(cls, kept: dict[str, Any]) -> "Foretold":
        """As it was told when `as_json` was kept."""
        return cls([DayEffect.restored(day) for day in kept["days"]])


def rate_as_json(rate: Rate) -> dict[str, Any]:
    """All counts of a rate, with `total` and `rate` as commands print them; `_rate` reads it again."""
    return figures_of(rate) | {"in_transition": rate.in_transition}


def foretell(
    act: Callable[[], object],
    *,
    days: Iterable[date],
    criterion: Criterion,
    units: Collection[int] | None = None,
    also: Iterable[tuple[date, Criterion]] = (),
) -> Foretold:
    """Try the act, compare the verdicts of the days before and after it, and undo it; nothing stays written.

    Args: days are judged by the criterion, `also` are further days with their own; units limit whom it speaks of to
    those who hold a post in one of them or right below (keys; None: everybody).
    Whatever the act raises comes through, then too nothing is written. Objects that the act saves keep the keys that
    they got, so those that are to be used again are made anew. The number of queries does not depend on the people.
    """
    asked = list(dict.fromkeys([*((day, criterion) for day in sorted(set(days))), *also]))
    before = [_Judgement.of(day, by, units) for day, by in asked]
    try:
        with transaction.atomic():
            act()
            connection.check_constraints()  # those put off to the end of the transaction, which this act never sees
            after = [_Judgement.of(day, by, units) for day, by in asked]
            tried = [_Comparison(*sides) for sides in zip(before, after, strict=True)]
            people = _names({key for comparison in tried for key in comparison.moved})
            named = _Named.of(tried)
            raise _TriedError
    except _TriedError:
        pass
    gone = {key for comparison in tried for key in comparison.moved} - people.keys()  # whom the act deletes
    lasting = _names({*people, *gone})
    named = _Named.of(tried).but(named)
    return Foretold([comparison.told(named, lasting | people, lasting.keys(), units) for comparison in tried])


class _TriedError(Exception):
    """Ends the savepoint in which an act is tried; no error."""


# What is known of one post: verdict, in transition, commune, district, position.
_Post = tuple[str | None, bool, int, int | None, int]


@dataclass
class _Judgement:
    """The posts of a day with their verdicts, by person."""

    day: date
    criterion: Criterion
    posts: dict[int, _Post]

    @classmethod
    def of(cls, day: date, criterion: Criterion, units: Collection[int] | None) -> "_Judgement":
        # The rules are read anew each time: the act may change them.
        criterion = Criterion.objects.filter(pk=criterion.pk).first() or criterion
        posts = judged(day, criterion=criterion, rulebook=Rulebook.load(), everybody=units is None)
        if units is not None:
            posts = posts.filter(Q(unit__in=units) | Q(district__in=units))
        columns = ("official_id", "verdict", "is_in_transition", "unit_id", "district_id", "position_id")
        return cls(day, criterion, {key: tuple(post) for key, *post in posts.order_by().values_list(*columns)})


@dataclass
class _Comparison:
    """A day before and after: whose verdict is another one, and the rates of the units."""

    before: _Judgement
    after: _Judgement
    moved: list[int] = field(init=False)
    rates: tuple[dict[int | None, Rate], dict[int | None, Rate]] = field(init=False)  # key of a unit; None: of all

    def __post_init__(self) -> None:
        was, now = self.before.posts, self.after.posts
        self.moved = [key for key in {**was, **now} if _verdict_of(was.get(key)) != _verdict_of(now.get(key))]
        self.rates = (_rates(was.values()), _rates(now.values()))

    @property
    def changing_units(self) -> set[int]:
        """The units whose rate is another one."""
        was, now = self.rates
        return {key for key in {**was, **now} if key is not None and was.get(key) != now.get(key)}

    def post(self, key: int) -> _Post:
        """The post after, or the one before where there is none any more."""
        return self.after.posts.get(key) or self.before.posts[key]

    def told(
        self,
        named: "_Named",
        people: dict[int, tuple[str, str]],
        lasting: Collection[int],
        concerned: Collection[int] | None,
    ) -> DayEffect:
        was, now = self.rates
        changing = sorted(self.changing_units, key=lambda key: named.units[key][0])
        if concerned is not None:  # of a district that was not asked for, some communes only are known
            changing = [key for key in changing if named.units[key][2] or key in concerned]
        units = {
            is_commune: [
                UnitEffect(named.units[key][1], was.get(key, NOBODY), now.get(key, NOBODY), key)
                for key in changing
                if named.units[key][2] == is_commune
            ]
            for is_commune in (False, True)
        }
        moved = sorted(self.moved, key=lambda key: (named.units[self.post(key)[2]][0], people[key]))
        return DayEffect(
            day=self.before.day,
            criterion=self.before.criterion.code,
            before=was.get(None, NOBODY),
            after=now.get(None, NOBODY),
            districts=units[False],
            communes=units[True],
            moved=[
                Moved(
                    official=key if key in lasting else None,
                    name=people[key][1],
                    position=named.positions[self.post(key)[4]],
                    unit=named.units[self.post(key)[2]][1],
                    before=_verdict_of(self.before.posts.get(key)),
                    after=_verdict_of(self.after.posts.get(key)),
                )
                for key in moved
            ],
            moved_in_all=len(moved),
        )


def _verdict_of(post: _Post | None) -> Verdict | None:
    return _verdict(post[0]) if post else None


def _verdict(code: str | None) -> Verdict | None:
    return Verdict(code) if code else None


def _rates(posts: Iterable[_Post]) -> dict[int | None, Rate]:
    counts: dict[tuple[Any, ...], int] = defaultdict(int)
    for verdict, is_in_transition, unit, district, _ in posts:
        if verdict is not None:
            counts[verdict, is_in_transition, unit, district] += 1
    rates: dict[int | None, Rate] = defaultdict(Rate)
    for (verdict, is_in_transition, unit, district), people in counts.items():
        rate = rate_of(people, verdict, is_in_transition)
        for key in {None, unit, district}:
            rates[key] += rate
    return dict(rates)


def _names(keys: Collection[int]) -> dict[int, tuple[str, str]]:
    """Person → what names are sorted by, and the name."""
    people = Official.objects.filter(pk__in=keys).order_by()
    return {key: (order, name) for key, order, name in people.values_list("pk", "name_order", "full_name")}


@dataclass
class _Named:
    """What the units and positions of several days are called; a unit with its code and whether it is a commune."""

    units: dict[int, tuple[str, str, bool]]
    positions: dict[int, str]

    @classmethod
    def of(cls, comparisons: Sequence[_Comparison]) -> "_Named":
        """By what a unit is or was last called: asked within the act, which may open units, and after, when those are
        there again that it deletes."""
        posts = [comparison.post(key) for comparison in comparisons for key in comparison.moved]
        keys = {post[2] for post in posts}.union(*(comparison.changing_units for comparison in comparisons))
        versions = UnitVersion.objects.filter(unit__in=keys).order_by("start_date")
        return cls(
            units={
                unit: (code, name, kind in UnitVersion.COMMUNE_KINDS)
                for unit, code, name, kind in versions.values_list("unit", "code", "name", "kind")
            },
            positions=dict(Position.objects.filter(pk__in={post[4] for post in posts}).values_list("pk", "title")),
        )

    def but(self, other: "_Named") -> "_Named":
        """These, with the names of the other where it has one."""
        return _Named(self.units | other.units, self.positions | other.positions)


def _unit_as_json(unit: UnitEffect) -> dict[str, Any]:
    sides = {"before": rate_as_json(unit.before), "after": rate_as_json(unit.after)}
    return {"name": unit.name, "key": unit.key, **sides}


def _unit(kept: dict[str, Any]) -> UnitEffect:
    return UnitEffect(kept["name"], _rate(kept["before"]), _rate(kept["after"]), kept.get("key"))


def _rate(kept: dict[str, Any]) -> Rate:
    return Rate(**{name: kept[name] for name in COUNTS})
