"""What the learners and the trainers of a class are paid by the norms of its first day. Nothing of it is stored."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import TruncDate

from cadres.evaluation import posts_on
from cadres.models import Appointment, EthnicGroup, Official
from cadres.periods import months_begun
from cadres.text import thousands
from cadres.walls import wide
from courses.models import (
    Attendance,
    ClassSession,
    Enrolment,
    Ethnicity,
    SupportNorm,
    Trainer,
    TrainerNorm,
    TrainingClass,
    UnitDistance,
)

# Who studied: who quit, never came or was not sent is given nothing.
STUDIED = (Enrolment.State.ATTENDING, Enrolment.State.COMPLETED, Enrolment.State.FAILED)
BOTH_WAYS = 2
THERE = (Attendance.Mark.PRESENT, Attendance.Mark.LATE)


@dataclass(frozen=True)
class Part:
    """One norm, so many times."""

    norm: SupportNorm
    number: int

    @property
    def amount(self) -> int:
        return self.norm.amount * self.number

    def __str__(self) -> str:
        return f"{self.norm.content}: {self.number} {self.norm.get_measure_display()} × {thousands(self.norm.amount)}"


@dataclass(frozen=True)
class Support:
    """What one person is given in a class; `post`, `commune` and `district` are those of its first day."""

    enrolment: Enrolment
    post: str
    commune: str
    district: str
    km: int | None  # from the commune to the place of the class, one way; None where it is not on record
    parts: tuple[Part, ...]

    @property
    def amount(self) -> int:
        """Đồng."""
        return sum(part.amount for part in self.parts)

    @property
    def place(self) -> str:
        """ "Chủ tịch UBND, Xã Bản Phố, Huyện Bắc Hà"; empty for who held no post."""
        return ", ".join(part for part in (self.post, self.commune, self.district) if part)

    @property
    def how(self) -> str:
        return "; ".join(str(part) for part in self.parts)


@dataclass(frozen=True)
class TrainerPay:
    """What one trainer is paid in a class; without a norm nothing is reckoned."""

    trainer: Trainer
    sessions: int
    hours: int  # tiết
    norm: TrainerNorm | None

    @property
    def amount(self) -> int:
        """Đồng."""
        return self.norm.per_hour * self.hours if self.norm else 0


def support_norms(training_class: TrainingClass) -> list[SupportNorm]:
    """The norms of the first day of a class that may hold for its learners."""
    kinds = ("", training_class.programme.kind)
    return list(SupportNorm.objects.as_of(training_class.start_date).filter(programme_kind__in=kinds))


def support_of(
    training_class: TrainingClass, enrolments: QuerySet[Enrolment], norms: Sequence[SupportNorm]
) -> list[Support]:
    """What each of the enrolments that studied in the class is given by its `support_norms`, in the order of lists;
    also who is given nothing.

    A condition that cannot be told of somebody (no post on the day, zone, sex, ethnic group or distance unknown) does
    not hold. 3 queries, whatever the number of people; one more where a norm asks for the distance.
    """
    start = training_class.start_date
    studied = enrolments.filter(training_class=training_class, state__in=STUDIED)
    posts = {
        post.official_id: post
        for post in posts_on(start, Appointment.objects.filter(official__in=studied.values("official"))).select_related(
            "position"
        )
    }
    attended = _days_attended(training_class)
    distances = _distances(training_class) if any(norm.asks_for_distance for norm in norms) else {}
    times = {
        SupportNorm.Measure.TURN: 1,
        SupportNorm.Measure.MONTH: months_begun(start, training_class.end_date),
    }
    found = []
    for row in studied.select_related("official__ethnic_group"):
        post: Any = posts.get(row.official_id)
        facts = _facts(training_class, row.official, post)
        km = distances.get(post.unit_id) if post else None
        number = {
            **times,
            SupportNorm.Measure.DAY: training_class.programme.days if attended is None else attended.get(row.pk, 0),
            SupportNorm.Measure.KM: BOTH_WAYS * (km or 0),
        }
        parts = (Part(norm, number[SupportNorm.Measure(norm.measure)]) for norm in norms if norm.holds_for(facts, km))
        order = (post.district_code or "", post.commune_code, post.position.order) if post else ("\uffff", "", 0)
        given = Support(
            row,
            post.position.title if post else "",
            post.commune_name if post else "",
            (post.district_name or "") if post else "",
            km,
            tuple(part for part in parts if part.number),
        )
        found.append(((*order, row.official.name_order, row.pk), given))
    return [given for _, given in sorted(found, key=lambda pair: pair[0])]


def _facts(training_class: TrainingClass, official: Official, post: Any) -> dict[str, str]:
    """What norms ask of somebody (SupportNorm.WHO); empty where it is not known."""
    group = official.ethnic_group
    ethnicity = ""
    if group is not None and group.code != EthnicGroup.FOREIGNER:
        ethnicity = Ethnicity.MAJORITY if group.code == EthnicGroup.MAJORITY else Ethnicity.MINORITY
    return {
        "programme_kind": training_class.programme.kind,
        "position_group": post.position.group if post else "",
        "zone": str(post.zone) if post and post.zone is not None else "",
        "sex": official.sex,
        "ethnicity": ethnicity,
    }


def _distances(training_class: TrainingClass) -> dict[int, int]:
    """Commune (its key) → km to the place of the class on its first day; the place itself is 0 km away."""
    known = UnitDistance.objects.as_of(training_class.start_date).filter(place=training_class.place_id)
    return dict(known.values_list("unit", "km")) | {training_class.place_id: 0}


def _days_attended(training_class: TrainingClass) -> dict[int, int] | None:
    """Key of an enrolment → days on which it was there; None where no attendance of the class is taken."""
    taken = Attendance.objects.filter(session__training_class=training_class, session__is_cancelled=False)
    counted = (
        taken.order_by()
        .values("enrolment")
        .annotate(days=Count(TruncDate("session__starts_at"), distinct=True, filter=Q(mark__in=THERE)))
    )
    return dict(counted.values_list("enrolment", "days")) or None


def _held(training_class: TrainingClass, day: date) -> QuerySet[ClassSession]:
    """The sessions of the class that a trainer has held by the day."""
    return ClassSession.objects.filter(
        training_class=training_class, is_cancelled=False, trainer__isnull=False, starts_at__date__lte=day
    )


def trainers_pay(training_class: TrainingClass, day: date) -> list[TrainerPay]:
    """What each trainer of the sessions held by the day is paid, by the norms of the first day of the class.

    2 queries, and one for the names.
    """
    norms = {norm.trainer_kind: norm for norm in TrainerNorm.objects.as_of(training_class.start_date)}
    sums = {
        row["trainer"]: (row["sessions"], row["taught"])
        for row in _held(training_class, day)
        .order_by()
        .values("trainer")
        .annotate(sessions=Count("pk"), taught=Sum("hours"))
    }
    trainers = Trainer.objects.filter(pk__in=sums)
    return [TrainerPay(trainer, *sums[trainer.pk], norms.get(trainer.kind)) for trainer in trainers]


@wide()
def support_in_all(training_class: TrainingClass, norms: Sequence[SupportNorm]) -> int:
    """What all who studied in the class are given, in đồng, also those whom the account does not see: a sum of the
    class stands beside its money, and a part of it there would be taken for the whole."""
    return total(support_of(training_class, Enrolment.objects.all(), norms)) if norms else 0


def pay_in_all(training_class: TrainingClass, day: date) -> int:
    """What all trainers of the sessions held by the day are paid, in đồng, in one query."""
    held = _held(training_class, day).order_by().values("trainer__kind").annotate(taught=Sum("hours"))
    norm = TrainerNorm.objects.as_of(training_class.start_date).filter(trainer_kind=OuterRef("trainer__kind"))
    return sum(row["taught"] * (row["norm"] or 0) for row in held.annotate(norm=Subquery(norm.values("per_hour")[:1])))


def total(paid: Iterable[Support | TrainerPay]) -> int:
    """Đồng."""
    return sum(row.amount for row in paid)
