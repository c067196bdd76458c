"""The training catalogue as it is shipped: whole, sensible, and never in the way of what the province has changed."""

import csv
from datetime import date

import pytest

from cadres.models import Requirement, Standard
from courses.models import CostNorm, Institution, Programme, SubjectArea, TrainingRegulation
from courses.reference_data import DATA, load
from tests.builders import level_of
from tests.conftest import unit_of

pytestmark = pytest.mark.django_db

MODELS = (SubjectArea, Institution, Programme, TrainingRegulation)
LINKS = (Programme.target_positions.through, Programme.prerequisites.through)


def contents() -> dict[str, list[tuple]]:
    return {model._meta.db_table: sorted(model.objects.values_list(), key=str) for model in (*MODELS, *LINKS)}


def test_loading_again_changes_nothing():
    before = contents()

    load()

    assert contents() == before


def test_what_the_province_has_changed_stays():
    programme = Programme.objects.get(code="TH-A")
    programme.hours = 72
    programme.save()
    programme.prerequisites.set([level_of("education", "THCS")])
    Institution.objects.filter(code="TCT").update(head="Nguyễn Văn Hiệu", place=None)
    SubjectArea.objects.filter(code="TH").update(name="Công nghệ thông tin")
    TrainingRegulation.objects.filter(decree__contains="18/2010").update(decree="NĐ 18", yearly_hours=32)

    before = contents()
    load()

    assert contents() == before


def test_what_is_missing_is_added():
    before = contents()
    Programme.objects.filter(code="TH-B").delete()
    TrainingRegulation.objects.filter(start_date=date(2025, 7, 1)).delete()

    load()

    def without_keys(tables):
        return {
            table: sorted(str(row[1:]) for row in rows) for table, rows in tables.items() if "programme_" not in table
        }

    assert without_keys(contents()) == without_keys(before)


def test_every_row_of_the_data_is_in_the_database():
    for file, model in (("programmes", Programme), ("institutions", Institution), ("subject_areas", SubjectArea)):
        with (DATA / f"{file}.csv").open(encoding="utf-8", newline="") as rows:
            codes = [row["code"] for row in csv.DictReader(rows)]
        assert len(codes) == len(set(codes))
        assert set(codes) == set(model.objects.values_list("code", flat=True))


def test_every_programme_can_be_completed():
    """No programme asks for what it leads to, and each degree of the profession names its field."""
    for programme in Programme.objects.select_related("raises_to__dimension").prefetch_related("prerequisites"):
        programme.full_clean()
        raised = programme.raises_to
        for level in programme.prerequisites.all():
            assert raised is None or level.dimension_id != raised.dimension_id or level.rank < raised.rank, programme
        if raised and raised.dimension.code == "professional" and raised.code != "SC":
            assert programme.field_of_study, programme


def test_whatever_a_standard_asks_of_a_post_there_is_a_programme_that_leads_there():
    """The law of former years too: TC where TC was enough."""
    programmes = Programme.objects.exclude(raises_to=None).select_related("raises_to")
    offered = [(programme.raises_to, {*programme.target_positions.all()}) for programme in programmes]
    asked = Requirement.objects.exclude(minimum__rank=0).select_related("position", "minimum", "minimum_relaxed")
    assert {line.standard.code for line in asked} == set(Standard.objects.values_list("code", flat=True))
    for line in asked:
        for minimum in (line.minimum, line.minimum_relaxed):
            assert any(
                level.dimension_id == minimum.dimension_id
                and level.rank >= minimum.rank
                and (not targets or line.position in targets)
                for level, targets in offered
            ), (line, minimum)


def test_every_subject_area_has_a_programme():
    assert not SubjectArea.objects.filter(programmes=None).exists()


def test_institutions_lie_where_they_lay_in_2015():
    places = dict(Institution.objects.values_list("code", "place"))

    assert places["TCT"] == unit_of("10").pk
    assert places["BDCT-085"] == unit_of("085").pk
    assert places["DHTN"] is None
    assert len([code for code in places if code.startswith("BDCT-")]) == 9


@pytest.mark.parametrize(
    ("day", "decree", "factor"),
    [
        (date(2010, 5, 4), None, None),
        (date(2010, 5, 5), "18/2010", 2),
        (date(2017, 10, 20), "18/2010", 2),
        (date(2017, 10, 21), "101/2017", 2),
        (date(2025, 6, 30), "101/2017", 2),
        (date(2025, 7, 1), "171/2025", 3),
    ],
    ids=str,
)
def test_one_regulation_holds_on_a_day(day, decree, factor):
    found = list(TrainingRegulation.objects.as_of(day))

    assert len(found) == (0 if decree is None else 1)
    for regulation in found:
        assert decree in regulation.decree
        assert (regulation.commitment_factor, regulation.yearly_hours) == (factor, 40)
        assert regulation.confidence


def test_what_training_costs_is_for_the_province_to_say():
    assert not CostNorm.objects.exists()


def test_the_age_for_postgraduate_studies_is_that_of_the_decree_of_the_day():
    """NĐ 101/2017/NĐ-CP: 40; NĐ 171/2025/NĐ-CP: 45. What NĐ 18/2010/NĐ-CP asks was not found and is not invented."""
    found = {
        row.decree: (row.oldest, row.oldest_from and row.oldest_from.code) for row in TrainingRegulation.objects.all()
    }
    assert found == {
        "Nghị định 18/2010/NĐ-CP": (None, None),
        "Nghị định 101/2017/NĐ-CP": (40, "THS"),
        "Nghị định 171/2025/NĐ-CP": (45, "THS"),
    }
