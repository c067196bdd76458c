"""What one statement counts is what as many queries count."""

from collections import Counter

import pytest

from cadres.evaluation import judged
from cadres.models import UnitZone
from reports.at_once import counted_in_sets
from tests.builders import criterion_of
from tests.province import DAY

pytestmark = [pytest.mark.usefixtures("province_database"), pytest.mark.django_db]
SETS = (("zone",), ("verdict", "zone", "unit_id"), ("position_id", "verdict"), ("zone", "verdict"))


def test_each_set_of_columns_is_counted_as_by_a_query_of_its_own():
    UnitZone.objects.first().delete()  # so that there is a value that is missing, and not only a column
    posts = judged(DAY, criterion=criterion_of())
    counted = counted_in_sets(posts, *SETS)
    assert counted == [Counter(posts.values_list(*of_set)) for of_set in SETS]
    assert {zone for (zone,) in counted[0]} > {None}
