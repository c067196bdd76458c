"""Writes the people of the demonstration as rows: officials, identifiers, appointments, qualifications."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from cadres import registry
from cadres.demonstration.careers import BEGIN, ROSTER_DAYS, Person, Post
from cadres.demonstration.places import CLASS_DECISION, ZONE_DECISION, Place
from cadres.demonstration.studies import DEPUTY, FORCE, HEAD, KIND_OF, MASS, STAFF, Award
from cadres.models import (
    EthnicGroup,
    Level,
    OfficialIdentifier,
    Position,
    Qualification,
    RosterDay,
    SizeClass,
    StaffQuota,
    UnitClass,
    UnitRelaxation,
    UnitZone,
)
from cadres.periods import PartialDate, Precision
from cadres.registry import rows
from cadres.text import fold, nfc, sort_key

PARTY_MEMBERS = {HEAD: 1.0, DEPUTY: 0.97, MASS: 0.74, STAFF: 0.55, FORCE: 0.85}


def roster_of(person: Person, awarded: PartialDate | None = None) -> date:
    """The roster that first named the person, or the first one after the award."""
    known = max(person.joined, awarded.first_day if awarded else person.joined)
    return next(day for day in ROSTER_DAYS if day >= known)


def write_places(random: Random, places: list[Place]) -> None:
    UnitZone.objects.bulk_create(
        UnitZone(
            unit_id=place.unit_id,
            zone=zone,
            start_date=first_day,
            end_date=last_day,
            decision=ZONE_DECISION,
        )
        for place in places
        for zone, first_day, last_day in place.zones
    )
    RosterDay.objects.bulk_create(RosterDay(unit_id=place.unit_id, day=day) for place in places for day in ROSTER_DAYS)
    in_zone_one = [place for place in places if place.zone == 1 and not place.is_ward]
    UnitRelaxation.objects.bulk_create(
        UnitRelaxation(
            unit_id=place.unit_id,
            start_date=date(2013, 7, 1),
            decision="Số liệu minh họa: xã khu vực I được áp dụng mức giảm",
        )
        for place in random.sample(in_zone_one, 2)
    )


def write_classes(places: list[Place], people: list[Person]) -> None:
    """A class for each commune: the lowest that has room for its people of the last day; one in 40 is a class lower."""
    in_rates = (person for person in people if person.position_on(ROSTER_DAYS[-1]) not in ("", "KCT"))
    staff = Counter(person.posts[-1].seat.place.unit_id for person in in_rates)
    quotas = {
        (quota.kind, quota.size_class): quota.most for quota in StaffQuota.objects.as_of(ROSTER_DAYS[-1])
    }  # of a class more people than of the next
    UnitClass.objects.bulk_create(
        UnitClass(
            unit_id=place.unit_id,
            size_class=min(max(roomy, default=1) + (number % 40 == 0), max(SizeClass)),
            start_date=BEGIN,
            decision=CLASS_DECISION,
        )
        for number, place in enumerate(places, 1)
        for roomy in [[size for size in SizeClass if quotas[place.version.kind, size] >= staff[place.unit_id]]]
    )


def write_people(random: Random, people: list[Person], *, with_cccd: bool = False) -> dict[int, Person]:
    """Write officials, identifiers and appointments; returns the person behind each official's key.

    `with_cccd`: of a time when everybody has a CCCD and nobody a CMND any more.
    """
    ethnic_groups = {group.code: group.pk for group in EthnicGroup.objects.all()}
    written = [rows.Person(_facts(random, person, ethnic_groups)) for person in people]
    numbers = iter(random.sample(range(10**6), 2 * len(people)))
    for row, person in zip(written, people, strict=True):
        row.identifiers += (_cccd if with_cccd else _identifiers)(random, row.facts, person, numbers)
    positions = {position.code: position.pk for position in Position.objects.all()}
    for row, person in zip(written, people, strict=True):
        row.posts += [held for post in person.posts for held in _posts(random, post, positions)]
    registry.apply_roster(written, batch=None, by=None)
    return {row.facts.id: person for row, person in zip(written, people, strict=True) if row.facts.id}


def write_awards(awards: list[tuple[int, Person, Award]]) -> None:
    """Write qualifications; each is known from the roster that brought it."""
    levels = {(level.dimension.code, level.code): level.pk for level in Level.objects.select_related("dimension")}
    registry.record_qualifications(
        [
            rows.Proof(
                official_id,
                levels[award.dimension, award.level],
                roster_of(person, award.awarded),
                award.awarded,
                award.field_of_study,
                award.study_mode,
                award.institution,
                award.number,
                Qualification.Origin.ROSTER,
            )
            for official_id, person, award in awards
        ],
        by=None,
    )


def _facts(random: Random, person: Person, ethnic_groups: dict[str, int]) -> rows.Facts:
    chance = random.random
    sex = person.sex if chance() > 0.002 else ""
    names = {"full_name": nfc(person.name), "folded_name": fold(person.name), "name_order": sort_key(person.name)}
    official = rows.Facts(**names, sex=sex)
    if chance() > 0.003:
        official.birth_date, official.birth_precision = _partly_known(random, person.birth, by_year=0.12, by_month=0.04)
    if chance() > 0.003:
        official.ethnic_group_id = ethnic_groups[person.ethnic_group]
    if chance() < 0.3:
        official.religion = "Không"
    elif chance() < 0.02:
        official.religion = random.choice(("Công giáo", "Tin lành"))
    kind = KIND_OF.get(person.posts[-1].seat.position, STAFF)
    if chance() < PARTY_MEMBERS[kind]:
        official.is_party_member = True
        if chance() < 0.88:
            latest = min(person.joined + timedelta(days=5 * 365), person.posts[-1].start)
            grown_up = person.birth + timedelta(days=19 * 366)
            joined = grown_up + timedelta(days=random.randrange(max(30, (latest - grown_up).days)))
            official.party_joined_on, official.party_joined_precision = _partly_known(random, joined, 0.06, 0.05)
    elif chance() < 0.8:
        official.is_party_member = False
    if kind == STAFF and chance() < 0.9:
        official.recruited_on, official.recruited_precision = _partly_known(random, person.joined, 0.1, 0.1)
    if chance() < 0.8:
        since = (person.joined + timedelta(days=random.randint(0, 200))).replace(day=1)
        official.insurance_since, official.insurance_precision = since, Precision.MONTH
    return official


def _partly_known(random: Random, day: date, by_year: float, by_month: float) -> tuple[date, str]:
    lot = random.random()
    if lot < by_year:
        return date(day.year, 1, 1), Precision.YEAR
    if lot < by_year + by_month:
        return day.replace(day=1), Precision.MONTH
    return day, Precision.DAY


def _identifiers(
    random: Random, official: rows.Facts, person: Person, numbers: Iterator[int]
) -> Iterator[rows.Identifier]:
    """A CMND of Lào Cai (063…), for some replaced by a CCCD (010, century and sex, year of birth, six digits)."""
    if random.random() < 0.04:
        return
    cmnd = rows.Identifier(None, OfficialIdentifier.Kind.CMND, f"063{next(numbers):06d}")
    if official.sex and official.birth_date and random.random() < 0.12:
        issued = date(2014, 1, 2) + timedelta(days=random.randrange(720))
        if issued > person.joined:
            cmnd.end_date = issued - timedelta(days=1)
            number = _cccd_number(official.sex, person, next(numbers))
            yield rows.Identifier(None, OfficialIdentifier.Kind.CCCD, number, issued)
    yield cmnd


def _cccd(random: Random, official: rows.Facts, person: Person, numbers: Iterator[int]) -> Iterator[rows.Identifier]:
    if random.random() > 0.02:
        yield rows.Identifier(None, OfficialIdentifier.Kind.CCCD, _cccd_number(official.sex, person, next(numbers)))


def _cccd_number(sex: str, person: Person, number: int) -> str:
    """Province, century and sex, year of birth, six digits."""
    return f"010{1 if sex == 'F' else 0}{person.birth.year % 100:02d}{number:06d}"


def _posts(random: Random, post: Post, positions: dict[str, int]) -> Iterator[rows.Post]:
    stated = post.stated or PartialDate(post.start)
    decision = ""
    if random.random() < 0.7:
        decision = f"QĐ số {random.randrange(20, 2900)}/QĐ-UBND ngày {post.start:%d/%m/%Y}"
    for code in filter(None, (post.seat.position, post.also)):
        yield rows.Post(
            id=None,
            position_id=positions[code],
            unit_id=post.seat.place.unit_id,
            is_primary=code == post.seat.position,
            start_date=post.counts_from,
            end_date=post.end,
            stated_start=stated.first_day,
            stated_start_precision=stated.precision,
            term=post.term,
            end_reason=post.reason,
            decision=decision,
        )
