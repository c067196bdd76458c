"""What has become of a published figure: whether the history holds anything that touches its day since it was
published, what it would be now, whose verdict is another one, and which changes of which acts made it so.
"""

import json
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from cadres.access import unit_versions_in_scope, units_given, visible_to
from cadres.bulk import among
from cadres.evaluation import Rulebook, Verdict, judged
from cadres.history.pages import told_of
from cadres.history.words import Told
from cadres.kept_plans import planned_once
from cadres.models import Official, Position, Publication, PublishedPost, Standard, User
from cadres.rate import NOBODY, Rate, rate_of
from reports.publications.publishing import scope_of

# What `{row counts}` means in since.sql. A table without a column knows no such condition.
COUNTS = """(coalesce({row} ->> 'start_date', {row} ->> 'day', '') <= shown.day
    AND coalesce({row} ->> 'end_date', '9') >= shown.day
    AND coalesce(({row} ->> 'is_primary')::boolean, true)
    AND NOT coalesce(({row} ->> 'is_error')::boolean, false)
    AND coalesce(({row} ->> 'standard_id')::bigint = ANY (shown.judging), true)
    AND coalesce(({row} ->> 'criterion_id')::bigint = shown.criterion, true)
    AND {row} IS NOT NULL)"""
_PAGE = (Path(__file__).parent / "since.sql").read_text(encoding="utf-8").partition("WITH shown")
_PAGE_READ = re.sub(r"\{([\w.]+) counts\}", lambda found: COUNTS.replace("{row}", found[1]), "".join(_PAGE[1:]))
# The figures that are shown, and FROM … WHERE for each of them.
SINCE, FOUND = _PAGE_READ.split("-- FROM here on, for each of the figures shown.")


def touched(publications: Sequence[Publication], *, user: User | None = None, rulebook: Rulebook) -> set[int]:
    """The keys of those figures whose day something has touched since they were published, within the account's units.

    One query for all of them.
    """
    if not publications:
        return set()
    statement = f"{SINCE} SELECT shown.id FROM shown WHERE EXISTS (SELECT {FOUND})"  # noqa: S608 — constants
    with planned_once(), connection.cursor() as cursor:
        cursor.execute(statement, [_shown(publications, user, rulebook)])
        return {key for (key,) in cursor.fetchall()}


def _shown(publications: Iterable[Publication], user: User | None, rulebook: Rulebook) -> str:
    """The figures as since.sql takes them."""
    given = units_given(user) if user else None
    shown = [
        {
            "id": publication.pk,
            "day": publication.day.isoformat(),
            "at": publication.published_at.isoformat(),
            "txid": publication.txid,
            "snapshot": publication.snapshot,
            "roots": given if given is not None else [publication.unit_id] if publication.unit_id else None,
            "judging": sorted(_judging(publication, rulebook)),
            "criterion": publication.criterion_id,
        }
        for publication in publications
    ]
    return json.dumps(shown)


def _judging(publication: Publication, rulebook: Rulebook) -> set[int]:
    """The keys of the standards that judged the figure, and of those in force on its day now."""
    now = {standard.pk for standard in rulebook.standards if standard.is_in_force(publication.day)}
    told = publication.definition
    return now | {text["id"] for text in (*told["standards"], *told["local_rules"])}


# ---------------------------------------------------------------- what it would be now


@dataclass(frozen=True)
class Recomputed:
    """What a figure would be now: its rate, and of how many people the verdict is another one."""

    rate: Rate = NOBODY
    changed_by: int = 0


def recomputed(
    publications: Sequence[Publication], *, user: User | None = None, rulebook: Rulebook
) -> dict[int, Recomputed]:
    """Key of each figure → what it would be now, within the account's units; in one query.

    Without those that were judged by a named standard that is there no more.
    """
    compared = [_compared(one, user, rulebook) for one in publications if _named(one, rulebook) is not None]
    if not compared:
        return {}
    count = "SELECT publication_id, verdict_now, is_in_transition, differs, count(*)"
    statements = [f"({count} FROM ({statement}) AS compared GROUP BY 1, 2, 3, 4)" for statement, _ in compared]
    found = {one.pk: Recomputed() for one in publications if _named(one, rulebook) is not None}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(statements), [value for _, values in compared for value in values])
        for key, verdict, is_in_transition, differs, people in cursor.fetchall():
            was = found[key]
            rate = rate_of(people, verdict, is_in_transition) if verdict else NOBODY
            found[key] = Recomputed(was.rate + rate, was.changed_by + (people if differs else 0))
    return found


def moved(
    publication: Publication, *, user: User | None = None, rulebook: Rulebook
) -> list[tuple[int, Verdict | None, Verdict | None]]:
    """(person, verdict published, verdict now) of those of whom the two differ; None: in no total."""
    statement, values = _compared(publication, user, rulebook)
    columns = "SELECT official_id, verdict_then, verdict_now"
    with connection.cursor() as cursor:
        cursor.execute(f"{columns} FROM ({statement}) AS compared WHERE differs ORDER BY official_id", values)
        return [(key, before and Verdict(before), now and Verdict(now)) for key, before, now in cursor.fetchall()]


def is_computable(publication: Publication, rulebook: Rulebook) -> bool:
    """Whether the standards that were named for it are still there."""
    return _named(publication, rulebook) is not None


def _named(publication: Publication, rulebook: Rulebook) -> list[Standard] | None:
    there = {standard.pk: standard for standard in rulebook.standards}
    named = [standard["id"] for standard in publication.definition["standards"] if standard["is_named"]]
    return [there[key] for key in named] if all(key in there for key in named) else None


def judged_now(publication: Publication, user: User | None, rulebook: Rulebook) -> QuerySet[Any]:
    """The posts of the day of a figure that are in its total now, within the account's units."""
    posts = scope_of(publication.unit, publication.day)
    if user is not None and not user.sees_every_unit:
        posts = posts.filter(unit__in=unit_versions_in_scope(user).as_of(publication.day).values("unit"))
    found = judged(
        publication.day,
        criterion=publication.criterion,
        standards=_named(publication, rulebook) or (),
        appointments=posts,
        rulebook=rulebook,
        everybody=True,
    )
    return found.filter(verdict__isnull=False)


def _compared(publication: Publication, user: User | None, rulebook: Rulebook) -> tuple[str, list[Any]]:
    """A query for everybody who was in the figure or would be in it now, with both verdicts."""
    then = PublishedPost.objects.filter(publication=publication)
    then = visible_to(then, user) if user else then
    now = judged_now(publication, user, rulebook).order_by()
    now_sql, now_values = now.values_list("official_id", "verdict", "is_in_transition").query.sql_with_params()
    then_sql, then_values = then.order_by().values_list("official_id", "verdict").query.sql_with_params()
    both = f"""
        SELECT %s::bigint AS publication_id, official_id, published.verdict_then, now.verdict_now, now.is_in_transition,
            published.verdict_then IS DISTINCT FROM now.verdict_now AS differs
        FROM ({now_sql}) AS now (official_id, verdict_now, is_in_transition)
        FULL JOIN ({then_sql}) AS published (official_id, verdict_then) USING (official_id)"""  # noqa: S608 — of querysets
    return both, [publication.pk, *now_values, *then_values]


# ---------------------------------------------------------------- why


@dataclass(frozen=True)
class Found:
    """A change that bears on a figure: of which act, of whom, of which unit or position."""

    pk: int
    act: int
    person: int | None
    unit: int | None
    position: int | None


@dataclass
class Difference:
    """A person whose verdict is another one than published, None where the person is in no total, and what moved it."""

    official_id: int
    before: Verdict | None
    after: Verdict | None
    name: str = ""
    position: str = ""
    place: str = ""
    is_there: bool = True  # the person is still in the registry
    changes: list[Found] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)

    @property
    def acts(self) -> set[int]:
        return {change.act for change in self.changes}


def differences(publication: Publication, *, user: User | None = None, rulebook: Rulebook) -> list[Difference]:
    """Everybody whose verdict is another one now, by name, each with the changes that moved it.

    Those are the changes since of the person's own rows, and those of no person (a requirement, a zone …) that concern
    the person's unit or position, then or now, or everybody. A bounded number of queries.
    """
    moves = moved(publication, user=user, rulebook=rulebook)
    if not moves:
        return []
    people = [key for key, *_ in moves]
    found = changes_since(publication, people, user=user, rulebook=rulebook)
    positions = dict(Position.objects.values_list("code", "pk"))
    there = dict(Official.objects.filter(pk__in=among(people)).values_list("pk", "name_order"))
    now = {
        post.official_id: post
        for post in judged_now(publication, user, rulebook)
        .filter(official__in=among(people))
        .select_related("official", "position")
    }
    then = {
        post.official_id: post
        for post in PublishedPost.objects.filter(publication=publication, official_id__in=among(people))
    }
    told = []
    for key, before, after in moves:
        was, is_now = then.get(key), now.get(key)
        units = {post.unit_id for post in (was, is_now) if post}
        held = {positions.get(was.position_code, 0)} if was else set()
        held |= {is_now.position_id} if is_now else set()
        difference = Difference(key, before, after, is_there=key in there)
        difference.changes = [change for change in found if _concerns(change, key, units, held)]
        if was:
            difference.name, difference.position = was.full_name, was.position_title
            difference.place = ", ".join(filter(None, (was.commune_name, was.district_name)))
        elif is_now:
            difference.name, difference.position = is_now.official.full_name, is_now.position.title
            difference.place = ", ".join(filter(None, (is_now.commune_name, is_now.district_name)))
        told.append((was.name_order if was else there.get(key, ""), difference))
    return [difference for _, difference in sorted(told, key=lambda one: (one[0], one[1].official_id))]


def _concerns(change: Found, person: int, units: set[int], positions: set[int]) -> bool:
    if change.person is not None:
        return change.person == person
    return (change.unit is None or change.unit in units) and (change.position is None or change.position in positions)


def in_words(people: Sequence[Difference]) -> None:
    """Tell the changes behind the differences of a page in words, each with its act."""
    keys = dict.fromkeys(change.pk for person in people for change in person.changes)
    words = {one.change.pk: one for one in told_of(list(keys))}
    for person in people:
        person.told = [words[change.pk] for change in person.changes]


def changes_since(
    publication: Publication, people: Collection[int], *, user: User | None = None, rulebook: Rulebook
) -> list[Found]:
    """The changes since the figure was published that touch its day: of these people, and of no person, in order."""
    of = "c.person IS NULL OR c.person = ANY (%s)"
    statement = f"""{SINCE}
        SELECT c.id, c.act_id, c.person, (c.row ->> 'unit_id')::bigint, (c.row ->> 'position_id')::bigint
        FROM shown CROSS JOIN LATERAL (
            SELECT c.id, c.act_id, c.person, coalesce(c.after, c.before) AS row {FOUND} AND ({of})
        ) AS c ORDER BY c.id"""  # noqa: S608 — constants
    with connection.cursor() as cursor:
        cursor.execute(statement, [_shown([publication], user, rulebook), list(people)])
        return [Found(*row) for row in cursor.fetchall()]
