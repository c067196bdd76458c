"""Results: completed, failed or absent, with mark and grade; and what a mark may look like."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from django.core.exceptions import ValidationError

from cadres.history import signed
from cadres.models import User
from cadres.text import nfc
from courses.models import Certificate, Enrolment, TrainingClass
from courses.models.enrolments import shown_mark
from courses.modules import resting_on, take_turns
from courses.results.attendance import attended_too_little
from courses.results.pupils import check_at_work, not_there_then, pupils_by_key
from courses.seats import lock_class
from courses.steps import note_steps

HIGHEST_MARK, PASS_MARK = Decimal(10), Decimal(5)
# The mark from which a grade is proposed, best first (thang điểm 10).
GRADES = (
    (Decimal(8), Enrolment.Grade.EXCELLENT),
    (Decimal(7), Enrolment.Grade.GOOD),
    (PASS_MARK, Enrolment.Grade.AVERAGE),
)
LONGEST_NOTE = int(Enrolment._meta.get_field("note").max_length or 0)


@dataclass(frozen=True)
class Result:
    """What became of one enrolment: completed, failed or absent; mark from 0 to 10, grade of the completed."""

    state: str
    mark: Decimal | None = None
    grade: str = ""
    note: str = ""

    @classmethod
    def of(cls, enrolment: Enrolment) -> "Result":
        return cls(enrolment.state, enrolment.mark, enrolment.grade, enrolment.note)

    def __str__(self) -> str:
        told = [Enrolment.State(self.state).label]
        if self.mark is not None:
            told.append(f"điểm {shown_mark(self.mark)}")
        if self.grade:
            told.append(Enrolment.Grade(self.grade).label)
        return ", ".join(told)


def parse_mark(text: str) -> Decimal | None:
    """A mark as people type it, with a comma or a point ("7,5", "7.5"); None for an empty text.

    Raises ValidationError for what is no number from 0 to 10 with at most two decimals.
    """
    text = text.strip()
    if not text:
        return None
    try:
        mark = Decimal(text.replace(",", "."))
    except InvalidOperation as error:
        raise ValidationError(f"“{text}” không phải là điểm. Hãy ghi số từ 0 đến 10, ví dụ 7,5.") from error
    if not re.fullmatch(r"\d{1,2}([.,]\d{1,2})?", text, re.ASCII) or mark > HIGHEST_MARK:
        raise ValidationError(f"Điểm “{text}” không hợp lệ: điểm từ 0 đến 10, nhiều nhất hai chữ số thập phân.")
    return mark


def proposed_grade(mark: Decimal | None) -> str:
    """The grade that goes with a mark (Giỏi from 8, Khá from 7, Trung bình from 5), "" below and without a mark.

    It is only the proposal, by the usual scale of certificates; whoever grades may say otherwise.
    """
    return next((grade.value for lowest, grade in GRADES if mark is not None and mark >= lowest), "")


class Recorded(NamedTuple):
    """How many results were written, and what stands where somebody else wrote meanwhile (key → result)."""

    written: int
    overtaken: dict[int, Result]


@signed
def record_results(
    training_class: TrainingClass,
    results: Mapping[int, Result],
    *,
    by: User | None,
    was: Mapping[int, Result] | None = None,
) -> Recorded:
    """Write the results of people of a class: key of the enrolment → Result. What is there already is no step again.

    A completed result with a mark and no grade gets the proposed one. `was` is what the writer saw before: a result
    that is another by now is left alone and returned. Raises ValidationError, and writes nothing, for somebody not in
    the class, a class that is neither running nor ended, an impossible result, or one whose certificate is valid: that
    is withdrawn first (withdraw_result).
    """
    training_class = lock_class(training_class)
    take_turns(training_class)
    check_at_work(training_class)
    enrolments = pupils_by_key(training_class, results)
    new = {key: result for key, given in results.items() if (result := graded(given)) != Result.of(enrolments[key])}
    overtaken = {
        key: standing
        for key in new
        if was is not None and (standing := Result.of(enrolments[key])) != was.get(key, standing)
    }
    for key in overtaken:
        del new[key]
    if wrong := wrong_results(training_class, enrolments, new):
        raise ValidationError([f"{enrolments[key].official}: {told}" for key, told in wrong.items()])
    changed = [enrolments[key] for key in new]
    for enrolment in changed:
        for column, value in vars(new[enrolment.pk]).items():
            setattr(enrolment, column, value)
    # A mark differs from person to person, so this is not steps.move, which gives all the same; the step is noted.
    Enrolment.objects.bulk_update(changed, ("state", "mark", "grade", "note"))
    note_steps(changed, by=by)
    return Recorded(len(changed), overtaken)


def graded(result: Result) -> Result:
    """The result with the grade that goes with its mark, where it says none."""
    grade = result.grade
    if result.state == Enrolment.State.COMPLETED:
        grade = grade or proposed_grade(result.mark)
    return Result(result.state, result.mark, grade, nfc(result.note))


def wrong_results(
    training_class: TrainingClass, enrolments: Mapping[int, Enrolment], results: Mapping[int, Result]
) -> dict[int, str]:
    """Key of the enrolment → why its result cannot be written, and how to mend it; one that stands already can."""
    certified = set(
        Certificate.objects.filter(enrolment__in=results, withdrawn_on=None).values_list("enrolment", flat=True)
    )
    certified |= resting_on(results).keys()
    missed = attended_too_little(training_class)
    wrong = not_there_then(training_class, [enrolments[key] for key in results])
    for key, result in results.items():
        if key in wrong:
            continue
        if key in certified and result != Result.of(enrolments[key]):
            wrong[key] = "đã có chứng chỉ, hãy thu hồi trước rồi mới sửa kết quả."
        elif problem := problem_of(result):
            wrong[key] = problem
        elif result.state == Enrolment.State.COMPLETED and key in missed and not result.note:
            wrong[key] = f"{missed[key]}; hãy ghi lý do vào Ghi chú, hoặc chọn Không đạt."
    return wrong


def problem_of(result: Result) -> str:
    """Why a result is impossible, and how to mend it; "" where it is not."""
    if result.state not in Enrolment.WITH_RESULT:
        return "hãy chọn Hoàn thành, Không đạt hoặc Không đến học."
    if result.mark is not None and not 0 <= result.mark <= HIGHEST_MARK:
        return f"điểm {shown_mark(result.mark)} không hợp lệ, điểm từ 0 đến 10."
    if result.state == Enrolment.State.ABSENT and result.mark is not None:
        return "người không đến học thì không có điểm; hãy xóa điểm hoặc chọn kết quả khác."
    if result.state == Enrolment.State.COMPLETED and result.mark is not None and result.mark < PASS_MARK:
        return f"điểm {shown_mark(result.mark)} dưới 5 thì không hoàn thành; hãy chọn Không đạt hoặc sửa điểm."
    if result.grade and result.state != Enrolment.State.COMPLETED:
        return "chỉ người hoàn thành mới có xếp loại; hãy bỏ xếp loại."
    if result.grade and result.grade not in Enrolment.Grade.values:
        return "xếp loại phải là Giỏi, Khá hoặc Trung bình."
    if len(result.note) > LONGEST_NOTE:
        return f"ghi chú dài quá {LONGEST_NOTE} ký tự."
    return ""
