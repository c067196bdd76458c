"""From a nomination to the decision that sends people: every step locks the class, so that no seat is given twice.

A district nominates its own people; the province approves, lets somebody in against a warning, gives a place from its
reserve, and sends those approved by a decision. Who finds no seat waits, and moves up when one is free.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from cadres.history import signed
from cadres.models import ClockTime, Criterion, Official, User
from cadres.two_persons import second_person
from cadres.walls import wide
from courses.enrolment.rules import QUOTA, Rule, Severity, against, judged_posts
from courses.enrolment.waiting import waiting_in_turn
from courses.models import Enrolment, EnrolmentStep, RuleWaiver, SendingDecision, TrainingClass
from courses.seats import Seats, districts_at_start, lock_class, seats_of
from courses.steps import move, note_steps

State = Enrolment.State
DECIDE = "courses.decide_enrolment"
REJECTABLE = (State.WAITING, State.NOMINATED, State.APPROVED)
# What a nomination after a withdrawal leaves of the one before: nothing but its steps.
FRESH: dict[str, Any] = {
    "own_order": None,
    "is_from_reserve": False,
    "decision": None,
    "withdrawal_reason": "",
    "withdrawn_on": None,
    "mark": None,
    "grade": "",
}


@dataclass(frozen=True)
class Refusal:
    """Somebody who was not nominated, and every reason."""

    official: Official
    reasons: list[str]


@dataclass
class Nomination:
    """What became of the people named in one nomination."""

    nominated: list[Enrolment] = field(default_factory=list)
    waiting: list[Enrolment] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)


@dataclass(frozen=True)
class Foreseen:
    """What a nomination would make of somebody: the state, or every reason against; with the post held, if any."""

    official: Official
    state: State | None
    reasons: list[str] = field(default_factory=list)
    post: Any = None
    before: Enrolment | None = None  # an earlier enrolment in the class


def foresee(
    training_class: TrainingClass, officials: Collection[Official], *, day: date, criterion: Criterion
) -> list[Foreseen]:
    """What `nominate` would do now with each of the people, in the order given. Nothing is written.

    Whom a rule bars has its reasons; who finds no seat within the district's quota would wait.
    """
    terms, posts = judged_posts(training_class, [official.pk for official in officials], day=day, criterion=criterion)
    there = {
        enrolment.official_id: enrolment
        for enrolment in Enrolment.objects.filter(training_class=training_class, official__in=officials)
    }
    free = _Free.of(seats_of(training_class))
    districts = districts_at_start(training_class, posts)
    found = []
    for official in officials:
        before, post = there.get(official.pk), posts.get(official.pk)
        if before is not None and before.state not in (State.WITHDRAWN, State.REJECTED):
            reasons = [f"Đã có tên trong lớp ({before.get_state_display().lower()})"]
        elif post is None:
            reasons = [f"Không giữ chức danh nào được tính vào ngày {day:%d/%m/%Y}"]
        else:
            reasons = [told(rule, terms) for rule in against(post) if rule.severity == Severity.BAR]
        state = None
        if not reasons:
            state = State.NOMINATED if free.take(districts.get(official.pk)) else State.WAITING
        found.append(Foreseen(official, state, reasons, post, before))
    return found


@signed
def nominate(
    training_class: TrainingClass,
    officials: Collection[Official],
    *,
    day: date,
    criterion: Criterion,
    by: User | None,
    foreseen: Sequence[Foreseen] | None = None,
) -> Nomination:
    """Nominate people for a class, in the order given, on the day.

    Whom a rule bars is refused with its reasons, the others are taken in all the same; who finds no seat within the
    district's quota goes on the waiting list. `foreseen`: what `foresee` has said of them since this transaction has
    the lock of the class. Raises ValidationError where the class takes no nominations that day.
    """
    training_class = lock_class(training_class)
    if not training_class.takes_nominations_on(day):
        raise ValidationError(why_closed(training_class, day))
    done = Nomination()
    new: list[Enrolment] = []
    returning: dict[State, list[Enrolment]] = {State.NOMINATED: [], State.WAITING: []}
    if foreseen is None:
        foreseen = foresee(training_class, officials, day=day, criterion=criterion)
    for one in foreseen:
        if one.state is None:
            done.refused.append(Refusal(one.official, one.reasons))
            continue
        enrolment = one.before or Enrolment(training_class=training_class, official=one.official)
        enrolment.state, enrolment.nominated_by = one.state, by
        if one.before is None:
            enrolment.queued_at = ClockTime()  # one clock for all processes
            new.append(enrolment)
        else:
            returning[one.state].append(enrolment)
        (done.nominated if one.state == State.NOMINATED else done.waiting).append(enrolment)
    Enrolment.objects.bulk_create(new)
    note_steps(new, by=by)
    for state, enrolments in returning.items():
        RuleWaiver.objects.filter(enrolment__in=enrolments).delete()
        move(enrolments, state, by=by, note="Cử lại", nominated_by=by, queued_at=ClockTime(), **FRESH)
    return done


def why_closed(training_class: TrainingClass, day: date) -> str:
    """Why a class takes no nominations on the day."""
    if training_class.state != TrainingClass.State.OPEN:
        return f"Lớp {training_class.code} không mở đăng ký ({training_class.get_state_display().lower()})."
    return (
        f"Đã quá hạn đăng ký lớp {training_class.code} ({training_class.enrol_until:%d/%m/%Y}). "
        "Hãy đề nghị Sở Nội vụ gia hạn."
    )


def told(rule: Rule, terms: Any) -> str:
    """A rule as a reason: what stands against it, and where it comes from."""
    return f"{rule.label} (theo: {rule.source(terms)})"


@dataclass
class _Free:
    """The seats still to be given: of the class, of each district's quota (None: no quotas), of the reserve."""

    total: int
    quotas: dict[int | None, int] | None
    reserve: int

    @classmethod
    def of(cls, seats: Seats) -> "_Free":
        quotas = {district: quota - taken for district, (quota, taken) in seats.by_district.items()}
        return cls(
            total=seats.total - seats.taken,
            quotas=quotas if seats.has_quotas else None,
            reserve=seats.reserve - seats.reserve_taken,
        )

    def take(self, district: int | None) -> bool:
        """Give a seat within the district's quota; False where there is none."""
        if self.total <= 0 or (self.quotas is not None and self.quotas.get(district, 0) <= 0):
            return False
        self.total -= 1
        if self.quotas is not None:
            self.quotas[district] -= 1
        return True


@wide()
@signed
def move_up(training_class: TrainingClass, *, by: User | None) -> list[Enrolment]:
    """Give free seats to those who wait, in their turn (waiting.py); whose district's quota is used up waits on.

    To be called wherever a seat may have come free. Returns those who moved up.
    """
    training_class = lock_class(training_class)
    if training_class.state not in (TrainingClass.State.OPEN, TrainingClass.State.PLANNED):
        return []
    free = _Free.of(seats_of(training_class))
    if free.total <= 0:
        return []
    moved = [enrolment for enrolment in waiting_in_turn(training_class) if free.take(enrolment.district_id)]
    move(moved, State.NOMINATED, by=by, note="Lên từ danh sách chờ")
    return moved


@signed
def give_reserve(enrolment: Enrolment, *, reason: str, by: User | None) -> Enrolment:
    """Give somebody who waits a seat of the province's reserve, for a reason.

    Raises ValidationError without a reason, where the person does not wait, or where no seat of the reserve is free.
    """
    training_class = lock_class(enrolment.training_class)
    enrolment = Enrolment.objects.select_related("official").get(pk=enrolment.pk)
    if enrolment.state != State.WAITING:
        raise ValidationError(f"{enrolment.official} không còn ở danh sách chờ.")
    free = _Free.of(seats_of(training_class))
    if free.total <= 0 or free.reserve <= 0:
        raise ValidationError("Lớp không còn chỗ dự phòng. Hãy tăng số chỗ của lớp hoặc giảm chỉ tiêu của đơn vị khác.")
    _waive(enrolment, {QUOTA: reason}, by=by)
    move([enrolment], State.NOMINATED, by=by, note=f"Chỗ dự phòng: {reason}", is_from_reserve=True)
    return enrolment


@dataclass(frozen=True)
class Reviewed:
    """A nomination as `approve` sees it: why it cannot be approved, else the warnings that want a reason."""

    enrolment: Enrolment
    post: Any
    problems: list[str]
    warnings: list[Rule]


def review(
    training_class: TrainingClass, enrolments: Iterable[Enrolment], *, day: date, criterion: Criterion
) -> list[Reviewed]:
    """What stands against approving each of the nominations of the class now, by name."""
    chosen = list(
        training_class.enrolments.filter(pk__in=[enrolment.pk for enrolment in enrolments])
        .select_related("official")
        .prefetch_related("waivers")
        .order_by("official__name_order", "pk")
    )
    people = [enrolment.official_id for enrolment in chosen]
    terms, posts = judged_posts(training_class, people, day=day, criterion=criterion)
    found = []
    for enrolment in chosen:
        post = posts.get(enrolment.official_id)
        standing = against(post) if post else []
        if enrolment.state != State.NOMINATED:
            problems = [f"{enrolment.get_state_display().lower()}, không còn chờ duyệt"]
        elif post is None:
            problems = [f"không còn giữ chức danh vào ngày {day:%d/%m/%Y}"]
        else:
            problems = [told(rule, terms) for rule in standing if rule.severity == Severity.BAR]
        given = {waiver.rule for waiver in enrolment.waivers.all()}
        warnings = [rule for rule in standing if rule.severity == Severity.WARNING and rule.code not in given]
        found.append(Reviewed(enrolment, post, problems, warnings))
    return found


@signed
def approve(
    training_class: TrainingClass,
    enrolments: Iterable[Enrolment],
    *,
    day: date,
    criterion: Criterion,
    by: User | None,
    waivers: Mapping[int, Mapping[str, str]] | None = None,
) -> int:
    """Approve nominations, all of them or none; returns how many.

    The rules are looked at again. `waivers` gives enrolment → rule → reason for each warning that still stands.
    Raises ValidationError that names everybody whom a bar or a warning without a reason keeps out.
    """
    training_class = lock_class(training_class)
    reviewed = review(training_class, enrolments, day=day, criterion=criterion)
    problems = []
    for item in reviewed:
        reasons = (waivers or {}).get(item.enrolment.pk, {})
        problems += [f"{item.enrolment.official}: {problem}." for problem in item.problems]
        wanting = [rule for rule in item.warnings if not reasons.get(rule.code, "").strip()]
        problems += [f"{item.enrolment.official}: cần ghi lý do bỏ qua cảnh báo “{rule.label}”." for rule in wanting]
        if not item.problems and not wanting:
            _waive(item.enrolment, {rule.code: reasons[rule.code] for rule in item.warnings}, by=by)
    if problems:
        raise ValidationError(problems)
    return move([item.enrolment for item in reviewed], State.APPROVED, by=by)


def objected(training_class: TrainingClass, *, day: date, criterion: Criterion) -> list[tuple[Enrolment, list[Rule]]]:
    """Whoever is approved or has the decision though rules stand against them that nobody waived, by name.

    It comes about where the dates of the class were changed, or the person's standing, after the approval.
    """
    sent = training_class.enrolments.filter(state__in=(State.APPROVED, State.DECIDED)).select_related("official")
    people = list(sent.prefetch_related("waivers").order_by("official__name_order", "pk"))
    _, posts = judged_posts(
        training_class, [enrolment.official_id for enrolment in people], day=day, criterion=criterion
    )
    found = []
    for enrolment in people:
        post, waived = posts.get(enrolment.official_id), {waiver.rule for waiver in enrolment.waivers.all()}
        if rules := [rule for rule in against(post) if rule.code not in waived] if post else []:
            found.append((enrolment, rules))
    return found


def _waive(enrolment: Enrolment, reasons: Mapping[str, str], *, by: User | None) -> None:
    for rule, reason in reasons.items():
        if not reason.strip():
            raise ValidationError("Hãy ghi lý do.")
        RuleWaiver.objects.create(enrolment=enrolment, rule=rule, reason=reason.strip(), by=by)


@signed
def reject(
    training_class: TrainingClass, enrolments: Iterable[Enrolment], *, reason: str, by: User | None
) -> list[Enrolment]:
    """Turn nominations down for a reason; their seats go to those who wait. Returns those who moved up."""
    if not reason.strip():
        raise ValidationError("Hãy ghi lý do không duyệt.")
    training_class = lock_class(training_class)
    chosen = list(
        training_class.enrolments.filter(
            pk__in=[enrolment.pk for enrolment in enrolments],
            state__in=REJECTABLE,
        )
    )
    move(chosen, State.REJECTED, by=by, note=reason.strip(), is_from_reserve=False)
    return move_up(training_class, by=by)


@signed
def withdraw(enrolment: Enrolment, *, on: date, reason: str, note: str = "", by: User | None) -> list[Enrolment]:
    """Take somebody out of a class, before it starts or while it runs; a free seat goes to those who wait.

    Returns those who moved up.
    Raises ValidationError without a reason, or where the person is no longer in the class or already has a result.
    """
    training_class = lock_class(enrolment.training_class)
    enrolment = Enrolment.objects.select_related("official").get(pk=enrolment.pk)
    if enrolment.state not in (*Enrolment.BEFORE_CLASS, State.ATTENDING):
        raise ValidationError(
            f"{enrolment.official} không rút được: {enrolment.get_state_display().lower()} ở lớp {training_class.code}."
        )
    if reason not in Enrolment.WithdrawalReason.values:
        raise ValidationError("Hãy chọn lý do rút.")
    if reason == Enrolment.WithdrawalReason.QUIT and enrolment.state != State.ATTENDING:
        raise ValidationError("Chỉ người đang học mới bị ghi là tự ý bỏ học; hãy chọn lý do khác.")
    if reason == Enrolment.WithdrawalReason.MISTAKE and enrolment.state == State.ATTENDING:
        raise ValidationError("Người đã vào học không còn là cử nhầm; hãy chọn lý do khác.")
    label = Enrolment.WithdrawalReason(reason).label
    move(
        [enrolment],
        State.WITHDRAWN,
        by=by,
        note=f"{label}. {note}".strip(),
        withdrawal_reason=reason,
        withdrawn_on=on,
        is_from_reserve=False,
    )
    return move_up(training_class, by=by)


@signed
def decide(
    training_class: TrainingClass,
    *,
    number: str,
    signed_on: date,
    signer: str,
    signer_post: str,
    alone: str = "",
    by: User | None,
) -> SendingDecision:
    """Send everybody approved by one decision (quyết định cử đi học).

    Raises ValidationError where nobody is approved, where the number is used in that year, where the class is over or
    not open, or where the decision is signed after the class ends; and where the account approved any of them, unless
    nobody else could send them and `alone` says why.
    """
    training_class = lock_class(training_class)
    states = TrainingClass.State
    if training_class.state not in (states.PLANNED, states.OPEN, states.RUNNING):
        raise ValidationError(f"Lớp {training_class.code} {training_class.get_state_display().lower()}.")
    if signed_on > training_class.end_date:
        raise ValidationError(
            {"signed_on": f"Ngày ký ở sau ngày bế giảng ({training_class.end_date:%d/%m/%Y}). Hãy xem lại ngày ký."}
        )
    approved = list(training_class.enrolments.filter(state=State.APPROVED))
    if not approved:
        raise ValidationError("Chưa có ai được duyệt. Hãy duyệt danh sách trước khi ra quyết định.")
    decision = SendingDecision(
        training_class=training_class, number=number, signed_on=signed_on, signer=signer, signer_post=signer_post
    )
    decision.full_clean()
    state = State.ATTENDING if training_class.state == states.RUNNING else State.DECIDED
    with second_person(by, DECIDE, approved_by(training_class), alone=alone):
        decision.save()
        move(approved, state, by=by, note=f"Quyết định số {number}", decision=decision)
    return decision


def approved_by(training_class: TrainingClass) -> set[int]:
    """The keys of the accounts that approved whoever is approved and not sent yet."""
    steps = EnrolmentStep.objects.filter(
        enrolment__training_class=training_class, enrolment__state=State.APPROVED, state=State.APPROVED
    )
    return set(steps.exclude(by=None).values_list("by", flat=True))
