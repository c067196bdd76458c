"""Whom a row speaks of, in tables: what the registry holds, what a file states, and what comes of it.

Every row of a table is one (held, stated) pair; both are files of one person who is plain where nothing is said: Giàng
A Sử, a man of the Mông, born on 05/08/1979, chairman in Bản Phố.
"""

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cadres.models import Official
from cadres.periods import PartialDate, Precision
from cadres.roster.batch import commit, import_file, read_file, report_of, stage
from cadres.roster.decisions import another_person, decide_names, decide_rows, same_person
from cadres.roster.dictionaries import Dictionaries
from cadres.roster.matching import Known, Matcher, Registry
from cadres.roster.people import Stored
from cadres.roster.resemblance import is_near_name, is_same_name
from cadres.roster.statements import Statement
from cadres.roster.undo import undo
from cadres.text import fold, sort_key
from tests.cadres.workbooks import flat

pytestmark = pytest.mark.django_db

DAY = date(2015, 12, 31)
NAME, BIRTH, NUMBER, SEX, GROUP = "Họ và tên", "Ngày sinh", "Số CMND", "Giới tính", "Dân tộc"
SU = {NAME: "Giàng A Sử"}
NUMBERED = SU | {NUMBER: "063111222"}
FACTS = ("full_name", "birth_date", "birth_precision", "sex")


@pytest.fixture(autouse=True)
def _uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def bring(*people: dict[str, Any], **options: Any) -> dict[str, Any]:
    return report_of(import_file(read_file("a.xlsx", flat(*people, **options)), by=None))


def outcome(result: dict[str, Any]) -> tuple[str, ...]:
    """What became of the rows, and the codes of warnings."""
    counted = [name for name in ("created", "updated", "unchanged", "review", "rejected") if result[name]]
    return (*counted, *(issue["code"] for issue in result["issues"] if issue["severity"] == "warning"))


def facts() -> list[tuple[Any, ...]]:
    return list(Official.objects.order_by("pk").values_list(*FACTS))


# A number in the registry


@pytest.mark.parametrize(
    "stated",
    [
        pytest.param({NAME: "Lù Seo Pao"}, id="another name"),
        pytest.param({NAME: "Giàng A Pao"}, id="another given name"),
        pytest.param({NAME: "Vàng A Sử"}, id="another family name"),
        pytest.param({NAME: "Lù Seo Pao", BIRTH: "1960"}, id="another name and birth"),
        pytest.param({NAME: "Lù Seo Pao", BIRTH: None, SEX: None}, id="another name and nothing else"),
        pytest.param({BIRTH: "06/08/1979"}, id="the next day"),
        pytest.param({BIRTH: "08/05/1979"}, id="day and month turned round"),
        pytest.param({BIRTH: "9/1979"}, id="another month"),
        pytest.param({BIRTH: "1980"}, id="another year"),
        pytest.param({SEX: "Nữ"}, id="another sex"),
        pytest.param({NAME: "GIANG A SU", BIRTH: "1978"}, id="the name without marks, another year"),
        pytest.param({NAME: "Giàng Sử", SEX: "Nữ"}, id="a part of the name, another sex"),
    ],
)
def test_a_number_whose_name_birth_or_sex_is_contradicted_is_a_question_and_nothing_is_written(stated):
    bring(NUMBERED)
    before = facts()
    assert outcome(bring(NUMBERED | {"LLCT": "Cao cấp", "Chức danh": "Bí thư Đảng ủy"} | stated)) == (
        "review", "identifier_of_another",
    )  # fmt: skip
    assert facts() == before
    assert not Official.objects.get().qualifications.exists()


@pytest.mark.parametrize(
    ("held", "stated"),
    [
        pytest.param({}, {}, id="the same"),
        pytest.param({}, {BIRTH: "1979"}, id="the year"),
        pytest.param({}, {BIRTH: "8/1979"}, id="the month"),
        pytest.param({}, {BIRTH: None}, id="no birth"),
        pytest.param({}, {SEX: None}, id="no sex"),
        pytest.param({}, {GROUP: None, SEX: None, BIRTH: None}, id="nothing but the name and the number"),
        pytest.param({NAME: "Lê Văn Hoà"}, {NAME: "Lê Văn Hòa"}, id="the place of a tone mark"),
        pytest.param({}, {NAME: "GIÀNG A SỬ"}, id="capitals"),
        pytest.param({BIRTH: "1979"}, {BIRTH: "1979"}, id="a year as before"),
        pytest.param({SEX: None}, {SEX: None}, id="a sex unknown to both"),
    ],
)
def test_a_number_with_facts_that_contradict_nothing_is_that_person_unchanged(held, stated):
    bring(NUMBERED | held)
    assert outcome(bring(NUMBERED | held | stated)) == ("unchanged",)


@pytest.mark.parametrize(
    ("held", "stated"),
    [
        pytest.param({BIRTH: "1979"}, {BIRTH: "05/08/1979"}, id="a finer birth"),
        pytest.param({BIRTH: None}, {BIRTH: "05/08/1979"}, id="a birth where none was"),
        pytest.param({SEX: None}, {SEX: "Nam"}, id="a sex where none was"),
        pytest.param({GROUP: "Mông"}, {GROUP: "Dao"}, id="another ethnic group"),
    ],
)
def test_a_number_lets_more_exact_facts_in(held, stated):
    bring(NUMBERED | held)
    assert outcome(bring(NUMBERED | stated)) == ("updated",)


@pytest.mark.parametrize(
    ("held", "stated"),
    [
        ("Giàng Sử", "Giàng A Sử"),
        ("Giàng A Sử", "Giàng Sử"),
        ("Giàng A Sử", "Giàng Seo Sử"),
        ("Giàng A Sử", "Giàng A Sự"),
        ("Giàng A Sử", "Giang A Su"),
        ("Giàng A Sử", "giàng a sử"),
        ("Lý Thị Liên", "Lí Thị Liên"),
        ("Đinh Thu Anh", "Đinh Thị Thu Anh"),
        ("Vàng Thị Mỷ", "Vàng Thị Mỉ"),
        ("Nguyễn Thị Kim Oanh", "NGUYỄN THỊ OANH"),
    ],
)
def test_a_fuller_name_or_other_marks_are_proposed_and_written_only_where_accepted(held, stated):
    bring(NUMBERED | {NAME: held})
    row = NUMBERED | {NAME: stated}
    assert outcome(bring(row)) == ("unchanged", "name_spelt_otherwise")
    assert Official.objects.get().full_name == held
    batch = stage(read_file("b.xlsx", flat(row, title="Tính đến 31/12/2016")), by=None)
    assert decide_names(batch, None, take=True, by=None) == 1
    batch.refresh_from_db()
    commit(batch, by=None)
    assert fold(Official.objects.get().full_name) == fold(stated) == Official.objects.get().folded_name
    undo(batch, by=None)
    assert Official.objects.get().full_name == held


def test_a_question_about_a_number_names_the_person_and_offers_who_bears_the_name():
    bring(NUMBERED, {NAME: "Lù Seo Pao", "Chức danh": "Bí thư Đảng ủy"})
    batch = stage(read_file("b.xlsx", flat({NAME: "Lù Seo Pao", NUMBER: "063111222"})), by=None)
    row = batch.rows.get()
    assert row.issues[0]["message"].startswith(
        "Số định danh này trong hồ sơ là của Giàng A Sử (sinh 05/08/1979, Nam), khác họ tên"
    )
    assert row.candidates == list(Official.objects.order_by("pk").values_list("pk", flat=True))
    assert batch.summary["missing"] == 0


@pytest.mark.parametrize("decision", [same_person, another_person])
def test_a_question_about_a_number_is_decided_either_way_and_taken_back(decision):
    bring(NUMBERED)
    before = facts()
    batch = stage(read_file("b.xlsx", flat(NUMBERED | {NAME: "Lù Seo Pao"}, title="Tính đến 31/12/2016")), by=None)
    official = Official.objects.get()
    decided = same_person(official) if decision is same_person else another_person()
    decide_rows(batch, {batch.rows.get().pk: decided}, by=None)
    batch.refresh_from_db()
    commit(batch, by=None)
    people = ["Lù Seo Pao"] if decision is same_person else ["Giàng A Sử", "Lù Seo Pao"]
    assert sorted(Official.objects.values_list("full_name", flat=True)) == people
    undo(batch, by=None)
    assert facts() == before


@pytest.mark.parametrize(
    ("column", "held", "stated", "kept"),
    [
        ("Ngày vào Đảng", "03/02/2001", "2003", "03/02/2001"),
        ("Ngày vào Đảng", "03/02/2001", "3/2001", "03/02/2001"),
        ("Ngày vào Đảng", "2/2001", "2002", "02/2001"),
        ("Ngày vào Đảng", "03/02/2001", "04/02/2001", "04/02/2001"),
        ("Ngày vào Đảng", "2001", "2002", "2002"),
        ("Ngày vào Đảng", "2001", "03/02/2001", "03/02/2001"),
    ],
)
def test_a_date_is_not_replaced_by_a_coarser_one_that_contradicts_it(column, held, stated, kept):
    bring(NUMBERED | {column: held})
    result = bring(NUMBERED | {column: stated})
    assert str(Official.objects.get().party_joined) == kept
    assert [issue["code"] for issue in result["issues"]] == (["not_written"] if kept != stated else [])


# No number


@pytest.mark.parametrize(
    ("held", "stated", "without"),
    [
        pytest.param({}, {}, (), id="everything"),
        pytest.param({}, {}, (SEX,), id="no column of sex"),
        pytest.param({}, {}, (GROUP,), id="no column of ethnic groups"),
        pytest.param({}, {}, (SEX, GROUP, NUMBER), id="names, births and communes only"),
        pytest.param({}, {SEX: None}, (), id="a blank sex"),
        pytest.param({}, {GROUP: None}, (), id="a blank ethnic group"),
        pytest.param({}, {BIRTH: "1979"}, (SEX,), id="the year of birth"),
        pytest.param({}, {}, (BIRTH,), id="no column of births"),
        pytest.param({}, {NAME: "GIÀNG A SỬ"}, (SEX,), id="capitals"),
        pytest.param({NUMBER: "063111222"}, {}, (NUMBER, SEX), id="a number known, and none stated"),
        pytest.param({SEX: None, GROUP: None}, {SEX: None, GROUP: None}, (), id="facts unknown to both"),
    ],
)
def test_facts_that_a_file_does_not_state_contradict_nothing(held, stated, without):
    bring(SU | held)
    assert outcome(bring(SU | stated, without=without)) == ("unchanged",)


@pytest.mark.parametrize("held", [{SEX: None}, {GROUP: None}, {SEX: None, GROUP: None}, {BIRTH: "1979"}])
def test_what_the_registry_does_not_hold_contradicts_nothing_and_is_filled_in(held):
    bring(SU | held)
    assert outcome(bring(SU)) == ("updated",)
    assert Official.objects.count() == 1


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        pytest.param({SEX: "Nữ"}, "review", id="another sex"),
        pytest.param({GROUP: "Dao"}, "review", id="another ethnic group"),
        pytest.param({"Xã": "Tả Củ Tỷ"}, "review", id="another commune, born the same day"),
        pytest.param({"Xã": "Tả Củ Tỷ", BIRTH: "1979"}, "created", id="another commune, born the same year"),
        pytest.param({BIRTH: "06/08/1979"}, "created", id="another day"),
        pytest.param({BIRTH: "1980"}, "created", id="another year"),
        pytest.param({SEX: "Nữ", BIRTH: None}, "review", id="another sex and no birth"),
        pytest.param({NAME: "Lù Seo Pao"}, "created", id="another name, born the same day"),
        pytest.param({NUMBER: "063111222"}, "updated", id="a number where none was"),
        pytest.param({GROUP: "Dao", SEX: None}, "review", id="another ethnic group and no sex"),
    ],
)
def test_a_fact_that_differs_makes_a_namesake_a_question_or_somebody_else(stated, expected):
    bring(SU)
    assert outcome(bring(SU | stated))[0] == expected


def test_a_whole_file_without_sex_and_numbers_comes_back_unchanged():
    people = [{NAME: f"Giàng {middle} {given}", BIRTH: f"{1960 + number}", SEX: ("Nam", "Nữ")[number % 2]}
              for number, (middle, given) in enumerate([("A", "Sử"), ("Thị", "Mỷ"), ("Seo", "Pao")] * 4)]  # fmt: skip
    bring(*people)
    result = bring(*people, without=(SEX, GROUP, NUMBER))
    assert (result["unchanged"], result["issues"]) == (len(people), [])


def test_of_two_namesakes_who_differ_in_what_a_file_leaves_out_neither_is_taken():
    bring({NAME: "Vàng A Sử", BIRTH: "1979"}, {NAME: "Vàng A Sử", BIRTH: "1979", SEX: "Nữ"})
    assert outcome(bring({NAME: "Vàng A Sử", BIRTH: "1979"}, without=(SEX,))) == ("review", "several_people")


# Nearly the same name


NEAR = [
    ("Đinh Thị Thu Anh", "Đinh Thu Anh"),
    ("Đinh Thu Anh", "Đinh Thị Thu Anh"),
    ("Giàng Sử", "Giàng A Sử"),
    ("Vàng Seo Chín", "Vàng Seo Chính"),
    ("Vàng Seo Chín", "Vàng Sao Chín"),
    ("Lý Thị Mỷ", "Lí Thị Mỉ"),
    ("Nguyễn Thị Kim Oanh", "Nguyễn Kim Thị Oanh"),
    ("Thào Thị Mỷ", "Thào Thị Mỹ Linh Mỷ"),
    ("Hoàng Văn Phúc", "Hoàng Văn Phúcc"),
    ("Trần Thị Hồng Nhung", "Trần Hồng Nhung"),
]


FAR = [
    ("Vàng Seo Chín", "Vàng A Chín"),
    ("Giàng A Sử", "Giàng A Pao"),
    ("Đinh Thu Anh", "Đinh Thu Hà"),
    ("Lù Seo Pao", "Ly Seo Páo Pao"),
    ("Vàng A Lử", "Vàng A Lềnh"),
    ("Hoàng Văn Nam", "Hoàng Văn Hùng"),
    ("Nguyễn Anh", "Anh"),
    ("Vàng A Sử", "Vàng A Sì"),
    ("Giàng A Số 1", "Giàng A Số 2"),
    ("Thào Thị Mỷ", "Thào Mỷ Mỷ Thị Sa"),
    ("Trần Văn Bảy", "Trần Thị Bảy"),
    ("Sùng A", ""),
]


@pytest.mark.parametrize(
    ("held", "stated", "near"), [(*pair, True) for pair in NEAR] + [(*pair, False) for pair in FAR]
)
def test_a_name_is_near_another_by_a_word_a_letter_or_their_order(held, stated, near):
    assert is_near_name(fold(held), fold(stated)) is is_near_name(fold(stated), fold(held)) is near


@pytest.mark.parametrize(
    ("held", "stated", "same"),
    [
        ("Giàng A Sử", "Giàng A Sử", True),
        ("Giàng A Sử", "Giàng Seo Sử", True),
        ("Giàng Sử", "Giàng A Sử", True),
        ("Lý Thị Mỷ", "Lí Thị Mỉ", True),
        ("Thu Anh", "Đinh Thị Thu Anh", True),
        ("Giàng Sử A", "Giàng A Sử", True),
        ("Giàng A Sử", "Giàng A Pao", False),
        ("Giàng A Sử", "Vàng A Sử", False),
        ("Giàng Seo Sử", "Giàng A Chu Sư Phà", False),
        ("Giàng A Sử", "", False),
        ("Đinh Thu Anh", "Đinh Thu Hà", False),
        ("Đinh Thu Anh", "Anh Thu", True),
    ],
)
def test_a_name_is_one_persons_with_the_same_ends_or_all_words_of_the_shorter(held, stated, same):
    assert is_same_name(fold(held), fold(stated)) is is_same_name(fold(stated), fold(held)) is same


@pytest.mark.parametrize(
    ("held", "stated", "born", "again"),
    [(*pair, "05/08/1979", "05/08/1979") for pair in NEAR]
    + [(*NEAR[0], "1979", "1979"), (*NEAR[1], "05/08/1979", "1979"), (*NEAR[3], "8/1979", "1979")],
)
def test_nearly_the_same_name_with_the_same_birth_in_the_commune_is_a_question(held, stated, born, again):
    bring({NAME: held, BIRTH: born})
    result = bring({NAME: stated, BIRTH: again})
    assert (outcome(result), result["missing"]) == (("review", "resembles"), 0)
    assert Official.objects.count() == 1


@pytest.mark.parametrize(
    ("held", "stated"),
    [
        pytest.param({}, {NAME: "Đinh Thu Hà"}, id="another given name"),
        pytest.param({}, {NAME: "Đinh Thị Thu Anh", BIRTH: "06/08/1979"}, id="another day"),
        pytest.param({}, {NAME: "Đinh Thị Thu Anh", BIRTH: None}, id="no birth"),
        pytest.param({BIRTH: None}, {NAME: "Đinh Thị Thu Anh"}, id="no birth known"),
        pytest.param({}, {NAME: "Đinh Thị Thu Anh", "Xã": "Tả Củ Tỷ"}, id="another commune"),
        pytest.param({}, {NAME: "Đinh Thị Thu Anh", SEX: "Nữ"}, id="another sex"),
        pytest.param(
            {BIRTH: "1979"}, {NAME: "Đinh Thị Thu Anh", BIRTH: "1979", GROUP: "Kinh"}, id="year, another group"
        ),
        pytest.param({BIRTH: "1979"}, {NAME: "Đình Thụ Ánh", BIRTH: "1980"}, id="another year"),
        pytest.param({BIRTH: "1979"}, {NAME: "Minh Thu Anh", BIRTH: "1979"}, id="year, another family"),
        pytest.param(
            {NUMBER: "063111222"}, {NAME: "Đinh Thị Thu Anh", NUMBER: "063111223"}, id="two numbers of one kind"
        ),
    ],
)
def test_a_near_name_with_anything_else_different_is_somebody_else(held, stated):
    bring({NAME: "Đinh Thu Anh"} | held)
    assert bring({NAME: "Đinh Thu Anh"} | stated)["created"] == 1


def test_who_stands_in_the_file_beside_the_near_name_is_no_question():
    bring({NAME: "Đinh Thị Thu Anh"})
    result = bring({NAME: "Đinh Thị Thu Anh"}, {NAME: "Đinh Thu Anh"})
    assert (result["unchanged"], result["created"], result["review"]) == (1, 1, 0)


def test_rows_of_one_file_with_nearly_one_name_are_different_people():
    people = ({NAME: "Đinh Thu Anh"}, {NAME: "Đinh Thị Thu Anh"})
    assert outcome(bring(*people)) == ("created",)
    assert outcome(bring(*people)) == ("unchanged",)


def test_a_near_name_in_an_earlier_roster_is_a_question_as_well():
    bring({NAME: "Đinh Thị Thu Anh"})
    assert outcome(bring({NAME: "Đinh Thu Anh"}, title="Tính đến 31/12/2013")) == ("review", "resembles")


# Whatever is known and stated


def known_people(people: list[dict[str, Any]]) -> Registry:
    registry = Registry(Stored(DAY))
    for key, person in enumerate(people, start=1):
        name = person["name"]
        one = Known(
            key, name, fold(name), sort_key(name), person["sex"], person["birth"], person["group"], person["unit"],
            [person["number"]] if person["number"] else [],
        )  # fmt: skip
        registry.people[key] = one
        registry.by_name[one.folded_name].append(key)
        for number in one.numbers:
            registry.by_number[number].add(key)
    return registry


def stated_rows(people: list[dict[str, Any]], codes: dict[int, str]) -> list[Statement]:
    rows = []
    for number, one in enumerate(people):
        row = Statement("Sheet1", number, one["name"], fold(one["name"]), one["birth"], one["sex"], one["number"])
        row.ethnic_group, row.unit, row.positions = codes.get(one["group"], ""), one["unit"], ["CT_UBND"]
        rows.append(row)
    return rows


births = st.none() | st.sampled_from(
    [PartialDate(date(1979, 8, 5)), PartialDate(date(1979, 1, 1), Precision.YEAR), PartialDate(date(1980, 2, 1))]
)
person = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["Giàng A Sử", "Giàng Sử", "Giàng A Sự", "Vàng Thị Mỷ", "Vàng Thị Mỉ", "Lù Seo Pao"]),
        "birth": births,
        "sex": st.sampled_from(["", "M", "F"]),
        "group": st.sampled_from([None, 1, 2]),
        "unit": st.sampled_from([10, 11]),
        "number": st.sampled_from(["", "", "063111221", "063111222", "010079000001"]),
    }
)
FEW = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def dictionaries(django_db_setup, django_db_blocker) -> Dictionaries:
    with django_db_blocker.unblock():
        return Dictionaries.load()


def outcomes(held: list[dict[str, Any]], stated: list[Statement], dictionaries: Dictionaries) -> dict[int, Any]:
    """Row → the person matched, or why not."""
    matcher = Matcher(known_people(held), DAY, dictionaries)
    return {
        match.stated.row: (match.key, match.is_review, {issue.code for issue in match.stated.findings})
        for match in matcher.match(stated, {})
    }


def told_apart(people: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of which none equals another and no two bear one number: of such the first one in the file counts."""
    seen: set[Any] = set()
    kept = []
    for one in people:
        marks = {(fold(one["name"]), str(one["birth"]), one["sex"], one["group"], one["unit"]), one["number"]} - {""}
        if not seen & marks:
            seen |= marks
            kept.append(one)
    return kept


@FEW
@given(st.lists(person, max_size=5), st.lists(person, max_size=5), st.permutations(range(5)))
def test_whom_rows_speak_of_does_not_depend_on_their_order(dictionaries, held, stated, order):
    held, stated = told_apart(held), told_apart(stated)
    codes = {group.pk: code for code, group in dictionaries.ethnic_groups.items()}
    in_order = outcomes(held, stated_rows(stated, codes), dictionaries)
    rows = stated_rows(stated, codes)
    shuffled = [rows[place] for place in order if place < len(rows)]
    assert outcomes(held, shuffled, dictionaries) == in_order


@FEW
@given(st.lists(person, max_size=5), st.lists(person, max_size=5))
def test_nobody_is_matched_whose_name_birth_or_sex_the_row_contradicts(dictionaries, held, stated):
    held = told_apart(held)
    codes = {group.pk: code for code, group in dictionaries.ethnic_groups.items()}
    matcher = Matcher(registry := known_people(held), DAY, dictionaries)
    for match in matcher.match(stated_rows(stated, codes), {}):
        if match.key is not None:
            assert registry.people[match.key].contradictions(match.stated) == []


@FEW
@given(st.lists(person, min_size=1, max_size=5), st.data())
def test_leaving_facts_out_of_a_file_never_makes_a_known_person_somebody_new(dictionaries, held, data):
    held = told_apart(held)
    codes = {group.pk: code for code, group in dictionaries.ethnic_groups.items()}
    nothing = {"sex": "", "group": None, "birth": None, "number": ""}
    left_out = data.draw(st.sets(st.sampled_from(sorted(nothing))))
    stated = [one | {name: nothing[name] for name in left_out} for one in held]
    for key, is_review, codes_found in outcomes(held, stated_rows(stated, codes), dictionaries).values():
        assert key is not None or is_review, codes_found
