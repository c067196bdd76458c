"""What is put into SQL once means in every query what it means by itself."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import Exists, F, Q, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, Greatest
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from cadres.asked_again import Condition, among, answer_about, fetch
from cadres.kept_plans import MOST_PLANS, MOST_PLANS_OF_DAYS, planned_for_the_day, planned_once
from cadres.models import Appointment, Official, PositionGroup, Qualification, Unit
from tests import province
from tests.conftest import unit_of

pytestmark = pytest.mark.django_db
FIRST = date(1990, 1, 1)
FIRST_MOMENT = datetime(1990, 1, 1, tzinfo=UTC)


def held_there_by(unit: int, *, official: object, day: object) -> Exists:
    """Whether the person held a post in the unit, or below it, on the day."""
    there = Appointment.objects.as_of(day).filter(Q(unit=unit) | Q(unit__versions__parent=unit))
    return Exists(there.filter(official=official))


def keys(rows: QuerySet) -> set[int]:
    return set(rows.values_list("pk", flat=True))


def test_a_kept_condition_holds_of_the_same_rows_wherever_it_stands():
    province.build()
    unit = unit_of("085").pk
    people = set(Appointment.objects.filter(unit__versions__parent=unit).values_list("official", flat=True))
    of_them = keys(Qualification.objects.filter(official__in=people))
    assert 0 < len(of_them) < Qualification.objects.count()
    kept = Condition(held_there_by, unit, official="official", day="today")
    rows = Qualification.objects.alias(today=Greatest("start_date", Value(date(2015, 12, 31))))
    assert keys(rows.filter(kept)) == of_them
    assert keys(rows.exclude(kept)) == keys(Qualification.objects.exclude(official__in=people))
    assert keys(rows.filter(kept | Q(pk=0), level__isnull=False)) == of_them
    # Within a sub-query, whose tables Django calls by the names that those of the condition had.
    assert keys(Official.objects.filter(pk__in=rows.filter(kept).values("official"))) == set(
        Qualification.objects.filter(pk__in=of_them).values_list("official", flat=True)
    )
    # Of another way from the row, by way of a table that it has as well, and of a column with parameters of its own.
    on = {"day": "first", "official": "official__appointments__official"}
    other = Qualification.objects.alias(first=Coalesce(F("official__appointments__start_date"), FIRST))
    assert keys(other.filter(Condition(held_there_by, unit, **on))) == of_them
    assert keys(Unit.objects.filter(Condition(nobody, official="pk"))) == set()


def in_force_of(day: date) -> QuerySet:
    return Qualification.objects.as_of(day).filter(among("official")).order_by("pk").values_list("pk", "official")


def test_a_question_about_some_people_is_kept_and_asked_of_others():
    province.build()
    people = {official.full_name: official for official in Official.objects.all()}
    for names in (["Giàng A Sử"], ["Giàng A Sử", "Vàng Thị Mỷ"], ["Vàng Thị Mỷ"], []):
        of_them = [people[name].pk for name in names]
        there = Qualification.objects.as_of(province.DAY).filter(official__in=of_them).order_by("pk")
        assert answer_about(of_them, in_force_of, province.DAY) == list(there.values_list("pk", "official"))


def nobody(*, official: object) -> Exists:
    return Exists(Appointment.objects.filter(official=official, unit__in=[]))


def plans() -> set[str]:
    """What the open connection has been told to keep plans of."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        return {statement for (statement,) in cursor.fetchall()}


def test_a_plan_that_is_kept_answers_what_is_asked_each_time():
    province.build()
    posts = Appointment.objects.order_by("pk")
    first, last = posts[0], posts.reverse()[0]
    three, groups = [one.pk for one in posts[:3]], [PositionGroup.CADRE, PositionGroup.CIVIL_SERVANT]
    questions: list[tuple[QuerySet, QuerySet]] = [  # alike but in what they ask for
        (posts.filter(unit=first.unit_id), posts.filter(unit=last.unit_id)),
        (posts.filter(start_date__lte=date(2012, 1, 1)), posts.filter(start_date__lte=date(2015, 12, 31))),
        (posts.filter(position__group=PositionGroup.CADRE), posts.filter(position__group=PositionGroup.CIVIL_SERVANT)),
        (posts.filter(official__full_name__contains="ng%"), posts.filter(official__full_name__contains="Th")),
        (posts.filter(pk__among=[]), posts.filter(pk__among=three)),
        (posts.filter(unit__gt=0).filter(pk__in=three), posts.filter(unit__gt=1).filter(pk__in=[last.pk])),
        (posts.filter(position__group__in=groups), posts.filter(position__group__in=groups[::-1])),
        (posts.filter(pk=first.pk).union(posts.filter(unit=1)), posts.filter(pk=last.pk).union(posts.filter(unit=2))),
        (posts.filter(pk=2**40), posts.filter(pk=2**50)),
        (posts.filter(changed_at__lte=FIRST_MOMENT), posts.filter(changed_at__lte=now())),
        (posts.annotate(told=Value(Decimal("0.5"))), posts.annotate(told=Value(Decimal("-3")))),
        (posts.annotate(told=RawSQL("'100%%' || %s", ["a"])), posts.annotate(told=RawSQL("'100%%' || %s", ["b"]))),
    ]
    before = plans()
    for both in questions:
        for asked in both:
            with planned_once():
                by_plan = list(asked.values_list())
            assert by_plan == list(asked.values_list()), asked.query
    assert len(plans() - before) == len(questions) + 2  # of each group one of its own
    kept = plans()
    with planned_once():
        for both in questions:
            list(both[0].values_list())
    assert plans() == kept


def test_the_plans_that_a_connection_keeps_are_bounded():
    before = plans()
    with planned_once():
        for number in range(MOST_PLANS + 5):
            list(Unit.objects.values_list("pk")[: number + 1])
    assert len(plans() - before) == MOST_PLANS


def test_a_plan_of_a_day_knows_its_day_and_leaves_texts_open():
    province.build()
    posts = Appointment.objects.order_by("pk")
    before = plans()
    for day in (date(2012, 1, 1), date(2015, 12, 31)):
        for word in ("ng", "Th"):
            asked = posts.filter(start_date__lte=day, official__full_name__contains=word).values_list("pk")
            with planned_for_the_day():
                by_plan = list(asked)
            assert by_plan == list(asked.all())
    new = plans() - before
    assert len(new) == 2
    assert all("$1" in statement for statement in new)
    assert all(any(day in statement for statement in new) for day in ("2012-01-01", "2015-12-31"))


def test_of_two_ways_to_plan_the_inner_one_holds():
    asked = Appointment.objects.filter(start_date=date(2015, 12, 31)).values_list("pk")
    before = plans()
    with planned_once(), planned_for_the_day():
        list(asked)
    (of_the_day,) = plans() - before
    assert "2015-12-31" in of_the_day
    with planned_for_the_day(), planned_once():
        list(asked.all())
    assert len(plans() - before) == 2


def test_the_plans_of_days_are_bounded_too():
    before = plans()
    with planned_for_the_day():
        for number in range(MOST_PLANS_OF_DAYS + 5):
            list(Unit.objects.filter(pk=number).values_list("pk"))
    assert len(plans() - before) == MOST_PLANS_OF_DAYS


def test_rows_are_given_what_their_keys_lead_to():
    province.build()
    rows = list(Appointment.objects.all())
    fetch(rows, "official", "position", "carried_from")
    fetch([], "official")
    with CaptureQueriesContext(connection) as asked:
        told = [(row.official, row.position, row.carried_from) for row in rows]
    assert not asked.captured_queries
    there = Appointment.objects.select_related("official", "position", "carried_from")
    assert told == [(row.official, row.position, row.carried_from) for row in there]
    assert [row.official.full_name for row in rows] == [row.official.full_name for row in there]
