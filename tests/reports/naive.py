"""The verdict and the rates once more, slowly and obviously: loops over plain rows, for comparison with the SQL.

Written from the verdict in words and not from cadres.evaluation; it shares with it nothing but the models and the
names of the verdicts. Every row of the registry is read, and every date compared, in Python.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from cadres.models import (
    AcceptedField,
    Appointment,
    Criterion,
    Qualification,
    Requirement,
    RosterDay,
    Standard,
    UnitRelaxation,
    UnitVersion,
    UnitZone,
    Waiver,
)

JUDGED = ("cadre", "civil_servant")


@dataclass
class Person:
    """An official with a post that counts on the day, and what was found."""

    post: Appointment
    commune: UnitVersion
    district: UnitVersion | None
    zone: int | None
    is_relaxed: bool
    standard: Standard | None = None
    dimensions: dict[str, str] = field(default_factory=dict)  # only those required
    held: dict[str, int | None] = field(default_factory=dict)
    verdict: str | None = None
    in_transition: bool = False


def covers(row, day: date) -> bool:
    if row.start_date > day:
        return False
    return row.end_date is None or day <= row.end_date


def the_one(rows, day: date):
    """The row that covers the day; there is one at most."""
    covering = [row for row in rows if covers(row, day)]
    assert len(covering) <= 1
    return covering[0] if covering else None


class Registry:
    """All rows, read once."""

    def __init__(self) -> None:
        self.appointments = list(Appointment.entered.select_related("position", "official", "official__ethnic_group"))
        self.versions = list(UnitVersion.objects.all())
        self.zones = list(UnitZone.objects.all())
        self.relaxations = list(UnitRelaxation.objects.all())
        self.roster_days = list(RosterDay.objects.all())
        self.standards = list(Standard.objects.all())
        self.requirements = list(
            Requirement.objects.select_related("standard", "position", "dimension", "minimum", "minimum_relaxed")
        )
        self.accepted_fields = list(AcceptedField.objects.select_related("dimension"))
        self.qualifications: dict[int, list[Qualification]] = defaultdict(list)  # by official, or rosters take minutes
        for row in Qualification.objects.select_related("level__dimension"):
            self.qualifications[row.official_id].append(row)
        self.waivers = list(Waiver.objects.select_related("dimension"))

    def data_have_begun(self, unit_id: int, day: date) -> bool:
        days = [row.day for row in self.roster_days if row.unit_id == unit_id]
        return bool(days) and min(days) <= day

    def people_on(self, day: date) -> Iterator[Person]:
        for post in self.appointments:
            if post.is_error or not post.is_primary or not covers(post, day) or not covers(post.position, day):
                continue
            commune = the_one([row for row in self.versions if row.unit_id == post.unit_id], day)
            if commune is None or not self.data_have_begun(post.unit_id, day):
                continue
            zone = the_one([row for row in self.zones if row.unit_id == post.unit_id], day)
            decision = the_one([row for row in self.relaxations if row.unit_id == post.unit_id], day)
            yield Person(
                post=post,
                commune=commune,
                district=the_one([row for row in self.versions if row.unit_id == commune.parent_id], day),
                zone=zone.zone if zone else None,
                is_relaxed=decision.is_relaxed if decision else zone is not None and zone.zone in (2, 3),
            )

    def left_behind_on(self, day: date) -> set[int]:
        """The officials whose primary post is held in a unit or a position that has ended."""
        found = set()
        for post in self.appointments:
            if (
                post.is_error
                or not post.is_primary
                or not covers(post, day)
                or not self.data_have_begun(post.unit_id, day)
            ):
                continue
            versions = [row for row in self.versions if row.unit_id == post.unit_id]
            unit_has_ended = the_one(versions, day) is None and any(
                row.end_date is not None and row.end_date < day for row in versions
            )
            position_has_ended = post.position.end_date is not None and post.position.end_date < day
            if unit_has_ended or position_has_ended:
                found.add(post.official_id)
        return found


def judge(registry: Registry, day: date, criterion: Criterion, named: tuple[Standard, ...] = ()) -> list[Person]:
    """Everybody with a post that counts on the day, with verdict (None: in no total)."""
    counted = {dimension.code for dimension in criterion.dimensions.all()}
    people = list(registry.people_on(day))
    for person in people:
        group = person.post.position.group
        if group not in JUDGED:
            continue
        judging = [row for row in registry.standards if row.over_id is None]
        person.standard = the_one([row for row in judging if row.position_group == group], day)
        for standard in named:
            if standard.position_group == group:
                person.standard = standard
        for requirement in asked_of(registry, person, day):
            code = requirement.dimension.code
            person.dimensions[code] = judge_dimension(registry, person, requirement, day)
            ranks = [row.level.rank for row in effective(registry, person, code, day)]
            person.held[code] = max(ranks) if ranks else None
        verdicts = [verdict for code, verdict in person.dimensions.items() if not counted or code in counted]
        if not verdicts:
            person.verdict = None
        elif all(verdict in ("met", "exempt") for verdict in verdicts):
            person.verdict = "compliant"
        elif any(verdict == "not_met" for verdict in verdicts):
            person.verdict = "not_compliant"
        else:
            person.verdict = "undetermined"
        if person.verdict == "not_compliant":
            person.in_transition = is_in_transition(registry, person, day)
    return people


def asked_of(registry: Registry, person: Person, day: date) -> list[Requirement]:
    """What the standard asks of the post on the day; where a local rule over it says something, that instead."""
    if person.standard is None:
        return []
    local = the_one([row for row in registry.standards if row.over_id == person.standard.pk], day)
    found = {}
    for text in (person.standard, local):
        said = [
            row
            for row in registry.requirements
            if text is not None and row.standard_id == text.pk and row.position_id == person.post.position_id
        ]
        for code in {row.dimension.code for row in said}:
            if row := the_one([row for row in said if row.dimension.code == code], day):
                found[code] = row
    return list(found.values())


def effective(registry: Registry, person: Person, dimension: str, day: date) -> list[Qualification]:
    return [
        row
        for row in registry.qualifications[person.post.official_id]
        if row.level.dimension.code == dimension and not row.is_error and covers(row, day)
    ]


def judge_dimension(registry: Registry, person: Person, requirement: Requirement, day: date) -> str:
    minimum = (requirement.minimum_relaxed if person.is_relaxed else requirement.minimum).rank
    code = requirement.dimension.code
    records = effective(registry, person, code, day)
    reaching = [row for row in records if row.level.rank >= minimum]
    rule = [
        row.field_key
        for row in registry.accepted_fields
        if row.position_id == person.post.position_id and row.dimension.code == code and covers(row, day)
    ]
    if not records:
        verdict = "unknown"
    elif not reaching:
        verdict = "not_met"
    elif not rule or any(row.field_key and row.field_key in rule for row in reaching):
        verdict = "met"
    elif any(not row.field_key for row in reaching):
        verdict = "unknown"
    else:
        verdict = "not_met"
    if verdict != "met":
        for waiver in registry.waivers:
            if waiver.official_id == person.post.official_id and waiver.dimension.code == code and covers(waiver, day):
                return "exempt"
    return verdict


def is_in_transition(registry: Registry, person: Person, day: date) -> bool:
    """Day by day back from the day: a primary post of the group on each, until the day before the standard began."""
    standard = person.standard
    assert standard is not None
    if standard.transition_until is None or day > standard.transition_until or standard.start_date > day:
        return False
    posts = [
        post
        for post in registry.appointments
        if post.official_id == person.post.official_id
        and post.is_primary
        and not post.is_error
        and post.position.group == standard.position_group
    ]
    if standard.start_date == date.min:
        return False
    look = standard.start_date - timedelta(days=1)
    while look <= day:
        if not any(covers(post, look) for post in posts):
            return False
        look += timedelta(days=1)
    return True


def percent(compliant: int, total: int) -> Decimal | None:
    """Half up by hand: in tenths of a percent, one more where the rest is half or more."""
    if total == 0:
        return None
    tenths, rest = divmod(1000 * compliant, total)
    if 2 * rest >= total:
        tenths += 1
    return Decimal(tenths) / 10


def age_band(person: Person, day: date) -> str:
    born = person.post.official.birth_date
    if born is None:
        return "unknown"
    years = day.year - born.year
    if (day.month, day.day) < (born.month, born.day):
        years -= 1
    if years <= 30:
        return "0-30"
    if years <= 40:
        return "31-40"
    if years <= 50:
        return "41-50"
    if years <= 60:
        return "51-60"
    return "61-"


def groups_of(person: Person, by: str, day: date) -> str:
    official = person.post.official
    if by == "district":
        return person.district.code if person.district else "unknown"
    if by == "commune":
        return person.commune.code
    if by == "zone":
        return "none" if person.zone is None else str(person.zone)
    if by == "position":
        return person.post.position.code
    if by == "group":
        return person.post.position.group
    if by == "sex":
        return official.sex or "unknown"
    if by == "ethnic":
        return official.ethnic_group.code if official.ethnic_group else "unknown"
    assert by == "age"
    return age_band(person, day)


def rates_by(people: list[Person], by: str, day: date, criterion: Criterion) -> dict[str, tuple[int, int, int]]:
    """Code of the group → compliant, not compliant, undetermined."""
    counted = {dimension.code for dimension in criterion.dimensions.all()}
    names = ("compliant", "not_compliant", "undetermined")
    found: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(names, 0))
    for person in people:
        if by == "dimension":
            for code, verdict in person.dimensions.items():
                if counted and code not in counted:
                    continue
                name = {"not_met": "not_compliant", "unknown": "undetermined"}.get(verdict, "compliant")
                found[code][name] += 1
        elif person.verdict is not None:
            found[groups_of(person, by, day)][person.verdict] += 1
    return {
        code: (counts["compliant"], counts["not_compliant"], counts["undetermined"]) for code, counts in found.items()
    }


def crossed(people: list[Person], by: tuple[str, str], day: date, criterion: Criterion) -> dict[tuple[str, str], tuple]:
    """Codes of the row and the column → compliant, not compliant, undetermined."""
    found = {}
    for code in {code for person in people if person.verdict for code in codes_of(person, by[0], day, criterion)}:
        of_row = [person for person in people if person.verdict and code in codes_of(person, by[0], day, criterion)]
        if by[0] != "dimension":
            found |= {(code, of_column): rate for of_column, rate in rates_by(of_row, by[1], day, criterion).items()}
    if by[0] == "dimension":
        turned = crossed(people, (by[1], by[0]), day, criterion)
        found = {(of_column, of_row): rate for (of_row, of_column), rate in turned.items()}
    return found


def codes_of(person: Person, by: str, day: date, criterion: Criterion) -> set[str]:
    if by != "dimension":
        return {groups_of(person, by, day)}
    counted = {dimension.code for dimension in criterion.dimensions.all()}
    return {code for code in person.dimensions if not counted or code in counted}
