"""Two published figures beside each other: their groups, and the people whom they say something else of."""

from dataclasses import dataclass

from cadres.evaluation import Verdict
from cadres.models import Publication, PublishedPost, User
from cadres.rate import NOBODY, Rate
from reports.publications.reading import Words, groups_shown, posts_visible
from reports.rates import GroupRate


@dataclass(frozen=True)
class GroupPair:
    """One group in both figures; a rate is empty where the group had nobody."""

    group: GroupRate
    first: Rate
    second: Rate


@dataclass(frozen=True)
class PersonPair:
    """A person whose verdict is not the same in both; None where the person was in no total."""

    post: PublishedPost  # of the second figure, of the first where the person is not in that
    first: Verdict | None
    second: Verdict | None


def groups_compared(
    first: tuple[Publication, Words], second: tuple[Publication, Words], by: str, user: User
) -> list[GroupPair]:
    """The groups of one grouping in the order of the second figure, those that only the first has at the end."""
    before, after = (groups_shown(publication, by, user, words) for publication, words in (first, second))
    was = {_key(group): group for group in before}
    pairs = [
        GroupPair(group, was.pop(_key(group)).rate if _key(group) in was else NOBODY, group.rate) for group in after
    ]
    return pairs + [GroupPair(group, group.rate, NOBODY) for group in was.values()]


def _key(group: GroupRate) -> tuple[int | None, str]:
    """A unit keeps its key when its code changes."""
    return (group.unit_id, "") if group.unit_id else (None, group.code)


def people_compared(
    first: Publication, second: Publication, user: User
) -> list[tuple[int, Verdict | None, Verdict | None]]:
    """(person, first verdict, second verdict) of whoever has another one, by name."""
    columns = ("official_id", "verdict", "name_order")
    before = {key: (verdict, name) for key, verdict, name in posts_visible(first, user).values_list(*columns)}
    after = {key: (verdict, name) for key, verdict, name in posts_visible(second, user).values_list(*columns)}
    nobody = (None, "")
    found = [
        ((after.get(key) or before[key])[1], key, before.get(key, nobody)[0], after.get(key, nobody)[0])
        for key in before.keys() | after.keys()
        if before.get(key, nobody)[0] != after.get(key, nobody)[0]
    ]
    return [
        (key, was and Verdict(was), now and Verdict(now)) for _, key, was, now in sorted(found, key=lambda one: one[:2])
    ]


def posts_of(people: list[int], first: Publication, second: Publication) -> dict[int, PublishedPost]:
    """The posts of these people: in the second figure, else in the first."""
    rows = PublishedPost.objects.filter(publication__in=(first, second), official_id__in=people)
    by_figure = sorted(rows, key=lambda post: post.publication_id == second.pk)
    return {post.official_id: post for post in by_figure}
