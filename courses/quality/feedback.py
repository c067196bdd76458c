"""Codes that open a sheet, sheets that are answered, and what is told of them (TT 10/2017/TT-BNV).

Learners and trainers are asked about a class from its first day; heads of the units, half a year after it ended, what
has come of it. Nothing is told of fewer than FEWEST sheets: a handful of answers would be recognised.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Avg, Case, Count, F, Q, QuerySet, When

from cadres.history import signed
from cadres.models import User
from cadres.periods import add_months
from courses.models import (
    Enrolment,
    FeedbackCode,
    FeedbackQuestion,
    FeedbackScore,
    FeedbackSheet,
    Respondent,
    Trainer,
    TrainingClass,
)
from courses.results.pupils import pupils_with_posts

About = FeedbackQuestion.About
FEWEST = 5  # sheets of which anything is told
MOST_CODES = 500  # of one class and one kind of respondent
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # without those that are read for one another
LENGTH = 8  # 31⁸: nobody finds a code by trying


@dataclass(frozen=True)
class Asked:
    """A question as it stands on a sheet; of each trainer where it is about trainers."""

    question: FeedbackQuestion
    trainer: Trainer | None = None

    @property
    def key(self) -> str:
        return f"{self.question.pk}-{self.trainer.pk}" if self.trainer else f"{self.question.pk}"


@dataclass(frozen=True)
class Codes:
    """The codes of a class for one kind of respondent: how many there are, how many were used, how many to print."""

    asked_of: Respondent
    made: int
    used: int
    proposed: int
    why_not: str  # why none can be made on the day; empty where they can

    @property
    def unused(self) -> int:
        return self.made - self.used


def trainers_of(training_class: TrainingClass) -> list[Trainer]:
    """Who teaches the class: those named for it, and those of its sessions."""
    of_class = Q(classes=training_class) | Q(sessions__training_class=training_class, sessions__is_cancelled=False)
    return list(Trainer.objects.filter(of_class).distinct())


def sheet_of(training_class: TrainingClass, asked_of: str) -> list[Asked]:
    """What is asked today of such a respondent about the class, in the order of the sheet."""
    questions = list(FeedbackQuestion.objects.filter(asked_of=asked_of, is_asked=True))
    general = [Asked(question) for question in questions if question.about != About.TRAINER]
    about_trainers = [question for question in questions if question.about == About.TRAINER]
    return [
        *general,
        *(Asked(question, trainer) for trainer in trainers_of(training_class) for question in about_trainers),
    ]


# ---------------------------------------------------------------- codes


def codes_of(training_class: TrainingClass, day: date) -> list[Codes]:
    """The codes of the class for each kind of respondent, with how many more its people would take."""
    counts = {
        row["asked_of"]: row
        for row in FeedbackCode.objects.filter(training_class=training_class)
        .order_by()
        .values("asked_of")
        .annotate(made=Count("pk"), used=Count("pk", filter=Q(is_used=True)))
    }
    found = []
    for asked_of in Respondent:
        row = counts.get(asked_of, {"made": 0, "used": 0})
        proposed = max(0, _people_asked(training_class, asked_of) - row["made"])
        why_not = why_not_asked(training_class, asked_of, day)
        found.append(Codes(asked_of, row["made"], row["used"], proposed, why_not))
    return found


def _people_asked(training_class: TrainingClass, asked_of: Respondent) -> int:
    """Pupils, trainers, or units whose people have completed the class."""
    if asked_of == Respondent.TRAINER:
        return len(trainers_of(training_class))
    pupils = pupils_with_posts(training_class)
    if asked_of == Respondent.LEARNER:
        return pupils.count()
    completed = pupils.filter(state=Enrolment.State.COMPLETED, post_then__unit__isnull=False)
    return completed.order_by().values("post_then__unit").distinct().count()


def why_not_asked(training_class: TrainingClass, asked_of: Respondent, day: date) -> str:
    """Why such respondents are not asked about the class on the day; empty where they are."""
    if training_class.state not in TrainingClass.AT_WORK:
        return (
            f"Lớp đang ở tình trạng “{training_class.get_state_display()}”; phiếu dành cho lớp đang học hoặc đã xong."
        )
    if asked_of != Respondent.HEAD:
        return ""
    if training_class.state != TrainingClass.State.ENDED:
        return "Hiệu quả được hỏi sau khi lớp đã kết thúc."
    due = add_months(training_class.end_date, FeedbackCode.MONTHS_LATER)
    return f"Hiệu quả được hỏi sau {FeedbackCode.MONTHS_LATER} tháng: từ ngày {due:%d/%m/%Y}." if day < due else ""


@signed
def make_codes(training_class: TrainingClass, asked_of: str, how_many: int, *, day: date, by: User) -> None:
    """Make so many more codes. Raises ValidationError where it is too early, or they would be too many."""
    if told := why_not_asked(training_class, Respondent(asked_of), day):
        raise ValidationError(told)
    TrainingClass.objects.select_for_update().get(pk=training_class.pk)
    made = FeedbackCode.objects.filter(training_class=training_class, asked_of=asked_of).count()
    if made + how_many > MOST_CODES:
        raise ValidationError(
            {"how_many": f"Đã có {made} mã; một lớp có nhiều nhất {MOST_CODES} mã cho mỗi loại phiếu. Hãy tạo ít hơn."}
        )
    FeedbackCode.objects.bulk_create(
        FeedbackCode(code=_new_code(), training_class=training_class, asked_of=asked_of) for _ in range(how_many)
    )


def _new_code() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


# ---------------------------------------------------------------- answering


def opened_by(typed: str) -> FeedbackCode:
    """The code that somebody has typed, in whatever case and with blanks or dashes. Raises ValidationError where there
    is none such, or it was used."""
    text = "".join(letter for letter in typed.upper() if letter.isalnum())
    code = FeedbackCode.objects.select_related("training_class__programme").filter(code=text).first()
    if code is None:
        raise ValidationError(
            "Không có mã này. Hãy gõ lại 8 chữ và số in trên phiếu; nếu vẫn không được, hãy xin phiếu khác."
        )
    if code.is_used:
        raise ValidationError("Mã này đã được dùng để trả lời. Mỗi phiếu trả lời một lần; hãy xin phiếu khác nếu cần.")
    return code


@transaction.atomic
def answer(code: FeedbackCode, scores: Mapping[str, int], *, remark: str, day: date) -> None:
    """Keep what was answered (key of `sheet_of` → 1 to 5), and use the code up.

    Raises ValidationError where nothing was answered, or the code was used meanwhile: nothing is written then.
    """
    asked = {one.key: one for one in sheet_of(code.training_class, code.asked_of)}
    if not scores and not remark.strip():
        raise ValidationError("Phiếu chưa có câu trả lời nào. Hãy chọn mức cho ít nhất một câu.")
    if unknown := scores.keys() - asked.keys():
        raise ValidationError(f"Phiếu không có câu hỏi mã {', '.join(sorted(unknown))}. Hãy mở lại phiếu.")
    if not FeedbackCode.objects.filter(pk=code.pk, is_used=False).update(is_used=True):
        raise ValidationError("Mã này vừa được dùng để trả lời. Mỗi phiếu trả lời một lần.")
    sheet = FeedbackSheet(
        training_class=code.training_class, asked_of=code.asked_of, on=day, remark=" ".join(remark.split())
    )
    sheet.save(force_insert=True)
    FeedbackScore.objects.bulk_create(
        FeedbackScore(sheet=sheet, question=asked[key].question, trainer=asked[key].trainer, score=score)
        for key, score in scores.items()
    )


# ---------------------------------------------------------------- what is told


@dataclass(frozen=True)
class Answered:
    """What was answered to one question, where enough sheets answered it: mean, and how many chose 1, 2 … 5."""

    question: FeedbackQuestion
    trainer: Trainer | None
    sheets: int
    mean: float | None
    chosen: Sequence[int]


def answers_about(training_class: TrainingClass, asked_of: str) -> list[Answered]:
    """Question by question, trainer by trainer. Of what fewer than FEWEST sheets answered only their number is told."""
    of_class = FeedbackScore.objects.filter(sheet__training_class=training_class, sheet__asked_of=asked_of)
    levels = range(FeedbackScore.LOWEST, FeedbackScore.HIGHEST + 1)
    rows: list[Any] = list(
        of_class.order_by()
        .values("question", "trainer")
        .annotate(
            sheets=Count("pk"),
            mean=Avg("score"),
            **{f"chose_{level}": Count("pk", filter=Q(score=level)) for level in levels},
        )
    )
    questions = FeedbackQuestion.objects.in_bulk([row["question"] for row in rows])
    trainers = Trainer.objects.in_bulk([row["trainer"] for row in rows if row["trainer"]])
    told = []
    for row in rows:
        is_told = row["sheets"] >= FEWEST
        told.append(
            Answered(
                questions[row["question"]],
                trainers.get(row["trainer"]),
                row["sheets"],
                row["mean"] if is_told else None,
                [row[f"chose_{level}"] for level in levels] if is_told else (),
            )
        )
    return sorted(told, key=lambda one: (str(one.trainer or ""), one.question.order, one.question.pk))


def remarks_about(training_class: TrainingClass, asked_of: str) -> list[str]:
    """What people wrote besides, in no order; nothing where there are fewer than FEWEST sheets."""
    sheets = FeedbackSheet.objects.filter(training_class=training_class, asked_of=asked_of)
    if sheets.count() < FEWEST:
        return []
    return list(sheets.exclude(remark="").order_by("pk").values_list("remark", flat=True))


# By what the answers are put together: word of the address → its name, and the rows of scores that make one line.
OF_CLASS = "sheet__training_class"
GROUPINGS: dict[str, tuple[str, str, str]] = {
    "lop": ("Lớp", OF_CLASS, f"{OF_CLASS}__code"),
    "chuong_trinh": ("Chương trình", f"{OF_CLASS}__programme", f"{OF_CLASS}__programme__title"),
    "giang_vien": ("Giảng viên", "trainer", "trainer__full_name"),
    "co_so": ("Cơ sở đào tạo", f"{OF_CLASS}__institution", f"{OF_CLASS}__institution__name"),
}


def answers_by(grouping: str, classes: QuerySet[TrainingClass], asked_of: str) -> QuerySet[Any]:
    """A row for each class, programme, trainer or institution that was answered about: `key`, `name`, `sheets`, and the
    mean of each kind of question (`course`, `programme` …), None where fewer than FEWEST sheets answered one."""
    _, path, name = GROUPINGS[grouping]
    scores = FeedbackScore.objects.filter(
        sheet__training_class__in=classes, sheet__asked_of=asked_of, **{f"{path}__isnull": False}
    )
    answered = {f"sheets_{about}": Count("sheet", distinct=True, filter=Q(question__about=about)) for about in About}
    return (
        scores.order_by()
        .values(key=F(path), name=F(name))
        .annotate(sheets=Count("sheet", distinct=True), **answered)
        .annotate(**{about.value: _mean(about) for about in About})
    )


def _mean(about: str) -> Case:
    """The mean of the scores about that, where enough sheets hold one."""
    return Case(When(**{f"sheets_{about}__gte": FEWEST}, then=Avg("score", filter=Q(question__about=about))))


def sheets_counted(classes: Iterable[TrainingClass]) -> dict[int, int]:
    """Class → how many sheets were answered about it."""
    rows = FeedbackSheet.objects.filter(training_class__in=classes).order_by().values_list("training_class")
    return dict(rows.annotate(sheets=Count("pk")))
