"""Who held which post, who holds which level and who was busy when: the registry as the training history reads it."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from cadres.models import Appointment, Qualification, UnitVersion
from cadres.periods import DatedRow, Precision, row_on

FIRST_DAY = date(2010, 1, 1)
LAST_DAY = date(2015, 12, 31)


@dataclass(frozen=True)
class Post(DatedRow):
    """A primary post; its district is that of the end of 2015."""

    start_date: date
    end_date: date | None
    position: str
    group: str
    subgroup: str
    district: int


@dataclass(eq=False)
class Record:
    """A qualification awarded on a known day of the years looked at, which a class may explain."""

    key: int
    official: int
    dimension: str
    level: str
    rank: int
    awarded: date
    field_of_study: str
    is_explained: bool = False


@dataclass
class Held:
    """One level on record, from a day on."""

    start: date
    rank: int


@dataclass
class People:
    """Everybody's posts, levels and classes. Nobody is in two classes at a time, but for degrees beside work."""

    posts: dict[int, list[Post]]
    held: dict[tuple[int, str], list[Held]]
    records: list[Record]
    of_person: dict[int, list[Record]]
    _busy: dict[int, list[tuple[date, date, bool]]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def load(cls) -> "People":
        above = dict(UnitVersion.objects.as_of(LAST_DAY).values_list("unit", "parent"))
        posts: dict[int, list[Post]] = defaultdict(list)
        for official, unit, start, end, position, group, subgroup in (
            Appointment.objects.filter(is_primary=True)
            .order_by("official", "start_date")
            .values_list(
                "official", "unit", "start_date", "end_date", "position__code", "position__group", "position__subgroup"
            )
        ):
            posts[official].append(Post(start, end, position, group, subgroup, district=above[unit] or unit))
        held: dict[tuple[int, str], list[Held]] = defaultdict(list)
        records = []
        of_person: dict[int, list[Record]] = defaultdict(list)
        for key, official, dimension, level, rank, start, end, awarded, precision, study in (
            Qualification.objects.filter(is_error=False)
            .order_by("pk")
            .values_list(
                "pk",
                "official",
                "level__dimension__code",
                "level__code",
                "level__rank",
                "start_date",
                "end_date",
                "awarded_on",
                "awarded_precision",
                "field_of_study",
            )
        ):
            held[official, dimension].append(Held(start, rank))
            if end is None and awarded and precision == Precision.DAY and FIRST_DAY <= awarded <= LAST_DAY:
                record = Record(key, official, dimension, level, rank, awarded, study)
                records.append(record)
                of_person[official].append(record)
        return cls(dict(posts), held, records, of_person)

    def post_on(self, official: int, day: date) -> Post | None:
        return row_on(self.posts.get(official, ()), day)

    def is_free(self, official: int, start: date, end: date, *, beside_work: bool) -> bool:
        """Whether the person may be in a class from start to end: degrees beside work clash with each other only."""
        for first, last, beside in self._busy[official]:
            if first <= end and last >= start and beside == beside_work:
                return False
        return True

    def take(self, official: int, start: date, end: date, *, beside_work: bool) -> None:
        self._busy[official].append((start, end, beside_work))

    def release(self, official: int, start: date, end: date, *, beside_work: bool) -> None:
        self._busy[official].remove((start, end, beside_work))

    def rank_on(self, official: int, dimension: str, day: date) -> int | None:
        """The highest level in the dimension on record for the day; None where there is none."""
        return max((held.rank for held in self.held[official, dimension] if held.start <= day), default=None)

    def reaches_later(self, official: int, dimension: str, rank: int, day: date) -> bool:
        """Whether a record that starts after the day brings the level, or a higher one."""
        return any(held.start > day and held.rank >= rank for held in self.held[official, dimension])
