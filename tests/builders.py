"""One row of a kind, with whatever a test does not care about filled in. Where a rule is involved the registry writes.

Positions, dimensions and levels are named by their codes: `make_qualification(official, "professional", "TC")`.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any

from django.utils.timezone import make_aware

from cadres import registry
from cadres.installation import set_demonstration_day
from cadres.models import (
    AcceptedField,
    Appointment,
    Criterion,
    Dimension,
    EthnicGroup,
    Installation,
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
    User,
    Waiver,
)
from cadres.periods import UNKNOWN_START, PartialDate, Precision
from cadres.text import match_key
from courses.models import (
    ClassSession,
    Enrolment,
    Institution,
    InstitutionAccount,
    PlanLine,
    Programme,
    SendingDecision,
    SubjectArea,
    Trainer,
    TrainingClass,
)

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


def it_is(day: date) -> None:
    """The day that is taken for today, and looked at where no other is asked for: the clock is years too late."""
    set_demonstration_day(day, by=None)


def the_clock_says(day: date) -> None:
    """The day that is taken for today; pages that name no day go on speaking of the one of `it_is`."""
    Installation.objects.update_or_create(defaults={"demonstration_day": day})


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
    *, group: str = PositionGroup.CADRE, start_date: date = UNKNOWN_START, end_date: date | None = None, **columns: Any
) -> Position:
    order = next(number)
    invented = {"code": f"P{order}", "title": f"Chức danh {order}", "subgroup": Position.Subgroup.KEY}
    return Position.objects.create(
        order=100 + order, group=group, start_date=start_date, end_date=end_date, **(invented | columns)
    )


def make_standard(
    *,
    group: str = PositionGroup.CADRE,
    start_date: date = UNKNOWN_START,
    end_date: date | None = None,
    transition_until: date | None = None,
    over: Standard | None = None,
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
        over=over,
    )


def make_requirement(
    standard: Standard,
    position: Position,
    dimension: str,
    minimum: str,
    *,
    relaxed: str = "",
    article: str = "",
    start_date: date = UNKNOWN_START,
    end_date: date | None = None,
) -> Requirement:
    return Requirement.objects.create(
        standard=standard,
        position=position,
        dimension=dimension_of(dimension),
        minimum=level_of(dimension, minimum),
        minimum_relaxed=level_of(dimension, relaxed or minimum),
        article=article,
        start_date=start_date,
        end_date=end_date,
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


# ---------------------------------------------------------------- training


def make_institution(name: str = "", *, head: str = "Nguyễn Văn Hiệu", user: User | None = None) -> Institution:
    """An institution, given to an account for all time where one is named."""
    code = f"CS{next(number)}"
    institution = Institution.objects.create(code=code, name=name or f"Cơ sở {code}", head=head)
    if user:
        InstitutionAccount.objects.create(user=user, institution=institution)
    return institution


def make_programme(
    raises_to: str = "",
    *,
    kind: str = Programme.Kind.CERTIFICATE,
    title: str = "",
    hours: int = 40,
    field_of_study: str = "",
    area: str = "",
    targets: tuple[str, ...] = (),
    prerequisites: tuple[str, ...] = (),
) -> Programme:
    """A programme; `raises_to` and prerequisites as "dimension:level" ("it:A"), `targets` as codes of positions."""
    code = f"CT{next(number)}"
    programme = Programme.objects.create(
        code=code,
        title=title or f"Chương trình {code}",
        kind=kind,
        subject_area=SubjectArea.objects.get(code=area) if area else SubjectArea.objects.first(),
        raises_to=level_of(*raises_to.split(":")) if raises_to else None,
        field_of_study=field_of_study,
        hours=hours,
    )
    programme.target_positions.set(position_of(target) for target in targets)
    programme.prerequisites.set(level_of(*level.split(":")) for level in prerequisites)
    return programme


def make_trainer(
    full_name: str = "",
    *,
    kind: str = Trainer.Kind.FULL_TIME,
    institution: Institution | None = None,
    post: str = "",
    subjects: Iterable[SubjectArea] = (),
) -> Trainer:
    trainer = Trainer.objects.create(
        full_name=full_name or f"Giảng viên {next(number)}", kind=kind, institution=institution, post=post
    )
    trainer.subjects.set(subjects)
    return trainer


def make_class(
    programme: Programme | None = None,
    *,
    state: str = TrainingClass.State.RUNNING,
    start_date: date = date(2015, 3, 2),
    end_date: date = date(2015, 3, 6),
    seats: int = 40,
    institution: Institution | None = None,
    place: Unit | None = None,
    **columns: Any,
) -> TrainingClass:
    """A class of a week in March 2015, at the province's seat unless told otherwise."""
    return TrainingClass.objects.create(
        code=columns.pop("code", "") or f"LOP-{next(number)}",
        programme=programme or make_programme(),
        institution=institution,
        place=place or UnitVersion.objects.filter(kind=UnitVersion.Kind.PROVINCE).earliest("start_date").unit,
        start_date=start_date,
        end_date=end_date,
        seats=seats,
        state=state,
        **columns,
    )


def class_of_line(line: PlanLine, *, institution: Institution | None = None, **columns: Any) -> TrainingClass:
    """A class as it is offered from a plan line, in March 2016 unless told otherwise; not written."""
    columns = {"start_date": date(2016, 3, 7), "end_date": date(2016, 3, 11)} | columns
    return TrainingClass(
        plan_line=line,
        programme=line.programme,
        seats=line.seats,
        place=UnitVersion.objects.filter(kind=UnitVersion.Kind.PROVINCE).earliest("start_date").unit,
        institution=institution or line.institution,
        **columns,
    )


def make_session(
    training_class: TrainingClass, day: date | None = None, *, hour: int = 8, hours: int = 4, **columns: Any
) -> ClassSession:
    """A session of half a day, on the first day of the class unless told otherwise; `hour` in local time."""
    starts_at = make_aware(datetime.combine(day or training_class.start_date, time(hour)))
    return ClassSession.objects.create(
        training_class=training_class,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=45 * hours),
        hours=hours,
        **columns,
    )


def make_sending_decision(training_class: TrainingClass, *, signed_on: date | None = None) -> SendingDecision:
    return SendingDecision.objects.create(
        training_class=training_class,
        number=f"{next(number)}/QĐ-SNV",
        signed_on=signed_on or training_class.start_date - timedelta(days=10),
    )


def make_enrolment(
    official: Official,
    training_class: TrainingClass,
    state: str = Enrolment.State.ATTENDING,
    *,
    queued_at: datetime | None = None,
    **columns: Any,
) -> Enrolment:
    """Somebody in a class, in a state, with the sending decision and the reason that the state demands."""
    sent = (Enrolment.State.DECIDED, Enrolment.State.ATTENDING, *Enrolment.WITH_RESULT)
    if state in sent and "decision" not in columns:
        columns["decision"] = training_class.sending_decisions.first() or make_sending_decision(training_class)
    if state == Enrolment.State.WITHDRAWN:
        columns.setdefault("withdrawal_reason", Enrolment.WithdrawalReason.WORK)
        columns.setdefault("withdrawn_on", training_class.start_date)
    queued_at = queued_at or make_aware(datetime.combine(training_class.start_date, time(8))) - timedelta(days=30)
    return Enrolment.objects.create(
        training_class=training_class, official=official, state=state, queued_at=queued_at, **columns
    )


def position_of(code: str) -> Position:
    return Position.objects.get(code=code)


def dimension_of(code: str) -> Dimension:
    return Dimension.objects.get(code=code)


def level_of(dimension: str, code: str) -> Level:
    return Level.objects.get(dimension__code=dimension, code=code)


def criterion_of(code: str = "FULL") -> Criterion:
    return Criterion.objects.get(code=code)
