"""Rewards for good results, and measures against those who refused a decision, quit, stayed away or failed, or had too
few tiết in a year."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet

from cadres.history import signed
from cadres.models import Official, User
from cadres.text import first_named
from courses.models import Enrolment, TrainingMeasure, YearMeasure

State = Enrolment.State
Kind = TrainingMeasure.Kind
QUITTING = (Enrolment.WithdrawalReason.REFUSED, Enrolment.WithdrawalReason.QUIT)
MERIT = Q(state=State.COMPLETED, grade=Enrolment.Grade.EXCELLENT)
FAULT = Q(state__in=(State.FAILED, State.ABSENT)) | Q(state=State.WITHDRAWN, withdrawal_reason__in=QUITTING)


def to_reward(enrolments: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """Those with the best grade that no reward was recorded for."""
    rewarded = TrainingMeasure.objects.filter(enrolment=OuterRef("pk"), kind=Kind.REWARD)
    return enrolments.filter(~Exists(rewarded), MERIT)


def to_answer(enrolments: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """Those who refused, quit, stayed away or failed, and no measure was recorded against."""
    measured = TrainingMeasure.objects.filter(enrolment=OuterRef("pk")).exclude(kind=Kind.REWARD)
    return enrolments.filter(~Exists(measured), FAULT)


@signed
def record_measures(
    enrolments: Collection[Enrolment],
    *,
    kind: str,
    on: date,
    decision: str,
    reason: str,
    by: User | None,
    amount: int | None = None,
) -> list[TrainingMeasure]:
    """Record one decision about many: a reward (for the best grade only; `amount` đồng each), or a measure (for a fault
    only).

    All or none: raises ValidationError that names whom it does not fit, or who has that kind already.
    """
    if not enrolments:
        raise ValidationError("Chưa chọn ai. Hãy đánh dấu những người có trong quyết định.")
    keys = [enrolment.pk for enrolment in enrolments]
    found = list(
        Enrolment.objects.filter(pk__in=keys)
        .select_for_update(of=("self",))
        .select_related("official", "training_class")
        .order_by("official__name_order", "pk")
    )
    fit = set(
        Enrolment.objects.filter(MERIT if kind == Kind.REWARD else FAULT, pk__in=keys).values_list("pk", flat=True)
    )
    if unfit := [enrolment for enrolment in found if enrolment.pk not in fit]:
        why = "không có kết quả loại giỏi" if kind == Kind.REWARD else "không từ chối, bỏ học, vắng hay trượt"
        raise ValidationError(f"Không ghi được vì {why}: {_named(unfit)}.")
    done = set(TrainingMeasure.objects.filter(enrolment__in=keys, kind=kind).values_list("enrolment", flat=True))
    if again := [enrolment for enrolment in found if enrolment.pk in done]:
        raise ValidationError(f"Đã có hình thức “{Kind(kind).label}” cho lượt học này: {_named(again)}.")
    if early := [enrolment for enrolment in found if on < _since(enrolment)]:
        raise ValidationError({"on": f"Ngày này trước khi có kết quả để khen, có lỗi để xử lý: {_named(early)}."})
    said = {"kind": kind, "on": on, "decision": decision, "reason": reason, "amount": amount}
    measures = [TrainingMeasure(enrolment=enrolment, **said, recorded_by=by) for enrolment in found]
    for measure in measures[:1]:
        measure.full_clean()
    return TrainingMeasure.objects.bulk_create(measures)


@signed
def record_year_measures(
    posts: Collection[Any], *, year: int, least: int, kind: str, on: date, decision: str, reason: str, by: User | None
) -> list[YearMeasure]:
    """Record one decision about many who have fewer tiết of a year than `least`: the posts of `yearly_hours`.

    All or none: raises ValidationError before the last day of the year, for who has enough, or has that kind already.
    """
    if not posts:
        raise ValidationError("Chưa chọn ai. Hãy đánh dấu những người có trong quyết định.")
    if on < date(year, 12, 31):
        raise ValidationError({"on": f"Năm {year} chưa hết: chỉ xử lý từ ngày 31/12/{year}."})
    if enough := [post.official for post in posts if post.hours >= least]:
        raise ValidationError(f"Không ghi được vì đã đủ {least} tiết: {first_named(enough)}.")
    officials = Official.objects.filter(pk__in=[post.official_id for post in posts]).select_for_update(no_key=True)
    there = YearMeasure.objects.filter(official__in=officials, year=year, kind=kind).select_related("official")
    if again := [measure.official for measure in there]:
        raise ValidationError(f"Đã có hình thức “{Kind(kind).label}” của năm {year}: {first_named(again)}.")
    said = {"year": year, "least": least, "kind": kind, "on": on, "decision": decision, "reason": reason}
    measures = [YearMeasure(official=post.official, hours=post.hours, **said, recorded_by=by) for post in posts]
    for measure in measures[:1]:
        measure.full_clean()
    return YearMeasure.objects.bulk_create(measures)


def _since(enrolment: Enrolment) -> date:
    """From which day there is something to reward or to answer: a withdrawal, a failure to come, a result."""
    taught = enrolment.training_class
    if enrolment.state == State.WITHDRAWN:
        return enrolment.withdrawn_on or taught.start_date
    return taught.start_date if enrolment.state == State.ABSENT else taught.end_date


def _named(enrolments: list[Enrolment]) -> str:
    """The people with their classes, the first few by name."""
    return first_named([f"{enrolment.official} (lớp {enrolment.training_class.code})" for enrolment in enrolments])
