"""What learners and heads of units answered about the latest classes, and what was inspected; all of it invented."""

from datetime import date, timedelta
from random import Random
from uuid import UUID

from cadres.periods import add_months
from courses.models import (
    FeedbackCode,
    FeedbackScore,
    FeedbackSheet,
    Inspection,
    Institution,
    Respondent,
    TrainingClass,
)
from courses.quality.feedback import LENGTH, LETTERS, sheet_of, why_not_asked

ASKED = 10  # classes, of those that ended last
REMARKS = (
    "Nên mở lớp ở cụm xã cho gần.",
    "Cần thêm bài tập tình huống.",
    "Thầy cô nhiệt tình.",
    "Tài liệu nên gọn hơn.",
)


def write_quality(seed: object, *, until: date) -> None:
    """Sheets of the ASKED classes that ended last, of some learners each, and of heads where half a year
    has passed by the day; two inspections, one of whose remedies has not come."""
    random = Random(f"quality {seed}")
    ended = TrainingClass.objects.filter(state=TrainingClass.State.ENDED)
    for training_class in ended.order_by("-end_date", "code")[:ASKED]:
        pupils = training_class.enrolments.count()
        _answer(random, training_class, Respondent.LEARNER, max(4, round(pupils * random.uniform(0.5, 0.9))))
        if not why_not_asked(training_class, Respondent.HEAD, until):
            _answer(random, training_class, Respondent.HEAD, random.randint(5, 12))
    latest, school = ended.order_by("-end_date", "code").first(), Institution.objects.order_by("code").last()
    Inspection.objects.create(
        training_class=latest,
        on=until - timedelta(days=40),
        by_whom="Đoàn kiểm tra của Sở Nội vụ",
        finding="Sổ điểm danh ghi đủ; hai buổi bắt đầu muộn.",
    )
    Inspection.objects.create(
        institution=school,
        on=until - timedelta(days=60),
        by_whom="Đoàn giám sát theo Quyết định 15/QĐ-SNV",
        finding="Phòng máy có 12 máy dùng được, lớp có 30 học viên.",
        remedy="Bổ sung máy hoặc chia lớp thành hai nhóm.",
        remedy_until=until - timedelta(days=15),
    )


def _answer(random: Random, training_class: TrainingClass, asked_of: Respondent, how_many: int) -> None:
    asked, liked = sheet_of(training_class, asked_of), random.uniform(3.2, 4.7)
    on = training_class.end_date
    if asked_of == Respondent.HEAD:
        on = add_months(on, FeedbackCode.MONTHS_LATER)
    sheets, scores = [], []
    for _ in range(how_many):
        remark = random.choice(REMARKS) if random.random() < 0.2 else ""
        sheet = FeedbackSheet(id=_key(random), training_class=training_class, asked_of=asked_of, on=on, remark=remark)
        sheets.append(sheet)
        scores += [
            FeedbackScore(
                id=_key(random),
                sheet=sheet,
                question=one.question,
                trainer=one.trainer,
                score=min(5, max(1, round(random.gauss(liked, 0.8)))),
            )
            for one in asked
        ]
    FeedbackSheet.objects.bulk_create(sheets)
    FeedbackScore.objects.bulk_create(scores)
    FeedbackCode.objects.bulk_create(
        FeedbackCode(
            code="".join(random.choices(LETTERS, k=LENGTH)),
            training_class=training_class,
            asked_of=asked_of,
            is_used=number < how_many,
        )
        for number in range(how_many + 3)
    )


def _key(random: Random) -> UUID:
    return UUID(int=random.getrandbits(128), version=4)
