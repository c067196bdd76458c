"""What classes did in a period once more, slowly and obviously: loops over plain rows, for comparison with the SQL.

Written from what the report promises in words; it shares with reports.training nothing but the models.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from cadres.models import Appointment, UnitVersion, UnitZone
from courses.models import ClassFunding, Enrolment
from tests.reports.naive import the_one

SOURCES = ("central", "local", "other")
OF_CLASSES = ("kind", "result", "subject", "year")


@dataclass
class Turn:
    """A completed enrolment, with the post and the unit of the day on which its class started, where known.

    A commune lies in the district that its own version names, whether or not that is in force on the day.
    """

    enrolment: Enrolment
    post: Appointment | None
    commune: UnitVersion | None
    district: int | None
    province: int | None
    zone: int | None


@dataclass
class Counted:
    turns: int = 0
    persons: int = 0
    money: tuple[int, int, int] = (0, 0, 0)


class Training:
    """All rows, read once."""

    def __init__(self) -> None:
        self.enrolments = list(
            Enrolment.objects.select_related(
                "official__ethnic_group",
                "training_class__programme__raises_to__dimension",
                "training_class__programme__subject_area",
            )
        )
        self.funding = list(ClassFunding.objects.select_related("training_class__programme__raises_to__dimension"))
        self.appointments = list(Appointment.objects.select_related("position"))
        self.versions = list(UnitVersion.objects.all())
        self.zones = list(UnitZone.objects.all())

    def turns(self, start: date, end: date, kind: str | None = None) -> list[Turn]:
        return [
            self._turn(enrolment)
            for enrolment in self.enrolments
            if enrolment.state == "completed" and has_ended(enrolment.training_class, start, end, kind)
        ]

    def _turn(self, enrolment: Enrolment) -> Turn:
        day = enrolment.training_class.start_date
        post = the_one(
            [row for row in self.appointments if row.official_id == enrolment.official_id and row.is_primary], day
        )
        commune = the_one([row for row in self.versions if post and row.unit_id == post.unit_id], day)
        district = commune.parent_id if commune else None
        above = the_one([row for row in self.versions if district and row.unit_id == district], day)
        zone = the_one([row for row in self.zones if commune and row.unit_id == commune.unit_id], day)
        return Turn(enrolment, post, commune, district, above.parent_id if above else None, zone.zone if zone else None)

    def last_code(self, unit_id: int, end: date) -> str:
        versions = [row for row in self.versions if row.unit_id == unit_id and row.start_date <= end]
        return max(versions, key=lambda row: row.start_date).code if versions else "unknown"

    def code(self, turn: Turn, by: str, end: date) -> str:
        official = turn.enrolment.official
        match by:
            case "group" | "subgroup" | "position":
                if turn.post is None:
                    return "unknown"
                return turn.post.position.code if by == "position" else getattr(turn.post.position, by)
            case "district":
                return self.last_code(turn.district, end) if turn.district else "unknown"
            case "commune":
                return self.last_code(turn.commune.unit_id, end) if turn.commune else "unknown"
            case "zone":
                if turn.commune is None:
                    return "unknown"
                return "none" if turn.zone is None else str(turn.zone)
            case "sex":
                return official.sex or "unknown"
            case "ethnic":
                return official.ethnic_group.code if official.ethnic_group else "unknown"
        return class_code(turn.enrolment.training_class, by)


def has_ended(training_class, start: date, end: date, kind: str | None) -> bool:
    if training_class.state != "ended" or not start <= training_class.end_date <= end:
        return False
    return kind is None or training_class.programme.kind == kind


def class_code(training_class, by: str) -> str:
    programme = training_class.programme
    match by:
        case "kind":
            return programme.kind
        case "result":
            level = programme.raises_to
            return f"{level.dimension.code}:{level.code}" if level else programme.kind
        case "subject":
            return programme.subject_area.code
    assert by == "year"
    return str(training_class.end_date.year)


def lies_in(turn: Turn, unit_id: int) -> bool:
    if turn.commune is None:
        return False
    return unit_id in (turn.commune.unit_id, turn.district, turn.province)


def report(
    rows: Training,
    start: date,
    end: date,
    by: str,
    *,
    kind: str | None = None,
    is_counted: Callable[[Turn], bool] | None = None,
) -> tuple[Counted, dict[str, Counted]]:
    """The whole, and the groups by code; `is_counted` says which turns a report is about that leaves some out."""
    everything = rows.turns(start, end, kind)
    counted = [turn for turn in everything if is_counted is None or is_counted(turn)]
    whole = Counted(len(counted), len({turn.enrolment.official_id for turn in counted}))
    if is_counted is None:
        whole.money = spent([row for row in rows.funding if has_ended(row.training_class, start, end, kind)])
    else:
        whole.money = shared(rows, everything, counted)
    members: dict[str, list[Turn]] = defaultdict(list)
    for turn in counted:
        members[rows.code(turn, by, end)].append(turn)
    groups = {
        code: Counted(len(found), len({turn.enrolment.official_id for turn in found}), shared(rows, everything, found))
        for code, found in members.items()
    }
    if is_counted is None and by in OF_CLASSES:
        of_classes: dict[str, list[ClassFunding]] = defaultdict(list)
        for row in rows.funding:
            if has_ended(row.training_class, start, end, kind):
                of_classes[class_code(row.training_class, by)].append(row)
        for code in of_classes.keys() | groups.keys():
            groups.setdefault(code, Counted()).money = spent(of_classes[code])
    return whole, groups


def spent(funding: list[ClassFunding]) -> tuple[int, ...]:
    return tuple(sum(row.spent for row in funding if row.source == source) for source in SOURCES)


def shared(rows: Training, everything: list[Turn], found: list[Turn]) -> tuple[int, ...]:
    """The money of each class by the share of its completed turns that was found, half up to whole đồng."""
    sums = dict.fromkeys(SOURCES, 0)
    for row in rows.funding:
        completed = sum(turn.enrolment.training_class_id == row.training_class_id for turn in everything)
        part = sum(turn.enrolment.training_class_id == row.training_class_id for turn in found)
        if part:
            share = Decimal(row.spent * part) / completed
            sums[row.source] += int(share.quantize(Decimal(1), ROUND_HALF_UP))
    return tuple(sums.values())
