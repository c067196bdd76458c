"""A class as it is set up and changed: its dates, its seats, and how many of them each district may fill."""

from collections.abc import Collection, Iterable, Mapping

from django.core.exceptions import ValidationError

from cadres.history import signed
from cadres.models import Unit, User
from cadres.places import names_answering
from courses.classes.funding import give_share
from courses.enrolment.nomination import move_up
from courses.models import ClassQuota, Enrolment, PlanLine, ProgrammeModule, Trainer, TrainingClass
from courses.planning.money import APPROVED, check_commitment, effective_lines, living_classes
from courses.seats import Seats, lock_class, seats_of

State = TrainingClass.State
OVER = (State.ENDED, State.CANCELLED)
# What may still be changed of a class that is over: words, and nothing that a figure or a certificate rests on.
WORDS = ("venue", "decision")
# What the people of a class were chosen by and are counted by: fixed once it has started.
FIXED_BY_START = ("programme_id", "modules", "start_date")


@signed
def save_class(
    training_class: TrainingClass,
    *,
    trainers: Iterable[Trainer] | None = None,
    modules: Collection[ProgrammeModule] | None = None,
    by: User | None,
) -> TrainingClass:
    """Write a class, new or changed (change_class); without a code it gets one. The state is not changed here.

    A new class of a plan line gets its share of the line's money. Raises ValidationError for what the model forbids,
    for a place that is not there on the first day, for a plan line that does not hold, is of another programme or has
    all its classes, for modules of another programme. Trainers and modules: None leaves them as they are.
    """
    if training_class.pk is not None:
        change_class(training_class, trainers=trainers, modules=modules, by=by)
        return training_class
    training_class.state, training_class.state_reason = State.PLANNED, ""
    if line := _write(training_class, {"plan_line_id"}, trainers, modules):
        give_share(training_class, line)
    return training_class


@signed
def change_class(
    training_class: TrainingClass,
    *,
    trainers: Iterable[Trainer] | None = None,
    modules: Collection[ProgrammeModule] | None = None,
    by: User | None,
) -> list[Enrolment]:
    """Write what was changed of a class; more seats move the waiting list up. Returns who moved up.

    Raises ValidationError as save_class; for fewer seats than are taken or given out as quotas, for dates that leave a
    session outside, and for what may no longer be changed once the class runs or is over.
    """
    changed = _check_change(lock_class(training_class), training_class, modules)
    _write(training_class, changed, trainers, modules)
    _check_quotas(seats_of(training_class), training_class)
    return move_up(training_class, by=by)


def _write(
    training_class: TrainingClass,
    changed: Collection[str],
    trainers: Iterable[Trainer] | None,
    modules: Collection[ProgrammeModule] | None,
) -> PlanLine | None:
    """Write the row; returns the plan line where that is new to it."""
    line = None
    if not training_class.code and training_class.programme_id and training_class.start_date:
        training_class.code = next_code(training_class)
    training_class.full_clean()
    if training_class.plan_line_id is not None and {"plan_line_id", "programme_id"}.intersection(changed):
        line = _checked_plan_line(training_class, training_class.plan_line_id)
    if not training_class.place.versions.as_of(training_class.start_date).exists():
        raise ValidationError({"place": f"Đơn vị này không có vào ngày {training_class.start_date:%d/%m/%Y}."})
    own = training_class.own_modules if modules is None else modules
    if foreign := [module for module in own if module.programme_id != training_class.programme_id]:
        told = f"“{foreign[0]}” không phải học phần của “{training_class.programme}”. Hãy bỏ chọn học phần đó."
        raise ValidationError({"modules": told})
    training_class.save()
    if trainers is not None:
        training_class.trainers.set(trainers)
    if modules is not None:
        training_class.modules.set(modules)
    return line


def _checked_plan_line(training_class: TrainingClass, key: int) -> PlanLine:
    """The plan line, locked. Raises ValidationError where it holds no class like this one, or not one more of them."""
    line = PlanLine.objects.select_for_update(of=("self",)).select_related("plan", "programme").get(pk=key)
    if line.plan.state != APPROVED:
        raise ValidationError({"plan_line": "Kế hoạch chưa được phê duyệt, nên chưa lập được lớp theo dòng này."})
    if not effective_lines(line.plan).filter(pk=key).exists():
        raise ValidationError(
            {"plan_line": f"Dòng “{line.programme}” đã được điều chỉnh. Hãy lập lớp theo dòng đang có hiệu lực."}
        )
    if line.programme_id != training_class.programme_id:
        raise ValidationError(
            {"plan_line": f"Dòng kế hoạch này dành cho “{line.programme}”. Hãy chọn dòng của chương trình của lớp."}
        )
    others = living_classes(line).exclude(pk=training_class.pk).count()
    if others >= line.class_count:
        raise ValidationError(
            {
                "plan_line": f"Dòng kế hoạch này có {line.class_count} lớp và đã lập đủ. "
                "Muốn thêm, hãy điều chỉnh kế hoạch."
            }
        )
    if training_class.pk:
        check_commitment(training_class, dict(training_class.funding.values_list("source", "committed")))
    return line


def next_code(training_class: TrainingClass) -> str:
    """The next code of the programme in the year of the class: QLNN-2016-3."""
    beginning = f"{training_class.programme.code}-{training_class.start_date.year}-"
    codes = TrainingClass.objects.filter(code__startswith=beginning).values_list("code", flat=True)
    numbers = [int(rest) for code in codes if (rest := code.removeprefix(beginning)).isdecimal()]
    return f"{beginning}{max(numbers, default=0) + 1}"


def _check_change(
    before: TrainingClass, wanted: TrainingClass, modules: Collection[ProgrammeModule] | None
) -> set[str]:
    """The columns in which a class (locked) is to change; "modules" where it is to teach others.

    Raises ValidationError where the change takes something away that others rest on.
    """
    wanted.state, wanted.state_reason = before.state, before.state_reason
    names = {field.attname for field in TrainingClass._meta.concrete_fields}
    changed = {name for name in names if getattr(before, name) != getattr(wanted, name)}
    if modules is not None and set(before.own_modules) != set(modules):
        changed.add("modules")
    if before.state in OVER and changed - set(WORDS):
        remedy = "Hãy mở lại lớp trước." if before.state == State.ENDED else "Hãy lập lớp mới."
        raise ValidationError(
            f"Lớp {before.get_state_display().lower()}: chỉ còn sửa được nơi học và quyết định mở lớp. {remedy}"
        )
    if before.state == State.RUNNING and changed & set(FIXED_BY_START):
        raise ValidationError("Lớp đã khai giảng: không đổi được chương trình, học phần và ngày khai giảng.")
    seats = seats_of(before)
    if "programme_id" in changed and (seats.taken or seats.waiting):
        raise ValidationError(
            {"programme": f"Đã có {seats.taken + seats.waiting} người được cử theo chương trình này. Hãy lập lớp khác."}
        )
    if "modules" in changed and (seats.taken or seats.waiting):
        raise ValidationError(
            {"modules": f"Đã có {seats.taken + seats.waiting} người được cử học các học phần đã ghi. Hãy lập lớp khác."}
        )
    if wanted.seats is not None and wanted.seats < seats.taken:
        raise ValidationError(
            {"seats": f"Đã có {seats.taken} người giữ chỗ; số chỗ không được ít hơn. Hãy rút bớt người trước."}
        )
    given = sum(quota for quota, _ in seats.by_district.values()) + seats.reserve_taken
    if seats.has_quotas and wanted.seats is not None and wanted.seats < given:
        raise ValidationError(
            {
                "seats": f"Đã giao {given} chỗ (chỉ tiêu của các đơn vị và chỗ dự phòng đã dùng). "
                "Hãy giảm chỉ tiêu của các đơn vị trước."
            }
        )
    if {"start_date", "end_date"} & changed and wanted.start_date and wanted.end_date:
        _check_sessions_within(wanted)
    return changed


def _check_sessions_within(training_class: TrainingClass) -> None:
    sessions = training_class.sessions.filter(is_cancelled=False)
    outside = sessions.exclude(
        starts_at__date__gte=training_class.start_date, ends_at__date__lte=training_class.end_date
    ).order_by("starts_at")
    if first := outside.first():
        raise ValidationError(
            f"Có {outside.count()} buổi học nằm ngoài thời gian mới của lớp, buổi đầu là {first}. "
            "Hãy dời hoặc xóa các buổi đó trước."
        )


@signed
def change_seats(training_class: TrainingClass, seats: int, *, by: User | None) -> TrainingClass:
    """Give a class another number of seats; otherwise as save_class."""
    training_class = lock_class(training_class)
    training_class.seats = seats
    return save_class(training_class, by=by)


@signed
def set_quotas(training_class: TrainingClass, quotas: Mapping[int, int], *, by: User | None) -> list[Enrolment]:
    """Give each district (its key) so many seats; a district not named gets none. Returns who moved up.

    No quotas at all: first come, first served. Raises ValidationError where the quotas are more than the seats, or
    less than a district has taken (named), and once the class has started.
    """
    training_class = lock_class(training_class)
    if training_class.state not in (State.PLANNED, State.OPEN):
        raise ValidationError(
            f"Chỉ giao chỉ tiêu khi lớp chưa khai giảng (lớp {training_class.get_state_display().lower()})."
        )
    wanted = {district: seats for district, seats in quotas.items() if seats}
    names = names_answering(training_class.start_date)
    if set(wanted) - set(names):
        raise ValidationError(
            f"Có đơn vị không được giao chỉ tiêu vào ngày khai giảng {training_class.start_date:%d/%m/%Y}. "
            "Hãy tải lại trang."
        )
    if any(seats < 0 for seats in wanted.values()):
        raise ValidationError("Chỉ tiêu phải từ 0 trở lên.")
    if sum(wanted.values()) > training_class.seats:
        raise ValidationError(
            f"Tổng chỉ tiêu {sum(wanted.values())} nhiều hơn {training_class.seats} chỗ của lớp. "
            "Hãy giảm chỉ tiêu hoặc tăng số chỗ."
        )
    ClassQuota.objects.filter(training_class=training_class).exclude(district__in=wanted).delete()
    ClassQuota.objects.bulk_create(
        (
            ClassQuota(training_class=training_class, district_id=district, seats=seats)
            for district, seats in wanted.items()
        ),
        update_conflicts=True,
        unique_fields=["training_class", "district"],
        update_fields=["seats"],
    )
    _check_quotas(seats_of(training_class), training_class)
    return move_up(training_class, by=by)


def _check_quotas(seats: Seats, training_class: TrainingClass) -> None:
    """Raise ValidationError where a district holds more seats than its quota, or the reserve is overdrawn."""
    if not seats.has_quotas or training_class.state not in (State.PLANNED, State.OPEN):
        return
    over = {
        district: both for district, both in seats.by_district.items() if district is not None and both[1] > both[0]
    }
    if over:
        units = Unit.objects.filter(pk__in=over).prefetch_related("versions")
        told = [
            f"{unit.name_on(training_class.start_date)} đã cử {over[unit.pk][1]} người, chỉ tiêu {over[unit.pk][0]}"
            for unit in units
        ]
        raise ValidationError(f"Chỉ tiêu ít hơn số người đã cử: {'; '.join(sorted(told))}. Hãy tăng chỉ tiêu.")
    if seats.reserve < seats.reserve_taken:
        raise ValidationError(
            f"Chỗ dự phòng còn {seats.reserve} nhưng đã dùng {seats.reserve_taken}. "
            "Hãy giảm chỉ tiêu của các đơn vị hoặc tăng số chỗ."
        )
