"""Units of the reference data: lasting identities with dated versions; a code means a unit only on a day."""

from datetime import date

import pytest
from django.db.models import Count

from cadres import reference_data
from cadres.models import Unit, UnitSuccession, UnitVersion
from tests.conftest import DAY

pytestmark = pytest.mark.django_db


def communes_on(day: date) -> int:
    return UnitVersion.objects.as_of(day).filter(kind__in=UnitVersion.COMMUNE_KINDS).count()


@pytest.mark.parametrize(
    ("day", "districts", "communes"),
    [
        (DAY, 9, 164),
        (date(2020, 3, 1), 9, 152),
        (date(2024, 11, 1), 9, 151),
        (date(2025, 6, 30), 9, 151),
        (date(2025, 7, 1), 0, 99),
    ],
)
def test_numbers_of_units_on_the_days_of_the_reorganisations(day, districts, communes):
    assert UnitVersion.objects.as_of(day).filter(kind="district").count() == districts
    assert communes_on(day) == communes
    assert UnitVersion.objects.as_of(day).filter(kind="province").count() == 1


def test_code_that_was_re_used_means_different_units_on_different_days():
    """02641 was phường Phố Mới until two wards merged into phường Lào Cai, which got the code."""
    before, after = (UnitVersion.objects.as_of(day).get(code="02641") for day in (DAY, date(2020, 3, 1)))
    assert (before.name, after.name) == ("Phường Phố Mới", "Phường Lào Cai")
    assert before.unit_id != after.unit_id


def test_one_successor_under_the_same_code_is_the_same_unit():
    before, after = (UnitVersion.objects.as_of(day).get(code="03016") for day in (DAY, date(2020, 3, 1)))
    assert (before.name, after.name) == ("Xã Sa Pả", "Phường Hàm Rồng")
    assert before.unit_id == after.unit_id


def test_unit_that_only_changes_name_kind_or_parent_goes_on():
    """Huyện Sa Pa became thị xã Sa Pa in 2020: one unit, two versions."""
    sa_pa = UnitVersion.objects.as_of(DAY).get(name="Huyện Sa Pa").unit
    assert sa_pa.version_on(date(2020, 3, 1)).name == "Thị xã Sa Pa"
    assert sa_pa.version_on(date(2025, 7, 1)) is None


def test_every_commune_lies_in_a_unit_in_force_on_its_first_and_last_day():
    for version in UnitVersion.objects.filter(parent__isnull=False).exclude(kind="province"):
        for day in (version.known_start or DAY, version.end_date or date(2026, 1, 1)):
            assert UnitVersion.objects.as_of(day).filter(unit=version.parent).exists(), (version, day)


def test_successions_tie_units_that_ended_to_units_that_began():
    for succession in UnitSuccession.objects.all():
        day = succession.effective_on
        assert UnitVersion.objects.as_of(day).filter(unit=succession.successor).exists(), succession.pk
        assert succession.predecessor_id != succession.successor_id


def test_loading_again_changes_nothing():
    before = (Unit.objects.count(), UnitVersion.objects.count(), UnitSuccession.objects.count())
    reference_data.load()
    assert (Unit.objects.count(), UnitVersion.objects.count(), UnitSuccession.objects.count()) == before


def test_no_unit_is_without_a_version():
    assert not Unit.objects.annotate(n=Count("versions")).filter(n=0).exists()
