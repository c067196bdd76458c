"""Needs: who lacks what, which programme closes it, how many there are; against plain loops over rows."""

from collections import Counter
from datetime import date
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cadres.evaluation import Rulebook, judged, one_step
from cadres.models import Appointment, Criterion, Dimension, Level, Position
from cadres.periods import PartialDate
from cadres.text import match_key
from courses.models import Programme, SubjectArea
from courses.needs.computed import (
    closing_programmes,
    lacking_posts,
    needs_by,
    needs_of,
    overview,
    urgency_order,
)
from tests import province
from tests.builders import (
    criterion_of,
    make_accepted_field,
    make_appointment,
    make_commune,
    make_official,
    make_programme,
    make_qualification,
    make_waiver,
    position_of,
)
from tests.conftest import DAY, rolled_back, unit_of
from tests.reports import naive
from tests.reports.test_invented_provinces import DAYS, DIMENSIONS, FIELD_KEYS, invent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province_database")]


@pytest.fixture
def people(db):
    """The small province, and no programme but those that a test makes."""
    Programme.objects.all().delete()
    return province.people()


def closing(day: date = DAY, criterion: str = "FULL"):
    return closing_programmes(day, criterion=criterion_of(criterion))


def needs(day: date = DAY, criterion: str = "FULL"):
    """All needs of the province, by name and dimension."""
    posts = lacking_posts(day, criterion=criterion_of(criterion)).select_related("official")
    return {
        (need.post.official.full_name, need.dimension.code): need for need in needs_of(posts, closing(day, criterion))
    }


# ---------------------------------------------------------------- who lacks what


def test_who_does_not_meet_a_dimension_has_a_need_and_nobody_else(people):
    assert {key: (need.held.code, need.required.code) for key, need in needs().items()} == {
        ("Lý Thị Lan", "professional"): ("SC", "TC"),
        ("Hoàng Văn Páo", "education"): ("THCS", "THPT"),
        ("Hoàng Văn Páo", "professional"): ("SC", "TC"),
    }


def test_only_dimensions_that_the_criterion_counts_are_needed(people):
    assert set(needs(criterion="EDUCATION")) == {("Hoàng Văn Páo", "education")}


def test_a_need_ends_on_the_day_of_the_certificate_and_not_before(people):
    got = date(2016, 3, 15)
    make_qualification(people["Lý Thị Lan"], "professional", "TC", as_of=got, awarded=got)

    assert ("Lý Thị Lan", "professional") in needs(date(2016, 3, 14))
    assert ("Lý Thị Lan", "professional") not in needs(got)


def test_the_reason_names_what_is_asked_and_what_is_held(people):
    assert needs()["Lý Thị Lan", "professional"].reason == "Trình độ chuyên môn: cần Trung cấp, hiện là Sơ cấp"


# ---------------------------------------------------------------- which programme


def test_of_the_programmes_that_close_a_lack_the_lowest_level_comes_first_then_who_names_the_position_then_the_code(
    people,
):
    degree = make_programme("professional:DH")
    for_all = make_programme("professional:TC")
    for_secretaries = make_programme("professional:TC", targets=("BT_DU",))
    make_programme("professional:SC")  # not enough
    make_programme("professional:TC", targets=("TCA",))  # for somebody else
    make_programme("it:A")  # in another dimension

    need = needs()["Lý Thị Lan", "professional"]

    assert need.programmes == (for_secretaries, for_all, degree)
    assert need.programme == for_secretaries


def test_finishing_the_last_thing_lacking_makes_compliant(people):
    make_programme("professional:TC")

    assert needs()["Lý Thị Lan", "professional"].closes_all
    assert not needs()["Hoàng Văn Páo", "professional"].closes_all  # lacks education too


def test_nothing_closes_all_where_another_dimension_is_unknown(people):
    make_programme("professional:TC")
    unknown = make_official("Má Seo Củi")
    make_appointment(unknown, position_of("BT_DU"), unit_of(province.BAC_HA_TOWN))
    make_qualification(unknown, "education", "THPT")
    make_qualification(unknown, "professional", "SC")

    assert not needs()["Má Seo Củi", "professional"].closes_all


def test_a_waiver_settles_a_dimension(people):
    make_programme("professional:TC")
    make_waiver(people["Hoàng Văn Páo"], "education")

    assert set(needs()) == {("Lý Thị Lan", "professional"), ("Hoàng Văn Páo", "professional")}
    assert needs()["Hoàng Văn Páo", "professional"].closes_all


def test_without_a_programme_there_is_a_need_that_nothing_closes(people):
    need = needs()["Hoàng Văn Páo", "education"]

    assert need.programme is None
    assert not need.closes_all


def test_where_a_field_of_study_is_asked_only_a_programme_in_such_a_field_closes_it(people):
    make_accepted_field(position_of("TCA"), "Kế toán", start_date=date(2015, 7, 1))
    law = make_programme("professional:TC", field_of_study="Luật")
    accounting = make_programme("professional:TC", field_of_study="Kế toán")

    assert needs()["Hoàng Văn Páo", "professional"].programmes == (accounting,)
    assert needs()["Lý Thị Lan", "professional"].programmes == (law, accounting)  # no rule for her position
    assert needs(date(2015, 6, 30))["Hoàng Văn Páo", "professional"].programmes == (law, accounting)


def test_a_degree_in_a_field_that_does_not_fit_is_a_need_and_says_so(people):
    make_accepted_field(position_of("TCA"), "Kế toán")
    make_qualification(people["Thào A Chín"], "professional", "DH", field_of_study="Luật")
    make_qualification(people["Hoàng Văn Páo"], "professional", "DH", field_of_study="Luật")

    need = needs()["Hoàng Văn Páo", "professional"]

    assert need.is_in_wrong_field
    assert need.reason == "Trình độ chuyên môn: có Đại học, nhưng chuyên ngành chưa phù hợp"


def test_the_catalogue_is_read_with_one_query_whatever_is_in_it(people, django_assert_num_queries):
    for _ in range(5):
        make_programme("professional:TC", targets=("BT_DU", "TCA"))
    criterion, rulebook = criterion_of(), Rulebook.load()
    list(criterion.dimensions.all())

    with django_assert_num_queries(3):  # dimensions of the criterion, programmes with their positions, what is studied
        found = closing_programmes(DAY, criterion=criterion, rulebook=rulebook)
        needs_of([], found)


# ---------------------------------------------------------------- one query, and the naive oracle


def naive_needs(day: date, criterion: Criterion) -> dict[tuple[int, str], tuple[int, list[str], bool]]:
    """(official, dimension) → required rank, codes of programmes best first, whether finishing one makes compliant."""
    registry = naive.Registry()
    counted = {dimension.code for dimension in criterion.dimensions.all()}
    programmes = [programme for programme in Programme.objects.all() if programme.raises_to]
    targets = {programme.pk: [row.pk for row in programme.target_positions.all()] for programme in programmes}
    found = {}
    for person in naive.judge(registry, day, criterion):
        verdicts = {code: it for code, it in person.dimensions.items() if not counted or code in counted}
        for code, verdict in verdicts.items():
            if verdict != "not_met":
                continue
            [required] = [
                (row.minimum_relaxed if person.is_relaxed else row.minimum).rank
                for row in naive.asked_of(registry, person, day)
                if row.dimension.code == code
            ]
            rule = [
                row.field_key
                for row in registry.accepted_fields
                if row.position_id == person.post.position_id and row.dimension.code == code and naive.covers(row, day)
            ]
            closing = []
            for programme in programmes:
                level = programme.raises_to
                if level.dimension.code != code or level.rank < required:
                    continue
                meant = targets[programme.pk]
                if meant and person.post.position_id not in meant:
                    continue
                key = match_key(programme.field_of_study)
                if rule and (not key or key not in rule):
                    continue
                closing.append((level.rank, person.post.position_id not in meant, programme.code))
            others = [it for other, it in verdicts.items() if other != code]
            settled = all(it in ("met", "exempt") for it in others)
            codes = [code for *_, code in sorted(closing)]
            found[person.post.official_id, code] = (required, codes, settled and bool(codes))
    return found


def agree(day: date, criterion: Criterion) -> None:
    """Needs, counts and filters are those of the loops."""
    expected = naive_needs(day, criterion)
    found = closing_programmes(day, criterion=criterion)
    posts = list(lacking_posts(day, criterion=criterion))
    listed = needs_of(posts, found)
    assert {
        (need.official_id, need.dimension.code): (
            need.required.rank,
            [programme.code for programme in need.programmes],
            need.closes_all,
        )
        for need in listed
    } == expected

    best: dict[str | None, set[int]] = {}
    closed: dict[str, set[int]] = {}
    for (official, _), (_, codes, _) in expected.items():
        best.setdefault(codes[0] if codes else None, set()).add(official)
        for code in codes:
            closed.setdefault(code, set()).add(official)
    whole = overview(found)
    assert whole.total.people == len({official for official, _ in expected})
    assert {programme.code if programme else None: count.people for programme, count in whole.by_programme.items()} == {
        code: len(officials) for code, officials in best.items()
    }
    assert {
        dimension.code: (count.people, count.with_programme) for dimension, count in whole.by_dimension.items()
    } == {
        code: (
            sum(1 for _, dimension in expected if dimension == code),
            sum(1 for (_, dimension), (_, codes, _) in expected.items() if dimension == code and codes),
        )
        for code in {dimension for _, dimension in expected}
    }
    everybody = judged(day, criterion=criterion)
    for programme in Programme.objects.all():
        assert set(everybody.filter(found.best_is(programme)).values_list("official", flat=True)) == best.get(
            programme.code, set()
        )
        assert set(everybody.filter(found.closed_by(programme)).values_list("official", flat=True)) == closed.get(
            programme.code, set()
        )
    assert set(everybody.filter(found.best_is(None)).values_list("official", flat=True)) == best.get(None, set())

    post_of = {post.official_id: post for post in posts}
    lacking = Counter(official for official, _ in expected)
    columns = {"district": "district_id", "commune": "unit_id", "zone": "zone", "position": "position_id"}
    for by, column in columns.items():
        counted = needs_by(by, found)
        assert {key: count.people for key, count in counted.items()} == Counter(
            getattr(post_of[official], column) for official in lacking
        )
        assert {
            (key, code): people
            for key, count in counted.items()
            for code, people in count.by_dimension.items()
            if people
        } == Counter((getattr(post_of[official], column), code) for official, code in expected)
    one = set(everybody.filter(one_step(found.levels, found.counted)).values_list("official", flat=True))
    assert sum(count.one_step for count in needs_by("position", found).values()) == len(one)
    assert whole.total.one_step == len(one)


def invent_programmes(random: Random) -> None:
    area = SubjectArea.objects.first()
    positions = list(Position.objects.filter(code__startswith="X"))
    levels = list(Level.objects.filter(dimension__code__in=DIMENSIONS))
    for number in range(8):
        programme = Programme.objects.create(
            code=f"I{number}",
            title=f"Chương trình {number}",
            kind=Programme.Kind.CERTIFICATE,
            subject_area=area,
            raises_to=random.choice([*levels, None]),
            field_of_study=random.choice(FIELD_KEYS),
            hours=40,
        )
        programme.target_positions.set(random.sample(positions, random.choice([0, 0, 1, 2])))


def test_needs_are_those_of_the_loops_in_the_small_province(people):
    make_programme("professional:TC", targets=("BT_DU",))
    make_programme("professional:DH")
    for criterion in Criterion.objects.all():
        agree(DAY, criterion)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
@given(seed=st.integers(0, 2**32), day=st.sampled_from(DAYS), criterion=st.sampled_from(["FULL", "PROFESSIONAL"]))
def test_needs_are_those_of_the_loops_in_invented_provinces(db, seed, day, criterion):
    with rolled_back():
        Programme.objects.all().delete()
        random = Random(seed)
        invent(random)
        invent_programmes(random)
        agree(day, criterion_of(criterion))


def test_the_needs_of_the_whole_province_are_one_query(people, django_assert_num_queries):
    make_programme("professional:TC")
    found, criterion, rulebook = closing(), criterion_of(), Rulebook.load()
    list(Dimension.objects.all())
    posts = lacking_posts(DAY, criterion=criterion, rulebook=rulebook)
    for query in (
        lambda: needs_of(posts.select_related("official", "position"), found),
        lambda: overview(found),
        lambda: needs_by("commune", found),
    ):
        with django_assert_num_queries(1):
            assert query()


# ---------------------------------------------------------------- most urgent first


def test_most_urgent_are_those_whom_one_thing_makes_compliant_then_key_positions_then_by_position_and_name(db):
    commune = make_commune()
    hired = {
        "Đinh Thị Ba": ("TC_KT", "THPT", "SC", "A"),  # lacks professional only
        "Bàn Văn An": ("TC_KT", "THPT", "SC", "A"),
        "Ly Seo Tư": ("BT_DU", "THPT", "CDT", "TC"),  # a key position, lacks professional only
        "Sùng A Hai": ("BT_DU", "THCS", "CDT", "TC"),  # a key position, lacks education and professional
        "Cư A Năm": ("VP_TK", "THCS", "SC", "A"),  # lacks two
    }
    for name, (position, education, professional, third) in hired.items():
        official = make_official(name)
        make_appointment(official, position_of(position), commune)
        make_qualification(official, "education", education)
        make_qualification(official, "professional", professional)
        make_qualification(official, "political_theory" if position == "BT_DU" else "it", third)
    found = closing()
    posts = lacking_posts(DAY, criterion=criterion_of(), appointments=Appointment.objects.filter(unit=commune))

    ordered = posts.order_by(*urgency_order(found)).values_list("official__full_name", flat=True)

    assert list(ordered) == ["Ly Seo Tư", "Bàn Văn An", "Đinh Thị Ba", "Sùng A Hai", "Cư A Năm"]


def test_urgency_for_a_programme_asks_whether_that_programme_is_the_last_thing(people):
    found = closing()
    posts = lacking_posts(DAY, criterion=criterion_of())
    education = next(dimension for dimension in found.counted if dimension.code == "education")

    last = posts.filter(one_step(found.levels, found.counted, education))

    assert not last.exists()  # Lý Thị Lan lacks one thing, and that is another
    assert [post.official.full_name for post in posts.order_by(*urgency_order(found, education))] == [
        "Lý Thị Lan",
        "Hoàng Văn Páo",
    ]


def test_a_need_known_to_the_year_counts_from_the_end_of_that_year(people):
    make_qualification(
        people["Lý Thị Lan"], "professional", "TC", as_of=date(2016, 6, 30), awarded=PartialDate.parse("2015")
    )

    assert ("Lý Thị Lan", "professional") in needs(date(2015, 12, 30))
    assert ("Lý Thị Lan", "professional") not in needs(date(2015, 12, 31))
