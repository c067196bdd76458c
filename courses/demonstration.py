"""Training classes of the demonstration province: what was run from 2011 to 2015, and what is planned after."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from django.db import transaction

from cadres.models import UnitVersion
from courses.models import Programme, TrainingClass

LAST_DAY = date(2015, 12, 31)
YEARS = range(2011, 2017)
STUDY_DAYS_A_WEEK = {Programme.Kind.DEGREE: 2.2, Programme.Kind.CERTIFICATE: 5, Programme.Kind.WORKSHOP: 5}
HOURS_A_DAY = 8
# How many classes of a programme one year sees, by kind; degrees are few and long.
CLASSES_A_YEAR = {Programme.Kind.DEGREE: (0, 1), Programme.Kind.CERTIFICATE: (0, 2), Programme.Kind.WORKSHOP: (0, 1)}


@transaction.atomic
def build_classes(*, seed: int = 2015, progress: Callable[[str], None] = lambda message: None) -> None:
    """Write the classes of each year; the programmes of the reference data must be there.

    Their states are those of 31/12/2015. `progress` is told the step in Vietnamese.
    """
    progress("Tạo các lớp học")
    random = Random(f"classes {seed}")
    places = list(
        UnitVersion.objects.as_of(LAST_DAY)
        .filter(kind__in=(UnitVersion.Kind.PROVINCE, UnitVersion.Kind.DISTRICT))
        .order_by("code")
    )
    province = next(place for place in places if place.kind == UnitVersion.Kind.PROVINCE)
    programmes = list(Programme.objects.order_by("code"))
    classes = []
    for year in YEARS:
        for programme in programmes:
            for number in range(1, random.randint(*CLASSES_A_YEAR[Programme.Kind(programme.kind)]) + 1):
                start = date(year, random.choice((2, 3, 4, 5, 6, 8, 9, 10)), random.randint(1, 28))
                start -= timedelta(days=start.weekday())  # courses begin on a Monday
                weeks = programme.hours / HOURS_A_DAY / STUDY_DAYS_A_WEEK[Programme.Kind(programme.kind)]
                end = start + timedelta(days=max(1, round(weeks * 7)))
                is_local = programme.kind != Programme.Kind.DEGREE and random.random() < 0.7
                classes.append(
                    TrainingClass(
                        code=f"{programme.code}-{year}-{number}",
                        programme=programme,
                        place_id=(random.choice(places) if is_local else province).unit_id,
                        start_date=start,
                        end_date=end,
                        seats=random.choice((30, 35, 40, 45, 50, 60)),
                        state=_state(start, end),
                    )
                )
    TrainingClass.objects.bulk_create(classes)


def _state(start: date, end: date) -> str:
    if start > LAST_DAY:
        return TrainingClass.State.PLANNED
    return TrainingClass.State.ENDED if end <= LAST_DAY else TrainingClass.State.RUNNING
