"""Commitments to serve after đào tạo, who broke one, and what is to be repaid, with every part of the sum.

NĐ 101/2017/NĐ-CP Điều 7–9 (NĐ 171/2025/NĐ-CP): one serves a multiple of the time of study; who quits or is given no
degree repays everything, who leaves early S = F / T1 × (T1 − T2); less so much for each year served before the studies.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import (
    Case,
    Count,
    DateField,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    TextChoices,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from cadres.history import signed
from cadres.models import Appointment, EthnicGroup, Level, Official, Sex, User
from cadres.periods import MonthsAfter, full_months, months_begun, row_on
from cadres.posts import left_for_good
from cadres.text import first_named
from courses.models import (
    ClassFunding,
    Commitment,
    Enrolment,
    Programme,
    Repayment,
    TrainingClass,
    TrainingRegulation,
)
from courses.obligations.measures import QUITTING

State = Enrolment.State
BINDING = (State.COMPLETED, State.ATTENDING)  # who may commit
ATTENDED = (State.ATTENDING, State.COMPLETED, State.FAILED)  # among whom the money of a class is shared
# Ends of a post that break a commitment where no other primary post follows; retirement and lost elections do not.
LEAVING = (
    Appointment.EndReason.RESIGNED,
    Appointment.EndReason.DISCIPLINED,
    Appointment.EndReason.TRANSFERRED,
)
TWELVE = 12


class Standing(TextChoices):
    RUNNING = "running", "Đang phục vụ"
    SERVED = "served", "Đã phục vụ đủ"
    BROKEN = "broken", "Vi phạm, chưa đền bù"
    REPAID = "repaid", "Đã tính đền bù"


# ---------------------------------------------------------------- who should commit, and to what


def without_commitment(enrolments: QuerySet[Enrolment]) -> QuerySet[Any]:
    """Those of đào tạo, completed or attended, for which no commitment is on record; with what `proposal` needs.

    Not those of programmes for which the regulation of the first day of the class asks for none, as
    `TrainingRegulation.binds` says of one.
    """
    binding = enrolments.filter(
        training_class__programme__kind=Programme.Kind.DEGREE, state__in=BINDING, commitment__isnull=True
    ).exclude(training_class__state=TrainingClass.State.CANCELLED)
    reached = Level.objects.filter(
        pk=OuterRef(OuterRef("training_class__programme__raises_to")),
        dimension=OuterRef("commits_from__dimension"),
        rank__gte=OuterRef("commits_from__rank"),
    )
    asks_for_none = TrainingRegulation.objects.as_of(OuterRef("training_class__start_date")).filter(
        ~Exists(reached), commits_from__isnull=False
    )
    return with_cost(binding.filter(~Exists(asks_for_none)))


def with_cost(enrolments: QuerySet[Enrolment]) -> QuerySet[Any]:
    """Add `class_spent`, `class_committed` (đồng, of the whole class) and `attended`, how many people studied in it."""
    money = ClassFunding.objects.filter(training_class=OuterRef("training_class")).order_by().values("training_class")
    people = (
        Enrolment.objects.filter(training_class=OuterRef("training_class"), state__in=ATTENDED)
        .order_by()
        .values("training_class")
    )
    return enrolments.annotate(
        class_spent=Coalesce(Subquery(money.annotate(total=Sum("spent")).values("total")), 0),
        class_committed=Coalesce(Subquery(money.annotate(total=Sum("committed")).values("total")), 0),
        attended=Coalesce(Subquery(people.annotate(total=Count("pk")).values("total")), 0),
    )


@dataclass(frozen=True)
class Proposal:
    """What somebody would commit to, and how it comes about."""

    study_months: int
    regulation: TrainingRegulation | None
    months: int | None  # None where no regulation was in force when the class started
    money: int  # đồng of the whole class: what was spent, else what was committed
    is_spent: bool
    people: int
    cost: int
    starts_on: date


def proposal(enrolment: Any, regulations: Iterable[TrainingRegulation]) -> Proposal:
    """What an enrolment of `with_cost` (with its class) commits to, by the regulation of the first day of the class."""
    start, end = enrolment.training_class.start_date, enrolment.training_class.end_date
    regulation = row_on(regulations, start)
    money = enrolment.class_spent or enrolment.class_committed
    return Proposal(
        study_months=regulation.study_months(start, end) if regulation else months_begun(start, end),
        regulation=regulation,
        months=regulation.commitment_months(start, end) if regulation else None,
        money=money,
        is_spent=bool(enrolment.class_spent),
        people=enrolment.attended,
        cost=half_up(Fraction(money, enrolment.attended)) if enrolment.attended else 0,
        starts_on=end + timedelta(days=1),
    )


@signed
def record_commitment(
    enrolment: Enrolment,
    *,
    signed_on: date,
    starts_on: date | None,
    months: int,
    cost: int,
    by: User | None,
    note: str = "",
) -> Commitment:
    """Record what somebody promised: `months` from `starts_on`, after studies that cost so many đồng.

    Raises ValidationError where the studies bind nobody, or a commitment is there already.
    """
    (enrolment,) = _bound([enrolment.pk])
    commitment = Commitment(enrolment=enrolment)
    return _write(commitment, signed_on=signed_on, starts_on=starts_on, months=months, cost=cost, note=note)


@signed
def record_commitments(
    proposals: Mapping[int, Proposal], *, signed_on: date, by: User | None, note: str = ""
) -> list[Commitment]:
    """Record what many promised on one day: enrolment (its key) → what it commits to.

    All or none: raises ValidationError that names who is not bound, has a commitment already, or has no months because
    no regulation was in force.
    """
    if not proposals:
        raise ValidationError("Chưa chọn ai. Hãy đánh dấu những người đã ký cam kết.")
    written = [
        Commitment(
            enrolment=enrolment,
            signed_on=signed_on,
            starts_on=proposed.starts_on,
            months=proposed.months,
            cost=proposed.cost,
            note=note,
        )
        for enrolment in _bound(proposals)
        if (proposed := proposals[enrolment.pk]).months is not None
    ]
    if len(written) < len(proposals):
        raise ValidationError("Ngày khai giảng chưa có văn bản quy định số tháng cam kết. Hãy ghi cam kết từng người.")
    return Commitment.objects.bulk_create(written)


def _bound(keys: Iterable[int]) -> list[Enrolment]:
    """The turns, locked until the transaction ends, by name. Raises ValidationError that names whom the studies do not
    bind, or who has a commitment already."""
    enrolments = _locked_turns(keys)
    regulations = list(TrainingRegulation.objects.select_related("commits_from"))
    for enrolment in enrolments:
        if refused := _why_not_bound(enrolment, row_on(regulations, enrolment.training_class.start_date)):
            raise ValidationError(refused)
    there = Commitment.objects.filter(enrolment__in=enrolments).select_related("enrolment__official")
    if again := [str(commitment.enrolment.official) for commitment in there]:
        raise ValidationError(f"{first_named(again)} đã có cam kết cho lớp này. Hãy sửa cam kết đã ghi.")
    return enrolments


def _locked_turns(keys: Iterable[int]) -> list[Enrolment]:
    return list(
        Enrolment.objects.select_for_update(of=("self",))
        .select_related("training_class__programme__raises_to", "official")
        .filter(pk__in=list(keys))
        .order_by("official__name_order", "pk")
    )


def _why_not_bound(enrolment: Enrolment, regulation: TrainingRegulation | None) -> str:
    """Why somebody commits to nothing by studies, as told; empty where they bind."""
    training_class = enrolment.training_class
    programme = training_class.programme
    if programme.kind != Programme.Kind.DEGREE:
        return f"{programme} không phải chương trình đào tạo nên không phải cam kết."
    if regulation and not regulation.binds(programme):
        return (
            f"Theo {regulation}, có hiệu lực ngày khai giảng {training_class.start_date:%d/%m/%Y}, chỉ học từ "
            f"{regulation.commits_from} trở lên mới phải cam kết; {programme} thì không."
        )
    if enrolment.state not in BINDING or training_class.state == TrainingClass.State.CANCELLED:
        return (
            f"{enrolment.official} không học lớp {training_class.code} (tình trạng: "
            f"{enrolment.get_state_display().lower()}). Chỉ người đang học hoặc đã học xong mới cam kết."
        )
    return ""


@signed
def change_commitment(
    commitment: Commitment,
    *,
    signed_on: date,
    starts_on: date | None,
    months: int,
    cost: int,
    by: User | None,
    note: str = "",
) -> Commitment:
    """Correct a commitment, or tell from when it runs. Raises ValidationError once a repayment was computed from it."""
    commitment = _locked(commitment)
    if Repayment.objects.filter(commitment=commitment).exists():
        raise ValidationError("Cam kết này đã được tính đền bù nên không sửa được nữa.")
    return _write(commitment, signed_on=signed_on, starts_on=starts_on, months=months, cost=cost, note=note)


def _write(commitment: Commitment, **columns: Any) -> Commitment:
    start = commitment.enrolment.training_class.start_date
    if columns["starts_on"] and columns["starts_on"] < start:
        raise ValidationError(
            {"starts_on": f"Thời gian phục vụ không thể bắt đầu trước ngày khai giảng {start:%d/%m/%Y}."}
        )
    for column, value in columns.items():
        setattr(commitment, column, value)
    commitment.full_clean()
    commitment.save()
    return commitment


def _locked(commitment: Commitment) -> Commitment:
    return (
        Commitment.objects.select_for_update(of=("self",))
        .select_related("enrolment__official__ethnic_group", "enrolment__training_class__programme")
        .get(pk=commitment.pk)
    )


# ---------------------------------------------------------------- how commitments stand


def with_standing(commitments: QuerySet[Commitment], day: date) -> QuerySet[Any]:
    """Add `ends_on`, the last day to serve; `left_on`, the last day of a post that was left for good; `standing`.

    A post is left for good where it ended by the day by resignation, discipline or a transfer away, after the studies
    had begun, and no other primary post of the person had started by then. `standing` is a Standing as of the day:
    broken is also who quit the studies, never came, or failed.
    """
    left = (
        left_for_good(day)
        .lasting_to(OuterRef("enrolment__training_class__start_date"))
        .filter(official=OuterRef("enrolment__official"), end_reason__in=LEAVING)
        .order_by("-end_date")
    )
    ends_on = Func(MonthsAfter("starts_on", "months"), template="(%(expressions)s - 1)", output_field=DateField())
    broken = (
        Q(left_on__isnull=False) & (Q(ends_on__isnull=True) | Q(left_on__lt=F("ends_on")))
        | Q(enrolment__state__in=(State.FAILED, State.ABSENT))
        | Q(enrolment__state=State.WITHDRAWN, enrolment__withdrawal_reason__in=QUITTING)
    )
    return commitments.annotate(ends_on=ends_on, left_on=Subquery(left.values("end_date")[:1])).annotate(
        standing=Case(
            When(repayment__isnull=False, then=Value(Standing.REPAID.value)),
            When(broken, then=Value(Standing.BROKEN.value)),
            When(ends_on__lt=day, then=Value(Standing.SERVED.value)),
            default=Value(Standing.RUNNING.value),
            output_field=TextField(),
        )
    )


def breach_of(commitment: Any) -> tuple[Repayment.Case, date] | None:
    """How a commitment of `with_standing` was broken, and from which day; None where the record tells of no breach."""
    enrolment = commitment.enrolment
    training_class = enrolment.training_class
    if enrolment.state == State.WITHDRAWN and enrolment.withdrawal_reason in QUITTING:
        return Repayment.Case.QUIT, enrolment.withdrawn_on
    if enrolment.state == State.ABSENT:
        return Repayment.Case.QUIT, training_class.start_date
    if enrolment.state == State.FAILED:
        return Repayment.Case.NO_DEGREE, training_class.end_date
    if commitment.left_on is None or (commitment.ends_on and commitment.left_on >= commitment.ends_on):
        return None
    after = commitment.left_on + timedelta(days=1)
    served = commitment.starts_on is not None and after > commitment.starts_on
    return (Repayment.Case.LEFT_EARLY if served else Repayment.Case.QUIT), after


# ---------------------------------------------------------------- repayment


@dataclass(frozen=True)
class RepaymentParts:
    """What is to be repaid and every number it comes from; money in đồng.

    S = F for who quit or got no degree, F / T1 × (T1 − T2) for who left early; less `reduction`.
    """

    case: str
    cost: int  # F
    required_months: int  # T1
    served_months: int  # T2, as the regulation rounds
    base: int  # S, rounded for the eye
    years_before: int  # full years served before the studies
    since: date | None  # from when they are counted
    is_favoured: bool  # a woman, or of an ethnic minority
    percent_a_year: Decimal
    reduction_percent: Decimal  # of all years, at most 100
    amount: int

    @property
    def reduction(self) -> int:
        return self.base - self.amount

    @property
    def left_months(self) -> int:
        return self.required_months - self.served_months

    @property
    def is_by_time(self) -> bool:
        return self.case == Repayment.Case.LEFT_EARLY

    def as_json(self) -> dict[str, Any]:
        """What the record of a repayment keeps."""
        kept = asdict(self)
        kept |= {name: str(kept[name]) for name in ("percent_a_year", "reduction_percent")}
        return kept | {"since": self.since.isoformat() if self.since else None}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "RepaymentParts":
        decimals = {name: Decimal(kept[name]) for name in ("percent_a_year", "reduction_percent")}
        return cls(**{**kept, **decimals, "since": date.fromisoformat(kept["since"]) if kept["since"] else None})


def repayment(commitment: Commitment, *, case: str, on: date) -> RepaymentParts:
    """What is owed where `case` (a Repayment.Case) arose on a day: the first day no longer studied or served.

    Months served and the reduction are those of the regulation of the first day of the class. Raises ValidationError
    for a day before the studies, or where everything has been served.
    """
    enrolment = commitment.enrolment
    start = enrolment.training_class.start_date
    if on < start:
        raise ValidationError({"on": f"Ngày phát sinh không thể trước ngày khai giảng {start:%d/%m/%Y}."})
    regulation = TrainingRegulation.objects.as_of(start).first()
    served = _served_months(commitment, on, regulation) if case == Repayment.Case.LEFT_EARLY else 0
    base = Fraction(commitment.cost) * (commitment.months - served) / commitment.months
    official = enrolment.official
    since = _in_service_since(official)
    years = full_months(since, start) // TWELVE if since else 0
    favoured = _is_favoured(official)
    a_year = Decimal(0)
    if regulation:
        a_year = Decimal(regulation.reduction_percent_favoured if favoured else regulation.reduction_percent)
    percent = min(a_year * years, Decimal(100))
    return RepaymentParts(
        case=case,
        cost=commitment.cost,
        required_months=commitment.months,
        served_months=served,
        base=half_up(base),
        years_before=years,
        since=since,
        is_favoured=favoured,
        percent_a_year=a_year,
        reduction_percent=percent,
        amount=half_up(base * (1 - Fraction(percent) / 100)),
    )


def _served_months(commitment: Commitment, on: date, regulation: TrainingRegulation | None) -> int:
    """T2, full months where no regulation says otherwise.

    Raises ValidationError where service had not begun, or is over.
    """
    if commitment.starts_on is None:
        raise ValidationError("Cam kết chưa ghi ngày bắt đầu phục vụ. Hãy sửa cam kết trước khi tính.")
    if on < commitment.starts_on:
        raise ValidationError(
            {
                "on": f"Đến ngày {commitment.starts_on:%d/%m/%Y} mới bắt đầu phục vụ. Nếu bỏ việc khi đang học, hãy "
                "chọn trường hợp bỏ học."
            }
        )
    served = (regulation.served_months if regulation else full_months)(commitment.starts_on, on)
    if served >= commitment.months:
        raise ValidationError({"on": f"Đến ngày này đã phục vụ đủ {commitment.months} tháng, không phải đền bù."})
    return served


def _in_service_since(official: Official) -> date | None:
    """From when service counts: the day of recruitment, else the first post on record."""
    if official.recruited_on:
        return official.recruited_on
    posts = official.appointments.order_by("start_date")
    return next((post.known_start for post in posts if post.known_start), None)


def _is_favoured(official: Official) -> bool:
    group = official.ethnic_group
    is_minority = group is not None and group.code not in (EthnicGroup.MAJORITY, EthnicGroup.FOREIGNER)
    return official.sex == Sex.FEMALE or is_minority


def half_up(amount: Fraction) -> int:
    """Whole đồng, half up."""
    return floor(amount + Fraction(1, 2))


@signed
def record_repayment(
    commitment: Commitment,
    *,
    case: str,
    on: date,
    decision: str,
    decided_on: date,
    by: User | None,
    council: str = "",
) -> Repayment:
    """Record that a repayment was decided; the sum and its parts are computed now and kept.

    Raises ValidationError without a decision, for one dated before the case arose, a second time, or where `repayment`
    refuses.
    """
    commitment = _locked(commitment)
    if decided_on < on:
        raise ValidationError(
            {"decided_on": f"Ngày quyết định {decided_on:%d/%m/%Y} trước ngày phát sinh {on:%d/%m/%Y}."}
        )
    if Repayment.objects.filter(commitment=commitment).exists():
        raise ValidationError("Cam kết này đã có quyết định đền bù.")
    parts = repayment(commitment, case=case, on=on)
    record = Repayment(
        commitment=commitment,
        case=case,
        on=on,
        amount=parts.amount,
        parts=parts.as_json(),
        decision=decision,
        decided_on=decided_on,
        council=council,
        recorded_by=by,
    )
    record.full_clean()
    record.save()
    return record


@signed
def mark_paid(record: Repayment, *, paid_on: date, by: User | None) -> Repayment:
    """Record that the sum was paid. Raises ValidationError for a day before it was decided (or arose, where the day of
    the decision is not on record), or where it was paid before.
    """
    record = Repayment.objects.select_for_update().get(pk=record.pk)
    if record.paid_on:
        raise ValidationError(f"Khoản này đã nộp ngày {record.paid_on:%d/%m/%Y}.")
    first, what = (record.decided_on, "ngày quyết định") if record.decided_on else (record.on, "ngày phát sinh")
    if paid_on < first:
        raise ValidationError({"paid_on": f"Ngày nộp không thể trước {what} {first:%d/%m/%Y}."})
    record.paid_on = paid_on
    record.full_clean()
    record.save()
    return record
