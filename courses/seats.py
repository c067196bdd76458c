"""The seats of a class: how many are taken, by which district, and the lock under which they are counted and given.

The seats of a district (since 1/7/2025 of a cluster, or of a commune in none) are those of its people: of whoever held
the primary post in one of its communes on the day on which the class starts. What the quotas leave is the province's
reserve; a class without quotas has none, and gives its seats to whoever comes first.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThan
from django.db.models.sql.constants import LOUTER
from django_cte import CTE, with_cte

from cadres.asked_again import answer
from cadres.models import Unit
from cadres.models.units import answering
from cadres.periods import in_force_then
from cadres.posts import primary_posts, with_post_on
from cadres.walls import wide
from courses.models import ClassQuota, Enrolment, TrainingClass

# Of enrolments that are counted together, how many have a seat and how many wait for one.
SEATS = {
    "taken": Count("pk", filter=Q(state__in=Enrolment.SEATED)),
    "waiting": Count("pk", filter=Q(state=Enrolment.State.WAITING)),
}
MOST_IN_A_CLASS = 40  # people; what plans and needs count classes by


@dataclass(frozen=True)
class Seats:
    """The seats of one class at one moment. `by_district` holds (quota, taken) of each district that has either.

    The key None stands for people who held no post on the day the class starts. `taken` of a district leaves out the
    seats that the province gave from its reserve; those are `reserve_taken`.
    """

    total: int
    taken: int
    waiting: int
    by_district: dict[int | None, tuple[int, int]]
    reserve: int
    reserve_taken: int
    has_quotas: bool

    @property
    def left(self) -> int:
        return max(self.total - self.taken, 0)

    @property
    def reserve_left(self) -> int:
        return max(self.reserve - self.reserve_taken, 0)

    def left_of(self, district: int | None) -> int:
        """How many more people of a district (its key) find a seat: of its quota, or of all where there are none."""
        if not self.has_quotas:
            return self.left
        quota, taken = self.by_district.get(district, (0, 0))
        return max(min(quota - taken, self.left), 0)


def lock_class(training_class: TrainingClass) -> TrainingClass:
    """The class as the database has it now, locked until the transaction ends.

    Whatever counts seats or changes a state asks here first: one after the other, and nobody counts what is about to
    change. Raises ValidationError where the class is gone.
    """
    locked = TrainingClass.objects.select_for_update(of=("self",)).filter(pk=training_class.pk)
    found = locked.select_related("programme").first()
    if found is None:
        raise ValidationError("Lớp này không còn nữa. Hãy mở lại danh sách lớp.")
    return found


def with_district(enrolments: QuerySet[Enrolment], training_class: TrainingClass | None = None) -> QuerySet[Any]:
    """The enrolments with `district_id`: the unit that answers for the commune of the primary post (a district, a
    cluster, or the commune itself), on the day the class starts.

    None for who held no post that day. `training_class`: all are of this class; without it each is asked for its own.
    """
    day = training_class.start_date if training_class else F("training_class__start_date")
    return with_post_on(enrolments, day).annotate(district_id=answering("version_then__"))


def districts_at_start(training_class: TrainingClass, officials: Iterable[int]) -> dict[int, int | None]:
    """Official (key) → the unit whose seats the person takes, as `with_district` says of the enrolments.

    Whoever held no post on the day on which the class starts is not in it.
    """
    posts = primary_posts(training_class.start_date).filter(official__in=list(officials))
    version_then = in_force_then("unit__versions", training_class.start_date)
    return dict(posts.alias(version_then=version_then).values_list("official", answering("version_then__")))


@wide()
def seats_of(training_class: TrainingClass) -> Seats:
    """Count the seats of a class, in 2 queries. To give one, lock the class first (lock_class)."""
    quotas: dict[int, int] = dict(answer(_quotas_asked, training_class.pk))
    taken = waiting = reserve_taken = 0
    by_district: dict[int | None, tuple[int, int]] = {district: (seats, 0) for district, seats in quotas.items()}
    counted = answer(_seats_asked, training_class.pk, training_class.start_date)
    for district, is_from_reserve, taken_here, waiting_here in counted:
        taken += taken_here
        waiting += waiting_here
        if is_from_reserve:
            reserve_taken += taken_here
        elif taken_here:
            quota, before = by_district.get(district, (0, 0))
            by_district[district] = (quota, before + taken_here)
    return Seats(
        total=training_class.seats,
        taken=taken,
        waiting=waiting,
        by_district=by_district,
        reserve=training_class.seats - sum(quotas.values()) if quotas else 0,
        reserve_taken=reserve_taken,
        has_quotas=bool(quotas),
    )


def _quotas_asked(training_class: int) -> QuerySet[Any, Any]:
    return ClassQuota.objects.filter(training_class=training_class).values_list("district", "seats")


def _seats_asked(training_class: int, day: date) -> QuerySet[Any, Any]:
    """District, whether from the reserve, how many have a seat, how many wait; of a class (its key and first day)."""
    enrolments = with_district(
        Enrolment.objects.filter(training_class=training_class), TrainingClass(pk=training_class, start_date=day)
    )
    counted = enrolments.order_by().values("district_id", "is_from_reserve").annotate(**SEATS)
    return counted.values_list("district_id", "is_from_reserve", *SEATS)


@wide()
def taken_seats(classes: Iterable[int]) -> dict[int, tuple[int, int]]:
    """(taken, waiting) of each of the classes (keys) that has anybody, in one query."""
    of_classes = Enrolment.objects.filter(training_class__in=list(classes)).order_by().values("training_class")
    counted = of_classes.annotate(**SEATS).values_list("training_class", *SEATS)
    return {training_class: (taken, waiting) for training_class, taken, waiting in counted}


def takes_nominations(day: date) -> Q:
    """What TrainingClass.takes_nominations_on asks, in SQL."""
    return Q(state=TrainingClass.State.OPEN) & (Q(enrol_until__isnull=True) | Q(enrol_until__gte=day))


Units = QuerySet[Unit] | tuple[int, ...]  # or their keys


def with_own_seats(classes: QuerySet[TrainingClass], districts: Units) -> QuerySet[Any]:
    """The classes with the seats of these districts: `own_quota`, `own_taken`, and `all_taken` of the whole class.

    To be asked within `wide()`. `own_quota` is None in a class without quotas, 0 where only others have one. Seats are
    counted once for all classes, not class by class.
    """
    own = Q(district__in=districts)
    quotas = ClassQuota.objects.filter(training_class=OuterRef("pk")).order_by().values("training_class")
    seated = Enrolment.objects.filter(state__in=Enrolment.SEATED, training_class__in=classes.order_by().values("pk"))
    of_districts = Q(is_from_reserve=False, district_id__in=districts)
    counted = with_district(seated).order_by().values("training_class")
    taken = CTE(counted.annotate(own=Count("pk", filter=of_districts), all=Count("pk")), name="taken")
    joined = with_cte(taken, select=taken.join(classes, pk=taken.col.training_class, _join_type=LOUTER))
    return joined.annotate(
        own_quota=Subquery(quotas.annotate(n=Coalesce(Sum("seats", filter=own), 0)).values("n")),
        own_taken=Coalesce(taken.col.own, 0),
        all_taken=Coalesce(taken.col.all, 0),
    )


def with_seats_for(classes: QuerySet[TrainingClass], districts: Units, *, day: date) -> QuerySet[Any]:
    """Of the classes, those that take nominations on the day and still have a seat for people of these districts.

    To be asked within `wide()`.
    """
    # Without quotas there is a seat more than are taken. Asked once, since every page of an officer has it planned.
    limit = Coalesce(F("own_quota"), F("own_taken") + 1)
    seats = with_own_seats(classes.filter(takes_nominations(day)), districts)
    return seats.filter(GreaterThan(limit, F("own_taken")), all_taken__lt=F("seats"))
