"""The quality of training: what learners, trainers and heads of units answer, and what inspections found.

Who was given a code is written nowhere, and an answer does not say by which code it came. Answers, scores and codes
bear no running number and no time of day, and are the tables of which no history is kept: otherwise the order in which
they were written would tell who answered what (TT 10/2017/TT-BNV asks for answers that people give freely).
"""

import uuid

from django.db import models
from django.db.models import Q

from courses.models.catalogue import Institution, Trainer
from courses.models.classes import TrainingClass


class Respondent(models.TextChoices):
    """Who is asked."""

    LEARNER = "learner", "Học viên"
    TRAINER = "trainer", "Giảng viên"
    HEAD = "head", "Người đứng đầu đơn vị sử dụng"


class FeedbackQuestion(models.Model):
    """What is asked, to be answered with 1 (very bad) to 5 (very good).

    The product's own wording: the forms of TT 10/2017/TT-BNV could not be had. What has been answered is not worded
    anew: it is left, and another question asked.
    """

    class About(models.TextChoices):
        COURSE = "course", "Khóa học"
        PROGRAMME = "programme", "Chương trình"
        TRAINER = "trainer", "Giảng viên"
        FACILITIES = "facilities", "Cơ sở vật chất, tổ chức"
        EFFECT = "effect", "Hiệu quả sau khóa học"

    code = models.CharField("mã", max_length=20, unique=True)
    asked_of = models.CharField("hỏi ai", max_length=10, choices=Respondent)
    about = models.CharField("về", max_length=10, choices=About)
    text = models.CharField("câu hỏi", max_length=300)
    order = models.PositiveSmallIntegerField("thứ tự", default=0)
    is_asked = models.BooleanField("đang hỏi", default=True)

    class Meta:
        verbose_name = "câu hỏi đánh giá"
        verbose_name_plural = "câu hỏi đánh giá"
        ordering = ("asked_of", "order", "pk")
        constraints = (
            models.CheckConstraint(
                condition=~Q(about="trainer") | Q(asked_of="learner"),
                name="trainers_are_judged_by_learners",
                violation_error_message="Chỉ học viên được hỏi về giảng viên.",
            ),
        )

    def __str__(self) -> str:
        return self.text


class FeedbackCode(models.Model):
    """What opens one sheet of a class, once and without an account. It was handed to nobody in particular."""

    MONTHS_LATER = 6  # after the end of a class heads of units are asked about its effect

    code = models.CharField("mã phiếu", max_length=12, primary_key=True)
    training_class = models.ForeignKey(
        TrainingClass, on_delete=models.CASCADE, related_name="feedback_codes", verbose_name="lớp học"
    )
    asked_of = models.CharField("hỏi ai", max_length=10, choices=Respondent)
    is_used = models.BooleanField("đã dùng", default=False)

    class Meta:
        verbose_name = "mã phiếu đánh giá"
        verbose_name_plural = "mã phiếu đánh giá"
        ordering = ("code",)

    def __str__(self) -> str:
        return self.code


class FeedbackSheet(models.Model):
    """What somebody answered about a class, with the day alone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    training_class = models.ForeignKey(
        TrainingClass, on_delete=models.PROTECT, related_name="feedback_sheets", verbose_name="lớp học"
    )
    asked_of = models.CharField("ai trả lời", max_length=10, choices=Respondent)
    on = models.DateField("ngày trả lời")
    remark = models.CharField("ý kiến khác", max_length=1000, blank=True)

    class Meta:
        verbose_name = "phiếu đánh giá"
        verbose_name_plural = "phiếu đánh giá"
        ordering = ("pk",)  # of random keys: in no order
        indexes = (models.Index("training_class", "asked_of", name="feedback_of_class"),)

    def __str__(self) -> str:
        return f"{self.training_class.code}: {self.get_asked_of_display()}"


class FeedbackScore(models.Model):
    """The answer to one question, 1 to 5; of a question about trainers, about one of them."""

    LOWEST, HIGHEST = 1, 5

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sheet = models.ForeignKey(FeedbackSheet, on_delete=models.PROTECT, related_name="scores", verbose_name="phiếu")
    question = models.ForeignKey(
        FeedbackQuestion, on_delete=models.PROTECT, related_name="scores", verbose_name="câu hỏi"
    )
    trainer = models.ForeignKey(
        Trainer, on_delete=models.PROTECT, null=True, blank=True, related_name="scores", verbose_name="giảng viên"
    )
    score = models.PositiveSmallIntegerField("điểm")

    class Meta:
        verbose_name = "điểm đánh giá"
        verbose_name_plural = "điểm đánh giá"
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(score__range=(1, 5)),
                name="feedback_score_from_1_to_5",
                violation_error_message="Hãy chọn một mức từ 1 đến 5.",
            ),
            models.UniqueConstraint(
                fields=("sheet", "question", "trainer"), condition=Q(trainer__isnull=False), name="trainer_scored_once"
            ),
            models.UniqueConstraint(
                fields=("sheet", "question"), condition=Q(trainer__isnull=True), name="question_answered_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.question}: {self.score}"


class Inspection(models.Model):
    """What a kiểm tra or giám sát found on a class, or on an institution, and what was done about it."""

    training_class = models.ForeignKey(
        TrainingClass,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="inspections",
        verbose_name="lớp học",
    )
    institution = models.ForeignKey(
        Institution, on_delete=models.PROTECT, null=True, blank=True, related_name="inspections", verbose_name="cơ sở"
    )
    on = models.DateField("ngày kiểm tra")
    by_whom = models.CharField("đoàn, người kiểm tra", max_length=200)
    finding = models.TextField("nhận xét, tồn tại", max_length=2000)
    remedy = models.TextField("yêu cầu khắc phục", max_length=2000, blank=True)
    remedy_until = models.DateField("hạn khắc phục", null=True, blank=True)
    remedied_on = models.DateField("đã khắc phục ngày", null=True, blank=True)

    class Meta:
        verbose_name = "kiểm tra, giám sát"
        verbose_name_plural = "kiểm tra, giám sát"
        ordering = ("-on", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(training_class__isnull=True) ^ Q(institution__isnull=True),
                name="inspection_of_one_thing",
                violation_error_message="Hãy chọn một lớp học, hoặc một cơ sở đào tạo.",
            ),
            models.CheckConstraint(
                condition=Q(remedy_until__isnull=True) | Q(remedy_until__gte=models.F("on")),
                name="inspection_remedied_after",
                violation_error_message="Hạn khắc phục không được trước ngày kiểm tra.",
            ),
            models.CheckConstraint(
                condition=Q(remedied_on__isnull=True) | Q(remedied_on__gte=models.F("on")),
                name="inspection_settled_after",
                violation_error_message="Ngày khắc phục không được trước ngày kiểm tra.",
            ),
            models.CheckConstraint(
                condition=~Q(remedy="") | Q(remedy_until__isnull=True, remedied_on__isnull=True),
                name="inspection_asks_for_what_it_dates",
                violation_error_message="Hãy ghi yêu cầu khắc phục, hoặc để trống hạn và ngày khắc phục.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.on:%d/%m/%Y}: {self.training_class or self.institution}"
