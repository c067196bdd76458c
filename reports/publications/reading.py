"""A published figure as it is read: its groups and people, to whom they may be shown, in the words of its day."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import F, QuerySet

from cadres.access import visible_to
from cadres.correspondence import Correspondence, Place
from cadres.evaluation import DimensionVerdict, LevelSets
from cadres.models import Dimension, Level, Publication, PublishedGroup, PublishedPost, User
from cadres.rate import COUNTS, NOBODY, Rate
from reports.publications.publishing import GROUPED, counts
from reports.rates import DIMENSION, GroupRate, by_dimension, group_of_place, order_of_place


def rate_in(row: Any) -> Rate:
    """The counts of a Publication or PublishedGroup as a rate."""
    return Rate(**{name: getattr(row, name) for name in COUNTS})


@dataclass(frozen=True)
class PublishedReason:
    """One requirement of a published post, in the words of then: what was asked, what was held, and the verdict."""

    dimension: Dimension
    required: str
    held: str
    verdict: DimensionVerdict
    article: str
    is_counted: bool
    is_relaxed: bool

    @property
    def text(self) -> str:
        """For files and narrow pages: “Tin học: cần A, có –: Chưa có dữ liệu (điều 2…)”."""
        held = f"có {self.held}" if self.held else "chưa ghi"
        uncounted = "" if self.is_counted else "; không tính vào tỷ lệ"
        return f"{self.dimension}: cần {self.required}, {held}: {self.verdict.label} ({self.article}{uncounted})"


@dataclass(frozen=True)
class Words:
    """The definition of a published figure: `Publication.definition`, read."""

    kept: dict[str, Any]
    dimensions: Sequence[Dimension] = field(init=False)
    levels: LevelSets = field(init=False)

    def __post_init__(self) -> None:
        told = enumerate(self.kept["dimensions"], start=1)
        dimensions = [Dimension(pk=key, code=one["code"], name=one["name"], order=key) for key, one in told]
        by_code = {dimension.code: dimension for dimension in dimensions}
        levels = [
            Level(pk=key, dimension=by_code[dimension], code=code, name=name, rank=key)
            for key, (dimension, code, name) in enumerate(self.kept["levels"], start=1)
        ]
        object.__setattr__(self, "dimensions", dimensions)
        object.__setattr__(self, "levels", LevelSets(tuple(levels)))

    @cached_property
    def counted(self) -> list[Dimension]:
        told = zip(self.dimensions, self.kept["dimensions"], strict=True)
        return [dimension for dimension, one in told if one["is_counted"]]

    def reasons(self, post: PublishedPost) -> list[PublishedReason]:
        """Requirement by requirement what made the verdict of the person."""
        found = []
        for dimension in self.dimensions:
            verdict = self.levels.verdict(post, dimension)
            if verdict is None:
                continue
            required = self.levels.level_in(post.asked, dimension)
            held = self.levels.level_in(post.held, dimension)
            found.append(
                PublishedReason(
                    dimension=dimension,
                    required=required.name if required else "",
                    held=held.name if held else "",
                    verdict=verdict,
                    article=self.kept["articles"].get(post.position_code, {}).get(dimension.code, ""),
                    is_counted=dimension in self.counted,
                    is_relaxed=post.is_relaxed,
                )
            )
        return found

    def unmet(self, post: PublishedPost) -> list[tuple[Dimension, DimensionVerdict]]:
        """The counted dimensions that kept the person from meeting the standard."""
        verdicts = ((dimension, self.levels.verdict(post, dimension)) for dimension in self.counted)
        return [
            (dimension, verdict)
            for dimension, verdict in verdicts
            if verdict in (DimensionVerdict.NOT_MET, DimensionVerdict.UNKNOWN)
        ]


def posts_visible(publication: Publication, user: User) -> QuerySet[PublishedPost]:
    """The people of the published list that the account may see: all, or those of its units on the day."""
    return visible_to(PublishedPost.objects.filter(publication=publication), user)


def groups_shown(
    publication: Publication, by: str, user: User, words: Words, units: Correspondence | None = None
) -> list[GroupRate]:
    """The groups of one grouping (of PUBLISHED_BY) as published; for an officer counted of the people of the own units.

    With `units` of another day communes, and what is above them, are the published communes put together by these.
    """
    if units and by in ("district", "commune"):
        return _put_together(groups_shown(publication, "commune", user, words), publication.day, units, by)
    kept = list(PublishedGroup.objects.filter(publication=publication, grouping=by))
    if user.sees_every_unit:
        return [_group(group, rate_in(group)) for group in kept]
    posts = posts_visible(publication, user)
    if by == DIMENSION:
        own = {dimension.code: rate for dimension, rate in by_dimension(posts, words.counted, words.levels).items()}
        return [_group(group, own[group.code]) for group in kept if group.code in own]
    column = "unit_id" if "unit_id" in GROUPED[by] else "code"
    counted = counts(posts, by_key=GROUPED[by][column])
    # The groups of unknown facts are kept under a code of theirs; of the posts the column is empty.
    found = {None if key == "" else key: rate for (key,), rate in counted.items()}
    places = {str(key): rate for key, rate in found.items() if key is not None}
    shown = []
    for group in kept:
        key = group.unit_id if column == "unit_id" else group.code
        rate = places.get(str(key)) or (found.get(None) if group.code in UNKNOWN else None)
        if rate:
            shown.append(_group(group, rate))
    return shown


def _put_together(communes: Sequence[GroupRate], day: date, units: Correspondence, by: str) -> list[GroupRate]:
    """Groups of communes of the day by the places to which they belong among the units of another."""
    places = units.places(day, above=by == "district")
    rates: dict[str, Rate] = {}
    of_code: dict[str, Place] = {}
    for commune in communes:
        place = places.of(commune.unit_id or 0) or units.nowhere
        of_code[place.code] = place
        rates[place.code] = rates.get(place.code, NOBODY) + commune.rate
    ordered = sorted(of_code.values(), key=order_of_place)
    return [GroupRate(**vars(group_of_place(place)), rate=rates[place.code]) for place in ordered]


UNKNOWN = ("unknown", "none")


def _group(group: PublishedGroup, rate: Rate) -> GroupRate:
    return GroupRate(
        code=group.code,
        name=group.name,
        valid_from=group.valid_from,
        unit_id=group.unit_id,
        above=group.above,
        rate=rate,
    )


def rates_shown(publications: Sequence[Publication], user: User) -> dict[int, Rate]:
    """Key of each figure → its rate as far as the account sees the people behind it; in one query."""
    if user.sees_every_unit:
        return {publication.pk: rate_in(publication) for publication in publications}
    keys = [publication.pk for publication in publications]
    own = counts(visible_to(PublishedPost.objects.filter(publication__in=keys), user), of=F("publication"))
    return {key: own.get((key,), NOBODY) for key in keys}


def rate_shown(publication: Publication, user: User) -> Rate:
    """The rate of a figure as far as the account sees the people behind it."""
    return rates_shown([publication], user)[publication.pk]
