"""The money of a class by source, in đồng: given when it is set up (committed), spent when it is settled."""

from collections.abc import Mapping
from datetime import date

from django.core.exceptions import ValidationError

from cadres.history import correction, signed
from cadres.models import User
from cadres.text import dong
from courses.models import ClassFunding, FundingSource, PlanLine, TrainingClass
from courses.planning.money import check_commitment, committed_by_source, living_classes
from courses.seats import lock_class

State = TrainingClass.State


def funding_of(training_class: TrainingClass) -> list[ClassFunding]:
    """The money of a class from each source, in the order of the sources; a source without a row is an empty one."""
    there = {row.source: row for row in training_class.funding.all()}
    return [
        there.get(source) or ClassFunding(training_class=training_class, source=source)
        for source in FundingSource.values
    ]


def give_share(training_class: TrainingClass, line: PlanLine) -> None:
    """Give a class that was just set up its share of the money of its plan line (locked).

    A share is the line's cost ÷ its classes; the last class gets what division leaves, and none more than is left.
    """
    is_last = living_classes(line).count() == line.class_count
    given = committed_by_source(line)
    for source in FundingSource.values:
        share, rest = divmod(line.cost(source), line.class_count)
        share = min(share + (rest if is_last else 0), line.cost(source) - given[source])
        if share > 0:
            ClassFunding.objects.create(training_class=training_class, source=source, committed=share)


@signed
def commit_funding(training_class: TrainingClass, amounts: Mapping[str, int], *, by: User | None) -> None:
    """Give a class its money, in đồng by source (FundingSource); a source not named stays as it is.

    Raises ValidationError for less than has been spent, for more than the plan line has left, and for a cancelled
    class.
    """
    locked = lock_class(training_class)
    if locked.state == State.CANCELLED:
        raise ValidationError("Lớp đã hủy, không giao kinh phí được nữa.")
    rows = _rows_of(locked, amounts)
    for row in rows:
        amount = amounts[row.source]
        if amount < row.spent:
            raise _refused(
                row,
                f"Giao {dong(amount)} là ít hơn số đã quyết toán {dong(row.spent)}. "
                "Hãy giao ít nhất bằng số đã quyết toán.",
            )
        row.committed = amount
    check_commitment(locked, amounts)
    for row in rows:
        _write(row)


@signed
def settle(
    training_class: TrainingClass, amounts: Mapping[str, int], *, on: date, document: str, by: User | None
) -> None:
    """Settle what a class spent, in đồng by source, on a day by a document; a source not named stays as it is.

    Reports count what is settled of ended classes. Raises ValidationError for more than was given (both sums named),
    for a class that has not started or is cancelled, without a document, and where it is settled otherwise already
    (`correct_settlement`).
    """
    locked = lock_class(training_class)
    if any(_differs(row, amounts, on, document) for row in locked.funding.exclude(settled_on=None)):
        raise ValidationError("Lớp đã quyết toán. Nếu số đã ghi sai, hãy đính chính và ghi lý do.")
    _settle(locked, amounts, on=on, document=document)


@correction
def correct_settlement(
    training_class: TrainingClass, amounts: Mapping[str, int], *, on: date, document: str, reason: str, by: User | None
) -> None:
    """Settle anew what had been settled wrongly. Raises as `settle` does."""
    _settle(lock_class(training_class), amounts, on=on, document=document)


def _differs(row: ClassFunding, amounts: Mapping[str, int], on: date, document: str) -> bool:
    """Whether a source that is settled would be settled otherwise."""
    wanted = (amounts.get(row.source), on, document.strip())
    return row.source in amounts and (row.spent, row.settled_on, row.document) != wanted


def _settle(locked: TrainingClass, amounts: Mapping[str, int], *, on: date, document: str) -> None:
    if locked.state not in (State.RUNNING, State.ENDED):
        raise ValidationError(
            f"Chỉ quyết toán lớp đang học hoặc đã kết thúc (lớp {locked.get_state_display().lower()})."
        )
    if on < locked.start_date:
        raise ValidationError({"on": f"Ngày quyết toán ở trước ngày khai giảng ({locked.start_date:%d/%m/%Y})."})
    if not document.strip():
        raise ValidationError({"document": "Hãy ghi số, ngày của chứng từ quyết toán."})
    for row in _rows_of(locked, amounts):
        amount = amounts[row.source]
        if amount > row.committed:
            raise _refused(
                row,
                f"Quyết toán {dong(amount)} vượt kinh phí đã giao {dong(row.committed)}. "
                "Hãy giao thêm kinh phí cho lớp trước, hoặc sửa số quyết toán.",
            )
        if amount or row.settled_on:
            row.spent, row.settled_on, row.document = amount, on, document.strip()
            _write(row)


@signed
def withdraw_settlement(training_class: TrainingClass, *, by: User | None) -> None:
    """Take the settlement of a class back, all sources, to be entered anew."""
    locked = lock_class(training_class)
    locked.funding.update(spent=0, settled_on=None, document="")


def _rows_of(training_class: TrainingClass, amounts: Mapping[str, int]) -> list[ClassFunding]:
    """The rows of the sources named. Raises ValidationError for a source that is none, or for less than nothing."""
    for source, amount in amounts.items():
        if source not in FundingSource.values:
            raise ValidationError(f"Không có nguồn kinh phí “{source}”.")
        if amount < 0:
            raise ValidationError({source: "Số tiền phải từ 0 đồng trở lên."})
    return [row for row in funding_of(training_class) if row.source in amounts]


def _refused(row: ClassFunding, reason: str) -> ValidationError:
    """A refusal at the field of a source, naming it."""
    return ValidationError({row.source: f"{row.get_source_display()}: {reason}"})


def _write(row: ClassFunding) -> None:
    if row.pk is None and not row.committed:
        return
    row.full_clean()
    row.save()
