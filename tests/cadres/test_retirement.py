"""The day of retirement against a slow obvious rule, and against days counted by hand."""

from datetime import date, timedelta

import pytest

from cadres.models import Appointment, RetirementAge
from cadres.periods import PartialDate, add_months
from cadres.retirement import rungs_to, with_retirement_day
from tests.builders import make_appointment, make_commune, make_official, make_position

pytestmark = pytest.mark.django_db


def retirement_day(birth: date | None, sex: str, ages: list[RetirementAge]) -> date | None:
    """The obvious rule: the first rung whose period has not ended when its age is reached."""
    if birth is None or not sex:
        return None
    for age in sorted(ages, key=lambda age: age.start_date):
        years, months = (age.men_years, age.men_months) if sex == "M" else (age.women_years, age.women_months)
        reached = add_months(birth, years * 12 + months)
        if age.end_date is None or age.end_date >= reached:
            return add_months(reached.replace(day=1), 1) - timedelta(days=1)
    return None


def retires_on(birth: PartialDate | None, sex: str) -> date | None:
    official = make_official(sex=sex, birth=birth)
    make_appointment(official, make_position(), make_commune())
    posts = Appointment.objects.filter(official=official)
    (looked_up,) = with_retirement_day(posts).values_list("retires_on", flat=True)
    (told,) = with_retirement_day(posts, list(RetirementAge.objects.order_by("start_date"))).values_list(
        "retires_on", flat=True
    )
    assert looked_up == told
    return looked_up


# By hand from the ladder: to 2020 men at 60, women at 55; 2021 at 60 years 3 months and 55 years 4 months; 2022 at
# 60 years 6 months and 55 years 8 months; from 2028 men at 62, from 2035 women at 60.
@pytest.mark.parametrize(
    ("sex", "birth", "day"),
    [
        ("M", date(1955, 6, 15), date(2015, 6, 30)),
        ("F", date(1960, 6, 15), date(2015, 6, 30)),
        ("M", date(1956, 2, 1), date(2016, 2, 29)),  # 60 on the first day of a leap February
        # the last people of the old ages, and the first of the new ones
        ("M", date(1960, 12, 30), date(2020, 12, 31)),
        ("M", date(1960, 12, 31), date(2020, 12, 31)),  # 60 on the last day of the old rung
        ("M", date(1961, 1, 1), date(2021, 4, 30)),  # 60 the day after: 60 years 3 months
        ("M", date(1961, 1, 2), date(2021, 4, 30)),
        ("F", date(1965, 12, 31), date(2020, 12, 31)),
        ("F", date(1966, 1, 1), date(2021, 5, 31)),
        # from the first new rung to the second
        ("M", date(1961, 9, 30), date(2021, 12, 31)),
        ("M", date(1961, 10, 1), date(2022, 4, 30)),
        ("F", date(1966, 8, 31), date(2021, 12, 31)),
        ("F", date(1966, 9, 1), date(2022, 5, 31)),
        # the open end of the ladder
        ("M", date(1990, 5, 5), date(2052, 5, 31)),
        ("F", date(1990, 5, 5), date(2050, 5, 31)),
    ],
)
def test_the_day_is_the_end_of_the_month_in_which_the_age_is_reached(sex, birth, day):
    assert retires_on(PartialDate(birth), sex) == day


@pytest.mark.parametrize("sex", ["M", "F"])
def test_a_birth_known_to_the_year_counts_as_1_january(sex):
    assert retires_on(PartialDate.parse("1961"), sex) == retires_on(PartialDate.parse("01/01/1961"), sex)


def test_a_birth_known_to_the_month_counts_as_its_first_day():
    assert retires_on(PartialDate.parse("08/1955"), "M") == date(2015, 8, 31)


@pytest.mark.parametrize(("birth", "sex"), [(None, "M"), (PartialDate(date(1970, 1, 1)), ""), (None, "")])
def test_without_birth_or_sex_no_day_is_known(birth, sex):
    assert retires_on(birth, sex) is None


def test_a_ladder_that_ends_too_early_gives_no_day():
    RetirementAge.objects.filter(end_date=None).update(end_date=date(2035, 12, 31))

    assert retires_on(PartialDate(date(1990, 5, 5)), "F") is None


def test_people_of_sixty_years_of_births_agree_with_the_obvious_rule(django_assert_num_queries):
    commune, position, ages = make_commune(), make_position(), list(RetirementAge.objects.all())
    for number in range(240):
        birth = date(1945, 1, 31) + timedelta(days=91 * number)
        official = make_official(sex="MF"[number % 2], birth=PartialDate(birth))
        make_appointment(official, position, commune)
    posts = Appointment.objects.filter(unit=commune).select_related("official")

    with django_assert_num_queries(1):
        found = list(with_retirement_day(posts))
    ladder = sorted(ages, key=lambda age: age.start_date)
    assert [post.retires_on for post in with_retirement_day(posts, ladder)] == [post.retires_on for post in found]

    assert [post.retires_on for post in found] == [
        retirement_day(post.official.birth_date, post.official.sex, ages) for post in found
    ]

    for until in (date(2021, 12, 31), date(2022, 1, 1), date(2024, 5, 31)):
        short = zip(with_retirement_day(posts, rungs_to(until)), found, strict=True)
        assert all(
            until < post.retires_on if until < known.retires_on else post.retires_on == known.retires_on
            for post, known in short
        )


def test_the_day_can_be_filtered_and_sorted_by():
    commune, position = make_commune(), make_position()
    for birth in ("1958", "1956", "1957"):
        make_appointment(make_official(birth, sex="M", birth=PartialDate.parse(birth)), position, commune)
    posts = with_retirement_day(Appointment.objects.filter(unit=commune))

    soon = posts.filter(retires_on__lte=date(2017, 1, 31)).order_by("retires_on")

    assert [post.official.full_name for post in soon] == ["1956", "1957"]
