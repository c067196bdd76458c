"""A class from Monday 7 to Friday 11 March 2016, with 5 seats, at huyện Bắc Hà, and people for it.

They hold their posts in thị trấn Bắc Hà or in Thanh Bình (huyện Mường Khương).
"""

from datetime import date, datetime, time, timedelta
from itertools import count

import pytest
from django.core.exceptions import ValidationError
from django.utils.timezone import make_aware

from cadres.models import Official
from courses.models import Enrolment, PlanLine, TrainingClass, TrainingPlan
from tests.builders import make_appointment, make_class, make_enrolment, make_official, make_programme, position_of
from tests.conftest import unit_of
from tests.province import BAC_HA_TOWN

START, END = date(2016, 3, 7), date(2016, 3, 11)
BEFORE, AFTER = START - timedelta(days=1), END + timedelta(days=1)
people_made = count(1)


def a_class(state: str = "open", **columns) -> TrainingClass:
    return make_class(
        **{"state": state, "start_date": START, "end_date": END, "seats": 5, "place": unit_of("085"), **columns}
    )


def person(
    commune: str = BAC_HA_TOWN, *, start_date: date = date(2010, 1, 1), end_date: date | None = None
) -> Official:
    official = make_official(f"Giàng A {next(people_made):03d}")
    make_appointment(official, position_of("BT_DU"), unit_of(commune), start_date=start_date, end_date=end_date)
    return official


def enrolled(training_class: TrainingClass, state: str, commune: str = BAC_HA_TOWN, **columns) -> Enrolment:
    return make_enrolment(person(commune), training_class, state, **columns)


def at(day: date, text: str) -> datetime:
    return make_aware(datetime.combine(day, time.fromisoformat(text)))


def state_of(row: Enrolment | TrainingClass) -> str:
    return type(row)._default_manager.get(pk=row.pk).state


def refusal(work) -> str:
    with pytest.raises(ValidationError) as refused:
        work()
    return " ".join(refused.value.messages)


def a_line(**columns) -> PlanLine:
    plan = TrainingPlan.objects.create(
        year=2016, title="Kế hoạch 2016", state="approved", decision_number="1", decision_date=date(2015, 12, 1)
    )
    return PlanLine.objects.create(plan=plan, **{"programme": make_programme(), "seats": 5, **columns})
