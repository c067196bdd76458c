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


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2019, 12, 31), "Huyện Sa Pa"),
        (date(2020, 1, 1), "Thị xã Sa Pa"),
        (date(2025, 6, 30), "Thị xã Sa Pa"),
        (date(2025, 7, 1), "Thị xã Sa Pa"),  # how it ended
    ],
)
def test_the_latest_version_by_a_day_is_that_of_the_day_or_how_the_unit_ended(day, name):
    sa_pa = UnitVersion.objects.as_of(DAY).get(name="Huyện Sa Pa").unit
    assert UnitVersion.objects.latest_by(day).get(unit=sa_pa).name == name
    assert UnitVersion.objects.filter(unit=sa_pa).latest_by(day).get().name == name


def test_a_unit_that_has_not_begun_by_a_day_has_no_latest_version():
    later = UnitVersion.objects.as_of(date(2020, 3, 1)).get(code="02641")
    assert not UnitVersion.objects.latest_by(DAY).filter(unit=later.unit).exists()


@pytest.mark.parametrize(("day", "number"), [(DAY, 9), (date(2025, 6, 30), 9), (date(2025, 7, 1), 1)])
def test_districts_are_the_units_right_above_communes_and_from_2025_the_province(day, number):
    assert UnitVersion.objects.districts_on(day).count() == number
    ban_pho = UnitVersion.objects.filter(code="02842")
    assert {unit.code for unit in ban_pho.districts_on(DAY)} == {ban_pho.as_of(DAY).get().parent.version_on(DAY).code}


def test_every_commune_lies_in_a_unit_in_force_on_its_first_and_last_day():
    for version in UnitVersion.objects.filter(parent__isnull=False).exclude(kind="province"):
        for day in (version.known_start or DAY, version.end_date or date(2026, 1, 1)):
            assert UnitVersion.objects.as_of(day).filter(unit=version.parent).exists(), (version, day)


def test_how_sure_a_succession_is_says_itself_in_vietnamese():
    said = set(UnitSuccession.objects.values_list("confidence", flat=True))
    assert said
    assert all(text.startswith(("đã đối chiếu", "chưa đối chiếu", "giữ nguyên mã")) for text in said)


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
