"""Who holds which post in which unit on a day."""

from datetime import date, timedelta

import pytest

from cadres.models import Unit, UnitVersion
from cadres.posts import units_below
from tests.builders import make_unit, make_version

pytestmark = pytest.mark.django_db

DAY = date(2015, 6, 30)
FIRST, LAST = date(2015, 3, 10), date(2015, 9, 20)
A_DAY = timedelta(days=1)


def test_units_below_a_unit_on_the_day_and_those_that_ended_there():
    province = make_unit(UnitVersion.Kind.PROVINCE)
    district, neighbour = (make_unit(UnitVersion.Kind.DISTRICT, parent=province) for _ in range(2))
    stays = make_unit(parent=district)
    moves = make_unit(parent=district, end_date=LAST)
    make_version(moves, parent=neighbour, start_date=LAST + A_DAY)
    ends = make_unit(parent=district, end_date=FIRST)

    def below(unit: Unit, day: date) -> set[int]:
        return set(units_below(unit, day))

    assert below(district, FIRST) == {district.pk, stays.pk, moves.pk, ends.pk}
    assert below(district, LAST + A_DAY) == {district.pk, stays.pk, ends.pk}
    assert below(neighbour, LAST + A_DAY) == {neighbour.pk, moves.pk}
    assert below(stays, DAY) == {stays.pk}
    assert below(province, DAY) >= {district.pk, neighbour.pk, stays.pk, moves.pk, ends.pk}
