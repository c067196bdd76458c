"""The rates of the small province, counted by hand (tests/province.py) and by the naive implementation."""

import json
from collections.abc import Collection
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command

from cadres.evaluation import judged
from cadres.management.command import CommandFailed
from cadres.models import Criterion, Official, Standard, UnitVersion
from cadres.rate import Rate
from reports.rates import BY, DIMENSION, Grouping, cross_rates, rate_on, rates_by
from reports.trends import change
from tests import province
from tests.builders import (
    criterion_of,
    make_appointment,
    make_commune,
    make_official,
    make_qualification,
    position_of,
)
from tests.judgements import by_dimension
from tests.province import BAC_HA_TOWN, BAN_PHO, DATA_BEGIN, DAY, THANH_BINH
from tests.reports import naive

pytestmark = pytest.mark.usefixtures("province_database")

A_DAY = timedelta(days=1)


@pytest.fixture
def people(db) -> dict[str, Official]:
    return province.people()


def counts_by(by: str, day: date = DAY, *, criterion: str = "FULL", **choices) -> dict[str, tuple[int, int, int]]:
    """Code of the group → compliant, not compliant, undetermined."""
    groups = rates_by(by, day=day, criterion=criterion_of(criterion), **choices)
    return {group.code: (group.rate.compliant, group.rate.not_compliant, group.rate.undetermined) for group in groups}


# ---------------------------------------------------------------- counted by hand


def test_rate_of_the_whole_province(people):
    rate = rate_on(DAY, criterion=criterion_of())
    assert rate == Rate(compliant=4, not_compliant=2, undetermined=2)
    assert (rate.total, rate.percent) == (8, Decimal("50.0"))


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("district", {"083": (2, 0, 0), "085": (2, 2, 2)}),
        ("commune", {THANH_BINH: (2, 0, 0), BAC_HA_TOWN: (0, 2, 1), BAN_PHO: (2, 0, 1)}),
        ("zone", {"1": (0, 2, 1), "2": (2, 0, 0), "3": (2, 0, 1)}),
        ("position", {"BT_DU": (2, 1, 0), "CT_HPN": (0, 0, 1), "TCA": (1, 1, 0), "VP_TK": (1, 0, 1)}),
        ("group", {"cadre": (2, 1, 1), "civil_servant": (2, 1, 1)}),
        ("sex", {"M": (3, 1, 0), "F": (0, 1, 2), "unknown": (1, 0, 0)}),
        ("ethnic", {"01": (1, 0, 1), "02": (0, 2, 0), "08": (2, 0, 1), "unknown": (1, 0, 0)}),
        ("age", {
            "0-30": (1, 0, 1), "31-40": (1, 0, 1), "41-50": (1, 0, 0), "51-60": (0, 1, 0), "61-": (0, 1, 0),
            "unknown": (1, 0, 0),
        }),
        ("dimension", {
            "education": (7, 1, 0), "professional": (6, 2, 0), "political_theory": (3, 0, 1), "it": (1, 0, 1),
        }),
    ],
)  # fmt: skip
def test_rates_by_every_grouping_in_the_order_in_which_they_are_shown(people, by, expected):
    assert list(counts_by(by).items()) == list(expected.items())


def test_groups_stand_in_their_order_from_zero_on_and_what_is_unknown_last():
    grouping = Grouping("Trình độ", code="code", order="order")
    rows = [
        {"code": "C", "order": 10},
        {"code": None, "order": None},
        {"code": "A", "order": 2},
        {"code": "B", "order": 0},
    ]

    assert [row["code"] for row in sorted(rows, key=grouping.place)] == ["B", "A", "C", None]


def test_groups_add_up_to_the_whole(people):
    for by in BY:
        if by != DIMENSION:
            groups = rates_by(by, day=DAY, criterion=criterion_of())
            assert sum((group.rate for group in groups), Rate()) == rate_on(DAY, criterion=criterion_of())


def test_figure_and_the_list_behind_it_agree(people):
    posts = judged(DAY, criterion=criterion_of()).filter(verdict__isnull=False).select_related("official")
    not_compliant = {post.official.full_name for post in posts.filter(verdict="not_compliant", district_code="085")}
    assert not_compliant == {"Lý Thị Lan", "Hoàng Văn Páo"}
    assert posts.count() == 8


def test_criterion_political_leaves_civil_servants_out(people):
    assert counts_by("group", criterion="POLITICAL") == {"cadre": (3, 0, 1)}
    assert list(counts_by("dimension", criterion="POLITICAL")) == ["political_theory"]


def test_what_if_another_standard_applied(people):
    """R2023_CB asks DH of cadres, TC where relaxed; nobody but the waived has it. R2012 goes on for the others."""
    named = (Standard.objects.get(code="R2023_CB"),)
    assert counts_by("group", standards=named) == {"cadre": (1, 3, 0), "civil_servant": (2, 1, 1)}


def test_crossed_groupings_sum_to_the_coarser_ones(people):
    crossed = cross_rates(DAY, "district", "zone", "group", criterion=criterion_of())
    by_zone: dict[str, Rate] = {}
    for (_, zone, _), rate in crossed.items():
        by_zone[zone.code] = by_zone.get(zone.code, Rate()) + rate
    assert {code: rate.total for code, rate in by_zone.items()} == {"1": 3, "2": 2, "3": 3}
    assert [district.code for district, _, _ in crossed] == sorted(district.code for district, _, _ in crossed)


def test_one_query_for_any_grouping_and_two_for_units(people, django_assert_num_queries):
    criterion = criterion_of()
    rates_by("zone", day=DAY, criterion=criterion)
    with django_assert_num_queries(1 + 3):  # the rulebook; the criterion's dimensions are read already
        rates_by("zone", day=DAY, criterion=criterion)
    with django_assert_num_queries(2 + 3):  # whether codes were re-used
        rates_by("district", day=DAY, criterion=criterion)


# ---------------------------------------------------------------- the promises on numbers and codes


@pytest.mark.parametrize(
    ("compliant", "total", "percent"),
    [
        (1, 16, "6.3"),  # 6.25
        (1, 80, "1.3"),  # 1.25, which "half to even" would make 1.2
        (3, 80, "3.8"),
        (1830, 3631, "50.4"),
        (1, 3, "33.3"),
        (2, 3, "66.7"),
        (1, 1, "100.0"),
        (0, 7, "0.0"),
    ],
)
def test_rate_is_rounded_half_up_to_one_decimal(compliant, total, percent):
    rate = Rate(compliant=compliant, not_compliant=total - compliant)
    assert str(rate.percent) == percent
    assert rate.percent == naive.percent(compliant, total)


def test_rate_of_nobody_is_none():
    assert Rate().percent is None


def test_undetermined_counts_in_the_total_and_never_as_compliant():
    assert Rate(compliant=1, undetermined=1).percent == Decimal("50.0")


def test_valid_from_stands_beside_a_code_that_was_re_used(people):
    old = make_commune(code="99001", end_date=date(2013, 12, 31))
    new = make_commune(code="99001", start_date=date(2014, 1, 1))
    plain = make_commune(code="99002", start_date=date(2014, 1, 1))
    for commune in (old, new, plain):
        make_appointment(make_official(), position_of("BT_DU"), commune)
    since = {group.code: group.valid_from for group in rates_by("commune", day=DAY, criterion=criterion_of())}
    assert (since["99001"], since["99002"], since[BAN_PHO]) == (date(2014, 1, 1), None, None)
    before = {
        group.code: group.valid_from for group in rates_by("commune", day=date(2013, 6, 1), criterion=criterion_of())
    }
    assert before["99001"] is None  # since before records


def test_zone_none_and_unknown_district_are_groups_of_their_own(people):
    commune = make_commune()
    make_appointment(make_official(), position_of("BT_DU"), commune)
    UnitVersion.objects.filter(unit=commune).update(parent=None)
    assert counts_by("zone")["none"] == (0, 0, 1)
    assert list(counts_by("zone"))[-1] == "none"
    assert counts_by("district")["unknown"] == (0, 0, 1)


# ---------------------------------------------------------------- against the naive implementation


CRITERIA = ("FULL", "PROFESSIONAL", "EDUCATION", "POLITICAL")
WHAT_IFS = ((), ("R2012",), ("R2019",), ("R2023_CB",), ("R2004", "R2023_CC"), ("R2023_CB", "R2023_CC"))


def agree(
    day: date, criterion: Criterion, standards: tuple[Standard, ...] = (), groupings: Collection[str] = BY
) -> None:
    """Compare all that both say of the day: each verdict, the rates by each grouping, and by it and the next."""
    registry = naive.Registry()
    expected = naive.judge(registry, day, criterion, standards)
    found = {
        post.official_id: by_dimension(post, day, standards)
        for post in judged(day, criterion=criterion, standards=standards).filter(verdict__isnull=False)
    }
    assert {pk: post.verdict for pk, post in found.items()} == {
        person.post.official_id: person.verdict for person in expected if person.verdict
    }
    for person in expected:
        if person.verdict is None:
            continue
        post = found[person.post.official_id]
        assert post.standard_id == person.standard.pk
        assert post.is_in_transition is person.in_transition
        for code, verdict in person.dimensions.items():
            assert getattr(post, f"verdict_{code}") == verdict
            assert getattr(post, f"held_{code}") == person.held[code]
    for by in groupings:
        rates = rates_by(by, day=day, criterion=criterion, standards=standards)
        assert {
            group.code: (group.rate.compliant, group.rate.not_compliant, group.rate.undetermined) for group in rates
        } == naive.rates_by(expected, by, day, criterion), by
        for group in rates:
            assert group.rate.percent == naive.percent(group.rate.compliant, group.rate.total)
        column = BY[(BY.index(by) + 1) % len(BY)]
        crossed = cross_rates(day, by, column, criterion=criterion, standards=standards)
        assert {
            (of_row.code, of_column.code): (rate.compliant, rate.not_compliant, rate.undetermined)
            for (of_row, of_column), rate in crossed.items()
        } == naive.crossed(expected, (by, column), day, criterion), (by, column)
    whole = rate_on(day, criterion=criterion, standards=standards)
    assert whole.in_transition == sum(person.in_transition for person in expected)


@pytest.mark.parametrize(
    "day", [DATA_BEGIN - A_DAY, DATA_BEGIN, DAY, date(2020, 1, 1), date(2024, 6, 1), date(2025, 7, 1)]
)
@pytest.mark.parametrize("criterion", CRITERIA)
def test_agrees_with_the_naive_rates_on_several_days(people, day, criterion):
    """Every second grouping, in turns: each on each day, and by each criterion."""
    begun = (day.year + CRITERIA.index(criterion)) % 2
    agree(day, criterion_of(criterion), groupings=BY[begun::2])


@pytest.mark.parametrize("codes", WHAT_IFS)
def test_agrees_with_the_naive_rates_under_every_what_if(people, codes):
    agree(DAY, criterion_of(), tuple(Standard.objects.filter(code__in=codes)))


# ---------------------------------------------------------------- change between two days


def test_change_covers_only_communes_with_data_on_both_days(people):
    newcomer = make_commune(data_begin=DAY)
    make_appointment(make_official(), position_of("BT_DU"), newcomer)
    moved = change(DATA_BEGIN, DAY, criterion=criterion_of())
    assert (moved.before.total, moved.after.total) == (8, 8)
    assert rate_on(DAY, criterion=criterion_of()).total == 9
    assert moved.points == Decimal("0.0")


def test_change_is_the_difference_of_the_rates_shown(people):
    make_qualification(people["Trần Thị Ánh"], "it", "A", awarded=date(2015, 6, 1))
    moved = change(DATA_BEGIN, DAY, criterion=criterion_of())
    assert (moved.before.percent, moved.after.percent) == (Decimal("50.0"), Decimal("62.5"))
    assert moved.points == Decimal("12.5")


def test_change_leaves_out_a_commune_that_ended_in_between(people):
    ending = make_commune(end_date=date(2015, 6, 30))
    make_appointment(make_official(), position_of("BT_DU"), ending)
    assert change(DATA_BEGIN, DAY, criterion=criterion_of()).before.total == 8


@pytest.mark.parametrize("before", [DATA_BEGIN - A_DAY, date(2009, 1, 1)])
def test_change_since_before_the_data_has_no_figure(people, before):
    assert change(before, DAY, criterion=criterion_of()).points is None


# ---------------------------------------------------------------- the commands


def run(capsys, *arguments: str) -> dict:
    call_command("rates", *arguments, "--json")
    return json.loads(capsys.readouterr().out)


def test_rates_prints_the_figures_of_the_contract(people, capsys):
    result = run(capsys, "--as-of", "2015-12-31")
    districts = result.pop("groups")
    assert result == {
        "as_of": "2015-12-31",
        "criterion": "FULL",
        "standards": ["R2004", "R2012"],
        "total": 8,
        "compliant": 4,
        "not_compliant": 2,
        "undetermined": 2,
        "rate": "50.0",
        "in_transition": 0,
        "left_behind": 0,
        "uncounted": 0,
    }
    assert districts[1] == {
        "code": "085",
        "name": "Huyện Bắc Hà",
        "total": 6,
        "compliant": 2,
        "not_compliant": 2,
        "undetermined": 2,
        "rate": "33.3",
    }


def test_rates_of_one_unit_with_those_left_behind_in_it(people, capsys):
    UnitVersion.objects.filter(code=BAN_PHO).update(end_date=DAY - A_DAY)
    assert run(capsys, "--as-of", "2015-12-31", "--unit", "085")["left_behind"] == 4  # non-specialist included
    assert run(capsys, "--as-of", "2015-12-31", "--unit", "083")["left_behind"] == 0
    assert run(capsys, "--as-of", "2015-12-31", "--unit", BAC_HA_TOWN)["total"] == 3
    assert run(capsys, "--as-of", "2015-12-31")["left_behind"] == 4


def test_rates_by_dimension_gives_the_whole_beside_the_dimensions(people, capsys):
    result = run(capsys, "--as-of", "2015-12-31", "--by", "dimension")
    assert result["total"] == 8
    assert [group["code"] for group in result["groups"]] == ["education", "professional", "political_theory", "it"]


def test_rates_of_a_day_without_data(people, capsys):
    result = run(capsys, "--as-of", "2012-06-01")
    assert (result["total"], result["rate"], result["groups"], result["standards"]) == (0, None, [], ["R2004"])


def test_rates_without_a_day_takes_the_latest_with_data(people, capsys):
    assert run(capsys)["as_of"] == DATA_BEGIN.isoformat()


def test_rates_prints_a_table_for_people(people, capsys):
    call_command("rates", "--as-of", "2015-12-31", "--by", "zone")
    text = capsys.readouterr().out
    assert "Khu vực III" in text
    assert "50,0" in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--unit", "99999"), "99999"),
        (("--criterion", "NONE"), "PROFESSIONAL"),
        (("--standard", "R1999"), "R2012"),
        (("--standard", "R2004", "R2023_CB"), "một văn bản"),
        (("--standard", "R2004", "--standard", "R2023_CB"), "một văn bản"),
        (("--by", "colour"), "--by"),
        (("--as-of", "31-12-2015"), "31-12-2015"),
    ],
)
def test_rates_that_cannot_be_computed_end_with_status_two_and_say_why(people, arguments, message):
    with pytest.raises(CommandFailed, match=message) as failure:
        call_command("rates", "--as-of", "2015-12-31", *arguments)
    assert failure.value.returncode == 2


def test_explain_prints_each_requirement_with_its_evidence(people, capsys):
    official = people["Lý Thị Lan"]
    call_command("explain", str(official.pk), "--as-of", "2015-12-31", "--json")
    result = json.loads(capsys.readouterr().out)
    assert (result["name"], result["position"], result["verdict"]) == ("Lý Thị Lan", "Bí thư Đảng ủy", "not_compliant")
    education, professional, political = result["requirements"]
    assert (education["verdict"], political["verdict"]) == ("met", "met")
    assert professional["verdict"] == "not_met"
    assert (professional["required"]["code"], professional["held"]["code"]) == ("TC", "SC")
    assert professional["standard"] == "R2004"
    assert professional["article"].startswith("QĐ 04/2004")
    assert professional["evidence"]["id"] == official.qualifications.get(level__dimension__code="professional").pk


def test_explain_of_somebody_who_is_not_counted(people, capsys):
    call_command("explain", str(people["Sùng A Páo"].pk), "--as-of", "2015-12-31", "--json")
    result = json.loads(capsys.readouterr().out)
    assert (result["verdict"], result["requirements"]) == (None, [])
    call_command("explain", str(people["Sùng A Páo"].pk), "--as-of", "2015-12-31")
    assert "không giữ chức danh nào được tính" in capsys.readouterr().out


def test_explain_of_nobody_ends_with_status_two(people):
    with pytest.raises(CommandFailed, match="999999"):
        call_command("explain", "999999")
