"""The people of the registry whom a roster may touch, each table read once: to compare rows with, then to amend."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Min

from cadres.bulk import among
from cadres.models import Appointment, ImportBatch, ImportRow, Official, OfficialIdentifier, Qualification
from cadres.posts import nearest_first
from cadres.registry.rows import Facts, Identifier, Person, Post, Record, columns_of

Outcome = ImportRow.Outcome
WRITTEN = (Outcome.CREATED, Outcome.UPDATED)
ACCEPTED = (*WRITTEN, Outcome.UNCHANGED)

FACTS, POST = columns_of(Facts), columns_of(Post)
PRIMARY, START, END, POSITION, UNIT = map(
    POST.index, ("is_primary", "start_date", "end_date", "position_id", "unit_id")
)
Rows = dict[int, list[tuple[Any, ...]]]


@dataclass(slots=True)
class Stored:
    """Rows of the registry as read, by official: what `columns_of` names, and at the end when they were last written.

    Identifiers begin with the as-of date of the roster that brought them. The posts of a person come in the order of
    how near they are to the day.
    """

    day: date
    facts: dict[int, tuple[Any, ...]] = field(default_factory=dict)
    identifiers: Rows = field(default_factory=lambda: defaultdict(list))
    posts: Rows = field(default_factory=lambda: defaultdict(list))

    def read(self, keys: Iterable[int], *, lock: bool = False) -> list[int]:
        """Read those that have not been read yet, and return their keys; with `lock` they are locked until the end of
        the transaction. The number of queries does not depend on how many they are.
        """
        new = sorted(set(keys) - self.facts.keys())
        if not new:
            return []
        officials = Official.objects.filter(pk__in=among(new)).order_by("pk")
        if lock:
            officials = officials.select_for_update(no_key=True)
        for row in officials.values_list(*FACTS, "changed_at"):
            self.facts[row[0]] = row
        of_them = {"official_id__in": among(new)}
        identifiers = OfficialIdentifier.objects.filter(**of_them).order_by("start_date")
        for official, *row in identifiers.values_list(
            "official_id", "batch__as_of", *columns_of(Identifier), "changed_at"
        ):
            self.identifiers[official].append(tuple(row))
        posts = nearest_first(Appointment.objects.filter(**of_them), self.day, then_later=True)
        for official, *row in posts.values_list("official_id", *POST, "changed_at"):
            self.posts[official].append(tuple(row))
        return new

    def home(self, key: int) -> int | None:
        """The unit of the primary post on the day, else of the next one after it, else of the last before it."""
        return next((post[UNIT] for post in self.posts.get(key, ()) if post[PRIMARY]), None)

    def person(self, key: int) -> Person:
        """The person with facts, identifiers and posts to be amended, made anew from what was read."""
        facts = self.facts[key]
        person = Person(Facts(*facts[:-1]))
        person.loaded[Facts, key] = facts
        for as_of, *row in self.identifiers.get(key, ()):
            identifier = Identifier(*row[:-1])
            person.identifiers.append(identifier)
            person.loaded[Identifier, row[0]] = tuple(row)
            if as_of is not None:
                person.identifier_days[identifier.number] = as_of
        for post in self.posts.get(key, ()):
            person.posts.append(Post(*post[:-1]))
            person.loaded[Post, post[0]] = post
        person.posts.sort(key=lambda post: post.start_date)
        return person


def load_people(keys: Collection[int], day: date, stored: Stored | None = None) -> dict[int, Person]:
    """The officials with all rows that a roster of the day may touch, by key; of `stored`, what is there already."""
    if not keys:
        return {}
    stored = stored or Stored(day)
    stored.read(keys)
    people = {key: stored.person(key) for key in keys}
    of_them = {"official_id__in": among(keys)}
    records = Qualification.objects.filter(**of_them, is_error=False).order_by("pk")
    for official, *row in records.values_list("official_id", *columns_of(Record), "changed_at"):
        people[official].stored_records.append(tuple(row))
    later = (
        ImportRow.objects.filter(
            **of_them,
            outcome__in=ACCEPTED,
            batch__state=ImportBatch.State.COMMITTED,
            batch__as_of__gt=day,
        )
        .order_by()
        .values_list("official_id")
        .annotate(Min("batch__as_of"))
    )
    for official, as_of in later:
        people[official].later_rosters = as_of
    return people
