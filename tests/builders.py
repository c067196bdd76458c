"""One row of a kind, with whatever a test does not care about filled in. Where a rule is involved the registry writes.

Positions, dimensions and levels are named by their codes: `make_qualification(official, "professional", "TC")`.
"""

from datetime import date
from itertools import count

from cadres import registry
from cadres.models import (
    AcceptedField,
    Appointment,
    Criterion,
    Dimension,
    EthnicGroup,
    Level,
    Official,
    Position,
    PositionGroup,
    Qualification,
    Requirement,
    RosterDay,
    Standard,
    Unit,
    UnitRelaxation,
    UnitVersion,
    UnitZone,
    Waiver,
)
from cadres.periods import UNKNOWN_START, PartialDate, Precision
from cadres.text import match_key

LONG_AGO = date(2010, 1, 1)
number = count(1)


def make_unit(
    kind: str = UnitVersion.Kind.COMMUNE,
    *,
    parent: Unit | None = None,
    code: str = "",
    name: str = "",
    start_date: date = UNKNOWN_START,
    end_date: date | None = None,
) -> Unit:
    """A unit with one version."""
    unit = Unit.objects.create()
    make_version(unit, kind, parent=parent, code=code, name=name, start_date=start_date, end_date=end_date)
    return unit


def make_version(
    unit: Unit,
    kind: str = UnitVersion.Kind.COMMUNE,
    *,
    parent: Unit | None = None,
    code: str = "",
    name: str = "",
    start_date: date = UNKNOWN_START,
    end_date: date | None = None,
) -> UnitVersion:
    code = code or f"T{next(number):04}"
    return UnitVersion.objects.create(
        unit=unit,
        kind=kind,
        parent=parent,
        code=code,
        name=name or f"Đơn vị {code}",
        start_date=start_date,
        end_date=end_date,
    )


def make_commune(*, parent: Unit | None = None, data_begin: date | None = LONG_AGO, **version) -> Unit:
    """A commune, in a district of its own unless one is given, whose data begin on a day (None: never)."""
    parent = parent or make_unit(UnitVersion.Kind.DISTRICT)
    commune = make_unit(parent=parent, **version)
    if data_begin:
        begin_data(commune, data_begin)
    return commune


def begin_data(unit: Unit, day: date) -> RosterDay:
    return RosterDay.objects.create(unit=unit, day=day)


def make_zone(unit: Unit, zone: int, *, start_date: date = LONG_AGO, end_date: date | None = None) -> UnitZone:
    return UnitZone.objects.create(unit=unit, zone=zone, start_date=start_date, end_date=end_date)


def make_relaxation(
    unit: Unit, is_relaxed: bool = True, *, start_date: date = LONG_AGO, end_date: date | None = None
) -> UnitRelaxation:
    return UnitRelaxation.objects.create(
        unit=unit, is_relaxed=is_relaxed, decision="QĐ thử", start_date=start_date, end_date=end_date
    )


def make_position(
    *, group: str = PositionGroup.CADRE, start_date: date = UNKNOWN_START, end_date: date | None = None
) -> Position:
    order = next(number)
    return Position.objects.create(
        code=f"P{order}",
        order=100 + order,
        group=group,
        subgroup=Position.Subgroup.KEY,
        title=f"Chức danh {order}",
        start_date=start_date,
        end_date=end_date,
    )


def make_standard(
    *,
    group: str = PositionGroup.CADRE,
    start_date: date = UNKNOWN_START,
    end_date: date | None = None,
    transition_until: date | None = None,
) -> Standard:
    code = f"S{next(number)}"
    return Standard.objects.create(
        code=code,
        name=code,
        legal_basis=f"Văn bản {code}",
        position_group=group,
        start_date=start_date,
        end_date=end_date,
        transition_until=transition_until,
    )


def make_requirement(
    standard: Standard, position: Position, dimension: str, minimum: str, *, relaxed: str = "", article: str = ""
) -> Requirement:
    return Requirement.objects.create(
        standard=standard,
        position=position,
        dimension=dimension_of(dimension),
        minimum=level_of(dimension, minimum),
        minimum_relaxed=level_of(dimension, relaxed or minimum),
        article=article,
    )


def make_accepted_field(
    position: Position,
    field_of_study: str,
    *,
    dimension: str = "professional",
    start_date: date = UNKNOWN_START,
    end_date: date | None = None,
) -> AcceptedField:
    return AcceptedField.objects.create(
        position=position,
        dimension=dimension_of(dimension),
        field_of_study=field_of_study,
        field_key=match_key(field_of_study),
        start_date=start_date,
        end_date=end_date,
    )


def make_official(
    full_name: str = "Giàng A Dơ", *, sex: str = "", birth: PartialDate | None = None, ethnic: str = ""
) -> Official:
    return Official.objects.create(
        full_name=full_name,
        sex=sex,
        birth_date=birth.first_day if birth else None,
        birth_precision=birth.precision if birth else "",
        ethnic_group=EthnicGroup.objects.get(code=ethnic) if ethnic else None,
    )


def make_appointment(
    official: Official,
    position: Position,
    unit: Unit,
    *,
    start_date: date = LONG_AGO,
    end_date: date | None = None,
    is_primary: bool = True,
) -> Appointment:
    appointment = registry.appoint(official, position, unit, start_date=start_date, is_primary=is_primary, by=None)
    if end_date:
        registry.end_appointment(appointment, end_date=end_date, reason=Appointment.EndReason.TRANSFERRED, by=None)
    return appointment


def make_qualification(
    official: Official,
    dimension: str,
    level: str,
    *,
    as_of: date = LONG_AGO,
    awarded: PartialDate | date | None = None,
    field_of_study: str = "",
    revoked_on: date | None = None,
    is_error: bool = False,
) -> Qualification:
    """A record known on `as_of`; `awarded` as stated, a plain date being known to the day."""
    qualification = registry.record_qualification(
        official,
        level_of(dimension, level),
        as_of=as_of,
        awarded=PartialDate(awarded, Precision.DAY) if isinstance(awarded, date) else awarded,
        field_of_study=field_of_study,
        by=None,
    )
    if revoked_on:
        registry.revoke(qualification, on=revoked_on, reason="thử", by=None)
    if is_error:
        registry.correct_as_error(qualification, reason="thử", by=None)
    return qualification


def make_waiver(
    official: Official, dimension: str, *, start_date: date = LONG_AGO, end_date: date | None = None
) -> Waiver:
    return registry.waive(
        official,
        dimension_of(dimension),
        start_date=start_date,
        end_date=end_date,
        reason="thử",
        decision="QĐ thử",
        by=None,
    )


def position_of(code: str) -> Position:
    return Position.objects.get(code=code)


def dimension_of(code: str) -> Dimension:
    return Dimension.objects.get(code=code)


def level_of(dimension: str, code: str) -> Level:
    return Level.objects.get(dimension__code=dimension, code=code)


def criterion_of(code: str = "FULL") -> Criterion:
    return Criterion.objects.get(code=code)
